"""Readings of native columns: what text is a number, a date, a tag; what is null; what is a defect."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from costlib.sources.native import NativeColumns, literal, quote
from costlib.store.engine import connect


@pytest.fixture(scope="module")
def engine():
    with connect() as connection:
        yield connection


def read(engine, reading: str, value, kind: str = "VARCHAR"):
    """The value of one column ``c``, read by one method of NativeColumns, and the reason of its defect or None."""
    columns = NativeColumns({"c": kind})
    expression = getattr(columns, reading)("c")
    defects = " ".join(f"WHEN {defect.condition} THEN {defect.reason}" for defect in columns.defects)
    reason = f"CASE {defects} END" if defects else "NULL"
    engine.execute(f"SELECT {expression}, {reason} FROM (SELECT CAST(? AS {kind}) AS c)", [value])
    return engine.fetchone()


class TestNumbers:
    @pytest.mark.parametrize(
        ("text", "number"),
        [
            ("1.5", "1.5"), ("-0.000000000000000001", "-1e-18"), ("1e-7", "0.0000001"), ("2.5E+3", "2500"), ("+5", "5"),
            (".5", "0.5"), (" 7 ", "7"), ("99999999999999999999", "99999999999999999999"),
            ("$10,000.00 ", "10000"), ("$10,000", "10000"), ("-$5.00", "-5"), ("$-5", "-5"), ("€1234.5", "1234.5"),
            ("£ 3", "3"), ("1,234.56", "1234.56"), ("1,234,567", "1234567"), ("-1,234,567.8", "-1234567.8"),
            ("0.0000000000000000005", "1e-18"), ("-0.0000000000000000005", "-1e-18"), ("0.00000000000000000049", "0"),
        ],
    )  # fmt: skip
    def test_text_that_is_one(self, engine, text, number):
        assert read(engine, "number", text) == (Decimal(number), None)

    @pytest.mark.parametrize(
        "text",
        ["abc", "1,5", "1,234", "0,123", "1.234,56", "1 000", "(5.00)", "5 USD", "5%", "--5", "NaN", "inf", "-Infinity",
         "0x10", "1e", "١٢", "1e25", "100000000000000000000", "true", "1;2"],
    )  # fmt: skip
    def test_text_that_is_none_is_a_defect(self, engine, text):
        assert read(engine, "number", text) == (None, f"c: {text} is not a number")

    @pytest.mark.parametrize("text", [None, "", "  ", "NULL", "null", "''"])
    def test_null_in_any_spelling_is_unknown_and_no_defect(self, engine, text):
        assert read(engine, "number", text) == (None, None)

    @given(st.decimals(-(10**19), 10**19, places=18, allow_nan=False))
    def test_every_decimal_of_the_store_is_read_back(self, engine, number):
        assert read(engine, "number", f"{number:f}") == (number, None)

    @given(st.integers(-(10**15) + 1, 10**15 - 1), st.integers(-3, 18))
    def test_every_double_of_fifteen_digits_is_the_decimal_that_was_meant(self, engine, digits, places):
        meant = Decimal(digits).scaleb(-places)
        assert read(engine, "number", float(meant), "DOUBLE") == (meant, None)

    @pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf"), 1e25])
    def test_doubles_that_are_no_money_are_defects(self, engine, value):
        number, reason = read(engine, "number", value, "DOUBLE")
        assert number is None
        assert reason.endswith("is not a number")

    def test_a_long_text_is_cut_in_its_reason(self, engine):
        _, reason = read(engine, "number", "x" * 500)
        assert reason == f"c: {'x' * 60} is not a number"


class TestTimes:
    @pytest.mark.parametrize(
        ("text", "moment"),
        [
            ("2026-09-05T10:00:00Z", "2026-09-05T10:00:00"),
            ("2026-09-05", "2026-09-05T00:00:00"),
            ("2026-09-05 23:59:59.999", "2026-09-05T23:59:59.999"),
            ("2026-09-05T01:30:00+02:00", "2026-09-04T23:30:00"),
            ("2026-09-05T20:00:00-07:00", "2026-09-06T03:00:00"),
            ("4/1/25", "2025-04-01T00:00:00"),
            ("12/31/2025", "2025-12-31T00:00:00"),
            ("2028-02-29", "2028-02-29T00:00:00"),
        ],
    )
    def test_text_that_is_one_in_utc(self, engine, text, moment):
        assert read(engine, "time", text) == (datetime.fromisoformat(moment), None)

    @pytest.mark.parametrize(
        "text", ["2026-02-30", "2026-13-01", "31/12/2025", "yesterday", "20260905", "Sep 2026", "0"]
    )
    def test_text_that_is_none_is_a_defect(self, engine, text):
        assert read(engine, "time", text) == (None, f"c: {text} is not a date such as 2026-09-30T00:00:00Z")

    def test_a_date_is_its_midnight(self, engine):
        assert read(engine, "time", "2026-09-05", "DATE") == (datetime(2026, 9, 5), None)


class TestText:
    @pytest.mark.parametrize(
        ("text", "read_as"),
        [(" a ", "a"), ("NULL", None), ("''", None), ("Null", "Null"), ("0", "0"), ("ü 'x'", "ü 'x'")],
    )
    def test_blanks_are_trimmed_and_null_words_are_null(self, engine, text, read_as):
        assert read(engine, "text", text) == (read_as, None)

    def test_numbers_are_text_where_text_is_asked_for(self, engine):
        assert read(engine, "text", 111122223333, "BIGINT") == ("111122223333", None)


class TestColumns:
    COLUMNS = NativeColumns(
        {"Billed Cost": "VARCHAR", "billed_cost": "DOUBLE", 'odd "one"': "VARCHAR", "Map": "MAP(VARCHAR, VARCHAR)"}
    )

    def test_any_spelling_finds_the_first_of_it(self):
        assert self.COLUMNS.find(["BilledCost"]) == "Billed Cost"
        assert self.COLUMNS.find(["nothing", "BILLED-COST"]) == "Billed Cost"
        assert self.COLUMNS.find(["nothing"]) is None
        assert self.COLUMNS.has("oddone")

    @pytest.mark.parametrize(
        ("expression", "type_"),
        [
            ("number", "DECIMAL(38,18)"),
            ("text", "VARCHAR"),
            ("time", "TIMESTAMP"),
            ("tags", "VARCHAR"),
            ("first_text", "VARCHAR"),
        ],
    )
    def test_what_is_not_there_is_null_of_its_type(self, engine, expression, type_):
        sql = getattr(self.COLUMNS, expression)("nothing")
        assert engine.execute(f"SELECT {sql}, TYPEOF({sql})").fetchone() == (None, type_)

    def test_names_are_quoted(self, engine):
        sql, name = self.COLUMNS.text('odd "one"'), quote('odd "one"')
        assert engine.execute(f"SELECT {sql} FROM (SELECT 'x' AS {name})").fetchone() == ("x",)

    def test_a_map_is_read_by_key_and_so_is_json(self, engine):
        by_map = self.COLUMNS.entry(["Map"], "it's")
        by_text = self.COLUMNS.entry(["Billed Cost"], "it's")
        row = "(SELECT MAP {'it''s': ' x '} AS \"Map\", '{\"it''s\": \"y\"}' AS \"Billed Cost\")"
        assert engine.execute(f"SELECT {by_map}, {by_text} FROM {row}").fetchone() == ("x", "y")
        assert self.COLUMNS.entry(["nothing"], "x") == "NULL::VARCHAR"


@pytest.mark.parametrize("text", ["it's", "'; DROP TABLE x; --", "\\", "ü 🚀", "two\nlines", "''", "$1 ? :a"])
def test_a_literal_is_the_text(text):
    with duckdb.connect() as connection:
        assert connection.execute(f"SELECT {literal(text)}").fetchone() == (text,)
