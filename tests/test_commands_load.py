"""``load --dry-run``: what would be read is said, nothing is written."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from costlib.commands import app
from costlib.errors import InputError
from tests.builders import cur_export, cur_row, focus_row, store_bytes, write, write_csv


def run(*arguments):
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def test_what_would_be_read(tmp_path):
    export = cur_export(tmp_path / "costs", "2026-09", {"c-1.csv.gz": [cur_row()], "c-2.csv.gz": [cur_row()]})
    vendor = write_csv(tmp_path / "vendor.csv", [focus_row()])
    found = run("load", export, vendor, "--dry-run", "--json", "--store", tmp_path / "store")
    assert [line.rpartition(",")[0] for line in json.loads(found.stdout)["would"]] == [
        "aws-cur2:costs BILLING_PERIOD=2026-09: AWS CUR 2.0 export, 2 files",
        "focus:vendor: FOCUS file, 1 files",
    ]
    assert not (tmp_path / "store").exists()


def test_the_store_stays_as_it_is_and_messages_go_to_standard_error(tmp_path):
    bill = write_csv(tmp_path / "vendor.csv", [focus_row()])
    run("load", bill, "--store", tmp_path / "store")
    before = store_bytes(tmp_path / "store")
    found = run("load", bill, "--dry-run", "--store", tmp_path / "store")
    assert (found.exit_code, found.stdout) == (0, "")
    assert "focus:vendor: FOCUS file" in found.stderr
    assert store_bytes(tmp_path / "store") == before


@pytest.mark.parametrize("content", ["", "no bill at all"])
def test_it_refuses_what_a_load_would_refuse(tmp_path, content):
    found = run("load", write(tmp_path / "x.csv", content), "--dry-run", "--store", tmp_path / "store")
    assert isinstance(found.exception, InputError)
