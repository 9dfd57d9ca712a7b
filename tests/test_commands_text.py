"""What a command shows is what the bill and the rule file say: brackets and colons are text, in tables and messages."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from costlib.commands import app
from costlib.commands.options import Format
from costlib.commands.output import print_json, print_rows, progress, say
from costlib.workspace import Workspace
from tests.builders import focus_row, load_into, write_csv

#: Names as accounts, tags and rules have them; to a terminal library some are styles, some an error, some pictures.
NAMES = ["[prod] search", "a [/b] c", "[bold]x[/bold]", "img:100:v2", "[link=x]y", "[[a]]", "tilde\\[x]", "検索 [α]"]


def run(*arguments: object) -> str:
    found = CliRunner().invoke(app, [str(argument) for argument in arguments], env={"COLUMNS": "200"})
    if found.exception is not None:
        raise found.exception
    return found.stdout


class TestTables:
    @pytest.mark.parametrize("name", NAMES)
    def test_a_name_is_shown_letter_by_letter(self, name: str, capsys: pytest.CaptureFixture[str]) -> None:
        print_rows([f"head {name}", "Cost"], [{f"head {name}": name, "Cost": None}], Format.TABLE)
        shown = capsys.readouterr().out
        assert f"head {name}" in shown and shown.count(name) == 2 and "unknown" in shown

    @settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(name=st.text(st.sampled_from("ab[]/:=\\#@ "), min_size=1, max_size=20))
    def test_no_letter_is_lost(self, name: str, capsys: pytest.CaptureFixture[str]) -> None:
        print_rows(["Team"], [{"Team": f"<{name}>"}], Format.TABLE)
        assert f"<{name}>" in capsys.readouterr().out

    @pytest.mark.parametrize("name", [*NAMES, 'with "quotes"', "comma, and\nline"])
    def test_csv_reads_back_with_nothing_for_unknown(self, name: str, capsys: pytest.CaptureFixture[str]) -> None:
        print_rows(["Team", "Cost"], [{"Team": name, "Cost": None}], Format.CSV)
        assert list(csv.DictReader(io.StringIO(capsys.readouterr().out, newline=""))) == [{"Team": name, "Cost": ""}]

    def test_headings_are_words_and_columns_of_the_specification_stay(self, capsys: pytest.CaptureFixture[str]) -> None:
        row = {"x_Team": None, "RegionId": None, "EffectiveCost": None, "first_day": "2026-09-01"}
        print_rows(list(row), [row], Format.TABLE)
        words = [[one.strip() for one in re.split("[┃│]", line)[1:-1]] for line in capsys.readouterr().out.splitlines()]
        assert ["x_Team", "RegionId", "EffectiveCost", "First day"] in words
        assert ["No team", "Not given", "unknown", "2026-09-01"] in words

    def test_without_rows_the_header_is_left(self, capsys: pytest.CaptureFixture[str]) -> None:
        print_rows(["Team", "Cost"], [], Format.CSV)
        assert capsys.readouterr().out.splitlines() == ["Team,Cost"]


class TestMessages:
    @pytest.mark.parametrize("name", NAMES)
    def test_messages_and_steps_keep_every_letter(self, name: str, capsys: pytest.CaptureFixture[str]) -> None:
        say(f"{name} is read")
        with progress("Reading") as tell:
            tell(f"step {name}")
        shown = capsys.readouterr()
        assert shown.out == "" and f"{name} is read" in shown.err and f"step {name}" in shown.err

    def test_a_message_that_a_program_reads_is_one_line(self, capsys: pytest.CaptureFixture[str]) -> None:
        long = "a sentence of many words " * 20
        say(long)
        assert capsys.readouterr().err == f"{long}\n"

    def test_a_document_is_one_document_in_any_script(self, capsys: pytest.CaptureFixture[str]) -> None:
        print_json({"team": "חיפוש [x]", "cost": None})
        shown = capsys.readouterr().out
        assert json.loads(shown) == {"team": "חיפוש [x]", "cost": None} and "חיפוש" in shown


class TestCommands:
    @pytest.fixture
    def store(self, tmp_path: Path) -> Path:
        """Two teams whose names begin alike but for what stands in brackets."""
        teams = ["[prod] search", "[dev] search"]
        rows = [focus_row(Tags=json.dumps({"team": team}), BilledCost="2", EffectiveCost="2") for team in teams]
        load_into(tmp_path / "store", write_csv(tmp_path / "bill.csv", rows))
        return tmp_path / "store"

    def test_teams_are_told_apart_by_what_is_in_brackets(self, store: Path) -> None:
        shown = run("query", "--by", "x_Team", "--store", store)
        assert "[prod] search" in shown and "[dev] search" in shown

    def test_a_statement_is_of_the_team_that_was_asked_for(self, store: Path) -> None:
        shown = run("statement", "--team", "[dev] search", "--month", "2026-09", "--store", store)
        assert "[dev] search, Sep 2026" in " ".join(shown.split())

    def test_rules_keep_their_names(self, store: Path) -> None:
        rules = 'version: 1\nrules:\n  - {name: "team [/tag]", set: {x_Team: {tag: [team]}}}\n'
        Workspace(store).save_rules(rules)
        assert "team [/tag]" in run("rules", "show", "--store", store)
