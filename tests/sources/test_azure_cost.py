"""Azure: two views of one bill become one, by hand and for generated bills; header variants; what is refused.

The bill by hand, September 2026, in USD, as the two exports have it:

    line                        actual  amortised
    two hours on demand           3.00       3.00
    eight reserved hours          0.00       0.50   (agreed price 0.15 an hour)
    what nobody used of it           -       0.25
    purchase of the reservation   3.25          -
    refund of a savings plan     -1.00          -
    a licence from a third party 10.00      10.00
    tax                           0.70       0.70
"""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from costlib.errors import EmptyExport, MissingColumn, UnreadableFile
from costlib.focus import COST_MEASURES
from costlib.periods import Window
from costlib.sources import all_sources
from costlib.sources.azure_cost import SOURCE
from costlib.sources.discovery import discover
from costlib.sources.native import NativeColumns
from costlib.store.base import DEFECT, line_item_select
from costlib.store.engine import connect
from costlib.store.line_items import line_items
from costlib.store.status import status_document
from costlib.store.store import Store
from tests.bills import few, fresh_folder
from tests.builders import (
    TEAM_RULES,
    Row,
    cube_rows,
    load_into,
    opened,
    total,
    without,
    write,
    write_csv,
    write_parquet,
)

SEPTEMBER = Window(date(2026, 9, 1), date(2026, 10, 1))
RESERVATION = "/providers/Microsoft.Capacity/reservationOrders/49ed/reservations/f39d"
PLAN = "/providers/Microsoft.BillingBenefits/savingsPlanOrders/802a/savingsPlans/09ff"


def azure_row(**changes: str | None) -> Row:
    """Two hours of a server on demand under an Enterprise Agreement: 3.00 USD, 1.50 an hour."""
    row: Row = {
        "BillingAccountId": "08611537",
        "BillingAccountName": "Payer",
        "BillingPeriodStartDate": "09/01/2026",
        "BillingPeriodEndDate": "09/30/2026",
        "BillingProfileId": "08611537",
        "SubscriptionId": "s-1",
        "SubscriptionName": "ml-prod",
        "Date": "09/05/2026",
        "PartNumber": "AAA-1",
        "MeterId": "m-1",
        "ServiceFamily": "Compute",
        "MeterCategory": "Virtual Machines",
        "MeterName": "NC24ads A100 v4",
        "Quantity": "2",
        "EffectivePrice": "1.5",
        "Cost": "3.00",
        "UnitPrice": "1.5",
        "BillingCurrency": "USD",
        "ResourceLocation": "West Europe",
        "ConsumedService": "Microsoft.Compute",
        "ResourceId": "/subscriptions/s-1/vm-1",
        "ResourceName": "vm-1",
        "AdditionalInfo": '{"ServiceType":"Standard_NC24ads_A100_v4","VCPUs":24}',
        "Tags": '"team": "Search","env": "prod"',
        "UnitOfMeasure": "1 Hour",
        "ReservationId": None,
        "PublisherName": "Microsoft",
        "ChargeType": "Usage",
        "Frequency": "UsageBased",
        "PublisherType": "Azure",
        "PricingModel": "OnDemand",
        "benefitId": None,
    }
    return row | changes


def reserved(cost: str, **changes: str | None) -> Row:
    """Eight hours that a reservation covers."""
    row = {"Quantity": "8", "UnitPrice": "0.15", "Cost": cost, "PricingModel": "Reservation", "benefitId": RESERVATION}
    return azure_row(**row | changes)


def unused(cost: str, **changes: str | None) -> Row:
    """What nobody used of the reservation."""
    return reserved(cost, **{"ChargeType": "UnusedReservation", "ResourceId": None} | changes)


def purchase(cost: str, **changes: str | None) -> Row:
    """The monthly purchase of the reservation."""
    return reserved(cost, **{"ChargeType": "Purchase", "Frequency": "Recurring", "Quantity": "1"} | changes)


REFUND = purchase("-1.00", ChargeType="Refund", PricingModel="SavingsPlan", benefitId=PLAN, Frequency="OneTime")
LICENCE = azure_row(
    Cost="10.00", ChargeType="Purchase", PricingModel=None, PublisherType="Marketplace", PublisherName="Vendor"
)
TAX = azure_row(Cost="0.70", ChargeType="Tax", PricingModel=None, Quantity=None)
SHARED = [azure_row(), LICENCE, TAX]
ACTUAL = [*SHARED, reserved("0"), purchase("3.25"), REFUND]
AMORTISED = [*SHARED, reserved("0.50"), unused("0.25")]


