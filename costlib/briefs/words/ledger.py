"""The words, chart and file of the decision ledger: each ask, what it promised, what came of it, and by lever.

Conventions: money in the plans' currency. *Promised* is what was approved, over the plan's months, as written down when
it was asked for; *asked for, open* is the same of an ask that nobody has decided; *promised by now* is what approvals
promised for the days measured so far. Nothing is added across these.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from costlib import money
from costlib.briefs.words.roadmap import amount
from costlib.charts.csv_file import harmless
from costlib.charts.spec import Bar, Caption, RankedBars, leading
from costlib.periods import day_name
from costlib.roadmap.portfolio.ledger import LedgerRow
from costlib.roadmap.savings.levers import LeverPromise
from costlib.wording import capital, listed

LEDGER_HEADER: Final = (
    "Decision", "Status", "Promised", "Asked for, open", "Simulated now", "Due by now", "Saved, likely", "Signed off"
)  # fmt: skip
ASK_HEADER: Final = ("Ask", "Owner", "Decide by", "A week's delay costs", "Decided")
LEVER_HEADER: Final = (
    "Lever", "Promised in all", "Promised by now", "Saved, likely", "Signed off", "Provisional", "Saved less promised"
)  # fmt: skip
LEVER_HELP: Final = (
    "In all: as written down when it was decided, over the plan's months. By now: what the approvals promised for the "
    "days measured so far. Provisional is measured and not signed; it is added to nothing."
)
_FIGURES: Final = ("promised", "asked", "simulated", "due", "realised", "booked")


@dataclass(frozen=True)
class Asked:
    """One decision or ask of a plan in words, with its figures; ``delay`` is what a week's delay costs.

    ``approved`` is None while it is open.
    """

    plan: str
    what: str
    status: str
    owner: str
    deadline: date | None
    delay: Decimal | None
    decided: str
    approved: bool | None
    row: LedgerRow


def status_words(chosen: str | None, on: date | None, deadline: date | None, today: date) -> str:
    """Where a decision stands.

    >>> status_words(None, None, date(2026, 3, 1), date(2026, 4, 1))
    'open, overdue since 1 Mar 2026'
    """
    if chosen is not None:
        return f"{chosen}, {day_name(on)}" if on else chosen
    if deadline and deadline < today:
        return f"open, overdue since {day_name(deadline)}"
    return f"open until {day_name(deadline)}" if deadline else "open"


def ledger_finding(found: Sequence[Asked], currency: str) -> str:
    """What approved decisions promised, what was signed of it, and what is asked for and still open."""
    if not found:
        return "No decision is on record yet"
    said = [_promise_words([one.row for one in found if one.approved], currency)]
    open_asks = [one.row for one in found if one.approved is None]
    if open_asks:
        wanted = amount(sum(row.asked for row in open_asks), currency)
        count = money.counted(len(open_asks), "ask")
        said.append(f"{count} for {wanted} {_are(len(open_asks))} still open")
    late = sum(one.row.overdue for one in found)
    return "; ".join((*said, f"{late} {_are(late)} overdue") if late else said)


def _promise_words(approved: Sequence[LedgerRow], currency: str) -> str:
    """What these approved decisions promised, and what finance signed of it."""
    if not approved:
        return "No decision has promised anything yet"
    promised, booked = (
        amount(sum(getattr(row, name) for row in approved), currency) for name in ("promised", "booked")
    )
    return f"{money.counted(len(approved), 'decision')} promised {promised}; finance has signed off {booked} so far"


def recorded_words(what: str, approved: bool | None, total: float, currency: str) -> str:
    """What is said once a decision or an ask is saved.

    >>> recorded_words("Buy spot", None, 791_000, "USD"), recorded_words("Buy spot", False, 791_000, "USD")
    ('“Buy spot” is on record, asking for $791K', '“Buy spot” is on record as refused')
    """
    if approved is False:
        return f"“{what}” is on record as refused"
    return f"“{what}” is on record, {'promising' if approved else 'asking for'} {amount(total, currency)}"


def repeat_words(initiatives: Sequence[str], first: str, again: str, *, open: bool) -> str:
    """Which decision names initiatives again, where they count, and how the repetition goes if it is still open."""
    names = listed([f"“{title}”" for title in initiatives])
    said = f"“{again}” repeats {names}, which “{first}” names already: counted once, with “{first}”."
    return f"{said} Decide “{again}” as refused to clear it." if open else said


def overtaken_words(what: str, by: str, chosen: str | None) -> str:
    """What a reader is told whose decision on an ask came after somebody else's; without a choice it is gone.

    >>> overtaken_words("Buy spot", "Ann", "Approved")
    'Ann decided “Buy spot” a moment before you: Approved. Your decision was not saved.'
    """
    if chosen is None:
        return f"“{what}” is no longer on record. Your decision was not saved."
    return f"{by} decided “{what}” a moment before you: {chosen}. Your decision was not saved."


def ledger_rows(found: Sequence[Asked], currency: str) -> list[list[str]]:
    """One row a decision: promised then, simulated now, due, saved and signed."""
    return [
        [one.what, one.status, *(_or_unknown(getattr(one.row, name), currency) for name in _FIGURES)] for one in found
    ]


def ask_rows(found: Sequence[Asked], currency: str) -> list[list[str]]:
    """One row a decision: who decides by when, and what a week's delay costs."""
    return [
        [
            one.what,
            one.owner or "not named",
            day_name(one.deadline) if one.deadline else "no day set",
            money.UNKNOWN if one.delay is None else money.short(one.delay, currency),
            one.decided or "not yet",
        ]
        for one in found
    ]


