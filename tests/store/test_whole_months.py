"""Bills by the month: up to which day they are, what they need to say it, and what never moves the store's last day."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from costlib.analysis.outlook import outlook
from costlib.analysis.windows import last_full_month, month_to_date
from costlib.outlook import days_of
from costlib.periods import Window, add_months, month_start
from costlib.rates import Rate, Rates
from costlib.sources.discovery import discover
from costlib.store import delivery, manifest
from costlib.store.absences import absences
from costlib.store.manifest import Manifest, Part
from costlib.store.remembered import RememberingReader
from costlib.store.snapshot import snapshot_of, translated_snapshot
from costlib.store.store import Store
from costlib.store.whole_months import billed_to, whole_to
from tests.bills import few, fresh_folder
from tests.builders import TEAM_RULES, Row, cur_export, cur_row, focus_row, load_into, opened, without, write_csv
from tests.small_company import charge

AUGUST, SEPTEMBER, OCTOBER = (date(2026, month, 1) for month in (8, 9, 10))
LAST = date(2026, 10, 31)


def monthly(month: date, cost: str = "1000", **changes: str | None) -> Row:
    """A model vendor's charge for a month of use."""
    return (
        focus_row(
            BillingAccountId="org",
            ProviderName="Vendor",
            BillingPeriodStart=f"{month}T00:00:00Z",
            ChargePeriodStart=f"{month}T00:00:00Z",
            ChargePeriodEnd=f"{add_months(month, 1)}T00:00:00Z",
            BilledCost=cost,
            EffectiveCost=cost,
            ResourceId="key-1",
        )
        | changes
    )


def span(start: str, end: str, **changes: str | None) -> Row:
    """A charge from one moment to another in the bill of October."""
    return monthly(OCTOBER, ChargePeriodStart=start, ChargePeriodEnd=end) | changes


def daily(days: Sequence[date], account: str = "aws") -> list[Row]:
    """A charge of another account on each of the days."""
    return [charge(day, 60, team="Search") | {"BillingAccountId": account, "ResourceId": "i-1"} for day in days]


def days_from(first: date, count: int) -> list[date]:
    return [first + timedelta(days=at) for at in range(count)]


def written(path: Path, day: date) -> Path:
    """The file as if it had been written at noon of the day."""
    moment = datetime(day.year, day.month, day.day, 12, tzinfo=UTC).timestamp()
    os.utime(path, (moment, moment))
    return path


def store_of(folder: Path, rows: Sequence[Row], day: date = date(2026, 11, 3)) -> Path:
    """A store with the rows, whose file was written on that day."""
    root = folder / "store"
    load_into(root, written(write_csv(folder / "bill.csv", rows), day))
    return root


def last_days(root: Path) -> tuple[date | None, date | None]:
    """The store's last day as its manifest says it, and as the figures do."""
    with opened(root) as reader:
        window = reader.window()
        return Store(root).current().data_date, window and window.last


