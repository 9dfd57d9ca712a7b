"""Which place is read by what, and addresses that are none."""

from __future__ import annotations

from pathlib import Path

import pytest

from costlib.errors import InputError
from costlib.runs.http import server
from costlib.runs.places import READERS, fetch

DOCUMENTATION = Path(__file__).parents[2] / "docs" / "runs.md"


@pytest.mark.parametrize("where", ["runs.csv", "folder/mlflow.csv", "/data/wandb/runs.parquet"])
def test_anything_else_is_a_file(where: str) -> None:
    assert fetch(where) is None


@pytest.mark.parametrize(
    ("where", "url"),
    [
        ("mlflow:https://ml.example:443/", "https://ml.example:443"),
        ("mlflow:http:/localhost:5000", "http://localhost:5000"),
        ("mlflow:http://ml.example/behind/a/proxy/", "http://ml.example/behind/a/proxy"),
    ],
)
def test_addresses(where: str, url: str) -> None:
    assert server(where, "mlflow:") == url


@pytest.mark.parametrize(
    "where", ["mlflow:", "mlflow:ftp://x", "mlflow:http://", "kubeflow:", "kubeflow:host:8888", "wandb:http://"]
)
def test_an_address_that_is_none(where: str) -> None:
    with pytest.raises(InputError, match="is no address"):
        fetch(where)


@pytest.mark.parametrize("prefix", sorted(READERS))
def test_every_place_is_documented(prefix: str) -> None:
    assert f"runs load {prefix}" in DOCUMENTATION.read_text(encoding="utf-8")
