"""Commands that take figures out of the door: documents, and the check of a document against the store."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from costlib.commands.options import JsonOption, StoreOption, workspace
from costlib.commands.output import print_json, say
from costlib.documents.model import Shape
from costlib.errors import InputError

KindArgument = Annotated[str, typer.Argument(help="one-pager, annex, brief, deck, statement or variance.")]


def export(
    context: typer.Context,
    kind: KindArgument,
    out: Annotated[Path, typer.Option("--out", help="The file to write, .pdf or .pptx.")],
    story: Annotated[str | None, typer.Option("--story", help="The plan that it tells of.")] = None,
    paper: Annotated[
        Shape | None, typer.Option("--paper", help="a4, letter or slide.")
    ] = None,
    palette: Annotated[str, typer.Option("--palette", help="light, or print for a printer without colour.")] = "light",
    store: StoreOption = None,
) -> None:
    """Write a document from the store's bills and plans."""
    from costlib import reports  # only who exports pays for loading the arithmetic

    wanted = reports.order(kind, story, palette=palette, shape=paper or Shape.A4)
    ending = out.suffix.lstrip(".").lower()
    if ending not in reports.ENDINGS:
        raise InputError(f"{out.name} is no document", expected="a name that ends in .pdf or .pptx")
    made = reports.document(workspace(context, store), wanted)
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_bytes(reports.written(made, ending, palette))
    say(f"{out}: {made.title}, {len(made.pages)} page(s), {len(made.figures)} figures")


def recompute(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="A document that export wrote, .pdf or .pptx.")],
    as_json: JsonOption = False,
    store: StoreOption = None,
) -> None:
    """Compute every figure of a document again; says which differ, and then exits with 1."""
    from costlib.recompute import recomputed

    if not file.is_file():
        raise InputError(f"There is no file {file}", expected="a document that export wrote")
    differences = recomputed(workspace(context, store), file.read_bytes())
    if as_json:
        print_json({"file": file.name, "differences": [asdict(one) for one in differences]})
    for one in differences if not as_json else ():
        print(f"{one.what}: shown {one.shown}, now {one.now}")
    if differences:
        say(f"{len(differences)} differ")
        raise typer.Exit(1)
    say("Every figure holds")
