"""FOCUS files of every version and spelling become the same rows."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from costlib.sources import all_sources
from costlib.sources.focus_file import SOURCE, spellings
from costlib.sources.native import NativeColumns
from tests.bills import few, fresh_folder
from tests.builders import Row, cube_rows, focus_row, load_into, mapped, write_csv, write_parquet

#: What every version below says, by the names of 1.4.
MEANT = {
    "BillingAccountId": "1",
    "BillingAccountName": "Payer",
    "SubAccountId": "22",
    "BillingCurrency": "USD",
    "InvoiceIssuerName": "AWS",
    "ServiceProviderName": "AWS",
    "ChargeCategory": "Usage",
    "ServiceName": "Servers",
    "RegionId": "eu-1",
    "BilledCost": Decimal("1.5"),
    "EffectiveCost": Decimal("1.25"),
    "ConsumedQuantity": Decimal(3),
    "ConsumedUnit": "Hours",
}
RENAMED = {
    "0.5": {"ServiceProviderName": "Provider", "InvoiceIssuerName": "InvoiceIssuer", "ChargeCategory": "ChargeType",
            "RegionId": "Region", "EffectiveCost": "AmortizedCost", "ConsumedQuantity": "UsageQuantity",
            "ConsumedUnit": "UsageUnit", "SubAccountId": "SubAccount"},
    "1.0 preview": {"ServiceProviderName": "Publisher", "ChargeCategory": "ChargeType", "RegionId": "Region",
                    "EffectiveCost": "EffectiveCost", "ConsumedQuantity": "UsageQuantity", "ConsumedUnit": "UsageUnit"},
    "1.0": {"ServiceProviderName": "ProviderName"},
    "1.2, publisher only": {"ServiceProviderName": "PublisherName"},
    "1.4": {},
    "snake case": {"BilledCost": "billed_cost", "EffectiveCost": "effective_cost", "ServiceName": "service_name",
                   "BillingAccountId": "billing_account_id", "ChargeCategory": "charge_category"},
    "blanks": {"BilledCost": " Billed Cost ", "ChargeCategory": "Charge Category"},
}  # fmt: skip


def written(version: str) -> Row:
    dates = {"BillingPeriodStart": "2026-09-01", "ChargePeriodStart": "2026-09-05"}
    return {RENAMED[version].get(name, name): str(value) for name, value in MEANT.items()} | dates


@pytest.mark.parametrize("version", RENAMED)
def test_names_of_every_version_mean_the_same(tmp_path, version):
    found = mapped(write_csv(tmp_path / "bill.csv", [written(version)]), f"{', '.join(MEANT)}, x_Defect")
    assert found == [(*MEANT.values(), None)]


@pytest.mark.parametrize("version", ["0.5", "1.4"])
def test_the_first_and_the_newest_version_load(tmp_path, version):
    (done,) = load_into(tmp_path / "store", write_csv(tmp_path / "bill.csv", [written(version)]))
    assert (done.rows_loaded, done.rows_quarantined) == (1, 0)


def test_the_name_of_today_wins_over_an_older_one(tmp_path):
    row = focus_row(ServiceProviderName="Today", Provider="Long ago", AmortizedCost="99")
    found = mapped(write_csv(tmp_path / "bill.csv", [row]), "ServiceProviderName, EffectiveCost")
    assert found == [("Today", Decimal("1.25"))]


def test_an_empty_new_name_falls_back_to_the_old_one(tmp_path):
    row = focus_row(ServiceProviderName=None, ProviderName="Named before")
    assert mapped(write_csv(tmp_path / "bill.csv", [row]), "ServiceProviderName") == [("Named before",)]


class TestRecognised:
    def test_by_three_of_its_signs(self):
        signs = ("BilledCost", "ChargePeriodStart", "BillingPeriodStart", "ChargeCategory")
        for missing in signs:
            assert SOURCE.recognises(NativeColumns({name: "VARCHAR" for name in signs if name != missing}))
        assert not SOURCE.recognises(NativeColumns(dict.fromkeys(signs[:2], "VARCHAR")))

    def test_by_one_source_only(self):
        columns = NativeColumns(dict.fromkeys(focus_row(), "VARCHAR"))
        assert [source.type for source in all_sources() if source.recognises(columns)] == ["focus"]

    def test_spellings_begin_with_the_name_of_today(self):
        assert spellings("ChargeCategory") == ("ChargeCategory", "ChargeType")
        assert spellings("BilledCost") == ("BilledCost",)


class TestTypes:
    @few(3)
    @given(st.lists(st.decimals(-(10**9), 10**9, places=5), min_size=1, max_size=20))
    def test_doubles_in_parquet_and_text_in_csv_are_the_same_money(self, costs):
        """Up to 15 significant digits a double names one decimal, and that is the one that was meant."""
        small = [cost.scaleb(-12) for cost in costs]
        rows = [
            focus_row(BilledCost=f"{cost:f}", ListCost=f"{tiny:f}") for cost, tiny in zip(costs, small, strict=True)
        ]
        doubles = {
            "BilledCost": pa.array([float(cost) for cost in costs]),
            "ListCost": pa.array([float(tiny) for tiny in small]),
        }
        with fresh_folder() as folder:
            load_into(folder / "text", write_csv(folder / "bill.csv", rows))
            load_into(folder / "doubles", write_parquet(folder / "bill.parquet", rows, **doubles))
            sums = "SELECT SUM(BilledCost), SUM(ListCost) FROM cube"
            assert cube_rows(folder / "text", sums) == cube_rows(folder / "doubles", sums)

    @pytest.mark.parametrize(
        ("kind", "value"),
        [
            (pa.decimal128(38, 20), Decimal("1.12345678901234567891")),
            (pa.decimal128(9, 2), Decimal("1.12")),
            (pa.int64(), 7),
            (pa.float32(), 0.5),
            (pa.string(), "1.5e0"),
        ],
    )
    def test_costs_of_any_numeric_type(self, tmp_path, kind, value):
        bill = write_parquet(tmp_path / "b.parquet", [focus_row()], BilledCost=pa.array([value], kind))
        assert mapped(bill, "BilledCost, x_Defect") == [(Decimal(str(value)).quantize(Decimal("1e-18")), None)]

    @pytest.mark.parametrize(
        "moment",
        [
            pa.array(["2026-09-06T01:30:00+02:00"]),
            pa.array(["2026-09-05"]),
            pa.array(["9/5/26"]),
            pa.array(["09/05/2026"]),
            pa.array([1788652799_000000], pa.timestamp("us")),
            pa.array([1788652799_000], pa.timestamp("ms", tz="America/New_York")),
            pa.array([1788652799_000000000], pa.timestamp("ns", tz="UTC")),
            pa.array([20701], pa.date32()),
        ],
        ids=str,
    )
    def test_days_are_utc_days_whatever_the_type(self, tmp_path, moment):
        bill = write_parquet(tmp_path / "b.parquet", [focus_row()], ChargePeriodStart=moment)
        assert mapped(bill, "CAST(ChargePeriodStart AS DATE), x_Defect") == [(date(2026, 9, 5), None)]

    @pytest.mark.parametrize(
        ("start", "month"),
        [
            ("2026-09-01T00:00:00+09:00", 9),  # midnight in Tokyo
            ("2026-08-31T15:00:00Z", 9),  # the same moment
            ("2026-09-01T00:00:00+14:00", 9),
            ("2026-09-01T00:00:00-05:00", 9),
            ("2026-09-01T00:00:00-12:00", 9),
            ("2026-08-31", 8),  # a day is no moment that was moved
            ("2026-08-31T09:59:59Z", 8),
            ("2026-09-15T00:00:00Z", 9),
            ("2028-02-29T23:00:00Z", 3),
            ("2026-12-31T16:00:00Z", 1),
            ("9/1/2026", 9),
            ("9/15/26", 9),
        ],
    )
    def test_the_month_of_a_bill_is_that_of_who_sends_it(self, tmp_path, start, month):
        bill = write_csv(tmp_path / "bill.csv", [focus_row(BillingPeriodStart=start)])
        assert mapped(bill, "MONTH(BillingPeriodStart), x_Defect") == [(month, None)]

    def test_a_bill_in_local_time_is_one_month_and_its_days_are_utc_days(self, tmp_path):
        moments = ("2026-09-01T00:00:00+09:00", "2026-09-01T09:00:00+09:00", "2026-09-30T23:00:00+09:00")
        rows = [focus_row(BillingPeriodStart=moments[0], ChargePeriodStart=moment) for moment in moments]
        (done,) = load_into(tmp_path / "store", write_csv(tmp_path / "bill.csv", rows))
        assert [part.period for part in done.parts] == ["2026-09"]
        query = "SELECT ChargePeriodStart, SUM(BilledCost) FROM cube GROUP BY 1 ORDER BY 1"
        assert cube_rows(tmp_path / "store", query) == [
            (date(2026, 8, 31), Decimal("1.5")),
            (date(2026, 9, 1), Decimal("1.5")),
            (date(2026, 9, 30), Decimal("1.5")),
        ]

    @pytest.mark.parametrize("start", ["01/09/2026", "1/9/26", "01/12/2026"])
    def test_days_before_months_are_set_aside_and_not_taken_for_other_months(self, tmp_path, start):
        bill = write_csv(tmp_path / "bill.csv", [focus_row(BillingPeriodStart=start, ChargePeriodStart="03/09/2026")])
        assert mapped(bill, "BillingPeriodStart, x_Defect") == [
            (None, f"BillingPeriodStart: {start} is not a date such as 2026-09-30T00:00:00Z")
        ]

    def test_account_numbers_as_numbers(self, tmp_path):
        bill = write_parquet(tmp_path / "b.parquet", [focus_row()], BillingAccountId=pa.array([111122223333]))
        assert mapped(bill, "BillingAccountId") == [("111122223333",)]

    @pytest.mark.parametrize(
        "tags",
        [
            pa.array([[("b", "2"), ("team", "Search")]], pa.map_(pa.string(), pa.string())),
            pa.array([{"team": "Search", "b": "2"}]),
            pa.array(['{"team": "Search", "b": "2"}']),
            pa.array(['"team": "Search", "b": "2"']),
        ],
        ids=["map", "struct", "text", "text without braces"],
    )
    def test_tags_of_any_type(self, tmp_path, tags):
        load_into(tmp_path / "store", write_parquet(tmp_path / "b.parquet", [focus_row()], Tags=tags))
        found = cube_rows(tmp_path / "store", "SELECT Tags, x_Team FROM resource_days")
        assert found == [({"b": "2", "team": "Search"}, "Search")]


TAGS = {
    '{"team": "Search", "n": 5, "yes": true, "none": null}': {"team": "Search", "n": "5", "yes": "true", "none": None},
    '{"it\'s": "a \'quoted\' \\"one\\""}': {"it's": "a 'quoted' \"one\""},
    '{"team": "x\'; DROP TABLE base; --"}': {"team": "x'; DROP TABLE base; --"},
    '{"東京": "🚀 ünï"}': {"東京": "🚀 ünï"},
    '{"nested": {"a": [1, 2]}}': {"nested": '{"a":[1,2]}'},
    '{"twice": "1", "twice": "2"}': {"": '{"twice": "1", "twice": "2"}'},
    "{broken": {"": "{broken"},
    "{}": {},
    "plain words": None,
    "[1, 2]": None,
    "NULL": None,
}


@pytest.fixture(scope="module")
def tags_read(tmp_path_factory):
    """The tags of one row each, by the name of its resource."""
    folder = tmp_path_factory.mktemp("tags")
    rows = [focus_row(ResourceId=str(number), Tags=text) for number, text in enumerate(TAGS)]
    load_into(folder / "store", write_csv(folder / "b.csv", rows))
    return dict(cube_rows(folder / "store", "SELECT ResourceId, Tags FROM resource_days"))


@pytest.mark.parametrize("text", TAGS)
def test_tags_as_they_are_written(tags_read, text):
    assert tags_read[str(list(TAGS).index(text))] == TAGS[text]


def test_the_instance_type_is_found_in_the_price_details(tmp_path):
    rows = [focus_row(SkuPriceDetails='{"InstanceType": "p5.48xlarge"}'), focus_row(SkuPriceDetails=None)]
    load_into(tmp_path / "store", write_csv(tmp_path / "b.csv", rows))
    assert cube_rows(tmp_path / "store", "SELECT x_InstanceType FROM resource_days ORDER BY 1") == [
        ("p5.48xlarge",),
        (None,),
    ]