def exports(folder: Path, **files: list[Row]) -> list[Path]:
    """Files of the given names, in a folder whose name says nothing."""
    return [write_csv(folder / "bill" / f"{name}.csv", rows) for name, rows in files.items()]


def status(root: Path) -> dict:
    """The one entry of the store's status document."""
    (entry,) = status_document(Store(root).current())["loads"]
    return entry


def loaded(folder: Path, **files: list[Row]) -> dict:
    """What the status says of the files, loaded together."""
    load_into(folder / "store", *exports(folder, **files), source="azure")
    return status(folder / "store")


def focus_rows(paths: list[Path], columns: str) -> list[tuple]:
    """The rows of the files as FOCUS rows, in their order."""
    (export,) = discover(paths)
    with connect() as connection:
        return connection.execute(f"SELECT {columns} FROM ({line_item_select(export)})").fetchall()


def one(folder: Path, columns: str, row: Row) -> tuple:
    (found,) = focus_rows([write_csv(folder / "bill.csv", [row])], columns)
    return found


def views(paths: list[Path]) -> dict[str, tuple[str, ...]]:
    (export,) = discover(paths)
    return {file.path.stem: file.layout.view for file in export.files}


def amounts(*texts: str | None) -> tuple[Decimal | None, ...]:
    return tuple(None if text is None else Decimal(text) for text in texts)


class TestTheThreeWaysToLoadIt:
    """Billed: 3 + 10 + 0.70 + 3.25 - 1 = 15.95, the plain sum of the actual export."""

    def test_both_give_the_invoice_and_the_whole_effective_cost(self, tmp_path):
        entry = loaded(tmp_path, a=ACTUAL, b=AMORTISED)
        assert entry["sums_store"]["BilledCost"] == entry["sums_in"]["BilledCost"] == "15.95"
        assert entry["sums_store"]["EffectiveCost"] == entry["sums_in"]["EffectiveCost"] == "14.45"
        assert (entry["rows_in"], entry["rows_loaded"], entry["rows_apart"]) == (7, 7, 4)
        assert entry["sums_apart"]["BilledCost"] == "13.7"
        assert entry["tied_out"]

    def test_actual_only_gives_the_invoice_and_leaves_covered_use_unknown(self, tmp_path):
        entry = loaded(tmp_path, a=ACTUAL)
        assert (entry["sums_store"]["BilledCost"], entry["sums_store"]["EffectiveCost"]) == ("15.95", "13.7")
        assert (entry["rows_loaded"], entry["rows_apart"], entry["tied_out"]) == (6, 0, True)
        unknown = "SELECT SUM(x_LineItems) FROM cube WHERE EffectiveCost IS NULL"
        assert cube_rows(tmp_path / "store", unknown) == [(1,)]

    def test_amortised_only_gives_the_effective_cost_and_no_purchases(self, tmp_path):
        entry = loaded(tmp_path, b=AMORTISED)
        assert (entry["sums_store"]["BilledCost"], entry["sums_store"]["EffectiveCost"]) == ("13.7", "14.45")
        assert (entry["rows_loaded"], entry["rows_apart"], entry["tied_out"]) == (5, 0, True)

    def test_month_by_month_an_actual_export_alone_is_read_whole(self, tmp_path):
        october = [row | {"BillingPeriodStartDate": "10/01/2026", "Date": "10/05/2026"} for row in ACTUAL]
        load_into(tmp_path / "store", *exports(tmp_path, a=ACTUAL, b=AMORTISED, c=october), source="azure")
        found = status_document(Store(tmp_path / "store").current())["loads"]
        rows = [(entry["period"], entry["rows_loaded"], entry["rows_apart"]) for entry in found]
        assert rows == [("2026-09", 7, 4), ("2026-10", 6, 0)]

    def test_account_by_account_too(self, tmp_path):
        other = [row | {"BillingAccountId": "2"} for row in ACTUAL]
        load_into(tmp_path / "store", *exports(tmp_path, a=[*ACTUAL, *other], b=AMORTISED), source="azure")
        found = status_document(Store(tmp_path / "store").current())["loads"]
        rows = [(entry["account"], entry["rows_loaded"], entry["rows_apart"]) for entry in found]
        assert rows == [("08611537", 7, 4), ("2", 6, 0)]

    def test_the_second_export_later_takes_the_place_of_the_first_with_it(self, tmp_path):
        first, second = exports(tmp_path, a=ACTUAL, b=AMORTISED)
        load_into(tmp_path / "store", first, source="azure")
        load_into(tmp_path / "store", first, second, source="azure")
        assert status(tmp_path / "store")["sums_store"]["EffectiveCost"] == "14.45"
        (again,) = load_into(tmp_path / "store", second, first, source="azure")
        assert not again.changed

    def test_line_items_behind_a_figure_leave_the_rows_apart_out(self, tmp_path):
        loaded(tmp_path, a=ACTUAL, b=AMORTISED)
        state = Store(tmp_path / "store").current()
        with opened(tmp_path / "store") as reader:
            found = line_items(state, reader, TEAM_RULES, (), SEPTEMBER, "USD", "BilledCost")
        assert (found.count, found.total) == (7, Decimal("15.95"))

    def test_rows_set_aside_are_counted_once_with_their_place(self, tmp_path):
        entry = loaded(tmp_path, a=[*ACTUAL, azure_row(Cost="much")], b=[*AMORTISED, azure_row(Cost="much")])
        assert (entry["rows_in"], entry["rows_loaded"], entry["rows_quarantined"], entry["rows_apart"]) == (8, 7, 1, 5)


