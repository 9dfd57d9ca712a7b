"""What the planned controls buy, on the Forecast page: each one's saving over the horizon, with its basis and range."""

from __future__ import annotations

from typing import Final

import streamlit as st

from costlib.analysis.controls import ControlValues, control_values
from costlib.analysis.layers import Control
from costlib.analysis.outlook import Outlook
from costlib.briefs.words.control import CONTROL_HEADER, control_rows, controls_finding
from costlib.periods import Window, window_name
from costlib.state.layers import layer_of
from ui.forecast.page import Horizon
from ui.forecast.scenarios import Scenarios
from ui.markdown import literal
from ui.selection import Selection
from ui.tables import figures_table

_HELP: Final = (
    "The forecast with and without the controls, every other planned change in both, each estimate varying within its "
    "range. Where two act on the same spend, their saving is shared between them, so averages add up; alone is what "
    "one would save without the others. Ranges (80%) do not add up."
)


def controls_panel(selection: Selection, horizon: Horizon, scenarios: Scenarios) -> None:
    """Draw what each planned control buys over the horizon; nothing where none is planned."""
    found = _values(scenarios.history, horizon, scenarios) if scenarios.history else None
    if found is None:
        return
    with st.container(border=True, key="controls"):
        finding = controls_finding(found, selection.currency, window_name(horizon.window))
        st.header(literal(finding), anchor=False, help=_HELP)
        what = f"What controls save of {selection.subject}, from the forecast with and without them"
        rows = control_rows(found, selection.currency)
        figures_table(selection.basis.subtitle(what, horizon.window), CONTROL_HEADER, rows)


def _values(history: Outlook, horizon: Horizon, scenarios: Scenarios) -> ControlValues | None:
    """What the controls buy over the months of the horizon; None without a control or a month ahead."""
    layers = [layer_of(one.change, history.by, history.months[0]) for one in scenarios.changes]
    controls = [one for one in layers if isinstance(one, Control)]
    months = _within(history, horizon.window)
    if not controls or months.start == months.stop:
        return None
    others = [one for one in layers if not isinstance(one, Control)]
    return control_values(history, controls, others, months)


def _within(history: Outlook, window: Window) -> slice:
    """The places of the outlook's months that lie in the window."""
    places = [at for at, month in enumerate(history.months) if window.start <= month < window.end]
    return slice(places[0], places[-1] + 1) if places else slice(0, 0)
