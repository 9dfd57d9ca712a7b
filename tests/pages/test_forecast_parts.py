"""Forecast in parts: what the open one shows, and that nothing else is worked out, nor anything twice."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import numpy as np
import pytest

from costlib.analysis.layers import planned
from costlib.state.layers import Change, SavedChange, Type, layer_of
from tests.analysis.outlooks import ahead
from tests.pages import screen
from tests.pages.conftest import Open
from tests.pages.test_forecast import DRIVERS, INITIATIVES, OUTLOOK, RECORD
from ui.forecast.scenarios import BASE, HISTORY, SCENARIOS, Scenarios

#: What each part of the page holds for the sample: how the captions of its tables begin.
PARTS = {
    OUTLOOK: ("AI spend by team, likely",),
    RECORD: ("Locked forecasts were kept", "How past month ends came out"),
    DRIVERS: ("AI spend by scenario", "Planned changes and what each adds"),
    INITIATIVES: ("Volume x consumption x price", "What it assumes"),
}
#: The library's work behind the record, as the page knows it.
REPLAYS = ("ui.forecast.record.replayed", "ui.forecast.record.month_end_record")
Noted = Callable[[str], list[tuple[Any, ...]]]


@pytest.fixture
def noted(monkeypatch: pytest.MonkeyPatch) -> Noted:
    """Lists what a function is called with from now on, by the place that it is known under."""

    def listen(place: str) -> list[tuple[Any, ...]]:
        found: list[tuple[Any, ...]] = []
        module, name = place.rsplit(".", 1)
        work = getattr(__import__(module, fromlist=[name]), name)

        def note(*given: Any, **more: Any) -> Any:
            found.append(given)
            return work(*given, **more)

        monkeypatch.setattr(place, note)
        return found

    return listen


class TestParts:
    @pytest.mark.parametrize("part", PARTS)
    def test_a_part_is_open_by_its_name_in_the_address_and_no_other_is_drawn(self, part: str, open_page: Open) -> None:
        app = open_page("forecast", show=part)
        assert not app.exception and not app.error
        assert [tab.label for tab in app.tabs] == list(PARTS)
        captions = list(screen.tables(app))
        assert len(captions) == len(PARTS[part])
        assert all(caption.startswith(begins) for caption, begins in zip(captions, PARTS[part], strict=True))

    def test_answer_and_tiles_are_the_same_over_every_part(self, open_page: Open) -> None:
        pages = [open_page("forecast", show=part) for part in (OUTLOOK, DRIVERS, INITIATIVES)]
        first, *others = [(screen.title(app), [(tile.label, tile.value) for tile in app.metric]) for app in pages]
        assert len(first[1]) == 4 and others == [first, first]

    def test_a_part_that_does_not_exist_is_the_first(self, open_page: Open) -> None:
        app = open_page("forecast", show="Everything")
        assert not app.exception and not app.error
        assert len(screen.charts(app)) == 1 and next(iter(screen.tables(app))).startswith(PARTS[OUTLOOK])

    def test_where_nothing_can_be_carried_on_nothing_can_be_planned(self, open_page: Open) -> None:
        app = open_page("forecast", team="Fraud", model="search-ranker", show=DRIVERS)
        assert [tab.label for tab in app.tabs] == [OUTLOOK, RECORD]
        assert len(screen.charts(app)) == 1 and not app.exception

    def test_scenarios_that_cannot_differ_yet_say_when_they_do(self, open_page: Open) -> None:
        """The sample's voice agent begins in January 2027, after the fiscal year."""
        said = "What is planned begins after Dec 2026: look further ahead"
        assert said in screen.everything(open_page("forecast", show=DRIVERS))
        further = open_page("forecast", show=DRIVERS, until="12 months")
        assert "look further ahead" not in screen.everything(further)