@few(12)
@given(
    st.lists(st.decimals(-1000, 1000, places=12), max_size=4),
    st.lists(st.decimals("0.01", 100, places=18), min_size=1, max_size=4),
    st.lists(st.decimals(-100, 100, places=4), min_size=1, max_size=3),
)
def test_of_any_bill_billed_is_the_actual_sum_and_effective_the_amortised(shared, spread, paid):
    both = [azure_row(Cost=f"{cost:f}") for cost in shared]
    actual = [*both, *(reserved("0") for _ in spread), *(purchase(f"{cost:f}") for cost in paid)]
    amortised = [*both, *(reserved(f"{cost:f}") for cost in spread)]
    with fresh_folder() as folder:
        entry = loaded(folder, x=actual, y=amortised)
    assert Decimal(entry["sums_store"]["BilledCost"]) == total(row["Cost"] for row in actual)
    assert Decimal(entry["sums_store"]["EffectiveCost"]) == total(row["Cost"] for row in amortised)
    assert entry["rows_in"] + entry["rows_apart"] == len(actual) + len(amortised)


class TestFinerThanTheStore:
    #: Costs of the amortised sample of the FinOps toolkit (MIT licence), as they stand there.
    SAMPLE = (
        "0.493152", "0.006000000468", "0.00006755", "0.0200016", "2.48063499589542", "4.09632768", "0.0864", "0",
        "0.005", "0.0001188669167459011366", "2.48695124246961", "0.0000000072922557592391990000", "0.00034686",
        "0.0000000191107392311096200000", "0.025", "0.65705256", "0.4838709677419368", "0.161000000000000136",
        "0.00004", "0.000011139", "2.64", "0", "0", "0.000002", "0.21268368", "0", "1.9584", "0.4838709677419368",
    )  # fmt: skip

    def test_the_published_sample_to_its_last_digit(self, tmp_path):
        rows = [reserved(cost) if number == 0 else azure_row(Cost=cost) for number, cost in enumerate(self.SAMPLE)]
        entry = loaded(tmp_path, sample=rows)
        assert entry["sums_in"]["EffectiveCost"] == "16.296932136636644627485419"
        assert entry["sums_store"]["EffectiveCost"] == "16.296932136636644627"
        assert entry["sums_in"]["BilledCost"] == "15.803780136636644627485419"
        assert entry["untied"] == dict.fromkeys(COST_MEASURES, "0")
        assert entry["tied_out"]

    @pytest.mark.parametrize(
        ("costs", "exact", "stored"),
        [
            (["0.0000000000000000005"] * 3, "0.0000000000000000015", "0.000000000000000003"),
            (["-1.2345678901234567894"], "-1.2345678901234567894", "-1.234567890123456789"),
            (["3.5e-21", "1E-7"], "0.0000001000000000000035", "0.0000001"),
            (["123456.0000000000000000001"], "123456.0000000000000000001", "123456"),
            (["12345678901.5"], "12345678901.5", "12345678901.5"),
        ],
    )
    def test_the_bill_is_summed_as_it_is_and_the_store_row_by_row(self, tmp_path, costs, exact, stored):
        entry = loaded(tmp_path, bill=[azure_row(Cost=cost) for cost in costs])
        for name in ("BilledCost", "EffectiveCost"):
            assert (entry["sums_in"][name], entry["sums_store"][name], entry["untied"][name]) == (exact, stored, "0")
        assert entry["tied_out"]

    def test_rounding_is_kept_over_a_restart(self, tmp_path):
        loaded(tmp_path, bill=[azure_row(Cost="1.0000000000000000004")])
        (entry,) = Store(tmp_path / "store").current().parts[0].tie_outs
        assert entry.sums_finer["BilledCost"] == Decimal("4e-19")

    def test_a_double_is_what_its_shortest_text_says(self, tmp_path):
        path = write_parquet(tmp_path / "bill.parquet", [azure_row()], Cost=pa.array([1.2e-7]))
        load_into(tmp_path / "store", path)
        assert status(tmp_path / "store")["sums_in"]["BilledCost"] == "0.00000012"


