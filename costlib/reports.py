"""Documents of a store: what is asked for, composed from its bills and plans, written as a file, and checked again.

Conventions: an ``Order`` says everything that a document depends on besides the store; it travels in the document's
trace with every figure shown, so that the document can be made again and each figure recomputed. Files of the same
order, bills and plans are the same to the byte.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from costlib import sample
from costlib.briefs.one_pager import one_pager
from costlib.briefs.plan_figures import PlanFigures, Setting, plan_figures, subject_of
from costlib.charts.palette import Palette
from costlib.charts.spec import Chart
from costlib.charts.words import table
from costlib.documents.formats import palettes
from costlib.documents.model import Document, Shape
from costlib.errors import InputError, did_you_mean
from costlib.roadmap.case import Case, case
from costlib.roadmap.plan_model import Plan
from costlib.workspace import Workspace

#: The story that a document tells unless another is named.
STORIES = {"one-pager": "fraud"}
COMPOSED: dict[str, Callable[[PlanFigures, Shape], Document]] = {"one-pager": one_pager}
ENDINGS = ("pdf", "pptx")


@dataclass(frozen=True)
class Order:
    """What is asked for: the kind of document, the plan it tells of, its paper and colours, and the reader's words."""

    kind: str
    story: str
    shape: Shape = Shape.A4
    palette: str = "light"
    edits: Mapping[str, str] = field(default_factory=dict)


def order(kind: str, story: str | None = None, **more: Any) -> Order:
    """The order of a document; raises InputError for a kind that there is not."""
    if kind not in COMPOSED:
        raise InputError(
            f"There is no document {kind!r}",
            expected=f"one of {', '.join(COMPOSED)}",
            fix=did_you_mean(kind, list(COMPOSED)),
        )
    return Order(kind, story or STORIES[kind], **more)


def document(workspace: Workspace, wanted: Order) -> Document:
    """The document with its trace; raises InputError, PlanError, QueryError and EmptyStore."""
    found = figures(workspace, wanted.story, wanted.edits)
    made = COMPOSED[wanted.kind](found, wanted.shape)
    return replace(made, trace=_trace(workspace, wanted, made))


def figures(workspace: Workspace, story: str, edits: Mapping[str, str] | None = None) -> PlanFigures:
    """The figures of a plan's case, from the store's bills."""
    plan, _ = workspace.plan(story)
    state = workspace.snapshot()
    is_sample = workspace.is_sample(state.state)
    window = state.reader.window()
    company = sample.NAME if is_sample else next((one for one in state.reader.values("BillingAccountName") if one), "")
    setting = Setting(
        subject=subject_of(plan),
        currency=plan.plan.currency,
        data_date=window.last if window else plan.plan.start,
        company=company or "the organisation",
        is_sample=is_sample,
    )
    return plan_figures(plan_case(workspace, plan), setting, edits)


_cases: dict[tuple[str, str], Case] = {}
_cases_lock = threading.Lock()
_MOST_CASES = 8


def plan_case(workspace: Workspace, plan: Plan) -> Case:
    """The plan's case on the store's forecast, kept for as long as neither plan nor bills change."""
    key = (f"{workspace.store.root}:{workspace.snapshot().state.generation}", plan.model_dump_json())
    with _cases_lock:
        if key not in _cases:
            if len(_cases) >= _MOST_CASES:
                _cases.pop(next(iter(_cases)))
            spend = None if plan.baseline is not None else workspace.plan_spend(plan)
            parts = (spend.baseline, spend.actuals, spend.approach) if spend else (None, None, None)
            _cases[key] = case(plan, *parts)
        return _cases[key]


def written(made: Document, ending: str, palette: str = "light") -> bytes:
    """The document as a file; raises InputError for an ending that there is not, and PageTooFull."""
    colours: Palette = palettes()[palette]
    match ending:
        case "pdf":
            from costlib.documents.pdf import pdf  # only who exports pays for loading the library

            return pdf(made, colours)
        case "pptx":
            from costlib.documents.slides import pptx

            return pptx(made, colours)
    raise InputError(f"A document cannot be written as .{ending}", expected=f".{' or .'.join(ENDINGS)}")


def _trace(workspace: Workspace, wanted: Order, made: Document) -> dict[str, Any]:
    state = workspace.snapshot().state
    return {
        "order": {**asdict(wanted), "edits": dict(wanted.edits)},
        "generation": state.generation,
        "sequence": state.sequence,
        "rules": state.rules,
        "engine": state.engine,
        "state_sequence": workspace.state().sequence,
        "data_date": made.data_date.isoformat(),
        "figures": {id: {**asdict(one), "basis": str(one.basis)} for id, one in made.figures.items()},
        "charts": {id: rows_of(chart) for id, chart in made.exhibits.items()},
        "loose_numbers": [one for line in made.sentences.values() for one in line.loose_numbers],
    }


def rows_of(chart: Chart) -> list[Sequence[str | None]]:
    """The figures of a chart as they stand in its table, under their header."""
    header, rows = table(chart)
    return [list(header), *(list(row) for row in rows)]
