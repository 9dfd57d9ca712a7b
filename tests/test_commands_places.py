"""Where commands write: refused before any work, written whole or not at all; no file of another kind is replaced."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from typer.testing import CliRunner

from costlib.commands import app
from costlib.commands.places import deliver, writable
from costlib.errors import CostError, InputError
from costlib.workspace import Workspace
from tests.builders import focus_row, load_into, write_csv

PLAN = "plan: {name: Fraud, start: 2026-11, months: 3, currency: USD}\ninitiatives:\n- {id: spot, saving: 0.3}\n"


def refusal(*arguments: object) -> str:
    """What the command says where it refuses."""
    error = CliRunner().invoke(app, [str(argument) for argument in arguments]).exception
    assert isinstance(error, CostError), error
    return str(error)


def run(*arguments: object) -> tuple[int, str]:
    found = CliRunner().invoke(app, [str(argument) for argument in arguments])
    assert found.exception is None or isinstance(found.exception, SystemExit), found.exception
    return found.exit_code, " ".join(found.output.replace("│", " ").split())


@pytest.fixture
def series(tmp_path: Path) -> Path:
    days = [f"a,2026-01-{day:02},{100 + day % 7}" for day in range(1, 32)]
    (tmp_path / "long.csv").write_text("unique_id,ds,y\n" + "\n".join(days) + "\n")
    return tmp_path / "long.csv"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bill of one row and the plan "fraud"."""
    root = tmp_path_factory.mktemp("places")
    load_into(root / "store", write_csv(root / "bill.csv", [focus_row()]))
    (root / "plan.yaml").write_text(PLAN)
    assert run("--store", root / "store", "plan", "import", "--plan", root / "plan.yaml", "--name", "fraud")[0] == 0
    return root / "store"


