"""The best plan for each goal: what an initiative and a limit add is told in the unit of the goal."""

from __future__ import annotations

import re

import pytest

from costlib.state.plans import PlanStore
from tests.pages import screen
from tests.pages.conftest import Open
from tests.pages.plans import FRAUD

MONEY = r"−?\$[\d.,]+[KMB]?"


@pytest.mark.parametrize(
    ("goal", "worth", "header"),
    [
        ("Highest NPV", MONEY, "Would add to NPV"),
        ("Target as early as possible", f"{MONEY}|the target is met later, or not, without it", "Would add to NPV"),
        ("Target as surely as possible", r"\d+ points?|under 1 point|nothing", "Would add to the chance"),
    ],
)
def test_worth_is_told_in_what_the_goal_is(
    goal: str, worth: str, header: str, saved: PlanStore, open_page: Open
) -> None:
    app = open_page("roadmap", plan=FRAUD, view="Best plan")
    app.selectbox(key="goal").set_value(goal)
    app = screen.press(app, "Work it out")
    tables = screen.tables(app)
    (rows,) = (rows[1:] for name, rows in tables.items() if name.startswith("What to do from when"))
    assert rows and all(re.fullmatch(worth, row[2]) for row in rows), rows
    limits = [rows for name, rows in tables.items() if name.startswith("Limits that hold the plan back")]
    assert all(table[0][-1] == header for table in limits)
