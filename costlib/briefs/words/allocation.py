"""Allocation in words: how much of the spend has an owner, what has none, and what a cluster's two bases say.

Conventions: *allocated* is what a team owns, directly or as its part of a shared pool; capacity that nobody reserved
and cost that no rule could place are never counted as allocated. Amounts are in one currency; None is unknown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Final

from costlib import money
from costlib.analysis.trend import Amount
from costlib.focus import DIRECT, IDLE, SHARED, UNALLOCATED
from costlib.wording import capital

#: What a reader calls the kinds of cost, in the order in which they are shown.
KIND_NAMES: Final = {DIRECT: "Direct", SHARED: "Shared", IDLE: "Idle", UNALLOCATED: "Unallocated"}

#: Kinds of cost that may have no team: what nobody reserved, and what no rule could place.
_TEAMLESS: Final = (IDLE, UNALLOCATED)

KIND_HELP: Final = (
    "Direct is a team's own spend. Shared is its part of a pool that several teams use. Idle is paid-for capacity that "
    "nobody reserved. Unallocated is spend that no rule could give to a team. The four add up to the bill."
)
LEVEL_HELP: Final = (
    "The FinOps Framework calls allocation crawl from 50%, walk from 80% and run from 90% of spend "
    "(finops.org, allocation capability, read July 2026)."
)
BASIS_HELP: Final = (
    "Allocation basis charges what a team reserved, used or not. Usage basis charges only what it used, at the same "
    "price an hour. The difference is unused reservation. Idle capacity is what the machines offered and nobody "
    "reserved: it stands on neither side and is shown by itself."
)


def allocation_finding(
    scope: str,
    currency: str,
    share: Decimal | None,
    period: str,
    left: Sequence[tuple[str, Amount]],
    largest: tuple[str, Amount] | None = None,
) -> str:
    """How much of the spend has an owner, and the largest part that has none.

    ``left`` names what has no owner, largest first; ``largest`` is the owner of most, said where nothing is left.

    >>> left = [("idle capacity of gpu", Decimal(185000)), ("account dev", Decimal(56000))]
    >>> allocation_finding("AI spend", "USD", Decimal("0.87"), "in Sep 2026", left)
    '87% of AI spend in Sep 2026 has an owner; idle capacity of gpu is the largest part that has none ($185K)'
    >>> allocation_finding("AI spend", "USD", Decimal(1), "in Sep 2026", [], ("Fraud", Decimal(500)))
    'All of AI spend in Sep 2026 has an owner; Fraud owns most ($500)'
    """
    if share is None:
        return f"How much of {scope} {period} has an owner is unknown"
    if not left:
        most = f"; {largest[0]} owns most ({money.short(largest[1], currency)})" if largest else ""
        return f"All of {scope} {period} has an owner{most}"
    name, amount = left[0]
    part = "is the largest part that has none" if len(left) > 1 else "has none"
    return f"{below(share)} of {scope} {period} has an owner; {name} {part} ({money.short(amount, currency)})"


def below(share: Decimal) -> str:
    """A share that is not the whole, as per cent that never rounds to all or nothing.

    >>> below(Decimal("0.9996")), below(Decimal("0.87")), below(Decimal("0.0002")), below(Decimal(0))
    ('more than 99%', '87%', 'less than 1%', 'None')
    """
    if share <= 0:
        return "None"
    if share < Decimal("0.005"):
        return "less than 1%"
    return "more than 99%" if share >= Decimal("0.995") else money.percent(share)


def without_team_words(kinds: Mapping[str, Amount], currency: str) -> str:
    """What of the spend has no team, by kind; ``kinds`` holds the spend without a team alone.

    >>> without_team_words({"idle": Decimal(185000), "unallocated": Decimal(31000)}, "USD")
    '$185K idle, $31.0K unallocated'
    >>> without_team_words({"idle": None, "unallocated": Decimal(0)}, "USD"), without_team_words({}, "USD")
    ('unknown idle', 'all of it has a team')
    """
    held = {kind: kinds[kind] for kind in _TEAMLESS if kinds.get(kind) != 0 and kind in kinds}
    told = ", ".join(f"{money.short(amount, currency)} {kind}" for kind, amount in held.items())
    return told or "all of it has a team"


def level_words(level: str | None, missing: tuple[str, Decimal] | None, currency: str) -> str:
    """The FinOps level that is reached, and what is left to the next.

    >>> level_words("walk", ("run", Decimal(55000)), "USD"), level_words("run", None, "USD")
    ('walk; $55.0K to run', 'run, the highest level')
    """
    reached = level or "below crawl"
    if missing is None:
        return f"{reached}, the highest level" if level else reached
    name, amount = missing
    return f"{reached}; {money.short(amount, currency)} to {name}"


def in_cents(parts: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """The parts to the cent, adding up to their sum to the cent: the largest takes the rounding.

    >>> third = Decimal(1) / 3
    >>> [str(part) for part in in_cents({"a": third, "b": third, "c": third}).values()]
    ['0.34', '0.33', '0.33']
    """
    rounded = {name: money.cents(amount) for name, amount in parts.items()}
    residue = money.cents(money.exact_sum(parts.values())) - money.exact_sum(rounded.values())
    largest = max(rounded, key=lambda name: abs(rounded[name]), default=None)
    return rounded | ({largest: rounded[largest] + residue} if largest is not None else {})


def identity_words(kinds: Mapping[str, Decimal], bill: Amount, currency: str, called: str = "the bill") -> str:
    """The four kinds and the bill side by side, to the cent, with the difference.

    ``called`` says what of the bill is summed, where it is not all of it.

    >>> identity_words({"direct": Decimal(7), "shared": Decimal(2), "idle": Decimal(1), "unallocated": Decimal(0)},
    ...                Decimal(10), "USD")
    'Direct $7.00 + shared $2.00 + idle $1.00 + unallocated $0.00 = $10.00; on the bill $10.00; difference $0.00'
    """
    shown = in_cents({kind: kinds.get(kind, Decimal(0)) for kind in KIND_NAMES})
    words = " + ".join(f"{KIND_NAMES[kind].lower()} {money.full(amount, currency)}" for kind, amount in shown.items())
    apart = money.difference(money.exact_sum(kinds.values()), bill)
    return (
        f"{capital(words)} = {money.full(money.exact_sum(kinds.values()), currency)}; "
        f"on {called} {money.full(bill, currency)}; difference {money.full(apart, currency)}"
    )


def bases_finding(pool: str, currency: str, reserved: Amount, used: Amount, idle: Amount) -> str:
    """What a pool charges by reservation, what of it was used, and what nobody reserved.

    >>> bases_finding("ml-shared-gpu", "USD", Decimal(400000), Decimal(200000), Decimal(190000))
    'Teams reserved $400K of ml-shared-gpu and used $200K of it (50%); $190K more was idle, reserved by nobody'
    """
    if reserved is None:
        return f"No hours are known of {pool}, so its cost cannot be split by use"
    idled = f"; {money.short(idle, currency)} more was idle, reserved by nobody" if idle else ""
    words = f"Teams reserved {money.short(reserved, currency)} of {pool}"
    if used is None:
        return f"{words}; how much of it they used is not known{idled}"
    return f"{words} and used {money.short(used, currency)} of it ({money.percent(money.ratio(used, reserved))}){idled}"


def tool_words(bill: Amount, tool: Amount, currency: str) -> str:
    """What a cluster's own cost tool says beside the bill, and the factor that scales it.

    >>> tool_words(Decimal(100), Decimal(80), "USD")
    "The cluster's own cost tool says $80.00, the bill $100: hours are the tool's, money is the bill's (factor 1.250)"
    """
    factor = money.ratio(bill, tool)
    if factor is None:
        return "What the cluster's own cost tool says is unknown; money is the bill's"
    says = f"The cluster's own cost tool says {money.short(tool, currency)}, the bill {money.short(bill, currency)}"
    return f"{says}: hours are the tool's, money is the bill's (factor {factor:.3f})"


def hygiene_finding(key: str, resources: int, amount: Decimal, total: Decimal, currency: str) -> str:
    """The tag that hides most money.

    >>> hygiene_finding("user_team", 78, Decimal(1100000), Decimal(1900000), "USD")
    '78 resources lack the tag user_team: they cost $1.10M, 58% of the spend shown'
    """
    share = money.percent(money.ratio(amount, total))
    who = "1 resource lacks" if resources == 1 else f"{money.count(resources)} resources lack"
    return f"{who} the tag {key}: {'it costs' if resources == 1 else 'they cost'} " + (
        f"{money.short(amount, currency)}, {share} of the spend shown"
    )


def showback_finding(team: str, month: str, charge: Amount, parts: Mapping[str, Amount], currency: str) -> str:
    """What a team's statement comes to, and what it is made of.

    >>> parts = {"direct": Decimal(24000), "shared": Decimal(54200)}
    >>> showback_finding("Search", "Sep 2026", Decimal(78200), parts, "USD")
    'The statement of Search for Sep 2026 comes to $78.2K: $24.0K direct, $54.2K shared'
    >>> showback_finding("Search", "Sep 2026", Decimal(24000), {"direct": Decimal(24000)}, "USD")
    'The statement of Search for Sep 2026 comes to $24.0K, all of it direct'
    >>> showback_finding("Search", "Sep 2026", Decimal(0), {}, "USD")
    'Search has no cost in Sep 2026'
    """
    held = {kind: amount for kind, amount in parts.items() if amount != 0}
    if not held:
        return f"{team} has no cost in {month}"
    if all(amount is None for amount in held.values()):
        return f"What {team} cost in {month} is unknown under this measure"
    told = ", ".join(f"{money.short(amount, currency)} {kind}" for kind, amount in held.items())
    made_of = f", all of it {next(iter(held))}" if len(held) == 1 else f": {told}"
    return f"The statement of {team} for {month} comes to {money.short(charge, currency)}{made_of}"
