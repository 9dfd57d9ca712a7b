"""What Unit costs shows: the choices it offers, and its questions to the cube and the metrics."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from streamlit.delta_generator import DeltaGenerator

from costlib.analysis import units, windows
from costlib.analysis.units import Alarm, Unbilled, Unit, UnitCost, Volume
from costlib.briefs.exhibits import Basis
from costlib.briefs.words import unit as words
from costlib.briefs.words.findings import when
from costlib.metrics.business import Twice, base_volumes, counted_twice, shelf, volumes
from costlib.metrics.costs import UnitQuestions, by_model
from costlib.metrics.same_work import SameWork, same_work
from costlib.periods import Grain, Window, next_period, period_name, period_start, period_starts
from ui.guard import Page
from ui.moment import moment
from ui.remembered import Found, once
from ui.selection import Selection, leave_in

FILTERED = ("x_Team", "x_Model")
GRAINS = (Grain.WEEK, Grain.MONTH)
_MONTHS = {"6 months": 5, "12 months": 11, "24 months": 23}
EVERYTHING = "All data"
SPANS = (*_MONTHS, EVERYTHING)


@dataclass(frozen=True)
class Choices:
    """What the reader chose: the length of a period, and the days shown."""

    grain: Grain
    window: Window


def choose_view(page: Page, place: DeltaGenerator) -> Choices:
    """The choices of the page but the unit, each bound to the address."""
    grain = place.segmented_control(
        "Period",
        GRAINS,
        default=Grain.MONTH,
        format_func=lambda one: one.value.capitalize(),
        required=True,
        key="grain",
        bind="query-params",
    )
    span = place.selectbox("Over", SPANS, index=1, key="over", bind="query-params", width=190)
    grain = Grain(grain or Grain.MONTH)
    start = windows.earliest(page.window, _MONTHS[span]) if span in _MONTHS else page.window.start
    return Choices(grain, Window(max(period_start(start, grain), page.window.start), page.window.end))


def choose_unit(offered: Sequence[Unit], place: DeltaGenerator) -> Unit:
    """The unit that the page is about."""
    names = [one.name for one in offered]
    chosen = place.selectbox("Unit", names, key="unit", bind="query-params", width=260)
    return offered[names.index(chosen) if chosen in names else 0]


class Units:
    """Every unit cost under one selection; what is asked of it is worked out once (``once``) and only read."""

    def __init__(self, selection: Selection, choices: Choices) -> None:
        self.selection, self.choices = selection, choices
        page = selection.page
        self.fiscal_start = page.settings.fiscal_year_start
        self.root = page.workspace.store.root
        self.questions = UnitQuestions(
            page.snapshot.reader, selection.conditions, choices.grain, selection.measure, self.fiscal_start
        )
        self.starts = tuple(period_starts(choices.window, choices.grain, self.fiscal_start))
        self._moment = moment(page)
        self._of = repr((self._moment, selection.conditions, selection.measure, choices))

    def once(self, work: Callable[[], Found], name: str, *further: object) -> Found:
        """What the work gives under these bills, metrics, selection and choices, and what else it is of."""
        return once(work, f"units: {name}", self._of, *further)

    @cached_property
    def basis(self) -> Basis:
        """What every figure of the page has in common."""
        return self.selection.basis

    @cached_property
    def loaded(self) -> list[Volume]:
        """The metrics as they were loaded, under the reader's filters."""
        return self._left(volumes(self.root))

    @cached_property
    def base(self) -> list[Volume]:
        """The same in base units."""
        return self._left(base_volumes(self.root))

    def _left(self, found: Iterable[Volume]) -> list[Volume]:
        return [one for one in found if leave_in(self.selection.filters, {"x_Team": one.team, "x_Model": one.model})]

    @cached_property
    def counted(self) -> list[Volume]:
        """Those that cost can be divided by."""
        return [one for one in self.base if units.is_denominator(one)]

    @cached_property
    def costs(self) -> tuple[UnitCost, ...]:
        """Every unit by period, team and model."""
        return self.once(lambda: tuple(self.questions.unit_costs(self.counted, self.choices.window)), "costs")

    @cached_property
    def unbilled(self) -> tuple[Unbilled, ...]:
        """Days that an account's bill does not hold in full, with what is on that bill."""
        return self.once(self.questions.unbilled, "unbilled")

    @cached_property
    def offered(self) -> tuple[Unit, ...]:
        """The units that something was counted in, inferences first."""
        return self.once(lambda: _offered(self.costs), "offered")

    @property
    def is_counted(self) -> bool:
        """Whether any metric was loaded for the selection."""
        return self.once(lambda: bool(self.loaded), "is counted")

    @cached_property
    def at(self) -> int:
        """The position of the last period that the data covers to its end; of the last one where none is."""
        end = self.choices.window.end
        full = [number for number, start in enumerate(self.starts) if next_period(start, self.choices.grain) <= end]
        return full[-1] if full else len(self.starts) - 1

    @property
    def now(self) -> Window:
        """The days of the period that tables are about."""
        return self.days(self.starts[self.at])

    @property
    def unbilled_now(self) -> list[Unbilled]:
        """Those that lack a day of the period, or of the one before that it is compared with."""
        before = self.days(self.starts[max(self.at - 1, 0)])
        return [one for one in self.unbilled if one.days.overlaps(Window(before.start, self.now.end))]

    def name(self, period: date) -> str:
        """What a reader calls a period."""
        return period_name(period, self.choices.grain, self.fiscal_start)

    def days(self, period: date) -> Window:
        """The days of a period that the window holds."""
        window = self.choices.window
        return Window(max(period, window.start), min(next_period(period, self.choices.grain), window.end))

    def said(self, period: date) -> str:
        """A period as it stands in a sentence."""
        return f"in {self.name(period)}" if self.choices.grain is Grain.MONTH else f"in the {self.name(period)}"

    def alarms(self) -> tuple[Alarm, ...]:
        """What looks mixed up, in what was loaded and in what comes of it."""
        return self.once(self._alarms, "alarms")

    def twice(self) -> tuple[Twice, ...]:
        """What two sources count on the same days."""
        return once(lambda: tuple(counted_twice(shelf(self.root).table())), "units: counted twice", self._moment)

    def same_work(self) -> tuple[SameWork, ...]:
        """Metrics under two names that may count the same."""
        return once(lambda: tuple(same_work(shelf(self.root).table())), "units: same work", self._moment)

    def _alarms(self) -> tuple[Alarm, ...]:
        window = self.choices.window
        billed = self.questions.tokens(window)
        counted = self._billed(one for one in self.base if one.metric in units.TOKENS)
        same_days = [one for one in counted if window.start <= one.day < window.end]
        return (
            *units.unit_alarms(self.loaded),
            *units.sku_alarms(self.questions.meters(window)),
            *units.jump_alarms(self.costs),
            *units.cached_alarms(by_model(same_days), by_model(billed), window.start),
        )

    def _billed(self, counted: Iterable[Volume]) -> list[Volume]:
        """Those of days whose bill of the model is loaded."""
        lacking: list[tuple[Window, set[str | None] | None]] = [
            (one.days, {cost.model for cost in one.costs}) for one in self.unbilled
        ]
        lacking += [(Window(month, next_period(month, Grain.MONTH)), None) for month in self.selection.page.missing]
        return [
            one
            for one in counted
            if not any(days.start <= one.day < days.end and (of is None or one.model in of) for days, of in lacking)
        ]


def period_words(page: Units) -> str:
    """The period that tables are about, as it stands in a sentence."""
    return when(page.now)


def twice_words(one: Twice) -> str:
    """What to say of a metric that two sources count on the same days."""
    return words.twice_words(one.metric, one.model, one.sources, teams_apart=one.teams_apart)


def same_work_words(one: SameWork) -> str:
    """What to say of two metrics that may count the same."""
    return words.same_work_words(one.model, one.metrics, one.sources, one.apart)


def _offered(found: Iterable[UnitCost]) -> tuple[Unit, ...]:
    names = dict.fromkeys(one.unit for one in found)
    return tuple(sorted(names, key=lambda unit: units.REAL_TIME not in unit.stages))
