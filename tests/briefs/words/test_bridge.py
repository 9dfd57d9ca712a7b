"""The sentence over a bridge: what it says first, what it leaves out, and that it says unknown aloud."""

from __future__ import annotations

from decimal import Decimal as D

import pytest

from costlib.analysis.bridge import Bridge, Parts, Segment, bridge
from costlib.briefs.words.bridge import PART_NAMES, bridge_finding, causes_finding


def segment(name: str, cost0: int, quantity0: int, cost1: int, quantity1: int) -> Segment:
    return Segment(name, "Hrs", D(cost0), D(quantity0), D(cost1), D(quantity1))


GROWN = bridge([segment("gpu", 2000, 1000, 4500, 1500)])


def said(found: Bridge) -> str:
    return bridge_finding(found, "USD", "AI spend", "in Aug 2026", "in Sep 2026")


def test_a_rise_names_its_parts_longest_first() -> None:
    assert said(GROWN) == "AI spend was $2.50K higher in Sep 2026 than in Aug 2026: rates +$1.50K, volume +$1.00K"


def test_a_fall_is_lower_and_its_parts_are_negative() -> None:
    found = bridge([segment("gpu", 4000, 1000, 2000, 500)])
    assert said(found) == "AI spend was $2.00K lower in Sep 2026 than in Aug 2026: volume −$2.00K"


def test_parts_that_cancel_are_told_although_the_total_stands_still() -> None:
    found = bridge([segment("old", 1000, 10, 0, 0), segment("new", 0, 0, 1005, 10)])
    assert (
        said(found) == "AI spend was about the same in Sep 2026 as in Aug 2026: new items +$1.01K, ended items −$1.00K"
    )


def test_small_parts_are_left_to_the_chart() -> None:
    found = bridge([segment("gpu", 2000, 1000, 4000, 2000), segment("new", 0, 0, 50, 1)])
    assert said(found).endswith(": volume +$2.00K")


def test_what_cannot_be_split_is_said() -> None:
    found = bridge([Segment("support", None, D(100), None, D(400), None)])
    assert said(found).endswith(": changes without a known quantity +$300")


@pytest.mark.parametrize(("count", "words"), [(1, "1 item"), (2, "2 items")])
def test_unknown_costs_are_counted(count: int, words: str) -> None:
    lost = [Segment("lost", "Hrs", None, None, D(5), D(1))] * count
    found = bridge([segment("gpu", 2000, 1000, 4500, 1500), *lost])
    assert said(found).endswith(f"; {words} of unknown cost left out")


def test_from_nothing_is_a_rise() -> None:
    assert said(bridge([segment("new", 0, 0, 300, 3)])).startswith("AI spend was $300 higher")


def test_no_spend_at_all_is_the_same() -> None:
    assert said(bridge([])) == "AI spend was about the same in Sep 2026 as in Aug 2026"


def test_every_part_has_a_word() -> None:
    assert set(PART_NAMES) == set(Parts().by_name())


def test_two_per_cent_is_a_change() -> None:
    assert said(bridge([segment("gpu", 1000, 10, 1020, 10)])).startswith("AI spend was $20.00 higher")
    assert said(bridge([segment("gpu", 1000, 10, 980, 10)])).startswith("AI spend was $20.00 lower")
    assert said(bridge([segment("gpu", 1000, 10, 981, 10)])).startswith("AI spend was about the same")


def test_half_a_dollar_has_its_direction() -> None:
    up = bridge([Segment("gpu", "Hrs", D(1), D(10), D("1.50"), D(10))])
    assert said(up) == "AI spend was $0.50 higher in Sep 2026 than in Aug 2026: rates +$0.50"


def test_falls_are_ranked_by_their_size() -> None:
    """A fall of 900 weighs more than a rise of 500, and a tenth of 1,560 is 156: the 160 is told, the 150 is not."""
    assert causes_finding(Parts(volume=D(500), rate=D(-900), new=D(-160)), "USD", "in Q3 FY26") == (
        "What made the difference in Q3 FY26: rates −$900, volume +$500, new items −$160"
    )
    assert causes_finding(Parts(volume=D(500), rate=D(-900), new=D(-150)), "USD", "in Q3 FY26") == (
        "What made the difference in Q3 FY26: rates −$900, volume +$500"
    )
    assert causes_finding(Parts(), "USD", "in Q3 FY26") == "What made the difference in Q3 FY26: nothing"
