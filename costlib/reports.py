"""Documents of a store: what is asked for, composed from its bills and plans, written as a file, and checked again.

Conventions: an ``Order`` says everything that a document depends on besides the store; it travels in the document's
trace with every figure shown, so that the document can be made again and each figure recomputed. Files of the same
order, bills and plans are the same to the byte.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from costlib.briefs import bill_exhibits, plan_exhibits, plan_swings
from costlib.briefs.bill import MODEL, TEAM
from costlib.briefs.ledger import Ledger
from costlib.briefs.plan_figures import PlanFigures, plan_figures, subject_of
from costlib.charts.palette import Palette
from costlib.charts.spec import Chart
from costlib.charts.trace import trace_json
from costlib.charts.words import table
from costlib.documents.formats import palettes, render
from costlib.documents.model import Document, Logo, Shape, read, texts_of
from costlib.errors import InputError, did_you_mean
from costlib.evidence.bill import bill_of, setting_of, untied_words
from costlib.evidence.plans import classes_of, decided_of, given_split
from costlib.evidence.quarter import quarter_of
from costlib.evidence.record import record_of
from costlib.evidence.savings import past_savings
from costlib.evidence.shared import cluster_of, shown_to
from costlib.periods import day_name
from costlib.roadmap.case import Case, case
from costlib.roadmap.plan_model import Plan
from costlib.workspace import Workspace

if TYPE_CHECKING:
    from costlib.state.finals import SavedMark

ENDINGS = ("pdf", "pptx")
DRAFT, FINAL = "draft", "final"
TRANSLATION = "bills at the rate of each billing month, plans and budgets at that of the newest (rates.yaml)"


@dataclass(frozen=True)
class Order:
    """What is asked for: the kind of document, what it tells of, its paper and colours, and the reader's words.

    ``story`` is a plan; ``team`` and ``month`` (2026-09) are a statement's, ``quarter`` (any month of
    it) a review's. ``logo`` is whether the organisation's stands on it. ``currency`` translates every amount by
    rates.yaml; without one amounts are in the plan's currency, or the bill's first.
    """

    kind: str
    story: str
    shape: Shape = Shape.A4
    palette: str = "light"
    edits: Mapping[str, str] = field(default_factory=dict)
    team: str | None = None
    month: str | None = None
    quarter: str | None = None
    logo: bool = True
    currency: str | None = None

    @property
    def subject(self) -> str:
        """What it tells of, under which its words are kept: its plan, or its team and month, or its quarter."""
        return self.story or " ".join(one for one in (self.team, self.month, self.quarter) if one)


Composed = Callable[[Workspace, Order], Document]


@dataclass(frozen=True)
class Kind:
    """A kind of document: its story and paper unless others are named, and who composes it."""

    story: str
    shape: Shape
    compose: Composed


def _one_pager(workspace: Workspace, wanted: Order) -> Document:
    from costlib.briefs.one_pager import one_pager

    return one_pager(_figures(workspace, wanted), wanted.shape)


def _annex(workspace: Workspace, wanted: Order) -> Document:
    from costlib.briefs.annex import annex

    found = _figures(workspace, wanted)
    currency, own = found.setting.currency, wanted.story if found.setting.is_given else None
    return annex(found, decided_of(workspace, currency, own), record_of(workspace, currency), wanted.shape)


def _brief(workspace: Workspace, wanted: Order) -> Document:
    from costlib.briefs.programme import programme_brief

    found = _figures(workspace, wanted)
    cluster = cluster_of(workspace, found.setting.currency) if found.is_forecast else None
    bill = bill_of(workspace, found.setting.currency) if found.is_forecast and cluster is None else None
    return programme_brief(found, bill, cluster, wanted.shape)


def _deck(workspace: Workspace, wanted: Order) -> Document:
    from costlib.briefs.deck import board_deck

    found = _figures(workspace, wanted)
    return board_deck(found, bill_of(workspace, found.setting.currency), wanted.shape)


def _proposal(workspace: Workspace, wanted: Order) -> Document:
    from costlib.briefs.proposal import platform_proposal

    found = _figures(workspace, wanted)
    return platform_proposal(found, classes_of(workspace, workspace.plan(wanted.story)[0]), wanted.shape)


def _statement(workspace: Workspace, wanted: Order) -> Document:
    from costlib.briefs.statement_document import statement_document

    shown = shown_to(workspace, wanted.team, _month(wanted.month))
    return statement_document(shown, Ledger(shown.now.currency, wanted.edits), wanted.shape)


def _variance(workspace: Workspace, wanted: Order) -> Document:
    from costlib.briefs.variance import variance_review

    found = quarter_of(workspace, _month(wanted.quarter))
    return variance_review(found, Ledger(found.bill.setting.currency, wanted.edits), wanted.shape)


#: Every kind of document, in the order in which a reader meets them.
KINDS = {
    "one-pager": Kind("fraud", Shape.A4, _one_pager),
    "annex": Kind("fraud", Shape.A4, _annex),
    "brief": Kind("search-recommendations", Shape.SLIDE, _brief),
    "deck": Kind("company", Shape.SLIDE, _deck),
    "proposal": Kind("startup", Shape.SLIDE, _proposal),
    "statement": Kind("", Shape.A4, _statement),
    "variance": Kind("", Shape.SLIDE, _variance),
}
#: Short names of stories.
_STORIES = {"search": "search-recommendations"}


def order(kind: str, story: str | None = None, shape: Shape | None = None, **more: Any) -> Order:
    """The order of a document, on its kind's own story and paper unless others are named.

    Raises InputError for a kind that there is not, and for a month that is none.
    """
    if kind not in KINDS:
        raise InputError(
            f"There is no document {kind!r}", expected=f"one of {', '.join(KINDS)}", fix=did_you_mean(kind, list(KINDS))
        )
    usual = KINDS[kind]
    named = _STORIES.get(story, story) if story else usual.story
    made = Order(kind, named, shape or usual.shape, **more)
    for month in (made.month, made.quarter):
        _month(month)
    return made


def in_readers_words(workspace: Workspace, wanted: Order) -> Order:
    """The order with the sentences that readers reworded."""
    from costlib.state.wording import reworded  # only who exports pays for loading the database's library

    words = reworded(workspace.state(), wanted.kind, wanted.subject)
    return replace(wanted, edits={id: one.template for id, one in words.items()})


def document(workspace: Workspace, wanted: Order) -> Document:
    """The document with its trace; raises InputError, PlanError, QueryError and EmptyStore.

    It is a draft until finance marks these very figures and words final; money that does not tie out stands behind
    every page of a draft.
    """
    untied = untied_words(workspace)
    place = workspace.translated(wanted.currency) if wanted.currency else workspace
    made = KINDS[wanted.kind].compose(place, wanted)
    if wanted.currency:
        made = _sourced(made, f"Amounts in {wanted.currency}: {TRANSLATION}.")
    mark = _mark_of(workspace, wanted, made)
    made = replace(
        made if mark is None else _remarked(made, mark),
        status=" · ".join(part for part in (DRAFT if mark is None else FINAL, untied) if part),
        watermark=untied if mark is None else "",
        logo=_logo(workspace) if wanted.logo else None,
    )
    return replace(made, trace=_trace(workspace, wanted, made))


def shows(made: Document) -> str:
    """A digest of everything that a document says: its figures, charts and words, not its colours or its date."""
    said = {
        "figures": {id: (one.shown, one.exact) for id, one in made.figures.items()},
        "charts": {id: rows_of(chart) for id, chart in made.exhibits.items()},
        "words": [[read(text) for text in texts_of(page)] for page in made.pages],
    }
    return hashlib.sha256(trace_json(said).encode()).hexdigest()


def _mark_of(workspace: Workspace, wanted: Order, made: Document) -> SavedMark | None:
    """Finance's mark on the document; None where there is none, or it was on other figures or words."""
    from costlib.state.finals import mark_of  # only who exports pays for loading the database's library

    found = mark_of(workspace.state(), wanted.kind, wanted.subject)
    return found if found and found.mark.digest == shows(made) else None


