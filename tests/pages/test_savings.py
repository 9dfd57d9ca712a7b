"""Savings: measured against the sample's hidden truth, signed off by finance alone, and told apart by certainty."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal as D
from pathlib import Path

import pytest

from costlib.sample import savings as truth
from costlib.state.errors import Conflict
from costlib.state.plans import PlanStore
from costlib.state.proof import GoLive, Proof
from tests.pages import plans, screen
from tests.pages.conftest import Open
from tests.ui.conftest import page_of
from ui.savings.page import Savings, savings_of

PROOF = "A smaller model for the support assistant and Cache the assistant's repeated prompts"
STANDINGS = "Since go-live, USD, likely; saved as measured, signed off as finance signed"
REVIEW = "Variance review by fiscal quarter, USD; variance is saved less promised"


def dollars(text: str) -> float:
    """A short amount as a number.

    >>> dollars("$22.7K"), dollars("−$312"), dollars("–")
    (22700.0, -312.0, 0.0)
    """
    if text in ("–", "$0"):
        return 0.0
    sign = -1.0 if text.startswith("−") else 1.0
    bare = text.lstrip("+−").removeprefix("$").replace(",", "")
    factor = {"K": 1e3, "M": 1e6}.get(bare[-1], 1.0)
    return sign * float(bare.rstrip("KM")) * factor


@pytest.fixture
def savings(store_of: Callable[[str], Path]) -> Savings:
    return savings_of(page_of(store_of("demo")), "USD")


class TestAgainstTheTruth:
    """What the sample's initiatives truly saved is known to the cent, and to no code of the page."""

    def true(self, *names: str) -> float:
        rows = truth.initiatives().to_pylist()
        return float(sum(row["saving"] for row in rows if row["initiative"] in names))

    def test_the_assistants_two_initiatives(self, savings: Savings) -> None:
        (one,) = (held for held in savings.measured if len(held.members) == 2)
        assert one.result
        true = self.true(truth.SMALLER_MODEL, truth.CACHING)
        assert one.result.saving.low <= true <= one.result.saving.high
        assert one.result.saving.likely == pytest.approx(true, rel=0.02)

    def test_spot_retraining(self, savings: Savings) -> None:
        (one,) = (held for held in savings.measured if len(held.members) == 1)
        assert one.result
        assert one.result.saving.low <= self.true(truth.SPOT) <= one.result.saving.high

    def test_what_several_saved_is_divided_without_a_rest(self, savings: Savings) -> None:
        for one in savings.measured:
            assert sum(one.share(member) for member in one.members) == pytest.approx(1)
            assert one.result
            months = sum(month.saving.likely for month in one.result.months)
            assert sum(entry.amount for entry in one.realised()) == pytest.approx(months)

    def test_nothing_is_counted_before_go_live(self, savings: Savings) -> None:
        assert min(entry.month for entry in savings.realised if "spot" in entry.initiative) == date(2026, 4, 1)
        assert min(entry.month for entry in savings.realised if "support" in entry.initiative) == date(2026, 6, 1)


def test_promised_is_the_frozen_reference_times_the_likely_saving(savings: Savings) -> None:
    """63,000 USD a month x 50 %: half of June (15 of 30 days), all of July."""
    promised = {
        entry.month: entry.amount for entry in savings.promised if entry.initiative == "past/smaller-support-model"
    }
    assert promised[date(2026, 6, 1)] == pytest.approx(63_000 * 0.5 * 15 / 30)
    assert promised[date(2026, 7, 1)] == pytest.approx(31_500)


def test_the_page_says_what_was_saved_and_keeps_kinds_apart(open_page: Open) -> None:
    app = open_page("savings", proof=PROOF)
    header, *rows, whole = screen.tables(app)[STANDINGS]
    assert header == [
        "Initiative", "Stage", "Promised", "Saved, likely", "Signed off", "Provisional", "In flight", "Avoided, apart"
    ]  # fmt: skip
    cards = {metric.label: screen.plain(metric.value) for metric in app.metric}
    assert list(cards.values()) == [whole[3], whole[4], whole[5], whole[7]]
    assert whole[3] in screen.title(app) and whole[4] in screen.title(app)
    saved = sum(dollars(row[3]) for row in rows)
    assert dollars(whole[3]) == pytest.approx(saved, rel=0.01)
    assert whole[4] == "$79.2K"  # 2,150 + 3,300 + 3,250 + 34,000 + 36,500
    assert whole[7] == "$5.00K"


