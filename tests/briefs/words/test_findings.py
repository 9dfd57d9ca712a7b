"""Every sentence a page or chart may say first: up, down, steady, unknown, nothing to compare with, ties, credits."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from costlib import money
from costlib.analysis.trend import Change
from costlib.briefs.words.findings import (
    STEADY,
    growth_finding,
    movers_finding,
    peak_finding,
    share_finding,
    spend_finding,
    when,
)
from costlib.periods import Window

MONTHS = ("Nov 2025", "Sep 2026")

names = st.one_of(st.none(), st.sampled_from(["Fraud", "Search", "Recs", "Web", "Data", "Ω"]))
amounts = st.one_of(st.none(), st.decimals(min_value=-(10**9), max_value=10**9, places=2))
changes = st.lists(st.builds(Change, names, amounts, amounts), max_size=8, unique_by=lambda one: one.name)


def spend(before: D | None, after: D | None, *movers: Change, currency: str = "USD") -> str:
    return spend_finding("AI spend", currency, Change(None, before, after), "in Sep 2026", "in Aug 2026", movers)


class TestSpend:
    RISE = Change("Recs", D(100_000), D(150_000))
    FALL = Change("Fraud", D(80_000), D(60_000))
    NOBODYS = Change(None, D(0), D(70_000))

    @pytest.mark.parametrize(
        ("before", "after", "movers", "said"),
        [
            pytest.param(
                D(461_000),
                D(512_000),
                (RISE, FALL),
                "AI spend was $512K in Sep 2026, 11% more than in Aug 2026, led by Recs (+$50.0K)",
                id="up, led by who rose",
            ),
            pytest.param(
                D(512_000),
                D(461_000),
                (RISE, FALL),
                "AI spend was $461K in Sep 2026, 10% less than in Aug 2026, led by Fraud (−$20.0K)",
                id="down, led by who fell, although another rose by more",
            ),
            pytest.param(
                D(500_000),
                D(595_000),
                (RISE, NOBODYS),
                "AI spend was $595K in Sep 2026, 19% more than in Aug 2026, led by spend that has no team (+$70.0K)",
                id="up, led by nobody's spend",
            ),
            pytest.param(
                D(100), D(200), (), "AI spend was $200 in Sep 2026, 100% more than in Aug 2026", id="up, movers unknown"
            ),
            pytest.param(
                D(100_000),
                D(150_000),
                (RISE,),
                "AI spend was $150K in Sep 2026, 50% more than in Aug 2026",
                id="up, and nobody else to lead",
            ),
            pytest.param(
                D(100),
                D(110),
                (FALL,),
                "AI spend was $110 in Sep 2026, 10% more than in Aug 2026",
                id="up, and nobody went that way",
            ),
            pytest.param(
                D(100),
                D(110),
                (Change("New", None, D(40)), Change("Old", D(3), D(3))),
                "AI spend was $110 in Sep 2026, 10% more than in Aug 2026",
                id="up, who moved it is unknown",
            ),
            pytest.param(
                D(100), D(101), (RISE,), "AI spend was $101 in Sep 2026, about the same as in Aug 2026", id="+1%"
            ),
            pytest.param(
                D(100),
                D("98.01"),
                (FALL,),
                "AI spend was $98.01 in Sep 2026, about the same as in Aug 2026",
                id="-1.99%",
            ),
            pytest.param(
                D(100), D(100), (), "AI spend was $100 in Sep 2026, about the same as in Aug 2026", id="equal"
            ),
            pytest.param(D(100), D(102), (), "AI spend was $102 in Sep 2026, 2% more than in Aug 2026", id="just +2%"),
            pytest.param(D(100), D(98), (), "AI spend was $98.00 in Sep 2026, 2% less than in Aug 2026", id="just -2%"),
            pytest.param(D(100), D(0), (), "AI spend was $0 in Sep 2026, 100% less than in Aug 2026", id="to nothing"),
            pytest.param(None, D(512_000), (), "AI spend was $512K in Sep 2026", id="no earlier bill"),
            pytest.param(D(0), D(512_000), (RISE,), "AI spend was $512K in Sep 2026", id="from nothing"),
            pytest.param(D(-5), D(512_000), (RISE,), "AI spend was $512K in Sep 2026", id="from a credit"),
            pytest.param(D(5), None, (RISE,), "AI spend was unknown in Sep 2026", id="unknown"),
            pytest.param(None, None, (), "AI spend was unknown in Sep 2026", id="both unknown"),
            pytest.param(
                D(100), D(-50), (), "AI spend was −$50.00 in Sep 2026, 150% less than in Aug 2026", id="a credit"
            ),
        ],
    )
    def test_by_hand(self, before: D | None, after: D | None, movers: tuple[Change, ...], said: str) -> None:
        assert spend(before, after, *movers) == said

    def test_of_equal_movers_the_first_leads(self) -> None:
        movers = Change("Search", D(0), D(30)), Change("Fraud", D(0), D(30))
        assert spend(D(100), D(160), *movers).endswith("led by Search (+$30.00)")

    def test_in_another_currency_and_with_another_word_for_no_name(self) -> None:
        said = spend_finding(
            "All spend",
            "EUR",
            Change(None, D(100), D(150)),
            "from 1 Sep 2026 to 8 Sep 2026",
            "from 1 Aug 2026 to 8 Aug 2026",
            [Change(None, D(0), D(50)), Change("eu-west-1", D(100), D(100))],
            "RegionId",
        )
        assert said == (
            "All spend was €150 from 1 Sep 2026 to 8 Sep 2026, 50% more than from 1 Aug 2026 to 8 Aug 2026, "
            "led by spend that is not given (+€50.00)"
        )

    @given(amounts, amounts, changes)
    def test_says_only_what_the_figures_say(self, before: D | None, after: D | None, movers: list[Change]) -> None:
        said = spend(before, after, *movers)
        comparable = before is not None and after is not None and before > 0
        assert said.startswith(f"AI spend was {money.short(after, 'USD')} in Sep 2026")
        assert ("in Aug 2026" in said) == comparable
        if comparable:
            assert before is not None and after is not None
            assert ("about the same" in said) == (abs(after - before) / before < STEADY)
            assert " more than " not in said or after > before
            assert " less than " not in said or after < before
        if "led by" in said:
            led = {money.signed(one.amount, "USD") for one in movers if one.amount}
            assert re.search(r"\((.*)\)$", said).group(1) in led  # type: ignore[union-attr]
            assert ("(+" in said) == (after > before)  # type: ignore[operator]


class TestWhen:
    @pytest.mark.parametrize(
        ("start", "end", "said"),
        [
            (date(2026, 9, 1), date(2026, 10, 1), "in Sep 2026"),
            (date(2026, 8, 1), date(2026, 10, 1), "from Aug 2026 to Sep 2026"),
            (date(2026, 9, 16), date(2026, 9, 17), "on 16 Sep 2026"),
            (date(2026, 9, 30), date(2026, 10, 1), "on 30 Sep 2026"),
            (date(2026, 9, 1), date(2026, 9, 21), "from 1 Sep 2026 to 20 Sep 2026"),
        ],
    )
    def test_by_hand(self, start: date, end: date, said: str) -> None:
        assert when(Window(start, end)) == said


class TestShare:
    @pytest.mark.parametrize(
        ("parts", "said"),
        [
            pytest.param(
                [("Fraud", D(300)), ("Search", D(100))],
                "Fraud is the largest part: $300, 75% of the whole",
                id="all has a name",
            ),
            pytest.param(
                [(None, D(400)), ("Fraud", D(300)), ("Search", D(100))],
                "Fraud is the largest part that has a team: $300, 38% of the whole; 50% has no team",
                id="most has no name",
            ),
            pytest.param(
                [(None, D(100)), ("Fraud", D(100))],
                "Fraud is the largest part: $100, 50% of the whole; 50% has no team",
                id="as much has no name",
            ),
            pytest.param([("Fraud", D(300))], "Fraud is all of it: $300", id="only one"),
            pytest.param([(None, D(400))], "All of it has no team: $400", id="nobody's"),
            pytest.param([], "Nothing was spent here", id="nothing"),
            pytest.param([("a", D(50)), ("b", D(50))], "a is the largest part: $50.00, 50% of the whole", id="tie"),
            pytest.param(
                [("Fraud", D(300)), ("Credits", D(-100))],
                "Fraud is the largest part: $300, 150% of the whole",
                id="a credit makes the whole smaller than its part",
            ),
            pytest.param(
                [("Fraud", D(300)), (None, D(-100))],
                "Fraud is the largest part: $300, 150% of the whole",
                id="an unallocated credit is no share",
            ),
            pytest.param(
                [("Fraud", D(300)), (None, D(-500))],
                "Fraud is the largest part: $300",
                id="the whole is a credit",
            ),
            pytest.param(
                [("Fraud", D(3)), (None, D(1)), ("Search", None)],
                "Fraud is the largest part: $3.00, 75% of the whole; 25% has no team",
                id="one is unknown",
            ),
            pytest.param([("Fraud", None), (None, None)], "What was spent is unknown", id="all is unknown"),
            pytest.param([(None, None)], "What was spent is unknown", id="unknown and nobody's"),
            pytest.param([("Fraud", D(0)), (None, D(0))], "Fraud is the largest part: $0", id="nothing spent"),
        ],
    )
    def test_by_hand(self, parts: list[tuple[str | None, D | None]], said: str) -> None:
        assert share_finding(parts, "USD") == said

    def test_other_words_and_currency(self) -> None:
        assert share_finding([("EU", D(3)), (None, D(1))], "EUR", "RegionId") == (
            "EU is the largest part: €3.00, 75% of the whole; 25% is not given"
        )
        assert share_finding([(None, D(3)), ("EU", D(1))], "EUR", "RegionId") == (
            "EU is the largest part whose region is given: €1.00, 25% of the whole; 75% is not given"
        )


class TestGrowth:
    PARTS = (("Fraud", D(300)), (None, D(100)))

    @pytest.mark.parametrize(
        ("first", "last", "said"),
        [
            (D(326_000), D(516_000), "AI spend rose from $326K in Nov 2025 to $516K in Sep 2026"),
            (D(516_000), D(326_000), "AI spend fell from $516K in Nov 2025 to $326K in Sep 2026"),
            (D(100), D("101.99"), "AI spend stayed near $102 from Nov 2025 to Sep 2026"),
            (D(100), D(102), "AI spend rose from $100 in Nov 2025 to $102 in Sep 2026"),
            (D(100), D(98), "AI spend fell from $100 in Nov 2025 to $98.00 in Sep 2026"),
            (D(100), D(-20), "AI spend fell from $100 in Nov 2025 to −$20.00 in Sep 2026"),
        ],
    )
    def test_by_hand(self, first: D, last: D, said: str) -> None:
        found = growth_finding("AI spend", "USD", MONTHS, (first, last), self.PARTS)
        assert found == f"{said}; Fraud is the largest part, 25% has no team"

    @pytest.mark.parametrize(
        ("parts", "tail"),
        [
            pytest.param([("Fraud", D(9))], "", id="one part is not the largest of several"),
            pytest.param([("Fraud", D(9)), ("Web", D(1))], "; Fraud is the largest part", id="all named"),
            pytest.param([(None, D(9))], "; 100% has no team", id="nobody's"),
            pytest.param([("Fraud", D(9)), (None, D(-1))], "; Fraud is the largest part", id="unallocated credit"),
        ],
    )
    def test_what_is_said_of_the_parts(self, parts: list[tuple[str | None, D | None]], tail: str) -> None:
        found = growth_finding("AI spend", "USD", MONTHS, (D(1), D(2)), parts)
        assert found == f"AI spend rose from $1.00 in Nov 2025 to $2.00 in Sep 2026{tail}"

    @pytest.mark.parametrize(("first", "last"), [(None, D(5)), (D(5), None), (D(0), D(5)), (D(-3), D(5))])
    def test_without_a_change_to_tell_it_tells_the_shares(self, first: D | None, last: D | None) -> None:
        found = growth_finding("AI spend", "USD", MONTHS, (first, last), self.PARTS)
        assert found == share_finding(self.PARTS, "USD")


class TestPeak:
    DAYS = tuple(date(2026, 7, day) for day in (9, 10, 11, 12))

    @pytest.mark.parametrize(
        ("values", "said"),
        [
            pytest.param(
                (D(100), D(300), D(150), D(200)),
                "A typical day cost $175; the dearest was 10 Jul 2026 at $300",
                id="the middle of an even number of days",
            ),
            pytest.param(
                (D(100), D(300), None, D(150)),
                "A typical day cost $150; the dearest was 10 Jul 2026 at $300",
                id="an unknown day is left out, not counted as nothing",
            ),
            pytest.param(
                (D(5), D(7), D(7), D(1)),
                "A typical day cost $6.00; the dearest was 11 Jul 2026 at $7.00",
                id="of equal days the last",
            ),
            pytest.param(
                (D(0), D(0), D(0), D(-40)), "A typical day cost $0; the dearest was 11 Jul 2026 at $0", id="a credit"
            ),
            pytest.param((None, None, None, None), "No daily spend is known here", id="unknown"),
        ],
    )
    def test_by_hand(self, values: tuple[D | None, ...], said: str) -> None:
        assert peak_finding(self.DAYS, values, "USD") == said

    def test_without_days(self) -> None:
        assert peak_finding([], [], "USD") == "No daily spend is known here"

    def test_one_day(self) -> None:
        assert peak_finding(self.DAYS[:1], (D(4),), "EUR") == (
            "A typical day cost €4.00; the dearest was 9 Jul 2026 at €4.00"
        )


class TestMovers:
    @pytest.mark.parametrize(
        ("movers", "said"),
        [
            pytest.param(
                [Change("Fraud", D(10), D(40)), Change("Web", D(5), D(30)), Change("Search", D(50), D(45))],
                "Fraud added most (+$30.00), Search fell most (−$5.00)",
                id="both ways",
            ),
            pytest.param([Change("Fraud", D(10), D(40))], "Fraud added most (+$30.00)", id="up only"),
            pytest.param([Change("Fraud", D(40), D(10))], "Fraud fell most (−$30.00)", id="down only"),
            pytest.param([Change(None, D(0), D(70_000))], "Spend that has no team added most (+$70.0K)", id="nobody's"),
            pytest.param(
                [Change("a", D(0), D(5)), Change("b", D(0), D(5))],
                "a added most (+$5.00)",
                id="of equal ones the first",
            ),
            pytest.param([Change("Credits", D(-5), D(-50))], "Credits fell most (−$45.00)", id="more credits"),
            pytest.param([Change("a", D(5), D(5))], "Nothing changed", id="nothing"),
            pytest.param(
                [Change("a", D(5), D(5)), Change("b", None, D(9))], "Nothing changed", id="nothing that is known"
            ),
            pytest.param([Change("a", None, None)], "What changed is unknown", id="unknown"),
            pytest.param([], "There is nothing earlier to compare with", id="no earlier bill"),
        ],
    )
    def test_by_hand(self, movers: list[Change], said: str) -> None:
        assert movers_finding(movers, "USD") == said

    def test_another_word_for_no_name(self) -> None:
        said = movers_finding([Change(None, D(1), D(0))], "USD", "RegionId")
        assert said == "Spend that is not given fell most (−$1.00)"

    @given(changes)
    def test_nobody_moved_more_than_who_is_named(self, movers: list[Change]) -> None:
        said = movers_finding(movers, "USD")
        known = [one.amount for one in movers if one.amount is not None]
        rises, falls = [one for one in known if one > 0], [one for one in known if one < 0]
        assert ("added most" in said) == bool(rises)
        assert ("fell most" in said) == bool(falls)
        if rises:
            assert f"added most ({money.signed(max(rises), 'USD')})" in said
        if falls:
            assert f"fell most ({money.signed(min(falls), 'USD')})" in said


def test_a_fall_is_never_called_a_saving() -> None:
    """What fell may have been moved, turned off or broken: only a measured initiative is a saving."""
    said = [
        spend(D(100), D(50), Change("Fraud", D(60), D(10))),
        movers_finding([Change("Fraud", D(60), D(10))], "USD"),
        growth_finding("AI spend", "USD", MONTHS, (D(100), D(50)), [("Fraud", D(50))]),
    ]
    assert not any("sav" in sentence.lower() for sentence in said)


def test_half_a_dollar_has_its_direction_and_its_leader() -> None:
    up, down = Change("Web", D(1), D("1.50")), Change("Web", D("1.50"), D(1))
    assert spend(D(1), D("1.50"), down, up) == (
        "AI spend was $1.50 in Sep 2026, 50% more than in Aug 2026, led by Web (+$0.50)"
    )
    assert spend(D("1.50"), D(1), up, down) == (
        "AI spend was $1.00 in Sep 2026, 33% less than in Aug 2026, led by Web (−$0.50)"
    )


def test_growth_names_the_largest_that_has_a_name() -> None:
    parts = [(None, D(600)), ("Fraud", D(300)), ("Web", D(100))]
    assert growth_finding("AI spend", "USD", MONTHS, (D(1), D(2)), parts) == (
        "AI spend rose from $1.00 in Nov 2025 to $2.00 in Sep 2026; "
        "Fraud is the largest part that has a team, 60% has no team"
    )
    assert growth_finding("AI spend", "USD", MONTHS, (D(1), D(2)), [(None, D(6)), (None, D(3))]) == (
        "AI spend rose from $1.00 in Nov 2025 to $2.00 in Sep 2026; 100% has no team"
    )


def test_of_two_parts_the_larger_is_named() -> None:
    parts = [("Fraud", D(300)), ("Web", D(100))]
    assert growth_finding("AI spend", "USD", MONTHS, (D(1), D(2)), parts).endswith("; Fraud is the largest part")
