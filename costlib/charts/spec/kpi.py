"""A row of figures: up to four numbers that a reader takes away, each with its change and a line of context.

Conventions: texts are final, as ``costlib.money`` writes them. A mood says whether the change is good or bad for the
reader, since a rise of cost is bad and a rise of savings good; the sign stays in the text, so grey print loses nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from costlib.charts.spec.parts import Caption, check_names
from costlib.errors import InputError

MOST_FIGURES = 4


class Mood(StrEnum):
    """What a change means to the reader."""

    GOOD = "good"
    BAD = "bad"
    NEUTRAL = "neutral"


@dataclass(frozen=True)
class Kpi:
    """One figure: "FY26 outlook", "$18.5M", "+$2.7M vs plan", "likely 17.9 to 19.2"."""

    label: str
    value: str
    delta: str = ""
    mood: Mood = Mood.NEUTRAL
    sub: str = ""


@dataclass(frozen=True)
class KpiRow:
    """One to four figures side by side."""

    caption: Caption
    kpis: tuple[Kpi, ...]

    def __post_init__(self) -> None:
        check_names((kpi.label for kpi in self.kpis), "figure")
        if len(self.kpis) > MOST_FIGURES:
            raise InputError(
                f"A row has {len(self.kpis)} figures", expected=f"at most {MOST_FIGURES}", fix="Make two rows."
            )
        for kpi in self.kpis:
            if not kpi.value.strip():
                raise InputError(f"The figure {kpi.label!r} has no value", expected='its text, "unknown" if it is')
