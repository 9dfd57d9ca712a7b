"""Roadmap: the plan's figures are those of its simulation; edits, conflicts, undo, stages, proposals and variants."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal as D
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from costlib import money
from costlib.roadmap.plan_file import held
from costlib.roadmap.plan_model import Initiative
from costlib.roadmap.report import simulate_document
from costlib.state.plans import PlanStore
from costlib.workspace import Workspace
from tests.pages import plans, screen
from tests.pages.conftest import Open
from tests.pages.plans import FRAUD, STARTUP, field
from ui import exhibit

QUOTAS = "quotas"


def title_of(saved: PlanStore, plan: str, name: str) -> str:
    return saved.read(plan).initiative(name).initiative.title


@pytest.fixture
def editing(saved: PlanStore, open_page: Open) -> AppTest:
    """The start-up's plan with the card of its quotas open, edited by Ada."""
    app = open_page("roadmap", plan=STARTUP, initiative=title_of(saved, "startup", QUOTAS))
    return plans.introduce(app)


def test_figures_are_those_of_the_simulation(open_page: Open, store_of: Callable[[str], Path]) -> None:
    """Against the document that the command line prints."""
    app = open_page("roadmap", plan=FRAUD)
    space = Workspace(store_of("demo"))
    plan, _ = space.plan("fraud")
    document = simulate_document(plan, *space.baseline(plan))
    cards = {metric.label: screen.plain(metric.value) for metric in app.metric}
    net = D(repr(document["saving"]["net"]))
    assert cards["Saved in 12 months, net of cost"] == money.short(net, "USD")
    assert cards["Chance of the target"] == money.percent(document["p_target"])
    assert money.short(net, "USD") in screen.title(app)
    rows = screen.table(app)
    assert sum(row["NPV"] for row in rows) == pytest.approx(document["saving"]["npv"], abs=len(rows))
    assert [row["Net"] for row in rows] == pytest.approx([one["net"] for one in document["initiatives"]], abs=1)


@pytest.mark.parametrize(
    ("plan", "name", "source"),
    [
        (FRAUD, "fraud", "plan Fraud minus 30 % in six months, sample data, bills to"),
        (STARTUP, "startup", "Start-up, 18 months under control, sample data, spend as the plan gives it, USD"),
    ],
)
def test_charts_say_of_which_plan_they_are(
    plan: str, name: str, source: str, open_page: Open, monkeypatch: pytest.MonkeyPatch, store_of: Callable[[str], Path]
) -> None:
    """Their files named neither the plan nor its version, and bills where the plan gives its spend."""
    seen: dict[str, dict[str, object]] = {}
    monkeypatch.setattr(exhibit, "_downloads", lambda one, key: seen.update({key: exhibit.trace(one)}))
    app = open_page("roadmap", plan=plan)
    assert not app.exception and source in screen.everything(app)
    saved = PlanStore(Workspace(store_of("demo")).state()).read(name)
    assert {(one["plan"], one["plan_sequence"]) for one in seen.values()} == {(name, saved.sequence)}
    assert {"path", "roadmap"} <= seen.keys()


def test_the_first_month_of_a_plan_that_gives_its_spend_is_not_called_booked(open_page: Open) -> None:
    first, *_ = open_page("roadmap", plan=STARTUP).metric
    told = first.label, screen.plain(first.value), screen.plain(first.delta)
    assert told == ("Spend in Nov 2026", "$50.0K", "first month, as the plan gives it")
    first, *_ = open_page("roadmap", plan=FRAUD).metric
    assert (first.label, screen.plain(first.delta)) == ("Spend today, a month", "mean of the last three booked months")


def test_a_target_of_less_than_the_plan_acts_on_is_named(open_page: Open, store_of: Callable[[str], Path]) -> None:
    """The cluster costs 155,000 a month, all that the plan acts on 214,000: one was called by the other's name."""
    space = Workspace(store_of("demo"))
    (name,) = (one for one in PlanStore(space.state()).names() if one.startswith("search"))
    app = open_page("roadmap", plan=space.plan(name)[0].plan.name)
    words = screen.everything(app)
    assert "Even with the plan ml-shared-gpu grows to $188K a month by Oct 2027" in screen.title(app)
    assert "Spend that the plan acts on is $214K a month" in words
    assert "ml-shared-gpu and what else the plan acts on by month" in words
    (chance,) = (one for one in app.metric if one.label == "Chance of the target")
    assert screen.plain(chance.delta) == "20% less for ml-shared-gpu in Oct 2027"


