"""Small multiples: one small chart a name, all with the same periods, the same parts and the same scale.

Conventions: a panel is made of lines or of the parts of stacked columns, the same kind and the same names in every
panel; a reader compares panels, so their value axis is one.
"""

from __future__ import annotations

from dataclasses import dataclass

from costlib import money
from costlib.charts.spec.columns import StackedColumns
from costlib.charts.spec.parts import Amount, Caption, Line, Segment, check_currency, check_names, known
from costlib.charts.spec.trend import Trend
from costlib.charts.ticks import Scale, money_scale
from costlib.charts.timeline import Periods
from costlib.errors import InputError

MOST_PANELS = 12


@dataclass(frozen=True)
class Panel:
    """One small chart: a name, and its lines or the parts of its columns."""

    name: str
    parts: tuple[Line, ...] | tuple[Segment, ...]


@dataclass(frozen=True)
class SmallMultiples:
    """At most twelve panels in a grid."""

    caption: Caption
    periods: Periods
    currency: str
    panels: tuple[Panel, ...]

    def __post_init__(self) -> None:
        check_currency(self.currency)
        check_names((panel.name for panel in self.panels), "panel")
        if len(self.panels) > MOST_PANELS:
            raise InputError(
                f"A grid has {len(self.panels)} panels", expected=f"at most {MOST_PANELS}", fix="Show the largest."
            )
        shapes = {tuple((type(part), part.name) for part in panel.parts) for panel in self.panels}
        if len(shapes) > 1:
            raise InputError("The panels of a grid differ", expected="lines or segments of the same names in each")
        roles = {tuple(part.role for part in panel.parts if isinstance(part, Line)) for panel in self.panels}
        if len(roles) > 1:
            raise InputError("The lines of a grid differ in their roles", expected="the same roles in each panel")
        if len({type(part) for part in self.parts}) > 1:
            raise InputError("A panel holds lines and segments", expected="one of the two")
        for panel in self.panels:
            self.chart(panel)

    @property
    def stacked(self) -> bool:
        """Whether the panels are stacked columns, not lines."""
        return isinstance(self.parts[0], Segment)

    @property
    def parts(self) -> tuple[Line, ...] | tuple[Segment, ...]:
        """The parts of the first panel, whose names and roles are those of all."""
        return self.panels[0].parts

    def chart(self, panel: Panel) -> Trend | StackedColumns:
        """A panel as a chart of its own, its name the title; raises InputError where it could not stand alone."""
        caption = Caption(panel.name, self.caption.subtitle, self.caption.source)
        segments = tuple(part for part in panel.parts if isinstance(part, Segment))
        if segments:
            return StackedColumns(caption, self.periods, self.currency, segments)
        lines = tuple(part for part in panel.parts if isinstance(part, Line))
        return Trend(caption, self.periods, self.currency, lines)

    @property
    def charts(self) -> tuple[Trend | StackedColumns, ...]:
        """Each panel as a chart of its own."""
        return tuple(self.chart(panel) for panel in self.panels)

    def last(self, panel: Panel) -> str:
        """The last known amount of a panel as it is written beside its name: of columns the total, of lines the first.

        It says of when it is, unless that is the last period and complete.
        """
        chart = self.chart(panel)
        figures = known(chart.totals if isinstance(chart, StackedColumns) else chart.lines[0].values)
        if not figures:
            return money.UNKNOWN
        index, amount = figures[-1]
        early = "" if index == len(self.periods) - 1 else self.periods.labels[index]
        note = self.periods.open_note if index == self.periods.open_index else early
        return " ".join(part for part in (money.short(amount, self.currency), note) if part)

    @property
    def grid(self) -> tuple[int, int]:
        """Rows and columns of the grid on a wide page."""
        count = len(self.panels)
        columns = count if count <= 3 else 2 if count == 4 else 3 if count in (5, 6, 9) else 4
        return -(-count // columns), columns

    @property
    def scale(self) -> Scale:
        """The value axis of all panels."""
        values: list[Amount] = []
        for chart in self.charts:
            if isinstance(chart, StackedColumns):
                values += [*chart.tops, *chart.floors]
            else:
                values += [value for line in chart.lines for value in line.values]
        return money_scale(values, self.currency)
