"""Sign-off and go-live: finance books a month of a saving; an owner says since when an initiative is live."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import streamlit as st
from pydantic import ValidationError

from costlib import money
from costlib.briefs.words.roadmap import month_words
from costlib.errors import CostError, InputError
from costlib.evidence.savings import metrics_of
from costlib.periods import add_months
from costlib.roadmap.savings.booked import Booking
from costlib.roadmap.savings.promised import Live, Measurement
from costlib.state.proof import GoLive, Proof
from costlib.state.stages import APPROVED
from ui.editing.amount import typed
from ui.editing.editor import Editor, asks_for_name
from ui.editing.form import SAID
from ui.markdown import literal
from ui.panels import refusal
from ui.savings.page import Savings

#: Stands for no metric: the scope's own trend says what it would have cost.
NO_VOLUME = ("", "")
_DRIVER_HELP = (
    "The work that its spend is for, such as requests of its model: more or fewer of them are then not taken for a "
    "loss or a saving. What can be chosen are the business metrics that were loaded."
)


def sign_panel(savings: Savings, one: Measurement, editor: Editor) -> None:
    """Draw the months that finance has not signed, and the form that signs one."""
    if one.result is None:
        return
    signed = {(entry.initiative, entry.month) for entry in savings.bookings}
    closed = [entry for entry in one.realised() if add_months(entry.month, 1) <= savings.page.window.end]
    still = {(e.initiative, e.month): e.amount for e in closed if (e.initiative, e.month) not in signed}
    with st.container(border=True, key="sign"):
        st.header(unsigned_words(len(still)), anchor=False)
        if not still:
            return
        names = savings.names
        key = st.selectbox(
            "Month to sign",
            list(still),
            format_func=lambda held: f"{names[held[0]]}, {month_words(f'{held[1]:%Y-%m}')}",
            key="sign-month",
            width=560,
        )
        initiative, month = key or next(iter(still))
        with st.form(f"sign-{initiative}-{month}", border=False):
            label = f"Amount that finance signs, {savings.currency}; measured {still[initiative, month]:,.0f}"
            value = st.number_input(label, None, None, round(still[initiative, month]) * 1.0, format="%.2f")
            if not st.form_submit_button("Sign off", type="primary") or asks_for_name(editor):
                return
        _sign(savings, initiative, month, value, editor)


def unsigned_words(months: int) -> str:
    """How many closed months wait for finance; a month counts once for each initiative.

    >>> unsigned_words(1), unsigned_words(0)
    ('1 closed month is not signed off yet', 'Every closed month is signed off')
    """
    if not months:
        return "Every closed month is signed off"
    return f"{money.counted(months, 'closed month')} {'is' if months == 1 else 'are'} not signed off yet"


def take_back_panel(savings: Savings, editor: Editor) -> None:
    """Draw the way to take a sign-off back: the month waits again, and the history keeps who signed what."""
    if not savings.bookings:
        return
    with st.popover("Take a sign-off back", type="tertiary", key="take-back"):
        held = {f"{one.initiative} {one.month:%Y-%m}": one for one in reversed(savings.bookings)}
        key = st.selectbox(
            "Signed month",
            list(held),
            format_func=lambda name: _signed_words(savings, held[name]),
            key="signed-month",
            width=560,
        )
        why = st.text_input("Why", key="take-back-why", max_chars=300)
        if not st.button("Take it back", key="take-back-now") or asks_for_name(editor):
            return
        one = held[key or next(iter(held))]
        plan, _, initiative = one.initiative.partition("/")
        try:
            Proof(savings.page.workspace.state()).take_back(
                plan, initiative, one.month, who=editor.name, role=editor.role, why=why or ""
            )
        except CostError as error:
            refusal(error)
            return
        st.session_state[SAID] = (
            f"{_signed_words(savings, one)}: this is taken back, the month waits for a sign-off again"
        )
        st.rerun()


def _signed_words(savings: Savings, one: Booking) -> str:
    amount = money.short(Decimal(repr(one.amount)), savings.currency)
    return f"{one.month:%b %Y}, {amount} signed by {one.signed_by}: {savings.names[one.initiative]}"


def _sign(savings: Savings, key: str, month: date, value: float | None, editor: Editor) -> None:
    plan, _, initiative = key.partition("/")
    try:
        amount = typed(value, "A sign-off")
        today = datetime.now(UTC).date()
        Proof(savings.page.workspace.state()).sign(
            plan, initiative, month, amount, who=editor.name, role=editor.role, on=today
        )
    except CostError as error:
        refusal(error)
        return
    st.session_state[SAID] = (
        f"{savings.names[key]}: {month:%b %Y} is booked with {money.short(amount, savings.currency)}"
    )
    st.rerun()


def go_live_panel(savings: Savings, editor: Editor) -> None:
    """Draw the initiatives that are approved and not said to be live, and the form that says so."""
    waiting = [one for one in savings.live if one.in_plan and one.since is None and one.stage >= APPROVED]
    if not waiting:
        return
    with st.container(border=True, key="go-live"):
        count = len(waiting)
        st.header(f"{count} approved initiative{' is' if count == 1 else 's are'} not live yet", anchor=False)
        names = {one.key: one for one in waiting}
        with st.form("go-live-form", border=False):
            key = st.selectbox("Initiative", list(names), format_func=lambda held: literal(savings.names[held]))
            today = savings.page.today
            since = st.date_input("Live since", today, key="live-since")
            full = st.date_input("In full effect from", today, key="full-from")
            known = [NO_VOLUME, *metrics_of(savings.page.workspace)]
            driver = st.selectbox("Driven by", known, format_func=_driver_words, key="driven-by", help=_DRIVER_HELP)
            if not st.form_submit_button("It is live") or asks_for_name(editor):
                return
        _set(savings, names[key or waiting[0].key], (since, full), driver or NO_VOLUME, editor)


def _driver_words(metric: tuple[str, str]) -> str:
    """A metric and its model as a reader calls them.

    >>> _driver_words(("requests", "ranker")), _driver_words(NO_VOLUME)
    ('requests of ranker', 'its own trend, the least certain way')
    """
    return " of ".join(metric) if metric != NO_VOLUME else "its own trend, the least certain way"


def _set(savings: Savings, one: Live, days: tuple[object, object], driver: tuple[str, str], editor: Editor) -> None:
    since, full = days
    try:
        named = dict(zip(("volume", "volume_of"), driver, strict=True))
        go_live = GoLive.model_validate({"since": since, "full_from": full, **named})
        Proof(savings.page.workspace.state()).set_go_live(one.plan, one.id, go_live, who=editor.name)
    except ValidationError:
        refusal(InputError("It cannot act in full before it is live", fix="Put the two days in order."))
        return
    except CostError as error:
        refusal(error)
        return
    st.session_state[SAID] = f"{one.name} is live since {since}"
    st.rerun()