def test_time_line_by_track(open_page: Open) -> None:
    app = open_page("roadmap", plan=FRAUD, timeline="Track")
    drawn = [element.proto.spec.upper() for element in app.get("plotly_chart")]
    assert any("TECHNICAL" in spec and "PROCESS" in spec for spec in drawn)
    assert not any("1 CONTAINMENT" in spec for spec in drawn)


@pytest.mark.parametrize("view", ["Priorities", "What moves it", "Best plan", "Compare", "History", "Proposals"])
def test_every_view_draws(view: str, open_page: Open) -> None:
    app = open_page("roadmap", plan=STARTUP, view=view)
    assert not app.exception and not app.error


def test_priorities_say_why_money_and_work_disagree(open_page: Open) -> None:
    app = open_page("roadmap", plan=FRAUD)
    header, *rows = screen.tables(app)["Rank by NPV and by RICE, USD; 1 comes first"]
    assert header[-1] == "Why they disagree"
    assert [row[1] for row in rows] == [str(rank) for rank in range(1, len(rows) + 1)]
    apart = [row for row in rows if abs(int(row[1]) - int(row[2])) >= max(2, len(rows) / 4)]
    assert apart and all("agree" not in row[-1] for row in apart)


class TestEditing:
    def test_without_a_name_nothing_is_saved(self, saved: PlanStore, open_page: Open) -> None:
        app = open_page("roadmap", plan=STARTUP, initiative=title_of(saved, "startup", QUOTAS))
        app = plans.introduce(app, name="")
        app.text_input(key=field(app, "owner")).set_value("Somebody")
        app = screen.press(app, "Save")
        assert "Say who you are first" in screen.everything(app)
        assert saved.read("startup").initiative(QUOTAS).version == 1

    def test_saving_what_nobody_changed_changes_nothing(self, saved: PlanStore, editing: AppTest) -> None:
        before = held(saved.read("startup").plan)
        app = screen.press(editing, "Save")
        assert not app.error and not app.exception
        assert held(saved.read("startup").plan) == before

    def test_a_change_is_saved_with_who_and_why(self, saved: PlanStore, editing: AppTest) -> None:
        before = held(saved.read("startup").initiative(QUOTAS).initiative)
        editing.text_input(key=field(editing, "owner")).set_value("Head of Platform")
        editing.number_input(key=field(editing, "probability")).set_value(55.0)
        editing.text_input(key=field(editing, "why")).set_value("asked in the review")
        app = screen.press(editing, "Save")
        assert not app.error
        after = held(saved.read("startup").initiative(QUOTAS).initiative)
        assert after == {**before, "owner": "Head of Platform", "probability": 0.55}
        entry = saved.history("startup")[0]
        assert (entry.who, entry.why) == ("Ada", "asked in the review")
        assert "is saved" in "".join(one.value for one in app.success)

    def test_the_figures_follow_the_change(self, editing: AppTest) -> None:
        before = {metric.label: metric.value for metric in editing.metric}
        for path in ("saving.low", "saving.likely", "saving.high"):
            editing.number_input(key=field(editing, path)).set_value(0.0)
        app = screen.press(editing, "Save")
        after = {metric.label: metric.value for metric in app.metric}
        label = next(name for name in after if name.startswith("Saved in"))
        assert after[label] != before[label]

    def test_what_is_impossible_is_refused_and_stays_on_the_screen(self, saved: PlanStore, editing: AppTest) -> None:
        key = field(editing, "saving.low")
        editing.number_input(key=key).set_value(99.0)
        app = screen.press(editing, "Save")
        assert "out of order" in screen.plain(app.error[0].value)
        assert app.number_input(key=key).value == 99.0
        assert saved.read("startup").initiative(QUOTAS).version == 1

    def test_the_refused_field_is_named_and_its_group_opens(self, saved: PlanStore, editing: AppTest) -> None:
        editing.number_input(key=field(editing, "quality_effect.likely")).set_value(-0.002)
        app = screen.press(editing, "Save")
        assert "Look at Metric it changes, under Effect on quality." in screen.everything(app)
        (group,) = [one for one in app.expander if one.label == "Effect on quality"]
        assert group.proto.expanded
        app.text_input(key=field(app, "quality_effect.metric")).set_value("precision")
        app = screen.press(app, "Save")
        assert not app.error and "Look at" not in screen.everything(app)
        effect = saved.read("startup").initiative(QUOTAS).initiative.quality_effect
        assert effect and (effect.metric, effect.likely) == ("precision", -0.002)

    def test_stake_kill_criterion_and_release_are_saved_and_shown(self, saved: PlanStore, editing: AppTest) -> None:
        editing.number_input(key=field(editing, "stake.committed")).set_value(0.0)
        editing.selectbox(key=field(editing, "releases.what")).set_value("node")
        editing.selectbox(key=field(editing, "releases.month")).set_value("never")
        editing.text_input(key=field(editing, "kill.0.metric")).set_value("jobs that wait")
        editing.selectbox(key=field(editing, "kill.0.bound")).set_value("at most")
        editing.number_input(key=field(editing, "kill.0.value")).set_value(5.0)
        editing.date_input(key=next(one.key for one in editing.date_input if one.key.endswith("kill.0.by"))).set_value(
            date(2026, 9, 30)
        )
        app = screen.press(editing, "Save")
        assert not app.error
        one = saved.read("startup").initiative(QUOTAS).initiative
        assert (one.stake.committed, one.stake.asked) == (0, None)
        assert one.releases and (one.releases.what, one.releases.month) == ("node", "never")
        (kill,) = one.kill_criteria
        assert (kill.metric, kill.at_most, kill.by, kill.measured) == ("jobs that wait", 5, date(2026, 9, 30), None)
        assert "jobs that wait at most 5 by 30 Sep 2026 (due, not measured)" in screen.everything(app)

    def test_a_new_idea_and_the_way_out(self, saved: PlanStore, editing: AppTest) -> None:
        editing.text_input(key="new-title").set_value("Turn it off & on again")
        app = screen.press(editing, "Add it, at L0")
        one = saved.read("startup").initiative("turn-it-off-on-again").initiative
        assert (one.title, one.stage) == ("Turn it off & on again", "L0")
        assert app.selectbox(key="initiative").value == "turn-it-off-on-again"
        app = screen.press(app, "Take it out")
        assert "turn-it-off-on-again" not in saved.read("startup").initiatives

    def test_a_change_meanwhile_is_told_before_it_is_taken_out(self, saved: PlanStore, editing: AppTest) -> None:
        one = saved.read("startup").initiative(QUOTAS)
        theirs = one.initiative.model_copy(update={"owner": "Ben's choice"})
        saved.save_initiative("startup", theirs, who="Ben", expected=one.version)
        app = screen.press(editing, "Take it out")
        assert "was saved by Ben on" in screen.plain(app.error[0].value)
        assert "still in the plan" in screen.everything(app)
        assert saved.read("startup").initiative(QUOTAS).initiative.owner == "Ben's choice"
        app = screen.press(app, "Take it out")
        assert not app.error and QUOTAS not in saved.read("startup").initiatives

    def test_what_somebody_else_took_out_first_takes_nothing_else_out(self, saved: PlanStore, editing: AppTest) -> None:
        saved.remove_initiative("startup", QUOTAS, who="Ben", expected=saved.read("startup").initiative(QUOTAS).version)
        left = set(saved.read("startup").initiatives)
        app = screen.press(editing, "Take it out")
        app = app.selectbox(key="initiative").set_value(min(left)).run()
        assert not app.error and set(saved.read("startup").initiatives) == left != set()