class TestWhichFileIsWhich:
    def test_names_do_not_decide_where_rows_do(self, tmp_path):
        found = views(exports(tmp_path, AmortizedCost=ACTUAL, ActualCost=AMORTISED))
        assert found == {"AmortizedCost": ("actual", "08611537 2026-09"), "ActualCost": ("amortised",)}

    @pytest.mark.parametrize(
        ("rows", "view"),
        [
            ([purchase("3")], "actual"),
            ([REFUND], "actual"),
            ([reserved("0")], "actual"),
            ([reserved("0.000")], "actual"),
            ([reserved("0E-20")], "actual"),
            ([reserved("0.5")], "amortised"),
            ([reserved("1e-9")], "amortised"),
            ([unused("0.5")], "amortised"),
            ([unused("0.5", PricingModel=None, benefitId=None)], "amortised"),
            ([reserved("0"), reserved("0"), unused("0.5")], "amortised"),
            ([reserved("0", PricingModel=None)], "actual"),
            ([reserved("0.5", PricingModel="Savings Plan", benefitId=PLAN)], "amortised"),
            ([azure_row()], "actual"),
            ([LICENCE, TAX], "actual"),
        ],
    )
    def test_by_what_only_one_view_holds(self, tmp_path, rows, view):
        (found,) = views(exports(tmp_path, x=rows)).values()
        assert found[0] == view

    def test_without_commitments_the_same_rows_twice_count_once(self, tmp_path):
        entry = loaded(tmp_path, first=SHARED, second=SHARED)
        assert (entry["rows_loaded"], entry["rows_apart"], entry["sums_store"]["BilledCost"]) == (3, 3, "13.7")

    def test_other_rows_without_commitments_are_parts_of_one_bill(self, tmp_path):
        entry = loaded(tmp_path, first=SHARED, second=[azure_row(Date="09/06/2026")])
        assert (entry["rows_loaded"], entry["rows_apart"], entry["sums_store"]["BilledCost"]) == (4, 0, "16.7")

    def test_the_other_view_of_a_file_is_known_by_the_rows_they_share(self, tmp_path):
        found = views(exports(tmp_path, x=[*SHARED, purchase("3")], y=SHARED))
        assert found == {"x": ("actual", "08611537 2026-09"), "y": ("amortised",)}

    def test_else_its_name_tells(self, tmp_path):
        later = [azure_row(Date="09/30/2026")]
        for name, view in (("ActualCost", "actual"), ("Amortized", "amortised"), ("amortised", "amortised")):
            found = views(exports(tmp_path / name, x=AMORTISED, **{name: later}))
            assert found[name][0] == view

    def test_else_the_files_in_its_folder(self, tmp_path):
        for name, rows in (("one", ACTUAL), ("two", AMORTISED)):
            write_csv(tmp_path / "x" / name / f"{name}-1.csv", rows)
            write_csv(tmp_path / "x" / name / f"{name}-2.csv", [azure_row(Quantity=str(len(name) + len(rows)))])
        found = views([tmp_path / "x"])
        assert [found[name][0] for name in ("one-1", "one-2", "two-1", "two-2")] == ["actual"] * 2 + ["amortised"] * 2

    def test_a_file_that_could_be_either_is_refused_rather_than_counted_twice(self, tmp_path):
        paths = exports(tmp_path, x=ACTUAL, y=AMORTISED, z=[azure_row(Date="09/30/2026")])
        with pytest.raises(UnreadableFile, match=r"z\.csv may be actual or amortised.*folders named actual and amort"):
            discover(paths)

    def test_a_file_with_both_views_is_refused(self, tmp_path):
        with pytest.raises(UnreadableFile, match=r"x\.csv holds purchases of commitments and commitments spread"):
            discover(exports(tmp_path, x=[*ACTUAL, *AMORTISED]))

    def test_runs_that_each_hold_the_month_are_refused(self, tmp_path):
        for run in ("0a1b2c3d-0000-1111-2222-333344445555", "0a1b2c3d-0000-1111-2222-333344445556"):
            write_csv(tmp_path / "costs" / "20260901-20260930" / f"costs_{run}.csv", ACTUAL)
        with pytest.raises(UnreadableFile, match="holds 2 runs"):
            discover([tmp_path / "costs"])

    def test_paths_with_brackets_and_stars(self, tmp_path):
        found = views([write_csv(tmp_path / "x[1]*" / "bill [2].csv", AMORTISED)])
        assert found == {"bill [2]": ("amortised",)}

    def test_one_view_may_be_csv_and_the_other_parquet(self, tmp_path):
        paths = exports(tmp_path, x=[*SHARED, purchase("3")])
        found = views([*paths, write_parquet(tmp_path / "bill" / "y.parquet", SHARED)])
        assert found == {"x": ("actual", "08611537 2026-09"), "y": ("amortised",)}

    def test_a_damaged_file_is_named(self, tmp_path):
        path = write(tmp_path / "bill.csv", write_csv(tmp_path / "x", ACTUAL).read_text() + '"open')
        with pytest.raises(UnreadableFile, match=r"bill\.csv"):
            discover([path])


