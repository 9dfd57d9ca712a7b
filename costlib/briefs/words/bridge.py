"""The finding of a bridge: how far apart two sides are, and which part of the way is the longest.

Words are an executive's: a part is named by what a reader would call it. Parts are shown to the cent in charts and
tables, in short form here. A change below a fiftieth of what was before is called about the same.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from costlib import money
from costlib.analysis.bridge import Bridge, Parts
from costlib.briefs.words.findings import STEADY

#: What a reader calls the parts of a bridge, in the order in which a chart shows them.
PART_NAMES: Final = {
    "volume": "volume",
    "rate": "rates",
    "mix": "mix",
    "new": "new items",
    "ended": "ended items",
    "unquantified": "changes without a known quantity",
}
#: Parts below this share of all movement are not worth a word.
_SMALL = Decimal("0.1")


def bridge_finding(found: Bridge, currency: str, what: str, earlier: str, later: str) -> str:
    """How a cost came from one period to another.

    ``what`` is the subject; ``earlier`` and ``later`` name the periods as they stand in a sentence.

    >>> from costlib.analysis.bridge import Segment, bridge
    >>> gpu = Segment("gpu", "Hrs", Decimal(2000), Decimal(1000), Decimal(4500), Decimal(1500))
    >>> bridge_finding(bridge([gpu]), "USD", "AI spend", "in Aug 2026", "in Sep 2026")
    'AI spend was $2.50K higher in Sep 2026 than in Aug 2026: rates +$1.50K, volume +$1.00K'
    """
    ratio = money.ratio(found.change, found.cost0)
    if found.change == 0 or (ratio is not None and abs(ratio) < STEADY):
        return f"{what} was about the same {later} as {earlier}{_parts(found, currency)}{_left_out(found)}"
    size, direction = money.short(abs(found.change), currency), "higher" if found.change > 0 else "lower"
    return f"{what} was {size} {direction} {later} than {earlier}{_parts(found, currency)}{_left_out(found)}"


def causes_finding(parts: Parts, currency: str, period: str) -> str:
    """What a variance is made of, where rates and volume can be told apart in some of it.

    >>> causes_finding(Parts(volume=Decimal(4000), rate=Decimal(-1500)), "USD", "in Q3 FY26")
    'What made the difference in Q3 FY26: volume +$4.00K, rates −$1.50K'
    """
    return f"What made the difference {period}: {_words(parts, currency) or 'nothing'}"


def _parts(found: Bridge, currency: str) -> str:
    words = _words(found.parts, currency)
    return f": {words}" if words else ""


def _words(parts: Parts, currency: str) -> str:
    """The parts that matter, longest first."""
    moved = parts.by_name()
    whole = sum((abs(part) for part in moved.values()), Decimal(0))
    told = [(name, part) for name, part in moved.items() if part and abs(part) >= _SMALL * whole]
    told.sort(key=lambda pair: -abs(pair[1]))
    return ", ".join(f"{PART_NAMES[name]} {money.signed(part, currency)}" for name, part in told)


def _left_out(found: Bridge) -> str:
    count = len(found.unknown)
    if not count:
        return ""
    return f"; {money.count(count)} {'item' if count == 1 else 'items'} of unknown cost left out"
