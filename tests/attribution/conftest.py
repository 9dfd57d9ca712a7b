"""Rules applied to a handful of base rows, in the engine, without a store."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any

import pyarrow as pa
import pytest

from costlib.attribution.rules import RuleSet
from costlib.focus import ATTRIBUTES, BASE_TEXTS, DAY, RULES, SOURCE, TAGS
from costlib.store.engine import connect

Applied = Callable[..., list[dict[str, Any]]]


@pytest.fixture(scope="session")
def engine() -> Iterator[Any]:
    with connect() as connection:
        yield connection


@pytest.fixture(scope="session")
def apply(engine: Any) -> Applied:
    """``apply(rules, row, ...)``: what the rules find for each row; a row is its columns, ``tags`` and ``day``."""

    def run(rules: RuleSet, *rows: Mapping[str, Any]) -> list[dict[str, Any]]:
        columns = {name: pa.array([row.get(name) for row in rows], pa.string()) for name in (*BASE_TEXTS, SOURCE)}
        tags = [None if row.get("tags", {}) is None else list(row.get("tags", {}).items()) for row in rows]
        columns[TAGS] = pa.array(tags, pa.map_(pa.string(), pa.string()))
        columns[DAY] = pa.array([row.get("day", date(2026, 9, 5)) for row in rows], pa.date32())
        columns["n"] = pa.array(range(len(rows)))
        engine.register("rows_given", pa.table(columns))
        found = engine.execute(
            f"SELECT {', '.join((*ATTRIBUTES, RULES))} FROM ({rules.select('FROM rows_given')}) ORDER BY n"
        )
        return [dict(zip((*ATTRIBUTES, RULES), row, strict=True)) for row in found.fetchall()]

    return run
