"""The outlook in sentences: where spend is likely to end, how sure that is, and what the reader must know of it.

Words are an executive's: *likely* is the middle of what may come, the range is where four in five futures lie.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from costlib import money
from costlib.analysis.daily import SHORT_DAYS
from costlib.analysis.ranges import LEVEL
from costlib.briefs.ahead import Part, Span
from costlib.briefs.exhibits import segment_name, spender
from costlib.briefs.words.findings import largest_words
from costlib.focus import null_words

#: Where the upper end is more than so many times the lower one, history says too little to plan on.
TOO_WIDE: Final = Decimal("2.5")
#: Under so many days of bills, fourteen months, no yearly pattern is in a forecast.
_YEARLY_DAYS: Final = 426


def outlook_finding(what: str, currency: str, goal: str, span: Span) -> str:
    """Where spend is heading; ``goal`` says the horizon as it stands in a sentence, with a place for the amount.

    >>> span = Span(Decimal(6100000), Decimal(5800000), Decimal(6500000))
    >>> outlook_finding("AI spend", "USD", "end FY26 at {}", span)
    'AI spend is likely to end FY26 at $6.10M, between $5.80M and $6.50M'
    """
    sentence = f"{what} is likely to {goal.format(money.short(span.likely, currency))}"
    low, high = (money.short(end, currency) for end in (span.low, span.high))
    return sentence if low == high else f"{sentence}, {between(span, currency)}"


def between(span: Span, currency: str) -> str:
    """A range in words.

    >>> between(Span(Decimal(5), Decimal(4), Decimal(7)), "EUR")
    'between €4.00 and €7.00'
    """
    return f"between {money.short(span.low, currency)} and {money.short(span.high, currency)}"


def cautions(days: int, months: int, span: Span, currency: str) -> list[str]:
    """What a reader must know before trusting the outlook: too short a history, too far a horizon, too wide a range.

    ``days`` is the length of the history, ``months`` how far the horizon lies beyond it.

    >>> cautions(30, 1, Span(Decimal(5), Decimal(4), Decimal(7)), "USD")[0]
    'The bills cover 30 days. Under 60 days a forecast is little more than the pace of the last weeks carried on.'
    """
    said = []
    if short := short_words(days):
        said.append(short)
    elif months * 30 > days:
        said.append(
            f"You look further ahead than the {money.count(days)} days of bills reach back: what history alone says "
            "that far ahead is a guess. Plan with scenarios."
        )
    elif days < _YEARLY_DAYS and months > 1:
        said.append("The bills cover less than 14 months, so no yearly pattern (holidays, peaks) is in the forecast.")
    if span.low > 0 and span.high > TOO_WIDE * span.low:
        said.append(
            f"The upper end of the range is {money.short(span.high, currency)}, more than twice the lower end: too "
            "wide to plan on without scenarios."
        )
    return said


def short_words(days: int) -> str:
    """That so many days of bills are too few to tell more than their pace; nothing where they are not.

    >>> short_words(1)
    'The bills cover 1 day. Under 60 days a forecast is little more than the pace of the last weeks carried on.'
    >>> short_words(60)
    ''
    """
    if days >= SHORT_DAYS:
        return ""
    covered = money.counted(days, "day")
    pace = f"Under {SHORT_DAYS} days a forecast is little more than the pace of the last weeks carried on."
    return f"The bills cover {covered}. {pace}"


def bridged_words(days: int) -> str:
    """That so many days of unknown cost are not 0 in a forecast and a plan; nothing where there are none.

    >>> bridged_words(2)
    'Forecasts and plans count 2 days not billed in full like the days around them'
    >>> bridged_words(1), bridged_words(0)
    ('Forecasts and plans count 1 day not billed in full like the days around it', '')
    """
    if not days:
        return ""
    around = "it" if days == 1 else "them"
    said = money.counted(days, "day")
    return f"Forecasts and plans count {said} not billed in full like the days around {around}"


def parts_finding(parts: Sequence[Part], total: Span, currency: str, dimension: str) -> str:
    """Which part is likely to cost most; of a single part, that it is all of it.

    >>> span = Span(Decimal(30), Decimal(20), Decimal(40))
    >>> parts_finding([Part("Fraud", span, ())], Span(Decimal(90), Decimal(60), Decimal(99)), "USD", "x_Team")
    'Fraud is all of it'
    >>> parts = [Part("Fraud", span, ()), Part("Ads", span, ())]
    >>> parts_finding(parts, Span(Decimal(60), Decimal(40), Decimal(80)), "USD", "x_Team")
    'Fraud is likely to be the largest part: $30.00, 50% of the whole'
    """
    spending = [part for part in parts if part.span.likely]
    if len(spending) == 1 and spending[0].span.likely > 0:
        name = spending[0].name
        return f"All of it {null_words(dimension)}" if name is None else f"{segment_name(dimension, name)} is all of it"
    named = [part for part in parts if part.name is not None] or list(parts)
    if not named or named[0].span.likely <= 0:
        return "No part is likely to cost anything"
    leader = named[0]
    largest = largest_words(dimension, [(part.name, part.span.likely) for part in parts])
    sentence = f"{spender(dimension, leader.name, first=True)} is likely to be {largest}"
    share = money.ratio(leader.span.likely, total.likely)
    return f"{sentence}: {money.short(leader.span.likely, currency)}, {money.percent(share)} of the whole"


def parts_rows(parts: Sequence[Part], total: Span, currency: str, dimension: str) -> tuple[list[str], list[list[str]]]:
    """Header (without the name's) and rows of the table of parts, their sum last."""
    header = ["Likely", f"Range, {LEVEL}%", "Share", "Parts forecast their own way"]
    rows = [_row(segment_name(dimension, part.name), part.span, part.labels, total, currency) for part in parts]
    return header, [*rows, _row("All", total, (), total, currency)]


def _row(name: str, span: Span, labels: Sequence[str], total: Span, currency: str) -> list[str]:
    low, high = money.short(span.low, currency), money.short(span.high, currency)
    likely, share = money.short(span.likely, currency), money.ratio(span.likely, total.likely)
    return [
        name,
        likely,
        low if low == high else f"{low}\xa0to\xa0{high}",
        money.percent(share),
        ", ".join(labels).replace(" ", "\xa0") or "–",
    ]
