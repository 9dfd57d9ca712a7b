"""Random charts: sums are kept from the data to every renderer, nothing crashes, every file opens again."""

from __future__ import annotations

import io
import json
from datetime import date, timedelta
from decimal import Decimal as D

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pptx import Presentation

from costlib.charts.palette import DARK, LIGHT
from costlib.charts.screen import figure
from costlib.charts.screen.frame import literal
from costlib.charts.slide import presentation, read_trace
from costlib.charts.spec import (
    Band,
    BandTrend,
    Bar,
    Bridge,
    Caption,
    Chart,
    Level,
    Line,
    RankedBars,
    Role,
    Segment,
    StackedColumns,
    Step,
    Trend,
    gathered,
    leading,
)
from costlib.charts.timeline import Periods
from costlib.charts.words import alt_text, notes, table
from costlib.money import exact_sum
from costlib.periods import Grain, next_period, period_start

CURRENCIES = st.sampled_from(["USD", "EUR", "JPY", "CHF"])
GRAINS = [Grain.DAY, Grain.WEEK, Grain.MONTH, Grain.QUARTER, Grain.YEAR]
WORDS = st.text(min_size=1, max_size=70).filter(lambda text: bool(text.strip()))
NAMES = st.one_of(WORDS, st.sampled_from(["=1+1", "$x$", "<a href='x'>y</a>", "%{x}", "a" * 200, "]]>", "&amp;"]))
AMOUNTS = st.one_of(
    st.none(),
    st.decimals(D("-1e9"), D("1e9"), allow_nan=False, places=2),
    st.decimals(D("-1"), D("1"), allow_nan=False, places=18),
    st.just(D(0)),
)


@st.composite
def periods(draw: st.DrawFn) -> Periods:
    grain, fiscal_start = draw(st.sampled_from(GRAINS)), draw(st.integers(1, 12))
    start = period_start(draw(st.dates(date(2020, 1, 1), date(2030, 1, 1))), grain, fiscal_start)
    starts = [start]
    for _ in range(draw(st.integers(0, 13))):
        starts.append(next_period(starts[-1], grain))
    until = draw(st.one_of(st.none(), st.integers(0, 400).map(lambda days: start + timedelta(days=days))))
    return Periods(tuple(starts), grain, fiscal_start, until)


@st.composite
def captions(draw: st.DrawFn) -> Caption:
    return Caption(draw(WORDS), draw(st.text(max_size=60)), draw(st.text(max_size=60)))


@st.composite
def outlooks(draw: st.DrawFn) -> BandTrend:
    along = draw(periods())
    count = len(along)
    last = count - 1 if along.data_index is None else along.data_index
    begin = draw(st.integers(0, min(last + 1, count - 1)))
    sure = AMOUNTS.map(lambda amount: amount or D(1))
    actual: list[D | None] = [draw(AMOUNTS) if index < begin else None for index in range(count)]
    if begin:
        begin -= along.open_index == begin - 1
    if begin:
        actual[begin - 1] = draw(sure)
    likely: list[D | None] = [draw(sure) if index >= begin else None for index in range(count)]
    spread = draw(st.one_of(st.none(), st.decimals(D(0), D("1e6"), allow_nan=False, places=3)))
    edges = [
        (None, None) if value is None or spread is None else (value - spread, value + 2 * spread) for value in likely
    ]
    names = draw(st.lists(NAMES, min_size=4, max_size=4, unique_by=str.strip))
    plan = tuple(draw(AMOUNTS) for _ in range(count)) if draw(st.booleans()) else None
    return BandTrend(
        draw(captions()),
        along,
        draw(CURRENCIES),
        Line(names[0], tuple(actual)),
        Line(names[1], tuple(likely), Role.FORECAST),
        Band(names[2], tuple(low for low, _ in edges), tuple(high for _, high in edges)),
        None if plan is None else Line(names[3], plan, Role.PLAN),
    )


@st.composite
def bridges(draw: st.DrawFn) -> Bridge:
    names = draw(st.lists(NAMES, min_size=1, max_size=14, unique_by=str.strip))
    changes = [draw(AMOUNTS.map(lambda amount: amount or D(0))) for _ in names]
    start = draw(AMOUNTS.map(lambda amount: amount or D(0)))
    steps = gathered([Step(name, change) for name, change in zip(names, changes, strict=True)])
    end = exact_sum((start, *changes))
    return Bridge(draw(captions()), draw(CURRENCIES), Level(draw(WORDS), start), steps, Level(draw(WORDS), end))


@st.composite
def rankings(draw: st.DrawFn) -> RankedBars:
    names = draw(st.lists(NAMES, min_size=1, max_size=16, unique_by=str.strip))
    compared = draw(st.booleans())
    bars = leading([Bar(name, draw(AMOUNTS), draw(AMOUNTS) if compared else None) for name in names])
    return RankedBars(draw(captions()), draw(CURRENCIES), bars, "now", "before" if compared else None)


@st.composite
def random_charts(draw: st.DrawFn) -> Trend | StackedColumns:
    along = draw(periods())
    names = draw(st.lists(NAMES, min_size=1, max_size=7, unique_by=str.strip))
    values = [tuple(draw(st.lists(AMOUNTS, min_size=len(along), max_size=len(along)))) for _ in names]
    words = Caption(draw(WORDS), draw(st.text(max_size=60)), draw(st.text(max_size=60)))
    currency = draw(CURRENCIES)
    if draw(st.booleans()):
        lines = tuple(
            Line(name, amounts, draw(st.sampled_from(list(Role)))) for name, amounts in zip(names, values, strict=True)
        )
        return Trend(words, along, currency, lines)
    segments = [Segment(name, amounts) for name, amounts in zip(names, values, strict=True)]
    if draw(st.booleans()):
        segments[-1] = Segment(names[-1], values[-1], other=True)
    return StackedColumns(words, along, currency, tuple(segments))


