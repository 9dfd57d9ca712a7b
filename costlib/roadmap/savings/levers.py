"""Promises by lever: what decisions promised in all, what of it was due by now, what came and what finance signed.

Conventions: money in one currency. *Decided* is what decisions on record promised over their plans' months, as written
down then; *promised* is what approvals promised for the days measured so far. Decisions on initiatives that no plan
holds any more stay: their lever is not known, so they have a row of their own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from costlib.roadmap.portfolio.ledger import LedgerRow
from costlib.roadmap.savings.promised import GONE
from costlib.roadmap.savings.track import Line, TrackRecord

_ROUNDING = 0.005


@dataclass(frozen=True)
class LeverPromise:
    """One lever; ``realised`` and ``variance`` (realised - promised) are None where nothing was measured."""

    lever: str
    decided: float
    promised: float
    realised: float | None
    booked: float
    provisional: float

    @property
    def variance(self) -> float | None:
        """What came less what was promised by now; negative is a shortfall."""
        return None if self.realised is None else self.realised - self.promised

    @property
    def unsigned(self) -> float:
        """What of the promise by now finance has not signed; 0 where it signed more."""
        return max(self.promised - self.booked, 0.0)


def lever_promises(decided: Sequence[LedgerRow], whole: float, track: TrackRecord) -> list[LeverPromise]:
    """One row a lever of which anything was promised, measured or signed; the largest promise by now first.

    ``decided`` are the rows by lever of every plan (``portfolio.ledger.by_lever``), ``whole`` is what all decisions
    promised together: what the rows do not hold belongs to initiatives that are gone.
    """
    asked: dict[str, float] = {}
    for row in decided:
        asked[row.key] = asked.get(row.key, 0.0) + row.promised
    rest = whole - sum(asked.values())
    if abs(rest) > _ROUNDING:
        asked[GONE] = asked.get(GONE, 0.0) + rest
    held = {line.name: line for line in track.by_lever}
    found = [_promise(lever, asked.get(lever, 0.0), held.get(lever)) for lever in dict.fromkeys((*held, *asked))]
    kept = [one for one in found if one.decided or one.promised or one.realised is not None or one.booked]
    return sorted(kept, key=lambda one: (one.lever == GONE, -one.promised, -one.decided, one.lever))


def _promise(lever: str, decided: float, line: Line | None) -> LeverPromise:
    if line is None:
        return LeverPromise(lever, decided, 0.0, None, 0.0, 0.0)
    return LeverPromise(lever, decided, line.promised, line.realised, line.booked, line.provisional)
