"""Allocation coverage against the maturity levels."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from costlib.attribution.coverage import Owned, coverage
from costlib.focus import COST_KINDS


def owned(kind, amount, team="Search"):
    return Owned(kind, team if kind in ("direct", "shared") else None, None if amount is None else Decimal(amount))


class TestLevels:
    @pytest.mark.parametrize(
        ("allocated", "level", "following"),
        [(49, None, ("crawl", 1)), (50, "crawl", ("walk", 30)), (79, "crawl", ("walk", 1)), (80, "walk", ("run", 10)),
         (90, "run", None), (100, "run", None)],
    )  # fmt: skip
    def test_reached_and_missing(self, allocated, level, following):
        found = coverage([owned("direct", allocated), owned("unallocated", 100 - allocated)])
        assert (found.level, found.missing) == (level, following)


class TestShare:
    def test_idle_counts_where_a_team_bears_it(self):
        charged = Owned("idle", "Search", Decimal(10))
        found = coverage([owned("shared", 40), charged, owned("idle", 50)])
        assert (found.share, found.kinds["idle"]) == (Decimal("0.5"), 60)

    def test_direct_cost_has_an_owner_though_no_team_is_named(self):
        """A model's or business unit's own cost is placed; idle and unallocated cost without a team is not."""
        rows = [Owned(kind, None, Decimal(10)) for kind in ("direct", "shared", "idle", "unallocated")]
        found = coverage(rows)
        assert (found.allocated, found.total, found.share) == (10, 40, Decimal("0.25"))

    def test_credits_count_with_their_sign(self):
        assert coverage([owned("direct", 90), owned("direct", -40), owned("unallocated", 50)]).share == Decimal("0.5")

    @pytest.mark.parametrize("rows", [[], [owned("direct", None)], [owned("direct", -5)]])
    def test_where_there_is_nothing_to_share(self, rows):
        found = coverage(rows)
        assert (found.share, found.level, found.missing) == (None, None, None)

    @given(st.lists(st.builds(owned, st.sampled_from(COST_KINDS), st.decimals(-100, 100, places=18))))
    def test_the_kinds_make_the_total(self, rows):
        found = coverage(rows)
        assert sum(found.kinds.values()) == found.total
