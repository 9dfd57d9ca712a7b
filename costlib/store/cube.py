"""The second stage: attribution applied to the base, and the daily cube that pages read.

The tables of a cube file (see ``cube_file``) are

* ``resource_days``   a view: every base row with our dimensions, pool rows whole. Days and measures lie in the table
                      ``figures``, all else in ``meanings``, which holds every combination once;
* ``pool_shares``     what each receiver takes of each pool and period (see ``splits``);
* ``cube``            a view: the sums over ``CUBE_DIMENSIONS``, pools cut into their parts: what pages read (see
                      ``cube_direct``);
* ``resource_parts``  a view: ``resource_days`` with pools cut, for questions below the cube;
* ``pool_days``       each pool by day and receiver, on both bases (see ``pool_days``);
* ``usage``           the usage records that count.

All follow from the base parts, never from an export. Here are their SELECTs, which ``cube_make`` and
``cube_pools`` run.
"""

from __future__ import annotations

import hashlib
import json
from typing import Protocol

from costlib.focus import (
    ATTRIBUTES,
    BASE_DIMENSIONS,
    COST_KIND,
    CUBE_DIMENSIONS,
    DAY,
    LINE_ITEMS,
    MEASURES,
    POOL,
    RULES,
    TIMES,
)
from costlib.store import engine
from costlib.store.parts import TEXTS, unpacked_select
from costlib.store.splits import Facts, Share, Split, direct_select

RESOURCE_DAYS, RESOURCE_PARTS, CUBE = "resource_days", "resource_parts", "cube"
#: Names a combination of texts and tags, and it with the days of one state of the rules. The engine has one hash for no
#: tags and for an empty map of them, whatever the attempt.
_HASH = "HASH({texts}, Tags IS NULL, {attempt})"
_NAME = "HASH(x_Texts, {since})"
FIGURES, MEANINGS, MEANING = "figures", "meanings", "x_Meaning"
COMBINATIONS = "combinations"
#: Names the texts of rows at the cube's grain.
NUMBER = "x_Number"
_CUBE_TEXTS = ", ".join(name for name in CUBE_DIMENSIONS if name not in (*TIMES, COST_KIND))
_SUMS = ", ".join(f"SUM({name}) AS {name}" for name in MEASURES)
_UNKNOWN = ", ".join(f"{name} IS NULL" for name in MEASURES)


class Attribution(Protocol):
    """What decides our dimensions."""

    @property
    def digest(self) -> str:
        """A name for what it does; another digest makes another generation."""

    @property
    def splits(self) -> tuple[Split, ...]:
        """The pools of shared cost."""

    @property
    def since(self) -> str:
        """An SQL expression over the usage day: the last day up to it on which any rule began or ended to hold."""

    def select(self, base: str) -> str:
        """The SELECT that adds ``ATTRIBUTES``, ``x_Rules`` and ``x_Pool`` to base rows or line items."""

    def shares(self, facts: Facts) -> list[Share]:
        """What each receiver takes of each pool and period."""


def cube_select(table: str) -> str:
    """The SELECT that sums attributed rows to the cube's grain; unknown measures stand apart from known ones."""
    dimensions = ", ".join(CUBE_DIMENSIONS)
    return (
        f"SELECT {dimensions}, {_SUMS}, CAST(SUM({LINE_ITEMS}) AS BIGINT) AS {LINE_ITEMS} FROM {table} "
        f"GROUP BY {dimensions}, {_UNKNOWN} ORDER BY {DAY}"
    )


def combinations_select(parts: str, figures: str, attribution: Attribution, attempt: int) -> str:
    """Combinations of texts and tags, each with its name, once for every state of the rules in which it has figures.

    ``figures`` are those of the parts.
    """
    told = f"SELECT DISTINCT {_HASH.format(texts=TEXTS, attempt=attempt)} AS x_Texts, {TEXTS} FROM ({parts})"
    states = f"SELECT DISTINCT {attribution.since} AS x_Since FROM {figures}"
    named = f"SELECT {_NAME.format(since='x_Since')} AS {MEANING}, x_Since AS {DAY}, {TEXTS} FROM ({told}), ({states})"
    return f"SELECT * FROM ({named}) SEMI JOIN {figures} USING ({MEANING})"


