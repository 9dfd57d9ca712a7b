"""Every page on a store that holds all but a bill: it says that there is none, and what waits for one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from costlib.metrics.business import load_metrics
from costlib.metrics.utilisation.places import Whose, load_utilisation
from costlib.runs.book import load_runs
from costlib.workspace import RATES_FILE, Workspace
from tests.builders import write
from tests.pages import screen
from tests.pages.conftest import PAGES, Open
from tests.pages.stores import charge, write_focus
from tests.sources.test_opencost import DAY, allocation, idle, response
from ui.waiting import waiting_words

RATES = "version: 1\nrates:\n  - {month: 2026-09, from: EUR, to: USD, rate: 1.1, source: treasury}\n"


def usage(folder: Path) -> None:
    """Two usage records."""
    Workspace(folder / "store").load([write(folder / "usage.json", response([allocation(), idle()]))])


def counts(folder: Path) -> None:
    """One row of metrics."""
    file = write(folder / "counts.csv", "day,metric,model,value\n2026-09-01,requests,fraud,5\n")
    load_metrics(folder / "store", file)


def readings(folder: Path) -> None:
    """One reading of an endpoint."""
    file = write(folder / "use.csv", "day,resource,metric,value\n2026-09-01,e-1,DCGM_FI_PROF_GR_ENGINE_ACTIVE,0.5\n")
    load_utilisation(folder / "store", str(file), None, Whose(), lambda _: None, lambda: None)


def runs(folder: Path) -> None:
    """One training run."""
    file = write(
        folder / "runs.csv",
        "run_id,start,end,status\nr-1,2026-09-01T10:00:00Z,2026-09-01T12:00:00Z,completed\n",
    )
    load_runs(folder / "store", file, None, lambda _: None)


def rates(folder: Path) -> None:
    """A currency rate, which nobody waits with."""
    write(folder / "store" / RATES_FILE, RATES)


#: What is put into the store, and what a page then says is there.
LOADED: dict[str, tuple[tuple[Callable[[Path], None], ...], str]] = {
    "usage": ((usage,), "2 usage records in this store will have"),
    "counts": ((counts,), "1 metric row in this store will have"),
    "readings": ((readings,), "1 utilisation reading in this store will have"),
    "runs": ((runs,), "1 run in this store will have"),
    "rates": ((rates,), ""),
    "all": (
        (usage, counts, readings, runs, rates),
        "2 usage records, 1 metric row, 1 utilisation reading and 1 run in this store will have",
    ),
}


@pytest.mark.parametrize("name", LOADED)
def test_what_waits_is_counted(name: str, tmp_path: Path) -> None:
    puts, said = LOADED[name]
    for put in puts:
        put(tmp_path)
    expected = f"{said} a cost as soon as a bill is loaded." if said else ""
    assert waiting_words(Workspace(tmp_path / "store").store) == expected


@pytest.mark.parametrize("page", PAGES)
def test_every_page_says_that_no_bill_is_loaded(page: str, tmp_path: Path, open_page: Open) -> None:
    puts, said = LOADED["all"]
    for put in puts:
        put(tmp_path)
    app = open_page(page, str(tmp_path / "store"))
    assert not app.exception and not app.error
    assert screen.headers(app)[0] == "No bill is loaded yet"
    assert said in screen.everything(app)


def test_a_bill_then_makes_figures_of_it(tmp_path: Path, open_page: Open) -> None:
    for put in LOADED["all"][0]:
        put(tmp_path)
    Workspace(tmp_path / "store").load([write_focus(tmp_path / "bill.csv", [charge(DAY.date(), "12")])])
    for page in PAGES:
        app = open_page(page, str(tmp_path / "store"))
        assert not app.exception and not app.error, page
        assert "No bill is loaded yet" not in screen.headers(app)
