"""The start-up's story: eighteen months ahead, its quarter against the budget, and which control buys how much."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from costlib import demo
from costlib.errors import StoreError
from costlib.sample.place import sample_name
from costlib.sample.startup import NAME
from costlib.workspace import Workspace
from tests.pages import screen, stores
from tests.pages.conftest import Open
from tests.pages.test_forecast import DRIVERS, amount


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(stores.built_once(tmp_path_factory, "startup", lambda folder: demo.load_startup(Workspace(folder))))


def test_eighteen_months_ahead(open_page: Open, store: str) -> None:
    """About 46,000 dollars of AI spend a month now, growing: eighteen months are one to six times that."""
    app = open_page("forecast", store, until="18 months")
    assert not app.exception and not app.error
    said = re.match(
        r"AI spend is likely to come to (\S+) over the next 18 months, Nov 2026 to Apr 2028", screen.title(app)
    )
    assert said and 18 * 46_000 < amount(said[1]) < 6 * 18 * 46_000
    assert NAME in screen.data_line(app)


def test_which_control_buys_how_much(open_page: Open, store: str) -> None:
    app = open_page("forecast", store, until="18 months", show=DRIVERS)
    rows = next(rows for caption, rows in screen.tables(app).items() if caption.startswith("What controls save"))
    *controls, everything = rows[1:]
    assert {row[0] for row in controls} == {"Automatic shutdown", "Quotas", "Tiered storage"}
    assert sum(amount(row[3]) for row in controls) == pytest.approx(amount(everything[3]), rel=0.01)
    for row in controls:
        low, high = row[4].split("\xa0to\xa0")
        assert amount(low) < amount(row[3]) < amount(high)
    planned = screen.tables(app)["Planned changes and what each adds over the horizon"]
    assert all(row[5] and row[6] for row in planned[1:])
    (title,) = [title for title in screen.headers(app) if title.startswith("3 planned controls save")]
    assert f"most by {controls[0][0]}" in title


def test_controls_of_one_team_act_on_its_spend(open_page: Open, store: str) -> None:
    """The team of the data runs no notebook: shutdown and quotas save nothing of it."""
    app = open_page("forecast", store, until="18 months", team="Data", show=DRIVERS)
    rows = next(rows for caption, rows in screen.tables(app).items() if caption.startswith("What controls save"))
    saved = {row[0]: row[3] for row in rows[1:]}
    assert saved["Tiered storage"] == saved["All"] and saved["Quotas"] == "$0"


def test_the_quarter_against_its_budget(open_page: Open, store: str) -> None:
    app = open_page("budgets", store)
    tables = screen.tables(app)
    review = next(rows for caption, rows in tables.items() if "in Q3 FY26 against FY26" in caption)
    causes = next(rows for caption, rows in tables.items() if caption.startswith("Causes by team"))
    assert {row[0] for row in review[1:]} == {"Data Science", "Product", "Data", "All"}
    assert review[-1][3] == causes[-1][1]
    assert app.selectbox(key="quarter").options == ["Q3 FY26", "Q2 FY26", "Q1 FY26"]


def test_without_controls_there_is_no_such_section(open_page: Open) -> None:
    app = open_page("forecast", "two_years", show=DRIVERS)
    assert not any(caption.startswith("What controls save") for caption in screen.tables(app))


def test_the_two_samples_do_not_mix(store: str) -> None:
    workspace = Workspace(Path(store))
    assert sample_name(workspace.store.current()) == NAME
    with pytest.raises(StoreError, match="holds other bills"):
        demo.load_company(workspace)
