"""A spread made by hand: errors at probabilities and on paths, their limits and stretch; and what errors say of it."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from costlib.analysis.forecast.limits import Room
from costlib.analysis.forecast.spread import GRID, Spread, optimism_of, spread_of

Array = NDArray[np.float64]

#: Four past origins, each with sixteen parts: errors from -0.5 sizes in steps of a 64th.
CELLS = np.arange(64) / 64 - 0.5


def spread(
    size: tuple[float, float] = (2.0, 2.0), limit: tuple[float, float] = (50.0, 50.0), stretch: float = 1.0
) -> Spread:
    """One series, two steps ahead; at origin 0 it was lowest and then highest, at origin 3 the other way round."""
    both = [np.array([[[one, one]] for one in pair]) for pair in (size, limit)]
    places = np.array([[[0, 1, 2, 3], [3, 2, 1, 0]]], dtype=np.intp)
    return Spread(*both, np.tile(2 * GRID - 1, (2, 1)), places, np.array([stretch]), np.tile(CELLS, (2, 1)))


def path(one: Spread, origin: int, jitter: float) -> list[float]:
    return [float(value) for value in one.along(np.array([origin]), np.array([jitter]))[0, :, 0]]


class TestAt:
    def test_below_and_above_have_their_own_size(self) -> None:
        found = spread((2.0, 4.0)).at(np.array([0.25, 0.5, 0.75]))
        assert found.shape == (1, 2, 3)
        assert found[0, 0] == pytest.approx([-1.0, 0.0, 2.0])

    def test_no_error_leaves_its_limit(self) -> None:
        found = spread((2.0, 4.0), limit=(0.5, 3.0)).at(np.array([0.1, 0.4, 0.75, 0.95]))
        assert found[0, 1] == pytest.approx([-0.5, -0.4, 2.0, 3.0])

    def test_between_the_kept_probabilities_on_a_line_and_beyond_them_no_further(self) -> None:
        found = spread().at(np.array([0.0, 0.001, 0.5125, 1.0]))
        assert found[0, 0] == pytest.approx([-1.996, -1.996, 0.05, 1.996])


class TestAlong:
    def test_a_path_takes_the_rank_of_its_origin_at_each_step(self) -> None:
        """Place 0 begins at -0.5 and place 3 at 0.25 of a size of 2."""
        assert path(spread(), 0, 0.0) == pytest.approx([-1.0, 0.5])
        assert path(spread(), 3, 0.0) == pytest.approx([0.5, -1.0])
        assert path(spread(), 1, 0.0) == pytest.approx([-0.5, 0.0])

    @pytest.mark.parametrize(
        ("jitter", "cell"), [(0.0, 0), (0.0624, 0), (0.0625, 1), (0.5, 8), (0.9999, 15), (1.0, 15)]
    )
    def test_jitter_moves_it_within_the_rank(self, jitter: float, cell: int) -> None:
        assert path(spread(), 0, jitter) == pytest.approx([2 * CELLS[cell], 2 * CELLS[48 + cell]])

    def test_sizes_differ_below_and_above(self) -> None:
        assert path(spread((2.0, 4.0)), 0, 0.0) == pytest.approx([-1.0, 1.0])

    def test_limits_hold_on_paths_too(self) -> None:
        assert path(spread(limit=(0.6, 0.3)), 0, 0.0) == pytest.approx([-0.6, 0.3])
        assert path(spread(limit=(0.6, 50.0)), 0, 0.0) == pytest.approx([-0.6, 0.5])
        assert path(spread(limit=(50.0, 0.3)), 0, 0.0) == pytest.approx([-1.0, 0.3])

    def test_the_mean_of_a_path_is_stretched(self) -> None:
        """-1 and 0.5 have the mean -0.25: half of that is added to both."""
        assert path(spread(stretch=1.5), 0, 0.0) == pytest.approx([-1.125, 0.375])

    def test_many_paths_at_once(self) -> None:
        one = spread((2.0, 3.0), (0.7, 0.9), 1.2)
        origins, jitter = np.array([3, 0, 2, 0]), np.array([0.3, 0.8, 0.1, 0.0])
        together = one.along(origins, jitter)
        for number, (origin, place) in enumerate(zip(origins, jitter, strict=True)):
            assert together[0, :, number] == pytest.approx(path(one, int(origin), float(place)))

    def test_each_series_has_its_own_size_limit_and_stretch(self) -> None:
        sides = [spread((2.0, 4.0), stretch=1.5), spread(limit=(0.6, 50.0)), spread(stretch=1.2)]
        both = Spread(
            *(np.concatenate([getattr(one, name) for one in sides], axis=1) for name in ("size", "limit")),
            sides[0].quantiles,
            np.concatenate([one.places for one in sides]),
            np.concatenate([one.stretch for one in sides]),
            sides[0].cells,
        )
        origins, jitter = np.array([3, 0, 2]), np.array([0.3, 0.8, 0.1])
        together = both.along(origins, jitter)
        for row, one in enumerate(sides):
            assert together[row] == pytest.approx(one.along(origins, jitter)[0])
            assert both.of(np.array([row])).along(origins, jitter)[0] == pytest.approx(together[row])

    def test_some_of_the_series_and_of_the_steps(self) -> None:
        one = spread((2.0, 4.0), stretch=1.5)
        assert one.origins == 4
        assert one.until(1).at(np.array([0.75])).shape == (1, 1, 1)
        assert path(one.until(1), 0, 0.0) == pytest.approx([-1.5])
        assert path(one.of(np.array([0])), 0, 0.0) == path(one, 0, 0.0)


class TestOptimism:
    def test_the_future_is_further_off_where_more_was_fitted_and_nearer(self) -> None:
        """Sizes of 1 and 3 have the mean 2: the first is half as far, the second further than that."""
        found = optimism_of(np.array([0.1, 0.0]), np.array([[1.0, 3.0], [1.0, 3.0]]))
        assert found.tolist() == [[pytest.approx(0.94 + 0.2), pytest.approx(0.94 + 0.1)], [0.94, 0.94]]

    def test_not_more_than_two_and_a_half_times(self) -> None:
        assert optimism_of(np.array([0.1]), np.array([[1.0, 99.0]]))[0, 0] == pytest.approx(0.94 + 0.25)

    def test_what_is_never_off_has_no_nearness(self) -> None:
        assert optimism_of(np.array([0.1]), np.zeros((1, 2))).tolist() == [[pytest.approx(1.04)] * 2]


def learnt(errors: Array, horizon: int, spacing: int = 1) -> Spread:
    """The spread that errors say, where nothing was fitted and there is room."""
    series, _, _ = errors.shape
    room = Room(np.full((2, series, horizon), 1e6), np.full((series, horizon), 1e6))
    return spread_of(errors, np.ones(series), horizon, spacing, np.zeros(series), 0.0, room)


class TestLearnt:
    NORMAL = np.random.default_rng(3).normal(0, 1, (60, 200, 2))

    def test_errors_of_a_known_shape_have_its_quantiles(self) -> None:
        """Normal errors: 1.2816 deviations at nine tenths, less what past errors of nothing fitted are too large."""
        found = np.median(learnt(self.NORMAL, 2).at(np.array([0.1, 0.5, 0.9])), axis=0)
        assert found == pytest.approx(np.array([[-1.2816, 0.0, 1.2816]] * 2) * 0.94, abs=0.06)

    def test_series_keep_their_own_size(self) -> None:
        sizes = np.geomspace(0.5, 2.0, 60)
        found = learnt(self.NORMAL * sizes[:, None, None], 2).at(np.array([0.9]))[:, 0, 0]
        assert np.corrcoef(np.log(found), np.log(sizes))[0, 1] > 0.97
        assert np.polyfit(np.log(sizes), np.log(found), 1)[0] == pytest.approx(1.0, abs=0.2)

    def test_beyond_what_was_tested_it_never_narrows(self) -> None:
        walk = self.NORMAL.cumsum(axis=2)
        found = learnt(walk, 8).at(np.array([0.9]))[:, :, 0]
        assert (np.diff(found, axis=1) >= -1e-9).all()
        assert (found[:, 7] > found[:, 1]).all()

    def test_the_level_part_is_stretched_the_more_noise_hides_it(self) -> None:
        """By 2 % where errors are all level, by up to 10 % where they are noise, by 30 % more where none was lived."""
        level = np.repeat(self.NORMAL[:, :, :1], 8, axis=2)
        noise = np.random.default_rng(5).normal(0, 1, (60, 200, 8))
        young = level.copy()
        young[30:, :100] = np.nan
        assert learnt(level, 8).stretch == pytest.approx(np.full(60, 1.02))
        assert 1.07 < np.median(learnt(noise, 8).stretch) < 1.10
        assert learnt(young, 8).stretch == pytest.approx(np.array([1.02] * 30 + [1.17] * 30))

    def test_paths_have_the_distribution_of_each_period(self) -> None:
        """Of 200 origins, each in sixteen parts, a tenth lies below the tenth, whatever the step."""
        one = learnt(self.NORMAL, 2)
        assert one.cells.shape == (2, 200 * 16)
        assert (np.diff(one.cells, axis=1) >= 0).all()
        for probability in (0.1, 0.5, 0.9):
            wanted = [np.interp(probability, GRID, row) for row in one.quantiles]
            assert np.quantile(one.cells, probability, axis=1) == pytest.approx(wanted, abs=1e-3)

    def test_the_middle_is_no_error(self) -> None:
        """Past errors that were all too low are not carried on into the forecast."""
        assert np.abs(learnt(self.NORMAL + 5.0, 2).at(np.array([0.5]))).max() < 0.3

    def test_without_any_error_the_usual_change_is_the_size(self) -> None:
        errors = np.full((2, 4, 1), np.nan)
        room = Room(np.full((2, 2, 1), 1e6), np.full((2, 1), 1e6))
        found = spread_of(errors, np.array([1.0, 3.0]), 1, 1, np.zeros(2), 0.0, room).at(np.array([0.25]))
        assert found[1, 0, 0] == pytest.approx(3 * found[0, 0, 0])
        assert found[0, 0, 0] == pytest.approx(-np.log(2) * 0.94)
