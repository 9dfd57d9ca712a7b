"""The panel of Unit costs that puts other models' list prices on the tokens that were measured."""

from __future__ import annotations

from datetime import UTC, date, datetime

import streamlit as st

from costlib.analysis.units.alarms import factor_words
from costlib.analysis.units.model_prices import (
    CURRENCY,
    OFFERS,
    Offer,
    TokenUse,
    elsewhere,
    looks_mixed_up,
    offer_name,
    offered,
    source_of_prices,
)
from costlib.briefs.price_words import (
    CAVEAT,
    HEADER,
    HELP,
    elsewhere_chart,
    elsewhere_finding,
    elsewhere_rows,
    left_out_words,
)
from costlib.charts.spec import Caption
from costlib.charts.spec.bars import MOST_BARS
from costlib.metrics.token_use import together, token_use
from costlib.periods import day_name
from ui.exhibit import Exhibit, draw
from ui.panels import literal
from ui.tables import figures_table
from ui.units import Units, period_words

EVERY = "All models"
NONE = "No model named"


def elsewhere_panel(page: Units) -> None:
    """Draw what the tokens of the period would cost with other models; nothing where no tokens are billed."""
    selection, window = page.selection, page.days(page.starts[page.at])
    uses = token_use(page.questions.reader, selection.conditions, window, selection.measure)
    if not uses:
        return
    if selection.currency != CURRENCY:
        st.caption(
            "List prices of models are in US dollars: choose USD to see what the same tokens would cost elsewhere."
        )
        return
    today = datetime.now(UTC).date()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        name, use = _choose_tokens(uses)
        offers = _choose_offers()
    _warn(uses, today)
    if not offers:
        return
    found = elsewhere(use, offers, today)
    title = elsewhere_finding(name, use, found, period_words(page))
    basis = selection.basis
    listed = f"list prices of {day_name(today)} ({source_of_prices()})"
    subtitle = basis.subtitle(f"What the same tokens would cost elsewhere: {listed}; {name}", window)
    draw(
        Exhibit(elsewhere_chart(use, found, Caption(title, subtitle, basis.source)), selection, "x_Model"), "elsewhere"
    )
    with st.container(border=True, key="elsewhere-table"):
        st.header("What the same tokens would cost elsewhere", anchor=False, help=HELP)
        figures_table(f"The tokens of {name} {period_words(page)} at {listed}", HEADER, elsewhere_rows(use, found))
        st.caption(literal(" ".join(filter(None, (CAVEAT, left_out_words(use, found))))))


def _choose_tokens(uses: dict[str | None, TokenUse]) -> tuple[str, TokenUse]:
    """Whose tokens: all models' together, or one model's."""
    named = {model or NONE: use for model, use in uses.items()}
    choices = {EVERY: together(list(uses.values())), **named} if len(named) > 1 else named
    chosen = st.selectbox("Tokens of", list(choices), key="tokens-of", bind="query-params", width=260)
    name = chosen if chosen in choices else next(iter(choices))
    return ("all models" if name == EVERY else name), choices[name]


def _choose_offers() -> list[Offer]:
    """The models compared with."""
    known = list(dict.fromkeys((*OFFERS, *offered())))
    return st.multiselect(
        "Compared with",
        known,
        default=list(OFFERS),
        max_selections=MOST_BARS - 1,
        format_func=lambda offer: "{} ({})".format(*offer_name(offer)),
        key="offers",
    )


def _warn(uses: dict[str | None, TokenUse], today: date) -> None:
    """Warn of models whose bill is a hundred, a thousand or a million times their own list price, or that part."""
    for model, use in uses.items():
        if factor := looks_mixed_up(use, today):
            st.warning(literal(f"What {model} was billed differs from its list price {factor_words(factor)}."))
