"""Layers: worked by hand on flat paths, and exact on any."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from costlib.analysis.components import Component, Initiative, Input
from costlib.analysis.layers import (
    Control,
    GrowthDriver,
    Launch,
    Layer,
    OneOff,
    PriceChange,
    Workload,
    planned,
    ramp,
)
from costlib.analysis.ranges import ThreePoint, certain
from costlib.errors import InputError
from tests.analysis.outlooks import ahead, months

ADS = {"x_Team": ["Ads"]}
FEB = date(2026, 2, 1)
SIXTY = certain(60.0)
FLAT = ahead(np.full((2, 3, 4), 100.0))


def launch(name: str = "launch", team: str = "New", monthly: ThreePoint = SIXTY, ramp_months: int = 0) -> Launch:
    return Launch(name, "Ada", "signed contract", (team,), FEB, monthly, ramp_months)


def price(change: ThreePoint, name: str = "price", scope: dict | None = None) -> PriceChange:
    return PriceChange(name, "Ada", "announced", ADS if scope is None else scope, FEB, change)


def driver(*volume: float, elasticity: float = 1.0, name: str = "growth") -> GrowthDriver:
    return GrowthDriver(name, "Ada", "sales plan", ADS, "orders", 100.0, tuple(map(certain, volume)), elasticity)


def control(saving: ThreePoint, name: str = "quota") -> Control:
    return Control(name, "Ada", "measured in a pilot", ADS, FEB, saving)


def test_without_layers_nothing_changes() -> None:
    found = planned(FLAT, [])
    np.testing.assert_array_equal(found.paths, FLAT.paths)
    assert found.contributions == {}


def test_a_launch_ramps_up_on_a_segment_of_its_own() -> None:
    found = planned(FLAT, [launch(ramp_months=1)])
    assert found.keys[-1] == ("New",)
    assert found.paths[2, :, 0].tolist() == [0.0, 30.0, 60.0]
    assert found.spend()[:, 0].tolist() == [200.0, 230.0, 260.0]
    assert found.baseline[2].sum() == 0


def test_a_launch_may_fall_on_a_segment_that_there_is() -> None:
    found = planned(FLAT, [launch(team="Ads")])
    assert found.keys == FLAT.keys
    assert found.paths[0, :, 0].tolist() == [100.0, 160.0, 160.0]


def test_a_price_change_acts_from_its_month_on_its_scope() -> None:
    found = planned(FLAT, [price(certain(-0.2))])
    np.testing.assert_allclose(found.paths[0, :, 0], [100.0, 80.0, 80.0])
    np.testing.assert_array_equal(found.paths[1], FLAT.paths[1])


def test_a_driver_is_volume_times_unit_cost_and_the_last_volume_stays() -> None:
    found = planned(FLAT, [driver(100.0, 150.0)])
    np.testing.assert_allclose(found.paths[0, :, 0], [100.0, 150.0, 150.0])


def test_elasticity_of_a_half_follows_the_root_of_the_volume() -> None:
    found = planned(FLAT, [driver(400.0, elasticity=0.5)])
    np.testing.assert_allclose(found.paths[0, :, 0], 200.0)


def test_a_one_off_is_once_and_at_no_other_price() -> None:
    found = planned(FLAT, [OneOff("migration", "Ada", "quote", ("Ads",), FEB, certain(-30.0)), price(certain(-0.5))])
    np.testing.assert_allclose(found.contribution("migration")[:, 0], [0.0, -30.0, 0.0])
    np.testing.assert_allclose(found.paths[0, :, 0], [100.0, 20.0, 50.0])


def test_a_one_off_of_a_day_is_billed_in_its_month() -> None:
    """As a launch of that day begins in it; one of a month that is not ahead is in none."""
    days = {"in": FEB.replace(day=17), "before": date(2025, 12, 31), "after": date(2026, 4, 1)}
    found = planned(FLAT, [OneOff(name, "Ada", "quote", ("Ads",), day, certain(-30.0)) for name, day in days.items()])
    assert found.contribution("in")[:, 0].tolist() == [0.0, -30.0, 0.0]
    assert not found.contribution("before").any() and not found.contribution("after").any()
    begun = planned(FLAT, [Launch("x", "Ada", "", ("Ads",), FEB.replace(day=17), certain(5))])
    assert begun.contribution("x")[:, 0].tolist() == [0.0, 5.0, 5.0]


def test_prices_act_on_launches_and_drivers_do_not() -> None:
    layers = [launch(team="Ads"), price(certain(-0.5)), driver(200.0)]
    found = planned(FLAT, layers)
    np.testing.assert_allclose(found.paths[0, 2, 0], (100.0 * 2 + 60.0) * 0.5)
    np.testing.assert_allclose(found.contribution("launch")[2, 0], 60.0)
    np.testing.assert_allclose(found.contribution("growth")[2, 0], 100.0 * np.log(2.0))
    np.testing.assert_allclose(found.contribution("price")[2, 0], -100.0 * np.log(2.0) - 30.0)


def test_factors_that_undo_each_other_keep_their_credit() -> None:
    found = planned(FLAT, [price(certain(1.0)), control(certain(0.5))])
    np.testing.assert_allclose(found.paths[0], 100.0)
    np.testing.assert_allclose(found.contribution("price")[1:], 100.0 * np.log(2.0))
    np.testing.assert_allclose(found.contribution("quota")[1:], -100.0 * np.log(2.0))


def test_two_controls_compound_and_never_save_more_than_there_is() -> None:
    found = planned(FLAT, [control(certain(0.6)), control(certain(0.6), "shutdown")])
    np.testing.assert_allclose(found.paths[0, 1, 0], 16.0)
    np.testing.assert_allclose(found.contribution("quota"), found.contribution("shutdown"))


def test_a_workload_adds_what_its_components_say() -> None:
    unit = Input("", certain(2.0), "counted", "Ada")
    chat = Initiative("chat", (Component("api", unit, unit, unit), Component("store", unit, unit, unit)))
    found = planned(FLAT, [Workload("assistant", "Ada", "design", ("New",), FEB, chat)])
    assert found.contribution("assistant")[:, 0].tolist() == [0.0, 16.0, 16.0]


def test_a_ramp_is_equal_steps() -> None:
    assert ramp(months(date(2026, 1, 1), 5), FEB, 2).round(9).tolist() == [0.0, 0.333333333, 0.666666667, 1.0, 1.0]


def test_a_segment_without_forecast_stays_unknown_and_out_of_sums() -> None:
    paths = np.full((2, 3, 4), 100.0)
    paths[1] = np.nan
    found = planned(ahead(paths), [price(certain(-0.2), scope={})])
    assert np.isnan(found.paths[1]).all()
    np.testing.assert_allclose(found.spend()[:, 0], [100.0, 80.0, 80.0])


@st.composite
def some_layers(draw: st.DrawFn) -> list[Layer]:
    def estimate(low: float, high: float) -> ThreePoint:
        return ThreePoint(*sorted(draw(st.floats(low, high)) for _ in range(3)))

    kinds = draw(st.lists(st.sampled_from("lpgoc"), min_size=1, max_size=5))
    made: list[Layer] = []
    for place, kind in enumerate(kinds):
        name, scope = f"{kind}{place}", draw(st.sampled_from([{}, ADS, {"x_Team": ["New"]}]))
        if kind == "l":
            made.append(launch(name, draw(st.sampled_from(["New", "Ads"])), estimate(0, 500), draw(st.integers(0, 3))))
        elif kind == "p":
            made.append(price(estimate(-0.6, 0.6), name, scope))
        elif kind == "g":
            volume = tuple(estimate(50, 200) for _ in range(2))
            made.append(GrowthDriver(name, "Ada", "plan", scope, "orders", 100.0, volume, draw(st.floats(0, 2))))
        elif kind == "o":
            made.append(OneOff(name, "Ada", "quote", ("Ads",), FEB, estimate(-50, 50)))
        else:
            made.append(Control(name, "Ada", "pilot", scope, FEB, estimate(0, 0.9), draw(st.integers(0, 2))))
    return made


@settings(max_examples=60, deadline=None)
@given(some_layers(), st.integers(0, 20))
def test_contributions_add_up_to_the_difference_in_any_order(layers: list[Layer], seed: int) -> None:
    base = ahead(np.random.default_rng(seed).lognormal(4, 1, (2, 3, 5)))
    found = planned(base, layers, seed)
    np.testing.assert_allclose(sum(found.contributions.values()), found.paths - found.baseline, atol=1e-6)
    turned = planned(base, layers[::-1], seed)
    for name, part in found.contributions.items():
        np.testing.assert_allclose(turned.contribution(name), part.sum(axis=0), atol=1e-6)
    np.testing.assert_array_equal(found.baseline[:2], base.paths)


@settings(max_examples=30, deadline=None)
@given(some_layers(), st.integers(0, 20))
def test_cuts_add_up_path_by_path(layers: list[Layer], seed: int) -> None:
    found = planned(FLAT, layers, seed)
    parts = sum(found.spend({"x_Team": [key[0]]}) for key in found.keys)
    np.testing.assert_allclose(parts, found.spend(), atol=1e-6)


def test_another_layer_changes_no_draw_and_a_seed_repeats() -> None:
    wide = ahead(np.full((2, 3, 200), 100.0))
    alone = planned(wide, [launch(monthly=ThreePoint(10, 20, 60))], seed=3)
    beside = planned(wide, [price(ThreePoint(-0.3, -0.2, 0.0)), launch(monthly=ThreePoint(10, 20, 60))], seed=3)
    np.testing.assert_array_equal(alone.contribution("launch"), beside.contribution("launch"))
    assert not np.array_equal(
        alone.contribution("launch"),
        planned(wide, [launch(monthly=ThreePoint(10, 20, 60))], seed=4).contribution("launch"),
    )


def test_a_path_that_grows_fast_does_so_throughout() -> None:
    wide = ahead(np.full((2, 3, 300), 100.0))
    volume = (ThreePoint(90, 110, 130), ThreePoint(80, 120, 170), ThreePoint(70, 130, 250))
    grown = planned(wide, [GrowthDriver("g", "Ada", "plan", ADS, "orders", 100.0, volume)]).paths[0]
    assert np.corrcoef(grown)[0, 2] > 0.95


@pytest.mark.parametrize(
    ("layers", "message"),
    [
        ([launch(), launch()], "Two layers"),
        ([price(ThreePoint(-1.0, -0.5, 0.0))], "price falls by all"),
        ([control(ThreePoint(0.2, 0.5, 1.0))], "not a share"),
        ([driver()], "no volume"),
        ([driver(0.0)], "not positive"),
        ([driver(100.0, 0.0)], "not positive"),
        ([GrowthDriver("g", "Ada", "plan", ADS, "orders", 0.0, (certain(1),))], "not positive"),
        ([Launch("x", "Ada", "", ("a", "b"), FEB, certain(1))], "2 values"),
    ],
)
def test_what_cannot_be_is_refused_by_name(layers: list[Layer], message: str) -> None:
    with pytest.raises(InputError, match=message):
        planned(FLAT, layers)
