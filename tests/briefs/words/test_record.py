"""The record of past forecasts in words: where a level ends, when a range held too seldom, and what columns mean."""

from __future__ import annotations

import pytest

from costlib.analysis.month_end import OURS, RUN_RATE, TO_DATE, Skill
from costlib.analysis.record import Figures
from costlib.briefs.words.record import (
    MONTH_END_HEADER,
    RECORD_HEADER,
    RECORD_HELP,
    month_end_finding,
    month_end_rows,
    record_finding,
    record_rows,
)


def figures(ahead=1, variance=0.041, level="best", versions=9, held=0.89, bias=0.01, within=0.8):
    return Figures(ahead, versions, 90, variance, bias, level, held, {0.12: within}, 0.8)


def skill(day, ours, rate=0.1):
    return Skill(day, 6, {OURS: ours, RUN_RATE: rate, TO_DATE: 0.2}, {}, 0.8)


class TestFinding:
    @pytest.mark.parametrize(
        ("variance", "level", "said"),
        [
            (0.2, "crawl", "20.0% on average: FinOps level crawl"),
            (0.201, None, "20.1% on average: too far off to plan on"),
        ],
    )
    def test_a_fifth_is_the_last_that_has_a_level(self, variance, level, said):
        assert (
            record_finding([figures(variance=variance, level=level)]) == f"Forecasts one month ahead were off by {said}"
        )

    @pytest.mark.parametrize(
        ("versions", "held", "told"),
        [(6, 0.499, True), (6, 0.5, False), (6, 0.501, False), (5, 0.1, False), (40, 0.0, True), (40, None, False)],
    )
    def test_a_range_that_held_less_than_half_the_time(self, versions, held, told):
        said = record_finding([figures(versions=versions, held=held)])
        assert ("think of it as wider" in said) is told

    def test_a_poor_forecast_says_nothing_of_its_range(self):
        assert "range" not in record_finding([figures(variance=0.5, level=None, held=0.0)])

    @pytest.mark.parametrize(
        "rows", [[], [figures(ahead=3)], [figures(variance=None)], [figures(ahead=0), figures(ahead=12)]]
    )
    def test_only_the_next_month_counts(self, rows):
        assert record_finding(rows) == "No month has closed yet that a forecast could be held against"

    def test_the_first_that_is_known_of_the_next_month(self):
        rows = [figures(3), figures(variance=None), figures(variance=0.05), figures(variance=0.09)]
        assert "off by 5.0%" in record_finding(rows)


class TestRows:
    def test_the_columns(self):
        assert RECORD_HEADER == (
            "Months ahead", "Kind", "Forecasts", "Off by", "Bias", "Level", "Range held", "Parts within 12%",
        )  # fmt: skip
        assert all(name.split(" within")[0] in RECORD_HELP for name in RECORD_HEADER[3:])

    def test_what_is_not_known_is_called_so_and_a_level_that_is_none_is_none(self):
        (row,) = record_rows([figures(variance=None, bias=None, level=None, held=None, within=None)], "locked")
        assert row == ["1", "locked", "9", "unknown", "unknown", "none", "unknown", "unknown"]

    def test_a_bias_has_its_sign(self):
        assert [record_rows([figures(bias=bias)], "locked")[0][4] for bias in (0.02, -0.02, 0.0)] == [
            "+2.0%", "−2.0%", "0.0%",
        ]  # fmt: skip

    def test_a_share_of_parts_that_was_not_counted_is_unknown(self):
        row = Figures(1, 2, 90, 0.1, 0.1, "run", 0.8, {0.05: 1.0}, 0.8)
        assert record_rows([row], "locked")[0][-1] == "unknown"

    def test_one_closed_month_is_a_row_and_none_is_not(self):
        assert len(record_rows([figures(versions=1), figures(3, versions=0)], "locked")) == 1
        assert record_rows([figures(versions=1200)], "locked")[0][2] == "1,200"


class TestMonthEnd:
    def test_the_earliest_day_is_told_wherever_it_stands(self):
        said = "Month ends told on day 5 were off by 6.0% on average; by the run rate, 10.0%"
        assert month_end_finding([skill(20, 0.01), skill(5, 0.06), skill(10, 0.03)]) == said

    def test_a_row_a_day_under_its_header(self):
        assert MONTH_END_HEADER == (
            "Told on day", "Months", "Forecast off by", "Run rate off by", "Month to date off by",
        )  # fmt: skip
        assert month_end_rows([skill(5, 0.06), skill(20, 0.01)]) == [
            ["5", "6", "6.0%", "10.0%", "20.0%"], ["20", "6", "1.0%", "10.0%", "20.0%"],
        ]  # fmt: skip