def figures_select(parts: str, attribution: Attribution, attempt: int) -> str:
    """Days and measures of base rows, each with the name of its combination, from the rows of parts."""
    named = f"SELECT *, {_HASH.format(texts=TEXTS, attempt=attempt)} AS x_Texts FROM ({parts})"
    days = unpacked_select(named, "x_Texts")
    name = _NAME.format(since=attribution.since)
    return f"SELECT {name} AS {MEANING}, {', '.join((*TIMES, *MEASURES, LINE_ITEMS))} FROM ({days})"


def resource_days_select() -> str:
    """Base rows with our dimensions, from figures and meanings."""
    columns = ", ".join((*BASE_DIMENSIONS, *MEASURES, LINE_ITEMS, *ATTRIBUTES, RULES, POOL))
    meanings = f"SELECT * EXCLUDE ({DAY}) FROM {MEANINGS}"
    return f"SELECT {columns} FROM {FIGURES} JOIN ({meanings}) USING ({MEANING})"


def whole_select(figures: str, meanings: str, condition: str) -> str:
    """Rows at the cube's grain, pools whole, of the combinations that meet the condition."""
    columns = ", ".join((*TIMES, _CUBE_TEXTS, *MEASURES, LINE_ITEMS))
    alike, added = _alike_select(meanings, condition), added_select(figures, "alike")
    return f"WITH alike AS MATERIALIZED ({alike}) SELECT {columns} FROM ({added}) JOIN alike USING ({NUMBER})"


def direct_texts_select(meanings: str, last: str) -> str:
    """The texts of the cube's rows that no pool took, numbered after ``last``, with the combinations that have them."""
    return direct_select(f"({_alike_select(meanings, f'{POOL} IS NULL', last)})")


def added_select(figures: str, alike: str) -> str:
    """Days and measures summed by the number of their combinations' texts at the cube's grain."""
    times = ", ".join(TIMES)
    return (
        f"SELECT {NUMBER}, {times}, {_SUMS}, CAST(SUM({LINE_ITEMS}) AS BIGINT) AS {LINE_ITEMS} FROM {figures} "
        f"JOIN (SELECT {NUMBER}, UNNEST(x_Meanings) AS {MEANING} FROM {alike}) USING ({MEANING}) "
        f"GROUP BY {NUMBER}, {times}, {_UNKNOWN}"
    )


def _alike_select(meanings: str, condition: str, last: str = "0") -> str:
    """The texts at the cube's grain, numbered, with the combinations that are one there."""
    return (
        f"SELECT {last} + ROW_NUMBER() OVER () AS {NUMBER}, LIST({MEANING}) AS x_Meanings, {_CUBE_TEXTS} "
        f"FROM {meanings} WHERE {condition} GROUP BY {_CUBE_TEXTS}"
    )


def recipe(attribution: Attribution, attempt: int) -> str:
    """A name for how the rows of a month are made from its base: by which rules, queries and engine."""
    cube = (direct_texts_select(MEANINGS, "0"), added_select(FIGURES, "alike"))
    queries = [figures_select("parts", attribution, attempt), resource_days_select(), *cube]
    return _digest(engine.version(), attribution.digest, attribution.select("base"), *queries)


def figures_recipe(attribution: Attribution, attempt: int) -> str:
    """A name for how the figures of a month are made from its base, which rules decide by their days alone."""
    return _digest(engine.version(), figures_select("parts", attribution, attempt))


def _digest(*made: str) -> str:
    return hashlib.sha256(json.dumps(made).encode()).hexdigest()
