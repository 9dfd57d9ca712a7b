"""The platform proposal: what classes of workload there are, how each is bought, what controls buy, what it all costs.

Conventions: spend is without the plan unless named, a month or over the plan's months; a class is told by the stage of
the spend. The policies are the usual ones for each class; which fits is for the owner to confirm.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from costlib.briefs.less_and_more import options, options_title, why_less_block
from costlib.briefs.one_pager import ask, headline, risks, situation, three_numbers
from costlib.briefs.plan_exhibits import path_chart, path_notes, roadmap_chart, saving_bars
from costlib.briefs.plan_figures import PlanFigures
from costlib.briefs.programme import listed, path_title, put_tracks, risks_title, roadmap_title
from costlib.documents.model import (
    Basis,
    Beside,
    Block,
    Bullets,
    Document,
    Exhibit,
    Page,
    Sentence,
    Shape,
    Table,
    Text,
)
from costlib.periods import add_months
from costlib.roadmap.plan_model import Initiative

KIND = "proposal"
_OTHER = "Everything else"
#: Initiatives that a cell of the calendar names.
_MOST_NAMED = 4


@dataclass(frozen=True)
class Policy:
    """How a class of workload is bought, and what keeps it in bounds."""

    name: str
    bought: str
    control: str


#: Classes of workload by stage.
POLICIES = {
    "real-time inference": Policy(
        "Always on, for users", "commit to the steady load, on demand above it", "autoscaling with a floor"
    ),
    "batch inference": Policy("Batch, can wait hours", "spot, with retries", "run in cheap hours"),
    "training": Policy("Training, can restart", "spot with checkpoints", "a budget for each run"),
    "experimentation": Policy(
        "People trying things", "on demand, small machines by default", "a monthly quota each; stop when idle"
    ),
    "data pipeline": Policy(
        "Pipelines, on a schedule", "spot or serverless, on demand where late hurts", "run when data moved"
    ),
    "storage": Policy("Data at rest", "tiers by last read", "rules that move and delete"),
    "idle": Policy("Nobody uses it", "nothing: switch it off", "automatic shutdown"),
    "MLOps overhead": Policy("Tools of the platform", "yearly plans by seat or size", "a yearly review"),
}
_REST = Policy(_OTHER, "on demand until it is known what it is", "find its owner")


@dataclass(frozen=True)
class Workload:
    """A class of workload: its spend without the plan in the first and the last month, and over all of them."""

    stage: str
    first: float
    last: float
    whole: float

    @property
    def policy(self) -> Policy:
        """How it is bought."""
        return POLICIES.get(self.stage, _REST)


def workloads(segments: Sequence[Mapping[str, str | None]], monthly: NDArray[np.float64]) -> tuple[Workload, ...]:
    """The classes with spend, the largest first, from spend ``[segment, month]``; unknown stages are one class."""
    rows: dict[str, list[int]] = {}
    for at, segment in enumerate(segments):
        stage = segment.get("x_Stage") or ""
        rows.setdefault(stage if stage in POLICIES else "", []).append(at)
    found = []
    for stage, held in rows.items():
        spend = monthly[held].sum(axis=0)
        found.append(Workload(stage, float(spend[0]), float(spend[-1]), float(spend.sum())))
    return tuple(sorted((one for one in found if one.whole > 0), key=lambda one: (one.stage == "", -one.whole)))


def platform_proposal(found: PlanFigures, classes: Sequence[Workload], shape: Shape = Shape.SLIDE) -> Document:
    """The proposal, seven pages."""
    setting, plan = found.setting, found.case.plan.plan
    _put_classes(found, classes)
    put_tracks(found)
    eyebrow = f"Platform proposal: {plan.name}"

    def page(id: str, title: Sentence, *blocks: Block, subtitle: Text = "") -> Page:
        return Page(id, eyebrow, title, subtitle, blocks, setting.source)

    pages = (
        page("answer", headline(found), three_numbers(found), ask(found), subtitle=situation(found)),
        page("classes", classes_title(found, classes), class_table(found, classes), policy_table(classes)),
        page("controls", controls_title(found), Exhibit("controls", saving_bars(found), titled=False)),
        page("cost", path_title(found), Exhibit("path", path_chart(found), titled=False), *path_notes(found)),
        page("roadmap", roadmap_title(found), Exhibit("roadmap", roadmap_chart(found), titled=False)),
        page("calendar", calendar_title(found), calendar(found)),
        page(
            "ask",
            options_title(found),
            Beside((options(found),), (ask(found),)),
            *why_less_block(found),
            Bullets(risks_label(found), risks(found)),
        ),
    )
    return Document(KIND, f"{plan.name}: platform proposal", shape, pages, setting.data_date, setting.standing)


def risks_label(found: PlanFigures) -> str:
    """The claim of the risks' page as a label."""
    return risks_title(found).text


