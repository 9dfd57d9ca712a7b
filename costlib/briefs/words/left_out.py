"""Line items whose cost no bill says: what every sum leaves out, counted in words."""

from __future__ import annotations

from costlib import money
from costlib.focus import MEASURE_NAMES


def left_out_words(line_items: int, measure: str) -> str:
    """That sums are made without so many line items; nothing where there are none.

    >>> left_out_words(1200, "ListCost")
    '1,200 line items of unknown list cost are left out of sums'
    >>> left_out_words(1, "EffectiveCost"), left_out_words(0, "EffectiveCost")
    ('1 line item of unknown effective cost is left out of sums', '')
    """
    if not line_items:
        return ""
    verb = "is" if line_items == 1 else "are"
    return f"{money.counted(line_items, 'line item')} of unknown {MEASURE_NAMES[measure]} {verb} left out of sums"
