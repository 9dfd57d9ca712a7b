"""What a rule file would change, before it is saved: cost moved, sums that change, rules that decide nothing."""

from __future__ import annotations

from decimal import Decimal

import streamlit as st

from costlib import money
from costlib.attribution.rules import RuleSet
from costlib.briefs.exhibits import segment_name
from costlib.briefs.words.allocation import KIND_NAMES
from costlib.briefs.words.dispute import preview_finding
from costlib.focus import COST_KIND, label
from costlib.store.preview import Change, Move, Preview
from ui.markdown import literal
from ui.tables import figures_table

SHOWN = 12
_TEAM = "x_Team"
#: Sums that are shown of a preview, in this order.
_COMPARED = (_TEAM, "x_Model", COST_KIND)


def finding(preview: Preview, currency: str) -> str:
    """What changes, in one sentence."""
    teams = {
        one.value: one.difference for one in preview.changes if one.dimension == _TEAM and one.currency == currency
    }
    moved = money.exact_sum(amount for amount in teams.values() if amount and amount > 0)
    nobody = teams.get(None) or Decimal(0)
    return preview_finding(moved, nobody, preview.line_items_moved, len(preview.changes), currency)


def preview_panel(preview: Preview, candidate: RuleSet, currency: str) -> None:
    """Draw what would change over everything that is loaded."""
    st.header(literal(finding(preview, currency)), anchor=False)
    if preview.moves:
        figures_table(
            "Cost that gets another owner, effective cost over all loaded bills, largest first",
            ("From", "To", "Cost", "Line items"),
            [_move(one) for one in preview.moves[:SHOWN]],
        )
    for dimension in _COMPARED:
        rows = [one for one in preview.changes if one.dimension == dimension]
        if rows:
            name = label(dimension).lower() if dimension != COST_KIND else "kind of cost"
            rows.sort(key=lambda one: -abs(one.difference or Decimal(0)))
            figures_table(
                f"Sums by {name} that change",
                (label(dimension) if dimension != COST_KIND else "Kind of cost", "Today", "With these rules", "Change"),
                [_sums(one) for one in rows[:SHOWN]],
            )
    idle = silent_names(preview, candidate)
    if idle:
        count = "1 rule decides" if len(idle) == 1 else f"{len(idle)} rules decide"
        st.caption(literal(f"{count} nothing in these bills: {', '.join(idle)}."))


def silent_names(preview: Preview, candidate: RuleSet) -> list[str]:
    """Rules and pools of the candidate that decide nothing, in the order of the file."""
    return [*(str(candidate.rule_name(number)) for number in preview.silent), *preview.silent_pools]


def _move(one: Move) -> list[str]:
    owners = [segment_name(_TEAM, name) for name in (one.before, one.after)]
    return [*owners, money.full(one.amount, one.currency), money.count(one.line_items)]


def _sums(one: Change) -> list[str]:
    value = one.value or ""
    name = KIND_NAMES.get(value, value) if one.dimension == COST_KIND else segment_name(one.dimension, one.value)
    today, then = (money.full(amount, one.currency) for amount in (one.before, one.after))
    return [name, today, then, money.signed(one.difference, one.currency)]
