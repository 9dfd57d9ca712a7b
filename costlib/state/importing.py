"""What an import changes: the difference between a saved plan and a plan file, as changes to save.

Conventions: the file wins in everything but stages and the frozen reference; what is the same is not touched.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from costlib.roadmap.plan_file import held
from costlib.roadmap.plan_model import Initiative, Plan
from costlib.state.edits import check_reason, held_to_reference, plan_name, unapproved
from costlib.state.records import Put
from costlib.state.saved import (
    INITIATIVE,
    PLAN,
    SavedInitiative,
    SavedPlan,
    head_of,
    initiative_body,
    key_of,
    plan_body,
)


def name_for(plan: Plan, stem: str, titles: Mapping[str, str]) -> str:
    """The name under which a plan file is saved: that of the saved plan it is of, else its own, else its file's.

    ``stem`` is the name of the file without its ending; ``titles`` are the titles of the saved plans by their names. A
    file is of the saved plan of its title, and where there is none, or several, of the one that the file is called by.

    >>> fraud = Plan(plan={"name": "Fraud: minus 30 %", "start": "2026-01", "months": 6})
    >>> name_for(fraud, "download", {}), name_for(fraud, "download", {"fraud": "Fraud: minus 30 %"})
    ('fraud-minus-30', 'fraud')
    >>> bare = Plan(plan={"start": "2026-01", "months": 6})
    >>> name_for(fraud, "scorer", {"scorer": "The scorer"}), name_for(bare, "a", {})
    ('scorer', 'a')
    """
    file, own = plan_name(stem), plan_name(plan.plan.name) if "name" in plan.plan.model_fields_set else ""
    same = [name for name, title in titles.items() if own and title == plan.plan.name]
    if file in titles and (file in same or len(same) != 1):
        return file
    return same[0] if len(same) == 1 else own or file


@dataclass
class Changes:
    """What is to be saved, and the ids of the initiatives it concerns.

    ``stages_kept`` are initiatives whose stage in the file is not the one that the store has or gives them.
    """

    puts: list[Put] = field(default_factory=list)
    head: bool = False
    created: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    stages_kept: list[str] = field(default_factory=list)


def new_plan(plan_id: str, plan: Plan, variant_of: str | None = None) -> Changes:
    """Everything of a plan, none of it approved."""
    found = Changes(head=True)
    found.puts.append(Put(PLAN, plan_id, plan_body(plan, variant_of=variant_of)))
    for position, one in enumerate(plan.initiatives):
        _create(found, plan_id, one, position)
    return found


def changed_plan(saved: SavedPlan, plan: Plan, why: str) -> Changes:
    """What makes a saved plan the one of the file; raises NotAllowed where something approved needs a reason."""
    found = Changes()
    plan = held_to_reference(saved, plan)
    if head_of(plan) != head_of(saved.plan):
        check_reason(saved, why)
        found.head = True
        found.puts.append(Put(PLAN, saved.id, saved.body(plan), saved.version))
    for position, one in enumerate(plan.initiatives):
        there = saved.initiatives.get(one.id)
        if there is None:
            _create(found, saved.id, one, position)
        else:
            _change(found, saved.id, there, one, position, why)
    wanted = {one.id for one in plan.initiatives}
    for name in [one for one in saved.initiatives if one not in wanted]:
        check_reason(saved.initiatives[name], why)
        found.removed.append(name)
        found.puts.append(Put(INITIATIVE, key_of(saved.id, name), None, saved.initiatives[name].version))
    return found


def _create(found: Changes, plan_id: str, wanted: Initiative, position: int) -> None:
    initiative = unapproved(wanted)
    found.created.append(wanted.id)
    if initiative.stage != wanted.stage:
        found.stages_kept.append(wanted.id)
    found.puts.append(Put(INITIATIVE, key_of(plan_id, wanted.id), initiative_body(initiative, position)))


def _change(found: Changes, plan_id: str, there: SavedInitiative, wanted: Initiative, position: int, why: str) -> None:
    initiative = wanted
    if wanted.stage != there.initiative.stage:
        found.stages_kept.append(wanted.id)
        initiative = wanted.model_copy(update={"stage": there.initiative.stage})
    if held(initiative) == held(there.initiative) and position == there.position:
        return
    if held(initiative) != held(there.initiative):
        check_reason(there, why)
    found.changed.append(wanted.id)
    found.puts.append(Put(INITIATIVE, key_of(plan_id, wanted.id), there.body(initiative, position), there.version))
