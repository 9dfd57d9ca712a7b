"""Working scale: money to logs and back, gaps, steps of the whole panel and spikes, each worked by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from costlib.analysis.forecast.scale import bridged, clipped, known_median, scale_of, shared_steps

NAN = math.nan
LOG = math.log


def forward(*values: float) -> list[float]:
    """One series in its working scale."""
    series = np.array([values])
    return [float(value) for value in scale_of(series).forward(series)[0]]


class TestThereAndBack:
    @pytest.mark.parametrize(
        ("values", "working"),
        [
            ((1.0, 4.0), (LOG(1 / 2.5), LOG(4 / 2.5))),  # by the mean size, 2.5
            ((-1.0, -4.0), (LOG(1 / 2.5), LOG(4 / 2.5))),  # credits are mirrored
            ((0.0, 4.0), (LOG(0.3), LOG(2.3))),  # a zero: three tenths of the mean, 2, are added
            ((0.0, -4.0), (LOG(0.3), LOG(2.3))),
            ((-1.0, 3.0), (-0.5, 1.5)),  # both signs stay money
            ((0.0, 0.0), (LOG(0.3), LOG(0.3))),
        ],
    )
    def test_by_hand(self, values: tuple[float, ...], working: tuple[float, ...]) -> None:
        assert forward(*values) == pytest.approx(working)

    def test_what_is_unknown_is_in_no_mean(self) -> None:
        assert forward(NAN, 2.0, 4.0)[1:] == pytest.approx([LOG(2 / 3), LOG(4 / 3)])

    @pytest.mark.parametrize(
        ("values", "sign", "additive"),
        [
            ((1.0, 0.0), 1, False),
            ((0.0, 0.0), 1, False),
            ((-1.0, 0.0), -1, False),
            ((-1.0, -0.5), -1, False),
            ((-1.0, 0.5), 1, True),
            ((NAN, -1.0), -1, False),
        ],
    )
    def test_only_credits_are_mirrored_and_only_both_signs_stay_money(
        self, values: tuple[float, ...], sign: int, additive: bool
    ) -> None:
        scale = scale_of(np.array([values]))
        assert (scale.sign.tolist(), scale.additive.tolist()) == ([sign], [additive])

    def test_a_series_without_any_value_has_the_size_one(self) -> None:
        assert scale_of(np.array([[NAN, NAN]])).size.tolist() == [1.0]

    @given(st.lists(st.floats(-1e6, 1e6).map(lambda value: round(value, 3)), min_size=2, max_size=9))
    def test_there_and_back_is_where_it_was(self, values: list[float]) -> None:
        series = np.array([values])
        scale = scale_of(series)
        largest = max(abs(value) for value in values)
        assert scale.back(scale.forward(series))[0] == pytest.approx(values, abs=1e-9 * largest, rel=1e-9)

    @given(st.lists(st.integers(-50, 500), min_size=2, max_size=9), st.sampled_from([0.01, 7.0, 1e6]))
    def test_money_times_a_factor_is_the_same_series(self, values: list[int], factor: float) -> None:
        if any(values):
            assert forward(*(value * factor for value in values)) == pytest.approx(forward(*values), abs=1e-9)

    def test_zeros_are_the_least_there_is_where_a_series_has_held_them(self) -> None:
        scale = scale_of(np.array([[0.0, 4.0], [1.0, 4.0], [-1.0, 3.0], [0.0, -4.0]]))
        assert scale.nothing.tolist() == pytest.approx([LOG(0.3), -math.inf, -math.inf, LOG(0.3)])
        assert scale.back(np.array([[-9.0], [-9.0], [-9.0], [-9.0]]))[:, 0] == pytest.approx(
            [0.0, 2.5 * math.exp(-9), -18.0, 0.0]
        )

    def test_logs_end_at_twelve_and_money_does_not(self) -> None:
        scale = scale_of(np.array([[2.0, 2.0], [-2.0, 2.0]]))
        assert scale.back(np.array([[40.0], [40.0]]))[:, 0] == pytest.approx([2 * math.exp(12), 80.0])

    def test_any_number_of_axes_follows_the_series(self) -> None:
        y = np.array([[1.0, 3.0], [0.0, 8.0], [-3.0, 5.0]])
        scale = scale_of(y)
        values = np.arange(12.0).reshape(3, 2, 2) / 4
        flat = scale.back(values.reshape(3, 4).copy())
        assert np.allclose(scale.back(values), flat.reshape(3, 2, 2))

    def test_some_of_the_series(self) -> None:
        y = np.array([[1.0, 3.0], [0.0, 8.0], [-3.0, 5.0]])
        rows = np.array([2, 0])
        assert np.allclose(scale_of(y).of(rows).forward(y[rows]), scale_of(y).forward(y)[rows])


class TestBridged:
    @pytest.mark.parametrize(
        ("given_", "filled"),
        [
            ([1, NAN, NAN, 4], [1, 2, 3, 4]),
            ([NAN, NAN, 2, NAN, 6], [NAN, NAN, 2, 4, 6]),
            ([1, 3, NAN], [1, 3, 3]),
            ([NAN, NAN], [NAN, NAN]),
        ],
    )
    def test_gaps_inside_a_series_only(self, given_: list[float], filled: list[float]) -> None:
        series = np.array([[7.0] * len(given_), given_])
        found = bridged(series)
        assert np.array_equal(found[1], filled, equal_nan=True)
        assert found[0].tolist() == [7.0] * len(given_)
        assert np.array_equal(series[1], given_, equal_nan=True)


def panel(series: int = 20, periods: int = 40, season: int = 7) -> np.ndarray:
    """Series that go up and down by a hundredth, each in its own turn."""
    turns = 0.01 * np.where(np.arange(periods) % 2, 1.0, -1.0)
    return np.array([turns if row % 2 else -turns for row in range(series)])


class TestSharedSteps:
    """A step of the whole panel on period 20 is added to all periods before it."""

    def steps(self, working: np.ndarray) -> np.ndarray:
        return shared_steps(working, 7)

    @pytest.mark.parametrize("size", [0.5, -0.5, 0.17])
    def test_the_level_before_is_brought_to_the_level_after(self, size: float) -> None:
        working = panel()
        working[:, 20:] += size
        found = self.steps(working)
        assert found[:20] == pytest.approx([size] * 20, abs=0.021)
        assert found[20:].tolist() == [0.0] * 20

    def test_two_steps_add_up(self) -> None:
        working = panel()
        working[:, 20:] += 0.5
        working[:, 30:] += 0.3
        found = self.steps(working)
        assert [found[19], found[29], found[30]] == pytest.approx([0.8, 0.3, 0.0], abs=0.05)

    def test_a_small_one_is_growth_or_chance(self) -> None:
        working = panel()
        working[:, 20:] += 0.12
        assert not self.steps(working).any()

    def test_fewer_than_twenty_series_say_nothing_of_all(self) -> None:
        working = panel(19)
        working[:, 20:] += 0.5
        assert not self.steps(working).any()

    def test_a_history_of_twelve_changes_is_needed(self) -> None:
        for periods, told in ((12, False), (13, True)):
            working = panel(periods=periods)
            working[:, 6:] += 0.5
            assert self.steps(working).any() == told

    @pytest.mark.parametrize(("others", "told"), [(1, True), (2, False)])
    def test_nine_in_ten_must_agree(self, others: int, told: bool) -> None:
        """Nineteen up and one down are nine tenths of twenty; eighteen and two are eight tenths, which is too few."""
        working = panel()
        working[:, 20:] += 0.5
        working[:others, 20:] -= 1.0
        assert self.steps(working).any() == told

    def test_what_comes_back_is_no_step(self) -> None:
        working = panel()
        working[:, 20:22] += 0.5
        assert not self.steps(working).any()

    def test_what_comes_every_season_is_none_either(self) -> None:
        """A rise on period 20 and again on 27, a season later; not so on 26."""
        for second, told in ((27, False), (26, True)):
            working = panel()
            working[:, 20:] += 0.5
            working[:, second:] += 0.5
            assert self.steps(working).any() == told

    def test_of_the_other_way_a_season_later_it_is_one(self) -> None:
        working = panel()
        working[:, 20:] += 0.5
        working[:, 27:] -= 0.5
        found = self.steps(working)
        assert [found[0], found[20], found[27]] == pytest.approx([0.0, -0.5, 0.0], abs=0.05)

    @pytest.mark.parametrize(("back", "lasts"), [(0.2, True), (0.3, False)])
    def test_more_than_half_of_it_must_last(self, back: float, lasts: bool) -> None:
        """Two periods after the step, 0.2 or 0.3 of its 0.5 are gone again; six periods are looked at."""
        working = panel()
        working[:, 20:] += 0.5
        working[:, 22:] -= back
        assert self.steps(working).any() == lasts

    @pytest.mark.parametrize(("second", "told"), [(0.2, True), (0.3, False)])
    def test_half_as_much_a_season_later_is_a_season(self, second: float, told: bool) -> None:
        working = panel()
        working[:, 20:] += 0.5
        working[:, 27:] += second
        assert (self.steps(working)[0] >= 0.45) == told

    def test_the_first_change_of_all_can_be_the_one_a_season_before(self) -> None:
        working = panel()
        working[:, 1:] += 0.5
        working[:, 8:] += 0.5
        assert not self.steps(working).any()

    def test_a_step_of_a_panel_that_grows_is_what_is_beyond_its_growth(self) -> None:
        working = panel() + 0.1 * np.arange(40)
        working[:, 20:] += 0.5
        found = self.steps(working)
        assert [found[0], found[19], found[20]] == pytest.approx([0.5, 0.5, 0.0], abs=0.03)

    def test_growth_of_all_is_no_step(self) -> None:
        assert not self.steps(panel() + 0.2 * np.arange(40)).any()


class TestClipped:
    def test_a_spike_is_cut_and_the_rest_stays(self) -> None:
        """Turns of 1 and 2 are 1 off their running median, which is 1 there: cut at six times 1.4826 above it."""
        series = np.array([[1.0, 2.0] * 10])
        series[0, 9] = 90.0
        found = clipped(series, 6.0, doubted=False)
        assert np.flatnonzero(found != series).tolist() == [9]
        assert found[0, 9] == pytest.approx(1 + 6 * 1.4826)

    def test_each_series_has_its_own_room(self) -> None:
        """Turns ten times as wide leave ten times the room; nothing of them touches the other series."""
        series = np.array([[1.0, 2.0] * 10, [10.0, 20.0] * 10])
        series[:, 9] = 900.0
        found = clipped(series, 3.0, doubted=False)[:, 9]
        assert found == pytest.approx([1 + 3 * 1.4826, 10 + 30 * 1.4826])

    @pytest.mark.parametrize(("lasted", "believed"), [(2, False), (3, True)])
    def test_a_new_level_is_believed_once_it_has_lasted_three_periods(self, lasted: int, believed: bool) -> None:
        series = np.array([[1.0, 2.0] * 10])
        series[0, -lasted:] += 50.0
        assert bool((clipped(series, 6.0, doubted=True)[0, -lasted:] == series[0, -lasted:]).all()) is believed

    def test_what_is_before_a_series_stays_unknown_and_its_first_periods_as_they_are(self) -> None:
        series = np.array([[NAN, NAN, 1.0, 50.0, *[1.0, 2.0] * 8]])
        found = clipped(series, 6.0, doubted=True)
        assert np.isnan(found[0, :2]).all()
        assert found[0, 2:5].tolist() == [1.0, 50.0, 1.0]


@pytest.mark.parametrize(
    ("row", "middle"),
    [([5, NAN, NAN, NAN], 5), ([1, 2, NAN, NAN], 1.5), ([9, 1, 2, NAN], 2), ([4, 1, 3, 2], 2.5), ([NAN] * 4, 0)],
)
def test_the_median_of_what_is_known(row: list[float], middle: float) -> None:
    assert known_median(np.array([row, [7.0] * 4])).tolist() == [middle, 7.0]
