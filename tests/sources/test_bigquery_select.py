"""The SELECTs for BigQuery: as they were last looked at, and the same answer from Google's evaluator as from DuckDB."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Context, Decimal
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import sqlglot
from hypothesis import example, given
from hypothesis import strategies as st

from costlib.errors import InputError, MissingColumn
from costlib.sources.bigquery_address import asked
from costlib.sources.bigquery_select import base_columns, base_select, check, list_and_key, months_select
from costlib.sql.compile import NotPortable, compiled
from costlib.sql.engines import PLACEHOLDERS, Engine
from tests.bills import few
from tests.sources.bigquery_table import NAME, PARTITION, SCHEMA, TABLE, exported, fields

GOLDEN = Path(__file__).parents[1] / "golden"
SPAN = asked(f"bigquery://{NAME}?from=2026-08&to=2026-10").span
STANDARD = pa.schema([field for field in SCHEMA if field.name not in ("resource", "subscription")])
NUMERIC = fields() | {"cost": "NUMERIC", "credits.amount": "NUMERIC"}
#: Where a session's own time zone is, whose midnight is not that of the bill.
ELSEWHERE = "America/Los_Angeles"

SELECTS = {
    "bigquery-months": months_select(NAME, fields(), PARTITION, SPAN),
    "bigquery-base": base_select(NAME, fields(), PARTITION, SPAN),
    "bigquery-base-standard": base_select(NAME, fields(STANDARD), "export_time", SPAN, ("team", "tag/env", "o'k")),
    "bigquery-base-numeric": base_select(NAME, NUMERIC, PARTITION, SPAN, ()),
}


@pytest.mark.parametrize("name", SELECTS)
def test_golden_sql(name):
    path, sql = GOLDEN / f"{name}.sql", compiled(SELECTS[name], Engine.BIGQUERY) + "\n"
    if os.environ.get("GOLDEN"):
        path.write_text(sql, encoding="utf-8")
    assert sql == path.read_text(encoding="utf-8"), "read the difference; if it is meant: make golden"


@pytest.mark.parametrize("name", SELECTS)
def test_every_query_filters_by_partition_with_a_margin_for_late_rows(name):
    partition = "export_time" if "standard" in name else PARTITION
    sql = compiled(SELECTS[name], Engine.BIGQUERY)
    assert f"{partition} >= CAST('2026-07-01 00:00:00+00' AS TIMESTAMP)" in sql
    assert f"{partition} < CAST('2026-12-02 00:00:00+00' AS TIMESTAMP)" in sql


def in_duckdb(select, rows, path):
    """The SELECT's rows from DuckDB, as text, in a session whose time zone is not UTC."""
    pq.write_table(pa.Table.from_pylist(rows, schema=TABLE), path)
    with duckdb.connect() as connection:
        connection.execute(f"SET TimeZone = '{ELSEWHERE}'")
        connection.execute(f"CREATE VIEW \"{NAME}\" AS FROM '{path}'")
        return connection.execute(compiled(select, Engine.DUCKDB)).fetchall()


def plain(rows, names, amounts):
    """Rows by column, money as numbers, in an order of their own."""
    found = [dict(zip(names, row, strict=True)) for row in rows]
    for row in found:
        row |= {name: Decimal(row[name]) for name in amounts if row[name] is not None}
    return sorted(found, key=lambda row: [str(row[name]) for name in names])


