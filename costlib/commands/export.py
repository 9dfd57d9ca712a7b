"""Commands that take figures out of the door: documents, single charts, and the check of a document."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from costlib import money
from costlib.commands.options import Colours, JsonOption, StoreOption, existing, named, named_path
from costlib.commands.output import print_json, say
from costlib.commands.places import deliver, writable
from costlib.documents.model import Shape
from costlib.errors import InputError

KindArgument = Annotated[
    str, typer.Argument(help="one-pager, annex, brief, deck, proposal, statement, variance; or chart NAME.")
]
CHART = "chart"
_EXAMPLE = "Write for example: export chart spend --out spend.svg."


def export(
    context: typer.Context,
    kind: KindArgument,
    out: Annotated[
        Path,
        typer.Option(
            "--out", parser=named_path, help="The file to write: .pdf or .pptx; a chart also svg, png, csv, xlsx."
        ),
    ],
    name: Annotated[str | None, typer.Argument(help="Of a chart: spend, outlook, bridge, plan-path, ...")] = None,
    story: Annotated[
        str | None,
        typer.Option("--story", parser=named, help="The plan that it tells of; not of a statement or variance."),
    ] = None,
    paper: Annotated[Shape | None, typer.Option("--paper", help="Paper of a document: a4, letter or slide.")] = None,
    palette: Annotated[
        Colours, typer.Option("--palette", help="light, or print for a printer without colour.")
    ] = Colours.LIGHT,
    team: Annotated[str | None, typer.Option("--team", parser=named, help="The team of a statement.")] = None,
    month: Annotated[
        str | None,
        typer.Option("--month", parser=named, metavar="YYYY-MM", help="The month of a statement, such as 2026-09."),
    ] = None,
    quarter: Annotated[
        str | None,
        typer.Option(
            "--quarter", parser=named, metavar="YYYY-MM", help="Any month of the quarter of a variance review."
        ),
    ] = None,
    logo: Annotated[
        bool, typer.Option("--logo/--no-logo", help="Whether the organisation's logo stands on it.")
    ] = True,
    currency: Annotated[
        str | None,
        typer.Option(
            "--currency", parser=named, metavar="CODE", help="Translate every amount of a document (rates.yaml)."
        ),
    ] = None,
    our_words: Annotated[
        bool, typer.Option("--our-words", help="Leave sentences that readers reworded as ours.")
    ] = False,
    store: StoreOption = None,
) -> None:
    """Write a document, or one chart, from the store's bills and plans."""
    from costlib import reports  # only who exports pays for loading the arithmetic
    from costlib.documents.formats import FORMATS

    writable(out)
    ending = out.suffix.lstrip(".").lower()
    more = {"team": team, "month": month, "quarter": quarter, "logo": logo, "currency": currency}
    if kind == CHART:
        given = more | {"paper": paper, "no-logo": not logo, "our-words": our_words, "logo": None}
        if name is None:
            raise InputError("The chart has no name", expected=f"one of {', '.join(reports.CHARTS)}", fix=_EXAMPLE)
        _check_chart(name, [one for one, value in given.items() if value])
        _check_ending(out, "chart", [one.name for one in FORMATS])
        made = reports.chart_file(existing(context, store), name, ending, story=story, palette=palette)
        deliver({out: made})
        say(f"{out}: the chart {name}")
        return
    if name is not None:
        raise InputError(f"{kind} takes no name", expected="a name only after chart", fix=f"Leave {name} out.")
    wanted = reports.order(kind, story, paper, palette=palette, **more)
    _check_ending(out, "document", reports.ENDINGS)
    place = existing(context, store)
    document = reports.document(place, wanted if our_words else reports.in_readers_words(place, wanted))
    deliver({out: reports.written(document, ending, palette)})
    pages, figures = money.counted(len(document.pages), "page"), money.counted(len(document.figures), "figure")
    say(f"{out}: {document.title}, {pages}, {figures}")


def _check_ending(out: Path, what: str, endings: Sequence[str]) -> None:
    """Refuse a name with another ending before anything is worked out."""
    if out.suffix.lstrip(".").lower() not in endings:
        *most, last = (f".{ending}" for ending in endings)
        raise InputError(
            f"{out.name} is no {what}",
            expected=f"a name that ends in {', '.join(most)} or {last}",
            fix="Name the file accordingly.",
        )


def _check_chart(name: str, given: Sequence[str]) -> None:
    """Refuse options that a chart does not have, before anything is worked out."""
    if given:
        raise InputError(
            f"The chart {name} takes no --{given[0]}",
            expected="--story (of a plan), --palette and --out",
            fix="Leave it out: it is of documents.",
        )


def recompute(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(parser=named_path, help="A document that export wrote, .pdf or .pptx.")],
    as_json: JsonOption = False,
    store: StoreOption = None,
) -> None:
    """Compute every figure of a document again; says which differ, and then exits with 1."""
    from costlib.recompute import recomputed

    if not file.is_file():
        raise InputError(f"There is no file {file}", expected="a document that export wrote", fix="Check the path.")
    place = existing(context, store)
    try:
        differences = recomputed(place, file.read_bytes())
    except InputError as error:
        raise InputError(f"{file}: {error.problem}", expected=error.expected, fix=error.fix) from error
    if as_json:
        print_json({"file": file.name, "differences": [asdict(one) for one in differences]})
    for one in differences if not as_json else ():
        print(f"{one.what}: shown {one.shown}, now {one.now}")
    if differences:
        say(f"{file}: {money.counted(len(differences), 'difference')}")
        raise typer.Exit(1)
    say("Every figure holds")
