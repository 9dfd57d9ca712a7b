"""Two people on one page: whoever is second is told who was first, and nothing else is changed in its place.

The second one's page is drawn before the first one saves; then the second one presses.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal as D
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from costlib.state.decisions import DO, LEAVE, Decision, Ledger, Option
from costlib.state.launches import Launches
from costlib.state.plans import PlanStore
from costlib.state.proof import GoLive, Proof
from tests.pages import plans, screen
from tests.pages.conftest import Open
from tests.pages.plans import FRAUD, STARTUP
from tests.pages.test_launch_review import ASSISTANT, VOICE
from ui.roadmap.target import with_target

JULY, DAY = date(2026, 7, 1), date(2026, 11, 1)
SPOT = "Retrain the search ranker on spot capacity"
CANARY = "Stop the canary in ml-dev that nobody calls"


def told(app: AppTest) -> str:
    """What the page says of the one who was first."""
    (said,) = app.info
    return screen.plain(said.value)


def just_before(monkeypatch: pytest.MonkeyPatch, of: type, name: str, other: Callable[[], object]) -> None:
    """Have somebody else save between the drawing of the page and the writing of what was pressed on it."""
    written = getattr(of, name)

    def overtaken(*arguments: Any, **named: Any) -> Any:
        monkeypatch.setattr(of, name, written)
        other()
        return written(*arguments, **named)

    monkeypatch.setattr(of, name, overtaken)


def refused(app: AppTest) -> str:
    """What the page says of what it did not save."""
    (said,) = app.error
    return screen.plain(said.value)


class TestSavings:
    @pytest.fixture
    def proof(self, saved: PlanStore) -> Proof:
        return Proof(saved.state)

    @pytest.fixture
    def app(self, proof: Proof, open_page: Open) -> AppTest:
        """The page as Cleo of finance has it open."""
        return plans.introduce(open_page("savings"), "Cleo", "finance")

    def sign(self, proof: Proof, who: str, amount: str = "2000") -> None:
        proof.sign("past", "spot-retraining", JULY, D(amount), who=who, role="finance", on=DAY)

    def test_a_month_that_somebody_signed_is_told_and_no_other_is_signed(self, proof: Proof, app: AppTest) -> None:
        self.sign(proof, "Dan")
        before = proof.bookings("past")
        app = screen.press(app, "Sign off")
        assert told(app) == (
            f"Dan signed Jul 2026 of {SPOT} with $2.00K a moment before you. Your amount was not saved."
        )
        assert proof.bookings("past") == before and not app.error

    def test_it_is_told_too_where_no_month_is_left(self, proof: Proof, app: AppTest) -> None:
        months = [option.rpartition(", ")[2] for option in app.selectbox(key="sign-month").options]
        for month in (date(2026, 7, 1), date(2026, 8, 1), date(2026, 9, 1))[: len(months)]:
            proof.sign("past", "spot-retraining", month, D(2000), who="Dan", role="finance", on=DAY)
        app = screen.press(app, "Sign off")
        assert "Every closed month is signed off" in screen.headers(app) and "Dan signed Jul 2026" in told(app)

    def test_a_second_click_of_ones_own_is_done(self, proof: Proof, app: AppTest) -> None:
        self.sign(proof, "Cleo")
        app = screen.press(app, "Sign off")
        assert screen.plain(app.success[0].value) == f"Jul 2026 of {SPOT} is booked with $2.00K"
        assert not app.info and not app.error

    def test_a_month_signed_in_the_moment_of_the_press_is_told_by_its_name(
        self, proof: Proof, app: AppTest, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        just_before(monkeypatch, Proof, "sign", lambda: self.sign(proof, "Dan"))
        app = screen.press(app, "Sign off")
        assert refused(app).startswith(f"The sign-off of Jul 2026 of {SPOT} was saved by Dan on ")
        signed = [one for one in proof.bookings("past") if one.month == JULY]
        assert [one.signed_by for one in signed if one.initiative.endswith("spot-retraining")] == ["Dan"]

    def test_a_sign_off_taken_back_in_the_moment_of_the_press_is_told(
        self, proof: Proof, app: AppTest, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        app.text_input(key="take-back-why").set_value("the invoice was restated")
        last = max(proof.bookings("past"), key=lambda one: (one.month, one.initiative))

        def other() -> None:
            proof.take_back("past", last.initiative, last.month, who="Dan", role="finance", why="twice")

        just_before(monkeypatch, Proof, "take_back", other)
        assert refused(screen.press(app, "Take it back")) == "Aug 2026 is not signed off"

    def test_taken_back_by_somebody_no_other_month_is(self, proof: Proof, app: AppTest) -> None:
        """What stood chosen is gone: the press is not for the month that the choice then falls on."""
        last = max(proof.bookings("past"), key=lambda one: (one.month, one.initiative))
        app.text_input(key="take-back-why").set_value("the invoice was restated")
        proof.take_back("past", last.initiative, last.month, who="Dan", role="finance", why="twice")
        before = proof.bookings("past")
        app = screen.press(app, "Take it back")
        assert "Dan was a moment before you. Not taken back by you: Aug 2026, $36.5K signed by" in told(app)
        assert proof.bookings("past") == before
        assert app.text_input(key="take-back-why").value == "the invoice was restated"

    @pytest.fixture
    def approved(self, saved: PlanStore, open_page: Open) -> AppTest:
        """The page as Ada has it open, with an initiative that is approved and waits for its day."""
        saved.move(
            "fraud", "stop-canary", "L3", who="Cleo", role="finance", reference=D(7000), cycle="FY27 budget",
            expected=saved.read("fraud").initiative("stop-canary").version,
            segments=[{"x_Model": "fraud-scorer", "x_Stage": "idle"}],
        )  # fmt: skip
        return plans.introduce(open_page("savings"), "Ada", "lead")

    def go_live(self, proof: Proof, app: AppTest) -> None:
        """Dan says of the initiative that is chosen on the page that it is live."""
        plan, _, name = str(app.selectbox(key="goes-live").value).partition("/")
        proof.set_go_live(plan, name, GoLive(since=date(2026, 9, 1), full_from=date(2026, 9, 1)), who="Dan")

    def test_a_go_live_said_in_the_moment_of_the_press_is_told_by_its_name(
        self, proof: Proof, approved: AppTest, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        just_before(monkeypatch, Proof, "set_go_live", lambda: self.go_live(proof, approved))
        said = refused(screen.press(approved, "It is live"))
        assert said.startswith(f"The go-live of {CANARY} was saved by Dan on ") and "stop-canary" not in said

    def test_a_go_live_that_somebody_said_is_told_and_nothing_is_written(
        self, proof: Proof, saved: PlanStore, approved: AppTest
    ) -> None:
        self.go_live(proof, approved)
        before = saved.state.sequence
        app = screen.press(approved, "It is live")
        assert f"Dan was a moment before you: {CANARY} is live since 2026-09-01" in told(app)
        assert saved.state.sequence == before


class TestFarFromMeasured:
    """What finance signs is questioned where it is far from what was measured: 3,621 dollars."""

    @pytest.fixture
    def app(self, saved: PlanStore, open_page: Open) -> AppTest:
        return plans.introduce(open_page("savings"), "Cleo", "finance")

    def signed(self, app: AppTest, amount: float, why: str = "") -> AppTest:
        key = next(one.key for one in app.number_input if one.label.startswith("Amount that finance signs"))
        app.number_input(key=key).set_value(amount)
        app.text_input(key=key.replace("amount", "why")).set_value(why)
        return screen.press(app, "Sign off")

    @pytest.mark.parametrize("amount", [-3621.0, 36210.0, 0.0, 2700.0, 4600.0])
    def test_without_a_reason_it_is_refused_and_stays(self, amount: float, saved: PlanStore, app: AppTest) -> None:
        before = saved.state.sequence
        app = self.signed(app, amount)
        assert "is not what was measured: $3.62K" in screen.plain(app.error[0].value)
        assert "say why it is another one and sign again" in screen.everything(app)
        assert saved.state.sequence == before
        held = next(one for one in app.number_input if one.label.startswith("Amount that finance signs"))
        assert held.value == amount

    @pytest.mark.parametrize(("amount", "why"), [(2720.0, ""), (4500.0, ""), (-90.0, "credited in August")])
    def test_near_it_or_with_a_reason_it_is_booked(
        self, amount: float, why: str, saved: PlanStore, app: AppTest
    ) -> None:
        app = self.signed(app, amount, why)
        assert not app.error
        newest = saved.state.history("signed month")[0]
        assert (newest.after or {})["amount"] == f"{amount:.0f}" and newest.why == (why or "signed off")


class TestLaunches:
    @pytest.fixture
    def launches(self, saved: PlanStore) -> Launches:
        return Launches(saved.state)

    @pytest.fixture
    def app(self, launches: Launches, open_page: Open) -> AppTest:
        """The card of the model that waits for a decision, as Grace of finance has it open."""
        return plans.introduce(open_page("launch_review", launch=VOICE), "Grace", "finance")

    def decide(self, launches: Launches, who: str) -> None:
        seen = launches.read("voice-agent").version
        launches.decide("voice-agent", "declined", who=who, role="finance", why="dear", on=DAY, expected=seen)

    def test_a_decision_that_somebody_made_is_told(self, launches: Launches, app: AppTest) -> None:
        self.decide(launches, "Dan")
        app.text_input(key="launch-why").set_value("cheaper than the calls")
        app = screen.press(app, "Record the decision")
        assert told(app).startswith(f"{VOICE}: declined by Dan a moment before you. Nothing of yours was saved")
        made = launches.read("voice-agent").launch.decision
        assert made and (made.verdict, made.by) == ("declined", "Dan")

    def test_a_second_click_of_ones_own_is_done(self, launches: Launches, app: AppTest) -> None:
        self.decide(launches, "Grace")
        app = screen.press(app, "Record the decision")
        assert screen.plain(app.success[0].value) == f"{VOICE}: declined" and not app.info

    @pytest.mark.parametrize("label", ["Save the day", "Undo the last change"])
    def test_a_day_that_somebody_saved_is_told(self, label: str, launches: Launches, app: AppTest) -> None:
        self.ship(launches)
        before = launches.state.sequence
        app = screen.press(app, label)
        assert f"{VOICE}: shipped changed by Dan a moment before you" in told(app)
        assert launches.state.sequence == before

    def ship(self, launches: Launches) -> None:
        seen = launches.read("voice-agent").version
        launches.ship("voice-agent", date(2026, 10, 1), who="Dan", role="lead", expected=seen)

    @pytest.mark.parametrize(("label", "method"), [("Record the decision", "decide"), ("Save the day", "ship")])
    def test_a_launch_changed_in_the_moment_of_the_press_is_told_by_its_name(
        self, label: str, method: str, launches: Launches, app: AppTest, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        app.text_input(key="launch-why").set_value("cheaper")
        just_before(monkeypatch, Launches, method, lambda: self.ship(launches))
        said = refused(screen.press(app, label))
        assert said.startswith(f"{VOICE} was saved by Dan on ") and "voice-agent" not in said
        assert launches.read("voice-agent").launch.decision is None

    def test_a_reason_stays_where_the_launch_was_changed_and_counts_the_second_time(
        self, launches: Launches, app: AppTest
    ) -> None:
        self.ship(launches)
        app.text_input(key="launch-why").set_value("cheaper")
        app = screen.press(app, "Record the decision")
        assert "shipped changed by Dan" in told(app) and launches.read("voice-agent").launch.decision is None
        assert app.text_input(key="launch-why").value == "cheaper"
        assert not screen.press(app, "Record the decision").info
        made = launches.read("voice-agent").launch.decision
        assert made and made.why == "cheaper"

    def test_what_somebody_took_back_and_decided_again_is_not_taken_back(
        self, launches: Launches, open_page: Open
    ) -> None:
        app = plans.introduce(open_page("launch_review", launch=ASSISTANT), "Grace", "finance")
        app.text_input(key="launch-reopen-why").set_value("the price changed")
        name = "support-assistant"
        opened = launches.reopen(name, who="Dan", role="finance", why="x", expected=launches.read(name).version)
        launches.decide(name, "declined", who="Dan", role="finance", why="y", on=DAY, expected=opened.version)
        app = screen.press(app, "Take it back")
        assert "declined by Dan a moment before you" in told(app)
        made = launches.read(name).launch.decision
        assert made and made.verdict == "declined"


class TestStages:
    @pytest.fixture
    def app(self, saved: PlanStore, open_page: Open) -> AppTest:
        """An initiative at L2, as Grace of finance has it open."""
        return plans.introduce(open_page("roadmap", plan=FRAUD, initiative=CANARY), "Grace", "finance")

    def back(self, saved: PlanStore, who: str) -> None:
        seen = saved.read("fraud").initiative("stop-canary").version
        saved.move("fraud", "stop-canary", "L1", who=who, role="lead", expected=seen, why="not yet")

    def approve_plan(self, saved: PlanStore, who: str) -> None:
        seen = saved.read("fraud").version
        saved.approve("fraud", reference=D(5000), cycle="FY28", who=who, role="finance", expected=seen)

    @pytest.mark.parametrize("label", ["Move to L3", "Move back"])
    def test_a_move_that_somebody_made_is_told(self, label: str, saved: PlanStore, app: AppTest) -> None:
        self.back(saved, "Dan")
        app.text_input(key="cycle-stop-canary").set_value("FY27 budget")
        app.text_input(key="back-why").set_value("not yet")
        app = screen.press(app, label)
        assert f"Dan moved {CANARY} to L1 a moment before you. Your move was not saved" in "".join(
            screen.plain(one.value) for one in app.info
        )
        assert saved.read("fraud").initiative("stop-canary").initiative.stage == "L1"

    def test_a_second_click_of_ones_own_is_done(self, saved: PlanStore, app: AppTest) -> None:
        self.back(saved, "Grace")
        app.text_input(key="back-why").set_value("not yet")
        app = screen.press(app, "Move back")
        assert screen.plain(app.success[0].value) == f"{CANARY} is at L1 now"
        assert saved.read("fraud").initiative("stop-canary").initiative.stage == "L1"

    def test_a_plan_that_somebody_saved_is_not_approved_unseen(self, saved: PlanStore, app: AppTest) -> None:
        self.approve_plan(saved, "Dan")
        app.text_input(key="plan-cycle").set_value("FY27")
        app = screen.press(app, "Approve")
        assert "Dan saved this plan a moment before you" in screen.plain(app.error[0].value)
        assert app.text_input(key="plan-cycle").value == "FY27"
        approval = saved.read("fraud").approval
        assert approval and (approval.by, approval.cycle) == ("Dan", "FY28")

    def test_ones_own_second_click_on_a_plans_approval_is_done(self, saved: PlanStore, app: AppTest) -> None:
        self.approve_plan(saved, "Grace")
        app.text_input(key="plan-cycle").set_value("FY28")
        app, before = screen.press(app, "Approve"), saved.state.sequence
        assert "is approved for FY28" in screen.plain(app.success[0].value) and not app.error
        assert saved.state.sequence == before

    def test_another_move_of_ones_own_elsewhere_is_not_what_was_pressed(self, saved: PlanStore, app: AppTest) -> None:
        """In a second window Grace moved it back; here she wanted it up."""
        self.back(saved, "Grace")
        app.text_input(key="cycle-stop-canary").set_value("FY27 budget")
        app = screen.press(app, "Move to L3")
        assert not app.success
        assert f"Grace moved {CANARY} to L1 a moment before you" in "".join(screen.plain(one.value) for one in app.info)


class TestPlans:
    @pytest.fixture
    def app(self, saved: PlanStore, open_page: Open) -> AppTest:
        """A plan with an initiative of it, as Ada has it open."""
        return plans.introduce(open_page("roadmap", plan=FRAUD, initiative=CANARY), "Ada", "lead")

    def own(self, saved: PlanStore, who: str, owner: str) -> None:
        """Somebody else gives the initiative an owner."""
        held = saved.read("fraud").initiative("stop-canary")
        wanted = held.initiative.model_copy(update={"owner": owner})
        saved.save_initiative("fraud", wanted, who=who, why="it is ours", expected=held.version)

    def test_on_top_of_theirs_is_on_top_of_what_was_shown(self, saved: PlanStore, app: AppTest) -> None:
        app.text_input(key=plans.field(app, "owner")).set_value("Search")
        self.own(saved, "Bob", "Ads")
        app = screen.press(app, "Save")
        assert "Bob" in refused(app)
        self.own(saved, "Cem", "Voice")
        app = screen.press(app, "Save my changes on top of theirs")
        assert "Cem" in refused(app)
        assert saved.read("fraud").initiative("stop-canary").initiative.owner == "Voice"
        app = screen.press(app, "Save my changes on top of theirs")
        assert saved.read("fraud").initiative("stop-canary").initiative.owner == "Search"

    def test_ones_own_second_click_on_a_target_is_done(self, saved: PlanStore, app: AppTest) -> None:
        held = saved.read("fraud")
        target = held.plan.plan.target
        assert target
        share = next(one.key for one in app.number_input if one.label == "Less spend, %")
        app.number_input(key=share).set_value(25.0)
        app.text_input(key=str(share).replace("share", "why")).set_value("agreed")
        scope = {name: list(values) for name, values in target.scope.items()}
        wanted = with_target(held.plan, 25.0, str(target.by)[:7], target.reference, scope)
        saved.save_head("fraud", wanted, who="Ada", why="agreed", expected=held.version)
        app, before = screen.press(app, "Save the target"), saved.state.sequence
        assert not app.error and app.success
        assert saved.state.sequence == before

    def test_the_same_title_with_other_months_is_another_plan(self, saved: PlanStore, app: AppTest) -> None:
        for months in (12, 24):
            app.text_input(key="new-plan").set_value("Trial")
            (field,) = (one for one in app.number_input if str(one.key).startswith("new-months-"))
            field.set_value(months)
            app = screen.press(app, "Start it")
        assert "There is a plan" in refused(app)
        assert saved.read("trial").plan.plan.months == 12


class TestLaunchElsewhere:
    def test_another_change_of_ones_own_is_not_the_decision(self, saved: PlanStore, open_page: Open) -> None:
        """In a second window Grace said since when it runs; here she decides."""
        launches = Launches(saved.state)
        app = plans.introduce(open_page("launch_review", launch=VOICE), "Grace", "finance")
        seen = launches.read("voice-agent").version
        launches.ship("voice-agent", DAY, who="Grace", role="finance", expected=seen)
        app.text_input(key="launch-why").set_value("cheaper")
        app = screen.press(app, "Record the decision")
        assert not app.success and "by Grace a moment before you" in told(app)
        assert launches.read("voice-agent").launch.decision is None


class TestAsks:
    @pytest.mark.parametrize("is_done", [True, False])
    def test_ones_own_second_click_is_done_and_another_verdict_is_told(
        self, is_done: bool, saved: PlanStore, open_page: Open
    ) -> None:
        book = Ledger(saved.state)
        options = Option(name=DO), Option(name=LEAVE)
        held = book.save(
            "startup", "quotas", Decision(what="Quotas", options=options, generation="g", sequence=1), who="Dan"
        )
        app = plans.introduce(open_page("portfolio", plan=STARTUP, show="Decisions"), "Grace", "lead")
        pressed, other = app.selectbox(key="decide-verdict").options
        chosen = pressed if is_done else other
        made = held.decision.model_copy(update={"chosen": chosen, "by": "Grace", "on": DAY, "expected": "less"})
        book.save("startup", "quotas", made, who="Grace", expected=held.version)
        app.text_input(key="decide-expected").set_value("less")
        app = screen.press(app, "Record the decision")
        assert (bool(app.success), bool(app.info)) == (is_done, not is_done)
        assert next(one for one in book.all("startup") if one.id == "quotas").decision.chosen == chosen
