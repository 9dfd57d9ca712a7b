"""The bridge: each part worked by hand, then what must hold for any two sides."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal as D
from decimal import localcontext

import pytest
from hypothesis import given
from hypothesis import strategies as st

from costlib import money
from costlib.analysis.bridge import Bridge, Measured, Parts, Segment, bridge, paired, summed

LAST_DIGIT = D(1).scaleb(-money.SCALE)

amounts = st.decimals(min_value=-(10**6), max_value=10**6, places=9)
costs = st.decimals(min_value=0, max_value=10**6, places=6)
quantities = st.decimals(min_value=D("0.001"), max_value=10**6, places=3)
loose = st.one_of(st.none(), st.just(D(0)), amounts)
units = st.sampled_from(["Hrs", "GB", "Tokens", None])
names = st.one_of(st.none(), st.sampled_from(["gpu", "cpu", "disk", "Ω"]))

#: Anything that a bill may hold: unknown, zero and negative costs and quantities.
anything = st.lists(st.builds(Segment, names, units, loose, loose, loose, loose), max_size=8)
#: Segments that can be told apart: a unit and a positive quantity on both sides.
quantified = st.lists(
    st.builds(Segment, names, st.sampled_from(["Hrs", "GB"]), costs, quantities, costs, quantities),
    min_size=1,
    max_size=8,
)


def hours(name: str, cost0: int, quantity0: int, cost1: int, quantity1: int, unit: str | None = "Hrs") -> Segment:
    return Segment(name, unit, D(cost0), D(quantity0), D(cost1), D(quantity1))


def near(one: D, other: D, digits: int = 15) -> bool:
    """The same to so many digits of the money involved: parts are rounded at the 18th."""
    return abs(one - other) <= max(abs(one), abs(other), D(1)).scaleb(-digits)


def of(found: Bridge) -> dict[str, D]:
    """The parts that are not zero."""
    return {name: part for name, part in found.parts.by_name().items() if part}


class TestWorkedByHand:
    def test_more_of_the_same_at_the_same_rate_is_volume(self) -> None:
        assert of(bridge([hours("gpu", 20, 10, 30, 15)])) == {"volume": D(10)}

    def test_the_same_amount_at_another_rate_is_rate(self) -> None:
        assert of(bridge([hours("gpu", 20, 10, 30, 10)])) == {"rate": D(10)}

    def test_more_at_a_higher_rate_is_volume_at_the_old_rate_and_rate_on_the_new_volume(self) -> None:
        # 10 h at 2 become 15 h at 3: (15 - 10) x 2 = 10, then 15 x (3 - 2) = 15.
        assert of(bridge([hours("gpu", 20, 10, 45, 15)])) == {"volume": D(10), "rate": D(15)}

    def test_the_same_total_moved_to_a_dearer_segment_is_mix(self) -> None:
        # 10 h at 1 and 10 h at 5; then 5 h at 1 and 15 h at 5: 20 h both times, 5 h moved by 4 each.
        found = bridge([hours("small", 10, 10, 5, 5), hours("large", 50, 10, 75, 15)])
        assert of(found) == {"mix": D(20)}

    def test_volume_mix_and_rate_at_once(self) -> None:
        # Q0 = 20, Q1 = 40, mean old rate 60 / 20 = 3: volume 20 x 3 = 60.
        # Shares 1/2, 1/2 become 3/4, 1/4: mix 40 x (1/4 x 1 - 1/4 x 5) = -40.
        # Rates 1 -> 2 on 30 h, 5 -> 4 on 10 h: 30 - 10 = 20.
        found = bridge([hours("small", 10, 10, 60, 30), hours("large", 50, 10, 40, 10)])
        assert of(found) == {"volume": D(60), "mix": D(-40), "rate": D(20)}
        assert found.change == D(40)

    def test_by_segment_volume_keeps_its_old_share(self) -> None:
        found = bridge([hours("small", 10, 10, 60, 30), hours("large", 50, 10, 40, 10)])
        parts = {one.segment.name: one.parts for one in found.segments}
        assert parts["small"] == Parts(rate=D(30), volume=D(10), mix=D(10))
        assert parts["large"] == Parts(rate=D(-10), volume=D(50), mix=D(-50))

    def test_a_segment_of_one_side_is_new_or_ended_and_leaves_volume_alone(self) -> None:
        found = bridge([hours("gpu", 20, 10, 20, 10), hours("new", 0, 0, 7, 3), hours("old", 5, 2, 0, 0)])
        assert of(found) == {"new": D(7), "ended": D(-5)}

    def test_units_are_never_added(self) -> None:
        # 10 h become 20 h, 100 GB become 50 GB: each is volume of its own unit; together the sum would be mix.
        found = bridge([hours("gpu", 20, 10, 40, 20), hours("disk", 100, 100, 50, 50, "GB")])
        assert of(found) == {"volume": D(-30)}
        assert [one.parts for one in found.segments] == [Parts(volume=D(-50)), Parts(volume=D(20))]

    @pytest.mark.parametrize(
        "segment",
        [
            Segment("fee", "Hrs", D(20), None, D(30), D(10)),
            Segment("fee", "Hrs", D(20), D(10), D(30), None),
            Segment("fee", "Hrs", D(20), D(0), D(30), D(10)),
            Segment("fee", "Hrs", D(20), D(10), D(30), D(-1)),
            Segment("fee", None, D(20), D(10), D(30), D(10)),
        ],
        ids=["unknown before", "unknown after", "zero", "negative", "no unit"],
    )
    def test_without_a_positive_quantity_on_both_sides_nothing_is_guessed(self, segment: Segment) -> None:
        assert of(bridge([segment])) == {"unquantified": D(10)}

    def test_the_unquantified_do_not_count_in_the_volume_of_others(self) -> None:
        alone = bridge([hours("gpu", 20, 10, 45, 15)])
        with_fee = bridge([hours("gpu", 20, 10, 45, 15), Segment("fee", "Hrs", D(5), None, D(6), D(10**6))])
        assert with_fee.parts == Parts(volume=alone.parts.volume, rate=alone.parts.rate, unquantified=D(1))

    def test_a_credit_that_ends_is_an_increase(self) -> None:
        found = bridge([Segment("credit", None, D(-5000), D(0), D(0), D(0))])
        assert of(found) == {"ended": D(5000)}

    def test_a_fee_without_a_quantity_that_begins_is_new_and_one_that_stops_has_ended(self) -> None:
        assert of(bridge([Segment("fee", None, D(0), D(0), D(7), D(0))])) == {"new": D(7)}
        assert of(bridge([Segment("fee", None, D(7), D(0), D(0), D(0))])) == {"ended": D(-7)}

    def test_free_usage_that_begins_to_cost_is_rate(self) -> None:
        assert of(bridge([hours("trial", 0, 10, 30, 10)])) == {"rate": D(30)}

    def test_a_budget_is_the_earlier_side(self) -> None:
        # Budget 100 h at 2; actual 90 h at 2.5.
        found = bridge([hours("Fraud", 200, 100, 225, 90)])
        assert of(found) == {"volume": D(-20), "rate": D(45)}
        assert (found.cost0, found.cost1, found.change) == (D(200), D(225), D(25))

    def test_unknown_costs_are_named_and_in_no_total(self) -> None:
        lost = Segment("lost", "Hrs", None, D(1), D(5), D(1))
        found = bridge([hours("gpu", 20, 10, 30, 15), lost])
        assert found.unknown == (lost,)
        assert (found.cost0, found.cost1) == (D(20), D(30))

    def test_nothing_at_all(self) -> None:
        assert bridge([]) == Bridge(D(0), D(0), Parts(), ())

    def test_segments_come_largest_change_first(self) -> None:
        found = bridge([hours("a", 1, 1, 2, 1), hours("b", 9, 1, 1, 1), hours("c", 1, 1, 5, 1)])
        assert [one.segment.name for one in found.segments] == ["b", "c", "a"]

    def test_the_residue_of_a_third_goes_to_the_largest_part(self) -> None:
        # Old rate 1/3: at it 10 h cost 3.33...; volume 7/3, mix 0, rate 1 - 10/3.
        found = bridge([hours("gpu", 1, 3, 1, 10)])
        assert found.parts.volume == D("2.333333333333333333")
        assert found.parts.rate == D("-2.333333333333333333")
        assert found.parts.total == 0


class TestPairing:
    def test_what_a_side_does_not_have_cost_and_consumed_nothing(self) -> None:
        before, after = [Measured("old", "Hrs", D(5), D(1))], [Measured("new", "Hrs", D(7), D(2))]
        assert paired(before, after) == [hours("old", 5, 1, 0, 0), hours("new", 0, 0, 7, 2)]

    def test_rows_of_one_name_and_unit_are_added_those_of_two_units_are_not(self) -> None:
        rows = [
            Measured("gpu", "Hrs", D(1), D(1)),
            Measured("gpu", "Hrs", D(2), D(3)),
            Measured("gpu", "GB", D(4), D(5)),
        ]
        assert paired(rows, rows) == [hours("gpu", 3, 4, 3, 4), hours("gpu", 4, 5, 4, 5, "GB")]

    def test_one_unknown_row_makes_the_sum_unknown(self) -> None:
        rows = [Measured("gpu", "Hrs", D(1), D(1)), Measured("gpu", "Hrs", None, None)]
        assert paired(rows, [])[0] == Segment("gpu", "Hrs", None, None, D(0), D(0))


class TestAnySides:
    @given(anything)
    def test_the_parts_add_up_to_the_change_to_the_last_digit(self, segments: list[Segment]) -> None:
        found = bridge(segments)
        assert found.parts.total == found.change
        assert all(one.parts.total == one.segment.change for one in found.segments)
        assert summed(one.parts for one in found.segments) == found.parts

    @given(anything)
    def test_every_segment_is_told_once(self, segments: list[Segment]) -> None:
        found = bridge(segments)
        assert len(found.segments) + len(found.unknown) == len(segments)

    @given(st.lists(st.builds(Segment, names, units, amounts, amounts, amounts, amounts), max_size=8))
    def test_sums_are_those_of_the_two_sides(self, segments: list[Segment]) -> None:
        found = bridge(segments)
        assert found.cost0 == money.exact_sum(one.cost0 for one in segments)
        assert found.cost1 == money.exact_sum(one.cost1 for one in segments)

    @given(quantified, st.integers(min_value=1, max_value=1000))
    def test_scaling_money_scales_every_part(self, segments: list[Segment], factor: int) -> None:
        scaled = [
            Segment(
                one.name,
                one.unit,
                (one.cost0 or D(0)) * factor,
                one.quantity0,
                (one.cost1 or D(0)) * factor,
                one.quantity1,
            )
            for one in segments
        ]
        plain, larger = _values(bridge(segments).parts), _values(bridge(scaled).parts)
        # A part of a segment is at most a last digit off: half of one by rounding, or what the two others are off.
        room = LAST_DIGIT * len(segments) * (factor + 1)
        with localcontext(prec=120):
            assert all(abs(one * factor - other) <= room for one, other in zip(plain, larger, strict=True))

    @given(quantified, st.sampled_from([D(10), D(1000), D("0.001")]))
    def test_another_unit_of_measure_changes_nothing(self, segments: list[Segment], factor: D) -> None:
        scaled = [
            Segment(
                one.name,
                one.unit,
                one.cost0,
                (one.quantity0 or D(0)) * factor,
                one.cost1,
                (one.quantity1 or D(0)) * factor,
            )
            for one in segments
        ]
        assert _close(bridge(segments).parts, bridge(scaled).parts)

    @given(anything)
    def test_swapping_the_sides_turns_the_change_round(self, segments: list[Segment]) -> None:
        forth, back = bridge(segments).parts, bridge([_swapped(one) for one in segments]).parts
        assert (forth.new, forth.ended) == (-back.ended, -back.new)
        assert forth.unquantified == -back.unquantified
        assert _inner(forth) == -_inner(back)

    @given(quantified)
    def test_halving_a_segment_changes_no_part(self, segments: list[Segment]) -> None:
        first, *rest = segments
        halves = [_half(first), _half(first), *rest]
        assert _close(bridge(segments).parts, bridge(halves).parts)

    @given(quantified)
    def test_equal_rates_have_no_rate_and_no_mix(self, segments: list[Segment]) -> None:
        same = [
            Segment(
                one.name,
                one.unit,
                (one.quantity0 or D(0)) * 3,
                one.quantity0,
                (one.quantity1 or D(0)) * 3,
                one.quantity1,
            )
            for one in segments
        ]
        found = bridge(same)
        assert near(found.parts.volume, found.change)
        assert abs(found.parts.rate) <= LAST_DIGIT * 10 * len(same)
        assert near(found.parts.mix, D(0), 9)

    @given(anything)
    def test_order_does_not_matter(self, segments: list[Segment]) -> None:
        assert bridge(segments).parts == bridge(list(reversed(segments))).parts


def _values(parts: Parts) -> Sequence[D]:
    return list(parts.by_name().values())


def _close(one: Parts, other: Parts) -> bool:
    return all(near(left, right, 9) for left, right in zip(_values(one), _values(other), strict=True))


def _inner(parts: Parts) -> D:
    return money.exact_sum((parts.rate, parts.volume, parts.mix))


def _swapped(one: Segment) -> Segment:
    return Segment(one.name, one.unit, one.cost1, one.quantity1, one.cost0, one.quantity0)


def _half(one: Segment) -> Segment:
    halves = [None if amount is None else amount / 2 for amount in (one.cost0, one.quantity0, one.cost1, one.quantity1)]
    return Segment(one.name, one.unit, *halves)
