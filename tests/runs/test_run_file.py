"""A file of runs: what is understood, what is refused with its line, and how runs are kept."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from costlib.errors import InputError, MissingColumn
from costlib.runs.book import all_runs, keep_runs, load_runs
from costlib.runs.model import Run, Status, runs_of, table_of
from costlib.runs.read import read_runs

HEADER = "run_id,experiment,model,owner,instance_type,instances,start,end,status,quality_metric,quality,resource"


def csv(folder: Path, *lines: str, header: str = HEADER) -> Path:
    path = folder / "runs.csv"
    path.write_text("\n".join([header, *lines]))
    return path


def test_a_run_with_everything(tmp_path: Path) -> None:
    line = "r1,ranker,m,Search,ml.g5.xlarge,2,2026-09-01T22:00:00Z,2026-09-02T04:30:00+02:00,Completed,auc,0.9,job/r1"
    (run,) = read_runs(csv(tmp_path, line))
    assert (run.start, run.end) == (datetime(2026, 9, 1, 22), datetime(2026, 9, 2, 2, 30))
    assert (run.hours, run.instances, run.quality) == (Decimal("4.5"), 2, Decimal("0.9"))
    assert (run.status, run.resource, run.stage) == (Status.DONE, "job/r1", None)


def test_two_columns_are_enough(tmp_path: Path) -> None:
    (run,) = read_runs(csv(tmp_path, "r1,2026-09-01", header="Run ID,Start"))
    assert (run.start, run.end, run.hours, run.status) == (datetime(2026, 9, 1), None, None, Status.RUNNING)


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("FINISHED", Status.DONE),
        ("Succeeded", Status.DONE),
        ("Failed", Status.FAILED),
        ("crashed", Status.FAILED),
        ("KILLED", Status.CANCELLED),
        ("Stopped", Status.CANCELLED),
        ("InProgress", Status.RUNNING),
    ],
)
def test_every_tools_word(tmp_path: Path, word: str, status: Status) -> None:
    (run,) = read_runs(csv(tmp_path, f"r1,2026-09-01,{word}", header="run_id,start,status"))
    assert run.status is status
    assert run.wasted is (status in (Status.FAILED, Status.CANCELLED))


@pytest.mark.parametrize(
    ("line", "says"),
    [
        (",,,,,,2026-09-01,,,,,", "line 3: the run has no run_id"),
        ("r2,,,,,,,,,,,", "line 3: the run has no start"),
        ("r2,,,,,,yesterday,,,,,", "line 3: the start 'yesterday' is not a time"),
        ("r2,,,,,,2026-09-02,2026-09-01,,,,", "before it starts"),
        ("r2,,,,,,2026-09-01,,Meditating,,,", "line 3: the status 'Meditating' is none of"),
        ("r2,,,,,two,2026-09-01,,,,,", "line 3: the instances 'two' is not a plain number"),
        ("r2,,,,,,2026-09-01,,,,0.9,", "line 3: there is a quality, and no quality_metric"),
        ("r1,,,,,,2026-09-01,,,,,", "line 3: the run r1 is also in line 2"),
    ],
)
def test_a_line_that_cannot_be_used_is_named(tmp_path: Path, line: str, says: str) -> None:
    with pytest.raises(InputError) as refused:
        read_runs(csv(tmp_path, "r1,,,,,,2026-09-01,,,,,", line))
    assert says in refused.value.problem


def test_a_missing_column(tmp_path: Path) -> None:
    with pytest.raises(MissingColumn, match="has no column start"):
        read_runs(csv(tmp_path, "r1", header="run_id"))


def test_runs_come_back_as_they_were(tmp_path: Path) -> None:
    runs = [
        Run("b", datetime(2026, 9, 2), quality_metric="auc", quality=Decimal("0.9"), status=Status.FAILED),
        Run("a", datetime(2026, 8, 1, 3), end=datetime(2026, 8, 1, 5), instances=Decimal(2), resource="x/y"),
    ]
    assert runs_of(table_of(runs)) == runs
    keep_runs(tmp_path, "tracker", runs)
    assert all_runs(tmp_path) == runs


def test_runs_of_an_earlier_version_know_nothing_of_later_columns(tmp_path: Path) -> None:
    """A file of the store from before utilisation and artifacts were kept, beside one of today."""
    keep_runs(tmp_path, "old", [Run("a", datetime(2026, 8, 1), model="m", utilisation=Decimal("0.5"))])
    (path,) = (tmp_path / "runs").glob("*.parquet")
    pq.write_table(pq.read_table(path).drop_columns(["utilisation", "artifacts", "artifact_gb"]), path)
    keep_runs(tmp_path, "new", [Run("b", datetime(2026, 8, 2), utilisation=Decimal("0.4"))])
    assert [(run.run_id, run.model, run.utilisation) for run in all_runs(tmp_path)] == [
        ("b", None, Decimal("0.4")),
        ("a", "m", None),
    ]


def test_only_a_run_whose_label_a_tracker_names_gives_way(tmp_path: Path) -> None:
    """A run of unknown end and without a resource is a run like any other."""
    known = [Run("a", datetime(2026, 8, 3)), Run("b", datetime(2026, 8, 2), resource="job=1")]
    unknown = [Run("c", datetime(2026, 8, 1), status=Status.UNKNOWN)]
    unknown += [Run(name, datetime(2026, 7, 1), status=Status.UNKNOWN, resource=f"job={name}") for name in "12"]
    keep_runs(tmp_path, "tracker", known)
    keep_runs(tmp_path, "bill", unknown)
    assert [run.run_id for run in all_runs(tmp_path)] == ["a", "b", "c", "2"]


@pytest.mark.parametrize("share", ["43", "-0.1", "1.01"])
def test_a_utilisation_that_is_no_share_is_refused(tmp_path: Path, share: str) -> None:
    with pytest.raises(InputError, match="is not a share from 0 to 1"):
        read_runs(csv(tmp_path, f"r1,2026-09-01,{share}", header="run_id,start,utilisation"))


def test_months_are_replaced_by_source_and_a_run_of_two_sources_counts_once(tmp_path: Path) -> None:
    keep_runs(tmp_path, "a", [Run("one", datetime(2026, 8, 1)), Run("two", datetime(2026, 9, 1), model="old")])
    keep_runs(tmp_path, "a", [Run("two", datetime(2026, 9, 1), model="new")])
    keep_runs(tmp_path, "b", [Run("two", datetime(2026, 9, 1), model="copy")])
    assert [(run.run_id, run.model) for run in all_runs(tmp_path)] == [("two", "new"), ("one", None)]


@pytest.mark.parametrize("starts", [(1, 5), (5, 1)])
def test_the_first_source_by_name_has_the_word_whenever_each_says_that_a_run_began(
    tmp_path: Path, starts: tuple[int, int]
) -> None:
    for source, model, day in (("b", "second", starts[1]), ("a", "first", starts[0])):
        keep_runs(tmp_path, source, [Run("r", datetime(2026, 9, day), model=model)])
    keep_runs(tmp_path, "c", [Run("other", datetime(2026, 9, 3))])
    found = all_runs(tmp_path)
    assert {run.run_id: run.model for run in found} == {"r": "first", "other": None}
    assert [run.start for run in found] == sorted((run.start for run in found), reverse=True)


def test_a_run_whose_start_moved_to_another_month_is_the_later_one(tmp_path: Path) -> None:
    keep_runs(tmp_path, "a", [Run("r", datetime(2026, 8, 31, 23), model="before")])
    keep_runs(tmp_path, "a", [Run("r", datetime(2026, 9, 1), model="now")])
    assert [run.model for run in all_runs(tmp_path)] == ["now"]


def test_a_bad_file_loads_nothing(tmp_path: Path) -> None:
    with pytest.raises(InputError):
        load_runs(tmp_path, csv(tmp_path, "r1,2026-09-01", "r2,never", header="run_id,start"))
    assert all_runs(tmp_path) == []
