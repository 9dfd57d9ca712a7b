"""The rules commands: what they print, what they refuse, and what they leave as it was."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from costlib.commands import app
from costlib.errors import RuleError
from costlib.workspace import Workspace
from tests.builders import focus_row, write, write_csv

GOOD = "version: 1\nrules:\n  - {name: servers, when: {ServiceName: Servers}, set: {x_Team: Platform}}\n"
BAD = "version: 1\nrules:\n  - {name: servers, when: {Colour: red}, set: {x_Team: Platform}}\n"


@pytest.fixture
def space(tmp_path):
    space = Workspace(tmp_path / "store")
    write(tmp_path / "store" / "rules.yaml", "version: 1\nrules: []\n")
    space.load([write_csv(tmp_path / "bill.csv", [focus_row()])])
    return space


def run(space, *arguments):
    return CliRunner().invoke(app, ["--store", str(space.store.root), "rules", *map(str, arguments)])


class TestShow:
    def test_the_rules_in_force(self, space):
        assert json.loads(run(space, "show", "--json").stdout)["rules"] == []
        assert run(space, "show").exit_code == 0


class TestCheck:
    def test_a_sound_file(self, space, tmp_path):
        done = run(space, "check", write(tmp_path / "new.yaml", GOOD), "--json")
        assert (done.exit_code, json.loads(done.stdout)["rules"]) == (0, 1)

    def test_a_mistake_is_named(self, space, tmp_path):
        done = run(space, "check", write(tmp_path / "new.yaml", BAD))
        assert isinstance(done.exception, RuleError)
        assert "there is no Colour" in str(done.exception)


class TestPreview:
    def test_as_a_document(self, space, tmp_path):
        before = space.store.current()
        document = json.loads(run(space, "preview", write(tmp_path / "new.yaml", GOOD), "--json").stdout)
        assert document["moves"] == [
            {"from": None, "to": "Platform", "currency": "USD", "amount": "1.25", "line_items": 1}
        ]
        assert document["hits"][0]["name"] == "servers"
        assert document["never_decide"] == []
        assert space.store.current() == before

    def test_to_read(self, space, tmp_path):
        done = run(space, "preview", write(tmp_path / "new.yaml", GOOD))
        assert done.exit_code == 0
        assert "Platform" in done.stdout
        assert "$1.25" in done.stdout

    def test_a_value_that_was_not_there_before_is_not_called_unknown(self, space, tmp_path):
        """The team Platform is new: nothing before, 1.25 after."""
        shown = run(space, "preview", write(tmp_path / "new.yaml", GOOD)).stdout
        (row,) = [line for line in shown.splitlines() if "Platform" in line and "Team" in line]
        assert [cell.strip() for cell in row.strip("│").split("│")][1:] == ["Platform", "$0.00", "$1.25", "+$1.25"]


class TestApply:
    def test_publishes_and_keeps_the_file(self, space, tmp_path):
        before = space.store.current()
        assert run(space, "apply", write(tmp_path / "new.yaml", GOOD)).exit_code == 0
        assert space.store.current().sequence == before.sequence + 1
        assert space.store.current().rules == space.rules().digest
        assert (space.store.root / "rules.yaml").read_text() == GOOD

    def test_a_refused_file_changes_nothing(self, space, tmp_path):
        before = space.store.current()
        done = run(space, "apply", write(tmp_path / "new.yaml", BAD))
        assert isinstance(done.exception, RuleError)
        assert space.store.current() == before
        assert (space.store.root / "rules.yaml").read_text() == "version: 1\nrules: []\n"

    def test_before_anything_is_loaded(self, tmp_path):
        space = Workspace(tmp_path / "empty")
        assert run(space, "apply", write(tmp_path / "new.yaml", GOOD)).exit_code == 0
        assert [rule.name for rule in space.rules().rules] == ["servers"]

    def test_a_file_that_is_not_there(self, space, tmp_path):
        assert "cannot be read" in str(run(space, "apply", tmp_path / "none.yaml").exception)
