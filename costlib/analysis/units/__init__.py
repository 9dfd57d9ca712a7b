"""Unit costs: what one inference, one token, one training run, one used GPU hour, one outcome costs.

``measures`` says what a metric counts and which cost stands over it, ``costs`` divides, ``moved`` tells what changed a
cost between two periods, ``alarms`` finds units that were mixed up, ``drivers`` and ``estimate`` say what use cost that
no bill has yet, ``value`` sets cost against what an outcome is worth.

Conventions: two bases, always. On the *allocation* basis a model bears the hours that were reserved for it: the one to
decide by. On the *usage* basis it bears the hours it used; the difference is reserved and unused. A denominator that is
unknown or zero gives no unit cost (None), and is counted.
"""

from costlib.analysis.units.alarms import Alarm, AlarmKind, cached_alarms, jump_alarms, sku_alarms, unit_alarms
from costlib.analysis.units.costs import Cost, Gap, Unbilled, UnitCost, Whole, by_team, unit_costs, whole
from costlib.analysis.units.measures import (
    GPU_HOURS,
    REAL_TIME,
    TOKENS,
    Unit,
    Volume,
    in_base_units,
    is_denominator,
    is_value,
    token_kind,
    unit_of,
)
from costlib.analysis.units.moved import Moved, MovedParts, moved

__all__ = [
    "GPU_HOURS",
    "REAL_TIME",
    "TOKENS",
    "Alarm",
    "AlarmKind",
    "Cost",
    "Gap",
    "Moved",
    "MovedParts",
    "Unbilled",
    "Unit",
    "UnitCost",
    "Volume",
    "Whole",
    "by_team",
    "cached_alarms",
    "in_base_units",
    "is_denominator",
    "is_value",
    "jump_alarms",
    "moved",
    "sku_alarms",
    "token_kind",
    "unit_alarms",
    "unit_costs",
    "unit_of",
    "whole",
]
