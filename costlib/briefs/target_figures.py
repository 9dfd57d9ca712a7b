"""The figures of a plan's target: what it is held against, the most that meets it, and what its own spend comes to.

Conventions: effective cost of the month in which the plan is judged, in the plan's currency, means over paths. A target
is about the spend in its scope, the plan's other figures about all that the plan acts on: where that is more, the
target's spend with and without the plan is put down by itself, as ``target.with``, ``target.without`` and
``target.below``.
"""

from __future__ import annotations

from datetime import date

from costlib.briefs.figure_book import FigureBook
from costlib.documents.model import Basis
from costlib.focus import EFFECTIVE, MEASURE_NAMES
from costlib.roadmap.case import Case
from costlib.roadmap.simulate import Simulation

_MEASURE = MEASURE_NAMES[EFFECTIVE]
_REFERENCES = {"last_quarter": "last closed quarter's monthly mean", "baseline": "forecast of that month"}


def put_target(book: FigureBook, case: Case, subject: str, then: date) -> None:
    """Put down the target of the case, about ``subject`` in the month ``then``; nothing where there is none."""
    target, result = case.plan.plan.target, case.recommended.result
    if target is None:
        return
    against, month = _REFERENCES[target.reference], f"{then:%b %Y}"
    book.percent("target", target.reduction, f"target: less than the {against}", Basis.PLAN)
    book.amount("reference", result.reference, f"reference of the target: {against}, {_MEASURE}", Basis.BILL)
    if result.reference is not None:
        limit = result.reference * (1 - target.reduction)
        book.amount("limit", limit, f"most that {month} may cost to meet the target", Basis.PLAN)
        if result.target_spend is not None and result.reference > 0:
            reached = 1 - float(result.target_spend.mean()) / result.reference
            book.percent("reached", reached, f"likely reduction in {month} against the reference", Basis.PLAN)
    if not case.is_whole:
        _put_own(book, result, f"{subject} alone: {month}")


def _put_own(book: FigureBook, result: Simulation, said: str) -> None:
    """The target's spend with and without the plan, where the plan acts on more than that."""
    if result.target_spend is None or result.target_baseline is None:
        return
    planned, without = float(result.target_spend.mean()), float(result.target_baseline.mean())
    book.amount("target.with", planned, f"{said} with the plan, {_MEASURE}, likely", Basis.PLAN)
    book.amount("target.without", without, f"{said} without the plan, {_MEASURE}, likely", Basis.FORECAST)
    if without > 0:
        book.percent("target.below", 1 - planned / without, f"{said}, with against without the plan", Basis.PLAN)
