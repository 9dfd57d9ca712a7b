"""The commands plan simulate and plan optimise as a person types them."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from costlib.commands import app
from costlib.errors import CostError
from costlib.roadmap.plan_file import read_plan
from costlib.state.plans import PlanStore
from costlib.workspace import Workspace
from tests.pages import stores
from tests.small_company import charge, company

RUN = CliRunner()

PLAN = """
plan: {name: Two levers, start: 2026-01, months: 3, currency: USD, discount_rate: 0, paths: 50, seed: 7,
       target: {reduction: 0.30, by: 2026-03, reference: baseline}}
capacity: {ml_engineer: 8}
initiatives:
  - {id: first, title: First, owner: Fraud ML, lever: quantisation, scope: {x_Model: [scorer]}, start: 2026-01,
     saving: {low: 0.6, likely: 0.6, high: 0.6}, one_off_cost: 1000, effort: {ml_engineer: 6}}
  - {id: second, title: Second, owner: Fraud ML, lever: batching, scope: {x_Model: [scorer]}, start: 2026-01,
     saving: {low: 0.6, likely: 0.6, high: 0.6}, effort: {ml_engineer: 1}}
baseline:
  - {segment: {x_Model: scorer}, monthly: [100000, 100000, 100000]}
"""


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    """Two certain levers of 60 % on one model of 100,000 USD a month."""
    path = tmp_path / "plan.yaml"
    path.write_text(PLAN, encoding="utf-8")
    return path


def run(*words: str) -> str:
    result = RUN.invoke(app, ["plan", *words], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


def test_two_levers_of_sixty_per_cent_leave_sixteen(plan: Path) -> None:
    document = json.loads(run("simulate", "--plan", str(plan), "--json"))
    assert document["spend"]["mean"] == pytest.approx([16000] * 3)
    assert document["saving"]["gross"] == pytest.approx(252000)
    assert document["saving"]["net"] == pytest.approx(251000)
    assert sum(one["gross"] for one in document["initiatives"]) == pytest.approx(252000)
    assert document["p_target"] == 1


def test_the_optimiser_says_what_it_chose(plan: Path) -> None:
    document = json.loads(run("optimise", "--plan", str(plan), "--json"))
    assert {one["id"] for one in document["chosen"]} == {"first", "second"}
    assert {"objective", "binding"} <= set(document)


def test_the_tables_say_the_same(plan: Path) -> None:
    text = run("simulate", "--plan", str(plan))
    assert "$252K" in text and "$251K" in text and "100%" in text
    assert "Chosen" in run("optimise", "--plan", str(plan))


def test_a_plan_without_a_baseline_is_refused_with_what_to_do(plan: Path, tmp_path: Path) -> None:
    plan.write_text(PLAN.split("baseline:\n")[0], encoding="utf-8")
    with pytest.raises(CostError, match=r"Add baseline: to the plan file, or load bills first\."):
        run("simulate", "--plan", str(plan), "--store", str(tmp_path / "empty"))
    assert not (tmp_path / "empty").exists()


@pytest.mark.parametrize("command", ["simulate", "optimise"])
def test_days_of_unknown_cost_behind_the_plan_are_told_beside_the_document(
    command: str, plan: Path, tmp_path: Path
) -> None:
    """Eighty days of the ranker at 7, one of them unknown, and the days ahead; where it is known, nothing is told."""
    text = PLAN.split("baseline:\n")[0].replace("[scorer]", "[ranker]")
    plan.write_text(text.replace("2026-03", "2026-06").replace("2026-01", "2026-04"), encoding="utf-8")
    told = []
    for name, cost in (("gap", ""), ("whole", "7")):
        days = [charge(date(2026, 1, 1) + timedelta(at), 7, team="Ads", model="ranker") for at in range(80)]
        company(tmp_path / name, [*days[:40], {**days[40], "EffectiveCost": cost}, *days[41:]])
        asked = ["plan", command, "--plan", str(plan), "--store", str(tmp_path / name / "store"), "--json"]
        result = RUN.invoke(app, asked, catch_exceptions=False)
        assert json.loads(result.stdout)["baseline"][:2] == pytest.approx([210, 217])
        told.append(" ".join(result.stderr.split()))
    assert told == ["Forecasts and plans count 1 day not billed in full like the days around it", ""]


@pytest.fixture(scope="module")
def doubled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The ranker at 10 a day from January to March, at 20 in April."""
    folder = tmp_path_factory.mktemp("doubled")
    costs = [10] * 90 + [20] * 30
    days = [charge(date(2026, 1, 1) + timedelta(at), cost, team="Ads", model="ranker") for at, cost in enumerate(costs)]
    return company(folder, days).store.root