class TestConflict:
    @pytest.fixture
    def overtaken(self, saved: PlanStore, editing: AppTest) -> AppTest:
        """Ada's owner and chance are entered; meanwhile Ben saved another owner and a one-off cost."""
        editing.text_input(key=field(editing, "owner")).set_value("Ada's choice")
        editing.number_input(key=field(editing, "probability")).set_value(41.0)
        one = saved.read("startup").initiative(QUOTAS)
        theirs = one.initiative.model_copy(update={"owner": "Ben's choice", "one_off_cost": 777.0})
        saved.save_initiative("startup", theirs, who="Ben", expected=one.version)
        return screen.press(editing, "Save")

    def test_says_who_saved_what_and_keeps_what_was_entered(self, saved: PlanStore, overtaken: AppTest) -> None:
        assert "was saved by Ben on" in screen.plain(overtaken.error[0].value)
        rows = {row[0]: row[1:] for row in screen.tables(overtaken)["What differs"]}
        assert rows["owner"][1:] == ["Ben's choice", "Ada's choice"]
        assert overtaken.text_input(key=field(overtaken, "owner")).value == "Ada's choice"
        assert saved.read("startup").initiative(QUOTAS).initiative.owner == "Ben's choice"

    def test_mine_on_top_keeps_what_only_they_changed(self, saved: PlanStore, overtaken: AppTest) -> None:
        app = screen.press(overtaken, "Save my changes on top of theirs")
        assert not app.error
        one = saved.read("startup").initiative(QUOTAS).initiative
        assert (one.owner, one.probability, one.one_off_cost) == ("Ada's choice", 0.41, 777.0)

    def test_theirs_fills_the_form(self, saved: PlanStore, overtaken: AppTest) -> None:
        app = screen.press(overtaken, "Take what Ben saved")
        assert not app.error
        assert app.text_input(key=field(app, "owner")).value == "Ben's choice"
        app = screen.press(app, "Save")
        assert saved.read("startup").initiative(QUOTAS).initiative.owner == "Ben's choice"

    def test_undo_of_what_was_changed_since_is_refused(self, saved: PlanStore, overtaken: AppTest) -> None:
        first = min(one.seq for one in saved.history("startup"))
        app = screen.choose(overtaken, view="History")
        app = screen.press_undo(app.selectbox(key="undo-seq").set_value(first).run())
        assert any("was saved by Ben" in screen.plain(one.value) for one in app.error)

    def test_undo_of_an_edit_that_was_overtaken_names_the_initiative(
        self, saved: PlanStore, overtaken: AppTest
    ) -> None:
        seen = saved.read("startup").initiative(QUOTAS)
        title = str(seen.initiative.title)
        again = seen.initiative.model_copy(update={"owner": "Cleo's choice"})
        saved.save_initiative("startup", again, who="Cleo", expected=seen.version)
        _, ben, *_ = saved.history("startup")
        app = screen.choose(overtaken, view="History")
        app = screen.press_undo(app.selectbox(key="undo-seq").set_value(ben.seq).run())
        assert screen.plain(app.error[-1].value).startswith(f"{title} was saved by Cleo on ")


