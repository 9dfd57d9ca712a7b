"""Several anomalies in one sentence, and segments in words: money up and money down are never set off."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from costlib.analysis.anomalies import Anomaly, Kind
from costlib.briefs.exhibits import OTHER
from costlib.briefs.words.anomaly import anomalies_finding, anomaly_finding, segment_words

DAY = date(2026, 7, 9)
SPIKE = Anomaly((), Kind.SPIKE, DAY, DAY, D(150), D(100), D(90), D(110), D(100), D(150))


def excess(*amounts: int) -> list[Anomaly]:
    return [replace(SPIKE, actual=SPIKE.expected + amount) for amount in amounts]


def said(*amounts: int, currency: str = "USD") -> str:
    return anomalies_finding(excess(*amounts), currency, "in Jul 2026")


class TestSeveral:
    @pytest.mark.parametrize(
        ("amounts", "words"),
        [
            ((), "Nothing unusual happened in Jul 2026"),
            ((50,), "1 unusual change in Jul 2026 cost $50.00 more than expected"),
            ((-50,), "1 unusual change in Jul 2026 cost $50.00 less than expected"),
            ((50, 70), "2 unusual changes in Jul 2026 cost $120 more than expected"),
            ((50, -50), "2 unusual changes in Jul 2026 cost $50.00 more and $50.00 less than expected"),
            ((0,), "1 unusual change in Jul 2026 cost as much as expected"),
        ],
    )
    def test_by_hand(self, amounts: tuple[int, ...], words: str) -> None:
        assert said(*amounts) == words

    def test_in_the_bills_currency(self) -> None:
        assert said(1500, currency="JPY") == "1 unusual change in Jul 2026 cost ¥1.50K more than expected"

    @given(st.lists(st.integers(-10_000, 10_000), min_size=1, max_size=30))
    def test_the_order_does_not_matter_and_no_word_is_missing(self, amounts: list[int]) -> None:
        words = said(*amounts)
        assert words == said(*reversed(amounts))
        assert "  " not in words and "−" not in words
        assert (" more" in words, " less" in words) == (max(amounts) > 0, min(amounts) < 0)


class TestOne:
    def test_a_refund_below_the_range_keeps_its_signs(self) -> None:
        credit = replace(SPIKE, kind=Kind.DROP, actual=D(-40), expected=D(-10), low=D(-15), high=D(-5))
        assert anomaly_finding(credit, "USD", "Support") == (
            "Support cost −$40.00 on 9 Jul 2026, $30.00 less than expected (−$15.00 to −$5.00)"
        )

    def test_days_across_the_end_of_a_year(self) -> None:
        over = replace(SPIKE, first=date(2026, 12, 31), last=date(2027, 1, 1))
        assert "cost $150 from 31 Dec 2026 to 1 Jan 2027, " in anomaly_finding(over, "USD", "Search")

    def test_two_whole_months_are_named_as_months(self) -> None:
        over = replace(SPIKE, first=date(2026, 7, 1), last=date(2026, 8, 31))
        assert "from Jul 2026 to Aug 2026" in anomaly_finding(over, "USD", "Search")


class TestSegments:
    @pytest.mark.parametrize(
        ("segment", "words"),
        [
            ((), ""),
            ((("x_Team", None),), "Spend that has no team"),
            ((("x_Team", "No team"),), '"No team"'),
            ((("x_Team", OTHER),), f'"{OTHER}"'),
            ((("x_Team", "חיפוש"), ("ServiceName", "SageMaker"), ("RegionId", "eu-1")), "חיפוש (SageMaker, eu-1)"),
        ],
    )
    def test_by_hand(self, segment: tuple[tuple[str, str | None], ...], words: str) -> None:
        assert segment_words(segment) == words
