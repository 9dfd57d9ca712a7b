"""Every page's rerun beside that of an empty page: ``python -m bench.pages [STORE]``, also part of ``make bench``.

A rerun is what a reader waits for after touching a page: the whole script again. It is measured as processor time of a
real server's process, on the session of one reader who has seen the page, asked over its websocket without a browser.
*ms* is a rerun with the figures as they were, the middle of several, and *wall ms* what passes from the request to its
last message; *other ms* is the first look at the page under another cost measure, whose figures nobody has asked for
since the server began, the middle of all measures.

There are two empty pages, each a title on a server of its own: *plain*, as Streamlit comes, and *ours*, under the
settings of this project (``.streamlit/config.toml``), which leave out the garbage collection after each run. Both are
in the ratio, so that neither what the settings bring nor what the pages add is hidden. A page that fails or has no
title is no figure.
Without a store, the sample company's is made.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from rich.console import Console
from rich.table import Column, Table

from bench.server import Reader, Server, reading, serving
from costlib.focus import EFFECTIVE, MEASURE_NAMES

ROOT = Path(__file__).parents[1]
EMPTY = 'import streamlit as st\n\nst.title("Empty")\n'
_RERUNS = 9
_TITLE = "Reruns of pages: processor ms of the server"
#: The cost measure that every page opens with.
_FIRST = MEASURE_NAMES[EFFECTIVE].capitalize()


@dataclass(frozen=True)
class Rerun:
    """Processor milliseconds of a page's reruns, and the title that it was drawn with.

    ``wall`` is what passes from the request to the last message, ``other`` the first look at another cost measure;
    None on a page that has no such choice.
    """

    title: str
    again: float
    wall: float
    other: float | None


def report(store: Path, names: Iterable[str] = ()) -> None:
    """Print milliseconds of reruns of the pages of these names (none: all of them), beside those of empty pages."""
    with tempfile.TemporaryDirectory() as folder:
        found = measured(store, Path(folder), list(names) or _names())
    plain, ours, *_ = (one.again for one in found.values())
    columns = "ms", "x plain", "x ours", "wall ms", "other ms"
    table = Table(Column("page", no_wrap=True), *columns, Column("title", no_wrap=True), title=_TITLE)
    for name, one in found.items():
        other = "" if one.other is None else f"{one.other:.0f}"
        title = one.title.replace("\\", "")[:24]
        ratios = f"{one.again / plain:.1f}", f"{one.again / ours:.1f}"
        table.add_row(name, f"{one.again:.1f}", *ratios, f"{one.wall:.0f}", other, title)
    Console().print(table)


def measured(store: Path, folder: Path, names: Iterable[str]) -> dict[str, Rerun]:
    """Reruns of the two empty pages and then of the pages, by name; ``folder`` is an empty one to work in."""
    script, log, found = folder / "empty.py", folder / "server.log", {}
    script.write_text(EMPTY, encoding="utf-8")
    for name, where in (("empty, plain", folder), ("empty, ours", ROOT)):
        with serving(script, where, log) as server, reading(server) as reader:
            found[name] = _reruns(server, reader)
    with serving(ROOT / "app.py", ROOT, log, GLIDEPATH_STORE=str(store)) as server:
        for name in names:
            with reading(server, "" if name == _names()[0] else name) as reader:
                found[name] = _reruns(server, reader)
    return found


def _names() -> list[str]:
    """The pages in the order of the navigation, the one at home first."""
    from ui.navigation import SECTIONS

    return [name for names in SECTIONS.values() for name in names]


def _reruns(server: Server, reader: Reader) -> Rerun:
    reader.rerun()
    title = reader.last.title
    if not title:
        raise SystemExit("A page was drawn without a title")
    again = [server.taken(reader.rerun) for _ in range(_RERUNS)]
    processor, wall = (statistics.median(times) * 1000 for times in zip(*again, strict=True))
    return Rerun(title, processor, wall, _other(server, reader))


def _other(server: Server, reader: Reader) -> float | None:
    """Processor milliseconds of the first look at another cost measure."""
    _, measures = reader.last.choices.get("measure", ("", []))
    looks = [server.taken(partial(reader.choose, "measure", name))[0] for name in measures if name != _FIRST]
    return statistics.median(looks) * 1000 if looks else None


def sample_report() -> None:
    """The report on a fresh store of the sample company."""
    from costlib.demo import load_company
    from costlib.workspace import Workspace

    with tempfile.TemporaryDirectory() as folder:
        store = Path(folder) / "store"
        load_company(Workspace(store), lambda message: print(message, file=sys.stderr))
        report(store)


if __name__ == "__main__":
    report(Path(sys.argv[1]), sys.argv[2:]) if len(sys.argv) > 1 else sample_report()
