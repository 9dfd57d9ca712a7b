"""Commands on plans: simulate and optimise one, and keep plans in the store: show, import, export."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.table import Table

from costlib import money
from costlib.commands.options import JsonOption, StoreOption, TodayOption, existing, named, named_path, workspace
from costlib.commands.output import print_json, print_table, say
from costlib.commands.places import deliver, writable

if TYPE_CHECKING:
    from costlib.roadmap.plan_model import Plan
    from costlib.roadmap.spend import Actuals, Baseline
    from costlib.state.plans import PlanStore
    from costlib.state.saved import SavedPlan
    from costlib.workspace import Workspace

plan = typer.Typer(no_args_is_help=True, help="Simulate, optimise and keep plans (see docs/plan-file.md).")

#: Savings of the document, as the table calls them.
_SAVINGS = {
    "gross": "gross, before costs",
    "net": "net of costs",
    "in_year": "in the fiscal year of the start, before costs",
    "run_rate": "a year at run rate, before costs",
    "npv": "NPV",
}
PlanOption = Annotated[
    str, typer.Option("--plan", parser=named, help="A plan file (YAML), or the name of a saved plan.")
]
WhoOption = Annotated[str, typer.Option("--who", parser=named, help="Who makes the change, for the history.")]


@plan.command()
def simulate(
    context: typer.Context,
    plan: PlanOption,
    today: TodayOption = None,
    as_json: JsonOption = False,
    store: StoreOption = None,
) -> None:
    """What the plan as it stands brings: spend, savings, the chance of its target, each initiative's share."""
    from costlib.roadmap.report import simulate_document  # only who plans pays for loading the arithmetic

    space = workspace(context, store)
    read = _plan(space, plan)
    _print(simulate_document(read, *_baseline(space, read, today)), read.plan.currency, as_json)


@plan.command()
def optimise(
    context: typer.Context,
    plan: PlanOption,
    today: TodayOption = None,
    as_json: JsonOption = False,
    store: StoreOption = None,
) -> None:
    """Which initiatives to take and when, within the plan's people and money."""
    from costlib.roadmap.report import optimise_document

    space = workspace(context, store)
    read = _plan(space, plan)
    _print(optimise_document(read, *_baseline(space, read, today)), read.plan.currency, as_json)


@plan.command()
def show(
    context: typer.Context,
    name: Annotated[str | None, typer.Argument(help="A saved plan; left out: which there are.")] = None,
    as_json: JsonOption = False,
    store: StoreOption = None,
) -> None:
    """A saved plan with its initiatives and stages, or the list of saved plans."""
    plans = _plans(existing(context, store))
    saved = [plans.read(one) for one in (plans.names() if name is None else [name])]
    if as_json:
        from costlib.state.documents import plan_document, plan_entry

        print_json({"plans": [plan_entry(one) for one in saved]} if name is None else plan_document(saved[0]))
    else:
        print_table(_list(saved) if name is None else _initiatives(saved[0]))


@plan.command("import")
def import_(
    context: typer.Context,
    plan: Annotated[Path, typer.Option("--plan", parser=named_path, help="The plan file, YAML.")],
    name: Annotated[
        str | None, typer.Option("--name", help="Name in the store.", show_default="the plan's own")
    ] = None,
    who: WhoOption = "command line",
    why: Annotated[str, typer.Option("--why", help="Why; needed where something approved changes.")] = "",
    store: StoreOption = None,
) -> None:
    """Save a plan file in the store, or make the saved plan what the file says."""
    from costlib.roadmap.plan_file import read_plan
    from costlib.state.edits import check_name
    from costlib.state.importing import name_for

    chosen = None if name is None else check_name(name)
    read, plans = read_plan(plan), _plans(workspace(context, store))
    as_name = check_name(chosen or name_for(read, plan.stem, plans.titles()))
    done = plans.import_plan(as_name, read, who=who, why=why)
    for word, ids in (("new", done.created), ("changed", done.changed), ("removed", done.removed)):
        if ids:
            say(f"{word}: {', '.join(ids)}")
    if done.stages_kept:
        say(f"stage not taken from the file, which approves nothing: {', '.join(done.stages_kept)}")
    say(f"{as_name} is saved with {money.counted(len(done.plan.initiatives), 'initiative')}")


