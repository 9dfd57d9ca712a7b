"""The decision ledger: what was asked and promised, what the plan says now, what came; and the form that records one.

Conventions: a saved decision's first option is to do it; its figures are what each initiative was promised to save over
the plan's months, by id, as simulated when the ask was written. They never change, also where an initiative is gone. A
form keeps what was entered until it is saved; then it is emptied before it is drawn again. What a reader entered to
decide an ask is kept with the ask as it was shown to them, so that somebody else who was faster is noticed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Final, NoReturn, TypeVar

import streamlit as st

from costlib import money
from costlib.briefs.words import ledger as words
from costlib.briefs.words.roadmap import title_of
from costlib.errors import CostError, InputError
from costlib.periods import add_months, day_name
from costlib.roadmap.plan_model import Plan
from costlib.roadmap.portfolio import ledger as portfolio_ledger
from costlib.roadmap.portfolio.ledger import LedgerRow, delay_cost
from costlib.roadmap.savings.booked import Entry
from costlib.roadmap.savings.levers import LeverPromise, lever_promises
from costlib.roadmap.savings.track import track_record
from costlib.state.asks import as_counted, in_order
from costlib.state.decisions import DO, LEAVE, Decision, Ledger, Option, SavedDecision
from costlib.state.edits import plan_name
from costlib.state.errors import Conflict
from costlib.state.roles import DECIDE_ASK
from ui.editing.editor import Editor, barred, refuses
from ui.editing.entry import emptied, is_done, press, pressed, times_saved
from ui.editing.form import SAID
from ui.exhibit import Exhibit, draw
from ui.markdown import literal
from ui.panels import refusal
from ui.plan import ChosenPlan, figures_of, plans_of, saved_plans
from ui.savings.page import Savings, savings_of
from ui.tables import figures_table

_OPEN: Final = "Not decided yet"
_DECIDE: Final = {"decide-verdict": DO, "decide-expected": ""}
_RECORD: Final = {
    "ask-what": "", "ask-initiatives": [], "ask-owner": "", "ask-verdict": _OPEN, "ask-expected": ""
}  # fmt: skip
#: Key of what was entered for the ask that this session recorded last: pressed twice, it is on record already.
_RECORDED: Final = "ask-recorded"
OneEntry = TypeVar("OneEntry", bound=Entry)


@dataclass(frozen=True)
class Record:
    """Every decision of the plans in one currency with its figures, and what the same promised by lever.

    ``repeats`` says in words which decisions name an initiative that another one names.
    """

    saved: tuple[SavedDecision, ...]
    asked: tuple[words.Asked, ...]
    levers: tuple[LeverPromise, ...]
    repeats: tuple[str, ...] = ()


def ledger_panel(chosen: ChosenPlan, editor: Editor) -> None:
    """Draw every decision on record, promised then and what came of it, by lever too, and the forms."""
    currency = chosen.currency
    found = record_of(chosen, savings_of(chosen.page, currency))
    with st.container(border=True, key="ledger"):
        st.header(literal(words.ledger_finding(found.asked, currency)), anchor=False)
        if found.asked:
            caption = f"Decisions on record, {currency}; promised when decided, never changed since"
            figures_table(caption, words.LEDGER_HEADER, words.ledger_rows(found.asked, currency))
            figures_table("Who decides by when", words.ASK_HEADER, words.ask_rows(found.asked, currency))
        for said in found.repeats:
            st.warning(literal(said))
        with st.container(horizontal=True, key="ledger-actions"):
            _decide(chosen, found.saved, editor)
            _record(chosen, editor)
            _download(found, currency)
    _levers(chosen, found)


def _levers(chosen: ChosenPlan, found: Record) -> None:
    """Draw promised against signed off by lever."""
    currency = chosen.currency
    chart = words.lever_chart(found.levers, chosen.basis.source, currency)
    if chart:
        draw(Exhibit(chart, chosen.selection), "levers")
    if found.levers:
        with st.container(border=True, key="lever-ledger"):
            st.header("Promises by lever", anchor=False, help=words.LEVER_HELP)
            caption = f"By lever, {currency}, up to {day_name(chosen.page.today)}"
            figures_table(caption, words.LEVER_HEADER, words.lever_rows(found.levers, currency))


def _download(found: Record, currency: str) -> None:
    if found.asked:
        st.download_button(
            "Download the ledger",
            data=words.ledger_csv(found.asked, currency),
            file_name="decisions.csv",
            mime="text/csv",
            on_click="ignore",
            key="ledger-csv",
        )


def record_of(chosen: ChosenPlan, savings: Savings) -> Record:
    """Every decision of every plan in the currency, with its figures, and all of them by lever."""
    store, book = plans_of(chosen.page), Ledger(chosen.page.workspace.state())
    saved: list[SavedDecision] = []
    asked: list[words.Asked] = []
    levers: list[LedgerRow] = []
    repeats: list[str] = []
    for name, one in saved_plans(chosen.page).items():
        held, plan = in_order(book.all(name)), one.plan
        if not held or plan.plan.currency != chosen.currency:
            continue
        try:
            result = figures_of(chosen.page, plan).case.recommended.result
            known = {entry.key.partition("/")[2] for entry in store.history(name)} | {*one.initiatives}
            decisions = [as_counted(ask, known) for ask in held]
            sides = _own(name, savings.realised), _own(name, savings.bookings)
            rows = portfolio_ledger.ledger(decisions, result, *sides, chosen.page.today)
            levers += portfolio_ledger.by_lever(decisions, result, *sides, chosen.page.today)
        except CostError as error:
            refusal(error)
            continue
        saved += held
        repeats += _repeats(decisions, plan)
        asked += [_asked_words(ask, row, plan.plan.name, chosen) for ask, row in zip(held, rows, strict=True)]
    track = track_record(savings.live, savings.measured, savings.bookings)
    whole = sum(one.row.promised for one in asked)
    return Record(tuple(saved), tuple(asked), tuple(lever_promises(levers, whole, track)), tuple(repeats))


def _repeats(decisions: Sequence[portfolio_ledger.Decision], plan: Plan) -> list[str]:
    """Which decisions of the plan name an initiative that another one names, in words."""
    titles = {one.id: title_of(one) for one in plan.initiatives}
    by_id = {one.id: one for one in decisions}
    return [
        words.repeat_words(
            [titles.get(name, name) for name in one.initiatives],
            by_id[one.first].ask,
            by_id[one.again].ask,
            open=by_id[one.again].approved is None,
        )
        for one in portfolio_ledger.counted_once(decisions)[1]
    ]


def _asked_words(saved: SavedDecision, row: LedgerRow, plan: str, chosen: ChosenPlan) -> words.Asked:
    one = saved.decision
    return words.Asked(
        plan=plan,
        what=one.what,
        status=words.status_words(one.chosen, one.on, one.deadline, chosen.page.today),
        owner=one.owner,
        deadline=one.deadline,
        delay=one.week_of_delay,
        decided=f"{one.by}, {day_name(one.on)}" if one.on else "",
        approved=one.approved,
        row=row,
    )


def _own(plan: str, entries: Sequence[OneEntry]) -> list[OneEntry]:
    """The entries of a plan's initiatives, by their names in it."""
    prefix = f"{plan}/"
    return [
        replace(one, initiative=one.initiative.removeprefix(prefix))
        for one in entries
        if one.initiative.startswith(prefix)
    ]


