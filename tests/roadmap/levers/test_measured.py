"""What readings say of the machines behind a row, worked by hand, and what is said of levers that nobody can judge."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal

import numpy as np
import pytest

from costlib.analysis.units.measures import Volume
from costlib.analysis.units.readings import REQUESTS, Basis, Reading
from costlib.roadmap.levers.catalogue import read_catalogue
from costlib.roadmap.levers.measured import Unjudged, unjudged, with_metrics, with_requests
from costlib.roadmap.levers.propose import propose
from costlib.roadmap.levers.rows import DAYS_A_MONTH, Daily, SpendRow

BY_ID = {lever.id: lever for lever in read_catalogue()}
FIRST = date(2026, 6, 1)
SERVING = {"x_Model": "scorer", "x_Stage": "real-time inference", "x_CostType": "compute GPU"}
MACHINE = {**SERVING, "ResourceId": "arn:a/prod"}


def row(segment: dict[str, str], cost: str | None = "1000", daily: Daily | None = None) -> SpendRow:
    return SpendRow({"x_Team": "Fraud", **segment}, None if cost is None else Decimal(cost), {}, daily)


def readings(
    measure: str,
    values: Iterable[float],
    resource: str | None = "arn:a/prod",
    model: str | None = None,
    weight: int = 1,
) -> list[Reading]:
    """One reading a day from the first of June on."""
    return [
        Reading(FIRST + timedelta(days=at), resource, model, measure, Decimal(str(value)), Decimal(weight))
        for at, value in enumerate(values)
    ]


def metrics(read: list[Reading], segment: dict[str, str] = MACHINE) -> dict[str, float]:
    (one,) = with_metrics([row(segment)], read)
    return dict(one.metrics)


class TestShares:
    def test_an_accelerator_is_as_busy_as_its_mean_day(self) -> None:
        """Ten days at 20 % and five at 50 % are 30 %."""
        found = metrics(readings(Basis.BUSY, [0.2] * 10 + [0.5] * 5))
        assert found == {"utilisation": pytest.approx(0.3), "duty_cycle": pytest.approx(0.3)}

    def test_a_variant_with_three_times_the_samples_counts_three_times(self) -> None:
        read = readings(Basis.BUSY, [0.2] * 20, weight=3) + readings(Basis.BUSY, [0.6] * 20)
        assert metrics(read)["utilisation"] == pytest.approx(0.3)

    def test_the_more_telling_measure_counts_alone_where_there_is_enough_of_it(self) -> None:
        busy = readings(Basis.BUSY, [0.9] * 20)
        assert metrics(readings(Basis.ENGINE, [0.4] * 14) + busy)["utilisation"] == pytest.approx(0.4)
        assert metrics(readings(Basis.ENGINE, [0.4] * 13) + busy)["utilisation"] == pytest.approx(0.9)

    def test_less_than_two_weeks_tell_nothing(self) -> None:
        assert metrics(readings(Basis.BUSY, [0.1] * 13)) == {}
        assert metrics(readings(Basis.BUSY, [0.1] * 13) + readings(Basis.BUSY, [0.1] * 13)) == {}

    def test_a_cpu_says_nothing_of_an_accelerator_and_no_duty_cycle_of_a_cpu(self) -> None:
        cpu = readings(Basis.CPU, [0.1] * 30)
        assert metrics(cpu) == {}
        assert metrics(cpu, {**MACHINE, "x_CostType": "compute CPU"}) == {"utilisation": pytest.approx(0.1)}


class TestRequests:
    def test_those_of_a_month_are_added_up(self) -> None:
        assert metrics(readings(REQUESTS, [40] * DAYS_A_MONTH)) == {"requests": 1200}

    def test_none_at_all_is_known_only_of_a_whole_month(self) -> None:
        assert metrics(readings(REQUESTS, [0] * DAYS_A_MONTH)) == {"requests": 0}
        assert metrics(readings(REQUESTS, [0] * (DAYS_A_MONTH - 1))) == {}

    def test_some_on_one_day_are_enough_to_know_that_there_are_some(self) -> None:
        assert metrics(readings(REQUESTS, [7])) == {"requests": 7}


class TestWhose:
    def test_another_machine_is_not_told(self) -> None:
        read = readings(Basis.BUSY, [0.1] * 30, resource="arn:a/other")
        assert metrics(read) == metrics(read, SERVING) == {}

    def test_a_reading_of_a_model_tells_of_what_serves_it_and_has_none_of_its_own(self) -> None:
        whole = readings(Basis.BUSY, [0.1] * 30, resource=None, model="scorer")
        own = readings(Basis.BUSY, [0.6] * 30)
        assert metrics(whole)["utilisation"] == metrics(whole, SERVING)["utilisation"] == pytest.approx(0.1)
        assert metrics(whole + own)["utilisation"] == pytest.approx(0.6)
        assert (
            metrics(whole, {**SERVING, "x_Stage": "training"}) == metrics(whole, {**SERVING, "x_Model": "other"}) == {}
        )

    def test_what_is_measured_becomes_a_proposal(self) -> None:
        """1,000 a month at 30 %: a smaller machine likely saves 40 % of it; at 41 % nothing is proposed."""
        low, high = ([row(MACHINE, "1000")], [row(MACHINE, "1000")])
        (found,) = propose(with_metrics(low, readings(Basis.BUSY, [0.3] * 30)), [BY_ID["right-size"]], FIRST)
        assert (found.addressable, found.saving.likely, found.reasons) == (1000, 400, ("utilisation 30%",))
        assert propose(with_metrics(high, readings(Basis.BUSY, [0.41] * 30)), [BY_ID["right-size"]], FIRST) == []


class TestRequestsByDay:
    def counted(self, values: list[int | None], segment: dict[str, str] = SERVING) -> list[float] | None:
        """The requests of a row of sixty days; Fraud's counts begin on its first day, Search asks 5 beside each."""
        volumes = []
        for at, value in enumerate(values):
            day = FIRST + timedelta(days=at)
            volumes += [Volume(day, REQUESTS, "Fraud", "scorer", None if value is None else Decimal(value))]
            volumes += [Volume(day, REQUESTS, "Search", "scorer", Decimal(5))]
            volumes += [Volume(day, "orders", "Search", "scorer", Decimal(900))]
        (found,) = with_requests([row(segment, daily=Daily(FIRST, np.full(60, 10.0)))], volumes)
        assert found.daily is not None
        return None if found.daily.requests is None else found.daily.requests.tolist()

    def test_those_of_all_teams_are_added_up_by_day(self) -> None:
        assert self.counted([20] * 60) == [25] * 60

    def test_a_day_that_is_not_known_stays_unknown(self) -> None:
        found = self.counted([20, None, *[20] * 58])
        assert found is not None and np.isnan(found[1]) and found[2] == 25

    def test_counts_of_less_than_nine_days_in_ten_are_left_out(self) -> None:
        """What begins late would look like a rise."""
        assert self.counted([20] * 54) is not None
        assert self.counted([20] * 53) is None

    def test_what_serves_nothing_has_no_requests(self) -> None:
        assert self.counted([20] * 60, {**SERVING, "x_Stage": "training"}) is None
        assert self.counted([20] * 60, {**SERVING, "x_Model": "other"}) is None

    def test_batches_are_served_too_and_a_row_without_days_stays_as_it_is(self) -> None:
        assert self.counted([20] * 60, {**SERVING, "x_Stage": "batch inference"}) == [25] * 60
        bare = row(SERVING)
        assert with_requests([bare], [Volume(FIRST, REQUESTS, None, "scorer", Decimal(1))]) == [bare]


