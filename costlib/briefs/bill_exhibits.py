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
from costlib.focus import null_words
from costlib.periods import Grain, window_name

_WORDS = {TEAM: "team", STAGE: "stage", MODEL: "model"}


def spend_title(book: FigureBook, bill: Bill, dimension: str = TEAM) -> Sentence:
    """What a year costs and who has the largest part of it, or that more of it has no value of the dimension."""
    key = _WORDS[dimension]
    if f"bill.{key}.1" not in book.figures:
        return book.say(f"spend-title-{key}", f"{bill.setting.subject} came to {{bill.year}} in {{bill.span}}")
    year = "{bill.year}" if bill.year < 12 or bill.lacking else "{bill.year} a year"
    told = (
        _all_of_it if f"bill.{key}.2" not in book.figures else _nameless_first if _leads(bill, dimension) else _largest
    )
    return book.say(f"spend-title-{key}", told(bill, dimension, year))


def _leads(bill: Bill, dimension: str) -> bool:
    """Whether what has no value of the dimension costs more than the largest part that has one."""
    ranked, last = bill.ranked(dimension), bill.nameless(dimension)
    return last is not None and ranked[last - 1][1] > ranked[0][1]


def _all_of_it(bill: Bill, dimension: str, year: str) -> str:
    """That one part is all of it, or that all of it has no value of the dimension."""
    if bill.nameless(dimension):
        return f"All of {year} {null_words(dimension)}"
    return f"All of {year} is {{bill.{_WORDS[dimension]}.1.name}}"


def _largest(bill: Bill, dimension: str, year: str) -> str:
    """Which part is the largest; a stage is no name, so it does not begin the sentence."""
    first = f"bill.{_WORDS[dimension]}.1"
    named, held = f"{{{first}.name}}", f"{{{first}}}, {{{first}.share}}"
    if dimension == STAGE:
        return f"The largest part of {year} is {named}: {held}"
    return f"{named} is the largest part of {year}: {held}"


def _nameless_first(bill: Bill, dimension: str, year: str) -> str:
    """How much has no value of the dimension, and the largest part of what has one."""
    key, last = f"bill.{_WORDS[dimension]}", bill.nameless(dimension)
    none, named = f"{{{key}.{last}.share}}", f"{{{key}.1.name}}"
    if dimension == STAGE:
        rest = "the rest" if last == 2 else "of the rest the largest part"
        return f"{none} of {year} {null_words(dimension)}; {rest} is {named}: {{{key}.1}}"
    largest = f"{named} is the largest part that {_has(dimension)}"
    return f"{largest}: {{{key}.1}}, {{{key}.1.share}} of {year}; {none} {null_words(dimension)}"


def _has(dimension: str) -> str:
    return f"has a {_WORDS[dimension]}"


def stacked_chart(bill: Bill, dimension: str) -> StackedColumns:
    """Closed months by the largest parts of a dimension, the rest added up."""
    shown, rest = leading(bill.by[dimension], MOST_SEGMENTS if len(bill.by[dimension]) > MOST_NAMED else MOST_NAMED)
    segments = [Segment(segment_name(dimension, one.name), one.values) for one in shown]
    segments += [Segment(OTHER, rest.values, other=True)] if rest else []
    what = f"{bill.setting.subject} by {_WORDS[dimension]} and month"
    return StackedColumns(
        Caption(_stacked_title(bill, dimension), _subtitle(bill, what), source(bill.setting)),
        Periods(bill.months, Grain.MONTH),
        bill.setting.currency,
        tuple(segments),
    )


def _stacked_title(bill: Bill, dimension: str) -> str:
    """Which part is the largest, of all or of what has a value of the dimension."""
    ranked, said = bill.ranked(dimension), bill.setting.subject
    if not ranked:
        return f"Nothing was spent of {said}"
    if bill.nameless(dimension) == 1:
        return f"All of {said} {null_words(dimension)}"
    return (
        f"{ranked[0][0]} is the largest part of {said}{f' that {_has(dimension)}' if _leads(bill, dimension) else ''}"
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
