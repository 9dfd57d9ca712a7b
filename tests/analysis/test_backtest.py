"""The record: windows that do not look ahead, scores that can be worked by hand, rules that may win."""

from __future__ import annotations

import json
from collections.abc import Mapping

import numpy as np
import pytest
from numpy.typing import NDArray

from costlib.analysis import losses
from costlib.analysis.backtest import FINOPS_LEVELS, OURS, Record, Window, backtest
from costlib.analysis.forecast.engine import forecast
from costlib.analysis.forecast.rhythm import Frequency
from costlib.errors import InputError

Array = NDArray[np.float64]


def bills(series: int = 12, months: int = 60, seed: int = 3) -> Array:
    random = np.random.default_rng(seed)
    made: Array = np.exp(6 + random.normal(0.005, 0.04, (series, months)).cumsum(axis=1))
    return made


def names(count: int) -> list[str]:
    return [f"team {one}" for one in range(count)]


def test_windows_end_with_the_history_and_do_not_overlap() -> None:
    record = backtest(bills(), 6, 3, Frequency.MONTH)
    assert [window.cutoff for window in record.windows] == [6, 12, 18]
    np.testing.assert_array_equal(record.windows[1].actual, bills()[:, 48:54])


def test_a_window_says_what_the_engine_would_have_said_then() -> None:
    record = backtest(bills(), 6, 2, Frequency.MONTH)
    then = forecast(bills()[:, :48], 6, Frequency.MONTH)
    np.testing.assert_array_equal(record.windows[1].said[OURS], then.p50)


def test_nothing_after_a_cutoff_is_used_at_it() -> None:
    changed = bills()
    changed[:, 54:] *= 10
    before, after = (backtest(y, 6, 2, Frequency.MONTH).windows[1] for y in (bills(), changed))
    for method in before.said:
        np.testing.assert_array_equal(before.said[method], after.said[method])


def test_a_flat_bill_is_forecast_without_error_by_all() -> None:
    record = backtest(np.full((3, 40), 7.0), 6, 2, Frequency.MONTH)
    for method in record.windows[0].said:
        assert record.scores(method)["wape"] == pytest.approx(0.0, abs=1e-9)
    assert record.scores(OURS)["coverage_80"] == 1.0
    assert set(record.finops_levels().values()) == {1.0}


def test_scores_of_a_rule_by_hand() -> None:
    """40 months at 100, then 6 at 125: the run rate says 100, a fifth below what happened."""
    y = np.full((2, 46), 100.0)
    y[:, 40:] = 125.0
    scores = backtest(y, 6, 1, Frequency.MONTH).scores("3-period run rate")
    assert scores["wape"] == pytest.approx(0.2)
    assert scores["bias"] == pytest.approx(-0.2)


def test_finops_levels_count_totals_by_their_variance() -> None:
    """Variance is over the forecast: actual 110 on a forecast of 100 is 10 %: run, not best."""
    y = np.full((4, 46), 100.0)
    for row, factor in enumerate((1.04, 1.10, 1.14, 1.30)):
        y[row, 40:] *= factor
    record = backtest(y, 6, 1, Frequency.MONTH)
    assert record.finops_levels() == {"best": 0.25, "run": 0.5, "walk": 0.75, "crawl": 0.75}
    assert list(FINOPS_LEVELS) == ["best", "run", "walk", "crawl"]


def test_a_series_takes_part_only_where_it_has_history() -> None:
    y = bills(2)
    y[1, :50] = np.nan
    record = backtest(y, 6, 2, Frequency.MONTH)
    assert [len(window.rows) for window in record.windows] == [1, 1]
    y[1, 44:] = bills(2)[1, 44:]
    assert [len(window.rows) for window in backtest(y, 6, 2, Frequency.MONTH).windows] == [2, 1]


def test_too_short_a_history_is_refused_with_the_number_it_has() -> None:
    with pytest.raises(InputError, match="the longest has 10 periods"):
        backtest(bills(months=10), 6, 2, Frequency.MONTH)


def test_windows_that_the_history_cannot_hold_are_left_out() -> None:
    assert len(backtest(bills(months=30), 6, 9, Frequency.MONTH).windows) == 3


