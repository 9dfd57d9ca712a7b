"""Commands on runs: load a file or a tracker, show what they cost, write it back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from costlib import money
from costlib.commands.options import (
    CurrencyOption,
    Format,
    FormatOption,
    JsonOption,
    StoreOption,
    asked_form,
    existing,
    named,
    workspace,
)
from costlib.commands.output import print_json, print_rows, progress, say
from costlib.commands.places import ordinary
from costlib.errors import InputError
from costlib.focus import CURRENCY
from costlib.runs import mlflow
from costlib.runs.bill import billed_days
from costlib.runs.book import all_runs, keep_runs, load_runs
from costlib.runs.costs import Group, RunCost, grouped, run_costs
from costlib.runs.http import server
from costlib.runs.labels import PREFIX, label_of, label_runs
from costlib.runs.model import Run
from costlib.runs.places import Fetched, fetch
from costlib.runs.prices import read_prices
from costlib.runs.write_back import Entry, What, entries, metric, write
from costlib.store.question import Filter

runs = typer.Typer(no_args_is_help=True, help="Training and other runs: what each cost and how good it was.")

_HEADER = ("name", "runs", "cost", "failed", "failed_cost", "cancelled", "cancelled_cost", "unknown_cost")
_PLANNED = ("run", "cost", "basis", "cost_there_now")


class By(StrEnum):
    """What runs are summed by."""

    EXPERIMENT = "experiment"
    MODEL = "model"
    PIPELINE = "pipeline"
    STAGE = "stage"
    OWNER = "owner"


_GROUPED: dict[By, Callable[[Run], str | None]] = {
    By.EXPERIMENT: lambda run: run.experiment,
    By.MODEL: lambda run: run.model,
    By.PIPELINE: lambda run: run.pipeline,
    By.STAGE: lambda run: run.stage,
    By.OWNER: lambda run: run.owner,
}
#: What became of runs, as the command says it.
_TOLD = {
    What.WRITE: "Written",
    What.SAME: "Have this cost already",
    What.UNKNOWN: "Not written, of unknown cost",
    What.RUNNING: "Not written, still running",
    What.NOT_LOADED: "Not written, not loaded here",
}


@runs.command()
def load(
    context: typer.Context,
    where: Annotated[
        str,
        typer.Argument(
            help="A CSV or Parquet file, mlflow:URL, wandb:, kubeflow:URL, sagemaker:, or bill: (see docs/runs.md).",
            parser=named,
        ),
    ],
    source: Annotated[
        str | None, typer.Option(parser=named, help="Name of the source.", show_default="the file's or the host's")
    ] = None,
    quality_metric: Annotated[
        str | None,
        typer.Option(parser=named, help="Metric that says how good a model is, where a run does not name its own."),
    ] = None,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Load runs, all or none, in place of those of the same source in the months in which they started."""
    space = workspace(context, store)
    root, label = space.store.root, label_of(where)
    with progress("Reading the runs") as tell:
        if label is None:
            found = fetch(where, quality_metric)
        else:
            found = Fetched(f"{PREFIX}{label}", label_runs(space.snapshot().reader, label))
            if not found.runs:
                raise InputError(
                    f"No line item of the bills carries the tag {label}",
                    expected=f"{PREFIX}KEY, the tag that jobs carry",
                    fix="Name another tag, or load the bills that carry it first; nothing was changed.",
                )
        if found is None:
            done = load_runs(root, ordinary(Path(where)), source, tell)
        else:
            done = keep_runs(root, source or found.source, found.runs, tell)
    if as_json:
        print_json(
            {"source": done.source, "runs": done.rows, "months": list(done.months), "changed": list(done.changed)}
        )
    else:
        months = money.counted(len(done.months), "month")
        say(f"{money.counted(done.rows, 'run')} of {done.source} in {months}, {len(done.changed)} new or changed")


@runs.command()
def write_back(
    context: typer.Context,
    where: Annotated[str, typer.Argument(help="mlflow:http://host:port, which holds the runs.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would be written; write nothing.")] = False,
    currency: CurrencyOption = None,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write what runs cost to the MLflow server that holds them, as a metric; a cost that is there already stays."""
    url = server(where, mlflow.PREFIX)
    reader = existing(context, store).snapshot().reader
    window = reader.window()
    if window is None:
        raise InputError("No bill is loaded", expected="a bill that costs can be read from", fix="Load one first.")
    with progress("Reading the runs of the server"):
        asked = mlflow.service()
        code, costs = _costs(context, store, currency)
        planned = entries(asked, url, costs, code)
        written = 0 if dry_run else write(asked, url, planned, code, window.last, datetime.now(UTC))
    if as_json:
        print_json({"metric": metric(code), "written": written, "runs": [_document(one) for one in planned]})
        return
    if dry_run:
        print_rows(_PLANNED, [_planned(one) for one in planned if one.what is What.WRITE], Format.TABLE)
    for what, count in Counter(one.what for one in planned).items():
        say(f"{'Would be written' if dry_run and what is What.WRITE else _TOLD[what]}: {count:,}")


@runs.command()
def show(
    context: typer.Context,
    by: Annotated[By, typer.Option(help="What runs are summed by.")] = By.EXPERIMENT,
    currency: CurrencyOption = None,
    form: FormatOption = None,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """What runs cost: from the bill where it names their machine or job, else from list prices."""
    answer_form = asked_form(form, as_json)
    code, costs = _costs(context, store, currency)
    rows = [
        dict(
            zip(
                _HEADER,
                (
                    one.name,
                    one.runs,
                    _amount(one, one.cost),
                    one.failed,
                    _amount(one, one.failed_cost),
                    one.cancelled,
                    _amount(one, one.cancelled_cost),
                    one.unknown,
                ),
                strict=True,
            )
        )
        for one in grouped(costs, _GROUPED[by])
    ]
    if answer_form is Format.JSON:
        print_json({"currency": code, "by": by, "rows": rows})
    else:
        print_rows(_HEADER, rows, answer_form)


def _costs(context: typer.Context, store: Path | None, currency: str | None) -> tuple[str, list[RunCost]]:
    """The currency, and what every run cost in it."""
    space = existing(context, store)
    found, reader = all_runs(space.store.root), space.snapshot().reader
    code = reader.currency(currency)
    billed = billed_days(reader, found, (Filter(CURRENCY, (code,)),))
    return code, run_costs(found, billed, read_prices(), code)[0]


def _amount(one: Group, amount: Decimal) -> str | None:
    """A sum over runs; unknown where no run's cost is known."""
    return None if one.unknown == one.runs else money.exact(money.cents(amount))


def _planned(one: Entry) -> dict[str, str | None]:
    cost = None if one.cost is None else money.exact(money.cents(one.cost))
    return dict(
        zip(_PLANNED, (one.run_id, cost, one.basis, "none" if one.before is None else str(one.before)), strict=True)
    )


def _document(one: Entry) -> dict[str, str | float | None]:
    cost = None if one.cost is None else money.exact(one.cost)
    return {"run_id": one.run_id, "what": one.what, "cost": cost, "basis": one.basis, "before": one.before}
