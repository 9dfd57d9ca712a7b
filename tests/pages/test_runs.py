"""Runs: what experiments cost, quality, runs without a result, the check against the bill, the page without runs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from costlib.metrics.shelf import MANIFEST
from costlib.runs.book import load_runs
from costlib.workspace import Workspace
from tests.pages import screen, stores
from tests.pages.conftest import Open

OwnStore = Callable[[str], str]

HEADER = "run_id,experiment,model,owner,instance_type,start,end,status,quality_metric,quality,resource"
#: The parts of the page, and a title in each.
PARTS = {
    "Cost": "Cost by experiment",
    "Cost and quality": "The best auc of ranker, 0.9, cost $40.00; 0.8 was had for $10.00",
    "Failed and cancelled": "Failed and cancelled",
    "All runs": "All 6 runs",
    "Check against the bill": "Check against the bill",
}
RUNS = (
    "ranker-1,ranking,ranker,Search,,2026-09-01,2026-09-01T10:00,Completed,auc,0.80,gpu-1",
    "ranker-2,ranking,ranker,Search,,2026-09-02,2026-09-02T10:00,Completed,auc,0.90,gpu-2",
    "ranker-3,ranking,ranker,Search,,2026-09-03,2026-09-03T10:00,Completed,auc,0.85,gpu-3",
    "sweep,sweeps,ranker,Search,,2026-09-04,2026-09-04T10:00,Stopped,,,gpu-4",
    "trial,trials,bot,Support,g5.xlarge,2026-09-05,2026-09-05T10:00,Failed,,,",
    "mystery,trials,bot,Support,abacus,2026-09-06,2026-09-06T10:00,Completed,,,",
)


@pytest.fixture
def trained(tmp_path: Path) -> str:
    """Four jobs on the bill: 10, 40, 30 and 120 dollars, 50 of serving and 7 without a model; six runs."""

    def charge(
        day: int, cost: str, resource: str, tags: str = '{"team": "Search", "model": "ranker"}'
    ) -> dict[str, str]:
        return stores.charge(date(2026, 9, day), cost, ResourceId=resource, Tags=tags)

    costs = {1: "10", 2: "40", 3: "30", 4: "120"}
    rows = [charge(day, cost, f"gpu-{day}") for day, cost in costs.items()]
    rows += [charge(30, "50", "endpoint/ranker"), charge(30, "7", "nobody", "{}")]
    store = tmp_path / "store"
    Workspace(store).load([stores.write_focus(tmp_path / "bill" / "focus.csv", rows)])
    path = tmp_path / "runs.csv"
    path.write_text("\n".join([HEADER, *RUNS]))
    load_runs(store, path)
    return str(store)


def group(app: object, name: str) -> dict[str, str]:
    header, *rows = next(rows for caption, rows in screen.tables(app).items() if caption.startswith("Runs that"))  # type: ignore[arg-type]
    return {row[0]: dict(zip(header, row, strict=True)) for row in rows}[name]


def test_the_finding_is_worked_by_hand(open_page: Open, trained: str) -> None:
    """10 + 40 + 30 + 120 on the bill, ten hours at 1.006 from the list: 210.06, of which 130.06 without a result."""
    app = open_page("runs", trained)
    assert not app.exception and not app.error
    title = "Runs cost $210 in Sep 2026, 57% of it for sweeps; $130 went into runs that failed or were cancelled"
    assert screen.title(app) == title


@pytest.mark.parametrize("part", PARTS)
def test_a_part_is_open_by_its_name_in_the_address_and_the_answer_stands_over_it(
    part: str, open_page: Open, trained: str
) -> None:
    app = open_page("runs", trained, show=part)
    assert not app.exception and not app.error
    assert [tab.label for tab in app.tabs] == list(PARTS)
    assert screen.title(app).startswith("Runs cost $210 in Sep 2026")
    assert screen.headers(app) == [PARTS[part]]


def test_runs_without_a_result_are_told_dearest_first(open_page: Open, trained: str) -> None:
    (rows,) = screen.tables(open_page("runs", trained, show="Failed and cancelled")).values()
    assert rows[1:] == [
        ["sweep", "120.00", "10.0", "Cancelled", "Search"],
        ["trial", "10.06", "10.0", "Failed", "Support"],
    ]


def test_every_run_is_in_the_table_and_what_is_unknown_has_no_figure(open_page: Open, trained: str) -> None:
    rows = {row["Run"]: row for row in screen.table(open_page("runs", trained, show="All runs"))}
    assert list(rows) == ["mystery", "trial", "sweep", "ranker-3", "ranker-2", "ranker-1"]
    assert (rows["ranker-2"]["Cost"], rows["ranker-2"]["Quality"], rows["ranker-2"]["Cost from"]) == (40, 0.9, "Bill")
    assert rows["mystery"]["Cost"] is None and rows["mystery"]["Cost from"] == "Unknown"


def test_groups_with_failed_and_cancelled_apart(open_page: Open, trained: str) -> None:
    app = open_page("runs", trained)
    assert group(app, "ranking")["Cost"] == "$80.00"
    assert group(app, "ranking")["A run"] == "$26.67"
    sweeps, trials = group(app, "sweeps"), group(app, "trials")
    assert (sweeps["Cancelled"], sweeps["Cost of cancelled"], sweeps["Cost of failed"]) == ("1", "$120", "–")
    assert (trials["Failed"], trials["Cost of failed"], trials["Cost unknown"]) == ("1", "$10.06", "1")
    by_model = open_page("runs", trained, by="Model")
    assert group(by_model, "ranker")["Runs"] == "4"


def test_it_says_where_costs_come_from(open_page: Open, trained: str) -> None:
    shown = screen.everything(open_page("runs", trained))
    assert "From the bill: 4 runs, $200. From list prices, an estimate: 1 run, $10.06. Unknown: 1 run." in shown


def test_runs_and_the_rest_are_the_bill_of_everything_with_a_model(open_page: Open, trained: str) -> None:
    tables = screen.tables(open_page("runs", trained, show="Check against the bill"))
    rows = next(rows for caption, rows in tables.items() if "has a model" in caption)
    amounts = [float(cell.replace("$", "").replace(",", "")) for _, cell in rows[1:]]
    assert rows[1] == ["These runs", "$200.00"]
    assert rows[-1] == ["All resources with a model", "$250.00"]
    assert sum(amounts[:-1]) == pytest.approx(amounts[-1])


def test_cost_against_quality_marks_the_front(open_page: Open, trained: str) -> None:
    """0.85 for 30 lies on the front between 0.80 for 10 and 0.90 for 40."""
    app = open_page("runs", trained, show="Cost and quality")
    assert "The best auc of ranker, 0.9, cost $40.00; 0.8 was had for $10.00" in screen.headers(app)
    assert len(screen.charts(app)) == len(screen.charts(open_page("runs", trained))) == 1


def test_the_sample(open_page: Open) -> None:
    app = open_page("runs", over="All data")
    assert not app.exception and not app.error
    assert "for recs-two-tower" in screen.title(app)
    assert group(app, "search-ranker sweep")["Cost of cancelled"] == "$10.1K"
    assert group(app, "assistant prompts")["Cost unknown"] == "0"


def test_filters_and_measures(open_page: Open) -> None:
    app = open_page("runs", team="Fraud", measure="List cost", scope="All spend")
    for part in reversed(PARTS):
        app.session_state["show"] = part
        assert not app.run().exception and not app.error
    assert group(app, "All")["Runs"] == group(app, "fraud-scorer")["Runs"]
    assert "List cost, USD" in screen.data_line(app)


@pytest.mark.parametrize("store", ["one_day", "unknown_list_price", "two_currencies"])
def test_without_runs_it_says_how_to_bring_them_in(open_page: Open, store: str) -> None:
    app = open_page("runs", store)
    assert screen.title(app) == "No run is loaded, so no cost can be put on an experiment"
    assert "python -m costlib runs load FILE" in app.code[0].value


def test_no_run_under_a_filter(open_page: Open, trained: str) -> None:
    app = open_page("runs", trained, team="Nobody", model="ranker", over="Last full month")
    assert not app.exception and not app.error


def test_damaged_runs_are_refused_with_what_to_do(open_page: Open, trained: str) -> None:
    (Path(trained) / "runs" / MANIFEST).write_text("{")
    app = open_page("runs", trained)
    assert not app.exception
    assert "is damaged" in screen.plain(app.error[0].value)
