"""Every page's rerun beside that of an empty page: ``python -m bench.pages [STORE]``, also part of ``make bench``.

A rerun is what a reader waits for after moving a filter: the whole script again, caches warm. It runs in this process
through Streamlit's own test runner, without server, browser or network: what a page adds shows in milliseconds, and
the ratio is far above that on a server, whose own work for a rerun, some 100 ms, is in neither figure. The middle of
several reruns counts. Without a store, the sample company's is made.
"""

from __future__ import annotations

import logging
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).parents[1]
_RERUNS = 3


def empty_page() -> None:
    """Baseline: a page that says a word."""
    import streamlit

    streamlit.write("empty")


def report(store: Path) -> None:
    """Print processor milliseconds of a rerun of every page, beside the empty page's."""
    from streamlit.testing.v1 import AppTest

    os.environ |= {"GLIDEPATH_STORE": str(store), "GLIDEPATH_ACCESS": "open"}
    logging.getLogger("streamlit").setLevel(logging.CRITICAL)
    baseline = _rerun(AppTest.from_function(empty_page, default_timeout=120))
    table = Table("page", "processor ms", "x empty page", "", title="Reruns of pages")
    table.add_row("empty", f"{baseline:.0f}", "1.0", "")
    for path in sorted((ROOT / "pages").glob("*.py")):
        app = AppTest.from_file(str(ROOT / "ui" / "frame.py"), default_timeout=120).run()
        taken = _rerun(app.switch_page(f"../pages/{path.name}"))
        table.add_row(path.stem, f"{taken:.0f}", f"{taken / baseline:.1f}", "failed" if app.exception else "")
    Console().print(table)


def _rerun(app: object) -> float:
    """Processor milliseconds of a rerun, the middle of several, after a first run that fills the caches."""
    run = getattr(app, "run")  # noqa: B009
    run()
    taken = []
    for _ in range(_RERUNS):
        started = time.process_time()
        run()
        taken.append(time.process_time() - started)
    return statistics.median(taken) * 1000


def sample_report() -> None:
    """The report on a fresh store of the sample company."""
    from costlib.workspace import Workspace

    with tempfile.TemporaryDirectory() as folder:
        store = Path(folder) / "store"
        Workspace(store).demo(lambda message: print(message, file=sys.stderr))
        report(store)


if __name__ == "__main__":
    report(Path(sys.argv[1])) if len(sys.argv) > 1 else sample_report()
