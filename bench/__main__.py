"""``make bench``: loads and questions beside their baselines, documents, plans and pages beside theirs, then forecasts.

Forecasts where GLIDEPATH_PANELS names a folder of panels.
``python -m bench 5000000`` for another number of line items than 1,000,000 and 10,000,000.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench import documents, first_look, forecast, pages, plan, splits, work
from bench.bill import columns_read, data_files, restated, some_months, write_bill
from bench.measure import Cost, measured

#: Line items up to which pandas is measured: above, it takes more memory than a small machine has.
MOST = 2_000_000

Row = tuple[str, Cost, Cost]


def main() -> None:
    """Measure and print."""
    for line_items in map(int, sys.argv[1:] or ("1000000", "10000000")):
        with tempfile.TemporaryDirectory() as folder:
            _print(line_items, _bill(Path(folder), line_items))
    documents.sample_report()
    plan.report(10_000)
    pages.sample_report()
    first_look.report()
    panels = os.environ.get(forecast.PANELS)
    if panels:
        forecast.report(Path(panels))
    else:
        print(forecast.SKIPPED)


def _bill(root: Path, line_items: int) -> list[Row]:
    """A bill of that many line items: the load and what it is compared with, the page, rules and splits."""
    print(f"Writing a CUR 2.0 export of {line_items:,} line items", file=sys.stderr)
    export = write_bill(root, line_items)
    files, store = data_files(export), str(root / "store")
    limit = measured(work.decode, files, columns_read(files))
    whole = measured(work.load, store, str(export))
    rows = [
        ("decode the needed columns (the limit)", limit, limit),
        ("bare sum of one column", measured(work.bare_sum, files), limit),
        *([("pandas, sums without mapping", measured(work.pandas_sums, files), limit)] if line_items <= MOST else []),
        ("load to published cube", whole, limit),
        ("load again, nothing changed", measured(work.load, store, str(export)), limit),
        ("a rule edit applied, of a load", measured(work.edit_rules, store), whole),
    ]
    return [*rows, *_reloads(root, store, export), *_page(store), *_splits(store)]


def _reloads(root: Path, store: str, export: Path) -> list[Row]:
    """One month delivered again, into a store that keeps three months and into one that keeps all; again with pools."""
    again, kept = restated(export, root / "restated"), str(root / "three months")
    work.load(kept, str(some_months(export, root / "three", 3)))
    rows = _reload("one month again", again, kept, store)
    for each in (kept, store):
        work.share_costs(each)
    return [*rows, *_reload("the same with pools", some_months(export, root / "first", 1), kept, store)]


def _reload(name: str, again: Path, kept: str, store: str) -> list[Row]:
    few = measured(work.load, kept, str(again))
    return [
        (f"{name}, three months kept", few, few),
        (f"{name}, all months kept", measured(work.load, store, str(again)), few),
    ]


def _page(store: str) -> list[Row]:
    opened = measured(work.open_store, store)
    return [
        ("open the store, one question", opened, opened),
        ("12 questions of a page, 10 times", measured(work.page_queries, store), opened),
    ]


def _splits(store: str) -> list[Row]:
    measured(splits.load_usage, store)
    plain = measured(splits.cube_without_rules, store)
    return [
        ("cube from the base, no rules", plain, plain),
        ("the same with more than 40 rules", measured(splits.cube_with_rules, store), plain),
        ("the same with rules and splits", measured(splits.cube_with_rules_and_splits, store), plain),
    ]


def _print(line_items: int, rows: list[Row]) -> None:
    table = Table("", "processor s", "wall s", "peak MiB", "x baseline", title=f"{line_items:,} line items")
    for name, cost, baseline in rows:
        ratio = cost.processor / baseline.processor
        table.add_row(name, f"{cost.processor:.2f}", f"{cost.wall:.2f}", f"{cost.memory:.0f}", f"{ratio:.2f}")
    Console().print(table)


if __name__ == "__main__":
    main()
