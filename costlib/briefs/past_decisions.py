"""The record of past decisions in a document: what was promised by now, what is proven, and what finance signed.

Conventions: amounts up to the last day of the bills, rounded to cents; promised for the days that were measured. Signed
off, provisional, in flight and avoided are never added together. Beyond ``MOST_ROWS`` initiatives a line is a lever.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from costlib import money
from costlib.briefs.figure_book import FigureBook
from costlib.briefs.plan_figures import PlanFigures, put_past
from costlib.documents.model import Basis, Bullets, Sentence, Table, Text
from costlib.roadmap.savings.track import Line

#: Rows of a table of past decisions.
MOST_ROWS = 8
NOTHING = "No past decision is measured or signed off yet"
_KINDS = {
    "promised": "Promised by now",
    "saved": "Saved, likely",
    "booked": "Signed off",
    "provisional": "Provisional",
    "in-flight": "In flight",
    "avoided": "Avoided, apart",
}


@dataclass(frozen=True)
class Decided:
    """A decision of the past as it is on record: what was chosen, when, and what was expected of it."""

    what: str
    chosen: str
    on: date
    expected: str


def has_past(found: PlanFigures) -> bool:
    """Whether anything was promised and measured."""
    return "promised" in found.book.figures


def record(found: PlanFigures) -> Sentence:
    """What past decisions promised by now and what finance signed of what they saved."""
    said = "Past decisions promised {promised} by now; finance has signed off {booked}"
    return found.book.say("record", f"{said if has_past(found) else NOTHING}.")


def record_claim(found: PlanFigures) -> Sentence:
    """The same as a title."""
    said = "Past decisions promised {promised} by now; {booked} is signed off"
    return found.book.say("record-claim", said if has_past(found) else NOTHING)


def record_bullets(found: PlanFigures) -> Bullets | None:
    """The record under a label of its own, with what is measured beyond it; None where there is none."""
    if not has_past(found):
        return None
    points: list[Text] = [record(found)]
    if more := beyond(found):
        points.append(more)
    return Bullets("What past decisions came to", tuple(points))


def beyond(found: PlanFigures) -> Sentence | None:
    """What is measured and not signed, and what was avoided, each by itself; None where there is neither."""
    said = []
    if _some(found, "provisional"):
        said.append("{provisional} more is measured and not signed yet")
    if _some(found, "in-flight"):
        said.append("{in-flight} is measured of what is still under way")
    if _some(found, "avoided"):
        said.append("{avoided} of cost was avoided and counts nowhere")
    return found.book.say("record-beyond", f"{'; '.join(said)}.") if said else None


def below_record(found: PlanFigures) -> tuple[Sentence, ...]:
    """What stands below the table of the record: what is beyond what was signed, and what was signed otherwise."""
    return tuple(filter(None, (beyond(found), signed_otherwise(found))))


def signed_otherwise(found: PlanFigures) -> Sentence | None:
    """What signed off, provisional and in flight lack of saved because finance signed another amount; None without.

    What is signed and not measured is no part of it.
    """
    lines = found.setting.past.lines if found.setting.past else ()
    apart = [one.realised - one.booked - one.provisional - one.in_flight for one in lines if one.realised is not None]
    gap = money.cents(money.exact_sum(Decimal(repr(one)) for one in apart))
    if not gap:
        return None
    meaning = "measured in the months that finance signed, against what it signed"
    found.book.amount("signed-gap", abs(gap), meaning, Basis.RECORD)
    side = "less" if gap > 0 else "more"
    text = f"Finance signed {{signed-gap}} {side} than was measured in the months that it signed."
    return found.book.say("signed-otherwise", text)


def _some(found: PlanFigures, id: str) -> bool:
    return id in found.book.figures and Decimal(found.figure(id).exact or 0) != 0


def record_table(found: PlanFigures) -> Table | None:
    """Promised against signed off, one row an initiative with its lever, else one a lever; None without a record."""
    past = found.setting.past
    if past is None or not has_past(found):
        return None
    by_initiative = len(past.lines) <= MOST_ROWS
    shown = past.lines if by_initiative else past.by_lever[:MOST_ROWS]
    kinds = [kind for kind in _KINDS if kind != "in-flight" or past.whole.in_flight]
    rows = [_row(found.book, f"past.{at}", one, by_initiative, kinds) for at, one in enumerate(shown, start=1)]
    rows.append(_row(found.book, "past.all", past.whole, by_initiative, kinds))
    names = ("What was done", "Lever") if by_initiative else ("Lever",)
    numeric = (False,) * len(names) + (True,) * len(kinds)
    header = (*names, *(_KINDS[kind] for kind in kinds))
    return Table("Promised against signed off", header, tuple(rows), numeric, emphasis=len(rows) - 1)


def _row(book: FigureBook, id: str, line: Line, by_initiative: bool, kinds: Sequence[str]) -> tuple[Text, ...]:
    figures = [put_past(book, f"{id}.{kind}", kind, line, line.name) for kind in kinds]
    names = (line.name, line.lever) if by_initiative else (line.name,)
    return (*names, *(one if one.exact != "0" else "–" for one in figures))


def decided_table(book: FigureBook, past: Sequence[Decided]) -> Table | None:
    """The last decisions with what was expected of them; None where none was taken."""
    rows = tuple(
        (
            one.what,
            one.chosen,
            book.words(f"decided.{at}.on", f"{one.on:%-d %b %Y}", f"day of the decision {one.what}", Basis.RECORD),
            book.words(f"decided.{at}.expected", one.expected, f"what was expected of {one.what}", Basis.RECORD),
        )
        for at, one in enumerate(past[-MOST_ROWS:], start=1)
    )
    return Table("Decisions on record", ("Decision", "Chosen", "On", "Expected of it"), rows) if rows else None
