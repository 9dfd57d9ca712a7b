"""What the Savings page shows: realised against promised by initiative, alarms where one slips, and the review."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import streamlit as st

from costlib import money
from costlib.briefs.words import savings as words
from costlib.briefs.words.roadmap import STAGE_HELP, amount
from costlib.briefs.words.signed import signed_words
from costlib.evidence.savings import avoided_of, bookings_of, live_of, measurements
from costlib.fiscal import first_month
from costlib.roadmap.savings.booked import Booking, Entry, Standing, quarterly_review, standings
from costlib.roadmap.savings.promised import Live, Measurement
from costlib.workspace import Workspace
from ui.cards import Card
from ui.guard import Page
from ui.markdown import literal
from ui.moment import moment
from ui.remembered import once
from ui.tables import figures_table

NOTHING = (
    "A saving is proven once an initiative is approved (L3), went live, and the bills after it can be held against "
    "those before. Approve an initiative on the Roadmap, then say here since when it is live."
)


@dataclass(frozen=True)
class Evidence:
    """What is on record of the initiatives that are live: measured, promised, signed, and avoided."""

    live: list[Live]
    measured: list[Measurement]
    realised: list[Entry]
    promised: list[Entry]
    bookings: list[Booking]
    avoided: list[Entry]


def evidence(workspace: Workspace, currency: str) -> Evidence:
    """The evidence of everything that is live in one currency."""
    live = [one for one in live_of(workspace) if one.currency == currency]
    plans, measured = dict.fromkeys(one.plan for one in live), measurements(workspace, live)
    return Evidence(
        live,
        measured,
        realised=[entry for one in measured for entry in one.realised()],
        promised=[entry for one in measured for entry in one.promised()],
        bookings=[entry for plan in plans for entry in bookings_of(workspace, plan)],
        avoided=[entry for plan in plans for entry in avoided_of(workspace, plan)],
    )


@dataclass(frozen=True)
class Savings(Evidence):
    """The evidence of one currency on a page; it is worked out once for the bills, plans and volumes of a moment."""

    page: Page
    currency: str

    @property
    def names(self) -> dict[str, str]:
        """What each initiative is called; where two are called the same, with its plan and, if need be, its id."""
        alike = Counter(one.name for one in self.live)
        in_plan = Counter((one.name, one.plan_title) for one in self.live)
        found = {}
        for one in self.live:
            place = f"{one.plan_title}, {one.id}" if in_plan[one.name, one.plan_title] > 1 else one.plan_title
            found[one.key] = f"{one.name} ({place})" if alike[one.name] > 1 else one.name
        return found

    def name_of(self, one: Measurement) -> str:
        """What the initiatives of a measurement are called, told apart from all others."""
        return " and ".join(self.names[member.key] for member in one.members)

    @property
    def standings(self) -> list[Standing]:
        """Savings of each initiative by what they are worth."""
        stages = {one.key: one.stage for one in self.live}
        return standings(stages, self.realised, self.bookings, self.avoided)

    def finding(self) -> str:
        """The answer on top of the page."""
        count = sum(len(one.members) for one in self.measured if one.result)
        return words.savings_finding(
            _sum(self.realised), _sum(self.promised), _sum(self.bookings), count, self.currency
        )

    def cards(self) -> list[Card]:
        """Saved, signed off, provisional, and avoided apart."""
        rows = self.standings
        sums = {name: sum(getattr(row, name) for row in rows) for name in ("booked", "provisional", "avoided")}
        saved, promised = amount(_sum(self.realised), self.currency), amount(_sum(self.promised), self.currency)
        return [
            Card("Saved so far, likely", saved, None, f"promised {promised}", words.SAVED_HELP),
            Card("Signed off by finance", amount(sums["booked"], self.currency), None,
                 money.counted(len(self.bookings), "month"), words.BOOKED_HELP),
            Card("Provisional", amount(sums["provisional"], self.currency), None, "done, not signed yet",
                 words.PROVISIONAL_HELP),
            Card("Avoided, kept apart", amount(sums["avoided"], self.currency), None, "never on a bill, never added",
                 words.AVOIDED_HELP),
        ]  # fmt: skip


def standing_table(savings: Savings) -> None:
    """Draw promised, saved and signed by initiative."""
    stages = {one.key: one.told_stage for one in savings.live}
    rows = savings.standings
    shown = words.standing_rows(rows, savings.names, stages, savings.promised, savings.realised, savings.currency)
    st.header("Promised, saved, signed off", anchor=False, help=f"{STAGE_HELP} {words.PROVISIONAL_HELP}")
    caption = f"Since go-live, {savings.currency}, likely; saved as measured, signed off as finance signed"
    figures_table(caption, words.STANDING_HEADER, shown)
    if told := signed_words(savings.realised, savings.bookings, savings.currency):
        st.caption(literal(f"{told}."))


def checks_panel(savings: Savings) -> None:
    """Draw whether each saving was still there 30 and 90 days after its full effect, or when that is due."""
    with st.container(border=True, key="savings-checks"):
        title = words.checks_finding([one.checks for one in savings.measured])
        st.header(literal(title), anchor=False, help=words.CHECKS_HELP)
        shown = words.every_check(
            [(one.name, one.since.full, one.checks) for one in savings.measured], savings.currency
        )
        figures_table("Checks 30 and 90 days after full effect", words.EVERY_CHECK_HEADER, shown)


def review_panel(savings: Savings) -> None:
    """Draw the quarterly variance review."""
    fiscal = savings.page.settings.fiscal
    found = quarterly_review(savings.promised, savings.realised, savings.bookings, first_month(fiscal))
    with st.container(border=True, key="savings-review"):
        st.header(literal(words.review_finding(found, savings.currency, fiscal)), anchor=False)
        rows = words.review_rows(found, savings.names, savings.currency, fiscal)
        caption = f"Variance review by fiscal quarter, {savings.currency}; variance is saved less promised"
        figures_table(caption, words.REVIEW_HEADER, rows)


def savings_of(page: Page, currency: str) -> Savings:
    """Everything that is live in one currency, measured."""
    with st.spinner("Working out what would have been spent"):
        found = once(partial(evidence, page.workspace, currency), "evidence of savings", moment(page), currency)
    return Savings(**vars(found), page=page, currency=currency)


def alarms(savings: Savings) -> None:
    """Say where a saving that had arrived is going away again."""
    for one in savings.measured:
        if said := words.alarm(one.name, one.checks, savings.currency):
            st.warning(literal(said))


def _sum(entries: Sequence[Entry]) -> float:
    return float(sum(one.amount for one in entries))
