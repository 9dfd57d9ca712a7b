"""What was truly saved, read from a store whose bills, volumes and approvals are known by heart."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest

from costlib.errors import InputError
from costlib.evidence.plans import decided_of
from costlib.evidence.savings import (
    avoided_of,
    bookings_of,
    live_of,
    measurements,
    metrics_of,
    past_savings,
    reviewed,
    series_of,
)
from costlib.metrics.business import load_metrics
from costlib.reports import figures
from costlib.roadmap.plan_model import Plan
from costlib.roadmap.savings.measured import Basis, TooLittleHistory
from costlib.roadmap.savings.promised import Since
from costlib.state.decisions import Decision, Ledger, Option
from costlib.state.plans import PlanStore
from costlib.state.proof import Avoided, GoLive, Proof
from costlib.workspace import Workspace
from tests.builders import Row, write, write_csv
from tests.small_company import RULES_FILE, charge

FIRST, DAYS, LIVE = date(2026, 1, 1), 181, date(2026, 5, 1)
TODAY = FIRST + timedelta(days=DAYS - 1)
SCOPE = (("x_Model", ("ranker",)),)
SEGMENTS = [{"x_Team": "Ads", "x_Model": "ranker", "x_Stage": "training"}]


def bill() -> list[Row]:
    """To 30 June 2026: the ranker costs 100 and a little a day, from May on 60 % of it; the web 40 a day."""
    rows: list[Row] = []
    for number in range(DAYS):
        day = FIRST + timedelta(days=number)
        factor = 0.6 if day >= LIVE else 1.0
        rows += [
            charge(day, round((100 + number % 7) * factor, 2), team="Ads", model="ranker", stage="training"),
            charge(day, 40, team="Web"),
        ]
    return rows


def plan(currency: str = "USD") -> Plan:
    """Spot capacity for the ranker, 30 % likely, and a cache that nobody approved."""
    scope = {"x_Model": ["ranker"], "x_Stage": ["training"]}
    spot = {
        "id": "spot",
        "title": "Train on spot capacity",
        "owner": "Ads lead",
        "lever": "spot training",
        "scope": {"x_Model": ["ranker"]},
        "saving": {"low": 0.2, "likely": 0.3, "high": 0.4},
        "start": "2026-05",
        "one_off_cost": 500.0,
        "running_cost": 0.0,
        "effort": {"ml_engineer": 2},
        "fallback": "train on demand again",
        "case": {
            "basis": "list prices",
            "evidence": "two weeks of trial",
            "no_guardrail": "the same model comes out",
            "no_ab_test": "the same model comes out",
        },
        "stage": "L2",
    }
    cache = {"id": "cache", "scope": scope, "saving": 0.1, "stage": "L0"}
    return Plan(
        plan={"name": "Ads", "start": "2026-05", "months": 6, "paths": 50, "currency": currency},
        initiatives=[spot, cache],
    )


def approve(space: Workspace, name: str = "ads") -> None:
    """Finance approves spot at 3,000 a month, it is done, live since May, and April's slip of 10 was avoided."""
    plans = PlanStore(space.state())
    one = plans.read(name).initiative("spot")
    plans.move(
        name, "spot", "L3", who="Cleo", role="finance", expected=one.version, reference=Decimal(3000),
        cycle="FY26", segments=SEGMENTS,
    )  # fmt: skip
    version = plans.read(name).initiative("spot").version
    plans.move(name, "spot", "L4", who="Ada", role="lead", expected=version, segments=SEGMENTS)
    avoided = Avoided(month=date(2026, 5, 1), amount=Decimal(10), what="no price rise")
    Proof(space.state()).set_go_live(name, "spot", GoLive(since=LIVE, full_from=LIVE, avoided=(avoided,)), who="Ada")


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bills in a store, without a plan."""
    root = tmp_path_factory.mktemp("savings")
    write(root / "store" / "rules.yaml", RULES_FILE)
    Workspace(root / "store").load([write_csv(root / "bill.csv", bill())])
    return root / "store"


@pytest.fixture
def space(loaded: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workspace]:
    """The store with a state of its own: one plan, of which spot is approved and live."""
    monkeypatch.setenv("GLIDEPATH_STATE", f"sqlite:///{tmp_path / 'state.db'}")
    found = Workspace(loaded)
    PlanStore(found.state()).create("ads", plan(), who="tests")
    approve(found)
    yield found


class TestByHand:
    def test_promised_saved_and_provisional(self, space: Workspace) -> None:
        """61 days of 30 % of 3,000 a month; 41.2 a day truly saved, of 103 on average."""
        (line,) = past_savings(space, "USD").lines
        assert (line.name, line.lever) == ("Train on spot capacity", "spot training")
        assert line.promised == pytest.approx(900 + 900)
        truth = sum((100 + number % 7) * 0.4 for number in range(120, DAYS))
        assert line.realised == pytest.approx(truth, rel=0.02)
        assert (line.provisional, line.booked, line.in_flight) == (line.realised, 0, 0)
        assert line.avoided == 10

    def test_a_signed_month_counts_with_the_amount_signed(self, space: Workspace) -> None:
        before = past_savings(space, "USD").whole
        month = date(2026, 5, 1)
        Proof(space.state()).sign("ads", "spot", month, Decimal(1200), who="Cleo", role="finance", on=date(2026, 6, 5))
        after = past_savings(space, "USD").whole
        assert after.booked == 1200
        assert after.promised == before.promised and after.realised == before.realised
        assert after.provisional < before.provisional
        assert [one.initiative for one in bookings_of(space, "ads")] == ["ads/spot"]

    def test_after_two_months_only_the_first_check_is_made(self, space: Workspace) -> None:
        (one,) = measurements(space, live_of(space))
        assert [(check.days, check.verdict.value) for check in one.checks] == [(30, "held")]
        assert one.result is not None and one.result.basis is Basis.TREND

    def test_avoided_is_named_among_all_plans(self, space: Workspace) -> None:
        assert [(one.initiative, one.amount) for one in avoided_of(space, "ads")] == [("ads/spot", 10)]


class TestReviewed:
    def test_the_quarters_of_the_year_hold_what_the_record_holds(self, space: Workspace) -> None:
        (row,), checks = reviewed(space, "USD", date(2026, 4, 1), 1)
        whole = past_savings(space, "USD").whole
        assert (row[0], row[1].promised) == ("Train on spot capacity", whole.promised)
        assert row[1].realised == pytest.approx(whole.realised)
        assert [[one.days for one in held] for held in checks] == [[30]]

    def test_another_quarter_and_another_currency_hold_nothing(self, space: Workspace) -> None:
        assert reviewed(space, "USD", date(2026, 1, 1), 1)[0] == ()
        assert reviewed(space, "EUR", date(2026, 4, 1), 1) == ((), ())

    def test_fiscal_quarters_cut_it_elsewhere(self, space: Workspace) -> None:
        """With a year from June on, May is of the quarter before."""
        spring = reviewed(space, "USD", date(2026, 3, 1), 6)[0]
        summer = reviewed(space, "USD", date(2026, 6, 1), 6)[0]
        assert [one.promised for _, one in (*spring, *summer)] == pytest.approx([900, 900])


class TestWhoCounts:
    def test_only_what_is_approved(self, space: Workspace) -> None:
        assert [one.key for one in live_of(space)] == ["ads/spot"]

    def test_one_plan_or_all_and_one_currency(self, space: Workspace) -> None:
        PlanStore(space.state()).create("euros", plan("EUR"), who="tests")
        approve(space, "euros")
        assert len(past_savings(space, "USD").lines) == len(past_savings(space, "EUR").lines) == 1
        assert past_savings(space, "USD", "ads") == past_savings(space, "USD")
        assert past_savings(space, "USD", "euros").lines == ()
        assert past_savings(space, "EUR").whole.realised is None  # no bill is in euros

    def test_a_promise_does_not_move_with_a_later_edit(self, space: Workspace) -> None:
        plans = PlanStore(space.state())
        one = plans.read("ads").initiative("spot")
        bolder = one.initiative.model_copy(update={"saving": one.initiative.saving.model_copy(update={"likely": 0.39})})
        before = past_savings(space, "USD").whole.promised
        plans.save_initiative("ads", bolder, who="Ada", why="it goes better", expected=one.version)
        assert plans.read("ads").initiative("spot").initiative.saving.likely == 0.39
        assert past_savings(space, "USD").whole.promised == before

    def test_what_finance_signed_stays_when_the_initiative_is_moved_back(self, space: Workspace) -> None:
        on = date(2026, 6, 5)
        Proof(space.state()).sign("ads", "spot", date(2026, 5, 1), Decimal(7), who="C", role="finance", on=on)
        plans = PlanStore(space.state())
        one = plans.read("ads").initiative("spot")
        plans.move("ads", "spot", "L1", who="Cleo", role="finance", expected=one.version, why="the trial was redone")
        (line,) = past_savings(space, "USD").lines
        assert (line.booked, line.promised, line.realised) == (7, 0, None)

    def test_what_finance_signed_stays_when_the_initiative_is_taken_out(self, space: Workspace) -> None:
        """April's 900 are signed, then it is part of another plan: documents count them, as the Savings page does."""
        on = date(2026, 6, 5)
        Proof(space.state()).sign("ads", "spot", date(2026, 5, 1), Decimal(900), who="C", role="finance", on=on)
        plans = PlanStore(space.state())
        version = plans.read("ads").initiative("spot").version
        plans.remove_initiative("ads", "spot", who="Ada", why="it moved", expected=version)
        (line,) = past_savings(space, "USD").lines
        assert (line.name, line.lever) == ("spot (no longer in a plan)", "no longer in a plan")
        assert (line.booked, line.promised, line.realised, line.unmeasured) == (900, 0, None, 1)
        assert past_savings(space, "USD", "ads").whole.booked == 900
        ((name, review),), checks = reviewed(space, "USD", date(2026, 4, 1), 1)
        assert (name, review.booked, review.promised, review.realised) == ("spot (no longer in a plan)", 900, 0, None)
        assert checks == () and past_savings(space, "EUR").lines == ()

    def test_too_short_after_go_live_is_a_problem_not_a_figure(self, space: Workspace) -> None:
        late = TODAY + timedelta(days=1)
        Proof(space.state()).set_go_live(
            "ads", "spot", GoLive(since=late, full_from=late), who="Ada",
            expected=Proof(space.state()).go_lives("ads")["spot"].version,
        )  # fmt: skip
        (one,) = measurements(space, live_of(space))
        assert isinstance(one.problem, TooLittleHistory) and one.result is None
        assert past_savings(space, "USD").whole.unmeasured == 1


