"""A company small enough to know by heart: two teams' daily spend to 10 May 2026, a third in euros, one plan."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from costlib.roadmap.plan_model import Plan
from costlib.state.plans import PlanStore
from costlib.store.manifest import replace
from costlib.workspace import Workspace
from tests.builders import Row, focus_row, ruleset, write_csv

FIRST, DAYS = date(2026, 1, 1), 130
RULES_FILE = """
version: 1
rules:
  - {name: team tag, set: {x_Team: {tag: [team]}}}
  - {name: model tag, set: {x_Model: {tag: [model]}}}
  - {name: stage tag, set: {x_Stage: {tag: [stage]}}}
  - {name: models are AI, when: {"tag:model": "*"}, set: {x_Scope: AI}}
"""
RULES = ruleset(
    {"name": "team tag", "set": {"x_Team": {"tag": ["team"]}}},
    {"name": "model tag", "set": {"x_Model": {"tag": ["model"]}}},
    {"name": "models are AI", "when": {"tag:model": "*"}, "set": {"x_Scope": "AI"}},
)


def charge(day: date, amount: float, currency: str = "USD", **tags: str) -> Row:
    """A day's charge with tags."""
    month = day.replace(day=1)
    after = (month + timedelta(days=32)).replace(day=1)
    return focus_row(
        ChargePeriodStart=f"{day}T00:00:00Z",
        ChargePeriodEnd=f"{day + timedelta(days=1)}T00:00:00Z",
        BillingPeriodStart=f"{month}T00:00:00Z",
        BillingPeriodEnd=f"{after}T00:00:00Z",
        BilledCost=str(amount),
        EffectiveCost=str(amount),
        BillingCurrency=currency,
        Tags="{" + ", ".join(f'"{key}": "{value}"' for key, value in tags.items()) + "}",
    )


def bill(dearer: float = 0.0) -> list[Row]:
    """The rows; ``dearer`` is added to the last day of the ranker."""
    rows: list[Row] = []
    for number in range(DAYS):
        day = FIRST + timedelta(days=number)
        more = dearer if number == DAYS - 1 else 0.0
        rows += [
            charge(day, 100 + number % 7 + more, team="Ads", model="ranker", stage="training"),
            charge(day, 40, team="Web"),
        ]
        rows += [charge(day, 5, "EUR", team="Lab", model="probe")] if number > 90 else []
    return rows


def bill_with_unknown(*days: date) -> list[Row]:
    """The rows, the ranker's cost of those days unknown."""
    unknown = {f"{day}T00:00:00Z" for day in days}
    rows = bill()
    for row in rows:
        if row["ChargePeriodStart"] in unknown and "ranker" in row["Tags"]:
            row["EffectiveCost"] = ""
    return rows


def plan() -> Plan:
    """A third less training from June on, asked for by August."""
    target = {"reduction": 0.2, "by": "2026-08", "scope": {"x_Model": ["ranker"]}}
    initiative = {
        "id": "spot",
        "title": "Train on spot capacity",
        "owner": "Ads lead",
        "scope": {"x_Model": ["ranker"], "x_Stage": ["training"]},
        "saving": {"low": 0.2, "likely": 0.3, "high": 0.4},
        "start": "2026-06",
        "one_off_cost": 500.0,
        "effort": {"ml_engineer": 2},
        "guardrail": {"metric": "precision", "floor": 0.9, "failure_probability": 0.05, "detect_months": 1},
    }
    return Plan(
        plan={"name": "Ads", "start": "2026-06", "months": 6, "paths": 300, "target": target}, initiatives=[initiative]
    )


def company(root: Path, rows: list[Row] | None = None) -> Workspace:
    """The company loaded into a store under ``root``, its plan saved as "ads"."""
    workspace = Workspace(root / "store")
    workspace.store.root.mkdir(parents=True, exist_ok=True)
    replace(workspace.store.root / "rules.yaml", RULES_FILE)
    workspace.load([write_csv(root / "bill.csv", rows or bill())])
    plans = PlanStore(workspace.state())
    if "ads" not in plans.names():
        plans.create("ads", plan(), who="tests")
    return workspace
