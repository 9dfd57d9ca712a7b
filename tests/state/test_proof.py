"""Proof of savings: go-lives and signed months of a state, and a plan that comes in with its past."""

from __future__ import annotations

from datetime import date
from decimal import Decimal as D

import pytest
from pydantic import ValidationError

from costlib.errors import InputError
from costlib.roadmap.plan_file import held, read_plan
from costlib.sample.plans import PAST_PLAN, PAST_RECORD
from costlib.state.decisions import Ledger
from costlib.state.errors import Conflict
from costlib.state.past import read_past, save_past
from costlib.state.plans import PlanStore
from costlib.state.proof import Avoided, GoLive, Proof
from costlib.state.records import State
from costlib.state.roles import NotAllowed

JUNE, JULY = date(2026, 6, 1), date(2026, 7, 1)


@pytest.fixture
def state(tmp_path):
    return State(f"sqlite:///{tmp_path / 'state.db'}")


@pytest.fixture
def proof(state):
    return Proof(state)


class TestGoLive:
    def test_is_kept_as_it_was_said(self, proof):
        said = GoLive(since=JUNE, full_from=JULY, volume="conversations", volume_of="assistant")
        proof.set_go_live("plan", "smaller", said, who="Ada")
        assert proof.go_lives("plan")["smaller"].go_live == said
        assert proof.go_lives("plan-2") == {}

    def test_it_cannot_act_in_full_before_it_is_live(self):
        with pytest.raises(ValidationError, match="before it is live"):
            GoLive(since=JULY, full_from=JUNE)

    def test_a_second_editor_is_told(self, proof):
        proof.set_go_live("plan", "smaller", GoLive(since=JUNE, full_from=JUNE), who="Ada")
        with pytest.raises(Conflict):
            proof.set_go_live("plan", "smaller", GoLive(since=JULY, full_from=JULY), who="Ben")
        proof.set_go_live("plan", "smaller", GoLive(since=JULY, full_from=JULY), who="Ben", expected=1)
        assert proof.go_lives("plan")["smaller"].go_live.since == JULY

    def test_cost_avoidance_stays_apart_from_what_is_booked(self, proof):
        kept = (Avoided(month=JUNE, amount=D("2500"), what="a price rise"),)
        proof.set_go_live("plan", "smaller", GoLive(since=JUNE, full_from=JUNE, avoided=kept), who="Ada")
        assert [(one.initiative, one.amount) for one in proof.avoided("plan")] == [("smaller", 2500.0)]
        assert proof.bookings("plan") == []


