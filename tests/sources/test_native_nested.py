"""Columns inside columns, numbers with a decimal comma, digits that the store rounds off, headers of any language."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal as D
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from costlib.sources.native import NativeColumns, literals, name_of, struct_fields
from costlib.store.engine import connect
from tests.builders import total

NAMES = st.text('ab ",()', min_size=1, max_size=6)


@pytest.fixture(scope="module")
def engine() -> Iterator[duckdb.DuckDBPyConnection]:
    with connect() as connection:
        yield connection


def evaluated(engine: duckdb.DuckDBPyConnection, columns: NativeColumns, expression: str, given: str) -> Any:
    """The expression over a row given as SQL, and the reason of its defect or None."""
    defects = " ".join(f"WHEN {one.condition} THEN {one.reason}" for one in columns.defects)
    reason = f"CASE {defects} END" if defects else "NULL"
    return engine.execute(f"SELECT {expression}, {reason} FROM (SELECT {given})").fetchone()


class TestStructFields:
    @pytest.mark.parametrize(
        ("kind", "fields"),
        [
            ("STRUCT(a INTEGER)", {"a": "INTEGER"}),
            ("STRUCT(a DECIMAL(38,9), b VARCHAR)", {"a": "DECIMAL(38,9)", "b": "VARCHAR"}),
            ("STRUCT(a STRUCT(b INTEGER, c INTEGER)[], d DATE)", {"a": "STRUCT(b INTEGER, c INTEGER)[]", "d": "DATE"}),
            ('STRUCT("a, (b" VARCHAR, c MAP(VARCHAR, INTEGER))', {"a, (b": "VARCHAR", "c": "MAP(VARCHAR, INTEGER)"}),
            ('STRUCT("say ""x""" VARCHAR)', {'say "x"': "VARCHAR"}),
        ],
    )
    def test_names_and_types(self, kind: str, fields: dict[str, str]) -> None:
        assert struct_fields(kind) == fields

    @settings(max_examples=25)
    @given(st.dictionaries(NAMES, st.sampled_from(["INTEGER", "VARCHAR"]), min_size=1, max_size=4))
    def test_any_name_comes_back_from_the_engines_own_spelling(self, engine, fields: dict[str, str]) -> None:
        distinct = {name.upper(): (name, kind) for name, kind in fields.items()}
        wanted = dict(distinct.values())
        inner = ", ".join(f'"{name.replace(chr(34), chr(34) * 2)}" {kind}' for name, kind in wanted.items())
        (told,) = engine.execute(f"SELECT typeof(NULL::STRUCT({inner}))").fetchone()
        assert struct_fields(told) == wanted


PROJECT = (
    'STRUCT(id VARCHAR, labels STRUCT("key" VARCHAR, "value" VARCHAR)[], "number" BIGINT, cost DOUBLE, text VARCHAR)'
)
ROW = (
    "{'id': ' p-1 ', 'labels': [{'key': 'team', 'value': 'x'}], 'number': 42, 'cost': 0.1, 'text': '1.25'}"
    f"::{PROJECT} AS project"
)


def nested() -> NativeColumns:
    return NativeColumns({"project": PROJECT, "json": "JSON", "words": "VARCHAR", "list": "VARCHAR[]"})


