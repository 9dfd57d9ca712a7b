"""The record of past forecasts in words: how far off they were, how often the range held, and what that is called.

Off by is the mean absolute variance of the whole, actual less forecast over forecast; bias the mean with its sign,
positive where more was spent than forecast. Levels are those of the FinOps Framework. A *locked* forecast was kept when
it was made; a *replayed* one was made later from what was known then, late corrections of bills included.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from costlib import money
from costlib.analysis.month_end import OURS, RUN_RATE, TO_DATE, Skill
from costlib.analysis.record import Figures

#: What the columns mean.
RECORD_HELP: Final = (
    "Off by: how far actual spend lay from the forecast on average. Bias: the same with its sign; plus means more was "
    "spent than forecast. Level: FinOps maturity, best within 5%, run 12%, walk 15%, crawl 20%. Range held: how often "
    "actual spend lay within the 80% range. Parts within 12%: of teams, models and stages by themselves."
)
_WITHIN = 0.12
_POOR = 0.20
#: Under this share of months, of so many at least, an 80 % range held too seldom to be chance.
_SELDOM, _TELLING = 0.5, 6


def record_finding(figures: Sequence[Figures]) -> str:
    """How good past forecasts were, said first for the next month.

    >>> row = Figures(1, 9, 90, 0.041, 0.01, "best", 0.89, {0.12: 0.8}, 0.8)
    >>> record_finding([row])
    'Forecasts one month ahead were off by 4.1% on average: FinOps level best'
    """
    row = next((one for one in figures if one.ahead == 1 and one.variance is not None), None)
    if row is None or row.variance is None:
        return "No month has closed yet that a forecast could be held against"
    sentence = f"Forecasts one month ahead were off by {money.percent(row.variance, digits=1)} on average"
    if row.variance > _POOR:
        return f"{sentence}: too far off to plan on"
    return f"{sentence}: FinOps level {row.level}{_narrow_words(row)}"


def _narrow_words(row: Figures) -> str:
    """That ranges held too seldom, where enough months have closed to tell: by chance one in a hundred would.

    >>> _narrow_words(Figures(1, 12, 90, 0.03, 0.03, "best", 0.08, {}, 0.1))
    ', but its 80% range held only 8% of the time: think of it as wider'
    """
    if row.hit_rate is None or row.versions < _TELLING or row.hit_rate >= _SELDOM:
        return ""
    return f", but its 80% range held only {money.percent(row.hit_rate)} of the time: think of it as wider"


def record_rows(figures: Sequence[Figures], kind: str) -> list[list[str]]:
    """One row for each number of months ahead; those without a closed month are left out."""
    return [_row(one, kind) for one in figures if one.versions]


RECORD_HEADER: Final = (
    "Months ahead",
    "Kind",
    "Forecasts",
    "Off by",
    "Bias",
    "Level",
    "Range held",
    "Parts within 12%",
)


def _row(one: Figures, kind: str) -> list[str]:
    return [
        str(one.ahead),
        kind,
        money.count(one.versions),
        money.percent(one.variance, digits=1),
        money.percent(one.bias, sign=True, digits=1),
        one.level or "none",
        money.percent(one.hit_rate),
        money.percent(one.within.get(_WITHIN)),
    ]


MONTH_END_HEADER: Final = ("Told on day", "Months", "Forecast off by", "Run rate off by", "Month to date off by")


def month_end_finding(skills: Sequence[Skill]) -> str:
    """How far off month ends were that were told on the earliest day, beside the run rate.

    >>> month_end_finding([Skill(5, 6, {OURS: 0.018, RUN_RATE: 0.034, TO_DATE: 0.061}, {}, 0.8)])
    'Month ends told on day 5 were off by 1.8% on average; by the run rate, 3.4%'
    """
    first = min(skills, key=lambda one: one.day)
    ours, rate = (money.percent(first.error[rule], digits=1) for rule in (OURS, RUN_RATE))
    return f"Month ends told on day {first.day} were off by {ours} on average; by the run rate, {rate}"


def month_end_rows(skills: Sequence[Skill]) -> list[list[str]]:
    """How far off past month ends were by the day of the month on which they were told, beside the two usual rules.

    >>> month_end_rows([Skill(10, 6, {OURS: 0.018, RUN_RATE: 0.034, TO_DATE: 0.061}, {}, 0.8)])
    [['10', '6', '1.8%', '3.4%', '6.1%']]
    """
    return [
        [
            str(one.day),
            money.count(one.months),
            *(money.percent(one.error[rule], digits=1) for rule in (OURS, RUN_RATE, TO_DATE)),
        ]
        for one in skills
    ]
