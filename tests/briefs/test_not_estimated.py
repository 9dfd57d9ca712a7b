"""An initiative of which nobody has stated what it saves: it is not estimated, never 0, and said so on every page."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from costlib.briefs.bill import Bill
from costlib.briefs.deck import board_deck
from costlib.briefs.initiative_figures import NOT_ESTIMATED, NOTHING_ESTIMATED
from costlib.briefs.less_and_more import left_out
from costlib.briefs.one_pager import one_pager, programme
from costlib.briefs.plan_exhibits import path_chart, roadmap_chart, saving_bars
from costlib.briefs.plan_figures import PlanFigures
from costlib.briefs.portfolio_pages import cases_table, cases_title, put_portfolio
from costlib.briefs.programme import objectives, programme_brief, put_tracks, roadmap_title, track_table
from costlib.briefs.words.roadmap import initiative_rows, priority_rows
from costlib.charts.spec import RankedBars, Roadmap
from costlib.documents.model import Document, read, texts_of
from costlib.roadmap.prioritise import priorities
from tests.briefs.bill_cases import bill
from tests.briefs.cases import initiative, scorer_case, scorer_figures, scorer_plan

#: An idea: what it costs is known, what it saves is not.
IDEA = {
    "id": "idea",
    "title": "Ask the vendor",
    "scope": {"x_Model": ["scorer"]},
    "track": "culture",
    "one_off_cost": 40.0,
    "effort": {"buyer": 1},
}
NOTE = "What 1 initiative saves is not estimated yet: only its costs are counted"


def of(*more: dict[str, object]) -> PlanFigures:
    found = scorer_figures(scorer_case(scorer_plan(initiative("off", "idle", 0.5, title="Switch it off"), *more)))
    put_portfolio(found)
    put_tracks(found)
    return found


@pytest.fixture(scope="module")
def found() -> PlanFigures:
    return of(IDEA)


@pytest.mark.parametrize("figure", ["idea.yearly", "idea.net", "idea.npv", "idea.roi", "idea.payback", "idea.value"])
def test_its_figures_are_not_estimated(figure: str, found: PlanFigures) -> None:
    assert (found.figure(figure).shown, found.figure(figure).exact) == (NOT_ESTIMATED, None)


def test_what_it_costs_is_known_and_counted(found: PlanFigures) -> None:
    """25 a month for six months, less 40."""
    assert found.figure("idea.one-off").shown == "$40.00"
    assert found.figure("recommended.net").shown == "$110"


def test_a_saving_of_nothing_that_somebody_stated_is_nothing() -> None:
    stated = of(IDEA | {"saving": 0})
    assert stated.figure("idea.yearly").shown == "$0" and stated.setting.unestimated == 0
    assert of(IDEA | {"benefit": 9}).figure("idea.yearly").shown == "$0"


def test_tables_of_documents_say_so(found: PlanFigures) -> None:
    (row,) = [row for row in programme(found).rows if row[1] == "Ask the vendor"]
    assert read(row[-1]) == NOT_ESTIMATED
    assert [read(cell) for cell in cases_table(found).rows[-1]][3:] == [NOT_ESTIMATED] * 4
    tracks = {row[0]: read(row[-1]) for row in track_table(found).rows}
    assert tracks == {"Technical": "$300", "Process": "$0", "Culture": NOT_ESTIMATED}
    assert "Ask the vendor: a saving that is not estimated by Jan 2027" in [
        read(row[1]) for row in objectives(found).rows
    ]


def test_charts_leave_it_open(found: PlanFigures) -> None:
    assert {one.name: one.amount for one in saving_bars(found).bars}["Ask the vendor"] is None
    assert {one.name: one.saving for one in roadmap_chart(found).initiatives}["Ask the vendor"] is None


def test_nothing_is_said_of_its_worth(found: PlanFigures) -> None:
    """It would lose its 40 dollars, if it saved nothing; nobody said that it does."""
    assert cases_title(found).text == "Switch it off is worth most: " + found.figure("off.npv").shown
    assert [one.id for one in left_out(found)] == []
    assert cases_title(of_ideas()).text == "What the initiatives bring is not estimated yet"


def of_ideas() -> PlanFigures:
    found = scorer_figures(scorer_case(scorer_plan(IDEA)))
    put_portfolio(found)
    put_tracks(found)
    return found


@pytest.mark.parametrize("chart", [saving_bars, roadmap_chart])
def test_charts_of_ideas_alone_do_not_say_that_they_save_nothing(
    chart: Callable[[PlanFigures], RankedBars | Roadmap],
) -> None:
    assert chart(of_ideas()).caption.title == NOTHING_ESTIMATED


def test_headings_of_ideas_alone_compare_nothing() -> None:
    """They leave spend as it is, so it is not less than without them."""
    found = of_ideas()
    assert roadmap_title(found).text == NOTHING_ESTIMATED
    assert (
        path_chart(found).caption.title
        == f"With the plan the scorer costs {found.figure('with')} in {found.figure('then')}"
    )


def test_a_plan_that_saves_is_compared_with_none(found: PlanFigures) -> None:
    assert path_chart(found).caption.title.endswith(f"{found.figure('below-forecast')} less than without it")


def test_lists_of_the_page_rank_it_last_and_leave_it_unknown(found: PlanFigures) -> None:
    plan = found.case.plan
    row = initiative_rows(plan, found)[1]
    assert [row[name] for name in ("Saves a year", "Net", "NPV", "RICE")] == [None] * 4
    ranked = priorities(found.case.recommended.result)
    assert [(one.id, one.npv_rank, one.rice_rank) for one in ranked] == [("off", 1, 1), ("idea", 2, 2)]
    last = priority_rows(plan, ranked, "USD")[-1]
    assert last == ["Ask the vendor", "–", "–", *[NOT_ESTIMATED] * 3, "nobody has estimated what it saves"]


def documents(found: PlanFigures, on: Bill) -> list[Document]:
    return [one_pager(found), programme_brief(found, on, None), board_deck(found, on)]


def test_every_page_names_what_its_sums_leave_out(found: PlanFigures) -> None:
    for document in documents(scorer_figures(found.case), bill()):
        assert all(NOTE in page.source for page in document.pages if page.id != "record")
        said = [read(text) for page in document.pages for text in texts_of(page)]
        assert not [text for text in said if "None" in text]
    for document in documents(scorer_figures(), bill()):
        assert not any("not estimated" in page.source for page in document.pages)
