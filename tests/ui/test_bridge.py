"""The bridge of a selection: it adds up to the change of the page, by part and by segment."""

from __future__ import annotations

from datetime import date
from decimal import Decimal as D

import pytest

from costlib import money
from costlib.charts.spec import Bridge
from costlib.periods import Window
from tests.ui.conftest import Select
from ui.trends.bridge import Change

AUG, SEP = Window(date(2026, 8, 1), date(2026, 9, 1)), Window(date(2026, 9, 1), date(2026, 10, 1))


@pytest.mark.parametrize("dimension", ["x_Team", "x_Model", "ServiceName", "ChargeCategory"])
@pytest.mark.parametrize("measure", ["EffectiveCost", "BilledCost"])
def test_parts_are_the_change_of_the_page(dimension: str, measure: str, select: Select) -> None:
    selection = select(measure=measure)
    change = Change(selection, dimension, SEP, AUG)
    before, now = (money.total(row.amount for row in selection.ask((), window)) for window in (AUG, SEP))
    assert (change.found.cost0, change.found.cost1) == (before, now)
    assert change.found.parts.total == change.found.change
    chart = change.exhibit().chart
    assert isinstance(chart, Bridge)
    assert (chart.start.amount, chart.end.amount) == (money.cents(before or D(0)), money.cents(now or D(0)))


def test_more_hours_are_volume_and_a_single_charge_is_new(select: Select) -> None:
    """September: 30 days of 160 hours and 25 of Fraud; August: 31 days of 100 and 25; a dollar an hour, Fraud two."""
    change = Change(select("grown_and_spiked"), "x_Team", SEP, AUG)
    assert (change.found.cost0, change.found.cost1) == (31 * 150, 30 * 210)
    parts = change.found.parts
    assert money.exact(parts.rate) == "0" and parts.new == parts.ended == parts.unquantified == 0
    grown = D(30 * 185 - 31 * 125) * D(31 * 150) / D(31 * 125)
    assert money.cents(parts.volume) == money.cents(grown)
    assert parts.volume + parts.mix == 30 * 210 - 31 * 150
    header, rows = change.table()
    assert header == ["Team", "Change", "Volume", "Mix"]
    assert [row[:2] for row in rows] == [["Search", "+$1.70K"], ["Fraud", "−$50.00"]]


def test_what_ended_is_ended(select: Select) -> None:
    """``two_years``: Ended costs a dollar a day until the end of July; no quantities are known."""
    change = Change(select("two_years"), "x_Team", AUG, Window(date(2026, 7, 1), date(2026, 8, 1)))
    assert change.found.parts.by_name() == {
        "rate": 0,
        "volume": 0,
        "mix": 0,
        "new": 0,
        "ended": D(-31),
        "unquantified": 0,
    }


def test_the_sentence_is_the_title(select: Select) -> None:
    change = Change(select("grown_and_spiked"), "x_Team", SEP, AUG)
    assert change.finding().startswith("AI spend was $1.65K higher in Sep 2026 than in Aug 2026: volume +$")
    assert change.exhibit().chart.caption.title == change.finding()


def test_short_names_stand_under_the_columns_and_long_ones_do_not(select: Select) -> None:
    selection = select("two_years")
    chart = Change(selection, "x_Team", SEP, AUG).exhibit().chart
    assert isinstance(chart, Bridge) and (chart.start.name, chart.end.name) == ("Aug 2026", "Sep 2026")
    days = Window(date(2026, 8, 3), date(2026, 8, 9)), Window(date(2026, 7, 27), date(2026, 8, 2))
    chart = Change(selection, "x_Team", *days).exhibit().chart
    assert isinstance(chart, Bridge) and (chart.start.name, chart.end.name) == ("Before", "Now")


def test_an_unknown_cost_is_in_no_part(select: Select) -> None:
    change = Change(select("unknown_list_price", measure="ListCost"), "x_Team", SEP, AUG)
    assert not change.found.segments and len(change.found.unknown) == 2
