"""Documents made again by themselves: only what would say something else, one failure beside the others."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from costlib import reports
from costlib.errors import InputError
from costlib.recompute import recomputed
from costlib.scheduled import WHO, make_due, order_of
from costlib.state.finals import Mark, mark_final
from costlib.state.schedule import Scheduled, entries, schedule
from costlib.state.wording import reword
from costlib.workspace import Workspace
from tests.builders import write_csv
from tests.small_company import bill, charge, company

WEB = Scheduled(document="statement", team="Web", endings=("pdf", "pptx"))
ADS = Scheduled(document="one-pager", story="ads")
REVIEW = Scheduled(document="variance")


@pytest.fixture
def space(tmp_path: Path) -> Workspace:
    return company(tmp_path)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "made"


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def dearer(space: Workspace, tmp_path: Path) -> None:
    """A day of May that was not on the bill before."""
    rows = [*bill(), charge(date(2026, 4, 30), 5, team="Web"), charge(date(2026, 5, 11), 40, team="Web")]
    space.load([write_csv(tmp_path / "bill.csv", rows)])


def test_an_empty_schedule_makes_nothing(space: Workspace, folder: Path) -> None:
    assert make_due(space, folder) == []
    assert not folder.exists()


def test_what_was_never_made_is_due_and_holds(space: Workspace, folder: Path) -> None:
    schedule(space.state(), WEB, who="Ada")
    (outcome,) = make_due(space, folder)
    assert outcome.files == ("web-statement-2026-05-10.pdf", "web-statement-2026-05-10.pptx")
    made = files(folder)
    assert tuple(made) == outcome.files
    assert all(recomputed(space, data) == [] for data in made.values())
    assert entries(space.state())[0].made is not None


def test_what_would_say_the_same_is_not_made_again(space: Workspace, folder: Path) -> None:
    schedule(space.state(), WEB, who="Ada")
    make_due(space, folder)
    before = space.state().sequence
    (again,) = make_due(space, folder)
    assert (again.files, again.problem) == ((), "")
    assert space.state().sequence == before


def test_another_bill_makes_it_due_and_the_earlier_files_stay(space: Workspace, folder: Path, tmp_path: Path) -> None:
    schedule(space.state(), WEB, who="Ada")
    make_due(space, folder)
    dearer(space, tmp_path)
    (outcome,) = make_due(space, folder)
    assert outcome.files == ("web-statement-2026-05-11.pdf", "web-statement-2026-05-11.pptx")
    assert len(files(folder)) == 4


def test_once_a_month_it_waits_for_the_next_closed_one(space: Workspace, folder: Path, tmp_path: Path) -> None:
    schedule(space.state(), WEB.model_copy(update={"every": "month"}), who="Ada")
    assert make_due(space, folder)[0].files
    dearer(space, tmp_path)  # April is the newest closed month before and after
    assert make_due(space, folder)[0].files == ()
    rows = [*bill(), *(charge(date(2026, 5, day), 40, team="Web") for day in range(11, 32))]
    space.load([write_csv(tmp_path / "bill.csv", rows)])
    assert make_due(space, folder)[0].files == ("web-statement-2026-05-31.pdf", "web-statement-2026-05-31.pptx")


def test_readers_words_and_finances_mark_make_it_due(space: Workspace, folder: Path) -> None:
    schedule(space.state(), ADS, who="Ada")
    make_due(space, folder)
    (headline, *_) = reports.document(space, order_of(ADS)).sentences
    reword(space.state(), "one-pager", "ads", {headline: "In our words"}, seen={}, who="Ada")
    assert make_due(space, folder)[0].files
    made = reports.document(space, reports.in_readers_words(space, order_of(ADS)))
    mark_final(space.state(), "one-pager", "ads", Mark(digest=reports.shows(made)), who="Ada", role="finance")
    assert make_due(space, folder)[0].files
    assert make_due(space, folder)[0].files == ()


def test_one_that_cannot_be_made_is_told_and_the_others_are_made(space: Workspace, folder: Path) -> None:
    schedule(space.state(), REVIEW, who="Ada")  # there is no budget
    schedule(space.state(), WEB, who="Ada")
    told: list[str] = []
    statement, review = make_due(space, folder, told.append)
    assert statement.files and not statement.problem
    assert "neither a budget nor a forecast" in review.problem and not review.files
    assert told == ["Looking at statement, Web", "Looking at variance"]
    assert [one.made is None for one in entries(space.state())] == [False, True]


def test_the_history_names_the_schedule(space: Workspace, folder: Path) -> None:
    schedule(space.state(), WEB, who="Ada")
    make_due(space, folder)
    assert [entry.who for entry in space.state().history()][:2] == [WHO, "Ada"]


def test_a_kind_that_there_is_not_is_refused() -> None:
    with pytest.raises(InputError, match="There is no document 'poem'"):
        order_of(Scheduled(document="poem"))
