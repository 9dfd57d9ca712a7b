"""Every kind of document: the story and paper that it has unless others are named, and who composes it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from costlib.briefs.figure_book import FigureBook
from costlib.briefs.plan_figures import PlanFigures
from costlib.documents.model import Document, Shape
from costlib.errors import InputError, did_you_mean
from costlib.evidence.bill import bill_of
from costlib.evidence.plans import classes_of, decided_of
from costlib.evidence.quarter import quarter_of
from costlib.evidence.record import record_of
from costlib.evidence.shared import cluster_of, shown_to
from costlib.reports.orders import Order, first_day
from costlib.reports.plans import figures
from costlib.workspace import Workspace

Composed = Callable[[Workspace, Order], Document]


@dataclass(frozen=True)
class Kind:
    """A kind of document: its story and paper unless others are named, what else is asked of it, who composes it.

    ``takes`` are the fields of an order that say what it tells of; a plan is one where it has a story.
    """

    story: str
    shape: Shape
    compose: Composed
    takes: tuple[str, ...] = ("story",)


def _one_pager(workspace: Workspace, wanted: Order) -> Document:
    from costlib.briefs.one_pager import one_pager

    return one_pager(_figures(workspace, wanted), wanted.shape)


def _annex(workspace: Workspace, wanted: Order) -> Document:
    from costlib.briefs.annex import annex

    found = _figures(workspace, wanted)
    currency, own = found.setting.currency, wanted.story if found.setting.is_given else None
    return annex(found, decided_of(workspace, currency, own), record_of(workspace, currency), wanted.shape)


def _brief(workspace: Workspace, wanted: Order) -> Document:
    from costlib.briefs.programme import programme_brief

    found = _figures(workspace, wanted)
    cluster = cluster_of(workspace, found.setting.currency) if found.is_forecast else None
    bill = bill_of(workspace, found.setting.currency) if found.is_forecast and cluster is None else None
    return programme_brief(found, bill, cluster, wanted.shape)


def _deck(workspace: Workspace, wanted: Order) -> Document:
    from costlib.briefs.deck import board_deck

    found = _figures(workspace, wanted)
    return board_deck(found, bill_of(workspace, found.setting.currency), wanted.shape)


def _proposal(workspace: Workspace, wanted: Order) -> Document:
    from costlib.briefs.proposal import platform_proposal

    found = _figures(workspace, wanted)
    return platform_proposal(found, classes_of(workspace, workspace.plan(wanted.story)[0]), wanted.shape)


def _statement(workspace: Workspace, wanted: Order) -> Document:
    from costlib.briefs.statement_document import statement_document

    shown = shown_to(workspace, wanted.team, first_day(wanted.month))
    return statement_document(shown, FigureBook(shown.now.currency, wanted.edits), wanted.shape)


def _variance(workspace: Workspace, wanted: Order) -> Document:
    from costlib.briefs.variance import variance_review

    found = quarter_of(workspace, first_day(wanted.quarter))
    return variance_review(found, FigureBook(found.bill.setting.currency, wanted.edits), wanted.shape)


#: Every kind of document, in the order in which a reader meets them.
KINDS = {
    "one-pager": Kind("fraud", Shape.A4, _one_pager),
    "annex": Kind("fraud", Shape.A4, _annex),
    "brief": Kind("search-recommendations", Shape.SLIDE, _brief),
    "deck": Kind("company", Shape.SLIDE, _deck),
    "proposal": Kind("startup", Shape.SLIDE, _proposal),
    "statement": Kind("", Shape.A4, _statement, ("team", "month")),
    "variance": Kind("", Shape.SLIDE, _variance, ("quarter",)),
}
#: Short names of stories.
_STORIES = {"search": "search-recommendations"}


def story_of(name: str) -> str:
    """The story of that name or short name.

    >>> story_of("search"), story_of("fraud")
    ('search-recommendations', 'fraud')
    """
    return _STORIES.get(name, name)


def order(kind: str, story: str | None = None, shape: Shape | None = None, **more: Any) -> Order:
    """The order of a document, on its kind's own story and paper unless others are named.

    Raises InputError for a kind that there is not, for what this kind does not tell of, and for a month that is none.
    """
    if kind not in KINDS:
        raise InputError(
            f"There is no document {kind!r}", expected=f"one of {', '.join(KINDS)}", fix=did_you_mean(kind, list(KINDS))
        )
    usual = KINDS[kind]
    asked = {"story": story, **{name: more.get(name) for name in ("team", "month", "quarter")}}
    for name in (name for name, value in asked.items() if value and name not in usual.takes):
        raise InputError(
            f"A document {kind} takes no --{name}",
            expected=f"for {kind}: {' and '.join(f'--{one}' for one in usual.takes)}",
            fix="Leave it out, or choose a kind that takes it.",
        )
    named = story_of(story) if story else usual.story
    made = Order(kind, named, shape or usual.shape, **more)
    for month in (made.month, made.quarter):
        first_day(month)
    return made


def _figures(workspace: Workspace, wanted: Order) -> PlanFigures:
    return figures(workspace, wanted.story, wanted.edits)
