"""The record of the forecast method on a panel's own past, beside the simple rules that it has to beat.

Conventions: ``y`` is ``[series, period]``, newest last, NaN where a series is not known. A window is one cutoff and the
``horizon`` periods after it; windows do not overlap and the newest ends with the last column. A series takes part in a
window if it has at least 8 periods before the cutoff and a value in it. Nothing after a cutoff is used at it. Coverage
is a share from 0 to 1; ``wape`` and ``bias`` are shares of the actual spend; positive bias is forecast too high.

FinOps levels: the absolute variance of a series' horizon total, |actual - forecast| over forecast: best within 5 %, run
12 %, walk 15 %, crawl 20 % (FinOps Framework, Forecasting).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from costlib.analysis import losses
from costlib.analysis.forecast import baselines
from costlib.analysis.forecast.engine import forecast
from costlib.analysis.forecast.kinds import NEW
from costlib.analysis.forecast.rhythm import RHYTHMS, Frequency
from costlib.errors import InputError

Array = NDArray[np.float64]

OURS = "glidepath"
LEVELS = (80, 95)
#: Widest absolute variance of each FinOps level.
FINOPS_LEVELS: Mapping[str, float] = {"best": 0.05, "run": 0.12, "walk": 0.15, "crawl": 0.20}
#: Windows that a series needs before one rule is called better than another on it.
_ENOUGH_WINDOWS = 2
#: A rule is said to win where its error is below this part of ours.
_CLEARLY = 0.9

#: Seasonal difference by which errors are scaled; weeks are scaled by neighbouring weeks, as in the M4 competition.
SCALE_SEASON: Mapping[Frequency, int] = {Frequency.DAY: 7, Frequency.WEEK: 1, Frequency.MONTH: 12}


@dataclass(frozen=True)
class Window:
    """One cutoff: which series took part, what happened, and what each method had said."""

    cutoff: int
    rows: NDArray[np.intp]
    actual: Array
    history: Array
    said: Mapping[str, Array]
    intervals: Mapping[int, tuple[Array, Array]]
    totals: Mapping[int, tuple[Array, Array]]


@dataclass(frozen=True)
class Record:
    """All windows, the newest first."""

    horizon: int
    frequency: Frequency
    windows: tuple[Window, ...]

    def document(self, names: Sequence[str]) -> dict[str, Any]:
        """The record as JSON: per method over all windows, per window, and per series of ``names``."""
        return {
            "horizon": self.horizon,
            "windows": len(self.windows),
            "series": len({int(row) for window in self.windows for row in window.rows}),
            "methods": {name: self.scores(name) for name in self.windows[0].said},
            "by_window": [
                {
                    "periods_before_end": window.cutoff,
                    "series": len(window.rows),
                    **_rounded(_window_scores(window, OURS, SCALE_SEASON[self.frequency])),
                }
                for window in self.windows
            ],
            "finops_levels": self.finops_levels(),
            "by_series": self.by_series(names),
        }

    def scores(self, method: str) -> dict[str, float | None]:
        """Scores of one method, means over series and windows; those of intervals for ours only."""
        season = SCALE_SEASON[self.frequency]
        each = [_window_scores(window, method, season) for window in self.windows]
        weight = np.array([len(window.rows) for window in self.windows], dtype=np.float64)
        return _rounded({name: _weighted([one[name] for one in each], weight) for name in each[0]})

    def finops_levels(self) -> dict[str, float | None]:
        """Share of series and windows whose horizon total was within each level's variance."""
        variance = np.concatenate([_total_variance(window) for window in self.windows])
        known = variance[np.isfinite(variance)]
        if not known.size:
            return dict.fromkeys(FINOPS_LEVELS)
        return {name: round(float((known <= most).mean()), 4) for name, most in FINOPS_LEVELS.items()}

    def by_series(self, names: Sequence[str]) -> list[dict[str, Any]]:
        """Each series' error with every method, and whether a simple rule did clearly better than ours."""
        errors: dict[str, dict[int, list[float]]] = {}
        for window in self.windows:
            for method, said in window.said.items():
                for row, error in zip(window.rows, losses.wape(window.actual, said), strict=True):
                    errors.setdefault(method, {}).setdefault(int(row), []).append(float(error))
        rows = sorted(errors[OURS])
        return [_series_record(names[row], {method: errors[method][row] for method in errors}) for row in rows]


def backtest(y: Array, horizon: int, windows: int, frequency: Frequency) -> Record:
    """Forecasts at ``windows`` past cutoffs, ``horizon`` periods apart, beside the simple rules.

    Raises ``InputError`` where no series is long enough for one window.

    >>> flat = np.full((2, 40), 7.0)
    >>> backtest(flat, 6, 2, Frequency.MONTH).scores("glidepath")["wape"]
    0.0
    """
    found = [_window(y, horizon, horizon * back, frequency) for back in range(1, windows + 1)]
    usable = tuple(window for window in found if window is not None)
    if not usable:
        longest = _longest(y)
        raise InputError(
            f"No series is long enough for a backtest of horizon {horizon}; "
            f"the longest has {longest} {'period' if longest == 1 else 'periods'}",
            expected=f"at least {horizon + NEW} periods",
            fix="Give a shorter --horizon.",
        )
    return Record(horizon, frequency, usable)


