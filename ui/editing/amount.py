"""An amount that a reader typed into a form, as money. Pure: nothing here draws."""

from __future__ import annotations

from decimal import Decimal

from costlib import money
from costlib.errors import InputError
from costlib.roadmap.plan_fields import MOST


def typed(value: float | None, what: str) -> Decimal:
    """The amount to the cent; raises InputError where nothing was typed, or more than any budget holds.

    >>> typed(3621.005, "A sign-off")
    Decimal('3621.01')
    """
    if value is None:
        raise InputError(f"{what} needs an amount", fix="Fill it in.")
    if abs(value) > MOST:
        raise InputError(f"{value:g} is too large an amount", expected=f"{MOST:,.0f} or less", fix="Correct it.")
    return money.cents(Decimal(repr(value)))
