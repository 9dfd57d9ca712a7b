"""Unit costs since the bill ends, and cost against value of one outcome, as the page shows them."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from costlib.briefs.words.estimate import HEADER, HEADING
from costlib.briefs.words.value import EACH_HEADER
from costlib.briefs.words.value import HEADER as VALUE_HEADER
from costlib.metrics.business import load_metrics
from costlib.workspace import Workspace
from tests.pages import screen
from tests.pages.conftest import Open
from tests.pages.stores import daily, write_focus

FIRST = date(2026, 8, 10)
Table = dict[str, dict[str, str]]
PART, VALUE = "Since the bill", "Cost and value"


def rows_of(app, header: tuple[str, ...]) -> Table:
    """The table with that header: each row's cells by their column, by the row's first cell."""
    rows = next(rows for rows in screen.tables(app).values() if tuple(rows[0]) == header)
    return {row[0]: dict(zip(header, row, strict=True)) for row in rows[1:]}


@pytest.fixture
def bot(tmp_path: Path) -> Callable[[int], str]:
    """A store whose model costs 10 dollars a day on so many days, and answers 1,000 requests on 75 days."""

    def store(days: int) -> str:
        space = Workspace(tmp_path / "store")
        tags = json.dumps({"team": "Search", "model": "bot", "stage": "real-time inference"})
        space.load([write_focus(tmp_path / "bill" / "bill.csv", daily(FIRST, days, "10", Tags=tags))])
        path = tmp_path / "requests.csv"
        lines = [f"{FIRST + timedelta(days=number)},requests,Search,bot,1000" for number in range(75)]
        path.write_text("\n".join(["day,metric,team,model,value", *lines]))
        load_metrics(space.store.root, path)
        return str(space.store.root)

    return store


def test_five_days_without_a_bill_worked_by_hand(open_page: Open, bot: Callable[[int], str]) -> None:
    app = open_page("unit_costs", show=PART, store=bot(70))
    assert HEADING in screen.headers(app)
    assert "What no bill has yet cost about $50.00 from 19 to 23 Oct 2026: an estimate" in screen.everything(app)
    row = rows_of(app, HEADER)["bot"]
    assert (row["Price of one unit"], row["Estimate"]) == ("$10.00", "$50.00")
    assert (row["Priced by"], row["Usually off by"]) == ("Bill of 21 Sep to 18 Oct 2026", "0%")
    assert "The bill ends on 18 Oct 2026." in screen.everything(app)
    assert any(caption.startswith("Estimate, not billed: effective cost, USD") for caption in screen.tables(app))


def test_the_bill_takes_its_place(open_page: Open, bot: Callable[[int], str]) -> None:
    bot(70)
    app = open_page("unit_costs", show=PART, store=bot(75))
    assert not app.exception
    assert HEADING not in screen.headers(app)


def test_any_meter_of_the_bill_that_changes_its_unit_is_warned_of(
    open_page: Open, bot: Callable[[int], str], tmp_path: Path
) -> None:
    """Machines counted in hours to the end of August and in minutes since."""
    store = bot(70)
    both = {"Tags": json.dumps({"team": "Search", "model": "bot"}), "SkuMeter": "GPU", "BillingAccountId": "acme-gpu"}
    hours = daily(FIRST, 22, "5", ConsumedQuantity="2", ConsumedUnit="Hours", **both)
    rows = [*hours, *daily(date(2026, 9, 1), 48, "5", ConsumedQuantity="120", ConsumedUnit="Minutes", **both)]
    Workspace(Path(store)).load([write_focus(tmp_path / "more" / "more.csv", rows)])
    (warning,) = open_page("unit_costs", store).warning
    assert screen.plain(warning.value) == (
        "The bill counts GPU of bot in Minutes instead of Hours since 1 Sep 2026. Check that its price changed with it."
    )


def test_the_sample_is_estimated_for_the_days_after_its_bill(open_page: Open) -> None:
    app = open_page("unit_costs", show=PART)
    assert not app.exception and not app.error
    said = screen.everything(app)
    assert "from 21 to 25 Oct 2026: an estimate from measured use" in said
    assert "The bill ends on 20 Oct 2026. Made in the same way" in said
    rows = rows_of(app, HEADER)
    assert {"fraud-scorer", "search-ranker", "recs-two-tower", "support-assistant", "doc-extract"} <= set(rows)
    assert all(row["Priced by"].startswith("Bill of") for row in rows.values())


def test_the_estimate_follows_measure_and_filters(open_page: Open) -> None:
    app = open_page("unit_costs", show=PART, measure="List cost", team="Fraud")
    assert set(rows_of(app, HEADER)) == {"fraud-scorer"}
    assert any(caption.startswith("Estimate, not billed: list cost") for caption in screen.tables(app))


def test_the_sample_has_cost_and_value_of_one_outcome_on_both_bases(open_page: Open) -> None:
    """A fraud stopped is worth 6.10 dollars; search reserves about twice what it uses, so its margin by use is more."""
    app = open_page("unit_costs", show=VALUE, **{"value-of": "One outcome"})
    assert not app.exception and not app.error
    each = rows_of(app, EACH_HEADER)
    assert each["fraud-scorer"]["Outcome"] == "frauds stopped"
    assert each["fraud-scorer"]["Value of one"] == "$6.10"
    assert each["fraud-scorer"]["Margin of one"] == each["fraud-scorer"]["Margin of one, usage basis"]
    assert each["search-ranker"]["Margin of one"] < each["search-ranker"]["Margin of one, usage basis"]
    assert "demand-forecast" not in each
    assert any("Cost and value of one outcome by model, allocation basis" in text for text in [screen.everything(app)])


def test_the_sample_in_all_adds_up(open_page: Open) -> None:
    rows = rows_of(open_page("unit_costs", show=VALUE), VALUE_HEADER)
    assert set(rows) == {"fraud-scorer", "search-ranker", "recs-two-tower", "support-assistant", "doc-extract"}
    assert all(row["Margin"].startswith("$") for row in rows.values())


def test_what_moved_names_volume_utilisation_and_price(open_page: Open) -> None:
    app = open_page("unit_costs", show="What moved it")
    chart = next(one for one in screen.charts(app) if one.alt.startswith("Bridge"))
    assert all(name in chart.alt for name in ("Volume", "Utilisation", "Price"))
