"""Locked forecasts, and the planned changes on top of a forecast."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from costlib import sample
from costlib.analysis.components import Component, Input
from costlib.analysis.layers import Control, GrowthDriver, Launch, OneOff, PriceChange, Workload, planned
from costlib.analysis.outlook import Outlook
from costlib.analysis.ranges import ThreePoint, certain
from costlib.analysis.record import Version, locked
from costlib.errors import CostError, InputError
from costlib.state.errors import Conflict
from costlib.state.forecasts import lock_forecast, locked_forecasts
from costlib.state.layers import (
    ADDING,
    KIND,
    Change,
    Type,
    changes,
    layer_of,
    read_changes,
    remove_change,
    save_change,
)
from costlib.state.records import State

OCT, NOV, DEC = date(2026, 10, 1), date(2026, 11, 1), date(2026, 12, 1)
BY = ("x_Team", "x_Model", "x_Stage")
FRAUD, NOBODY = ("Fraud", "scorer", "training"), (None, None, None)


def outlook() -> Outlook:
    """100 dollars a month for Fraud and 50 for nobody, certain, October to December."""
    paths = np.array([[[100.0] * 4] * 3, [[50.0] * 4] * 3])
    return Outlook(BY, (FRAUD, NOBODY), (OCT, NOV, DEC), paths, (), np.empty((2, 0)), np.zeros(2), ((), ()))


def version(name: str = "October", measure: str = "EffectiveCost", currency: str = "USD") -> Version:
    return locked(outlook(), name, date(2026, 10, 21), date(2026, 10, 20), "ab12", measure, currency)


class TestLocked:
    def test_every_figure_is_read_back(self, state: State) -> None:
        lock_forecast(state, version(), "AI spend", who="Ada")
        (held,) = locked_forecasts(state, "AI spend", "EffectiveCost", "USD")
        assert (held.version, held.who) == (version(), "Ada")

    def test_a_version_is_never_overwritten(self, state: State) -> None:
        lock_forecast(state, version(), "AI spend", who="Ada")
        with pytest.raises(InputError, match="October is locked already"):
            lock_forecast(state, replace(version(), generation="cd34"), "AI spend", who="Ben")
        assert locked_forecasts(state, "AI spend", "EffectiveCost", "USD")[0].version.generation == "ab12"

    def test_another_scope_measure_or_currency_is_another_record(self, state: State) -> None:
        lock_forecast(state, version(), "AI spend", who="Ada")
        lock_forecast(state, version(), "All spend", who="Ada")
        lock_forecast(state, version(measure="BilledCost"), "AI spend", who="Ada")
        lock_forecast(state, version(currency="EUR"), "AI spend", who="Ada")
        assert len(locked_forecasts(state, "AI spend", "EffectiveCost", "USD")) == 1

    def test_oldest_first(self, state: State) -> None:
        for name in ("October", "August"):
            lock_forecast(state, version(name), "AI spend", who="Ada")
        held = locked_forecasts(state, "AI spend", "EffectiveCost", "USD")
        assert [one.version.version for one in held] == ["October", "August"]


def given(unit: str, *estimate: float) -> Input:
    return Input(unit, ThreePoint(*estimate) if len(estimate) == 3 else certain(estimate[0]), "pilot of May", "Ben")


#: 10 calls a month x 2 hours x 1.5 dollars, and a steady 5 dollars.
ANSWERS = Component("answers", given("calls", 10), given("hours", 2), given("USD", 1.5))
INDEX = Component("index", given("", 1), given("", 1), given("USD", 5), growth=given("", 0.0))


def change(type_: Type = Type.LAUNCH, name: str = "Agents", **other: object) -> Change:
    where = dict(zip(BY, FRAUD, strict=True)) if type_ in ADDING else {"x_Team": "Fraud"}
    if type_ is Type.INITIATIVE:
        given = Change(type_, name, "Ada", "three agents", "USD", where, NOV, components=(ANSWERS, INDEX))
    else:
        given = Change(type_, name, "Ada", "three agents", "USD", where, NOV, 0.1, 0.2, 0.3)
    return replace(given, **other)  # type: ignore[arg-type]


class TestChanges:
    @pytest.mark.parametrize("type_", list(Type))
    def test_what_is_saved_is_read_back(self, type_: Type, state: State) -> None:
        save_change(state, change(type_), who="Ada")
        (held,) = changes(state, "USD")
        assert (held.change, held.who) == (change(type_), "Ada")
        assert changes(state, "EUR") == []

    @pytest.mark.parametrize(
        ("type_", "layer"),
        [
            (Type.LAUNCH, Launch),
            (Type.ONE_OFF, OneOff),
            (Type.PRICE, PriceChange),
            (Type.CONTROL, Control),
            (Type.GROWTH, GrowthDriver),
            (Type.INITIATIVE, Workload),
        ],
    )
    def test_each_type_is_its_layer(self, type_: Type, layer: type) -> None:
        assert isinstance(layer_of(change(type_), BY, OCT), layer)

    def test_what_each_brings_by_hand(self) -> None:
        """Certain figures: November and December of 100 dollars of Fraud, 50 of nobody."""

        def total(given: Change) -> list[float]:
            found = planned(outlook(), [layer_of(given, BY, OCT)])
            return [round(float(month), 6) for month in found.spend().mean(axis=1)]

        sure = {"low": 0.2, "likely": 0.2, "high": 0.2}
        assert total(change(Type.PRICE, **sure)) == [150, 170, 170]
        assert total(change(Type.CONTROL, **sure)) == [150, 130, 130]
        assert total(change(Type.GROWTH, **sure)) == [150, 170, 194]
        assert total(change(Type.PRICE, where={}, **sure)) == [150, 180, 180]
        sure = {"low": 30.0, "likely": 30.0, "high": 30.0}
        assert total(change(Type.LAUNCH, **sure)) == [150, 180, 180]
        assert total(change(Type.LAUNCH, ramp_months=1, **sure)) == [150, 165, 180]
        assert total(change(Type.ONE_OFF, **sure)) == [150, 180, 150]
        assert total(change(Type.INITIATIVE)) == [150, 185, 185]
        assert total(change(Type.INITIATIVE, ramp_months=1)) == [150, 167.5, 185]

    def test_growth_that_began_before_the_outlook_goes_on(self) -> None:
        given = layer_of(change(Type.GROWTH, start=date(2026, 9, 1), low=0.1, likely=0.1, high=0.1), BY, OCT)
        assert isinstance(given, GrowthDriver)
        assert given.volume[0] == ThreePoint(1.1**2, 1.1**2, 1.1**2)

    def test_an_estimate_out_of_order_is_refused_and_nothing_is_saved(self, state: State) -> None:
        with pytest.raises(InputError, match="not in order"):
            save_change(state, change(low=0.5), who="Ada")
        assert changes(state, "USD") == []

    def test_a_change_has_a_name_of_its_own(self, state: State) -> None:
        with pytest.raises(InputError, match="no name"):
            save_change(state, change(name=" "), who="Ada")
        save_change(state, change(), who="Ada")
        with pytest.raises(InputError, match="Agents is planned already"):
            save_change(state, change(), who="Ben")

    def test_an_altered_change_keeps_its_name_and_its_history(self, state: State) -> None:
        save_change(state, change(Type.INITIATIVE), who="Ada")
        (held,) = changes(state, "USD")
        save_change(state, change(Type.INITIATIVE, components=(ANSWERS,)), who="Ben", seen=held.version)
        (now,) = changes(state, "USD")
        assert (now.change.components, now.who, now.version) == ((ANSWERS,), "Ben", held.version + 1)
        state.undo(state.history(KIND)[0].seq, who="Ada")
        assert changes(state, "USD")[0].change == change(Type.INITIATIVE)

    def test_two_who_alter_one_change_are_told(self, state: State) -> None:
        save_change(state, change(), who="Ada")
        (held,) = changes(state, "USD")
        save_change(state, change(likely=0.25), who="Ada", seen=held.version)
        with pytest.raises(Conflict):
            save_change(state, change(likely=0.15), who="Ben", seen=held.version)
        assert changes(state, "USD")[0].change.likely == 0.25

    @pytest.mark.parametrize("components", [(), (ANSWERS, ANSWERS)])
    def test_an_initiative_without_workloads_or_with_one_twice_is_refused(
        self, components: tuple[Component, ...], state: State
    ) -> None:
        with pytest.raises(InputError, match="component"):
            save_change(state, change(Type.INITIATIVE, components=components), who="Ada")
        assert changes(state, "USD") == []

    def test_the_samples_launch_is_one_of_three_workloads_that_share_their_calls(self, state: State) -> None:
        (planned_,) = read_changes(sample.LAUNCH.read_bytes())
        save_change(state, planned_, who="sample")
        (held,) = changes(state, "USD")
        assert held.change == planned_ and held.change.start == date(2027, 1, 1)
        likely = [one.volume.estimate.likely * one.consumption.estimate.likely for one in held.change.components]
        assert likely == pytest.approx([1_680_000, 6_000, 7_200])
        assert {row.owner for row in held.change.initiative.assumptions} >= {"Head of Support", "Legal", "Procurement"}

    def test_a_removed_change_comes_back(self, state: State) -> None:
        save_change(state, change(), who="Ada")
        remove_change(state, changes(state, "USD")[0], who="Ben")
        assert changes(state, "USD") == []
        state.undo(state.history(KIND)[0].seq, who="Ben")
        assert changes(state, "USD")[0].change == change()

    def test_adding_is_undone_too(self, state: State) -> None:
        save_change(state, change(), who="Ada")
        state.undo(state.history(KIND)[0].seq, who="Ada")
        assert changes(state, "USD") == []

    def test_what_somebody_else_removed_cannot_be_removed_again(self, state: State) -> None:
        save_change(state, change(), who="Ada")
        (held,) = changes(state, "USD")
        remove_change(state, held, who="Ben")
        with pytest.raises(CostError, match="was removed by Ben"):
            remove_change(state, held, who="Ada")
