"""Words for shared cost: drivers, idle policies, and what two teams who quarrel over one cluster must know.

Conventions: a *spike* is a day whose highest hour needs more whole machines than that of the day before; who *caused*
it is the team whose demand in that hour rose most. Amounts are in one currency.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from costlib import money
from costlib.wording import listed

#: What a reader calls the ways of splitting a pool, by the names that a dispute has for them.
SPLIT_NAMES: Final = {
    "reserved": "Hours reserved",
    "used": "Hours used",
    "even": "Even parts",
    "fixed": "Fixed shares",
    "direct": "Direct cost",
    "shapley": "Fair share of what each adds",
    "quota": "Demand above quota",
}
#: The entries of the rule file that stand for each way: the driver, and the basis where it measures hours.
DRIVERS: Final = {
    "reserved": ("usage", "reserved"),
    "used": ("usage", "used"),
    "even": ("even", None),
    "fixed": ("fixed", None),
    "direct": ("direct", None),
    "shapley": ("shapley", None),
    "quota": ("quota", None),
}
SPLIT_HELP: Final = (
    "Hours reserved: who holds machines pays, used or not. Hours used: only what ran is charged, the rest is idle. "
    "Even parts: the same for each. Fixed shares: as agreed in the rule file. Direct cost: in proportion to each "
    "team's own spend. Fair share of what each adds (the Shapley value): each pays for the machines that its demand "
    "adds at the busiest hour, averaged over every order in which the teams could have come. Demand above quota: "
    "machines within the quotas go by hours reserved, those above to who went over its quota in the hours that needed "
    "them."
)
#: Why what a way would charge may be unknown.
_LACKING: Final = {
    "used": "the records do not say what was used",
    "shapley": "usage is known by day, not by hour",
    "quota": "usage is known by day, not by hour",
}
NO_SPIKE: Final = "No hour needed more machines than the day before."
IDLE_NAMES: Final = {
    "own line": "A line of its own, charged to nobody",
    "reserved": "To those who reserved, in proportion",
    "shares": "By the fixed shares",
}
IDLE_HELP: Final = (
    "Idle capacity is what the machines offered and nobody reserved. It is paid for all the same. Left on a line of "
    "its own, somebody can be asked to shrink it; given to the teams, they are."
)


def split_key(driver: str, basis: str | None) -> str:
    """The name that a dispute has for a pool's driver.

    >>> split_key("usage", "used"), split_key("even", None)
    ('used', 'even')
    """
    return (basis or "reserved") if driver == "usage" else driver


def dispute_finding(
    pool: str,
    period: str,
    causes: Sequence[str | None] | None,
    teams: tuple[str, str],
    swing: Decimal,
    currency: str,
    unknown: Collection[str] = (),
) -> str:
    """Who caused the spikes of the pool, and how much the choice of rule moves.

    ``causes`` has the team behind each spike, None where nobody asked for more; it is None itself where no hours are
    known. ``swing`` is the larger of the two teams'; ``unknown`` are the rules that it leaves out.

    >>> both = ("Search", "Recommendations")
    >>> dispute_finding("gpu", "in Oct 2026", ["Recommendations"] * 5 + ["Search"], both, Decimal(48000), "USD")
    'Recommendations caused 5 of the 6 spikes of gpu in Oct 2026; the choice of rule moves up to $48.0K'
    >>> dispute_finding("gpu", "in Oct 2026", [], both, Decimal(48000), "USD")
    'gpu had no spike in Oct 2026; the choice of rule moves up to $48.0K'
    >>> dispute_finding("gpu", "in Oct 2026", [], both, Decimal(9000), "USD", ["used"])
    'gpu had no spike in Oct 2026; the choice among the rules that are known moves up to $9.00K'
    """
    choice = "the choice among the rules that are known" if unknown else "the choice of rule"
    moves = f"{choice} moves up to {money.short(swing, currency)}"
    if causes is None:
        return f"No hours are known of {pool} {period}, so nobody can say who caused a spike; {moves}"
    known = Counter(cause for cause in causes if cause)
    if not causes:
        return f"{pool} had no spike {period}; {moves}"
    if not known:
        return f"Nobody asked for more before the spikes of {pool} {period}; {moves}"
    team, count = max(known.items(), key=lambda pair: (pair[1], pair[0] in teams, pair[0]))
    if len(causes) == 1:
        return f"{team} caused the only spike of {pool} {period}; {moves}"
    every = "every one" if count == len(causes) else str(count)
    return f"{team} caused {every} of the {len(causes)} spikes of {pool} {period}; {moves}"


def unknown_finding(unknown: Mapping[str, int], days: int) -> str:
    """Which ways to split cannot be worked out, and why; nothing where all can.

    ``unknown`` has, for each of them, the number of days on which it cannot, of ``days`` in all.

    >>> unknown_finding({"shapley": 20, "quota": 20}, 20)
    'Unknown by fair share of what each adds and demand above quota: usage is known by day, not by hour.'
    >>> unknown_finding({"used": 3}, 20), unknown_finding({}, 20)
    ('Unknown by hours used: the records do not say what was used, on 3 of 20 days.', '')
    """
    names: defaultdict[str, list[str]] = defaultdict(list)
    for rule, lacking in unknown.items():
        on = f", on {lacking} of {days} days" if lacking < days else ""
        names[f"{_LACKING[rule]}{on}"].append(SPLIT_NAMES[rule].lower())
    return " ".join(f"Unknown by {listed(ways)}: {why}." for why, ways in names.items())


def spikes_left_out(unknown: int, days: int) -> str:
    """That nobody can say whether days without hours had a spike; nothing where the hours of all are known.

    >>> spikes_left_out(20, 20)
    'No hour of usage is known, so nobody can say when more machines were needed.'
    >>> spikes_left_out(3, 20), spikes_left_out(0, 20)
    ('Hours are not known of 3 of 20 days, so a spike on them would not show.', '')
    """
    if unknown == days:
        return "No hour of usage is known, so nobody can say when more machines were needed."
    return f"Hours are not known of {unknown} of {days} days, so a spike on them would not show." if unknown else ""


def charges_finding(totals: Mapping[str, Mapping[str, Decimal]], team: str, currency: str) -> str:
    """The rule that is cheapest for a team and the one that is dearest; ``totals`` are of the rules that are known.

    >>> totals = {"reserved": {"Search": Decimal(40000)}, "quota": {"Search": Decimal(56000)}}
    >>> charges_finding(totals, "Search", "USD")
    'Search pays least by hours reserved ($40.0K) and most by demand above quota ($56.0K)'
    """
    charged = sorted((amounts.get(team, Decimal(0)), rule) for rule, amounts in totals.items())
    if not charged:
        return f"Nothing is charged to {team}"
    (least, cheap), (most, dear) = charged[0], charged[-1]
    if least == most:
        return f"{team} pays {money.short(most, currency)} under every rule"
    return (
        f"{team} pays least by {SPLIT_NAMES[cheap].lower()} ({money.short(least, currency)}) "
        f"and most by {SPLIT_NAMES[dear].lower()} ({money.short(most, currency)})"
    )


def hour_words(hour: int | None) -> str:
    """An hour of the day as it stands in a table.

    >>> hour_words(8), hour_words(23), hour_words(None)
    ('08:00 to 09:00', '23:00 to 24:00', 'unknown')
    """
    return money.UNKNOWN if hour is None else f"{hour:02d}:00 to {hour + 1:02d}:00"


def hours(amount: Decimal | None, digits: int = 0) -> str:
    """Hours, or machines, with thousands separators.

    >>> hours(Decimal("1095.43")), hours(Decimal("39.54"), 1), hours(None)
    ('1,095', '39.5', 'unknown')
    """
    if amount is None:
        return money.UNKNOWN
    rounded = amount.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)
    return f"{rounded if rounded else abs(rounded):,f}".replace("-", "−")


def spike_finding(day: str, hour: int | None, step: int, nodes: int, team: str | None, added: Decimal | None) -> str:
    """One spike: when, how many machines more, and who asked for them.

    >>> spike_finding("5 Oct 2026", 8, 3, 16, "Recommendations", Decimal("15.1"))
    '5 Oct 2026, 08:00 to 09:00 UTC: 16 machines, 3 more; Recommendations asked for 15.1 GPUs more'
    """
    when = f"{day}, {hour_words(hour)} UTC" if hour is not None else day
    who = f"; {team} asked for {hours(added, 1)} GPUs more" if team and added is not None else "; nobody asked for more"
    return f"{when}: {nodes} machines, {step} more{who}"


def preview_finding(moved: Decimal, nobody: Decimal, line_items: int, others: int, currency: str) -> str:
    """What a change of the rules does to the teams: cost that changes hands, what of it nobody has, and line items.

    ``nobody`` is what cost without a team grows by; ``others`` is the number of other sums that change.

    >>> preview_finding(Decimal(45000), Decimal(0), 2204, 3, "USD")
    '$45.0K changes hands; 2,204 line items get another owner'
    >>> preview_finding(Decimal(45000), Decimal(40000), 0, 3, "USD")
    '$45.0K changes hands, $40.0K of it loses its team'
    >>> preview_finding(Decimal(0), Decimal(0), 0, 0, "USD")
    'Nothing changes: every amount stays in place'
    """
    if not moved and not line_items:
        if not others:
            return "Nothing changes: every amount stays in place"
        sums = "sum changes" if others == 1 else "sums change"
        return f"No team pays more or less; {money.count(others)} other {sums}"
    items = f"{'1 line item gets' if line_items == 1 else f'{money.count(line_items)} line items get'} another owner"
    if not moved:
        return f"No known cost changes hands; {items}"
    owned = "loses its team" if nobody > 0 else "gets a team"
    part = f", {money.short(abs(nobody), currency)} of it {owned}" if nobody else ""
    return f"{money.short(moved, currency)} changes hands{part}" + (f"; {items}" if line_items else "")
