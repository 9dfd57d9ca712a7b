"""Commands on business metrics and on utilisation: load a file, scrapes or a service, show what is loaded."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from costlib import money
from costlib.commands.options import Format, JsonOption, StoreOption, existing, named, workspace
from costlib.commands.output import print_json, print_rows, progress, say
from costlib.metrics.business import doubled, load_from, shelf
from costlib.metrics.read import DATABASE
from costlib.metrics.shelf import Shelf, months_of
from costlib.metrics.utilisation import readings
from costlib.metrics.utilisation.places import Whose, load_utilisation

metrics = typer.Typer(no_args_is_help=True, help="What models did and what it was worth, and how busy machines were.")

_HEADER = ("source", "metric", "models", "first_day", "last_day", "rows")


@metrics.command()
def load(
    context: typer.Context,
    where: Annotated[
        str,
        typer.Argument(
            help="CSV or Parquet of metrics (day, metric, value; team, model, unit) or of utilisation (resource too); "
            "scrapes of DCGM, Triton or TorchServe; cloudwatch:, gcp-monitoring:, sql:URL (docs/unit-costs.md).",
            parser=named,
        ),
    ],
    source: Annotated[str | None, typer.Option(help="Name of the source.", show_default="the file's name")] = None,
    resource: Annotated[
        str | None, typer.Option(help="Whose scrapes these are: the machine or endpoint, as the bill calls it.")
    ] = None,
    model: Annotated[str | None, typer.Option(help="Whose scrapes these are: the model, as the rules call it.")] = None,
    query: Annotated[Path | None, typer.Option(help="File with the SELECT to ask the database at sql:URL.")] = None,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Load metrics or utilisation, whole or not at all, in place of the months of the same source that it holds."""
    space = workspace(context, store)
    root = space.store.root
    with progress("Reading the metrics") as tell:
        is_file = query is None and not where.startswith(DATABASE)
        read = (
            load_utilisation(root, where, source, Whose(resource, model), tell, partial(space.month_to_date, where))
            if is_file
            else None
        )
        done = read or load_from(root, where, query, source, tell)
    twice = doubled(shelf(root).table()) if read is None else []
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
    what = money.counted(done.rows, "row") if read is None else f"{money.counted(done.rows, 'reading')} of utilisation"
    say(f"{what} of {done.source} in {money.counted(len(done.months), 'month')}; {changed}")
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
    root = existing(context, store).store.root
    rows = [*_held(shelf(root), "metric"), *_held(readings.shelf(root), "measure")]
    if as_json or form is Format.JSON:
        sources = [*months_of(shelf(root).parts()), *months_of(readings.shelf(root).parts())]
        print_json({"sources": sources, "metrics": rows})
    else:
        print_rows(_HEADER, rows, form)


def _held(shelf: Shelf, name: str) -> list[dict[str, str | int | None]]:
    """What a shelf holds, one row a source and metric, which the column ``name`` says."""
    table = shelf.table().group_by(["source", name], use_threads=False)
    found = table.aggregate([("model", "count_distinct"), ("day", "min"), ("day", "max"), ("value", "count")])
    ordered = sorted(found.to_pylist(), key=lambda row: (row["source"], row[name]))
    return [
        dict(
            zip(
                _HEADER,
                (
                    row["source"],
                    row[name],
                    row["model_count_distinct"],
                    row["day_min"].isoformat(),
                    row["day_max"].isoformat(),
                    row["value_count"],
                ),
                strict=True,
            )
        )
        for row in ordered
    ]