@pytest.mark.parametrize("command", ["simulate", "optimise"])
@pytest.mark.parametrize(
    ("today", "april"),
    [((), 600), (("--today", "2026-04-30"), 600), (("--today", "2026-03-31"), 300)],
)
def test_today_is_the_last_day_of_the_bills_unless_it_is_said(
    command: str, today: tuple[str, ...], april: float, plan: Path, doubled: Path
) -> None:
    text = PLAN.split("baseline:\n")[0].replace("[scorer]", "[ranker]")
    plan.write_text(text.replace("2026-03", "2026-06").replace("2026-01", "2026-04"), encoding="utf-8")
    found = json.loads(run(command, "--plan", str(plan), *today, "--store", str(doubled), "--json"))
    assert found["baseline"][0] == pytest.approx(april)


def test_a_day_that_no_bill_holds_is_refused(plan: Path, doubled: Path) -> None:
    plan.write_text(PLAN.split("baseline:\n")[0].replace("[scorer]", "[ranker]"), encoding="utf-8")
    for day in ("2025-12-31", "2026-05-01"):
        with pytest.raises(CostError, match=f"No bill holds {day}. Expected: a day from 2026-01-01 to 2026-04-30"):
            run("simulate", "--plan", str(plan), "--today", day, "--store", str(doubled))


def test_a_plan_that_reads_no_bill_has_no_today(plan: Path) -> None:
    result = RUN.invoke(app, ["plan", "simulate", "--plan", str(plan), "--today", "2026-03-31"])
    assert result.exit_code == 2 and "'--today'" in result.output


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CostError):
        RUN.invoke(app, ["plan", "simulate", "--plan", str(tmp_path / "none.yaml")], catch_exceptions=False)


@pytest.fixture
def store(tmp_path: Path) -> str:
    """A store that nothing was loaded into."""
    return str(tmp_path / "store")


def keep(plan: Path, store: str, *more: str) -> str:
    result = RUN.invoke(app, ["plan", "import", "--plan", str(plan), "--store", store, *more], catch_exceptions=False)
    assert result.exit_code == 0
    assert result.stdout == ""
    return " ".join(result.stderr.split())


def test_a_plan_is_imported_shown_and_exported_as_it_was(plan: Path, store: str, tmp_path: Path) -> None:
    assert keep(plan, store) == "new: first, second two-levers is saved with 2 initiatives"
    assert keep(plan, store) == "two-levers is saved with 2 initiatives"
    run("export", "two-levers", "--out", str(tmp_path / "out.yaml"), "--store", store)
    assert read_plan(tmp_path / "out.yaml") == read_plan(plan)
    assert run("export", "two-levers", "--store", store) == (tmp_path / "out.yaml").read_text(encoding="utf-8")


def test_a_file_goes_back_to_the_plan_that_it_is_of_whatever_it_is_called(
    plan: Path, store: str, tmp_path: Path
) -> None:
    """By its title, and where that changed by the name of the file; else it is a plan of its own."""
    keep(plan, store, "--name", "levers")
    plan.rename(tmp_path / "download (1).yaml")
    assert keep(tmp_path / "download (1).yaml", store) == "levers is saved with 2 initiatives"
    renamed = tmp_path / "levers.yaml"
    renamed.write_text(PLAN.replace("Two levers", "Both levers"), encoding="utf-8")
    assert keep(renamed, store) == "levers is saved with 2 initiatives"
    renamed.rename(tmp_path / "other.yaml")
    (tmp_path / "other.yaml").write_text(PLAN.replace("Two levers", "'Third: more'"), encoding="utf-8")
    assert keep(tmp_path / "other.yaml", store).endswith("third-more is saved with 2 initiatives")
    nameless = tmp_path / "nameless.yaml"
    nameless.write_text(PLAN.replace("name: Two levers, ", ""), encoding="utf-8")
    assert keep(nameless, store).endswith("nameless is saved with 2 initiatives")
    assert PlanStore(Workspace(Path(store)).state()).names() == ["levers", "nameless", "third-more"]


