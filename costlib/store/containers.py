"""Cost of an instance cut into the containers that ran on it, as the provider's own split rows say (AWS split cost
allocation data): the instance's line item is replaced by its parts, so that nothing counts twice.

A split row names a container, its parent, and two weights: what it used and its part of what nobody used. It has no
cost of its own and is not loaded. In every hour an instance's line items are cut at the cumulative weights as pools are
(``splits.cut``), so that the parts sum to the line item exactly in every measure. Where the weights stay below the
effective cost of the hour, the rest stays with the instance; where an hour has no split rows, so does all of it.

A part has resource, tags and operation of its container and every other column of its instance: totals by service,
account, SKU and commitment are those of the bill. Unused capacity is a part of its own, told by ``UNUSED`` at the end
of ``x_Operation``.
"""

from __future__ import annotations

from costlib.focus import ACCOUNT, CURRENCY, DAY, EFFECTIVE, MEASURES, MONTH, TAGS
from costlib.sources.native import literal
from costlib.store.splits import cut

#: What a source that has split rows says of every row: the parent (of split rows only), both weights in money, and
#: whether the row is cost that split rows divide.
PARENT, WEIGHT, UNUSED_WEIGHT, DIVISIBLE = "x_Parent", "x_Weight", "x_UnusedWeight", "x_Divisible"
HELPERS = (PARENT, WEIGHT, UNUSED_WEIGHT, DIVISIBLE)
#: 1 on the first part of every line item and 0 on the others: what counts line items.
COUNTED = "x_Counted"
UNUSED = " (unused)"
#: Weights this close to the cost are the cost: providers round them at the tenth digit.
_ROUNDING = "1e-6"

_HOUR = (ACCOUNT, MONTH, CURRENCY, DAY)
_KEY = ", ".join((*_HOUR, PARENT))
_TAKEN = ("ResourceId", TAGS, "x_Operation")


def divided(rows: str, defect: str, *, counted: bool) -> str:
    """The SELECT of the rows without split rows, divisible ones cut into their parts.

    ``rows`` is a SELECT of FOCUS rows with ``HELPERS`` and ``x_Apart``; ``defect`` names the column that is null on
    sound rows. ``counted`` adds ``COUNTED``.
    """
    same = " AND ".join(f"p.{name} = i.{name}" for name in _HOUR)
    taken = [f"CASE WHEN p.x_IsPart THEN p.{name} ELSE i.{name} END AS {name}" for name in _TAKEN]
    first, last = "COALESCE(p.x_Before, 0)", "COALESCE(p.x_After, 1)"
    cuts = [f"{cut(f'i.{name}', last)} - {cut(f'i.{name}', first)} AS {name}" for name in MEASURES]
    count = f", CASE WHEN {first} > 0 THEN 0 ELSE 1 END AS {COUNTED}" if counted else ""
    return (
        f"SELECT i.* EXCLUDE ({', '.join((*HELPERS, 'x_Apart'))}) REPLACE ({', '.join((*taken, *cuts))}){count} "
        f"FROM ({rows}) AS i LEFT JOIN ({_bounds(rows, defect)}) AS p "
        f"ON i.{DIVISIBLE} AND i.{defect} IS NULL AND p.{PARENT} = i.ResourceId AND {same} WHERE NOT i.x_Apart"
    )


def _bounds(rows: str, defect: str) -> str:
    """Every part of an instance's hour with its bounds; the last one is what stays with the instance, where any does.

    Bounds are reached in a fixed order, and the last of a whole hour is exactly 1.
    """
    concerned = (
        f"SELECT {', '.join((*_HOUR, *_TAKEN, *HELPERS))}, {EFFECTIVE}, x_Apart FROM ({rows}) "
        f"WHERE (x_Apart AND {PARENT} IS NOT NULL) OR ({DIVISIBLE} AND {defect} IS NULL)"
    )
    whole = f"CASE WHEN x_All < x_Cost * (1 - {_ROUNDING}) THEN x_Cost ELSE x_All END"
    running = f"SUM(x_Part) OVER (PARTITION BY {_KEY} ORDER BY {', '.join(_TAKEN)} ROWS UNBOUNDED PRECEDING)"
    reached = f"SELECT *, {running} AS x_Reached, {whole} AS x_Whole FROM ({_PARTS})"
    share = "CAST({} AS DOUBLE) / CAST(x_Whole AS DOUBLE)"
    return (
        f"WITH concerned AS MATERIALIZED ({concerned}) SELECT {_KEY}, {', '.join(_TAKEN)}, x_IsPart, "
        f"{share.format('(x_Reached - x_Part)')} AS x_Before, "
        f"CASE WHEN x_Reached = x_Whole THEN 1 ELSE {share.format('x_Reached')} END AS x_After FROM ({reached})"
    )


_SPLIT = (
    f"SELECT {_KEY}, ResourceId, {TAGS}, UNNEST([x_Operation, CONCAT(x_Operation, {literal(UNUSED)})]) AS x_Operation, "
    f"UNNEST([SUM(GREATEST({WEIGHT}, 0)), SUM(GREATEST({UNUSED_WEIGHT}, 0))]) AS x_Part "
    f"FROM concerned WHERE x_Apart GROUP BY {_KEY}, ResourceId, {TAGS}, concerned.x_Operation"
)
_COST = (
    f"SELECT {', '.join(_HOUR)}, ResourceId AS {PARENT}, SUM({EFFECTIVE}) AS x_Cost FROM concerned WHERE {DIVISIBLE} "
    "GROUP BY ALL"
)
_WEIGHED = (
    f"SELECT b.*, SUM(x_Part) OVER (PARTITION BY {_KEY}) AS x_All, COALESCE(x_Cost, 0) AS x_Cost "
    f"FROM ({_SPLIT}) AS b LEFT JOIN ({_COST}) AS c USING ({_KEY}) WHERE x_Part > 0"
)
_REST = (
    f"SELECT {_KEY}, NULL, NULL, NULL, MAX(x_Cost) - MAX(x_All), MAX(x_All), MAX(x_Cost), FALSE FROM ({_WEIGHED}) "
    f"GROUP BY {_KEY} HAVING MAX(x_All) < MAX(x_Cost) * (1 - {_ROUNDING})"
)
#: Parts of an instance's hour by weight, and the rest that stays with it as a part that takes nothing.
_PARTS = f"SELECT *, TRUE AS x_IsPart FROM ({_WEIGHED}) UNION ALL {_REST}"