class TestSigning:
    @pytest.mark.parametrize("role", ["viewer", "lead", "admin"])
    def test_is_finances_alone(self, proof, role):
        with pytest.raises(NotAllowed, match="finance"):
            proof.sign("plan", "smaller", JUNE, D(100), who="Ada", role=role, on=JULY)
        assert proof.bookings("plan") == []

    def test_books_what_was_signed(self, proof):
        proof.sign("plan", "smaller", JULY, D("90.55"), who="Cleo", role="finance", on=JULY)
        proof.sign("plan", "smaller", JUNE, D(100), who="Cleo", role="finance", on=JULY)
        found = [(one.initiative, one.month, one.amount, one.signed_by) for one in proof.bookings("plan")]
        assert found == [("smaller", JUNE, 100.0, "Cleo"), ("smaller", JULY, 90.55, "Cleo")]

    def test_a_month_is_signed_once(self, proof):
        proof.sign("plan", "smaller", JUNE, D(100), who="Cleo", role="finance", on=JULY)
        with pytest.raises(Conflict, match="saved by Cleo"):
            proof.sign("plan", "smaller", JUNE, D(200), who="Dan", role="finance", on=JULY)
        assert [one.amount for one in proof.bookings("plan")] == [100.0]

    def test_a_sign_off_is_taken_back_and_signed_again(self, proof, state):
        proof.sign("plan", "smaller", JUNE, D(99999999), who="Cleo", role="finance", on=JULY)
        proof.take_back("plan", "smaller", JUNE, who="Dan", role="finance", why="a slip of the keys")
        assert proof.bookings("plan") == []
        proof.sign("plan", "smaller", JUNE, D(100), who="Cleo", role="finance", on=JULY)
        assert [one.amount for one in proof.bookings("plan")] == [100.0]
        kept = [(one.who, one.why) for one in state.history("signed month", "plan/smaller/2026-06")]
        assert sorted(kept) == [("Cleo", "signed off"), ("Cleo", "signed off"), ("Dan", "a slip of the keys")]

    @pytest.mark.parametrize(("role", "why"), [("lead", "why not"), ("finance", " ")])
    def test_it_is_taken_back_by_finance_with_a_reason(self, proof, role, why):
        proof.sign("plan", "smaller", JUNE, D(100), who="Cleo", role="finance", on=JULY)
        with pytest.raises(NotAllowed):
            proof.take_back("plan", "smaller", JUNE, who="Dan", role=role, why=why)
        assert len(proof.bookings("plan")) == 1

    def test_what_is_not_signed_is_not_taken_back(self, proof):
        with pytest.raises(InputError, match="Jun 2026 is not signed off"):
            proof.take_back("plan", "smaller", JUNE, who="Cleo", role="finance", why="none")

    def test_plans_whose_names_begin_alike_are_told_apart(self, proof):
        proof.sign("plan-b", "smaller", JUNE, D(100), who="Cleo", role="finance", on=JULY)
        assert proof.bookings("plan") == []

    def test_a_record_that_cannot_be_read_is_named(self, proof, state):
        state.put("signed month", "plan/smaller/2026-06", {"month": "2026-06-01"}, who="Eve")
        with pytest.raises(InputError, match="signed month plan/smaller/2026-06 cannot be read"):
            proof.bookings("plan")


class TestPast:
    @pytest.fixture
    def past(self, state):
        save_past(state, "past", read_plan(PAST_PLAN), read_past(PAST_RECORD), who="sample", why="as it was")
        return PlanStore(state).read("past")

    def test_stages_approvals_and_moves_are_those_on_record(self, past):
        stages = {name: one.initiative.stage for name, one in past.initiatives.items()}
        assert stages == {"spot-retraining": "L5", "smaller-support-model": "L5", "prompt-caching": "L4"}
        spot = past.initiative("spot-retraining")
        assert spot.approval.reference == D(9200) and spot.approval.cycle == "FY26 reforecast 1"
        assert [move.to_stage for move in spot.moves] == ["L3", "L4", "L5"]
        assert [move.role for move in spot.moves] == ["finance", "lead", "finance"]

    def test_nothing_counts_as_changed_since_its_approval(self, past):
        assert all(one.changed_since_approval == [] for one in past.initiatives.values())

    def test_the_plan_is_the_file_but_for_its_stages(self, past):
        kept, wanted = held(past.plan), held(read_plan(PAST_PLAN))
        for one in kept["initiatives"]:
            del one["stage"]
        assert kept == wanted

    def test_go_lives_bookings_and_decisions_come_along(self, past, state):
        proof = Proof(state)
        assert proof.go_lives("past")["prompt-caching"].go_live.since == date(2026, 6, 16)
        assert sum(one.amount for one in proof.bookings("past")) == 2150 + 3300 + 3250 + 34000 + 36500
        assert [one.id for one in Ledger(state).all("past")] == ["cheaper-assistant", "spot-for-search"]

    def test_promises_name_initiatives_of_the_plan(self, past, state):
        for one in Ledger(state).all("past"):
            assert set(one.decision.options[0].figures) <= set(past.initiatives)

    def test_all_or_nothing(self, past, state):
        before = state.sequence
        with pytest.raises(Conflict):
            save_past(state, "past", read_plan(PAST_PLAN), read_past(PAST_RECORD), who="sample", why="again")
        assert state.sequence == before

    def test_a_mistake_in_the_record_is_named(self, tmp_path):
        path = tmp_path / "record.yaml"
        path.write_text("initiatives: {a: {moves: []}}", encoding="utf-8")
        with pytest.raises(InputError, match=r"record.yaml, initiatives.a.moves"):
            read_past(path)