class TestInside:
    def test_a_field_is_text_whatever_it_is(self, engine) -> None:
        columns = nested()
        for path, value in (("project.id", "p-1"), ("project.number", "42"), ("project.cost", "0.1")):
            assert evaluated(engine, columns, columns.field(path), ROW) == (value, None)

    @pytest.mark.parametrize("path", ["project.nothing", "nothing.at.all", "nothing"])
    def test_what_is_not_there_is_unknown(self, engine, path: str) -> None:
        columns = nested()
        assert evaluated(engine, columns, columns.field(path), ROW) == (None, None)
        assert evaluated(engine, columns, columns.nested(path), ROW) == (None, None)

    def test_a_nested_column_is_json(self, engine) -> None:
        columns = nested()
        assert evaluated(engine, columns, columns.nested("project.labels"), ROW)[0] == '[{"key":"team","value":"x"}]'
        assert evaluated(engine, columns, columns.nested("json"), "'{\"a\": 1}'::JSON AS json")[0] == '{"a": 1}'

    @pytest.mark.parametrize(
        ("row", "value"),
        [
            ('\'{"a": {"b": " x "}}\'::JSON AS json', "x"),
            ('\'{"a": {"b": 7}}\'::JSON AS json', "7"),
            ('\'{"a": {"b": null}}\'::JSON AS json', None),
            ("'{\"a\": {}}'::JSON AS json", None),
            ("'[]'::JSON AS json", None),
        ],
    )
    def test_a_field_inside_json(self, engine, row: str, value: str | None) -> None:
        columns = nested()
        assert evaluated(engine, columns, columns.field("json.a.b"), row) == (value, None)

    @pytest.mark.parametrize(("text", "value"), [('{"a": {"b": "x"}}', "x"), ("no json", None), ("", None)])
    def test_text_that_is_json_is_looked_into_and_other_text_is_unknown(
        self, engine, text: str, value: str | None
    ) -> None:
        columns = nested()
        assert evaluated(engine, columns, columns.field("words.a.b"), f"'{text}' AS words") == (value, None)

    def test_a_list_of_structs_is_not_taken_for_a_struct(self, engine) -> None:
        columns = nested()
        assert evaluated(engine, columns, columns.field("project.labels.key"), ROW) == (None, None)


class TestFieldNumber:
    def test_a_double_is_the_decimal_that_was_meant(self, engine) -> None:
        columns = nested()
        assert evaluated(engine, columns, columns.field_number("project.cost"), ROW) == (D("0.1"), None)

    def test_text_and_whole_numbers_are_read_as_they_stand(self, engine) -> None:
        columns = nested()
        assert evaluated(engine, columns, columns.field_number("project.text"), ROW) == (D("1.25"), None)
        assert evaluated(engine, columns, columns.field_number("project.number"), ROW) == (D(42), None)

    def test_text_that_is_no_number_is_a_defect_named_by_its_path(self, engine) -> None:
        columns = nested()
        found = evaluated(engine, columns, columns.field_number("project.text"), ROW.replace("'1.25'", "'many'"))
        assert found == (None, "project.text: many is not a number")

    def test_what_is_null_or_not_there_is_unknown_and_no_defect(self, engine) -> None:
        columns = nested()
        assert evaluated(engine, columns, columns.field_number("project.cost"), ROW.replace("0.1", "NULL")) == (
            None,
            None,
        )
        absent = nested()
        assert evaluated(engine, absent, absent.field_number("nothing.cost"), ROW) == (None, None)
        assert absent.defects == ()


class TestDefects:
    def test_a_column_read_twice_has_one_defect(self) -> None:
        columns = NativeColumns({"a": "VARCHAR", "b": "VARCHAR"})
        for name in ("a", "b", "a"):
            columns.number(name)
        assert len(columns.defects) == 2

    def test_an_expression_of_its_own_is_a_defect_where_it_is_null_and_the_column_is_not(self, engine) -> None:
        columns = NativeColumns({"month": "VARCHAR"})
        expression = columns.read("month", "TRY_STRPTIME(month, '%Y%m')", "a month such as 202609")
        assert evaluated(engine, columns, expression, "'202609' AS month") == (datetime(2026, 9, 1), None)
        assert evaluated(engine, columns, expression, "NULL::VARCHAR AS month") == (None, None)
        found = evaluated(engine, columns, expression, "'Sep' AS month")
        assert found == (None, "month: Sep is not a month such as 202609")


class TestHeaders:
    def test_a_localised_header_is_read_by_the_name_in_brackets(self) -> None:
        columns = NativeColumns({"Maßeinheit (UnitOfMeasure)": "VARCHAR", "Kosten (CostInBillingCurrency) ": "DOUBLE"})
        assert columns.find(["unitOfMeasure"]) == "Maßeinheit (UnitOfMeasure)"
        assert columns.has("CostInBillingCurrency")

    def test_a_column_of_the_name_itself_goes_before_one_in_brackets(self) -> None:
        columns = NativeColumns({"Einheit (Unit)": "VARCHAR", "Unit": "BIGINT"})
        assert columns.find(["Unit"]) == "Unit"

    def test_of_two_spellings_the_first_of_the_file_is_read_and_of_two_names_the_first_asked_for(self) -> None:
        columns = NativeColumns({"Cost": "VARCHAR", "COST": "DOUBLE", "Price": "DOUBLE"})
        assert columns.find(["cost"]) == "Cost"
        assert columns.find(["price", "cost"]) == "Price"
        assert columns.names == ("Cost", "COST", "Price")

    def test_words_in_brackets_that_are_no_name_are_none(self) -> None:
        assert not NativeColumns({"Cost (in USD)": "DOUBLE"}).has("in USD", "USD", "in")


