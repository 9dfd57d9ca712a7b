"""The base of a batch as tables: ``meanings`` are combinations of FOCUS texts and tags, ``figures`` their days.

Texts are few and figures many, so they lie apart until somebody asks for both: the view ``base`` puts them together.
Both ways of reading an export end here: line by line (``create_by_line``), or by way of sums (``summed``).
"""

from __future__ import annotations

import duckdb

from costlib.focus import ACCOUNT, BASE_TEXTS, DAY, LINE_ITEMS, MEASURES, MONTH, SOURCE, TAGS
from costlib.sources.discovery import Export
from costlib.sources.native import literal
from costlib.sources.summed import UNREADABLE
from costlib.store.base import DEFECT, DELIVERY, base_select, defect, tag_maps_select
from costlib.store.parts import DAYS, LISTED, TEXTS

#: The number of a meaning, in the order of accounts and resources.
MEANING = "x_Meaning"
TEXTS_AND_TAGS = ", ".join((*BASE_TEXTS, TAGS))
#: Parts one after the other, each by resource and day.
FIGURES_ORDER = f"{DELIVERY}, {MONTH}, {MEANING}, {DAY}"
#: The rows that have a meaning, as a list of what names them.
_NAMED = "x_Named"


def create_by_line(connection: duckdb.DuckDBPyConnection, export: Export, number: str) -> None:
    """Create the tables and the view with every line item mapped by itself; ``number`` is that of its delivery."""
    connection.execute(f"CREATE TEMP TABLE mapped AS {base_select(export, number)}")
    connection.execute(f"CREATE TEMP TABLE meanings AS {meanings_select('mapped', 'rowid')}")
    columns = ", ".join((DAY, MONTH, *MEASURES, LINE_ITEMS, f"{DEFECT} AS {UNREADABLE}", DELIVERY))
    connection.execute(
        f"CREATE TEMP TABLE figures AS SELECT {MEANING}, {columns} FROM mapped JOIN ({meant_select('x_Row')}) "
        f"ON mapped.rowid = x_Row ORDER BY {FIGURES_ORDER}"
    )
    connection.execute("DROP TABLE mapped")
    create_view(connection, export.name)


def meanings_select(rows: str, name: str) -> str:
    """FOCUS texts of the rows, each combination of them once, with the names of the rows that have them."""
    found = f"SELECT LIST({name}) AS {_NAMED}, {TEXTS_AND_TAGS} FROM {rows} GROUP BY {TEXTS_AND_TAGS}"
    return (
        f"WITH found AS MATERIALIZED ({found}) "
        f"SELECT ROW_NUMBER() OVER (ORDER BY {ACCOUNT}, ResourceId) AS {MEANING}, found.* REPLACE (x_Map AS {TAGS}) "
        f"FROM found LEFT JOIN ({tag_maps_select('found')}) ON {TAGS} = x_Text"
    )


def meant_select(name: str) -> str:
    """The meaning of every row, by its name."""
    return f"SELECT {MEANING}, UNNEST({_NAMED}) AS {name} FROM meanings"


def create_view(connection: duckdb.DuckDBPyConnection, source: str) -> None:
    """Create the view ``base``: texts and figures together, and why rows cannot be loaded."""
    connection.execute(
        f"CREATE TEMP VIEW base AS SELECT {MEANING}, {DAY}, {MONTH}, {TEXTS_AND_TAGS}, {literal(source)} AS {SOURCE}, "
        f"{', '.join(MEASURES)}, {LINE_ITEMS}, {defect(UNREADABLE)} AS {DEFECT}, {DELIVERY} "
        f"FROM figures JOIN meanings USING ({MEANING})"
    )


def part_select(source: str, condition: str) -> str:
    """The rows of a part (see ``parts``): base rows that are sound and meet the condition, by account and resource."""
    sound = f"SELECT {MEANING}, {MONTH}, {LISTED} FROM base WHERE {condition} AND {DEFECT} IS NULL GROUP BY ALL"
    texts = f"SELECT {MEANING}, {TEXTS_AND_TAGS}, {literal(source)} AS {SOURCE} FROM meanings"
    return f"SELECT {MONTH}, {TEXTS}, {DAYS} FROM ({sound}) JOIN ({texts}) USING ({MEANING}) ORDER BY {MEANING}"
