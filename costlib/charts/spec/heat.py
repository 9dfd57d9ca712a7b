"""A heat table: numbers in rows and columns, written in shaded cells.

Conventions: the shade goes from 0 to 1 with the size of a number, towards -1 below zero, the largest size of the
table being 1; an unknown number is an empty cell. The number itself is always written, the shade only helps to find.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from costlib.charts.spec.measure import Measure
from costlib.charts.spec.parts import Amount, Caption, check_amount, check_names
from costlib.errors import InputError

MOST_ROWS, MOST_COLUMNS = 15, 13


@dataclass(frozen=True)
class HeatTable:
    """``values[row][column]`` of one measure; ``dimension`` heads the names of the rows."""

    caption: Caption
    measure: Measure
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    values: tuple[tuple[Amount, ...], ...]
    dimension: str = "Name"

    def __post_init__(self) -> None:
        check_names(self.rows, "row")
        check_names((self.dimension, *self.columns), "column")
        if not self.columns:
            raise InputError("A heat table has no column", fix="Choose a filter that leaves some data.")
        if len(self.rows) > MOST_ROWS or len(self.columns) > MOST_COLUMNS:
            raise InputError(
                f"A heat table has {len(self.rows)} rows and {len(self.columns)} columns",
                expected=f"at most {MOST_ROWS} rows and {MOST_COLUMNS} columns",
                fix="Show the largest, or coarser periods.",
            )
        if len(self.values) != len(self.rows) or any(len(row) != len(self.columns) for row in self.values):
            raise InputError("The values of a heat table do not fill it", expected="one, or None, for each cell")
        for name, row in zip(self.rows, self.values, strict=True):
            for value in row:
                if value is not None:
                    check_amount(value, "row", name, expected="a finite Decimal, or None")

    @property
    def largest(self) -> Decimal:
        """The largest size of a known number; 0 where there is none."""
        return max((value.copy_abs() for row in self.values for value in row if value is not None), default=Decimal(0))

    def shade(self, row: int, column: int) -> float | None:
        """How strong a cell is coloured, -1 to 1; None where the number is unknown."""
        value = self.values[row][column]
        if value is None:
            return None
        return float(value / self.largest) if self.largest else 0.0

    def text(self, row: int, column: int) -> str:
        """What is written in a cell; nothing where the number is unknown."""
        value = self.values[row][column]
        return "" if value is None else self.measure.bare(value)
