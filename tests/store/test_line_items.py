"""The rows behind a figure add up to it, or it is said why they cannot be shown."""

from __future__ import annotations

import os
import shutil
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from costlib.errors import ExportMoved, QueryError, StoreError
from costlib.focus import COST_MEASURES
from costlib.periods import Window
from costlib.store.line_items import line_items
from costlib.store.question import DIMENSIONS, Filter, Question
from costlib.store.reader import Reader
from costlib.store.store import Store
from tests.bills import bills, days, few, fresh_folder
from tests.builders import (
    TEAM_RULES,
    cur_export,
    cur_row,
    focus_row,
    load_into,
    opened,
    ruleset,
    write_csv,
    write_parquet,
)

ALWAYS = Window(date.min, date.max)


def shown(root, *filters, window=ALWAYS, currency="USD", rules=TEAM_RULES, **options):
    with opened(root) as reader:
        return line_items(Store(root).current(), reader, rules, filters, window, currency, **options)


class TestTheyAddUp:
    @few(4)
    @given(bills(defects=True), st.data())
    def test_for_any_segment_period_and_measure(self, bill, data):
        with fresh_folder() as folder:
            root = folder / "store"
            load_into(root, write_csv(folder / "bill.csv", bill))
            with opened(root) as reader:
                for _ in range(3):
                    segment = tuple(drawn_filter(data, reader) for _ in range(data.draw(st.integers(0, 2))))
                    window = drawn_window(data)
                    measure = data.draw(st.sampled_from(COST_MEASURES))
                    for code in reader.currencies():
                        asked = Question((), measure, window=window, filters=segment)
                        figure = [row for row in reader.ask(asked) if row.currency == code]
                        items = line_items(Store(root).current(), reader, TEAM_RULES, segment, window, code, measure)
                        assert items.count == sum(row.line_items for row in figure) == len(items.rows)
                        assert items.total == (figure[0].amount if figure else None)

    def test_across_sources_formats_and_replaced_months(self, tmp_path):
        root = tmp_path / "store"
        rows = [focus_row(BillingPeriodStart=month, EffectiveCost=cost) for month, cost in MONTHS]
        load_into(root, write_csv(tmp_path / "vendor.csv", rows))
        load_into(root, write_csv(tmp_path / "newer.csv", [rows[1] | {"EffectiveCost": "20"}]), source="focus:vendor")
        load_into(
            root, write_parquet(tmp_path / "other.parquet", [focus_row(BillingAccountId="2", EffectiveCost="40")])
        )
        load_into(root, cur_export(tmp_path / "export", "2026-09", {"a.parquet": [cur_row(bill_payer_account_id="3")]}))
        items = shown(root)
        assert sorted(row[-1] for row in items.rows) == [1, 1, 20, 40]
        assert items.total == Decimal(62)

    def test_a_filter_on_the_billing_month_counts_days_in_it(self, tmp_path, focus):
        root = tmp_path / "store"
        load_into(root, focus({"BillingPeriodStart": "2026-09-05T12:00:00Z"}, {"BillingPeriodStart": "2026-08-01"}))
        assert shown(root, Filter("BillingPeriodStart", ("2026-09-01",))).count == 1
        assert shown(root, Filter("ChargePeriodStart", ("2026-09-05",))).count == 2


MONTHS = (("2026-08-01", "1"), ("2026-09-01", "2"))


def drawn_filter(data: st.DataObject, reader: Reader) -> Filter:
    name = data.draw(st.sampled_from(DIMENSIONS))
    values = data.draw(st.sets(st.sampled_from(reader.values(name)), min_size=1, max_size=2))
    return Filter(name, tuple(values), data.draw(st.booleans()))


def drawn_window(data: st.DataObject) -> Window:
    ends = [date.fromisoformat(data.draw(days("2026-09"))[:10]) for _ in range(2)]
    return data.draw(st.sampled_from([ALWAYS, Window(min(ends), max(ends))]))


