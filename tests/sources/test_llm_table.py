"""Charges of a model vendor as a month's table, what becomes of them in FOCUS, and the counts beside them, by hand."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import date
from decimal import Decimal as D
from pathlib import Path

import pytest

from costlib.sources.llm_charges import CACHED, INPUT, OUTPUT, REQUESTS, Charge, Line, Use
from costlib.sources.llm_table import COLUMNS, LINE, METRIC_COLUMNS, PART, write_charges, write_counts
from costlib.sources.openai import DAY as FIRST
from tests.builders import mapped

DAY = date(2026, 9, 5)
TOKENS = Line(DAY, D("3"), "USD", "gpt-5, input", "gpt-5", INPUT, tier="batch", project="proj_1")
STORAGE = Line(DAY, D("0.06"), "USD", "file search storage", quantity=D("2.5"), unit="GB")


def table(folder: Path, *charges: Charge, name: str | None = "Acme") -> list[dict[str, str]]:
    path = folder / "2026-09.csv"
    write_charges(path, FIRST, ("org-1", name), charges)
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


class TestTable:
    def test_a_row_a_charge_with_every_digit_of_its_amount(self, tmp_path: Path) -> None:
        amount = D("0.123456789012345678901")
        (row,) = table(tmp_path, Charge(TOKENS, "key_1", amount, D(1200)))
        assert list(row) == [FIRST, *COLUMNS]
        assert row == {
            FIRST: "2026-09-05",
            "BillingAccountId": "org-1",
            "BillingAccountName": "Acme",
            "BillingCurrency": "USD",
            "BilledCost": "0.123456789012345678901",
            "SkuId": "gpt-5, input",
            "SkuMeter": INPUT,
            "ConsumedQuantity": "1200",
            "ConsumedUnit": "Tokens",
            "SubAccountId": "proj_1",
            "ResourceId": "key_1",
            "ServiceTier": "batch",
            "LineItemType": PART,
            "Tags": '{"model": "gpt-5"}',
        }

    def test_tokens_that_are_unknown_still_are_tokens(self, tmp_path: Path) -> None:
        (row,) = table(tmp_path, Charge(TOKENS, None, D(3), None))
        assert (row["ConsumedQuantity"], row["ConsumedUnit"]) == ("", "Tokens")

    def test_what_is_no_tokens_is_counted_in_its_own_unit_and_under_its_label(self, tmp_path: Path) -> None:
        (row,) = table(tmp_path, Charge(STORAGE, None, D("0.06"), None))
        assert (row["ConsumedQuantity"], row["ConsumedUnit"], row["SkuMeter"]) == ("2.5", "GB", "file search storage")
        assert (row["SubAccountId"], row["ResourceId"], row["ServiceTier"], row["Tags"]) == ("", "", "", "")

    def test_a_quantity_without_a_unit_is_none(self, tmp_path: Path) -> None:
        (row,) = table(tmp_path, Charge(replace(STORAGE, unit=None), None, D("0.06"), None))
        assert (row["ConsumedQuantity"], row["ConsumedUnit"]) == ("", "")

    def test_a_line_that_counts_tokens_itself_is_tokens_also_without_a_kind(self, tmp_path: Path) -> None:
        (row,) = table(tmp_path, Charge(replace(TOKENS, kind=None), None, D(3), D(7)))
        assert (row["ConsumedQuantity"], row["ConsumedUnit"], row["SkuMeter"]) == ("7", "Tokens", "gpt-5, input")

    def test_an_account_without_a_name(self, tmp_path: Path) -> None:
        (row,) = table(tmp_path, Charge(TOKENS, None, D(3), None), name=None)
        assert row["BillingAccountName"] == ""

    def test_the_part_of_a_line_by_key_says_so(self, tmp_path: Path) -> None:
        whole, part = table(tmp_path, Charge(TOKENS, None, D(3), D(5)), Charge(TOKENS, "key_1", D(2), D(4)))
        assert (whole["LineItemType"], part["LineItemType"]) == (LINE, PART)


class TestFocus:
    def rows(self, folder: Path, columns: str, *charges: Charge) -> list[tuple[object, ...]]:
        table(folder, *charges)
        return mapped(folder / "2026-09.csv", columns, kind="openai")

    def test_what_was_billed_is_what_it_costs_and_list_prices_are_not_told(self, tmp_path: Path) -> None:
        columns = "BilledCost, EffectiveCost, ListCost, ContractedCost, ConsumedQuantity, ConsumedUnit"
        assert self.rows(tmp_path, columns, Charge(TOKENS, "k", D("3.5"), D(9))) == [
            (D("3.5"), D("3.5"), None, None, D(9), "Tokens"),
        ]  # fmt: skip

    @pytest.mark.parametrize(("amount", "category"), [("3", "Usage"), ("0", "Usage"), ("-0.01", "Adjustment")])
    def test_below_zero_it_is_an_adjustment(self, tmp_path: Path, amount: str, category: str) -> None:
        charge = Charge(replace(TOKENS, amount=D(amount)), None, D(amount), None)
        assert self.rows(tmp_path, "ChargeCategory", charge) == [(category,)]

    def test_whose_and_of_what(self, tmp_path: Path) -> None:
        columns = "SubAccountId, ResourceId, ResourceType, ServiceProviderName, ServiceName, SkuMeter, BillingCurrency"
        charges = (Charge(TOKENS, "k", D(3), None), Charge(replace(TOKENS, project=None), None, D(3), None))
        assert self.rows(tmp_path, columns, *charges) == [
            ("proj_1", "k", "API key", "OpenAI", "OpenAI API", INPUT, "USD"),
            (None, None, None, "OpenAI", "OpenAI API", INPUT, "USD"),
        ]

    def test_the_billing_month_is_that_of_the_day(self, tmp_path: Path) -> None:
        late = Charge(replace(TOKENS, day=date(2026, 12, 31)), None, D(3), None)
        ((billed, charged),) = self.rows(tmp_path, "BillingPeriodStart, ChargePeriodStart", late)
        assert (billed.isoformat()[:10], charged.isoformat()[:10]) == ("2026-12-01", "2026-12-31")


class TestCounts:
    def counts(self, folder: Path, *uses: Use) -> list[list[str]]:
        write_counts(folder / "counts.csv", uses)
        with (folder / "counts.csv").open(newline="", encoding="utf-8") as file:
            header, *rows = csv.reader(file)
        assert tuple(header) == METRIC_COLUMNS
        return rows

    def test_tokens_by_kind_and_requests_by_day_and_model_in_their_order(self, tmp_path: Path) -> None:
        uses = [
            Use(date(2026, 9, 6), "m", OUTPUT, 1), Use(DAY, "m", INPUT, 5, tier="batch"),
            Use(DAY, "m", INPUT, 7, key="k"), Use(DAY, None, REQUESTS, 3),
            Use(DAY, "m", CACHED, 2), Use(DAY, "n", INPUT, 0),
        ]  # fmt: skip
        assert self.counts(tmp_path, *uses) == [
            ["2026-09-05", "cached input tokens", "m", "2", "tokens"],
            ["2026-09-05", "input tokens", "m", "12", "tokens"],
            ["2026-09-05", "input tokens", "n", "0", "tokens"],
            ["2026-09-05", "requests", "", "3", ""],
            ["2026-09-06", "output tokens", "m", "1", "tokens"],
        ]

    def test_of_nothing_a_header(self, tmp_path: Path) -> None:
        assert self.counts(tmp_path) == []