def test_where_a_rule_did_clearly_better_the_record_names_it() -> None:
    """A bill that doubles every seventh month and is back the next: only repeating the last year foresees it."""
    random = np.random.default_rng(1)
    y = bills(6, 84)
    jump = np.tile(random.permutation([1.0] * 10 + [6.0, 9.0]), 7)
    y[0] = 100 * jump
    listed = backtest(y, 12, 3, Frequency.MONTH).by_series(names(6))
    for one in listed:
        beaten = one["beaten_by"]
        if beaten:
            assert one["wape"][beaten] < 0.9 * one["wape"][OURS]
        else:
            assert min(one["wape"].values()) >= 0.9 * one["wape"][OURS] - 1e-4


def said_before(*errors: Mapping[int, tuple[float, float]]) -> Record:
    """Windows in which 100 a month came, and by series our forecast and the run rate's were low by such shares."""
    windows = []
    for number, each in enumerate(errors, start=1):
        actual, off = np.full((len(each), 6), 100.0), np.array(list(each.values()))
        said = {OURS: actual * (1 - off[:, :1]), "run rate": actual * (1 - off[:, 1:])}
        windows.append(Window(6 * number, np.array(list(each)), actual, actual, said, {}, {}))
    return Record(6, Frequency.MONTH, tuple(windows))


@pytest.mark.parametrize(
    ("errors", "beaten"),
    [
        ([(0.20, 0.17), (0.20, 0.17)], "run rate"),
        ([(0.20, 0.10), (0.20, 0.25)], "run rate"),  # 17.5 per cent on the average
        ([(0.20, 0.181), (0.20, 0.181)], None),  # a tenth better is not clearly better
        ([(0.20, 0.01)], None),  # one window says nothing
        ([(0.20, 0.30), (0.20, 0.30)], None),
        ([(0.0, 0.0), (0.0, 0.0)], None),
    ],
)
def test_a_rule_beats_ours_where_two_windows_say_so_by_a_tenth(
    errors: list[tuple[float, float]], beaten: str | None
) -> None:
    (found,) = said_before(*({0: pair} for pair in errors)).by_series(["a"])
    assert (found["windows"], found["beaten_by"]) == (len(errors), beaten)
    assert found["wape"]["run rate"] == pytest.approx(np.mean([rule for _, rule in errors]), abs=1e-4)


def test_series_are_listed_in_their_order_whichever_window_they_are_in() -> None:
    listed = said_before({2: (0.1, 0.2)}, {0: (0.3, 0.2), 2: (0.1, 0.4)}).by_series(["a", "b", "c"])
    assert [(one["unique_id"], one["windows"]) for one in listed] == [("a", 1), ("c", 2)]
    assert listed[1]["wape"] == {OURS: pytest.approx(0.1), "run rate": pytest.approx(0.3)}


def test_a_series_in_one_window_only_is_not_called_beaten() -> None:
    y = bills(4)
    y[3, :44] = np.nan
    listed = backtest(y, 6, 3, Frequency.MONTH).by_series(names(4))
    assert listed[3]["windows"] == 1 and listed[3]["beaten_by"] is None


def test_the_document_is_json_with_unknown_as_null() -> None:
    y = bills(3, 40)
    y[0] = 0.0
    document = backtest(y, 6, 2, Frequency.MONTH).document(names(3))
    text = json.dumps(document, allow_nan=False)
    assert json.loads(text)["horizon"] == 6
    zero = document["by_series"][0]
    assert zero["unique_id"] == "team 0" and zero["wape"][OURS] is None


def test_scores_weigh_every_series_and_window_alike() -> None:
    record = backtest(bills(5), 6, 3, Frequency.MONTH)
    each = [losses.smape(window.actual, window.said[OURS]) for window in record.windows]
    assert record.scores(OURS)["smape"] == pytest.approx(float(np.concatenate(each).mean()), abs=1e-3)


def test_coverage_of_the_record_is_near_its_level_on_drawn_bills() -> None:
    scores = backtest(bills(80, 90), 6, 4, Frequency.MONTH).scores(OURS)
    assert scores["coverage_80"] is not None and scores["total_coverage_80"] is not None
    assert 0.70 <= scores["coverage_80"] <= 0.92
    assert 0.65 <= scores["total_coverage_80"] <= 0.95