class TestRights:
    def test_a_file_keeps_who_may_read_it(self, tmp_path: Path) -> None:
        out = tmp_path / "forecast.csv"
        out.write_text("old")
        out.chmod(0o600)
        deliver({out: b"new"})
        assert out.read_text() == "new" and out.stat().st_mode & 0o777 == 0o600

    def test_a_folder_that_may_not_be_written_is_refused_for_a_file_in_it_too(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        out = tmp_path / "forecast.csv"
        out.write_text("old")
        monkeypatch.setattr(os, "access", lambda place, mode: Path(place) != tmp_path.resolve())
        with pytest.raises(InputError, match="cannot be written"):
            writable(out)


class TestWritable:
    def test_a_new_place_is_accepted_and_not_made(self, tmp_path: Path) -> None:
        out = tmp_path / "new" / "deeper" / "plan.yaml"
        assert writable(out) == out and list(tmp_path.iterdir()) == []

    def test_a_place_below_a_file_is_refused(self, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("here")
        with pytest.raises(InputError, match=r"file.deeper.plan\.yaml cannot be written \(.*\).*Check the path"):
            writable(tmp_path / "file" / "deeper" / "plan.yaml")

    def test_a_folder_is_a_place_for_files_only_where_one_is_asked_for(self, tmp_path: Path) -> None:
        with pytest.raises(InputError, match=r"is a folder\. Expected: the name of a file"):
            writable(tmp_path)
        assert writable(tmp_path, folder=True) == tmp_path

    @pytest.mark.parametrize("device", ["/dev/null", "/dev/stdout", "/dev/fd/1"])
    def test_a_device_is_never_replaced(self, device: str) -> None:
        with pytest.raises(InputError, match="is no ordinary file"):
            writable(Path(device))

    def test_a_pipe_is_never_replaced(self, tmp_path: Path) -> None:
        os.mkfifo(tmp_path / "pipe")
        with pytest.raises(InputError, match="pipe is no ordinary file"):
            writable(tmp_path / "pipe")

    def test_a_place_without_rights_is_refused(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("os.access", lambda place, rights: False)
        with pytest.raises(InputError, match=r"cannot be written \(Permission denied\).*its rights"):
            writable(tmp_path / "plan.yaml")


class TestDeliver:
    def test_all_files_are_written_into_folders_that_are_made(self, tmp_path: Path) -> None:
        deliver({tmp_path / "a" / "one.csv": b"1", tmp_path / "two.csv": b"2"})
        assert (tmp_path / "a" / "one.csv").read_bytes() == b"1" and (tmp_path / "two.csv").read_bytes() == b"2"
        assert sorted(one.name for one in tmp_path.iterdir()) == ["a", "two.csv"]

    def test_a_file_keeps_what_it_held_where_another_cannot_be_written(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The disk is full when the second file comes."""
        (tmp_path / "one.csv").write_bytes(b"before")
        whole = Path.write_bytes

        def full(path: Path, data: bytes) -> int:
            if "two" in path.name:
                whole(path, data[:1])
                raise OSError(28, "No space left on device")
            return whole(path, data)

        monkeypatch.setattr(Path, "write_bytes", full)
        with pytest.raises(
            InputError, match=r"two\.csv cannot be written \(No space left on device\).*room on the disk"
        ):
            deliver({tmp_path / "one.csv": b"after", tmp_path / "two.csv": b"after"})
        assert {one.name: one.read_bytes() for one in tmp_path.iterdir()} == {"one.csv": b"before"}

    def test_a_link_stays_a_link(self, tmp_path: Path) -> None:
        (tmp_path / "held.csv").write_bytes(b"before")
        (tmp_path / "latest.csv").symlink_to(tmp_path / "held.csv")
        deliver({tmp_path / "latest.csv": b"after"})
        assert (tmp_path / "latest.csv").is_symlink() and (tmp_path / "held.csv").read_bytes() == b"after"


class TestForecastFiles:
    def test_the_input_is_never_replaced(self, series: Path) -> None:
        before = series.read_bytes()
        here = series.parent / "." / series.name
        for option in ("--out", "--totals"):
            assert "long.csv is the input itself" in refusal("forecast", "--input", series, option, here)
        assert series.read_bytes() == before

    def test_forecast_and_totals_need_a_file_each(self, series: Path) -> None:
        out = series.parent / "both.csv"
        said = refusal("forecast", "--input", series, "--out", out, "--totals", out)
        assert "both.csv would hold both forecast and totals" in said and not out.exists()

    def test_totals_alone_leave_the_forecast_on_standard_output(self, series: Path) -> None:
        totals = series.parent / "totals.csv"
        found = CliRunner().invoke(
            app, ["forecast", "--input", str(series), "--horizon", "2", "--totals", str(totals)], catch_exceptions=False
        )
        assert found.stdout.splitlines()[0] == '"unique_id","ds","mean","p50","lo-80","hi-80"'
        assert len(found.stdout.splitlines()) == 3 and len(totals.read_text().splitlines()) == 2


class TestPlans:
    def test_a_folder_gets_no_plan_and_nothing_beside_it(self, store: Path, tmp_path: Path) -> None:
        (tmp_path / "plans").mkdir()
        assert "is a folder" in refusal("--store", store, "plan", "export", "fraud", "--out", tmp_path / "plans")
        assert [one.name for one in tmp_path.iterdir()] == ["plans"]

    def test_an_exported_plan_is_the_saved_one(self, store: Path, tmp_path: Path) -> None:
        code, said = run("--store", store, "plan", "export", "fraud", "--out", tmp_path / "new" / "fraud.yaml")
        assert code == 0 and said.endswith("fraud.yaml holds 1 initiative")
        printed = CliRunner().invoke(app, ["--store", str(store), "plan", "export", "fraud"]).stdout
        assert (tmp_path / "new" / "fraud.yaml").read_text() == printed and "id: spot" in printed

    @pytest.mark.parametrize(("text", "name"), [("id,date\n1,2\n", "x"), (PLAN, "bad/name"), (PLAN, "")])
    def test_what_cannot_be_imported_makes_no_store(self, text: str, name: str, tmp_path: Path) -> None:
        (tmp_path / "plan.yaml").write_text(text)
        refusal("--store", tmp_path / "new", "plan", "import", "--plan", tmp_path / "plan.yaml", "--name", name)
        assert [one.name for one in tmp_path.iterdir()] == ["plan.yaml"]

    def test_an_empty_name_is_no_plan(self, store: Path) -> None:
        assert "There is no plan" in refusal("--store", store, "plan", "show", "")


class TestDocuments:
    def test_a_place_is_refused_before_the_document_is_worked_out(self, store: Path, tmp_path: Path) -> None:
        """There is no plan to tell of either, which only the work would show."""
        (tmp_path / "file").write_text("here")
        said = refusal("--store", store, "export", "one-pager", "--out", tmp_path / "file" / "page.pdf")
        assert "page.pdf cannot be written" in said


class TestStores:
    @pytest.mark.parametrize("store", ["", "  "])
    def test_an_empty_store_is_wrong_usage_and_not_this_folder(
        self, store: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.chdir(tmp_path)
        write_csv(tmp_path / "bill.csv", [focus_row()])
        for words in (("--store", store, "load", "bill.csv"), ("load", "bill.csv", "--store", store)):
            code, said = run(*words)
            assert code == 2 and "--store" in said and "empty" in said
        assert [one.name for one in tmp_path.iterdir()] == ["bill.csv"]

    @pytest.mark.parametrize("command", ["load", "metrics load", "runs load"])
    def test_an_empty_name_is_not_all_files_here(self, command: str, tmp_path: Path) -> None:
        code, said = run("--store", tmp_path / "store", *command.split(), "")
        assert code == 2 and "empty" in said and not (tmp_path / "store").exists()

    @pytest.mark.parametrize("command", [("status",), ("demo",), ("load", "bill.csv"), ("plan", "show")])
    def test_a_file_is_no_store(self, command: tuple[str, ...], tmp_path: Path) -> None:
        (tmp_path / "bill.csv").write_text("mine")
        said = refusal("--store", tmp_path / "bill.csv", *command)
        assert said.startswith(f"{tmp_path / 'bill.csv'} is a file. Expected: the folder of a store. Check --store")

    @pytest.mark.parametrize("state", ["", "sqlite:////tmp/elsewhere.db"])
    def test_the_sample_company_does_not_move_in_with_other_files(
        self, state: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("GLIDEPATH_STATE", state)  # plans that lie elsewhere make no store of the folder
        (tmp_path / "letters.txt").write_text("mine")
        said = refusal("--store", tmp_path, "demo")
        assert said.startswith(f"{tmp_path} holds letters.txt and no store. Expected: an empty or a new folder")
        assert [one.name for one in tmp_path.iterdir()] == ["letters.txt"]

    def test_the_sample_company_may_move_into_what_it_began(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """An empty folder with hidden files only, one with exports of an attempt before, and a store."""
        asked: list[Path] = []
        monkeypatch.setattr("costlib.demo.load_company", lambda place, tell: asked.append(place.store.root) or [])
        for name, held in (("empty", ".keep"), ("begun", "exports/bill.csv"), ("ruled", "rules.yaml")):
            (tmp_path / name / held).parent.mkdir(parents=True)
            (tmp_path / name / held).write_text("")
            assert run("--store", tmp_path / name, "demo")[0] == 0
        assert [root.name for root in asked] == ["empty", "begun", "ruled"]


class TestSmallAnswers:
    def test_the_history_is_shown_to_read_too(self, tmp_path: Path) -> None:
        for source, cost in (("one", "1"), ("two", "2")):
            bill = write_csv(tmp_path / f"{source}.csv", [focus_row(BilledCost=cost, BillingAccountId=source)])
            Workspace(tmp_path / "store").load([bill], source=source)
        shown = run("--store", tmp_path / "store", "status", "--history")[1]
        assert "Published at" in shown and "one, two" in shown
        assert "Published at" not in run("--store", tmp_path / "store", "status")[1]

    def test_a_schedule_without_entries_says_so(self, store: Path) -> None:
        assert run("--store", store, "schedule", "run") == (
            0,
            "Nothing is scheduled; `schedule add` says what is made again",
        )
