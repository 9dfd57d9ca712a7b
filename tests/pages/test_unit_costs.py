"""Unit costs: the finding, both bases, what moved, value, and the page without metrics, with bad ones, on a phone."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from costlib.briefs.words.value import NO_VALUE
from costlib.metrics.business import load_metrics
from costlib.metrics.shelf import MANIFEST
from tests.pages import screen
from tests.pages.conftest import Open
from ui.units.panel import FILTERED_AWAY

OwnStore = Callable[[str], str]
FIRST = date(2026, 3, 25)
#: The parts of the page, and how a caption of a table or a title in each begins.
PARTS = {
    "Cost of a unit": "All models: 1,000 inferences",
    "What moved it": "What moved the cost of 1,000 inferences",
    "Cost and value": "Cost against value",
    "Idle": "What stood idle",
    "Since the bill": "Since the bill ends",
    "Other models": "What the same tokens would cost elsewhere",
    "All figures": "Every unit, model and period",
}


def counted(store: str, *rows: tuple[str, str | None, str, str], days: int = 200) -> str:
    """Metrics of every day: name, team, value and unit; loaded into the store."""
    path = Path(store).parent / "metrics.csv"
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["day", "metric", "team", "value", "unit"])
        for number in range(days):
            writer.writerows(((FIRST + timedelta(days=number)).isoformat(), *row) for row in rows)
    load_metrics(Path(store), path)
    return store


def show(app: AppTest, part: str) -> None:
    """Open another part of the page that is open."""
    app.session_state["show"] = part
    app.run()
    assert [tab.label for tab in app.tabs] == list(PARTS) and app.session_state["show"] == part


@pytest.fixture
def orders(own_store: OwnStore) -> str:
    """``grown_and_spiked`` with 2,000 orders a day of Search and 1,000 of Fraud, worth 300 dollars each."""
    store = own_store("grown_and_spiked")
    revenue = (("revenue", "Search", "300", "USD"), ("revenue", "Fraud", "300", "USD"))
    return counted(store, ("orders", "Search", "2000", ""), ("orders", "Fraud", "1000", ""), *revenue)


def test_the_sample_says_who_is_dearest_and_who_moved(open_page: Open) -> None:
    app = open_page("unit_costs")
    assert screen.title(app) == (
        "1,000 inferences of fraud-scorer cost $0.147 in Sep 2026, the most of 3 models; "
        "recs-two-tower rose most, by 2%"
    )
    assert screen.data_line(app).startswith("Northlight Commerce (sample) · Effective cost, USD")
    assert not app.warning


def test_the_sample_has_both_bases_beside_each_other(open_page: Open) -> None:
    header, *rows = next(iter(screen.tables(open_page("unit_costs")).values()))
    found = {row[0]: dict(zip(header, row, strict=True)) for row in rows}
    assert (found["fraud-scorer"]["Allocation basis"], found["fraud-scorer"]["Usage basis"]) == ("$0.147", "$0.147")
    assert (found["search-ranker"]["Allocation basis"], found["search-ranker"]["Usage basis"]) == ("$0.0590", "$0.0315")


@pytest.mark.parametrize(
    "unit",
    [
        "1,000 documents",
        "1,000 conversations",
        "million input tokens",
        "million cached input tokens",
        "million output tokens",
        "training run",
        "used GPU hour",
    ],
)
def test_every_unit_by_week_and_month(open_page: Open, unit: str) -> None:
    one = unit if unit[0].isdigit() else f"one {unit}"
    for grain in ("Week", "Month"):
        app = open_page("unit_costs", unit=unit, grain=grain)
        assert not app.exception and not app.error
        assert unit in screen.title(app)
        assert f"Cost of {one} by {grain.lower()}, allocation basis" in screen.everything(app)
        moved = open_page("unit_costs", unit=unit, grain=grain, show="What moved it")
        assert not moved.exception and not moved.error
        assert f"What moved the cost of {one}" in screen.headers(moved)
        assert screen.title(moved) == screen.title(app)


class TestParts:
    @pytest.mark.parametrize("part", PARTS)
    def test_a_part_is_open_by_its_name_in_the_address_and_no_other_is_worked_out(
        self, part: str, open_page: Open
    ) -> None:
        app = open_page("unit_costs", show=part, grain="Week")
        assert not app.exception and not app.error and not app.warning
        assert [tab.label for tab in app.tabs] == list(PARTS)
        others = {title for name, title in PARTS.items() if name != part}
        assert PARTS[part] in screen.headers(app) and not others & set(screen.headers(app))
        assert screen.title(app).startswith("1,000 inferences of fraud-scorer cost $")

    def test_a_part_that_does_not_exist_is_the_first(self, open_page: Open) -> None:
        app = open_page("unit_costs", show="Everything")
        assert not app.exception and not app.error
        assert PARTS["Cost of a unit"] in screen.headers(app)

    def test_a_part_without_figures_says_why(self, open_page: Open, own_store: OwnStore) -> None:
        """Orders of Search alone, up to the last day of the bill: no value, no tokens, nothing after the bill."""
        store = counted(own_store("grown_and_spiked"), ("orders", "Search", "2000", ""))
        app = open_page("unit_costs", store)
        for part, words in {
            "Cost and value": NO_VALUE,
            "Since the bill": "Nothing is measured after the bill, which ends on 10 Oct 2026.",
            "Other models": "No tokens of these models are on the bill in Sep 2026",
        }.items():
            show(app, part)
            assert words in screen.everything(app)

    def test_the_first_period_has_none_before_it(self, open_page: Open, own_store: OwnStore) -> None:
        store = counted(own_store("one_day"), ("orders", "Fraud", "10", ""))
        app = open_page("unit_costs", store, show="What moved it")
        assert not app.exception and not app.error
        assert "No model has a cost and a count on 16 Sep 2026 and in the period before" in screen.everything(app)


def test_an_order_is_worked_by_hand(open_page: Open, orders: str) -> None:
    """September: 30 x 160 dollars over 60,000 orders are 80 a thousand; August: 31 x 100 over 62,000 are 50."""
    app = open_page("unit_costs", orders, scope="AI spend")
    assert (
        screen.title(app)
        == "1,000 orders of Search, no model cost $80.00 in Sep 2026, the most of 2 models, 60% more than in Aug 2026"
    )
    tables = screen.tables(app)
    header, *rows = next(rows for caption, rows in tables.items() if "both bases" in caption)
    search = dict(zip(header, rows[0], strict=True))
    assert (search["Allocation basis"], search["Work done"], search["Cost"]) == ("$80.00", "60,000", "$4.80K")
    assert search["Against Aug 2026"] == "+60.0%"


def test_teams_divide_their_sums(open_page: Open, orders: str) -> None:
    """September: Search 4,800 dollars over 60,000 orders, Fraud 1,500 over 30,000."""
    tables = screen.tables(open_page("unit_costs", orders))
    rows = next(rows for caption, rows in tables.items() if "by team" in caption)
    assert rows[1:] == [
        ["Search", "$80.00", "$80.00", "60,000", "$4.80K", "0"],
        ["Fraud", "$50.00", "$50.00", "30,000", "$1.50K", "0"],
    ]


def test_what_moved_adds_up(open_page: Open, orders: str) -> None:
    """60 per cent more hours for the same orders at the same rate: utilisation alone."""
    tables = screen.tables(open_page("unit_costs", orders, show="What moved it"))
    header, *rows = next(rows for caption, rows in tables.items() if "add up" in caption)
    moved = {row[0]: dict(zip(header, row, strict=True)) for row in rows}["Search, no model"]
    assert (moved["Aug 2026"], moved["Utilisation"], moved["Price"], moved["Sep 2026"]) == (
        "$50.00",
        "+$30.00",
        "–",
        "$80.00",
    )


def test_cost_against_value(open_page: Open, orders: str) -> None:
    """September: 30 x 300 dollars of value a team; 4,800 of cost of Search, 1,500 of Fraud, which have no model."""
    app = open_page("unit_costs", orders, show="Cost and value")
    assert "Models worth $18.0K cost $6.30K in Sep 2026, 35% of their value" in screen.headers(app)
    rows = next(rows for caption, rows in screen.tables(app).items() if "margin" in caption)
    assert [row[:5] for row in rows[1:]] == [
        ["Fraud, no model", "$9.00K", "$1.50K", "$7.50K", "17%"],
        ["Search, no model", "$9.00K", "$4.80K", "$4.20K", "53%"],
    ]
    each = next(rows for caption, rows in screen.tables(app).items() if "One outcome" in caption)
    assert [row[:6] for row in each[1:]] == [
        ["Fraud, no model", "orders", "30,000", "$0.300", "$0.0500", "$0.250"],
        ["Search, no model", "orders", "60,000", "$0.150", "$0.0800", "$0.0700"],
    ]


def test_a_count_that_stops_gives_no_cost_for_what_follows(open_page: Open, own_store: OwnStore) -> None:
    """Counts end on 31 August: September has no row, and no figure is made up for it."""
    store = counted(own_store("grown_and_spiked"), ("orders", "Search", "2000", ""), days=160)
    app = open_page("unit_costs", store)
    assert screen.title(app).endswith("is unknown: no count goes with the cost")
    assert all(chart.marks["Search, no model"][-1] is None for chart in screen.charts(app))


def test_units_that_are_mixed_up_raise_a_warning(open_page: Open, own_store: OwnStore) -> None:
    store = own_store("grown_and_spiked")
    path = Path(store).parent / "mixed.csv"
    days = [(FIRST + timedelta(days=number), number < 160) for number in range(190)]
    lines = [f"{day},orders,Search,{2000 if early else 3.2}," for day, early in days]
    lines += [f"{day},revenue,Search,{'5,USD' if early else '500,cents'}" for day, early in days]
    path.write_text("\n".join(["day,metric,team,value,unit", *lines]))
    load_metrics(Path(store), path)
    warnings = [screen.plain(one.value) for one in open_page("unit_costs", store).warning]
    assert any("Revenue changed from USD to cents on 1 Sep 2026" in one for one in warnings)
    assert any("as if single units and thousands were mixed up, on 1 Sep 2026" in one for one in warnings)


def test_two_sources_of_the_same_days_are_told(open_page: Open, orders: str) -> None:
    load_metrics(Path(orders), Path(orders).parent / "metrics.csv", "again")
    assert "Two sources count orders on the same days" in screen.everything(open_page("unit_costs", orders))


def test_without_metrics_it_says_how_to_bring_them_in(open_page: Open) -> None:
    app = open_page("unit_costs", "two_years")
    assert screen.title(app) == "Nothing was counted, so no cost can be put on one unit"
    assert "python -m costlib metrics load FILE" in app.code[0].value
    assert FILTERED_AWAY not in screen.everything(app)


def test_filters_that_leave_nothing_counted_say_so(open_page: Open) -> None:
    app = open_page("unit_costs", team="Fraud", model="search-ranker")
    assert screen.title(app) == "Nothing was counted, so no cost can be put on one unit"
    assert FILTERED_AWAY in screen.everything(app)


def test_damaged_metrics_are_refused_with_what_to_do(open_page: Open, orders: str) -> None:
    (Path(orders) / "metrics" / MANIFEST).write_text("{")
    app = open_page("unit_costs", orders)
    assert not app.exception
    assert "is damaged" in screen.plain(app.error[0].value)
    assert "load its files again" in screen.everything(app)


@pytest.mark.parametrize("measure", ["Billed cost", "List cost", "Contracted cost"])
def test_other_measures_and_filters_draw(open_page: Open, measure: str) -> None:
    app = open_page("unit_costs", measure=measure, scope="All spend", team="Search")
    for part in PARTS:
        show(app, part)
        assert not app.exception and not app.error
        assert measure in screen.data_line(app)
        for rows in screen.tables(app).values():
            assert all("fraud-scorer" not in row for row in rows)


def test_an_unknown_measure_is_called_unknown(open_page: Open, own_store: OwnStore) -> None:
    store = own_store("unknown_list_price")
    path = Path(store).parent / "m.csv"
    path.write_text("day,metric,team,value\n" + "\n".join(f"2026-09-{day:02d},orders,Fraud,10" for day in range(1, 31)))
    load_metrics(Path(store), path)
    app = open_page("unit_costs", store, measure="List cost")
    for part in PARTS:
        show(app, part)
        assert not app.exception and not app.error
        assert "is unknown" in screen.title(app)


def test_money_is_decimal_to_the_last_step(open_page: Open, orders: str) -> None:
    frame = open_page("unit_costs", orders, show="All figures").dataframe[0].value
    september = frame[(frame["Team"] == "Search") & (frame["Period"] == "Sep 2026")]
    assert Decimal(str(september["Allocation basis"].iloc[0])) == 80
