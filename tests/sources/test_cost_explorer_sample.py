"""Cost Explorer's answers about the sample company are the money of its CUR of the same month, to the last digit."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from costlib.focus import BILLED, EFFECTIVE
from costlib.periods import Grain
from costlib.sample import cost_explorer, cur
from costlib.store.question import Filter, Question
from costlib.workspace import Workspace

SEPTEMBER = "aws-cost-explorer:?from=2026-09-01&to=2026-10-01"


@pytest.fixture(scope="module")
def sample_folder(tmp_path_factory):
    """The AWS bill of the whole sample company for September, and Cost Explorer's answers about it."""
    folder = tmp_path_factory.mktemp("sample")
    cur.write_month(folder, cost_explorer.MONTH)
    cost_explorer.write(folder, lambda message: None)
    return folder


@pytest.fixture(scope="module")
def from_cur(sample_folder, tmp_path_factory):
    """September as the export has it."""
    place = Workspace(tmp_path_factory.mktemp("cur"))
    place.load([sample_folder / cur.EXPORT / "data" / "BILLING_PERIOD=2026-09"])
    return place.snapshot().reader


def answers(folder):
    return json.loads((folder / cost_explorer.FOLDER / "2026-09.json").read_text())


@pytest.fixture
def from_cost_explorer(sample_folder, cloud, tmp_path):
    """September as Cost Explorer answers, page by page, over HTTP."""
    pages = answers(sample_folder)["pages"]
    cloud.post("/moto-api/static/ce/cost-and-usage-results", {"results": pages})
    told: list[str] = []
    place = Workspace(tmp_path / "store")
    place.load([Path(SEPTEMBER)], progress=told.append)
    assert f"Cost Explorer: {len(pages)} requests, 0.02 USD" in told
    return place.snapshot().reader


def sums(reader, measure, *left_out):
    """Amounts that are not 0, by day, account and service."""
    asked = Question(("SubAccountId", "SubAccountName", "ServiceName"), measure, Grain.DAY, filters=left_out)
    return {(row.period, *row.values): row.amount for row in reader.ask(asked) if row.amount}


@pytest.mark.parametrize("measure", [BILLED, EFFECTIVE])
def test_every_day_service_and_account_to_the_last_digit(from_cur, from_cost_explorer, measure):
    """Tax is apart: Cost Explorer shows it as a service of its own."""
    kept = sums(from_cur, measure, Filter("ChargeCategory", ("Tax",), exclude=True))
    found = sums(from_cost_explorer, measure, Filter("ChargeCategory", ("Tax",), exclude=True))
    assert found == kept and len(kept) > 900
    for reader in (from_cur, from_cost_explorer):
        assert sum(sums(reader, measure).values()) == sum(sums(from_cur, measure).values()) > 300_000


def test_the_answers_are_those_that_a_load_would_keep(sample_folder):
    document = answers(sample_folder)
    assert document["request"]["TimePeriod"] == {"Start": "2026-09-01", "End": "2026-10-01"}
    first, second = document["pages"]
    assert "NextPageToken" in first and "NextPageToken" not in second
    assert [len(page["ResultsByTime"]) for page in document["pages"]] == [16, 14]
    names = {entry["Attributes"]["description"] for entry in first["DimensionValueAttributes"]}
    assert names and all("(sample)" in name for name in names)


def test_put_where_a_load_keeps_answers_they_cost_nothing(sample_folder, cloud, tmp_path):
    kept = tmp_path / "store/exports/aws-cost-explorer/123456789012/SERVICE+LINKED_ACCOUNT/2026-09.json"
    kept.parent.mkdir(parents=True)
    kept.write_bytes((sample_folder / cost_explorer.FOLDER / "2026-09.json").read_bytes())
    told: list[str] = []
    (done,) = Workspace(tmp_path / "store").load([Path(SEPTEMBER)], progress=told.append)
    assert "Cost Explorer: 0 requests, 0.00 USD" in told
    assert done.rows_loaded > 900 and done.rows_quarantined == 0
