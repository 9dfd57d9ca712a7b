"""Budget against outlook and actual in words: where the year ends beside its budget, and how likely an overrun is.

Variance is actual (or likely) less budget: over is overspend, and what a team without a line spends is all over. A
chance is the share of futures that end above budget.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from costlib import money
from costlib.analysis.budget import TOLERANCE, Status, Variance
from costlib.briefs.ahead import Part, Span
from costlib.briefs.exhibits import segment_name, spender

_TEAM: Final = "x_Team"
_NOTHING: Final = Decimal(0)
LANDING_HEADER: Final = ("Team", "Budget", "Likely", "Over or under", "Chance of overrun")
REVIEW_HEADER: Final = ("Team", "Budget", "Actual", "Over or under", "Share", "Verdict")


def landing_finding(what: str, currency: str, year: str, span: Span, budget: Decimal, chance: float | None) -> str:
    """Where the year ends beside its budget.

    >>> span = Span(Decimal(5700000), Decimal(5600000), Decimal(5900000))
    >>> landing_finding("AI spend", "USD", "FY26", span, Decimal(5500000), 0.96)
    'AI spend is likely to end FY26 $200K over its budget of $5.50M; the chance of an overrun is 96%'
    """
    away, size = span.likely - budget, money.short(budget, currency)
    side = "over" if away > 0 else "under"
    ends = f"{money.short(abs(away), currency)} {side} its budget of {size}" if away else f"on its budget of {size}"
    return f"{what} is likely to end {year} {ends}; the chance of an overrun is {chance_words(chance)}"


def chance_words(chance: float | None) -> str:
    """A chance in per cent, never quite none and never quite certain.

    >>> chance_words(1.0), chance_words(0.0), chance_words(0.5), chance_words(None)
    ('over 99%', 'under 1%', '50%', 'unknown')
    """
    if chance is None:
        return money.UNKNOWN
    return "over 99%" if chance > 0.99 else "under 1%" if chance < 0.01 else money.percent(chance)


def landing_rows(
    parts: Sequence[Part],
    total: Span,
    budgets: Mapping[str | None, Decimal | None],
    chances: Mapping[str | None, float | None],
    whole: tuple[Decimal, float | None],
    currency: str,
) -> list[list[str]]:
    """One row a team, largest likely spend first, then all: budget, likely, variance, chance of an overrun.

    A team that has a budget and is not forecast, having spent nothing yet, stands with nothing before all.
    """
    spans = {part.name: part.span for part in parts}
    silent = [team for team, budget in budgets.items() if budget is not None and team not in spans]
    spans |= dict.fromkeys(silent, Span(_NOTHING, _NOTHING, _NOTHING))
    rows = [
        _landing(segment_name(_TEAM, team), span, budgets.get(team), chances.get(team), currency)
        for team, span in spans.items()
    ]
    return [*rows, _landing("All", total, *whole, currency)]


def _landing(name: str, span: Span, budget: Decimal | None, chance: float | None, currency: str) -> list[str]:
    likely = money.short(span.likely, currency)
    if budget is None:
        return [name, "none", likely, money.signed(span.likely, currency), "–"]
    away = money.signed(span.likely - budget, currency)
    return [name, money.short(budget, currency), likely, away, chance_words(chance)]


def review_finding(rows: Sequence[Variance], currency: str, what: str, period: str) -> str:
    """How a period came out against its budget, and who made most of the difference.

    >>> from datetime import date
    >>> row = Variance(None, True, (date(2026, 7, 1),), Decimal(100), Decimal(130))
    >>> review_finding([row], "USD", "AI spend", "in Q3 FY26")
    'AI spend was $30.00 over budget in Q3 FY26 (30%)'
    """
    whole = next(one for one in rows if one.every)
    if whole.variance is None:
        return f"How {what} came out against its budget {period} is unknown"
    if whole.status is Status.ON:
        return f"{what} was on budget {period} ({money.signed(whole.variance, currency)})"
    side = "over" if whole.variance > 0 else "under"
    sentence = f"{what} was {money.short(abs(whole.variance), currency)} {side} budget {period}"
    sentence += f" ({share_words(abs(whole.share))})" if whole.share is not None else ""
    same = [one for one in rows if not one.every and (one.variance or 0) * whole.variance > 0]
    leader = max(same, key=lambda one: abs(one.variance or Decimal(0)), default=None)
    if leader is None:
        return sentence
    return f"{sentence}, led by {spender(_TEAM, leader.team)} ({money.signed(leader.variance, currency)})"


def share_words(share: Decimal | None, *, sign: bool = False) -> str:
    """A variance as per cent of its budget, with the digits that it takes to stand on its side of the limit.

    >>> share_words(Decimal("0.0713")), share_words(Decimal("0.0513"), sign=True), share_words(Decimal("-0.05004"))
    ('7%', '+5.1%', '−5.004%')
    >>> share_words(Decimal("0.0487")), share_words(None)
    ('5%', 'unknown')
    """
    digits = 0
    while share is not None and (abs(_rounded(share, digits)) > TOLERANCE) != (abs(share) > TOLERANCE):
        digits += 1
    return money.percent(share, sign=sign, digits=digits)


def _rounded(share: Decimal, digits: int) -> Decimal:
    """The share as ``money.percent`` rounds it."""
    return share.quantize(Decimal(1).scaleb(-digits - 2), rounding=ROUND_HALF_UP)


def review_rows(rows: Sequence[Variance], currency: str) -> list[list[str]]:
    """One row a team, largest overspend first, then all."""
    return [
        [
            "All" if one.every else segment_name(_TEAM, one.team),
            "none" if one.budget is None else money.short(one.budget, currency),
            money.short(one.actual, currency),
            money.signed(one.variance, currency),
            share_words(one.share, sign=True) if one.budget is not None else "–",
            one.status.value,
        ]
        for one in rows
    ]
