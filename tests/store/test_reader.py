"""A reader of one generation: which table answers, in which order, what is unknown, and what closing it lets go."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import duckdb
import numpy as np
import pytest

from costlib.errors import QueryError, StoreError
from costlib.periods import Grain, Window
from costlib.store.pruning import is_open
from costlib.store.question import Filter, Question, compiled, conditions_of, cost_measure, measure
from costlib.store.reader import Reader
from costlib.store.store import Store
from tests.builders import focus_row, load_into, opened, ruleset, write_csv

#: Search has 3 USD of its own on host a and half of a cluster of 10 on hosts a and b; Recs has the other half.
RULES = ruleset(
    {"name": "team", "set": {"x_Team": {"tag": ["team"]}}},
    shared=[
        {
            "name": "gpu",
            "match": {"ServiceName": "Cluster"},
            "driver": "even",
            "receivers": [{"set": {"x_Team": "Search"}}, {"set": {"x_Team": "Recs"}}],
        }
    ],
)


def cluster(host: str, cost: str) -> dict[str, str | None]:
    return focus_row(ServiceName="Cluster", ResourceId=host, EffectiveCost=cost, Tags=None)


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    folder = tmp_path_factory.mktemp("shared")
    rows = [focus_row(ResourceId="a", EffectiveCost="3"), cluster("a", "4"), cluster("b", "6")]
    load_into(folder / "store", write_csv(folder / "bill.csv", rows), rules=RULES)
    with opened(folder / "store") as reader:
        yield reader


@pytest.fixture(scope="module")
def mixed(tmp_path_factory):
    """USD: A 5, B 5, an unknown of 2 rows, nobody 5; EUR: 1 row; a tax of July and a fee of October beside usage."""
    folder = tmp_path_factory.mktemp("mixed")
    rows = [
        focus_row(ServiceName="B", EffectiveCost="5"),
        focus_row(ServiceName="A", EffectiveCost="5"),
        focus_row(ServiceName=None, EffectiveCost="5"),
        focus_row(ServiceName="C", EffectiveCost=None, ChargePeriodStart="2026-09-06"),
        focus_row(ServiceName="C", EffectiveCost=None, ChargePeriodStart="2026-09-06"),
        focus_row(ServiceName="A", EffectiveCost="7", BillingCurrency="EUR"),
        focus_row(ServiceName="Tax", EffectiveCost="-1", ChargeCategory="Tax", ChargePeriodStart="2026-07-02"),
        focus_row(ServiceName="Fee", EffectiveCost="2", ChargeCategory="Purchase", ChargePeriodStart="2026-10-09"),
    ]
    load_into(folder / "store", write_csv(folder / "bill.csv", rows))
    with opened(folder / "store") as reader:
        yield reader


def amounts(reader: Reader, *by: str, **asked: object) -> dict[tuple[str | None, ...], Decimal | None]:
    return {row.values: row.amount for row in reader.ask(Question(by, **asked))}


class TestWhichTable:
    def test_who_pays_for_a_resource_is_asked_of_pools_that_are_cut(self, shared: Reader) -> None:
        assert amounts(shared, "ResourceId", "x_Team") == {
            ("a", "Search"): 3 + 2, ("a", "Recs"): 2, ("b", "Search"): 3, ("b", "Recs"): 3,
        }  # fmt: skip

    def test_a_filter_on_who_pays_cuts_them_too(self, shared: Reader) -> None:
        search = (Filter("x_Team", ("Search",)),)
        assert amounts(shared, "ResourceId", filters=search) == {("a",): 5, ("b",): 3}
        idle = (Filter("x_CostKind", ("shared",)),)
        assert amounts(shared, "ResourceId", filters=idle) == {("a",): 4, ("b",): 6}

    def test_a_filter_on_a_resource_holds_for_any_question(self, shared: Reader) -> None:
        host = (Filter("ResourceId", ("b",)),)
        assert amounts(shared, "x_Team", filters=host) == {("Search",): 3, ("Recs",): 3}
        assert amounts(shared, filters=host) == {(): 6}

    def test_without_who_pays_rows_are_whole_and_counted_once(self, shared: Reader) -> None:
        rows = shared.ask(Question(("ResourceId", "ServiceName")))
        assert {row.values: (row.amount, row.line_items) for row in rows} == {
            ("a", "Servers"): (3, 1), ("a", "Cluster"): (4, 1), ("b", "Cluster"): (6, 1),
        }  # fmt: skip

    def test_the_sum_is_the_same_whichever_answers(self, shared: Reader) -> None:
        for by in ((), ("x_Team",), ("ResourceId",), ("ResourceId", "x_Team")):
            rows = shared.ask(Question(by))
            assert (sum(row.amount or 0 for row in rows), sum(row.line_items for row in rows)) == (13, 3)

    def test_values_of_a_dimension_come_from_where_it_lies(self, shared: Reader) -> None:
        assert shared.values("ResourceId") == ["a", "b"]
        assert shared.values("x_Team") == ["Search", "Recs"]


class TestOrder:
    def test_the_largest_first_what_is_the_same_by_name_and_unknown_last(self, mixed: Reader) -> None:
        usd = (Filter("BillingCurrency", ("USD",)), Filter("ChargeCategory", ("Usage",)))
        rows = mixed.ask(Question(("ServiceName",), filters=usd))
        assert [(row.values[0], row.amount, row.line_items, row.unknown) for row in rows] == [
            ("A", 5, 1, 0), ("B", 5, 1, 0), (None, 5, 1, 0), ("C", None, 2, 2),
        ]  # fmt: skip

    def test_periods_first(self, mixed: Reader) -> None:
        rows = mixed.ask(Question(grain=Grain.MONTH, filters=(Filter("BillingCurrency", ("USD",)),)))
        assert [(row.period, row.amount) for row in rows] == [
            (date(2026, 7, 1), -1), (date(2026, 9, 1), 15), (date(2026, 10, 1), 2),
        ]  # fmt: skip

    def test_without_a_fiscal_year_it_is_that_of_the_calendar(self, mixed: Reader) -> None:
        usd = (Filter("BillingCurrency", ("USD",)),)
        (year,) = mixed.ask(Question(grain=Grain.YEAR, filters=usd))
        assert (year.period, year.amount) == (date(2026, 1, 1), 16)
        later = mixed.ask(Question(grain=Grain.YEAR, filters=usd, fiscal_start=9))
        assert [(row.period, row.amount) for row in later] == [(date(2025, 9, 1), -1), (date(2026, 9, 1), 17)]

    @pytest.mark.parametrize(("first", "quarters"), [(1, "07 10"), (2, "05 08"), (9, "06 09"), (12, "06 09")])
    def test_quarters_begin_with_the_fiscal_year(self, mixed: Reader, first: int, quarters: str) -> None:
        """The tax is of July, usage of September, the fee of October."""
        rows = mixed.ask(
            Question(grain=Grain.QUARTER, fiscal_start=first, filters=(Filter("BillingCurrency", ("USD",)),))
        )
        assert " ".join(f"{row.period:%m}" for row in rows) == quarters

    def test_values_with_a_name_before_the_one_without_and_the_unknown_before_it(self, mixed: Reader) -> None:
        """A has 12 in two currencies, B 5, the fee 2, the tax -1; what C costs nobody says."""
        assert mixed.values("ServiceName") == ["A", "B", "Fee", "Tax", "C", None]

    def test_the_question_as_sql_is_ordered_and_binds_its_values(self) -> None:
        sql, bound = compiled(Question(("ServiceName",), filters=(Filter("x_Team", ("a", None)),)), ("ServiceName",))
        assert sql.endswith("ORDER BY period, amount DESC NULLS LAST, ServiceName, BillingCurrency")
        assert bound == ["a"] and "'a'" not in sql


class TestUnknown:
    def test_a_sum_of_known_and_unknown_says_how_many_it_leaves_out(self, mixed: Reader) -> None:
        (usd,) = (row for row in mixed.ask(Question()) if row.currency == "USD")
        assert (usd.amount, usd.line_items, usd.unknown) == (5 + 5 + 5 - 1 + 2, 7, 2)

    def test_columns_come_as_arrays_and_what_is_not_known_is_masked(self, mixed: Reader) -> None:
        sql = "SELECT ServiceName, EffectiveCost FROM cube WHERE BillingCurrency = ? AND ServiceName IN ('A', 'C')"
        found = mixed.columns(f"{sql} ORDER BY 1", ["USD"])
        assert list(found["ServiceName"]) == ["A", "C"]
        assert found["EffectiveCost"][0] == 5.0 and np.ma.is_masked(found["EffectiveCost"][1])

    def test_a_table_comes_whole(self, mixed: Reader) -> None:
        table = mixed.table("cube")
        assert sum(table.column("x_LineItems").to_pylist()) == 8 and "x_Team" in table.column_names


class TestCurrencyAndWindow:
    def test_without_a_wish_it_is_the_one_with_most_line_items(self, mixed: Reader) -> None:
        assert mixed.currency() == mixed.currency(None) == "USD"

    def test_a_wish_is_granted_where_something_is_billed_in_it(self, mixed: Reader) -> None:
        assert mixed.currency("EUR") == "EUR"
        with pytest.raises(QueryError, match=r"Nothing is billed in GBP\. Expected: USD or EUR\. Take one of these"):
            mixed.currency("GBP")

    def test_the_window_of_usage_and_that_of_any_charge(self, mixed: Reader) -> None:
        assert mixed.window() == Window(date(2026, 9, 5), date(2026, 9, 7))
        assert mixed.window(of_any_charge=True) == Window(date(2026, 7, 2), date(2026, 10, 10))

    def test_bills_without_usage_have_no_window(self, tmp_path) -> None:
        bill = write_csv(tmp_path / "bill.csv", [focus_row(ChargeCategory="Tax")])
        load_into(tmp_path / "store", bill)
        with opened(tmp_path / "store") as reader:
            assert reader.window() is None
            assert reader.window(of_any_charge=True) == Window(date(2026, 9, 5), date(2026, 9, 6))


class TestChargedInAdvance:
    """Use on 5 and 30 September, as a bill of September says; what else it says of later days is charged in advance."""

    @pytest.mark.parametrize(
        ("charges", "last"),
        [
            ([], (2026, 9, 30)),
            ([("2026-12-01", "2026-09-01")], (2026, 9, 30)),  # a subscription
            ([("2029-09-05", "2026-09-01")], (2026, 9, 30)),  # a slip
            ([("2026-10-02", "2026-09-01")], (2026, 9, 30)),
            ([("2026-10-01", "2026-09-01"), ("2026-10-02", "2026-09-01")], (2026, 10, 2)),  # a bill to the second
            ([("2026-10-01", "2026-09-01"), ("2026-10-03", "2026-09-01")], (2026, 10, 1)),
            ([("2026-10-04", "2026-10-01")], (2026, 10, 4)),  # October's own bill
            ([("2026-10-04", "2026-11-01")], (2026, 10, 4)),  # late, on November's
            ([("2026-12-01", "2026-09-01"), ("2026-12-05", "2026-12-01")], (2026, 12, 5)),
        ],
    )
    def test_it_does_not_move_the_last_day(self, tmp_path, charges, last) -> None:
        own = [focus_row(), focus_row(ChargePeriodStart="2026-09-30T23:00:00Z")]
        more = [focus_row(ChargePeriodStart=day, BillingPeriodStart=month) for day, month in charges]
        load_into(tmp_path / "store", write_csv(tmp_path / "bill.csv", [*own, *more]))
        with opened(tmp_path / "store") as reader:
            assert reader.window() == Window(date(2026, 9, 5), date(*last) + timedelta(days=1))
            (whole,) = reader.ask(Question(measure="BilledCost"))
            assert whole.amount == Decimal("1.5") * len([*own, *more])

    def test_where_all_is_charged_in_advance_the_last_day_is_that_of_the_last_charge(self, tmp_path) -> None:
        rows = [focus_row(ChargePeriodStart=f"2026-{month}-01") for month in (10, 11)]
        load_into(tmp_path / "store", write_csv(tmp_path / "bill.csv", rows))
        with opened(tmp_path / "store") as reader:
            assert reader.window() == Window(date(2026, 10, 1), date(2026, 11, 2))


class TestMeasures:
    def test_money_is_money_and_a_quantity_is_refused_with_what_there_is(self) -> None:
        assert cost_measure("billed cost") == "BilledCost"
        expected = r"ConsumedQuantity is a quantity, not money\. Expected: one of BilledCost, EffectiveCost"
        with pytest.raises(QueryError, match=expected):
            cost_measure("ConsumedQuantity")
        assert measure("consumedquantity") == "ConsumedQuantity"

    def test_what_is_no_measure_is_refused_with_all_there_are(self) -> None:
        with pytest.raises(QueryError, match=r"There is no measure x_Team\. Expected: one of .*ListCost"):
            measure("x_Team")


class TestConditions:
    def test_without_any_there_is_no_clause(self) -> None:
        assert conditions_of((), None) == ("", [])

    def test_a_window_is_bound_like_a_value(self) -> None:
        clause, bound = conditions_of((Filter("x_Team", ("a",)),), Window(date(2026, 9, 1), date(2026, 10, 1)))
        assert bound == ["a", date(2026, 9, 1), date(2026, 10, 1)]
        assert clause.count("?") == len(bound) and clause.count("AND") == 2


class TestCheck:
    def test_every_value_must_be_there(self, mixed: Reader) -> None:
        mixed.check([Filter("ServiceName", ("A", "B", None)), Filter("BillingCurrency", ("EUR",), exclude=True)])
        with pytest.raises(QueryError, match="ServiceName is never Z"):
            mixed.check([Filter("ServiceName", ("A", "Z"))])
        with pytest.raises(QueryError, match="BillingCurrency is never GBP"):
            mixed.check([Filter("ServiceName", ("A",)), Filter("BillingCurrency", ("GBP",))])

    def test_the_largest_values_are_named_and_not_the_unknown_one(self, mixed: Reader) -> None:
        with pytest.raises(QueryError, match=r"Expected: A, B, Fee, Tax, C(\.|$)"):
            mixed.check([Filter("ServiceName", ("nothing",))])

    def test_at_most_twelve_are_named(self, tmp_path) -> None:
        rows = [focus_row(ResourceId=f"i-{at:02}", EffectiveCost=str(20 - at)) for at in range(14)]
        load_into(tmp_path / "store", write_csv(tmp_path / "bill.csv", rows))
        with opened(tmp_path / "store") as reader, pytest.raises(QueryError, match=r"i-10, i-11(\.|$)") as refused:
            reader.check([Filter("ResourceId", ("host",))])
        assert "i-12" not in str(refused.value)

    def test_a_dimension_that_is_always_unknown_has_nothing_to_name(self, mixed: Reader) -> None:
        with pytest.raises(QueryError, match=r"x_Model is never chat\. Expected: a value of the loaded bills"):
            mixed.check([Filter("x_Model", ("chat",))])


class TestClosing:
    def test_the_file_is_held_until_then_and_the_name_is_kept(self, one_loaded_bill) -> None:
        state = Store(one_loaded_bill).current()
        path = Store(one_loaded_bill).cube_path(state.generation)
        reader = Reader(path, state.generation)
        assert reader.generation == state.generation and is_open(path)
        reader.close()
        assert not is_open(path)
        with pytest.raises(duckdb.Error):
            reader.rows("SELECT 1")

    def test_twice_is_once(self, one_loaded_bill) -> None:
        reader = Reader(Store(one_loaded_bill).cube_path(Store(one_loaded_bill).current().generation), "g")
        reader.close()
        reader.close()

    @pytest.mark.parametrize("content", [None, b"not a database at all" * 100], ids=["missing", "damaged"])
    def test_a_file_that_is_none_is_refused_with_a_way_back(self, tmp_path, content) -> None:
        path = tmp_path / "cube-1.duckdb"
        if content:
            path.write_bytes(content)
        with pytest.raises(StoreError, match=r"cube-1.duckdb cannot be read \(.+\)\. Expected: the cube") as refused:
            Reader(path, "1")
        assert "the next reader builds it again" in str(refused.value)
        assert "\n" not in refused.value.problem