@plan.command()
def export(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="A saved plan.")],
    out: Annotated[
        Path | None,
        typer.Option("--out", parser=named_path, help="File to write.", show_default="standard output"),
    ] = None,
    store: StoreOption = None,
) -> None:
    """Write a saved plan as a plan file; approvals and history stay in the store."""
    from costlib.roadmap.plan_file import plan_text

    if out is not None:
        writable(out)
    saved = _plans(existing(context, store)).read(name)
    if out is None:
        print(plan_text(saved.plan), end="")
        return
    deliver({out: plan_text(saved.plan).encode()})
    say(f"{out} holds {money.counted(len(saved.initiatives), 'initiative')}")


def _plans(space: Workspace) -> PlanStore:
    from costlib.state.plans import PlanStore

    return PlanStore(space.state())


def _plan(space: Workspace, named: str) -> Plan:
    """The plan of a file where it looks like one, else the saved plan of that name."""
    from costlib.roadmap.plan_file import read_plan

    path = Path(named)
    is_file = path.exists() or path.suffix in (".yaml", ".yml") or len(path.parts) > 1
    return read_plan(path) if is_file else _plans(space.existing()).read(named).plan


def _baseline(space: Workspace, read: Plan, today: date | None) -> tuple[Baseline | None, Actuals | None]:
    """The store's forecast for a plan that brings no spend of its own; nothing where no bill is loaded."""
    state = space.store.manifest()
    if read.baseline is not None or state is None or not state.has_bill:
        if today is not None:
            raise typer.BadParameter("only bills have a last day, and this plan reads none", param_hint="'--today'")
        return None, None
    from costlib.briefs.words.outlook import bridged_words

    found = space.plan_spend(read, today)
    if said := bridged_words(found.bridged_days):
        say(said)
    return found.baseline, found.actuals


def _list(saved: list[SavedPlan]) -> Table:
    table = Table("Plan", "Title", "Months", "Initiatives", "Approved for", "Last saved by")
    for one in saved:
        cycle = one.approval.cycle if one.approval else ""
        head = one.plan.plan
        months = f"{one.plan.months[0]} to {one.plan.months[-1]}"
        table.add_row(one.id, head.name, months, str(len(one.initiatives)), cycle, one.changed_by)
    return table


def _initiatives(saved: SavedPlan) -> Table:
    head = saved.plan.plan
    title = f"{head.name}: {saved.plan.months[0]} to {saved.plan.months[-1]}, {head.currency}"
    table = Table("Initiative", "Title", "Owner", "Stage", "Start", "Saving", "One-off", title=title)
    for one in saved.initiatives.values():
        it = one.initiative
        saving = f"{money.percent(it.saving.low)} to {money.percent(it.saving.high)}" if it.saving.high else "none"
        saving = saving if it.is_estimated else "not estimated"
        start, cost = saved.plan.months[saved.plan.start_of(it)], _money(it.one_off_cost, head.currency)
        table.add_row(it.id, it.title, it.owner, it.stage, start, saving, cost)
    return table


def _print(document: dict[str, Any], currency: str, as_json: bool) -> None:
    if as_json:
        print_json(document)
        return
    saving = Table("Saving", "Mean", title=f"{document['months'][0]} to {document['months'][-1]}, {currency}")
    for name, words in _SAVINGS.items():
        saving.add_row(words, _money(document["saving"][name], currency))
    saving.add_row("payback month", str(document["saving"]["payback_month"] or "none"))
    saving.add_row("chance of the target", money.percent(document["p_target"]))
    shares = Table("Initiative", "Gross", "Net", "NPV")
    for one in document["initiatives"]:
        told = (one[name] for name in ("gross", "net", "npv"))
        shares.add_row(one["id"], *("not estimated" if amount is None else _money(amount, currency) for amount in told))
    for table in (saving, shares, *_choice(document)):
        print_table(table)


def _choice(document: dict[str, Any]) -> list[Table]:
    if "chosen" not in document:
        return []
    chosen = Table("Chosen", "Start")
    for one in document["chosen"]:
        chosen.add_row(one["id"], str(one["start"]))
    return [chosen]


def _money(amount: float | None, currency: str) -> str:
    return money.UNKNOWN if amount is None else money.short(Decimal(repr(amount)), currency)
