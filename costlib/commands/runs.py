"""Commands on runs: load a file or a tracking server, show what they cost."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from costlib import money
from costlib.commands.options import Format, JsonOption, StoreOption, workspace
from costlib.commands.output import print_json, print_rows, progress, say
from costlib.focus import CURRENCY
from costlib.runs.bill import billed_days
from costlib.runs.book import all_runs, keep_runs, load_runs
from costlib.runs.costs import grouped, run_costs
from costlib.runs.mlflow import address, fetch_runs
from costlib.runs.model import Run
from costlib.runs.prices import read_prices
from costlib.store.query import Filter

runs = typer.Typer(no_args_is_help=True, help="Training and other runs: what each cost and how good it was.")

_HEADER = ("Name", "Runs", "Cost", "Failed", "Cost of failed", "Cancelled", "Cost of cancelled", "Cost unknown")


@runs.command()
def load(
    context: typer.Context,
    where: Annotated[str, typer.Argument(help="CSV or Parquet file, or mlflow:http://host:port.")],
    source: Annotated[str | None, typer.Option(help="Name of the source [default: the file's or the host's].")] = None,
    quality_metric: Annotated[
        str | None,
        typer.Option(help="MLflow's metric that says how good a model is, where a run does not name its own."),
    ] = None,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Load runs, all or none, in place of those of the same source in the months in which they started."""
    root = workspace(context, store).store.root
    server = address(where)
    with progress("Reading the runs") as tell:
        if server is None:
            done = load_runs(root, Path(where), source, tell)
        else:
            done = keep_runs(root, source or server, fetch_runs(server, quality_metric), tell)
    if as_json:
        print_json(
            {"source": done.source, "runs": done.rows, "months": list(done.months), "changed": list(done.changed)}
        )
    else:
        say(f"{done.rows:,} runs of {done.source} in {len(done.months)} months, {len(done.changed)} new or changed")


@runs.command()
def show(
    context: typer.Context,
    by: Annotated[str, typer.Option(help="experiment, model, pipeline, stage or owner.")] = "experiment",
    currency: Annotated[str, typer.Option(help="Billing currency.")] = "USD",
    form: Annotated[Format, typer.Option("--format", help="Form of the answer.")] = Format.TABLE,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """What runs cost: from the bill where it names their machine or job, else from list prices."""
    if by not in ("experiment", "model", "pipeline", "stage", "owner"):
        raise typer.BadParameter("one of experiment, model, pipeline, stage, owner", param_hint="--by")
    space = workspace(context, store)
    found = all_runs(space.store.root)
    billed = billed_days(space.snapshot().reader, found, (Filter(CURRENCY, (currency,)),))
    costs, _ = run_costs(found, billed, read_prices(), currency)

    def name(run: Run) -> str | None:
        return {
            "experiment": run.experiment,
            "model": run.model,
            "pipeline": run.pipeline,
            "stage": run.stage,
            "owner": run.owner,
        }[by]

    rows = [
        dict(
            zip(
                _HEADER,
                (
                    one.name,
                    str(one.runs),
                    money.exact(money.cents(one.cost)),
                    str(one.failed),
                    money.exact(money.cents(one.failed_cost)),
                    str(one.cancelled),
                    money.exact(money.cents(one.cancelled_cost)),
                    str(one.unknown),
                ),
                strict=True,
            )
        )
        for one in grouped(costs, name)
    ]
    if as_json or form is Format.JSON:
        print_json({"currency": currency, "by": by, "rows": rows})
    else:
        print_rows(_HEADER, rows, form)
