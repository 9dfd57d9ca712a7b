"""What documents rest on, read from stores whose bills are known by heart."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from costlib.analysis.budget import Budget, BudgetLine
from costlib.analysis.record import Line, Version
from costlib.analysis.replay import actuals_of
from costlib.briefs.bill import MODEL, STAGE, TEAM
from costlib.briefs.variance import Against
from costlib.errors import EmptyStore, InputError
from costlib.evidence.bill import bill_of, setting_of, untied_words
from costlib.evidence.plans import classes_of, given_split
from costlib.evidence.quarter import _against, by_team, quarter_of
from costlib.evidence.record import on_record, record_of
from costlib.evidence.shared import cluster_of, shown_to
from costlib.roadmap.plan_model import Plan
from costlib.state.budgets import lock_budget
from costlib.state.forecasts import lock_forecast
from costlib.workspace import Workspace
from tests.builders import focus_row, write, write_csv
from tests.small_company import bill, bill_with_unknown, charge, company
from tests.sources.test_opencost import DAY, allocation, idle, response
from tests.test_commands_statement import RECS, RULES

DAILY = [100 + number % 7 for number in range(130)]


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    return company(tmp_path_factory.mktemp("evidence"))


class TestBill:
    def test_only_closed_months_of_ai_spend_in_one_currency(self, workspace):
        bill = bill_of(workspace)
        assert bill.setting.subject == "AI spend"
        assert bill.months == tuple(date(2026, month, 1) for month in (1, 2, 3, 4))
        (ads,) = bill.by[TEAM]
        assert [int(amount) for amount in ads.values] == [
            sum(DAILY[:31]),
            sum(DAILY[31:59]),
            sum(DAILY[59:90]),
            sum(DAILY[90:120]),
        ]
        assert bill.by[MODEL][0].name == "ranker"
        assert [one.total for one in bill.by[STAGE]] == [bill.total(4)]

    def test_three_months_are_compared_with_none_where_only_four_are_closed(self, workspace):
        change = bill_of(workspace).change
        assert (change.before.start, change.after.start) == (date(2026, 3, 1), date(2026, 4, 1))
        assert change.bridge.change == sum(DAILY[90:120]) - sum(DAILY[59:90])

    def test_an_empty_store_is_refused(self, tmp_path):
        with pytest.raises(EmptyStore):
            bill_of(Workspace(tmp_path / "store"))

    def test_a_bill_without_a_closed_month_is_refused(self, tmp_path):
        space = Workspace(tmp_path / "store")
        space.load([write_csv(tmp_path / "bill.csv", [focus_row()])])
        with pytest.raises(InputError, match="No month of the bill is closed"):
            bill_of(space)

    def test_whose_bill_it_is(self, workspace):
        found = setting_of(workspace, "Ads")
        assert (found.subject, found.currency, found.data_date, found.is_sample) == (
            "Ads",
            "USD",
            date(2026, 5, 10),
            False,
        )

    def test_line_items_of_unknown_cost_are_counted_in_the_scope_and_currency(self, tmp_path):
        rows = bill_with_unknown(date(2026, 2, 10), date(2026, 4, 20))
        rows[1]["EffectiveCost"] = ""  # of Web, which no rule calls AI
        space = company(tmp_path, rows)
        assert [setting_of(space, "AI", code).left_out for code in ("USD", "EUR")] == [2, 0]

    def test_bills_in_another_currency_are_named_at_the_foot(self, workspace):
        """The probe of Lab costs 5 euros on each of the last 39 days; it is AI, as the ranker in dollars is."""
        dollars, euros = (setting_of(workspace, "AI", code) for code in ("USD", "EUR"))
        whole = sum(DAILY)
        assert (dollars.other_currencies, euros.other_currencies) == ((("EUR", 195),), (("USD", whole),))
        assert dollars.source.endswith(" Not in these figures: €195 on bills in EUR since 1 Jan 2026.")
        assert replace(dollars, is_given=True).source.count("NOT IN") == 0

    def test_a_statement_names_what_the_team_has_in_another_currency_that_month(self, workspace):
        assert "€145 on bills in EUR (Apr 2026)" in shown_to(workspace, "Lab", date(2026, 4, 1)).setting.source
        assert "NOT IN" not in shown_to(workspace, "Ads", date(2026, 4, 1)).setting.source

    def test_a_month_without_a_bill_is_unknown_and_nothing_is_compared_with_it(self, tmp_path):
        rows = [row for row in bill() if not row["ChargePeriodStart"].startswith("2026-03")]
        found = bill_of(company(tmp_path, rows))
        (ads,) = found.by[TEAM]
        assert found.months[2] == date(2026, 3, 1) and [value is None for value in ads.values] == [0, 0, 1, 0]
        assert found.change is None and found.setting.missing == (date(2026, 3, 1),)
        assert "NO BILL of Mar 2026 is loaded: its cost is unknown." in found.setting.source
        assert bill_of(company(tmp_path / "whole")).change is not None

    @pytest.mark.parametrize(
        ("team", "month", "open_", "lacking", "compared"),
        [
            pytest.param("Web", 3, False, False, True, id="a whole month"),
            pytest.param("Web", 4, False, True, False, id="a month without the team's bill"),
            pytest.param("Ads", 4, False, False, True, id="another team's bill"),
            pytest.param("Web", 5, True, True, False, id="a running month without it"),
            pytest.param("Ads", 5, True, False, False, id="a running month"),
        ],
    )
    def test_a_statement_is_compared_only_where_bills_are_whole(self, team, month, open_, lacking, compared, tmp_path):
        """Web is billed by Azure, but for 1 dollar on the bill of AWS; the bill of April is not there yet."""
        azure = {"ServiceProviderName": "Microsoft", "ProviderName": "Microsoft", "BillingAccountId": "az"}
        rows = [row | azure if '"Web"' in row["Tags"] else row for row in bill()]
        rows = [row for row in rows if row["BillingAccountId"] != "az" or row["ChargePeriodStart"] < "2026-04"]
        rows += [charge(date(2026, at, 2), 1, team="Web") for at in (4, 5)]
        found = shown_to(company(tmp_path, rows), team, date(2026, month, 1))
        assert (found.is_open, bool(found.setting.absences), found.before is not None) == (open_, lacking, compared)
        assert found.is_lacking == lacking

    @pytest.mark.parametrize(("month", "extent"), [(4, ", as far as it is billed"), (5, " so far")])
    def test_a_bill_that_lacked_the_month_before_leaves_this_one_whole(self, month, extent, tmp_path):
        """Azure has no April, but a May: nothing is compared with April, and May is charged in full."""
        azure = {"BillingAccountId": "az", "BillingAccountName": "Azure", "ProviderName": "Azure"}
        rows = [row | azure for row in bill() if row["ChargePeriodStart"] < "2026-04"]
        rows += [charge(date(2026, 4, day), 1) for day in range(1, 31)]
        rows += [charge(date(2026, 5, day), 10) | azure for day in range(1, 11)]
        found = shown_to(company(tmp_path, rows), "Ads", date(2026, month, 1))
        assert found.before is None and found.setting.absences
        assert found.extent == extent

    def test_a_tied_bill_has_nothing_to_say(self, workspace):
        assert untied_words(workspace) == ""


class TestRecord:
    def test_without_a_locked_forecast_it_is_replayed(self, workspace):
        found = record_of(workspace, "USD")
        assert found.kind == "replayed"
        assert found.figures[0].versions >= 1
        assert found.figures[0].variance < 0.05  # spend of a steady company

    def test_locked_ones_are_the_record_and_stand_in_for_a_budget(self, tmp_path):
        space = company(tmp_path)
        assert record_of(space, "USD").kind == "replayed"
        lock_forecast(space.state(), locked(), "AI spend", who="tests")
        found = record_of(space, "USD")
        assert found.kind == "locked"
        # 3,000 said for January, 3,194 spent: 6.5 % off.
        assert found.figures[0].variance == pytest.approx(sum(DAILY[:31]) / 3000 - 1)
        quarter = quarter_of(space, None)
        assert quarter.against is Against.FORECAST
        assert quarter.budget.version == "forecast of 31 Dec 2025"
        # Two segments of one team are one line of the quarter.
        assert quarter.budget.total(quarter.months) == 9000
        assert len(quarter.budget.lines) == 3

    def test_its_segments_are_those_that_the_forecast_page_locks(self, workspace):
        assert on_record(workspace, "USD").daily.by == (TEAM, MODEL, STAGE)

    def test_one_that_has_met_no_closed_month_is_no_record_yet(self, tmp_path):
        """Said in May of June on, with bills to 10 May: what would have been said before is shown instead."""
        space = company(tmp_path)
        june = replace(locked(), data_until=date(2026, 5, 10), months=tuple(date(2026, at, 1) for at in (6, 7, 8)))
        lock_forecast(space.state(), june, "AI spend", who="tests")
        found = record_of(space, "USD")
        assert (found.kind, found.figures) == ("replayed", record_of(company(tmp_path / "other"), "USD").figures)

    def test_a_quarter_before_every_locked_forecast_is_held_against_a_replayed_one(self, tmp_path):
        space = company(tmp_path)
        lock_forecast(space.state(), replace(locked(), data_until=date(2026, 5, 10)), "AI spend", who="tests")
        budget, against, _ = _against(space, bill_of(space), (date(2026, 4, 1),), 1)
        assert (against, budget.version) == (Against.REPLAYED, "forecast of 31 Mar 2026")

    def test_a_month_with_a_day_of_one_model_unknown_is_unknown_whatever_else_its_team_spent(self, tmp_path):
        """The ranker's 10 February is unknown; the probe of the same team costs 1 that day, which is not the team's."""
        rows = bill_with_unknown(date(2026, 2, 10))
        probe = [charge(date(2026, month, day), 1, team="Ads", model="probe") for month in (1, 2, 3) for day in (9, 10)]
        daily = on_record(company(tmp_path, [*rows, *probe]), "USD").daily
        actual = actuals_of(daily)
        assert [actual.total(date(2026, month, 1)) is None for month in (1, 2, 3)] == [False, True, False]
        assert daily.bridged_days == 1


def said(parts: dict[tuple[str | None, str], str], whole: str | None) -> Version:
    """A forecast of one month by team and model."""
    january = date(2026, 1, 1)
    lines = [Line((Decimal(cost),), (None,), (None,)) for cost in parts.values()]
    total = Line((None if whole is None else Decimal(whole),), (None,), (None,))
    return replace(locked(), months=(january,), keys=tuple(parts), lines=tuple(lines), total=total)


class TestByTeam:
    """What a forecast says by team adds up to what it says of all together."""

    def of(self, parts: dict[tuple[str | None, str], str], whole: str | None) -> dict[str | None, str]:
        return {team: str(cost) for team, cost in by_team(said(parts, whole), date(2026, 1, 1)).items()}

    def test_what_lies_between_is_shared_by_size(self):
        """100 + 200 and 100 are 400, all together are likely to cost 404: 3 more for Ads, 1 more for Web."""
        found = self.of({("Ads", "a"): "100", ("Ads", "b"): "200", ("Web", "c"): "100"}, "404")
        assert found == {"Ads": "303.00", "Web": "101.00"}

    def test_the_largest_takes_the_odd_cent(self):
        found = self.of({("Ads", "a"): "10", ("Web", "b"): "10", (None, "c"): "11"}, "31.01")
        assert found == {"Ads": "10", "Web": "10", None: "11.01"}

    def test_credits_take_their_share_by_size_and_keep_their_sign(self):
        """1,000 and a credit of 999 are 1; 21 in all are 20 more, shared about evenly."""
        assert self.of({("Ads", "a"): "1000", ("Web", "b"): "-999"}, "21") == {"Ads": "1010.01", "Web": "-989.01"}

    @pytest.mark.parametrize("whole", [None, "300"])
    def test_without_a_difference_or_a_whole_parts_stand(self, whole):
        assert self.of({("Ads", "a"): "100", ("Web", "b"): "200"}, whole) == {"Ads": "100", "Web": "200"}

    def test_a_whole_of_nothing_known_is_shared_with_nobody(self):
        assert self.of({("Ads", "a"): "0", ("Web", "b"): "0"}, "5") == {"Ads": "0", "Web": "0"}

    @given(
        st.lists(st.decimals(-(10**6), 10**6, places=2), min_size=1, max_size=9),
        st.decimals(-(10**6), 10**6, places=2),
    )
    def test_teams_add_up_to_the_whole_to_the_cent(self, costs, whole):
        parts = {(f"team {at % 4}", f"model {at}"): str(cost) for at, cost in enumerate(costs)}
        teams = by_team(said(parts, str(whole)), date(2026, 1, 1))
        by_size = any(sum(costs[at::4]) for at in range(min(4, len(costs))))
        assert sum(teams.values()) == (whole if by_size else 0)


class TestUnknownDays:
    """The ranker's cost of 10 February and of 20 and 21 April 2026 is unknown: what forecasts count all the same."""

    @pytest.fixture
    def space(self, tmp_path):
        return company(tmp_path, bill_with_unknown(date(2026, 2, 10), date(2026, 4, 20), date(2026, 4, 21)))

    def test_the_record_rests_on_all_of_them(self, space, workspace):
        assert record_of(space, "USD").bridged_days == 3
        assert record_of(workspace, "USD").bridged_days == 0

    @pytest.mark.parametrize(("until", "days"), [((2025, 12, 5), 0), ((2026, 2, 9), 0), ((2026, 2, 28), 1)])
    def test_a_quarter_rests_on_those_that_its_forecast_knew(self, space, until, days):
        lock_forecast(space.state(), replace(locked(), data_until=date(*until)), "AI spend", who="tests")
        budget, against, found = _against(space, bill_of(space), (date(2026, 3, 1),), 1)
        assert (budget.version, against) == (f"forecast of {date(*until):%-d %b %Y}", Against.FORECAST)
        assert found == days

    def test_a_budget_rests_on_none(self, space):
        lines = tuple(BudgetLine("Ads", date(2026, month, 1), Decimal(9)) for month in (1, 2, 3))
        lock_budget(space.state(), Budget("FY26", date(2026, 1, 1), "USD", lines), "AI spend", who="tests")
        assert quarter_of(space, None).bridged_days == 0

    def test_a_budget_of_a_part_of_the_quarter_is_not_what_it_is_held_against(self, space):
        lock_forecast(space.state(), replace(locked(), data_until=date(2026, 2, 9)), "AI spend", who="tests")
        lines = (BudgetLine("Ads", date(2026, 3, 1), Decimal(9)),)
        lock_budget(space.state(), Budget("FY26", date(2026, 1, 1), "USD", lines), "AI spend", who="tests")
        bill, march = bill_of(space), date(2026, 3, 1)
        assert _against(space, bill, (march,), 1)[1] is Against.BUDGET
        assert _against(space, bill, (march, date(2026, 2, 1)), 1)[1] is Against.FORECAST

    def test_an_older_budget_stands_where_a_newer_one_says_nothing_of_the_quarter(self, space):
        for version, month in (("year", 2), ("reforecast", 3)):
            lines = (BudgetLine("Ads", date(2026, month, 1), Decimal(9)),)
            lock_budget(space.state(), Budget(version, date(2026, 1, 1), "USD", lines), "AI spend", who="tests")
        bill = bill_of(space)
        assert _against(space, bill, (date(2026, 2, 1),), 1)[0].version == "year"
        assert _against(space, bill, (date(2026, 3, 1),), 1)[0].version == "reforecast"


