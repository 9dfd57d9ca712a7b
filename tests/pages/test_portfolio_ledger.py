"""The decision ledger on the page: every ask with owner, deadline and the price of waiting, then by lever."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import date
from decimal import Decimal as D
from pathlib import Path

import pytest

from costlib.briefs.words import ledger as ledger_words
from costlib.roadmap.plan_model import Initiative
from costlib.state.decisions import Decision, Ledger, Option
from costlib.state.plans import PlanStore
from tests.pages import screen
from tests.pages.conftest import Open
from tests.pages.test_savings import dollars
from tests.ui.conftest import page_of
from ui.plan import ChosenPlan, plans_of
from ui.portfolio.ledger import Record, record_of
from ui.savings.page import savings_of

DECISIONS = "Decisions on record, USD; promised when decided, never changed since"
LEVERS = "By lever, USD, up to 20 Oct 2026"
ASSISTANT = "Answer with a smaller model, and cache repeated prompts"
SAVINGS_TABLE = "Since go-live, USD, likely; saved as measured, signed off as finance signed"


def ask(**figures: str) -> Decision:
    """An open ask that promises these figures."""
    return Decision(
        what="Approve more",
        options=(Option(name="Approved", figures=figures), Option(name="Refused")),
        owner="CFO",
        deadline=date(2026, 10, 1),
        week_of_delay=D("120"),
        generation="g",
        sequence=0,
    )


@pytest.fixture
def found(store_of: Callable[[str], Path], saved: PlanStore) -> Callable[[], Record]:
    """The record as the page works it out, on a copy of the sample's state."""

    def work() -> Record:
        page = page_of(store_of("demo"))
        return record_of(ChosenPlan(page, plans_of(page).read("past")), savings_of(page, "USD"))

    return work


class TestOnThePage:
    def test_who_decides_by_when_and_what_a_week_costs(self, open_page: Open) -> None:
        header, *rows = screen.tables(open_page("portfolio", show="Decisions"))["Who decides by when"]
        row = dict(zip(header, next(row for row in rows if row[0] == ASSISTANT), strict=True))
        assert (row["Owner"], row["Decide by"]) == ("CFO", "29 May 2026")
        assert (row["A week's delay costs"], row["Decided"]) == ("$7.90K", "CFO, 28 May 2026")

    def test_by_lever_it_is_what_the_savings_page_says(self, open_page: Open) -> None:
        header, *rows = screen.tables(open_page("portfolio", show="Decisions"))[LEVERS]
        assert tuple(header) == ledger_words.LEVER_HEADER
        *_, whole = screen.tables(open_page("savings"))[SAVINGS_TABLE]
        for column, of_whole in ((2, 2), (3, 3), (4, 4), (5, 5)):
            added = sum(dollars(row[column]) for row in rows)
            assert added == pytest.approx(dollars(whole[of_whole]), rel=0.01)

    def test_in_all_it_is_what_the_decisions_promised(self, open_page: Open) -> None:
        tables = screen.tables(open_page("portfolio", show="Decisions"))
        by_lever = sum(dollars(row[1]) for row in tables[LEVERS][1:])
        assert by_lever == pytest.approx(sum(dollars(row[2]) for row in tables[DECISIONS][1:]), rel=0.01)

    def test_the_chart_is_an_exhibit_like_any_other(self, open_page: Open) -> None:
        app = open_page("portfolio", show="Decisions")
        assert "Smaller model is furthest from signed off: $70.5K of the $131K promised by now" in screen.headers(app)
        alts = [chart.alt for chart in screen.charts(app)]
        assert any("smaller model" in alt for alt in alts)
        assert app.get("download_button")

    def test_where_nothing_was_decided_nothing_is_by_lever(self, open_page: Open, saved: PlanStore) -> None:
        plan = saved.read("startup").plan
        head = plan.plan.model_copy(update={"currency": "EUR", "name": "In euros"})
        saved.create("euros", plan.model_copy(update={"plan": head}), who="tests")
        app = open_page("portfolio", plan="In euros", show="Decisions")
        assert "No decision is on record yet" in screen.headers(app)
        assert not [caption for caption in screen.tables(app) if caption.startswith("By lever")]