class TestMeasures:
    """Each type of line in its view: billed, effective, list and contracted cost."""

    LINES = (
        (azure_row(), "actual", ("3", "3", None, "3")),
        (azure_row(PricingModel="Spot", Cost="0.4"), "actual", ("0.4", "0.4", None, "0.4")),
        (purchase("3.25"), "actual", ("3.25", "0", None, "0")),
        (REFUND, "actual", ("-1", "0", None, "0")),
        (reserved("0"), "actual", ("0", None, None, "1.2")),
        (reserved("0.5"), "amortised", ("0", "0.5", None, "1.2")),
        (reserved("0.5", UnitOfMeasure="100 Hours"), "amortised", ("0", "0.5", None, None)),
        (reserved("0.5", UnitPrice="1e9"), "amortised", ("0", "0.5", None, None)),
        (unused("0.25"), "amortised", ("0", "0.25", None, "0")),
        (LICENCE, "actual", ("10", "10", None, "10")),
        (TAX, "actual", ("0.7", "0.7", None, "0.7")),
        (azure_row(ChargeType="Credit", Cost="-2"), "actual", ("-2", "-2", None, "-2")),
        (azure_row(ChargeType="RoundingAdjustment", Cost="0.004"), "actual", ("0.004", "0.004", None, "0.004")),
    )

    @pytest.mark.parametrize(("row", "view", "costs"), LINES)
    def test_by_hand(self, tmp_path, row, view, costs):
        assert one(tmp_path, ", ".join(COST_MEASURES), row) == amounts(*costs)
        (found,) = views([tmp_path / "bill.csv"]).values()
        assert found[0] == view

    def test_the_list_cost_of_a_customer_agreement(self, tmp_path):
        rows = [row | {"PaygCostInBillingCurrency": "4"} for row in (azure_row(), reserved("0.5"), unused("0.25"))]
        found = focus_rows([write_csv(tmp_path / "bill.csv", rows)], "ListCost")
        assert found == [(Decimal(4),), (Decimal(4),), (Decimal(0),)]

    @pytest.mark.parametrize(
        ("row", "facts"),
        [
            (azure_row(), ("Usage", None, "Usage-Based", "Standard", None, None, None)),
            (azure_row(PricingModel="Spot"), ("Usage", None, "Usage-Based", "Dynamic", None, None, None)),
            (reserved("0.5"), ("Usage", None, "Usage-Based", "Committed", RESERVATION, "Used", "Reservation")),
            (unused("0.5"), ("Usage", None, "Usage-Based", "Committed", RESERVATION, "Unused", "Reservation")),
            (purchase("3"), ("Purchase", None, "Recurring", None, RESERVATION, None, "Reservation")),
            (REFUND, ("Purchase", "Correction", "One-Time", None, PLAN, None, "Savings Plan")),
            (TAX, ("Tax", None, "Usage-Based", None, None, None, None)),
            (azure_row(ChargeType="RoundingAdjustment"), ("Adjustment", None, "Usage-Based", None, None, None, None)),
            (azure_row(ChargeType=None), (None, None, "Usage-Based", None, None, None, None)),
        ],
    )
    def test_what_kind_of_charge_it_is(self, tmp_path, row, facts):
        columns = (
            "ChargeCategory, ChargeClass, ChargeFrequency, PricingCategory, CommitmentDiscountId, "
            "CommitmentDiscountStatus, CommitmentDiscountType"
        )
        assert one(tmp_path, columns, row) == facts

    def test_what_was_used_where_and_by_whom(self, tmp_path):
        columns = (
            "BillingAccountId, SubAccountId, SubAccountName, ServiceProviderName, InvoiceIssuerName, ServiceCategory, "
            "ServiceName, RegionId, ResourceName, SkuMeter, x_InstanceType, ConsumedQuantity, ConsumedUnit"
        )
        assert one(tmp_path, columns, azure_row()) == (
            "08611537", "s-1", "ml-prod", "Microsoft", "Microsoft", "Compute", "Virtual Machines", "westeurope", "vm-1",
            "NC24ads A100 v4", "Standard_NC24ads_A100_v4", Decimal(2), "1 Hour",
        )  # fmt: skip

    def test_a_third_party_provides_what_microsoft_invoices(self, tmp_path):
        assert one(tmp_path, "ServiceProviderName, InvoiceIssuerName", LICENCE) == ("Vendor", "Microsoft")

    @pytest.mark.parametrize(
        ("meter", "family", "category"),
        [
            ("Azure OpenAI", "Compute", "AI and Machine Learning"),
            ("Storage", "Compute", "Storage"),
            ("Something new", "AI + Machine Learning", "AI and Machine Learning"),
            ("Something new", "Containers", "Compute"),
            ("Something new", "Something else", None),
        ],
    )
    def test_service_categories(self, tmp_path, meter, family, category):
        assert one(tmp_path, "ServiceCategory", azure_row(MeterCategory=meter, ServiceFamily=family)) == (category,)


