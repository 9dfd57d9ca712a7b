"""A bill small enough to know by heart: two years of two teams, a record of forecasts, a shared cluster, a quarter."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from costlib.analysis.bridge import Measured, bridge, paired
from costlib.analysis.budget import Budget, BudgetLine
from costlib.analysis.record import Figures
from costlib.analysis.trend import Series
from costlib.briefs.bill import MODEL, STAGE, TEAM, Bill, Change, Record
from costlib.briefs.cluster import Cluster, Share
from costlib.briefs.plan_figures import Setting
from costlib.briefs.variance import Against, Quarter
from costlib.periods import Window, add_months

MONTHS = tuple(add_months(date(2025, 1, 1), step) for step in range(24))
SETTING = Setting("AI spend", "USD", date(2026, 12, 31), "Tiny Company (sample)", True)
GOOD = Figures(1, 11, 22, 0.04, 0.01, "best", 0.9, {}, 0.8)
FAR = Figures(12, 2, 4, 0.26, 0.26, None, 1.0, {}, 0.8)
NEVER = Figures(3, 0, 0, None, None, None, None, {}, None)
RECORD = Record((GOOD, NEVER, FAR), "replayed")


def flat(name: str | None, first_year: int, second_year: int) -> Series:
    return Series(name, (Decimal(first_year),) * 12 + (Decimal(second_year),) * 12)


def bill(record: Record = RECORD, change: Change | None = None) -> Bill:
    """Fraud from 500 to 600 a month, Web 400, and 100 of nobody; the change is 1,200 more hours at 1 USD."""
    teams = (flat("Fraud", 500, 600), flat("Web", 400, 400), flat(None, 100, 100))
    stages = (flat("training", 700, 800), flat(None, 300, 300))
    models = (flat("scorer", 500, 600), flat(None, 500, 500))
    hours = [Measured("hours", "Hrs", Decimal(cost), Decimal(cost)) for cost in (12000, 13200)]
    year = Window(date(2025, 1, 1), date(2026, 1, 1)), Window(date(2026, 1, 1), date(2027, 1, 1))
    grown = change or Change(*year, bridge(paired([hours[0]], [hours[1]])))
    return Bill(SETTING, MONTHS, {TEAM: teams, STAGE: stages, MODEL: models}, grown, record)


def share(team: str, cost: int, spikes: int = 0) -> Share:
    return Share(team, Decimal(cost), Decimal(cost) / 2, Decimal(cost) / 2, spikes, Decimal(5))


def cluster(*shares: Share, idle: int = 100) -> Cluster:
    """October to December 2026; by default Search 300, Recs 200 with six of eight spikes, 100 idle."""
    held = shares or (share("Search", 300, 2), share("Recs", 200, 6))
    whole = sum((one.cost for one in held), Decimal(idle))
    spikes = sum(one.spikes or 0 for one in held)
    return Cluster("gpu", Window(date(2026, 10, 1), date(2027, 1, 1)), held, Decimal(idle), whole, spikes)


def quarter(fraud: int = 600, web: int = 400, against: Against = Against.BUDGET) -> Quarter:
    """October to December 2026 against 500 a month for each of Fraud and Web."""
    months = MONTHS[-3:]
    lines = tuple(BudgetLine(team, month, Decimal(500)) for team in ("Fraud", "Web") for month in months)
    name = "FY26" if against is Against.BUDGET else "forecast of 30 Sep 2026"
    budget = Budget(name, date(2026, 1, 1), "USD", lines)
    spent = {("Fraud", month): Decimal(fraud) for month in months} | {("Web", month): Decimal(web) for month in months}
    return Quarter(bill(), months, budget, against, spent, None)
