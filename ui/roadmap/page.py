"""What the Roadmap page shows of a plan: its finding, the path of spend, the time line and the initiatives."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

import streamlit as st

from costlib import money
from costlib.briefs.one_pager import headline, situation
from costlib.briefs.plan_exhibits import path_chart, roadmap_chart
from costlib.briefs.plan_figures import PlanFigures
from costlib.briefs.words import roadmap as words
from costlib.periods import day_name
from ui.editing.editor import field_name
from ui.exhibit import Exhibit, draw
from ui.plan import ChosenPlan, is_estimated

#: How the time line is grouped: what the reader chooses, and the field of an initiative.
GROUPS = {"Phase": "phase", "Track": "track"}
NO_PLAN = "No plan yet: bring one in or start one to see what it would save"
#: Key of the choice of an initiative, in the session and in the address.
INITIATIVE = "initiative"
#: Key of the initiative to work on next.
NEXT_INITIATIVE = "next-initiative"


@dataclass(frozen=True)
class Roadmap:
    """The page's words and charts for one plan; without figures it still shows what is planned."""

    chosen: ChosenPlan

    def finding(self) -> str:
        """The answer on top of the page."""
        found, name = self.chosen.found, self.chosen.saved.plan.plan.name
        count = len(self.chosen.saved.initiatives)
        if not count:
            return f"{name}: nothing is planned yet"
        if not is_estimated(self.chosen.saved.plan):
            return f"{name}: {money.counted(count, 'initiative')}, what {_they(count)} is not estimated yet"
        if found:
            return headline(found).text
        return f"{name}: {money.counted(count, 'initiative')}, not simulated"

    def situation(self) -> str | None:
        """What happens without the plan; None where it is not simulated."""
        found = self.chosen.found
        return situation(found).text if found else None

    def approval(self) -> str | None:
        """For which cycle the plan is approved, what its target is measured against, and what changed since."""
        saved, held = self.chosen.saved, self.chosen.saved.approval
        if held is None:
            return None
        reference = money.short(held.reference, self.chosen.currency)
        said = f"Approved by {held.by} on {day_name(held.at.date())} for {held.cycle}; its reference is frozen at "
        since = ", ".join(field_name(name) for name in saved.changed_since_approval)
        return f"{said}{reference} a month" + (f". Changed since: {since}" if since else "")


def _they(count: int) -> str:
    return "it saves" if count == 1 else "they save"


def charts(chosen: ChosenPlan, found: PlanFigures) -> None:
    """Draw the spend path beside nothing else, and the time line below it."""
    draw(Exhibit(path_chart(found), chosen.selection, made_of=chosen.made_of), "path", height=340)
    if not found.case.plan.initiatives:
        return
    by = st.segmented_control(
        "Time line by", list(GROUPS), default="Phase", required=True, key="timeline", bind="query-params"
    )
    chart = roadmap_chart(found, GROUPS[by or "Phase"])
    draw(Exhibit(chart, chosen.selection, made_of=chosen.made_of), "roadmap")


def initiatives_table(chosen: ChosenPlan) -> str | None:
    """Draw the initiatives; the id of the one that the reader works on, None while there is none."""
    plan = chosen.saved.plan
    ids = [one.id for one in plan.initiatives]
    st.header("Initiatives", anchor=False, help=f"{words.STAGE_HELP} {words.NPV_HELP} {words.RICE_HELP}")
    if not ids:
        st.write("Nothing is planned yet. Add an initiative below, or one of the proposals.")
        return None
    rows = words.initiative_rows(plan, chosen.found)
    st.caption(f"Choose a row to edit it. Amounts in {chosen.currency}, likely, over the months of the plan.")
    st.dataframe(
        rows,
        column_config=_columns(),
        hide_index=True,
        height="content",
        placeholder=money.UNKNOWN,
        on_select=partial(_pick, ids),
        selection_mode="single-row",
        key="initiatives",
        alt="Initiatives of the plan with stage, owner, start, saving, net, NPV and RICE",
    )
    if (wanted := st.session_state.pop(NEXT_INITIATIVE, None)) in ids:
        st.session_state[INITIATIVE] = wanted
    titles = {one.id: words.title_of(one) for one in plan.initiatives}
    return st.selectbox(
        "Work on",
        ids,
        index=None,
        format_func=lambda name: titles.get(name, name),
        key=INITIATIVE,
        bind="query-params",
        placeholder="Choose an initiative",
        width=460,
    )


def _pick(ids: list[str]) -> None:
    """Work on the row that was clicked."""
    rows = st.session_state["initiatives"].selection.rows
    if rows and rows[0] < len(ids):
        st.session_state[INITIATIVE] = ids[rows[0]]


def _columns() -> dict[str, Any]:
    amounts = ("Saves a year", "Net", "NPV", "RICE")
    helps = {"NPV": words.NPV_HELP, "RICE": words.RICE_HELP, "Net": words.NET_HELP}
    columns: dict[str, Any] = {
        name: st.column_config.NumberColumn(format="localized", help=helps.get(name)) for name in amounts
    }
    columns["Initiative"] = st.column_config.TextColumn(width=365)
    columns["Stage"] = st.column_config.TextColumn(help=words.STAGE_HELP)
    columns["By NPV, by RICE"] = st.column_config.TextColumn(help="Rank by NPV, then by RICE; 1 comes first.")
    return columns
