"""Documents of a plan on few bills: what a forecast of them is worth, and of which month today's spend is."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from costlib.documents.model import Document, read, texts_of
from costlib.reports import chart_file, document, order
from costlib.roadmap.plan_model import Plan
from costlib.state.plans import PlanStore
from costlib.workspace import Workspace
from tests.small_company import bill, company, plan

PACE = "Under 60 days a forecast is little more than the pace of the last weeks carried on."
ASKING = ("one-pager", "annex", "deck", "proposal", "brief")


def against_forecast() -> Plan:
    """The plan with its target against the forecast: of so few days no quarter is closed."""
    head = plan().plan
    target = head.target.model_copy(update={"reference": "baseline"}) if head.target else None
    return plan().model_copy(update={"plan": head.model_copy(update={"target": target})})


def lasting(root: Path, first: date) -> Workspace:
    """The company with bills from that day to 10 May 2026."""
    space = company(root, [row for row in bill() if str(row["ChargePeriodStart"]) >= f"{first}"])
    PlanStore(space.state()).create("young", against_forecast(), who="tests")
    return space


@pytest.fixture(scope="module")
def young(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """From 22 March: 50 days, of which April is the only whole month."""
    return lasting(tmp_path_factory.mktemp("young"), date(2026, 3, 22))


@pytest.fixture(scope="module")
def older(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """From 12 March: 60 days, and still one whole month."""
    return lasting(tmp_path_factory.mktemp("older"), date(2026, 3, 12))


def said(made: Document) -> str:
    return " ".join(read(text) for page in made.pages for text in texts_of(page))


@pytest.mark.parametrize("kind", ASKING)
def test_every_document_that_asks_for_money_says_how_few_days_there_are(young: Workspace, kind: str) -> None:
    assert f"The bills cover 50 days. {PACE}" in said(document(young, order(kind, "young")))


@pytest.mark.parametrize("kind", ASKING)
def test_from_sixty_days_on_none_does(older: Workspace, kind: str) -> None:
    assert "little more than the pace" not in said(document(older, order(kind, "young")))


@pytest.mark.parametrize("name", ["outlook", "plan-path"])
def test_the_charts_by_themselves_do_too(young: Workspace, older: Workspace, name: str) -> None:
    drawn = [chart_file(space, name, "svg", story="young").decode() for space in (young, older)]
    assert ["The bills cover 50 days" in one for one in drawn] == [True, False]


def test_today_is_the_one_month_that_there_is(young: Workspace) -> None:
    """The ranker costs 100 to 106 a day by turns, and 103 on average: from April's first on 90 days lie behind it."""
    made = document(young, order("one-pager", "young"))
    assert "Apr 2026, the only booked month" in said(made) and "last three" not in said(made)
    assert made.figures["now"].meaning.endswith("Apr 2026, the only booked month, effective cost, USD")
    assert float(made.figures["now"].exact or 0) == sum(100 + number % 7 for number in range(90, 120))


def test_the_annex_explains_no_forecast_where_none_could_be_tested(young: Workspace) -> None:
    text = said(document(young, order("annex", "young")))
    assert "No month has closed yet that a forecast could be held against" in text
    assert "made again later" not in text
