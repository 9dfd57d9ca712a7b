"""The words of proposals: levers that apply to a bill, what each addresses and may save, and how that is known.

Conventions: money a month in the bill's currency; a saving is a share of the money that its lever addresses. Savings of
several proposals are never added up: they may act on the same money.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, Final

from costlib import money
from costlib.briefs.words.roadmap import amount
from costlib.periods import Window, window_name
from costlib.roadmap.levers.measured import Unjudged
from costlib.roadmap.levers.propose import Proposal
from costlib.roadmap.levers.rows import DAYS_A_MONTH


def proposal_rows(found: Sequence[Proposal]) -> list[dict[str, Any]]:
    """One row a proposal: whose spend, what it addresses and may save a month, in whole units, and how we know."""
    return [
        {
            "Lever": one.lever.title,
            "Team": one.initiative.owner or "nobody yet",
            "Model": ", ".join(one.initiative.scope.get("x_Model", ())) or "all",
            "Addresses a month": round(one.addressable),
            "Saves a month, likely": round(one.saving.likely),
            "Low": round(one.saving.low),
            "High": round(one.saving.high),
            "Evidence": f"{one.evidence.strength}{', share assumed' if one.assumed else ''}",
        }
        for one in found
    ]


def proposal_finding(found: Sequence[Proposal], currency: str) -> str:
    """How many proposals there are, and the one that may save most; savings of several are never added up."""
    if not found:
        return "No lever of the catalogue applies to this spend"
    first = max(found, key=lambda one: one.saving.likely)
    count = money.counted(len(found), "proposal")
    most = amount(first.saving.likely, currency)
    return f"{count}; the largest, {_lower(first.initiative.title)}, may save {most} a month"


def unknown_words(count: int) -> str:
    """How many line items of the month have no cost in the bills and are in no figure; nothing where all have one.

    >>> unknown_words(1)
    'The bills do not say what 1 line item of their last 30 days cost: no figure here counts it.'
    >>> unknown_words(0)
    ''
    """
    if not count:
        return ""
    items, them = ("line item", "it") if count == 1 else ("line items", "them")
    return (
        f"The bills do not say what {money.count(count)} {items} of their last {DAYS_A_MONTH} days cost: "
        f"no figure here counts {them}."
    )


def unbilled_words(accounts: Sequence[tuple[str, Window]]) -> str:
    """Whose bills lack some of the last days, and what stands in for them; nothing where all are there.

    >>> from datetime import date
    >>> print(unbilled_words([("Microsoft (9021)", Window(date(2026, 10, 1), date(2026, 11, 1)))]))
    No bill of Microsoft (9021) holds Oct 2026 in full: what stands on it is taken at its last 30 days that are billed.
    >>> unbilled_words([])
    ''
    """
    if not accounts:
        return ""
    bills = " and ".join(f"of {account} holds {window_name(days)}" for account, days in accounts)
    return f"No bill {bills} in full: what stands on it is taken at its last {DAYS_A_MONTH} days that are billed."


def proposal_sentence(one: Proposal, currency: str) -> str:
    """What a proposal acts on and may save, with its range."""
    low, likely, high = (amount(value, currency) for value in (one.saving.low, one.saving.likely, one.saving.high))
    return (
        f"It acts on {amount(one.addressable, currency)} a month and is likely to save {likely} of it, "
        f"between {low} and {high}. {one.lever.title}: a saving on {one.lever.base}."
    )


def proposal_lines(one: Proposal, currency: str) -> list[str]:
    """Why it applies, how the range is known, and what is not measured."""
    evidence = one.evidence
    lines = [f"Why: {reason}" for reason in one.reasons]
    lines.append(f"Evidence, {evidence.strength}: {evidence.source}, {evidence.date}")
    lines.append(
        f"Takes {_of(one.initiative.person_weeks, 'person-week')}; "
        f"first value after {_of(one.lever.weeks_to_value, 'week')}"
    )
    if one.lever.guardrail:
        lines.append(f"Watch {one.lever.guardrail}: its floor is still to be set")
    if one.unmeasured > 0:
        lines.append(f"{amount(one.unmeasured, currency)} a month more may be in reach: it is not measured yet")
    return lines


OVERLAP_HEADER: Final = ("Proposal", "Same money, a month", "Together")
_MOST_OVERLAPS: Final = 6


def overlap_title(one: Proposal) -> str:
    """What the table of overlaps shows, and of how many where it cannot show all."""
    count = len(one.overlaps)
    shown = f"The {_MOST_OVERLAPS} largest of {count} others" if count > _MOST_OVERLAPS else "Others"
    return f"{shown} that act on the same money"


def overlap_rows(one: Proposal, found: Sequence[Proposal], currency: str) -> list[list[str]]:
    """What else acts on the same money, at most, and whether the two go together; the largest first."""
    names = {other.id: other.initiative.title for other in found}
    return [
        [
            names[held.other],
            amount(held.amount, currency),
            "one or the other" if held.alternative else "they compound",
        ]
        for held in one.overlaps[:_MOST_OVERLAPS]
    ]


def rival_line(one: Proposal, found: Sequence[Proposal], planned: Collection[str], currency: str) -> str:
    """Why a proposal cannot join a plan (ids of its initiatives) that holds an alternative to it; nothing if it can."""
    rivals = [held for held in one.overlaps if held.alternative and held.other in planned]
    if not rivals:
        return ""
    names = {other.id: other.initiative.title for other in found}
    shared = {names[held.other]: amount(held.amount, currency) for held in rivals}
    said = " and ".join(f"{name} ({same} a month of the same money)" for name, same in shared.items())
    are, them = ("is", "it") if len(rivals) == 1 else ("are", "them")
    return (
        f"One or the other: {said} {are} in this plan already. To do this instead, take {them} out of the plan first."
    )


UNJUDGED_HEADER: Final = ("Lever", "Needs", "Might act on, a month")
HOW_TO_JUDGE: Final = (
    "How busy machines are, and their requests, can be loaded: Unit costs says how, under what stood idle. Daily costs "
    "come with eight weeks of bills. The other metrics are not taken in yet: add such a lever to the plan by hand."
)


def unjudged_finding(found: Sequence[Unjudged]) -> str:
    """How many levers nobody can judge, and what most of that money waits for."""
    first = found[0]
    count = money.counted(len(found), "lever")
    return f"{count} could not be judged for want of a metric; most money waits for {_needs(first)}"


def unjudged_rows(found: Sequence[Unjudged], currency: str) -> list[list[str]]:
    """What could not be judged, what it needs and the money it might address at most; never added up."""
    return [[one.lever.title, _needs(one), f"at most {amount(one.amount, currency)}"] for one in found]


def _needs(one: Unjudged) -> str:
    return " and ".join(_METRICS.get(name, name.replace("_", " ")) for name in one.needs)


_METRICS: Final = {
    "peak_to_mean": "load of the busiest hour over the mean",
    "duty_cycle": "how much of the time it is busy",
    "reads_a_month": "how often data is read",
    "readers": "who reads the results",
}


def _of(number: float, noun: str) -> str:
    """So many of a thing.

    >>> _of(1.0, "week"), _of(0.5, "week"), _of(12, "week")
    ('1 week', '0.5 weeks', '12 weeks')
    """
    return f"{number:g} {noun}{'' if number == 1 else 's'}"


def _lower(title: str) -> str:
    """A title inside a sentence; what begins with an abbreviation stays as it is.

    >>> _lower("Serve the model in 8 bits"), _lower("LLM gateway")
    ('serve the model in 8 bits', 'LLM gateway')
    """
    return title if title[1:2].isupper() else title[:1].lower() + title[1:]
