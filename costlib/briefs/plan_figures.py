"""The figures of a plan's case, put down once for every document that shows them.

Conventions: money a month or over the plan's months, means over paths unless a range is named; "likely" is the mean,
ranges hold eight outcomes in ten. ``reach`` is the spend that the plan's scopes hold, which may be more than what its
target is about; ``now`` is the mean of the last three booked months, or of as many as there are, ``then`` the month in
which the target is due, else the plan's last.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

import numpy as np

from costlib import money
from costlib.briefs.figure_book import FigureBook
from costlib.briefs.initiative_figures import put_initiative, unestimated_words
from costlib.briefs.target_figures import put_target
from costlib.briefs.words.booked import booked_words
from costlib.briefs.words.left_out import Absent, absence_words, left_out_words, missing_words, other_currency_words
from costlib.briefs.words.outlook import bridged_words, short_words
from costlib.documents.model import Basis, Figure
from costlib.focus import EFFECTIVE
from costlib.periods import Window, add_months, fiscal_year
from costlib.roadmap.case import NO_STAGE, OTHER, Case, Option
from costlib.roadmap.plan_model import Plan
from costlib.roadmap.savings.track import Line, TrackRecord
from costlib.wording import capital

MEASURE = "effective cost"
PHASES = {"containment": "1 Containment", "optimisation": "2 Optimisation", "governance": "3 Governance"}


@dataclass(frozen=True)
class Setting:
    """What holds for every document on a plan: its words, its bill, and what was promised and booked before."""

    subject: str
    """Whose spend it is, as it stands in a sentence: "fraud-scorer", "AI"."""
    currency: str
    data_date: date
    company: str
    is_sample: bool
    past: TrackRecord | None = None
    """What past decisions promised by now and what came of it; None where nobody looked."""
    is_given: bool = False
    """Whether the plan gives its own spend: no bill stands behind its figures then."""
    bridged_days: int = 0
    """Days of unknown cost behind the forecasts of the document, each counted like the days around it."""
    left_out: int = 0
    """Line items of unknown cost, which the bill's sums are made without."""
    missing: tuple[date, ...] = ()
    """Months of which no bill is loaded: what they cost is unknown."""
    absences: tuple[Absent, ...] = ()
    """Accounts that have had no bill since a month, while others have."""

    other_currencies: tuple[tuple[str, Decimal | None], ...] = ()
    """What bills in other currencies hold of the same spend, which no figure has."""
    billed: Window | None = None
    """The days that the bills hold; None where a plan gives its spend."""
    unestimated: int = 0
    """Initiatives of the plan of which nobody has stated what they save or bring."""

    def bridging(self, days: int) -> Setting:
        """The same, with so many days of unknown cost behind the forecasts."""
        return replace(self, bridged_days=days)

    @property
    def standing(self) -> str:
        """The line that says what the figures rest on."""
        sample = "sample data, " if self.is_sample else ""
        if self.is_given:
            return f"{sample}spend as the plan gives it, {self.currency}"
        return f"{sample}bills to {self.data_date:%-d %b %Y}, {self.currency}, {MEASURE}"

    @property
    def source(self) -> str:
        """The line at the foot of a page."""
        return f"Source: {self.company}, {self.standing}. Ranges hold eight outcomes in ten.{self.limits}"

    @property
    def short_history(self) -> str:
        """That a forecast of these bills says little, where they cover too few days; else nothing."""
        return "" if self.is_given or self.billed is None else short_words(self.billed.days)

    @property
    def limits(self) -> str:
        """What figures leave out or fill in, each a sentence after a space."""
        of_bills = () if self.is_given else self._of_bills
        limits = filter(None, [*of_bills, bridged_words(self.bridged_days), unestimated_words(self.unestimated)])
        return "".join(f" {capital(one)}." for one in limits)

    @property
    def _of_bills(self) -> tuple[str, ...]:
        """What sums of the bills leave out."""
        apart = other_currency_words(self.other_currencies, self.billed, self.data_date) if self.billed else ""
        unknown = left_out_words(self.left_out, EFFECTIVE)
        return apart, missing_words(self.missing), absence_words(self.absences), unknown


