"""What the reader of Reports chooses: the document, what it tells of, its paper and colours; all in the address."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import streamlit as st

from costlib import reports
from costlib.documents.model import Shape
from costlib.errors import CostError
from costlib.periods import Grain, add_months, months_name, period_start, whole_months
from costlib.reports import Order
from ui.exhibit import COLOURS
from ui.guard import Page
from ui.markdown import literal
from ui.plan import choose_plan, saved_plans
from ui.reports.logo import logo_choice


@dataclass(frozen=True)
class Kind:
    """A kind of document: its name, who reads it and what it is for, what is asked for it, and its papers."""

    name: str
    reader: str
    purpose: str
    asks: tuple[str, ...] = ("plan",)
    papers: tuple[Shape, ...] = (Shape.A4, Shape.LETTER)


_SLIDES: Final = (Shape.SLIDE,)
_AS_IT_IS: Final = "As it is"
_CURRENCY_HELP: Final = (
    "As it is: the plan's currency, or that of most of the bill. Another one translates every amount by rates.yaml: "
    "bills at the rate of each billing month, plans and budgets at that of the newest."
)
PAPERS: Final = {Shape.A4: "A4", Shape.LETTER: "US letter", Shape.SLIDE: "Slides"}
KINDS: Final = {
    "one-pager": Kind("CFO one-pager", "the CFO", "One page to decide on a plan: the answer, its money, the ask"),
    "annex": Kind("Questions to expect", "whoever presents", "Rehearses the questions that the one-pager brings"),
    "brief": Kind("Programme brief", "a VP", "A plan in its tracks, to steer it by", papers=_SLIDES),
    "deck": Kind("Board deck", "the board", "Spend, plan, business case and ask, as slides", papers=_SLIDES),
    "proposal": Kind(
        "Platform proposal", "platform and finance", "How capacity is bought and kept in check", papers=_SLIDES
    ),
    "statement": Kind("Team statement", "a team and its controller", "What a team used in a month", ("team", "month")),
    "variance": Kind("Variance review", "finance", "What a quarter cost against its budget", ("quarter",), _SLIDES),
}


def kind_of(name: str) -> Kind:
    """The kind of document by its name; one that nobody described here speaks for itself."""
    if name in KINDS:
        return KINDS[name]
    usual = reports.KINDS[name]
    asks = ("plan",) if usual.story else ("team", "month", "quarter")
    return Kind(name.replace("-", " ").capitalize(), "readers of the figures", "", asks, (usual.shape,))


def purpose_of(kind: str) -> str:
    """What a document is for and for whom, in a sentence."""
    found = kind_of(kind)
    return f"{found.purpose}. For {found.reader}." if found.purpose else f"For {found.reader}."


def title_of(page: Page, order: Order) -> str:
    """What the document is and what it tells of, known before it is composed."""
    fiscal = page.settings.fiscal
    about = [saved_plans(page)[order.story].plan.plan.name] if order.story else []
    about += [order.team] if order.team else []
    for text, grain in ((order.month, Grain.MONTH), (order.quarter, Grain.QUARTER)):
        about += [months_name(date.fromisoformat(f"{text}-01"), grain, fiscal)] if text else []
    return f"{kind_of(order.kind).name}: {', '.join(about)}"


def offered(page: Page) -> list[str]:
    """The kinds of documents that the store has something for, in their order."""
    there = {
        "plan": bool(saved_plans(page)),
        "team": bool(teams(page)),
        "month": bool(closed(page)),
        "quarter": bool(quarters(page)),
    }
    return [name for name in reports.KINDS if all(there[one] for one in kind_of(name).asks)]


def teams(page: Page) -> list[str]:
    """The teams of the bills."""
    return [one for one in page.snapshot.reader.values("x_Team") if one]


def closed(page: Page) -> list[date]:
    """The first days of closed months, the newest first, without those of which no bill is loaded."""
    return [month for month in reversed(whole_months(page.window)) if month not in page.missing]


def quarters(page: Page) -> list[date]:
    """The first days of fiscal quarters of which all three months are closed, the newest first."""
    start, months = page.settings.fiscal_year_start, set(closed(page))
    first = {period_start(month, Grain.QUARTER, start) for month in months}
    return sorted((one for one in first if {add_months(one, step) for step in range(3)} <= months), reverse=True)


def choose_order(page: Page) -> Order | None:
    """What the reader asks for; None where the store has nothing that a document could tell of."""
    kinds = offered(page)
    if not kinds:
        return None
    _unknown("document", [kind_of(name).name for name in kinds])
    with st.container(horizontal=True, vertical_alignment="bottom"):
        kind = st.selectbox(
            "Document",
            kinds,
            format_func=lambda name: kind_of(name).name,
            key="document",
            bind="query-params",
            width=220,
        )
        about = _about(page, kind)
        shape, palette = _looks(kind)
        currency = _currency(page)
        logo = logo_choice(page)
    return reports.order(kind, shape=shape, palette=palette, logo=logo, currency=currency, **about)


def _about(page: Page, kind: str) -> dict[str, Any]:
    """What the document tells of: a plan, a team's month, or a quarter."""
    about: dict[str, Any] = {}
    asks = kind_of(kind).asks
    if "plan" in asks:
        chosen = choose_plan(page, reports.KINDS[kind].story)
        about["story"] = chosen.saved.id if chosen else None
    if "team" in asks:
        _unknown("team", teams(page))
        about["team"] = st.selectbox("Team", teams(page), key="team", bind="query-params", width=220)
    if "month" in asks:
        about["month"] = _month("Month", closed(page), Grain.MONTH, page)
    if "quarter" in asks:
        about["quarter"] = _month("Quarter", quarters(page), Grain.QUARTER, page)
    return about


