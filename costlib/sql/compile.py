"""One SELECT for every engine: read in DuckDB's dialect, held against what may be used, written for one engine.

Small on purpose: what goes to an engine reads an export and sums it. Regular expressions, lambdas, joins, attribution
rules and splits do not; a SELECT that uses more than ``FUNCTIONS`` and the placeholders of ``engines`` is refused when
it is compiled, and so by the first test that runs.
"""

from __future__ import annotations

from typing import Final

import sqlglot
from sqlglot import exp

from costlib.sql.engines import PLACEHOLDERS, Engine

#: Functions that every engine has and that mean the same in all of them.
FUNCTIONS: Final = frozenset({"CASE", "IF", "CAST", "COALESCE", "COUNT", "EXISTS", "MAX", "MIN", "SUM", "UNNEST"})
#: Clauses that do not go to an engine.
_REFUSED: Final = (exp.Join, exp.Lambda, exp.Window, exp.Star, exp.Command, exp.DDL, exp.DML, exp.Parameter)


class NotPortable(ValueError):
    """A SELECT uses what not every engine is known to have; a mistake of ours, never of a user."""


def compiled(select: str, engine: Engine) -> str:
    """The SELECT in the engine's dialect, one clause a line, placeholders written out.

    Raises ``NotPortable``.

    >>> compiled("SELECT DAY_UTC(t) AS d, SUM(c) AS c FROM x GROUP BY d", Engine.BIGQUERY).replace(chr(10), " ")
    "SELECT   DATE(t, 'UTC') AS d,   SUM(c) AS c FROM x GROUP BY   d"
    """
    (statement,) = sqlglot.parse(select, read=Engine.DUCKDB)
    if not isinstance(statement, exp.Select):
        raise NotPortable(f"no SELECT: {select[:80]}")
    _check(statement)
    return statement.transform(_written_out, engine).sql(dialect=engine, pretty=True)


def _check(statement: exp.Select) -> None:
    for node in statement.walk():
        if isinstance(node, _REFUSED) and not _counts_rows(node):
            raise NotPortable(f"{type(node).__name__} in {node.sql()[:80]}")
        if isinstance(node, exp.Func) and not isinstance(node, exp.Connector):
            name = node.name.upper() if isinstance(node, exp.Anonymous) else node.sql_name()
            if name not in FUNCTIONS and name not in PLACEHOLDERS[Engine.DUCKDB]:
                raise NotPortable(f"{name} in {node.sql()[:80]}")


def _counts_rows(node: exp.Expr) -> bool:
    return isinstance(node, exp.Star) and isinstance(node.parent, exp.Count)


def _written_out(node: exp.Expr, engine: Engine) -> exp.Expr:
    """A placeholder as the engine writes it, its arguments too; anything else as it is."""
    if not isinstance(node, exp.Anonymous):
        return node
    template: exp.Expr = sqlglot.parse_one(PLACEHOLDERS[engine][node.name.upper()], read=engine)
    given = {name: part.transform(_written_out, engine) for name, part in zip("xy", node.expressions, strict=False)}
    written: exp.Expr = template.transform(
        lambda part: given[part.name].copy() if isinstance(part, exp.Column) and part.sql() in given else part
    )
    return written
