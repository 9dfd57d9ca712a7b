"""Alarms: every mix-up of units raises its own, and honest changes raise none."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from costlib.analysis.units import (
    Alarm,
    AlarmKind,
    UnitCost,
    Volume,
    cached_alarms,
    jump_alarms,
    sku_alarms,
    unit_alarms,
)
from costlib.analysis.units.measures import unit_of

FIRST = date(2026, 9, 1)


def series(metric: str, *values: tuple[str, str | None]) -> list[Volume]:
    return [
        Volume(FIRST + timedelta(days=number), metric, "T", "bot", Decimal(value), unit)
        for number, (value, unit) in enumerate(values)
    ]


def costs(*amounts: str | None) -> list[UnitCost]:
    """Unit costs of consecutive months, in dollars a thousand."""
    return [
        UnitCost(unit_of("requests"), date(2026, number + 1, 1), "T", "bot", cost, cost, Decimal(1000))
        for number, cost in enumerate(None if amount is None else Decimal(amount) for amount in amounts)
    ]


def kinds(alarms: list[Alarm]) -> list[AlarmKind]:
    return [one.kind for one in alarms]


def test_tokens_that_become_thousands_of_tokens() -> None:
    (alarm,) = unit_alarms(series("input tokens", ("5000", "tokens"), ("5", "1K tokens"), ("6", "1K tokens")))
    assert (alarm.kind, alarm.since, alarm.factor) == (AlarmKind.CHANGED_UNIT, date(2026, 9, 2), 1000)
    assert alarm.units == ("tokens", "1K tokens")


def test_dollars_that_become_cents() -> None:
    (alarm,) = unit_alarms(series("revenue", ("12", "USD"), ("1200", "cents")))
    assert (alarm.kind, alarm.factor) == (AlarmKind.CHANGED_UNIT, 100)


def test_a_unit_that_is_not_the_metrics() -> None:
    assert kinds(unit_alarms(series("requests", ("5", "USD")))) == [AlarmKind.UNKNOWN_UNIT]
    assert kinds(unit_alarms(series("orders", ("5", "furlongs")))) == [AlarmKind.UNKNOWN_UNIT]


def test_an_amount_of_money_without_a_unit_says_that_none_is_there() -> None:
    (alarm,) = unit_alarms(series("input tokens", ("5", "furlongs"), ("5", None)))[1:]
    assert (alarm.kind, alarm.since, alarm.units) == (
        AlarmKind.CHANGED_UNIT,
        date(2026, 9, 2),
        ("furlongs", "no unit"),
    )
    assert alarm.factor is None  # nothing is known of a furlong


def test_one_unit_all_along_is_fine() -> None:
    assert (
        unit_alarms([*series("input tokens", ("5", "1K tokens"), ("6", "1K tokens")), *series("orders", ("1", None))])
        == []
    )


def test_utilisation_that_changes_from_shares_to_per_cent() -> None:
    (alarm,) = unit_alarms(series("gpu utilisation", ("0.6", None), ("0.7", None), ("64", None)))
    assert (alarm.kind, alarm.since) == (AlarmKind.SHARES, date(2026, 9, 3))
    mixed = ("60", None), ("70", None), ("0.6", None), ("80", None), ("0.5", None)
    (back,) = unit_alarms(series("gpu utilisation", *mixed))
    assert back.since == date(2026, 9, 3)  # per cent first: mixed up since the first share
    assert kinds(unit_alarms(series("gpu utilisation", ("64", "share")))) == [AlarmKind.SHARES]
    assert unit_alarms(series("gpu utilisation", ("64", None), ("71", None))) == []


@pytest.mark.parametrize(("second", "mixed"), [("1", False), ("1.01", True), ("1.9", True)])
def test_beside_shares_what_is_above_one_can_only_be_per_cent(second: str, mixed: bool) -> None:
    found = unit_alarms(series("gpu utilisation", ("0.5", None), (second, None)))
    assert kinds(found) == [AlarmKind.SHARES] * mixed


def test_days_may_come_in_any_order() -> None:
    """Tokens on the first two days and thousands of them on the third and fourth: one change, on the third."""
    given = series("input tokens", ("5000", "tokens"), ("6000", "tokens"), ("5", "1K tokens"), ("6", "1K tokens"))
    for order in (given, given[::-1], [given[2], given[0], given[3], given[1]]):
        (alarm,) = unit_alarms(order)
        assert (alarm.kind, alarm.since, alarm.units) == (
            AlarmKind.CHANGED_UNIT,
            date(2026, 9, 3),
            ("tokens", "1K tokens"),
        )


def test_of_many_changes_the_first_is_told() -> None:
    (alarm,) = unit_alarms(series("orders", ("5", None), ("5", "count"), ("5", None)))
    assert (alarm.since, alarm.units, alarm.factor) == (date(2026, 9, 2), ("no unit", "count"), 1)


@pytest.mark.parametrize(
    ("before", "after", "factor"),
    [
        ("0.50", "51", 100),
        ("51", "0.50", 100),
        ("2", "2040", 1000),
        ("0.000002", "2.1", 1_000_000),
        ("2", "2150", 1000),
    ],
)
def test_a_unit_cost_that_jumps_by_a_round_factor(before: str, after: str, factor: int) -> None:
    (alarm,) = jump_alarms(costs(before, after, after))
    assert (alarm.kind, alarm.since, alarm.factor) == (AlarmKind.JUMP, date(2026, 2, 1), factor)


@pytest.mark.parametrize("amounts", [("1", "3"), ("1", "60"), ("1", "10"), ("0", "100"), (None, "100")])
def test_what_markets_and_models_do_is_no_jump(amounts: tuple[str | None, ...]) -> None:
    assert jump_alarms(costs(*amounts)) == []


def test_a_day_of_unknown_use_is_no_mix_up_of_shares() -> None:
    known = series("gpu utilisation", ("0.6", None), ("0.7", None))
    assert unit_alarms([*known, replace(known[0], day=date(2026, 9, 9), value=None)]) == []


def test_jumps_are_looked_for_in_what_was_paid_and_not_in_what_was_used() -> None:
    """Paid 1, then 100; by use it stays at 1, or is not known at all."""
    before, after = costs("1", "100")
    for used in (Decimal(1), None):
        assert len(jump_alarms([before, replace(after, by_use=used)])) == 1
        assert jump_alarms([replace(before, by_use=used), replace(after, cost=Decimal(2))]) == []


def test_a_month_without_a_count_does_not_hide_a_jump() -> None:
    assert [one.since for one in jump_alarms(costs("1", None, "1000"))] == [date(2026, 3, 1)]


def test_a_meter_of_the_bill_that_is_counted_in_another_unit() -> None:
    meters = [
        (date(2026, 8, 1), "bot", "Input tokens", "Tokens"),
        (date(2026, 9, 1), "bot", "Input tokens", "1K tokens"),
        (date(2026, 9, 1), "bot", "Output tokens", "Tokens"),
        (date(2026, 9, 1), "bot", None, "Tokens"),
    ]
    (alarm,) = sku_alarms(meters)
    assert (alarm.what, alarm.since, alarm.units) == ("Input tokens", date(2026, 9, 1), ("Tokens", "1K tokens"))


def monthly(*units: str) -> list[tuple[date, str | None, str | None, str | None]]:
    """A meter by month, July first; a month's units are apart by commas."""
    months = [date(2026, 7 + number, 1) for number in range(len(units))]
    return [(day, "bot", "GPU", unit) for day, held in zip(months, units, strict=True) for unit in held.split(",")]


