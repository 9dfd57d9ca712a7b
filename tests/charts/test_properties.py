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

from costlib.charts import (
    DARK,
    LIGHT,
    Caption,
    Chart,
    Line,
    Periods,
    Role,
    Segment,
    StackedColumns,
    Trend,
    alt_text,
    table,
)
from costlib.charts.screen import figure
from costlib.charts.screen_labels import literal
from costlib.charts.slide import presentation, read_trace
from costlib.money import exact_sum
from costlib.periods import Grain, next_period, period_start

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
def random_charts(draw: st.DrawFn) -> Chart:
    along = draw(periods())
    names = draw(st.lists(NAMES, min_size=1, max_size=7, unique_by=str.strip))
    values = [tuple(draw(st.lists(AMOUNTS, min_size=len(along), max_size=len(along)))) for _ in names]
    words = Caption(draw(WORDS), draw(st.text(max_size=60)), draw(st.text(max_size=60)))
    currency = draw(st.sampled_from(["USD", "EUR", "JPY", "CHF"]))
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
def test_screen_keeps_the_sums(chart: Chart) -> None:
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
def test_slide_opens_again_with_the_same_numbers(chart: Chart) -> None:
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
def test_stack_conserves_its_sum(chart: Chart) -> None:
    if isinstance(chart, StackedColumns):
        parts = exact_sum(value for segment in chart.segments for value in segment.values)
        ends = exact_sum((*chart.tops, *chart.floors))
        assert parts == ends
        if None not in chart.totals:
            assert exact_sum(chart.totals) == parts


@slow(100)
@given(random_charts())
def test_table_holds_every_digit(chart: Chart) -> None:
    header, rows = table(chart)
    assert len(header) == 2 + len(chart.series)
    for column, part in enumerate(chart.series, start=2):
        cells = [row[column] for row in rows]
        assert [None if cell == "" else D(cell) for cell in cells] == list(part.values)


@slow(100)
@given(random_charts())
def test_words_are_short(chart: Chart) -> None:
    text = alt_text(chart)
    names = sum(len(part.name) for part in chart.series)
    assert text.endswith(".") and 30 < len(text) < 600 + 3 * names
