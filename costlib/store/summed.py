"""Base rows of exports whose mapping is additive, by way of sums (see ``sources.summed``).

Texts are mapped once for every combination of them, which are far fewer than base rows; what they become is the
*meaning* of the combination. Measures are mapped once for every sum. The outcome is that of mapping every line item.
"""

from __future__ import annotations

import duckdb

from costlib import money
from costlib.focus import BASE_TEXTS, DAY, LINE_ITEMS, MEASURES, MONTH, TAGS
from costlib.sources.base import Mapped
from costlib.sources.discovery import Export
from costlib.sources.files import scan
from costlib.sources.summed import COMBINATION, EXPORT, IS_SUM, LINES, UNREADABLE, SummedColumns
from costlib.store.base import DELIVERY
from costlib.store.base_tables import FIGURES_ORDER, MEANING, create_view, meanings_select, meant_select


def is_summable(export: Export) -> bool:
    """Whether the export's line items may be added up before they are mapped: one layout, no rows that cut others."""
    source, layouts = export.source, export.by_layout()
    columns = layouts[0][0].native()
    return source.additive and len(layouts) == 1 and not source.apart(columns) and not source.parts(columns)


def create_base(connection: duckdb.DuckDBPyConnection, export: Export, number: str) -> bool:
    """Create what ``create_by_line`` would; False, and nothing, where two combinations have the same hash."""
    ((layout, files),) = export.by_layout()
    columns = SummedColumns(layout.columns, decimal=layout.decimal, view=layout.view)
    mapping = export.source.mapping(columns)
    table = scan(layout, [file.path for file in files])
    connection.execute(f"CREATE TEMP TABLE sums AS {columns.select(table, number)}")
    texts = ", ".join(columns.texts)
    connection.execute(f"CREATE TEMP TABLE combinations AS SELECT {COMBINATION}, {texts} FROM sums WHERE NOT {IS_SUM}")
    unique = f"SELECT COUNT(*) = COUNT(DISTINCT {COMBINATION}) FROM combinations"
    ((told_apart,),) = connection.execute(unique).fetchall()
    if told_apart:
        connection.execute(f"CREATE TEMP TABLE meanings AS {meanings_select(_mapped_texts(mapping), COMBINATION)}")
        connection.execute(f"CREATE TEMP TABLE figures AS {_figures_select(columns, mapping)}")
        create_view(connection, export.name)
    connection.execute("DROP TABLE sums")
    connection.execute("DROP TABLE combinations")
    return bool(told_apart)


def _mapped_texts(mapping: Mapped) -> str:
    """Combinations as FOCUS texts."""
    mapped = ", ".join(f"{mapping.get(name, 'NULL::VARCHAR')} AS {name}" for name in (*BASE_TEXTS, TAGS))
    return f"(SELECT {COMBINATION}, {mapped} FROM combinations AS native)"


def _figures_select(columns: SummedColumns, mapping: Mapped) -> str:
    """Days, measures and defects of base rows by their meaning, in the order of parts."""
    days = ", ".join(f"CAST({mapping.get(time, 'NULL::TIMESTAMP')} AS DATE) AS {time}" for time in (DAY, MONTH))
    measures = ", ".join(f"CAST({mapping.get(name, 'NULL')} AS {money.SQL_TYPE}) AS {name}" for name in MEASURES)
    figures = f"SELECT {COMBINATION}, {', '.join(columns.figures)} FROM sums WHERE {IS_SUM}"
    mapped = (
        f"SELECT {MEANING}, {days}, {measures}, {LINES}, {UNREADABLE}, {EXPORT} AS {DELIVERY} FROM ({figures}) "
        f"JOIN combinations USING ({COMBINATION}) JOIN ({meant_select(COMBINATION)}) USING ({COMBINATION})"
    )
    sums = ", ".join(f"SUM({name}) AS {name}" for name in MEASURES)
    unknown = ", ".join(f"{name} IS NULL" for name in MEASURES)
    return (
        f"SELECT {MEANING}, {DAY}, CAST(DATE_TRUNC('month', {MONTH}) AS DATE) AS {MONTH}, {sums}, "
        f"CAST(SUM({LINES}) AS BIGINT) AS {LINE_ITEMS}, {UNREADABLE}, {DELIVERY} FROM ({mapped}) "
        f"GROUP BY {MEANING}, {DAY}, DATE_TRUNC('month', {MONTH}), {unknown}, {UNREADABLE}, {DELIVERY} "
        f"ORDER BY {FIGURES_ORDER}"
    )