class TestWhatABillSays:
    @pytest.mark.parametrize(
        ("changes", "through"),
        [
            pytest.param({}, LAST, id="the end is not included"),
            pytest.param({"ChargePeriodEnd": "2026-10-31T23:59:59Z"}, LAST, id="its last second"),
            pytest.param({"ChargePeriodEnd": "2026-11-01"}, LAST, id="a date"),
            pytest.param({"ChargePeriodEnd": "2026-10-31"}, None, id="a day short"),
            pytest.param({"ChargePeriodEnd": "2026-10-02T00:00:00Z"}, None, id="a day"),
            pytest.param({"ChargePeriodEnd": "2027-10-01T00:00:00Z"}, None, id="a year"),
            pytest.param({"ChargePeriodEnd": "2026-12-01T00:00:00Z"}, None, id="two months"),
            pytest.param({"ChargePeriodStart": "2026-10-15T00:00:00Z"}, None, id="from the middle on"),
            pytest.param({"ChargePeriodStart": "2026-10-01T01:00:00Z"}, None, id="from the second hour on"),
            pytest.param({"ChargePeriodEnd": ""}, None, id="no end"),
            pytest.param({"ChargePeriodEnd": "some day"}, None, id="an end that cannot be read"),
            pytest.param({"ChargeCategory": "Purchase"}, None, id="no use"),
            pytest.param({"ChargePeriodStart": "2026-11-01", "ChargePeriodEnd": "2026-12-01"}, None, id="in advance"),
        ],
    )
    def test_one_charge(self, changes, through, tmp_path):
        (part,) = Store(store_of(tmp_path, [monthly(OCTOBER, **changes)])).current().parts
        assert part.through == through

    def test_a_bill_without_the_column_says_nothing(self, tmp_path):
        (part,) = Store(store_of(tmp_path, [without(monthly(OCTOBER), "ChargePeriodEnd")])).current().parts
        assert (part.through, part.last_day) == (None, OCTOBER)

    @pytest.mark.parametrize(
        ("other", "through"),
        [
            pytest.param(span("2026-09-01", "2026-10-01"), LAST, id="a month before, corrected"),
            pytest.param(span("2026-10-01", "2026-11-01", BillingCurrency="EUR"), LAST, id="another currency"),
            pytest.param(span("2026-10-01", "2026-10-02", ChargeCategory="Tax"), LAST, id="a tax"),
            pytest.param(span("2026-11-01", "2027-11-01"), LAST, id="a year ahead"),
            pytest.param(span("2026-10-05", "2026-10-06"), None, id="a day"),
            pytest.param(span("2026-10-01", ""), None, id="no end"),
            pytest.param(span("2026-10-01", "2026-10-01T01:00:00Z"), None, id="the first hour"),
            pytest.param(span("2026-10-01", "2026-10-02", BillingCurrency="EUR"), None, id="a day in euros"),
        ],
    )
    def test_every_charge_for_use_counts_and_no_other(self, other, through, tmp_path):
        (part,) = Store(store_of(tmp_path, [monthly(OCTOBER), other])).current().parts
        assert part.through == through

    @pytest.mark.parametrize(("day", "through"), [(LAST, None), (date(2026, 11, 1), LAST), (OCTOBER, None)])
    def test_a_file_from_before_the_month_was_over_cannot_say_it(self, day, through, tmp_path):
        """A seat charged on the first for all of October, or a vendor's sum of October so far."""
        (part,) = Store(store_of(tmp_path, [monthly(OCTOBER)], day)).current().parts
        assert part.through == through

    def test_each_month_is_judged_by_its_own_files(self, tmp_path):
        """September was written in October and is over; October so far, written in October too, is not."""
        folder = tmp_path / "bills"
        written(write_csv(folder / "september.csv", [monthly(SEPTEMBER)]), date(2026, 10, 10))
        october = written(write_csv(folder / "october.csv", [monthly(OCTOBER)]), date(2026, 10, 10))
        load_into(tmp_path / "one", folder)
        written(october, date(2026, 11, 2))
        load_into(tmp_path / "two", folder)
        found = [[part.through for part in Store(tmp_path / root).current().parts] for root in ("one", "two")]
        assert found == [[date(2026, 9, 30), None], [date(2026, 9, 30), LAST]]

    def test_all_files_of_a_month_are_from_after_it(self, tmp_path):
        folder = tmp_path / "bills"
        for name, day in (("a", date(2026, 10, 10)), ("b", date(2026, 11, 2))):
            written(write_csv(folder / f"{name}.csv", [monthly(OCTOBER, ResourceId=name)]), day)
        load_into(tmp_path / "store", folder)
        assert [part.through for part in Store(tmp_path / "store").current().parts] == [None]

    @pytest.mark.parametrize(
        ("end", "through"), [("2026-10-01 00:00:00", date(2026, 9, 30)), ("2026-09-01 01:00:00", None)]
    )
    def test_an_aws_report_by_the_month_says_it_too(self, end, through, tmp_path):
        row = cur_row(line_item_usage_start_date="2026-09-01 00:00:00") | {"line_item_usage_end_date": end}
        export = cur_export(tmp_path / "cur", "2026-09", {"part.csv.gz": [row]})
        for path in export.rglob("*.gz"):
            written(path, date(2026, 10, 4))
        load_into(tmp_path / "store", export)
        assert [part.through for part in Store(tmp_path / "store").current().parts] == [through]

    def test_a_bill_by_the_day_is_not_read_for_it(self, tmp_path, monkeypatch):
        """What a large load would pay for: its days tell without another look at its files."""
        monkeypatch.setattr(delivery, "whole_months_select", lambda export: pytest.fail("read again"))
        rows = [monthly(OCTOBER, BillingAccountId="aws"), *daily(days_from(OCTOBER, 20))]
        assert Store(store_of(tmp_path, rows)).current().data_date == date(2026, 10, 20)


