"""The outlook of a store: what is asked of the cube, and the baseline that a plan acts on."""

from datetime import date, timedelta

import numpy as np
import pytest

from costlib.errors import QueryError
from costlib.outlook import LEAVES, ai_filter, days_of, plan_spend
from costlib.periods import Grain, Window
from costlib.roadmap.plan_model import Plan
from costlib.store.question import Filter, Question
from tests.builders import load_into, opened, write_csv
from tests.small_company import DAYS, FIRST, RULES, bill, charge


@pytest.fixture(scope="module")
def reader(tmp_path_factory):
    """Two teams with models, one without, one that is charged in euros; to 10 May 2026."""
    root = tmp_path_factory.mktemp("outlook")
    load_into(root / "store", write_csv(root / "bill.csv", bill()), rules=RULES)
    with opened(root / "store") as reader:
        yield reader


def plan(start="2026-05", months=6, scope=None, **more) -> Plan:
    initiative = {
        "id": "less",
        "scope": scope or {"x_Team": ["Ads"]},
        "saving": {"low": 0.1, "likely": 0.2, "high": 0.3},
    }
    return Plan(plan={"start": start, "months": months, "paths": 500, **more}, initiatives=[initiative])


class TestDays:
    def test_the_leaves_are_team_model_and_stage_in_one_currency(self, reader):
        found = days_of(reader)
        assert found.by == LEAVES
        assert found.keys == (("Ads", "ranker", None), ("Web", None, None))
        assert found.spend[:, 0].tolist() == [100, 40]
        assert found.window.days == DAYS

    def test_filters_currency_and_dimensions_are_asked_for(self, reader):
        found = days_of(reader, ["x_Team"], currency="EUR", filters=[Filter("x_Model", ("probe",))])
        assert found.keys == (("Lab",),)
        assert np.nansum(found.spend) == 5 * (DAYS - 91)

    @pytest.mark.parametrize("by", [LEAVES, ("ChargeCategory", "x_Team")])
    def test_every_day_costs_what_the_cube_says_and_no_other_costs_anything(self, by, reader):
        found = days_of(reader, by)
        said = np.zeros(found.spend.shape)
        for row in reader.ask(Question(tuple(by), grain=Grain.DAY, window=found.window)):
            if row.currency == "USD" and row.period:
                said[found.keys.index(row.values), (row.period - found.window.start).days] = float(row.amount)
        np.testing.assert_array_equal(np.nan_to_num(found.spend), said)
        assert said.sum() > 130 * 140

    def test_days_are_counted_from_the_window_that_is_asked_for(self, reader):
        found = days_of(reader, window=Window(date(2026, 2, 1), date(2026, 2, 8)))
        assert found.spend[0].tolist() == [100 + number % 7 for number in range(31, 38)]

    def test_a_day_of_unknown_cost_is_unknown(self, tmp_path):
        """The list price of the second day is not on the bill."""
        known, unknown = charge(date(2026, 3, 1), 5, team="Ads"), charge(date(2026, 3, 2), 7, team="Ads")
        load_into(tmp_path / "store", write_csv(tmp_path / "bill.csv", [known, {**unknown, "ListCost": ""}]))
        with opened(tmp_path / "store") as reader:
            first, second = days_of(reader, ["ServiceName"], measure="ListCost").spend[0]
        assert first > 0 and np.isnan(second)

    def test_a_month_without_a_bill_is_unknown_to_every_segment(self, tmp_path):
        """January, February and April for two teams: the 31 days of March are not days on which nothing was spent."""
        days = [FIRST + timedelta(at) for at in range(120)]
        rows = [charge(day, 10, team=team) for day in days for team in ("Ads", "Web") if day.month != 3]
        load_into(tmp_path / "store", write_csv(tmp_path / "bill.csv", rows), rules=RULES)
        with opened(tmp_path / "store") as reader:
            found = days_of(reader)
            spend = plan_spend(reader, plan("2026-03", 3))
        march = slice((date(2026, 3, 1) - FIRST).days, (date(2026, 4, 1) - FIRST).days)
        assert np.isnan(found.spend[:, march]).all() and np.isnan(found.spend).sum() == 2 * 31
        assert (found.bridged_days, spend.bridged_days) == (31, 31)
        np.testing.assert_allclose(spend.baseline.paths[:, 0], 310)

    def test_nothing_spent_is_refused_with_what_to_do(self, reader):
        with pytest.raises(QueryError, match=r"Nothing was spent in USD .* Remove a filter"):
            days_of(reader, filters=[Filter("x_Team", ("Nobody",))])

    def test_ai_spend_where_the_rules_found_any(self, reader):
        assert ai_filter(reader) == (Filter("x_Scope", ("AI",)),)


