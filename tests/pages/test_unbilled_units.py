"""Unit costs and launch reviews where one of two accounts lacks a month: unknown, with the account and the days."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from costlib.metrics.business import load_metrics
from costlib.roadmap.portfolio.launch import Decided, Launch
from costlib.state.launches import bring_in
from costlib.store.manifest import replace
from costlib.workspace import Workspace
from tests.pages import screen
from tests.pages.conftest import Open
from tests.pages.stores import built_once, charge, write_focus
from tests.small_company import RULES_FILE

FIRST, LAST = date(2026, 1, 1), date(2026, 6, 20)
DAYS = [FIRST + timedelta(days=at) for at in range((LAST - FIRST).days + 1)]
MODELS = ("llama", "mixed", "gpt", "later")
SAID = "No bill of Microsoft (az) holds May 2026 in full: what gpt and mixed cost then is unknown."
UNKNOWN = "unknown"
Rows = list[dict[str, str]]


def bill(day: date) -> Rows:
    """Ten dollars a day a model: llama on AWS, gpt on Azure, mixed six and four; Azure has no bill of May, later begins
    in April.
    """
    parts = [("llama", "10", "AWS", "acme"), ("mixed", "6", "AWS", "acme")]
    parts += [("mixed", "4", "Microsoft", "az"), ("gpt", "10", "Microsoft", "az")] if day.month != 5 else []
    parts += [("later", "10", "AWS", "acme")] if day.month > 3 else []
    return [
        charge(
            day,
            cost,
            Tags=json.dumps({"team": "Chat", "model": model, "stage": "real-time inference"}),
            ServiceProviderName=provider,
            BillingAccountId=account,
            SkuMeter="GPU hours",
            ConsumedUnit="Hours",
            ConsumedQuantity=cost,
        )
        for model, cost, provider, account in parts
    ]


def fill(folder: Path) -> None:
    """The bills, a thousand requests and 20 dollars of revenue a day and model, and a launch of each model."""
    space = Workspace(folder)
    folder.mkdir(parents=True)
    replace(folder / "rules.yaml", RULES_FILE)
    space.load([write_focus(folder / "in" / "bill.csv", [row for day in DAYS for row in bill(day)])])
    for source, counted in COUNTED.items():
        path = folder / "in" / f"{source}.csv"
        with path.open("w", newline="") as file:
            rows = [(day, *one, "Chat", model) for day in DAYS for model in MODELS for one in counted]
            csv.writer(file).writerows([("day", "metric", "value", "unit", "team", "model"), *rows])
        load_metrics(folder, path)
    bring_in(space.state(), {model: launch(model) for model in (*MODELS, "renamed")}, who="tests")


#: What is counted of each model on each day, by source: a file has one line for a day, metric and model.
COUNTED = {"metrics": [("requests", "1000", ""), ("revenue", "20", "USD")], "euros": [("revenue", "1", "EUR")]}


def launch(model: str) -> Launch:
    """Live since March, of 250 to 350 dollars a month: 0.01 hours a request at a dollar."""
    yes = Decided(verdict="approved", by="Grace", on=date(2026, 2, 1), why="cheap")
    third = {"low": 25_000, "likely": 30_000, "high": 35_000}
    part = {"name": "hours", "volume": "requests", "consumption": 0.01, "price": 1, "meters": ["GPU"]}
    return Launch(
        what=model.capitalize(), currency="USD", scope={"x_Model": [model]}, volumes={"requests": third},
        components=[part], decision=yes, shipped=date(2026, 3, 1),
    )  # fmt: skip


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(built_once(tmp_path_factory, "unbilled-units", fill))


@pytest.fixture
def units(store: str, open_page: Open) -> Callable[..., AppTest]:
    return lambda **address: open_page("unit_costs", store, **address)


def by_model(app: AppTest, caption: str) -> dict[str, dict[str, str]]:
    """The rows of the table whose caption has these words."""
    header, *rows = next(rows for title, rows in screen.tables(app).items() if caption in title)
    return {row[0]: dict(zip(header, row, strict=True)) for row in rows}


class TestUnitCosts:
    def test_what_the_bill_lacks_is_unknown_and_nobody_fell(self, units: Callable[..., AppTest]) -> None:
        """Mixed was told to cost 6 dollars, 40 per cent less, and gpt nothing, 100 per cent less."""
        app = units()
        assert "fell" not in screen.title(app) and "most of 2 models" in screen.title(app)
        rows = by_model(app, "both bases")
        assert {name: row["Allocation basis"] for name, row in rows.items()} == {
            "llama": "$10.00", "later": "$10.00", "gpt": UNKNOWN, "mixed": UNKNOWN
        }  # fmt: skip
        assert {rows[name][column] for name in ("gpt", "mixed") for column in ("Cost", "Work done")} == {UNKNOWN}
        assert SAID in screen.everything(app)
        (chat,) = by_model(app, "by team").values()
        assert (chat["Allocation basis"], chat["Work done"], chat["Models left out"]) == ("$10.00", "62,000", "2")

    def test_the_chart_leaves_the_month_open(self, units: Callable[..., AppTest]) -> None:
        (chart,) = screen.charts(units())
        assert {name: [value is None for value in chart.marks[name]] for name in ("gpt", "mixed", "llama")} == {
            "gpt": [False] * 4 + [True, False], "mixed": [False] * 4 + [True, False], "llama": [False] * 6
        }  # fmt: skip

    def test_a_model_that_was_counted_before_any_bill_named_it_has_no_cost_of_nothing(
        self, units: Callable[..., AppTest]
    ) -> None:
        (chart,) = screen.charts(units())
        assert [value is None for value in chart.marks["later"]] == [True] * 3 + [False] * 3

    def test_nothing_is_said_to_have_moved_it(self, units: Callable[..., AppTest]) -> None:
        rows = by_model(units(show="What moved it"), "add up")
        assert set(rows) == {"llama", "later"}

    def test_a_margin_is_unknown_though_the_value_is_known(self, units: Callable[..., AppTest]) -> None:
        app = units(show="Cost and value")
        rows = by_model(app, "margin is value less cost")
        assert {name: (row["Value"], row["Cost"], row["Margin"]) for name, row in rows.items()} == {
            "llama": ("$620", "$310", "$310"),
            "later": ("$620", "$310", "$310"),
            "gpt": ("$620", UNKNOWN, UNKNOWN),
            "mixed": ("$620", UNKNOWN, UNKNOWN),
        }
        assert SAID in screen.everything(app)

    def test_value_in_another_currency_is_named_and_raises_no_alarm(self, units: Callable[..., AppTest]) -> None:
        app = units(show="Cost and value")
        assert "Not in these figures: value in EUR. Choose that currency to see it." in screen.everything(app)
        assert not app.warning

    @pytest.mark.parametrize(("grain", "said"), [("Week", False), ("Month", True)])
    def test_it_is_said_where_the_periods_compared_lack_a_day(
        self, grain: str, said: bool, units: Callable[..., AppTest]
    ) -> None:
        """The weeks of 1 and 8 June are whole."""
        app = units(grain=grain)
        assert (SAID in screen.everything(app)) is said
        assert (UNKNOWN in str(by_model(app, "both bases"))) is said


class TestLaunchReview:
    def months(self, app: AppTest) -> dict[str, list[str]]:
        """What each month came to, and the verdict."""
        rows = next(rows for title, rows in screen.tables(app).items() if title.startswith("Estimate and bill"))
        return {row[0]: [row[1], row[-1]] for row in rows[1:]}

    @pytest.mark.parametrize("model", ["Mixed", "Gpt"])
    def test_a_month_that_the_bill_lacks_is_not_under_the_estimate(
        self, model: str, store: str, open_page: Open
    ) -> None:
        """AWS bills 186 dollars of Mixed in May, which were told to be 64 below the range."""
        app = open_page("launch_review", store, launch=model)
        months = self.months(app)
        assert months["May 2026"] == [UNKNOWN, "no whole bill of Microsoft (az)"]
        assert months["Apr 2026"] == ["$300", "inside the range"]
        assert any(title.startswith("Where the difference of Apr 2026") for title in screen.tables(app))
        launches = by_model(app, "Launch reviews")
        assert launches[model]["Came to"] == "$300 in Apr 2026; unknown in May 2026"
        assert launches["Llama"]["Came to"] == "$310 in May 2026"

    def test_a_month_with_nothing_on_the_bill_is_told(self, store: str, open_page: Open) -> None:
        """No bill names it in March, its first month; nor ever the model that the launch calls otherwise."""
        assert self.months(open_page("launch_review", store, launch="Later")) == {
            "May 2026": ["$310", "inside the range"],
            "Apr 2026": ["$300", "inside the range"],
            "Mar 2026": ["–", "nothing of it is on the bill"],
        }
        app = open_page("launch_review", store, launch="Renamed")
        assert not app.exception
        assert by_model(app, "Launch reviews")["Renamed"]["Came to"] == "nothing billed since Mar 2026"

    def again(self, store: str, folder: Path, source: str, value: str, unit: str) -> str:
        """The store with one more source of Llama's requests, or another one in place of it."""
        copied = folder / "store"
        shutil.copytree(store, copied)
        path = folder / f"{source}.csv"
        rows = "".join(f"{day},requests,{value},{unit},Chat,llama\n" for day in DAYS)
        path.write_text(f"day,metric,value,unit,team,model\n{rows}")
        load_metrics(copied, path)
        return str(copied)

    @pytest.mark.parametrize(
        ("source", "value", "unit", "by_volume"),
        [
            pytest.param("metrics", "1000", "", "+$10.00", id="as before"),
            pytest.param("metrics", "1", "1K", "+$10.00", id="in thousands"),
            pytest.param("others", "1000", "", None, id="twice"),
        ],
    )
    def test_volumes_are_in_single_units_and_never_counted_twice(
        self, source: str, value: str, unit: str, by_volume: str | None, store: str, tmp_path: Path, open_page: Open
    ) -> None:
        """31,000 requests in May against 30,000, at a cent each."""
        app = open_page("launch_review", self.again(store, tmp_path, source, value, unit), launch="Llama")
        causes = [rows[1] for title, rows in screen.tables(app).items() if title.startswith("Where the difference")]
        assert [row[3] for row in causes] == ([by_volume] if by_volume else [])
        assert ("May 2026 is not taken apart" in screen.everything(app)) is (by_volume is None)
