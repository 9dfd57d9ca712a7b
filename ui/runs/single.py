"""What Runs shows of single runs: their cost against their quality, those without a result, every run."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Final

import pyarrow as pa

from costlib import money
from costlib.briefs.words.run import quality_finding
from costlib.charts.spec import Caption, Measure, Placed, Point, Scatter
from costlib.runs.costs import RunCost
from costlib.runs.model import lower_is_better
from ui.runs.page import Runs

#: Runs of the front that a trade-off shows.
_MOST_FRONT: Final = 5
#: A run, its cost, and its quality with its sign turned where less is better.
_Known = tuple[RunCost, Decimal, Decimal]
_NUMBERS: Final = ("Hours", "Cost", "At work, %", "Storage", "Data, GB", "Quality")
_COLUMNS: Final = (
    *("Run", "Cost", "Cost from", "Status", "Started", "Hours", "Machine", "At work, %", "Quality", "Measured as"),
    *("Experiment", "Owner", "Storage", "Data, GB"),
)


def qualities(runs: Runs) -> tuple[tuple[str, str], ...]:
    """Model and quality metric of the runs that have both cost and quality, the dearest model first."""

    def spent() -> tuple[tuple[str, str], ...]:
        found: defaultdict[tuple[str, str], Decimal] = defaultdict(Decimal)
        for one in runs.costs:
            if one.run.quality is not None and one.run.quality_metric and one.cost is not None:
                found[one.run.model or "no model", one.run.quality_metric] += one.cost
        return tuple(sorted(found, key=lambda pair: (-found[pair], pair)))

    return runs.once(spent, "qualities")


def against_quality(runs: Runs, model: str, metric: str) -> Scatter:
    """Cost against quality of the runs of a model: the front first, then the best of the others."""
    return runs.once(lambda: _against_quality(runs, model, metric), "quality", model, metric)


def _against_quality(runs: Runs, model: str, metric: str) -> Scatter:
    own = [
        one
        for one in runs.costs
        if (one.run.model or "no model", one.run.quality_metric) == (model, metric) and one.run.quality is not None
    ]
    better = -1 if lower_is_better(metric) else 1
    basis = runs.basis
    points = _front_first(own, better)

    def scatter(caption: Caption) -> Scatter:
        cost, quality = Measure("Cost of the run", currency=basis.currency), Measure(metric.capitalize())
        return Scatter(caption, cost, quality, points, more_y=better > 0, dimension="Run")

    drawn = scatter(Caption("Cost and quality", f"{metric} and cost of runs of {model}", basis.source))
    front = sorted(drawn.front, key=lambda one: better * one.y)
    cheapest = min(front, key=lambda one: one.x)
    title = quality_finding(model, metric, _told(front[-1]), _told(cheapest), basis.currency)
    subtitle = basis.subtitle(f"Cost of a run and its {metric}, {model}", runs.choices.window)
    return scatter(Caption(title, subtitle, basis.source))


def every_run(runs: Runs) -> pa.Table:
    """Every run, latest first."""
    return runs.once(lambda: pa.Table.from_pylist([_row(one) for one in runs.costs], _schema()), "every run")


def without_result(runs: Runs) -> tuple[RunCost, ...]:
    """Runs that failed or were cancelled, dearest first."""

    def wasted() -> tuple[RunCost, ...]:
        return tuple(sorted((one for one in runs.costs if one.run.wasted), key=lambda one: -(one.cost or Decimal(0))))

    return runs.once(wasted, "without result")


def _schema() -> pa.Schema:
    kinds = dict.fromkeys(_NUMBERS, pa.float64()) | {"Started": pa.timestamp("us")}
    return pa.schema([(name, kinds.get(name, pa.string())) for name in _COLUMNS])


def _front_first(runs: Sequence[RunCost], better: int) -> tuple[Point, ...]:
    """A few runs that tell the trade-off: the front, thinned to its ends and steps between, then three beaten ones.

    A beaten run is one that a run shown beats, so that leaving runs out never puts another one on the front.
    """
    known = [
        (one, one.cost, better * one.run.quality)
        for one in runs
        if one.cost is not None and one.run.quality is not None
    ]
    known.sort(key=lambda row: (-row[2], row[1]))
    front: list[_Known] = []
    for row in known:
        if not front or row[1] < front[-1][1]:
            front.append(row)
    step = max(-(-(len(front) - 1) // (_MOST_FRONT - 1)), 1)
    kept = list(dict.fromkeys((*range(0, len(front), step), len(front) - 1))) if front else []
    shown = [front[number] for number in kept]
    beaten = [row[0] for row in known if row not in front and _beaten(row, shown)]
    chosen = [*(row[0] for row in shown), *_apart(beaten)]
    names = _names(chosen)
    return tuple(Point(name, one.cost, one.run.quality) for name, one in zip(names, chosen, strict=True))


def _apart(beaten: Sequence[RunCost]) -> list[RunCost]:
    """Of the beaten runs, best first, the dearest, the one in the middle and the worst: they lie apart on a chart."""
    if not beaten:
        return []
    dearest = max(beaten, key=lambda one: one.cost or Decimal(0))
    return list({one.run.run_id: one for one in (dearest, beaten[len(beaten) // 2], beaten[-1])}.values())


def _beaten(row: _Known, shown: Sequence[_Known]) -> bool:
    """Whether a run shown is both cheaper and better."""
    return any(cost < row[1] and quality > row[2] for _, cost, quality in shown)


def _names(chosen: Sequence[RunCost]) -> list[str]:
    """Each run's name without what all begin with; the ids where jobs of two regions or accounts share a name."""
    names = [one.run.name for one in chosen]
    if len(set(names)) < len(names):
        names = [one.run.run_id for one in chosen]
    prefix = _common(names)
    return [name[len(prefix) :] for name in names]


def _common(names: Sequence[str]) -> str:
    """What all names begin with, up to a dash, so that something is left of each; nothing of a single name.

    >>> _common(["ranker-2026-09-01", "ranker-2026-10-02"]), _common(["a-1"]), _common(["a-1", "a-1-2"])
    ('ranker-2026-', '', 'a-')
    """
    if len(names) < 2:
        return ""
    first, last = min(names), max(names)
    same = next((place for place, letter in enumerate(first) if last[place : place + 1] != letter), len(first))
    return first[: first.rfind("-", 0, min(same, len(first) - 1)) + 1]


def _told(one: Placed) -> tuple[str, Decimal, Decimal]:
    return one.name, one.x, one.y


def _row(one: RunCost) -> dict[str, Any]:
    run = one.run
    return {
        "Run": run.name,
        "Experiment": run.experiment or "–",
        "Owner": run.owner or "–",
        "Status": run.status.capitalize(),
        "Started": run.start,
        "Hours": None if run.hours is None else float(run.hours),
        "Machine": run.instance_type or "–",
        "Cost": None if one.cost is None else float(money.cents(one.cost)),
        "Cost from": one.how.capitalize(),
        "At work, %": None if run.utilisation is None else float(run.utilisation * 100),
        "Storage": None if one.storage is None else float(money.cents(one.storage)),
        "Data, GB": None if run.data_volume_gb is None else float(run.data_volume_gb),
        "Quality": None if run.quality is None else float(run.quality),
        "Measured as": run.quality_metric or "–",
    }
