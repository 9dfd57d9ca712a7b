"""What made the figures of a file, as the one line of JSON that every format carries inside it.

Conventions: amounts are exact decimal text and dates ISO text; keys are sorted: the same trace is the same line.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from costlib import money
from costlib.errors import InputError

PRODUCT = "Glidepath"


def trace_json(trace: Mapping[str, object]) -> str:
    """The trace as one line of JSON with sorted keys.

    >>> trace_json({"to": date(2026, 10, 20), "sum": Decimal("1.50")})
    '{"sum": "1.5", "to": "2026-10-20"}'
    """
    return json.dumps(dict(trace), sort_keys=True, default=_plain)


def _plain(value: object) -> object:
    if isinstance(value, Decimal):
        return money.exact(value)
    if isinstance(value, date):
        return value.isoformat()
    raise InputError(f"A trace holds a {type(value).__name__}", expected="text, numbers, amounts, dates, lists")