class TestFiscalYearOfAnotherMonth:
    """1 a day for Ads from December 2025 to 10 May 2026, and a budget by months from when the year began in January."""

    @pytest.fixture
    def space(self, tmp_path):
        days = [date(2025, 12, 1) + timedelta(days=number) for number in range(161)]
        space = company(tmp_path, [charge(day, 1, team="Ads", model="ranker") for day in days])
        lines = tuple(BudgetLine("Ads", date(2026, month, 1), Decimal(28 + month)) for month in range(1, 13))
        lock_budget(space.state(), Budget("FY26", date(2026, 1, 1), "USD", lines), "AI spend", who="tests")
        return space

    @pytest.mark.parametrize(
        ("begins", "name", "months", "budget", "spent"),
        [
            ("1", "Q1 FY26", (1, 2, 3), 29 + 30 + 31, 31 + 28 + 31),
            ("2", "Q1 FY27", (2, 3, 4), 30 + 31 + 32, 28 + 31 + 30),
            ("8", "Q3 FY26", (2, 3, 4), 30 + 31 + 32, 28 + 31 + 30),
        ],
    )
    def test_the_quarter_is_of_its_own_months_and_has_its_name(
        self, space, monkeypatch, begins, name, months, budget, spent
    ):
        monkeypatch.setenv("GLIDEPATH_FISCAL_YEAR_START", begins)
        found = quarter_of(space, None)
        assert (found.name, [month.month for month in found.months]) == (name, list(months))
        every = found.rows[-1].variance
        assert (every.months, every.budget, every.actual) == (found.months, budget, spent)

    def test_under_a_calendar_of_weeks_it_says_that_it_is_of_months(self, space, monkeypatch):
        monkeypatch.setenv("GLIDEPATH_FISCAL_YEAR_START", "2")
        monkeypatch.setenv("GLIDEPATH_FISCAL_CALENDAR", "4-4-5")
        found = quarter_of(space, None)
        assert found.name == "Q1 FY27 by calendar months"
        assert found.quarter_name(date(2026, 5, 1)) == "Q2 FY27 by calendar months"
        assert found.rows[-1].variance.actual == 28 + 31 + 30


