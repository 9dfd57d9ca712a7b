"""The form that proposes a model for launch: where it will stand on the bill, and what it is estimated to cost.

Conventions: without components a month's cost is stated as a range; a component that has no name is left out. A form
keeps the version that it was opened on, so that a save which somebody else overtook is noticed; what the reader entered
stays in the form.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

import streamlit as st

from costlib.errors import CostError, InputError
from costlib.focus import label
from costlib.roadmap.portfolio.launch import Launch
from costlib.state.edits import plan_name
from costlib.state.errors import Conflict
from costlib.state.launches import SavedLaunch, read_launch
from costlib.state.roles import EDIT_LAUNCH
from ui.editing.editor import Editor, barred, conflict_panel, is_same, refuses
from ui.editing.form import SAID
from ui.guard import Page
from ui.launches.page import NEXT_LAUNCH, known_values, launches_of
from ui.markdown import literal
from ui.panels import refusal

_COLUMNS: Final = ("x_Model", "x_Team", "x_Stage", "ServiceName")
_ENDS: Final = ("low", "likely", "high")
_OPENED, _CONFLICT = "launch-opened", "launch-conflict"
_MOST: Final = 8
_VOLUME_HELP: Final = (
    "What drives the cost, such as conversations: use the name of the business metric that counts it, and the model's "
    "bill can be taken apart by cause. A volume called months is 1 a month: what runs whether or not it is used."
)
_METER_HELP: Final = (
    "Words of the meter's name on the bill, with commas between them, such as input-tokens. Without them the component "
    "is found on no bill."
)
Key = Callable[[str], str]


def propose_panel(page: Page, saved: SavedLaunch | None, editor: Editor, currency: str) -> None:
    """Draw the form of a new proposal, or of one that waits for its decision."""
    name = saved.id if saved else "new"
    version, count = _opened(name, saved)
    key: Key = lambda field: f"launch-{name}-{count}-{field}"  # noqa: E731
    if conflict := st.session_state.get(_CONFLICT):
        conflict_panel(conflict, saved.launch.what if saved else "A proposal of this name")
        if saved and st.button(f"Take what {literal(saved.who)} saved", key=key("theirs")):
            close_form()
            st.rerun()
    held = saved.launch.model_dump(mode="json", exclude_none=True) if saved else {}
    parts = held.get("components", [])
    number = st.number_input(
        "Components", 0, _MOST, len(parts), key=key("count"), help="0: the cost of a month is stated as a range."
    )
    with st.form(key("form"), border=False):
        body = _head(page, held, currency, key)
        body |= _components(held, int(number or 0), key) if number else _range(held, currency, key)
        why = st.text_input("Why", key=key("why"), max_chars=300) if saved else ""
        said, bar = "Save the proposal" if saved else "Propose it", barred(editor, EDIT_LAUNCH)
        pressed = st.form_submit_button(said, type="primary", **bar)
    if pressed and not refuses(editor, EDIT_LAUNCH):
        _save(page, saved, body, version, editor, why or "")


def _opened(name: str, saved: SavedLaunch | None) -> tuple[int | None, int]:
    """The version that the form was opened on, and which opening it is."""
    held = st.session_state.get(_OPENED)
    if held is None or held[0] != name:
        count = int(st.session_state.get("launch-openings", 0)) + 1
        held = (name, saved.version if saved else None, count)
        st.session_state["launch-openings"], st.session_state[_OPENED] = count, held
        st.session_state.pop(_CONFLICT, None)
    return held[1], held[2]


def close_form() -> None:
    """Forget what was opened: the form shows what is saved."""
    for name in (_OPENED, _CONFLICT):
        st.session_state.pop(name, None)


def _head(page: Page, held: Mapping[str, Any], currency: str, key: Key) -> dict[str, Any]:
    grid = st.grid(min_column_width=215, gap="small", key=key("head"))
    limit, money = held.get("limit"), held.get("currency", currency)
    body = {
        "what": grid.text_input("Model", value=held.get("what", ""), key=key("what"), max_chars=120),
        "owner": grid.text_input("Owner", value=held.get("owner", ""), key=key("owner")),
        "currency": money,
    }
    ships = grid.date_input("Is to ship on", held.get("planned"), format="YYYY-MM-DD", key=key("planned"))
    most = grid.number_input(
        f"May be spent a month, {money}", 0.0, None, None if limit is None else float(limit), format="%.0f",
        key=key("limit"), help="What the estimate is held against before it ships. Empty: no limit is set.",
    )  # fmt: skip
    scope = _scope(page, held.get("scope", {}), key)
    body["basis"] = st.text_area("How it was estimated", value=held.get("basis", ""), key=key("basis"), height=90)
    body |= {"scope": scope, "planned": ships.isoformat() if ships else None}
    return body | {"limit": None if most is None else f"{most:.2f}"}


def _scope(page: Page, held: Mapping[str, list[str]], key: Key) -> dict[str, list[str]]:
    columns = list(dict.fromkeys([*_COLUMNS, *held]))
    known = known_values(page, columns)
    grid = st.grid(min_column_width=215, gap="small", key=key("scope"))
    found = {
        column: grid.multiselect(
            f"On the bill: {label(column)}",
            list(dict.fromkeys([*known[column], *held.get(column, ())])),
            default=list(held.get(column, ())),
            key=key(f"scope.{column}"),
            accept_new_options=True,
            placeholder="Any; type a new one",
        )
        for column in columns
    }
    return {column: values for column, values in found.items() if values}


def _range(held: Mapping[str, Any], currency: str, key: Key) -> dict[str, Any]:
    grid = st.grid(min_column_width=150, gap="small", key=key("monthly"))
    return {"monthly": _estimate(grid, f"A month, {currency}", held.get("monthly"), key, "monthly")}


def _components(held: Mapping[str, Any], number: int, key: Key) -> dict[str, Any]:
    """The components and the volumes that drive them; two components of one volume state it once."""
    parts, volumes, found = [*held.get("components", ())], dict(held.get("volumes", {})), []
    driven: dict[str, Any] = {}
    for at in range(number):
        part = parts[at] if at < len(parts) else {}
        with st.expander(part.get("name") or f"Component {at + 1}", expanded=not part):
            one, volume = _component(part, volumes.get(part.get("volume")), at, key)
        if one["name"]:
            found.append(one)
            if one["volume"] not in driven or driven[one["volume"]] is None:
                driven[one["volume"]] = volume
    return {"components": found, "volumes": driven}


def _component(part: Mapping[str, Any], volume: Any, at: int, key: Key) -> tuple[dict[str, Any], Any]:
    own: Key = lambda field: key(f"{at}.{field}")  # noqa: E731
    grid = st.grid(min_column_width=150, gap="small", key=own("grid"))
    name = grid.text_input("Component", value=part.get("name", ""), key=own("name"))
    unit = grid.text_input("Counted in", value=part.get("unit", ""), key=own("unit"), placeholder="tokens")
    meters = grid.text_input(
        "Meters on the bill", value=", ".join(part.get("meters", ())), key=own("meters"), help=_METER_HELP
    )
    driver = grid.text_input("Driven by", value=part.get("volume", ""), key=own("volume"), help=_VOLUME_HELP)
    counted = _estimate(grid, "Volume a month", volume, own, "driver")
    one = {
        "name": name,
        "volume": driver,
        "consumption": _estimate(grid, "Each needs", part.get("consumption"), own, "consumption"),
        "price": _estimate(grid, "Price of one", part.get("price"), own, "price"),
        "unit": unit,
        "meters": [word.strip() for word in (meters or "").split(",") if word.strip()],
    }
    return one, counted


def _estimate(grid: Any, name: str, held: Any, key: Key, field: str) -> dict[str, float] | None:
    """Low, likely and high; a low or high that is left empty is the likely one. None where nothing is stated."""
    found = {
        end: grid.number_input(
            f"{name}, {end}",
            0.0,
            None,
            None if held is None else float(held[end]),
            format="%.10g",
            key=key(f"{field}.{end}"),
        )
        for end in _ENDS
    }
    stated = {end: value for end, value in found.items() if value is not None}
    return stated or None


def launch_of(body: Mapping[str, Any]) -> Launch:
    """The launch in what the form holds; raises InputError that says which entry is missing or wrong."""
    if not (body.get("what") or "").strip():
        raise InputError("A proposal names the model", fix="Fill in Model.")
    if not body.get("scope"):
        raise InputError(
            "A proposal says where its cost will stand on the bill",
            fix="Choose or type one value at least under On the bill.",
        )
    for one in body.get("components", ()):
        missing = [name for name in ("volume", "consumption", "price") if not one[name]]
        if missing or body["volumes"].get(one["volume"]) is None:
            what = {"volume": "what drives it", "consumption": "what each needs", "price": "its price"}
            said = what[missing[0]] if missing else f"how many {one['volume']} there are a month"
            raise InputError(f"{one['name']} does not say {said}", fix="Fill it in.")
    launch = read_launch({name: value for name, value in body.items() if value not in (None, {}, [])}, "The proposal")
    launch.estimate()
    return launch


def _save(
    page: Page, saved: SavedLaunch | None, body: Mapping[str, Any], version: int | None, editor: Editor, why: str
) -> None:
    st.session_state.pop(_CONFLICT, None)
    try:
        launch = launch_of(body)
        name = saved.id if saved else plan_name(launch.what)
        launches_of(page).propose(name, launch, who=editor.name, why=why, expected=version)
    except Conflict as conflict:
        if not is_same(conflict):
            st.session_state[_CONFLICT] = conflict
            st.rerun()
    except CostError as error:
        refusal(error)
        return
    close_form()
    st.session_state[SAID], st.session_state[NEXT_LAUNCH] = f"{launch.what} is proposed", name
    st.rerun()
