"""What makes an initiative a bet: the money that is at stake, and the criteria on which it is ended.

Conventions: money in the plan's currency, None where nobody stated it, which is not 0. A criterion names a metric, one
bound, the day by which the bound must hold, and who answers for it; a day is written ``2027-09-30``.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from pydantic import BeforeValidator, Field, PlainSerializer, model_validator

from costlib.roadmap.plan_errors import FieldRefusal
from costlib.roadmap.plan_fields import Amount, Number, Strict


def parsed_day(value: object) -> date:
    """The day given as ``2027-09-30`` or as a date; raises FieldRefusal for anything else.

    >>> parsed_day("2027-09-30")
    datetime.date(2027, 9, 30)
    """
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    try:
        return date.fromisoformat(value if isinstance(value, str) else "")
    except ValueError:
        fix = "Write it as YYYY-MM-DD."
        raise FieldRefusal(f"{value} is not a day", expected="a day such as 2027-09-30", fix=fix) from None


Day = Annotated[date, BeforeValidator(parsed_day), PlainSerializer(date.isoformat, return_type=str)]


class Stake(Strict):
    """Money committed so far (spent or bound by contract), and money asked for to reach the next gate."""

    committed: Amount | None = None
    asked: Amount | None = None


class KillCriterion(Strict):
    """The initiative ends unless ``metric`` lies within its bound ``by`` that day; ``measured`` is its last value."""

    metric: Annotated[str, Field(min_length=1)]
    at_least: Number | None = None
    at_most: Number | None = None
    by: Day
    owner: str = ""
    measured: Number | None = None

    @model_validator(mode="after")
    def _one_bound(self) -> KillCriterion:
        if (self.at_least is None) == (self.at_most is None):
            said = "no bound" if self.at_least is None else "two bounds"
            raise FieldRefusal(
                f"the kill criterion on {self.metric} has {said}",
                expected="at_least or at_most, one of the two",
                fix="Say the least or the most that is accepted; write a second criterion for the other.",
            )
        return self

    def holds(self, value: float) -> bool:
        """Whether a value of the metric lies within the bound.

        >>> KillCriterion(metric="cost per answer", at_most=0.2, by="2027-09-30").holds(0.25)
        False
        """
        low = self.at_least is None or value >= self.at_least
        return low and (self.at_most is None or value <= self.at_most)
