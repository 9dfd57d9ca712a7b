"""Charts of the bill for documents: spend by month and part, and what changed; and the titles that go with them.

Conventions: effective cost by closed month in the bill's currency; titles are findings made of the figures of
``bill.put_bill``, which are put down first.
"""

from __future__ import annotations

from costlib import money
from costlib.analysis.trend import added, leading
from costlib.briefs.bill import MODEL, STAGE, TEAM, Bill
from costlib.briefs.bridge_exhibit import bridge_chart
from costlib.briefs.exhibits import MOST_SEGMENTS, segment_name
from costlib.briefs.figure_book import FigureBook
from costlib.briefs.plan_figures import MEASURE, Setting
from costlib.briefs.words.bridge import PART_NAMES, bridge_finding
from costlib.briefs.words.findings import STEADY
from costlib.charts.spec import MOST_NAMED, OTHER, Bridge, Caption, Line, Segment, StackedColumns, Trend
from costlib.charts.timeline import Periods
from costlib.documents.model import Sentence
from costlib.errors import InputError
from costlib.periods import Grain, window_name

_WORDS = {TEAM: "team", STAGE: "stage", MODEL: "model"}


def spend_title(book: FigureBook, bill: Bill, dimension: str = TEAM) -> Sentence:
    """What a year costs and who has the largest part of it."""
    key = _WORDS[dimension]
    if f"bill.{key}.1" not in book.figures:
        return book.say(f"spend-title-{key}", f"{bill.setting.subject} came to {{bill.year}} in {{bill.span}}")
    named, held = f"{{bill.{key}.1.name}}", f"{{bill.{key}.1}}, {{bill.{key}.1.share}}"
    if f"bill.{key}.2" not in book.figures:
        text = f"All of {{bill.year}} a year is {named}"
    elif dimension == STAGE:  # a stage is no name: it does not begin a sentence
        text = f"The largest part of {{bill.year}} a year is {named}: {held}"
    else:
        text = f"{named} is the largest part of {{bill.year}} a year: {held}"
    if bill.year < 12 or bill.lacking:
        text = text.replace(" a year", "")
    return book.say(f"spend-title-{key}", text)


def stacked_chart(bill: Bill, dimension: str) -> StackedColumns:
    """Closed months by the largest parts of a dimension, the rest added up."""
    shown, rest = leading(bill.by[dimension], MOST_SEGMENTS if len(bill.by[dimension]) > MOST_NAMED else MOST_NAMED)
    segments = [Segment(segment_name(dimension, one.name), one.values) for one in shown]
    segments += [Segment(OTHER, rest.values, other=True)] if rest else []
    ranked = bill.ranked(dimension)
    first = f"{ranked[0][0]} is the largest part" if ranked else "Nothing was spent"
    what = f"{bill.setting.subject} by {_WORDS[dimension]} and month"
    return StackedColumns(
        Caption(f"{first} of {bill.setting.subject}", _subtitle(bill, what), source(bill.setting)),
        Periods(bill.months, Grain.MONTH),
        bill.setting.currency,
        tuple(segments),
    )


def spend_chart(bill: Bill) -> Trend:
    """The whole by closed month."""
    values = added(bill.by[TEAM]).values
    title = (
        f"{bill.setting.subject} came to {money.short(bill.total(1), bill.setting.currency)} in {bill.months[-1]:%b %Y}"
    )
    return Trend(
        Caption(title, _subtitle(bill, f"{bill.setting.subject} by month"), source(bill.setting)),
        Periods(bill.months, Grain.MONTH),
        bill.setting.currency,
        (Line(bill.setting.subject, values),),
    )


def change_chart(bill: Bill) -> Bridge:
    """From the earlier stretch to the later one, by cause; raises InputError where only one month is closed."""
    change = bill.change
    if change is None:
        raise InputError("Only one month is closed, so nothing can be compared", fix="Wait, or load earlier bills.")
    said, before, after = bill.setting.subject, window_name(change.before), window_name(change.after)
    finding = bridge_finding(change.bridge, bill.setting.currency, said, f"in {before}", f"in {after}")
    caption = Caption(
        finding, f"{said}, {after} against {before}, {MEASURE}, {bill.setting.currency}", source(bill.setting)
    )
    return bridge_chart(change.bridge, caption, bill.setting.currency, ("Before", "Now"))


def change_title(book: FigureBook, bill: Bill) -> Sentence:
    """How the bill changed and the largest cause."""
    change = bill.change
    if change is None:
        raise InputError("Only one month is closed, so nothing can be compared", fix="Wait, or load earlier bills.")
    found = change.bridge
    ratio = money.ratio(found.change, found.cost0)
    if found.change == 0 or (ratio is not None and abs(ratio) < STEADY):
        return book.say(
            "change-title", f"{bill.setting.subject} in {{change.after.span}} was about that of {{change.before.span}}"
        )
    parts = {name: part for name, part in found.parts.by_name().items() if part * found.change > 0}
    name = max(parts, key=lambda one: abs(parts[one]))
    verb = "rose" if found.change > 0 else "fell"
    span = "{change.months} months against the {change.months} before"
    if book.figures["change.months"].exact == "1":
        span = "{change.after.span} against the month before"
    text = f"{bill.setting.subject} {verb} {{change}} to {{change.after}} in {span}"
    text += f"; the largest cause is {PART_NAMES[name]}, {{change.{name}}}"
    return book.say("change-title", text)


def source(setting: Setting) -> str:
    """Whose bills, up to when."""
    return f"{setting.company}, {setting.standing}"


def _subtitle(bill: Bill, what: str) -> str:
    return f"{what}, {MEASURE}, {bill.setting.currency}, {window_name(bill.last(len(bill.months)))}"