class TestFirstText:
    def test_the_first_that_says_something_of_those_that_are_there(self, engine) -> None:
        columns = NativeColumns({"a": "VARCHAR", "b": "VARCHAR"})
        sql = columns.first_text("nothing", "a", "b")
        for row, found in (("'x' AS a, 'y' AS b", "x"), ("' ' AS a, 'y' AS b", "y"), ("NULL AS a, 'NULL' AS b", None)):
            assert evaluated(engine, columns, sql, row) == (found, None)


class TestComma:
    """A file that writes 1.234,50 for what others write 1,234.50."""

    @pytest.mark.parametrize(
        ("text", "number"),
        [
            ("1,5", "1.5"), ("1.234,50", "1234.5"), ("-0,01", "-0.01"), ("+7", "7"), ("1.234.567", "1234567"),
            ("12345,678", "12345.678"), ("1,5e-3", "0.0015"), ("0", "0"), ("1.234", "1234"),
        ],
    )  # fmt: skip
    def test_text_that_is_a_number(self, engine, text: str, number: str) -> None:
        columns = NativeColumns({"c": "VARCHAR"}, decimal=",")
        assert evaluated(engine, columns, columns.number("c"), f"'{text}' AS c") == (D(number), None)

    @pytest.mark.parametrize("text", ["1.5", "12.34", "1,234.50", "1,2,3", "1.23.456", "$5", ",5", "1.2345,6"])
    def test_text_that_may_be_another_is_a_defect_and_not_guessed(self, engine, text: str) -> None:
        columns = NativeColumns({"c": "VARCHAR"}, decimal=",")
        found = evaluated(engine, columns, columns.number("c"), f"'{text}' AS c")
        assert found == (None, f"c: {text} is not a number")


class TestFiner:
    """What the store's 18 decimals take off an amount, so that the tie-out knows of it."""

    @pytest.mark.parametrize(
        ("text", "rest"),
        [
            ("1.5", "0"),
            ("0.1234567890123456789", "-1e-19"),  # rounded up to ...679
            ("0.1234567890123456784", "4e-19"),
            ("1e-20", "1e-20"),
            ("2.5e-19", "2.5e-19"),
            ("-0.0000000000000000004", "-4e-19"),
            ("99.00000000000000000000000000000000001", "1e-35"),
            ("12345678.0000000000000000000000001", "1e-25"),
            ("abc", "0"),
            ("", "0"),
        ],
    )
    def test_of_text(self, engine, text: str, rest: str) -> None:
        columns = NativeColumns({"c": "VARCHAR"})
        found, _ = evaluated(engine, columns, columns.finer("c"), f"'{text}' AS c")
        assert found == D(rest)

    def test_of_a_whole_number_or_a_column_that_is_not_there_nothing(self, engine) -> None:
        columns = NativeColumns({"c": "BIGINT"})
        for name in ("c", "nothing"):
            assert evaluated(engine, columns, columns.finer(name), "1 AS c")[0] == 0

    def test_of_a_decimal_of_more_places(self, engine) -> None:
        columns = NativeColumns({"c": "DECIMAL(38,20)"})
        assert evaluated(engine, columns, columns.finer("c"), "0.00000000000000000012::DECIMAL(38,20) AS c")[0] == D(
            "1.2e-19"
        )

    @settings(max_examples=10)
    @given(st.lists(st.decimals(-(10**6), 10**6, places=24, allow_nan=False), min_size=5, max_size=20))
    def test_what_is_stored_and_what_is_finer_make_the_amount(self, engine, amounts: list[D]) -> None:
        columns = NativeColumns({"c": "VARCHAR"})
        sql = f"SELECT {columns.number('c')}, {columns.finer('c')} FROM (SELECT UNNEST(?::VARCHAR[]) AS c)"
        rows = engine.execute(sql, [[f"{amount:f}" for amount in amounts]]).fetchall()
        assert [total(row) for row in rows] == amounts
        assert max(abs(finer) for _, finer in rows) <= D("5e-19")


