"""``python -m bench.forecast FOLDER``: accuracy, calibration and speed on public panels, beside what must be beaten.

The folder (or the one that GLIDEPATH_PANELS names) holds Parquet panels (panels.py). Metrics are those of the M4
competition. Where the package statsforecast can be imported (requirements-bench.txt), its AutoETS,
DynamicOptimizedTheta and the median of AutoETS, AutoCES and DynamicOptimizedTheta run too. They take minutes a
thousand series, so they, and all others beside them, are measured on evenly spaced series, LIBRARY_SERIES a panel.
statsforecast needs pandas 2 and Glidepath's pages pandas 3, so it goes into an environment of its own; what is
measured here uses none.
"""

from __future__ import annotations

import importlib.util
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

from bench import gaps, growth, hierarchy, rolling
from bench.panels import LEVEL, Panel, read, thinned
from costlib.analysis import losses
from costlib.analysis.forecast import baselines
from costlib.analysis.forecast.engine import forecast
from costlib.analysis.forecast.rhythm import RHYTHMS

Array = NDArray[np.float64]

#: The variable that names the folder of panels.
PANELS = "GLIDEPATH_PANELS"
LIBRARY_SERIES = 40
SKIPPED = f"Forecasts are not measured: set {PANELS} to a folder of Parquet panels (bench/panels.py says of which form)"
TITLE = "Forecasts; the run rate is that of the last 28 days, 4 weeks or 3 months"
_Z = 1.2815515594600038


@dataclass(frozen=True)
class Answer:
    """What a method said: its point forecast, and where it has them the interval and that of the horizon total."""

    point: Array
    interval: tuple[Array, Array] | None = None
    total: tuple[Array, Array] | None = None


_COLD = """
import numpy as np
from costlib.analysis.forecast.engine import forecast
from costlib.analysis.forecast.rhythm import Frequency
bills = np.exp(np.random.default_rng(1).normal(0, 0.02, (200, 730)).cumsum(axis=1) + 5)
ahead = forecast(bills, 365, Frequency.DAY)
ahead.p50, ahead.interval(80), ahead.totals(80)
"""
_COLD_PAGE = """
from datetime import date
import numpy as np
from costlib.analysis.daily import DailySpend
from costlib.analysis.outlook import outlook
from costlib.periods import Window
bills = np.exp(np.random.default_rng(1).normal(0, 0.02, (200, 730)).cumsum(axis=1) + 5)
window = Window(date(2024, 1, 1), date(2025, 12, 31))
outlook(DailySpend(("x_Team",), tuple((str(row),) for row in range(200)), window, bills), 19)
"""

Method = Callable[[Panel], Answer]


def main() -> None:
    """Measure and print the panels of the folder given, or say how to give one."""
    given = sys.argv[1] if len(sys.argv) > 1 else os.environ.get(PANELS)
    if not given:
        print(SKIPPED)
        return
    report(Path(given))


def report(folder: Path) -> None:
    """Measure and print every panel of the folder."""
    panels = [read(path) for path in sorted(folder.glob("*.parquet"))]
    if not panels:
        raise SystemExit(f"{folder} holds no Parquet panel")
    _print_table(TITLE, panels, {"Glidepath": _glidepath, **_simple()})
    rolling.report(panels)
    growth.report()
    gaps.report()
    library = _library()
    if library:
        title = f"The same on {LIBRARY_SERIES} evenly spaced series a panel, beside statsforecast"
        some = [thinned(panel, LIBRARY_SERIES) for panel in panels]
        _print_table(title, some, {"Glidepath": _glidepath, **_simple(), **library})
    else:
        print("statsforecast is not installed here: its models are left out", file=sys.stderr)
    print("Cold, 200 series of 730 days, interpreter and imports included, processor seconds:")
    print(f"  365 days ahead with ranges and totals: {cold(_COLD):.2f}")
    print(f"  a page's outlook of 19 months, 1,000 paths: {cold(_COLD_PAGE):.2f}")
    hierarchy.sample_report()


def _print_table(title: str, panels: list[Panel], methods: dict[str, Method]) -> None:
    owa: dict[str, list[float]] = {name: [] for name in methods}
    table = Table("panel", "method", "OWA", "sMAPE", "MASE", "MSIS", "80 %", "total 80 %", "s / 1,000", title=title)
    for panel in panels:
        bottom = naive2_errors(panel)
        table.add_row(panel.name, "Naive2", "1.000", f"{bottom[0]:.3f}", f"{bottom[1]:.3f}", "", "", "", "")
        for name, method in methods.items():
            score, row = _row(panel, name, method, bottom)
            owa[name].append(score)
            table.add_row("", *row)
        table.add_section()
    for name, scores in owa.items():
        table.add_row("mean of panels", name, f"{np.mean(scores):.3f}", "", "", "", "", "", "")
    Console(width=120).print(table)