def _decide(chosen: ChosenPlan, saved: Sequence[SavedDecision], editor: Editor) -> None:
    """Draw the form that closes an open ask, and save the decision that was pressed on one."""
    seen, wanted = pressed("decide") or (None, None)
    if seen and _overtaken(seen, wanted, saved, editor):
        seen = None
    by_key = {f"{one.plan}/{one.id}": one for one in saved if one.decision.chosen is None}
    if not by_key:
        return
    emptied("decide", _DECIDE)
    with st.popover("Decide an open ask", key="decide"), st.form("decide-form", border=False):
        st.selectbox("Ask", list(by_key), format_func=lambda held: by_key[held].decision.what, key="decide-ask")
        verdict = st.selectbox("Decision", (DO, LEAVE), key="decide-verdict")
        expected = st.text_input("What is expected of it", key="decide-expected")
        bar = barred(editor, DECIDE_ASK)
        st.form_submit_button("Record the decision", type="primary", on_click=_press, args=(by_key,), **bar)
        if seen is None or refuses(editor, DECIDE_ASK):
            return
        update = _taken(chosen, verdict, editor, expected)
        _save(chosen, seen, seen.decision.model_copy(update=update), editor, "decide")


def _press(shown: Mapping[str, SavedDecision]) -> None:
    """Keep the ask that was pressed as it was shown: by the next run somebody else may have decided it."""
    press("decide", (shown[st.session_state["decide-ask"]], st.session_state["decide-verdict"]))


def _overtaken(pressed: SavedDecision, wanted: str | None, saved: Sequence[SavedDecision], editor: Editor) -> bool:
    """Whether an ask that was pressed is not open any more; says who decided it and what, or that it is done."""
    now = next((one.decision for one in saved if (one.plan, one.id) == (pressed.plan, pressed.id)), None)
    if now and now.chosen is None:
        return False
    by, verdict = (now.by, now.chosen) if now else ("", None)
    if now and (by, verdict) == (editor.name, wanted):
        st.success(literal(f"“{now.what}” is decided: {verdict}"))
        return True
    said = literal(words.overtaken_words(pressed.decision.what, by, verdict))
    st.info(said)
    st.toast(said)
    return True


