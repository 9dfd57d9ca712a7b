"""Lines of a native chart: width, dash, open end, lonely points; and labels moved apart where they end."""

from __future__ import annotations

from datetime import date
from decimal import Decimal as D
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from costlib.charts.palette import LIGHT, line_colours
from costlib.charts.slide.page import Box
from costlib.charts.spec import Caption, Line, Role, Trend
from costlib.charts.timeline import Periods
from costlib.periods import Grain
from tests.charts.conftest import amounts, months, trend
from tests.charts.planning import outlook_targeted, outlook_with_plan
from tests.charts.slides import A, C, colour_of, frame_of, place_of

BOX = Box(40, 100, 600, 300)
WORDS = Caption("t", "s", "")
UNTIL = date(2026, 10, 20)


def series_of(chart: Any) -> list[Any]:
    return list(frame_of(chart, BOX).chart._chartSpace.iter(f"{C}ser"))


def lines(*values: tuple[D | None, ...], until: date | None = None, role: Role = Role.ACTUAL) -> Trend:
    parts = tuple(Line(f"L{at}", one, role) for at, one in enumerate(values))
    return Trend(WORDS, Periods(months(len(values[0])), Grain.MONTH, data_until=until), "USD", parts)


def dash_of(element: Any) -> str | None:
    found = element.find(f"{C}spPr/{A}ln/{A}prstDash")
    return None if found is None else found.get("val")


def points_of(series: Any) -> dict[int, Any]:
    return {int(point.find(f"{C}idx").get("val")): point for point in series.findall(f"{C}dPt")}


class TestLook:
    """Width, dash and colour by what a line stands for."""

    @pytest.mark.parametrize(
        ("role", "width", "dash"),
        [
            (Role.ACTUAL, 2.5, None),
            (Role.PREVIOUS, 1.75, None),
            (Role.PLAN, 1.75, "sysDot"),
            (Role.FORECAST, 2.5, "dash"),
            (Role.WITH_PLAN, 2.5, "lgDash"),
        ],
    )
    def test_a_role_is_told_by_its_line(self, role: Role, width: float, dash: str | None) -> None:
        chart = lines(amounts("1", "2"), role=role)
        (series,) = series_of(chart)
        assert int(series.find(f"{C}spPr/{A}ln").get("w")) == round(width * 12700)
        assert dash_of(series) == dash and colour_of(series) == line_colours(chart.lines, LIGHT)[0]

    def test_no_line_is_smoothed(self) -> None:
        for chart in (trend(), outlook_with_plan()):
            smooth = [one.get("val") for one in frame_of(chart, BOX).chart._chartSpace.iter(f"{C}smooth")]
            assert smooth and set(smooth) == {"0"}

    def test_the_open_end_is_dotted_and_hollow(self) -> None:
        actual, previous = series_of(trend())
        (point,) = points_of(actual).values()
        assert list(points_of(actual)) == [3] and dash_of(point) == "sysDot" and not points_of(previous)
        marker = point.find(f"{C}marker")
        assert (marker.find(f"{C}symbol").get("val"), marker.find(f"{C}size").get("val")) == ("circle", "6")
        assert colour_of(marker) == LIGHT.background
        assert colour_of(marker.find(f"{C}spPr/{A}ln")) == LIGHT.ink
        assert int(point.find(f"{C}spPr/{A}ln").get("w")) == 2 * 12700

    def test_an_open_month_without_a_figure_is_not_marked(self) -> None:
        (series,) = series_of(lines(amounts("1", "2", None), until=UNTIL))
        assert not points_of(series)

    def test_a_lonely_point_is_full_and_an_open_one_hollow(self) -> None:
        (series,) = series_of(lines(amounts("1", None, "2"), until=UNTIL))
        found = {at: colour_of(point.find(f"{C}marker")) for at, point in points_of(series).items()}
        assert found == {0: LIGHT.ink, 2: LIGHT.background}

    @pytest.mark.parametrize(("build", "due"), [(outlook_with_plan, 8), (outlook_targeted, 6)])
    def test_a_target_is_a_hairline_with_a_hollow_diamond_where_it_is_due(self, build: Any, due: int) -> None:
        chart = build()
        (target,) = [one for one in series_of(chart) if one.findtext(f"{C}tx//{C}v") == chart.target.name]
        (at,) = points_of(target)
        marker = points_of(target)[at].find(f"{C}marker")
        assert at == due and int(target.find(f"{C}spPr/{A}ln").get("w")) == 12700
        assert (marker.find(f"{C}symbol").get("val"), marker.find(f"{C}size").get("val")) == ("diamond", "9")
        assert colour_of(marker) == LIGHT.background and colour_of(target) == LIGHT.ink
        assert target.find(f"{C}marker/{C}symbol").get("val") == "none"


class TestLabels:
    """Names and last amounts beside the ends of lines, on a chart of 600 by 300 points."""

    @settings(max_examples=10)
    @given(st.lists(st.integers(0, 1000).map(D), min_size=1, max_size=7))
    def test_labels_never_touch_and_stay_on_the_plot(self, ends: list[D]) -> None:
        chart = lines(*((D(1), end) for end in ends))
        inner = place_of(frame_of(chart, BOX).chart._chartSpace.chart.plotArea)["h"]
        heights = []
        for series, end in zip(series_of(chart), ends, strict=True):
            shift = float(series.find(f"{C}dLbls/{C}dLbl/{C}layout/{C}manualLayout/{C}y").get("val"))
            heights.append((chart.scale.fraction(end) * inner - shift) * BOX.height)
        heights.sort()
        assert all(above - below >= 15 - 0.02 for below, above in pairwise(heights))
        assert heights[0] >= -0.01 and heights[-1] <= inner * BOX.height + 0.01

    def test_a_label_says_name_and_last_amount_and_repeats_the_colour_among_several(self) -> None:
        chart = lines(amounts("1", "2"), amounts("3", None))
        for series, colour, said in zip(
            series_of(chart), line_colours(chart.lines, LIGHT), (("L0", " $2.00"), ("L1", " $3.00 Sep 26")), strict=True
        ):
            label = series.find(f"{C}dLbls/{C}dLbl")
            assert [one.text for one in label.iter(f"{A}t")] == ["■ ", *said]
            mark, name, amount = label.iter(f"{A}rPr")
            assert [colour_of(one) for one in (mark, name, amount)] == [colour, LIGHT.ink, LIGHT.muted]
            assert [one.get("b") for one in (mark, name, amount)] == ["0", "1", "0"]
            assert label.find(f"{C}dLblPos").get("val") == "r"
        assert [series.find(f"{C}dLbls/{C}dLbl/{C}idx").get("val") for series in series_of(chart)] == ["1", "0"]

    def test_one_line_alone_needs_no_mark(self) -> None:
        (series,) = series_of(lines(amounts("1", "2")))
        assert [one.text for one in series.iter(f"{A}t")] == ["L0", " $2.00"]

    def test_the_room_at_the_right_holds_the_widest_label(self) -> None:
        short = lines(amounts("1", "2"))
        long = Trend(WORDS, short.periods, "USD", (Line("A rather long name", amounts("1", "2")),))
        widths = [place_of(frame_of(chart, BOX).chart._chartSpace.chart.plotArea)["w"] for chart in (short, long)]
        assert widths[0] - widths[1] > 0.1
