"""What other rules would change, before anybody applies them: cost moved, rows that each rule decides.

Nothing is written: the candidate's tables are made in memory from the base parts and thrown away. Amounts are sums of
one cost measure per billing currency, over everything that is loaded.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import duckdb

from costlib import money
from costlib.focus import ATTRIBUTES, COST_KIND, CURRENCY, EFFECTIVE, LINE_ITEMS, POOL, RULES
from costlib.store.cube import CUBE, Attribution
from costlib.store.cube_make import fill
from costlib.store.engine import connect
from costlib.store.manifest import Manifest
from costlib.store.parts import parts_select, unpacked_select

#: Dimensions whose sums are compared.
COMPARED = ("x_BusinessUnit", "x_Team", "x_Model", "x_Stage", "x_Scope", COST_KIND, POOL)


@dataclass(frozen=True)
class Change:
    """The sum of one value of a dimension under the rules of today and under the candidate's; None is unallocated.

    A sum is 0 where no line item has the value, and None where all that have it are of unknown cost.
    """

    dimension: str
    value: str | None
    currency: str
    before: Decimal | None
    after: Decimal | None

    @property
    def difference(self) -> Decimal | None:
        """What the sum grows by; None where either is not known."""
        return money.difference(self.after, self.before)


@dataclass(frozen=True)
class Move:
    """Cost that goes from one owner to another: a team, or the pool that takes it; None is nobody."""

    before: str | None
    after: str | None
    currency: str
    amount: Decimal | None
    line_items: int


@dataclass(frozen=True)
class Hit:
    """What a rule, by its number, or a pool, by its name, decides under the candidate."""

    rule: int | str
    currency: str
    amount: Decimal | None
    line_items: int


@dataclass(frozen=True)
class Preview:
    """What the candidate would change. ``silent`` are the numbers of its rules that decide nothing."""

    measure: str
    changes: tuple[Change, ...]
    moves: tuple[Move, ...]
    hits: tuple[Hit, ...]
    silent: tuple[int, ...]
    silent_pools: tuple[str, ...]

    @property
    def line_items_moved(self) -> int:
        """Line items whose owner changes."""
        return sum(move.line_items for move in self.moves)


def preview(
    state: Manifest,
    root: Path,
    current: Attribution,
    candidate: Attribution,
    rule_count: int,
    measure: str = EFFECTIVE,
) -> Preview:
    """What the candidate would change in the state; ``rule_count`` is the number of its rules and derivations."""
    parts, usage = parts_select(state.parts, root), [root / part.path for part in state.usage]
    with connect(spill=root / "spill") as connection:
        fill(connection, parts, usage, current)
        before = _sums(connection, measure)
    with connect(spill=root / "spill") as connection:
        moves = _moves(connection, unpacked_select(parts), current, candidate, measure)
        fill(connection, parts, usage, candidate)
        changes, hits = _changes(before, _sums(connection, measure)), _hits(connection, measure)
    acted = {hit.rule for hit in hits}
    return Preview(
        measure=measure,
        changes=tuple(changes),
        moves=tuple(moves),
        hits=tuple(hits),
        silent=tuple(number for number in range(1, rule_count + 1) if number not in acted),
        silent_pools=tuple(split.pool for split in candidate.splits if split.pool not in acted),
    )


def _moves(
    connection: duckdb.DuckDBPyConnection, base: str, current: Attribution, candidate: Attribution, measure: str
) -> list[Move]:
    """Cost by owner before and after, rows of base compared one by one; pools count as owners."""
    owner = f"COALESCE({POOL}, x_Team)"
    ours = ", ".join((*ATTRIBUTES, RULES, POOL))
    before = f"SELECT * EXCLUDE ({ours}), {owner} AS x_Owner FROM ({current.select(base)})"
    rows = connection.execute(
        f"SELECT x_Owner, {owner} AS x_NewOwner, {CURRENCY}, SUM({measure}) AS amount, "
        f"CAST(SUM({LINE_ITEMS}) AS BIGINT) FROM ({candidate.select(before)}) "
        f"WHERE x_Owner IS DISTINCT FROM {owner} GROUP BY ALL ORDER BY ABS(amount) DESC NULLS LAST, 1, 2, 3"
    ).fetchall()
    return [Move(*row) for row in rows]


def _sums(connection: duckdb.DuckDBPyConnection, measure: str) -> dict[tuple[str, str | None, str], Decimal | None]:
    found = {}
    for name in COMPARED:
        rows = connection.execute(f"SELECT {name}, {CURRENCY}, SUM({measure}) FROM {CUBE} GROUP BY ALL").fetchall()
        found.update({(name, value, currency): amount for value, currency, amount in rows})
    return found


def _changes(
    before: dict[tuple[str, str | None, str], Decimal | None], after: dict[tuple[str, str | None, str], Decimal | None]
) -> list[Change]:
    changes = []
    for key in sorted(
        {*before, *after}, key=lambda key: (COMPARED.index(key[0]), key[2], key[1] is None, key[1] or "")
    ):
        today, then = (sums.get(key, Decimal(0)) for sums in (before, after))
        if today != then:
            changes.append(Change(*key, today, then))
    return changes


def _hits(connection: duckdb.DuckDBPyConnection, measure: str) -> list[Hit]:
    """Line items that each rule decides in any dimension, and that each pool takes."""
    rules = (
        f"SELECT CAST(number AS INTEGER) AS number, {CURRENCY}, SUM({measure}), CAST(SUM({LINE_ITEMS}) AS BIGINT) "
        f"FROM (SELECT *, UNNEST(LIST_DISTINCT(STRING_SPLIT({RULES}, ','))) AS number FROM {CUBE}) "
        "WHERE number <> '0' GROUP BY ALL ORDER BY 1, 2"
    )
    pools = (
        f"SELECT {POOL}, {CURRENCY}, SUM({measure}), CAST(SUM({LINE_ITEMS}) AS BIGINT) FROM {CUBE} "
        f"WHERE {POOL} IS NOT NULL GROUP BY ALL ORDER BY 1, 2"
    )
    return [Hit(*row) for query in (rules, pools) for row in connection.execute(query).fetchall()]