def test_a_changed_file_says_what_it_changes(plan: Path, store: str) -> None:
    keep(plan, store, "--name", "levers")
    plan.write_text(PLAN.replace("title: Second", "title: Other").replace("id: first", "id: one"), encoding="utf-8")
    told = keep(plan, store, "--name", "levers", "--who", "Head of ML", "--why", "renamed")
    assert told == "new: one changed: second removed: first levers is saved with 2 initiatives"
    document = json.loads(run("show", "levers", "--json", "--store", store))
    assert [one["id"] for one in document["initiatives"]] == ["one", "second"]
    assert [one["changed_by"] for one in document["initiatives"]] == ["Head of ML", "Head of ML"]


def test_a_stage_that_the_file_claims_is_told(plan: Path, store: str) -> None:
    plan.write_text(PLAN.replace("title: First,", "title: First, stage: L4,"), encoding="utf-8")
    assert "stage not taken from the file, which approves nothing: first" in keep(plan, store)


def test_saved_plans_are_listed_and_shown(plan: Path, store: str) -> None:
    Workspace(Path(store)).state()
    assert json.loads(run("show", "--json", "--store", store)) == {"plans": []}
    keep(plan, store)
    (entry,) = json.loads(run("show", "--json", "--store", store))["plans"]
    assert (entry["id"], entry["name"], entry["initiatives"], entry["approved_for"]) == (
        "two-levers",
        "Two levers",
        2,
        None,
    )
    document = json.loads(run("show", "two-levers", "--json", "--store", store))
    assert document["file"]["plan"]["name"] == "Two levers"
    assert (document["version"], document["sequence"], document["approval"]) == (1, 3, None)
    assert "Two levers" in run("show", "--store", store)
    assert "60%" in run("show", "two-levers", "--store", store)


def test_a_saved_plan_is_simulated_and_optimised_by_its_name(plan: Path, store: str) -> None:
    keep(plan, store, "--name", "levers")
    by_name = run("simulate", "--plan", "levers", "--json", "--store", store)
    assert by_name == run("simulate", "--plan", str(plan), "--json", "--store", store)
    assert json.loads(run("optimise", "--plan", "levers", "--json", "--store", store))["chosen"]


def test_a_name_that_is_not_saved_is_refused_with_a_hint(plan: Path, store: str) -> None:
    keep(plan, store, "--name", "levers")
    with pytest.raises(CostError, match=r"There is no plan lever\. Expected: one of levers\. Did you mean levers\?"):
        run("simulate", "--plan", "lever", "--store", store)


def test_a_plan_without_spend_of_its_own_uses_the_forecast_of_the_store(plan: Path, tmp_path: Path) -> None:
    rows = stores.daily(date(2026, 1, 1), 181, "100", Tags=stores.team("Fraud"))
    Workspace(tmp_path / "store").load([stores.write_focus(tmp_path / "bill.csv", rows)])
    text = PLAN.split("baseline:\n")[0].replace("x_Model: [scorer]", "x_Team: [Fraud]")
    for there, instead in (("2026-01", "2026-07"), ("2026-03", "2026-09")):
        text = text.replace(there, instead)
    plan.write_text(text, encoding="utf-8")
    document = json.loads(run("simulate", "--plan", str(plan), "--json", "--store", str(tmp_path / "store")))
    assert document["baseline"] == pytest.approx([3100, 3100, 3000], rel=0.02)
    assert document["spend"]["mean"] == pytest.approx([0.16 * month for month in document["baseline"]])