def _month(name: str, starts: Sequence[date], grain: Grain, page: Page) -> str:
    fiscal = page.settings.fiscal
    chosen = st.selectbox(
        name,
        starts,
        format_func=lambda start: months_name(start, grain, fiscal),
        key=name.lower(),
        bind="query-params",
        width=150,
    )
    return f"{chosen or starts[0]:%Y-%m}"


def _looks(kind: str) -> tuple[Shape, str]:
    papers = kind_of(kind).papers
    paper = papers[0]
    if len(papers) > 1:
        paper = (
            st.segmented_control(
                "Paper",
                papers,
                default=papers[0],
                format_func=PAPERS.__getitem__,
                required=True,
                key="paper",
                bind="query-params",
            )
            or papers[0]
        )
    colours = st.segmented_control(
        "Colours", list(COLOURS), default=next(iter(COLOURS)), required=True, key="colours", bind="query-params"
    )
    return paper, COLOURS[colours or next(iter(COLOURS))]


def translations(page: Page) -> list[str]:
    """The currencies into which every month of the bills, and the newest for plans, can be translated."""
    try:
        rates = page.workspace.rates()
    except CostError:
        return []
    parts = page.snapshot.state.parts
    needed = {
        (date.fromisoformat(f"{part.period}-01"), str(entry.currency))
        for part in parts
        for entry in part.tie_outs
        if part.period and entry.currency
    }
    known = {rate.pair for rate in rates.entries}
    codes = {rate.quote for rate in rates.entries}
    return sorted(code for code in codes if all(base == code or (month, base, code) in known for month, base in needed))


def _currency(page: Page) -> str | None:
    """The currency into which everything is translated; None for as it is."""
    codes = translations(page)
    if not codes:
        return None
    _unknown("currency", codes)
    chosen = st.selectbox(
        "Currency", [_AS_IT_IS, *codes], key="currency", bind="query-params", width=120, help=_CURRENCY_HELP
    )
    return None if chosen in (None, _AS_IT_IS) else chosen


def _unknown(key: str, known: list[str]) -> None:
    """Say so where the address asks for something that there is not."""
    asked = st.query_params.get(key)
    if asked and asked not in known:
        st.warning(literal(f'The link asks for the {key} "{asked}", which there is not; another one is shown.'))