class TestTags:
    @pytest.mark.parametrize(
        ("text", "tags"),
        [
            ('"team": "Search","env": "prod"', {"team": "Search", "env": "prod"}),
            ('{"team": "Search"}', {"team": "Search"}),
            ('"a":"{x}"', {"a": "{x}"}),
            ("", None),
        ],
    )
    def test_braces_are_added_where_they_are_missing(self, tmp_path, text, tags):
        (found,) = one(tmp_path, "Tags", azure_row(Tags=text))
        assert (found and json.loads(found)) == tags

    def test_so_they_are_for_the_machine_type(self, tmp_path):
        row = azure_row(AdditionalInfo='"ServiceType": "Standard_DS2_v2",  "VCPUs": 2')
        assert one(tmp_path, "x_InstanceType", row) == ("Standard_DS2_v2",)

    def test_and_rules_read_them(self, tmp_path):
        loaded(tmp_path, bill=[azure_row()])
        assert cube_rows(tmp_path / "store", "SELECT x_Team FROM cube") == [("Search",)]


class TestDates:
    def test_month_comes_first(self, tmp_path):
        assert str(one(tmp_path, "ChargePeriodStart::DATE", azure_row(Date="09/05/2026"))[0]) == "2026-09-05"

    @pytest.mark.parametrize("text", ["2026-09-05", "2026-09-05T00:00:00Z", "2026-09-05T00:00:00.0000000Z", "9/5/2026"])
    def test_other_spellings(self, tmp_path, text):
        assert str(one(tmp_path, "ChargePeriodStart::DATE", azure_row(Date=text))[0]) == "2026-09-05"

    @pytest.mark.parametrize("text", ["13/09/2026", "05.09.2026", "soon"])
    def test_day_first_is_set_aside_and_never_guessed(self, tmp_path, text):
        reason = f"Date: {text} is not a date such as 2026-09-30T00:00:00Z"
        assert one(tmp_path, f"ChargePeriodStart, {DEFECT}", azure_row(Date=text)) == (None, reason)

    def test_the_last_day_belongs_to_its_month(self, tmp_path):
        entry = loaded(tmp_path, bill=[azure_row(Date="09/30/2026")])
        assert (entry["period"], Store(tmp_path / "store").current().data_date.isoformat()) == ("2026-09", "2026-09-30")

    def test_the_billing_period_counts_not_the_day(self, tmp_path):
        entry = loaded(tmp_path, bill=[azure_row(Date="10/01/2026")])
        assert entry["period"] == "2026-09"


