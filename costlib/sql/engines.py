"""What engines write differently: each placeholder, one line an engine.

A SELECT is written in DuckDB's dialect and uses these as functions of one argument ``x`` (``TAG`` of two). All times
are UTC, whatever the engine's or the session's time zone. Money is rounded half away from zero to ``money.SCALE``
decimals, row by row, as the store does it, and summed exactly; it leaves the engine as text, because types such as
BigQuery's NUMERIC hold nine decimals and are read back as fewer.

    DAY_UTC(x)    the day of a moment
    TIME_UTC(x)   a moment as text, to the microsecond; sorts as the moments do
    SHORTEST(x)   a double as text: the shortest decimal that reads back as it
    MONEY(x)      a number, or text of one, as money; null where it is none
    PAIRS(x)      a list of keys and values as JSON text; '[]' where there is none
    TAG(x, y)     the value of a key in such a list; the last in order where it has several
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from costlib import money


class Engine(StrEnum):
    """An engine, by the name of its dialect."""

    DUCKDB = "duckdb"
    BIGQUERY = "bigquery"


#: BigQuery writes a double with at most 15 digits where they read back as it, else with 17, also where 16 would do.
_SIXTEEN: Final = "FORMAT('%.16g', x)"
_SIXTEEN_DO: Final = f"LENGTH({_SIXTEEN}) < LENGTH(CAST(x AS STRING)) AND SAFE_CAST({_SIXTEEN} AS FLOAT64) = x"
_PICKED: Final = "SELECT MAX(e.value) FROM UNNEST(x) AS {e} WHERE e.key = y"

PLACEHOLDERS: Final = {
    Engine.DUCKDB: {
        "DAY_UTC": "CAST(x AT TIME ZONE 'UTC' AS DATE)",
        "TIME_UTC": "STRFTIME(x AT TIME ZONE 'UTC', '%Y-%m-%d %H:%M:%S.%f')",
        "SHORTEST": "CAST(x AS TEXT)",
        "MONEY": f"TRY_CAST(CAST(x AS TEXT) AS {money.SQL_TYPE})",
        "PAIRS": "COALESCE(CAST(TO_JSON([{'key': e.key, 'value': e.value} FOR e IN x]) AS TEXT), '[]')",
        "TAG": f"({_PICKED.format(e='t(e)')})",
    },
    Engine.BIGQUERY: {
        "DAY_UTC": "DATE(x, 'UTC')",
        "TIME_UTC": "FORMAT_TIMESTAMP('%F %H:%M:%E6S', x, 'UTC')",
        "SHORTEST": f"CASE WHEN {_SIXTEEN_DO} THEN {_SIXTEEN} ELSE CAST(x AS STRING) END",
        "MONEY": f"ROUND(SAFE_CAST(CAST(x AS STRING) AS BIGNUMERIC), {money.SCALE})",
        "PAIRS": "TO_JSON_STRING(ARRAY(SELECT AS STRUCT e.key, e.value FROM UNNEST(x) AS e))",
        "TAG": f"({_PICKED.format(e='e')})",
    },
}
