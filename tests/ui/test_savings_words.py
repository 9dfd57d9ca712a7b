"""What Savings calls its initiatives, and the sums of its title and cards, on entries written by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from types import SimpleNamespace
from typing import Any

from costlib.roadmap.savings.booked import Booking, Entry
from costlib.roadmap.savings.promised import Live, Measurement, Since
from ui.savings.page import Savings

JUNE, JULY = date(2026, 6, 1), date(2026, 7, 1)
SINCE = Since(JUNE, JUNE, "", "")


def live(id: str, title: str = "", plan: str = "fraud", stage: str = "L3", plan_title: str = "") -> Live:
    return Live(plan, plan_title or plan.capitalize(), id, title or id, "", stage, "USD", (), 0.5, None, SINCE)


def gone(id: str) -> Live:
    """An initiative that was taken out of its plan after finance had signed a month of it."""
    return replace(live(id), since=None, in_plan=False)


def measured(*members: Live) -> Measurement:
    return Measurement(members, SINCE)


def signed(key: str, amount: float, month: date = JUNE) -> Booking:
    return Booking(key, month, amount, "Cleo", JULY)


def savings(*held: Live, **more: Any) -> Savings:
    evidence: dict[str, Any] = {"measured": [], "realised": [], "promised": [], "bookings": [], "avoided": []}
    page: Any = SimpleNamespace()
    return Savings(live=list(held), **(evidence | more), page=page, currency="USD")


class TestNames:
    def test_a_title_alone_where_there_is_one_of_it(self) -> None:
        assert savings(live("a", "Switch off"), live("b", "Shrink")).names == {
            "fraud/a": "Switch off", "fraud/b": "Shrink",
        }  # fmt: skip

    def test_of_two_plans_with_the_plan(self) -> None:
        shown = savings(live("a", "Switch off"), live("a", "Switch off", "search"), live("b", "Shrink"))
        assert list(shown.names.values()) == ["Switch off (Fraud)", "Switch off (Search)", "Shrink"]

    def test_of_one_plan_with_the_id_too(self) -> None:
        shown = savings(live("a", "Switch off"), live("b", "Switch off"), live("c", "Switch off", "search"))
        assert list(shown.names.values()) == [
            "Switch off (Fraud, a)", "Switch off (Fraud, b)", "Switch off (Search)",
        ]  # fmt: skip

    def test_of_two_plans_of_one_title_with_the_id(self) -> None:
        shown = savings(live("a", "Off", "one", plan_title="Plan"), live("b", "Off", "two", plan_title="Plan"))
        assert list(shown.names.values()) == ["Off (Plan, a)", "Off (Plan, b)"]

    def test_measured_together_they_are_named_together_and_never_like_others(self) -> None:
        one, other, alike = live("a", "Cache"), live("b", "Smaller"), live("a", "Cache", "search")
        shown = savings(one, other, alike, measured=[measured(one, other), measured(alike)])
        assert [shown.name_of(each) for each in shown.measured] == ["Cache (Fraud) and Smaller", "Cache (Search)"]

    def test_what_was_signed_of_one_that_is_gone_has_its_id(self) -> None:
        shown = savings(live("a"), gone("gone"), bookings=[signed("fraud/a", 1), signed("fraud/gone", 2)])
        assert shown.names == {"fraud/a": "a", "fraud/gone": "gone (no longer in a plan)"}


class TestSums:
    REALISED = (Entry("fraud/a", JUNE, 100), Entry("fraud/a", JULY, 50), Entry("fraud/b", JULY, 30))
    BOOKINGS = (signed("fraud/a", 90), signed("fraud/gone", 7))

    def shown(self, **more: Any) -> dict[str, tuple[str, str]]:
        given: dict[str, Any] = {
            "realised": list(self.REALISED), "promised": [Entry("fraud/a", JUNE, 200)], "bookings": list(self.BOOKINGS),
            "avoided": [Entry("fraud/a", JULY, 11)],
        }  # fmt: skip
        found = savings(live("a", stage="L4"), live("b", stage="L3"), gone("gone"), **(given | more))
        return {card.label: (card.value, card.against) for card in found.cards()}

    def test_each_kind_is_a_card_and_none_is_added_to_another(self) -> None:
        """Of a June is signed with 90 instead of 100, July is done and not signed; b is still in flight."""
        assert self.shown() == {
            "Saved so far, likely": ("$180", "promised $200"),
            "Signed off by finance": ("$97.00", "2 months"),
            "Provisional": ("$50.00", "done, not signed yet"),
            "Avoided, kept apart": ("$11.00", "never on a bill, never added"),
        }

    def test_one_month_is_one_month_and_none_are_none(self) -> None:
        assert self.shown(bookings=[signed("fraud/a", 90)])["Signed off by finance"] == ("$90.00", "1 month")
        assert self.shown(bookings=[])["Signed off by finance"] == ("$0", "0 months")

    def test_the_title_says_the_same(self) -> None:
        held = (live("a", stage="L4"), live("b"))
        result: Any = SimpleNamespace(months=())
        found = savings(
            *held, realised=list(self.REALISED), promised=[Entry("fraud/a", JUNE, 200)], bookings=list(self.BOOKINGS),
            measured=[Measurement(held, SINCE, result), measured(live("c"))],
        )  # fmt: skip
        assert found.finding() == (
            "2 initiatives have saved $180 so far, 90% of what was promised; finance has signed off $97.00"
        )

    def test_what_cannot_be_measured_yet_is_no_saving(self) -> None:
        assert savings(live("c"), measured=[measured(live("c"))]).finding() == (
            "No saving is proven yet: no initiative is live"
        )


def test_of_nothing_there_is_nothing() -> None:
    assert savings().names == {} and [card.value for card in savings().cards()] == ["$0"] * 4
