"""Metrics by a query to SQLite and PostgreSQL: the same rows as a file, read only, refused in plain words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from costlib.errors import EmptyExport, InputError, MissingColumn, UnreadableFile
from costlib.metrics.business import load_from, shelf, volumes
from costlib.metrics.database import read_database
from costlib.metrics.read import SCHEMA, read_metrics
from tests.state.servers import NoServer, postgresql

TABLE = "CREATE TABLE sales (happened TIMESTAMP, shop VARCHAR(20), orders INTEGER, margin NUMERIC(12, 2))"
ROWS = (
    "INSERT INTO sales VALUES ('2026-09-01 08:00:00', 'web', 40, 120.50), ('2026-09-01 21:30:00', 'web', 2, 1.25), "
    "('2026-09-02 00:00:00', 'app', 5, NULL)"
)
QUERY = """
-- 100 % of the orders; a colon: it is no parameter
SELECT {day} AS "Day", 'Orders' AS metric, shop AS model, SUM(orders) AS value, NULL AS unit
FROM sales WHERE shop LIKE '%' GROUP BY 1, 2, 3
UNION ALL
SELECT {day}, 'margin', shop, SUM(margin), 'USD' FROM sales WHERE margin IS NOT NULL GROUP BY 1, 2, 3;
"""
SQLITE_DAY, POSTGRESQL_DAY = "date(happened)", "date_trunc('day', happened AT TIME ZONE 'UTC')"
MARGIN = {"day": date(2026, 9, 1), "metric": "margin", "team": None, "model": "web"} | {
    "value": Decimal("121.750000000"),
    "unit": "USD",
}


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    try:
        with postgresql() as url:
            yield url
    except NoServer as missing:
        pytest.skip(str(missing))


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database with the sales in it, by its address."""
    url = f"sqlite:///{tmp_path}/shop.db"
    if request.param == "postgresql":
        url = str(request.getfixturevalue("server"))
    engine = create_engine(url)
    with engine.begin() as connection:
        for statement in ("DROP TABLE IF EXISTS sales", TABLE, ROWS):
            connection.exec_driver_sql(statement)
    engine.dispose()
    return f"sql:{url}"


def asked(folder: Path, text: str, name: str = "daily.sql") -> Path:
    path = folder / name
    path.write_text(text)
    return path


def daily(address: str, folder: Path) -> Path:
    return asked(folder, QUERY.format(day=SQLITE_DAY if "sqlite" in address else POSTGRESQL_DAY))


def test_a_query_gives_what_a_file_of_the_same_rows_gives(address: str, tmp_path: Path) -> None:
    path = tmp_path / "same.csv"
    path.write_text(
        "day,metric,model,value,unit\n2026-09-01,orders,web,42,\n2026-09-02,orders,app,5,\n"
        "2026-09-01,margin,web,121.75,USD\n"
    )
    order = [("metric", "descending"), ("day", "ascending")]
    found = read_database(address, daily(address, tmp_path))
    assert found.schema == SCHEMA
    assert found.sort_by(order) == read_metrics(path).sort_by(order)
    assert found.sort_by(order).to_pylist()[-1] == MARGIN


def test_it_is_kept_under_the_querys_name_and_again_changes_nothing(address: str, tmp_path: Path) -> None:
    root, query = tmp_path / "store", daily(address, tmp_path)
    first, second = (load_from(root, address, query) for _ in range(2))
    assert (first.source, first.rows, first.changed) == ("daily", 3, ("2026-09",))
    assert second.changed == ()
    assert {(one.metric, one.value) for one in volumes(root)} == {("orders", 42), ("orders", 5), ("margin", 121.75)}


@pytest.mark.parametrize("text", ["DELETE FROM sales", "DROP TABLE sales", "INSERT INTO sales (shop) VALUES ('x')"])
def test_a_query_that_writes_is_refused_by_the_database(address: str, tmp_path: Path, text: str) -> None:
    with pytest.raises(InputError, match=r"did not answer the query: .*(readonly|syntax error)"):
        read_database(address, asked(tmp_path, text))
    assert read_database(address, daily(address, tmp_path)).num_rows == 3


def test_a_query_that_writes_by_a_function_is_refused_by_postgresql(server: str, tmp_path: Path) -> None:
    engine = create_engine(server)
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE SEQUENCE IF NOT EXISTS numbers")
    engine.dispose()
    query = asked(tmp_path, "SELECT '2026-09-01' AS day, 'orders' AS metric, nextval('numbers') AS value")
    with pytest.raises(InputError, match="in a read-only transaction"):
        read_database(f"sql:{server}", query)


