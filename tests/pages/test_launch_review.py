"""Launch review: what a model was estimated to cost, who approved it, and what it came to on the sample's bill."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from costlib.focus import EFFECTIVE
from costlib.metrics.business import volumes
from costlib.periods import Grain, Window
from costlib.roadmap.portfolio.launch import Launch
from costlib.state.launches import Launches
from costlib.state.plans import PlanStore
from costlib.store.question import Filter, Question
from costlib.workspace import Workspace
from tests.pages import plans, screen, stores
from tests.pages.conftest import Open
from tests.pages.test_savings import dollars

ASSISTANT, VOICE = "Support assistant on Nova Premier", "Voice agent"
SEPTEMBER = Window(date(2026, 9, 1), date(2026, 10, 1))
CAUSES = "Where the difference of Sep 2026 comes from, USD"


@pytest.fixture
def launches(saved: PlanStore) -> Launches:
    return Launches(saved.state)


@pytest.fixture
def voice(launches: Launches, open_page: Open) -> AppTest:
    """The card of the model that waits for a decision, looked at by the CFO."""
    return plans.introduce(open_page("launch_review", launch=VOICE), name="Grace", role="finance")


def test_what_it_came_to_is_what_the_bill_says(open_page: Open, store_of: Callable[[str], Path]) -> None:
    app = open_page("launch_review", launch=ASSISTANT)
    reader = Workspace(store_of("demo")).snapshot().reader
    scope = (
        Filter("x_Model", ("support-assistant",)),
        Filter("x_Stage", ("real-time inference",)),
        Filter("ServiceName", ("Amazon Bedrock", "Amazon OpenSearch Service")),
    )
    (row,) = reader.ask(Question((), EFFECTIVE, Grain.TOTAL, SEPTEMBER, scope))
    tables = screen.tables(app)
    months = {one[0]: one[1:] for one in tables["Estimate and bill by month, USD"][1:]}
    assert dollars(months["Sep 2026"][0]) == pytest.approx(float(row.amount or 0), rel=0.01)
    assert list(months) == ["Sep 2026", "Aug 2026", "Jul 2026", "Jun 2026", "May 2026", "Apr 2026", "Mar 2026"]
    assert months["Mar 2026"][-1].endswith("below the range")
    assert months["Sep 2026"][0] in screen.title(app) and "Voice agent waits for a decision" in screen.title(app)


def test_causes_add_up_to_the_difference(open_page: Open) -> None:
    app = open_page("launch_review", launch=ASSISTANT)
    header, *rows = screen.tables(app)[CAUSES]
    for row in rows:
        found = dict(zip(header, (text.lstrip("+") for text in row), strict=True))
        total = dollars(found["In all"])
        assert dollars(found["Came to"]) - dollars(found["Expected"]) == pytest.approx(total, abs=60)
        if "not foreseen" not in row[0]:
            parts = sum(dollars(found[name]) for name in ("By volume", "By consumption", "By price"))
            assert parts == pytest.approx(total, abs=100)
    assert any("cache-read" in row[0] and "not foreseen" in row[0] for row in rows)


def test_volume_is_what_the_business_metric_counted(open_page: Open, store_of: Callable[[str], Path]) -> None:
    """Input tokens by volume: (counted - mean estimate) x 2,666.67 tokens x 2.5 USD a million."""
    counted = sum(
        float(one.value or 0)
        for one in volumes(store_of("demo"))
        if one.metric == "conversations" and SEPTEMBER.start <= one.day < SEPTEMBER.end
    )
    expected = (counted - (2e6 + 4 * 3.5e6 + 6e6) / 6) * (2200 + 4 * 2600 + 3400) / 6 * 2.5e-6
    header, *rows = screen.tables(open_page("launch_review", launch=ASSISTANT))[CAUSES]
    (row,) = (row for row in rows if row[0] == "Input tokens")
    assert dollars(row[header.index("By volume")].lstrip("+")) == pytest.approx(expected, rel=0.01)


class TestDeciding:
    def test_finance_approves_with_a_reason_and_it_stays(self, launches: Launches, voice: AppTest) -> None:
        voice.text_input(key="launch-why").set_value("cheaper than the calls")
        app = screen.press(voice, "Record the decision")
        assert not app.error and not app.exception
        made = launches.read("voice-agent").launch.decision
        assert made and (made.verdict, made.by, made.why) == ("approved", "Grace", "cheaper than the calls")
        assert "Approved by Grace on" in screen.everything(app)
        assert "Change the proposal" not in [one.label for one in app.expander]

    def test_without_a_reason_it_is_refused(self, launches: Launches, voice: AppTest) -> None:
        app = screen.press(voice, "Record the decision")
        assert "needs a reason" in screen.plain(app.error[0].value)
        assert launches.read("voice-agent").launch.decision is None

    @pytest.mark.usefixtures("unbarred")
    def test_a_lead_does_not_decide(self, launches: Launches, open_page: Open) -> None:
        app = plans.introduce(open_page("launch_review", launch=VOICE))
        app.text_input(key="launch-why").set_value("mine")
        app = screen.press(app, "Record the decision")
        assert "not decided by a lead" in screen.plain(app.error[0].value)
        assert launches.read("voice-agent").launch.decision is None

    def test_taken_back_it_waits_again(self, launches: Launches, open_page: Open) -> None:
        app = plans.introduce(open_page("launch_review", launch=ASSISTANT), name="Grace", role="finance")
        app.text_input(key="launch-reopen-why").set_value("the price changed")
        app = screen.press(app, "Take it back")
        assert launches.read("support-assistant").launch.decision is None
        assert f"{ASSISTANT} shipped without approval" in screen.title(app)

    def test_an_edit_is_undone(self, launches: Launches, voice: AppTest) -> None:
        (key,) = [one.key for one in voice.date_input if one.key.startswith("launch-shipped")]
        voice.date_input(key=key).set_value(date(2026, 10, 1))
        app = screen.press(voice, "Save the day")
        assert launches.read("voice-agent").launch.shipped == date(2026, 10, 1)
        assert "shipped without approval" in screen.title(app)
        app = screen.press(app, "Undo the last change")
        assert launches.read("voice-agent").launch.shipped is None


def widget(app: AppTest, kind: str, name: str) -> str:
    """The key of a widget of the open proposal."""
    (found,) = [one.key for one in app.get(kind) if one.key and one.key.endswith(f"-{name}")]
    return str(found)


class TestProposing:
    def test_a_month_as_a_range(self, launches: Launches, open_page: Open) -> None:
        app = plans.introduce(open_page("launch_review"))
        app.text_input(key=widget(app, "text_input", "what")).set_value("Size adviser")
        app.multiselect(key=widget(app, "multiselect", "scope.x_Model")).set_value(["visual-search"])
        for end, value in (("low", 1000.0), ("likely", 2000.0), ("high", 4000.0)):
            app.number_input(key=widget(app, "number_input", f"monthly.{end}")).set_value(value)
        app = screen.press(app, "Propose it")
        assert not app.error and not app.exception
        launch = launches.read("size-adviser").launch
        assert launch.monthly and (launch.monthly.low, launch.monthly.high) == (1000, 4000)
        rows = next(rows for name, rows in screen.tables(app).items() if name.startswith("Launch reviews"))
        assert {row[0]: row[6] for row in rows}["Size adviser"] == "$1.00K to $4.00K"

    def test_a_component_that_nothing_drives_is_refused(self, launches: Launches, voice: AppTest) -> None:
        voice.text_input(key=widget(voice, "text_input", "0.volume")).set_value("")
        app = screen.press(voice, "Save the proposal")
        assert "Answers does not say what drives it" in screen.plain(app.error[0].value)
        assert launches.read("voice-agent").version == 1

    def test_saving_what_nobody_changed_changes_nothing(self, launches: Launches, voice: AppTest) -> None:
        before = launches.read("voice-agent").launch
        app = screen.press(voice, "Save the proposal")
        assert not app.error and not app.exception
        assert launches.read("voice-agent").launch == before

    def test_two_editors_and_the_second_is_told(self, launches: Launches, voice: AppTest) -> None:
        held = launches.read("voice-agent")
        theirs = held.launch.model_copy(update={"owner": "Ben"})
        launches.propose("voice-agent", theirs, who="Ben", expected=held.version)
        key = widget(voice, "text_input", "owner")
        voice.text_input(key=key).set_value("Grace")
        app = screen.press(voice, "Save the proposal")
        assert "was saved by Ben on" in screen.plain(app.error[0].value)
        assert app.text_input(key=key).value == "Grace"
        assert launches.read("voice-agent").launch.owner == "Ben"
        app = screen.press(app, "Take what Ben saved")
        assert app.text_input(key=widget(app, "text_input", "owner")).value == "Ben"


def test_without_a_launch_it_says_how_to_begin(open_page: Open, own_store: Callable[[str], str]) -> None:
    app = open_page("launch_review", own_store("one_day"))
    assert screen.title(app).startswith("No model has been proposed for launch yet")
    assert "Propose it" in [button.label for button in app.button]


@pytest.mark.parametrize(("unit", "told"), [("Requests", True), ("hours", False)])
def test_a_meter_in_two_units_is_shown_in_each_and_never_added_up(
    unit: str, told: bool, open_page: Open, tmp_path: Path
) -> None:
    """September of an endpoint: 30 days of 24 hours, and 7 of another unit on one of them."""
    meter = {"SkuMeter": "endpoint", "Tags": '{"team": "Search", "model": "ranker"}'}
    days = [date(2026, 8, 1) + timedelta(days=at) for at in range(61)]
    rows = [stores.charge(day, "10", ConsumedQuantity="24", ConsumedUnit="Hours", **meter) for day in days]
    rows.append(stores.charge(date(2026, 9, 9), "5", ConsumedQuantity="7", ConsumedUnit=unit, **meter))
    space = Workspace(tmp_path / "store")
    space.load([stores.write_focus(tmp_path / "bill.csv", rows)])
    component = {"name": "machine", "volume": "months", "consumption": 700, "price": 0.4, "meters": ["endpoint"]}
    launch = Launch(
        what="Ranker",
        currency="USD",
        scope={"x_Model": ["ranker"]},
        volumes={"months": 1},
        components=[component],
    )
    launches = Launches(space.state())
    proposed = launches.propose("ranker", launch, who="Ada")
    launches.ship("ranker", date(2026, 9, 1), who="Ada", role="lead", expected=proposed.version)
    app = open_page("launch_review", str(tmp_path / "store"), launch="Ranker")
    assert not app.exception
    said = screen.everything(app)
    assert ("Billed was machine in 720 Hours and 7 Requests." in said) is told
    assert (CAUSES in screen.tables(app)) is not told
