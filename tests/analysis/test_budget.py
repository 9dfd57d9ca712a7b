"""Budget, variance, where the year ends, and the quarterly review: worked by hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from costlib.analysis.bridge import Segment
from costlib.analysis.budget import (
    Budget,
    BudgetLine,
    Status,
    landings,
    spent,
    status,
    team_paths,
    variances,
)
from costlib.analysis.review import quarterly_review, unit_details
from costlib.errors import InputError
from costlib.fiscal import WeekCalendar
from tests.analysis.outlooks import JANUARY, months

YEAR = months(JANUARY, 12)
FEB, MAR = date(2026, 2, 1), date(2026, 3, 1)


def money(value: object) -> Decimal:
    return Decimal(str(value))


def flat(teams: dict[str | None, int], starts: Sequence[date]) -> tuple[BudgetLine, ...]:
    """The same amount for a team in every month."""
    return tuple(BudgetLine(team, month, money(given)) for team, given in teams.items() for month in starts)


def budget(teams: dict[str | None, int], fiscal_start: int = 1, first: date = JANUARY) -> Budget:
    return Budget("2026 v1", date(2025, 12, 15), "USD", flat(teams, months(first, 12)), fiscal_start)


def actual(**teams: list[object]) -> dict[tuple[str | None, date], Decimal | None]:
    return {
        (team, month): None if cost is None else money(cost)
        for team, costs in teams.items()
        for month, cost in zip(YEAR, costs, strict=False)
    }


PLAN = budget({"Ads": 100, "Fraud": 200})


def test_variance_is_actual_less_budget_largest_overspend_first_then_all() -> None:
    rows = variances(PLAN, actual(Ads=[100, 130], Fraud=[150, 210]), [JANUARY, FEB])
    assert [(row.team, row.variance, row.status) for row in rows] == [
        ("Ads", money(30), Status.OVER),
        ("Fraud", money(-40), Status.UNDER),
        (None, money(-10), Status.ON),
    ]
    assert rows[0].share == money("0.15") and rows[2].every


def test_spend_without_a_budget_is_said_and_counts_in_the_total() -> None:
    rows = variances(PLAN, actual(Ads=[100], Fraud=[200], Ghost=[50]), [JANUARY])
    ghost = rows[0]
    assert (ghost.team, ghost.budget, ghost.status, ghost.variance) == ("Ghost", None, Status.UNBUDGETED, money(50))
    assert rows[-1].actual == money(350) and rows[-1].variance == money(50)


AMOUNTS = st.dictionaries(st.sampled_from(["Ads", "Fraud", "Ghost", None]), st.integers(-500, 500), min_size=1)


@given(AMOUNTS, AMOUNTS)
def test_the_variances_of_teams_add_up_to_that_of_all(
    planned: dict[str | None, int], cost: dict[str | None, int]
) -> None:
    rows = variances(budget(planned), {(team, JANUARY): money(one) for team, one in cost.items()}, [JANUARY])
    assert sum(row.variance or 0 for row in rows[:-1]) == rows[-1].variance


def test_without_any_line_the_variance_of_all_is_not_known() -> None:
    assert variances(replace(PLAN, lines=()), actual(Ads=[5]), [JANUARY])[-1].variance is None


def test_a_team_with_neither_budget_nor_spend_in_these_months_has_no_row() -> None:
    """Fraud is budgeted from February on; "not budgeted, $0" of January would be no news. Unknown cost may be some."""
    later = replace(PLAN, lines=tuple(line for line in PLAN.lines if (line.team, line.month) != ("Fraud", JANUARY)))
    assert [row.team for row in variances(later, actual(Ads=[100]), [JANUARY])] == ["Ads", None]
    assert [row.team for row in variances(later, actual(Ads=[100], Fraud=[None]), [JANUARY])] == ["Ads", "Fraud", None]


def test_an_open_month_and_an_unknown_cost_are_not_known_and_a_silent_team_spent_nothing() -> None:
    booked = actual(Ads=[100], Fraud=[None])
    assert spent(booked, "Ads", [JANUARY, FEB]) is None
    assert spent(booked, "Search", [JANUARY]) == 0
    rows = variances(PLAN, booked, [JANUARY])
    assert {row.team: row.status for row in rows if not row.every} == {"Ads": Status.ON, "Fraud": Status.UNKNOWN}
    assert rows[-1].actual is None and rows[-1].status is Status.UNKNOWN


def test_nobody_is_a_team_of_its_own() -> None:
    booked: dict[tuple[str | None, date], Decimal | None] = {(None, JANUARY): money(7)}
    rows = variances(budget({None: 5}), booked, [JANUARY])
    assert [(row.team, row.every, row.variance) for row in rows] == [(None, False, money(2)), (None, True, money(2))]


@pytest.mark.parametrize(
    ("planned", "cost", "word"),
    [
        (100, 105, "on budget"),
        (100, 95, "on budget"),
        (100, 105.01, "over budget"),
        (100, 94.99, "under budget"),
        (0, 1, "over budget"),
        (0, 0, "on budget"),
        (-100, -105, "on budget"),  # a credit that was expected
        (-100, -94, "over budget"),
        (-100, -106, "under budget"),
    ],
)
def test_within_five_per_cent_is_on_budget(planned: float, cost: float, word: str) -> None:
    assert status(money(planned), money(cost)) == word


def test_months_each_by_themselves_add_up_to_both() -> None:
    """January as budgeted; in February Ads spends 130 of its 100."""
    booked = actual(Ads=[100, 130], Fraud=[200, 200])
    january, february, both = (variances(PLAN, booked, asked)[-1] for asked in ([JANUARY], [FEB], [JANUARY, FEB]))
    assert (january.variance, february.variance, both.variance) == (0, money(30), money(30))


def test_fiscal_years_and_quarters_begin_where_the_organisation_says() -> None:
    october = budget({"Ads": 1}, fiscal_start=10, first=date(2025, 10, 1))
    assert october.year(JANUARY)[0] == date(2025, 10, 1)
    assert october.quarter(FEB) == (JANUARY, FEB, MAR)
    assert budget({"Ads": 1}, fiscal_start=2).quarter(JANUARY)[0] == date(2025, 11, 1)


@pytest.mark.parametrize(
    "lines",
    [
        (BudgetLine("Ads", JANUARY, money(1)), BudgetLine("Ads", JANUARY, money(2))),
        (BudgetLine("Ads", date(2026, 1, 2), money(1)),),
    ],
)
def test_a_budget_that_cannot_be_is_refused(lines: tuple[BudgetLine, ...]) -> None:
    with pytest.raises(InputError):
        Budget("v", JANUARY, "USD", lines)


def test_a_fiscal_year_has_a_month_to_begin_with() -> None:
    assert Budget("v", JANUARY, "USD", (), 12).quarter(MAR) == months(MAR, 3)
    with pytest.raises(InputError, match="1 to 12"):
        Budget("v", JANUARY, "USD", (), 13)


#: Ads on four paths: 90, 100, 110 or 140 in each month left.
PATHS = np.array([[[90.0, 100.0, 110.0, 140.0]] * 10])
BOOKED = actual(Ads=[100, 100])


def test_where_the_year_ends_is_actual_and_the_rest_of_the_paths() -> None:
    found = landings(budget({"Ads": 100}), BOOKED, ["Ads"], YEAR[2:], PATHS, JANUARY)
    ads, whole = found
    assert ads.spent == money(200) and ads.p50 == money("1250.00")
    assert ads.budget == money(1200) and ads.variance == money("50.00")
    assert ads.probability == 0.5
    assert (whole.every, whole.p50, whole.probability) == (True, ads.p50, 0.5)


def test_before_the_first_month_is_closed_all_of_the_year_is_forecast() -> None:
    """Twelve months of 90, 100, 110 or 140: the middle of 1,080, 1,200, 1,320 and 1,680 is 1,260."""
    paths = np.concatenate([PATHS, PATHS[:, :2]], axis=1)
    ads, whole = landings(budget({"Ads": 100}), {}, ["Ads"], YEAR, paths, JANUARY)
    assert (ads.spent, ads.p50, whole.spent, whole.p50) == (0, money("1260.00"), 0, money("1260.00"))


def test_a_year_that_lands_on_its_budget_is_not_overrun() -> None:
    """Of four paths one ends on the 1,200 of the budget to the dollar, two end above it."""
    ads, _ = landings(budget({"Ads": 100}), BOOKED, ["Ads"], YEAR[2:], PATHS, JANUARY)
    dearer, _ = landings(budget({"Ads": 99}), BOOKED, ["Ads"], YEAR[2:], PATHS, JANUARY)
    assert (ads.probability, dearer.probability) == (0.5, 0.75)


def test_a_closed_month_does_not_move_with_the_paths() -> None:
    longer = np.concatenate([np.full((1, 2, 4), 9999.0), PATHS], axis=1)
    same = landings(budget({"Ads": 100}), BOOKED, ["Ads"], YEAR, longer, JANUARY)
    assert same == landings(budget({"Ads": 100}), BOOKED, ["Ads"], YEAR[2:], PATHS, JANUARY)


def test_a_year_that_is_over_is_certain() -> None:
    over = landings(
        budget({"Ads": 100}), actual(Ads=[101] * 12), ["Ads"], months(date(2027, 1, 1), 1), PATHS[:, :1], JANUARY
    )
    assert over[0].lower == over[0].upper == money("1212.00") and over[0].probability == 1.0


def test_teams_without_budget_or_without_forecast_are_in_the_whole() -> None:
    booked = {**BOOKED, ("Old", JANUARY): money(50)}
    paths = np.concatenate([PATHS, PATHS])
    found = {
        row.team: row for row in landings(budget({"Ads": 100}), booked, ["Ads", "New"], YEAR[2:], paths, JANUARY)[:-1]
    }
    assert found["New"].budget is None and found["New"].probability is None
    assert found["New"].variance == found["New"].p50 != 0
    assert found["Old"].p50 == money("50.00")
    whole = landings(budget({"Ads": 100}), booked, ["Ads", "New"], YEAR[2:], paths, JANUARY)[-1]
    assert whole.p50 == money("2350.00")


@pytest.mark.parametrize("without", [JANUARY, MAR, YEAR[-1]])
def test_a_budget_of_eleven_months_is_not_held_against_twelve(without: date) -> None:
    whole = budget({"Ads": 100})
    part = replace(whole, lines=tuple(line for line in whole.lines if line.month != without))
    with pytest.raises(InputError, match=r"for a part of the fiscal year\. Expected: a line for every month"):
        landings(part, BOOKED, ["Ads"], YEAR[2:], PATHS, JANUARY)


def test_a_team_that_joins_a_budget_late_has_none_before() -> None:
    """The year has a budget from other lines; to New, the months before its first line were budgeted nothing."""
    whole = budget({"Ads": 100})
    joined = replace(whole, lines=(*whole.lines, BudgetLine("New", MAR, money(30))))
    found = landings(joined, BOOKED, ["Ads", "New"], YEAR[2:], np.concatenate([PATHS, PATHS]), JANUARY)
    assert [one.budget for one in found] == [money(1200), money(30), money(1230)]


def test_an_unknown_actual_makes_the_landing_unknown() -> None:
    found = landings(budget({"Ads": 100}), actual(Ads=[100, None]), ["Ads"], YEAR[2:], PATHS, JANUARY)
    assert found[0].p50 is None and found[0].spent is None and found[-1].probability is None


def test_a_month_neither_closed_nor_forecast_is_refused() -> None:
    with pytest.raises(InputError, match="2026-12 is neither"):
        landings(budget({"Ads": 100}), BOOKED, ["Ads"], YEAR[2:11], PATHS[:, :9], JANUARY)


def test_segments_are_summed_by_team() -> None:
    paths = np.arange(12.0).reshape(3, 2, 2)
    teams, summed = team_paths([("Ads", "a"), (None, "b"), ("Ads", "c")], 0, paths)
    assert teams == ("Ads", None)
    np.testing.assert_array_equal(summed[0], paths[0] + paths[2])


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 3000), st.integers(0, 11), st.integers(0, 99))
def test_a_larger_budget_is_overrun_less_often(amount: int, closed: int, seed: int) -> None:
    paths = np.random.default_rng(seed).lognormal(4, 0.5, (1, 12, 30))
    booked = actual(Ads=[100] * closed)
    small, large = (
        landings(budget({"Ads": given}), booked, ["Ads"], YEAR, paths, JANUARY)[0] for given in (amount, amount + 50)
    )
    assert (large.probability or 0) <= (small.probability or 0)
    assert small.lower <= small.p50 <= small.upper  # type: ignore[operator]


def test_the_review_splits_what_has_quantities_and_names_the_rest() -> None:
    gpu = Segment("gpu", "Hrs", money(300), money(100), money(600), money(150))
    rows = quarterly_review(
        budget({"Ads": 120, "Fraud": 10}), actual(Ads=[200, 200, 250], Ghost=[5, 5, 5]), FEB, {"Ads": [gpu]}
    )
    by_team = {row.variance.team: row for row in rows[:-1]}
    ads = by_team["Ads"].parts
    assert ads is not None
    assert (ads.volume, ads.rate, ads.unquantified) == (money(150), money(150), money(-10))
    assert ads.total == by_team["Ads"].variance.variance == money(290)
    assert by_team["Ghost"].parts.new == money(15)  # type: ignore[union-attr]
    assert by_team["Fraud"].parts.ended == money(-30)  # type: ignore[union-attr]
    whole = rows[-1]
    assert whole.variance.every and whole.parts is not None
    assert whole.parts.total == whole.variance.variance == money(275)


def test_a_quarter_that_is_not_over_has_no_causes() -> None:
    rows = quarterly_review(PLAN, actual(Ads=[100], Fraud=[200]), JANUARY)
    assert all(row.parts is None for row in rows)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(*[st.integers(0, 500)] * 5), max_size=4), st.integers(0, 900), st.integers(0, 900))
def test_parts_of_the_review_add_up_to_the_variance(details: list[tuple[int, ...]], planned: int, cost: int) -> None:
    segments = [
        Segment(f"s{place}", "Hrs", money(one[0]), money(one[1]), money(one[2]), money(one[3]))
        for place, one in enumerate(details)
    ]
    row = quarterly_review(budget({"Ads": planned}), actual(Ads=[cost] * 3), FEB, {"Ads": segments})[0]
    assert row.parts is not None and row.parts.total == row.variance.variance


#: Ads may spend 120 a month: 100 on 50 hours, 20 on everything else.
HOURS = Budget(
    "FY26",
    date(2025, 12, 15),
    "USD",
    tuple(
        line
        for month in YEAR
        for line in (
            BudgetLine("Ads", month, money(100), money(50), "Hrs"),
            BudgetLine("Ads", month, money(20)),
        )
    ),
)


def test_a_budget_with_quantities_splits_into_volume_and_rate() -> None:
    """300 for 150 hours became 400 for 160: ten hours at 2, then half a dollar more for 160; 90 against 60 beside."""
    quarter = HOURS.quarter(FEB)
    details = unit_details(HOURS, quarter, {("Ads", "Hrs"): (money(400), money(160)), ("Ads", "GB"): (money(90), None)})
    ads, whole = quarterly_review(HOURS, actual(Ads=[160, 160, 170]), FEB, details)
    assert ads.parts == whole.parts and ads.parts is not None
    assert (ads.parts.volume, ads.parts.rate, ads.parts.unquantified) == (money(20), money(80), money(30))
    assert ads.parts.total == ads.variance.variance == money(130)


@pytest.mark.parametrize("used", [{("Ads", "Hrs"): (money(400), None)}, {("Ads", "Hrs"): (None, money(160))}])
def test_an_unknown_quantity_or_cost_is_not_guessed(used: dict[tuple[str, str], tuple[Decimal, Decimal]]) -> None:
    details = unit_details(HOURS, HOURS.quarter(FEB), used)  # type: ignore[arg-type]
    row = quarterly_review(HOURS, actual(Ads=[160, 160, 170]), FEB, details)[0]
    assert row.parts is not None and (row.parts.unquantified, row.parts.total) == (money(130), money(130))


def test_what_is_budgeted_in_a_unit_and_not_used_has_ended() -> None:
    row = quarterly_review(HOURS, actual(Ads=[20, 20, 20]), FEB, unit_details(HOURS, HOURS.quarter(FEB), {}))[0]
    assert row.parts is not None and (row.parts.ended, row.parts.total) == (money(-300), money(-300))


AMOUNTS = st.tuples(st.integers(0, 10**6), st.integers(0, 10**5))


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(st.sampled_from(["Hrs", "GB", "Tokens"]), st.tuples(AMOUNTS, AMOUNTS)), st.integers(0, 10**7))
def test_parts_add_up_to_the_cent_whatever_the_units(
    units: dict[str, tuple[tuple[int, int], tuple[int, int]]], cost: int
) -> None:
    lines = tuple(
        BudgetLine("Ads", JANUARY, money(planned) / 100, money(quantity), unit)
        for unit, ((planned, quantity), _) in units.items()
    )
    given_ = Budget("v", JANUARY, "USD", (*lines, BudgetLine("Ads", JANUARY, money(7))))
    used = {("Ads", unit): (money(spent_) / 100, money(quantity)) for unit, (_, (spent_, quantity)) in units.items()}
    quarter = given_.quarter(JANUARY)
    row = quarterly_review(given_, actual(Ads=[money(cost) / 100, 0, 0]), JANUARY, unit_details(given_, quarter, used))[
        0
    ]
    assert row.parts is not None and row.parts.total == row.variance.variance


@pytest.mark.parametrize(
    "line",
    [
        BudgetLine("Ads", JANUARY, money(1), money(1)),
        BudgetLine("Ads", JANUARY, money(1), None, "Hrs"),
        BudgetLine("Ads", JANUARY, money(1), money(-1), "Hrs"),
    ],
)
def test_a_quantity_without_unit_or_below_nothing_is_refused(line: BudgetLine) -> None:
    with pytest.raises(InputError, match="0 or more with its unit"):
        Budget("v", JANUARY, "USD", (line,))


def test_a_budget_by_fiscal_weeks_has_its_own_months() -> None:
    retail = WeekCalendar("4-5-4", 1, nearest=True)
    made = Budget("v", JANUARY, "USD", flat({"Ads": 5}, retail.starts(2026)), retail)
    assert made.total(made.quarter(date(2025, 2, 2))) == 15 and made.total(made.year(JANUARY)) == 60
    assert made.quarter(date(2025, 5, 3)) == (date(2025, 2, 2), date(2025, 3, 2), date(2025, 4, 6))
