"""Coming from one page to another: which choices of the last page are put aside, and which go along."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
import streamlit as st

from costlib.focus import LABELS
from ui import arrival
from ui.allocation.page import FILTERED as ALLOCATION
from ui.arrival import arrive, query_key
from ui.runs.page import FILTERED as RUNS
from ui.trends.page import FILTERED as TRENDS
from ui.units.page import FILTERED as UNITS

UI = Path(arrival.__file__).parent


@pytest.fixture
def session(monkeypatch: pytest.MonkeyPatch) -> dict[str, object]:
    """A session without a server."""
    held: dict[str, object] = {}
    monkeypatch.setattr(st, "session_state", held)
    return held


def at(page: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Come to the page."""
    monkeypatch.setattr(st, "context", SimpleNamespace(url=f"http://glidepath/{page}"))
    arrive()


def bound_keys() -> Iterator[tuple[str, str]]:
    """Every choice that is bound to the address, under a name that its code spells, and the file of that code."""
    for path in sorted(UI.rglob("*.py")):
        for call in (node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)):
            given = {one.arg: one.value for one in call.keywords}
            key = given.get("key")
            if "bind" in given and isinstance(key, ast.Constant):
                yield str(key.value), str(path.relative_to(UI))


def test_a_choice_that_two_pages_spell_the_same_is_put_aside_on_leaving(
    session: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    files: dict[str, set[str]] = defaultdict(set)
    for key, path in bound_keys():
        files[key].add(path)
    twice = {key for key, where in files.items() if len(where) > 1}
    assert {"by", "over", "currency"} <= twice
    at("trends", monkeypatch)
    session.update(dict.fromkeys(twice, "chosen"))
    at("runs", monkeypatch)
    assert not twice & set(session)


@pytest.mark.parametrize("dimension", LABELS)
def test_every_filter_goes_along_and_what_is_called_like_it_does_not(
    dimension: str, session: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    key = query_key(dimension)
    at("trends", monkeypatch)
    session[key] = ["Search"]
    at("showback", monkeypatch)
    assert session[arrival._LEFT] == {key: ["Search"]} and key not in session
    session[key] = "Fraud"
    at("trends", monkeypatch)
    assert session[arrival._LEFT] == {key: ["Search"]} and key not in session


def test_every_page_filters_by_dimensions_that_have_a_name_in_the_address() -> None:
    assert {*ALLOCATION, *RUNS, *TRENDS, *UNITS} <= set(LABELS)


def test_scope_measure_and_currency_go_along_and_what_is_of_one_page_is_dropped(
    session: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    at("trends", monkeypatch)
    session.update({"scope": "All spend", "measure": "BilledCost", "by": "Team", "grain": "Quarter", "own": 1})
    at("forecast", monkeypatch)
    assert session[arrival._LEFT] == {"scope": "All spend", "measure": "BilledCost"}
    assert {"scope", "measure", "by", "grain"} & set(session) == set() and session["own"] == 1


def test_running_a_page_again_leaves_its_choices(session: dict[str, object], monkeypatch: pytest.MonkeyPatch) -> None:
    at("trends", monkeypatch)
    session["by"] = "Team"
    at("trends", monkeypatch)
    assert session["by"] == "Team"
