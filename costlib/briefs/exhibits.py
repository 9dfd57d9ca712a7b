"""Charts made from figures of the cube: which segments they show, what they call them, and the words around them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from costlib.analysis.trend import Series, added, leading
from costlib.charts.spec import MOST_NAMED, OTHER, Caption, Line, Role, Segment, StackedColumns, Trend
from costlib.charts.timeline import Periods
from costlib.fiscal import Fiscal
from costlib.focus import MEASURE_NAMES, label, null_label, null_words
from costlib.periods import Grain, Window, day_name, window_name

#: Segments shown by name; the rest is added up.
MOST_SEGMENTS = 6
#: Values of a filter that are named; more are counted.
_NAMED = 2


@dataclass(frozen=True)
class Basis:
    """What all figures of an exhibit have in common: cost measure, currency, data date and the state they are from."""

    measure: str
    currency: str
    data_date: date
    generation: str
    providers: tuple[str, ...] = ()
    sample: bool = False

    @property
    def source(self) -> str:
        """The trace in words: whose bills, up to when, which state of the store."""
        who = "sample company" if self.sample else ", ".join(self.providers)
        bills = f"Bills of {who}" if who else "Bills"
        return f"{bills}, usage to {day_name(self.data_date)}; snapshot {self.generation}"

    def subtitle(self, what: str, window: Window) -> str:
        """Metric, cost measure, currency and period.

        >>> basis = Basis("EffectiveCost", "USD", date(2026, 10, 20), "ab12")
        >>> basis.subtitle("AI spend by month", Window(date(2026, 8, 1), date(2026, 10, 1)))
        'AI spend by month, effective cost, USD, Aug 2026 to Sep 2026'
        """
        return f"{what}, {MEASURE_NAMES[self.measure]}, {self.currency}, {window_name(window)}"


@dataclass(frozen=True)
class Timeline:
    """The periods of an exhibit."""

    starts: tuple[date, ...]
    grain: Grain
    fiscal_start: Fiscal = 1

    def axis(self, data_date: date) -> Periods:
        """The time axis, the last period marked open where the data ends inside it."""
        return Periods(self.starts, self.grain, self.fiscal_start, data_until=data_date)


def segment_name(dimension: str | None, name: str | None) -> str:
    """What a reader calls a segment, also where it has no name; a real name that says the same is quoted.

    >>> segment_name("x_Team", "Fraud"), segment_name("x_Team", None), segment_name("x_Team", "No team")
    ('Fraud', 'No team', '"No team"')
    """
    unknown = null_label(dimension or "")
    if name is None:
        return unknown
    return f'"{name}"' if name in (unknown, OTHER) else name


def value_words(dimension: str, name: str | None) -> str:
    """What a segment is called inside a sentence or a list of values.

    >>> value_words("x_Team", "Fraud"), value_words("x_Team", None)
    ('Fraud', 'no team')
    """
    return null_label(dimension).lower() if name is None else segment_name(dimension, name)


def spender(dimension: str, name: str | None, *, first: bool = False) -> str:
    """What spends, in a sentence or as its first words: the segment, or the spend that has none.

    >>> spender("x_Team", "Fraud"), spender("x_Team", None), spender("RegionId", None, first=True)
    ('Fraud', 'spend that has no team', 'Spend that is not given')
    """
    if name is not None:
        return segment_name(dimension, name)
    return f"{'Spend' if first else 'spend'} that {null_words(dimension)}"


def subject(scope: str, filters: Mapping[str, Sequence[str | None]]) -> str:
    """What figures are of: the scope, and the values that filters leave of it.

    >>> subject("AI spend", {}), subject("AI spend", {"x_Team": ["Search"]})
    ('AI spend', 'AI spend (team Search)')
    >>> subject("All spend", {"x_Team": ["Search", None], "x_Model": ["a", "b", "c"]})
    'All spend (team Search or no team; 3 models)'
    """
    said = [_left(dimension, values) for dimension, values in filters.items()]
    return f"{scope} ({'; '.join(said)})" if said else scope


def _left(dimension: str, values: Sequence[str | None]) -> str:
    what = label(dimension).lower()
    names = [value_words(dimension, value) for value in values]
    return f"{what} {' or '.join(names)}" if len(names) <= _NAMED else f"{len(names)} {what}s"


def stacked(
    title: str, what: str, basis: Basis, timeline: Timeline, window: Window, series: Sequence[Series], dimension: str
) -> StackedColumns:
    """Segments over time as stacked columns: the largest by name, the rest, never a single one, added up on top."""
    shown, rest = leading(series, MOST_SEGMENTS if len(series) > MOST_NAMED else MOST_NAMED)
    segments = [Segment(segment_name(dimension, one.name), one.values) for one in shown]
    if rest:
        segments.append(Segment(OTHER, rest.values, other=True))
    caption = Caption(title, basis.subtitle(what, window), basis.source)
    return StackedColumns(caption, timeline.axis(basis.data_date), basis.currency, tuple(segments))


def lines(
    title: str, what: str, basis: Basis, timeline: Timeline, window: Window, series: Sequence[Series], dimension: str
) -> Trend:
    """The largest segments over time as lines."""
    shown, _ = leading(series, MOST_SEGMENTS)
    caption = Caption(title, basis.subtitle(what, window), basis.source)
    drawn = tuple(Line(segment_name(dimension, one.name), one.values) for one in shown)
    return Trend(caption, timeline.axis(basis.data_date), basis.currency, drawn)


def compared(
    title: str,
    what: str,
    basis: Basis,
    timeline: Timeline,
    windows: tuple[Window, Window],
    now: Sequence[Series],
    before: Sequence[Series],
    against: str,
) -> Trend:
    """The total over time beside that of an earlier window, called ``against``, laid on the same axis."""
    window, earlier = windows
    subtitle = f"{basis.subtitle(what, window)}, against {window_name(earlier)}"
    caption = Caption(title, subtitle, basis.source)
    values = added(now).values
    previous = (added(before).values if before else ())[: len(values)]
    padded = previous + (None,) * (len(values) - len(previous))
    drawn = (Line("These periods", values), Line(against, padded, Role.PREVIOUS))
    return Trend(caption, timeline.axis(basis.data_date), basis.currency, drawn)