class TestTypes:
    @pytest.mark.parametrize(
        ("kind", "value"),
        [("DECIMAL(38,9)", "1.5"), ("BIGINT", "7"), ("UTINYINT", "7"), ("FLOAT", "1.5"), ("DOUBLE", "0.1")],
    )
    def test_numbers_of_any_type_are_money(self, engine, kind: str, value: str) -> None:
        columns = NativeColumns({"c": kind})
        sql = columns.number("c")
        found = evaluated(engine, columns, f"[{sql}::VARCHAR, TYPEOF({sql})]", f"{value}::{kind} AS c")[0]
        assert (D(found[0]), found[1]) == (D(value), "DECIMAL(38,18)")

    @pytest.mark.parametrize(
        "kind", ["TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS", "TIMESTAMP WITH TIME ZONE", "DATE"]
    )
    def test_moments_of_any_type_are_utc(self, engine, kind: str) -> None:
        columns = NativeColumns({"c": kind})
        given = f"'2026-09-05 00:00:00'::{kind} AS c"
        assert evaluated(engine, columns, columns.time("c"), given) == (datetime(2026, 9, 5), None)

    @pytest.mark.parametrize("kind", ["TIMESTAMPTZ_NS", "TIMESTAMP WITH TIME ZONE"])
    def test_a_zone_is_taken_off(self, engine, kind: str) -> None:
        """Nanoseconds with a zone, as pyarrow writes them, are no type that the engine casts in one step."""
        columns = NativeColumns({"c": kind})
        given = f"'2026-09-05 01:00:00+02'::{kind} AS c"
        assert evaluated(engine, columns, columns.time("c"), given) == (datetime(2026, 9, 4, 23), None)

    def test_tags_of_a_map_and_of_a_struct_are_one_json_object(self, engine) -> None:
        for kind, value in (("MAP(VARCHAR, VARCHAR)", "MAP {'a': 'b'}"), ("STRUCT(a VARCHAR)", "{'a': 'b'}")):
            columns = NativeColumns({"c": kind})
            assert evaluated(engine, columns, columns.tags("c"), f"{value} AS c")[0] == '{"a":"b"}'

    @pytest.mark.parametrize(
        ("text", "tags"),
        [
            ('{"a": "b"}', '{"a": "b"}'), ('"a": "b"', '{"a": "b"}'), ('"a":"b","c":"d"', '{"a":"b","c":"d"}'),
            ("team=x", None), ("a:b", None), ("[1]", None), ("", None), ("{", "{"),
        ],
    )  # fmt: skip
    def test_tags_as_text_get_the_braces_that_azure_leaves_out(self, engine, text: str, tags: str | None) -> None:
        columns = NativeColumns({"c": "VARCHAR"})
        assert evaluated(engine, columns, columns.tags("c"), f"'{text}' AS c") == (tags, None)

    def test_json_is_text_without_its_quotation_marks(self, engine) -> None:
        columns = NativeColumns({"c": "JSON"})
        assert evaluated(engine, columns, columns.text("c"), "'\" x \"'::JSON AS c") == ("x", None)


class TestNames:
    GROUPS = {"Tax": ["VAT", "it's"], "Usage": ["Usage"]}  # noqa: RUF012

    @pytest.mark.parametrize(("value", "name"), [("VAT", "Tax"), ("it's", "Tax"), ("Usage", "Usage"), ("Fee", "else")])
    def test_a_value_has_the_name_of_its_group(self, engine, value: str, name: str) -> None:
        sql = name_of("c", self.GROUPS, otherwise="'else'")
        assert engine.execute(f"SELECT {sql} FROM (SELECT ? AS c)", [value]).fetchone() == (name,)

    def test_a_list_of_texts(self, engine) -> None:
        assert engine.execute(f"SELECT 'it''s' IN {literals(['a', 'it' + chr(39) + 's'])}").fetchone() == (True,)