def _record(chosen: ChosenPlan, editor: Editor) -> None:
    """Draw the form that puts an ask or a decision on this plan's initiatives on record."""
    names = {one.id: title_of(one) for one in chosen.saved.plan.initiatives}
    if not names or chosen.found is None:
        return
    emptied("record", _RECORD)
    with st.popover("Record a decision", key="record"), st.form("record-form", border=False):
        what = st.text_input("What is asked for", key="ask-what", placeholder="Approve the first phase")
        initiatives = st.multiselect("Initiatives", list(names), format_func=names.__getitem__, key="ask-initiatives")
        owner = st.text_input("Who decides", key="ask-owner")
        soon, times = add_months(chosen.page.today, 1), times_saved("record")
        deadline = st.date_input("By when", soon, key=f"ask-deadline-{times}")
        verdict = st.selectbox("Decision", (_OPEN, DO, LEAVE), key="ask-verdict")
        expected = st.text_input("What is expected of it", key="ask-expected", placeholder="Needed once it is decided")
        clicked = st.form_submit_button("Put it on record", type="primary", **barred(editor, DECIDE_ASK))
        if not clicked or refuses(editor, DECIDE_ASK):
            return
        entered = (chosen.saved.id, what, tuple(initiatives), owner, deadline, verdict, expected)
        try:
            if not what or not initiatives:
                raise InputError("An ask says what it is and names its initiatives", fix="Fill both in.")
            name = free_id(what, Ledger(chosen.page.workspace.state()).all(chosen.saved.id))
            decision = _asked(chosen, what, initiatives, owner or "")
        except CostError as error:
            if st.session_state.get(_RECORDED) == entered:
                _done("record", f"“{what}” is on record")
            refusal(error)
            return
        decided: dict[str, Any] = {"deadline": deadline}
        if verdict != _OPEN:
            decided |= _taken(chosen, verdict, editor, expected)
        wanted = SavedDecision(chosen.saved.id, name, 0, decision.model_copy(update=decided))
        st.session_state[_RECORDED] = entered
        _save(chosen, wanted, wanted.decision, editor, "record")
        del st.session_state[_RECORDED]


def free_id(what: str, held: Sequence[SavedDecision]) -> str:
    """An id from the title of a new ask that its plan does not hold yet; raises InputError where the title is taken."""
    for one in held:
        if " ".join(one.decision.what.split()).casefold() == " ".join(what.split()).casefold():
            is_open = one.decision.chosen is None
            stands = "is still open" if is_open else f"is decided: {one.decision.chosen}"
            raise InputError(
                f"An ask called “{one.decision.what}” is on record in this plan already, and {stands}",
                expected="a title of its own for each ask",
                fix=f"Give this one another title{', or decide the other first' if is_open else ''}.",
            )
    name, taken = plan_name(what) or "ask", {one.id for one in held}
    return next(one for one in (name, *(f"{name}-{number}" for number in range(2, 1000))) if one not in taken)


def _taken(chosen: ChosenPlan, verdict: str, editor: Editor, expected: str | None) -> dict[str, Any]:
    """The fields of a decision that is taken now."""
    today = Ledger(chosen.page.workspace.state()).state.now().date()
    return {"chosen": verdict, "by": editor.name, "on": today, "expected": expected or ""}


def _asked(chosen: ChosenPlan, what: str, initiatives: Sequence[str], owner: str) -> Decision:
    """An open ask with what its initiatives are promised to save, and the cost of a week's delay."""
    found = chosen.found
    assert found is not None
    figures = {share.id: share.gross for share in found.case.recommended.shares}
    plan = chosen.saved.plan
    with st.spinner("Working out what a week's delay costs"):
        forecast, actuals = (None, None) if plan.baseline is not None else chosen.page.workspace.baseline(plan)
        delay = delay_cost(plan, initiatives, forecast, actuals)
    promised = {name: str(money.cents(Decimal(repr(figures[name])))) for name in initiatives}
    return Decision(
        what=what,
        options=(Option(name=DO, figures=promised), Option(name=LEAVE)),
        owner=owner,
        week_of_delay=money.cents(Decimal(repr(delay))),
        generation=chosen.page.snapshot.state.generation,
        sequence=chosen.saved.sequence,
    )


def _save(chosen: ChosenPlan, seen: SavedDecision, decision: Decision, editor: Editor, form: str) -> None:
    """Save a decision on what was seen (version 0 is a new one) and empty its form; refused, the form stays."""
    book = Ledger(chosen.page.workspace.state())
    try:
        book.save(seen.plan, seen.id, decision, who=editor.name, expected=seen.version or None)
    except Conflict as conflict:
        if not seen.version or not _overtaken(seen, decision.chosen, book.all(seen.plan), editor):
            refusal(conflict, decision.what)
        return
    except CostError as error:
        refusal(error, decision.what)
        return
    total = float(sum(decision.promised(decision.options[0].figures).values()))
    _done(form, words.recorded_words(decision.what, decision.approved, total, chosen.currency))


def _done(form: str, said: str) -> NoReturn:
    """Empty the form and say what was saved."""
    st.session_state[SAID] = said
    is_done(form)
    st.rerun()
