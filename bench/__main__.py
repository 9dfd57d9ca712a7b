"""``make bench``: load and page beside their baselines, documents and plans beside theirs, then forecasts.

Forecasts where GLIDEPATH_PANELS names a folder of panels.
``python -m bench 5000000`` for another number of line items than 1,000,000.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench import documents, forecast, plan, splits, work
from bench.bill import data_files, write_bill
from bench.measure import Cost, measured


def main() -> None:
    """Measure and print."""
    line_items = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        print(f"Writing a CUR 2.0 export of {line_items:,} line items", file=sys.stderr)
        export = write_bill(root, line_items)
        files, store = data_files(export), str(root / "store")
        limit = measured(work.decode, files)
        rows = [
            ("decode the needed columns (the limit)", limit, limit),
            ("bare sum of one column", measured(work.bare_sum, files), limit),
            ("load to published cube", measured(work.load, store, str(export)), limit),
            ("load again, nothing changed", measured(work.load, store, str(export)), limit),
        ]
        opened = measured(work.open_store, store)
        rows += [
            ("open the store, one question", opened, opened),
            ("12 questions of a page, 10 times", measured(work.page_queries, store), opened),
        ]
        measured(splits.load_usage, store)
        plain = measured(splits.cube_without_rules, store)
        rows += [
            ("cube from the base, no rules", plain, plain),
            ("the same with more than 40 rules", measured(splits.cube_with_rules, store), plain),
            ("the same with rules and splits", measured(splits.cube_with_rules_and_splits, store), plain),
        ]
    _print(line_items, rows)
    documents.sample_report()
    plan.report(10_000)
    panels = os.environ.get(forecast.PANELS)
    if panels:
        forecast.report(Path(panels))
    else:
        print(forecast.SKIPPED)


def _print(line_items: int, rows: list[tuple[str, Cost, Cost]]) -> None:
    table = Table("", "processor s", "wall s", "peak MiB", "x baseline", title=f"{line_items:,} line items")
    for name, cost, baseline in rows:
        ratio = cost.processor / baseline.processor
        table.add_row(name, f"{cost.processor:.2f}", f"{cost.wall:.2f}", f"{cost.memory:.0f}", f"{ratio:.2f}")
    Console().print(table)


if __name__ == "__main__":
    main()
