"""Cost lines of a model vendor and the tokens it measured, brought together: what each line counted, whose it is.

Conventions: one ``Line`` is one cost line of a day, its amount in whole currency as the vendor's text says, every digit
kept. One ``Use`` is tokens of one kind of a day; kinds never overlap, so cached tokens are never among the input ones.
Amounts come from cost lines only, tokens from reports of use or from the line itself; neither is added to the other.

Line and use are of one *cell* where day, project, model and kind agree (and the API key, where lines tell it). In a
cell the variants (tier, context window, place) of both sides must be the same, each with one line; else what the lines
of the cell counted stays unknown. A cell whose lines tell no key is cut by key in proportion to tokens, which is exact:
one line has one price. The parts add up to the line to the last digit.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_DOWN, Context, Decimal
from typing import Final

from costlib.money import SCALE

INPUT, CACHED, OUTPUT = "Input tokens", "Cached input tokens", "Output tokens"
WRITE, WRITE_5M, WRITE_1H = "Cache write tokens", "Cache write tokens, 5 minutes", "Cache write tokens, 1 hour"
#: Kinds of tokens, as a bill's meter and a metric call them.
KINDS: Final = (INPUT, CACHED, WRITE, WRITE_5M, WRITE_1H, OUTPUT)
REQUESTS: Final = "Requests"
_EXACT = Context(prec=100)
_STEP = Decimal(1).scaleb(-SCALE)


@dataclass(frozen=True)
class Line:
    """One cost line; ``kind`` is None for what is no tokens, ``quantity`` in ``unit`` what the line itself counts."""

    day: date
    amount: Decimal
    currency: str
    label: str
    model: str | None = None
    kind: str | None = None
    tier: str | None = None
    context: str | None = None
    place: str | None = None
    project: str | None = None
    key: str | None = None
    quantity: Decimal | None = None
    unit: str | None = None


@dataclass(frozen=True)
class Use:
    """Tokens of one kind, or requests; ``plain`` is False where other than text is among them."""

    day: date
    model: str | None
    kind: str
    amount: int
    tier: str | None = None
    context: str | None = None
    place: str | None = None
    project: str | None = None
    key: str | None = None
    plain: bool = True


@dataclass(frozen=True)
class Charge:
    """A cost line, or one key's part of it, with its key, amount and tokens; ``tokens`` is None where unknown."""

    line: Line
    key: str | None
    amount: Decimal
    tokens: Decimal | None

    @property
    def is_part(self) -> bool:
        """Whether it is one key's part of a line."""
        return self.key != self.line.key


Cell = tuple[object, ...]
Variant = tuple[str | None, ...]


def charges_of(lines: Sequence[Line], uses: Iterable[Use]) -> list[Charge]:
    """Every line, or its parts by key, in the order of the lines; their amounts sum to the lines' exactly."""
    told = _Told(lines)
    line_cells: defaultdict[Cell, list[Line]] = defaultdict(list)
    for line in lines:
        if line.kind is not None:
            line_cells[told.cell(line)].append(line)
    use_cells: defaultdict[Cell, list[Use]] = defaultdict(list)
    for use in uses:
        if use.amount and use.kind != REQUESTS:
            use_cells[told.cell(use)].append(use)
    matched = {
        id(line): found
        for cell, held in line_cells.items()
        for line, found in _matched(held, use_cells.get(cell, []), told)
    }
    return [charge for line in lines for charge in _charges(line, matched.get(id(line), []))]


class _Told:
    """Which of key, context window and place the lines of a model tell at all: the others are not compared.

    The tier always is: a line that names none is of the vendor's default tier.
    """

    def __init__(self, lines: Sequence[Line]) -> None:
        self._keys = any(line.key is not None for line in lines)
        self._told: defaultdict[str | None, set[str]] = defaultdict(set)
        for line in lines:
            if line.kind is not None:
                self._told[line.model] |= {name for name in ("context", "place") if getattr(line, name) is not None}

    def cell(self, one: Line | Use) -> Cell:
        """What line and use must agree in."""
        key = (one.key,) if self._keys else ()
        return (one.day, one.project, one.model, one.kind, *key)

    def variant(self, one: Line | Use) -> Variant:
        """What tells the lines of a cell apart."""
        return (one.tier, *(getattr(one, name) for name in sorted(self._told[one.model])))


