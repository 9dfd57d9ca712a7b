"""Cost against quality of single runs: every point has a name of its own, and the front is that of all runs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal as D
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from costlib.briefs.exhibits import Basis
from costlib.charts.spec import Scatter
from costlib.periods import Window
from costlib.runs.costs import How, RunCost
from costlib.runs.model import Run, Status
from ui.runs.single import against_quality, every_run, qualities, without_result

MORNING = datetime(2026, 9, 1, tzinfo=UTC)
BASIS = Basis("EffectiveCost", "USD", date(2026, 9, 30), "ab12")


def cost(id: str, dollars: str | None, quality: str | None, metric: str = "auc", **more: Any) -> RunCost:
    measured = None if quality is None else D(quality)
    run = Run(id, MORNING, model="ranker", quality_metric=metric if quality else None, quality=measured, **more)
    return RunCost(run, None if dollars is None else D(dollars), How.BILL, None)


def page(*found: RunCost) -> Any:
    """What the page knows of its runs."""

    def once(make: Callable[[], object], *_: object) -> object:
        return make()

    choices = SimpleNamespace(window=Window(date(2026, 9, 1), date(2026, 10, 1)))
    return SimpleNamespace(costs=found, basis=BASIS, choices=choices, once=once)


def chart(*found: RunCost, metric: str = "auc") -> Scatter:
    return against_quality(page(*found), "ranker", metric)


def names(drawn: Scatter) -> list[str]:
    return [point.name for point in drawn.points]


class TestNames:
    def test_what_all_begin_with_is_left_out(self) -> None:
        assert names(chart(cost("job-2026-a", "5", "0.8"), cost("job-2026-b", "9", "0.9"))) == ["b", "a"]

    def test_a_single_run_keeps_its_name(self) -> None:
        assert names(chart(cost("job-2026-a", "5", "0.8"))) == ["job-2026-a"]

    def test_something_is_left_of_a_name_that_begins_all_others(self) -> None:
        assert names(chart(cost("job-", "5", "0.8"), cost("job-2", "9", "0.9"))) == ["job-2", "job-"]

    def test_jobs_of_one_name_in_two_regions_are_told_apart(self) -> None:
        ids = [f"arn:aws:sagemaker:{region}:1:training-job/ranker" for region in ("eu-west-1", "us-east-1")]
        drawn = chart(*(cost(id, str(9 - at), f"0.{9 - at}") for at, id in enumerate(ids)))
        assert set(names(drawn)) == set(ids)

    @given(st.lists(st.from_regex(r"[a-c-]{1,4}", fullmatch=True), min_size=1, max_size=6, unique=True))
    def test_every_run_keeps_a_name_of_its_own(self, ids: list[str]) -> None:
        drawn = chart(*(cost(id, str(at + 1), f"0.{at + 1}") for at, id in enumerate(ids)))
        assert len(set(names(drawn))) == len(drawn.points) and all(names(drawn))
        assert all(any(id.endswith(name) for id in ids) for name in names(drawn))


class TestFront:
    def test_the_best_and_the_cheapest_are_said(self) -> None:
        drawn = chart(cost("a", "40", "0.9"), cost("b", "10", "0.8"), cost("c", "30", "0.7"))
        assert drawn.caption.title == "The best auc of ranker, 0.9, cost $40.00; 0.8 was had for $10.00"
        assert [one.name for one in drawn.front] == ["b", "a"]

    def test_less_is_better_of_an_error(self) -> None:
        drawn = chart(cost("a", "40", "0.1", "rmse"), cost("b", "10", "0.3", "rmse"), metric="rmse")
        assert not drawn.more_y
        assert drawn.caption.title == "The best rmse of ranker, 0.1, cost $40.00; 0.3 was had for $10.00"

    def test_a_run_of_unknown_cost_is_on_no_front(self) -> None:
        assert names(chart(cost("a", None, "0.99"), cost("b", "10", "0.8"))) == ["b"]

    def test_the_cheapest_best_run_has_nothing_cheaper(self) -> None:
        drawn = chart(cost("a", "5", "0.9"), cost("b", "10", "0.8"))
        assert drawn.caption.title == "The best auc of ranker, 0.9, cost $5.00, and no run was cheaper"

    def test_nothing_is_a_quality_and_a_cost_as_any_other(self) -> None:
        perfect = chart(cost("a", "40", "0", "rmse"), cost("b", "10", "0.3", "rmse"), metric="rmse")
        assert perfect.caption.title == "The best rmse of ranker, 0, cost $40.00; 0.3 was had for $10.00"
        free = chart(cost("a", "0", "0.5"), cost("b", "10", "0.9"), cost("c", "5", "0.4"))
        assert {one.name: one.front for one in free.placed} == {"a": True, "b": True, "c": False}

    def test_a_model_without_any_success_is_drawn(self) -> None:
        assert names(chart(cost("a", "40", "0"))) == ["a"]

    @given(
        st.lists(
            st.tuples(st.integers(0, 60), st.integers(0, 99)), min_size=1, max_size=40, unique_by=lambda pair: pair[1]
        )
    )
    def test_what_is_drawn_on_the_front_no_run_beats(self, given_runs: list[tuple[int, int]]) -> None:
        found = [cost(f"r{at}", str(price), f"0.{share:02}") for at, (price, share) in enumerate(given_runs)]
        drawn = chart(*found)
        assert len(drawn.points) <= 8
        for one in drawn.front:
            better = [run for run in found if run.cost is not None and run.cost <= one.x and run.run.quality > one.y]
            assert better == []


class TestRuns:
    def test_models_are_listed_by_what_their_measured_runs_cost(self) -> None:
        found = (
            cost("a", "5", "0.9"),
            cost("b", "9", "0.5", "rmse"),
            cost("c", "5", "0.8"),
            cost("d", "99", None),
            cost("e", None, "0.9", "f1"),
        )
        assert qualities(page(*found)) == (("ranker", "auc"), ("ranker", "rmse"))

    def test_runs_without_a_result_dearest_first_and_unknown_last(self) -> None:
        found = (
            cost("done", "99", "0.9"),
            cost("cheap", "1", None, status=Status.FAILED),
            cost("unknown", None, None, status=Status.CANCELLED),
            cost("dear", "50", None, status=Status.FAILED),
        )
        assert [one.run.run_id for one in without_result(page(*found))] == ["dear", "cheap", "unknown"]

    def test_the_table_keeps_unknown_unknown(self) -> None:
        (row,) = every_run(page(cost("a", None, None))).to_pylist()
        assert (row["Cost"], row["Hours"], row["Quality"], row["Storage"]) == (None,) * 4
        assert (row["Run"], row["Experiment"], row["Machine"]) == ("a", "–", "–")

    def test_amounts_in_the_table_are_rounded_half_up_to_the_cent(self) -> None:
        (row,) = every_run(page(cost("a", "1.005", "0.5", utilisation=D("0.25")))).to_pylist()
        assert (row["Cost"], row["At work, %"]) == (pytest.approx(1.01), pytest.approx(25))

    def test_without_runs_the_table_has_its_columns(self) -> None:
        table = every_run(page())
        assert table.num_rows == 0 and {"Run", "Cost", "Started"} <= set(table.column_names)