def test_proof_shows_range_demand_checks_and_placebos(open_page: Open) -> None:
    app = open_page("savings", proof=PROOF)
    words = screen.everything(app)
    assert "eight outcomes in ten lie there, driven by the volume that was measured" in words
    assert "More demand since go-live moved the cost by" in words
    assert "Of the saving, rate" in words
    assert "when nothing had been done was off by" in words
    assert "measured together" in words
    checks = screen.tables(app)["Is it still there? Share of what it would have cost"]
    assert [row[0] for row in checks[1:]] == ["30 days", "90 days"]
    assert all(row[-1] == "still there" for row in checks[1:])
    (chart,) = screen.charts(app)
    actual, without = chart.marks["Actual"], chart.marks["Without it, likely"]
    assert all(a is not None for a in actual)
    after = [(a, w) for a, w in zip(actual, without, strict=True) if w is not None]
    assert after[0][0] == after[0][1] and all(w > a for a, w in after[1:] if a is not None)


def test_every_saving_is_checked_at_30_and_90_days(open_page: Open) -> None:
    app = open_page("savings")
    assert "Both savings that were checked are still there" in screen.headers(app)
    _, *rows = screen.tables(app)["Checks 30 and 90 days after full effect"]
    found = {row[0]: row[1:3] for row in rows}
    assert found["Retrain the search ranker on spot capacity"] == [
        "still there, 1 May 2026",
        "still there, 30 Jun 2026",
    ]
    assert found[PROOF] == ["still there, 16 Jul 2026", "still there, 14 Sep 2026"]
    assert not [one for one in app.warning if "after it was in full effect" in one.value]


def test_what_went_away_again_is_an_alarm(saved: PlanStore, open_page: Open) -> None:
    """Spot capacity said to be in full effect in 2025 already: what a false day makes of it is no saving."""
    version = Proof(saved.state).go_lives("past")["spot-retraining"].version
    day = date(2025, 9, 1)
    Proof(saved.state).set_go_live(
        "past", "spot-retraining", GoLive(since=day, full_from=day), who="Ada", expected=version
    )
    app = open_page("savings")
    rows = {row[0]: row for row in screen.tables(app)["Checks 30 and 90 days after full effect"][1:]}
    assert "still there" not in rows["Retrain the search ranker on spot capacity"][2]


def test_a_quarter_of_several_initiatives_has_a_sum(open_page: Open) -> None:
    rows = screen.tables(open_page("savings"))[REVIEW][1:]
    for whole in (row for row in rows if row[0].startswith("All of ")):
        own = [row for row in rows if row[1] == whole[1] and row is not whole]
        for column in (2, 3, 4):
            assert dollars(whole[column]) == pytest.approx(sum(dollars(row[column]) for row in own), rel=0.01)
    newest = next(row for row in rows if row[0].startswith("All of "))
    title = next(one for one in screen.headers(open_page("savings")) if one.startswith(f"{newest[1]}: "))
    assert newest[5].lstrip("+−") in title


def test_the_review_adds_up_to_the_table(open_page: Open) -> None:
    app = open_page("savings")
    tables = screen.tables(app)
    by_quarter = {}
    for name, _, promised, saved, *_ in tables[REVIEW][1:]:
        one = by_quarter.setdefault(name, [0.0, 0.0])
        one[0] += dollars(promised)
        one[1] += dollars(saved)
    for name, _, promised, saved, *_ in tables[STANDINGS][1:-1]:
        assert by_quarter[name] == pytest.approx([dollars(promised), dollars(saved)], rel=0.02)


class TestSignOff:
    @pytest.mark.usefixtures("unbarred")
    def test_a_lead_does_not_book(self, saved: PlanStore, open_page: Open) -> None:
        before = len(Proof(saved.state).bookings("past"))
        app = screen.press(plans.introduce(open_page("savings"), role="lead"), "Sign off")
        assert "is not booked by a lead" in screen.plain(app.error[0].value)
        assert len(Proof(saved.state).bookings("past")) == before

    def test_finance_books_a_month_once(self, saved: PlanStore, open_page: Open) -> None:
        app = plans.introduce(open_page("savings"), "Cleo", "finance")
        app = screen.press(app, "Sign off")
        assert not app.error
        july = [one for one in Proof(saved.state).bookings("past") if one.month == date(2026, 7, 1)]
        spot = next(one for one in july if one.initiative == "spot-retraining")
        assert spot.signed_by == "Cleo" and spot.amount > 0
        assert "2 closed months are not signed off yet" in screen.headers(app)
        with pytest.raises(Conflict):
            Proof(saved.state).sign(
                "past", "spot-retraining", date(2026, 7, 1), D(1), who="Dan", role="finance", on=date(2026, 11, 1)
            )

    def test_finance_takes_a_sign_off_back(self, saved: PlanStore, open_page: Open) -> None:
        before = Proof(saved.state).bookings("past")
        app = plans.introduce(open_page("savings"), "Cleo", "finance")
        app.text_input(key="take-back-why").set_value("the invoice was restated")
        app = screen.press(app, "Take it back")
        assert not app.error
        assert len(Proof(saved.state).bookings("past")) == len(before) - 1
        assert "this is taken back" in screen.plain(app.success[0].value)

    def test_an_amount_beyond_any_budget_is_refused(self, saved: PlanStore, open_page: Open) -> None:
        before = len(Proof(saved.state).bookings("past"))
        app = plans.introduce(open_page("savings"), "Cleo", "finance")
        next(one for one in app.number_input if one.label.startswith("Amount that finance signs")).set_value(1e99)
        app = screen.press(app, "Sign off")
        assert "1e+99 is too large an amount" in screen.plain(app.error[0].value)
        assert len(Proof(saved.state).bookings("past")) == before


