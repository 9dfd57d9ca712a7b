"""Anomalies of the sample company, loaded like any bill, against what was put into it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal as D

import pytest

from bench.anomalies import CUTS, EC2, SAGEMAKER, Score, score, series
from costlib.analysis.anomalies import Anomaly, Cause, Charge, Driver, Kind, anomalies, comparison, driver
from costlib.periods import Grain, Window
from costlib.store.question import Filter, Question
from costlib.store.reader import Reader
from costlib.workspace import Workspace
from tests.pages import stores

TEAMS = CUTS[0]


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Reader:
    return Workspace(stores.demo(tmp_path_factory)).snapshot().reader


@pytest.fixture(scope="module")
def scores(reader: Reader) -> dict[tuple[str, ...], Score]:
    """How each cut was watched, against the changes that the sample says it holds."""
    return {by: score(reader, by) for by in CUTS}


@pytest.fixture(scope="module")
def found(reader: Reader) -> tuple[Anomaly, ...]:
    return anomalies(series(reader, TEAMS)).anomalies


def of(found: tuple[Anomaly, ...], team: str | None, service: str, first: date) -> Anomaly:
    """The one anomaly of a team and service that begins on a day."""
    segment = (("x_Team", team), ("ServiceName", service))
    (one,) = [one for one in found if one.segment == segment and one.first == first]
    return one


def driver_of(reader: Reader, anomaly: Anomaly) -> Driver:
    """The driver from line items of the anomaly's segment, asked as a page asks."""
    by = ("ResourceId", "SkuMeter", "ConsumedUnit", "ChargeCategory")
    window = Window(comparison(anomaly).start, anomaly.window.end)
    filters = tuple(Filter(dimension, (value,)) for dimension, value in anomaly.segment)

    def asked(measure: str) -> dict[tuple[object, ...], D | None]:
        rows = reader.ask(Question(by=by, measure=measure, grain=Grain.DAY, window=window, filters=filters))
        return {(row.period, *row.values): row.amount for row in rows}

    quantities = asked("ConsumedQuantity")
    charges = [Charge(*key, cost, quantities.get(key)) for key, cost in asked("EffectiveCost").items()]
    return driver(anomaly, charges)


@pytest.mark.parametrize("by", CUTS, ids=" x ".join)
def test_nine_of_ten_anomalies_are_true_and_most_of_their_money(scores, by) -> None:
    assert scores[by].precision >= 0.9
    assert scores[by].money_precision >= 0.94


def test_most_of_what_happened_is_found_where_teams_and_services_are_watched(scores) -> None:
    assert scores[TEAMS].recall >= 0.6
    assert scores[TEAMS].money_recall >= 0.8


def test_wider_cuts_find_less(scores) -> None:
    assert scores[TEAMS].recall > max(scores[by].recall for by in CUTS[1:])


def test_it_was_not_easy(scores) -> None:
    assert scores[TEAMS].changes > 70
    assert scores[TEAMS].series > 50
    assert scores[TEAMS].missed


def test_the_runaway_sweep_is_a_spike_of_its_five_days(found) -> None:
    sweep = of(found, "Search", SAGEMAKER, date(2026, 7, 9))
    assert (sweep.kind, sweep.last) == (Kind.SPIKE, date(2026, 7, 13))
    assert 9_000 < sweep.excess < 11_000


def test_doubled_training_is_one_level_shift_on_its_day(found) -> None:
    shift = of(found, "Recommendations", SAGEMAKER, date(2026, 9, 22))
    assert shift.kind is Kind.LEVEL_SHIFT
    assert 1.6 < shift.level_after / shift.level_before < 1.9
    assert not [one for one in found if one.segment == shift.segment and one.first > shift.first]


def test_the_launch_is_told_once_although_it_fills_up_for_months(found) -> None:
    bedrock = [
        one for one in found if one.segment == (("x_Team", "Support Assistant"), ("ServiceName", "Amazon Bedrock"))
    ]
    assert [abs((one.first - date(2026, 2, 10)).days) <= 1 for one in bedrock if one.excess > 0] == [True]


def test_the_smaller_model_is_a_shift_down(found) -> None:
    shift = of(found, "Support Assistant", "Amazon Bedrock", date(2026, 6, 16))
    assert shift.kind is Kind.LEVEL_SHIFT
    assert shift.excess < -20_000


def test_steps_of_one_instance_in_twenty_are_dated_to_the_day(found) -> None:
    for first in (date(2026, 1, 12), date(2026, 2, 16), date(2026, 3, 9), date(2026, 5, 11)):
        step = of(found, "Fraud", SAGEMAKER, first)
        assert step.kind is Kind.LEVEL_SHIFT
        assert D("0.03") < step.level_after / step.level_before - 1 < D("0.15")


@pytest.mark.parametrize(
    ("team", "service", "first", "cause", "name"),
    [
        ("Search", SAGEMAKER, date(2026, 7, 9), Cause.NEW_RESOURCE, "training-job/search-ranker-sweep-…"),
        ("Recommendations", SAGEMAKER, date(2026, 9, 22), Cause.VOLUME, "training-job/recs-two-tower-…"),
        ("Fraud", SAGEMAKER, date(2026, 1, 12), Cause.NEW_RESOURCE, "endpoint/fraud-scorer-shadow"),
        ("Fraud", SAGEMAKER, date(2026, 3, 9), Cause.NEW_RESOURCE, "endpoint/fraud-scorer-dev-canary"),
        ("Fraud", SAGEMAKER, date(2026, 3, 17), Cause.CREDIT, "endpoint/fraud-scorer-prod"),
        ("Fraud", SAGEMAKER, date(2026, 5, 11), Cause.VOLUME, "endpoint/fraud-scorer-prod"),
        ("Data Platform", SAGEMAKER, date(2026, 5, 12), Cause.NEW_RESOURCE, "training-job/demand-forecast-backfill"),
        (None, EC2, date(2026, 5, 1), Cause.MISSING_CREDIT, None),
        (None, SAGEMAKER, date(2026, 1, 22), Cause.NEW_RESOURCE, "notebook-instance/tmp-clq-test"),
    ],
    ids=lambda value: str(value) if isinstance(value, Cause | date) else "",
)
def test_line_items_name_the_true_driver(reader, found, team, service, first, cause, name) -> None:
    anomaly = of(found, team, service, first)
    result = driver_of(reader, anomaly)
    assert (result.cause, result.name) == (cause, name)
    assert D("0.5") < result.amount / anomaly.excess < D("1.5")


def test_an_anomalys_filter_and_days_hold_exactly_its_money(reader, found) -> None:
    for one in found[:10]:
        filters = tuple(Filter(dimension, (value,)) for dimension, value in one.segment)
        (row,) = reader.ask(Question(window=one.window, filters=filters))
        assert row.amount == one.actual
