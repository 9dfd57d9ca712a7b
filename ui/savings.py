"""What the Savings page shows: realised against promised by initiative, with proof, alarms and quarterly review."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property

import streamlit as st

from costlib.briefs import savings_words as words
from costlib.briefs.roadmap_words import STAGE_HELP, amount
from costlib.periods import Grain, Window, add_months, month_start, period_starts
from costlib.roadmap.savings.booked import Booking, Entry, quarterly_review, standings
from costlib.state.proof import Proof
from costlib.store.query import Filter
from ui.cards import Card
from ui.exhibit import Exhibit, draw
from ui.guard import Page
from ui.panels import literal, refusal
from ui.plan import plan_selection
from ui.savings_proof import Live, Measurement, live, measurements
from ui.tables import figures_table

#: Months that are shown before an initiative went live.
_BEFORE = 6
NOTHING = (
    "A saving is proven once an initiative is approved (L3), went live, and the bills after it can be held against "
    "those before. Approve an initiative on the Roadmap, then say here since when it is live."
)


@dataclass(frozen=True)
class Savings:
    """Everything that is live in one currency, measured."""

    page: Page
    currency: str

    @cached_property
    def live(self) -> list[Live]:
        """Initiatives at L3 or beyond."""
        return [one for one in live(self.page) if one.currency == self.currency]

    @cached_property
    def measured(self) -> list[Measurement]:
        """What the bills say of those whose go-live is known."""
        return measurements(self.page, self.live)

    @cached_property
    def realised(self) -> list[Entry]:
        """What was saved by initiative and month, likely."""
        return [entry for one in self.measured for entry in one.realised()]

    @cached_property
    def promised(self) -> list[Entry]:
        """What the approvals promised for the same months."""
        return [entry for one in self.measured for entry in one.promised()]

    @cached_property
    def bookings(self) -> list[Booking]:
        """What finance signed."""
        proof = Proof(self.page.workspace.state())
        return [
            Booking(f"{plan}/{one.initiative}", one.month, one.amount, one.signed_by, one.signed_on)
            for plan in self._plans
            for one in proof.bookings(plan)
        ]

    @cached_property
    def avoided(self) -> list[Entry]:
        """Cost avoidance, which is added to nothing."""
        proof = Proof(self.page.workspace.state())
        return [Entry(f"{p}/{one.initiative}", one.month, one.amount) for p in self._plans for one in proof.avoided(p)]

    @property
    def _plans(self) -> list[str]:
        return list(dict.fromkeys(one.plan for one in self.live))

    @property
    def names(self) -> dict[str, str]:
        """What each initiative is called; where two are called the same, with its plan."""
        count = Counter(one.name for one in self.live)
        return {one.key: f"{one.name} ({one.plan_title})" if count[one.name] > 1 else one.name for one in self.live}

    @property
    def _stages(self) -> dict[str, str]:
        return {one.key: one.saved.initiative.stage for one in self.live}

    def finding(self) -> str:
        """The answer on top of the page."""
        count = sum(len(one.members) for one in self.measured if one.result)
        return words.savings_finding(
            _sum(self.realised), _sum(self.promised), _sum(self.bookings), count, self.currency
        )

    def cards(self) -> list[Card]:
        """Saved, signed off, provisional, and avoided apart."""
        rows = standings(self._stages, self.realised, self.bookings, self.avoided)
        sums = {name: sum(getattr(row, name) for row in rows) for name in ("booked", "provisional", "avoided")}
        saved, promised = amount(_sum(self.realised), self.currency), amount(_sum(self.promised), self.currency)
        return [
            Card("Saved so far, likely", saved, None, f"promised {promised}", words.SAVED_HELP),
            Card("Signed off by finance", amount(sums["booked"], self.currency), None, f"{len(self.bookings)} months",
                 words.BOOKED_HELP),
            Card("Provisional", amount(sums["provisional"], self.currency), None, "done, not signed yet",
                 words.PROVISIONAL_HELP),
            Card("Avoided, kept apart", amount(sums["avoided"], self.currency), None, "never on a bill, never added",
                 words.AVOIDED_HELP),
        ]  # fmt: skip

    def standing_table(self) -> None:
        """Draw promised, saved and signed by initiative."""
        rows = standings(self._stages, self.realised, self.bookings, self.avoided)
        shown = words.standing_rows(rows, self.names, self._stages, self.promised, self.realised, self.currency)
        st.header("Promised, saved, signed off", anchor=False, help=f"{STAGE_HELP} {words.PROVISIONAL_HELP}")
        caption = f"Since go-live, {self.currency}, likely; what finance signed counts with the amount signed"
        figures_table(caption, words.STANDING_HEADER, shown)

    def review_panel(self) -> None:
        """Draw the quarterly variance review."""
        fiscal = self.page.settings.fiscal_year_start
        found = quarterly_review(self.promised, self.realised, self.bookings, fiscal)
        with st.container(border=True, key="savings-review"):
            st.header(literal(words.review_finding(found, self.currency, fiscal)), anchor=False)
            rows = words.review_rows(found, self.names, self.currency, fiscal)
            caption = f"Variance review by fiscal quarter, {self.currency}; variance is saved less promised"
            figures_table(caption, words.REVIEW_HEADER, rows)


def _sum(entries: Sequence[Entry]) -> float:
    return float(sum(one.amount for one in entries))


def alarms(savings: Savings) -> None:
    """Say where a saving that had arrived is going away again."""
    for one in savings.measured:
        if said := words.alarm(one.name, one.checks, savings.currency):
            st.warning(literal(said))


def proof_panel(savings: Savings) -> Measurement | None:
    """Draw the proof of one measurement; which one the reader chose."""
    names = {one.name: one for one in savings.measured}
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
    chart = words.proof_chart(one.name, one.result, actual, one.go_live.since, savings.page.today, selection.basis)
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
    start = max(add_months(month_start(one.go_live.since), -_BEFORE), month_start(page.window.start))
    window = Window(max(start, page.window.start), page.window.end)
    found = dict.fromkeys(period_starts(Window(start, page.window.end), Grain.MONTH), Decimal(0))
    asked = plan_selection(page, savings.currency).narrowed(*filters).ask((), window, Grain.MONTH)
    found.update({row.period: row.amount for row in asked if row.period and row.amount is not None})
    return found
