"""The kill criteria of an initiative in its form: a line for each, and an empty one for the next.

Conventions: a line holds what a plan file holds of a criterion, its bound split into which and how much; a line that is
emptied takes its criterion out, and an empty one adds none.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, Final

import streamlit as st

from costlib.roadmap.plan_bets import parsed_day
from ui.editing.fields import Body

#: What a bound is called, and the field of the plan file.
BOUNDS: Final = {"at least": "at_least", "at most": "at_most"}
_FIRST, _LAST = date(2000, 1, 1), date(2099, 12, 31)
_HELP: Final = (
    "Agreed before money is committed: the initiative ends unless the metric is within its bound on that day. The "
    "Portfolio says which are due, and which are missed."
)
Line = dict[str, Any]


def lines_of(body: Mapping[str, Any]) -> list[Line]:
    """The lines of the criteria that an initiative has, and an empty one.

    >>> lines_of({"id": "a"})
    [{'metric': None, 'bound': 'at least', 'value': None, 'by': None, 'owner': None, 'measured': None}]
    """
    return [*(_line(one) for one in body.get("kill_criteria", ())), _line({})]


def _line(held: Mapping[str, Any]) -> Line:
    bound = "at most" if "at_most" in held else "at least"
    value, measured, by = held.get(BOUNDS[bound]), held.get("measured"), held.get("by")
    return {
        "metric": held.get("metric"),
        "bound": bound,
        "value": None if value is None else float(value),
        "by": None if by is None else parsed_day(by),
        "owner": held.get("owner"),
        "measured": None if measured is None else float(measured),
    }


def with_criteria(body: Mapping[str, Any], before: Sequence[Line], after: Sequence[Line]) -> Body:
    """The body with the criteria of the lines, where the form changed one of them.

    >>> line = {"metric": "users", "bound": "at least", "value": 10.0, "by": date(2027, 1, 31)}
    >>> with_criteria({"id": "a"}, [], [line])
    {'id': 'a', 'kill_criteria': [{'metric': 'users', 'at_least': 10.0, 'by': '2027-01-31'}]}
    """
    if list(after) == list(before):
        return dict(body)
    found = [held for line in after if (held := _held(line))]
    kept = {name: value for name, value in body.items() if name != "kill_criteria"}
    return {**kept, "kill_criteria": found} if found else kept


def _held(line: Line) -> Body:
    """What a plan file holds of a line; nothing for one that says nothing."""
    by: date | None = line.get("by")
    stated = {
        "metric": line.get("metric"),
        BOUNDS[line["bound"]]: line.get("value"),
        "by": None if by is None else by.isoformat(),
        "owner": line.get("owner"),
        "measured": line.get("measured"),
    }
    return {name: value for name, value in stated.items() if value not in (None, "")}


def ask_criteria(before: Sequence[Line], key: Callable[[str], str]) -> list[Line]:
    """Draw the lines; what the reader entered. ``key`` names the widgets of this opening of the form."""
    st.caption("Kill criteria", help=_HELP)
    return [_ask(line, at, key) for at, line in enumerate(before)]


def _ask(line: Line, at: int, key: Callable[[str], str]) -> Line:
    number, bounds = at + 1, list(BOUNDS)
    names = {name: key(f"kill.{at}.{name}") for name in line}
    grid = st.grid(min_column_width=215, gap="small", key=key(f"kill.{at}"))
    metric = grid.text_input(f"{number}. Metric", value=line["metric"] or "", key=names["metric"])
    bound = grid.selectbox(f"{number}. Must be", bounds, index=bounds.index(line["bound"]), key=names["bound"])
    value = grid.number_input(f"{number}. Bound", None, None, line["value"], format="%g", key=names["value"])
    by = grid.date_input(f"{number}. By", line["by"], _FIRST, _LAST, format="YYYY-MM-DD", key=names["by"])
    owner = grid.text_input(f"{number}. Owner", value=line["owner"] or "", key=names["owner"])
    label = f"{number}. Last measured"
    measured = grid.number_input(label, None, None, line["measured"], format="%g", key=names["measured"])
    return {
        "metric": metric or None,
        "bound": bound,
        "value": value,
        "by": by,
        "owner": owner or None,
        "measured": measured,
    }
