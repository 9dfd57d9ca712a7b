"""Commands of ``python -m costlib``: arguments in, one document out; the work is done elsewhere.

``app`` is the command line; each module adds the commands of one subject.
"""

from __future__ import annotations

import typer

from costlib.commands.bills import demo, load, query, status
from costlib.commands.budget import budget
from costlib.commands.export import export, recompute
from costlib.commands.focus import focus
from costlib.commands.forecast import backtest, forecast
from costlib.commands.metrics import metrics
from costlib.commands.options import StoreOption
from costlib.commands.plan import plan
from costlib.commands.rules import rules
from costlib.commands.runs import runs
from costlib.commands.schedule import schedule
from costlib.commands.statement import statement
from costlib.commands.unload import unload

app = typer.Typer(
    name="costlib",
    help="Glidepath: from cloud bills to a plan that brings AI spend down.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
for command in (demo, load, unload, status, query, statement, forecast, backtest, export, recompute):
    app.command()(command)
app.add_typer(plan, name="plan")
app.add_typer(rules, name="rules")
app.add_typer(budget, name="budget")
app.add_typer(metrics, name="metrics")
app.add_typer(runs, name="runs")
app.add_typer(schedule, name="schedule")
app.add_typer(focus, name="focus")


@app.callback()
def settings(context: typer.Context, store: StoreOption = None) -> None:
    """Glidepath: from cloud bills to a plan that brings AI spend down."""
    context.obj = store
