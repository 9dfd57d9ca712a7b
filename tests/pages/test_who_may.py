"""What a role may on the pages that decide: a viewer changes nothing there, and is told who may before anything is
written; what finance alone decides is out of use for everybody else.

Every press is tried twice: drawn for a viewer its button is out of use; pressed all the same, it is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from costlib.state.budgets import budgets
from costlib.state.plans import PlanStore
from costlib.state.records import State
from costlib.workspace import Workspace
from tests.pages import plans, screen
from tests.pages.conftest import Open
from tests.pages.plans import FRAUD, STARTUP
from tests.pages.test_launch_review import ASSISTANT, VOICE

CANARY = "Stop the canary in ml-dev that nobody calls"
ASK: Mapping[str, Any] = {"ask-what": "Quotas", "ask-expected": "less"}
#: Page, address, what is entered, the button, and what a viewer is told.
PRESSES = {
    "save": ("roadmap", {"plan": FRAUD, "initiative": CANARY}, {}, "Save", "A plan is not changed"),
    "take out": ("roadmap", {"plan": FRAUD, "initiative": CANARY}, {}, "Take it out", "A plan is not changed"),
    "approve": (
        "roadmap",
        {"plan": FRAUD, "initiative": CANARY},
        {"cycle-stop-canary": "FY27"},
        "Move to L3",
        "An initiative is not approved",
    ),
    "move back": ("roadmap", {"plan": FRAUD, "initiative": CANARY}, {}, "Move back", "A stage is not moved"),
    "add": ("roadmap", {"plan": FRAUD}, {"new-title": "Mine"}, "Add it, at L0", "A plan is not changed"),
    "begin": ("roadmap", {"plan": FRAUD}, {"new-plan": "Mine"}, "Start it", "A plan is not changed"),
    "variant": ("roadmap", {"plan": FRAUD}, {"variant": "Mine"}, "Make it", "A plan is not changed"),
    "approve plan": ("roadmap", {"plan": FRAUD}, {"plan-cycle": "FY27"}, "Approve", "A plan is not approved"),
    "target": ("roadmap", {"plan": FRAUD}, {}, "Save the target", "A plan is not changed"),
    "no target": ("roadmap", {"plan": FRAUD}, {}, "Take it away", "A plan is not changed"),
    "ask": ("portfolio", {"plan": STARTUP, "show": "Decisions"}, ASK, "Put it on record", "A decision is not put"),
    "decide": (
        "launch_review",
        {"launch": VOICE},
        {"launch-why": "w"},
        "Record the decision",
        "A launch is not decided",
    ),
    "ship": ("launch_review", {"launch": VOICE}, {}, "Save the day", "A launch is not changed"),
    "propose": ("launch_review", {"launch": VOICE}, {}, "Save the proposal", "A launch is not changed"),
    "undo launch": ("launch_review", {"launch": VOICE}, {}, "Undo the last change", "A launch is not changed"),
    "reopen": ("launch_review", {"launch": ASSISTANT}, {"launch-reopen-why": "w"}, "Take it back", "A launch is not"),
    "sign": ("savings", {}, {}, "Sign off", "A saving is not booked"),
    "take back": ("savings", {}, {"take-back-why": "w"}, "Take it back", "A sign-off is not taken back"),
}
#: What lead and admin may not press either.
OF_FINANCE = {"approve", "approve plan", "decide", "reopen", "sign", "take back"}


def entered(app: AppTest, values: Mapping[str, str]) -> AppTest:
    """The page with these texts in its fields."""
    for key, value in values.items():
        app.text_input(key=key).set_value(value)
    return app


@pytest.mark.parametrize("name", sorted(PRESSES))
@pytest.mark.usefixtures("unbarred")
def test_a_viewer_is_refused_before_anything_is_written(name: str, saved: PlanStore, open_page: Open) -> None:
    page, address, values, label, told = PRESSES[name]
    before = saved.state.sequence
    app = plans.introduce(open_page(page, **address), "Vic", "viewer")
    app = screen.press(entered(app, values), label)
    assert not app.exception
    assert screen.plain(app.error[0].value).startswith(told)
    assert "by a viewer" in screen.plain(app.error[0].value)
    assert "change the role under Who is editing?" in screen.everything(app)
    assert saved.state.sequence == before


@pytest.mark.parametrize("name", sorted(PRESSES))
def test_out_of_use_for_whom_it_is_not(name: str, saved: PlanStore, open_page: Open) -> None:
    page, address, _, label, _ = PRESSES[name]
    app = open_page(page, **address)
    for role, may in (("viewer", False), ("lead", name not in OF_FINANCE), ("finance", True)):
        found = plans.button(plans.introduce(app, "Vic", role), label)
        assert found.disabled is not may, role
        assert ("change the role under Who is editing?" in (found.help or "")) is not may, role


def test_a_viewer_adds_no_proposal(saved: PlanStore, open_page: Open) -> None:
    app = plans.introduce(open_page("roadmap", plan=FRAUD, view="Proposals"), "Vic", "viewer")
    app.selectbox(key="proposal").select_index(0)
    assert plans.button(app.run(), "Add it to this plan").disabled
    assert not plans.button(plans.introduce(app, "Vic", "lead"), "Add it to this plan").disabled


@pytest.mark.usefixtures("unbarred")
def test_a_viewers_proposal_is_refused(saved: PlanStore, open_page: Open) -> None:
    app = plans.introduce(open_page("roadmap", plan=FRAUD, view="Proposals"), "Vic", "viewer")
    app.selectbox(key="proposal").select_index(0)
    before = saved.state.sequence
    app = screen.press(app.run(), "Add it to this plan")
    assert "not changed by a viewer" in screen.plain(app.error[0].value) and saved.state.sequence == before


def test_a_viewer_keeps_no_best_plan(saved: PlanStore, open_page: Open) -> None:
    app = plans.introduce(open_page("roadmap", plan=STARTUP, view="Best plan"), "Vic", "viewer")
    app = screen.press(app, "Work it out")
    assert plans.button(app, "Keep it as a variant").disabled
    assert not plans.button(plans.introduce(app, "Vic", "lead"), "Keep it as a variant").disabled


@pytest.mark.usefixtures("unbarred")
def test_a_viewers_best_plan_is_refused(saved: PlanStore, open_page: Open) -> None:
    app = plans.introduce(open_page("roadmap", plan=STARTUP, view="Best plan"), "Vic", "viewer")
    app, before = screen.press(app, "Work it out"), saved.state.sequence
    app = screen.press(app, "Keep it as a variant")
    assert "not changed by a viewer" in screen.plain(app.error[0].value) and saved.state.sequence == before


class TestBudgets:
    FILE = b"team,month,amount,currency\nSearch,2026-01,100,USD\n"

    @pytest.fixture
    def page(self, open_page: Open, own_store: Callable[[str], str]) -> tuple[AppTest, State]:
        """The page with a file and a name, and the state that it writes to."""
        store = own_store("two_years")
        app = open_page("budgets", store)
        (field,) = app.get("file_uploader")
        field.set_value(("budget.csv", self.FILE, "text/csv"))
        app.text_input(key="budget-name").set_value("FY26")
        return app.run(), Workspace(Path(store)).state()

    @pytest.mark.usefixtures("unbarred")
    def test_a_viewer_locks_none(self, page: tuple[AppTest, State]) -> None:
        app = screen.press(plans.introduce(page[0], "Vic", "viewer"), "Lock FY26")
        assert "A budget is not locked or withdrawn by a viewer" in screen.plain(app.error[0].value)
        assert app.text_input(key="budget-name").value == "FY26" and budgets(page[1]) == []

    def test_what_a_viewer_sees_is_out_of_use(self, page: tuple[AppTest, State]) -> None:
        app = plans.introduce(page[0], "Vic", "viewer")
        assert plans.button(app, "Lock FY26").disabled
        app = screen.press(plans.introduce(app, "Ada", "lead"), "Lock FY26")
        assert not plans.button(app, "Withdraw FY26").disabled
        assert plans.button(plans.introduce(app, "Vic", "viewer"), "Withdraw FY26").disabled

    @pytest.mark.parametrize("role", ["lead", "finance", "admin"])
    def test_others_lock_and_withdraw(self, role: str, page: tuple[AppTest, State]) -> None:
        app = screen.press(plans.introduce(page[0], "Ada", role), "Lock FY26")
        assert [one.budget.version for one in budgets(page[1])] == ["FY26"]
        app = screen.press(app, "Withdraw FY26")
        assert budgets(page[1]) == [] and screen.plain(app.success[0].value) == "FY26 is withdrawn"
        app = screen.press(app, "Undo")
        assert len(budgets(page[1])) == 1 and screen.plain(app.success[0].value) == "FY26 is back"

    @pytest.mark.usefixtures("unbarred")
    def test_a_viewer_withdraws_none_and_brings_none_back(self, page: tuple[AppTest, State]) -> None:
        app = screen.press(page[0], "Lock FY26")
        app = screen.press(plans.introduce(app, "Vic", "viewer"), "Withdraw FY26")
        assert app.error and len(budgets(page[1])) == 1
        app = screen.press(plans.introduce(app, "Ada", "lead"), "Withdraw FY26")
        app = screen.press(plans.introduce(app, "Vic", "viewer"), "Undo")
        assert app.error and budgets(page[1]) == []


def test_without_a_name_it_is_the_name_that_is_asked_for(saved: PlanStore, open_page: Open) -> None:
    before = saved.state.sequence
    app = plans.introduce(open_page("roadmap", plan=FRAUD), "", "lead")
    app.text_input(key="new-title").set_value("Mine")
    app = screen.press(app, "Add it, at L0")
    assert "Say who you are first" in screen.everything(app) and saved.state.sequence == before


@pytest.mark.usefixtures("unbarred")
def test_a_viewer_undoes_nothing(saved: PlanStore, open_page: Open) -> None:
    before = saved.state.sequence
    app = plans.introduce(open_page("roadmap", plan=FRAUD, view="History"), "Vic", "viewer")
    app = screen.press_undo(app)
    assert screen.plain(app.error[0].value).startswith("A plan is not changed by a viewer")
    assert saved.state.sequence == before


def test_undo_is_out_of_use_for_a_viewer(saved: PlanStore, open_page: Open) -> None:
    app = open_page("roadmap", plan=FRAUD, view="History")
    for role, may in (("viewer", False), ("lead", True), ("finance", True)):
        app = plans.introduce(app, "Vic", role)
        (found,) = (one for one in app.button if screen.plain(one.label) == screen.undo_button(app))
        assert found.disabled is not may, role
        assert ("change the role under Who is editing?" in (found.help or "")) is not may, role


class TestWithoutAPlan:
    """Pages that do not ask who edits: what was chosen on another page holds."""

    @pytest.fixture
    def store(self, own_store: Callable[[str], str]) -> str:
        return own_store("two_years")

    def as_(self, role: str, app: AppTest) -> AppTest:
        app.session_state["editor-role"] = role
        return app.run()

    def enter(self, app: AppTest, name: str) -> AppTest:
        """Fill in what the button of this name needs before it is drawn or does something."""
        if name == "Add it":
            app.text_input(key="change-name").set_value("Agents")
            app.text_input(key="change-owner").set_value("Ada")
        if name == "Save and publish":
            area = app.text_area(key="rule-text")
            return screen.press(area.set_value(f"{area.value}# nothing else\n").run(), "Preview the change")
        if name == "Save the rates":
            app.text_input(key="rates-why").set_value("agreed")
        return app

    PRESSED = pytest.mark.parametrize(
        ("page", "address", "name", "told"),
        [
            ("forecast", {"show": "Drivers and scenarios"}, "Add it", "A forecast is not changed or locked"),
            ("forecast", {"show": "Record"}, "Lock it", "A forecast is not changed or locked"),
            ("settings", {}, "Save and publish", "Rules are not changed"),
            ("settings", {}, "Save the rates", "Rates are not changed"),
            ("reports", {}, "Keep it up to date", "A document is not changed"),
        ],
    )

    @PRESSED
    def test_out_of_use_for_a_viewer(
        self, page: str, address: Mapping[str, str], name: str, told: str, store: str, open_page: Open
    ) -> None:
        app = self.enter(open_page(page, store, **address), name)
        for role, may in (("viewer", False), ("lead", True)):
            found = plans.button(self.as_(role, app), name)
            assert found.disabled is not may, role
            assert (told in (found.help or "")) is not may, role

    @PRESSED
    @pytest.mark.usefixtures("unbarred")
    def test_a_press_all_the_same_writes_nothing(
        self, page: str, address: Mapping[str, str], name: str, told: str, store: str, open_page: Open
    ) -> None:
        state = Workspace(Path(store)).state()
        app = self.enter(self.as_("viewer", open_page(page, store, **address)), name)
        before = state.sequence
        app = screen.press(app, name)
        assert screen.plain(app.error[0].value) == f"{told} by a viewer"
        assert state.sequence == before and not (Path(store) / "rules.yaml").exists()

    @pytest.mark.usefixtures("unbarred")
    def test_a_lead_writes(self, store: str, open_page: Open) -> None:
        """The same press by who may: what a viewer was refused is not refused to everybody."""
        state = Workspace(Path(store)).state()
        app = self.enter(self.as_("lead", open_page("settings", store)), "Save and publish")
        app.text_input(key="rules-why").set_value("a remark")
        app, before = screen.press(app, "Save and publish"), state.sequence
        assert not app.error and before > 0 and (Path(store) / "rules.yaml").exists()
