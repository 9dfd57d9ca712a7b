"""Questions: names in any spelling, filters, periods of any calendar, order, and refusals that teach."""

from __future__ import annotations

import threading
from collections import Counter
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from costlib.errors import QueryError
from costlib.fiscal import WeekCalendar
from costlib.focus import CUBE_DIMENSIONS
from costlib.periods import Grain, Window, period_start
from costlib.store.query_text import filters_of
from costlib.store.question import DIMENSIONS, Filter, Question, dimension, measure
from costlib.store.reader import Reader
from tests.builders import focus_row, load_into, opened, ruleset, write_csv

RULES = ruleset(
    {"name": "team", "set": {"x_Team": {"tag": ["team"]}}},
    {"name": "models", "when": {"ServiceName": "Model*"}, "set": {"x_Model": "chat"}},
)


@pytest.fixture(scope="module")
def reader(tmp_path_factory):
    """Five rows over two months and two currencies; effective 1, 2, 4, 8 USD and 16 EUR."""
    folder = tmp_path_factory.mktemp("query")
    rows = [
        focus_row(EffectiveCost="1", ServiceName="Servers", ResourceId="i-1"),
        focus_row(EffectiveCost="2", ServiceName="Models", ResourceId="i-2", Tags='{"team": "Fraud"}'),
        focus_row(EffectiveCost="4", ServiceName="Models", Tags=None, ChargePeriodStart="2026-10-01"),
        focus_row(EffectiveCost="8", ServiceName=None, ChargeCategory="Tax", ChargePeriodStart="2026-10-30"),
        focus_row(EffectiveCost="16", ServiceName="Servers", BillingCurrency="EUR", ListCost=None),
    ]
    load_into(folder / "store", write_csv(folder / "bill.csv", rows), rules=RULES)
    with opened(folder / "store") as opened_reader:
        yield opened_reader


def amounts(reader: Reader, **asked):
    return {(*row.values, row.currency): row.amount for row in reader.ask(Question(**asked))}


class TestSums:
    def test_the_default_is_effective_cost_in_total_by_currency(self, reader):
        assert amounts(reader) == {("EUR",): 16, ("USD",): 15}

    def test_by_a_column_of_the_bill_and_one_of_ours(self, reader):
        assert amounts(reader, by=("ServiceName", "x_Team")) == {
            ("Servers", "Search", "USD"): 1,
            ("Models", "Fraud", "USD"): 2,
            ("Models", None, "USD"): 4,
            (None, "Search", "USD"): 8,
            ("Servers", "Search", "EUR"): 16,
        }

    def test_by_what_only_the_resource_table_has(self, reader):
        assert "ResourceId" not in CUBE_DIMENSIONS
        assert amounts(reader, by=("ResourceId",)) == {("i-1", "USD"): 13, ("i-2", "USD"): 2, ("i-1", "EUR"): 16}

    def test_any_measure(self, reader):
        assert amounts(reader, measure="ConsumedQuantity") == {("USD",): 4, ("EUR",): 1}
        (unknown,) = [row for row in reader.ask(Question(measure="ListCost")) if row.currency == "EUR"]
        assert (unknown.amount, unknown.unknown, unknown.line_items) == (None, 1, 1)

    def test_largest_first_within_a_period(self, reader):
        usd = (Filter("BillingCurrency", ("USD",)),)
        rows = reader.ask(Question(by=("ServiceName",), filters=usd, grain=Grain.MONTH))
        assert [(row.period, row.amount) for row in rows] == [
            (date(2026, 9, 1), 2),
            (date(2026, 9, 1), 1),
            (date(2026, 10, 1), 8),
            (date(2026, 10, 1), 4),
        ]

    def test_days_and_months_are_dimensions_too_as_text(self, reader):
        assert amounts(reader, by=("BillingPeriodStart",)) == {("2026-09-01", "USD"): 15, ("2026-09-01", "EUR"): 16}
        days = {values[0] for values in amounts(reader, by=("ChargePeriodStart",))}
        assert days == {"2026-09-05", "2026-10-01", "2026-10-30"}

    def test_values_of_a_dimension_largest_first_unknown_last(self, reader):
        assert reader.values("x_Team") == ["Search", "Fraud", None]
        assert reader.values("BillingPeriodStart") == ["2026-09-01"]
        assert reader.values("ResourceId") == ["i-1", "i-2"]

    def test_currencies_most_used_first_and_the_window_of_usage(self, reader):
        assert reader.currencies() == ["USD", "EUR"]
        assert reader.window() == Window(date(2026, 9, 5), date(2026, 9, 6))  # October's use is charged in advance


