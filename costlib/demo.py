"""The sample companies in a store: bills written and loaded, with the plans, budgets and changes of their stories.

What somebody changed or removed since stays so: everything but the bills is brought in once.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

from costlib import sample
from costlib.errors import StoreError
from costlib.metrics.business import load_metrics
from costlib.metrics.utilisation.places import load_utilisation
from costlib.roadmap.plan_file import read_plan
from costlib.runs.book import load_runs
from costlib.sample import startup
from costlib.sample.place import COMPANY_FOLDER, STARTUP_FOLDER
from costlib.sample.plans import LAUNCHES, PAST, PAST_PLAN, PAST_RECORD, PLANS
from costlib.state import budgets, layers
from costlib.state.budget_file import read_budget
from costlib.state.launches import bring_in, read_launches
from costlib.state.past import read_past, save_past
from costlib.state.plans import PlanStore
from costlib.state.records import State
from costlib.store.load import Loaded
from costlib.store.manifest import Part, UsagePart, replace
from costlib.store.store import Store
from costlib.workspace import RATES_FILE, RULES_FILE, Workspace

Progress = Callable[[str], None]
BUDGET, BUDGET_LOCKED = "FY26", date(2025, 12, 15)
WHO = "sample"


def load_company(space: Workspace, progress: Progress = lambda message: None) -> list[Loaded]:
    """Write the sample company's exports under the store and load them.

    Raises ``StoreError`` where the store holds anything else.
    """
    root, folder = space.store.root, _only(space.store, COMPANY_FOLDER)
    exports = (*sample.write(folder, progress), *sample.usage_exports(folder, progress))
    _write_once(root / RULES_FILE, sample.RULES)
    _write_once(root / RATES_FILE, sample.RATES)
    state = space.state()
    _bring_plans(state)
    _bring_budget(state, sample.BUDGET)
    _bring_changes(state, sample.LAUNCH)
    bring_in(state, read_launches(LAUNCHES), who=WHO)
    load_metrics(root, sample.volumes(folder, progress), progress=progress)
    load_utilisation(root, str(sample.endpoint_use(folder, progress)), progress=progress)
    load_runs(root, sample.training_runs(folder, progress), progress=progress)
    return space.load(exports, progress=progress)


def load_startup(space: Workspace, progress: Progress = lambda message: None) -> list[Loaded]:
    """Write the sample start-up's bill under the store and load it, with its budget and planned controls.

    Raises ``StoreError`` where the store holds anything else.
    """
    export = startup.write(_only(space.store, STARTUP_FOLDER), progress)
    _write_once(space.store.root / RULES_FILE, sample.STARTUP_RULES)
    state = space.state()
    _bring_budget(state, sample.STARTUP_BUDGET)
    _bring_changes(state, sample.STARTUP_CONTROLS)
    return space.load([export], progress=progress)


def _only(store: Store, name: str) -> Path:
    """The folder of a sample's exports; refused where the store holds bills or usage records from elsewhere."""
    folder, state = store.root / name, store.manifest()
    parts: tuple[Part | UsagePart, ...] = (*state.parts, *state.usage) if state else ()
    files = [file for part in parts for file in part.files]
    if any(not Path(file.path).is_relative_to(folder) for file in files):
        raise StoreError(
            f"{store.root} holds other bills or usage records than the sample company's",
            expected="an empty store for the sample company",
            fix="Choose another folder with --store.",
        )
    return folder


def _write_once(path: Path, original: Path) -> None:
    if not path.exists():
        replace(path, original.read_text(encoding="utf-8"))


def _bring_plans(state: State) -> None:
    plans = PlanStore(state)
    for name in sorted(PLANS.keys() - set(plans.names())):
        plans.create(name, read_plan(PLANS[name]), who=WHO, why="plan of the sample company")
    if PAST not in plans.names():
        past = read_plan(PAST_PLAN), read_past(PAST_RECORD)
        save_past(state, PAST, *past, who=WHO, why="carried out by the sample company in 2026")


def _bring_budget(state: State, file: Path) -> None:
    """Lock the budget, once: one that somebody withdrew stays withdrawn."""
    if not state.history(budgets.KIND, BUDGET):
        budget = read_budget(file.read_bytes(), BUDGET, BUDGET_LOCKED)
        budgets.lock_budget(state, budget, "AI spend", who=WHO)


def _bring_changes(state: State, file: Path) -> None:
    """Plan what the sample plans on its forecast, once: what somebody removed stays removed."""
    for change in layers.read_changes(file.read_bytes()):
        if not state.history(layers.KIND, change.name):
            layers.save_change(state, change, who=WHO)
