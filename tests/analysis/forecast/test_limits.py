"""How far off a forecast can be at most: small histories whose limits are worked by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from costlib.analysis.forecast.limits import Room, limits_of, room_of

NAN = math.nan
LOG2 = math.log(2)


def limits(
    errors: list[list[float]],
    independent: float = 4.0,
    *,
    size: list[float] | None = None,
    growth: list[float] | None = None,
    edge: tuple[float, float] = (50.0, 50.0),
    apart: float = 0.0,
) -> list[list[float]]:
    """Below and above of one series, by step; ``errors`` are those of an origin each."""
    steps = len(size or growth or errors[0])
    room = Room(np.array([[[side] * steps] for side in edge]), np.full((1, steps), apart))
    found = limits_of(
        np.array([errors]),
        np.full((1, steps), independent),
        np.array([size or [1.0] * steps]),
        np.array([growth or [1.0] * steps]),
        room,
    )
    return [[float(value) for value in side[0]] for side in found]


class TestOwnErrors:
    def test_the_largest_and_what_lies_beyond_it(self) -> None:
        """Of four errors the largest are -3 and +2: 1 + 3 / 2 times as far."""
        assert limits([[1.0], [-3.0], [2.0], [0.5]]) == [[7.5], [5.0]]

    def test_the_more_errors_the_nearer(self) -> None:
        """Nine errors: 1 + 3 / 3 times the largest."""
        assert limits([[-3.0], [2.0]], 9.0) == [[6.0], [4.0]]

    def test_a_side_that_saw_little_is_allowed_half_of_the_other(self) -> None:
        assert limits([[-4.0], [1.0]]) == [[10.0], [5.0]]

    def test_errors_a_step_ahead_may_come_later_too(self) -> None:
        """Three off one step ahead and one off two steps ahead: at most three, two steps ahead as well."""
        assert limits([[3.0, 1.0]], 9.0)[1] == [6.0, 6.0]
        assert limits([[1.0, 3.0]], 9.0)[1] == [2.0, 6.0]

    def test_beyond_what_was_tested_they_grow(self) -> None:
        assert limits([[3.0]], 9.0, growth=[1.0, 1.5, 2.0])[1] == [6.0, 9.0, 12.0]

    def test_unknown_errors_say_nothing(self) -> None:
        assert limits([[NAN, 2.0], [3.0, NAN]], 9.0)[1] == [6.0, 6.0]

    def test_a_factor_of_two_is_always_possible(self) -> None:
        assert limits([[0.01]]) == [[LOG2], [LOG2]]


class TestRoom:
    def test_no_further_than_the_series_ever_was_and_the_part_of_that_beyond(self) -> None:
        """2.5 times four would be ten: lowest and highest are three and five away, and lie one more apart."""
        assert limits([[-4.0], [4.0]], edge=(3.0, 5.0), apart=1.0) == [[4.0], [6.0]]

    def test_but_as_far_as_an_error_was(self) -> None:
        assert limits([[-4.0], [4.0]], edge=(1.0, 2.0)) == [[4.0], [4.0]]

    def test_by_hand(self) -> None:
        """From 1 to 5, in four periods: 4 is 3 above the lowest and 1 below the highest. A random walk of one step
        covers half of the way of four, and one of four or more all of it."""
        room = room_of(np.array([[1.0, 5.0, NAN, 2.0, 3.0]]), np.array([[4.0, 6.0, 0.0, 4.0, 4.0]]))
        assert room.edge[:, 0].tolist() == [[3.0, 5.0, 0.0, 3.0, 3.0], [1.0, 0.0, 5.0, 1.0, 1.0]]
        assert room.apart[0, 3] == room.apart[0, 4] == 4.0
        assert 0 < room.apart[0, 0] < room.apart[0, 1] < room.apart[0, 2] < 4.0


class TestHardlyAnyErrors:
    def test_beyond_the_past_by_twice_the_usual_error_of_the_others(self) -> None:
        """One error of its own is too few; the usual one is 1.5, before it grows."""
        assert limits([[-0.2]], 1.0, size=[3.0], growth=[2.0], edge=(1.0, 2.0)) == [[4.0], [5.0]]

    def test_or_as_far_as_the_one_error_was(self) -> None:
        assert limits([[-9.0]], 1.0, edge=(1.0, 2.0)) == [[9.0], [4.5]]

    @pytest.mark.parametrize(("independent", "far"), [(2.0, 3.0), (1.99, 22.0)])
    def test_two_errors_are_enough(self, independent: float, far: float) -> None:
        """Two errors of one say 1 + 3 / sqrt(2), which is 3.12; what the series ever was, 3, is nearer."""
        found = limits([[1.0], [-1.0]], independent, size=[10.0], edge=(2.0, 2.0), apart=1.0)
        assert found[0] == [far]

    def test_without_any_error_of_anybody_a_random_walk_is_assumed(self) -> None:
        """A tenth a step, by the root of the step: 4 + 0.1 and 4 + 0.2 on steps 1 and 4."""
        found = limits([[NAN] * 4], 0.0, size=[9.0] * 4, edge=(4.0, 4.0))
        assert [found[0][0], found[1][3]] == pytest.approx([4.1, 4.2])


def test_series_do_not_touch_each_other_where_each_has_errors_enough() -> None:
    rng = np.random.default_rng(4)
    errors = rng.normal(0, 1, (3, 9, 2)) * np.array([[[0.5]], [[2.0]], [[9.0]]])
    working, now = rng.normal(0, 3, (3, 30)), rng.normal(0, 3, (3, 4))
    working[2, :12] = NAN
    independent, size, growth = np.full((3, 4), 9.0), np.ones((3, 4)), np.tile([1.0, 1.0, 1.2, 1.5], (3, 1))
    room = room_of(working, now)
    together = limits_of(errors, independent, size, growth, room)
    for row in range(3):
        one = slice(row, row + 1)
        own = room_of(working[one], now[one])
        assert np.array_equal(room.edge[:, one], own.edge) and np.array_equal(room.apart[one], own.apart)
        alone = limits_of(errors[one], independent[one], size[one], growth[one], own)
        assert np.array_equal(together[:, one], alone)


@given(
    st.lists(st.lists(st.floats(-5, 5), min_size=3, max_size=3), min_size=1, max_size=6),
    st.floats(0, 40),
    st.floats(0, 4),
    st.floats(0, 4),
)
def test_no_limit_is_nearer_than_any_error_that_was_and_none_comes_nearer_later(
    errors: list[list[float]], independent: float, below: float, above: float
) -> None:
    found = limits(errors, independent, edge=(below, above))
    for side, way in zip(found, (-1, 1), strict=True):
        worst = np.maximum.accumulate(np.maximum(way * np.array(errors), 0.0).max(axis=0))
        assert (np.array(side) >= worst - 1e-12).all()
        assert side == sorted(side)