PAY_AS_YOU_GO: Row = {
    "SubscriptionGuid": "0111-s", "ResourceGroup": "g", "ResourceLocation": "US East", "UsageDateTime": "2026-09-02",
    "MeterCategory": "Load Balancer", "MeterSubcategory": "Standard", "MeterId": "m", "MeterName": "Rules",
    "UsageQuantity": "3", "ResourceRate": "0.025", "PreTaxCost": "0.075", "ConsumedService": "Microsoft.Network",
    "InstanceId": "/subscriptions/0111-s/lb", "Tags": None, "AdditionalInfo": None, "ServiceName": "Load Balancer",
    "Currency": "USD", "UnitOfMeasure": "100 Hours",
}  # fmt: skip
GERMAN = {
    "SubscriptionGuid": "Abonnement-GUID (SubscriptionGuid)",
    "ResourceGroup": "Ressourcengruppe (ResourceGroup)",
    "ResourceLocation": "Ressourcenstandort (ResourceLocation)",
    "UsageDateTime": "UsageDateTime (UsageDateTime)",
    "MeterCategory": "Kategorie der Verbrauchseinheit (MeterCategory)",
    "MeterName": "Name der Verbrauchseinheit (MeterName)",
    "UsageQuantity": "UsageQuantity (UsageQuantity)",
    "PreTaxCost": "PreTaxCost (PreTaxCost)",
    "ConsumedService": "Genutzter Dienst (ConsumedService)",
    "InstanceId": "InstanceId (InstanceId)",
    "UnitOfMeasure": "Maßeinheit (UnitOfMeasure)",
}
VARIANT_COLUMNS = (
    "BillingAccountId, SubAccountId, BilledCost, EffectiveCost, BillingCurrency, BillingPeriodStart::DATE::TEXT, "
    "ChargePeriodStart::DATE::TEXT, ChargeCategory, ServiceName, RegionId, ResourceId, SkuMeter, "
    "ConsumedQuantity, PricingUnit"
)
MEANT = (
    "0111-s", "0111-s", Decimal("0.075"), Decimal("0.075"), "USD", "2026-09-01", "2026-09-02", "Usage", "Load Balancer",
    "useast", "/subscriptions/0111-s/lb", "Rules", Decimal(3), "100 Hours",
)  # fmt: skip


def german(**changes: str | None) -> Row:
    return {GERMAN.get(name, name): value for name, value in (PAY_AS_YOU_GO | changes).items()}


class TestHeaderVariants:
    def test_pay_as_you_go(self, tmp_path):
        assert one(tmp_path, VARIANT_COLUMNS, PAY_AS_YOU_GO) == MEANT

    def test_german(self, tmp_path):
        assert one(tmp_path, VARIANT_COLUMNS, german()) == MEANT

    def test_with_a_byte_order_mark(self, tmp_path):
        text = write_csv(tmp_path / "bill.csv", [PAY_AS_YOU_GO]).read_bytes()
        path = write(tmp_path / "bill.csv", b"\xef\xbb\xbf" + text)
        assert focus_rows([path], VARIANT_COLUMNS) == [MEANT]

    def test_small_letters(self, tmp_path):
        assert one(tmp_path, VARIANT_COLUMNS, {name.lower(): value for name, value in PAY_AS_YOU_GO.items()}) == MEANT

    def test_as_parquet(self, tmp_path):
        path = write_parquet(tmp_path / "bill.parquet", [PAY_AS_YOU_GO], PreTaxCost=pa.array([0.075]))
        assert focus_rows([path], VARIANT_COLUMNS) == [MEANT]

    def test_a_customer_agreement_is_accounted_by_its_billing_profile(self, tmp_path):
        row = azure_row() | {"BillingProfileId": "P-1", "BillingProfileName": "Research", "PricingCurrency": "USD"}
        row = {"costInBillingCurrency" if name == "Cost" else name: value for name, value in row.items()}
        columns = "BillingAccountId, BillingAccountName, BilledCost"
        assert one(tmp_path, columns, row) == ("P-1", "Research", Decimal(3))

    def test_the_currency_of_the_bill_is_read_and_not_that_of_the_price(self, tmp_path):
        row = azure_row(BillingCurrency="EUR") | {"PricingCurrency": "USD", "CostInPricingCurrency": "9"}
        assert one(tmp_path, "BillingCurrency, BilledCost", row) == ("EUR", Decimal(3))


