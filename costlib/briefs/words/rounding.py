"""Why amounts that are shown to the cent may not add up to the sum that is shown, in words.

Conventions: an amount is in one currency and None where it is not known; a sum is made of exact amounts and rounded
once, so that the same figure is the same to the cent wherever it stands.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from costlib import money
from costlib.analysis.trend import Amount


def rounding_words(added: Iterable[Sequence[Amount]]) -> str:
    """How far amounts to the cent are from their sum to the cent at most; nothing where all add up as they are shown.

    ``added`` are the rows or columns that have a sum, without it.

    >>> from decimal import Decimal
    >>> half = Decimal("0.005")
    >>> rounding_words([[half, half]]), rounding_words([[Decimal("0.01"), None]])
    ('Each amount is rounded by itself and each sum once: added up as shown, amounts can be a cent off.', '')
    """
    off = max((_off(one) for one in added), default=0)
    if not off:
        return ""
    cents = "a cent" if off == 1 else f"{off} cents"
    return f"Each amount is rounded by itself and each sum once: added up as shown, amounts can be {cents} off."


def _off(amounts: Sequence[Amount]) -> int:
    """Cents between the sum of the rounded amounts and their rounded sum."""
    known = [amount for amount in amounts if amount is not None]
    shown = money.exact_sum(map(money.cents, known))
    return int(abs(shown - money.cents(money.exact_sum(known))) / money.CENT)
