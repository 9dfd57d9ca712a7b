"""The questions behind showback, dispute and coverage: from an open cube to the tables these take.

Sums are in one billing currency, of one cost measure; windows and months are the caller's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from costlib.attribution.dispute import Dispute, Terms, dispute
from costlib.attribution.drivers import Demand, IdlePolicy
from costlib.attribution.pools import Pool
from costlib.attribution.showback import Cost, Rate, Statement, statement
from costlib.attribution.splits import demands_of, quotas_of
from costlib.attribution.suggest import Item
from costlib.errors import QueryError, did_you_mean
from costlib.focus import COST_KIND, CURRENCY, DAY, DIRECT, EFFECTIVE, IDLE, MONTH, POOL, SHARED, UNALLOCATED
from costlib.money import ratio
from costlib.periods import Window, add_months
from costlib.store.absences import Absence, absences
from costlib.store.cube import CUBE, RESOURCE_DAYS
from costlib.store.other_currencies import InCurrency, other_currencies
from costlib.store.pool_days import POOL_DAYS
from costlib.store.question import Filter, Question
from costlib.store.reader import Reader
from costlib.store.splits import RESERVED
from costlib.store.usage import StoreFacts

#: The unit of a pool's hours on a statement, by the resource that drives it.
UNITS = {"gpu": "GPU hour", "cpu": "CPU hour", "ram": "GiB hour"}


def facts_of(reader: Reader) -> StoreFacts:
    """What drivers may ask of an open cube."""
    return StoreFacts(reader.rows, CUBE, RESOURCE_DAYS)


def read_statement(
    reader: Reader,
    team: str,
    month: date,
    pools: Sequence[Pool] = (),
    rates: Sequence[Rate] = (),
    *,
    currency: str | None = None,
    measure: str = EFFECTIVE,
) -> Statement:
    """The team's statement for the billing month, in the main billing currency unless another is named.

    Raises ``QueryError`` for a team or currency that there is not.
    """
    teams = [value for value in reader.values("x_Team") if value]
    if team not in teams:
        raise QueryError(
            f"There is no team {team}", expected=", ".join(teams) or "a team", fix=did_you_mean(team, teams)
        )
    code = reader.currency(currency)
    scope = (Filter(MONTH, (month.isoformat(),)), Filter(CURRENCY, (code,)))
    own = (*scope, Filter("x_Team", (team,)))
    costs = [*_direct(reader, own, measure), *_of_pools(reader, own, measure, _hours(reader, team, month, code), pools)]
    nobody = (*scope, Filter("x_Team", (None,)), Filter(COST_KIND, (IDLE, UNALLOCATED)))
    rows = reader.ask(Question(by=(COST_KIND, POOL), measure=measure, filters=nobody))
    rest = [Cost(str(row.values[0]), row.values[1], row.amount, unknown=row.unknown) for row in rows]
    return statement(team, month, code, measure, costs, rest, rates)


def check_month(reader: Reader, month: date) -> None:
    """Raise ``QueryError`` for a month without any bill: a statement of it would say that nothing was spent."""
    loaded = sorted(value[:7] for value in reader.values(MONTH) if value)
    if f"{month:%Y-%m}" not in loaded:
        raise QueryError(
            f"No bill of {month:%Y-%m} is loaded",
            expected=f"a month from {loaded[0]} to {loaded[-1]}" if loaded else "a month of the bills",
            fix="Name one of these, or load that bill.",
        )


def _direct(reader: Reader, own: Sequence[Filter], measure: str) -> list[Cost]:
    filters = (*own, Filter(COST_KIND, (DIRECT,)))
    rows = reader.ask(Question(by=("x_Model", "ServiceName"), measure=measure, filters=filters))
    return [Cost(DIRECT, " · ".join(filter(None, row.values)) or None, row.amount, unknown=row.unknown) for row in rows]


def _of_pools(
    reader: Reader,
    own: Sequence[Filter],
    measure: str,
    hours: Mapping[str, Decimal | None],
    pools: Sequence[Pool],
) -> list[Cost]:
    units = {pool.name: UNITS.get(pool.usage.of) for pool in pools if pool.usage}
    filters = (*own, Filter(COST_KIND, (SHARED, IDLE)))
    rows = reader.ask(Question(by=(COST_KIND, POOL), measure=measure, filters=filters))
    found = []
    for row in rows:
        kind, pool = str(row.values[0]), str(row.values[1])
        quantity = hours.get(pool) if kind == SHARED else None
        found.append(Cost(kind, pool, row.amount, quantity, units.get(pool) if quantity else None, row.unknown))
    return found


def billed_elsewhere(
    reader: Reader, team: str, month: date, currency: str, measure: str = EFFECTIVE
) -> tuple[InCurrency, ...]:
    """What the team's statements for the month come to in currencies other than this one; none where all is in it."""
    asked = Question(measure=measure, filters=(Filter("x_Team", (team,)), Filter(MONTH, (month.isoformat(),))))
    return other_currencies(reader, asked, currency)


