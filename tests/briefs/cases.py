"""A plan's case small enough to work out by hand: certain levers on spend that does not vary."""

from datetime import date

import numpy as np

from costlib.briefs.plan_figures import PlanFigures, Setting, plan_figures
from costlib.briefs.portfolio_pages import put_portfolio
from costlib.roadmap.case import Case, case
from costlib.roadmap.plan_model import Plan
from costlib.roadmap.savings.track import Line, TrackRecord
from costlib.roadmap.spend import Actuals, Baseline

SCORER = {"x_Team": "Fraud", "x_Model": "scorer"}
SEGMENTS = (
    SCORER | {"x_Stage": "real-time inference"},
    SCORER | {"x_Stage": "training"},
    SCORER | {"x_Stage": "idle"},
    {"x_Team": "Web", "x_Model": None, "x_Stage": None},
)
MONTHLY = (800.0, 150.0, 50.0, 5000.0)


def initiative(id: str, stage: str, share: float, **more: object) -> dict[str, object]:
    scope = {"x_Model": ["scorer"], "x_Stage": [stage]}
    return {"id": id, "scope": scope, "saving": {"low": share, "likely": share, "high": share}, **more}


def scorer_plan(*initiatives: dict[str, object], reduction: float = 0.3, **header: object) -> Plan:
    """Half a year from January 2027 on 1,000 USD a month; without initiatives given, the three of the scorer."""
    shipped = (
        initiative("off", "idle", 0.5, title="Switch the idle copy off", owner="Fraud lead", phase="containment"),
        initiative(
            "small",
            "real-time inference",
            0.25,
            title="Serve a smaller scorer",
            start="2027-02",
            ramp_months=1,
            one_off_cost=600.0,
            running_cost=10.0,
            effort={"ml_engineer": 6},
            guardrail={"metric": "precision", "floor": 0.91, "failure_probability": 0.0, "detect_months": 2},
        ),
        initiative("spot", "training", 0.4, title="Train on spot", start="2027-04", phase="governance"),
    )
    target = {"reduction": reduction, "by": "2027-04", "scope": {"x_Model": ["scorer"]}}
    head = {"name": "Scorer", "start": "2027-01", "months": 6, "paths": 20, "target": target, **header}
    return Plan(plan=head, initiatives=initiatives or shipped)


def spend(months: int = 6, paths: int = 20, monthly: tuple[float, ...] = MONTHLY) -> Baseline:
    flat = np.array(monthly)[:, None, None]
    return Baseline(SEGMENTS, np.broadcast_to(flat, (len(monthly), months, paths)).copy())


def booked(months: int = 4, monthly: tuple[float, ...] = MONTHLY) -> Actuals:
    """September to December 2026, every month the same."""
    return Actuals(SEGMENTS, date(2026, 9, 1), np.repeat(np.array(monthly)[:, None], months, axis=1))


def scorer_case(plan: Plan | None = None, baseline: Baseline | None = None) -> Case:
    return case(plan or scorer_plan(), baseline or spend(), booked())


def scorer_figures(found: Case | None = None, **setting: object) -> PlanFigures:
    words = Setting("the scorer", "USD", date(2026, 12, 31), "Tiny Company (sample)", True)
    changed = Setting(**(vars(words) | setting))
    return plan_figures(found or scorer_case(), changed)


def portfolio(**grow: object) -> PlanFigures:
    """Run saves 225 a month; Grow costs 300 once and 10 a month unless told otherwise."""
    more = {"bucket": "grow", "one_off_cost": 300.0, "running_cost": 10.0, "start": "2027-02"} | grow
    found = scorer_figures(
        scorer_case(
            scorer_plan(
                initiative("off", "idle", 0.5, title="Switch it off"),
                initiative("small", "real-time inference", 0.25, title="Serve a smaller one"),
                initiative("app", "training", 0.0, title="In the app", **more),
            )
        )
    )
    put_portfolio(found)
    return found


def past_line(name: str = "Spot", lever: str = "spot training", **amounts: float | None) -> Line:
    """1,000 promised by now, 900 saved, 400 of it signed and 500 provisional, unless told otherwise."""
    usual: dict[str, float | None] = {"promised": 1000.0, "realised": 900.0, "booked": 400.0, "provisional": 500.0}
    return Line(name, lever, **({"in_flight": 0.0, "avoided": 0.0} | usual | amounts))  # type: ignore[arg-type]


def past(*lines: Line) -> TrackRecord:
    """The record of past decisions: one line unless others are given."""
    return TrackRecord(lines or (past_line(),))