class TestTheStore:
    def test_a_bill_by_the_month_goes_to_the_end_of_its_month(self, tmp_path):
        assert last_days(store_of(tmp_path, [monthly(SEPTEMBER), monthly(OCTOBER)])) == (LAST, LAST)

    def test_the_month_is_closed_and_costs_what_it_costs(self, tmp_path):
        with opened(store_of(tmp_path, [monthly(SEPTEMBER, "900"), monthly(OCTOBER)])) as reader:
            window = reader.window()
            assert window == Window(SEPTEMBER, date(2026, 11, 1))
            full = last_full_month(window)
            assert full is not None and full.now == month_to_date(window).now == Window(OCTOBER, window.end)
            assert full.before == Window(SEPTEMBER, OCTOBER)

    @pytest.mark.parametrize(
        ("rows", "last"),
        [
            pytest.param(daily(days_from(OCTOBER, 5)), date(2026, 10, 5), id="days of another account"),
            pytest.param(daily(days_from(OCTOBER, 1)), OCTOBER, id="one day of another account"),
            pytest.param(daily(days_from(SEPTEMBER, 30)), OCTOBER, id="days of the month before"),
            pytest.param(daily(days_from(AUGUST, 31)), LAST, id="days of an account that ended earlier"),
            pytest.param([monthly(OCTOBER, BillingAccountId="two")], LAST, id="another by the month"),
            pytest.param([monthly(SEPTEMBER, BillingAccountId="two")], LAST, id="one by the month that is late"),
            pytest.param(
                [monthly(OCTOBER, BillingAccountId="two", ChargePeriodEnd="2027-10-01")], OCTOBER, id="a year ahead"
            ),
        ],
    )
    def test_beside_other_accounts(self, rows, last, tmp_path):
        assert last_days(store_of(tmp_path, [monthly(SEPTEMBER), monthly(OCTOBER), *rows])) == (last, last)

    @pytest.mark.parametrize("category", ["Usage", "Purchase"])
    def test_a_fee_for_the_month_in_a_bill_by_the_day_moves_nothing(self, category, tmp_path):
        fee = monthly(OCTOBER, "7000", BillingAccountId="aws", ChargeCategory=category)
        root = store_of(tmp_path, [fee, *daily(days_from(SEPTEMBER, 35))])
        assert last_days(root) == (date(2026, 10, 5), date(2026, 10, 5))

    def test_a_charge_in_advance_moves_nothing(self, tmp_path):
        rows = [monthly(OCTOBER), monthly(date(2026, 11, 1))]
        root = store_of(tmp_path, rows, date(2026, 11, 1))
        assert last_days(root) == (date(2026, 11, 1), date(2026, 11, 1))  # the first of November alone, as before

    def test_one_that_is_late_is_named_and_its_month_unknown(self, tmp_path):
        months = [add_months(OCTOBER, -back) for back in range(6, -1, -1)]
        late = [monthly(month, BillingAccountId="two", Tags='{"team": "Ads"}') for month in months[:-1]]
        with opened(store_of(tmp_path, [*map(monthly, months), *late])) as reader:
            (found,) = absences(reader)
            assert (found.account, found.months, found.is_unknown) == ("two", (OCTOBER,), True)
            window = reader.window()
            assert window is not None and window.last == LAST

    def test_one_account_in_two_connections_is_as_new_as_the_newer(self, tmp_path):
        for name, month in (("one", SEPTEMBER), ("two", OCTOBER)):
            bill = written(write_csv(tmp_path / f"{name}.csv", [monthly(month)]), date(2026, 11, 2))
            load_into(tmp_path / "store", bill, source=name)
        assert last_days(tmp_path / "store") == (LAST, LAST)

    @few(8)
    @given(st.integers(0, 40), st.booleans(), st.integers(1, 31))
    def test_manifest_and_figures_agree_and_only_whole_months_go_on(self, days, ends, written_on):
        """Whatever days another account has from September on, and whenever the file was written."""
        with fresh_folder() as folder:
            end = {} if ends else {"ChargePeriodEnd": "2026-10-09"}
            rows = [monthly(OCTOBER, **end), *daily(days_from(SEPTEMBER, days))]
            told, held = last_days(store_of(folder, rows, date(2026, 10, written_on) + timedelta(days=20)))
        over = ends and days <= 1 and written_on + 20 > 31
        assert told == held == (LAST if over else max(OCTOBER, SEPTEMBER + timedelta(days=days - 1)))


class TestForecast:
    @pytest.mark.parametrize("cost", ["1000", "250.50"])
    def test_a_level_bill_of_fourteen_months_goes_on(self, cost, tmp_path):
        """It takes November first: the month of the last day is known."""
        rows = [monthly(add_months(OCTOBER, -back), cost) for back in range(13, -1, -1)]
        with opened(store_of(tmp_path, rows)) as reader:
            days = days_of(reader, ["x_Team"])
        assert (days.window.end, days.bridged_days) == (date(2026, 11, 1), 0)
        likely = np.median(outlook(days, 12).spend(), axis=1)
        assert likely == pytest.approx([float(cost)] * 12, rel=0.005)

    def test_a_single_month_is_no_charge_a_day(self, tmp_path):
        """It said 31 times 1,000 a month where the first was taken for the only day of the bill."""
        with opened(store_of(tmp_path, [monthly(OCTOBER)])) as reader:
            likely = np.median(outlook(days_of(reader, ["x_Team"]), 3).spend(), axis=1)
        assert max(likely) < 2000


