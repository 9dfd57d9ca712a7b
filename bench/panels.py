"""Public panels of time series, one Parquet file each.

Conventions: columns ``unique_id``, ``t`` (1 to n), ``y`` and ``part`` (train or test); a panel without a test part is
tested on its last periods.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
from numpy.typing import NDArray

from costlib.analysis.forecast.rhythm import Frequency

Array = NDArray[np.float64]

LEVEL = 80


@dataclass(frozen=True)
class Setting:
    """How a panel is measured: frequency, season of the metrics, and steps held out where it has no test part."""

    frequency: Frequency
    season: int
    held_out: int


SETTINGS = {
    "m1_monthly": Setting(Frequency.MONTH, 12, 18),
    "m3_monthly": Setting(Frequency.MONTH, 12, 18),
    "tourism_monthly": Setting(Frequency.MONTH, 12, 24),
    "pypi_monthly": Setting(Frequency.MONTH, 12, 18),
    "m4_weekly": Setting(Frequency.WEEK, 1, 13),
    "m4_daily_tail": Setting(Frequency.DAY, 1, 14),
    "webtraffic_daily": Setting(Frequency.DAY, 7, 59),
    "nn5_daily": Setting(Frequency.DAY, 7, 56),
}
#: For panels of other names, by the word in them.
DEFAULTS = {
    "monthly": Setting(Frequency.MONTH, 12, 18),
    "weekly": Setting(Frequency.WEEK, 1, 13),
    "daily": Setting(Frequency.DAY, 7, 28),
}


@dataclass(frozen=True)
class Panel:
    """One panel: ``history`` ends with the last training period of every series."""

    name: str
    setting: Setting
    history: Array
    actual: Array


def read(path: Path) -> Panel:
    """One panel from its file."""
    setting = SETTINGS.get(path.stem) or next(one for word, one in DEFAULTS.items() if word in path.stem)
    table = pq.read_table(path).sort_by([("unique_id", "ascending"), ("t", "ascending")])
    ids = np.asarray(table.column("unique_id").to_pylist())
    values = table.column("y").to_numpy()
    part = np.asarray(table.column("part").to_pylist())
    bounds = np.append(np.flatnonzero(np.append(True, ids[1:] != ids[:-1])), len(ids))
    has_test = bool((part == "test").any())
    trains, tests = [], []
    for begin, end in pairwise(bounds.tolist()):
        steps = int((part[begin:end] == "test").sum()) if has_test else setting.held_out
        trains.append(values[begin : end - steps])
        tests.append(values[end - steps : end])
    history = np.full((len(trains), max(map(len, trains))), np.nan)
    for row, train in enumerate(trains):
        history[row, history.shape[1] - len(train) :] = train
    return Panel(path.stem, setting, history, np.array(tests))


def thinned(panel: Panel, most: int) -> Panel:
    """At most so many series of a panel, evenly spaced."""
    rows = np.unique(np.linspace(0, len(panel.history) - 1, most).astype(int))
    return Panel(panel.name, panel.setting, panel.history[rows], panel.actual[rows])
