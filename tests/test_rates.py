"""Currency rates: read and refused, missing ones named, closed months locked, answers converted exactly."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from costlib import sample
from costlib.commands import app
from costlib.errors import QueryError, RateError, UnknownCurrency
from costlib.periods import Grain, add_months
from costlib.rates import Rate, Rates, rates_of_text, rates_text, read_rates
from costlib.store.converted import ask_in
from costlib.store.question import Filter, Question
from costlib.workspace import Workspace
from tests.builders import focus_row, load_into, opened, total, write, write_csv

AUGUST, SEPTEMBER = date(2026, 8, 1), date(2026, 9, 1)
RULES = "version: 1\nrules: [{name: team, set: {x_Team: {tag: [team]}}}]\n"


def entry(month="2026-09", base="EUR", quote="USD", rate="1.0952", source="treasury"):
    return f"{{month: {month}, from: {base}, to: {quote}, rate: {rate}, source: {source}}}"


def text(*entries):
    return "version: 1\nrates:\n" + "".join(f"  - {item}\n" for item in entries)


def rates(**values):
    """Rates from EUR to USD by month, such as m2026_09="1.1"."""
    return rates_of_text(text(*(entry(name[1:].replace("_", "-"), rate=rate) for name, rate in values.items())))


class TestReading:
    def test_the_number_stays_as_it_is_written(self):
        found = rates_of_text(text(entry(rate="1.100000000000000001"))).rate(SEPTEMBER, "EUR", "USD")
        assert found == Rate(SEPTEMBER, "EUR", "USD", Decimal("1.100000000000000001"), "treasury")

    def test_no_file_is_no_rates(self, tmp_path):
        assert read_rates(tmp_path / "rates.yaml").entries == ()

    @pytest.mark.parametrize("content", ["version: 1\n", "version: 1\nrates:\n", "\ufeffversion: 1\nrates: []\n"])
    def test_a_file_without_rates(self, tmp_path, content):
        assert read_rates(write(tmp_path / "rates.yaml", content)).entries == ()

    @pytest.mark.parametrize(
        ("content", "words"),
        [
            ("", "does not consist of version and rates"),
            ("[1, 2]", "does not consist of version and rates"),
            ("rates: []", "has version None"),
            ("version: 2\nrates: []", "has version 2"),
            ("version: 1\nrate: []", "does not consist of"),
            ("version: 1\nrates: {a: b}", "has no list of rates"),
            ("version: 1\nrates: [", "is not YAML"),
            ("[" * 5000, "is not YAML"),
            ("a: &a [x]\n" * 2 + "!!python/object/apply:os.system [ls]", "is not YAML"),
            (text("EUR"), "entry 1 does not have month, from, to, rate and source"),
            (text("{month: 2026-09, from: EUR, to: USD, rate: 1}"), "entry 1 does not have"),
            (text(entry() + "\n    colour: red"), "is not YAML"),
            (text(entry(), entry(month="2026-13")), "entry 2 has the month 2026-13"),
            (text(entry(month="2026-9")), "has the month 2026-9"),
            (text(entry(month="0000-01")), "has the month 0000-01"),
            (text(entry(base="ZZZ")), "has the currency ZZZ"),
            (text(entry(quote="usd")), "has the currency usd"),
            (text(entry(base="USD")), "goes from USD to itself"),
            (text(entry(rate="0")), "which is no positive decimal number"),
            (text(entry(rate="-1")), "has the rate -1"),
            (text(entry(rate='"1,1"')), "has the rate 1,1"),
            (text(entry(rate=".inf")), "has the rate .inf"),
            (text(entry(rate="1e9")), "has the rate 1e9"),
            (text(entry(rate='""')), "has no rate"),
            (text(entry(rate="[1]")), "has no rate"),
            (text(entry(source='" "')), "has no source"),
            (text(entry(), entry(rate="2")), "entry 2 repeats EUR to USD for 2026-09 of entry 1"),
            ("#" * 2_000_000, "is larger than 1 MiB"),
        ],
        ids=range(28),
    )
    def test_refused_with_its_place(self, tmp_path, content, words):
        with pytest.raises(RateError) as found:
            read_rates(write(tmp_path / "rates.yaml", content))
        assert words in str(found.value)
        assert str(tmp_path / "rates.yaml") in str(found.value)

    def test_text_that_is_none(self, tmp_path):
        with pytest.raises(RateError, match="is not UTF-8"):
            read_rates(write(tmp_path / "rates.yaml", b"\xff\xfe\x00"))

    @given(
        st.lists(
            st.tuples(st.integers(0, 40), st.sampled_from(["EUR", "GBP", "JPY"]), st.integers(1, 10**24)),
            unique_by=lambda item: item[:2],
        )
    )
    def test_written_and_read_again(self, items):
        found = Rates(
            tuple(Rate(add_months(AUGUST, n), base, "USD", Decimal(r).scaleb(-18), "it's: #1") for n, base, r in items)
        )
        assert rates_of_text(rates_text(found)) == found


class TestOneRate:
    def test_a_currency_is_worth_itself(self):
        assert Rates().rate(SEPTEMBER, "USD", "USD").rate == 1

    @pytest.mark.parametrize(
        ("month", "base", "quote"), [(AUGUST, "EUR", "USD"), (SEPTEMBER, "USD", "EUR"), (SEPTEMBER, "EUR", "GBP")]
    )
    def test_a_missing_one_is_named_never_guessed(self, month, base, quote):
        words = f"There is no rate from {base} to {quote} for {month:%Y-%m} in rates.yaml"
        with pytest.raises(RateError, match=words):
            rates(m2026_09="1.1").rate(month, base, quote)


class TestLock:
    def test_months_before_the_first_open_one_are_locked_and_stay_so(self):
        found = rates(m2026_07="1.1", m2026_08="1.2", m2026_09="1.3")
        once = found.closed(Rates(), AUGUST)
        assert [item.month.month for item in once.entries] == [7]
        again = rates(m2026_07="1.1", m2026_08="1.25", m2026_09="1.3").closed(once, SEPTEMBER)
        assert [str(item.rate) for item in again.entries] == ["1.1", "1.25"]

    @pytest.mark.parametrize(("now", "words"), [("1.2", "is 1.2"), (None, "is gone")])
    def test_a_locked_rate_that_changed_is_named(self, now, words):
        locked = rates(m2026_08="1.1")
        with pytest.raises(RateError) as found:
            (rates(m2026_08=now) if now else Rates()).check_locked(locked)
        assert f"for 2026-08 was locked at 1.1 and {words} in rates.yaml" in str(found.value)

    def test_the_same_value_written_otherwise_is_the_same(self):
        rates(m2026_08="1.10").check_locked(rates(m2026_08="1.1"))


def row(month, currency, billed, team="Search", **changes):
    return focus_row(
        BillingPeriodStart=f"{month}-01",
        ChargePeriodStart=f"{month}-05",
        BillingCurrency=currency,
        BilledCost=billed,
        Tags=json.dumps({"team": team}),
        **changes,
    )


ROWS = [
    row("2026-08", "EUR", "10"),
    row("2026-09", "EUR", "0.000000000000000001"),
    row("2026-09", "EUR", "100", team="Fraud"),
    row("2026-09", "USD", "3"),
    row("2026-09", "USD", "-1.5", team="Fraud"),
    # August's bill, used in September: the rate is that of the bill
    row("2026-08", "EUR", "1000") | {"ChargePeriodStart": "2026-09-03"},
]


@pytest.fixture(scope="module")
def bills(tmp_path_factory):
    folder = tmp_path_factory.mktemp("rates")
    load_into(folder / "store", write_csv(folder / "bill.csv", ROWS))
    return folder / "store"


RATES = rates(m2026_08="1.5", m2026_09="1.25")


class TestAnswers:
    def ask(self, bills, currency="USD", known=RATES, **question):
        with opened(bills) as reader:
            return ask_in(reader, Question(measure="BilledCost", **question), known, currency)

    def test_each_billing_month_by_its_own_rate_exact(self, bills):
        (found,) = self.ask(bills).rows
        # 1010 x 1.5 + 100.000000000000000001 x 1.25 + 1.5
        assert (found.amount, found.currency) == (Decimal("1641.50000000000000000125"), "USD")
        assert (found.line_items, found.unknown) == (6, 0)

    def test_by_team_largest_first(self, bills):
        found = [(item.values, item.amount) for item in self.ask(bills, by=("x_Team",)).rows]
        assert found == [
            (("Search",), Decimal("1518.00000000000000000125")),
            (("Fraud",), Decimal("123.50")),
        ]

    def test_the_period_of_an_answer_goes_by_use_the_rate_by_the_bill(self, bills):
        found = {item.period: item.amount for item in self.ask(bills, grain=Grain.MONTH).rows}
        assert found == {AUGUST: Decimal("15.0"), SEPTEMBER: Decimal("1626.50000000000000000125")}

    def test_parts_add_up_to_the_whole(self, bills):
        (whole,) = self.ask(bills).rows
        for by in (("x_Team",), ("x_Team", "BillingPeriodStart"), ("ServiceName", "BillingCurrency")):
            assert total(item.amount for item in self.ask(bills, by=by).rows) == whole.amount

    def test_the_billing_currency_is_no_dimension_any_more(self, bills):
        (found,) = self.ask(bills, by=("BillingCurrency",)).rows
        assert (found.values, found.currency) == ((), "USD")

    def test_the_rates_that_it_took(self, bills):
        assert [(item.month, item.base) for item in self.ask(bills).rates] == [(AUGUST, "EUR"), (SEPTEMBER, "EUR")]

    def test_a_missing_rate_refuses_the_whole_answer(self, bills):
        with pytest.raises(RateError, match="from EUR to USD for 2026-08"):
            self.ask(bills, known=rates(m2026_09="1.25"))
        with pytest.raises(RateError, match="from USD to EUR for 2026-09"):
            self.ask(bills, currency="EUR")

    def test_no_rate_is_needed_for_what_is_not_asked(self, bills):
        with opened(bills) as reader:
            question = Question(measure="BilledCost", filters=(Filter("BillingCurrency", ("USD",)),))
            (found,) = ask_in(reader, question, Rates(), "USD").rows
        assert found.amount == Decimal("1.5")

    def test_unknown_stays_unknown(self, tmp_path):
        rows = [row("2026-09", "EUR", "1", ListCost=None), row("2026-09", "USD", "1", ListCost=None, team="Fraud")]
        rows.append(row("2026-09", "EUR", "1", ListCost="2"))
        load_into(tmp_path / "store", write_csv(tmp_path / "bill.csv", rows))
        with opened(tmp_path / "store") as reader:
            found = ask_in(reader, Question(by=("x_Team",), measure="ListCost"), RATES, "USD").rows
        assert [(item.values[0], item.amount, item.unknown) for item in found] == [
            ("Search", Decimal("2.50"), 1),
            ("Fraud", None, 1),
        ]

    def test_not_money_and_no_currency(self, bills):
        with opened(bills) as reader:
            with pytest.raises(QueryError, match="ConsumedQuantity is a quantity, not money"):
                ask_in(reader, Question(measure="ConsumedQuantity"), RATES, "USD")
            with pytest.raises(UnknownCurrency, match="There is no currency UDS"):
                ask_in(reader, Question(), RATES, "UDS")


class TestCommand:
    def run(self, *arguments):
        return CliRunner().invoke(app, [str(argument) for argument in arguments])

    @pytest.fixture
    def store(self, tmp_path):
        write(tmp_path / "store/rules.yaml", RULES)
        write(tmp_path / "store/rates.yaml", text(entry("2026-08", rate="1.5"), entry("2026-09", rate="1.25")))
        Workspace(tmp_path / "store").load([write_csv(tmp_path / "bill.csv", ROWS)])
        return tmp_path / "store"

    def test_query_in_one_currency_says_by_which_rates(self, store):
        asked = ("query", "--store", store, "--measure", "BilledCost", "--currency", "USD", "--json")
        found = json.loads(self.run(*asked).stdout)
        assert found["rows"] == [{"BillingCurrency": "USD", "BilledCost": "1641.50000000000000000125"}]
        assert [item["rate"] for item in found["rates"]] == ["1.5", "1.25"]
        assert {item["source"] for item in found["rates"]} == {"treasury"}

    @pytest.mark.parametrize(
        ("by", "plain"),
        [("BillingCurrency", ""), ("BillingCurrency,x_Team", "x_Team"), ("x_Team,billingcurrency", "x_Team")],
    )
    def test_the_currency_may_be_asked_for_and_is_named_once(self, store, by, plain):
        """Rows are all in the currency asked for, so that it tells none of them from another."""
        asked = ("query", "--store", store, "--measure", "BilledCost", "--currency", "USD", "--json")
        assert json.loads(self.run(*asked, "--by", by).stdout) == json.loads(self.run(*asked, "--by", plain).stdout)

    def test_a_load_locks_the_closed_months(self, store):
        assert [item.month for item in read_rates(store / "rates.locked.yaml").entries] == [AUGUST]
        write(store / "rates.yaml", text(entry("2026-08", rate="1.6"), entry("2026-09", rate="1.3")))
        result = self.run("query", "--store", store, "--currency", "USD")
        assert isinstance(result.exception, RateError)
        assert "was locked at 1.5 and is 1.6" in str(result.exception)
        write(store / "rates.yaml", text(entry("2026-08", rate="1.5"), entry("2026-09", rate="1.3")))
        assert self.run("query", "--store", store, "--currency", "USD").exit_code == 0

    def test_rates_that_cannot_be_used_do_not_stop_a_load(self, store, tmp_path):
        write(store / "rates.yaml", "broken")
        told: list[str] = []
        bill = write_csv(tmp_path / "bill.csv", [*ROWS, row("2026-09", "USD", "1")])
        (done,) = Workspace(store).load([bill], progress=told.append)
        assert done.changed
        assert told[-1].startswith("Currency rates are not locked:")


PAIRS = [("EUR", "USD"), ("USD", "EUR")]


class TestSample:
    def test_the_sample_has_a_rate_for_every_month_with_euros_and_says_they_are_invented(self):
        found = read_rates(sample.RATES)
        months = {pair: [one.month for one in found.entries if (one.base, one.quote) == pair] for pair in PAIRS}
        assert months["EUR", "USD"] == [add_months(date(2025, 7, 1), number) for number in range(16)]
        assert months["USD", "EUR"] == [add_months(date(2024, 11, 1), number) for number in range(24)]
        assert {(item.base, item.quote) for item in found.entries} == set(PAIRS)
        assert all("invented" in item.source for item in found.entries)
