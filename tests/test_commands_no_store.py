"""Commands that only read, where there is no store: they say so in plain words and make nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from costlib.commands import app
from costlib.errors import EmptyStore
from costlib.workspace import Workspace
from tests.builders import focus_row, load_into, write_csv

READING = (
    "status",
    "query",
    "query --by x_Team --json",
    "statement --team Search --month 2026-09",
    "export one-pager --out OUT/page.pdf",
    "export chart spend --out OUT/chart.csv",
    "focus export --out OUT/bills.csv",
    "plan show",
    "plan show fraud --json",
    "plan export fraud",
    "plan simulate --plan fraud",
    "plan optimise --plan fraud",
    "rules show",
    "budget list",
    "metrics show",
    "runs show",
    "runs write-back mlflow:http://localhost:9",
    "schedule add deck",
    "schedule list",
    "schedule run",
    "schedule remove 1",
)


def refusal(where: Path, command: str) -> str:
    """What the command says where the store is ``where``."""
    words = [word.replace("OUT", str(where.parent)) for word in command.split()]
    error = CliRunner().invoke(app, ["--store", str(where), *words]).exception
    assert isinstance(error, EmptyStore), (command, error)
    return str(error)


@pytest.mark.parametrize("command", READING)
def test_a_mistyped_store_is_named_and_not_made(command: str, tmp_path: Path) -> None:
    said = refusal(tmp_path / "stroe", command)
    assert said.startswith(f"There is no store at {tmp_path / 'stroe'}. Expected: ")
    assert "--store" in said and "costlib load" in said
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("command", ["plan show", "query", "schedule list"])
def test_a_folder_of_something_else_is_no_store(command: str, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    assert refusal(tmp_path, command).startswith(f"There is no store at {tmp_path}")
    assert [one.name for one in tmp_path.iterdir()] == ["notes.txt"]


def test_the_rules_that_come_with_it_are_shown_without_a_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GLIDEPATH_STORE", str(tmp_path / "none"))
    assert CliRunner().invoke(app, ["rules", "show"]).exit_code == 0
    assert list(tmp_path.iterdir()) == []


def test_plans_kept_elsewhere_need_no_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GLIDEPATH_STATE", f"sqlite:///{tmp_path / 'plans.db'}")
    assert CliRunner().invoke(app, ["--store", str(tmp_path / "none"), "plan", "show"]).exit_code == 0
    assert not (tmp_path / "none").exists()


def test_anything_loaded_makes_a_store(tmp_path: Path) -> None:
    """Bills, metrics, a plan or rules alone: whatever Glidepath wrote first is found again."""
    bill = write_csv(tmp_path / "bill.csv", [focus_row()])
    load_into(tmp_path / "bills", bill)
    Workspace(tmp_path / "ruled").save_rules("version: 1\nrules: []\n")
    Workspace(tmp_path / "planned").state()
    counts = tmp_path / "counts.csv"
    counts.write_text("day,metric,value\n2026-09-01,requests,5\n")
    assert (
        CliRunner().invoke(app, ["--store", str(tmp_path / "counted"), "metrics", "load", str(counts)]).exit_code == 0
    )
    for name in ("bills", "ruled", "planned", "counted"):
        assert Workspace(tmp_path / name).existing().store.root == tmp_path / name
