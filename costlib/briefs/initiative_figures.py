"""The figures of one initiative of a plan, put down once for every document that shows them.

Conventions: money in the plan's currency, means over paths. What an initiative saves of which nobody stated what it
saves or brings is not known: it is called *not estimated*, and sums are made of the others.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from costlib.briefs.figure_book import FigureBook, Number
from costlib.documents.model import Basis, Figure
from costlib.roadmap.case import Option
from costlib.roadmap.plan_model import Initiative

#: Stands where nobody has stated what an initiative saves or brings.
NOT_ESTIMATED: Final = "not estimated"


def put_initiative(book: FigureBook, option: Option, one: Initiative) -> None:
    """Put down what the initiative saves and costs in the option, and what its guardrail says."""
    at = [other.id for other in option.plan.initiatives].index(one.id)
    name = one.title or one.id
    yearly = float(option.result.credit[at, -1] * 12)
    put_estimate(book, f"{one.id}.yearly", yearly, f"{name}: {YEARLY}", one)
    put_estimate(
        book, f"{one.id}.net", option.shares[at].net, f"{name}: its saving less its own costs over the plan", one
    )
    book.amount(f"{one.id}.one-off", one.one_off_cost, f"{name}: one-off cost", Basis.PLAN)
    guard = one.guardrail
    if guard:
        book.percent(
            f"{one.id}.failure", guard.failure_probability, f"{name}: chance that quality falls short", Basis.PLAN
        )
        book.number(f"{one.id}.detect", guard.detect_months, f"{name}: months until it is noticed", Basis.PLAN)
        if guard.floor is not None:
            meaning = f"{name}: least {guard.metric} allowed"
            book.put(Figure(f"{one.id}.floor", floor_text(guard.floor), f"{guard.floor}", meaning, Basis.PLAN))


#: The finding where nobody stated of any initiative what it saves.
NOTHING_ESTIMATED: Final = "What the initiatives bring is not estimated yet"
#: What an initiative saves a year, as a meaning says it.
YEARLY: Final = "saving of the last month times 12, before costs"


def put_estimate(book: FigureBook, id: str, value: Number, meaning: str, *initiatives: Initiative) -> Figure:
    """An amount that rests on what the initiatives save; not estimated where nobody stated it of any of them."""
    if initiatives and not any(one.is_estimated for one in initiatives):
        return book.put(Figure(id, NOT_ESTIMATED, None, meaning, Basis.PLAN))
    return book.amount(id, value, meaning, Basis.PLAN)


def put_sum(book: FigureBook, id: str, initiatives: Sequence[Initiative], meaning: str) -> Figure:
    """What initiatives that are put down save a year together, without those that are not estimated."""
    saved = sum((saved_by(book, one) for one in initiatives), Decimal(0))
    return put_estimate(book, id, saved, meaning, *initiatives)


def saved_by(book: FigureBook, one: Initiative) -> Decimal:
    """What an initiative that is put down adds to a sum of savings a year."""
    return Decimal(book.figures[f"{one.id}.yearly"].exact or 0)


def unestimated_words(count: int) -> str:
    """That sums of the plan are made without what some initiatives save; nothing where all are estimated.

    >>> unestimated_words(0), unestimated_words(1)
    ('', 'What 1 initiative saves is not estimated yet: only its costs are counted')
    >>> unestimated_words(2)
    'What 2 initiatives save is not estimated yet: only their costs are counted'
    """
    if not count:
        return ""
    who = "1 initiative saves" if count == 1 else f"{count} initiatives save"
    return f"What {who} is not estimated yet: only {'its' if count == 1 else 'their'} costs are counted"


def floor_text(floor: float) -> str:
    """The least quality allowed: a share as per cent, anything above one as a number.

    >>> floor_text(0.995), floor_text(0.91), floor_text(12.5)
    ('99.5%', '91%', '12.5')
    """
    return f"{floor * 100:.4g}%" if 0 < floor <= 1 else f"{floor:g}"
