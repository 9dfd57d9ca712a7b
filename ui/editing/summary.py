"""An initiative at a glance beside its form: where it stands in FinOps, its safeguards, what it serves, when it ends.

Conventions: what nobody stated is called so. Pure but for the drawing.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import streamlit as st

from costlib.briefs.words.roadmap import title_of
from costlib.briefs.words.venture import bound_words
from costlib.periods import day_name
from costlib.roadmap.plan_model import AbTest, Guardrail, Initiative, Reinvest
from costlib.roadmap.portfolio.bets import Call, Judged, judged
from ui.markdown import literal

_NOT_STATED = "not stated"


def glance_panel(one: Initiative, today: date, plan: Sequence[Initiative]) -> None:
    """Draw the initiative at a glance; ``plan`` are all of its plan."""
    st.markdown("\n".join(f"- **{name}:** {literal(text)}" for name, text in glance(one, today, plan)))


def glance(one: Initiative, today: date, plan: Sequence[Initiative] = ()) -> list[tuple[str, str]]:
    """What a reader asks of an initiative first, each as a name and its words.

    What it saves goes to an initiative of the ``plan`` by its title, or to whatever else is stated.

    >>> dict(glance(Initiative(id="a", case={"no_ab_test": "it serves nobody"}), date(2026, 10, 20)))["A/B test"]
    'none: it serves nobody'
    """
    serves = ": ".join(text for text in (one.objective, one.key_result) if text)
    return [
        ("FinOps phase", one.finops_phase.capitalize()),
        ("Guardrail", _guardrail(one.guardrail, one.case.no_guardrail)),
        ("A/B test", _ab_test(one.ab_test, one.case.no_ab_test)),
        ("If it fails", one.fallback or _NOT_STATED),
        ("Serves", serves or _NOT_STATED),
        *([("Reinvests", _reinvested(one.reinvest, plan))] if one.reinvest else []),
        *(("Ends unless", _criterion(found)) for found in judged(one, today)),
    ]


def _reinvested(held: Reinvest, plan: Sequence[Initiative]) -> str:
    titles = {one.id: title_of(one) for one in plan}
    return f"{held.share:.0%} in {titles.get(held.to, held.to)}"


def _guardrail(held: Guardrail | None, reason: str) -> str:
    if held is None:
        return f"none: {reason}" if reason else _NOT_STATED
    floor = "no floor stated" if held.floor is None else f"not below {held.floor:g}"
    now = "" if held.level is None else f", {held.level:g} today"
    return f"{held.metric}, {floor}{now}"


def _ab_test(held: AbTest | None, reason: str) -> str:
    if held is None:
        return f"none: {reason}" if reason else _NOT_STATED
    days = "no length stated" if held.days is None else f"{held.days} days"
    effect = "" if held.minimum_effect is None else f", notices a change of {held.minimum_effect:g}"
    return f"{held.metric}, {days}{effect}"


def _criterion(found: Judged) -> str:
    criterion = found.criterion
    owner = f", {criterion.owner}" if criterion.owner else ""
    verdict = "" if found.call is Call.OPEN else f" ({found.call.value})"
    return f"{criterion.metric} {bound_words(criterion)} by {day_name(criterion.by)}{owner}{verdict}"