def part(account: str, last: date | None, *, whole: bool = False, **changes: object) -> Part:
    """A part with usage up to a day; a whole month of it."""
    end = add_months(month_start(last), 1) - timedelta(days=1) if last and whole else None
    period = f"{last or OCTOBER:%Y-%m}"
    made = Part("s", "focus", account, period, "d", 1, "p", None, last, (), (), through=end)
    return replace(made, **changes)  # type: ignore[arg-type]


class TestTheRule:
    @pytest.mark.parametrize(
        ("parts", "last"),
        [
            ([], None),
            ([part("1", None)], None),
            ([part("1", OCTOBER, whole=True)], LAST),
            ([part("1", OCTOBER)], None),
            ([part("1", OCTOBER, whole=True), part("2", None)], LAST),
            ([part("1", OCTOBER, whole=True), part("2", OCTOBER)], None),
            ([part("1", OCTOBER, whole=True), part("2", SEPTEMBER)], LAST),
            ([part("1", OCTOBER, whole=True), part("1", date(2026, 9, 2))], None),
            ([part("1", OCTOBER, whole=True), part("1", date(2026, 8, 31))], LAST),
            ([part("1", SEPTEMBER, whole=True), part("1", OCTOBER)], None),
            ([part("1", date(2026, 12, 1), whole=True)], date(2026, 12, 31)),
            ([part("1", SEPTEMBER, whole=True, period="2026-10")], date(2026, 9, 30)),
        ],
    )
    def test_by_hand(self, parts, last):
        assert whole_to(parts) == last

    def test_a_part_is_billed_to_its_last_day_or_the_end_of_its_month(self):
        assert [billed_to(one) for one in (part("1", OCTOBER, whole=True), part("1", OCTOBER), part("1", None))] == [
            LAST, OCTOBER, None,
        ]  # fmt: skip


class TestManifest:
    def state(self, *parts: Part) -> Manifest:
        return Manifest(1, "r", "e", "t", parts)

    def test_it_is_kept(self, tmp_path):
        state = self.state(part("1", OCTOBER, whole=True), part("2", SEPTEMBER))
        manifest.write(state, tmp_path / "manifest.json")
        assert manifest.read(tmp_path / "manifest.json") == state and state.data_date == LAST

    def test_a_state_of_before_does_not_know_it_and_keeps_its_name(self, tmp_path):
        path = tmp_path / "manifest.json"
        state = self.state(part("1", OCTOBER))
        manifest.write(state, path)
        document = json.loads(path.read_text()) | {"format": 3}
        del document["parts"][0]["through"]
        path.write_text(json.dumps(document))
        found = manifest.read(path)
        assert found == state and found.generation == state.generation and found.data_date == OCTOBER

    def test_a_month_known_to_be_whole_is_another_state(self):
        """Its figures have another last day, so what was worked out of the other is no longer good."""
        names = {self.state(part("1", OCTOBER, whole=whole)).generation for whole in (True, False)}
        assert len(names) == 2

    def test_the_store_as_readers_open_it(self, tmp_path):
        root = store_of(tmp_path, [monthly(SEPTEMBER), monthly(OCTOBER)])
        opened_again = snapshot_of(Store(root), lambda: TEAM_RULES)
        window = opened_again.reader.window()
        assert window is not None and window.last == opened_again.state.data_date == LAST

    def test_whoever_reads_it_reads_the_same_days(self, tmp_path):
        """Pages, which remember answers, and readers of a store in another currency."""
        store = Store(store_of(tmp_path, [monthly(OCTOBER)]))
        rates = Rates((Rate(OCTOBER, "USD", "EUR", Decimal("0.9"), "tests"),))
        direct = snapshot_of(store, lambda: TEAM_RULES).reader
        translated = translated_snapshot(store, lambda: TEAM_RULES, rates, "EUR").reader
        assert {reader.window() for reader in (direct, RememberingReader(direct), translated)} == {
            Window(OCTOBER, date(2026, 11, 1))
        }

    def test_to_load_it_again_changes_nothing(self, tmp_path):
        root = store_of(tmp_path, [monthly(OCTOBER)])
        before = Store(root).current()
        (again,) = load_into(root, tmp_path / "bill.csv")
        assert not again.changed and Store(root).current() == before


def test_every_source_that_tells_the_end_says_where(tmp_path):
    """The moment is read from the bill's own column."""
    (export,) = discover([write_csv(tmp_path / "bill.csv", [monthly(OCTOBER)])])
    assert "ChargePeriodEnd" in export.source.ends(export.files[0].layout.native())
