"""Sign-off and go-live: finance books a month of a saving; an owner says since when an initiative is live.

Conventions: a press is kept with what the reader saw. Where somebody else was faster, nothing is written, no other
month or initiative takes its place, and the page says who did what.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Final

import streamlit as st
from pydantic import ValidationError

from costlib import money
from costlib.briefs.words.roadmap import month_words
from costlib.errors import CostError, InputError
from costlib.evidence.savings import metrics_of
from costlib.periods import add_months
from costlib.roadmap.savings.booked import Booking
from costlib.roadmap.savings.promised import Live, Measurement
from costlib.state.proof import GO_LIVE, SIGNED, GoLive, Proof, signed_key
from costlib.state.roles import BOOK, SAY_LIVE, TAKE_BACK
from costlib.state.saved import key_of
from costlib.state.stages import APPROVED
from ui.editing.amount import typed
from ui.editing.editor import Editor, barred, refuses
from ui.editing.entry import press, pressed
from ui.editing.form import SAID
from ui.markdown import literal
from ui.panels import refusal
from ui.savings.page import Savings

#: An amount further from what was measured than this share of it needs a reason.
_FAR: Final = 0.25
_WHY: Final = "Why another amount than measured"
_FAR_HELP: Final = "Needed where it is more than a quarter off; the history keeps it."
#: Key of the initiative that goes live.
_GOES_LIVE: Final = "goes-live"
#: Stands for no metric: the scope's own trend says what it would have cost.
NO_VOLUME = ("", "")
_DRIVER_HELP = (
    "The work that its spend is for, such as requests of its model: more or fewer of them are then not taken for a "
    "loss or a saving. What can be chosen are the business metrics that were loaded."
)


@dataclass(frozen=True)
class _Closed:
    """A closed month of an initiative as the reader saw it: what was measured, in the page's currency."""

    initiative: str
    month: date
    measured: float


def sign_panel(savings: Savings, one: Measurement, editor: Editor) -> None:
    """Draw the months that finance has not signed, and the form that signs one."""
    _tell_signed(savings, pressed("sign"), editor)
    if one.result is None:
        return
    signed = {(entry.initiative, entry.month) for entry in savings.bookings}
    closed = [entry for entry in one.realised() if add_months(entry.month, 1) <= savings.page.window.end]
    found = [_Closed(e.initiative, e.month, e.amount) for e in closed if (e.initiative, e.month) not in signed]
    still = {(one.initiative, one.month): one for one in found}
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
        _sign_form(savings, still.get(key) or found[0], editor)


def _sign_form(savings: Savings, closed: _Closed, editor: Editor) -> None:
    """The amount that finance signs for a month, and why where it is far from what was measured."""
    name, measured = f"{closed.initiative}-{closed.month}", closed.measured
    with st.form(f"sign-{name}", border=False):
        label = f"Amount that finance signs, {savings.currency}; measured {measured:,.0f}"
        value = st.number_input(label, None, None, round(measured) * 1.0, format="%.2f", key=f"sign-amount-{name}")
        why = st.text_input(_WHY, key=f"sign-why-{name}", max_chars=300, help=_FAR_HELP)
        bar = barred(editor, BOOK)
        clicked = st.form_submit_button("Sign off", type="primary", on_click=press, args=("sign", closed), **bar)
    if not clicked or refuses(editor, BOOK):
        return
    try:
        amount = typed(value, "A sign-off")
        check_near(amount, measured, savings.currency, why or "")
    except CostError as error:
        refusal(error)
        return
    _sign(savings, closed, amount, editor, why or "")


def check_near(amount: Decimal, measured: float, currency: str, why: str) -> None:
    """Raise InputError where an amount is more than a quarter off what was measured, and nobody says why.

    >>> check_near(Decimal(3000), 3621.0, "USD", "")
    >>> check_near(Decimal(-3621), 3621.0, "USD", "")
    Traceback (most recent call last):
    ...
    costlib.errors.InputError: −$3.62K is not what was measured: $3.62K. Expected: an amount within a quarter of it, \
or a reason. Correct the amount, or say why it is another one and sign again.
    """
    if why.strip() or abs(float(amount) - measured) <= _FAR * abs(measured):
        return
    said, found = (money.short(one, currency) for one in (amount, Decimal(repr(measured))))
    raise InputError(
        f"{said} is not what was measured: {found}",
        expected="an amount within a quarter of it, or a reason",
        fix="Correct the amount, or say why it is another one and sign again.",
    )


def _tell_signed(savings: Savings, seen: _Closed | None, editor: Editor) -> None:
    """Say who signed the month that the reader was about to sign; a second click of their own is done."""
    held = (one for one in savings.bookings if seen and (one.initiative, one.month) == (seen.initiative, seen.month))
    if (one := next(held, None)) is None:
        return
    said = f"{one.month:%b %Y} of {savings.names[one.initiative]}"
    amount = money.short(Decimal(repr(one.amount)), savings.currency)
    if one.signed_by == editor.name:
        st.success(literal(f"{said} is booked with {amount}"))
        return
    _tell(f"{one.signed_by} signed {said} with {amount} a moment before you. Your amount was not saved.")


