"""What a script hands to options by mistake: nothing where a name should be, two forms at once, a pipe for a file."""

from __future__ import annotations

import inspect
import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated, Any, get_args, get_origin, get_type_hints

import pytest
import typer
from typer.testing import CliRunner

from costlib.commands import app
from costlib.commands.options import named, named_path
from costlib.errors import InputError
from tests.builders import focus_row, load_into, write_csv

#: Text that may be empty, as "by nothing" is the total, or that is looked up, so that nothing else is meant by it.
FREE = {"by", "where", "why", "kind", "name", "measure_name", "form"}


def run(*arguments: object) -> tuple[int, str]:
    """The exit code, and the output without frames and breaks."""
    found = CliRunner().invoke(app, [str(argument) for argument in arguments])
    if found.exception is not None and not isinstance(found.exception, SystemExit):
        raise found.exception
    return found.exit_code, " ".join(found.output.replace("│", " ").split())


def refusal(*arguments: object) -> str:
    error = CliRunner().invoke(app, [str(argument) for argument in arguments]).exception
    assert isinstance(error, InputError), error
    return str(error)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("options")
    load_into(root / "store", write_csv(root / "bill.csv", [focus_row()]))
    return root / "store"


def commands(group: typer.Typer = app) -> Iterator[Callable[..., object]]:
    """Every function behind the command line."""
    yield from (one.callback for one in group.registered_commands if one.callback)
    for one in group.registered_groups:
        assert one.typer_instance is not None
        yield from commands(one.typer_instance)


def parameters() -> Iterator[tuple[str, str, set[Any], Any]]:
    """Command, parameter, its types and what the command line knows of it."""
    for command in commands():
        hints = get_type_hints(command, include_extras=True)
        for name in inspect.signature(command).parameters:
            if get_origin(hints[name]) is Annotated:
                declared, known = get_args(hints[name])
                types = {one for kind in (get_args(declared) or (declared,)) for one in (get_args(kind) or (kind,))}
                yield f"{command.__module__}.{command.__name__}", name, types, known


