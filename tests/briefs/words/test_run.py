"""Words of runs: what is unknown is said to be, one run is one run, and the rows of the bill keep every amount."""

from __future__ import annotations

from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from costlib import money
from costlib.briefs.words.run import STAGE_NAMES, bill_rows, quality_finding, runs_finding, source_words, tie_words

NOTHING = (0, D(0))
cents = st.decimals(D("-1e6"), D("1e6"), places=2, allow_nan=False)


class TestFinding:
    @pytest.mark.parametrize(("top", "total"), [(None, D(5)), (("ranker", D(0)), D(0)), (("ranker", D(-5)), D(-5))])
    def test_without_a_known_cost_nothing_is_called_dearest(self, top: tuple[str, D] | None, total: D) -> None:
        words = runs_finding(top, total, D(0), "USD", "in Sep 2026")
        assert words == "What runs cost in Sep 2026 is unknown: no bill and no price goes with them"

    def test_no_waste_is_said(self) -> None:
        words = runs_finding(("推薦", D(250)), D(1000), D(0), "EUR", "in Sep 2026")
        assert words == (
            "Runs cost €1.00K in Sep 2026, 25% of it for 推薦; none of the money went into runs that failed or were "
            "cancelled"
        )


class TestQuality:
    def test_the_best_may_be_the_cheapest(self) -> None:
        best = ("v9", D(900), D("0.9410"))
        assert quality_finding("scorer", "auc", best, best, "USD") == (
            "The best auc of scorer, 0.941, cost $900, and no run was cheaper"
        )

    def test_a_quality_keeps_its_digits(self) -> None:
        words = quality_finding("m", "loss", ("a", D(1), D("1E-7")), ("b", D("0.004"), D("12.50")), "USD")
        assert words == "The best loss of m, 0.0000001, cost $1.00; 12.5 was had for $0.004"


class TestSources:
    @pytest.mark.parametrize(
        ("billed", "listed", "unknown", "words"),
        [
            ((1, D(900)), NOTHING, 0, "From the bill: 1 run, $900."),
            (NOTHING, (1200, D(12)), 0, "From list prices, an estimate: 1,200 runs, $12.00."),
            (NOTHING, NOTHING, 2, "Unknown: 2 runs."),
            (NOTHING, NOTHING, 0, ""),
        ],
    )
    def test_only_sources_that_there_are(
        self, billed: tuple[int, D], listed: tuple[int, D], unknown: int, words: str
    ) -> None:
        assert source_words(billed, listed, unknown, None, "USD") == words

    def test_a_bill_below_list_price_is_a_factor_below_one(self) -> None:
        assert source_words((1, D(5)), NOTHING, 0, D("0.5"), "USD").endswith(
            "charged 0.50 times the list price of the machines."
        )


class TestBill:
    def test_the_largest_stage_first_and_a_stage_of_ones_own_as_it_is(self) -> None:
        rows = bill_rows(D(1), {"idle": D(5), "fine-tuning": D(9), None: D(-2)}, D(13), "USD")
        assert rows == [
            ("These runs", "$1.00"),
            ("fine-tuning", "$9.00"),
            ("Idle", "$5.00"),
            ("Stage unknown", "−$2.00"),
            ("All resources with a model", "$13.00"),
        ]

    @given(cents, st.dictionaries(st.one_of(st.none(), st.sampled_from(sorted(STAGE_NAMES))), cents))
    def test_rows_add_up_as_they_are_shown(self, runs: D, rest: dict[str | None, D]) -> None:
        rows = bill_rows(runs, rest, runs + sum(rest.values(), D(0)), "USD")
        *parts, whole = [D(text.replace("−", "-").replace("$", "").replace(",", "")) for _, text in rows]
        assert sum(parts) == whole
        assert len(rows) == len(rest) + 2

    @given(cents, st.sampled_from(["0.01", "-0.01", "0.02", "7"]))
    def test_a_cent_apart_is_never_said_to_tie(self, total: D, apart: str) -> None:
        assert "to the cent" in tie_words(total, total, "USD")
        assert "the bill says" in tie_words(total, total + D(apart), "USD")
        assert money.full(total, "USD") in tie_words(total, total + D(apart), "USD")
