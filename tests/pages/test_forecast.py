"""Forecast: one figure in title, tiles, chart and table; what is planned, locked and told of the past."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from costlib.state.forecasts import locked_forecasts
from costlib.state.layers import Type, changes, save_change
from costlib.state.records import State
from costlib.workspace import Workspace
from tests.pages import screen
from tests.pages.conftest import Open
from ui.forecast.page import HORIZONS

OwnStore = Callable[[str], str]
#: Parts of the page, each open by its name in the address; the first is open where none is asked for.
OUTLOOK, RECORD, DRIVERS, INITIATIVES = "Outlook", "Record", "Drivers and scenarios", "New initiatives"
UNITS = {"": 1, "K": 1e3, "M": 1e6, "B": 1e9}


def amount(text: str) -> float:
    """A headline's amount as a number."""
    found = re.fullmatch(r"(−?)\$([\d,.]+)([KMB]?)", text)
    assert found, text
    return float(found[2].replace(",", "")) * UNITS[found[3]] * (-1 if found[1] else 1)


def parts(app: AppTest) -> list[list[str]]:
    """Rows of the table of parts, without header."""
    return next(rows[1:] for caption, rows in screen.tables(app).items() if ", likely," in caption)


def state_of(store: str) -> State:
    return Workspace(Path(store)).state()


@pytest.mark.parametrize("until", HORIZONS)
def test_title_table_and_tile_say_the_same(until: str, open_page: Open) -> None:
    app = open_page("forecast", until=until)
    assert not app.exception and not app.error
    said = re.match(
        r"AI spend is likely to (?:end (.+) at|come to) (\S+)(?: over the next (\d+ months), .+?)?, "
        r"between (\S+) and (\S+)$",
        screen.title(app),
    )
    assert said
    *rows, everything = parts(app)
    assert everything[1] == said[2] and everything[2] == f"{said[4]}\xa0to\xa0{said[5]}"
    tiles = {tile.label: screen.plain(tile.value) for tile in app.metric}
    name = f"{said[1] or 'Next ' + said[3]}, likely"
    if name in tiles:
        assert tiles[name] == said[2]
    assert sum(amount(row[1]) for row in rows) == pytest.approx(amount(said[2]), rel=0.01)


@pytest.mark.parametrize("split", ["Team", "Model", "Stage"])
def test_every_split_adds_up_to_the_same_whole(split: str, open_page: Open) -> None:
    *rows, everything = parts(open_page("forecast", split=split))
    assert everything[1] == parts(open_page("forecast"))[-1][1]
    assert sum(amount(row[1]) for row in rows) == pytest.approx(amount(everything[1]), rel=0.01)


def test_the_chart_goes_on_where_the_bills_end(open_page: Open) -> None:
    """Until 20 October: September is the last full month, October is open, the year ends in December."""
    chart, *_ = screen.charts(open_page("forecast"))
    actual, likely = chart.marks["Actual"], chart.marks["Likely"]
    assert actual[-2:] == [None, None] and actual[-4] is not None
    assert all(value is not None for value in likely[-3:])
    assert "Likely" in chart.alt and "80% range" in chart.alt


def test_overview_says_the_same_year(open_page: Open) -> None:
    said = screen.title(open_page("forecast"))
    assert said in screen.everything(open_page("overview"))


def test_a_filter_narrows_the_forecast(open_page: Open) -> None:
    fraud = next(row for row in parts(open_page("forecast")) if row[0] == "Fraud")
    *rows, everything = parts(open_page("forecast", team="Fraud"))
    assert [row[0] for row in rows] == ["Fraud"] and rows[0][1] == everything[1]
    assert amount(everything[1]) == pytest.approx(amount(fraud[1]), rel=0.05)


def test_steady_spend_is_carried_on(open_page: Open) -> None:
    """1 dollar a day in July, August and September: 31 dollars in October, 92 in the quarter."""
    app = open_page("forecast", "no_ai", until="Quarter end")
    assert screen.title(app) == "All spend is likely to end Q4 FY26 at $92.00"


class TestLittleHistory:
    def test_one_day(self, open_page: Open) -> None:
        app = open_page("forecast", "one_day", show=RECORD)
        assert "The bills cover 1 day." in screen.everything(app)
        assert "No month has closed yet" in screen.everything(app)

    def test_far_ahead(self, open_page: Open) -> None:
        app = open_page("forecast", "no_ai", until="36 months")
        assert "what history alone says that far ahead is a guess" in screen.everything(app)

    def test_nothing_under_these_filters(self, open_page: Open) -> None:
        app = open_page("forecast", team="Fraud", model="search-ranker")
        assert not app.exception and not app.error
        assert screen.title(app) == "Nothing was spent here, so there is nothing to carry on"
        assert "Remove a filter, or choose another scope or currency." in screen.everything(app)
        assert "no scenarios here" not in screen.everything(app)


