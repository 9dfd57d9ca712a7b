"""The panel of Unit costs that puts other models' list prices on the tokens that were measured."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from types import MappingProxyType

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
from costlib.briefs.words.price import (
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
from ui.markdown import literal
from ui.remembered import once
from ui.tables import figures_table
from ui.units.page import Units, period_words

EVERY = "All models"
NONE = "No model named"


def elsewhere_panel(page: Units) -> None:
    """Draw what the tokens of the period would cost with other models, or that no tokens are billed."""
    selection, window = page.selection, page.now
    uses = uses_of(page)
    if not uses:
        words = f"No tokens of these models are on the bill {period_words(page)}, so no other price is put on them."
        st.write(literal(words))
        return
    if selection.currency != CURRENCY:
        st.caption(
            "List prices of models are in US dollars: choose USD to see what the same tokens would cost elsewhere."
        )
        return
    today = _today()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        name, use = _choose_tokens(uses)
        offers = _choose_offers()
    if not offers:
        return
    found = elsewhere(use, offers, today)
    title = elsewhere_finding(name, use, found, period_words(page))
    basis = page.basis
    listed = f"list prices of {day_name(today)} ({source_of_prices()})"
    subtitle = basis.subtitle(f"What the same tokens would cost elsewhere: {listed}; {name}", window)
    draw(
        Exhibit(elsewhere_chart(use, found, Caption(title, subtitle, basis.source)), selection, "x_Model"), "elsewhere"
    )
    with st.container(border=True, key="elsewhere-table"):
        st.header("What the same tokens would cost elsewhere", anchor=False, help=HELP)
        figures_table(f"The tokens of {name} {period_words(page)} at {listed}", HEADER, elsewhere_rows(use, found))
        st.caption(literal(" ".join(filter(None, (CAVEAT, left_out_words(use, found))))))


def uses_of(page: Units) -> Mapping[str | None, TokenUse]:
    """The tokens of the period on the bill, by model."""

    def asked() -> Mapping[str | None, TokenUse]:
        reader, selection = page.questions.reader, page.selection
        return MappingProxyType(token_use(reader, selection.conditions, page.now, selection.measure))

    return page.once(asked, "tokens")


def _choose_tokens(uses: Mapping[str | None, TokenUse]) -> tuple[str, TokenUse]:
    """Whose tokens: all models' together, or one model's."""
    named = {model or NONE: use for model, use in uses.items()}
    choices = {EVERY: together(list(uses.values())), **named} if len(named) > 1 else named
    chosen = st.selectbox("Tokens of", list(choices), key="tokens-of", bind="query-params", width=260)
    name = chosen if chosen in choices else next(iter(choices))
    return ("all models" if name == EVERY else name), choices[name]


def _choose_offers() -> list[Offer]:
    """The models compared with."""
    names = once(_names, "units: offers", source_of_prices())
    with st.popover("Models compared", key="offers-menu"):
        return st.multiselect(
            "Compared with",
            list(names),
            default=list(OFFERS),
            max_selections=MOST_BARS - 1,
            format_func=lambda offer: names[offer],
            key="offers",
        )


def _names() -> Mapping[Offer, str]:
    """What a reader calls each offer of the price list; those compared unless others are chosen come first."""
    offers = dict.fromkeys((*OFFERS, *offered()))
    return MappingProxyType({offer: "{} ({})".format(*offer_name(offer)) for offer in offers})


def price_alarms(page: Units) -> tuple[str, ...]:
    """What to say of models that were billed a hundred, a thousand or a million times their list price, or that part.

    Nothing where the bill is not in the currency of the price list.
    """
    if page.selection.currency != CURRENCY:
        return ()
    today = _today()
    return page.once(lambda: tuple(_mixed_up(uses_of(page), today)), "price alarms", today, source_of_prices())


def _mixed_up(uses: Mapping[str | None, TokenUse], today: date) -> Iterator[str]:
    for model, use in uses.items():
        if factor := looks_mixed_up(use, today):
            yield f"What {model} was billed differs from its list price {factor_words(factor)}."


def _today() -> date:
    return datetime.now(UTC).date()
