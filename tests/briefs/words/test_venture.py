"""Words of the venture view: unknown stakes are counted, due criteria are named with who answers for them."""

from __future__ import annotations

from datetime import date

from costlib.briefs.words import venture as words
from costlib.roadmap.plan_bets import KillCriterion
from costlib.roadmap.plan_model import Initiative
from costlib.roadmap.portfolio.bets import Bet, Call, Judged
from costlib.roadmap.portfolio.cases import BusinessCase
from costlib.roadmap.portfolio.reinvest import Reinvested

NAMES = {"app": "The assistant in the app", "rank": "Better ranking"}
HITS = KillCriterion(metric="hit rate", at_least=0.2, by=date(2026, 9, 30), owner="Head of Search")


def bet(name: str = "app", **fields: object) -> Bet:
    """A Grow bet at L1, worth 1,000 of which half is to be expected."""
    made: dict[str, object] = {
        "bucket": "grow", "stage": "L1", "next_gate": "L2", "committed": 38_000.0, "asked": 60_000.0,
        "outlay": 200_000.0, "npv": 1000.0, "expected_value": 500.0, "call": None, "criteria": (), **fields,
    }  # fmt: skip
    return Bet(id=name, **made)


def judged(call: Call, measured: float | None = None) -> Bet:
    return bet(call=call, criteria=(Judged(HITS, measured, call),))


def test_a_row_says_what_is_not_stated():
    (row,) = words.bet_rows([bet(committed=None, asked=0.0)], NAMES, "USD")
    assert row[:6] == ["The assistant in the app", "Grow", "L1", "L2", "not stated", "$0"]
    assert row[-2:] == ["$500", "none agreed"]
    assert len(row) == len(words.BET_HEADER)


def test_what_runs_needs_no_criterion_and_what_has_reached_the_end_no_gate():
    (row,) = words.bet_rows([bet(bucket="run", stage="L5", next_gate=None)], NAMES, "USD")
    assert (row[3], row[-1]) == ("none left", "–")


def test_the_finding_names_what_is_due():
    assert words.bet_finding([bet(), bet("rank")], "USD").endswith("$1.00K is to be expected at the stages reached")
    said = words.bet_finding([judged(Call.STOP, 0.1), judged(Call.ASK), judged(Call.BEHIND, 0.1)], "USD")
    assert said.endswith("; 1 should end and 1 should have been measured")


def test_a_criterion_past_its_day_is_flagged_and_others_are_not():
    assert words.flags([judged(Call.ASK)], NAMES) == [
        "The assistant in the app: hit rate at least 0.2 by 30 Sep 2026 was agreed, and nobody has measured it; "
        "ask Head of Search"
    ]
    (stop,) = words.flags([judged(Call.STOP, 0.1)], NAMES)
    assert "it is 0.1; end it, or let Head of Search say why" in stop
    assert words.flags([judged(Call.MET, 0.3), judged(Call.OPEN), judged(Call.BEHIND, 0.1)], NAMES) == []


def test_due_criteria_come_first_then_the_earlier_day():
    late = KillCriterion(metric="users", at_most=5, by=date(2027, 1, 1))
    calm = bet("rank", call=Call.OPEN, criteria=(Judged(late, None, Call.OPEN),))
    rows = words.criterion_rows([calm, judged(Call.ASK)], NAMES)
    assert [row[0] for row in rows] == ["The assistant in the app", "Better ranking"]
    assert rows[1] == ["Better ranking", "users at most 5", "1 Jan 2027", "nobody named", "unknown", "not due"]
    assert rows[0][4:] == ["unknown", "due, not measured"]


def test_unknown_stakes_are_counted_and_not_added_as_nothing():
    assert words.stake_line([bet(), bet("rank", committed=None)], "USD") == (
        "$38.0K committed so far (1 of 2 initiatives do not say); $120K asked for next."
    )
    assert words.stake_line([bet(committed=None)], "USD").startswith("Nobody says what is committed so far; $60.0K")


