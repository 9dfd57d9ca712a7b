"""What does a team owe for a month, what is it made of, and do all statements add up to the bill?"""

from __future__ import annotations

import streamlit as st

from costlib.briefs.words.left_out import left_out_words
from ui.exhibit import Exhibit, draw, file_name
from ui.guard import guard
from ui.markdown import literal
from ui.navigation import page_of
from ui.selection import ALL_SPEND, Selection
from ui.showback.page import TIE_HEADER, Showback, choose_statement
from ui.showback.rates import rates_of
from ui.status import data_line, selection_line
from ui.style_print import apply_print_style
from ui.tables import figures_table

page = guard()
apply_print_style()
teams = [team for team in page.snapshot.reader.values("x_Team") if team]
rates = rates_of(page.workspace)
head = st.container()
if not teams:
    head.title("No cost has a team yet, so there is no statement to show", anchor=False)
    currency = page.snapshot.reader.currencies()[0]
    head.caption(data_line(Selection(page, ALL_SPEND, "EffectiveCost", currency)))
    st.page_link(page_of("settings"), label="Settings, where rules give cost to teams")
    st.stop()
choices = choose_statement(page, teams, bool(rates))
found = Showback(choices, teams, rates)
with head:
    st.title(literal(found.finding()), anchor=False)
    st.caption(selection_line(choices.selection, found.other_currencies()))
with st.container(border=True, key="statement"):
    st.header(literal(f"Statement of {choices.team}, {choices.month_name}"), anchor=False)
    charged = "at agreed rates" if choices.at_rates else "at cost"
    measure = choices.selection.basis.subtitle(charged, page.window).split(", ")[1]
    header, *rows = found.rows()
    figures_table(f"{choices.month_name}, {charged}, {measure}, {found.currency}", header, rows)
    if told := found.rounding():
        st.caption(literal(told))
    if told := left_out_words(found.statement.unknown, choices.selection.measure):
        st.caption(literal(f"{told}."))
    if elsewhere := found.statement_elsewhere():
        st.caption(literal(elsewhere))
    st.download_button(
        "Download as CSV",
        data=found.csv_text,
        file_name=f"{file_name(f'statement {choices.team} {choices.month:%Y-%m} {charged}')}.csv",
        mime="text/csv",
        on_click="ignore",
        type="tertiary",
    )
draw(Exhibit(found.chart(), choices.selection, "x_CostKind"), "showback", titled=choices.at_rates, height=300)
if told := found.on_other_bills():
    st.caption(literal(told))
with st.container(border=True, key="tie"):
    st.header(literal(found.tie_finding()), anchor=False)
    figures_table(f"{choices.month_name}, all spend, {measure}, {found.currency}", TIE_HEADER, found.tie_rows())
    if told := found.tie_rounding():
        st.caption(literal(told))
