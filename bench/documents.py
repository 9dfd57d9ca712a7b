"""Documents and charts as files: ``python -m bench.documents [STORE]``, also part of ``make bench``.

Every file is made in a process of its own: the first time, with everything that is loaded and simulated for it, and
again, as the second reader waits for it (the middle of several). Beside them an empty page and an empty presentation,
which are the limit of the two libraries. Memory is what the process grew by at its peak. Without a store, the sample
company's is made. No program may be started for a file, a browser least of all: starts are counted.
"""

from __future__ import annotations

import multiprocessing
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench.measure import _peak_memory

PAGE, DECK = "an empty page as PDF", "an empty presentation"
DOCUMENTS = ("one-pager", "deck")
CHART_FORMATS = ("pptx", "pdf", "svg", "png", "xlsx", "csv")
#: Seconds that a document may take the second time, by its kind.
GOALS = {"one-pager": 1.0, "deck": 3.0}
_AGAIN = 5


@dataclass(frozen=True)
class Taken:
    """Wall seconds of the first time and of another, MiB that the process grew by, and programs started."""

    first: float
    again: float
    memory: float
    started: int


def page(store: str) -> Callable[[], bytes]:
    """Baseline: the empty page."""
    from datetime import date

    from costlib.documents.typst import compiled, preamble

    made = date(2026, 1, 1)
    return lambda: compiled(preamble(title="Empty", made_on=made), "pdf", made_on=made)


def deck(store: str) -> Callable[[], bytes]:
    """Baseline: the empty presentation."""
    from datetime import date

    from costlib.charts.package import seal
    from costlib.charts.palette import PRINT
    from costlib.charts.slide.page import blank_deck

    return lambda: seal(blank_deck(PRINT), title="Empty", trace={}, made_on=date(2026, 1, 1))


def document(store: str, kind: str, ending: str) -> Callable[[], bytes]:
    """A document from the store to the file: figures, words, pages."""
    from costlib import reports
    from costlib.workspace import Workspace

    workspace, wanted = Workspace(Path(store)), reports.order(kind)
    return lambda: reports.written(reports.document(workspace, wanted), ending)


def chart(store: str, format: str) -> Callable[[], bytes]:
    """A single chart, its figures known, to the file."""
    from datetime import date

    from costlib import reports
    from costlib.documents.formats import render
    from costlib.workspace import Workspace

    made = reports.document(Workspace(Path(store)), reports.order("one-pager"))
    shown = made.exhibits["path"]
    return lambda: render(shown, format, trace={}, made_on=date(2026, 1, 1), eyebrow="Benchmark")


def taken(prepare: Callable[..., Callable[[], bytes]], *arguments: str) -> Taken:
    """What it takes to make the file that ``prepare`` gets ready, in a fresh process."""
    context = multiprocessing.get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_run, args=(sender, prepare, arguments))
    process.start()
    process.join()
    if process.exitcode or not receiver.poll():
        raise SystemExit(f"{prepare.__name__} {' '.join(arguments)} failed")
    found: Taken = receiver.recv()
    return found


def _run(sender: Connection, prepare: Callable[..., Callable[[], bytes]], arguments: tuple[str, ...]) -> None:
    make = prepare(*arguments)
    started: list[str] = []
    sys.addaudithook(lambda event, _: started.append(event) if event in ("subprocess.Popen", "os.exec") else None)
    before = _peak_memory()
    seconds = []
    for _ in range(1 + _AGAIN):
        begin = time.perf_counter()
        make()
        seconds.append(time.perf_counter() - begin)
    grown = _peak_memory() - before
    sender.send(Taken(seconds[0], statistics.median(seconds[1:]), grown, len(started)))


def report(store: str) -> None:
    """Measure and print."""
    baselines = {PAGE: taken(page, store), DECK: taken(deck, store)}
    table = Table("", "first s", "again s", "x baseline", "added MiB", "goal", title="Documents and charts as files")
    for name, found in baselines.items():
        table.add_row(name, *_cells(found, found), "")
    started = 0
    for kind in DOCUMENTS:
        for ending in ("pdf", "pptx"):
            found = taken(document, store, kind, ending)
            started += found.started
            met = "met" if found.again < GOALS[kind] else "NOT MET"
            goal = f"again under {GOALS[kind]:.0f} s: {met}"
            table.add_row(f"{kind}, {ending.upper()}", *_cells(found, baselines[_baseline(ending)]), goal)
    for format in CHART_FORMATS:
        found = taken(chart, store, format)
        started += found.started
        table.add_row(f"one chart, {format.upper()}", *_cells(found, baselines[_baseline(format)]), "")
    Console().print(table)
    print(f"Programs started: {started}")


def _baseline(ending: str) -> str:
    return DECK if ending in ("pptx", "xlsx") else PAGE


def _cells(found: Taken, baseline: Taken) -> tuple[str, ...]:
    ratio = found.again / baseline.again
    return f"{found.first:.2f}", f"{found.again:.3f}", f"{ratio:.1f}", f"{found.memory:.0f}"


def sample_report() -> None:
    """Make the sample company's store, then measure."""
    from costlib.demo import load_company
    from costlib.workspace import Workspace

    with tempfile.TemporaryDirectory() as folder:
        print("Writing and loading the sample company", file=sys.stderr)
        load_company(Workspace(Path(folder) / "store"))
        report(str(Path(folder) / "store"))


if __name__ == "__main__":
    report(sys.argv[1]) if len(sys.argv) > 1 else sample_report()