class TestEmpty:
    def test_no_path_may_be_empty(self) -> None:
        """Empty it would mean the folder one stands in."""
        paths = [(command, name, known.parser) for command, name, types, known in parameters() if Path in types]
        assert len(paths) > 25 and [one for one in paths if one[2] is not named_path] == []

    def test_no_name_may_be_empty(self) -> None:
        """Empty it would mean that the option was not given."""
        names = [
            (command, name, known.parser)
            for command, name, types, known in parameters()
            if str in types and name not in FREE
        ]
        assert len(names) > 20 and [one for one in names if one[2] is not named] == []

    @pytest.mark.parametrize(
        "command",
        [
            "query --currency @",
            "load bill.csv --source @",
            "load bill.csv --type @",
            "statement --team @ --month 2026-09",
            "statement --team Search --month 2026-09 --rates @",
            "statement --team Search --month 2026-09 --currency @",
            "forecast --input @",
            "forecast --input bill.csv --out @",
            "forecast --input bill.csv --totals @",
            "backtest --input @ --horizon 1 --windows 1",
            "export deck --out @",
            "export one-pager --out page.pdf --story @",
            "export one-pager --out page.pdf --currency @",
            "export statement --out page.pdf --team @",
            "export statement --out page.pdf --team Search --month @",
            "export variance --out page.pdf --quarter @",
            "recompute @",
            "focus export --out @",
            "plan simulate --plan @",
            "plan import --plan @",
            "plan import --plan plan.yaml --who @",
            "plan export fraud --out @",
            "rules check @",
            "rules preview @",
            "rules apply @",
            "budget import @ --name FY27",
            "metrics load bill.csv --source @",
            "metrics load bill.csv --resource @",
            "metrics load bill.csv --query @",
            "runs load bill.csv --source @",
            "runs show --currency @",
            "schedule add statement --team @",
            "schedule add deck --currency @",
            "schedule run --out @",
        ],
    )
    def test_an_unset_variable_of_a_script_is_wrong_usage(
        self, command: str, store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.chdir(tmp_path)
        for empty in ("", " "):
            code, told = run("--store", store, *(word.replace("@", empty) for word in command.split()))
            assert code == 2 and "it is empty" in told, told
        assert list(tmp_path.iterdir()) == []


class TestForms:
    @pytest.mark.parametrize("command", ["query", "metrics show", "runs show"])
    @pytest.mark.parametrize("form", ["csv", "table"])
    def test_two_forms_of_one_answer_contradict_each_other(self, command: str, form: str, store: Path) -> None:
        code, told = run("--store", store, *command.split(), "--json", "--format", form)
        assert code == 2 and "'--format'" in told and f"{form} and --json are two forms of one answer" in told

    @pytest.mark.parametrize("command", ["query", "metrics show", "runs show"])
    def test_json_is_the_form_json(self, command: str, store: Path) -> None:
        asked = [("--json",), ("--format", "json"), ("--json", "--format", "json")]
        told = [CliRunner().invoke(app, ["--store", str(store), *command.split(), *one]).stdout for one in asked]
        assert json.loads(told[0]) and told == [told[0]] * 3

    @pytest.mark.parametrize("command", ["query", "metrics show", "runs show"])
    def test_a_table_is_what_comes_unasked(self, command: str, store: Path) -> None:
        plain, table, rows = (
            CliRunner().invoke(app, ["--store", str(store), *command.split(), *one]).stdout
            for one in ((), ("--format", "table"), ("--format", "csv"))
        )
        assert plain == table and "┃" in plain and "┃" not in rows and "," in rows

    @pytest.mark.parametrize("command", ["export poem --out page.pdf", "schedule add poem"])
    def test_a_palette_is_called_as_the_help_calls_it(self, command: str, store: Path) -> None:
        """Each is taken, and the document, which there is not, is what is refused."""
        for palette in ("light", "print"):
            found = CliRunner().invoke(app, ["--store", str(store), *command.split(), "--palette", palette])
            assert "There is no document 'poem'" in str(found.exception)

    @pytest.mark.parametrize(("scope", "words"), [("ai", "AI spend"), ("all", "All spend")])
    def test_a_budget_is_of_the_spend_that_is_named(self, scope: str, words: str, tmp_path: Path) -> None:
        (tmp_path / "b.csv").write_text("team,month,amount,currency\nFraud,2026-01,10,USD\n")
        command = ("budget", "import", tmp_path / "b.csv", "--name", "FY26", "--scope", scope)
        assert run("--store", tmp_path / "store", *command) == (0, f"FY26 locked: 1 line, $10.00 of {words}")

    def test_runs_are_summed_by_what_there_is(self, store: Path) -> None:
        code, told = run("--store", store, "runs", "show", "--by", "colour")
        assert code == 2 and "--by" in told and "'colour'" in told and "'experiment', 'model'" in told


class TestPipes:
    """A pipe can be read but once: what recognises a file by its first bytes would lose them, or wait for ever."""

    @pytest.fixture
    def pipe(self, tmp_path: Path) -> Path:
        os.mkfifo(tmp_path / "pipe.csv")
        return tmp_path / "pipe.csv"

    @pytest.mark.parametrize(
        "command",
        [
            "load @",
            "load @ --dry-run",
            "metrics load @",
            "runs load @",
            "forecast --input @",
            "backtest --input @ --horizon 1 --windows 1",
        ],
    )
    def test_a_pipe_is_refused_and_nothing_is_made(self, command: str, pipe: Path, tmp_path: Path) -> None:
        words = (word.replace("@", str(pipe)) for word in command.split())
        told = refusal("--store", tmp_path / "store", *words)
        assert told.startswith(f"{pipe} is a pipe or a device") and "Write what it gives into a file first" in told
        assert not (tmp_path / "store").exists()

    def test_a_device_is_refused_too(self, tmp_path: Path) -> None:
        assert "/dev/null is a pipe or a device" in refusal("--store", tmp_path / "store", "load", "/dev/null")


class TestMetrics:
    def test_what_scrapes_lack_is_not_for_a_file_that_says_it(self, tmp_path: Path) -> None:
        (tmp_path / "counts.csv").write_text("day,metric,value\n2026-09-01,requests,5\n")
        for option in ("--resource", "--model"):
            told = refusal(
                "--store", tmp_path / "store", "metrics", "load", tmp_path / "counts.csv", option, "fraud-scorer"
            )
            assert "counts.csv says itself whose metrics these are" in told and "Nothing was changed" in told
        assert not (tmp_path / "store" / "metrics").exists()


class TestWords:
    def test_a_document_that_cannot_be_checked_is_named(self, store: Path, tmp_path: Path) -> None:
        (tmp_path / "notes.pdf").write_text("mine")
        told = refusal("--store", store, "recompute", tmp_path / "notes.pdf")
        assert told.startswith(f"{tmp_path / 'notes.pdf'}: The file is neither a presentation nor a PDF")
        assert "Check the path" in refusal("--store", store, "recompute", tmp_path / "none.pdf")

    @pytest.mark.parametrize(
        "command",
        [
            "rules check @",
            "rules apply @",
            "plan import --plan @",
            "plan simulate --plan @",
            "budget import @ --name FY27",
            "statement --team Search --month 2026-09 --rates @",
        ],
    )
    def test_a_folder_is_not_to_be_corrected_but_another_path_given(
        self, command: str, store: Path, tmp_path: Path
    ) -> None:
        told = refusal("--store", store, *(word.replace("@", str(tmp_path)) for word in command.split()))
        assert "Is a directory" in told and "Expected: a" in told and told.endswith("Check the path.")

    def test_days_without_a_charge_are_told_which_have_some(self, store: Path, tmp_path: Path) -> None:
        told = refusal("--store", store, "focus", "export", "--out", tmp_path / "x.csv", "--from", "2030-01-01")
        assert "Expected: days from 2026-09-05 to 2026-09-05. Change --from" in told
        assert list(tmp_path.iterdir()) == []

    @pytest.mark.parametrize(
        ("days", "told"),
        [
            ("?from=2026-09-01", "Add to, the day after the last."),
            ("?to=2026-09-01", "Add from, the day they begin with."),
        ],
    )
    @pytest.mark.parametrize("place", ["aws-cost-explorer:", "opencost:http://127.0.0.1:9"])
    def test_one_end_of_the_days_is_not_enough(self, place: str, days: str, told: str, tmp_path: Path) -> None:
        said = refusal("--store", tmp_path / "store", "load", f"{place}{days}")
        assert said.startswith(f"{place}{days} says only one end of the days") and said.endswith(told)

    def test_an_address_is_shown_as_it_was_typed_and_nothing_is_made(self, tmp_path: Path) -> None:
        said = refusal("--store", tmp_path / "store", "load", "opencost:http://127.0.0.1:9")
        assert said.startswith("opencost:http://127.0.0.1:9 does not say which days to fetch")
        assert not (tmp_path / "store").exists()