@pytest.mark.parametrize(
    ("units", "since", "told"),
    [
        (("Hrs", "Minutes"), 8, ("Hrs", "Minutes")),
        (("Hrs", "Hrs,Minutes", "Minutes"), 8, ("Hrs", "Minutes")),
        (("Hrs", "Minutes", "Hrs"), 8, ("Hrs", "Minutes")),
        (("Hrs", "Hrs", "Hrs,Minutes", "Minutes"), 9, ("Hrs", "Minutes")),
    ],
    ids=str,
)
def test_any_meter_whose_unit_takes_the_place_of_another(
    units: tuple[str, ...], since: int, told: tuple[str, str]
) -> None:
    (alarm,) = sku_alarms(monthly(*units))
    assert (alarm.what, alarm.since.month, alarm.units) == ("GPU", since, told)


@pytest.mark.parametrize(
    "units", [("Hrs", "Hrs"), ("GB,Hrs", "GB,Hrs"), ("GB,Hrs", "Hrs", "GB,Hrs"), ("Hrs", "GB,Hrs", "GB,Hrs")], ids=str
)
def test_two_units_side_by_side_are_no_change(units: tuple[str, ...]) -> None:
    assert sku_alarms(monthly(*units)) == []


def test_a_meter_of_which_no_unit_is_told_has_not_changed() -> None:
    assert sku_alarms([(date(2026, 8, 1), "bot", "GPU", None), *monthly("Hrs")]) == []
    (alarm,) = sku_alarms([*monthly("Hrs", "Minutes"), (date(2026, 8, 1), "bot", "GPU", None)])
    assert alarm.units == ("Hrs", "Minutes")


def test_periods_of_a_bill_may_come_in_any_order() -> None:
    meters = monthly("Hrs", "Minutes", "Hrs")
    assert sku_alarms(meters[::-1]) == sku_alarms(meters)


def amounts(fresh: int, cached: int | None = None) -> dict[str, Decimal | None]:
    found: dict[str, Decimal | None] = {"input tokens": Decimal(fresh)}
    return found if cached is None else found | {"cached input tokens": Decimal(cached)}


def test_cached_tokens_counted_among_the_input() -> None:
    """The bill: 600 fresh and 400 cached. A count of 1,000 has both in it, one of 600 is right."""
    bill = {"bot": amounts(600, 400)}
    assert kinds(cached_alarms({"bot": amounts(1000)}, bill, FIRST)) == [AlarmKind.CACHED]
    assert cached_alarms({"bot": amounts(600)}, bill, FIRST) == []
    assert cached_alarms({"bot": amounts(2500)}, bill, FIRST) == []
    assert cached_alarms({"bot": amounts(1000)}, {"bot": amounts(990, 10)}, FIRST) == []
    assert cached_alarms({"bot": amounts(1000)}, {}, FIRST) == []


def test_a_value_in_two_currencies_on_the_same_days_has_not_changed() -> None:
    dollars = series("revenue", *[("5", "USD")] * 4)
    beside = [replace(one, unit="EUR") for one in dollars]
    assert unit_alarms([*dollars, *beside]) == []
    (changed,) = unit_alarms([*dollars[:2], *beside[2:]])
    assert (changed.kind, changed.since, changed.units) == (
        AlarmKind.CHANGED_UNIT,
        FIRST + timedelta(days=2),
        ("USD", "EUR"),
    )
