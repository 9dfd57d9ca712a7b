"""``metrics`` and ``runs`` on the command line: loaded whole or not at all, shown as they are."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import create_engine
from typer.testing import CliRunner, Result

from costlib.commands import app
from costlib.errors import EmptyStore, InputError
from costlib.workspace import Workspace
from tests.pages import stores


@pytest.fixture
def call(tmp_path: Path):
    def run(*arguments: str) -> Result:
        return CliRunner().invoke(app, ["--store", str(tmp_path / "store"), *arguments])

    return run


def answer(result: Result) -> dict:
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


@pytest.fixture
def orders(tmp_path: Path) -> Path:
    path = tmp_path / "orders.csv"
    path.write_text("day,metric,model,value\n2026-08-31,orders,a,5\n2026-09-01,orders,b,7\n2026-09-01,requests,b,9\n")
    return path


def test_metrics_are_loaded_and_shown(call, orders: Path) -> None:
    done = answer(call("metrics", "load", str(orders), "--json"))
    assert done == {
        "source": "orders",
        "rows": 3,
        "months": ["2026-08", "2026-09"],
        "changed": ["2026-08", "2026-09"],
        "counted_twice": [],
    }
    shown = answer(call("metrics", "show", "--json"))
    assert shown["sources"] == [{"source": "orders", "first": "2026-08", "last": "2026-09", "rows": 3}]
    assert shown["metrics"][0] == {
        "source": "orders",
        "metric": "orders",
        "models": 2,
        "first_day": "2026-08-31",
        "last_day": "2026-09-01",
        "rows": 2,
    }


def test_the_same_file_twice_says_so_and_another_source_of_it_too(call, orders: Path) -> None:
    call("metrics", "load", str(orders))
    assert "nothing changed" in call("metrics", "load", str(orders)).stderr
    assert "count twice" in call("metrics", "load", str(orders), "--source", "copy").stderr


def test_a_source_with_a_team_beside_one_without_is_told_with_both(call, tmp_path: Path) -> None:
    for name, team in (("own", "Ads"), ("vendor", "")):
        path = tmp_path / f"{name}.csv"
        path.write_text(f"day,metric,team,model,value\n2026-09-01,requests,{team},gpt,7\n")
        done = call("metrics", "load", str(path))
    said = " ".join(done.stderr.split())
    assert "requests of gpt on the same days, own and vendor: one names a team, the other none" in said
    assert answer(call("metrics", "load", str(path), "--json"))["counted_twice"] == ["requests"]


def test_a_second_name_for_one_count_is_told_with_both(call, tmp_path: Path) -> None:
    for name, metric, value in (("own", "predictions", 100), ("vendor", "requests", 98)):
        path = tmp_path / f"{name}.csv"
        path.write_text(f"day,metric,model,value\n2026-09-01,{metric},gpt,{value}\n")
        done = call("metrics", "load", str(path))
    said = " ".join(done.stderr.split())
    assert "own counts predictions of gpt and vendor requests, and they differ by 2%: they may be the same work" in said


def test_a_bad_file_is_refused_and_nothing_is_shown(call, tmp_path: Path) -> None:
    path = tmp_path / "bad.csv"
    path.write_text("day,metric,value\n2026-08-31,orders,many\n")
    assert isinstance(call("metrics", "load", str(path)).exception, InputError)
    assert isinstance(call("metrics", "show", "--json").exception, EmptyStore), "a refused load starts no store"


def test_a_query_to_a_database_is_loaded_like_a_file(call, tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path}/shop.db")
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE sales AS SELECT '2026-09-01' AS day, 7 AS n")
    engine.dispose()
    query = tmp_path / "shop.sql"
    query.write_text("SELECT day, 'orders' AS metric, n AS value FROM sales")
    where = f"sql:sqlite:///{tmp_path}/shop.db"
    done = answer(call("metrics", "load", where, "--query", str(query), "--json"))
    assert (done["source"], done["rows"], done["months"]) == ("shop", 1, ["2026-09"])
    refused = call("metrics", "load", where).exception
    assert isinstance(refused, InputError)
    assert "--query FILE" in str(refused)


def test_utilisation_is_told_from_metrics_by_what_the_file_holds(call, tmp_path: Path) -> None:
    table = tmp_path / "use.csv"
    table.write_text("day,resource,metric,value\n2026-09-01,endpoint/a,GPUUtilization,64\n")
    done = answer(call("metrics", "load", str(table), "--json"))
    assert done == {"source": "use", "rows": 1, "months": ["2026-09"], "changed": ["2026-09"], "counted_twice": []}
    scrape = tmp_path / "2026-09-02T01-00.prom"
    scrape.write_text('nv_gpu_utilization{gpu_uuid="GPU-1"} 0.5\n')
    assert isinstance(call("metrics", "load", str(scrape)).exception, InputError)
    assert "1 reading of utilisation of b in 1 month" in call("metrics", "load", str(scrape), "--resource", "b").stderr
    shown = answer(call("metrics", "show", "--json"))
    assert [(row["source"], row["metric"]) for row in shown["metrics"]] == [("b", "GPU_UTIL"), ("use", "GPU_UTIL")]
    assert [one["source"] for one in shown["sources"]] == ["b", "use"]


def test_a_service_is_asked_for_days_and_needs_them_where_no_bill_is_loaded(call) -> None:
    error = call("metrics", "load", "cloudwatch:us-east-1").exception
    assert isinstance(error, InputError)
    assert "which days" in str(error)


def test_runs_are_loaded_and_priced(call, tmp_path: Path) -> None:
    charges = [stores.charge(date(2026, 9, 1), "30", ResourceId="job/one")]
    Workspace(tmp_path / "store").load([stores.write_focus(tmp_path / "bill" / "focus.csv", charges)])
    path = tmp_path / "runs.csv"
    path.write_text(
        "run_id,experiment,start,end,status,instance_type,resource\n"
        "a,e,2026-09-01T01:00,2026-09-01T02:00,Failed,,job/one\n"
        "b,e,2026-09-02T01:00,2026-09-02T02:00,Done,g5.xlarge,\n"
    )
    done = answer(call("runs", "load", str(path), "--json"))
    assert (done["runs"], done["changed"]) == (2, ["2026-09"])
    (row,) = answer(call("runs", "show", "--json"))["rows"]
    assert row == {
        "name": "e",
        "runs": 2,
        "cost": "31.01",
        "failed": 1,
        "failed_cost": "30",
        "cancelled": 0,
        "cancelled_cost": "0",
        "unknown_cost": 0,
    }
    assert call("runs", "show", "--by", "colour").exit_code == 2
    assert "31.01" in call("runs", "show", "--by", "model").stdout


def test_an_mlflow_address_that_is_none(call) -> None:
    assert isinstance(call("runs", "load", "mlflow:nowhere").exception, InputError)
