"""Documents and charts of a plan whose forecast rests on days of unknown cost: they say so, and hold."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from costlib.documents.model import Document
from costlib.recompute import recomputed, shown_lines
from costlib.reports import KINDS, chart_file, document, order, written
from costlib.roadmap.plan_model import GivenSpend
from costlib.state.plans import PlanStore
from costlib.workspace import Workspace
from tests.small_company import bill, bill_with_unknown, company, plan

UNKNOWN = (date(2026, 3, 10), date(2026, 4, 20))
SAID = (
    "2 line items of unknown effective cost are left out of sums. "
    "Forecasts and plans count 2 days not billed in full like the days around them."
)
#: The probe of Lab is billed in euros, which no sum in dollars holds.
APART = "Not in these figures: €195 on bills in EUR since 1 Jan 2026."
OF_PLANS = [name for name, kind in KINDS.items() if kind.story]
AHEAD = ("outlook", "plan-path")


@pytest.fixture(scope="module")
def gaps(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """The small company, the ranker's cost of two days unknown; the plan "given" is the same on its own spend."""
    space = company(tmp_path_factory.mktemp("gaps"), bill_with_unknown(*UNKNOWN))
    own = (GivenSpend(segment={"x_Model": "ranker", "x_Stage": "training"}, monthly=(3000.0,) * 6),)
    head = plan().plan.model_copy(update={"target": None})
    PlanStore(space.state()).create("given", plan().model_copy(update={"plan": head, "baseline": own}), who="tests")
    return space


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """The small company, every day known."""
    return company(tmp_path_factory.mktemp("whole"))


def feet(made: Document) -> set[str]:
    """What the feet of the pages say behind the ranges."""
    return {page.source.partition("Ranges hold eight outcomes in ten.")[2].strip() for page in made.pages}


class TestDocuments:
    @pytest.mark.parametrize("kind", OF_PLANS)
    def test_each_says_it_at_the_foot_and_only_there(self, gaps: Workspace, kind: str) -> None:
        made = document(gaps, order(kind, "ads"))
        assert feet(made) == {f"{APART} {SAID}"}
        assert {page.source.count("not billed in full") for page in made.pages} == {1}

    @pytest.mark.parametrize(
        ("kind", "ending"),
        [("one-pager", "pdf"), ("one-pager", "pptx"), ("annex", "pdf"), ("brief", "pptx"), ("deck", "pptx")],
    )
    def test_a_file_shows_it_on_every_page_and_holds(self, gaps: Workspace, kind: str, ending: str) -> None:
        made = document(gaps, order(kind, "ads"))
        data = written(made, ending)
        shown = " ".join(" ".join(shown_lines(data, ending)).split())
        assert shown.count(SAID) == len(made.pages)
        assert recomputed(gaps, data) == []

    @pytest.mark.parametrize("kind", OF_PLANS)
    def test_where_every_day_is_known_none_says_it(self, whole: Workspace, kind: str) -> None:
        assert feet(document(whole, order(kind, "ads"))) == {APART}

    def test_a_plan_that_gives_its_own_spend_rests_on_no_day(self, gaps: Workspace) -> None:
        assert feet(document(gaps, order("one-pager", "given"))) == {""}

    def test_todays_spend_counts_the_days_like_those_around_them(self, gaps: Workspace, whole: Workspace) -> None:
        """Both days lie between their neighbours, so three months less two days are three months to a few dollars."""
        now = [float(document(space, order("one-pager", "ads")).figures["now"].exact or 0) for space in (gaps, whole)]
        assert now[0] == pytest.approx(now[1], abs=5)


class TestCharts:
    @pytest.mark.parametrize("ending", ["svg", "csv"])
    @pytest.mark.parametrize("name", AHEAD)
    def test_a_forecast_takes_it_along_in_its_file(self, gaps: Workspace, name: str, ending: str) -> None:
        text = chart_file(gaps, name, ending, story="ads").decode()
        assert ("2 days not billed in full" in text) == (ending != "csv"), "a table of figures holds no words"

    @pytest.mark.parametrize("name", AHEAD)
    def test_where_every_day_is_known_it_takes_nothing_along(self, whole: Workspace, name: str) -> None:
        assert "unknown" not in json.dumps(chart_file(whole, name, "svg", story="ads").decode())

    def test_the_month_of_a_missing_bill_is_no_actual(self, tmp_path: Path) -> None:
        """The last closed month, April, has no bill: the line of what was spent ends with March."""
        rows = [row for row in bill() if not str(row["ChargePeriodStart"]).startswith("2026-04")]
        table = chart_file(company(tmp_path, rows), "outlook", "csv", story="ads").decode().splitlines()
        actual = {line.split(",")[0]: line.split(",")[2] for line in table[1:]}
        assert table[0].split(",")[2] == "Actual"
        assert actual["2026-03-01"] and not actual["2026-04-01"] and not actual["2026-05-01"]
