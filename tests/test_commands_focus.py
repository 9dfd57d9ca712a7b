"""``focus export``: the loaded bills as a dataset of FOCUS 1.2, and what is said about it."""

from __future__ import annotations

import json

import duckdb
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from costlib.commands import app
from costlib.errors import EmptyStore, InputError
from costlib.store.reader import Reader
from tests.builders import focus_row, load_into, write_csv


def run(*arguments):
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


@pytest.fixture
def store(tmp_path):
    rows = [focus_row(InvoiceIssuerName="AWS"), focus_row(InvoiceIssuerName="AWS", ListCost=None, BilledCost="2.25")]
    load_into(tmp_path / "store", write_csv(tmp_path / "bill.csv", rows))
    return tmp_path / "store"


def test_one_document_says_what_was_written(store, tmp_path):
    found = run("focus", "export", "--store", store, "--out", tmp_path / "x" / "bills.parquet", "--json")
    assert found.exit_code == 0
    said = json.loads(found.stdout)
    assert (said["focus_version"], said["rows"], said["files"]) == ("1.2", 2, [str(tmp_path / "x" / "bills.parquet")])
    assert said["totals"]["USD"]["BilledCost"] == "3.75"
    assert {"column": "ListCost", "problem": "is unknown", "rows": 1} in said["gaps"]
    assert pq.read_table(said["files"][0]).num_rows == 2


def test_in_words_on_standard_error(store, tmp_path):
    found = run("focus", "export", "--store", store, "--out", tmp_path / "set")
    assert found.stdout == ""
    words = " ".join(found.stderr.split())
    assert "FOCUS 1.2, 2 rows in 1 file; tied out to the store" in words
    assert "USD: billed cost $3.75, effective cost $2.50" in words
    assert "ListCost is unknown: 1 row" in words


def test_the_days_asked_for_and_no_other(store, tmp_path):
    found = run("focus", "export", "--store", store, "--out", tmp_path / "x.csv", "--from", "2026-09-06")
    assert isinstance(found.exception, InputError)
    found = run("focus", "export", "--store", store, "--out", tmp_path / "x.csv", "--to", "2026-09-06", "--json")
    assert json.loads(found.stdout)["rows"] == 2


def test_an_empty_store_is_refused(tmp_path):
    found = run("focus", "export", "--store", tmp_path / "store", "--out", tmp_path / "x.csv")
    assert isinstance(found.exception, EmptyStore)


def test_a_place_that_the_system_refuses_is_named(store):
    found = run("focus", "export", "--store", store, "--out", "/proc/bills.csv")
    assert isinstance(found.exception, InputError)
    assert str(found.exception).startswith("/proc/bills.csv cannot be written (")


@pytest.mark.parametrize(
    "said",
    [
        'Could not write file "/x/.bills.csv.7": No space left on device',
        'Async write failed: {"exception_message":"Could not write: No space left on device","errno":"28"}',
    ],
)
def test_a_full_disk_leaves_the_file_as_it_was(store, tmp_path, monkeypatch, said):
    asked = Reader.rows

    def full(reader, sql, *values):
        if sql.startswith("COPY"):
            raise duckdb.IOException(said)
        return asked(reader, sql, *values)

    monkeypatch.setattr(Reader, "rows", full)
    (tmp_path / "bills.csv").write_text("before")
    found = run("focus", "export", "--store", store, "--out", tmp_path / "bills.csv")
    assert isinstance(found.exception, InputError)
    assert str(found.exception).startswith(f"{tmp_path / 'bills.csv'} cannot be written (No space left on device). ")
    assert (tmp_path / "bills.csv").read_text() == "before" and not list(tmp_path.glob(".*"))
