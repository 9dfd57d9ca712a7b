"""Bodies and names as the state keeps them: JSON, money as decimal text, nothing that a database would refuse."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from costlib.errors import InputError
from costlib.money import exact


def plain(body: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """The body as JSON would give it back: decimals and dates are text; None stays None.

    Raises InputError for anything JSON cannot hold.

    >>> from decimal import Decimal
    >>> plain({"amount": Decimal("12.50"), "months": (1, 2)})
    {'amount': '12.5', 'months': [1, 2]}
    """
    if body is None:
        return None
    try:
        return dict(json.loads(json.dumps(dict(body), default=_as_text, allow_nan=False)))
    except (TypeError, ValueError, RecursionError) as error:
        raise InputError(
            f"A record cannot hold this: {error}",
            expected="text, numbers, lists and mappings",
            fix="Save money as decimal text and dates as 2026-03-01.",
        ) from None


def plain_text(name: str, value: str, *, needed: bool = True) -> str:
    """The value where it is text that can be saved and shown; raises InputError where it is not."""
    if (needed and not value.strip()) or "\x00" in value or not _is_unicode(value):
        raise InputError(
            f"{name} is {'empty' if not value.strip() else 'not readable text'}",
            expected=f"text for {name}",
            fix="Fill it in.",
        )
    return value


def _as_text(value: object) -> str | None:
    if isinstance(value, Decimal):
        if not value.is_finite():
            raise ValueError(f"{value} is not an amount")
        return exact(value)
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"a {type(value).__name__}")


def _is_unicode(value: str) -> bool:
    try:
        value.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True
