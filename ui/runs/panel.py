"""The parts of Runs: cost by group, cost against quality, runs without a result, every run, the check on the bill."""

from __future__ import annotations

import streamlit as st

from costlib import money
from costlib.briefs.words.findings import when
from costlib.briefs.words.run import HOW_HELP, bill_rows, tie_words
from costlib.runs.costs import RunCost
from ui.exhibit import Exhibit, draw
from ui.markdown import literal
from ui.runs.page import Runs
from ui.runs.single import against_quality, every_run, qualities, without_result
from ui.tables import figures_table

_SHOWN = 10
#: Pixels of the table of every run.
_HIGH = 560


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


def cost_panel(runs: Runs) -> None:
    """Draw the cost of runs by what the reader groups them by."""
    selection, choices = runs.selection, runs.choices
    if chart := runs.chart():
        draw(Exhibit(chart, selection, "x_Model"), "runs", titled=False)
    with st.container(border=True, key="groups"):
        st.header(literal(f"Cost by {choices.by.lower()}"), anchor=False, help=HOW_HELP)
        figures_table(f"Runs that started {when(choices.window)}, {selection.currency}", *runs.table())
        st.caption(literal(runs.sources()))


def quality_panel(runs: Runs) -> None:
    """Draw cost against quality for one model and metric, the front marked."""
    offered = qualities(runs)
    if not offered:
        st.caption(
            "No run says how good its model is: runs with quality_metric and quality are drawn against cost here."
        )
        return
    names = {f"{metric} of {model}": (model, metric) for model, metric in offered}
    chosen = st.selectbox("Quality", list(names), key="quality", bind="query-params", width=320)
    model, metric = names.get(chosen, offered[0])
    draw(Exhibit(against_quality(runs, model, metric), runs.selection, "x_Model"), "quality")


def wasted_panel(runs: Runs) -> None:
    """Draw the runs without a result, dearest first."""
    wasted = without_result(runs)
    with st.container(border=True, key="wasted"):
        st.header("Failed and cancelled", anchor=False)
        if wasted:
            caption = f"The dearest of {money.count(len(wasted))} runs that ended without a result"
            header = ("Run", f"Cost, {runs.selection.currency}", "Hours", "Status", "Owner")
            figures_table(caption, header, [_cells(one) for one in wasted[:_SHOWN]])
        else:
            st.write("None: every run that ended has a result.")


def _cells(one: RunCost) -> list[str]:
    run = one.run
    hours = money.UNKNOWN if run.hours is None else f"{run.hours:.1f}"
    cost = money.UNKNOWN if one.cost is None else f"{money.cents(one.cost):,.2f}"
    return [run.name, cost, hours, run.status.capitalize(), run.owner or "–"]


def every_run_panel(runs: Runs) -> None:
    """Draw the table of every run."""
    with st.container(border=True, key="every-run"):
        st.header(literal(f"All {money.count(len(runs.costs))} runs"), anchor=False, help=HOW_HELP)
        st.dataframe(
            every_run(runs),
            height=_HIGH,
            hide_index=True,
            placeholder="–",
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


def check_panel(runs: Runs) -> None:
    """Draw these runs, the rest of what models cost, and the bill that both add up to."""
    currency, window = runs.selection.currency, runs.choices.window
    with st.container(border=True, key="check"):
        st.header("Check against the bill", anchor=False)
        bill = runs.tagged()
        caption = f"Everything on the bill that has a model, {when(window)}, {currency}"
        figures_table(caption, ("", "Cost"), bill_rows(bill.runs, bill.rest, bill.total, currency))
        st.caption(literal(tie_words(bill.total, bill.billed, currency)))
