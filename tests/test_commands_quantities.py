"""Quantities asked for on the command line: of one unit each, whatever else they are asked by."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from costlib.commands import app
from tests.builders import focus_row, load_into, write_csv
from tests.small_company import charge


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two hours and five gigabytes of one service, a tax of neither, priced in thousands."""
    folder = tmp_path_factory.mktemp("quantities")
    hours = {"ConsumedUnit": "Hrs", "PricingUnit": "1000 Hrs", "PricingQuantity": "0.001"}
    stored = {"ConsumedUnit": "GB", "PricingUnit": "1000 GB", "PricingQuantity": "0.005"}
    tax = {"ConsumedQuantity": None, "ConsumedUnit": None, "PricingQuantity": None, "PricingUnit": None}
    rows = [
        focus_row(ConsumedQuantity="1", **hours),
        focus_row(ConsumedQuantity="1", ChargePeriodStart="2026-09-06", **hours),
        focus_row(ConsumedQuantity="5", **stored),
        focus_row(ChargeCategory="Tax", **tax),
    ]
    load_into(folder / "store", write_csv(folder / "bill.csv", rows))
    return folder / "store"


def asked(store: Path, *arguments: str) -> list[list[str]]:
    """The rows of the answer, its header first."""
    found = CliRunner().invoke(app, ["query", *arguments, "--format", "csv", "--store", str(store)])
    assert found.exit_code == 0, found.output
    return list(csv.reader(io.StringIO(found.stdout)))


def test_units_are_never_added_up(store: Path) -> None:
    assert asked(store, "--measure", "ConsumedQuantity") == [
        ["ConsumedUnit", "BillingCurrency", "ConsumedQuantity"],
        ["GB", "USD", "5"],
        ["Hrs", "USD", "2"],
        ["", "USD", ""],
    ]


def test_a_priced_quantity_has_the_unit_of_its_price(store: Path) -> None:
    table = asked(store, "--measure", "pricingquantity", "--by", "ServiceName", "--where", "ChargeCategory=Usage")
    assert table[0] == ["ServiceName", "PricingUnit", "BillingCurrency", "PricingQuantity"]
    assert {(unit, quantity) for _, unit, _, quantity in table[1:]} == {("1000 GB", "0.005"), ("1000 Hrs", "0.002")}


def test_a_unit_that_is_asked_for_keeps_its_place(store: Path) -> None:
    table = asked(store, "--measure", "UsageQuantity", "--by", "ConsumedUnit,ServiceName", "--where", "UsageUnit=Hrs")
    assert table == [["ConsumedUnit", "ServiceName", "BillingCurrency", "ConsumedQuantity"],
                     ["Hrs", "Servers", "USD", "2"]]  # fmt: skip


def test_periods_have_units_too_and_costs_have_none(store: Path) -> None:
    days = asked(store, "--measure", "ConsumedQuantity", "--grain", "day", "--where", "ConsumedUnit=Hrs")
    assert [row[:2] for row in days[1:]] == [["2026-09-05", "Hrs"], ["2026-09-06", "Hrs"]]
    assert asked(store)[0] == ["BillingCurrency", "EffectiveCost"]


def test_a_document_says_the_unit(store: Path) -> None:
    arguments = ["query", "--measure", "ConsumedQuantity", "--json", "--store", str(store)]
    document = json.loads(CliRunner().invoke(app, arguments).stdout)
    assert document["measure"] == "ConsumedQuantity" and document["unknown_line_items"] == 1
    assert {(row["ConsumedUnit"], row["ConsumedQuantity"]) for row in document["rows"]} == {
        ("GB", "5"), ("Hrs", "2"), (None, None)}  # fmt: skip


class TestLeftOut:
    """What a sum is made without is told beside it, on standard error or in the JSON document."""

    def ended(self, store: Path, *arguments: str) -> tuple[str, str]:
        found = CliRunner().invoke(app, ["query", *arguments, "--store", str(store)])
        assert found.exit_code == 0, found.output
        return found.stdout, " ".join(found.stderr.split())

    @pytest.mark.parametrize("form", ["table", "csv"])
    def test_line_items_of_unknown_cost_are_counted(self, form: str, tmp_path: Path) -> None:
        rows = [focus_row(), focus_row(ListCost=None), focus_row(ListCost=None, ServiceName="Database")]
        load_into(tmp_path / "store", write_csv(tmp_path / "bill.csv", rows))
        out, told = self.ended(tmp_path / "store", "--measure", "ListCost", "--format", form)
        assert told == "2 line items of unknown list cost are left out of sums" and "left out" not in out
        assert self.ended(tmp_path / "store", "--format", form)[1] == ""

    def test_an_account_whose_bill_may_be_missing_is_named_where_its_days_are_asked_for(self, tmp_path: Path) -> None:
        """AWS goes on to May; Azure ended with March, so that April, the last closed month, may lack its bill."""
        azure = {"ServiceProviderName": "Microsoft", "ProviderName": "Microsoft", "BillingAccountId": "az"}
        rows = [charge(date(2026, month, 5), 3) for month in range(1, 6)]
        rows += [charge(date(2026, month, 5), 3) | azure for month in range(1, 4)]
        load_into(tmp_path / "store", write_csv(tmp_path / "bill.csv", rows))
        said = "NO USAGE on a bill of Microsoft (az) since Mar 2026"
        assert self.ended(tmp_path / "store")[1] == said
        assert self.ended(tmp_path / "store", "--from", "2026-05-01")[1] == said
        assert self.ended(tmp_path / "store", "--to", "2026-04-02")[1] == said
        assert self.ended(tmp_path / "store", "--to", "2026-04-01")[1] == ""

    def test_a_month_without_a_bill_is_named_where_it_is_asked_for(self, tmp_path: Path) -> None:
        rows = [charge(date(2026, month, 5), 3) for month in (1, 2, 4)]
        load_into(tmp_path / "store", write_csv(tmp_path / "bill.csv", rows))
        said = "NO BILL of Mar 2026 is loaded: its cost is unknown"
        assert self.ended(tmp_path / "store")[1] == said
        assert self.ended(tmp_path / "store", "--to", "2026-03-31")[1] == said
        assert self.ended(tmp_path / "store", "--to", "2026-02-28")[1] == ""
        assert self.ended(tmp_path / "store", "--from", "2026-02-01")[1] == said
        assert self.ended(tmp_path / "store", "--from", "2026-04-01")[1] == ""
        document = json.loads(self.ended(tmp_path / "store", "--json")[0])
        assert (document["missing_months"], document["rows"][0]["EffectiveCost"]) == (["2026-03"], "9")