class TestSeries:
    SINCE = Since(LIVE, LIVE, "Requests", "ranker")

    @pytest.fixture
    def counted(self, tmp_path: Path) -> Workspace:
        """A store of its own with requests of two teams by day, but none for 3 March."""
        write(tmp_path / "store" / "rules.yaml", RULES_FILE)
        found = Workspace(tmp_path / "store")
        found.load([write_csv(tmp_path / "bill.csv", bill())])
        days = (FIRST + timedelta(days=number) for number in range(DAYS))
        rows = [f"{day},requests,ranker,{team},500" for day in days if day != date(2026, 3, 3) for team in ("A", "B")]
        load_metrics(found.store.root, self.csv(tmp_path, rows))
        return found

    def csv(self, folder: Path, rows: list[str], name: str = "requests") -> Path:
        write(folder / f"{name}.csv", "\n".join(["day,metric,model,team,value", *rows]) + "\n")
        return folder / f"{name}.csv"

    def test_cost_of_the_scope_alone_from_its_first_day(self, space: Workspace) -> None:
        found = series_of(space, "USD", SCOPE, Since(LIVE, LIVE))
        assert (found.start, len(found.cost), found.volume) == (FIRST, DAYS, None)
        assert found.cost[:8].tolist() == [100, 101, 102, 103, 104, 105, 106, 100]
        assert found.cost[120] == pytest.approx((100 + 120 % 7) * 0.6)

    def test_volume_is_added_over_teams_and_a_missing_day_is_unknown(self, counted: Workspace) -> None:
        found = series_of(counted, "USD", SCOPE, self.SINCE)
        assert found.volume is not None and found.basis is Basis.VOLUME
        assert [float(found.volume[at]) for at in (0, 60, 62)] == [1000, 1000, 1000]
        assert found.volume[61] != found.volume[61]  # 3 March is not known

    def test_what_can_drive_a_cost(self, counted: Workspace, space: Workspace) -> None:
        assert metrics_of(counted) == [("requests", "ranker")]
        assert metrics_of(space) == []

    def test_a_metric_that_is_not_loaded_leaves_the_trend(self, space: Workspace) -> None:
        assert series_of(space, "USD", SCOPE, self.SINCE).basis is Basis.TREND

    def test_two_sources_of_one_metric_are_refused(self, counted: Workspace, tmp_path: Path) -> None:
        load_metrics(counted.store.root, self.csv(tmp_path, ["2026-02-01,requests,ranker,A,9"], "again"))
        with pytest.raises(InputError, match="Two sources hold requests"):
            series_of(counted, "USD", SCOPE, self.SINCE)