ROWS = [
    # 23:30 on 31 August in Pacific time is 1 September in UTC; 23:30 UTC is still the afternoon in Pacific time
    exported("2026-09-01", usage_start_time="2026-09-01 06:30:00 UTC", invoice={"month": "202608"}),
    exported("2026-09-01", usage_start_time="2026-08-31 23:30:00 UTC", invoice={"month": "202608"}),
    exported("2026-09-01", usage_start_time="2026-09-01 00:00:00 UTC"),
    exported("2026-09-01", usage_start_time="2026-08-31 23:59:59 UTC"),
    # the night in which Pacific clocks went forward
    exported("2026-09-02", usage_start_time="2026-03-08 07:59:00 UTC"),
    exported("2026-09-02", usage_start_time="2026-03-08 08:01:00 UTC"),
    # credits: none, several of one kind, of both kinds, without an amount, of no kind
    exported("2026-09-03", credits=None),
    exported("2026-09-03", credits=[]),
    exported("2026-09-03", credits=[{"amount": -0.1, "type": "PROMOTION"}, {"amount": -0.2, "type": "DISCOUNT"}]),
    exported("2026-09-03", credits=[{"amount": -0.1, "type": "COMMITTED_USAGE_DISCOUNT"}, {"amount": -0.7}]),
    exported("2026-09-03", credits=[{"amount": -1.0, "type": "COMMITTED_USAGE_DISCOUNT_DOLLAR_BASE"}]),
    exported("2026-09-03", credits=[{"name": "no amount"}, {"amount": -0.3, "type": "PROMOTION"}]),
    # what is not known, and what is odd
    exported("2026-09-04", cost_at_list=None, usage=None, location=None, resource=None, project=None, tags=None),
    exported("2026-09-04", cost=None),
    exported("2026-09-04", cost=float("nan")),
    exported("2026-09-04", cost=0.1234567890123456),
    exported("2026-09-04", cost=1e-7, credits=[{"amount": -0.30000000000000004, "type": "PROMOTION"}]),
    exported("2026-09-04", labels=[{"key": 'a"b', "value": "x\ny"}, {"key": "ü", "value": ""}], currency="USD"),
    exported("2026-09-04", labels=[{"key": "team", "value": None}]),
    # outside the months or the partitions asked for, or without a month
    exported("2026-09-05", invoice={"month": "202610"}),
    exported("2026-09-05", invoice=None),
    exported("2026-12-02"),
    exported("2026-06-30"),
]


#: Doubles as bills hold them: of any digits, and of so few that they have a short decimal.
DOUBLES = st.one_of(
    st.floats(-1e12, 1e12, allow_subnormal=False),
    st.floats(-1e-3, 1e-3, allow_subnormal=False),
    st.builds(lambda whole, places: whole / 10**places, st.integers(-(10**15), 10**15), st.integers(0, 12)),
    st.builds(lambda whole: whole / 10**16, st.integers(-(10**16), 10**16)),
)


class TestTheSameAnswer:
    @pytest.mark.parametrize("labels", [None, ("team", "tag/env", "project/owner", "ü")])
    def test_base(self, zetasql, tmp_path, labels):
        select = base_select(NAME, fields(), PARTITION, SPAN, labels)
        names = base_columns(labels)
        amounts = ("cost", "cost_at_list", "usage_amount", "pricing_amount", "committed_credit", "other_credit")
        here = in_duckdb(select, ROWS, tmp_path / "rows.parquet")
        there = zetasql.rows(compiled(select, Engine.BIGQUERY), NAME, TABLE, ROWS)
        assert plain(there, names, amounts) == plain(here, names, amounts)
        assert sum(row[-1] for row in there) == len(ROWS) - 4
        assert sqlglot.parse_one(compiled(select, Engine.BIGQUERY), read="bigquery").named_selects == list(names)

    def test_months(self, zetasql, tmp_path):
        select = SELECTS["bigquery-months"]
        there = zetasql.rows(compiled(select, Engine.BIGQUERY), NAME, TABLE, ROWS)
        here = in_duckdb(select, ROWS, tmp_path / "rows.parquet")
        names = ("invoice_month", "line_items", "exported", "first_day", "last_day", "cost", "credits")
        assert plain(there, names, ("cost", "credits")) == plain(here, names, ("cost", "credits"))
        august = next(row for row in there if row[0] == "202608")
        assert august == ("202608", 2, "2026-09-01 12:00:00.000000", "2026-09-01", "2026-09-01", "7", "-1")
        assert {row[0] for row in there} == {"202608", "202609", None}

    def test_by_hand(self, zetasql):
        rows = [
            exported("2026-09-03", usage_start_time=f"2026-09-0{day} {hour}:00:00 UTC", cost=cost, credits=credits)
            for day, hour, cost, credits in (
                (1, "06", 0.1, [{"amount": -0.01, "type": "PROMOTION"}, {"amount": -0.02, "type": "PROMOTION"}]),
                (1, "23", 0.2, [{"amount": -0.04, "type": "PROMOTION"}]),
                (2, "00", 0.4, None),
            )
        ]
        sql = compiled(base_select(NAME, fields(), PARTITION, SPAN), Engine.BIGQUERY)
        names = base_columns(None)
        found = [dict(zip(names, row, strict=True)) for row in zetasql.rows(sql, NAME, TABLE, rows)]
        assert sorted((row["usage_day"], row["cost"], row["other_credit"], row["line_items"]) for row in found) == [
            ("2026-09-01", "0.3", "-0.07", 2),
            ("2026-09-02", "0.4", None, 1),
        ]

    @few(4)
    @given(st.lists(DOUBLES, min_size=1, max_size=80))
    @example([2.0**-24])  # BigQuery writes a power of two with a digit more than it needs
    def test_doubles_read_back_and_are_rounded_row_by_row_as_the_shortest_decimal(self, zetasql, values):
        schema = pa.schema([("x", pa.float64())])
        sql = compiled(
            "SELECT SHORTEST(x) AS x, CAST(MONEY(SHORTEST(x)) AS TEXT) AS money FROM numbers", Engine.BIGQUERY
        )
        found = zetasql.rows(sql, "numbers", schema, [{"x": value} for value in values])
        shortest = [Decimal(repr(value)) for value in values]
        assert [float(text) for text, _ in found] == values
        wide = Context(prec=60, rounding=ROUND_HALF_UP)
        assert [Decimal(text) for _, text in found] == [wide.quantize(value, Decimal("1e-18")) for value in shortest]

    def test_a_sum_of_millions_keeps_its_last_digit(self, zetasql):
        amounts = [123456789012.0, 1e-15, -123456789011.0, 0.000000000000000002]
        rows = [exported("2026-09-03", cost=cost, credits=None) for cost in amounts]
        sql = compiled(SELECTS["bigquery-base"], Engine.BIGQUERY)
        (row,) = zetasql.rows(sql, NAME, TABLE, rows)
        assert dict(zip(base_columns(None), row, strict=True))["cost"] == "1.000000000000001002"


