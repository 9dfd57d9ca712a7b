"""Where a change of spend comes from: the bridge of a selection between two windows."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal

import streamlit as st

from costlib.analysis.bridge import Measured, Parts, bridge, paired, summed
from costlib.briefs.bridge_exhibit import STEP_HELP, bridge_chart, bridge_rows
from costlib.briefs.exhibits import segment_name
from costlib.briefs.words.bridge import bridge_finding
from costlib.briefs.words.findings import when
from costlib.charts.spec import Caption
from costlib.focus import label
from costlib.periods import Window, window_name
from costlib.store.question import Row
from ui.exhibit import Exhibit, draw
from ui.selection import Selection
from ui.tables import figures_table

ROWS = 8
_SHORT = 11
#: What is compared: one meter in one unit, charge category by charge category; the unit comes last.
GRAIN = ("SkuMeter", "ChargeCategory", "ConsumedUnit")


class Change:
    """The way from the earlier window to the later one, under one selection and by one dimension."""

    def __init__(self, selection: Selection, dimension: str, window: Window, earlier: Window) -> None:
        self.selection, self.dimension = selection, dimension
        self.window, self.earlier = window, earlier
        self._values: dict[str, str | None] = {}
        self.found = bridge(paired(self._measured(earlier), self._measured(window)))

    def finding(self) -> str:
        """The change in a sentence."""
        basis = self.selection
        return bridge_finding(self.found, basis.currency, basis.subject, when(self.earlier), when(self.window))

    def exhibit(self) -> Exhibit:
        """The bridge as a chart."""
        basis, what = self.selection.basis, self.selection.subject
        subtitle = f"{basis.subtitle(f'What changed {what}', self.window)}, against {window_name(self.earlier)}"
        caption = Caption(self.finding(), subtitle, basis.source)
        chart = bridge_chart(self.found, caption, basis.currency, _ends(self.earlier, self.window))
        return Exhibit(chart, self.selection, self.dimension)

    def table(self) -> tuple[list[str], list[list[str]]]:
        """Header and rows: what each value of the dimension changed, part by part."""
        groups: defaultdict[str | None, list[Parts]] = defaultdict(list)
        for one in self.found.segments:
            groups[self._values[one.segment.name or ""]].append(one.parts)
        joined = [(segment_name(self.dimension, name), summed(parts)) for name, parts in groups.items()]
        joined.sort(key=lambda pair: (-abs(pair[1].total), pair[0]))
        header, rows = bridge_rows(joined, self.selection.currency, ROWS)
        return [label(self.dimension), *header], rows

    def _measured(self, window: Window) -> list[Measured]:
        by = (self.dimension, *GRAIN)
        costs = self.selection.ask(by, window)
        quantities = {row.values: _quantity(row) for row in self.selection.quantities(by, window)}
        return [self._segment(row, quantities.get(row.values)) for row in costs]

    def _segment(self, row: Row, quantity: Decimal | None) -> Measured:
        value, meter, category, unit = row.values
        name = " ".join(str(one) for one in (value, meter, category))
        self._values[name] = value
        return Measured(name, unit, row.amount, quantity if category == "Usage" and not row.unknown else None)


def _ends(earlier: Window, window: Window) -> tuple[str, str]:
    """What stands under the first and last column: the windows where their names are short."""
    names = window_name(earlier), window_name(window)
    return names if max(map(len, names)) <= _SHORT else ("Before", "Now")


def _quantity(row: Row) -> Decimal | None:
    """The quantity consumed; unknown where a part of it is."""
    return None if row.unknown else row.amount


def bridge_panel(selection: Selection, dimension: str, window: Window, earlier: Window) -> None:
    """Draw what changed between two windows: sentence, bridge, and who changed it."""
    change = Change(selection, dimension, window, earlier)
    if not change.found.segments:
        st.info("The cost of what was used is unknown under this measure, so its change cannot be told apart.")
        return
    draw(change.exhibit(), "bridge", height=340)
    with st.container(border=True, key="bridge-table"):
        st.header("Who changed it, and how", anchor=False, help=STEP_HELP)
        header, rows = change.table()
        caption = f"Parts of the change by {label(dimension).lower()}, {selection.currency}; they add up to it"
        figures_table(caption, header, rows)