class TestFilters:
    def test_one_of_several_values(self, reader):
        assert amounts(reader, filters=(Filter("x_Team", ("Search", "Fraud")),)) == {("USD",): 11, ("EUR",): 16}

    def test_the_unknown_value(self, reader):
        assert amounts(reader, filters=(Filter("x_Team", (None,)),)) == {("USD",): 4}
        assert amounts(reader, filters=(Filter("x_Team", (None, "Fraud")),)) == {("USD",): 6}

    def test_exclude_keeps_the_unknown_value(self, reader):
        assert amounts(reader, filters=(Filter("x_Team", ("Search",), exclude=True),)) == {("USD",): 6}
        assert amounts(reader, filters=(Filter("x_Team", (None,), exclude=True),)) == {("USD",): 11, ("EUR",): 16}

    def test_no_value_takes_nothing_and_leaves_everything(self, reader):
        assert amounts(reader, filters=(Filter("x_Team", ()),)) == {}
        assert amounts(reader, filters=(Filter("x_Team", (), exclude=True),)) == {("USD",): 15, ("EUR",): 16}

    def test_several_filters_all_hold_in_any_order(self, reader):
        team, model = Filter("x_Team", ("Fraud",)), Filter("x_Model", ("chat",))
        assert amounts(reader, filters=(team, model)) == amounts(reader, filters=(model, team)) == {("USD",): 2}

    @pytest.mark.parametrize("value", ["x'; DROP TABLE cube; --", "%", "_ervers", "Serv*", "servers", '"', "\\"])
    def test_values_are_data(self, reader, value):
        assert amounts(reader, filters=(Filter("ServiceName", (value,)),)) == {}
        assert sum(amounts(reader, filters=(Filter("ServiceName", (value,), exclude=True),)).values()) == 31

    def test_a_day_as_text(self, reader):
        assert amounts(reader, filters=(Filter("ChargePeriodStart", ("2026-10-01",)),)) == {("USD",): 4}
        assert amounts(reader, filters=(Filter("ChargePeriodStart", ("soon",)),)) == {}

    @pytest.mark.parametrize(
        ("start", "end", "total"),
        [("2026-09-05", "2026-09-06", 3), ("2026-09-06", "2026-10-01", None), ("2026-10-01", "2026-10-30", 4)],
    )
    def test_a_window_ends_before_its_end(self, reader, start, end, total):
        window = Window(date.fromisoformat(start), date.fromisoformat(end))
        assert amounts(reader, window=window).get(("USD",)) == total


class TestPeriods:
    @given(st.sampled_from([grain for grain in Grain if grain is not Grain.TOTAL]), st.integers(1, 12))
    def test_the_engine_and_the_calendar_agree_on_every_day(self, days, grain, fiscal_start):
        rows = days.ask(Question(grain=grain, fiscal_start=fiscal_start))
        expected = Counter(period_start(day, grain, fiscal_start) for day in DAYS)
        assert {row.period: row.line_items for row in rows} == expected

    @pytest.mark.parametrize("fiscal", [WeekCalendar("4-5-4", 1, nearest=True), WeekCalendar("4-4-5", 9)], ids=str)
    @pytest.mark.parametrize("grain", [Grain.MONTH, Grain.PERIOD, Grain.QUARTER, Grain.YEAR])
    @pytest.mark.parametrize("window", [None, Window(date(2026, 1, 28), date(2028, 3, 1)), Window(date.min, date.max)])
    def test_the_engine_follows_a_calendar_of_weeks(self, days, grain, fiscal, window):
        rows = days.ask(Question(("ChargeCategory",), grain=grain, fiscal_start=fiscal, window=window))
        held = [day for day in DAYS if window is None or window.start <= day < window.end]
        expected = Counter(period_start(day, grain, fiscal) for day in held)
        assert {row.period: row.line_items for row in rows} == expected


#: Month ends, leap day, year ends, and a day of every month.
DAYS = sorted(
    {
        *(date(year, month, day) for year in (2025, 2026, 2028) for month in range(1, 13) for day in (1, 28)),
        *(date(2026, 3, 1) - timedelta(days=back) for back in range(4)),
        date(2028, 2, 29), date(2025, 12, 31), date(2026, 1, 31), date(2026, 5, 31), date(2026, 10, 31),
    }
)  # fmt: skip