class TestRecord:
    def test_every_decision_of_the_currency_with_its_plan(self, found: Callable[[], Record]) -> None:
        record = found()
        assert {one.plan for one in record.asked} == {"Carried out in 2026"}
        assert sum(one.row.booked for one in record.asked) == pytest.approx(79_200)
        assert [one.lever for one in record.levers] == ["smaller model", "spot training", "prompt caching"]

    @pytest.fixture
    def passing(self, saved: PlanStore) -> int:
        """One more initiative of the plan, of another lever; its version."""
        one = Initiative(id="passing", saving=0.1, scope={"x_Stage": ["training"]}, lever="batching")
        return saved.save_initiative("past", one, who="tests").version

    def asked(self, record: Record) -> ledger_words.Asked:
        return next(one for one in record.asked if one.what == "Approve more")

    def test_an_open_ask_past_its_day_is_overdue(
        self, found: Callable[[], Record], saved: PlanStore, passing: int
    ) -> None:
        Ledger(saved.state).save("past", "more", ask(passing="1000"), who="tests")
        one = self.asked(found())
        assert one.row.overdue and one.status == "open, overdue since 1 Oct 2026"
        assert (one.delay, one.decided, one.row.promised, one.row.asked) == (D("120"), "", 0, 1000)

    def test_refused_it_promises_nothing(self, found: Callable[[], Record], saved: PlanStore, passing: int) -> None:
        refused = ask(passing="1000").model_copy(
            update={"chosen": "Refused", "by": "CFO", "on": date(2026, 9, 1), "expected": "nothing"}
        )
        Ledger(saved.state).save("past", "more", refused, who="tests")
        one = self.asked(found())
        assert (one.row.promised, one.row.overdue) == (0, False)

    def test_a_share_and_a_name_that_never_was_are_no_promise(
        self, found: Callable[[], Record], saved: PlanStore, passing: int
    ) -> None:
        Ledger(saved.state).save("past", "more", ask(passing="30%", npv="5000"), who="tests")
        assert self.asked(found()).row.promised == 0

    def test_a_promise_outlives_its_initiative(
        self, found: Callable[[], Record], saved: PlanStore, passing: int
    ) -> None:
        approved = {"chosen": "Approved", "by": "CFO", "on": date(2026, 9, 1), "expected": "less"}
        Ledger(saved.state).save("past", "more", ask(passing="1000").model_copy(update=approved), who="tests")
        assert ("batching", 1000) in [(lever.lever, lever.decided) for lever in found().levers]
        saved.remove_initiative("past", "passing", who="tests", expected=passing)
        after = found()
        assert self.asked(after).row.promised == 1000
        assert (after.levers[-1].lever, after.levers[-1].decided) == ("no longer in a plan", 1000)

    def test_a_ledger_that_names_an_initiative_twice_stays_readable(
        self, found: Callable[[], Record], saved: PlanStore, passing: int
    ) -> None:
        """As older versions saved it: the second ask counts nothing and is named."""
        Ledger(saved.state).save("past", "more", ask(passing="1000"), who="tests")
        again = ask(passing="700").model_copy(update={"what": "Viewer asks", "sequence": 9})
        saved.state.put("decision", "past/again", again.model_dump(mode="json"), who="tests")
        record = found()
        assert {one.what: one.row.asked for one in record.asked if one.approved is None} == {
            "Approve more": 1000,
            "Viewer asks": 0,
        }
        assert len(record.asked) == 4 and record.repeats == (
            "“Viewer asks” repeats “passing”, which “Approve more” names already: counted once, with “Approve more”. "
            "Decide “Viewer asks” as refused to clear it.",
        )


def test_the_file_holds_what_the_page_shows(found: Callable[[], Record]) -> None:
    record = found()
    rows = list(csv.DictReader(io.StringIO(ledger_words.ledger_csv(record.asked, "USD"))))
    assert [row["Decision"] for row in rows] == [one.what for one in record.asked]
    assert sum(D(row["Signed off"]) for row in rows) == D("79200")
    assert sum(D(row["Promised"]) for row in rows) == D("431100")
