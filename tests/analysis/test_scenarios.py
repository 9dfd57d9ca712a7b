"""Scenarios and controls: named settings, hand-worked on flat paths."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import numpy as np
import pytest

from costlib.analysis.components import Component, Initiative, Input
from costlib.analysis.controls import control_values
from costlib.analysis.layers import Control, GrowthDriver, Launch, PriceChange, Workload, planned
from costlib.analysis.ranges import ThreePoint, certain
from costlib.analysis.scenarios import Scenario, Setting, at, base_best_worst, scenarios, settled
from costlib.errors import InputError
from tests.analysis.outlooks import JANUARY, ahead

FLAT = ahead(np.full((2, 2, 50), 100.0))
LAUNCH = Launch("launch", "Ada", "plan", ("New",), JANUARY, ThreePoint(10, 20, 60))
PRICE = PriceChange("price", "Ada", "rumour", {"x_Team": ["Ads"]}, JANUARY, ThreePoint(-0.3, -0.1, 0.2))
QUOTA = Control("quota", "Ada", "pilot", {"x_Team": ["Ads"]}, JANUARY, ThreePoint(0.1, 0.2, 0.5))
SHUTDOWN = Control("shutdown", "Bob", "estimate", {}, date(2026, 2, 1), certain(0.5))


def january(found: object) -> Decimal | None:
    return found.line().p50[0]  # type: ignore[attr-defined, no-any-return]


def test_best_is_where_all_costs_least_and_worst_where_it_costs_most() -> None:
    layers = [LAUNCH, PRICE, QUOTA]
    found = scenarios(FLAT, layers, base_best_worst(layers))
    assert list(found) == ["Base", "Best", "Worst"]
    assert january(found["Best"]) == Decimal("145.00")  # 100 * 0.7 * 0.5 + 100 + 10
    assert january(found["Worst"]) == Decimal("268.00")  # 100 * 1.2 * 0.9 + 100 + 60
    assert Decimal("145.00") < (january(found["Base"]) or 0) < Decimal("268.00")


def test_what_a_scenario_does_not_name_is_likely() -> None:
    found = scenarios(FLAT, [LAUNCH, PRICE], [Scenario("price holds", {"price": Setting.OFF})])
    assert january(found["price holds"]) == Decimal("220.00")


def test_the_baseline_is_one_and_the_same_in_all() -> None:
    noisy = ahead(np.random.default_rng(1).lognormal(4, 1, (2, 2, 50)))
    found = scenarios(noisy, [LAUNCH], base_best_worst([LAUNCH]))
    for one in found.values():
        np.testing.assert_array_equal(one.baseline[:2], noisy.paths)


def test_estimates_are_set_however_deep_they_lie() -> None:
    unit = Input("", ThreePoint(1, 2, 3), "counted", "Ada")
    work = Workload("w", "Ada", "design", ("New",), JANUARY, Initiative("i", (Component("c", unit, unit, unit),)))
    driver = GrowthDriver("g", "Ada", "plan", {}, "orders", 1.0, (ThreePoint(1, 2, 3), ThreePoint(2, 3, 4)))
    assert at(work, Setting.HIGH).initiative.paths([JANUARY], JANUARY, count=1).item() == 27.0  # type: ignore[union-attr]
    assert at(driver, Setting.LOW).volume == (certain(1), certain(2))  # type: ignore[union-attr]
    assert at(driver, Setting.VARIES) is driver


def test_a_scenario_that_sets_what_there_is_not_says_what_was_meant() -> None:
    with pytest.raises(InputError, match="Did you mean launch"):
        settled([LAUNCH], Scenario("x", {"lanch": Setting.LOW}))


def test_controls_are_credited_what_they_save_together() -> None:
    found = control_values(FLAT, [QUOTA, SHUTDOWN])
    assert found.rows[0].control is SHUTDOWN
    credited = sum((row.credited.p50[0] or Decimal(0)) for row in found.rows)
    saving = found.saving.p50[0]
    assert saving is not None and abs(credited - saving) < Decimal("0.5")
    controlled = planned(FLAT, [QUOTA, SHUTDOWN])
    by_path = -sum(controlled.contribution(name) for name in ("quota", "shutdown"))
    np.testing.assert_allclose(by_path, planned(FLAT, []).spend() - controlled.spend())


def test_alone_a_control_saves_more_than_it_is_credited_beside_another() -> None:
    rows = {row.control.name: row for row in control_values(FLAT, [QUOTA, SHUTDOWN]).rows}
    assert rows["shutdown"].alone.p50 == (Decimal("100.00"),)
    for row in rows.values():
        assert (row.alone.p50[0] or 0) > (row.credited.p50[0] or 0)
    assert rows["shutdown"].monthly.p50[0] == Decimal("0.00")


def test_the_months_that_count_can_be_fewer() -> None:
    found = control_values(FLAT, [SHUTDOWN], months=slice(1))
    assert found.saving.p50 == (Decimal("0.00"),)
    assert control_values(FLAT, [SHUTDOWN]).saving.p50 == (Decimal("100.00"),)


def test_averages_add_up_and_say_what_a_control_acts_on() -> None:
    """Half of what is spent in February and later; the quota takes of the same spend."""
    found = control_values(FLAT, [QUOTA, SHUTDOWN])
    assert sum(row.average for row in found.rows) == pytest.approx(found.average, abs=Decimal("0.02"))
    for row in found.rows:
        assert row.average < row.average_alone < row.acts_on
    (alone,) = control_values(FLAT, [SHUTDOWN]).rows
    assert alone.average == alone.average_alone == found.rows[0].average_alone == Decimal("100.00")


def test_months_in_the_middle_count_by_themselves() -> None:
    whole, first, rest = (control_values(FLAT, [SHUTDOWN], months=m) for m in (slice(None), slice(1), slice(1, None)))
    assert first.average + rest.average == whole.average and first.average == 0


def test_controls_save_of_what_is_launched_too() -> None:
    """All of February's spend, launched too, is in scope: half of it goes."""
    (found,) = control_values(FLAT, [SHUTDOWN], [LAUNCH], months=slice(1, 2)).rows
    assert found.average == pytest.approx(found.acts_on / 2, abs=Decimal("0.01"))
