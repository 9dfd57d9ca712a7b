"""What was entered stays until it is saved; a double click does no harm; what nobody knows is called unknown."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from costlib import money
from costlib.roadmap.plan_file import plan_text
from costlib.roadmap.plan_model import Initiative
from costlib.state.decisions import Ledger
from costlib.state.plans import PlanStore
from tests.pages import plans, screen
from tests.pages.conftest import Open
from tests.pages.plans import FRAUD, STARTUP

IDEA = "Ask the vendor"


@pytest.fixture
def app(saved: PlanStore, open_page: Open) -> AppTest:
    """The Roadmap with a plan, edited by Ada."""
    return plans.introduce(open_page("roadmap", plan=FRAUD))


class TestRefused:
    @pytest.mark.parametrize(
        ("key", "label"), [("new-plan", "Start it"), ("variant", "Make it"), ("new-title", "Add it, at L0")]
    )
    def test_what_was_typed_stays_without_a_name_and_goes_once_it_is_saved(
        self, key: str, label: str, app: AppTest
    ) -> None:
        app = plans.introduce(app, "")
        app.text_input(key=key).set_value("Mine")
        app = screen.press(app, label)
        assert "Say who you are first" in screen.everything(app) and app.text_input(key=key).value == "Mine"
        app = screen.press(plans.introduce(app), label)
        assert not app.error and app.text_input(key=key).value == ""

    def test_a_title_that_is_taken_stays_with_its_months(self, app: AppTest) -> None:
        app.text_input(key="new-plan").set_value("Fraud")
        app.number_input(key="new-months-0").set_value(7)
        app = screen.press(app, "Start it")
        assert app.error and app.text_input(key="new-plan").value == "Fraud"
        assert app.number_input(key="new-months-0").value == 7
        app.text_input(key="new-plan").set_value("Mine")
        assert screen.press(app, "Start it").number_input(key="new-months-1").value == 12

    def test_a_file_stays_with_its_reason_until_it_is_in(self, saved: PlanStore, app: AppTest) -> None:
        text = plan_text(saved.read("fraud").plan).replace("Fraud minus", "Fraud less").encode()
        app = plans.introduce(app, "")
        app.get("file_uploader")[0].set_value(("another.yaml", text, "application/yaml"))
        app.text_input(key="upload-why").set_value("from git")
        app = screen.press(app, "Bring it in")
        name = "fraud-less-30-in-six-months"
        assert app.text_input(key="upload-why").value == "from git" and name not in saved.names()
        app = screen.press(plans.introduce(app), "Bring it in")
        assert name in saved.names() and app.selectbox(key="plan").value == name
        assert app.text_input(key="upload-why").value == "" and not app.get("file_uploader")[0].value


class TestDoubleClick:
    """The second press is sent by a browser that still shows the plan before, with the title still in its field."""

    @pytest.mark.parametrize(("key", "label"), [("new-plan", "Start it"), ("variant", "Make it")])
    def test_the_plan_is_begun_once_and_shown(self, key: str, label: str, saved: PlanStore, app: AppTest) -> None:
        app.text_input(key=key).set_value("Mine")
        app = screen.press(app, label)
        before = saved.state.sequence
        app.selectbox(key="plan").set_value("fraud")
        app.text_input(key=key).set_value("Mine")
        app = screen.press(app, label)
        assert not app.error and app.selectbox(key="plan").value == "mine"
        assert "Mine" in screen.plain(app.success[0].value) and app.text_input(key=key).value == ""
        assert saved.state.sequence == before

    def test_a_plan_of_somebody_else_under_that_title_is_not_taken_for_it(self, saved: PlanStore, app: AppTest) -> None:
        saved.create("mine", saved.read("fraud").plan, who="Ben")
        app.text_input(key="new-plan").set_value("Mine")
        app = screen.press(app, "Start it")
        assert "already, saved as mine" in screen.plain(app.error[0].value)
        assert app.selectbox(key="plan").value == "fraud"


class TestUnknown:
    def begun(self, app: AppTest) -> AppTest:
        app.text_input(key="new-plan").set_value("Mine")
        return screen.press(app, "Start it")

    def with_idea(self, app: AppTest) -> AppTest:
        app = self.begun(app)
        app.text_input(key="new-title").set_value(IDEA)
        return screen.press(app, "Add it, at L0")

    def test_an_empty_plan_says_that_nothing_is_planned(self, app: AppTest) -> None:
        assert screen.title(self.begun(app)) == "Mine: nothing is planned yet"

    def test_what_nobody_estimated_is_unknown_and_not_zero(self, app: AppTest) -> None:
        app = self.with_idea(app)
        assert screen.title(app) == "Mine: 1 initiative, what it saves is not estimated yet"
        cards = {metric.label: screen.plain(metric.value) for metric in app.metric}
        assert cards["Saved in 12 months, net of cost"] == money.UNKNOWN
        assert len(cards) == 2 and "$0" not in cards.values()

    def test_history_and_ranks_in_a_readers_words(self, saved: PlanStore, app: AppTest) -> None:
        app = self.with_idea(app)
        (name,) = saved.read("mine").initiatives
        wanted = Initiative(id=name, title=IDEA, scope={"x_Team": ["Fraud"]}, saving=0.2)
        saved.save_initiative("mine", wanted, who="Ada", expected=1)
        app = screen.choose(app.run(), view="Priorities")
        assert f"{IDEA} is worth most; RICE is unknown until somebody states the person-weeks" in screen.headers(app)
        app = screen.choose(app, view="History")
        assert "scope, team – → Fraud" in screen.tables(app)["Changes to this plan"][1][3]


class TestAsks:
    @pytest.fixture
    def app(self, saved: PlanStore, open_page: Open) -> AppTest:
        return plans.introduce(open_page("portfolio", plan=STARTUP, show="Decisions"))

    def ask(self, app: AppTest, what: str, initiative: str) -> AppTest:
        app.text_input(key="ask-what").set_value(what)
        app.multiselect(key="ask-initiatives").set_value([initiative])
        return screen.press(app, "Put it on record")

    def test_a_title_that_is_taken_is_refused_in_words_and_stays(self, saved: PlanStore, app: AppTest) -> None:
        first, second, *_ = (one.id for one in saved.read("startup").plan.initiatives)
        app = self.ask(app, "Approve phase one", first)
        app = self.ask(app, "approve  phase one", second)
        assert screen.plain(app.error[0].value) == (
            "An ask called “Approve phase one” is on record in this plan already, and is still open"
        )
        assert app.text_input(key="ask-what").value == "approve  phase one"
        assert len(Ledger(saved.state).all("startup")) == 1

    def test_a_second_click_finds_it_on_record(self, saved: PlanStore, app: AppTest) -> None:
        """The second click comes with what stood in the form at the first one."""
        first, *_ = (one.id for one in saved.read("startup").plan.initiatives)
        app = self.ask(self.ask(app, "Approve phase one", first), "Approve phase one", first)
        assert not app.error and app.text_input(key="ask-what").value == ""
        assert [screen.plain(one.value) for one in app.success] == ["“Approve phase one” is on record"]
        assert len(Ledger(saved.state).all("startup")) == 1

    def test_the_same_title_with_a_decision_is_no_second_click(self, saved: PlanStore, app: AppTest) -> None:
        first, *_ = (one.id for one in saved.read("startup").plan.initiatives)
        app = self.ask(app, "Approve phase one", first)
        app.selectbox(key="ask-verdict").set_value("Approved")
        app.text_input(key="ask-expected").set_value("a third less idle")
        app = self.ask(app, "Approve phase one", first)
        assert "is on record in this plan already, and is still open" in screen.plain(app.error[0].value)
        assert app.text_input(key="ask-expected").value == "a third less idle" and not app.success

    @pytest.mark.parametrize("what", ["Approve: phase one", "Approve phase 1"])
    def test_a_title_that_only_looks_alike_is_its_own(self, what: str, saved: PlanStore, app: AppTest) -> None:
        first, second, *_ = (one.id for one in saved.read("startup").plan.initiatives)
        app = self.ask(self.ask(app, "Approve phase one", first), what, second)
        assert not app.error
        assert {one.decision.what for one in Ledger(saved.state).all("startup")} == {"Approve phase one", what}
