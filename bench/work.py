"""The pieces of work that are compared: what Glidepath does, and the baselines beside it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from bench.bill import NEEDED


def decode(files: Sequence[str], columns: Sequence[str]) -> None:
    """Baseline, the limit: read the columns a load needs and do nothing with them."""
    from costlib.store.engine import connect

    read = ", ".join(f'BIT_XOR(HASH("{name}"))' for name in columns)
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


def pandas_sums(files: Sequence[str]) -> None:
    """Baseline: the main columns read by pandas and summed by day and dimension, in doubles, without any mapping."""
    import pandas

    frame = pandas.concat(pandas.read_parquet(file, columns=list(NEEDED)) for file in files)
    frame["line_item_usage_start_date"] = frame["line_item_usage_start_date"].dt.floor("D")
    for name in ("product", "resource_tags"):
        frame[name] = frame[name].map(str)
    sums = ["line_item_unblended_cost", "line_item_usage_amount", "pricing_public_on_demand_cost"]
    sums.append("savings_plan_savings_plan_effective_cost")
    frame.groupby([name for name in NEEDED if name not in sums], dropna=False, observed=True)[sums].sum()


def edit_rules(store: str) -> None:
    """A rule added before the others, and the bills that are loaded published with it."""
    from costlib.workspace import Workspace

    rules = "version: 1\nextends: shipped\nrules:\n- name: edited\n  when: {ServiceName: Amazon S3}\n"
    Workspace(Path(store)).save_rules(rules + "  set: {x_CostType: Edited}\n")


def share_costs(store: str) -> None:
    """Prepare: the sample company's rules, with pools, and the usage records that drive them."""
    from costlib import sample
    from costlib.workspace import Workspace

    workspace = Workspace(Path(store))
    workspace.save_rules(sample.RULES.read_text(encoding="utf-8"))
    workspace.load(list(sample.usage_exports(Path(store).parent / "usage")))


def page_queries(store: str) -> None:
    """Twelve questions that a page asks, ten times over."""
    from costlib.focus import ATTRIBUTES
    from costlib.periods import Grain
    from costlib.store.question import Question
    from costlib.workspace import Workspace

    reader = Workspace(Path(store)).snapshot().reader
    for _ in range(10):
        for name in ATTRIBUTES:
            reader.ask(Question(by=(name,), grain=Grain.MONTH))
        for grain in (Grain.DAY, Grain.WEEK, Grain.QUARTER):
            reader.ask(Question(grain=grain))


def open_store(store: str) -> None:
    """Baseline of the page's questions: open the store and ask one."""
    from costlib.store.question import Question
    from costlib.workspace import Workspace

    Workspace(Path(store)).snapshot().reader.ask(Question())