@dataclass(frozen=True)
class PlanFigures:
    """The case and its figures; those below are in the book by the same name with hyphens."""

    case: Case
    setting: Setting
    book: FigureBook

    @property
    def then(self) -> int:
        """The position of the month in which the plan is judged."""
        plan = self.case.plan
        at = plan.month_index(plan.plan.target.by) if plan.plan.target else plan.plan.months - 1
        return min(max(at, 0), plan.plan.months - 1)

    @property
    def then_month(self) -> date:
        """The month in which the plan is judged."""
        return add_months(self.case.plan.plan.start, self.then)

    @property
    def source(self) -> str:
        """Whose bills and which plan a chart is made of; a plan that gives its spend stands for itself."""
        plan = self.case.plan.plan.name
        named = () if self.setting.is_given or not plan else (f"plan {plan}",)
        return ", ".join((self.setting.company, *named, self.setting.standing))

    @property
    def is_forecast(self) -> bool:
        """Whether spend without the plan comes from bills, not from the plan itself."""
        return bool(self.case.before.booked.size)

    @property
    def now_words(self) -> str:
        """What ``now`` is the mean of; of a plan that gives its spend, which month of the plan it is."""
        booked = self.case.today_months
        return booked_words(booked) if booked else f"{self.case.plan.months[0]}, as planned"

    @property
    def subject(self) -> str:
        """Whose spend the plan's figures are about, as it stands in a sentence: the target's, or more than that."""
        if self.case.is_whole:
            return self.setting.subject
        if self.case.plan.plan.target is None:
            return "the spend that the plan acts on"
        return f"{self.setting.subject} and what else the plan acts on"

    def figure(self, id: str) -> Figure:
        """A figure that was put down."""
        return self.book.figures[id]


def subject_of(plan: Plan) -> str:
    """Whose spend a plan is about, as it stands in a sentence: the models or teams of its target's scope, else AI.

    >>> target = {"reduction": 0.3, "by": "2027-04", "scope": {"x_Team": ["Search", "Ads"]}}
    >>> subject_of(Plan(plan={"start": "2027-01", "months": 6, "target": target}))
    'Search and Ads'
    """
    scope = plan.plan.target.scope if plan.plan.target else {}
    named = next((scope[column] for column in ("x_Model", "x_Team", "x_Project") if column in scope), ())
    return " and ".join(str(value) for value in named) or "AI"


def plan_figures(case: Case, setting: Setting, edits: Mapping[str, str] | None = None) -> PlanFigures:
    """Put down every figure of the case."""
    unestimated = sum(not one.is_estimated for one in case.plan.initiatives)
    setting = replace(setting.bridging(case.bridged_days), unestimated=unestimated)
    found = PlanFigures(case, setting, FigureBook(setting.currency, edits or {}))
    _spend(found)
    put_target(found.book, case, setting.subject, found.then_month)
    for option in (case.recommended, case.minimum, case.ambitious, case.more_volume):
        _option(found, option)
    _today(found)
    for one in case.plan.initiatives:
        put_initiative(found.book, case.recommended, one)
    _past(found)
    return found


def _spend(found: PlanFigures) -> None:
    book, subject, at = found.book, found.subject, found.then
    result = found.case.recommended.result
    when = f"{found.then_month:%b %Y}"
    now = sum(found.case.today.values()) if found.case.today else None
    book.month("then", found.then_month, "month in which the plan is judged", Basis.PLAN)
    book.month("start", found.case.plan.plan.start, "first month of the plan", Basis.PLAN)
    _begin(found)
    book.number("months", found.case.plan.plan.months, "months of the plan", Basis.PLAN)
    basis = Basis.BILL if found.is_forecast else Basis.PLAN
    if now is not None:
        book.amount("now", now, f"{subject}: {found.now_words}, {MEASURE}", basis)
    for name, planned in (("without", False), ("with", True)):
        paths = (result.spend if planned else result.baseline)[at]
        said = f"{subject}: {when} {name} the plan, {MEASURE}"
        low, high = np.percentile(paths, [10, 90])
        basis = Basis.PLAN if planned else Basis.FORECAST
        book.amount(f"{name}", float(paths.mean()), f"{said}, likely", basis)
        book.amount(f"{name}-low", float(low), f"{said}, low end of eight outcomes in ten", basis)
        book.amount(f"{name}-high", float(high), f"{said}, high end of eight outcomes in ten", basis)
    without, planned_spend = float(result.baseline[at].mean()), float(result.spend[at].mean())
    if without > 0:
        book.percent(
            "below-forecast", 1 - planned_spend / without, f"{when}, with against without the plan", Basis.PLAN
        )
    if now:
        change = planned_spend / now - 1
        book.percent("change-from-now", abs(change), f"{when} with the plan against today", Basis.PLAN)
        drift = without / now - 1
        book.percent("drift", abs(drift), f"{when} without the plan against today", Basis.FORECAST)


