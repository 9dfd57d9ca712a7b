"""Two teams, one cluster: who reserved, who used, who caused the spike, and what would each way to split charge?"""

from __future__ import annotations

import streamlit as st

from costlib import money
from costlib.briefs.words.dispute import SPLIT_HELP, split_key
from costlib.focus import EFFECTIVE
from ui.dispute.agreement import agreement_panel
from ui.dispute.page import Quarrel, choose_dispute, pools_of
from ui.exhibit import Exhibit, draw
from ui.guard import guard
from ui.markdown import literal
from ui.navigation import page_of
from ui.selection import ALL_SPEND, Selection
from ui.status import data_line
from ui.tables import figures_table

page = guard()
rules = page.workspace.rules()
head = st.container()
pools = pools_of(rules)
choices = choose_dispute(page, pools) if pools else None
whole = Selection(page, ALL_SPEND, EFFECTIVE, page.snapshot.reader.currencies()[0])
quarrel = Quarrel(page, rules, choices) if choices else None
with head:
    nothing = "No cluster is shared by two teams with known hours, so there is nothing to settle"
    st.title(literal(quarrel.finding() if quarrel and quarrel.found.days else nothing), anchor=False)
    st.caption(data_line(quarrel.selection, window=quarrel.choices.window) if quarrel else data_line(whole))
if quarrel is None or not quarrel.found.days:
    st.info("A dispute needs a pool in the rule file with usage records of its cluster, and cost in the chosen month.")
    st.page_link(page_of("settings"), label="Settings, where pools are set up")
    st.stop()
with st.container(border=True, key="spikes"):
    st.header("When more machines were needed, and who asked for them", anchor=False)
    for words in quarrel.spike_lines():
        st.write(literal(words))
chart = quarrel.chart()
draw(Exhibit(chart, quarrel.selection, "x_Team"), "charges", height=460 if len(chart.panels) > 3 else 320)
with st.container(border=True, key="totals"):
    st.header("What each way to split would charge", anchor=False, help=SPLIT_HELP)
    pool = quarrel.choices.pool
    header, rows = quarrel.totals(split_key(pool.driver, pool.usage.basis if pool.usage else None))
    adding = "every row that is known adds up to" if quarrel.found.unknown else "every row adds up to"
    figures_table(f"{pool.name}, effective cost, {quarrel.currency}; {adding} the bill", header, rows)
    for told in filter(None, (quarrel.unknown(), quarrel.rounding())):
        st.caption(literal(told))
with st.container(border=True, key="days"):
    st.header("Day by day", anchor=False, help="Hours are those of the pool's resource, such as GPU hours.")
    st.dataframe(
        quarrel.days,
        hide_index=True,
        placeholder=money.UNKNOWN,
        column_config={"Spike by": st.column_config.TextColumn(width="medium")},
        key="days-table",
        alt="Machines, hours and cost of every day",
    )
agreement_panel(page, quarrel)