def lacking_bills(reader: Reader, team: str, days: Window) -> tuple[Absence, ...]:
    """Accounts of which a bill of these days may be missing, where the team has a cost on bills around them."""
    return tuple(
        one
        for one in absences(reader)
        if one.is_unknown and one.meets(days) and reader.ask(_around(one, Filter("x_Team", (team,))))
    )


def _around(absence: Absence, of_team: Filter) -> Question:
    window = Window(add_months(absence.months[0], -1), add_months(absence.months[-1], 2))
    return Question(window=window, filters=(of_team, *absence.filters))


def _hours(reader: Reader, team: str, month: date, currency: str) -> dict[str, Decimal | None]:
    """Hours that the team reserved of each pool in the month."""
    rows = reader.rows(
        f"SELECT {POOL}, SUM({RESERVED}) FROM {POOL_DAYS} WHERE x_Team = ? AND {CURRENCY} = ? "
        f"AND {COST_KIND} = '{SHARED}' AND {DAY} >= ? AND {DAY} < ? GROUP BY 1",
        [team, currency, month, add_months(month, 1)],
    )
    return dict(rows)


def read_dispute(
    reader: Reader, pool: Pool, window: Window, spelled: Mapping[str, str], currency: str, measure: str = EFFECTIVE
) -> Dispute:
    """The pool's days in the window: who reserved, used and caused what, and what each rule would charge.

    Raises ``QueryError`` for a pool that no usage record drives.
    """
    if pool.usage is None:
        raise QueryError(
            f"The pool {pool.name} has no usage records", expected="a pool with usage:", fix="Choose another pool."
        )
    costs = _pool_days(reader, pool, window, currency, measure)
    by_hour = pool.model_copy(update={"driver": "quota", "over": None})
    found: dict[date, list[Demand]] = demands_of(by_hour, pool.usage, facts_of(reader), spelled)
    terms = Terms(
        node_size=pool.usage.node_size,
        quotas=lambda demands: quotas_of(pool.receivers, demands),
        shares={one.key: one.share for one in pool.receivers if one.share},
        idle=IdlePolicy(pool.idle, pool.idle_by == "node", {one.key: one.share for one in pool.receivers if one.share}),
    )
    return dispute(found, costs, terms)


@dataclass(frozen=True)
class ToolDay:
    """A pool's cost on the bill beside what the cluster's cost tool says; ``factor`` is bill over tool, where both are.

    The tool's cost is in its own currency and at its own prices: the factor shows how far these are from the bill.
    """

    day: date
    bill: Decimal
    tool: Decimal | None
    factor: Decimal | None


def read_tool_days(reader: Reader, pool: Pool, window: Window, currency: str) -> list[ToolDay]:
    """The pool's days in the window, effective cost, with the factor that scales the tool's cost to the bill."""
    cluster = pool.usage.cluster if pool.usage else ""
    tool = dict(
        reader.rows(
            "SELECT day, CASE WHEN COUNT(cost) = COUNT(*) THEN SUM(cost) END FROM usage WHERE cluster = ? GROUP BY 1",
            [cluster],
        )
    )
    costs = _pool_days(reader, pool, window, currency, EFFECTIVE)
    return [ToolDay(day, bill, tool.get(day), ratio(bill, tool.get(day))) for day, bill in sorted(costs.items())]


def _pool_days(reader: Reader, pool: Pool, window: Window, currency: str, measure: str) -> dict[date, Decimal]:
    filters = (Filter(POOL, (pool.name,)), Filter(CURRENCY, (currency,)))
    rows = reader.ask(Question(by=(DAY,), measure=measure, window=window, filters=filters))
    return {date.fromisoformat(str(row.values[0])): row.amount for row in rows if row.amount is not None}


def read_items(reader: Reader, question: Question) -> list[Item]:
    """Cost by account, service and resource with its team, pools left out: what ``suggest`` looks at."""
    scope = _scope(question)
    scope["filters"] = (*question.filters, Filter(POOL, (None,)))
    rows = reader.ask(Question(by=("SubAccountName", "ServiceName", "ResourceId", "x_Team"), **scope))
    found = []
    for row in rows:
        account, service, resource, team = row.values
        if row.amount is not None:
            found.append(Item(account, service, resource, team, row.amount, row.line_items))
    return found


def _scope(question: Question) -> dict[str, Any]:
    return {"measure": question.measure, "window": question.window, "filters": question.filters}