def _tell(said: str) -> None:
    """Tell at its place and wherever the reader is on the page."""
    st.info(literal(said))
    st.toast(literal(said))


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
    seen: Booking | None = pressed("take-back")
    if seen and seen not in savings.bookings:
        _tell_taken_back(savings, seen, editor)
        seen = None
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
        one, bar = held[key or next(iter(held))], barred(editor, TAKE_BACK)
        st.button("Take it back", key="take-back-now", on_click=press, args=("take-back", one), **bar)
        if seen and not refuses(editor, TAKE_BACK):
            _take_back(savings, seen, editor, why or "")


def _take_back(savings: Savings, one: Booking, editor: Editor, why: str) -> None:
    plan, _, initiative = one.initiative.partition("/")
    try:
        Proof(savings.page.workspace.state()).take_back(
            plan, initiative, one.month, who=editor.name, role=editor.role, why=why
        )
    except CostError as error:
        refusal(error, f"The sign-off of {one.month:%b %Y} of {savings.names[one.initiative]}")
        return
    st.session_state[SAID] = f"{_signed_words(savings, one)}: this is taken back, the month waits for a sign-off again"
    st.rerun()


def _tell_taken_back(savings: Savings, one: Booking, editor: Editor) -> None:
    """Say who took a sign-off back that the reader was about to take back; a second click of their own is done."""
    plan, _, initiative = one.initiative.partition("/")
    who = _last_of(savings, SIGNED, signed_key(plan, initiative, one.month))
    if who == editor.name:
        st.success(literal(f"{_signed_words(savings, one)}: this is taken back"))
        return
    _tell(f"{who} was a moment before you. Not taken back by you: {_signed_words(savings, one)}.")


def _last_of(savings: Savings, kind: str, key: str) -> str:
    """Who changed a record last."""
    return savings.page.workspace.state().history(kind, key)[0].who


def _signed_words(savings: Savings, one: Booking) -> str:
    amount = money.short(Decimal(repr(one.amount)), savings.currency)
    return f"{one.month:%b %Y}, {amount} signed by {one.signed_by}: {savings.names[one.initiative]}"


def _sign(savings: Savings, closed: _Closed, amount: Decimal, editor: Editor, why: str) -> None:
    plan, _, initiative = closed.initiative.partition("/")
    try:
        today = datetime.now(UTC).date()
        Proof(savings.page.workspace.state()).sign(
            plan, initiative, closed.month, amount, who=editor.name, role=editor.role, on=today, why=why
        )
    except CostError as error:
        refusal(error, f"The sign-off of {closed.month:%b %Y} of {savings.names[closed.initiative]}")
        return
    st.session_state[SAID] = (
        f"{savings.names[closed.initiative]}: {closed.month:%b %Y} is booked with "
        f"{money.short(amount, savings.currency)}"
    )
    st.rerun()


def go_live_panel(savings: Savings, editor: Editor) -> None:
    """Draw the initiatives that are approved and not said to be live, and the form that says so."""
    waiting = [one for one in savings.live if one.in_plan and one.since is None and one.stage >= APPROVED]
    seen: Live | None = pressed("go-live")
    if seen and seen.key not in [one.key for one in waiting]:
        _tell_live(savings, seen, editor)
        seen = None
    if not waiting:
        return
    with st.container(border=True, key="go-live"):
        count = len(waiting)
        st.header(f"{count} approved initiative{' is' if count == 1 else 's are'} not live yet", anchor=False)
        names = {one.key: one for one in waiting}
        with st.form("go-live-form", border=False):
            st.selectbox(
                "Initiative", list(names), format_func=lambda held: literal(savings.names[held]), key=_GOES_LIVE
            )
            today = savings.page.today
            since = st.date_input("Live since", today, key="live-since")
            full = st.date_input("In full effect from", today, key="full-from")
            known = [NO_VOLUME, *metrics_of(savings.page.workspace)]
            driver = st.selectbox("Driven by", known, format_func=_driver_words, key="driven-by", help=_DRIVER_HELP)
            st.form_submit_button("It is live", on_click=_press_live, args=(names,), **barred(editor, SAY_LIVE))
        if seen and not refuses(editor, SAY_LIVE):
            _set(savings, seen, (since, full), driver or NO_VOLUME, editor)


def _press_live(shown: Mapping[str, Live]) -> None:
    """Keep the initiative that was pressed: by the next run somebody else may have said that it is live."""
    press("go-live", shown[st.session_state[_GOES_LIVE]])


def _tell_live(savings: Savings, one: Live, editor: Editor) -> None:
    """Say who was faster to say that an initiative is live; a second click of their own is done."""
    now = next((held for held in savings.live if held.key == one.key and held.since), None)
    if now is None or now.since is None:
        _tell(f"{one.name} does not wait for its day any more. Your days were not saved.")
        return
    said, who = f"{one.name} is live since {now.since.live}", _last_of(savings, GO_LIVE, key_of(one.plan, one.id))
    if who == editor.name:
        st.success(literal(said))
        return
    _tell(f"{who} was a moment before you: {said}. Your days were not saved.")


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
        refusal(error, f"The go-live of {one.name}")
        return
    st.session_state[SAID] = f"{one.name} is live since {since}"
    st.rerun()
