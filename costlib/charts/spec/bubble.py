"""A portfolio: investments by effort and worth, their money as the size, their purpose as the colour.

Conventions: the area of a bubble, not its width, is its money. An investment of which a number is unknown is listed
and not drawn.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from costlib.charts.spec.measure import Measure
from costlib.charts.spec.parts import Amount, Caption, check_amount, check_names
from costlib.charts.ticks import Scale
from costlib.errors import InputError

MOST_INVESTMENTS = 15


class Bucket(StrEnum):
    """What an investment is for: keep going, grow, or change the business."""

    RUN = "run"
    GROW = "grow"
    TRANSFORM = "transform"


@dataclass(frozen=True)
class Investment:
    """One bubble: its place, its money, its purpose."""

    name: str
    x: Amount
    y: Amount
    size: Amount
    bucket: Bucket = Bucket.RUN


@dataclass(frozen=True)
class Disc:
    """One bubble as it is drawn: its place, its money, and its width as a part of the widest."""

    name: str
    x: Decimal
    y: Decimal
    size: Decimal
    bucket: Bucket
    width: float


@dataclass(frozen=True)
class Bubble:
    """At most fifteen investments: effort or time to value by NPV, as the measures say."""

    caption: Caption
    x: Measure
    y: Measure
    size: Measure
    investments: tuple[Investment, ...]
    dimension: str = "Investment"

    def __post_init__(self) -> None:
        check_names((one.name for one in self.investments), "investment")
        check_names((self.dimension, "Purpose", self.x.heading, self.y.heading, self.size.heading), "column")
        if len(self.investments) > MOST_INVESTMENTS:
            raise InputError(
                f"A portfolio has {len(self.investments)} investments",
                expected=f"at most {MOST_INVESTMENTS}",
                fix="Show the largest and leave the rest to the table.",
            )
        for one in self.investments:
            for value in (one.x, one.y, one.size):
                if value is not None:
                    check_amount(value, "investment", one.name, expected="a finite Decimal, or None")
            if one.size is not None and one.size < 0:
                raise InputError(f"The money of {one.name!r} is {one.size}", expected="zero or more")
        if not self.discs:
            raise InputError(
                "A portfolio has no investment of which all is known", fix="Estimate one, or show a table."
            )

    @property
    def discs(self) -> tuple[Disc, ...]:
        """The investments that are drawn, the largest first, so that a small one is never hidden."""
        discs = [
            Disc(one.name, one.x, one.y, one.size, one.bucket, 0.0)
            for one in self.investments
            if one.x is not None and one.y is not None and one.size is not None
        ]
        largest = max((disc.size for disc in discs), default=Decimal(0))
        discs.sort(key=lambda disc: -disc.size)
        return tuple(replace(disc, width=float(disc.size / largest) ** 0.5 if largest else 0.0) for disc in discs)

    @property
    def buckets(self) -> tuple[Bucket, ...]:
        """The purposes that occur, in their usual order."""
        there = {disc.bucket for disc in self.discs}
        return tuple(bucket for bucket in Bucket if bucket in there)

    @property
    def unknown(self) -> tuple[Investment, ...]:
        """The investments that cannot be drawn."""
        return tuple(one for one in self.investments if None in (one.x, one.y, one.size))

    @property
    def x_scale(self) -> Scale:
        """The axis from left to right; it holds zero."""
        return self.x.scale((Decimal(0), *(disc.x for disc in self.discs)))

    @property
    def y_scale(self) -> Scale:
        """The axis from bottom to top; it holds zero, since below it money is lost."""
        return self.y.scale((Decimal(0), *(disc.y for disc in self.discs)))
