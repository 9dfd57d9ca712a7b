"""The proof of one saving: spend as it was and as it would have been, and how that was worked out."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import streamlit as st

from costlib.briefs.words import savings as words
from costlib.periods import Grain, Window, add_months, month_start, period_starts
from costlib.roadmap.savings.promised import Measurement
from costlib.store.question import Filter
from ui.exhibit import Exhibit, draw
from ui.markdown import literal
from ui.panels import refusal
from ui.plan import plan_selection
from ui.savings.page import Savings
from ui.tables import figures_table

#: Months that are shown before an initiative went live.
_BEFORE = 6


def proof_panel(savings: Savings) -> Measurement | None:
    """Draw the proof of one measurement; which one the reader chose."""
    names = {savings.name_of(one): one for one in savings.measured}
    chosen = st.selectbox("Proof of", list(names), key="proof", bind="query-params", width=560)
    one = names[chosen or next(iter(names))]
    if one.problem:
        with st.container(border=True, key="no-proof"):
            st.header(literal(f"{one.name}: nothing can be said yet"), anchor=False)
            refusal(one.problem)
        return one
    assert one.result
    filters = tuple(Filter(column, values) for column, values in one.members[0].scope)
    selection = plan_selection(savings.page, savings.currency).narrowed(*filters)
    actual = _actual(savings, one, filters)
    chart = words.proof_chart(one.name, one.result, actual, one.since.live, savings.page.today, selection.basis)
    draw(Exhibit(chart, selection), "proof", height=340)
    with st.container(border=True, key="proof-words"):
        st.header("How this was worked out", anchor=False, help=f"{words.SAVED_HELP} {words.SPLIT_HELP}")
        lines = words.proof_lines(one.result, savings.currency)
        if len(one.members) > 1:
            lines.append("They act on the same spend since the same day, so they are measured together")
        st.markdown("\n".join(f"- {literal(line)}" for line in lines))
        if one.checks:
            caption = "Is it still there? Share of what it would have cost"
            figures_table(caption, words.CHECK_HEADER, words.check_rows(one.checks, savings.currency))
    return one


def _actual(savings: Savings, one: Measurement, filters: tuple[Filter, ...]) -> dict[date, Decimal]:
    """Spend in scope by month, from half a year before go-live on."""
    page = savings.page
    start = max(add_months(month_start(one.since.live), -_BEFORE), month_start(page.window.start))
    window = Window(max(start, page.window.start), page.window.end)
    found = dict.fromkeys(period_starts(Window(start, page.window.end), Grain.MONTH), Decimal(0))
    asked = plan_selection(page, savings.currency).narrowed(*filters).ask((), window, Grain.MONTH)
    found.update({row.period: row.amount for row in asked if row.period and row.amount is not None})
    return found
