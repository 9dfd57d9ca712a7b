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
    "where",
    [
        *("mlflow:", "mlflow:ftp://x", "mlflow:http://", "kubeflow:", "kubeflow:host:8888", "wandb:http://"),
        *("mlflow:http://host:port", "mlflow:http://host:99999", "mlflow:http://[::1", "mlflow:http://:5000"),
    ],
)
def test_an_address_that_is_none(where: str) -> None:
    with pytest.raises(InputError, match="is no address"):
        fetch(where)


@pytest.mark.parametrize(
    ("where", "says"),
    [
        ("foo://x", "foo://x is no place that is known"),
        ("mlfow:http://host", "Write mlflow:."),
        ("http://ml.example:5000", "mlflow:, kubeflow:, sagemaker:, wandb:, bill: or a path"),
    ],
)
def test_a_place_of_no_known_kind_is_told_as_it_was_typed(where: str, says: str) -> None:
    with pytest.raises(InputError) as refused:
        fetch(where)
    assert says in str(refused.value)


def test_a_file_may_be_called_as_an_address_begins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("foo:runs.csv").touch()
    assert fetch("foo:runs.csv") is None


def test_a_login_in_an_address_is_refused_and_not_shown() -> None:
    with pytest.raises(InputError, match="holds a login") as refused:
        server("mlflow:https://ann:secret@ml.example/x", "mlflow:")
    assert "mlflow:https://ml.example." in str(refused.value) and "secret" not in str(refused.value)


@pytest.mark.parametrize("prefix", sorted(READERS))
def test_every_place_is_documented(prefix: str) -> None:
    assert f"runs load {prefix}" in DOCUMENTATION.read_text(encoding="utf-8")
