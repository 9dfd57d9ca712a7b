"""The record: locked forecasts against what was spent.

Conventions: money in one currency and measure. A *version* is a forecast as it was locked; it never changes. A month is
so many months *ahead* of the month in which the version's data end: 1 is the next month, 0 the open one, of which a
part was known already. Variance = actual - forecast, as a share of the forecast (0.1 is 10 % over). Bias is the mean
variance with its sign; positive is spent more than forecast. What is unknown on either side is left out and not
counted.

FinOps levels by the mean absolute variance of the total: best within 5 %, run 12 %, walk 15 %, crawl 20 % (FinOps
Framework, Forecasting); wider than that has no level.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from statistics import fmean
from typing import Any

from costlib import money
from costlib.analysis.backtest import FINOPS_LEVELS
from costlib.analysis.outlook import Outlook
from costlib.analysis.ranges import LEVEL, Key, Line, line_of, together
from costlib.errors import InputError
from costlib.periods import months_between

#: Months ahead that the record reports, and the shares within which it counts segments.
AHEAD = (1, 3, 12)
WITHIN = (0.05, 0.12, 0.20)


@dataclass(frozen=True)
class Version:
    """A locked forecast: a line a segment, and one of all together, whose range is its own and no sum of ranges.

    ``data_until`` is the last day that it knew; ``generation`` names the bills it was made from; ``keys`` are the
    segments, each the values of the dimensions ``by``. ``replayed`` is a version that was not locked then but made
    later from what was known then.
    """

    version: str
    locked_on: date
    data_until: date
    generation: str
    measure: str
    currency: str
    months: tuple[date, ...]
    by: tuple[str, ...]
    keys: tuple[Key, ...]
    lines: tuple[Line, ...]
    total: Line
    level: float = LEVEL
    replayed: bool = False

    def ahead(self, month: date) -> int:
        """How many months after the month of its last day."""
        return months_between(self.data_until, month)

    def document(self) -> dict[str, Any]:
        """The version as JSON: money as text, dates as days."""
        return {
            "version": self.version,
            "locked_on": self.locked_on.isoformat(),
            "data_until": self.data_until.isoformat(),
            "generation": self.generation,
            "measure": self.measure,
            "currency": self.currency,
            "level": self.level,
            "replayed": self.replayed,
            "months": [month.isoformat() for month in self.months],
            "by": list(self.by),
            "total": _line_document(self.total),
            "segments": [
                {"key": list(key), **_line_document(line)} for key, line in zip(self.keys, self.lines, strict=True)
            ],
        }


def locked(
    ahead: Outlook,
    version: str,
    locked_on: date,
    data_until: date,
    generation: str,
    measure: str,
    currency: str,
    level: float = LEVEL,
    replayed: bool = False,
) -> Version:
    """The outlook as a version to keep."""
    return Version(
        version=version,
        locked_on=locked_on,
        data_until=data_until,
        generation=generation,
        measure=measure,
        currency=currency,
        months=ahead.months,
        by=ahead.by,
        keys=ahead.keys,
        lines=tuple(line_of(paths, level) for paths in ahead.paths),
        total=line_of(together(ahead.paths), level),
        level=level,
        replayed=replayed,
    )


def version_of(document: Mapping[str, Any]) -> Version:
    """The version that ``Version.document`` wrote.

    Raises ``InputError`` where the document is not one.
    """
    try:
        return Version(
            version=str(document["version"]),
            locked_on=date.fromisoformat(document["locked_on"]),
            data_until=date.fromisoformat(document["data_until"]),
            generation=str(document["generation"]),
            measure=str(document["measure"]),
            currency=str(document["currency"]),
            months=tuple(date.fromisoformat(month) for month in document["months"]),
            by=tuple(document["by"]),
            keys=tuple(tuple(one["key"]) for one in document["segments"]),
            lines=tuple(_line(one) for one in document["segments"]),
            total=_line(document["total"]),
            level=float(document["level"]),
            replayed=bool(document["replayed"]),
        )
    except (KeyError, TypeError, ValueError, ArithmeticError) as error:
        raise InputError(
            f"A locked forecast cannot be read ({error})",
            expected="the fields that were written when it was locked",
            fix="Restore the file from a backup, or lock a new version.",
        ) from error


@dataclass(frozen=True)
class Actuals:
    """What closed months cost: a row a segment, one entry a month; None is not known."""

    keys: tuple[Key, ...]
    months: tuple[date, ...]
    cost: tuple[tuple[Decimal | None, ...], ...]

    def of(self, key: Key, month: date) -> Decimal | None:
        """Cost of a segment in a month; 0 for a segment that is not there, None for a month that is not."""
        if month not in self.months:
            return None
        return self.cost[self.keys.index(key)][self.months.index(month)] if key in self.keys else Decimal(0)

    def total(self, month: date) -> Decimal | None:
        """Cost of all segments in a month, None where one of them is not known."""
        if month not in self.months:
            return None
        column = [row[self.months.index(month)] for row in self.cost]
        return None if None in column else money.exact_sum(column)


@dataclass(frozen=True)
class Comparison:
    """One month of one version against what it cost; ``key`` is None for all together."""

    version: str
    replayed: bool
    key: Key | None
    month: date
    ahead: int
    forecast: Decimal
    lower: Decimal
    upper: Decimal
    actual: Decimal

    @property
    def variance(self) -> Decimal:
        """Actual less forecast: positive is spent more than forecast."""
        return self.actual - self.forecast

    @property
    def share(self) -> float | None:
        """Variance as a share of the forecast; None where 0 was forecast and something was spent."""
        if self.forecast == 0:
            return 0.0 if self.actual == 0 else None
        return float(self.variance / abs(self.forecast))

    @property
    def inside(self) -> bool:
        """Whether the actual lay within the range, ends included."""
        return self.lower <= self.actual <= self.upper


@dataclass(frozen=True)
class Figures:
    """The record at so many months ahead. Shares are 0 to 1; None where there is nothing to tell it from.

    ``versions`` that reach a closed month, ``compared`` segments and months of them. Of the total: its mean absolute
    variance, bias, FinOps ``level`` and how often it lay within the range. Of the segments: the share ``within`` each
    of WITHIN, and how often they lay within their ranges. Where 0 was forecast and something spent, a segment is
    within no share.
    """

    ahead: int
    versions: int
    compared: int
    variance: float | None
    bias: float | None
    level: str | None
    hit_rate: float | None
    within: Mapping[float, float | None]
    segment_hit_rate: float | None


def comparisons(versions: Iterable[Version], actuals: Actuals) -> tuple[Comparison, ...]:
    """Every month of every version that has closed: of each segment, and of all together."""
    found = []
    for version in versions:
        for place, month in enumerate(version.months):
            for key, line in zip((None, *version.keys), (version.total, *version.lines), strict=True):
                actual = actuals.total(month) if key is None else actuals.of(key, month)
                said = line.p50[place], line.lower[place], line.upper[place]
                if actual is None or None in said:
                    continue
                found.append(_comparison(version, key, month, said, actual))
    return tuple(found)


def record(versions: Iterable[Version], actuals: Actuals, ahead: Sequence[int] = AHEAD) -> tuple[Figures, ...]:
    """The record, a row for each number of months ahead; a row without evidence has versions 0."""
    found = comparisons(versions, actuals)
    return tuple(_figures(months, [one for one in found if one.ahead == months]) for months in ahead)


def finops_level(variance: float | None) -> str | None:
    """The FinOps level of a mean absolute variance; None beyond the widest.

    >>> finops_level(0.05), finops_level(0.13), finops_level(0.5)
    ('best', 'walk', None)
    """
    return next((name for name, most in FINOPS_LEVELS.items() if variance is not None and variance <= most), None)


def _figures(ahead: int, found: Sequence[Comparison]) -> Figures:
    whole = [one for one in found if one.key is None]
    parts = [one for one in found if one.key is not None]
    shares = [one.share for one in whole if one.share is not None]
    variance = fmean(abs(share) for share in shares) if shares else None
    within = {most: _share([one.share is not None and abs(one.share) <= most for one in parts]) for most in WITHIN}
    return Figures(
        ahead=ahead,
        versions=len({one.version for one in found}),
        compared=len(parts),
        variance=variance,
        bias=fmean(shares) if shares else None,
        level=finops_level(variance),
        hit_rate=_share([one.inside for one in whole]),
        within=within,
        segment_hit_rate=_share([one.inside for one in parts]),
    )


def _comparison(
    version: Version, key: Key | None, month: date, said: tuple[Any, Any, Any], actual: Decimal
) -> Comparison:
    return Comparison(version.version, version.replayed, key, month, version.ahead(month), *said, actual)


def _share(flags: Sequence[bool]) -> float | None:
    return sum(flags) / len(flags) if flags else None


def _line_document(line: Line) -> dict[str, list[str | None]]:
    return {
        name: [money.exact(one) for one in values]
        for name, values in (("p50", line.p50), ("lower", line.lower), ("upper", line.upper))
    }


def _line(document: Mapping[str, Any]) -> Line:
    p50, lower, upper = (
        tuple(None if one is None else Decimal(one) for one in document[name]) for name in ("p50", "lower", "upper")
    )
    return Line(p50, lower, upper)
