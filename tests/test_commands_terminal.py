"""What a terminal shows and takes: figures and names whole at any width, defaults in the help, places to write to."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from rich.table import Table
from typer.testing import CliRunner

from costlib.__main__ import main
from costlib.commands import app
from costlib.commands.options import Format
from costlib.commands.output import print_rows, print_table
from costlib.errors import InputError
from tests.builders import focus_row, load_into, write_csv

ARN = "arn:aws:sagemaker:us-east-1:444455556666:endpoint/fraud-scorer-prod-with-a-long-name"
COST = "1480928.374126627855855734"


def run(*arguments: object) -> tuple[int, str]:
    found = CliRunner().invoke(app, [str(argument) for argument in arguments])
    return found.exit_code, found.output


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("terminal")
    load_into(root / "store", write_csv(root / "bill.csv", [focus_row()]))
    return root / "store"


@pytest.fixture
def series(tmp_path: Path) -> Path:
    days = [f"a,2026-01-{day:02},{100 + day % 7}" for day in range(1, 32)]
    (tmp_path / "long.csv").write_text("unique_id,ds,y\n" + "\n".join(days) + "\n")
    return tmp_path / "long.csv"


class TestTables:
    @pytest.mark.parametrize("width", ["20", "60", "80"])
    def test_neither_figure_nor_name_is_cut(
        self, width: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setenv("COLUMNS", width)
        row = {"ResourceId": ARN, "What it is": "a name of many short words " * 3, "EffectiveCost": COST}
        print_rows(list(row), [row], Format.TABLE)
        shown = capsys.readouterr().out
        assert ARN in shown and COST in shown and "…" not in shown

    def test_short_rows_stay_within_the_terminal(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setenv("COLUMNS", "40")
        print_rows(
            ["Team", "Words"], [{"Team": "Search", "Words": "some words that have room below each other"}], Format.TABLE
        )
        assert max(map(len, capsys.readouterr().out.splitlines())) <= 40

    @pytest.mark.parametrize(("width", "lines"), [("80", 1), ("30", 2)])
    def test_a_title_has_a_line_of_its_own_where_there_is_room(
        self, width: str, lines: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setenv("COLUMNS", width)
        table = Table("", "Cost", title="Search, Sep 2026, effective cost")
        table.add_row("Total", "€0.00")
        print_table(table)
        above = capsys.readouterr().out.partition("┏")[0]
        assert len(above.splitlines()) == lines and " ".join(above.split()) == "Search, Sep 2026, effective cost"


class TestHelp:
    @pytest.mark.parametrize(
        ("command", "default"),
        [
            (("status",), "GLIDEPATH_STORE, else data/store"),
            (("forecast",), "as the dates say"),
            (("load",), "type and name of the export"),
            (("query",), "(rates.yaml)"),
            (("runs", "load"), "bill:"),
        ],
    )
    def test_words_in_brackets_are_not_lost(self, command: tuple[str, ...], default: str) -> None:
        code, out = run(*command, "--help")
        assert code == 0 and default in " ".join(out.replace("│", " ").split())


class TestDays:
    @pytest.mark.parametrize("end", ["2026-08-01", "2026-09-01"])
    @pytest.mark.parametrize("command", [("query",), ("focus", "export", "--out", "never.parquet")])
    def test_an_end_that_is_not_after_the_start_is_wrong_usage(
        self, store: Path, command: tuple[str, ...], end: str
    ) -> None:
        code, out = run("--store", store, *command, "--from", "2026-09-01", "--to", end)
        assert code == 2 and "--to" in out and "no day after 2026-09-01" in " ".join(out.replace("│", " ").split())
        assert not Path("never.parquet").exists()


class TestPlaces:
    def test_a_forecast_goes_into_a_new_folder(self, series: Path, tmp_path: Path) -> None:
        out = tmp_path / "new" / "forecast.csv"
        assert run("forecast", "--input", series, "--horizon", 2, "--out", out)[0] == 0
        assert len(out.read_text().splitlines()) == 3

    def test_totals_that_cannot_be_written_leave_no_forecast_behind(self, series: Path, tmp_path: Path) -> None:
        out = tmp_path / "forecast.csv"
        found = CliRunner().invoke(
            app, ["forecast", "--input", str(series), "--out", str(out), "--totals", str(tmp_path / "totals.txt")]
        )
        assert isinstance(found.exception, InputError) and not out.exists()

    def test_focus_export_is_refused_below_a_file(self, store: Path, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("here")
        arguments = ["--store", str(store), "focus", "export", "--out", str(tmp_path / "file" / "bills.parquet")]
        assert isinstance(CliRunner().invoke(app, arguments).exception, InputError)


class TestPalette:
    @pytest.mark.parametrize("command", [("export", "deck", "--out", "x.pdf"), ("schedule", "add", "deck")])
    def test_an_unknown_palette_is_wrong_usage(self, store: Path, command: tuple[str, ...]) -> None:
        code, out = run("--store", store, *command, "--palette", "pink")
        assert code == 2 and "--palette" in out and "print" in out


def test_json_is_as_it_was(store: Path) -> None:
    code, out = run("--store", store, "query", "--json", "--from", "2026-01-01")
    assert code == 0 and json.loads(out)["measure"] == "EffectiveCost"


def test_what_the_file_system_refuses_is_one_message(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    def refused(path: Path) -> Path:
        raise OSError(30, "Read-only file system", str(path))

    monkeypatch.setattr(Path, "is_file", refused)
    monkeypatch.setattr("sys.argv", ["costlib", "recompute", str(tmp_path / "rules.yaml")])
    with pytest.raises(SystemExit) as ended:
        main()
    told = capsys.readouterr().err
    assert ended.value.code == 1 and "Traceback" not in told
    assert told.startswith(f"Refused: {tmp_path / 'rules.yaml'}: Read-only file system. Check the path")


@pytest.mark.parametrize(
    ("command", "names"),
    [
        (("export",), ("--our-words", "--palette", "--logo / --no-logo")),
        (("load",), ("--supersede", "--source", "where")),
        (("plan",), ("simulate", "optimise")),
        (("runs", "write-back"), ("--dry-run", "--currency")),
    ],
)
@pytest.mark.parametrize("width", ["30", "40", "64", "79"])
def test_help_keeps_every_name_whole_in_a_narrow_terminal(
    width: str,
    command: tuple[str, ...],
    names: tuple[str, ...],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(app, "rich_markup_mode", app.rich_markup_mode)
    monkeypatch.setenv("COLUMNS", width)
    monkeypatch.setattr("sys.argv", ["costlib", *command, "--help"])
    with pytest.raises(SystemExit) as ended:
        main()
    shown = capsys.readouterr().out
    assert ended.value.code == 0 and "…" not in shown and all(name in shown for name in names)