def naive2_errors(panel: Panel) -> tuple[float, float]:
    """sMAPE and MASE of Naive2: what OWA is measured against."""
    return _errors(panel, baselines.naive2(panel.history, panel.actual.shape[1], panel.setting.season))


def cold(program: str = _COLD) -> float:
    """Processor seconds of a fresh interpreter that imports what it needs and forecasts 200 series of 730 days."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-c", program], check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _row(panel: Panel, name: str, method: Method, bottom: tuple[float, float]) -> tuple[float, list[str]]:
    begin = time.process_time()
    answer = method(panel)
    taken = (time.process_time() - begin) / len(panel.history) * 1000
    smape, mase = _errors(panel, answer.point)
    score = losses.owa(smape, mase, *bottom)
    msis = covered = total = ""
    if answer.interval:
        scale = losses.seasonal_scale(panel.history, panel.setting.season)
        msis = f"{np.nanmean(losses.msis(panel.actual, *answer.interval, scale, LEVEL)):.2f}"
        covered = f"{losses.coverage(panel.actual, *answer.interval).mean():.1%}"
    if answer.total:
        ends = [end[:, None] for end in answer.total]
        total = f"{losses.coverage(panel.actual.sum(axis=1)[:, None], *ends).mean():.1%}"
    return score, [name, f"{score:.3f}", f"{smape:.3f}", f"{mase:.3f}", msis, covered, total, f"{taken:.2f}"]


def _errors(panel: Panel, point: Array) -> tuple[float, float]:
    scale = losses.seasonal_scale(panel.history, panel.setting.season)
    mase = float(np.nanmean(losses.mase(panel.actual, point, scale)))
    return float(losses.smape(panel.actual, point).mean()), mase


def _glidepath(panel: Panel) -> Answer:
    ahead = forecast(panel.history, panel.actual.shape[1], panel.setting.frequency)
    total = ahead.totals(LEVEL)
    return Answer(ahead.p50, ahead.interval(LEVEL), (total.lower, total.upper))


def _simple() -> dict[str, Method]:
    def seasonal(panel: Panel) -> Answer:
        season = RHYTHMS[panel.setting.frequency].season if panel.setting.season > 1 else 1
        return Answer(baselines.seasonal_naive(panel.history, panel.actual.shape[1], season))

    def line(panel: Panel) -> Answer:
        point, deviation = baselines.linear_trend(panel.history, panel.actual.shape[1])
        return Answer(point, (point - _Z * deviation, point + _Z * deviation))

    def rate(panel: Panel) -> Answer:
        window = RHYTHMS[panel.setting.frequency].run_rate
        return Answer(baselines.run_rate(panel.history, panel.actual.shape[1], window))

    return {"seasonal naive": seasonal, "linear trend": line, "run rate": rate}


def _library() -> dict[str, Method]:
    """The models of statsforecast, where it is installed."""
    if importlib.util.find_spec("statsforecast") is None:
        return {}
    names: dict[str, tuple[str, ...]] = {
        "AutoETS": ("AutoETS",),
        "DynamicOptimizedTheta": ("DynamicOptimizedTheta",),
        "median(ETS, CES, DOT)": ("AutoETS", "AutoCES", "DynamicOptimizedTheta"),
    }
    return {name: _models(parts) for name, parts in names.items()}


def _models(names: tuple[str, ...]) -> Method:
    """The median of the named models' point forecasts; the interval where there is one model."""
    models = importlib.import_module("statsforecast.models")

    def answer(panel: Panel) -> Answer:
        season, horizon = RHYTHMS[panel.setting.frequency].season, panel.actual.shape[1]
        season = 1 if panel.setting.season == 1 else season
        points, ends = [], []
        for row in panel.history:
            known = row[~np.isnan(row)]
            said = [
                getattr(models, name)(season_length=season).forecast(known, horizon, level=[LEVEL]) for name in names
            ]
            points.append(np.median([one["mean"] for one in said], axis=0))
            ends.append((said[0][f"lo-{LEVEL}"], said[0][f"hi-{LEVEL}"]))
        both = np.array(ends)
        return Answer(np.array(points), (both[:, 0], both[:, 1]) if len(names) == 1 else None)

    return answer


if __name__ == "__main__":
    main()