class TestAnAccountThatLacksAMonth:
    """Half of the ranker stands on bills of another account, and May's bill of that account is not loaded."""

    def workspace(self, folder: Path, *, lacks: str = "2026-05") -> Workspace:
        write(folder / "store" / "rules.yaml", RULES_FILE)
        second = {"BillingAccountId": "second", "ServiceProviderName": "Vendor", "ProviderName": "Vendor"}
        rows: list[Row] = []
        for row in bill():
            if "ranker" not in str(row["Tags"]):
                rows.append(charge(date.fromisoformat(str(row["ChargePeriodStart"])[:10]), 40, model="writer"))
                continue
            half = row | {column: float(str(row[column])) / 2 for column in ("BilledCost", "EffectiveCost")}
            rows += [half] if lacks in str(row["ChargePeriodStart"]) else [half, half | second]
        found = Workspace(folder / "store")
        found.load([write_csv(folder / "bill.csv", rows)])
        return found

    def test_its_days_are_unknown_and_no_saving(self, tmp_path: Path) -> None:
        found = series_of(self.workspace(tmp_path), "USD", SCOPE, Since(LIVE, LIVE))
        unknown = np.flatnonzero(np.isnan(found.cost))
        assert unknown.tolist() == list(range((LIVE - FIRST).days, (LIVE - FIRST).days + 31))
        assert found.cost[0] == pytest.approx(100) and found.cost[-1] == pytest.approx((100 + 180 % 7) * 0.6)

    def test_a_scope_that_is_not_on_it_is_known(self, tmp_path: Path) -> None:
        web = series_of(self.workspace(tmp_path), "USD", (("x_Model", ("writer",)),), Since(LIVE, LIVE))
        assert (web.cost == 40).all()

    def test_every_day_of_a_bill_that_holds_all_is_known(self, tmp_path: Path) -> None:
        found = series_of(self.workspace(tmp_path, lacks="no month"), "USD", SCOPE, Since(LIVE, LIVE))
        assert not np.isnan(found.cost).any()


