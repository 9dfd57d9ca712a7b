"""Commands on a plan file: simulate it as it stands, or choose and time its initiatives."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from costlib import money
from costlib.commands.options import JsonOption
from costlib.commands.output import print_json

plan = typer.Typer(no_args_is_help=True, help="Simulate or optimise a plan file (see docs/plan-file.md).")

PlanOption = Annotated[Path, typer.Option("--plan", help="The plan file, YAML.")]


@plan.command()
def simulate(file: PlanOption, as_json: JsonOption = False) -> None:
    """What the plan as it stands brings: spend, savings, the chance of its target, each initiative's share."""
    from costlib.roadmap.plan_file import read_plan  # only who plans pays for loading the arithmetic
    from costlib.roadmap.report import simulate_document

    read = read_plan(file)
    _print(simulate_document(read), read.plan.currency, as_json)


@plan.command()
def optimise(file: PlanOption, as_json: JsonOption = False) -> None:
    """Which initiatives to take and when, within the plan's people and money."""
    from costlib.roadmap.plan_file import read_plan
    from costlib.roadmap.report import optimise_document

    read = read_plan(file)
    _print(optimise_document(read), read.plan.currency, as_json)


def _print(document: dict[str, Any], currency: str, as_json: bool) -> None:
    if as_json:
        print_json(document)
        return
    saving = Table("Saving", "Mean", title=f"{document['months'][0]} to {document['months'][-1]}, {currency}")
    for name in ("gross", "net", "in_year", "run_rate", "npv"):
        saving.add_row(name, _money(document["saving"][name], currency))
    saving.add_row("payback month", str(document["saving"]["payback_month"] or "none"))
    saving.add_row("chance of the target", money.percent(document["p_target"]))
    shares = Table("Initiative", "Gross", "Net", "NPV")
    for one in document["initiatives"]:
        shares.add_row(one["id"], *(_money(one[name], currency) for name in ("gross", "net", "npv")))
    for table in (saving, shares, *_choice(document)):
        Console().print(table)


def _choice(document: dict[str, Any]) -> list[Table]:
    if "chosen" not in document:
        return []
    chosen = Table("Chosen", "Start")
    for one in document["chosen"]:
        chosen.add_row(one["id"], str(one["start"]))
    return [chosen]


def _money(amount: float | None, currency: str) -> str:
    return money.UNKNOWN if amount is None else money.short(Decimal(repr(amount)), currency)
