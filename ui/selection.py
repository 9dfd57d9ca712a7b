"""What the reader has chosen: every choice is a widget bound to the address, so that a link shows what was seen."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from costlib.briefs.exhibits import Basis, segment_name, subject
from costlib.fiscal import Fiscal
from costlib.focus import AI, COST_MEASURES, EFFECTIVE, MEASURE_NAMES, label
from costlib.periods import Grain, Window
from costlib.store.other_currencies import InCurrency, other_currencies
from costlib.store.question import Filter, Question, Row
from ui.arrival import carry, query_key
from ui.guard import Page
from ui.markdown import literal

AI_SPEND, ALL_SPEND = "AI spend", "All spend"
SCOPES = (AI_SPEND, ALL_SPEND)
_PROVIDER = "ServiceProviderName"
#: A column that only line items have: asked by it, a sum is made of them and not of the cube.
_LINE_BY_LINE = "InvoiceId"
_MEASURE_HELP = (
    "Billed is the invoice. Effective spreads commitments over their use and is the default for decisions. "
    "List is the public price, contracted the negotiated one before commitments."
)


@dataclass(frozen=True)
class Selection:
    """Scope, measure, currency and filters, and the page they apply to."""

    page: Page
    scope: str
    measure: str
    currency: str
    filters: tuple[Filter, ...] = ()

    @property
    def basis(self) -> Basis:
        """What every figure under this selection has in common."""
        generation = self.page.snapshot.state.generation
        return Basis(self.measure, self.currency, self.page.today, generation, self._providers, self.page.is_sample)

    @property
    def _providers(self) -> tuple[str, ...]:
        """The three providers that charge most under the selection."""
        known = [name for name in self.page.snapshot.reader.values(_PROVIDER) if name]
        if len(known) > 1 and not self.page.is_sample:
            known = [name for row in self.ask((_PROVIDER,)) if (name := row.values[0])]
        return tuple(known[:3])

    @property
    def subject(self) -> str:
        """What every figure is of, in words: the scope, and what filters leave of it."""
        return subject(self.scope, {item.dimension: item.values for item in self.filters if not item.exclude})

    @property
    def conditions(self) -> tuple[Filter, ...]:
        """Every condition on the figures, currency and scope included."""
        scope = (Filter("x_Scope", (AI,)),) if self.scope == AI_SPEND else ()
        return (Filter("BillingCurrency", (self.currency,)), *scope, *self.filters)

    @property
    def address(self) -> dict[str, str]:
        """What an address says to show another page under the same scope, measure and currency."""
        said = {"scope": self.scope, "measure": measure_name(self.measure)}
        several = len(self.page.snapshot.reader.currencies()) > 1
        return said | {"currency": self.currency} if several else said

    def narrowed(self, *filters: Filter) -> Selection:
        """The same selection under further filters."""
        return replace(self, filters=(*self.filters, *filters))

    def ask(
        self,
        by: Sequence[str] = (),
        window: Window | None = None,
        grain: Grain = Grain.TOTAL,
        fiscal: Fiscal | None = None,
    ) -> list[Row]:
        """Sums of the chosen measure under the selection; fiscal grains follow the settings unless said otherwise."""
        question = Question(
            by=tuple(by),
            measure=self.measure,
            grain=grain,
            window=window,
            filters=self.conditions,
            fiscal_start=fiscal or self.page.settings.fiscal,
        )
        return self.page.snapshot.reader.ask(question)

    def line_by_line(self, window: Window | None = None) -> list[Row]:
        """The same spend summed line by line, below the cube: what sums of it are checked against."""
        return self.ask((_LINE_BY_LINE,), window)

    def quantities(self, by: Sequence[str], window: Window) -> list[Row]:
        """What was consumed under the selection, in the units of the bills."""
        question = Question(tuple(by), "ConsumedQuantity", window=window, filters=self.conditions)
        return self.page.snapshot.reader.ask(question)

    def other_currencies(self, window: Window | None = None) -> tuple[InCurrency, ...]:
        """What the bills in each other currency hold of the same spend, in the window or at all."""
        question = Question(measure=self.measure, window=window, filters=self.conditions)
        return other_currencies(self.page.snapshot.reader, question, self.currency)


def choose(page: Page) -> Selection:
    """The row of choices that every page of figures has: scope, measure, and the currency where there are several."""
    has_ai = AI in page.snapshot.reader.values("x_Scope")
    scopes = SCOPES if has_ai else SCOPES[1:]
    carry("scope", scopes)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        scope = st.segmented_control(
            "Scope",
            scopes,
            default=scopes[0],
            required=True,
            key="scope",
            bind="query-params",
            help="AI spend is found by rules on service, meter, instance type and tags, not by service category alone.",
        )
        measure = choose_measure()
        currency = choose_currency(page)
    return Selection(page, scope or SCOPES[-1], measure, currency)


def choose_measure() -> str:
    """The cost measure, a choice that goes along from page to page."""
    carry("measure", (EFFECTIVE, *COST_MEASURES), measure_name)
    chosen = st.selectbox(
        "Cost measure",
        COST_MEASURES,
        index=COST_MEASURES.index(EFFECTIVE),
        format_func=measure_name,
        key="measure",
        bind="query-params",
        width=200,
        help=_MEASURE_HELP,
    )
    return chosen or EFFECTIVE


def choose_currency(page: Page) -> str:
    """The currency of the bills, a choice where there are several."""
    known = page.snapshot.reader.currencies()
    if len(known) == 1:
        return known[0]
    carry("currency", known)
    return st.selectbox("Currency", known, key="currency", bind="query-params", width=120) or known[0]


def measure_name(measure: str) -> str:
    """What a choice and the address call a cost measure.

    >>> measure_name(EFFECTIVE)
    'Effective cost'
    """
    return MEASURE_NAMES[measure].capitalize()


def choose_filters(page: Page, dimensions: Sequence[str]) -> tuple[Filter, ...]:
    """One choice a dimension, folded away: none means all of its values."""
    offered = {
        name: {segment_name(name, value): value for value in page.snapshot.reader.values(name)} for name in dimensions
    }
    active = sum(_is_active(name, options) for name, options in offered.items())
    for problem in unknown_in_link(page, dimensions):
        st.warning(literal(problem))
    with st.expander(f"Filters ({active} active)" if active else "Filters", key="filters"):
        return _filters(offered, st.grid(min_column_width=250, key="filter-grid"))


def leave_in(filters: Sequence[Filter], values: Mapping[str, str | None]) -> bool:
    """Whether the filters, all of them of these dimensions, leave in what has these values.

    >>> ads = [Filter("x_Team", ("Ads",))]
    >>> leave_in(ads, {"x_Team": "Ads"}), leave_in(ads, {"x_Team": None})
    (True, False)
    """
    return all((values[item.dimension] in item.values) is not item.exclude for item in filters)


def _is_active(dimension: str, options: Collection[str]) -> bool:
    """Whether a filter leaves something out: what was chosen here, on the page before, or by the link."""
    key = query_key(dimension)
    carry(key, options)
    if key in st.session_state:
        return bool(st.session_state[key])
    return any(value in options for value in st.query_params.get_all(key))


def _filters(offered: Mapping[str, Mapping[str, str | None]], place: DeltaGenerator) -> tuple[Filter, ...]:
    filters = []
    for name, options in offered.items():
        chosen = place.multiselect(
            label(name), list(options), key=query_key(name), bind="query-params", placeholder="All"
        )
        if chosen:
            filters.append(Filter(name, tuple(options[value] for value in chosen)))
    return tuple(filters)


def unknown_in_link(page: Page, dimensions: Sequence[str]) -> list[str]:
    """What to say of each value that the address filters by and the bills do not have: it is left out of the filter."""
    said = []
    for name in dimensions:
        asked = st.query_params.get_all(query_key(name))
        options = {segment_name(name, value) for value in page.snapshot.reader.values(name)} if asked else set()
        for value in asked:
            if value not in options:
                what = label(name).lower()
                said.append(f'The link asks for the {what} "{value}", which no bill has; it is left out of the filter.')
    return said
