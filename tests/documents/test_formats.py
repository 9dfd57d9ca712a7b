"""Every chart in every format: one page, its words, its figures, its trace, and the same bytes again."""

from __future__ import annotations

import io
import re
import subprocess
import sys
from datetime import date
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from PIL import Image

from costlib.charts import package as pptx
from costlib.charts.fit import visible
from costlib.charts.palette import DARK, LIGHT, contrast, luminance
from costlib.charts.spec import Chart
from costlib.charts.words import alt_text
from costlib.documents.exhibit import HEIGHT, WIDTH
from costlib.documents.formats import FORMATS, in_grey, palettes, render
from costlib.documents.traced import read_trace
from costlib.errors import InputError
from tests.charts.conftest import BUILDERS, ranked_hostile, stack
from tests.charts.planning import PLANNING, roadmap_many

REPOSITORY = Path(__file__).parents[2]
MADE_ON = date(2026, 10, 21)
TRACE = {"measure": "EffectiveCost", "generation": "7f3a"}
ALL = {**BUILDERS, **PLANNING}
SVG = "{http://www.w3.org/2000/svg}"


def made(chart: Chart, name: str, **changes: object) -> bytes:
    options: dict[str, object] = {"trace": TRACE, "made_on": MADE_ON, "eyebrow": "AI cost review"} | changes
    return render(chart, name, **options)  # type: ignore[arg-type]


@pytest.fixture(params=sorted(ALL))
def chart(request: pytest.FixtureRequest) -> Chart:
    return ALL[request.param]()


def svg_texts(data: bytes) -> list[str]:
    return [text.text or "" for text in ET.fromstring(data).iter(f"{SVG}text")]


class TestPdf:
    def test_one_tagged_page_with_a_heading_and_a_described_figure(self, chart: Chart) -> None:
        data = made(chart, "pdf")
        assert b"/Type/Pages/Count 1/" in data
        assert len(re.findall(rb"/Type/StructElem/S/H1\b", data)) == 1
        assert len(re.findall(rb"/Type/StructElem/S/Figure\b[^>]*?/Alt", data)) == 1

    def test_it_carries_its_trace(self, chart: Chart) -> None:
        assert read_trace(made(chart, "pdf")) == TRACE

    def test_the_same_bytes_again(self, chart: Chart) -> None:
        assert made(chart, "pdf") == made(chart, "pdf")

    def test_the_description_is_the_chart_in_words(self) -> None:
        assert alt_text(stack()).encode()[:60] in made(stack(), "pdf")


class TestSvg:
    def test_it_holds_the_words_around_the_chart(self, chart: Chart) -> None:
        data = made(chart, "svg")
        told = " ".join(svg_texts(data))
        assert visible(chart.caption.source)[:30] in told
        assert "AI COST REVIEW" in told
        root = ET.fromstring(data)
        assert root.findtext(f"{SVG}title") == visible(chart.caption.title)
        assert root.findtext(f"{SVG}desc") == visible(alt_text(chart))
        assert '"generation": "7f3a"' in (root.findtext(f"{SVG}metadata") or "")

    def test_a_title_that_is_too_long_is_cut_and_not_run_over(self) -> None:
        title = [text for text in svg_texts(made(ALL["hostile"](), "svg")) if text.startswith("A finding that")]
        assert len(title) == 1

    def test_it_is_the_page_that_the_pdf_shows(self, chart: Chart) -> None:
        box = re.search(rb"/MediaBox\[0 0 ([\d.]+) ([\d.]+)\]", made(chart, "pdf"))
        assert box is not None
        view = ET.fromstring(made(chart, "svg")).get("viewBox", "").split()
        assert [float(box[1]), float(box[2])] == pytest.approx([float(view[2]), float(view[3])], abs=0.01)


class TestPng:
    def test_it_is_1920_pixels_wide_and_not_empty(self, chart: Chart) -> None:
        picture = Image.open(io.BytesIO(made(chart, "png"))).convert("L")
        assert picture.width == 1920
        low, high = picture.getextrema()
        assert (low, high) != (255, 255) and low < 60

    def test_the_margins_are_free(self, chart: Chart) -> None:
        picture = Image.open(io.BytesIO(made(chart, "png"))).convert("L")
        for edge in (
            picture.crop((0, 0, picture.width, 30)),
            picture.crop((0, 0, 30, picture.height)),
            picture.crop((picture.width - 30, 0, picture.width, picture.height)),
            picture.crop((0, picture.height - 30, picture.width, picture.height)),
        ):
            assert edge.getextrema() == (255, 255)


class TestPage:
    def test_it_is_as_wide_as_a_slide_is_shaped(self) -> None:
        assert pytest.approx(16 / 9) == WIDTH / HEIGHT
        assert ET.fromstring(made(stack(), "svg")).get("viewBox") == "0 0 720 405"

    @pytest.mark.parametrize("builder", [roadmap_many, ranked_hostile])
    def test_it_grows_with_its_rows_only_where_it_must(self, builder: object) -> None:
        assert callable(builder)
        view = ET.fromstring(made(builder(), "svg")).get("viewBox", "").split()
        assert float(view[3]) >= HEIGHT

    def test_without_eyebrow_there_is_none(self) -> None:
        assert "AI COST REVIEW" not in svg_texts(made(stack(), "svg", eyebrow=""))


class TestColours:
    def test_grey_has_no_colour_and_keeps_every_contrast(self) -> None:
        for palette in (LIGHT, DARK):
            grey = in_grey(palette)
            for mine, theirs in zip(
                (grey.accent, *grey.categories), (palette.accent, *palette.categories), strict=True
            ):
                assert mine[1:3] == mine[3:5] == mine[5:7]
                assert luminance(mine) == pytest.approx(luminance(theirs), abs=0.01)
                assert contrast(mine, grey.background) == pytest.approx(contrast(theirs, palette.background), rel=0.06)

    @pytest.mark.parametrize("name", ["svg", "pdf", "png", "pptx"])
    def test_a_palette_changes_the_file(self, name: str) -> None:
        colour, grey = (made(stack(), name, palette=palettes()[which]) for which in ("light", "print"))
        assert colour != grey

    def test_a_picture_in_grey_has_no_colour(self) -> None:
        picture = Image.open(io.BytesIO(made(stack(), "png", palette=palettes()["print"]))).convert("RGB")
        colours = picture.getcolors(1 << 24)
        assert colours and all(max(pixel) - min(pixel) <= 2 for _, pixel in colours)  # type: ignore[type-var,arg-type]


class TestTable:
    def test_every_format_has_a_name_of_its_own(self) -> None:
        assert len({one.name for one in FORMATS}) == len({one.mime for one in FORMATS}) == len(FORMATS) == 6

    @pytest.mark.parametrize("name", [one.name for one in FORMATS])
    def test_names_are_taken_in_capitals_too(self, name: str) -> None:
        assert made(stack(), name.upper()) == made(stack(), name)

    def test_a_format_that_does_not_exist_is_refused_with_a_hint(self) -> None:
        with pytest.raises(InputError, match=r"cannot be written as pgn.*Did you mean png"):
            made(stack(), "pgn")

    def test_a_slide_carries_the_same_trace(self) -> None:
        assert pptx.read_trace(made(stack(), "pptx")) == TRACE

    def test_the_table_needs_no_library_before_a_file_is_made(self) -> None:
        loaded = "[name for name in ('typst', 'pptx', 'xlsxwriter') if name in sys.modules]"
        code = f"import sys, costlib.documents.formats; print({loaded})"
        ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=REPOSITORY)
        assert ran.stdout.strip() == "[]"
