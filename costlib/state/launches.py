"""Launch reviews: what a proposed model is to cost a month, who approved it when and why, since when it runs.

Conventions: a launch is as ``portfolio.launch`` has it. What was decided on is not changed: who wants another estimate
takes the decision back first, with a reason. Finance alone decides; who, role and day are arguments.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

import yaml
from pydantic import ValidationError

from costlib.errors import InputError
from costlib.roadmap.portfolio.launch import Decided, Launch, Verdict
from costlib.state.records import Entry, Record, State
from costlib.state.roles import DECIDE_LAUNCH, EDIT_LAUNCH, NotAllowed, Role, check_role

KIND: Final = "launch"


@dataclass(frozen=True)
class SavedLaunch:
    """A launch as it is saved, with the version for the next edit."""

    id: str
    version: int
    who: str
    launch: Launch


class Launches:
    """The launch reviews of one state."""

    def __init__(self, state: State) -> None:
        self.state = state

    def all(self) -> list[SavedLaunch]:
        """Every launch, by id."""
        return [_saved(record) for record in self.state.all(KIND)]

    def read(self, launch_id: str) -> SavedLaunch:
        """The launch of that id; raises InputError where there is none."""
        record = self.state.get(KIND, launch_id)
        if record is None:
            raise InputError(f"There is no launch {launch_id}", expected="one that was proposed", fix="Propose it.")
        return _saved(record)

    def propose(
        self, launch_id: str, launch: Launch, *, who: str, why: str = "", expected: int | None = None
    ) -> SavedLaunch:
        """Save a proposal; without ``expected`` it is a new one. Its decision and first day stay as they are.

        Raises Conflict, and NotAllowed where the proposal was decided on.
        """
        found = self.state.get(KIND, launch_id)
        if found is None or found.version != expected:
            return self._put(launch_id, launch.proposed, who, why, expected)
        before = _saved(found).launch
        if before.decision and launch.proposed != before.proposed:
            raise NotAllowed(
                f"{before.what} was {before.decision.verdict} by {before.decision.by} as it was proposed",
                expected="the proposal as it is",
                fix="Take the decision back first, with a reason; then change the proposal.",
            )
        kept = {"decision": before.decision, "shipped": before.shipped}
        return self._put(launch_id, launch.proposed.model_copy(update=kept), who, why, expected)

    def decide(
        self, launch_id: str, verdict: Verdict, *, who: str, role: Role, why: str, on: date, expected: int
    ) -> SavedLaunch:
        """Approve or decline; raises NotAllowed unless finance does and says why, and Conflict."""
        before = self.read(launch_id).launch
        _finance_with_reason(role, why)
        if before.decision:
            raise NotAllowed(f"{before.what} is {before.decision.verdict} already", fix="Take the decision back first.")
        decided = Decided(verdict=verdict, by=who, on=on, why=why)
        return self._put(launch_id, before.model_copy(update={"decision": decided}), who, why, expected)

    def reopen(self, launch_id: str, *, who: str, role: Role, why: str, expected: int) -> SavedLaunch:
        """Take the decision back; raises NotAllowed unless finance does and says why, and Conflict."""
        _finance_with_reason(role, why)
        before = self.read(launch_id).launch
        return self._put(launch_id, before.model_copy(update={"decision": None}), who, why, expected)

    def ship(self, launch_id: str, since: date | None, *, who: str, role: Role, expected: int) -> SavedLaunch:
        """Say since which day it runs (None: it does not); raises NotAllowed for a viewer, and Conflict."""
        check_role(role, EDIT_LAUNCH)
        before = self.read(launch_id).launch
        why = f"runs since {since.isoformat()}" if since else "does not run"
        return self._put(launch_id, before.model_copy(update={"shipped": since}), who, why, expected)

    def remove(self, launch_id: str, *, who: str, why: str, expected: int) -> None:
        """Withdraw a proposal; its history stays. Raises NotAllowed where it was decided on, and Conflict."""
        if self.read(launch_id).launch.decision:
            raise NotAllowed("A proposal that was decided on stays on record", fix="Take the decision back first.")
        self.state.remove(KIND, launch_id, who=who, why=why, expected=expected)

    def history(self, launch_id: str) -> list[Entry]:
        """What was changed, newest first."""
        return self.state.history(KIND, launch_id)

    def undo(self, seq: int, *, who: str) -> None:
        """Put back a change; raises NotAllowed for a decision, which is taken back with a reason, and Conflict."""
        entry = next((one for one in self.state.history(KIND) if one.seq == seq), None)
        if entry is None:
            raise InputError(f"There is no change {seq} of a launch", expected="one of its history", fix="Look it up.")
        before, after = entry.before or {}, entry.after or {}
        if before.get("decision") != after.get("decision"):
            raise NotAllowed("A decision is not undone", expected="an edit", fix="Take it back, and say why.")
        self.state.undo(seq, who=who)

    def _put(self, launch_id: str, launch: Launch, who: str, why: str, expected: int | None) -> SavedLaunch:
        body = launch.model_dump(mode="json", exclude_none=True)
        return _saved(self.state.put(KIND, launch_id, body, who=who, why=why, expected=expected))


def read_launch(body: Mapping[str, object], name: str) -> Launch:
    """The launch in a body; raises InputError that names the field."""
    try:
        return Launch.model_validate(body)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(step) for step in first["loc"])
        said = first["msg"].removeprefix("Value error, ")
        raise InputError(f"{name}{', ' if where else ''}{where}: {said}", fix="Correct it there.") from None


def read_launches(path: Path) -> dict[str, Launch]:
    """The launches of a YAML file by id, with what was decided on them; raises InputError that names the field."""
    held: dict[str, dict[str, object]] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return {name: read_launch(body, f"{path.name}, {name}") for name, body in held.items()}


def bring_in(state: State, launches: Mapping[str, Launch], *, who: str) -> None:
    """Save launches reviewed elsewhere, with their decisions; one that ever was in the state is left alone."""
    for name, launch in launches.items():
        if not state.history(KIND, name):
            state.put(KIND, name, launch.model_dump(mode="json", exclude_none=True), who=who, why="reviewed before")


def _finance_with_reason(role: Role, why: str) -> None:
    check_role(role, DECIDE_LAUNCH)
    if not why.strip():
        raise NotAllowed("A decision needs a reason", expected="why", fix="Say why: the review comes back to it.")


def _saved(record: Record) -> SavedLaunch:
    launch = read_launch(record.body, f"The launch {record.key}")
    return SavedLaunch(record.key, record.version, record.changed_by, launch)