class TestInDocuments:
    def test_the_record_is_in_the_figures_of_every_plan(self, space: Workspace) -> None:
        book = figures(space, "ads").book.figures
        assert (book["promised"].exact, book["booked"].exact) == ("1800", "0")
        assert book["promised"].basis == "record"

    def test_a_plan_that_gives_its_own_spend_has_its_own_record_only(self, space: Workspace) -> None:
        own = Plan(
            plan={"name": "Elsewhere", "start": "2027-01", "months": 3, "paths": 20},
            baseline=[{"segment": {"x_Stage": "training"}, "monthly": [100, 100, 100]}],
            initiatives=[{"id": "a", "saving": 0.1, "scope": {"x_Stage": ["training"]}}],
        )
        PlanStore(space.state()).create("elsewhere", own, who="tests")
        assert "promised" not in figures(space, "elsewhere").book.figures

    def test_decisions_of_all_plans_oldest_first(self, space: Workspace) -> None:
        PlanStore(space.state()).create("second", plan(), who="tests")
        PlanStore(space.state()).create("euros", plan("EUR"), who="tests")
        for number, name in enumerate(("second", "ads", "euros")):
            on = date(2026, 4, 10 - number)
            taken = Decision(
                what=f"Decide {name}", options=(Option(name="Yes"),), chosen="Yes", by="CFO", on=on,
                generation="g", sequence=0, expected="less",
            )  # fmt: skip
            Ledger(space.state()).save(name, "one", taken, who="tests")
        open_ask = Decision(what="Open", options=(Option(name="Yes"),), generation="g", sequence=0)
        Ledger(space.state()).save("ads", "two", open_ask, who="tests")
        assert [one.what for one in decided_of(space, "USD")] == ["Decide ads", "Decide second"]
        assert [one.what for one in decided_of(space, "USD", "second")] == ["Decide second"]


def test_days_of_a_month_without_a_bill_are_no_saving(tmp_path: Path) -> None:
    """The bill of March is not loaded: its 31 days are unknown, and only those."""
    space = Workspace(tmp_path / "store")
    (tmp_path / "store").mkdir()
    write(tmp_path / "store" / "rules.yaml", RULES_FILE)
    rows = [row for row in bill() if not str(row["ChargePeriodStart"]).startswith("2026-03")]
    space.load([write_csv(tmp_path / "bill.csv", rows)])
    cost = series_of(space, "USD", SCOPE, Since(LIVE, LIVE)).cost
    march = slice((date(2026, 3, 1) - FIRST).days, (date(2026, 4, 1) - FIRST).days)
    assert np.isnan(cost[march]).all() and np.isnan(cost).sum() == 31