def locked() -> Version:
    """3,000 a month for Ads from January to March, said at the end of 2025, in two segments."""
    months = tuple(date(2026, month, 1) for month in (1, 2, 3))
    parts = [Line((Decimal(part),) * 3, (Decimal(part),) * 3, (Decimal(part),) * 3) for part in (1000, 2000, 3000)]
    return Version(
        version="December",
        locked_on=date(2026, 1, 2),
        data_until=date(2025, 12, 31),
        generation="g",
        measure="EffectiveCost",
        currency="USD",
        months=months,
        by=("x_Team", "x_Model"),
        keys=(("Ads", "ranker"), ("Ads", None)),
        lines=(parts[0], parts[1]),
        total=parts[2],
    )


class TestCluster:
    def test_without_a_pool_there_is_none(self, workspace):
        assert cluster_of(workspace, "USD") is None

    @pytest.mark.parametrize("hours", [1, 24])
    def test_reserved_used_and_idle_of_the_last_closed_months(self, hours, tmp_path):
        bill = [
            focus_row(EffectiveCost="100", ServiceName="Cluster", Tags=None),
            charge(date(2026, 9, 1), 10),
            charge(date(2026, 10, 31), 1),
        ]
        start = DAY.replace(hour=9 if hours == 1 else 0)
        recs = allocation(start, hours, **RECS | {"gpuHours": 8 * hours})
        write(tmp_path / "store" / "rules.yaml", RULES.replace("idle: reserved", "idle: own line"))
        write(tmp_path / "opencost.json", response([allocation(start, hours), recs, idle(start, hours, gpus=4)]))
        space = Workspace(tmp_path / "store")
        space.load([write_csv(tmp_path / "bill.csv", bill), tmp_path / "opencost.json"])
        found = cluster_of(space, "USD")
        # Of 20 GPU hours both reserve 8 and 4 are idle.
        assert {one.team: round(one.cost, 6) for one in found.shares} == {"Search": 40, "Recs": 40}
        assert round(found.idle, 6) == 20
        assert found.cost == 100
        # By even parts each would pay 50; what Search used is 20. Without hours nobody can say when spikes were.
        assert max(one.swing for one in found.shares) == 30
        unknown = {None if hours == 24 else 0}
        assert {found.spikes, *(one.spikes for one in found.shares)} == unknown


class TestPlansOwnSpend:
    PLAN = Plan(
        plan={"start": "2027-01", "months": 2},
        baseline=[
            {"segment": {"x_Stage": "training"}, "monthly": [100, 110]},
            {"segment": {"x_Stage": "storage"}, "monthly": [50, 60]},
        ],
    )

    def test_its_first_month_is_split_by_part(self):
        found = {part: amount for part, amount in given_split(self.PLAN).items() if amount}
        assert found == {"training": 100, "other": 50}

    def test_its_classes_need_no_bill(self, workspace):
        found = classes_of(workspace, self.PLAN)
        assert [(one.stage, one.first, one.last, one.whole) for one in found] == [
            ("training", 100, 110, 210),
            ("storage", 50, 60, 110),
        ]

    def test_a_plan_on_the_bill_has_the_classes_of_its_reach(self, workspace):
        (only,) = classes_of(workspace, workspace.plan("ads")[0])
        assert only.stage == "training"
