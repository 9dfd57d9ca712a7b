"""The section ``shared:`` of the rule file: ordered pools of shared cost, and who receives them by which driver.

A pool takes the rows that match (conditions as in rules, and on our dimensions as the rules left them) and that no
earlier pool took, whoever the rules gave them to. Drivers:

* ``usage``    hours reserved or used, from usage records (OpenCost, Kubecost, split cost allocation of AWS);
* ``direct``   the receivers' direct effective cost, per billing currency;
* ``fixed``    the receivers' ``share``;
* ``even``     the same for each;
* ``shapley``  the receivers' Shapley value of the nodes that the day's highest hour needs;
* ``quota``    nodes within the quotas by hours reserved, nodes above by demand above quota in the hours that need them.

A driver that is zero or unknown for a period leaves the period's cost unallocated. ``idle`` says what becomes of
capacity that nobody reserved: a line of its own, to those who reserved, or by the receivers' ``share``.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, model_validator

from costlib.attribution.conditions import (
    CONDITION_COLUMNS,
    Strict,
    When,
    Words,
    as_list,
    check_columns,
    matches,
    unknown,
)
from costlib.focus import ATTRIBUTES
from costlib.periods import Grain

#: Columns that a pool's conditions may name, besides ``tag:KEY``.
POOL_COLUMNS = (*CONDITION_COLUMNS, *ATTRIBUTES)
#: Shapley values weigh every subset of the receivers: 2 to the power of their number.
MOST_PLAYERS = 10

Driver = Literal["usage", "direct", "fixed", "even", "shapley", "quota"]
IdlePolicy = Literal["own line", "reserved", "shares"]
MEASURED_DRIVERS = ("usage", "shapley", "quota")
HOURLY_DRIVERS = ("shapley", "quota")
Weight = Annotated[Decimal, Field(ge=0, allow_inf_nan=False)]


class Receiver(Strict):
    """Who receives a part: the dimensions it sets, and the usage records that are its own.

    A quota is a number of units (GPUs), or ``quota_share``: that share of the cluster's highest capacity of the day.
    """

    set: dict[str, str] = Field(min_length=1)
    namespace: Words = Field(default_factory=list)
    label: Words = Field(default_factory=list)
    quota: Weight = Decimal(0)
    quota_share: Weight | None = None
    share: Weight | None = None

    @property
    def key(self) -> tuple[tuple[str, str], ...]:
        """What the receiver is told apart by."""
        return tuple(sorted(self.set.items()))


class Measured(Strict):
    """Which usage records drive a pool. ``node_size`` is the number of units (GPUs) of a node."""

    cluster: str
    of: Literal["gpu", "cpu", "ram", "cost"] = "gpu"
    basis: Literal["reserved", "used"] = "reserved"
    node_size: Annotated[Decimal, Field(gt=0, allow_inf_nan=False)] = Decimal(1)


class Pool(Strict):
    """One pool of shared cost and how it is split."""

    name: str = Field(min_length=1)
    match: Annotated[list[When], BeforeValidator(as_list), Field(min_length=1)]
    driver: Driver
    usage: Measured | None = None
    over: Literal["day", "month"] | None = None
    idle: IdlePolicy = "own line"
    idle_by: Literal["cluster", "node"] = "cluster"
    receivers: list[Receiver] = Field(default_factory=list)

    @property
    def grain(self) -> Grain:
        """The period for which one set of shares holds: the month for direct cost, else the day, unless it says so."""
        return Grain(self.over or ("month" if self.driver == "direct" else "day"))

    @property
    def condition(self) -> str:
        """The SQL condition for the pool's rows."""
        alternatives = (
            " AND ".join(matches(column, patterns, POOL_COLUMNS) for column, patterns in when.items()) or "FALSE"
            for when in self.match
        )
        return "(" + " OR ".join(f"({alternative})" for alternative in alternatives) + ")"

    @model_validator(mode="after")
    def _complete(self) -> Pool:
        if self.driver in MEASURED_DRIVERS and self.usage is None:
            raise ValueError(f"the driver {self.driver} needs usage: with the cluster whose records drive it")
        if self.driver in (*HOURLY_DRIVERS, "fixed", "even") and not self.receivers:
            raise ValueError(f"the driver {self.driver} needs receivers")
        if self.driver in HOURLY_DRIVERS and self.grain is not Grain.DAY:
            raise ValueError(f"the driver {self.driver} is over: day")
        if "fixed" in (self.driver, "fixed" if self.idle == "shares" else "") and not any(
            receiver.share for receiver in self.receivers
        ):
            raise ValueError("fixed shares need a share of more than 0 for a receiver")
        if self.driver == "shapley" and len(self.receivers) > MOST_PLAYERS:
            raise ValueError(f"Shapley values are for groups of at most {MOST_PLAYERS}")
        if len({receiver.key for receiver in self.receivers}) < len(self.receivers):
            raise ValueError("two receivers set the same")
        return self


def check_pools(pools: list[Pool], where: str) -> None:
    """Raise ``RuleError`` for a name that comes twice, or a column or dimension that there is not."""
    names = [pool.name for pool in pools]
    for pool in pools:
        place = f"{where}, shared {pool.name}"
        if names.count(pool.name) > 1:
            raise unknown(f"second pool {pool.name}", ["each name once"], place)
        for when in pool.match:
            check_columns(when, POOL_COLUMNS, place)
        for receiver in pool.receivers:
            for dimension in receiver.set:
                if dimension not in ATTRIBUTES:
                    raise unknown(dimension, ATTRIBUTES, place)
