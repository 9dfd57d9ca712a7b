"""Questions as a person types them, and answers as text: exact, null where unknown.

A quantity is summed by its unit and a cost by its currency, asked for or not: gigabytes and hours, dollars and euros
are never added up.
"""

from __future__ import annotations

from collections.abc import Sequence

from costlib.errors import QueryError
from costlib.focus import CURRENCY, DAY, EFFECTIVE
from costlib.money import exact
from costlib.periods import Grain
from costlib.store.question import Filter, Question, Row, dimension

_UNITS = {"ConsumedQuantity": "ConsumedUnit", "PricingQuantity": "PricingUnit"}


def dimensions_of(text: str, grain: Grain, measure: str = EFFECTIVE) -> tuple[str, ...]:
    """Dimensions separated by commas, each once, and the unit of a quantity; no day where the grain gives the period.

    The currency is none of them: every row of an answer has one. Raises ``QueryError``.

    >>> dimensions_of("x_team, ServiceName,x_Team", Grain.TOTAL)
    ('x_Team', 'ServiceName')
    >>> dimensions_of("x_team", Grain.TOTAL, "ConsumedQuantity")
    ('x_Team', 'ConsumedUnit')
    >>> dimensions_of("BillingCurrency", Grain.TOTAL)
    ()
    """
    asked = dict.fromkeys(dimension(name.strip()) for name in text.split(",") if name.strip())
    unit = {_UNITS[measure]: None} if measure in _UNITS else {}
    given = {CURRENCY} if grain is Grain.TOTAL else {CURRENCY, DAY}
    return tuple(name for name in asked | unit if name not in given)


def answer(question: Question, rows: Sequence[Row]) -> tuple[list[str], list[dict[str, str | None]]]:
    """Header and rows of the answer: period, dimensions, currency, amount as exact decimal text."""
    period = [] if question.grain is Grain.TOTAL else [DAY]
    header = [*period, *question.by, CURRENCY, question.measure]
    return header, [{name: _cells(question, row)[name] for name in header} for row in rows]


def _cells(question: Question, row: Row) -> dict[str, str | None]:
    values = dict(zip(question.by, row.values, strict=True))
    start = {DAY: row.period.isoformat()} if row.period else {}
    return values | start | {CURRENCY: row.currency, question.measure: exact(row.amount)}


def filters_of(texts: Sequence[str]) -> tuple[Filter, ...]:
    """The filters: ``x_Team=Search``, ``x_Team!=Search``, ``x_Team=`` for the unknown value.

    Several on one dimension with ``=`` mean any of them.

    Raises ``QueryError``.

    >>> [(item.dimension, item.values) for item in filters_of(["x_Team=Search", "x_Team=Fraud", "x_Model="])]
    [('x_Team', ('Search', 'Fraud')), ('x_Model', (None,))]
    """
    values: dict[tuple[str, bool], list[str | None]] = {}
    for text in texts:
        name, sign, value = text.partition("=")
        if not sign:
            raise QueryError(
                f"{text or 'An empty text'} is not a filter",
                expected="DIMENSION=VALUE",
                fix="Write for example x_Team=Search.",
            )
        exclude = name.endswith("!")
        values.setdefault((dimension(name.rstrip("!").strip()), exclude), []).append(value.strip() or None)
    return tuple(Filter(name, tuple(found), exclude) for (name, exclude), found in values.items())
