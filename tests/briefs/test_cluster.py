"""A shared cluster in a document: every bar and row adds up to its cost, whoever and however many share it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from costlib.briefs.cluster import (
    Agreed,
    Cluster,
    Share,
    cluster_agreement,
    cluster_chart,
    cluster_table,
    cluster_title,
    cluster_words,
    put_cluster,
)
from costlib.briefs.figure_book import FigureBook
from costlib.documents.model import Basis, Figure, read
from tests.briefs.bill_cases import SETTING, cluster, share


def put(found: Cluster) -> FigureBook:
    book = FigureBook("USD")
    put_cluster(book, found)
    return book


def teams(count: int) -> tuple[Share, ...]:
    """The first costs 100, each after it one less; one spike each."""
    return tuple(share(f"Team {at}", 100 - at, 1) for at in range(count))


def bars(found: Cluster) -> dict[str, D | None]:
    return {bar.name: bar.amount for bar in cluster_chart(found, SETTING).bars}


class TestChart:
    def test_teams_and_nobody_are_the_whole(self) -> None:
        assert bars(cluster()) == {"Search": 300, "Recs": 200, "Nobody (idle)": 100}

    def test_what_is_nobodys_and_not_idle_is_said_to_be_unknown(self) -> None:
        found = replace(cluster(), cost=D(650))
        assert bars(found)["Not known whose"] == 50

    def test_cents_lost_by_rounding_are_nobodys_cost(self) -> None:
        thirds = tuple(replace(share(name, 0), cost=D(100) / 3) for name in ("A", "B", "C"))
        found = replace(cluster(*thirds, idle=0), cost=D(100))
        assert bars(found) == {"A": D("33.33"), "B": D("33.33"), "C": D("33.33")}

    def test_nothing_idle_has_no_bar(self) -> None:
        assert "Nobody (idle)" not in bars(cluster(idle=0))

    @pytest.mark.parametrize("count", [10, 12, 13, 40])
    def test_many_teams_share_the_last_bar(self, count: int) -> None:
        found = bars(cluster(*teams(count)))
        assert list(found) == [*(f"Team {at}" for at in range(8)), f"{count - 8} other teams", "Nobody (idle)"]
        assert found[f"{count - 8} other teams"] == sum(100 - at for at in range(8, count))

    def test_the_others_stand_last_however_much_they_come_to(self) -> None:
        assert cluster_chart(cluster(*teams(40)), SETTING).ranked[-1].name == "32 other teams"

    def test_many_teams_and_cost_of_unknown_owner_both_have_a_bar(self) -> None:
        found = cluster(*teams(40))
        shown = bars(replace(found, cost=found.cost + 7))
        assert (shown["Not known whose"], len(shown)) == (7, 11)

    def test_one_more_than_shown_is_named(self) -> None:
        assert "Team 8" in bars(cluster(*teams(9)))

    @given(st.lists(st.decimals(0, 10**6, places=4), min_size=1, max_size=30), st.integers(0, 10**6))
    def test_bars_add_up_to_the_cost_but_for_rounding(self, costs: list[D], idle: int) -> None:
        parts = [replace(share(f"T{at}", 0), cost=cost) for at, cost in enumerate(sorted(costs, reverse=True))]
        found = cluster(*parts, idle=idle)
        shown = bars(found)
        assert "Not known whose" not in shown
        assert abs(sum(filter(None, shown.values())) - found.cost) <= D("0.005") * len(shown)


class TestTable:
    def cells(self, found: Cluster) -> list[tuple[str, ...]]:
        return [tuple(read(cell) for cell in row) for row in cluster_table(put(found), found).rows]

    def test_a_row_a_team_by_hand(self) -> None:
        assert self.cells(cluster()) == [
            ("Search", "$300", "$150", "$150", "2", "$5.00"),
            ("Recs", "$200", "$100", "$100", "6", "$5.00"),
        ]

    def test_the_others_are_added_up_and_their_swing_is_not(self) -> None:
        """Teams 8 to 11 cost 92, 91, 90 and 89: 362, of which half was used; a spike each."""
        *_, last = self.cells(cluster(*teams(12)))
        assert last == ("4 other teams", "$362", "$181", "$181", "4", "–")

    def test_use_that_is_unknown_of_one_is_unknown_of_all_others(self) -> None:
        shares = (*teams(11), replace(share("Dark", 1), by_use=None, unused=None))
        *_, last = self.cells(cluster(*shares))
        assert last == ("4 other teams", "$274", "unknown", "unknown", "3", "–")

    def test_spikes_that_nobody_can_count_are_unknown_and_not_none(self) -> None:
        shares = tuple(replace(one, spikes=None) for one in teams(12))
        found = replace(cluster(*teams(12)), shares=shares, spikes=None)
        assert {row[4] for row in self.cells(found)} == {"unknown"}
        assert self.cells(cluster(share("Search", 300)))[0][4] == "0"

    def test_exact_figures_add_up_to_the_cluster(self) -> None:
        found = cluster(*teams(12))
        rows = cluster_table(put(found), found).rows
        reserved = [cells[1] for cells in rows]
        assert sum(D(one.exact or 0) for one in reserved if isinstance(one, Figure)) + found.idle == found.cost


class TestWords:
    def test_capacity_of_nobody_may_be_the_largest_part(self) -> None:
        found = cluster(share("Search", 50), idle=150)
        assert cluster_title(put(found), found).text == "75% of gpu is capacity that nobody reserved: $150"

    def test_half_is_not_most(self) -> None:
        found = cluster(share("Search", 300), share("Recs", 300), idle=0)
        assert cluster_title(put(found), found).text == "Search is the largest user of gpu: $300 of $600"

    def test_a_cluster_without_teams_is_idle(self) -> None:
        found = replace(cluster(), shares=(), idle=D(600))
        assert cluster_title(put(found), found).text.startswith("100% of gpu is capacity")

    def test_without_spikes_nobody_is_blamed(self) -> None:
        found = cluster(share("Search", 300))
        (only,) = cluster_words(put(found), found).text
        assert read(only) == "$100 was reserved by nobody: a matter of the cluster, of no team."

    @pytest.mark.parametrize(
        ("spikes", "said"),
        [
            ((2, 6), "On 6 of 8 days with a spike Recs added most to the peak."),
            ((5, 1), "On 5 of 6 days with a spike Search added most to the peak."),
            ((1, 0), "On the one day with a spike Search added most to the peak."),
            ((0, 1), "On the one day with a spike Recs added most to the peak."),
            ((4, 4), "Search and Recs each added most to the peak on 4 of 8 days with a spike."),
        ],
    )
    def test_who_added_most_on_most_of_the_days(self, spikes: tuple[int, int], said: str) -> None:
        found = cluster(share("Search", 300, spikes[0]), share("Recs", 200, spikes[1]))
        first, idle = map(read, cluster_words(put(found), found).text)
        assert first == said
        assert idle.startswith("$100 was reserved by nobody")

    def test_three_that_added_as_much_are_all_named(self) -> None:
        found = cluster(*(share(name, 100, 2) for name in ("A", "B", "C")), share("D", 50, 1))
        first, _ = map(read, cluster_words(put(found), found).text)
        assert first == "A, B and C each added most to the peak on 2 of 7 days with a spike."

    def test_without_hours_nobody_can_say_who_caused_spikes(self) -> None:
        found = replace(cluster(replace(share("Search", 300), spikes=None)), spikes=None)
        first, idle = map(read, cluster_words(put(found), found).text)
        assert first.startswith("Its usage is not known by the hour: spikes are unknown")
        assert put(found).figures["cluster.spikes"].shown == "unknown"
        assert idle.startswith("$100 was reserved by nobody")

    def test_spikes_that_no_team_caused_are_put_to_none(self) -> None:
        found = replace(cluster(share("Search", 300)), spikes=3)
        assert len(cluster_words(put(found), found).text) == 1

    def test_a_cluster_that_is_reserved_to_the_last_has_no_amount_of_nobody(self) -> None:
        found = cluster(share("Search", 300), idle=0)
        (only,) = cluster_words(put(found), found).text
        assert read(only) == "No capacity was left that nobody reserved."

    @pytest.mark.parametrize(("idle", "nobody"), [(300, False), (301, True)])
    def test_as_much_idle_as_the_largest_team_is_not_the_largest_part(self, idle: int, nobody: bool) -> None:
        found = cluster(share("Search", 300), idle=idle)
        assert ("nobody reserved" in read(cluster_title(put(found), found))) is nobody

    @pytest.mark.parametrize(("cost", "verb"), [(300, "is the largest user of"), (301, "causes most of")])
    def test_more_than_half_is_most(self, cost: int, verb: str) -> None:
        found = cluster(share("Search", cost), share("Recs", 200), idle=100)
        assert read(cluster_title(put(found), found)).startswith(f"Search {verb} gpu: ${cost} of ")


SWING = "Search on gpu, Oct 2026 to Dec 2026: largest less smallest charge of the known rules, USD"


class TestFigures:
    """What is put down of a pool, each figure with what it means."""

    BOOK = put(cluster())

    @pytest.mark.parametrize(
        ("name", "shown", "meaning"),
        [
            ("cluster.span", "Oct 2026 to Dec 2026", "closed months that are looked at"),
            ("cluster.1.swing", "$5.00", SWING),
            ("cluster.spikes", "8", "days on which gpu, Oct 2026 to Dec 2026 needed more machines than before"),
            ("cluster.idle.share", "17%", "share of idle in gpu, Oct 2026 to Dec 2026"),
            ("cluster.2.spikes", "6", "Recs on gpu, Oct 2026 to Dec 2026: spike days put to it"),
            ("cluster.1.team", "Search", "team number 1 by hours reserved, gpu, Oct 2026 to Dec 2026"),
        ],
    )
    def test_by_hand(self, name: str, shown: str, meaning: str) -> None:
        assert (self.BOOK.figures[name].shown, self.BOOK.figures[name].meaning) == (shown, meaning)

    def test_a_cent_of_unknown_owner_has_a_bar_and_less_has_none(self) -> None:
        found = cluster()
        assert bars(replace(found, cost=found.cost + D("0.01")))["Not known whose"] == D("0.01")
        assert "Not known whose" not in bars(replace(found, cost=found.cost + D("0.004")))

    def test_the_table_s_first_column_is_words(self) -> None:
        assert cluster_table(self.BOOK, cluster()).numeric == (False, True, True, True, True, True)


class TestAgreement:
    def test_none_yet(self) -> None:
        said = cluster_agreement(put(cluster()), cluster())
        assert said.points == ("None is signed yet: the Disputes page holds the figures for one.",)

    def test_what_was_signed_by_whom_and_from_when(self) -> None:
        leads = (("Search", "Ada"), ("Recs", "Ben"))
        found = replace(
            cluster(), agreed=Agreed("hours used", "a line of its own", "idle share", date(2026, 9, 5), leads)
        )
        book = put(found)
        assert [read(point) for point in cluster_agreement(book, found).points] == [
            "From 5 Sep 2026 the pool is split by hours used.",
            "Idle capacity: a line of its own.",
            "Both watch: idle share.",
            "Signed by Ada (Search) and Ben (Recs).",
        ]
        assert book.figures["cluster.agreed"].basis is Basis.RECORD
