"""Launch reviews in the state: proposed, decided by finance with a reason, shipped; history, undo, conflict."""

from __future__ import annotations

from datetime import date

import pytest

from costlib.errors import InputError
from costlib.roadmap.portfolio.launch import Launch
from costlib.roadmap.portfolio.launch_review import Status
from costlib.sample.plans import LAUNCHES
from costlib.state.errors import Conflict
from costlib.state.launches import Launches, bring_in, read_launches
from costlib.state.roles import NotAllowed

DAY = date(2026, 3, 9)
VOICE = Launch(
    what="Voice agent", currency="USD", scope={"x_Model": "voice"}, monthly={"low": 1, "likely": 2, "high": 4}
)


@pytest.fixture
def store(state):
    found = Launches(state)
    found.propose("voice", VOICE, who="Ada")
    return found


def decide(store, verdict="approved", *, version=1, **other):
    said = {"who": "CFO", "role": "finance", "why": "cheap enough", "on": DAY, **other}
    return store.decide("voice", verdict, expected=version, **said)


def test_proposed_approved_shipped(store):
    made = decide(store)
    assert (made.version, made.launch.decision.by, made.launch.decision.why) == (2, "CFO", "cheap enough")
    shipped = store.ship("voice", date(2026, 4, 1), who="Ada", role="lead", expected=2)
    assert shipped.launch.status is Status.APPROVED
    assert store.all() == [shipped]
    assert [one.why for one in store.history("voice")] == ["runs since 2026-04-01", "cheap enough", ""]


@pytest.mark.parametrize(
    ("other", "said"),
    [({"role": "lead"}, "not decided by a lead"), ({"role": "admin"}, "finance"), ({"why": " "}, "needs a reason")],
)
def test_finance_alone_decides_and_says_why(store, other, said):
    with pytest.raises(NotAllowed, match=said):
        decide(store, **other)
    assert store.read("voice").launch.decision is None


def test_what_was_decided_on_is_not_changed_until_the_decision_is_taken_back(store):
    decide(store)
    dearer = VOICE.model_copy(update={"basis": "twice the calls"})
    with pytest.raises(NotAllowed, match="approved by CFO as it was proposed"):
        store.propose("voice", dearer, who="Ada", expected=2)
    with pytest.raises(NotAllowed, match="reason"):
        store.reopen("voice", who="CFO", role="finance", why="", expected=2)
    with pytest.raises(NotAllowed, match="lead"):
        store.reopen("voice", who="Ada", role="lead", why="new figures", expected=2)
    store.reopen("voice", who="CFO", role="finance", why="new figures", expected=2)
    assert store.propose("voice", dearer, who="Ada", expected=3).launch.basis == "twice the calls"


def test_a_proposal_brings_no_decision_of_its_own(store):
    sneaky = decide(store).launch.model_copy(update={"what": "Another"})
    assert store.propose("other", sneaky, who="Ada").launch.decision is None


def test_a_decision_is_made_once(store):
    decide(store, "declined")
    with pytest.raises(NotAllowed, match="declined already"):
        decide(store, version=2)


def test_two_editors_and_the_second_is_told(store):
    store.propose("voice", VOICE.model_copy(update={"owner": "Ada"}), who="Ada", expected=1)
    with pytest.raises(Conflict, match="saved by Ada"):
        store.propose("voice", VOICE.model_copy(update={"owner": "Bob"}), who="Bob", expected=1)
    with pytest.raises(Conflict, match="saved by Ada"):
        decide(store)
    assert store.read("voice").launch.owner == "Ada"


def test_two_proposals_of_one_name_and_the_second_is_told(store):
    with pytest.raises(Conflict, match="saved by Ada"):
        store.propose("voice", VOICE, who="Bob")


def test_an_edit_is_undone_and_a_decision_is_not(store):
    store.propose("voice", VOICE.model_copy(update={"owner": "Ada"}), who="Ada", expected=1)
    store.undo(store.history("voice")[0].seq, who="Bob")
    assert store.read("voice").launch.owner == ""
    decide(store, version=3)
    with pytest.raises(NotAllowed, match="not undone"):
        store.undo(store.history("voice")[0].seq, who="Bob")
    with pytest.raises(InputError, match="no change 99"):
        store.undo(99, who="Bob")


def test_a_viewer_ships_nothing_and_what_was_decided_stays_on_record(store):
    with pytest.raises(NotAllowed, match="viewer"):
        store.ship("voice", DAY, who="Eve", role="viewer", expected=1)
    decide(store)
    with pytest.raises(NotAllowed, match="stays on record"):
        store.remove("voice", who="Ada", why="", expected=2)


def test_a_proposal_that_is_withdrawn_keeps_its_history(store):
    store.remove("voice", who="Ada", why="not this year", expected=1)
    assert store.all() == [] and len(store.history("voice")) == 2
    with pytest.raises(InputError, match="no launch voice"):
        store.read("voice")


def test_a_damaged_record_is_named(store, state):
    state.put("launch", "bad", {"what": ""}, who="A")
    with pytest.raises(InputError, match="The launch bad"):
        store.all()


class TestSample:
    def test_its_launches_are_brought_in_once(self, state):
        held = read_launches(LAUNCHES)
        bring_in(state, held, who="sample")
        store = Launches(state)
        assert {one.id: one.launch for one in store.all()} == held
        store.remove("voice-agent", who="Ada", why="", expected=1)
        bring_in(state, held, who="sample")
        assert [one.id for one in store.all()] == ["support-assistant"]

    def test_one_shipped_as_approved_and_one_waits(self):
        held = read_launches(LAUNCHES)
        assert held["support-assistant"].status is Status.APPROVED
        assert held["voice-agent"].status is Status.OPEN

    def test_a_file_that_is_wrong_is_named(self, tmp_path):
        file = tmp_path / "launches.yaml"
        file.write_text("voice: {what: Voice, currency: USD, scope: {x_Model: [v]}, monthly: {likely: -1}}")
        with pytest.raises(InputError, match=r"launches\.yaml, voice: a month costs 0 or more"):
            read_launches(file)