def _remarked(made: Document, mark: SavedMark) -> Document:
    """The document that says at the foot of every page who marked it final, and why."""
    said = f"Marked final for finance by {mark.who}, {day_name(mark.at.date())}"
    said += f": {mark.mark.reason}" if mark.mark.reason else ""
    return _sourced(made, f"{said.rstrip('.')}.")


def _sourced(made: Document, said: str) -> Document:
    """The document that says one thing more at the foot of every page."""
    return replace(made, pages=tuple(replace(page, source=f"{page.source} {said}".lstrip()) for page in made.pages))


def _logo(workspace: Workspace) -> Logo | None:
    from costlib.state.logo import saved_logo

    found = saved_logo(workspace.state())
    return Logo(found.png, found.aspect) if found else None


def figures(workspace: Workspace, story: str, edits: Mapping[str, str] | None = None) -> PlanFigures:
    """The figures of a plan's case, from the store's bills or from the spend that the plan gives."""
    plan, _ = workspace.plan(story)
    setting = setting_of(workspace, subject_of(plan), plan.plan.currency)
    if plan.baseline is not None:
        setting = replace(setting, company=plan.plan.name, is_given=True)
    past = past_savings(workspace, setting.currency, story if setting.is_given else None)
    setting = replace(setting, past=past)
    return plan_figures(plan_case(workspace, plan), setting, edits)