def baseline_methods(frequency: Frequency) -> Mapping[str, Callable[[Array, int], Array]]:
    """The rules every forecast is held against, by name."""
    rhythm = RHYTHMS[frequency]
    run_rate = f"{rhythm.run_rate}-{'day' if frequency is Frequency.DAY else 'period'} run rate"
    return {
        "seasonal naive": lambda history, horizon: baselines.seasonal_naive(history, horizon, rhythm.season),
        run_rate: lambda history, horizon: baselines.run_rate(history, horizon, rhythm.run_rate),
        "linear trend": lambda history, horizon: baselines.linear_trend(history, horizon)[0],
        "naive2": lambda history, horizon: baselines.naive2(history, horizon, SCALE_SEASON[frequency]),
    }


def _window(y: Array, horizon: int, back: int, frequency: Frequency) -> Window | None:
    """The window whose cutoff lies ``back`` periods before the end; None where no series takes part."""
    cut = y.shape[1] - back
    if cut < NEW:
        return None
    known = ~np.isnan(y)
    rows = np.flatnonzero((known[:, :cut].sum(axis=1) >= NEW) & known[:, cut : cut + horizon].any(axis=1))
    rows = rows[known[rows, cut - 1]]
    if not rows.size:
        return None
    history, actual = y[rows, :cut], y[rows, cut : cut + horizon]
    ahead = forecast(history, horizon, frequency)
    said = {OURS: ahead.p50}
    said.update({name: rule(history, horizon) for name, rule in baseline_methods(frequency).items()})
    totals = {level: ahead.totals(level) for level in LEVELS}
    return Window(
        cutoff=back,
        rows=rows,
        actual=actual,
        history=history,
        said=said,
        intervals={level: ahead.interval(level) for level in LEVELS},
        totals={level: (total.lower, total.upper) for level, total in totals.items()},
    )


def _window_scores(window: Window, method: str, season: int) -> dict[str, float]:
    scale = losses.seasonal_scale(window.history, season)
    said, naive = window.said[method], window.said["naive2"]
    smape, mase = _mean(losses.smape(window.actual, said)), _mean(losses.mase(window.actual, said, scale))
    bottom = _mean(losses.smape(window.actual, naive)), _mean(losses.mase(window.actual, naive, scale))
    scores = {
        "owa": losses.owa(smape, mase, *bottom) if min(bottom) > 0 else np.nan,
        "smape": smape,
        "mase": mase,
        "wape": _ratio(np.nansum(np.abs(window.actual - said)), np.nansum(np.abs(window.actual))),
        "bias": _ratio(np.nansum(said - window.actual), np.nansum(np.abs(window.actual))),
    }
    if method != OURS:
        return scores
    for level in LEVELS:
        lower, upper = window.intervals[level]
        scores[f"coverage_{level}"] = _mean(losses.coverage(window.actual, lower, upper))
        ends = [end[:, None] for end in window.totals[level]]
        scores[f"total_coverage_{level}"] = _mean(losses.coverage(window.actual.sum(axis=1)[:, None], *ends))
    scores["msis"] = _mean(losses.msis(window.actual, *window.intervals[LEVELS[0]], scale, LEVELS[0]))
    return scores


def _total_variance(window: Window) -> Array:
    """|actual - forecast| over forecast, of the horizon total of each series; NaN where the forecast is 0."""
    actual, said = window.actual.sum(axis=1), window.said[OURS].sum(axis=1)
    off = np.abs(actual - said)
    variance: Array = np.divide(off, np.abs(said), out=np.full(len(said), np.nan), where=said != 0)
    return variance


def _series_record(name: str, errors: Mapping[str, Sequence[float]]) -> dict[str, Any]:
    mean = {method: _mean(np.array(values)) for method, values in errors.items()}
    shown = _rounded(mean)
    known = {method: value for method, value in shown.items() if value is not None}
    best = min(known, key=lambda method: known[method]) if known else None
    enough = len(errors[OURS]) >= _ENOUGH_WINDOWS
    beaten = best is not None and best != OURS and enough and known[best] < _CLEARLY * known[OURS]
    return {
        "unique_id": name,
        "windows": len(errors[OURS]),
        "wape": shown,
        "beaten_by": best if beaten else None,
    }


def _mean(values: Array) -> float:
    known = values[np.isfinite(values)]
    return float(known.mean()) if known.size else np.nan


def _ratio(part: float, whole: float) -> float:
    return float(part / whole) if whole > 0 else np.nan


def _weighted(values: Sequence[float], weight: Array) -> float:
    each = np.array(values)
    known = np.isfinite(each)
    return float(each[known] @ weight[known] / weight[known].sum()) if known.any() else np.nan


def _rounded(scores: Mapping[str, float]) -> dict[str, float | None]:
    return {name: round(value, 4) if np.isfinite(value) else None for name, value in scores.items()}


def _longest(y: Array) -> int:
    return int((~np.isnan(y)).sum(axis=1).max(initial=0))
