"""What a source is: how its export is recognised and how its columns become FOCUS columns."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from costlib.errors import MissingColumn, did_you_mean
from costlib.sources.files import DataFile
from costlib.sources.native import NativeColumns

Mapped = Mapping[str, str]


@dataclass(frozen=True)
class UsageRecord:
    """Hours reserved and used, as a cluster's cost tool gives them; RAM in GiB hours, ``cost`` in the tool's currency.

    ``hour`` is None for a whole day; ``kind`` is allocation, idle, unallocated or unmounted. Reserved hours are the
    larger of request and use. An amount is None where it is unknown.
    """

    day: date
    hour: int | None
    cluster: str
    node: str | None
    namespace: str | None
    label: str | None
    kind: str
    gpu_reserved: Decimal | None
    gpu_used: Decimal | None
    cpu_reserved: Decimal | None
    cpu_used: Decimal | None
    ram_reserved: Decimal | None
    ram_used: Decimal | None
    cost: Decimal | None

    @property
    def grain(self) -> str:
        """``hour`` or ``day``."""
        return "day" if self.hour is None else "hour"


@dataclass(frozen=True)
class Source:
    """One kind of export. Each lives in a module of its own that binds it to the name ``SOURCE``.

    ``recognises`` looks at the columns only. ``mapping`` gives, for every FOCUS and ``x_`` column of the base that
    the export knows, a DuckDB expression over the native columns; what it leaves out is null. ``required`` lists
    alternatives: of each group the export must have one. ``invoice`` is the expression whose plain sum is the
    invoice, read independently of the mapping for the tie-out of ``BilledCost``.

    ``grain`` is what a row of the export stands for, where it is coarser than a line item of the bill. ``ends`` is the
    moment at which a charge's period ends, itself not included; null where the export does not say it.

    ``additive`` says that line items which agree in all texts, in their days and in which numbers are null may be added
    up before they are mapped: the mapping adds, subtracts, picks and drops numbers, and multiplies or compares none.

    Four things only some sources have:

    * ``look_into``: columns do not say all about a file, so the source reads the files of one export together and
      answers with the same files, their layouts' ``decimal`` and ``view`` filled in; ``NativeColumns`` carries both.
    * ``apart``: the condition, never null, under which a row shows what other rows of the export already hold (another
      view of the same bill). Such rows are not loaded; they are counted apart, with their money. '' where these columns
      have no such rows.
    * ``parts``: what cuts cost into the parts of its users (see ``store.containers.HELPERS``), for exports with split
      rows, which are ``apart``; empty for others.
    * ``finer``: by cost measure (``BilledCost``: of ``invoice``), what the store's rounding takes off a row, for bills
      that are finer than the store. ``sums_in`` is then the exact sum of the bill's own text.
    """

    type: str
    title: str
    recognises: Callable[[NativeColumns], bool]
    mapping: Callable[[NativeColumns], Mapped]
    required: tuple[tuple[str, ...], ...]
    invoice: Callable[[NativeColumns], str]
    look_into: Callable[[Sequence[DataFile]], tuple[DataFile, ...]] = tuple
    apart: Callable[[NativeColumns], str] = lambda columns: ""
    parts: Callable[[NativeColumns], Mapped] = lambda columns: {}
    finer: Callable[[NativeColumns], Mapped] | None = None
    grain: str = "line item"
    ends: Callable[[NativeColumns], str] = lambda columns: "NULL::TIMESTAMP"
    additive: bool = False

    def check(self, columns: NativeColumns, where: str) -> None:
        """Raise ``MissingColumn`` for the first required column that the export does not have."""
        for names in self.required:
            if not columns.has(*names):
                hint = did_you_mean(names[0], columns.names)
                raise MissingColumn(
                    f"{where} has no column {names[0]}",
                    expected=f"{self.title} with {' or '.join(names)}",
                    fix=hint or "Add the column to the export's settings and export it again; nothing was changed.",
                )