class TestUnjudged:
    ALL = tuple(BY_ID[name] for name in ("right-size", "autoscale", "dev-off-hours", "tier-storage"))

    def test_each_lever_says_what_it_needs_and_of_how_much_money_the_most_first(self) -> None:
        rows = [row(SERVING, "900"), row({"x_Stage": "storage", "x_CostType": "storage"}, "1500")]
        assert unjudged(rows, self.ALL, 100) == [
            Unjudged(BY_ID["tier-storage"], ("reads_a_month",), 1500),
            Unjudged(BY_ID["autoscale"], ("peak_to_mean",), 900),
            Unjudged(BY_ID["right-size"], ("utilisation",), 900),
        ]

    def test_what_is_measured_or_costs_nothing_known_is_not_among_them(self) -> None:
        measured = with_metrics([row(MACHINE, "900")], readings(Basis.BUSY, [0.9] * 30))
        assert [one.lever.id for one in unjudged(measured, self.ALL, 100)] == ["autoscale"]
        assert unjudged([row(SERVING, None), row(SERVING, "0")], self.ALL, 0.01) == []

    def test_too_few_days_are_a_want_too(self) -> None:
        spent = row({**SERVING, "x_Environment": "development"}, "900", Daily(FIRST, np.full(55, 30.0)))
        named = {one.lever.id: one.needs for one in unjudged([spent], self.ALL, 100)}
        assert named["dev-off-hours"] == ("daily costs",)

    def test_what_could_not_save_enough_is_not_named(self) -> None:
        """Right-sizing saves three quarters at most: of 1,000 that is 750."""
        rows, levers = [row(SERVING, "400"), row(SERVING, "600")], [BY_ID["right-size"]]
        assert [one.amount for one in unjudged(rows, levers, 750)] == [1000]
        assert unjudged(rows, levers, 750.01) == []
