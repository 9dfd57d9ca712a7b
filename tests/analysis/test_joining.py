"""Near and later months made one: where they meet, whose paths go together, and how far a path may go."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from costlib.analysis.joining import bent_soon, join

Array = NDArray[np.float64]


def joined(near: float, later: float, *, trending: bool = False) -> Array:
    """The third and fourth month of one segment: days say ``near`` of the third, months ``later`` of both."""
    both = np.full((1, 4, 5), float(later))
    join(np.full((1, 3, 5), float(near)), both, np.array([trending]))
    return both[0, 2:, 0]


class TestWhereTheyMeet:
    @pytest.mark.parametrize(
        ("near", "later", "trending", "fourth"),
        [
            pytest.param(100, 100, False, 100, id="they agree"),
            pytest.param(144, 100, False, 120, id="half the way in logs"),
            pytest.param(144, 100, True, 144, id="all of it where days follow a trend"),
            pytest.param(900, 100, False, 100 * 2**0.5, id="half of a factor of two at most"),
            pytest.param(900, 100, True, 200, id="a factor of two at most"),
            pytest.param(10, 100, True, 50, id="or half"),
            pytest.param(-50, 100, True, 100, id="a credit moves nothing"),
            pytest.param(0, 100, True, 100, id="nothing moves nothing"),
        ],
    )
    def test_by_hand(self, near: float, later: float, trending: bool, fourth: float) -> None:
        assert joined(near, later, trending=trending) == pytest.approx([near, fourth])

    def test_each_segment_by_itself(self) -> None:
        both = np.full((2, 4, 3), 100.0)
        join(np.full((2, 3, 3), 144.0), both, np.array([True, False]))
        assert both[:, 3, 0] == pytest.approx([144.0, 120.0])


def test_a_dear_future_stays_dear() -> None:
    """The dearest third month, 30, goes on as the dearest that months say, 21, does: with 20; the cheapest with 22."""
    near = np.array([[[0.0] * 3, [0.0] * 3, [30.0, 10.0, 20.0]]])
    both = np.array([[[0.0] * 3, [0.0] * 3, [19.0, 20.0, 21.0], [22.0, 18.0, 20.0]]])
    join(near, both, np.array([False]))
    assert both[0, 2].tolist() == [30.0, 10.0, 20.0]
    assert both[0, 3] == pytest.approx([20.0, 22.0, 18.0], rel=0.01)


class TestHowFar:
    def test_near_months_stay_within_a_factor_of_two(self) -> None:
        paths = np.array([[[100.0, 100, 100, 1e6, 1e-6]]])
        bent = bent_soon(paths)
        assert bent.max() <= 200 + 1e-9 and bent.min() >= 50 - 1e-9
        assert np.median(bent) == 100

    def test_what_is_near_the_median_hardly_moves(self) -> None:
        paths = np.array([[[99.0, 100, 101]]])
        assert bent_soon(paths) == pytest.approx(paths, rel=1e-4)

    def test_credits_are_left_as_they_are(self) -> None:
        paths = np.array([[[-5.0, -500, -50]]])
        assert bent_soon(paths).tolist() == paths.tolist()

    def test_later_months_by_the_root_of_time(self) -> None:
        """Log 1.6 after six months: a path that would go anywhere ends there, and twice as far after 24."""
        near = np.full((1, 3, 3), 100.0)
        both = np.full((1, 25, 3), 100.0)
        both[0, 3:] = [1e-9, 100.0, 1e9]
        join(near, both, np.array([False]))
        for month, most in ((6, 1.6), (24, 1.6**2)):
            assert both[0, month].max() == pytest.approx(100 * most, rel=1e-3)
            assert both[0, month].min() == pytest.approx(100 / most, rel=1e-3)
