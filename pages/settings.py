"""Which rules say who pays, what does each decide, and what would a change move?"""

from __future__ import annotations

import streamlit as st

from costlib.focus import EFFECTIVE
from costlib.periods import day_name
from ui.guard import guard
from ui.markdown import literal
from ui.rules.editor import editor_panel
from ui.rules.pools import pools_panel
from ui.rules.saving import saved_text
from ui.rules.table import RuleFigures, rules_table
from ui.selection import ALL_SPEND, Selection
from ui.showback.rates import rates_panel
from ui.status import apart_words, line_of

page = guard()
reader = page.snapshot.reader
figures = RuleFigures(reader, page.workspace.rules(), saved_text(page.workspace), reader.currencies()[0])
st.title(literal(figures.finding()), anchor=False)
measured = f"Over all loaded bills, effective cost, {figures.currency}, usage to {day_name(page.today)} (UTC)"
everything = Selection(page, ALL_SPEND, EFFECTIVE, figures.currency)
st.caption(line_of(page, measured, apart_words(everything, page.window)))
editor_panel(page)
pools_panel(page, figures)
rules_table(figures)
rates_panel(page)