def ledger_csv(found: Sequence[Asked], currency: str) -> str:
    """The ledger as CSV with exact amounts and ISO days, that no spreadsheet takes for formulas."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["Plan", "Decision", "Status", *ASK_HEADER[1:], *LEDGER_HEADER[2:], "Currency"])
    for one in found:
        day = one.deadline.isoformat() if one.deadline else None
        figures = (money.exact(_cents(getattr(one.row, name))) for name in _FIGURES)
        cells = (one.plan, one.what, one.status, one.owner, day, money.exact(one.delay), one.decided, *figures)
        writer.writerow([harmless(cell) for cell in (*cells, currency)])
    return text.getvalue()


def lever_finding(found: Sequence[LeverPromise], currency: str) -> str:
    """Which lever is furthest from having its promise signed off."""
    promised = [one for one in found if one.promised > 0]
    if not promised:
        return "No lever has promised anything for the days measured so far"
    worst = max(promised, key=lambda one: one.unsigned)
    if not worst.unsigned:
        return "Of every lever finance has signed off what was promised by now"
    name = capital(worst.lever)
    asked, signed = amount(worst.promised, currency), amount(worst.booked, currency)
    return f"{name} is furthest from signed off: {signed} of the {asked} promised by now"


def lever_rows(found: Sequence[LeverPromise], currency: str) -> list[list[str]]:
    """One row a lever; variance is saved less promised by now."""
    return [
        [
            one.lever,
            *(_or_none(value, currency) for value in (one.decided, one.promised)),
            _or_unknown(one.realised, currency),
            *(_or_none(value, currency) for value in (one.booked, one.provisional)),
            money.signed(_cents(one.variance), currency),
        ]
        for one in found
    ]


def lever_chart(found: Sequence[LeverPromise], source: str, currency: str) -> RankedBars | None:
    """What finance signed by lever, beside what was promised by now; None where nothing was promised or signed."""
    shown = [one for one in found if one.promised or one.booked]
    if not shown:
        return None
    caption = Caption(
        lever_finding(found, currency),
        f"signed off by finance beside what was promised for the days measured, by lever, {currency}",
        source,
    )
    bars = [Bar(one.lever, _cents(one.booked), _cents(one.promised)) for one in shown]
    return RankedBars(caption, currency, leading(bars), "Signed off", "Promised by now", "Lever")


def _are(count: int) -> str:
    return "is" if count == 1 else "are"


def _cents(value: float | None) -> Decimal | None:
    return None if value is None else money.cents(Decimal(repr(float(value))))


def _or_unknown(value: float | None, currency: str) -> str:
    return money.UNKNOWN if value is None else amount(value, currency)


def _or_none(value: float, currency: str) -> str:
    return amount(value, currency) if value else "–"