class TestDecimalCommas:
    def costs(self, folder: Path, *rows: Row, delimiter: str = ";") -> list[Decimal | None]:
        found = focus_rows([write_csv(folder / "bill.csv", list(rows), delimiter=delimiter)], "BilledCost")
        return [cost for (cost,) in found]

    @pytest.mark.parametrize("delimiter", [";", ",", "\t"])
    def test_a_file_that_proves_them_is_read_so(self, tmp_path, delimiter):
        rows = [german(PreTaxCost=cost, UsageQuantity="3") for cost in ("0,075", "1,234", "1.234,5", "-12", "1.234")]
        found = self.costs(tmp_path, *(without(row, "ResourceRate") for row in rows), delimiter=delimiter)
        assert found == [Decimal(cost) for cost in ("0.075", "1.234", "1234.5", "-12", "1234")]

    def test_the_proof_may_stand_in_another_column(self, tmp_path):
        row = german(PreTaxCost="1,234", UsageQuantity="0,5", ResourceRate="2")
        assert self.costs(tmp_path, row) == [Decimal("1.234")]

    def test_without_proof_a_lone_comma_is_not_guessed_at(self, tmp_path):
        assert self.costs(tmp_path, german(PreTaxCost="1,234", ResourceRate="2")) == [None]

    def test_a_file_that_proves_both_proves_nothing(self, tmp_path):
        rows = [german(PreTaxCost="0,075", ResourceRate="0.025"), german(PreTaxCost="1,5", ResourceRate="2")]
        assert self.costs(tmp_path, *rows) == [None, None]

    def test_each_file_proves_its_own(self, tmp_path):
        paths = [
            write_csv(tmp_path / "a.csv", [german(PreTaxCost="0,5", ResourceRate=None)]),
            write_csv(tmp_path / "b.csv", [german(PreTaxCost="0.25", ResourceRate=None)]),
        ]
        assert sorted(focus_rows(paths, "BilledCost")) == [(Decimal("0.25"),), (Decimal("0.5"),)]

    def test_what_is_no_number_then_is_set_aside(self, tmp_path):
        rows = [german(PreTaxCost=cost, ResourceRate=None) for cost in ("0,075", "1,2,3", "12,x", "1.23.4,5")]
        assert self.costs(tmp_path, *rows) == [Decimal("0.075"), None, None, None]

    def test_they_are_summed_to_the_last_digit(self, tmp_path):
        row = german(PreTaxCost="0,0000000000000000004", ResourceRate=None)
        load_into(tmp_path / "store", write_csv(tmp_path / "a.csv", [row], delimiter=";"))
        assert status(tmp_path / "store")["sums_in"]["BilledCost"] == "0.0000000000000000004"


class TestRefused:
    @pytest.mark.parametrize("missing", ["Cost", "BillingCurrency", "Date", "MeterCategory"])
    def test_a_missing_column_is_named(self, tmp_path, missing):
        path = write_csv(tmp_path / "bill.csv", [without(azure_row(), missing)])
        named = "CostInBillingCurrency" if missing == "Cost" else missing
        with pytest.raises(MissingColumn, match=f"has no column {named}.*Azure export of actual or amortised cost"):
            discover([path])

    def test_no_account_at_all(self, tmp_path):
        bare = without(azure_row(), "BillingAccountId", "BillingProfileId", "SubscriptionId")
        with pytest.raises(MissingColumn, match="has no column BillingAccountId"):
            discover([write_csv(tmp_path / "bill.csv", [bare])])

    def test_rows_that_say_nothing(self, tmp_path):
        empty = dict.fromkeys(PAY_AS_YOU_GO) | {"UsageDateTime": "2026-09-03"}
        with pytest.raises(EmptyExport, match=r"None of the 1 rows .* can be read \(BilledCost is missing\)"):
            load_into(tmp_path / "store", write_csv(tmp_path / "bill.csv", [empty]))

    def test_a_header_without_rows(self, tmp_path):
        with pytest.raises(EmptyExport, match="a header and no rows"):
            load_into(tmp_path / "store", write_csv(tmp_path / "bill.csv", [], header=list(azure_row())))

    @pytest.mark.parametrize("row", [azure_row(), PAY_AS_YOU_GO, german()], ids=["EA", "pay-as-you-go", "German"])
    def test_no_other_source_takes_it_for_its_own(self, row):
        columns = NativeColumns(dict.fromkeys(row, "VARCHAR"))
        assert [source for source in all_sources() if source.recognises(columns)] == [SOURCE]
