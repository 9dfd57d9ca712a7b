"""One chart with its words as a page: what stands where, read from the SVG as anybody's viewer reads it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest

from costlib.charts.fit import visible
from costlib.charts.palette import DARK, LIGHT
from costlib.charts.spec import Caption, Chart
from costlib.charts.words import notes
from costlib.documents.exhibit import HEIGHT, WIDTH, svg_page
from tests.charts.conftest import BUILDERS, gaps, ranked_plain, stack
from tests.charts.planning import PLANNING

SVG = "{http://www.w3.org/2000/svg}"
ALL = {**BUILDERS, **PLANNING}
EYEBROW = "AI cost review"
LONG = "Bills of eleven accounts to 20 October 2026, credits and tax left out, refunds in the month they came; " * 4


@dataclass(frozen=True)
class Text:
    """One line of the page: its base line, its size, and whether it is bold."""

    x: float
    y: float
    size: float
    bold: bool
    wide: float
    words: str

    @property
    def top(self) -> float:
        return self.y - 0.72 * self.size

    @property
    def bottom(self) -> float:
        return self.y + 0.22 * self.size


@dataclass(frozen=True)
class Page:
    """The height of the page, its lines in the order written, and the vertical reach of everything else."""

    height: float
    texts: tuple[Text, ...]
    marks: tuple[tuple[float, float], ...]

    def find(self, begin: str) -> Text:
        return next(text for text in self.texts if text.words.startswith(begin))


def page_of(chart: Chart, eyebrow: str = EYEBROW) -> Page:
    root = ET.fromstring(svg_page(chart, palette=LIGHT, eyebrow=eyebrow, trace={}))
    texts, marks = [], []
    for one in root.iter():
        kind = one.tag.removeprefix(SVG)
        if kind == "text":
            wide = float(one.get("textLength") or 0)
            place = (float(one.get("x", 0)), float(one.get("y", 0)), float(one.get("font-size", 0)))
            texts.append(Text(*place, one.get("font-weight") is not None, wide, one.text or ""))
        elif kind == "rect" and one.get("width") != "100%":
            top = float(one.get("y", 0))
            marks.append((top, top + float(one.get("height", 0))))
        elif kind in ("polyline", "polygon"):
            heights = [float(pair.split(",")[1]) for pair in one.get("points", "").split()]
            marks.append((min(heights), max(heights)))
        elif kind == "circle":
            middle, radius = float(one.get("cy", 0)), float(one.get("r", 0))
            marks.append((middle - radius, middle + radius))
    return Page(float(root.get("viewBox", "").split()[3]), tuple(texts), tuple(marks))


def with_words(chart: Chart, title: str = "A finding", subtitle: str = "", source: str = "") -> Chart:
    return replace(chart, caption=Caption(title, subtitle, source))


@pytest.fixture(params=sorted(ALL), scope="module")
def shown(request: pytest.FixtureRequest) -> tuple[Chart, Page]:
    """A chart of any kind, and its page."""
    chart = ALL[request.param]()
    return chart, page_of(chart)


def around(chart: Chart, page: Page) -> tuple[list[Text], list[Text], list[Text]]:
    """The lines over the chart, those in it, and the one or two below it."""
    first = visible(chart.caption.source)[:25]
    foot = next(at for at, text in enumerate(page.texts) if text.words.startswith(first))
    source, after = page.texts[foot : foot + 2]
    below = [source, after] if after.x == source.x and 0 < after.y - source.y < 1.3 * source.size else [source]
    return list(page.texts[:foot]), list(page.texts[foot + len(below) :]), below


def test_words_stand_over_and_under_the_chart_and_never_in_it(shown: tuple[Chart, Page]) -> None:
    chart, page = shown
    head, inside, below = around(chart, page)
    reach = [*page.marks, *((text.top, text.bottom) for text in inside)]
    assert head[-1].bottom < min(top for top, _ in reach)
    assert max(bottom for _, bottom in reach) < below[0].top


def test_lines_do_not_touch_and_all_lie_on_the_page(shown: tuple[Chart, Page]) -> None:
    chart, page = shown
    head, _, below = around(chart, page)
    for over, under in pairwise([*head, *below]):
        assert over.bottom <= under.top + 0.01, (over.words, under.words)
    for text in [*head, *below]:
        assert text.top >= 0 and text.bottom <= page.height and text.x > 0 and text.x + text.wide <= WIDTH


def test_the_finding_is_the_largest_of_the_words_and_bold(shown: tuple[Chart, Page]) -> None:
    chart, page = shown
    head, _, below = around(chart, page)
    eyebrow, title, *_, subtitle = head
    assert (eyebrow.words, eyebrow.bold, title.bold, subtitle.bold) == (EYEBROW.upper(), True, True, False)
    assert title.size > max(eyebrow.size, subtitle.size, below[0].size) and not below[0].bold
    assert len({text.x for text in [*head, *below]}) == 1


class TestWords:
    def test_one_line_each_in_their_order(self) -> None:
        page = page_of(with_words(ranked_plain(), "A finding", "A measure", "A source"))
        head = [text.words for text in page.texts[:4]]
        assert head == [EYEBROW.upper(), "A finding", "A measure", "A source"]

    def test_without_eyebrow_the_finding_takes_its_place(self) -> None:
        some, none = page_of(stack()), page_of(stack(), eyebrow="")
        assert none.texts[0].words == "Search drives the rise" and none.texts[0].y < some.find("Search drives").y

    def test_without_a_subtitle_the_chart_begins_higher(self) -> None:
        some, none = (page_of(with_words(ranked_plain(), subtitle=words)) for words in ("A measure", ""))
        assert min(top for top, _ in none.marks) < min(top for top, _ in some.marks)
        assert len(none.texts) == len(some.texts) - 1

    def test_without_a_source_the_chart_reaches_further_down(self) -> None:
        some, none = (page_of(with_words(ranked_plain(), source=words)) for words in ("A source", ""))
        assert max(bottom for _, bottom in none.marks) > max(bottom for _, bottom in some.marks)

    def test_what_a_reader_must_know_follows_the_source(self) -> None:
        (note,) = notes(gaps())
        told = page_of(gaps()).find("Bills to 20").words
        assert told == f"Bills to 20 Oct 2026, snapshot 7f3a · {note}"
        assert page_of(with_words(gaps())).find("Unknown").words == note

    def test_a_long_source_takes_two_lines_and_the_chart_gives_way(self) -> None:
        short, long = (page_of(with_words(ranked_plain(), source=words)) for words in ("A source", LONG))
        lines = [text for text in long.texts if text.words.startswith("Bills of eleven")]
        foot = [text for text in long.texts if text.size == lines[0].size and text.x == lines[0].x and text.y > 300]
        assert len(foot) == 2 and foot[-1].words.endswith("…")
        assert foot[-1].bottom == pytest.approx(short.find("A source").bottom, abs=3)
        assert max(bottom for _, bottom in long.marks) < max(bottom for _, bottom in short.marks)

    def test_a_long_finding_takes_two_lines_and_smaller_type(self) -> None:
        words = "Search drives the whole rise of the bill since the spring while every other team has spent less"
        short, long = page_of(with_words(ranked_plain())), page_of(with_words(ranked_plain(), words))
        lines = [text for text in long.texts if text.bold and text.x == short.find("A finding").x][1:]
        assert " ".join(text.words for text in lines) == words and len(lines) == 2
        assert lines[0].size < short.find("A finding").size + 0.1
        assert min(top for top, _ in long.marks) > min(top for top, _ in short.marks)

    def test_signs_that_a_page_cannot_hold_are_replaced(self) -> None:
        assert page_of(with_words(ranked_plain(), "A \x00finding\x1b")).texts[1].words == "A \ufffdfinding\ufffd"


class TestRoom:
    def test_a_page_of_few_rows_has_the_shape_of_a_slide(self) -> None:
        assert page_of(ranked_plain()).height == HEIGHT

    @pytest.mark.parametrize("name", ["roadmap_many", "heat_many"])
    def test_one_of_many_rows_is_as_high_as_they_need(self, name: str) -> None:
        chart = ALL[name]()
        page = page_of(chart)
        _, inside, _ = around(chart, page)
        rows = sorted({round(text.y, 1) for text in inside})
        assert page.height > HEIGHT and page.height - rows[-1] < 90

    @pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
    def test_the_whole_page_has_the_ground_of_its_palette(self, palette: object) -> None:
        chosen = DARK if palette is DARK else LIGHT
        root = ET.fromstring(svg_page(stack(), palette=chosen, eyebrow="", trace={}))
        ground = next(one for one in root if one.tag == f"{SVG}rect")
        assert (ground.get("width"), ground.get("height"), ground.get("fill")) == ("100%", "100%", chosen.background)