def test_undo_brings_back_what_was(saved: PlanStore, editing: AppTest) -> None:
    before = held(saved.read("startup").plan)
    editing.text_input(key=field(editing, "owner")).set_value("A slip of the pen")
    app = screen.choose(screen.press(editing, "Save"), view="History")
    header, newest, *_ = screen.tables(app)["Changes to this plan"]
    assert dict(zip(header, newest, strict=True))["Who"] == "Ada"
    after = held(saved.read("startup").plan)
    assert screen.undo_button(app).startswith("Undo: A monthly quota") and ", by Ada, " in screen.undo_button(app)
    app = screen.press_undo(app)
    assert not app.error
    assert held(saved.read("startup").plan) == before
    undone = screen.tables(app)["Changes to this plan"][1]
    assert undone[3] == f"undone: {newest[3]}" and undone[4] == ""
    assert screen.undo_button(app).startswith("Bring back: ")
    app = screen.press_undo(app)
    assert held(saved.read("startup").plan) == after
    assert screen.tables(app)["Changes to this plan"][1][3] == f"brought back: {newest[3]}"


def test_two_edits_are_undone_one_after_the_other(saved: PlanStore, editing: AppTest) -> None:
    before = held(saved.read("startup").plan)
    for owner in ("A slip of the pen", "Another slip"):
        one = saved.read("startup").initiative(QUOTAS)
        changed = one.initiative.model_copy(update={"owner": owner})
        saved.save_initiative("startup", changed, who="Ada", expected=one.version)
    newest, first, *_ = saved.history("startup")
    app = screen.choose(editing, view="History")
    for entry in (newest, first):
        app = screen.press_undo(app.selectbox(key="undo-seq").set_value(entry.seq).run())
        assert not app.error
    assert held(saved.read("startup").plan) == before


