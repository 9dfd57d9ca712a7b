"""Slides of plans and choices: native and editable, every figure that of the data, bars where their days are."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from decimal import Decimal as D
from functools import cache
from itertools import combinations
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from pptx import Presentation
from pptx.util import Pt

from costlib.charts.fit import visible
from costlib.charts.palette import PRINT, heat_colour
from costlib.charts.slide import presentation
from costlib.charts.slide.page import HEIGHT, WIDTH
from costlib.charts.spec import Bubble, HeatTable, KpiRow, Roadmap, Scatter, SmallMultiples, Tornado
from costlib.charts.words import alt_text
from tests.charts import planning
from tests.charts.planning import PLANNING

C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
S = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
AXIS = (
    "axId scaling delete axPos majorGridlines title numFmt majorTickMark minorTickMark tickLblPos spPr txPr crossAx "
    "crosses crossesAt "
)
# Order of children as the DrawingML schema demands it; PowerPoint refuses a file that breaks it.
SCHEMA = {
    f"{C}chartSpace": "date1904 roundedCorners chart spPr txPr externalData",
    f"{C}chart": "title autoTitleDeleted plotArea legend plotVisOnly dispBlanksAs showDLblsOverMax",
    f"{C}plotArea": "layout areaChart barChart lineChart scatterChart bubbleChart catAx dateAx valAx",
    f"{C}barChart": "barDir grouping varyColors ser dLbls gapWidth overlap axId",
    f"{C}scatterChart": "scatterStyle varyColors ser dLbls axId",
    f"{C}bubbleChart": "varyColors ser dLbls bubble3D bubbleScale showNegBubbles axId",
    f"{C}ser": "idx order tx spPr invertIfNegative marker dPt dLbls cat val xVal yVal bubbleSize bubble3D smooth",
    f"{C}dPt": "idx invertIfNegative marker bubble3D spPr",
    f"{C}dLbls": "dLbl numFmt spPr txPr dLblPos showLegendKey showVal showCatName showSerName showPercent "
    "showBubbleSize extLst",
    f"{C}dLbl": "idx layout tx numFmt spPr txPr dLblPos showLegendKey showVal showCatName showSerName showPercent "
    "showBubbleSize",
    f"{C}title": "tx layout overlay spPr txPr",
    f"{C}legend": "legendPos legendEntry layout overlay spPr txPr",
    f"{C}valAx": AXIS + "crossBetween majorUnit",
    f"{C}catAx": AXIS + "auto lblAlgn lblOffset tickLblSkip tickMarkSkip noMultiLvlLbl",
    f"{C}dateAx": AXIS + "auto lblOffset baseTimeUnit majorUnit majorTimeUnit",
    f"{A}tcPr": "lnL lnR lnT lnB noFill solidFill",
}


@cache
def made(name: str) -> bytes:
    """The presentation of one chart, made once for all tests."""
    chart = PLANNING[name]()
    return presentation([chart], eyebrow="Plan", made_on=date(2026, 11, 22), trace={"generation": "7f3a"})


def opened(name: str) -> Any:
    """The only slide of a presentation, as python-pptx opens it again."""
    return Presentation(io.BytesIO(made(name))).slides[0]


def charts_on(slide: Any) -> list[Any]:
    return [shape.chart for shape in slide.shapes if shape.has_chart]


def cells(chart: Any) -> list[list[Any]]:
    """The workbook behind a chart, row by row from the first one on: text, numbers as floats, None."""
    book = zipfile.ZipFile(io.BytesIO(chart.part.chart_workbook.xlsx_part.blob))
    shared = ET.fromstring(book.read("xl/sharedStrings.xml"))
    strings = ["".join(item.itertext()) for item in shared.iter(f"{S}si")]
    found: dict[tuple[int, int], Any] = {}
    for cell in ET.fromstring(book.read("xl/worksheets/sheet1.xml")).iter(f"{S}c"):
        place, text = cell.get("r", ""), cell.findtext(f"{S}v", "")
        found[int(place[1:]), ord(place[0]) - 65] = strings[int(text)] if cell.get("t") == "s" else float(text)
    last, width = (max(place[axis] for place in found) for axis in (0, 1))
    return [[found.get((row, column)) for column in range(width + 1)] for row in range(1, last + 1)]


def numbers(chart: Any, tag: str) -> list[list[D]]:
    """Cached numbers of each series, exact."""
    found = []
    for series in chart._chartSpace.iter(f"{C}ser"):
        points = series.find(f"{C}{tag}").iter(f"{C}pt")
        found.append([D(point.findtext(f"{C}v")) for point in points])
    return found


def labels(chart: Any) -> list[str]:
    """The words of every label."""
    return [
        " ".join(" ".join(text.text for text in label.iter(f"{A}t")).split())
        for label in chart._chartSpace.iter(f"{C}dLbl")
    ]


@pytest.mark.parametrize("name", PLANNING)
def test_slides_are_native_and_described(name: str) -> None:
    chart = PLANNING[name]()
    assert not [part for part in zipfile.ZipFile(io.BytesIO(made(name))).namelist() if "media" in part]
    slide = opened(name)
    described = {shape.name: shape._element.xpath(".//p:cNvPr")[0].get("descr") for shape in slide.shapes}
    assert described["Chart"] == visible(alt_text(chart))
    assert slide.notes_slide.notes_text_frame.text == visible(alt_text(chart))
    assert slide.shapes.title.text == visible(chart.caption.title)


@pytest.mark.parametrize("name", ["roadmap", "tornado", "heat", "figures", "tradeoff", "portfolio", "panels"])
def test_the_same_chart_gives_the_same_bytes(name: str) -> None:
    assert made(name) == made.__wrapped__(name)


@pytest.mark.parametrize("name", PLANNING)
def test_everything_lies_on_the_page(name: str) -> None:
    for shape in opened(name).shapes:
        assert shape.left >= 0 and shape.top >= 0, shape.name
        assert shape.left + shape.width <= Pt(WIDTH) + 1 and shape.top + shape.height <= Pt(HEIGHT) + 1, shape.name


@pytest.mark.parametrize("name", PLANNING)
def test_elements_are_in_schema_order(name: str) -> None:
    slide = opened(name)
    roots = [slide._element, *(chart._chartSpace for chart in charts_on(slide))]
    for element in (element for root in roots for element in root.iter()):
        order = SCHEMA.get(element.tag, "").split()
        if order:
            places = [order.index(child.tag.split("}")[1]) for child in element]
            assert places == sorted(places), (element.tag, [child.tag for child in element])


def test_a_roadmap_is_a_table_of_its_words() -> None:
    (frame,) = [shape for shape in opened("roadmap").shapes if shape.has_table]
    texts = [[cell.text for cell in row.cells] for row in frame.table.rows]
    assert texts[0] == ["Phase", "Initiative", "Owner", "When", "Saving a year"]
    assert texts[1] == ["1 Quick wins", "Route small prompts to small models", "Platform", "Dec 26–Feb 27", "$1.40M"]
    assert [row[0] for row in texts[1:7]] == ["1 Quick wins", "", "2 Commit", "", "3 Re-engineer", ""]
    assert texts[-1] == ["", "Total", "", "", "$4.60M"]


@pytest.mark.parametrize("name", ["roadmap", "roadmap_one", "roadmap_many"])
def test_bars_of_a_roadmap_lie_in_their_rows_from_start_to_full_saving(name: str) -> None:
    chart = PLANNING[name]()
    assert isinstance(chart, Roadmap)
    slide = opened(name)
    bars = [shape for shape in slide.shapes if shape.name.startswith("Bar ")]
    (frame,) = [shape for shape in slide.shapes if shape.has_table]
    assert [bar.name for bar in bars] == [f"Bar {visible(one.name)}" for one in chart.rows]
    spans = [(chart.place(one.start), chart.place(one.ramp_end)) for one in chart.rows]
    scale = bars[0].width / (spans[0][1] - spans[0][0])
    zero = bars[0].left - spans[0][0] * scale
    row = frame.height / len(frame.table.rows)
    for index, (bar, (start, end)) in enumerate(zip(bars, spans, strict=True), start=1):
        assert bar.left == pytest.approx(zero + start * scale, abs=Pt(1))
        assert bar.left + bar.width == pytest.approx(zero + end * scale, abs=Pt(1))
        assert bar.top + bar.height / 2 == pytest.approx(frame.top + (index + 0.5) * row, abs=Pt(1))
        assert bar.left >= frame.left + frame.width


@pytest.mark.parametrize("name", ["tornado", "tornado_one_sided", "tornado_hostile", "tornado_flat"])
def test_a_tornado_holds_its_results_and_stands_on_its_base(name: str) -> None:
    chart = PLANNING[name]()
    assert isinstance(chart, Tornado)
    (native,) = charts_on(opened(name))
    rows = cells(native)
    for column, ((said, ends), series) in enumerate(zip(chart.columns, native.plots[0].series, strict=True), start=1):
        wanted = [None if end is None else float(end) for end in ends]
        assert series.name == visible(said) == rows[0][column]
        assert list(series.values) == wanted
        assert [row[column] for row in rows[1:]] == wanted
    assert native.value_axis.crosses_at == float(chart.base.amount)
    assert native.value_axis.minimum_scale < float(chart.base.amount) < native.value_axis.maximum_scale
    assert native.plots[0].overlap == 100


def test_a_tornado_names_its_base_and_the_ends_of_its_inputs() -> None:
    (native,) = charts_on(opened("tornado"))
    assert native.chart_title.text_frame.text == "Plan as proposed $3.20M"
    assert next(iter(native.plots[0].categories)) == "Share of prompts that can be routed (30% to 60%)"


@pytest.mark.parametrize("name", ["heat", "heat_one", "heat_many", "heat_unknown"])
def test_a_heat_table_is_a_table_with_its_numbers_and_shades(name: str) -> None:
    chart = PLANNING[name]()
    assert isinstance(chart, HeatTable)
    (frame,) = [shape for shape in opened(name).shapes if shape.has_table]
    for row in range(len(chart.rows)):
        for column in range(len(chart.columns)):
            cell = frame.table.cell(row + 1, column + 1)
            assert cell.text == chart.text(row, column)
            wanted = heat_colour(chart.shade(row, column), PRINT)[1:]
            assert str(cell.fill.fore_color.rgb) == wanted
            for run in cell.text_frame.paragraphs[0].runs:
                assert run.font.size >= Pt(9)
    assert [cell.text for cell in frame.table.rows[0].cells][1:] == list(chart.columns)


@pytest.mark.parametrize("name", ["figures", "figure_alone", "figures_hostile"])
def test_figures_are_text_boxes_side_by_side(name: str) -> None:
    chart = PLANNING[name]()
    assert isinstance(chart, KpiRow)
    boxes = [shape for shape in opened(name).shapes if shape.shape_type == 17]
    assert len(boxes) == len(chart.kpis)
    for kpi, box in zip(chart.kpis, boxes, strict=True):
        lines = [paragraph.text for paragraph in box.text_frame.paragraphs]
        assert visible(kpi.value) in lines and len(lines) == sum(map(bool, (kpi.label, kpi.value, kpi.delta, kpi.sub)))
    for one, other in combinations(boxes, 2):
        assert one.left + one.width <= other.left


@pytest.mark.parametrize("name", ["tradeoff", "tradeoff_one", "tradeoff_many"])
def test_a_tradeoff_holds_its_points_in_chart_and_workbook(name: str) -> None:
    chart = PLANNING[name]()
    assert isinstance(chart, Scatter)
    (native,) = charts_on(opened(name))
    beaten = [one for one in chart.placed if not one.front]
    groups = [group for group in (list(chart.front), beaten) if group]
    assert numbers(native, "xVal") == [[one.x for one in group] for group in groups]
    assert numbers(native, "yVal") == [[one.y for one in group] for group in groups]
    written = [row for row in cells(native) if isinstance(row[0], float | int)]
    assert written == [[float(one.x), float(one.y), visible(one.name)] for group in groups for one in group]


@pytest.mark.parametrize("name", ["portfolio", "portfolio_one", "portfolio_many"])
def test_a_portfolio_holds_its_bubbles_in_chart_and_workbook(name: str) -> None:
    chart = PLANNING[name]()
    assert isinstance(chart, Bubble)
    (native,) = charts_on(opened(name))
    groups = [[disc for disc in chart.discs if disc.bucket is bucket] for bucket in chart.buckets]
    for tag, field in (("xVal", "x"), ("yVal", "y"), ("bubbleSize", "size")):
        assert numbers(native, tag) == [[getattr(disc, field) for disc in group] for group in groups]
    written = [row for row in cells(native) if isinstance(row[0], float | int)]
    assert written == [
        [float(disc.x), float(disc.y), float(disc.size), visible(disc.name)] for group in groups for disc in group
    ]
    assert [series.name for series in native.plots[0].series] == [str(bucket).capitalize() for bucket in chart.buckets]


@pytest.mark.parametrize("name", ["tradeoff", "portfolio"])
def test_points_refer_to_the_cells_of_their_workbook(name: str) -> None:
    (native,) = charts_on(opened(name))
    rows = cells(native)
    for series in native._chartSpace.iter(f"{C}ser"):
        for tag in ("xVal", "yVal", "bubbleSize"):
            if series.find(f"{C}{tag}") is None:
                continue
            place = series.findtext(f"{C}{tag}//{C}f").removeprefix("Sheet1!").replace("$", "")
            column = "ABC".index(place[0])
            first, last = (int(cell[1:]) for cell in place.split(":"))
            cached = [float(point.findtext(f"{C}v")) for point in series.find(f"{C}{tag}").iter(f"{C}pt")]
            assert [row[column] for row in rows[first - 1 : last]] == cached
            assert rows[first - 2][1] == series.findtext(f"{C}tx//{C}v")


def test_every_point_carries_its_name() -> None:
    (native,) = charts_on(opened("portfolio"))
    chart = planning.portfolio()
    assert sorted(labels(native)) == sorted(f"{disc.name} {chart.size.text(disc.size)}" for disc in chart.discs)


@pytest.mark.parametrize("name", ["panels", "panels_stacked", "panel_alone", "panels_many"])
def test_each_panel_is_a_chart_with_its_own_workbook_on_the_shared_scale(name: str) -> None:
    chart = PLANNING[name]()
    assert isinstance(chart, SmallMultiples)
    natives = charts_on(opened(name))
    assert len(natives) == len(chart.panels)
    for native, panel in zip(natives, chart.panels, strict=True):
        rows = cells(native)
        for column, (part, series) in enumerate(zip(panel.parts, native.plots[0].series, strict=True), start=1):
            wanted = [None if value is None else float(value) for value in part.values]
            assert list(series.values) == wanted
            assert [row[column] for row in rows[1:]] == wanted
        assert (native.value_axis.minimum_scale, native.value_axis.maximum_scale) == (
            float(chart.scale.low),
            float(chart.scale.high),
        )


def test_panels_do_not_overlap() -> None:
    frames = [shape for shape in opened("panels_many").shapes if shape.has_chart]
    for one, other in combinations(frames, 2):
        across = min(one.left + one.width, other.left + other.width) - max(one.left, other.left)
        down = min(one.top + one.height, other.top + other.height) - max(one.top, other.top)
        assert across <= 0 or down <= 0


def test_an_outlook_keeps_both_paths_and_its_target_in_the_workbook() -> None:
    chart = planning.outlook_with_plan()
    (native,) = charts_on(opened("outlook_with_plan"))
    header, *rows = cells(native)
    columns = dict(zip(header[1:], zip(*(row[1:] for row in rows), strict=True), strict=True))
    for name, values in (("With the plan", chart.with_plan_path), ("Target", chart.target_level)):
        wanted = [None if value is None else float(value) for value in values]
        assert list(columns[name]) == wanted
        drawn = next(series for plot in native.plots for series in plot.series if series.name == name)
        assert list(drawn.values) == wanted
    said = " | ".join(labels(native))
    for words in ("With the plan $118K", "Target $120K Mar 27", "Budget $125K", "Without the plan $160K"):
        assert words in said