class TestPlaceholders:
    SCHEMA = pa.schema([("t", pa.timestamp("us", "UTC")), ("l", SCHEMA.field("labels").type), ("s", pa.string())])

    @pytest.mark.parametrize(
        ("expression", "row", "expected"),
        [
            ("CAST(DAY_UTC(t) AS TEXT)", {"t": datetime(2026, 9, 1, 6, 59, tzinfo=UTC)}, "2026-09-01"),
            ("CAST(DAY_UTC(t) AS TEXT)", {"t": datetime(2025, 12, 31, 23, 59, 59, tzinfo=UTC)}, "2025-12-31"),
            ("TIME_UTC(t)", {"t": datetime(2026, 9, 1, 1, 2, 3, 40, tzinfo=UTC)}, "2026-09-01 01:02:03.000040"),
            ("TAG(l, 'team')", {"l": [{"key": "Team", "value": "x"}, {"key": "team", "value": "y"}]}, "y"),
            ("TAG(l, 'team')", {"l": [{"key": "team", "value": "a"}, {"key": "team", "value": "b"}]}, "b"),
            ("TAG(l, 'team')", {"l": []}, None),
            ("TAG(l, 'team')", {"l": None}, None),
            ("PAIRS(l)", {"l": None}, "[]"),
            ("PAIRS(l)", {"l": [{"key": "a", "value": None}]}, '[{"key":"a","value":null}]'),
            ("CAST(MONEY(s) AS TEXT)", {"s": "1.5e3"}, "1500"),
            ("CAST(MONEY(s) AS TEXT)", {"s": "0.0000000000000000005"}, "0.000000000000000001"),
            ("CAST(MONEY(s) AS TEXT)", {"s": "much"}, None),
        ],
    )
    def test_one_meaning_in_both_engines(self, zetasql, tmp_path, expression, row, expected):
        select = f"SELECT {expression} AS x FROM one"
        ((there,),) = zetasql.rows(compiled(select, Engine.BIGQUERY), "one", self.SCHEMA, [row])
        pq.write_table(pa.Table.from_pylist([row], schema=self.SCHEMA), tmp_path / "one.parquet")
        with duckdb.connect() as connection:
            connection.execute(f"SET TimeZone = '{ELSEWHERE}'")
            connection.execute(f"CREATE VIEW one AS FROM '{tmp_path / 'one.parquet'}'")
            ((here,),) = connection.execute(compiled(select, Engine.DUCKDB)).fetchall()
        if "MONEY" in expression and here is not None:
            here = str(Decimal(here).normalize().__format__("f"))
        assert (there, here) == (expected, expected)

    def test_every_engine_writes_every_placeholder(self):
        assert {frozenset(written) for written in PLACEHOLDERS.values()} == {frozenset(PLACEHOLDERS[Engine.DUCKDB])}

    def test_one_inside_another(self):
        sql = compiled("SELECT MONEY(SHORTEST(c)) AS c FROM x", Engine.BIGQUERY)
        assert "SHORTEST" not in sql
        assert "MONEY" not in sql


