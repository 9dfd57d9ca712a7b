"""What is asked for: a kind of document, what it tells of, its paper and colours, and the readers' words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from costlib.documents.model import Shape
from costlib.errors import InputError
from costlib.workspace import Workspace


@dataclass(frozen=True)
class Order:
    """What is asked for: the kind of document, what it tells of, its paper and colours, and the reader's words.

    ``story`` is a plan; ``team`` and ``month`` (2026-09) are a statement's, ``quarter`` (any month of
    it) a review's. ``logo`` is whether the organisation's stands on it. ``currency`` translates every amount by
    rates.yaml; without one amounts are in the plan's currency, or the bill's first.
    """

    kind: str
    story: str
    shape: Shape = Shape.A4
    palette: str = "light"
    edits: Mapping[str, str] = field(default_factory=dict)
    team: str | None = None
    month: str | None = None
    quarter: str | None = None
    logo: bool = True
    currency: str | None = None

    @property
    def subject(self) -> str:
        """What it tells of, under which its words are kept: its plan, or its team and month, or its quarter."""
        return self.story or " ".join(one for one in (self.team, self.month, self.quarter) if one)


def in_readers_words(workspace: Workspace, wanted: Order) -> Order:
    """The order with the sentences that readers reworded."""
    from costlib.state.wording import reworded  # only who exports pays for loading the database's library

    words = reworded(workspace.state(), wanted.kind, wanted.subject)
    return replace(wanted, edits={id: one.template for id, one in words.items()})


def first_day(text: str | None) -> date | None:
    """The first day of a month such as 2026-09; raises InputError for a text that is none."""
    if text is None:
        return None
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        raise InputError(f"{text} is no month", expected="year and month, such as 2026-09") from None
