"""Charts that are exported by their names, each as a file of any format with its trace inside."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from costlib.briefs import bill_exhibits, plan_exhibits, plan_swings
from costlib.briefs.bill import MODEL, TEAM
from costlib.charts.spec import Chart
from costlib.charts.words import table
from costlib.documents.formats import palettes, render
from costlib.errors import InputError, did_you_mean
from costlib.evidence.bill import bill_of
from costlib.reports.kinds import story_of
from costlib.reports.plans import figures
from costlib.workspace import Workspace


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
    if story and not chosen.of_plan:
        plans = ", ".join(one for one, it in CHARTS.items() if it.of_plan)
        raise InputError(
            f"The chart {name} is of the bill and takes no --story",
            expected=f"--story with {plans}",
            fix="Leave it out.",
        )
    plan = story_of(story) if story else _CHART_STORY
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


def rows_of(chart: Chart) -> list[Sequence[str | None]]:
    """The figures of a chart as they stand in its table, under their header."""
    header, rows = table(chart)
    return [list(header), *(list(row) for row in rows)]
