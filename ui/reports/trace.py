"""The trace of a report: every figure with its exact value and meaning, and the page that shows what made it.

Conventions: a figure of the bill opens Trends under the filters of the plan; a forecast, plan, budget or record opens
the page of that name where there is one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from html import escape
from typing import Any, Final
from urllib.parse import urlencode

import streamlit as st

from costlib.briefs.exhibits import segment_name
from costlib.documents.model import Basis
from costlib.focus import label
from costlib.periods import Window, add_months, month_start, window_name
from costlib.roadmap.plan_model import Plan
from ui.arrival import query_key
from ui.markdown import literal
from ui.navigation import SECTIONS
from ui.reports.page import Report
from ui.trends.page import FILTERED

#: What a basis is called, and the page that shows what made figures of it.
_BASES: Final = {
    Basis.BILL: ("bill", "trends"),
    Basis.FORECAST: ("forecast", "forecast"),
    Basis.PLAN: ("plan", "roadmap"),
    Basis.RECORD: ("record of decisions", "savings"),
    Basis.BUDGET: ("budget", "budgets"),
}
_BOOKED_MONTHS: Final = 3
Scope = Mapping[str, Sequence[Any]]
_HEADER: Final = ("Shown", "What it is", "Exact value", "From", "Opens")
_KINDS: Final = ("", *[' class="words"'] * 3)
_CAPTION: Final = "What each figure shows, is and is worth exactly; its origin opens the page that made it"
#: Pixels of the place in which the rows scroll.
_HEIGHT: Final = 440
_PHONE: Final = """<style>
table.trace th:first-child, table.trace td:nth-child(3) {white-space: nowrap;}
table.trace td:nth-child(3) {opacity: .75;}
table.trace a {color: inherit;}
@media (max-width: 640px) {
  table.trace thead {display: none;}
  table.trace tr {display: block; padding: .45rem 0; border-bottom: 1px solid rgba(128, 140, 160, .28);}
  table.figures.trace th, table.figures.trace td {display: inline; border: 0; padding: 0 .35rem 0 0;}
  table.trace td:nth-child(3)::before {content: "exactly ";}
}
</style>"""


def trace_panel(report: Report) -> None:
    """Draw every figure of the document with what made it, and the state of the store behind all of them."""
    with st.container(border=True, key="trace"):
        figures = report.document.figures
        st.header(f"Every figure, and where it comes from: {len(figures)} in this document", anchor=False)
        with st.container(height=_HEIGHT, border=False, key="trace-rows"):
            st.html(table(rows(report)))
        with st.expander("Details", key="trace-details"):
            st.markdown("\n".join(f"- {literal(line)}" for line in details(report)))


def rows(report: Report) -> list[dict[str, str | None]]:
    """A row for every figure of the document, in reading order."""
    opens = addresses(report)
    return [
        dict(zip(_HEADER, (one.shown, one.meaning, one.exact, _BASES[one.basis][0], opens.get(one.basis)), strict=True))
        for one in report.document.figures.values()
    ]


def table(shown: Sequence[Mapping[str, str | None]]) -> str:
    """The rows as a table of HTML; on a phone each is a paragraph, so that nothing is cut or must be scrolled to."""
    head = "".join(f'<th scope="col"{kind}>{name}</th>' for name, kind in zip(_HEADER, _KINDS, strict=False))
    return (
        f'{_PHONE}<table class="figures trace"><caption>{_CAPTION}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{''.join(map(_row, shown))}</tbody></table>"
    )


def _row(row: Mapping[str, str | None]) -> str:
    shown, meaning, exact, origin, opens = (escape(row[name] or "") for name in _HEADER)
    link = f'<a href="{opens}" target="_blank">{origin}</a>' if opens else origin
    cells = "".join(f'<td class="words">{cell}</td>' for cell in (meaning, exact, link))
    return f'<tr><th scope="row">{shown}</th>{cells}</tr>'


def addresses(report: Report) -> dict[Basis, str]:
    """Where figures of each basis are opened."""
    filters = filters_query(scope_of(report))
    plan = [("plan", report.plan.plan.name)] if report.plan else []
    asked = {Basis.BILL: [*filters, *days_query(booked(report))], Basis.FORECAST: filters, Basis.PLAN: plan}
    registered = {name for names in SECTIONS.values() for name in names}
    return {
        basis: f"/{page}?{urlencode(asked.get(basis, []))}" for basis, (_, page) in _BASES.items() if page in registered
    }


def scope_of(report: Report) -> Scope:
    """The conditions that hold the spend of the document: its team's, or those of its plan."""
    if report.order.team:
        return {"x_Team": (report.order.team,)}
    return widest(report.plan) if report.plan else {}


def widest(plan: Plan) -> Scope:
    """The scope of the plan that holds all of its others; without one, all spend."""
    scopes = [one.scope for one in plan.initiatives] + ([plan.plan.target.scope] if plan.plan.target else [])
    return next((one for one in scopes if all(_holds(one, other) for other in scopes)), {})


def _holds(wide: Scope, narrow: Scope) -> bool:
    """Whether everything in the narrow scope is in the wide one."""
    return all(name in narrow and set(narrow[name]) <= set(values) for name, values in wide.items())


def booked(report: Report) -> Window:
    """The booked months that the document rests on: its own month or quarter, else the last three in full."""
    order = report.order
    for text, months in ((order.month, 1), (order.quarter, _BOOKED_MONTHS)):
        if text:
            start = date.fromisoformat(f"{text}-01")
            return Window(start, add_months(start, months))
    end = month_start(report.page.window.end)
    return Window(add_months(end, -_BOOKED_MONTHS), end)


def filters_query(scope: Scope) -> list[tuple[str, str]]:
    """The scope as the address of a page writes it; a dimension that no page filters by becomes the split."""
    filters = [(query_key(name), segment_name(name, value)) for name, values in scope.items() for value in values
               if name in FILTERED]  # fmt: skip
    split = [("by", label(name)) for name in scope if name not in FILTERED]
    return filters + split[:1]


def days_query(window: Window) -> list[tuple[str, str]]:
    """The days of the window as the address of Trends writes them."""
    days = [("days", day.isoformat()) for day in (window.start, window.end - timedelta(days=1))]
    return [("over", "Custom"), *days]


def details(report: Report) -> list[str]:
    """The state of the store behind the figures, and whose words stand in the document."""
    trace = report.document.trace
    lines = [
        f"Bills: usage to {trace['data_date']}, generation {trace['generation']}, published as {trace['sequence']}",
        f"Booked months: {window_name(booked(report))}",
        f"Rules {trace['rules']}, engine {trace['engine']}",
        f"Plans and decisions: state number {trace['state_sequence']}",
    ]
    return [*lines, *(f"{id}: edited by {by}" for id, by in trace.get("edited_by", {}).items())]
