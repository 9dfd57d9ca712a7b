"""The pieces of work that are compared: what Glidepath does, and the baselines beside it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from bench.bill import NEEDED


def decode(files: Sequence[str]) -> None:
    """Baseline, the limit: read the columns a load needs and do nothing with them."""
    from costlib.store.engine import connect

    read = ", ".join(f"BIT_XOR(HASH({name}))" for name in NEEDED)
    with connect() as connection:
        connection.execute(f"SELECT {read} FROM read_parquet(?)", [list(files)]).fetchall()


def bare_sum(files: Sequence[str]) -> None:
    """Baseline: one sum over one column."""
    from costlib.store.engine import connect

    with connect() as connection:
        connection.execute("SELECT SUM(line_item_unblended_cost) FROM read_parquet(?)", [list(files)]).fetchall()


def load(store: str, export: str) -> None:
    """A whole load: read, map, sum, tie out, attribute, publish."""
    from costlib.workspace import Workspace

    Workspace(Path(store)).load([Path(export)])


def page_queries(store: str) -> None:
    """Twelve questions that a page asks, ten times over."""
    from costlib.focus import ATTRIBUTES
    from costlib.periods import Grain
    from costlib.store.query import Question
    from costlib.workspace import Workspace

    reader = Workspace(Path(store)).snapshot().reader
    for _ in range(10):
        for name in ATTRIBUTES:
            reader.ask(Question(by=(name,), grain=Grain.MONTH))
        for grain in (Grain.DAY, Grain.WEEK, Grain.QUARTER):
            reader.ask(Question(grain=grain))


def open_store(store: str) -> None:
    """Baseline of the page's questions: open the store and ask one."""
    from costlib.store.query import Question
    from costlib.workspace import Workspace

    Workspace(Path(store)).snapshot().reader.ask(Question())