class TestStages:
    def open(self, saved: PlanStore, open_page: Open, role: str, plan: str = "fraud") -> AppTest:
        name = "stop-canary"
        title = saved.read(plan).plan.plan.name
        app = open_page("roadmap", plan=title, initiative=title_of(saved, plan, name))
        return plans.introduce(app, role=role)

    def test_the_review_lists_what_is_missing(self, saved: PlanStore, editing: AppTest) -> None:
        editing.text_input(key="new-title").set_value("Idea")
        app = screen.press(editing, "Add it, at L0")
        assert "Name who answers for it." in screen.everything(app)
        assert "Give the range of what it saves" in screen.everything(app)
        header, *rows = screen.tables(app)["What the review asks, from which stage on"]
        asked = {row[0]: dict(zip(header, row, strict=True)) for row in rows}
        assert asked["Name who answers for it."] == {
            **asked["Name who answers for it."],
            "From": "L1",
            "State": "missing",
        }
        assert asked["Say in a few words what is done."]["State"] == "answered"
        assert {row[1] for row in rows} == {"L1", "L2", "L3"}

    @pytest.mark.usefixtures("unbarred")
    def test_a_lead_does_not_approve(self, saved: PlanStore, open_page: Open) -> None:
        app = self.open(saved, open_page, "lead")
        app.text_input(key="cycle-stop-canary").set_value("FY27 budget")
        app = screen.press(app, "Move to L3")
        assert "An initiative is not approved by a lead" in screen.plain(app.error[0].value)
        assert saved.read("fraud").initiative("stop-canary").initiative.stage == "L2"

    def test_finance_approves_against_last_quarters_spend(
        self, saved: PlanStore, open_page: Open, store_of: Callable[[str], Path]
    ) -> None:
        app = self.open(saved, open_page, "finance")
        app.text_input(key="cycle-stop-canary").set_value("FY27 budget")
        app = screen.press(app, "Move to L3")
        assert not app.error
        one = saved.read("fraud").initiative("stop-canary")
        assert one.initiative.stage == "L3" and one.approval and one.approval.cycle == "FY27 budget"
        space = Workspace(store_of("demo"))
        actuals = space.plan_spend(saved.read("fraud").plan).actuals
        idle = [
            at
            for at, one in enumerate(actuals.segments)
            if (one["x_Model"], one["x_Stage"]) == ("fraud-scorer", "idle")
        ]
        assert float(one.approval.reference) == pytest.approx(actuals.spend[idle, -3:].sum() / 3, abs=0.01)
        said = screen.everything(app)
        assert "Approved by Ada on" in said and "for FY27 budget; its reference is frozen at $" in said

    def test_back_needs_a_reason(self, saved: PlanStore, open_page: Open) -> None:
        app = self.open(saved, open_page, "lead")
        app = screen.press(app, "Move back")
        assert "needs a reason" in screen.plain(app.error[0].value)
        app.text_input(key="back-why").set_value("the canary serves tests after all")
        screen.press(app, "Move back")
        assert saved.read("fraud").initiative("stop-canary").initiative.stage == "L1"


