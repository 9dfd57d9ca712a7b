"""The words of the venture view: what is at stake in each bet, what is to be expected of it, and when it is ended.

Conventions: money in the plan's currency; what nobody stated is called so and is counted, never taken for 0. A bet's
verdict is that of its worst kill criterion.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from costlib import money
from costlib.briefs.initiative_figures import NOT_ESTIMATED
from costlib.briefs.words.roadmap import amount
from costlib.periods import day_name
from costlib.roadmap.plan_bets import KillCriterion
from costlib.roadmap.plan_model import Initiative
from costlib.roadmap.portfolio.bets import DUE, Bet, Call, Judged
from costlib.roadmap.portfolio.cases import BusinessCase
from costlib.roadmap.portfolio.reinvest import Reinvested
from costlib.wording import capital

EXPECTED_HELP: Final = (
    "Net present value less what past initiatives of that stage lost on the way from plan to sign-off; until there is "
    "a history, a stated prior: the earlier the stage, the more is lost."
)
STAKE_HELP: Final = (
    "Committed: spent or bound by contract so far. Asked: wanted to reach the next gate. Both as people state them on "
    "the Roadmap; takes in all is what the plan's simulation says."
)
KILL_HELP: Final = (
    "Agreed before money is committed: the initiative ends unless the metric is within its bound on that day. Where "
    "nobody stated a measurement, today's level of a guardrail on the same metric counts."
)
NOT_STATED: Final = "not stated"
BET_HEADER: Final = (
    "Initiative",
    "Purpose",
    "Stage",
    "Next gate",
    "Committed",
    "Asked",
    "Takes in all",
    "NPV",
    "Expected value",
    "Kill criteria",
)
OBJECTIVE_HEADER: Final = ("Objective", "Initiative", "Key result", "Takes in all", "NPV")
CRITERION_HEADER: Final = ("Initiative", "Ends unless", "By", "Owner", "Last measured", "Verdict")


def bet_rows(found: Sequence[Bet], names: Mapping[str, str], currency: str) -> list[list[str]]:
    """One row a bet: its stake, what it is worth, and its verdict."""
    return [
        [
            names[one.id],
            one.bucket.capitalize(),
            one.stage,
            one.next_gate or "none left",
            _stated(one.committed, currency),
            _stated(one.asked, currency),
            amount(one.outlay, currency),
            *(_estimated(one, value, currency) for value in (one.npv, one.expected_value)),
            verdict(one),
        ]
        for one in found
    ]


def verdict(one: Bet) -> str:
    """What the kill criteria say of a bet; one that only runs needs none."""
    if one.call is None:
        return "none agreed" if one.is_venture else "–"
    return one.call.value


def criterion_rows(found: Sequence[Bet], names: Mapping[str, str]) -> list[list[str]]:
    """One row a kill criterion, those that ask for action first, then by day."""
    rows = [(names[one.id], each) for one in found for each in one.criteria]
    rows.sort(key=lambda row: (row[1].call not in DUE, row[1].criterion.by, row[0]))
    return [
        [
            name,
            f"{each.criterion.metric} {bound_words(each.criterion)}",
            day_name(each.criterion.by),
            each.criterion.owner or "nobody named",
            "unknown" if each.measured is None else f"{each.measured:g}",
            each.call.value,
        ]
        for name, each in rows
    ]


def bound_words(one: KillCriterion) -> str:
    """The bound of a criterion.

    >>> bound_words(KillCriterion(metric="cost per answer", at_most=0.2, by="2027-09-30"))
    'at most 0.2'
    """
    return f"at most {one.at_most:g}" if one.at_least is None else f"at least {one.at_least:g}"


def flags(found: Sequence[Bet], names: Mapping[str, str]) -> list[str]:
    """A sentence for each kill criterion whose day has passed without its bound being met."""
    return [_flag(names[one.id], each) for one in found for each in one.criteria if each.call in DUE]


def _flag(name: str, one: Judged) -> str:
    criterion = one.criterion
    wanted = f"{criterion.metric} {bound_words(criterion)} by {day_name(criterion.by)}"
    owner = criterion.owner or "its owner"
    if one.measured is None:
        return f"{name}: {wanted} was agreed, and nobody has measured it; ask {owner}"
    return f"{name}: {wanted} was agreed and it is {one.measured:g}; end it, or let {owner} say why it goes on"


def bet_finding(found: Sequence[Bet], currency: str) -> str:
    """What is to be expected of what is planned, and how many bets are due to be ended or measured."""
    known = [one for one in found if one.is_estimated]
    npv, expected = sum(one.npv for one in known), sum(one.expected_value for one in known)
    said = f"Of {amount(npv, currency)} planned, {amount(expected, currency)} is to be expected at the stages reached"
    stop, ask = (sum(one.call is call for one in found) for call in (Call.STOP, Call.ASK))
    due = [*([f"{stop} should end"] if stop else []), *([f"{ask} should have been measured"] if ask else [])]
    return f"{said}; {' and '.join(due)}" if due else said


def stake_line(found: Sequence[Bet], currency: str) -> str:
    """Money committed and asked for over all bets, and of how many it is not known."""
    said = []
    for name, stated in (
        ("committed so far", [one.committed for one in found]),
        ("asked for next", [one.asked for one in found]),
    ):
        known = [value for value in stated if value is not None]
        missing = len(stated) - len(known)
        of = f" ({missing} of {len(stated)} initiatives do not say)" if missing else ""
        said.append(f"{amount(sum(known), currency)} {name}{of}" if known else f"nobody says what is {name}")
    text = "; ".join(said)
    return f"{capital(text)}."


def without_criteria(found: Sequence[Bet]) -> str | None:
    """How many Grow and Transform bets have no kill criterion; None where all have one."""
    ventures = [one for one in found if one.is_venture]
    bare = sum(one.call is None for one in ventures)
    if not bare:
        return None
    verb = "has" if bare == 1 else "have"
    return f"{bare} of {len(ventures)} Grow and Transform initiatives {verb} no kill criterion yet; L3 asks for one."


def objective_rows(cases: Sequence[BusinessCase], initiatives: Sequence[Initiative], currency: str) -> list[list[str]]:
    """One row an initiative under the objective that it serves, with its key result; those that serve none last."""
    results = {one.id: one.key_result for one in initiatives}
    order = {name: at for at, name in enumerate(dict.fromkeys(one.objective for one in cases))}
    ranked = sorted(cases, key=lambda one: (not one.objective, order[one.objective], -one.npv))
    return [
        [
            one.objective or "no objective named",
            one.title or one.id,
            results[one.id] or "no key result named",
            amount(one.outlay, currency),
            _estimated(one, one.npv, currency),
        ]
        for one in ranked
    ]


def objective_finding(cases: Sequence[BusinessCase], initiatives: Sequence[Initiative]) -> str:
    """How many objectives the initiatives serve, and how many initiatives name none or no key result."""
    named = {one.objective for one in cases if one.objective}
    bare = sum(not (one.objective and one.key_result) for one in initiatives)
    serve = "1 initiative serves" if len(cases) == 1 else f"{len(cases)} initiatives serve"
    said = f"{serve} {money.counted(len(named), 'objective')}"
    them = "it names" if len(initiatives) == 1 else f"{bare} of them {'names' if bare == 1 else 'name'}"
    return f"{said}; {them} no objective or no key result" if bare else said


def reinvested_rows(found: Sequence[Reinvested], names: Mapping[str, str], currency: str) -> list[list[str]]:
    """One row an initiative that says where its saving goes, by fiscal year and in all."""
    return [
        [
            names[one.giver],
            names.get(one.receiver, one.receiver),
            f"{one.share:.0%}",
            *(amount(value, currency) for value in one.years),
            amount(sum(one.years), currency),
        ]
        for one in found
    ]


def _estimated(one: Bet | BusinessCase, value: float, currency: str) -> str:
    return amount(value, currency) if one.is_estimated else NOT_ESTIMATED


def _stated(value: float | None, currency: str) -> str:
    return NOT_STATED if value is None else amount(value, currency)