@pytest.mark.parametrize(
    "select",
    [
        "SELECT REGEXP_MATCHES(a, 'x') FROM t",
        "SELECT LIST_TRANSFORM(a, lambda e: e + 1) FROM t",
        "SELECT a FROM t JOIN u ON t.a = u.a",
        "SELECT * FROM t",
        "SELECT SUM(a) OVER (PARTITION BY b) FROM t",
        "SELECT STRFTIME(a, '%Y') FROM t",
        "SELECT RANDOM() FROM t",
        "SELECT a FROM t WHERE b = (SELECT MAX(SOUNDEX(c)) FROM u)",
        "DELETE FROM t",
    ],
)
def test_what_not_every_engine_has_is_refused(select):
    with pytest.raises(NotPortable):
        compiled(select, Engine.BIGQUERY)


class TestSchema:
    def test_the_standard_export_lacks_resources_and_is_read(self):
        check(fields(STANDARD), NAME)
        select = base_select(NAME, fields(STANDARD), PARTITION, SPAN)
        assert "CAST(NULL AS TEXT) AS resource_name, CAST(NULL AS TEXT) AS resource" in select
        assert "resource.global_name" not in select

    @pytest.mark.parametrize(
        ("gone", "said"), [("credits.amount", "credits.amount"), ("export_time", "export_time"), ("cost", "cost")]
    )
    def test_a_column_that_went_is_named(self, gone, said):
        left = {name: kind for name, kind in fields().items() if name != gone}
        with pytest.raises(MissingColumn, match=f"has no column {said}"):
            check(left, NAME)

    def test_a_label_by_where_it_hangs(self):
        found = [list_and_key(label) for label in ("team", "tag/env", "project/a/b", "system/x", "odd/x")]
        assert found == [
            ("labels", "team"), ("tags", "env"), ("project.labels", "a/b"), ("system_labels", "x"), ("labels", "odd/x"),
        ]  # fmt: skip


class TestAddress:
    def test_what_it_says(self):
        found = asked(f"bigquery:/{NAME}?from=2026-01&to=2027-01-01&labels=team,,team,tag/env&max_gib=7&run_in=payer-1")
        assert (found.name, found.labels, found.most_bytes, found.run_in) == (
            NAME, ("team", "tag/env"), 7 << 30, "payer-1",
        )  # fmt: skip
        assert (found.span.start, found.span.end) == ("202601", "202701")

    def test_what_it_does_not_say(self):
        found = asked(f"bigquery://{NAME}")
        assert (found.labels, found.most_bytes >> 30, found.run_in) == (None, 100, "acme-billing")
        assert (found.span.start, found.span.end, found.span.after) == (None, None, None)

    def test_a_project_of_a_domain(self):
        assert asked("bigquery://example.com:billing-1.d.t$1").project == "example.com:billing-1"

    @pytest.mark.parametrize(
        "rest",
        [
            "", "table", "dataset.table", "acme-billing.d`; DROP TABLE x.t", "acme-billing.d.t`", "Acme-billing.d.t",
            "acme-billing.d.t?month=1", "acme-billing.d.t?from=2026-13", "acme-billing.d.t?from=2026-09-02",
            "acme-billing.d.t?from=2026-09&to=2026-09", "acme-billing.d.t?from=", "acme-billing.d.t?max_gib=0",
            "acme-billing.d.t?max_gib=-1", "acme-billing.d.t?max_gib=1.5", "acme-billing.d.t?max_gib=9999999999",
        ],
    )  # fmt: skip
    def test_what_cannot_be_understood(self, rest):
        with pytest.raises(InputError, match="cannot be understood"):
            asked(f"bigquery://{rest}")
