"""Commands on business metrics: load a file, show what is loaded."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from costlib.commands.options import Format, JsonOption, StoreOption, workspace
from costlib.commands.output import print_json, print_rows, progress, say
from costlib.metrics.business import doubled, load_metrics, shelf
from costlib.metrics.shelf import months_of

metrics = typer.Typer(no_args_is_help=True, help="What models did and what it was worth: denominators of unit costs.")

_HEADER = ("Source", "Metric", "Models", "First day", "Last day", "Rows")


@metrics.command()
def load(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="CSV or Parquet: day, metric, value; team, model, unit.")],
    source: Annotated[str | None, typer.Option(help="Name of the source [default: the file's name].")] = None,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Load a file, whole or not at all, in place of the months of the same source that it holds."""
    root = workspace(context, store).store.root
    with progress("Reading the metrics") as tell:
        done = load_metrics(root, file, source, tell)
    twice = doubled(shelf(root).table())
    if as_json:
        print_json(
            {
                "source": done.source,
                "rows": done.rows,
                "months": list(done.months),
                "changed": list(done.changed),
                "counted_twice": twice,
            }
        )
        return
    changed = f"{len(done.changed)} of them new or changed" if done.changed else "nothing changed"
    say(f"{done.rows:,} rows of {done.source} in {len(done.months)} months; {changed}")
    if twice:
        say(f"Two sources hold the same days of {', '.join(twice)}: they count twice until one of them is left out.")


@metrics.command()
def show(
    context: typer.Context,
    form: Annotated[Format, typer.Option("--format", help="Form of the answer.")] = Format.TABLE,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """What is loaded: one row a source and metric."""
    held = shelf(workspace(context, store).store.root)
    table = held.table().group_by(["source", "metric"], use_threads=False)
    found = table.aggregate([("model", "count_distinct"), ("day", "min"), ("day", "max"), ("value", "count")])
    ordered = sorted(found.to_pylist(), key=lambda row: (row["source"], row["metric"]))
    rows = [
        dict(
            zip(
                _HEADER,
                (
                    row["source"],
                    row["metric"],
                    str(row["model_count_distinct"]),
                    row["day_min"].isoformat(),
                    row["day_max"].isoformat(),
                    str(row["value_count"]),
                ),
                strict=True,
            )
        )
        for row in ordered
    ]
    if as_json or form is Format.JSON:
        print_json({"sources": months_of(held.parts()), "metrics": rows})
    else:
        print_rows(_HEADER, rows, form)