class TestRecord:
    def test_the_sample_has_a_record_of_replayed_forecasts(self, open_page: Open) -> None:
        app = open_page("forecast", show=RECORD)
        (said,) = [title for title in screen.headers(app) if title.startswith("Forecasts one month ahead")]
        rows = next(rows for caption, rows in screen.tables(app).items() if caption.startswith("Locked forecasts were"))
        assert {row[1] for row in rows[1:]} == {"replayed"}
        assert rows[1][0] == "1" and f"off by {rows[1][3]} on average" in said

    def test_month_ends_are_told_as_their_table_says(self, open_page: Open) -> None:
        app = open_page("forecast", show=RECORD)
        (said,) = [title for title in screen.headers(app) if title.startswith("Month ends told on day 5")]
        rows = next(rows for caption, rows in screen.tables(app).items() if caption.startswith("How past month ends"))
        assert rows[1][0] == "5"
        assert said.endswith(f"were off by {rows[1][2]} on average; by the run rate, {rows[1][3]}")

    def test_locking_keeps_the_figures_under_a_name(self, open_page: Open, own_store: OwnStore) -> None:
        store = own_store("two_years")
        app = screen.press(open_page("forecast", store, show=RECORD), "Lock it")
        assert not app.exception and not app.error
        (held,) = locked_forecasts(state_of(store), "AI spend", "EffectiveCost", "USD")
        assert held.version.version == "Usage to 15 Sep 2026"
        assert held.version.generation == Workspace(Path(store)).snapshot().state.generation
        assert "1 forecast locked; the last is Usage to 15 Sep 2026" in screen.everything(app)
        again = screen.press(app, "Lock it")
        assert "is locked already" in screen.plain(again.error[0].value)

    def test_a_filtered_forecast_is_not_locked(self, open_page: Open) -> None:
        app = open_page("forecast", team="Fraud", show=RECORD)
        assert "Lock it" not in [button.label for button in app.button]
        assert "Remove the filters to lock a forecast" in screen.everything(app)


class TestPlanned:
    @pytest.fixture
    def app(self, open_page: Open, own_store: OwnStore) -> tuple[AppTest, str]:
        """Two years of Search, a launch of 10 to 30 dollars a month from November 2026 entered in the form."""
        store = own_store("two_years")
        app = open_page("forecast", store, show=DRIVERS)
        for key, value in {"Low": 10.0, "Likely": 20.0, "High": 30.0}.items():
            app.number_input(key=f"change-{key}").set_value(value)
        app.text_input(key="change-name").set_value("Agents")
        app.text_input(key="change-owner").set_value("Ada")
        return screen.press(app, "Add it"), store

    def test_it_is_kept_and_named(self, app: tuple[AppTest, str]) -> None:
        page, store = app
        assert not page.exception and not page.error
        (held,) = changes(state_of(store), "USD")
        assert (held.change.name, held.change.owner, held.change.likely) == ("Agents", "Ada", 20.0)
        rows = screen.tables(page)["Planned changes and what each adds over the horizon"]
        assert rows[1][:2] == ["Agents", "Launch"]

    def test_scenarios_are_in_order_and_beside_history(self, app: tuple[AppTest, str]) -> None:
        page, _ = app
        rows = next(rows for caption, rows in screen.tables(page).items() if "by scenario" in caption)
        likely = {row[0]: amount(row[1]) for row in rows[1:]}
        assert likely["History alone"] < likely["Best"] <= likely["Base"] <= likely["Worst"]

    def test_undo_takes_it_out(self, app: tuple[AppTest, str]) -> None:
        page, store = app
        page = screen.press_undo(page)
        assert changes(state_of(store), "USD") == []
        assert "Nothing is planned in USD yet on top of history" in screen.headers(page)

    def test_what_was_undone_is_brought_back_and_undone_again(self, app: tuple[AppTest, str]) -> None:
        page, store = app
        assert screen.undo_button(page).startswith("Undo: Agents planned, by test@example.com, ")
        page = screen.press_undo(page)
        assert screen.undo_button(page).startswith("Bring back: Agents planned, by test@example.com, ")
        assert "Last undone: Agents planned, by test@example.com" in screen.everything(page)
        page = screen.press_undo(page)
        assert [one.change.name for one in changes(state_of(store), "USD")] == ["Agents"]
        assert screen.undo_button(page).startswith("Undo: Agents planned, ")
        assert "Last brought back: Agents planned" in screen.everything(page)
        assert "undo of change" not in screen.everything(page)

    def test_a_press_is_of_the_change_that_its_reader_saw(self, app: tuple[AppTest, str]) -> None:
        page, store = app
        (held,) = changes(state_of(store), "USD")
        save_change(state_of(store), replace(held.change, name="Voice"), who="Ben")
        page = screen.press_undo(page)
        assert [one.change.name for one in changes(state_of(store), "USD")] == ["Agents", "Voice"]
        assert "so nothing was undone" in screen.everything(page)
        assert screen.undo_button(page).startswith("Undo: Voice planned, by Ben")

    def test_removing_it_can_be_undone(self, app: tuple[AppTest, str]) -> None:
        page, store = app
        page = screen.press(page, "Remove Agents")
        assert changes(state_of(store), "USD") == []
        screen.press_undo(page)
        assert [one.change.name for one in changes(state_of(store), "USD")] == ["Agents"]

    def test_an_estimate_out_of_order_is_refused(self, open_page: Open, own_store: OwnStore) -> None:
        app = open_page("forecast", own_store("two_years"), show=DRIVERS)
        app.text_input(key="change-name").set_value("Agents")
        app.number_input(key="change-Low").set_value(5.0)
        app = screen.press(app, "Add it")
        assert "is not in order" in screen.plain(app.error[0].value)