class TestProposals:
    def test_one_becomes_an_initiative(self, saved: PlanStore, open_page: Open) -> None:
        app = plans.introduce(open_page("roadmap", plan=FRAUD, view="Proposals"))
        choice = app.selectbox(key="proposal")
        assert len(choice.options) > 20
        choice.select_index(0)
        app = choice.run()
        card = screen.everything(app)
        assert "It acts on $" in card and "Evidence, " in card
        app = screen.press(app, "Add it to this plan")
        assert not app.error
        (new,) = set(saved.read("fraud").initiatives) - set(plans.names_before(saved, "fraud"))
        one = saved.read("fraud").initiative(new).initiative
        assert (one.stage, one.saving.high > one.saving.low) == ("L1", True)

    def test_of_one_model_only(self, open_page: Open) -> None:
        app = open_page("roadmap", plan=FRAUD, view="Proposals")
        app.selectbox(key="for-model").set_value("search-ranker")
        app = app.run()
        assert {row["Model"] for row in app.dataframe[1].value.to_dict("records")} == {"search-ranker"}


def test_the_best_plan_is_kept_as_a_variant(saved: PlanStore, open_page: Open) -> None:
    app = plans.introduce(open_page("roadmap", plan=STARTUP, view="Best plan"))
    app = screen.press(app, "Work it out")
    assert any("are worth $" in header for header in screen.headers(app))
    app.text_input(key="best-title").set_value("Start-up, best")
    app = screen.press(app, "Keep it as a variant")
    assert not app.error
    assert app.selectbox(key="plan").value == "start-up-best"
    best = saved.read("start-up-best").plan
    assert {one.id for one in best.initiatives} <= {one.id for one in saved.read("startup").plan.initiatives}


class TestWithoutAPlan:
    def test_it_says_how_to_begin(self, open_page: Open) -> None:
        app = open_page("roadmap", "one_day")
        assert screen.title(app).startswith("No plan yet")
        assert "Start one under Plans" in screen.everything(app)

    def test_one_is_started_and_filled(self, open_page: Open, own_store: Callable[[str], str]) -> None:
        store = own_store("two_years")
        app = plans.introduce(open_page("roadmap", store))
        app.text_input(key="new-plan").set_value("Less by spring")
        app = screen.press(app, "Start it")
        assert not app.error and not app.exception
        assert screen.title(app).startswith("Less by spring: nothing is planned yet")
        app.text_input(key="new-title").set_value("Stop what ended")
        app = screen.press(app, "Add it, at L0")
        assert not app.exception
        saved = PlanStore(Workspace(Path(store)).state()).read("less-by-spring")
        assert saved.initiative("stop-what-ended").initiative == Initiative(
            id="stop-what-ended", title="Stop what ended"
        )
        assert saved.plan.plan.start.isoformat() == "2026-10-01"


@pytest.mark.parametrize(
    ("key", "press", "title", "said"),
    [
        ("new-plan", "Start it", "Fraud", 'There is a plan "Fraud minus 30 % in six months" already, saved as fraud'),
        ("new-plan", "Start it", " !!! ", "is no title for a plan"),
        ("variant", "Make it", "Start up", 'There is a plan "Start-up, 18 months under control"'),
    ],
)
def test_a_title_that_is_taken_or_none_is_refused_in_words(
    key: str, press: str, title: str, said: str, saved: PlanStore, open_page: Open
) -> None:
    saved.create("start-up", saved.read("startup").plan, who="Ben")
    before = saved.names()
    app = plans.introduce(open_page("roadmap", plan=FRAUD))
    app.text_input(key=key).set_value(title)
    app = screen.press(app, press)
    assert said in " ".join(screen.plain(one.value) for one in app.error)
    assert saved.names() == before


def test_a_plan_that_cannot_be_simulated_can_still_be_edited(
    saved: PlanStore, open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its currency is one that no bill is in."""
    plan = saved.read("fraud").plan
    other = plan.model_copy(update={"plan": plan.plan.model_copy(update={"currency": "CHF", "name": "In francs"})})
    saved.create("francs", other, who="Ben")
    app = open_page("roadmap", plan="In francs", initiative="Run the scorer in INT8")
    assert not app.exception
    assert any("CHF" in screen.plain(one.value) for one in app.error)
    assert app.text_input(key=field(app, "owner")).value == "Head of Fraud ML"