def _matched(lines: Sequence[Line], uses: Sequence[Use], told: _Told) -> list[tuple[Line, list[Use]]]:
    """Each line with its uses; nothing where it is unsure which use is whose."""
    by_variant: defaultdict[Variant, list[Use]] = defaultdict(list)
    for use in uses:
        by_variant[told.variant(use)].append(use)
    variants = [told.variant(line) for line in lines]
    alike = set(variants) == set(by_variant) and len(set(variants)) == len(variants)
    if not alike or not all(use.plain for use in uses):
        return []
    return [(line, by_variant[variant]) for line, variant in zip(lines, variants, strict=True)]


def _charges(line: Line, uses: Sequence[Use]) -> list[Charge]:
    own = tokens_said(line)
    measured = Decimal(sum(use.amount for use in uses)) if uses else None
    tokens = measured if own is None else own
    keys: defaultdict[str | None, int] = defaultdict(int)
    for use in uses:
        keys[use.key] += use.amount
    if line.key is not None or tokens is None or tokens != measured or set(keys) <= {None}:
        return [Charge(line, line.key, line.amount, tokens)]
    return _cut(line, sorted(keys.items(), key=lambda pair: (-pair[1], pair[0] or "")))


def _cut(line: Line, keys: Sequence[tuple[str | None, int]]) -> list[Charge]:
    """The line by key, most tokens first; the residue of rounding goes to the first."""
    total = sum(tokens for _, tokens in keys)
    parts = [
        _EXACT.divide(_EXACT.multiply(line.amount, Decimal(tokens)), Decimal(total)).quantize(
            _STEP, ROUND_DOWN, context=_EXACT
        )
        for _, tokens in keys[1:]
    ]
    first = line.amount
    for part in parts:
        first = _EXACT.subtract(first, part)
    amounts = [first, *parts]
    return [Charge(line, key, amount, Decimal(n)) for (key, n), amount in zip(keys, amounts, strict=True)]


#: How many tokens one of a line's own unit is.
_TOKEN_UNITS: Final = {"tokens": Decimal(1), "1000_tokens": Decimal(1000)}


def tokens_said(line: Line) -> Decimal | None:
    """The tokens that a line itself counts; None where it counts none, or in a unit that it does not tell.

    >>> said = Line(date(2026, 9, 5), Decimal(1), "USD", "gpt-5, input", quantity=Decimal("1.5"), unit="1000_tokens")
    >>> tokens_said(said), tokens_said(Line(said.day, said.amount, "USD", "gpt-5, input", quantity=Decimal("1.5")))
    (Decimal('1500.0'), None)
    """
    times = _TOKEN_UNITS.get(line.unit or "")
    return None if line.quantity is None or times is None else _EXACT.multiply(line.quantity, times)


def disagreeing(lines: Iterable[Line], uses: Iterable[Use]) -> int:
    """The number of days, models and kinds whose lines all count tokens themselves, and others than uses do."""
    said: defaultdict[Cell, list[Decimal | None]] = defaultdict(list)
    for line in lines:
        if line.kind is not None:
            said[line.day, line.model, line.kind].append(tokens_said(line))
    measured: defaultdict[Cell, int] = defaultdict(int)
    for use in uses:
        measured[use.day, use.model, use.kind] += use.amount
    known = {cell: [one for one in counts if one is not None] for cell, counts in said.items() if None not in counts}
    return sum(sum(counts) != measured.get(cell, 0) for cell, counts in known.items())
