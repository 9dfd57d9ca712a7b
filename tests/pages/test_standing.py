"""The Overview's last question: what the plan saves, what was truly saved, and what waits for a decision."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from streamlit.testing.v1 import AppTest

from costlib.briefs.words.waiting import NOTHING_WAITS
from costlib.state.decisions import DO, LEAVE, Decision, Ledger, Option
from costlib.state.launches import Launches
from costlib.state.records import State
from tests.pages import plans, screen
from tests.pages.conftest import Open
from ui.overview.standing import NO_PLAN

DECIDED = date(2026, 10, 21)
SAVED = "Since go-live, effective cost, USD, bills to 20 Oct 2026"
OPEN_PLANS = "Not approved yet: AI portfolio 2026 to 2029; Fraud minus 30 % in six months; "


@pytest.fixture
def state(store_of: Callable[[str], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> State:
    """A state that the test may write to, which the pages read."""
    url = plans.copied_state(store_of("demo"), tmp_path)
    monkeypatch.setenv("GLIDEPATH_STATE", url)
    return State(url)


def said(app: AppTest) -> list[str]:
    return [screen.plain(element.value) for element in app.markdown]


def test_it_says_what_roadmap_and_savings_say(open_page: Open) -> None:
    app = open_page("overview")
    assert screen.title(open_page("roadmap")) in screen.headers(app)
    assert screen.title(open_page("savings")) in screen.headers(app)


def test_the_saved_amounts_are_those_of_the_savings_page(open_page: Open) -> None:
    here = screen.tables(open_page("overview"))[SAVED]
    there = next(rows for caption, rows in screen.tables(open_page("savings")).items() if "Since go-live" in caption)
    columns = [there[0].index(name) for name in here[0]]
    assert here == [[row[at] for at in columns] for row in there]
    assert here[-1][0] == "All"


def test_every_open_decision_of_the_sample_is_listed(open_page: Open) -> None:
    app = open_page("overview")
    assert "3 decisions wait" in screen.headers(app)
    words = said(app)
    assert any(one.startswith("Voice agent is proposed: ") for one in words)
    assert any(one.endswith(" is saved and not signed off by finance") for one in words)
    (plain,) = [one for one in words if one.startswith("Not approved yet: ")]
    assert plain.startswith(OPEN_PLANS)
    assert "Carried out in 2026" not in plain, "a plan whose work is done waits for nobody"


def test_an_approved_plan_leads_and_waits_no_more(open_page: Open, state: State) -> None:
    store = plans.PlanStore(state)
    version = store.read("fraud").version
    store.approve("fraud", reference=Decimal(125_000), cycle="FY27 budget", who="CFO", role="finance", expected=version)
    app = open_page("overview")
    assert screen.title(open_page("roadmap", plan=plans.FRAUD)) in screen.headers(app)
    assert "approved by CFO for FY27 budget" in screen.everything(app)
    (link,) = [one for one in app.get("page_link") if one.proto.label == "Roadmap of this plan"]
    assert parse_qs(link.proto.query_string) == {"plan": [plans.FRAUD]}
    (plain,) = [one for one in said(app) if one.startswith("Not approved yet: ")]
    assert "Fraud" not in plain


def test_a_decided_launch_waits_no_more(open_page: Open, state: State) -> None:
    launches = Launches(state)
    (voice,) = [one for one in launches.all() if one.launch.what == "Voice agent"]
    launches.decide(voice.id, "declined", why="too dear", who="CFO", role="finance", on=DECIDED, expected=voice.version)
    assert not any("Voice agent" in one for one in said(open_page("overview")))


def test_without_any_plan_it_says_so_and_where_one_is_started(open_page: Open) -> None:
    app = open_page("overview", "two_years")
    assert NO_PLAN in screen.headers(app)
    assert NOTHING_WAITS in screen.headers(app)


def test_open_asks_wait_with_their_money_and_lead_to_the_portfolio(open_page: Open, state: State) -> None:
    """Two asks of a plan of the sample, 1,000 and 250 dollars of two initiatives, one of them late."""
    free = [*plans.PlanStore(state).read("fraud").initiatives]
    asks = ("Go on", "1000", date(2026, 10, 1)), ("Buy <b>spot</b>", "250", None)
    for name, (what, amount, deadline) in zip(free, asks, strict=False):
        options = (Option(name=DO, figures={name: amount}), Option(name=LEAVE))
        decision = Decision(what=what, options=options, deadline=deadline, generation="g", sequence=9)
        Ledger(state).save("fraud", what.split()[0].lower(), decision, who="Ada")
    app = open_page("overview")
    assert "5 decisions wait" in screen.headers(app)
    assert "2 asks for $1.25K are open, 1 of them overdue: “Go on” and “Buy <b>spot</b>”" in said(app)
    (link,) = [one for one in app.get("page_link") if one.proto.label == "Portfolio: decisions"]
    assert link.proto.page == "portfolio"
    assert parse_qs(link.proto.query_string) == {"show": ["Decisions"]}
