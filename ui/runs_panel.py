"""The parts of Runs below its chart: cost against quality, runs without a result, every run."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from costlib import money
from ui.exhibit import Exhibit, draw
from ui.panels import literal
from ui.runs import Runs
from ui.tables import figures_table

_SHOWN = 10


def how_to_load() -> None:
    """What to do where no run is loaded."""
    st.write(
        "Runs come from a CSV or Parquet file with run_id and start, from MLflow, Weights & Biases or Kubeflow "
        "Pipelines, from SageMaker, and from the labels of the bill itself (Vertex AI):"
    )
    places = (
        "FILE",
        "mlflow:http://HOST:5000",
        "wandb:FOLDER",
        "kubeflow:http://HOST:8888",
        "sagemaker:REGION",
        "bill:",
    )
    st.code("\n".join(f"python -m costlib runs load {place}" for place in places), language="bash")


def quality_panel(found: Runs) -> None:
    """Draw cost against quality for one model and metric, the front marked."""
    offered = found.qualities()
    if not offered:
        st.caption(
            "No run says how good its model is: runs with quality_metric and quality are drawn against cost here."
        )
        return
    names = {f"{metric} of {model}": (model, metric) for model, metric in offered}
    chosen = st.selectbox("Quality", list(names), key="quality", bind="query-params", width=320)
    model, metric = names.get(chosen, offered[0])
    draw(Exhibit(found.against_quality(model, metric), found.selection, "x_Model"), "quality")


def runs_panel(found: Runs) -> None:
    """Draw the runs without a result, dearest first, and every run."""
    wasted = found.without_result()
    with st.container(border=True, key="wasted"):
        st.header("Failed and cancelled", anchor=False)
        if wasted:
            caption = f"The dearest of {money.count(len(wasted))} runs that ended without a result"
            header = ("Run", "Owner", "Status", "Hours", f"Cost, {found.selection.currency}")
            figures_table(caption, header, [_cells(row, found.selection.currency) for row in wasted[:_SHOWN]])
        else:
            st.write("None: every run that ended has a result.")
    with st.expander(literal(f"All {money.count(len(found.found))} runs"), key="every-run"):
        _table(found.rows())


def _cells(row: dict[str, Any], currency: str) -> list[str]:
    hours = money.UNKNOWN if row["Hours"] is None else f"{row['Hours']:.1f}"
    cost = money.UNKNOWN if row["Cost"] is None else f"{row['Cost']:,.2f}"
    return [row["Run"], row["Owner"], row["Status"], hours, cost]


def _table(rows: Sequence[dict[str, Any]]) -> None:
    st.dataframe(
        rows,
        hide_index=True,
        key="runs",
        column_config={
            "Cost": st.column_config.NumberColumn(format="accounting"),
            "Storage": st.column_config.NumberColumn(format="accounting"),
            "At work, %": st.column_config.NumberColumn(format="%.0f"),
            "Hours": st.column_config.NumberColumn(format="%.1f"),
            "Started": st.column_config.DatetimeColumn(format="D MMM YYYY, HH:mm"),
        },
        alt="Every run with its cost, latest first",
    )
