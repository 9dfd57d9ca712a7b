"""A generation in one currency: every table by the rate of its month, exact, and a missing rate named."""

from __future__ import annotations

from datetime import date
from decimal import Decimal as D
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from costlib.errors import RateError, UnknownCurrency
from costlib.focus import CURRENCY, MONTH
from costlib.periods import Grain
from costlib.rates import Rate, Rates
from costlib.store.converted import ask_in
from costlib.store.question import Filter, Question
from costlib.store.reader import Reader
from costlib.store.translated import TranslatedReader
from costlib.workspace import Workspace
from tests.small_company import company

MONTHS = [date(2026, month, 1) for month in range(1, 6)]
RATES = Rates(
    tuple(
        Rate(month, base, quote, D(rate) + D(number) / 100, "tests")
        for number, month in enumerate(MONTHS)
        for base, quote, rate in (("EUR", "USD", "1.10"), ("USD", "CHF", "0.80"), ("EUR", "CHF", "0.90"))
    )
)


@pytest.fixture(scope="module")
def space(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return company(tmp_path_factory.mktemp("translated"))


def reader_of(space: Workspace, currency: str, rates: Rates = RATES) -> Reader:
    state = space.store.current()
    space.snapshot()
    return TranslatedReader(space.store.cube_path(state.generation), state.generation, rates, currency)


@pytest.mark.parametrize("currency", ["USD", "CHF"])
@pytest.mark.parametrize("by", [(), ("x_Team",), ("x_Team", "x_Model"), ("ResourceId",)])
def test_it_answers_as_the_converted_question_does(space: Workspace, currency: str, by: tuple[str, ...]) -> None:
    question = Question(by, grain=Grain.MONTH)
    wanted = ask_in(space.snapshot().reader, question, RATES, currency).rows
    found = reader_of(space, currency).ask(question)
    assert {(one.values, one.period): one.amount for one in found} == {
        (one.values, one.period): one.amount for one in wanted
    }
    assert {one.currency for one in found} == {currency}
    assert sum(one.line_items for one in found) == sum(one.line_items for one in wanted)


def test_by_hand(space: Workspace) -> None:
    """The lab pays 5 EUR a day from 2 April on: 29 days of April at 1.13, ten of May at 1.14."""
    (row,) = reader_of(space, "USD").ask(Question(filters=(Filter("x_Team", ("Lab",)),)))
    assert row.amount == 29 * 5 * D("1.13") + 10 * 5 * D("1.14")


@pytest.mark.parametrize(
    ("currency", "rate"),
    [
        ("VND", "29850.25"),
        ("IDR", "123456"),
        ("BTN", "0.000039375"),
        ("KWD", "0.00000004125"),
        ("JPY", "9999.99999999"),
    ],
)
def test_a_rate_of_any_size_counts_to_its_last_digit(space: Workspace, currency: str, rate: str) -> None:
    """The lab pays 5 EUR a day on 39 days; the dollars beside it go at a rate of another size."""
    rates = [
        Rate(month, base, currency, D(worth), "tests")
        for month in MONTHS
        for base, worth in (("EUR", rate), ("USD", "1"))
    ]
    (row,) = reader_of(space, currency, Rates(tuple(rates))).ask(Question(filters=(Filter("x_Team", ("Lab",)),)))
    assert row.amount == 39 * 5 * D(rate)


def test_the_billing_month_may_be_asked_for_and_the_billing_currency_falls_away(space: Workspace) -> None:
    lab = (Filter("x_Team", ("Lab",)),)
    found = ask_in(space.snapshot().reader, Question((MONTH, CURRENCY), filters=lab), RATES, "USD")
    assert {row.values: row.amount for row in found.rows} == {
        ("2026-04-01",): 29 * 5 * D("1.13"),
        ("2026-05-01",): 10 * 5 * D("1.14"),
    }
    assert [rate.pair for rate in found.rates] == [(month, "EUR", "USD") for month in MONTHS[3:]]


def test_there_is_one_currency_and_the_same_days_and_values(space: Workspace) -> None:
    native, translated = space.snapshot().reader, reader_of(space, "CHF")
    assert native.currencies() == ["USD", "EUR"] and translated.currencies() == ["CHF"]
    assert translated.window() == native.window()
    assert set(translated.values("x_Team")) == set(native.values("x_Team"))
    assert translated.ask(Question(filters=(Filter(CURRENCY, ("EUR",)),))) == []


def test_quantities_are_no_money(space: Workspace) -> None:
    native, translated = space.snapshot().reader, reader_of(space, "CHF")
    question = Question(measure="ConsumedQuantity")
    assert sum(one.amount or 0 for one in native.ask(question)) == sum(
        one.amount or 0 for one in translated.ask(question)
    )


def test_a_missing_rate_is_named(space: Workspace) -> None:
    without = Rates(tuple(one for one in RATES.entries if one.month != date(2026, 4, 1)))
    with pytest.raises(RateError, match="no rate from EUR to USD for 2026-04"):
        reader_of(space, "USD", without)


@settings(max_examples=8, deadline=None)
@given(factor=st.decimals("0.01", "900", places=4))
def test_a_dearer_currency_scales_every_sum(space: Workspace, factor: D) -> None:
    one, other = (
        Rates(tuple(Rate(m, b, "JPY", rate, "tests") for m in MONTHS for b in ("USD", "EUR")))
        for rate in (D(1), factor)
    )
    first, second = (reader_of(space, "JPY", rates).ask(Question(("x_Team",))) for rates in (one, other))
    assert {row.values: row.amount * factor for row in first if row.amount} == {
        row.values: row.amount for row in second
    }


class TestWorkspace:
    def test_an_unknown_currency_is_refused(self, space: Workspace) -> None:
        with pytest.raises(UnknownCurrency, match="There is no currency EURO"):
            space.translated("EURO")

    def test_without_rates_the_first_missing_one_is_named(self, space: Workspace) -> None:
        with pytest.raises(RateError, match="no rate from USD to CHF for 2026-01"):
            space.translated("CHF").snapshot()

    def test_amounts_of_people_go_by_the_newest_month(self, tmp_path: Path) -> None:
        space = company(tmp_path)
        lines = [f"  - {one.document}" for one in RATES.entries]
        (space.store.root / "rates.yaml").write_text("version: 1\nrates:\n" + "\n".join(lines), encoding="utf-8")
        swiss = space.translated("CHF")
        assert swiss.worth("USD") == ("CHF", 0.84)  # May
        assert swiss.worth("CHF") == ("CHF", 1.0)
        assert space.worth("USD") == ("USD", 1.0)
        plan, version = swiss.plan("ads")
        assert (plan.plan.currency, version) == ("CHF", space.plan("ads")[1])
        assert plan.initiatives[0].one_off_cost == pytest.approx(500 * 0.84)
        assert swiss.moment != space.moment
        assert swiss.snapshot().reader is space.translated("CHF").snapshot().reader