class TestGoLive:
    def approve(self, saved: PlanStore) -> None:
        one = saved.read("fraud").initiative("stop-canary")
        saved.move(
            "fraud", "stop-canary", "L3", who="Cleo", role="finance", expected=one.version, reference=D(7000),
            cycle="FY27 budget", segments=[{"x_Model": "fraud-scorer", "x_Stage": "idle"}],
        )  # fmt: skip

    def test_what_is_approved_waits_for_its_go_live(self, saved: PlanStore, open_page: Open) -> None:
        self.approve(saved)
        app = plans.introduce(open_page("savings"))
        assert "1 approved initiative is not live yet" in screen.headers(app)
        app.date_input(key="live-since").set_value(date(2026, 9, 1))
        app.date_input(key="full-from").set_value(date(2026, 9, 1))
        app = screen.press(app, "It is live")
        assert not app.exception
        assert Proof(saved.state).go_lives("fraud")["stop-canary"].go_live == GoLive(
            since=date(2026, 9, 1), full_from=date(2026, 9, 1)
        )

    def test_the_volume_that_drives_it_is_chosen_among_those_loaded(self, saved: PlanStore, open_page: Open) -> None:
        self.approve(saved)
        app = plans.introduce(open_page("savings"))
        driver = app.selectbox(key="driven-by")
        assert driver.options[0].startswith("its own trend")
        assert "requests of fraud-scorer" in driver.options
        driver.set_value(("requests", "fraud-scorer"))
        app = screen.press(app, "It is live")
        assert not app.exception and not app.error
        go_live = Proof(saved.state).go_lives("fraud")["stop-canary"].go_live
        assert (go_live.volume, go_live.volume_of) == ("requests", "fraud-scorer")

    def test_two_days_out_of_order_are_refused(self, saved: PlanStore, open_page: Open) -> None:
        self.approve(saved)
        app = plans.introduce(open_page("savings"))
        app.date_input(key="full-from").set_value(date(2026, 9, 1))
        app = screen.press(app, "It is live")
        assert "before it is live" in screen.plain(app.error[0].value)

    def test_too_little_after_go_live_is_said_and_not_guessed(self, saved: PlanStore, open_page: Open) -> None:
        self.approve(saved)
        go_live = GoLive(since=date(2026, 12, 1), full_from=date(2026, 12, 1))
        Proof(saved.state).set_go_live("fraud", "stop-canary", go_live, who="Ada")
        app = open_page("savings", proof="Stop the canary in ml-dev that nobody calls")
        assert "Stop the canary in ml-dev that nobody calls: nothing can be said yet" in screen.headers(app)
        assert "ends before the ramp does" in screen.everything(app)


def test_where_nothing_is_live_it_says_how_a_saving_is_proven(open_page: Open) -> None:
    app = open_page("savings", "one_day")
    assert screen.title(app) == "No saving is proven yet: no initiative is live"
    assert "Approve an initiative on the Roadmap" in screen.everything(app)


def test_signed_and_provisional_are_led_back_to_saved(open_page: Open, savings: Savings) -> None:
    """Finance signed less than was measured: what the columns lack of saved stands below them."""
    app = open_page("savings")
    *_, whole = screen.tables(app)[STANDINGS]
    _, _, _, saved, booked, provisional, _, _ = whole
    (told,) = (one.value for one in app.caption if one.value.startswith("In the months that finance signed"))
    lacks = dollars(screen.plain(told).rpartition("add up to ")[2].removesuffix(" less than saved."))
    exact = sum(one.amount for one in savings.realised) - sum(
        row.booked + row.provisional + row.in_flight for row in savings.standings
    )
    assert lacks == pytest.approx(exact, rel=0.01)
    assert dollars(booked) + dollars(provisional) + lacks == pytest.approx(dollars(saved), rel=0.01)