@pytest.fixture(scope="module")
def days(tmp_path_factory):
    folder = tmp_path_factory.mktemp("days")
    bill = write_csv(folder / "bill.csv", [focus_row(ChargePeriodStart=f"{day}T00:00:00Z") for day in DAYS])
    load_into(folder / "store", bill)
    with opened(folder / "store") as opened_reader:
        yield opened_reader


class TestNames:
    @pytest.mark.parametrize("name", ["x_Team", "x_team", "X_TEAM", "x team"])
    def test_any_spelling(self, name):
        assert dimension(name) == "x_Team"

    @pytest.mark.parametrize(
        ("old", "new"),
        [("ProviderName", "ServiceProviderName"), ("Region", "RegionId"), ("ChargeType", "ChargeCategory")],
    )
    def test_names_of_earlier_versions(self, old, new):
        assert dimension(old) == new

    def test_measures_of_earlier_versions(self):
        assert (measure("AmortizedCost"), measure("billed cost")) == ("EffectiveCost", "BilledCost")

    @pytest.mark.parametrize("name", ["x_Taem", "", "1; DROP TABLE cube", "BilledCost", "Tags"])
    def test_an_unknown_dimension_is_refused_with_what_there_is(self, name):
        with pytest.raises(QueryError, match=r"no dimension .*Expected: one of ChargePeriodStart, .*x_Team"):
            dimension(name)

    def test_the_hint_names_the_nearest(self, reader):
        with pytest.raises(QueryError, match="Did you mean x_Team"):
            reader.ask(Question(by=("x_Taem",)))
        with pytest.raises(QueryError, match="Did you mean BilledCost"):
            reader.ask(Question(measure="BiledCost"))
        with pytest.raises(QueryError, match="Did you mean x_Model"):
            reader.ask(Question(filters=(Filter("x_Modl", ("a",)),)))

    def test_dimensions_are_unique_and_hold_no_measure(self):
        assert len(set(DIMENSIONS)) == len(DIMENSIONS)
        assert not {"BilledCost", "ConsumedQuantity", "x_LineItems", "Tags"} & set(DIMENSIONS)


class TestFiltersAsTyped:
    def test_equal_unequal_unknown_and_any_of_several(self):
        assert filters_of(["x_team = Search ", "x_Team=Fraud", "x_Model!=a", "x_Stage=", "x_Stage!="]) == (
            Filter("x_Team", ("Search", "Fraud")),
            Filter("x_Model", ("a",), exclude=True),
            Filter("x_Stage", (None,)),
            Filter("x_Stage", (None,), exclude=True),
        )

    def test_a_value_may_hold_the_sign(self):
        assert filters_of(["ResourceId=a=b!=c"]) == (Filter("ResourceId", ("a=b!=c",)),)

    @pytest.mark.parametrize("text", ["x_Team", "", "Search"])
    def test_what_is_no_filter_is_refused(self, text):
        with pytest.raises(QueryError, match=r"is not a filter\. Expected: DIMENSION=VALUE\. Write for example"):
            filters_of([text])

    def test_an_unknown_dimension_is_refused(self):
        with pytest.raises(QueryError, match="Did you mean x_Team"):
            filters_of(["x_Tem=a"])


def test_threads_share_one_reader(reader):
    found, threads = [], []
    for _ in range(8):
        threads.append(threading.Thread(target=lambda: found.extend(amounts(reader, by=("x_Team",)) for _ in range(5))))
        threads[-1].start()
    for thread in threads:
        thread.join()
    assert len(found) == 40
    assert all(answer == found[0] for answer in found)
    assert sum(found[0].values()) == Decimal(31)


class TestValuesThatThereAreNot:
    def test_a_slip_is_refused_with_what_was_meant(self, reader):
        with pytest.raises(QueryError, match=r"x_Team is never Serch.*Search"):
            reader.check([Filter("x_team", ("Serch",))])

    def test_known_values_unknown_values_and_days_pass(self, reader):
        reader.check(
            [Filter("x_Team", ("Search", None)), Filter("ChargePeriodStart", ("2026-09-05",)), Filter("x_Team", ())]
        )

    def test_of_a_resource_too(self, reader):
        with pytest.raises(QueryError, match="ResourceId is never i-none"):
            reader.check([Filter("ResourceId", ("i-none",), exclude=True)])