def test_ventures_without_a_criterion_are_counted_and_runs_are_not():
    assert words.without_criteria([bet(), judged(Call.OPEN), bet("rank", bucket="run")]) == (
        "1 of 2 Grow and Transform initiatives has no kill criterion yet; L3 asks for one."
    )
    assert words.without_criteria([judged(Call.OPEN)]) is None


def case(name: str, objective: str, npv: float) -> BusinessCase:
    """An initiative of one objective."""
    return BusinessCase(
        id=name, title="", bucket="grow", stage="L1", objective=objective, outlay=100.0, one_off=0.0, gross=0.0,
        net=0.0, benefit=0.0, roi=None, npv=npv, irr=None, payback_month=None, time_to_value=None, market_impact=None,
        failure=0.0,
    )  # fmt: skip


def test_initiatives_of_one_objective_stand_together_and_those_of_none_come_last():
    cases = [case("c", "", 9.0), case("a", "Faster answers", 1.0), case("b", "Faster answers", 5.0)]
    initiatives = [Initiative(id="a", objective="Faster answers", key_result="in a minute"), Initiative(id="b")]
    rows = words.objective_rows(cases, [*initiatives, Initiative(id="c")], "USD")
    assert [row[1] for row in rows] == ["b", "a", "c"]
    assert rows[1] == ["Faster answers", "a", "in a minute", "$100", "$1.00"]
    assert rows[2][:3] == ["no objective named", "c", "no key result named"]
    said = words.objective_finding(cases, initiatives)
    assert said == "3 initiatives serve 1 objective; 1 of them names no objective or no key result"


def test_where_savings_go_by_year():
    (row,) = words.reinvested_rows([Reinvested("app", "project Y", 0.5, (10.0, 20.0))], NAMES, "USD")
    assert row == ["The assistant in the app", "project Y", "50%", "$10.00", "$20.00", "$30.00"]


def test_a_bet_whose_criteria_were_judged_says_how():
    for call in (Call.STOP, Call.ASK, Call.MET):
        (row,) = words.bet_rows([judged(call)], NAMES, "USD")
        assert row[-1] == call.value
    (row,) = words.bet_rows([bet(bucket="run", call=Call.MET)], NAMES, "USD")
    assert row[-1] == Call.MET.value


def test_a_criterion_that_was_measured_says_what_and_whose_it_is():
    (row,) = words.criterion_rows([judged(Call.STOP, 0.125)], NAMES)
    assert row[:5] == ["The assistant in the app", "hit rate at least 0.2", "30 Sep 2026", "Head of Search", "0.125"]
    nobodys = KillCriterion(metric="users", at_most=5, by=date(2026, 1, 1))
    (said,) = words.flags([bet(call=Call.ASK, criteria=(Judged(nobodys, None, Call.ASK),))], NAMES)
    assert said.endswith("users at most 5 by 1 Jan 2026 was agreed, and nobody has measured it; ask its owner")


def test_several_ventures_without_a_criterion_have_none():
    assert words.without_criteria([bet(), bet("rank")]) == (
        "2 of 2 Grow and Transform initiatives have no kill criterion yet; L3 asks for one."
    )


def test_objectives_and_who_names_none_are_counted():
    cases = [case("a", "Speed", 9.0), case("b", "Reach", 1.0), case("c", "", 1.0), case("d", "Reach", 1.0)]
    initiatives = [
        Initiative(id="a", objective="Speed", key_result="in a minute"),
        Initiative(id="b", objective="Reach"),
        Initiative(id="c"),
        Initiative(id="d", key_result="a million"),
    ]
    assert words.objective_finding(cases, initiatives) == (
        "4 initiatives serve 2 objectives; 3 of them name no objective or no key result"
    )
    assert words.objective_finding(cases[:1], initiatives[:1]) == "1 initiative serves 1 objective"
    assert words.objective_finding(cases[1:2], initiatives[1:2]) == (
        "1 initiative serves 1 objective; it names no objective or no key result"
    )
