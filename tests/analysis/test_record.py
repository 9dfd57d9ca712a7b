"""The record: hand-worked variances, levels, hit rates; what was locked is read back as it was."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal

import numpy as np
import pytest

from costlib.analysis.ranges import Line
from costlib.analysis.record import Actuals, Version, comparisons, finops_level, locked, record, version_of
from costlib.analysis.replay import actuals_of, replayed, until
from costlib.errors import InputError
from costlib.periods import Window, whole_months
from tests.analysis.outlooks import JANUARY, ahead, daily, line, months, noisy

KEYS = (("Ads",), ("Fraud",))


def version(
    lines: tuple[Line, ...], total: Line, name: str = "v1", data_until: date = date(2025, 12, 31), first: date = JANUARY
) -> Version:
    return Version(
        version=name,
        locked_on=date(2026, 1, 2),
        data_until=data_until,
        generation="g1",
        measure="EffectiveCost",
        currency="USD",
        months=months(first, len(total.p50)),
        by=("x_Team",),
        keys=KEYS,
        lines=lines,
        total=total,
    )


def actuals(*rows: tuple[object, ...], first: date = JANUARY) -> Actuals:
    cost = tuple(tuple(None if one is None else Decimal(str(one)) for one in row) for row in rows)
    return Actuals(KEYS[: len(rows)], months(first, len(rows[0])), cost)


V1 = version(
    (line([100, 100, 100], [80, 80, 80], [120, 120, 120]), line([200, 200, 200], [190, 190, 190], [210, 210, 210])),
    line([300, 300, 300], [280, 280, 280], [320, 320, 320]),
)


def test_one_month_ahead_by_hand() -> None:
    found = record([V1], actuals((104, 0, 0), (250, 0, 0)), ahead=[1])[0]
    assert (found.versions, found.compared) == (1, 2)
    assert found.variance == pytest.approx(54 / 300) and found.bias == pytest.approx(54 / 300)
    assert found.level == "crawl" and found.hit_rate == 0.0
    assert found.within == {0.05: 0.5, 0.12: 0.5, 0.20: 0.5}
    assert found.segment_hit_rate == 0.5


def test_variance_is_actual_less_forecast_over_forecast() -> None:
    row = next(one for one in comparisons([V1], actuals((90, 0, 0), (200, 0, 0))) if one.key == ("Ads",))
    assert row.variance == Decimal(-10) and row.share == pytest.approx(-0.1) and row.inside and row.ahead == 1


def test_of_a_credit_less_is_more_spent() -> None:
    """A credit of 100 was forecast and one of 80 came: 20 more was spent than forecast."""
    credits = version((line([-100]), line([0])), line([-100]))
    row = next(one for one in comparisons([credits], actuals((-80,), (0,))) if one.key == ("Ads",))
    assert row.variance == 20 and row.share == pytest.approx(0.2)


def test_ends_are_within() -> None:
    found = record([V1], actuals((105, 0, 0), (176, 0, 0)), ahead=[1])[0]
    assert found.within == {0.05: 0.5, 0.12: 1.0, 0.20: 1.0}


def test_too_high_and_too_low_cancel_in_the_bias_and_not_in_the_variance() -> None:
    low = replace(V1, version="v2", total=line([270, 270, 270]))
    found = record([V1, low], actuals((100, 0, 0), (185, 0, 0)), ahead=[1])[0]
    assert found.bias == pytest.approx((-15 / 300 + 15 / 270) / 2)
    assert found.variance == pytest.approx((15 / 300 + 15 / 270) / 2)
    assert found.versions == 2


@pytest.mark.parametrize(
    ("variance", "level"), [(0.05, "best"), (0.051, "run"), (0.15, "walk"), (0.2, "crawl"), (0.21, None), (None, None)]
)
def test_finops_levels(variance: float | None, level: str | None) -> None:
    assert finops_level(variance) == level


def test_months_ahead_count_from_the_month_that_the_data_end_in() -> None:
    inside = replace(V1, data_until=date(2026, 1, 10))
    assert [V1.ahead(month) for month in V1.months] == [1, 2, 3]
    assert [inside.ahead(month) for month in inside.months] == [0, 1, 2]
    assert record([inside], actuals((104, 100, 0), (200, 200, 0)), ahead=[1])[0].variance == 0.0


def test_what_has_not_closed_is_not_compared_and_a_row_says_so() -> None:
    rows = record([V1], actuals((104,), (200,)))
    assert [row.ahead for row in rows] == [1, 3, 12]
    assert [row.versions for row in rows] == [1, 0, 0]
    assert rows[1].variance is None and rows[1].level is None and rows[2].within[0.05] is None


def test_what_is_unknown_is_left_out_and_what_is_gone_cost_nothing() -> None:
    found = comparisons([V1], actuals((None,), (200,)))
    assert [one.key for one in found] == [("Fraud",)]
    gone = comparisons([V1], actuals((100,)))
    assert {one.key: one.actual for one in gone} == {None: Decimal(100), ("Ads",): Decimal(100), ("Fraud",): Decimal(0)}


def test_a_segment_launched_since_is_in_the_total_only() -> None:
    new = Actuals((*KEYS, ("New",)), months(JANUARY, 1), ((Decimal(100),), (Decimal(200),), (Decimal(60),)))
    whole = next(one for one in comparisons([V1], new) if one.key is None)
    assert whole.actual == Decimal(360) and len(comparisons([V1], new)) == 3


def test_spend_where_nothing_was_forecast_is_within_no_share() -> None:
    nothing = replace(V1, lines=(line([0, 0, 0]), line([200, 200, 200])))
    found = record([nothing], actuals((1, 0, 0), (200, 0, 0)), ahead=[1])[0]
    assert found.within[0.20] == 0.5
    same = record([nothing], actuals((0, 0, 0), (200, 0, 0)), ahead=[1])[0]
    assert same.within[0.05] == 1.0


def test_a_version_is_read_back_as_it_was_locked() -> None:
    outlook = ahead(np.random.default_rng(1).lognormal(3, 1, (2, 3, 40)), teams=("Ads", None))
    kept = locked(outlook, "2026-01", date(2026, 1, 2), date(2025, 12, 31), "g1", "EffectiveCost", "EUR")
    assert version_of(json.loads(json.dumps(kept.document()))) == kept
    assert kept.total.p50[0] != sum(one.p50[0] or 0 for one in kept.lines)


def test_a_segment_without_forecast_stays_unknown_in_the_file() -> None:
    kept = version((line([None]), line([1])), line([1]))
    assert version_of(kept.document()) == kept
    assert [one.key for one in comparisons([kept], actuals((5,), (1,)))] == [None, ("Fraud",)]


@pytest.mark.parametrize("broken", [{}, {"version": "v1"}, {**V1.document(), "locked_on": "yesterday"}])
def test_a_file_that_is_no_version_is_refused(broken: dict) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        version_of(broken)


def test_a_replay_of_a_flat_bill_is_never_off() -> None:
    flat = daily(np.full((2, 300), 10.0))
    versions = replayed(flat, "EffectiveCost", "USD")
    assert all(one.replayed for one in versions)
    assert versions[0].version == "replayed 2026-03"
    found = record(versions, actuals_of(flat))
    assert found[0].variance == 0.0 and found[0].level == "best" and found[0].hit_rate == 1.0


def test_a_replay_knows_nothing_after_its_month_end() -> None:
    calm = noisy(2, 300, seed=3)
    wild = calm.copy()
    wild[:, 181:] *= 50
    upto = [one for one in replayed(daily(calm), "EffectiveCost", "USD") if one.locked_on <= date(2026, 7, 1)]
    same = [one for one in replayed(daily(wild), "EffectiveCost", "USD") if one.locked_on <= date(2026, 7, 1)]
    assert len(upto) == 4 and upto == same


def test_a_replayed_version_holds_only_what_had_begun() -> None:
    spend = noisy(2, 300, seed=4)
    spend[1, :150] = np.nan
    versions = replayed(daily(spend), "EffectiveCost", "USD")
    assert versions[0].keys == (("Ads",),) and versions[-1].keys == KEYS


def test_a_short_bill_has_no_replay() -> None:
    assert replayed(daily(np.full((1, 80), 3.0)), "EffectiveCost", "USD") == ()


def test_on_noisy_bills_the_range_holds_and_a_month_ahead_is_near() -> None:
    bill = daily(noisy(6, 700, seed=9), teams=tuple("abcdef"))
    near = record(replayed(bill, "EffectiveCost", "USD"), actuals_of(bill))[0]
    assert near.variance is not None and near.variance < 0.10
    assert near.segment_hit_rate is not None and 0.6 <= near.segment_hit_rate <= 0.98


def test_actuals_are_closed_months_to_the_cent() -> None:
    spend = np.full((2, 62), 1.005)
    spend[1, :40] = np.nan
    found = actuals_of(daily(spend))
    assert found.months == months(JANUARY, 2)
    assert found.cost == ((Decimal("31.15"), Decimal("28.14")), (Decimal("0.00"), Decimal("19.09")))
    assert found.total(JANUARY) == Decimal("31.15") and found.total(date(2026, 3, 1)) is None


def test_a_day_that_is_not_known_makes_its_month_unknown() -> None:
    spend = np.full((1, 62), 1.0)
    spend[0, 10] = np.nan
    assert actuals_of(daily(spend)).cost == ((None, Decimal("28.00")),)


def test_closed_months_and_cutting() -> None:
    assert whole_months(Window(date(2026, 1, 2), date(2026, 1, 31))) == ()
    cut = until(daily(np.arange(80.0)), date(2026, 2, 1))
    assert cut.window == Window(JANUARY, date(2026, 2, 1)) and cut.spend.shape == (1, 31)