def _figures(workspace: Workspace, wanted: Order) -> PlanFigures:
    return figures(workspace, wanted.story, wanted.edits)


def _month(text: str | None) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        raise InputError(f"{text} is no month", expected="year and month, such as 2026-09") from None


_cases: dict[tuple[str, str], Case] = {}
_cases_lock = threading.Lock()
_MOST_CASES = 8


def plan_case(workspace: Workspace, plan: Plan) -> Case:
    """The plan's case on the store's forecast, kept for as long as neither plan nor bills change.

    Of a plan that gives its own spend, today's is that of its first month.
    """
    key = (workspace.moment, plan.model_dump_json())
    with _cases_lock:
        if key not in _cases:
            if len(_cases) >= _MOST_CASES:
                _cases.pop(next(iter(_cases)))
            if plan.baseline is not None:
                _cases[key] = replace(case(plan), today=given_split(plan))
            else:
                spend = workspace.plan_spend(plan)
                _cases[key] = case(plan, spend.baseline, spend.actuals, spend.approach)
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


@dataclass(frozen=True)
class NamedChart:
    """A chart by its name on the command line: of the bill, or of a plan."""

    of_plan: bool
    draw: Callable[[Any], Chart | None]


#: Every chart that is exported by its name.
CHARTS = {
    "spend": NamedChart(False, bill_exhibits.spend_chart),
    "spend-by-team": NamedChart(False, lambda bill: bill_exhibits.stacked_chart(bill, TEAM)),
    "spend-by-model": NamedChart(False, lambda bill: bill_exhibits.stacked_chart(bill, MODEL)),
    "bridge": NamedChart(False, bill_exhibits.change_chart),
    "outlook": NamedChart(True, plan_exhibits.outlook_chart),
    "plan-path": NamedChart(True, plan_exhibits.path_chart),
    "savings": NamedChart(True, plan_exhibits.saving_bars),
    "roadmap": NamedChart(True, plan_exhibits.roadmap_chart),
    "tornado": NamedChart(True, plan_swings.swing_chart),
}
#: The plan whose charts are drawn unless another is named.
_CHART_STORY = "company"


def chart_file(
    workspace: Workspace, name: str, ending: str, *, story: str | None = None, palette: str = "light"
) -> bytes:
    """A named chart as a file of any format; raises InputError for a name or an ending that there is not."""
    if name not in CHARTS:
        fix = did_you_mean(name, list(CHARTS))
        raise InputError(f"There is no chart {name!r}", expected=f"one of {', '.join(CHARTS)}", fix=fix)
    chosen = CHARTS[name]
    plan = _STORIES.get(story, story) if story else _CHART_STORY
    source: Any = figures(workspace, plan) if chosen.of_plan else bill_of(workspace)
    drawn = chosen.draw(source)
    if drawn is None:
        raise InputError(f"There is nothing to draw in {name}", fix="Choose another chart.")
    state = workspace.snapshot().state
    trace = {
        "chart": name,
        "story": plan if chosen.of_plan else None,
        "generation": state.generation,
        "state_sequence": workspace.state().sequence,
        "rows": rows_of(drawn),
    }
    made_on = source.setting.data_date
    eyebrow = f"{source.setting.company}, AI cost"
    return render(drawn, ending, palette=palettes()[palette], trace=trace, made_on=made_on, eyebrow=eyebrow)
