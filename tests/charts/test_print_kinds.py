"""Each kind on paper: lengths in proportion to the figures, and the figures themselves in words beside them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal as D
from itertools import pairwise

import pytest

from costlib.charts.palette import LIGHT, segment_colours
from costlib.charts.printed import drawing, least_height
from costlib.charts.printed.bubble import marks as bubble_marks
from costlib.charts.printed.frame import Paper, Plot, money_axis, points_in_time, time_axis
from costlib.charts.printed.heat import bands
from costlib.charts.printed.lines import runs
from costlib.charts.printed.marks import Area, Dot, Drawing, Rect, Text
from costlib.charts.printed.marks import Line as Stroke
from costlib.charts.spec import (
    Band,
    BandTrend,
    Bubble,
    Caption,
    Chart,
    HeatTable,
    KpiRow,
    Line,
    RankedBars,
    Roadmap,
    Role,
    Scatter,
    SmallMultiples,
    StackedColumns,
    Tornado,
    Trend,
)
from costlib.charts.ticks import money_scale
from costlib.charts.timeline import Periods
from costlib.periods import Grain
from tests.charts import planning
from tests.charts.conftest import amounts, bridge, bridge_of_many, caption, credits, months, outlook, stack, trend

WIDE, NARROW = 509.0, 245.0


def paper(chart: Chart, width: float = WIDE, height: float = 240.0) -> Drawing:
    return drawing(chart, width, max(height, least_height(chart, width)), LIGHT)


def said(made: Drawing) -> list[str]:
    return [text.text for text in made.texts]


def rects(made: Drawing, colour: str) -> list[Rect]:
    return [mark for mark in made.marks if isinstance(mark, Rect) and mark.fill == colour]


def strokes(made: Drawing, colour: str) -> list[Stroke]:
    return [mark for mark in made.marks if isinstance(mark, Stroke) and mark.colour == colour and len(mark.points) > 1]


def text_of(made: Drawing, words: str) -> Text:
    (found,) = (text for text in made.texts if text.text == words)
    return found


class TestColumns:
    def test_parts_are_as_high_as_their_amounts(self) -> None:
        chart = stack()
        colour = segment_colours(chart.segments, LIGHT)[0]
        heights = [rect.height for rect in rects(paper(chart), colour) if rect.width > 10][:3]
        assert [height / heights[0] for height in heights] == pytest.approx([1, 310 / 300, 320 / 300], abs=0.01)

    def test_every_total_stands_over_its_column(self) -> None:
        made = paper(stack())
        assert [text for text in said(made) if text in ("$410K", "$265K")] == ["$410K"] * 3 + ["$265K"]

    def test_an_open_column_is_hatched_and_says_until_when(self) -> None:
        made = paper(stack())
        assert (
            len([mark for mark in made.marks if isinstance(mark, Stroke) and mark.colour == LIGHT.categories[0]]) > 10
        )
        assert "to 20 Oct" in said(made)

    def test_credits_hang_below_zero_and_the_net_is_a_diamond(self) -> None:
        chart = credits()
        made = paper(chart)
        zero = next(mark.points[0][1] for mark in made.marks if isinstance(mark, Stroke) and mark.thickness == 1.0)
        (first, *_) = [rect for rect in rects(made, segment_colours(chart.segments, LIGHT)[2]) if rect.width > 10]
        assert first.y == pytest.approx(zero)
        diamonds = [mark for mark in made.marks if isinstance(mark, Area)]
        assert len(diamonds) == 2 and "◆ Net €100" in said(made)

    def test_where_totals_have_no_room_the_last_one_is_told(self) -> None:
        from costlib.charts.spec import Segment

        days = tuple(date(2026, 9, day) for day in range(1, 31))
        one = Segment("A", tuple(D(100000 + day) for day in range(30)))
        chart = StackedColumns(caption("A month of days"), Periods(days, Grain.DAY), "USD", (one,))
        assert said(paper(chart, NARROW)).count("$100K") == 2  # the top tick, and the last column


class TestLines:
    def test_points_lie_at_their_amounts(self) -> None:
        made = paper(trend())
        (line,) = [one for one in strokes(made, LIGHT.previous) if len(one.points) == 4]
        ys = [y for _, y in line.points]
        assert (ys[0] - ys[3]) / (ys[0] - ys[1]) == pytest.approx(20 / 10)

    def test_the_open_period_is_dotted_and_ends_in_a_hollow_point(self) -> None:
        made = paper(trend())
        dotted = [one for one in strokes(made, LIGHT.ink) if one.dash]
        (dot,) = [mark for mark in made.marks if isinstance(mark, Dot)]
        assert len(dotted) == 1 and dotted[0].points[-1] == (dot.x, dot.y)
        assert (dot.fill, dot.edge) == (LIGHT.background, LIGHT.ink)

    def test_the_first_month_of_a_bill_is_a_hollow_point_while_it_is_open(self) -> None:
        until = date(2026, 10, 20)
        chart = Trend(
            caption("A start"), Periods(months(1), Grain.MONTH, data_until=until), "USD", (Line("A", (D(5),)),)
        )
        made = paper(chart)
        (dot,) = [mark for mark in made.marks if isinstance(mark, Dot)]
        assert (dot.fill, dot.edge) == (LIGHT.background, LIGHT.ink)
        assert not [one for one in strokes(made, LIGHT.ink) if one.dash]

    def test_ends_are_named_with_their_amounts(self) -> None:
        assert {"This year", "$265K to 20 Oct", "Year before", "$400K"} <= set(said(paper(trend())))

    def test_unknown_amounts_leave_a_gap(self) -> None:
        values = amounts("1", None, "3", "4", None)
        assert [[index for index, _ in run] for run in runs(values)] == [[0], [2, 3]]
        chart = Trend(caption("A gap"), Periods(months(5), Grain.MONTH), "USD", (Line("A", values),))
        made = paper(chart)
        assert len([mark for mark in made.marks if isinstance(mark, Dot)]) == 1
        assert [len(one.points) for one in strokes(made, LIGHT.ink)] == [2]

    def test_many_ends_are_told_on_one_line_each(self) -> None:
        lines = tuple(Line(f"Team {name}", amounts("5", str(100 + index))) for index, name in enumerate("ABCDEFG"))
        chart = Trend(caption("Seven"), Periods(months(2), Grain.MONTH), "USD", lines)
        low = drawing(chart, NARROW, 120, LIGHT)
        rows = sorted(text.y for text in low.texts if text.text.startswith("Team"))
        assert len(rows) == 7 and all(lower - upper > 8 for upper, lower in pairwise(rows))


class TestOutlook:
    def test_the_range_begins_at_the_last_actual_amount(self) -> None:
        made = paper(outlook())
        (area,) = [mark for mark in made.marks if isinstance(mark, Area)]
        actual = max(strokes(made, LIGHT.ink), key=lambda one: one.points[-1][0])
        assert area.points[0] == area.points[-1] == actual.points[-1]

    def test_forecast_range_and_plan_are_told_in_figures(self) -> None:
        told = said(paper(outlook()))
        assert {"Forecast", "$150K", "80% range", "$135K–$168K", "Budget", "Actual", "data to 30 Sep"} <= set(told)

    def test_with_the_plan_and_the_target_are_drawn_and_named(self) -> None:
        chart = planning.outlook_with_plan()
        made = paper(chart)
        assert chart.with_plan is not None and chart.target is not None
        assert {chart.with_plan.name, chart.target.name, "$120K", "$118K"} <= set(said(made))
        assert {one.dash for one in strokes(made, LIGHT.good)} == {(5.0, 2.6), (1.2, 2.2)}

    def test_the_name_of_an_early_plan_stays_near_its_line(self) -> None:
        periods = Periods(months(12, date(2027, 6, 1)), Grain.MONTH, data_until=date(2026, 10, 31))
        ahead = (None,) * 4
        chart = BandTrend(
            caption("The plan ends in the middle"),
            periods,
            "USD",
            Line("Actual", (D(90), D(92), D(95), D(99), *(None,) * 8)),
            Line("Forecast", (*ahead, *(D(100 + index) for index in range(8))), Role.FORECAST),
            Band("80% range", (*ahead, *(D(20 - 2 * index) for index in range(8))), (*ahead, *(D(150),) * 8)),
            Line("Budget", (D(95), D(96), D(97), D(98), D(98), D(98), *(None,) * 6), Role.PLAN),
        )
        made = paper(chart)
        plan = next(one for one in strokes(made, LIGHT.muted) if len(one.points) == 6)
        assert min(abs(text_of(made, "Budget").y - y) for _, y in plan.points) < 20


class TestBridge:
    def test_a_step_hangs_between_the_totals_before_and_after(self) -> None:
        made = paper(bridge())
        (start, end), (rise, _), (fall,) = (rects(made, tint) for tint in (LIGHT.ink, LIGHT.bad, LIGHT.good))
        assert rise.y + rise.height == pytest.approx(start.y)
        assert rise.height / start.height == pytest.approx(0.3) and fall.height / start.height == pytest.approx(0.45)
        assert fall.y == pytest.approx(rise.y) and end.height / start.height == pytest.approx(0.9)

    def test_labels_carry_their_signs(self) -> None:
        assert {"$100K", "+$30.0K", "−$45.0K", "+$5.00K", "$90.0K"} <= set(said(paper(bridge())))

    def test_on_narrow_paper_it_lies_on_its_side_with_every_step_named(self) -> None:
        made = paper(bridge_of_many(), NARROW)
        assert len({text.x for text in made.texts if text.x == 0}) == 1
        assert len([text for text in made.texts if text.x == 0]) >= len(bridge_of_many().columns)
        widths = [rect.width for rect in rects(made, LIGHT.ink)]
        assert widths[0] / widths[1] == pytest.approx(812.5 / float(bridge_of_many().end.amount), rel=0.01)


class TestBars:
    def chart(self) -> RankedBars:
        from costlib.charts.spec import Bar

        bars = (Bar("A", D(40), D(20)), Bar("B", D(10), D(30)), Bar("C", D(-20), None))
        return RankedBars(caption("A leads"), "USD", bars, "Sep 2026", "Aug 2026")

    def test_bars_are_as_long_as_their_amounts(self) -> None:
        made = paper(self.chart())
        key, first, second, credit = rects(made, LIGHT.ink)
        assert (second.width / first.width, credit.width / first.width) == pytest.approx((0.25, 0.5))
        assert first.x == second.x == pytest.approx(credit.x + credit.width)
        assert key.width == key.height

    def test_amounts_stand_behind_the_longer_bar(self) -> None:
        made = paper(self.chart())
        earlier = rects(made, LIGHT.previous)[2]
        assert text_of(made, "$10.00").x > earlier.x + earlier.width

    def test_both_shades_are_named(self) -> None:
        assert {"Sep 2026", "Aug 2026"} <= set(said(paper(self.chart())))


class TestPlans:
    def test_bars_of_a_roadmap_begin_and_end_in_their_months(self) -> None:
        chart = planning.roadmap()
        assert isinstance(chart, Roadmap)
        made = paper(chart)
        bars = [mark for mark in made.marks if isinstance(mark, Rect)]
        assert len(bars) == len(chart.rows)
        spans = [(chart.place(one.start), chart.place(one.ramp_end)) for one in chart.rows]
        unit = bars[0].width / (spans[0][1] - spans[0][0])
        for bar, (begin, end) in zip(bars, spans, strict=True):
            assert bar.width == pytest.approx((end - begin) * unit)
            assert bar.x - bars[0].x == pytest.approx((begin - spans[0][0]) * unit)

    @pytest.mark.parametrize("width", [WIDE, NARROW])
    def test_a_roadmap_says_what_each_saves_and_all_together(self, width: float) -> None:
        chart = planning.roadmap()
        told = said(paper(chart, width))
        assert {*chart.tracks, "Total", chart.total_text} <= set(told)
        assert sorted(chart.label(one) for one in chart.rows) == sorted(
            text for text in told if text in {chart.label(one) for one in chart.rows}
        )
        assert (chart.rows[0].owner in told) == (width == WIDE)

    def test_a_tornado_reaches_from_the_base_to_both_results(self) -> None:
        chart = planning.tornado()
        assert isinstance(chart, Tornado)
        made = paper(chart)
        base = strokes(made, LIGHT.ink)[-1].points[0][0]
        top = chart.ranked[0]
        assert top.low is not None and top.high is not None
        low = rects(made, LIGHT.previous)[1]
        high = rects(made, LIGHT.ink)[1]
        assert low.width / high.width == pytest.approx(
            float(abs(top.low - chart.base.amount) / abs(top.high - chart.base.amount)), rel=0.01
        )
        assert base in (pytest.approx(low.x), pytest.approx(low.x + low.width))

    def test_a_tornado_tells_every_result(self) -> None:
        chart = planning.tornado()
        told = " ".join(said(paper(chart)))
        assert all(chart.label(end) in told for swing in chart.swings for end in (swing.low, swing.high))

    @pytest.mark.parametrize("width", [WIDE, NARROW])
    def test_a_heat_table_writes_every_number_once(self, width: float) -> None:
        chart = planning.heat_many()
        assert isinstance(chart, HeatTable)
        groups = bands(chart, Paper(width, 0, LIGHT))
        assert [column for group in groups for column in group] == list(range(len(chart.columns)))
        told = said(paper(chart, width))
        for name in chart.columns:
            assert told.count(name) == 1
        cells = [chart.text(row, column) for row in range(len(chart.rows)) for column in range(len(chart.columns))]
        assert all(told.count(cell) == cells.count(cell) for cell in cells if cell)

    def test_figures_are_written_as_they_are(self) -> None:
        chart = planning.figures()
        assert isinstance(chart, KpiRow)
        told = said(paper(chart))
        assert all({kpi.label, kpi.value} <= set(told) for kpi in chart.kpis)

    def test_figures_of_a_narrow_column_stand_on_more_rows(self) -> None:
        chart = planning.figures()
        labels = [kpi.label for kpi in chart.kpis]
        wide, narrow = (
            {text.y for text in paper(chart, width).texts if text.text in labels} for width in (WIDE, NARROW)
        )
        assert len(wide) == 1 < len(narrow)

    def test_every_choice_of_a_trade_off_is_a_dot_with_its_name(self) -> None:
        chart = planning.tradeoff()
        assert isinstance(chart, Scatter)
        made = paper(chart)
        assert len([mark for mark in made.marks if isinstance(mark, Dot)]) == len(chart.placed)
        assert {one.name for one in chart.placed} <= set(said(made))
        front = next(one for one in strokes(made, LIGHT.accent) if len(one.points) == len(chart.front))
        assert [x for x, _ in front.points] == sorted(x for x, _ in front.points)

    def test_the_area_of_a_bubble_is_its_money(self) -> None:
        chart = planning.portfolio()
        assert isinstance(chart, Bubble)
        dots = [mark for mark in bubble_marks(chart, Paper(WIDE, 240, LIGHT)) if isinstance(mark, Dot) and mark.edge]
        assert len(dots) == len(chart.discs)
        large, other = chart.discs[0], chart.discs[1]
        assert (dots[1].radius / dots[0].radius) ** 2 == pytest.approx(float(other.size / large.size), rel=0.01)
        assert {disc.name for disc in chart.discs} <= set(said(paper(chart)))

    def test_panels_share_one_scale(self) -> None:
        chart = planning.panels_stacked()
        assert isinstance(chart, SmallMultiples)
        made = paper(chart)
        bottoms = [mark for mark in made.marks if isinstance(mark, Stroke) and mark.thickness == 1.0]
        assert len(bottoms) == len(chart.panels)
        colour = segment_colours(chart.charts[0].series, LIGHT)[0]  # type: ignore[arg-type]
        parts = [rect for rect in rects(made, colour) if rect.height > 0 and rect.x > 20]
        values = [value for panel in chart.charts for value in panel.series[0].values if value]
        drawn = [rect.height for rect in parts][-len(values) :]
        ratio = [height / float(value) for height, value in zip(drawn, values, strict=True) if height > 5]
        assert ratio and max(ratio) / min(ratio) < 1.2

    def test_the_amount_beside_a_panel_is_the_last_known_one_and_says_of_when(self) -> None:
        """September is unknown where a part of it is: as on screen, the total of August is told with its month."""
        told = said(paper(planning.panels_stacked()))
        assert told.count("€120 Aug 26") == 3 and "unknown" not in told
        assert "$210K to 20 Oct" in said(paper(planning.panels()))


class TestAxes:
    plot = Plot(40, 10, 240, 110)

    def test_ticks_lie_where_their_amounts_are(self) -> None:
        scale = money_scale([D(100)], "USD")
        lines = [mark for mark in money_axis(self.plot, scale, Paper(300, 150, LIGHT)) if isinstance(mark, Stroke)]
        assert [line.points[0][1] for line in lines] == pytest.approx([110, 90, 70, 50, 30, 10])

    def test_crowded_ticks_keep_zero(self) -> None:
        low = Plot(40, 10, 240, 40)
        texts = [mark.text for mark in money_axis(low, money_scale([D(100)], "USD"), Paper(300, 60, LIGHT))
                 if isinstance(mark, Text)]  # fmt: skip
        assert texts == ["$0", "$40", "$80"]

    def test_the_last_period_is_always_named(self) -> None:
        periods = Periods(months(24), Grain.MONTH)
        marks = time_axis(self.plot, points_in_time(self.plot, 24), periods, Paper(300, 150, LIGHT))
        names = [mark.text for mark in marks if isinstance(mark, Text)]
        assert names[-1] == "Oct 26" and 2 <= len(names) <= 6

    def test_one_period_stands_in_the_middle(self) -> None:
        assert points_in_time(self.plot, 1) == (140,)

    def test_labels_grow_with_the_paper_but_never_below_eight_points(self) -> None:
        sizes = [Paper(width, 100, LIGHT).size for width in (90, 245, 509, 720, 2000)]
        assert sizes == sorted(sizes) and sizes[0] == 8 and sizes[-1] == 11


def test_a_title_is_not_part_of_the_drawing() -> None:
    words = Caption("Title of its own", "Subtitle of its own", "Source of its own")
    chart = Trend(words, Periods(months(2), Grain.MONTH), "USD", (Line("A", amounts("1", "2")),))
    assert not {words.title, words.subtitle, words.source} & set(said(paper(chart)))
