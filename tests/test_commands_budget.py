"""The commands budget import and budget list as a person types them."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from costlib.commands import app
from costlib.errors import InputError
from costlib.state.budgets import budgets
from costlib.workspace import Workspace
from tests.pages.stores import daily, team, write_focus

RUN = CliRunner()
CSV = "team,month,amount,currency\nFraud,2026-01,120000.50,USD\n,2026-01,10,USD\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A budget of two lines."""
    path = tmp_path / "budget.csv"
    path.write_text(CSV, encoding="utf-8")
    return path


def test_import_locks_every_line(file: Path, tmp_path: Path) -> None:
    store = tmp_path / "store"
    done = RUN.invoke(app, ["--store", str(store), "budget", "import", str(file), "--name", "FY26", "--json"])
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout) == {
        "budget": "FY26",
        "scope": "AI spend",
        "lines": 2,
        "total": "120010.5",
        "currency": "USD",
        "teams_without_bills": None,
    }
    (held,) = budgets(Workspace(store).state())
    assert (held.scope, len(held.budget.lines)) == ("AI spend", 2)


def test_of_all_spend(file: Path, tmp_path: Path) -> None:
    command = ["budget", "import", str(file), "--name", "FY26", "--scope", "all", "--store", str(tmp_path / "store")]
    done = RUN.invoke(app, command)
    assert "FY26 locked: 2 lines, $120,010.50 of All spend" in done.output


def test_teams_that_no_bill_has_are_named_and_the_budget_is_locked(tmp_path: Path) -> None:
    """A misspelt team would be a budget that nobody spends, beside a team without one."""
    store, file = tmp_path / "store", tmp_path / "budget.csv"
    rows = daily(date(2026, 1, 1), 31, "3", Tags=team("Fraud"))
    Workspace(store).load([write_focus(tmp_path / "bill.csv", rows)])
    file.write_text(CSV + "Fruad,2026-01,5,USD\nFruad,2026-02,5,USD\nSaerch,2026-01,5,USD\n", encoding="utf-8")
    command = ["--store", str(store), "budget", "import", str(file), "--name"]
    said = " ".join(RUN.invoke(app, [*command, "FY26"]).output.split())
    assert said.endswith(
        "FY26 locked: 5 lines, $120,025.50 of AI spend No bill has 2 teams of it: Fruad and Saerch. If a name is "
        "misspelt, withdraw this version on the Budgets page and import it again."
    )
    answer = json.loads(RUN.invoke(app, [*command, "FY26b", "--json"]).stdout)
    assert answer["teams_without_bills"] == ["Fruad", "Saerch"]
    file.write_text(CSV, encoding="utf-8")
    assert "No bill" not in RUN.invoke(app, [*command, "FY26c"]).output


def test_bills_that_cannot_be_read_are_no_reason_to_refuse_a_budget(file: Path, tmp_path: Path) -> None:
    store = tmp_path / "store"
    Workspace(store).load([write_focus(tmp_path / "bill.csv", daily(date(2026, 1, 1), 31, "3"))])
    (store / "manifest.json").write_text("{", encoding="utf-8")
    done = RUN.invoke(app, ["--store", str(store), "budget", "import", str(file), "--name", "FY26", "--json"])
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["teams_without_bills"] is None
    assert len(budgets(Workspace(store).state())) == 1


def test_a_line_that_cannot_be_used_changes_nothing(file: Path, tmp_path: Path) -> None:
    file.write_text(CSV + "Search,2026-01,many,USD\n", encoding="utf-8")
    done = RUN.invoke(app, ["budget", "import", str(file), "--name", "FY26", "--store", str(tmp_path / "store")])
    assert isinstance(done.exception, InputError) and "line 4: the amount is many" in str(done.exception)
    assert budgets(Workspace(tmp_path / "store").state()) == []


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    done = RUN.invoke(app, ["budget", "import", str(tmp_path / "no.csv"), "--name", "x", "--store", str(tmp_path)])
    assert isinstance(done.exception, InputError) and "no.csv cannot be read" in str(done.exception)


def test_list(file: Path, tmp_path: Path) -> None:
    store = ["--store", str(tmp_path / "store")]
    RUN.invoke(app, ["budget", "import", str(file), "--name", "FY26", *store])
    (row,) = json.loads(RUN.invoke(app, ["budget", "list", "--json", *store]).stdout)["budgets"]
    assert (row["budget"], row["total"], row["currency"], row["by"]) == ("FY26", "120010.5", "USD", "the command line")
    assert "FY26" in RUN.invoke(app, ["budget", "list", *store]).stdout


def test_a_file_that_is_no_budget_is_named_and_makes_no_store(tmp_path: Path) -> None:
    (tmp_path / "long.csv").write_text("unique_id,ds,y\na,2026-01-01,5\n")
    asked = ["budget", "import", str(tmp_path / "long.csv"), "--name", "FY26", "--store", str(tmp_path / "store")]
    said = str(RUN.invoke(app, asked).exception)
    assert said.startswith(
        f"{tmp_path / 'long.csv'}: The budget has no column team, month, amount, currency. Expected: "
    )
    assert not (tmp_path / "store").exists()