def _begin(found: PlanFigures) -> None:
    """When the first initiative starts, and the fiscal year of the plan's start."""
    plan, book = found.case.plan, found.book
    first = min((plan.start_of(one) for one in plan.initiatives), default=0)
    book.month("begin", add_months(plan.plan.start, first), "month in which the first initiative starts", Basis.PLAN)
    year = f"FY{fiscal_year(plan.plan.start, plan.plan.fiscal_year_start) % 100:02d}"
    book.words("fiscal-year", year, "fiscal year of the plan's start", Basis.PLAN)


def _option(found: PlanFigures, option: Option) -> None:
    book, name = found.book, option.name.replace(" ", "-")
    span = f"{found.case.plan.months[0]} to {found.case.plan.months[-1]}"
    said = f"{option.name} plan, {span}, mean of outcomes"
    figures, quality = option.figures, " and the worth of lost quality" if option.quality else ""
    for key, value, meaning in (
        ("gross", figures.gross, "saving in cash before costs"),
        ("net", figures.net, f"saving in cash less one-off and running cost{quality}"),
        ("in-year", figures.in_year, "saving in cash before costs within the fiscal year of the start"),
        ("run-rate", figures.run_rate, "saving of the last month times 12, before costs"),
        ("npv", figures.npv, f"net present value at {found.case.plan.plan.discount_rate:.0%} a year"),
        ("one-off", option.one_off, "one-off cost"),
        ("running", option.running, "running cost"),
        ("freed", figures.freed_capacity, "capacity freed that is not cash yet"),
        ("net-low", option.net_range[0], "net saving, low end of eight outcomes in ten"),
        ("net-high", option.net_range[1], "net saving, high end of eight outcomes in ten"),
        ("cost", option.one_off + option.running, "one-off and running cost"),
        ("quality", abs(option.quality), "what lower quality costs, or better quality is worth"),
        ("added", figures.added_spend, "spend that initiatives add, in NPV and in no saving"),
    ):
        if value or key not in ("quality", "added"):
            book.amount(f"{name}.{key}", value, f"{meaning}, {said}", Basis.PLAN)
    weeks = option.person_weeks
    book.number(f"{name}.weeks", weeks, f"person-weeks, {option.name} plan", Basis.PLAN, digits=int(weeks % 1 != 0))
    book.number(f"{name}.count", len(option.plan.initiatives), f"initiatives, {option.name} plan", Basis.PLAN)
    if option.result.p_target is not None:
        book.percent(f"{name}.chance", option.result.p_target, f"chance of the target, {option.name} plan", Basis.PLAN)
    if figures.payback_month is not None:
        book.number(f"{name}.payback", figures.payback_month, f"month of pay-back, {option.name} plan", Basis.PLAN)


def _today(found: PlanFigures) -> None:
    total = sum(found.case.today.values())
    for part, amount in found.case.today.items():
        if total > 0:
            id = f"today.{part.replace(' ', '-')}"
            meaning = f"share of {part} in {found.subject}, {found.now_words}, {MEASURE}"
            basis = Basis.BILL if found.is_forecast else Basis.PLAN
            found.book.percent(id, amount / total, meaning, basis)


#: What each amount of the record of past decisions means, up to the last day of the bills.
_PAST = {
    "promised": "saving promised for the days that were measured",
    "saved": "saving measured, likely",
    "booked": "saving signed off by finance",
    "provisional": "saving measured of what is done, in months that finance has not signed",
    "in-flight": "saving measured of what is still under way",
    "avoided": "cost avoided, which never was on a bill",
}


def _past(found: PlanFigures) -> None:
    past = found.setting.past
    if past is None:
        return
    whole = past.whole
    if whole.realised is not None or whole.booked:
        for kind in _PAST:
            put_past(found.book, kind, kind, whole, "all past decisions")


def put_past(book: FigureBook, id: str, kind: str, line: Line, name: str) -> Figure:
    """An amount of the record of past decisions, rounded to cents."""
    held = line.realised if kind == "saved" else float(getattr(line, kind.replace("-", "_")))
    exact = None if held is None else money.cents(Decimal(repr(held)))
    return book.amount(id, exact, f"{name}: {_PAST[kind]}", Basis.RECORD)


def parts_line(found: PlanFigures) -> list[tuple[str, Figure]]:
    """The parts of today's spend that hold some, and the share of each: largest first, other stages and none last."""
    parts = [(part, amount) for part, amount in found.case.today.items() if amount > 0]
    ordered = sorted(parts, key=lambda part: (part[0] == NO_STAGE, part[0] == OTHER, -part[1]))
    return [(part, found.figure(f"today.{part.replace(' ', '-')}")) for part, _ in ordered]
