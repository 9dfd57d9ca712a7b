"""Slides: native charts whose every number is the data's, text that fits, nothing but charts."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date
from decimal import Context
from decimal import Decimal as D
from itertools import combinations, pairwise
from typing import Any

import pytest
from pptx import Presentation
from pptx.util import Pt

from costlib.charts.fit import visible, wrapped
from costlib.charts.palette import DARK, PRINT, line_colours, segment_colours
from costlib.charts.slide import presentation
from costlib.charts.slide.page import HEIGHT, WIDTH
from costlib.charts.spec import BandTrend, Bridge, Caption, Chart, RankedBars, StackedColumns, Trend
from costlib.charts.words import alt_text
from costlib.errors import InputError
from costlib.money import short

C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
SHEET = Context(prec=16)  # the digits that a spreadsheet holds

# Order of children as the DrawingML chart schema demands it; PowerPoint refuses a file that breaks it.
SCHEMA = {
    "chartSpace": "date1904 roundedCorners chart spPr txPr externalData",
    "chart": "title autoTitleDeleted plotArea legend plotVisOnly dispBlanksAs showDLblsOverMax",
    "plotArea": "layout areaChart barChart lineChart catAx dateAx valAx",
    "barChart": "barDir grouping varyColors ser dLbls gapWidth overlap axId",
    "areaChart": "grouping varyColors ser dLbls dropLines axId",
    "lineChart": "grouping varyColors ser dLbls marker smooth axId",
    "ser": "idx order tx spPr invertIfNegative marker dPt dLbls cat val smooth",
    "dPt": "idx invertIfNegative marker bubble3D spPr",
    "dLbls": "dLbl numFmt spPr txPr dLblPos showLegendKey showVal showCatName showSerName showPercent showBubbleSize "
    "extLst",
    "dLbl": "idx layout tx numFmt spPr txPr dLblPos showLegendKey showVal showCatName showSerName showPercent "
    "showBubbleSize",
    "legend": "legendPos legendEntry layout overlay spPr txPr",
    "marker": "symbol size spPr",
    "dateAx": "axId scaling delete axPos majorGridlines title numFmt majorTickMark minorTickMark tickLblPos spPr txPr "
    "crossAx crosses auto lblOffset baseTimeUnit majorUnit majorTimeUnit",
    "catAx": "axId scaling delete axPos majorGridlines title numFmt majorTickMark minorTickMark tickLblPos spPr txPr "
    "crossAx crosses auto lblAlgn lblOffset tickLblSkip tickMarkSkip noMultiLvlLbl",
    "valAx": "axId scaling delete axPos majorGridlines title numFmt majorTickMark minorTickMark tickLblPos spPr txPr "
    "crossAx crosses crossBetween majorUnit",
    "scaling": "orientation max min",
}

MakeDeck = Callable[..., Any]


def expected(chart: Chart) -> dict[str, tuple[D | None, ...]]:
    """The series that a slide must hold, worked out from the description alone."""
    match chart:
        case Trend():
            return {visible(line.name): line.values for line in chart.lines}
        case StackedColumns():
            named = {visible(segment.name): segment.values for segment in chart.segments}
            return named | {"Net of credits" if chart.has_credits else "Total": chart.totals}
        case BandTrend():
            return expected_band(chart)
        case Bridge():
            return expected_bridge(chart)
    rows = sorted(chart.bars, key=lambda bar: (bar.other, bar.amount is None, -(bar.amount or 0)))
    found = {visible(chart.amount_name): tuple(bar.amount for bar in rows)}
    if chart.previous_name is not None:
        found[visible(chart.previous_name)] = tuple(bar.previous for bar in rows)
    return found


def expected_band(chart: BandTrend) -> dict[str, tuple[D | None, ...]]:
    lines = [chart.actual, chart.forecast, *([chart.plan] if chart.plan else [])]
    found = {visible(line.name): line.values for line in lines}
    complete = [i for i, v in enumerate(chart.actual.values) if v is not None and i != chart.periods.open_index]

    def opened(values: tuple[D | None, ...]) -> tuple[D | None, ...]:
        """The forecast and its range are drawn from the last complete actual amount on."""
        joins = bool(complete) and any(value is not None for value in values)
        return tuple(chart.actual.values[i] if joins and i == complete[-1] else v for i, v in enumerate(values))

    high, low = opened(chart.band.high), opened(chart.band.low)
    found[visible(chart.forecast.name)] = opened(chart.forecast.values)
    width = tuple(None if top is None or under is None else top - under for top, under in zip(high, low, strict=True))
    name = visible(chart.band.name)
    return found | {f"{name}, high": high, f"{name}, low": low, f"{name}, width": width}


def expected_bridge(chart: Bridge) -> dict[str, tuple[D | None, ...]]:
    count, at = len(chart.steps), chart.start.amount
    found: dict[str, list[D | None]] = {
        name: [None] * (count + 2)
        for name in ("Start and end", "Floor", "Rise", "Fall", "Rise below zero", "Fall below zero", "Label height")
    }
    found["Start and end"][0], found["Start and end"][-1] = chart.start.amount, chart.end.amount
    found["Label height"][0], found["Label height"][-1] = max(D(0), at), max(D(0), chart.end.amount)
    carried = [at]
    for index, step in enumerate(chart.steps, start=1):
        low, high = sorted((at, at + step.amount))
        at += step.amount
        carried.append(at)
        name = "Rise" if step.amount > 0 else "Fall"
        if step.amount:
            found[name][index] = high - max(low, D(0)) if high > 0 else None
            found[f"{name} below zero"][index] = low - min(high, D(0)) if low < 0 else None
        found["Floor"][index] = low if low > 0 else high if high < 0 else None
        found["Label height"][index] = high
    for turn in range(min(3, len(carried))):
        line: list[D | None] = [None] * (count + 2)
        for index in range(turn, len(carried), 3):
            line[index] = line[index + 1] = carried[index]
        found[f"Carried over {turn + 1}"] = line
    optional = ("Rise below zero", "Fall below zero")
    return {name: tuple(values) for name, values in found.items() if name not in optional or any(values)}


def size(chart: Chart) -> int:
    """Rows of the data sheet below its heading."""
    match chart:
        case Bridge():
            return len(chart.steps) + 2
        case RankedBars():
            return len(chart.bars)
    return len(chart.periods)


def test_every_number_of_the_chart_is_the_data(any_chart: Chart, deck: MakeDeck) -> None:
    found = deck(any_chart).series(1)
    assert set(found) == set(expected(any_chart))
    for name, values in expected(any_chart).items():
        assert [None if text is None else D(text) for text in found[name]] == list(values)


def test_every_number_of_the_workbook_is_the_data(any_chart: Chart, deck: MakeDeck) -> None:
    header, *rows = deck(any_chart).sheet(1)
    assert header[1:] == list(expected(any_chart))
    assert len(rows) == size(any_chart)
    for column, values in enumerate(expected(any_chart).values(), start=1):
        cells = [row[column] if column < len(row) else None for row in rows]
        for cell, value in zip(cells, values, strict=True):
            assert (cell is None) == (value is None)
            if cell is not None and value is not None:
                assert D(cell) == SHEET.plus(value)


def test_the_chart_refers_to_the_cells_of_its_workbook(any_chart: Chart, deck: MakeDeck) -> None:
    opened = deck(any_chart)
    sheet = opened.sheet(1)
    last = size(any_chart) + 1
    for series in opened.chart(1).iter(f"{C}ser"):
        column = int(series.find(f"{C}order").get("val")) + 1
        letter = "ABCDEFGHIJKLM"[column]
        assert series.findtext(f"{C}tx//{C}f") == f"Sheet1!${letter}$1"
        assert series.findtext(f"{C}val//{C}f") == f"Sheet1!${letter}$2:${letter}${last}"
        assert series.findtext(f"{C}cat//{C}f") == f"Sheet1!$A$2:$A${last}"
        assert series.findtext(f"{C}tx//{C}v") == sheet[0][column]


def test_months_days_and_weeks_are_dates(charts: dict[str, Chart], deck: MakeDeck) -> None:
    for name, unit in (("stack", "months"), ("gaps", "days")):
        opened = deck(charts[name])
        axis = opened.chart(1).find(f".//{C}dateAx")
        assert axis.find(f"{C}baseTimeUnit").get("val") == unit
        first = next(opened.chart(1).iterfind(f".//{C}cat/{C}numRef//{C}v")).text
        assert date.fromordinal(date(1899, 12, 30).toordinal() + int(float(first))) == charts[name].periods.starts[0]
        assert float(opened.sheet(1)[1][0]) == float(first)
    weeks = deck(charts["weekly"]).chart(1)
    assert weeks.find(f".//{C}catAx/{C}numFmt").get("formatCode") == "d mmm"
    assert weeks.find(f".//{C}cat/{C}numRef") is not None


def test_fiscal_quarters_are_named(charts: dict[str, Chart], deck: MakeDeck) -> None:
    opened = deck(charts["credits"])
    assert [row[0] for row in opened.sheet(1)] == ["Quarter", "Q1 FY26", "Q2 FY26"]
    assert opened.chart(1).find(f".//{C}catAx") is not None


def test_unknown_stays_a_gap(any_chart: Chart, deck: MakeDeck) -> None:
    assert deck(any_chart).chart(1).find(f".//{C}dispBlanksAs").get("val") == "gap"


def test_children_are_in_schema_order(any_chart: Chart, deck: MakeDeck) -> None:
    for element in deck(any_chart).chart(1).iter():
        order = SCHEMA.get(element.tag.removeprefix(C), "").split()
        if order and len(element):
            places = [order.index(child.tag.removeprefix(C)) for child in element]
            assert places == sorted(places), element.tag


def test_axis_has_the_shared_ticks_and_currency(any_chart: Chart, deck: MakeDeck) -> None:
    if isinstance(any_chart, RankedBars):
        pytest.skip("every amount is written at its bar, there are no ticks")
    axis = deck(any_chart).chart(1).find(f".//{C}valAx")
    scale = any_chart.scale
    assert D(axis.find(f"{C}scaling/{C}min").get("val")) == scale.low
    assert D(axis.find(f"{C}scaling/{C}max").get("val")) == scale.high
    assert D(axis.find(f"{C}majorUnit").get("val")) == scale.step
    assert axis.find(f"{C}numFmt").get("formatCode") == scale.number_format()


def test_cells_carry_the_currency(charts: dict[str, Chart], deck: MakeDeck) -> None:
    styles = deck(charts["credits"]).book(1).read("xl/styles.xml").decode()
    assert "€" in styles and "#,##0.00" in styles


def test_colours_are_the_shared_ones(basic_chart: Trend | StackedColumns, deck: MakeDeck) -> None:
    a = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
    series = list(deck(basic_chart, palette=DARK).chart(1).iter(f"{C}ser"))
    if isinstance(basic_chart, Trend):
        shades = line_colours(basic_chart.lines, DARK)
    else:
        shades = segment_colours(basic_chart.segments, DARK)
    for element, colour in zip(series, shades, strict=False):
        fill = element.find(
            f"{C}spPr/{a}ln/{a}solidFill/{a}srgbClr"
            if isinstance(basic_chart, Trend)
            else f"{C}spPr/{a}solidFill/{a}srgbClr"
        )
        assert f"#{fill.get('val')}" == colour


def test_open_period_is_hatched_in_a_stack_and_dotted_in_a_line(charts: dict[str, Chart], deck: MakeDeck) -> None:
    a = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
    opened = deck(charts["stack"], charts["trend"])
    hatched = [point for point in opened.chart(1).iter(f"{C}dPt") if point.find(f".//{a}pattFill") is not None]
    assert [point.find(f"{C}idx").get("val") for point in hatched] == ["3", "3", "3"]
    (dotted,) = opened.chart(2).iter(f"{C}dPt")
    assert dotted.find(f"{C}idx").get("val") == "3"
    assert dotted.find(f"{C}spPr//{a}prstDash").get("val") == "sysDot"


def test_line_ends_are_labelled(charts: dict[str, Chart], deck: MakeDeck) -> None:
    labels = ["".join(label.itertext()) for label in deck(charts["trend"]).chart(1).iter(f"{C}dLbl")]
    assert labels == [f"This year {short(D(265000), 'USD')} to 20 Oct", f"Year before {short(D(400000), 'USD')}"]
    marked = ["".join(label.itertext()) for label in deck(charts["close_lines"]).chart(1).iter(f"{C}dLbl")]
    assert marked[1] == f"■ Team B {short(D(101), 'USD')}"


def test_line_labels_are_moved_apart(charts: dict[str, Chart], deck: MakeDeck) -> None:
    opened = deck(charts["close_lines"])
    frame = next(shape for shape in _slides(opened)[0].shapes if shape.has_chart)
    inner = float(opened.chart(1).find(f".//{C}plotArea/{C}layout//{C}h").get("val"))
    heights = []
    for label, line in zip(opened.chart(1).iter(f"{C}dLbl"), charts["close_lines"].series, strict=True):
        shift = float(label.find(f".//{C}y").get("val"))
        natural = charts["close_lines"].scale.fraction(line.values[-1] or D(0)) * inner
        heights.append((natural - shift) * frame.height.pt)
    assert all(above - below >= 12 for below, above in pairwise(heights))


def test_totals_stand_on_the_columns_and_not_in_the_legend(charts: dict[str, Chart], deck: MakeDeck) -> None:
    chart = deck(charts["stack"]).chart(1)
    (line,) = chart.iter(f"{C}lineChart")
    assert line.find(f"{C}ser/{C}dLbls/{C}showVal").get("val") == "1"
    hidden = chart.find(f".//{C}legend/{C}legendEntry")
    assert hidden.find(f"{C}idx").get("val") == "3" and hidden.find(f"{C}delete").get("val") == "1"
    bars, lines = (chart.find(f".//{C}{kind}").findall(f"{C}axId") for kind in ("barChart", "lineChart"))
    assert [axis.get("val") for axis in bars] == [axis.get("val") for axis in lines]


def test_formula_is_text(charts: dict[str, Chart], deck: MakeDeck) -> None:
    opened = deck(charts["hostile"])
    assert opened.sheet(1)[0][1] == "=cmd()|' /C calc'!A0"
    assert opened.sheet(1)[0][7] == "@sum"
    for number in (1,):
        book = opened.book(number)
        for name in book.namelist():
            assert b"<f>" not in book.read(name) and b"hyperlink" not in book.read(name), name


def test_names_are_escaped(charts: dict[str, Chart], deck: MakeDeck) -> None:
    raw = deck(charts["hostile"]).archive.read("ppt/charts/chart1.xml").decode()
    assert "&lt;b&gt;x&lt;/b&gt;" in raw and "<b>x</b>" not in raw


def test_slide_says_finding_metric_and_source(any_chart: Chart, deck: MakeDeck) -> None:
    (slide,) = _slides(deck(any_chart))
    text = {shape.name: shape.text_frame.text for shape in slide.shapes if shape.has_text_frame}
    assert slide.shapes.title.text_frame.text == visible(any_chart.caption.title)
    assert slide.shapes.title.is_placeholder
    everything = " | ".join(text.values())
    assert any_chart.caption.subtitle in everything
    assert any_chart.caption.source in everything
    assert "AI COST REVIEW" in everything


def test_source_line_says_what_is_missing(charts: dict[str, Chart], deck: MakeDeck) -> None:
    slides = _slides(deck(charts["stack"], charts["unknown_part"], charts["credits"]))
    texts = [" ".join(shape.text_frame.text for shape in slide.shapes if shape.has_text_frame) for slide in slides]
    assert "Oct 2026 holds data to 20 Oct only" in texts[0]
    assert "Unknown and left blank: Storage in Oct 2026" in texts[1]
    assert "Diamonds mark the net of credits" in texts[2]


def test_no_pictures_and_one_native_chart_a_slide(charts: dict[str, Chart], deck: MakeDeck) -> None:
    opened = deck(*charts.values())
    slides = _slides(opened)
    assert len(slides) == len(charts)
    for slide in slides:
        assert [shape.has_chart for shape in slide.shapes].count(True) == 1
        assert all(shape.has_chart or shape.has_text_frame for shape in slide.shapes)
    assert not [name for name in opened.archive.namelist() if "media" in name or name.endswith((".png", ".jpeg"))]


def test_alternative_text_and_notes(any_chart: Chart, deck: MakeDeck) -> None:
    (slide,) = _slides(deck(any_chart))
    (frame,) = [shape for shape in slide.shapes if shape.has_chart]
    described = frame._element.nvGraphicFramePr.cNvPr.get("descr")
    assert described == visible(alt_text(any_chart))
    assert slide.notes_slide.notes_text_frame.text == described


def test_pages_are_numbered(charts: dict[str, Chart], deck: MakeDeck) -> None:
    opened = deck(charts["stack"], charts["trend"])
    a = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
    for number in (1, 2):
        (field,) = opened.xml(f"ppt/slides/slide{number}.xml").iter(f"{a}fld")
        assert (field.get("type"), field.findtext(f"{a}t")) == ("slidenum", str(number))


def test_slides_are_wide_and_nothing_overlaps(any_chart: Chart, deck: MakeDeck) -> None:
    opened = deck(any_chart)
    shown = Presentation(io.BytesIO(opened.data))
    assert (shown.slide_width, shown.slide_height) == (12192000, 6858000)
    shapes = list(shown.slides[0].shapes)
    for shape in shapes:
        assert shape.left >= 0 and shape.top >= 0
        assert shape.left + shape.width <= Pt(WIDTH) and shape.top + shape.height <= Pt(HEIGHT)
    for one, other in combinations(shapes, 2):
        apart = (
            one.left + one.width <= other.left
            or other.left + other.width <= one.left
            or one.top + one.height <= other.top
            or other.top + other.height <= one.top
        )
        assert apart, (one.name, other.name)


@pytest.mark.parametrize("length", [10, 60, 120, 200, 400, 1000])
def test_long_titles_take_two_lines_at_most(length: int, charts: dict[str, Chart], deck: MakeDeck) -> None:
    words = ("Spend " * 200)[:length].strip()
    chart = charts["stack"]
    assert isinstance(chart, StackedColumns)
    titled = StackedColumns(Caption(words, "s", "src"), chart.periods, chart.currency, chart.segments)
    title = _slides(deck(titled))[0].shapes.title
    size = title.text_frame.paragraphs[0].font.size.pt
    lines = wrapped(title.text_frame.text, title.width.pt / size, bold=True)
    assert len(lines) <= 2
    assert len(lines) * size * 1.2 <= title.height.pt
    assert 16 <= size <= 24


def test_legend_and_plot_are_side_by_side(charts: dict[str, Chart], deck: MakeDeck) -> None:
    chart = deck(charts["hostile"]).chart(1)
    plot, legend = (
        {tag: float(chart.find(f".//{C}{part}/{C}layout//{C}{tag}").get("val")) for tag in "xywh"}
        for part in ("plotArea", "legend")
    )
    assert plot["x"] + plot["w"] <= legend["x"]
    assert legend["x"] + legend["w"] <= 1.00001
    assert legend["y"] >= 0 and legend["y"] + legend["h"] <= 1


def test_missing_words_leave_no_empty_box(charts: dict[str, Chart], deck: MakeDeck) -> None:
    chart = charts["cents"]
    assert isinstance(chart, StackedColumns)
    bare = StackedColumns(Caption("Only a title", "", ""), chart.periods, chart.currency, chart.segments)
    (slide,) = _slides(deck(bare, eyebrow=""))
    assert all(shape.has_chart or shape.text_frame.text for shape in slide.shapes)


def test_palette_colours_the_page(charts: dict[str, Chart], deck: MakeDeck) -> None:
    a = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
    p = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
    for palette in (PRINT, DARK):
        master = deck(charts["trend"], palette=palette).xml("ppt/slideMasters/slideMaster1.xml")
        assert f"#{master.find(f'.//{p}bg//{a}srgbClr').get('val')}" == palette.background


def test_no_chart_is_refused() -> None:
    with pytest.raises(InputError, match="without a chart"):
        presentation([], eyebrow="", made_on=date(2026, 10, 21), trace={})


def test_golden_slide_text(charts: dict[str, Chart], deck: MakeDeck, golden: Callable[[str, str], None]) -> None:
    lines = []
    for number, slide in enumerate(_slides(deck(*charts.values())), start=1):
        lines.append(f"== {number}")
        for shape in slide.shapes:
            lines.append(f"{shape.name}: {shape.text_frame.text if shape.has_text_frame else '(chart)'}")
        lines.append(f"notes: {slide.notes_slide.notes_text_frame.text}")
    golden("slides.txt", "\n".join(lines) + "\n")


def _slides(opened: Any) -> list[Any]:
    return list(Presentation(io.BytesIO(opened.data)).slides)
