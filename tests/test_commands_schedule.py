"""The commands of the schedule as a person, or cron, types them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from costlib.commands import app
from costlib.errors import InputError
from tests.small_company import company

RUN = CliRunner()


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return company(tmp_path).store.root


def run(store: Path, *arguments: str) -> Result:
    return RUN.invoke(app, ["--store", str(store), "schedule", *arguments])


def listed(store: Path) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = json.loads(run(store, "list", "--json").stdout)["scheduled"]
    return rows


def test_add_list_run_remove(store: Path) -> None:
    done = run(store, "add", "statement", "--team", "Web", "--as", "pdf", "--as", "pptx", "--monthly")
    assert done.exit_code == 0 and "made once a month is closed" in done.output
    (entry,) = listed(store)
    assert (entry["document"], entry["files"], entry["last_files"]) == ("statement, Web, a4", ["pdf", "pptx"], None)
    made = json.loads(run(store, "run", "--json").stdout)["scheduled"]
    assert made == [
        {
            "name": "statement, Web, a4",
            "files": ["web-statement-2026-05-10.pdf", "web-statement-2026-05-10.pptx"],
            "problem": "",
        }
    ]
    assert (store / "documents" / "web-statement-2026-05-10.pdf").read_bytes()[:4] == b"%PDF"
    assert "nothing new" in run(store, "run").output
    assert "made no more" in run(store, "remove", "1").output
    assert listed(store) == []
    assert (store / "documents" / "web-statement-2026-05-10.pdf").exists()


def test_another_folder(store: Path, tmp_path: Path) -> None:
    run(store, "add", "one-pager", "--story", "ads", "--paper", "letter")
    assert run(store, "run", "--out", str(tmp_path / "out")).exit_code == 0
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["ads-one-pager-2026-05-10.pdf"]


def test_cron_is_told_of_what_cannot_be_made(store: Path) -> None:
    run(store, "add", "one-pager", "--story", "ads")
    assert RUN.invoke(app, ["--store", str(store), "plan", "show", "ads"]).exit_code == 0
    run(store, "add", "statement", "--team", "Web")
    from costlib.workspace import Workspace

    state = Workspace(store).state()
    plan = next(record for record in state.all("plan") if record.key == "ads")
    state.remove("plan", "ads", who="tests", expected=plan.version)
    done = run(store, "run")
    assert done.exit_code == 1
    assert "one-pager, ads, a4: " in done.output and "web-statement-2026-05-10.pdf" in done.output


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (("add", "poem"), "There is no document 'poem'"),
        (("add", "statement"), "for one team"),
        (("add", "one-pager", "--story", "ads", "--as", "docx"), "cannot be written as .docx"),
        (("remove", "1"), "There is no entry 1"),
    ],
)
def test_what_cannot_be_done_is_refused_and_changes_nothing(
    store: Path, arguments: tuple[str, ...], problem: str
) -> None:
    done = run(store, *arguments)
    assert isinstance(done.exception, InputError) and problem in str(done.exception)
    assert listed(store) == []


def test_what_was_never_made_is_not_unknown(store: Path) -> None:
    run(store, "add", "one-pager", "--story", "ads")
    shown = run(store, "list").stdout
    assert shown.count("not made yet") == 2 and "unknown" not in shown
    (entry,) = listed(store)
    assert entry == {
        "number": 1,
        "document": "one-pager, ads, a4",
        "files": ["pdf"],
        "every": "change",
        "last_data_date": None,
        "last_files": None,
    }
    run(store, "run")
    (entry,) = listed(store)
    assert entry["last_data_date"] == "2026-05-10" and entry["last_files"] == ["ads-one-pager-2026-05-10.pdf"]
    assert "not made yet" not in run(store, "list").stdout


def test_a_kind_of_file_that_is_named_twice_is_made_once(store: Path) -> None:
    run(store, "add", "one-pager", "--story", "ads", "--as", "pptx", "--as", "pdf", "--as", "pptx")
    assert [entry["files"] for entry in listed(store)] == [["pptx", "pdf"]]