class TestBaseline:
    def test_it_holds_ai_spend_of_the_plans_months_and_paths(self, reader):
        baseline = plan_spend(reader, plan()).baseline
        assert [segment["x_Team"] for segment in baseline.segments] == ["Ads"]
        assert baseline.paths.shape == (1, 6, 500)
        assert np.median(baseline.paths[0, 2]) == pytest.approx(103 * 31, rel=0.05)

    def test_closed_months_of_a_plan_are_booked_and_do_not_vary(self, reader):
        found = plan_spend(reader, plan("2026-03", 4))
        baseline, actuals = found.baseline, found.actuals
        march = sum(100 + number % 7 for number in range(59, 90))
        np.testing.assert_allclose(baseline.paths[0, 0], march)
        assert actuals.start == date(2026, 1, 1)
        assert actuals.spend[0, 2] == march
        assert baseline.paths[0, 2].std() > 0

    def test_a_day_of_unknown_cost_is_what_the_days_around_it_are(self, tmp_path):
        """March at 10 a day, its twelfth unknown: 310, neither 300 nor unknown."""
        days = [charge(date(2026, 3, 1) + timedelta(number), 10, team="Ads") for number in range(70)]
        days[11] = {**days[11], "EffectiveCost": ""}
        load_into(tmp_path / "store", write_csv(tmp_path / "bill.csv", days), rules=RULES)
        with opened(tmp_path / "store") as reader:
            found = plan_spend(reader, plan("2026-03", 3))
        np.testing.assert_allclose(found.baseline.paths[0, :2], [[310.0] * 500, [300.0] * 500])
        assert found.actuals.spend.tolist() == [[310.0, 300.0]]
        assert found.bridged_days == 1

    def test_only_days_in_the_plans_reach_are_counted_as_unknown(self, tmp_path):
        """Two days of Ads and one other of Web are unknown: a plan about Ads rests on two, one about Web on one."""
        rows = [charge(date(2026, 3, 1) + timedelta(at), 10, team=team) for at in range(70) for team in ("Ads", "Web")]
        for place in (8, 20, 31):
            rows[place] = {**rows[place], "EffectiveCost": ""}
        load_into(tmp_path / "store", write_csv(tmp_path / "bill.csv", rows), rules=RULES)
        with opened(tmp_path / "store") as reader:
            found = [plan_spend(reader, plan("2026-03", 3, {"x_Team": [team]})) for team in ("Ads", "Web")]
        assert [one.bridged_days for one in found] == [2, 1]

    def test_where_every_day_is_known_none_is_counted(self, reader):
        assert plan_spend(reader, plan()).bridged_days == 0

    def test_the_running_month_is_its_days_so_far_and_a_forecast(self, reader):
        baseline = plan_spend(reader, plan("2026-05", 1)).baseline
        so_far = sum(100 + number % 7 for number in range(120, 130))
        assert (baseline.paths[0, 0] > so_far).all()

    def test_a_plan_that_begins_later_takes_the_later_months(self, reader):
        whole = plan_spend(reader, plan("2026-05", 8)).baseline
        later = plan_spend(reader, plan("2026-07", 6)).baseline
        np.testing.assert_allclose(later.paths, whole.paths[:, 2:])

    def test_open_months_before_the_plan_are_its_approach(self, reader):
        whole = plan_spend(reader, plan("2026-05", 8))
        later = plan_spend(reader, plan("2026-07", 6))
        assert whole.approach is None
        np.testing.assert_allclose(later.approach.paths, whole.baseline.paths[:, :2])

    def test_months_before_the_bill_cost_nothing(self, reader):
        baseline = plan_spend(reader, plan("2025-12", 3)).baseline
        assert (baseline.paths[:, 0] == 0).all()

    def test_what_a_scope_names_becomes_a_segment(self, reader):
        baseline = plan_spend(reader, plan(scope={"ServiceName": ["Amazon EC2"]})).baseline
        assert "ServiceName" in baseline.segments[0]

    def test_another_currency_is_another_baseline(self, reader):
        baseline = plan_spend(reader, plan(currency="EUR")).baseline
        assert [segment["x_Model"] for segment in baseline.segments] == ["probe"]
        with pytest.raises(QueryError, match="Nothing was spent in CHF"):
            plan_spend(reader, plan(currency="CHF"))
