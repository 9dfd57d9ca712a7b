"""No forecast explodes: hostile but plausible daily bills, alone and in company, stay within what their past justifies.

The bound. The past of a bill justifies, for a month that ends so many days ahead, the highest of its own windows of 28
days, and its newest window times the largest ratio of a later to an earlier window at that distance (the longest that
it has lived). A likely month stays within three times that: twice is reached by bills of ten days and by those whose
level jumped last week, where a few windows are all there is. The mean of all paths stays within five times, which a
bill of bursts comes near that is young and off: nobody can know when it is on again. Before sizes and limits were a
series' own, one month in forty was above twice and one in a hundred above ten times, up to 1,200 times.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import numpy as np
import pytest
from numpy.typing import NDArray

from costlib.analysis.daily import DailySpend
from costlib.analysis.forecast.engine import forecast
from costlib.analysis.forecast.limits import Room, limits_of
from costlib.analysis.forecast.rhythm import Frequency
from costlib.analysis.forecast.scale import scale_of
from costlib.analysis.forecast.sizes import evidence_of, stretches
from costlib.analysis.outlook import outlook
from costlib.periods import Window

Array = NDArray[np.float64]
Random = np.random.Generator

END = date(2026, 10, 21)
WINDOW = 28
MARGIN, OF_THE_MEAN = 3.0, 5.0


def calm(random: Random, days: int) -> Array:
    return np.asarray(np.exp(random.normal(0, 0.03, days)))


def gappy(random: Random, days: int) -> Array:
    """Noise with 1 to 60 % zeros."""
    noise = np.exp(random.normal(0, random.uniform(0.2, 0.9), days))
    return np.asarray(noise * (random.random(days) > random.uniform(0.01, 0.6)))


def heavy(random: Random, days: int) -> Array:
    """Days up to twenty times the usual, and down to a twentieth."""
    return np.asarray(np.exp((random.standard_t(3, days) * random.uniform(0.2, 0.5)).clip(-3, 3)))


def spiky(random: Random, days: int) -> Array:
    rare = random.random(days) < random.uniform(0.01, 0.05)
    return np.asarray(np.exp(random.normal(0, 0.1, days)) * np.where(rare, random.uniform(3, 30, days), 1))


def shifted(random: Random, days: int) -> Array:
    """A level that moves once, by up to a factor of ten, on any day but the first."""
    later = np.arange(days) >= random.integers(1, days)
    return np.asarray(np.exp(random.normal(0, 0.1, days)) * np.where(later, 10 ** random.uniform(-1, 1), 1))


def bursts(random: Random, days: int) -> Array:
    """On for up to a month, off for up to forty days, and so on."""
    lengths = np.column_stack([random.integers(3, 30, days), random.integers(1, 40, days)]).ravel()
    on = np.repeat(np.arange(lengths.size) % 2 == 0, lengths)[:days]
    return np.asarray(on * np.exp(random.normal(0, 0.3, days)))


def growing(random: Random, days: int) -> Array:
    return np.asarray(np.exp(random.normal(random.uniform(-0.003, 0.006), 0.01, days).cumsum()))


def steps(random: Random, days: int) -> Array:
    """Constant but for a step every two to seven months: its past errors are nothing, nothing, and a lot."""
    return np.asarray(1 + np.floor(np.arange(days) / random.integers(60, 200)))


def credited(random: Random, days: int) -> Array:
    """Costs with a large credit on one day in twenty."""
    return np.asarray(np.exp(random.normal(0, 0.2, days)) - 3.0 * (random.random(days) < 0.05))


KINDS = (calm, gappy, heavy, spiky, shifted, bursts, growing, steps, credited)


def company(random: Random, kind: Callable[[Random, int], Array]) -> Array:
    """A bill of the kind, and none to eleven others of any kind beside it, some of them young."""
    count, days = int(random.choice([1, 2, 5, 12])), int(random.choice([10, 25, 45, 90, 200, 400, 538]))
    kinds = [kind, *(KINDS[int(one)] for one in random.integers(0, len(KINDS), count - 1))]
    level, weekend = 10 ** random.uniform(0, 4, (count, 1)), random.uniform(0.5, 1, (count, 1))
    bills = level * np.array([one(random, days) for one in kinds])
    bills *= np.where(np.arange(days) % 7 >= 5, weekend, 1.0)
    for row in np.flatnonzero(random.random(count - 1) < 0.2) + 1:
        bills[row, : int(random.integers(0, days - 3))] = np.nan
    return np.asarray(bills)


def spend(bills: Array) -> DailySpend:
    window = Window(END - timedelta(days=bills.shape[1]), END)
    return DailySpend(("x_Team",), tuple((str(row),) for row in range(len(bills))), window, bills)


def justified(bill: Array, ahead: int) -> float:
    """The highest mean day of a month that ends ``ahead`` days from now which the bill's own past can justify."""
    known = bill[~np.isnan(bill)]
    length = min(WINDOW, max(known.size // 2, 1))
    windows = np.convolve(known, np.ones(length) / length, mode="valid")
    apart = min(ahead, len(windows) - 1)
    least = 0.1 * np.abs(known).mean()
    grown = (windows[apart:] + least) / (windows[: len(windows) - apart] + least)
    return float(max(windows.max(), (windows[-1] + least) * max(grown.max(), 1.0)))


def test_what_is_justified_is_worked_by_hand() -> None:
    doubled = np.repeat([10.0, 20.0], 60)
    # The highest window is 20. From the first window to one 30 days after it the mean at most doubles: 21.5 / 11.5.
    assert justified(np.full(100, 10.0), 30) == pytest.approx(11.0)
    assert justified(doubled, 30) == pytest.approx(21.5 * 21.5 / 11.5)
    assert justified(np.array([np.nan, 4.0, 4.0]), 90) == pytest.approx(4.4)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_a_month_ahead_is_within_what_the_past_justifies(kind: Callable[[Random, int], Array]) -> None:
    over = []
    for seed in range(30):
        bills = company(np.random.default_rng([seed, KINDS.index(kind)]), kind)
        found = outlook(spend(bills), 5, paths=200)
        assert np.isfinite(found.paths).all()
        for month in range(1, 5):
            ahead = (found.months[month] - END).days + 30
            most = 31 * max(justified(bills[0], ahead), 1e-9)
            drawn = found.paths[0, month]
            over.append([np.median(drawn) / most, drawn.mean() / most])
    likely, mean = np.array(over).T
    assert likely.max() <= MARGIN
    assert mean.max() <= OF_THE_MEAN
    assert (likely > 2.0).mean() <= 0.03


@pytest.mark.parametrize("horizon", [30, 72, 180])
def test_days_and_totals_of_the_horizon_are_within_it_too(horizon: int) -> None:
    for seed in range(40):
        bills = company(np.random.default_rng([seed, 99]), KINDS[seed % len(KINDS)])
        ahead = forecast(bills, horizon, Frequency.DAY, END)
        low, high = ahead.interval(95)
        assert np.isfinite(low).all() and np.isfinite(high).all() and (low <= high).all()
        most = max(justified(bills[0], horizon), 1e-9)
        total = ahead.totals(80)
        assert total.p50[0] <= MARGIN * most * horizon
        assert total.mean[0] <= MARGIN * most * horizon
        assert np.isfinite(total.upper).all()


def symptom(seed: int) -> Array:
    """What was seen: gaps and noise around 250 a day, among bills that trend, that move in steps, or that never do."""
    random = np.random.default_rng(seed)
    days = 538
    noisy = 250 * np.exp(random.normal(0, 0.7, days)) * (random.random(days) > 0.16)
    trends = [50 * np.exp(random.uniform(0.001, 0.004) * np.arange(days)) for _ in range(6)]
    one_step = np.where(np.arange(days) < 450, 36.0, 72.0)
    return np.array([noisy, *trends, one_step, one_step[::-1], *(40 * steps(random, days) for _ in range(6))])


@pytest.mark.parametrize("seed", range(4))
def test_gaps_and_noise_do_not_explode_beside_bills_that_trend(seed: int) -> None:
    """Medians of 10, 45 and 619 thousand were said of the next three months; a usual one was 8."""
    bills = symptom(seed)
    usual = bills[0, -180:].mean() * 30.4
    likely = np.median(outlook(spend(bills), 4).paths[0], axis=1)
    assert (likely[1:] <= 2.0 * usual).all()
    assert (likely[1:] >= 0.4 * usual).all()
    day = forecast(bills, 72, Frequency.DAY, END).quantiles([0.99])[0, :, 0]
    assert (day <= 6.0 * np.nanmax(bills[0])).all()


def test_what_it_says_of_one_bill_hardly_depends_on_its_company() -> None:
    bills = symptom(5)
    alone = forecast(bills[:1], 72, Frequency.DAY, END).totals(80)
    beside = forecast(bills, 72, Frequency.DAY, END).totals(80)
    assert beside.p50[0] == pytest.approx(alone.p50[0], rel=0.5)
    assert beside.upper[0] <= 2.0 * alone.upper[0]


@pytest.mark.parametrize("length", [5, 12, 20])
def test_a_range_of_a_few_noisy_days_is_wide_but_not_absurd(length: int) -> None:
    """Twelve days of nothing but noise were said to be worth up to thousands of times their mean in a month."""
    random = np.random.default_rng(length)
    bills = 100 * np.exp(random.normal(0, 0.6, (20, length + 30)))
    ahead = forecast(bills[:, :length], 30, Frequency.DAY)
    low, high = ahead.interval(80)
    held = ((low <= bills[:, length:]) & (bills[:, length:] <= high)).mean()
    assert held >= 0.7
    assert np.median(high[:, -1]) <= 10 * bills.mean()


def test_a_slope_goes_on_for_as_long_as_it_was_seen() -> None:
    """Ten days that double six times over are not carried on to a quarter that would double fifty times."""
    rising = 1.5 ** np.arange(10.0)
    ahead = forecast(np.array([rising]), 90, Frequency.DAY).p50[0]
    assert ahead[-1] <= rising[-1] * rising[-1] / rising[0]
    assert ahead[-1] == pytest.approx(ahead[30], rel=0.15)


def test_two_wild_newest_days_are_not_the_new_level_and_ten_are() -> None:
    random = np.random.default_rng(6)
    bills = 100 * np.exp(random.normal(0, 0.05, (1, 200)))
    bills[0, [20, 60, 100, 140]] *= 25
    two, ten = bills.copy(), bills.copy()
    two[0, -2:] *= 25
    ten[0, -10:] *= 25
    assert forecast(two, 14, Frequency.DAY).p50[0].mean() == pytest.approx(100, rel=0.3)
    assert forecast(ten, 14, Frequency.DAY).p50[0].mean() > 1500


def test_noise_is_seen_anew_at_each_origin_and_a_level_once_in_a_stretch() -> None:
    random = np.random.default_rng(1)
    level = np.repeat(random.normal(0, 1, (1, 60, 1)), 20, axis=2)
    noise = random.normal(0, 1, (1, 60, 20))
    both = stretches(evidence_of(np.concatenate([level, noise])), 1, 40)
    assert both[0, [0, 19, 39]].tolist() == [60.0, 3.0, 1.5]
    assert both[1, 19] > 45


def test_a_limit_is_the_largest_own_error_and_more_where_few_were_seen() -> None:
    errors = np.zeros((1, 9, 1))
    errors[0, :, 0] = [1, -1, 1, -1, 2, -1, 1, -1, 0]
    size, growth = np.ones((1, 1)), np.ones((1, 1))
    wide, narrow = Room(np.full((2, 1, 1), 50.0), np.zeros((1, 1))), Room(np.full((2, 1, 1), 0.5), np.full((1, 1), 1.0))
    # The largest of nine, 2 above and 1 below, times 1 + 3 / 3; inside a room of 0.5 + 1 not beyond what was seen.
    assert limits_of(errors, np.full((1, 1), 9.0), size, growth, wide).ravel().tolist() == [2.0, 4.0]
    assert limits_of(errors, np.full((1, 1), 9.0), size, growth, narrow).ravel().tolist() == [1.5, 2.0]
    # Hardly tested: as far as it has been and twice the usual error beyond.
    assert limits_of(errors, np.full((1, 1), 1.0), size, growth, narrow).ravel().tolist() == [2.5, 2.5]


def test_no_limit_is_nearer_than_a_factor_of_two() -> None:
    nothing = Room(np.zeros((2, 1, 1)), np.zeros((1, 1)))
    found = limits_of(np.full((1, 9, 1), 1e-6), np.full((1, 1), 9.0), np.full((1, 1), 1e-6), np.ones((1, 1)), nothing)
    np.testing.assert_allclose(found, np.log(2.0))


def test_zero_is_the_least_where_a_series_holds_zeros() -> None:
    least = scale_of(np.array([[0.0, 4.0], [1.0, 4.0], [-1.0, 4.0]])).nothing
    assert least[0] == pytest.approx(np.log(0.3))
    assert np.isneginf(least[1:]).all()
