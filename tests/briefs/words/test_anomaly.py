"""Anomalies and their drivers as sentences."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal as D

import pytest

from costlib.analysis.anomalies import Anomaly, Cause, Driver, Kind
from costlib.briefs.words.anomaly import anomalies_finding, anomaly_finding, driver_finding

SPIKE = Anomaly(
    (("x_Team", "Search"),),
    Kind.SPIKE,
    date(2026, 7, 9),
    date(2026, 7, 13),
    actual=D("10846.70"),
    expected=D("776.65"),
    low=D("677.35"),
    high=D("875.94"),
    level_before=D("155.33"),
    level_after=D("2169.34"),
)
SHIFT = replace(
    SPIKE,
    kind=Kind.LEVEL_SHIFT,
    first=date(2026, 9, 22),
    last=date(2026, 10, 19),
    actual=D("36414.59"),
    expected=D("20400.53"),
    level_before=D("728.59"),
    level_after=D("1289.25"),
)


def said(anomaly: Anomaly, currency: str = "USD") -> str:
    return anomaly_finding(anomaly, currency, "Search")


def test_a_spike_says_its_days_its_cost_and_what_was_expected() -> None:
    assert said(SPIKE) == (
        "Search cost $10.8K from 9 Jul 2026 to 13 Jul 2026, $10.1K more than expected ($677 to $876)"
    )


def test_one_day_is_one_day() -> None:
    assert said(replace(SPIKE, last=SPIKE.first)).startswith("Search cost $10.8K on 9 Jul 2026, ")


def test_a_whole_month_is_named_as_one() -> None:
    month = replace(SPIKE, first=date(2026, 7, 1), last=date(2026, 7, 31))
    assert said(month).startswith("Search cost $10.8K in Jul 2026, ")


def test_a_drop_is_less_and_a_credit_keeps_its_sign() -> None:
    drop = replace(SPIKE, kind=Kind.DROP, actual=D(-900))
    assert said(drop).startswith("Search cost −$900 from 9 Jul 2026 to 13 Jul 2026, $1.68K less than expected")


def test_what_goes_on_is_said_to() -> None:
    assert said(replace(SPIKE, going_on=True)).endswith("($677 to $876), and it goes on")


def test_a_level_shift_says_its_new_level_and_the_old_one() -> None:
    assert said(SHIFT) == (
        "Search has cost $1.29K a day since 22 Sep 2026, up from $729: +$16.0K over its first 28 days"
    )


def test_a_level_that_fell_is_down() -> None:
    fell = replace(SHIFT, level_after=D("100"), actual=D("2800"))
    assert said(fell) == "Search has cost $100 a day since 22 Sep 2026, down from $729: −$17.6K over its first 28 days"


def test_a_new_segment_has_no_old_level() -> None:
    new = replace(SHIFT, kind=Kind.NEW, expected=D(0), level_before=D(0), last=date(2026, 9, 22), actual=D("40"))
    assert said(new) == "Search is new since 22 Sep 2026 and costs $1.29K a day: +$40.00 over its first 1 day"


def test_the_currency_is_the_bills() -> None:
    assert "€10.8K" in said(SPIKE, "EUR")


NAMED = Driver(Cause.VOLUME, D(16300), "training-job/recs", "Hrs", D("511.2"), D("1047.4"), D("27.45"), D("27.45"))


@pytest.mark.parametrize(
    ("driver", "words"),
    [
        (NAMED, "more volume, training-job/recs used 1,047 Hrs instead of 511 (+$16.3K)"),
        (replace(NAMED, amount=D(-80)), "less volume, training-job/recs used 1,047 Hrs instead of 511 (−$80.00)"),
        (replace(NAMED, quantity0=None), "more volume, training-job/recs (+$16.3K)"),
        (replace(NAMED, name=None), "more volume (+$16.3K)"),
        (
            replace(NAMED, cause=Cause.RATE, rate1=D("30.1")),
            "a higher rate, training-job/recs costs $30.10 instead of $27.45 (unit: Hrs) (+$16.3K)",
        ),
        (replace(NAMED, cause=Cause.RATE, rate0=None, amount=D(-5)), "a lower rate, training-job/recs (−$5.00)"),
        (replace(NAMED, cause=Cause.NEW_RESOURCE), "a new resource, training-job/recs (+$16.3K)"),
        (replace(NAMED, cause=Cause.ENDED_RESOURCE), "a resource that ended, training-job/recs (+$16.3K)"),
        (Driver(Cause.MISSING_CREDIT, D(5000)), "a credit that did not come again (+$5.00K)"),
        (Driver(Cause.MISSING_CHARGE, D(-900), "Support"), "a monthly charge that did not come, Support (−$900)"),
        (Driver(Cause.CREDIT, D(-3400), "endpoint/scorer"), "a credit or refund, endpoint/scorer (−$3.40K)"),
        (Driver(Cause.ONE_OFF, D(3000), "Licence"), "a one-off charge, Licence (+$3.00K)"),
        (
            Driver(Cause.CREDIT, D(-400), "gpt-4", service="Azure OpenAI"),
            "a credit or refund of Azure OpenAI, gpt-4 (−$400)",
        ),
        (Driver(Cause.ONE_OFF, D(400), service="Azure ML"), "a one-off charge of Azure ML (+$400)"),
    ],
)
def test_every_driver_has_its_words_and_its_money(driver: Driver, words: str) -> None:
    assert driver_finding(driver, "USD") == f"Probable driver: {words}"


def test_small_quantities_keep_three_figures() -> None:
    small = replace(NAMED, quantity0=D("0.012345"), quantity1=D("7.5"))
    assert "used 7.5 Hrs instead of 0.0123" in driver_finding(small, "USD")


def test_no_single_driver_is_said() -> None:
    assert driver_finding(Driver(Cause.UNKNOWN, D(0)), "USD") == "The line items show no single driver"


def test_no_cause_is_without_words() -> None:
    sentences = {driver_finding(Driver(cause, D(1)), "USD") for cause in Cause}
    assert len(sentences) == len(Cause)


@pytest.mark.parametrize(
    ("driver", "words"),
    [
        (replace(NAMED, quantity1=None), "more volume, training-job/recs (+$16.3K)"),
        (replace(NAMED, unit=None), "more volume, training-job/recs (+$16.3K)"),
        (replace(NAMED, cause=Cause.RATE, name=None), "a higher rate (+$16.3K)"),
        (replace(NAMED, cause=Cause.RATE, rate1=None), "a higher rate, training-job/recs (+$16.3K)"),
        (replace(NAMED, cause=Cause.RATE, unit=None), "a higher rate, training-job/recs (+$16.3K)"),
        (replace(NAMED, amount=D("0.50"), name=None), "more volume (+$0.50)"),
        (replace(NAMED, amount=D("-0.50"), name=None), "less volume (−$0.50)"),
    ],
)
def test_what_is_not_known_of_a_driver_is_not_said(driver: Driver, words: str) -> None:
    assert driver_finding(driver, "USD") == f"Probable driver: {words}"


@pytest.mark.parametrize(
    ("quantity", "said"),
    [
        ("0", "0"),
        ("0.012345", "0.0123"),
        ("7.5", "7.5"),
        ("99.96", "100"),
        ("99.94", "99.9"),
        ("100.4", "100"),
        ("12345.5", "12,346"),
        ("-12345.6", "-12,346"),
    ],
)
def test_quantities_to_the_figures_that_count(quantity: str, said: str) -> None:
    words = driver_finding(replace(NAMED, quantity1=D(quantity)), "USD")
    assert words == f"Probable driver: more volume, training-job/recs used {said} Hrs instead of 511 (+$16.3K)"


def test_half_a_dollar_more_is_more() -> None:
    assert "$0.50 more than expected" in said(replace(SPIKE, actual=D("777.15")))
    assert "$0.50 less than expected" in said(replace(SPIKE, actual=D("776.15")))


@pytest.mark.parametrize(
    ("excesses", "words"),
    [
        (["0.50"], "1 unusual change in Sep 2026 cost $0.50 more than expected"),
        (["-0.50"], "1 unusual change in Sep 2026 cost $0.50 less than expected"),
        (["700", "-200", "50"], "3 unusual changes in Sep 2026 cost $750 more and $200 less than expected"),
        (["0", "0"], "2 unusual changes in Sep 2026 cost as much as expected"),
    ],
)
def test_what_was_unusual_in_all(excesses: list[str], words: str) -> None:
    found = [replace(SPIKE, actual=SPIKE.expected + D(excess)) for excess in excesses]
    assert anomalies_finding(found, "USD", "in Sep 2026") == words
