"""How often a series is observed, and the settings of the method that go with it.

Conventions: lengths and windows are in periods of the rhythm (days, weeks or months). The settings were chosen on
public series of each rhythm as a whole, never for one series; docs/forecast.md has the record.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from costlib.errors import InputError, did_you_mean


class Frequency(StrEnum):
    """Days, weeks (any weekday), or months named by their first day."""

    DAY = "D"
    WEEK = "W"
    MONTH = "MS"


@dataclass(frozen=True)
class Rhythm:
    """Settings of one frequency. Shares are parts of a component that enter the forecast on top of the level."""

    season: int
    year: int
    longest: int
    """Periods of history that are used; older ones say nothing about what comes."""
    season_half_life: float
    """Seasons after which a past season counts half in the seasonal figures."""
    season_caution: float
    """How much of the figures' noise is taken off before they are believed."""
    steps: tuple[int, ...]
    """Steps ahead over which smoothing settings are compared."""
    medians: Mapping[int, float]
    """Share of the distance from the level to a running median, by its window."""
    slopes: Mapping[int, float]
    """Share of the series' own slope, by its window."""
    common_slopes: Mapping[int, float]
    """Share of the panel's median slope, by its window."""
    gate: tuple[float, float]
    """Factor and power by which slow components fade where the level itself moves fast."""
    holt: float = 0.2
    slow: float = 0.2
    fast: float = 0.0
    recent_seasons: tuple[float, ...] = ()
    """Share of what the last seasons did beside the figures, newest first."""
    drift_gate: float = 0.0
    """How much of the drift fades where the level hardly moves, 0 to 1."""
    clip: float | None = None
    """Spikes are cut at so many robust deviations from a running median."""
    carried: float = 1.0
    """A slope goes on for so many times the periods over which it was seen."""
    doubted: bool = False
    """Whether a spike in the newest periods is cut too: a new level is then believed once it has lasted three."""
    lines: tuple[int, ...] = ()
    """Windows of the straight lines that a series may follow; the sum of so many coming periods tells whether it does,
    where the line's error is under this part of ours. None where growth was seldom seen to last."""
    line_steps: int = 1
    line_clearly: float = 0.6
    last_year: float = 0.0
    """Share of what the panel did together at the same time last year."""
    gap_season: int = 1
    """A gap inside a series takes a line between periods so far apart, or a multiple of it."""
    stride: int = 1
    """Periods between the past origins whose errors make the intervals."""
    ended: int = 6
    """So many zeros in a row, after a life without them, and a series has ended."""
    run_rate: int = 3
    short: int = 24
    """Under so many periods a series is called short."""
    origins: int = field(default=100)


MONTHLY = Rhythm(
    season=12,
    year=12,
    longest=240,
    season_half_life=3.0,
    season_caution=1.5,
    steps=(1, 3, 6, 12),
    medians={5: 0.25},
    slopes={120: 0.35},
    common_slopes={120: 0.2, 24: 0.15},
    gate=(1.5, 1.0),
    slow=0.25,
    fast=-0.2,
    carried=3.0,
    recent_seasons=(0.15, 0.1),
    clip=6.0,
    ended=3,
)
WEEKLY = Rhythm(
    season=52,
    year=52,
    longest=312,
    season_half_life=2.0,
    season_caution=1.0,
    steps=(1, 3, 6, 12),
    medians={7: 0.1},
    slopes={52: 0.1, 208: 0.1},
    common_slopes={},
    gate=(1.3, 2.0),
    holt=0.25,
    slow=0.1,
    recent_seasons=(0.25, 0.1),
    run_rate=4,
    short=104,
)
DAILY = Rhythm(
    season=7,
    year=364,
    longest=730,
    season_half_life=26.0,
    season_caution=1.0,
    steps=(1, 3, 6, 12),
    medians={56: 0.5},
    slopes={360: 0.6},
    common_slopes={360: 0.6},
    gate=(1.3, 2.0),
    holt=0.1,
    slow=0.4,
    recent_seasons=(0.1, 0.1),
    drift_gate=0.7,
    clip=10.0,
    doubted=True,
    gap_season=7,
    lines=(364, 120),
    line_steps=28,
    last_year=0.5,
    stride=3,
    ended=28,
    run_rate=28,
    short=60,
)

RHYTHMS: Mapping[Frequency, Rhythm] = {
    Frequency.DAY: DAILY,
    Frequency.WEEK: WEEKLY,
    Frequency.MONTH: MONTHLY,
}


def frequency(text: str) -> Frequency:
    """The frequency of that name.

    Raises ``InputError`` where there is none.

    >>> frequency("MS").name
    'MONTH'
    """
    try:
        return Frequency(text)
    except ValueError as error:
        known = [one.value for one in Frequency]
        raise InputError(
            f"Frequency {text!r} is not known",
            expected="D (days), W (weeks) or MS (months by their first day)",
            fix=did_you_mean(text, known) or "Leave it out and it is read from the dates.",
        ) from error