def test_more_rows_than_are_taken_are_refused_with_the_number(address: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="gives more than 2 rows"):
        read_database(address, daily(address, tmp_path), most=2)
    assert read_database(address, daily(address, tmp_path), most=3).num_rows == 3


def test_rows_that_cannot_be_used_are_named_and_nothing_is_loaded(address: str, tmp_path: Path) -> None:
    query = asked(tmp_path, "SELECT happened AS day, 'orders' AS metric, orders AS value FROM sales ORDER BY happened")
    with pytest.raises(InputError) as refused:
        load_from(tmp_path / "store", address, query)
    assert "row 1: the day" in str(refused.value)
    assert "row 2: the day" in str(refused.value)
    assert shelf(tmp_path / "store").parts() == ()


def test_a_column_that_is_missing_is_named(address: str, tmp_path: Path) -> None:
    query = asked(tmp_path, "SELECT happened AS day, orders AS value FROM sales")
    with pytest.raises(MissingColumn, match=r"daily\.sql has no column metric"):
        read_database(address, query)


def test_no_rows_are_an_error_and_not_an_empty_load(address: str, tmp_path: Path) -> None:
    query = asked(tmp_path, "SELECT '2026-09-01' AS day, 'orders' AS metric, 1 AS value WHERE 1 = 0")
    with pytest.raises(EmptyExport, match="has no rows"):
        read_database(address, query)


def test_a_slip_in_the_query_is_told_in_the_databases_words(address: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"(no such table|relation).*nothing_here"):
        read_database(address, asked(tmp_path, "SELECT * FROM nothing_here"))


def test_a_statement_without_rows_is_no_query(tmp_path: Path) -> None:
    create_engine(f"sqlite:///{tmp_path}/a.db").connect().close()
    with pytest.raises(InputError, match="gives no rows"):
        read_database(f"sql:sqlite:///{tmp_path}/a.db", asked(tmp_path, "PRAGMA cache_size = 7"))


def test_days_with_a_zone_are_those_of_utc(server: str, tmp_path: Path) -> None:
    """Half past midnight in Paris on 2 September is 1 September in UTC, wherever the server thinks it is."""
    text = (
        "SELECT date_trunc('day', TIMESTAMPTZ '2026-09-02 00:30:00+02') AS day, 'orders' AS metric, 1::bigint AS value"
    )
    (row,) = read_database(f"sql:{server}", asked(tmp_path, text)).to_pylist()
    assert row["day"] == date(2026, 9, 1)


@pytest.mark.parametrize(
    "address",
    ["sql:mysql://me:secret@host/db", "sql:sqlite://", "sql:not a url secret", "sql:postgresql://me:secret@host"],
)
def test_other_addresses_are_refused_without_their_password(tmp_path: Path, address: str) -> None:
    with pytest.raises(InputError, match="Expected: sql:sqlite") as refused:
        read_database(address, asked(tmp_path, "SELECT 1"))
    assert "secret" not in str(refused.value)


def test_a_server_that_is_not_there_is_told_without_the_password(tmp_path: Path) -> None:
    address = f"sql:postgresql://me:s3cret@/name?host={tmp_path}&connect_timeout=2"
    with pytest.raises(InputError, match="did not answer the query") as refused:
        read_database(address, asked(tmp_path, "SELECT 1"))
    assert "s3cret" not in str(refused.value)
    assert "postgresql://me:***@" in str(refused.value)


def test_a_file_that_is_no_database_or_not_there(tmp_path: Path) -> None:
    (tmp_path / "text.db").write_text("no database, however long this text may be" * 50)
    query = asked(tmp_path, "SELECT * FROM sales")
    for name, words in (("text.db", "not a database"), ("gone.db", "There is no database .*gone.db")):
        with pytest.raises(InputError, match=words):
            read_database(f"sql:sqlite:///{tmp_path}/{name}", query)
    assert not (tmp_path / "gone.db").exists()


def test_a_query_that_cannot_be_read_or_says_nothing(tmp_path: Path) -> None:
    address = f"sql:sqlite:///{tmp_path}/a.db"
    with pytest.raises(UnreadableFile, match="cannot be read"):
        read_database(address, tmp_path / "gone.sql")
    with pytest.raises(InputError, match="is empty"):
        read_database(address, asked(tmp_path, " ;\n"))


def test_a_database_without_a_query_and_the_reverse(tmp_path: Path) -> None:
    for where, query in (("sql:sqlite:///a.db", None), ("m.csv", tmp_path / "q.sql")):
        with pytest.raises(InputError, match="go together"):
            load_from(tmp_path / "store", where, query)
