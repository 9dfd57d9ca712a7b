"""``unload``: what goes is said with its money, and how to have it back; a dry run changes nothing."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from costlib.commands import app
from costlib.errors import EmptyStore, InputError
from tests.builders import cube_rows, focus_row, store_bytes, write_csv

OTHER = "999988887777"


def run(*arguments):
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


@pytest.fixture
def store(tmp_path):
    """A bill of 3 in August and 5 in September, and one of another vendor."""
    rows = [
        focus_row(BilledCost="3", BillingPeriodStart="2026-08-01"),
        focus_row(BilledCost="5", BillingPeriodStart="2026-09-01"),
    ]
    bill, vendor = write_csv(tmp_path / "bill.csv", rows), [focus_row(BilledCost="7", BillingAccountId=OTHER)]
    run("load", bill, "--store", tmp_path / "store")
    run("load", write_csv(tmp_path / "vendor.csv", vendor), "--store", tmp_path / "store")
    return tmp_path / "store"


def left(store):
    return cube_rows(store, "SELECT SUM(BilledCost) FROM cube")[0][0]


def test_a_month_goes_and_the_file_that_brings_it_back_is_named(store):
    found = run("unload", "focus:bill", "--month", "2026-08", "--store", store)
    assert (found.exit_code, left(store)) == (0, 12)
    assert found.stdout.splitlines()[-2].split()[1:-1] == [
        "111122223333",
        "│",
        "2026-08",
        "│",
        "USD",
        "│",
        "1",
        "│",
        "3",
    ]
    file = store.parent / "bill.csv"
    assert f"focus:bill: 1 line item taken out; load {file} to have them back" in " ".join(found.stderr.split())
    run("load", file, "--store", store)
    assert left(store) == 15


def test_a_dry_run_says_it_and_changes_nothing(store):
    before = store_bytes(store)
    found = run("unload", "focus:bill", "--dry-run", "--store", store)
    assert found.stderr.strip() == "focus:bill: 2 line items would go; nothing was changed"
    assert store_bytes(store) == before


@pytest.mark.parametrize("dry", [True, False])
def test_one_document_for_scripts(store, dry):
    found = run("unload", "focus:vendor", "--json", "--store", store, *["--dry-run"][: int(dry)])
    assert json.loads(found.stdout) == {
        "source": "focus:vendor",
        "unloaded": not dry,
        "bills": [{"account": OTHER, "period": "2026-09", "currency": "USD", "rows": 1, "billed": "7"}],
        "files": [str(store.parent / "vendor.csv")],
    }
    assert left(store) == (15 if dry else 8)


def test_several_months_at_once(store):
    found = run("unload", "focus:bill", "--month", "2026-08", "--month", "2026-09", "--json", "--store", store)
    assert [bill["period"] for bill in json.loads(found.stdout)["bills"]] == ["2026-08", "2026-09"]


@pytest.mark.parametrize("more", [(), ("--dry-run",)])
def test_a_name_that_is_not_loaded_is_refused_with_the_nearest(store, more):
    found = run("unload", "focus:vender", "--store", store, *more)
    assert isinstance(found.exception, InputError)
    assert found.exception.fix == "Did you mean focus:vendor?"


def test_where_nothing_is_loaded(tmp_path):
    assert isinstance(run("unload", "x", "--store", tmp_path / "none").exception, EmptyStore)
    assert not (tmp_path / "none").exists()


def test_a_month_that_is_none_is_wrong_usage(store):
    assert run("unload", "focus:bill", "--month", "August", "--store", store).exit_code == 2