def slow(count: int) -> settings:
    return settings(max_examples=count, deadline=None, suppress_health_check=list(HealthCheck))


@slow(60)
@given(random_charts())
def test_screen_keeps_the_sums(chart: Trend | StackedColumns) -> None:
    shown = json.loads(figure(chart, LIGHT).to_json())
    if isinstance(chart, StackedColumns):
        for trace, segment in zip(shown["data"][:-1], chart.segments, strict=True):
            assert trace["name"] == literal(segment.name)
            total = sum(value for value in trace["y"] if value is not None)
            assert total == pytest.approx(float(exact_sum(segment.values)), rel=1e-9, abs=1e-6)
        net = shown["data"][-1]["y"]
        assert [value is None for value in net] == [total is None for total in chart.totals]


@slow(40)
@given(random_charts())
def test_slide_opens_again_with_the_same_numbers(chart: Trend | StackedColumns) -> None:
    data = presentation([chart], eyebrow="e", made_on=date(2026, 10, 21), trace={"n": 1}, palette=DARK)
    opened = Presentation(io.BytesIO(data))
    (frame,) = [shape for shape in opened.slides[0].shapes if shape.has_chart]
    series = [one for plot in frame.chart.plots for one in plot.series]
    wanted = [part.values for part in chart.series]
    if isinstance(chart, StackedColumns):
        wanted.append(chart.totals)
    assert [tuple(one.values) for one in series] == [
        tuple(None if value is None else float(value) for value in values) for values in wanted
    ]
    assert read_trace(data) == {"n": 1}


@slow(100)
@given(random_charts())
def test_stack_conserves_its_sum(chart: Trend | StackedColumns) -> None:
    if isinstance(chart, StackedColumns):
        parts = exact_sum(value for segment in chart.segments for value in segment.values)
        ends = exact_sum((*chart.tops, *chart.floors))
        assert parts == ends
        if None not in chart.totals:
            assert exact_sum(chart.totals) == parts


@slow(100)
@given(random_charts())
def test_table_holds_every_digit(chart: Trend | StackedColumns) -> None:
    header, rows = table(chart)
    assert len(header) == 2 + len(chart.series)
    for column, part in enumerate(chart.series, start=2):
        cells = [row[column] for row in rows]
        assert [None if cell == "" else D(cell) for cell in cells] == list(part.values)


@slow(100)
@given(random_charts())
def test_words_are_short(chart: Trend | StackedColumns) -> None:
    text = alt_text(chart)
    names = sum(len(part.name) for part in chart.series)
    assert text.endswith(".") and 30 < len(text) < 600 + 3 * names


DERIVED = st.one_of(outlooks(), bridges(), rankings())


@slow(60)
@given(DERIVED)
def test_every_other_kind_becomes_a_slide_that_opens_again(chart: Chart) -> None:
    data = presentation([chart], eyebrow="e", made_on=date(2026, 10, 21), trace={"n": 1})
    assert data == presentation([chart], eyebrow="e", made_on=date(2026, 10, 21), trace={"n": 1})
    (frame,) = [shape for shape in Presentation(io.BytesIO(data)).slides[0].shapes if shape.has_chart]
    series = {one.name: list(one.values) for plot in frame.chart.plots for one in plot.series}
    if isinstance(chart, Bridge):
        ends = [value for value in series["Start and end"] if value is not None]
        assert ends == [float(chart.start.amount), float(chart.end.amount)]
        drawn = sum(
            value or 0 for name in series if name.startswith(("Rise", "Fall")) for value in map(size_of, series[name])
        )
        assert drawn == pytest.approx(float(sum(abs(step.amount) for step in chart.steps)), rel=1e-9, abs=1e-9)
    if isinstance(chart, RankedBars):
        assert series["now"] == [None if bar.amount is None else float(bar.amount) for bar in chart.ranked]


def size_of(value: float | None) -> float:
    return abs(value or 0)


@slow(80)
@given(DERIVED)
def test_every_other_kind_is_drawn_and_told(chart: Chart) -> None:
    first = figure(chart, DARK).to_json()
    assert first == figure(chart, DARK).to_json()
    json.loads(first, parse_constant=pytest.fail)  # a name may be NaN, a number never
    header, rows = table(chart)
    assert rows and all(len(row) == len(header) for row in rows)
    assert alt_text(chart).endswith(".") and all(note.strip() for note in notes(chart))


@slow(80)
@given(outlooks())
def test_an_outlook_keeps_every_amount_between_table_and_screen(chart: BandTrend) -> None:
    _, rows = table(chart)
    shown = {trace["name"]: trace for trace in json.loads(figure(chart, LIGHT).to_json())["data"]}
    forecast = shown[literal(chart.forecast.name)]["y"]
    for index, (value, row) in enumerate(zip(chart.forecast.values, rows, strict=True)):
        assert row[3] == "" if value is None else D(row[3]) == value
        assert value is None or forecast[index] == float(value)
    for low, likely, high in zip(chart.low, chart.path, chart.high, strict=True):
        assert low is None or (high is not None and likely is not None and low <= likely <= high)
