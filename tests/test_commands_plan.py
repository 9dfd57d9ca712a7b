"""The commands plan simulate and plan optimise as a person types them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from costlib.commands import app
from costlib.errors import CostError

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


def test_a_plan_without_a_baseline_is_refused_with_what_to_do(plan: Path) -> None:
    plan.write_text(PLAN.split("baseline:\n")[0], encoding="utf-8")
    with pytest.raises(CostError, match="baseline"):
        RUN.invoke(app, ["plan", "simulate", "--plan", str(plan)], catch_exceptions=False)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CostError):
        RUN.invoke(app, ["plan", "simulate", "--plan", str(tmp_path / "none.yaml")], catch_exceptions=False)