class TestWhatIsShown:
    def test_largest_first_credits_by_their_size_unknown_last(self, tmp_path, focus):
        costs = ("2", "-9", None, "5", "-0.5")
        load_into(tmp_path / "store", focus(*({"EffectiveCost": cost} for cost in costs)))
        items = shown(tmp_path / "store")
        assert [row[-1] for row in items.rows] == [-9, 5, 2, Decimal("-0.5"), None]
        assert (items.count, items.total) == (5, Decimal("-2.5"))

    def test_a_limit_cuts_the_rows_and_neither_count_nor_total(self, tmp_path, focus):
        load_into(tmp_path / "store", focus(*({"EffectiveCost": str(cost)} for cost in range(10))))
        items = shown(tmp_path / "store", limit=3)
        assert [row[-1] for row in items.rows] == [9, 8, 7]
        assert (items.count, items.total) == (10, Decimal(45))

    def test_columns_day_and_measure(self, tmp_path, focus):
        load_into(tmp_path / "store", focus({"ResourceId": "i-9", "InvoiceId": "INV-7"}))
        items = shown(tmp_path / "store", measure="BilledCost")
        (row,) = items.rows
        assert dict(zip(items.columns, row, strict=True)) == {
            "ChargePeriodStart": date(2026, 9, 5),
            "ServiceName": "Servers",
            "SkuMeter": None,
            "ResourceId": "i-9",
            "ChargeCategory": "Usage",
            "ConsumedQuantity": 1,
            "ConsumedUnit": "Hours",
            "BillingPeriodStart": date(2026, 9, 1),
            "InvoiceId": "INV-7",
            "BilledCost": Decimal("1.5"),
        }

    def test_only_one_currency_and_nothing_where_nothing_matches(self, tmp_path, focus):
        load_into(tmp_path / "store", focus({}, {"BillingCurrency": "EUR"}))
        assert shown(tmp_path / "store", currency="EUR").count == 1
        assert shown(tmp_path / "store", Filter("x_Team", ("Nobody",))).total is None
        assert shown(tmp_path / "store", currency="JPY").rows == []

    def test_quarantined_rows_are_left_out(self, tmp_path, focus):
        load_into(tmp_path / "store", focus({}, {"BilledCost": "x"}))
        assert shown(tmp_path / "store").count == 1

    def test_an_unknown_dimension_is_refused(self, tmp_path, focus):
        load_into(tmp_path / "store", focus({}))
        with pytest.raises(QueryError, match="Did you mean x_Team"):
            shown(tmp_path / "store", Filter("x_Tam", ("a",)))


class TestExportMoved:
    @pytest.mark.parametrize("happened", ["gone", "longer", "other bytes of the same size"])
    def test_gone_or_changed(self, tmp_path, focus, happened):
        bill = focus({})
        load_into(tmp_path / "store", bill)
        text = bill.read_text()
        match happened:
            case "gone":
                bill.unlink()
            case "longer":
                bill.write_text(text + "\n")
            case _:
                bill.write_text(text.replace("1.50", "9.50"))
                os.utime(bill, (1, 1))
        with pytest.raises(
            ExportMoved, match=r"focus:bill cannot be shown: .*bill.csv .*Expected: .*sums stay as they are"
        ):
            shown(tmp_path / "store")

    def test_the_same_bytes_with_another_date_will_do(self, tmp_path, focus):
        bill = focus({})
        load_into(tmp_path / "store", bill)
        os.utime(bill, (1, 1))
        assert shown(tmp_path / "store").count == 1

    def test_loading_it_from_its_new_place_shows_them_again(self, tmp_path, focus):
        bill = focus({})
        load_into(tmp_path / "store", bill)
        (tmp_path / "new").mkdir()
        moved = shutil.move(bill, tmp_path / "new" / bill.name)
        load_into(tmp_path / "store", moved)
        assert shown(tmp_path / "store").count == 1

    def test_an_export_that_is_not_asked_about_may_be_gone(self, tmp_path, focus):
        load_into(tmp_path / "store", focus({"ServiceName": "Here"}, name="here.csv"))
        gone = focus({"ServiceName": "Gone", "BillingAccountId": "2"}, name="gone.csv")
        load_into(tmp_path / "store", gone)
        gone.unlink()
        assert shown(tmp_path / "store", Filter("ServiceName", ("Here",))).count == 1
        with pytest.raises(ExportMoved):
            shown(tmp_path / "store", Filter("ServiceName", ("Gone",)))

    def test_other_rules_than_those_of_the_figure_are_refused(self, tmp_path, focus):
        load_into(tmp_path / "store", focus({}))
        with pytest.raises(StoreError, match="would not add up"):
            shown(tmp_path / "store", rules=ruleset({"name": "all", "set": {"x_Team": "A"}}))
