"""The words of plans side by side: one beside another, or beside less and more of itself.

Conventions: money in the plan's currency, means over paths ("likely").
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from costlib.briefs.plan_figures import PlanFigures
from costlib.briefs.words.roadmap import amount
from costlib.wording import capital


def compare_rows(found: Mapping[str, PlanFigures]) -> tuple[list[str], list[list[str]]]:
    """Header and rows of plans side by side; the first with its minimum and ambitious option beside it."""
    columns = [(name, held, "recommended") for name, held in found.items()]
    if len(columns) == 1:
        (held,) = found.values()
        less = capital(_less(held))
        columns = [(less, held, "minimum"), *columns, ("No limits", held, "ambitious")]
    rows = [
        [label, *(held.book.figures[f"{option}.{name}"].shown if _has(held, option, name) else "–"
                  for _, held, option in columns)]
        for name, label in _COMPARED.items()
    ]  # fmt: skip
    return ["", *(name for name, _, _ in columns)], rows


def _less(held: PlanFigures) -> str:
    """What the lesser option is: a plan that needs no one-off money cannot be halved."""
    return "at most half the money" if held.case.recommended.one_off > 0 else "containment alone"


_COMPARED: Final = {
    "count": "Initiatives",
    "weeks": "Person-weeks",
    "one-off": "One-off cost",
    "gross": "Saved, before costs",
    "net": "Saved, net of cost",
    "run-rate": "Saved a year at the end",
    "npv": "NPV",
    "chance": "Chance of the target",
}


def _has(held: PlanFigures, option: str, name: str) -> bool:
    return f"{option}.{name}" in held.book.figures


def compare_finding(found: Mapping[str, PlanFigures]) -> str:
    """Which of the plans saves more net of cost, or what less and more of the one would bring."""
    nets = {name: held.case.recommended.figures.net for name, held in found.items()}
    held = next(iter(found.values()))
    currency = held.setting.currency
    if len(nets) == 1:
        less, more = held.case.minimum.figures.net, held.case.ambitious.figures.net
        (net,) = nets.values()
        return (
            f"The plan saves {amount(net, currency)} net of cost; with {_less(held)} {amount(less, currency)}, "
            f"without limits {amount(more, currency)}"
        )
    (one, first), (other, second) = nets.items()
    if abs(first - second) < 1:
        return f"{one} and {other} save the same net of cost"
    best, apart = (one, first - second) if first >= second else (other, second - first)
    return f"{best} saves {amount(apart, currency)} more net of cost"