class TestWork:
    """Each test asks what no other asks: what was asked for once is not worked out again."""

    def test_past_forecasts_are_replayed_for_who_opens_the_record(self, open_page: Open, noted: Noted) -> None:
        replays, address = [noted(place) for place in REPLAYS], {"measure": "Contracted cost", "team": "Search"}
        for part in (OUTLOOK, DRIVERS, INITIATIVES):
            open_page("forecast", "two_years", **address, show=part)
        assert replays == [[], []]
        app = open_page("forecast", "two_years", **address, show=RECORD)
        assert [len(calls) for calls in replays] == [1, 1] and not app.exception

    def test_only_the_scenario_that_is_shown_is_worked_out(self, open_page: Open, noted: Noted) -> None:
        calls = noted("ui.forecast.scenarios.under")
        address = {"until": "12 months", "measure": "List cost", "team": "Support Assistant"}
        open_page("forecast", **address)
        assert [one.name for *_, (one,) in calls] == ["Base"]
        open_page("forecast", **address, show=DRIVERS)
        assert sorted(one.name for *_, (one,) in calls) == ["Base", "Best", "Worst"]

    def test_a_rerun_works_nothing_out_again(self, open_page: Open, noted: Noted) -> None:
        app = open_page("forecast", until="18 months", split="Model")
        calls = [*map(noted, ("ui.forecast.page.ahead", "ui.forecast.ahead.outlook", "ui.forecast.scenarios.under"))]
        before = screen.title(app), screen.tables(app)
        again = app.run()
        assert (screen.title(again), screen.tables(again)) == before
        assert calls == [[], [], []]

    def test_a_far_horizon_alone_is_looked_at_a_second_time(self, open_page: Open, noted: Noted) -> None:
        calls = noted("ui.forecast.ahead.outlook")
        address = {"measure": "Billed cost", "team": "Data Platform"}
        open_page("forecast", **address, until="18 months")
        assert [months for _, months in calls] == [19]
        open_page("forecast", **address, until="36 months")
        assert [months for _, months in calls] == [19, 37]

    def test_another_scenario_is_another_figure_and_the_first_is_kept(self, open_page: Open) -> None:
        base, worst, again = (
            screen.title(open_page("forecast", until="12 months", scenario=name)) for name in ("Base", "Worst", "Base")
        )
        assert base == again != worst


class TestScenarios:
    """Two teams of 100 and 200 dollars a month on two paths; from February on Ads has 10 to 30 more."""

    SPEND = ahead([[[90.0, 110]] * 3, [[180.0, 220]] * 3])
    CHANGE = Change(
        Type.LAUNCH, "Agents", "Ada", "pilot", "USD", {"x_Team": "Ads"}, date(2026, 2, 1), 10.0, 20.0, 30.0, 0
    )

    def scenarios(self) -> Scenarios:
        return Scenarios(self.SPEND, (SavedChange(self.CHANGE, "Ada", 1),))

    @pytest.mark.parametrize(("scenario", "added"), [("Best", 10.0), ("Worst", 30.0), (HISTORY, 0.0)])
    def test_best_and_worst_are_the_ends_of_the_estimate(self, scenario: str, added: float) -> None:
        found = self.scenarios().outlook(scenario)
        assert found
        np.testing.assert_allclose((found.paths - self.SPEND.paths)[0], [[0, 0], [added] * 2, [added] * 2])
        np.testing.assert_array_equal(found.paths[1], self.SPEND.paths[1])

    def test_base_is_what_the_library_says_of_the_layers(self) -> None:
        found, said = self.scenarios().outlook(), self.scenarios().planned()
        layer = layer_of(self.CHANGE, self.SPEND.by, self.SPEND.months[0])
        assert found and said
        np.testing.assert_array_equal(found.paths, planned(self.SPEND, [layer]).paths)
        np.testing.assert_allclose(said.contributions["Agents"], found.paths - self.SPEND.paths, rtol=1e-12)

    def test_a_scenario_is_worked_out_once(self) -> None:
        found = self.scenarios()
        assert found.outlook("Best") is found.outlook("Best") is not found.outlook("Worst")
        assert found.names == SCENARIOS

    @pytest.mark.parametrize("scenario", SCENARIOS)
    def test_without_changes_there_is_history_alone(self, scenario: str) -> None:
        assert Scenarios(self.SPEND).outlook(scenario) is self.SPEND
        assert Scenarios(self.SPEND).planned() is None and Scenarios(self.SPEND).names == (HISTORY,)

    def test_without_an_outlook_there_is_nothing(self) -> None:
        found = Scenarios(None, self.scenarios().changes)
        assert found.outlook(BASE) is None and found.planned() is None