def fill_workload(app: AppTest, number: int, *, unit: str = "calls", owner: str = "Ben") -> None:
    """One workload of 10 to 30 calls a month, 2 hours each, at 1.50 dollars an hour."""
    place = f"change-workload-{number}"
    app.text_input(key=f"{place}-name").set_value(f"Part {number}")
    estimates = {"volume": (10.0, 20.0, 30.0), "consumption": (2.0, 2.0, 2.0), "price": (1.5, 1.5, 1.5)}
    for name, estimate in estimates.items():
        for word, value in zip(("Low", "Likely", "High"), estimate, strict=True):
            app.number_input(key=f"{place}-{name}-{word}").set_value(value)
        app.text_input(key=f"{place}-{name}-unit").set_value(unit)
        app.text_input(key=f"{place}-{name}-owner").set_value(owner)
        app.text_input(key=f"{place}-{name}-assumption").set_value("pilot of May")


class TestNewInitiative:
    @pytest.fixture
    def form(self, open_page: Open, own_store: OwnStore) -> tuple[AppTest, str]:
        """Two years of Search; the form asks for a new initiative of two workloads."""
        store = own_store("two_years")
        page = open_page("forecast", store, until="12 months", show=DRIVERS)
        app = screen.choose(page, **{"change-type": Type.INITIATIVE})
        app = app.number_input(key="change-count").set_value(2).run()
        app.text_input(key="change-name").set_value("Voice")
        app.text_input(key="change-owner").set_value("Ada")
        return app, store

    @pytest.fixture
    def app(self, form: tuple[AppTest, str]) -> tuple[AppTest, str]:
        page, store = form
        for number in range(2):
            fill_workload(page, number)
        return screen.press(page, "Add it"), store

    def test_its_workloads_are_kept_and_told(self, app: tuple[AppTest, str], open_page: Open) -> None:
        """20 calls x 2 hours x 1.50 dollars are 60 a month, twice, for twelve months."""
        page, store = app
        assert not page.exception and not page.error
        (held,) = changes(state_of(store), "USD")
        assert [one.name for one in held.change.components] == ["Part 0", "Part 1"]
        page = open_page("forecast", store, until="12 months", show=INITIATIVES)
        tables = screen.tables(page)
        rows = next(rows for caption, rows in tables.items() if caption.startswith("Volume x consumption x price"))
        assert rows[1][3:] == ["20 calls", "2 calls", "1.5 calls"]
        assert amount(rows[-1][1]) == pytest.approx(12 * 120, rel=0.03)
        assert amount(rows[1][1]) + amount(rows[2][1]) == pytest.approx(amount(rows[-1][1]), rel=0.005)
        assert any(title.startswith("Voice is likely to add $1.4") for title in screen.headers(page))

    def test_every_assumption_has_its_owner(self, app: tuple[AppTest, str], open_page: Open) -> None:
        page = open_page("forecast", app[1], until="12 months", show=INITIATIVES)
        rows = screen.tables(page)["What it assumes, and who answers for it"]
        assert len(rows) == 1 + 2 * 3
        assert rows[1] == ["Part 0", "Volume", "10", "20", "30", "calls", "Ben", "pilot of May"]

    def test_the_forecast_holds_it(self, app: tuple[AppTest, str]) -> None:
        rows = next(rows for caption, rows in screen.tables(app[0]).items() if "by scenario" in caption)
        added = {row[0]: row[3] for row in rows[1:]}
        assert (added["Best"], added["Worst"]) == ("+$720", "+$2.16K")
        assert amount(added["Base"][1:]) == pytest.approx(1440, rel=0.03)

    def test_altering_it_and_undoing_that(self, app: tuple[AppTest, str]) -> None:
        page, store = app
        page = screen.choose(page, **{"change-which": "Voice"})
        (held,) = changes(state_of(store), "USD")
        key = f"change-Voice-{held.version}"
        assert page.number_input(key=f"{key}-workload-1-volume-Likely").value == 20.0
        page = page.number_input(key=f"{key}-count").set_value(1).run()
        page.text_input(key=f"{key}-owner").set_value("Cleo")
        page = screen.press(page, "Save it")
        assert not page.exception and not page.error
        (now,) = changes(state_of(store), "USD")
        assert (len(now.change.components), now.change.owner) == (1, "Cleo")
        screen.press_undo(page)
        assert changes(state_of(store), "USD")[0].change == held.change

    def test_who_alters_what_somebody_altered_meanwhile_is_told(self, app: tuple[AppTest, str]) -> None:
        page, store = app
        page = screen.choose(page, **{"change-which": "Voice"})
        (held,) = changes(state_of(store), "USD")
        save_change(state_of(store), replace(held.change, owner="Dan"), who="Dan", seen=held.version)
        page.text_input(key=f"change-Voice-{held.version}-owner").set_value("Cleo")
        page = screen.press(page, "Save it")
        assert "Dan" in screen.plain(page.error[0].value)
        (now,) = changes(state_of(store), "USD")
        assert now.change.owner == "Dan"
        assert page.run().text_input(key=f"change-Voice-{now.version}-owner").value == "Dan"

    @pytest.mark.parametrize(
        ("field", "message"),
        [("name", "A workload has no name"), ("volume-owner", "The volume of Part 0 has no owner")],
    )
    def test_a_workload_without_name_or_owner_is_refused(
        self, field: str, message: str, form: tuple[AppTest, str]
    ) -> None:
        page, store = form
        for number in range(2):
            fill_workload(page, number)
        page.text_input(key=f"change-workload-0-{field}").set_value("")
        page = screen.press(page, "Add it")
        assert message in screen.plain(page.error[0].value)
        assert changes(state_of(store), "USD") == []

    def test_the_sample_plans_one(self, open_page: Open) -> None:
        app = open_page("forecast", until="18 months", show=INITIATIVES)
        assert any(title.startswith("Voice agent is likely to add $") for title in screen.headers(app))
        tables = screen.tables(open_page("forecast", until="18 months", show=DRIVERS))
        rows = tables["Planned changes and what each adds over the horizon"]
        assert rows[1][:4] == ["Voice agent", "New initiative", WHERE, "Jan 2027"]

    def test_the_samples_can_be_altered(self, open_page: Open) -> None:
        page = open_page("forecast", until="18 months", show=DRIVERS)
        app = screen.choose(page, **{"change-which": "Voice agent"})
        assert not app.exception and not app.error
        fields = {field.label: field.value for field in app.number_input if "workload-2-price" in str(field.key)}
        assert fields == {"Low": 0.0125, "Likely": 0.023, "High": 0.023}

    def test_another_teams_page_does_not_hold_it(self, open_page: Open) -> None:
        app = open_page("forecast", until="18 months", team="Fraud", show=INITIATIVES)
        assert not any(title.startswith("Voice agent") for title in screen.headers(app))
        assert "No new initiative is planned in this spend." in screen.everything(app)

    @pytest.mark.parametrize(
        ("address", "said"),
        [
            ({}, ""),
            ({"team": "Support Assistant"}, ""),
            ({"team": "Fraud"}, "The 1 planned change is of other spend, so there are no scenarios here."),
            ({"service": "Amazon SageMaker"}, "1 planned change left out, because nobody can tell its part"),
            ({"team": "Fraud", "service": "Amazon SageMaker"}, "The 1 planned change is of other spend"),
        ],
    )
    def test_filters_that_hide_the_scenarios_say_why(self, address: dict[str, str], said: str, open_page: Open) -> None:
        app = open_page("forecast", **address)
        offered = [one for one in app.button_group if one.key == "scenario"]
        assert bool(offered) is not bool(said)
        assert ("no scenarios here" in screen.everything(app)) is bool(said) and said in screen.everything(app)


WHERE = "Support Assistant, voice-agent, real-time inference"
