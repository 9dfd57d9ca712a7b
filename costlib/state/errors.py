"""What editable state can be refused for.

CostError
+-- StateError         the database cannot be opened, reached or understood
+-- Conflict           somebody else saved it first; nothing of yours was written
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from costlib.errors import CostError


class StateError(CostError):
    """The state's database cannot be opened, reached or understood."""


@dataclass(frozen=True)
class Difference:
    """One field: what the editor had before, what is saved now (theirs), and what the editor wants (yours).

    ``field`` is a dotted name; a value of None is one that is not there.
    """

    field: str
    before: Any
    theirs: Any
    yours: Any


class Conflict(CostError):
    """What was to be saved has been changed by somebody else since the editor opened it; nothing was written.

    ``version`` is the one that is saved now (None where there is nothing), ``differences`` are the fields in which it
    differs from what was to be saved. ``event`` says who did what to it and when ("was saved by Ada on 2026-11-01 at
    09:01 UTC"), for those who call the record by another name; None where there never was one.
    """

    def __init__(
        self,
        problem: str,
        *,
        expected: str,
        fix: str,
        version: int | None = None,
        differences: Sequence[Difference] = (),
        event: str | None = None,
    ) -> None:
        super().__init__(problem, expected=expected, fix=fix)
        self.version, self.differences, self.event = version, tuple(differences), event

    def of(self, name: str) -> str:
        """Who saved what and when, by the name that readers know.

        >>> Conflict("initiative fraud/int8 was saved", expected="", fix="", event="was saved by Ada").of("Run in INT8")
        'Run in INT8 was saved by Ada'
        """
        return f"{name} {self.event}" if self.event else self.problem
