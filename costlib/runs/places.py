"""Where runs come from: the trackers and clouds that a place may name, each with what reads it.

A place is ``kind:address``; anything else is a file. A source is named by its address unless somebody names it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from costlib.runs import kubeflow, labels, mlflow, sagemaker, wandb
from costlib.runs.http import server
from costlib.runs.model import Run
from costlib.sources.web_address import refuse_unknown


@dataclass(frozen=True)
class Fetched:
    """The runs of a place, and what their source is called."""

    source: str
    runs: list[Run]


def _mlflow(where: str, quality_metric: str | None) -> Fetched:
    url = server(where, mlflow.PREFIX)
    return Fetched(url, mlflow.fetch_runs(url, quality_metric))


def _kubeflow(where: str, quality_metric: str | None) -> Fetched:
    url = server(where, kubeflow.PREFIX)
    return Fetched(url, kubeflow.fetch_runs(url, quality_metric))


def _sagemaker(where: str, quality_metric: str | None) -> Fetched:
    runs = sagemaker.fetch_runs(sagemaker.address(where), quality_metric)
    return Fetched(sagemaker.source(runs), runs)


def _wandb(where: str, quality_metric: str | None) -> Fetched:
    folder = wandb.folder_of(where)
    if folder is None:
        return Fetched(*wandb.project_runs(where, quality_metric))
    return Fetched(f"{wandb.PREFIX}{folder.resolve()}", wandb.offline_runs(folder, quality_metric))


#: What reads a place, by what it begins with.
READERS: Final[Mapping[str, Callable[[str, str | None], Fetched]]] = {
    mlflow.PREFIX: _mlflow,
    kubeflow.PREFIX: _kubeflow,
    sagemaker.PREFIX: _sagemaker,
    wandb.PREFIX: _wandb,
}


def fetch(where: str, quality_metric: str | None = None) -> Fetched | None:
    """The runs of the place; None where it is a file.

    ``quality_metric`` is the metric that says how good a model is, where a run does not name its own. Raises
    ``InputError`` and its kin with what the place answered.
    """
    read = next((reader for prefix, reader in READERS.items() if where.startswith(prefix)), None)
    if read is None:
        refuse_unknown(where, [*READERS, labels.PREFIX])
        return None
    return read(where, quality_metric)