def _put_classes(found: PlanFigures, classes: Sequence[Workload]) -> None:
    book = found.book
    first, last = (f"{found.case.plan.months[at]}" for at in (0, -1))
    for at, one in enumerate(classes, start=1):
        name = one.policy.name
        book.words(f"class.{at}.name", name, f"class of workload number {at} by spend", Basis.PLAN)
        book.amount(f"class.{at}.first", one.first, f"{name}: {first} without the plan", Basis.FORECAST)
        book.amount(f"class.{at}.last", one.last, f"{name}: {last} without the plan", Basis.FORECAST)
        book.amount(f"class.{at}.whole", one.whole, f"{name}: {first} to {last} without the plan", Basis.FORECAST)
    book.amount(
        "classes.whole", sum(one.whole for one in classes), f"{first} to {last} without the plan", Basis.FORECAST
    )
    spend = float(found.case.recommended.result.spend.mean(axis=1).sum())
    book.amount("plan.whole", spend, f"{first} to {last} with the plan, likely", Basis.PLAN)


def classes_title(found: PlanFigures, classes: Sequence[Workload]) -> Sentence:
    """Which class costs most over the plan's months."""
    if not classes:
        return found.book.say("classes-title", "No class of workload has a spend yet")
    text = "{class.1.name} is the largest class: {class.1.whole} of {classes.whole} over {months} months"
    return found.book.say("classes-title", text)


def class_table(found: PlanFigures, classes: Sequence[Workload]) -> Table:
    """What each class costs without the plan."""
    months = found.case.plan.months
    rows: tuple[tuple[Text, ...], ...] = tuple(
        (one.policy.name, *(found.figure(f"class.{at}.{name}") for name in ("first", "last", "whole")))
        for at, one in enumerate(classes, start=1)
    )
    header = ("Class", _short(months[0]), _short(months[-1]), f"{len(months)} months")
    return Table("Without the plan", header, rows, (False, True, True, True))


def _short(month: str) -> str:
    year, number = month.split("-")
    names = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    return f"{names[int(number) - 1]} {year}"


def policy_table(classes: Sequence[Workload]) -> Table:
    """How each class is bought."""
    rows = tuple((one.policy.name, one.policy.bought, one.policy.control) for one in classes)
    return Table("How each is bought", ("Class", "Bought as", "Control"), rows)


def controls_title(found: PlanFigures) -> Sentence:
    """What the controls save together over the plan."""
    return found.book.say(
        "controls-title", "The controls save {recommended.gross} over {months} months, {recommended.net} net of cost"
    )


def calendar_title(found: PlanFigures) -> Sentence:
    """When it is reviewed."""
    text = "Reviewed every quarter: spend against {plan.whole} over {months} months, and every guardrail"
    return found.book.say("calendar-title", text)


def calendar(found: PlanFigures) -> Table:
    """One row a quarter: when the review is held, what begins and what has to be saving in full by then."""
    plan = found.case.plan
    rows: list[tuple[Text, ...]] = []
    for first in range(0, plan.plan.months, 3):
        last = min(first + 2, plan.plan.months - 1)
        begins = [one for one in plan.initiatives if first <= plan.start_of(one) <= last]
        full = [one for one in plan.initiatives if first <= plan.start_of(one) + one.ramp_months <= last]
        held = add_months(plan.plan.start, last + 1)
        spend = float(found.case.recommended.result.spend[first : last + 1].mean(axis=1).sum())
        said = f"three months to {add_months(held, -1):%b %Y} with the plan, likely"
        due = found.book.amount(f"review.{first // 3 + 1}", spend, said, Basis.PLAN)
        rows.append((f"{held:%b %Y}", _names(begins), _names(full), due))
    header = ("Review in", "Has begun", "Has to save in full", "Spend of the quarter")
    return Table("", header, tuple(rows), (False, False, False, True))


def _names(held: Sequence[Initiative]) -> str:
    return listed([one.lever.capitalize() if one.lever else one.title or one.id for one in held], _MOST_NAMED)
