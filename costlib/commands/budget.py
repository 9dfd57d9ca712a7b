"""Commands on budgets: bring one in from a CSV file, and list what is locked."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from costlib import money
from costlib.analysis.budget import Budget
from costlib.commands.options import Format, JsonOption, StoreOption, existing, named_path, workspace
from costlib.commands.output import print_json, print_rows, say
from costlib.errors import CostError, InputError
from costlib.settings import read_settings
from costlib.wording import listed
from costlib.workspace import Workspace

budget = typer.Typer(no_args_is_help=True, help="Lock budgets by team and month (see docs/budgets.md).")

_WHO = "the command line"


class Scope(StrEnum):
    """What spend a budget is of."""

    AI = "ai"
    ALL = "all"


_SCOPES = {Scope.AI: "AI spend", Scope.ALL: "All spend"}


@budget.command("import")
def import_file(
    context: typer.Context,
    file: Annotated[
        Path, typer.Argument(parser=named_path, help="CSV with the columns team, month, amount, currency.")
    ],
    name: Annotated[str, typer.Option(help="Name of the version, such as FY26.")],
    scope: Annotated[Scope, typer.Option(help="Whether it is a budget of AI spend or of all spend.")] = Scope.AI,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Lock a budget: every line of the file or none."""
    from costlib.state.budget_file import read_budget  # only who plans pays for loading the database's library
    from costlib.state.budgets import lock_budget

    try:
        content = file.read_bytes()
    except OSError as error:
        raise InputError(
            f"{file} cannot be read ({error.strerror})", expected="a CSV file", fix="Check the path."
        ) from error
    try:
        found = read_budget(content, name, datetime.now(UTC).date(), read_settings().fiscal)
    except InputError as error:
        raise InputError(f"{file}: {error.problem}", expected=error.expected, fix=error.fix) from error
    space = workspace(context, store)
    lock_budget(space.state(), found, _SCOPES[scope], who=_WHO)
    unbilled = _unbilled(space, found)
    total = found.total(line.month for line in found.lines)
    if as_json:
        print_json(
            {
                "budget": found.version,
                "scope": _SCOPES[scope],
                "lines": len(found.lines),
                "total": money.exact(total),
                "currency": found.currency,
                "teams_without_bills": unbilled,
            }
        )
        return
    lines, amount = money.counted(len(found.lines), "line"), money.full(total, found.currency)
    say(f"{found.version} locked: {lines}, {amount} of {_SCOPES[scope]}")
    if unbilled:
        say(
            f"No bill has {money.counted(len(unbilled), 'team')} of it: {listed(unbilled)}. If a name is misspelt, "
            "withdraw this version on the Budgets page and import it again."
        )


def _unbilled(space: Workspace, locked: Budget) -> list[str] | None:
    """Teams of a budget that no bill has; None where there are no bills that can be read."""
    try:
        billed = space.snapshot().reader.values("x_Team")
    except CostError:  # the budget is locked all the same
        return None
    return [team for team in locked.teams if team and team not in billed]


@budget.command("list")
def list_locked(context: typer.Context, store: StoreOption = None, as_json: JsonOption = False) -> None:
    """The locked budgets, newest first."""
    from costlib.state.budgets import budgets

    held = budgets(existing(context, store).state())
    rows: list[dict[str, str | None]] = [
        {
            "budget": one.budget.version,
            "scope": one.scope,
            "total": money.exact(one.budget.total(line.month for line in one.budget.lines)),
            "currency": one.budget.currency,
            "locked_on": one.budget.locked_on.isoformat(),
            "by": one.who,
        }
        for one in held
    ]
    if as_json:
        print_json({"budgets": rows})
    else:
        print_rows(("budget", "scope", "total", "currency", "locked_on", "by"), rows, Format.TABLE)
