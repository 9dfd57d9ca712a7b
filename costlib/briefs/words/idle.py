"""Words and the chart of what stood idle: how much money, whose, how it was measured, and what nobody measured.

Words are an executive's. Idle money is what is sure by the measurement named beside it; what has no measurement is
told apart in money and is neither idle nor used.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from costlib import money
from costlib.analysis.units.idle import IdleFound, Stood, by_team, short_names
from costlib.analysis.units.readings import Basis
from costlib.charts.spec import Bar, Caption, RankedBars, leading
from costlib.focus import null_label
from costlib.wording import listed

BY_ENDPOINT, BY_TEAM = "Endpoint or pool", "Team"
UNOWNED: Final = null_label("x_Team")
#: How use was measured, as a reader says it.
BASIS_WORDS: Final = {
    Basis.ENGINE: "GPU engine active",
    Basis.BUSY: "GPU busy (GPU_UTIL)",
    Basis.CPU: "CPU busy",
    Basis.RESERVED: "Reserved hours used",
    Basis.ALLOCATION: "Reserved by nobody",
}
HELP: Final = (
    "Idle money is the cost of a machine times the share of each day in which it was not used. GPU engine active tells "
    "most and is taken where it is known. GPU busy (GPU_UTIL) counts any small piece of work as a busy "
    "GPU, so more is likely idle than it says. Shared pools: what a team reserved and did not use is idle, and so is "
    "what nobody reserved, which alone Allocation calls idle. What has no measurement is left out and told apart."
)
_HOW_TO_LOAD: Final = (
    "Load how busy machines were: scrapes of the DCGM exporter, Triton or TorchServe, Amazon CloudWatch, Google Cloud "
    "Monitoring, or a table with day, resource, metric and value."
)
COMMAND: Final = (
    "python -m costlib metrics load scrapes/ --resource ENDPOINT\npython -m costlib metrics load cloudwatch:"
)
_MOST_NAMES = 3
_POOLED: Final = {Basis.RESERVED, Basis.ALLOCATION}


def how_to_load_words() -> str:
    """What to do where machines have no measurement."""
    return _HOW_TO_LOAD


def idle_finding(found: IdleFound, currency: str, period: str) -> str:
    """How much stood idle, and where most of it; ``period`` as it stands in a sentence."""
    if not found.stood:
        return f"No machine was measured {period}: what stood idle is unknown"
    whole = f"{money.short(found.idle, currency)} of {money.short(found.cost, currency)}"
    words = f"{whole} of measured machines stood idle {period}"
    names = _by_name(found.stood)
    if len(names) < 2 or not found.idle:
        return words
    top, amount = max(names.items(), key=lambda pair: pair[1])
    part = "most of it" if 2 * amount > found.idle else "the largest part"
    return f"{words}, {part} in {top}: {money.short(amount, currency)}"


def idle_subject(found: IdleFound, by: str, currency: str) -> str:
    """What the chart measures: by what use was measured, and how much money has no measurement."""
    bases = {one.basis for one in found.stood}
    told = [BASIS_WORDS[basis] for basis in Basis if basis in bases and basis not in _POOLED]
    told += ["reserved hours of shared pools"] if bases & _POOLED else []
    rest = f"; {money.short(found.not_measured, currency)} has no measurement" if found.not_measured else ""
    return f"Cost of what was not used by {by.lower()}, measured by {listed(told)}{rest}"


def idle_chart(found: IdleFound, by: str, caption: Caption, currency: str) -> RankedBars:
    """Idle money by endpoint or by team, most first."""
    if by == BY_TEAM:
        bars = [Bar(team or _nobody(found.stood), idle) for team, _, idle in by_team(found.stood)]
    else:
        bars = [Bar(name, idle) for name, idle in _by_name(found.stood).items()]
    return RankedBars(caption, currency, leading(bars), "Idle", dimension=by)


def idle_rows(found: IdleFound, currency: str) -> tuple[list[str], list[list[str]]]:
    """Header and rows: each team's part of each endpoint, machine and pool, with what its use was measured by."""
    served = any(one.requests is not None for one in found.stood)
    waited = any(one.queued is not None for one in found.stood)
    extra = [*(["Requests"] if served else []), *(["Wait a request"] if waited else [])]
    names = short_names(found.stood)
    rows = [
        [
            names[one.name],
            one.team or _nobody([one]),
            money.short(one.idle, currency),
            money.short(one.cost, currency),
            money.percent(one.used),
            *([_counted(one)] if served else []),
            *([_wait(one)] if waited else []),
            BASIS_WORDS[one.basis],
        ]
        for one in found.stood
    ]
    return ["Endpoint or pool", "Team", "Idle", "Cost", "Used", *extra, "Measured by"], rows


def team_rows(found: IdleFound, currency: str) -> tuple[list[str], list[list[str]]]:
    """Header and rows: each team's idle money, what was measured of it, and what was not."""
    measured = {team or _nobody(found.stood): (cost, idle) for team, cost, idle in by_team(found.stood)}
    without = {team or UNOWNED: cost for team, cost in found.unmeasured}
    nothing = Decimal(0)
    rows = []
    for team in dict.fromkeys((*measured, *without)):
        cost, idle = measured.get(team, (nothing, None))
        cells = [idle, cost, without.get(team, nothing)]
        rows.append([team, *(money.short(amount, currency) for amount in cells)])
    return ["Team", "Idle", "Measured cost", "No measurement"], rows


def further_words(found: IdleFound, unmatched: Sequence[str], currency: str) -> str:
    """What had no request, what has no measurement or no known cost, and what is on no bill; '' where nothing."""
    words = []
    if silent := [one for one in found.stood if one.requests == 0]:
        names = short_names(found.stood)
        cost = money.short(money.exact_sum(one.cost for one in silent), currency)
        words.append(f"Not one request in all that time: {_listed([names[one.name] for one in silent])}, {cost}.")
    if found.not_measured:
        whole = money.short(found.not_measured, currency)
        words.append(f"{whole} of GPUs and of machines that serve requests has no measurement.")
    if found.unknown:
        days, are = ("day", "it is") if found.unknown == 1 else ("days", "they are")
        words.append(f"The bills do not tell what {money.count(found.unknown)} machine {days} cost: {are} left out.")
    if unmatched:
        words.append(f"Measured, but on no bill of these days under that name: {_listed(unmatched)}.")
    return " ".join(words)


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - _MOST_NAMES} more" if len(names) > _MOST_NAMES else ""
    return ", ".join(names[:_MOST_NAMES]) + more


def _by_name(stood: Sequence[Stood]) -> dict[str, Decimal]:
    names, found = short_names(stood), defaultdict[str, list[Decimal]](list)
    for one in stood:
        found[names[one.name]].append(one.idle)
    return {name: money.exact_sum(parts) for name, parts in found.items()}


def _nobody(stood: Sequence[Stood]) -> str:
    """What stands for no team: capacity that nobody reserved, or cost without an owner."""
    own = [one for one in stood if one.team is None]
    return "Nobody" if all(one.basis is Basis.ALLOCATION for one in own) else UNOWNED


def _counted(one: Stood) -> str:
    """The requests; nobody counts those of a pool."""
    if one.basis in _POOLED:
        return "–"
    return money.UNKNOWN if one.requests is None else money.count(int(one.requests))


def _wait(one: Stood) -> str:
    """Milliseconds that a request waited on average; nobody counts those of a pool."""
    if one.basis in _POOLED:
        return "–"
    waited = money.ratio(one.queued, one.requests)
    return money.UNKNOWN if waited is None else f"{waited * 1000:,.1f} ms"
