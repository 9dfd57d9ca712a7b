"""Commands on business metrics and on utilisation: load a file, scrapes or a service, show what is loaded."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from costlib import money
from costlib.briefs.words.unit import same_work_words, twice_words
from costlib.commands.options import (
    Format,
    FormatOption,
    JsonOption,
    StoreOption,
    asked_form,
    existing,
    named,
    named_path,
    workspace,
)
from costlib.commands.output import print_json, print_rows, progress, say
from costlib.commands.places import ordinary
from costlib.errors import InputError
from costlib.metrics.business import counted_twice, load_from, shelf
from costlib.metrics.read import DATABASE
from costlib.metrics.same_work import same_work
from costlib.metrics.shelf import Kept, Shelf, months_of
from costlib.metrics.utilisation import readings
from costlib.metrics.utilisation.places import Whose, load_utilisation
from costlib.workspace import Workspace

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
    source: Annotated[
        str | None, typer.Option(parser=named, help="Name of the source.", show_default="the file's name")
    ] = None,
    resource: Annotated[
        str | None,
        typer.Option(parser=named, help="Whose scrapes these are: the machine or endpoint, as the bill calls it."),
    ] = None,
    model: Annotated[
        str | None, typer.Option(parser=named, help="Whose scrapes these are: the model, as the rules call it.")
    ] = None,
    query: Annotated[
        Path | None, typer.Option(parser=named_path, help="File with the SELECT to ask the database at sql:URL.")
    ] = None,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Load metrics or utilisation, whole or not at all, in place of the months of the same source that it holds."""
    space = workspace(context, store)
    root = space.store.root
    with progress("Reading the metrics") as tell:
        is_database, whose = query is not None or where.startswith(DATABASE), Whose(resource, model)
        read = None if is_database else _utilisation(space, where, source, whose, tell)
        if read is None and whose != Whose():
            raise InputError(
                f"{where} says itself whose metrics these are",
                expected="--resource and --model with scrapes only",
                fix="Leave them out; a file names models in its column model. Nothing was changed.",
            )
        done = read or load_from(root, where, query, source, tell)
    twice = counted_twice(shelf(root).table()) if read is None else []
    if as_json:
        print_json(
            {
                "source": done.source,
                "rows": done.rows,
                "months": list(done.months),
                "changed": list(done.changed),
                "counted_twice": sorted({one.metric for one in twice}),
            }
        )
        return
    changed = f"{len(done.changed)} of them new or changed" if done.changed else "nothing changed"
    what = money.counted(done.rows, "row") if read is None else f"{money.counted(done.rows, 'reading')} of utilisation"
    say(f"{what} of {done.source} in {money.counted(len(done.months), 'month')}; {changed}")
    for one in twice:
        say(twice_words(one.metric, one.model, one.sources, teams_apart=one.teams_apart))
    for same in same_work(shelf(root).table()) if read is None else []:
        say(same_work_words(same.model, same.metrics, same.sources, same.apart))


@metrics.command()
def show(
    context: typer.Context,
    form: FormatOption = None,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """What is loaded: one row a source and metric."""
    answer_form, root = asked_form(form, as_json), existing(context, store).store.root
    rows = [*_held(shelf(root), "metric"), *_held(readings.shelf(root), "measure")]
    if answer_form is Format.JSON:
        sources = [*months_of(shelf(root).parts()), *months_of(readings.shelf(root).parts())]
        print_json({"sources": sources, "metrics": rows})
    else:
        print_rows(_HEADER, rows, answer_form)


def _utilisation(
    space: Workspace, where: str, source: str | None, whose: Whose, tell: Callable[[str], None]
) -> Kept | None:
    """Load the readings of a place; None where it holds business metrics."""
    ordinary(Path(where))
    return load_utilisation(space.store.root, where, source, whose, tell, partial(space.month_to_date, where))


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
