"""The sealed file: same bytes every time, a trace inside, nothing of the machine that made it."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal as D
from pathlib import Path
from typing import Any

import pytest
from pptx import Presentation

from costlib.charts.package import TRACE_NAMESPACE
from costlib.charts.slide import presentation, read_trace
from costlib.charts.spec import Caption, Chart, Segment, StackedColumns
from costlib.charts.timeline import Periods
from costlib.charts.trace import trace_json
from costlib.errors import InputError
from costlib.periods import Grain

MakeDeck = Callable[..., Any]
ROOT = Path(__file__).parents[2]


def test_same_input_same_bytes(charts: dict[str, Chart], deck: MakeDeck) -> None:
    assert deck(*charts.values()).data == deck(*charts.values()).data


def test_same_bytes_in_another_process_and_time_zone() -> None:
    program = (
        "import hashlib, sys; from datetime import date; from decimal import Decimal as D\n"
        "from costlib.charts.slide import presentation; from costlib.charts.spec import *\n"
        "from costlib.charts.timeline import Periods\n"
        "from costlib.periods import Grain\n"
        "chart = StackedColumns(Caption('Flat', 'Cost, USD', 's'), Periods((date(2026, 9, 1),), Grain.MONTH), 'USD',\n"
        "                       (Segment('A', (D(1),)), Segment('B', (D(2),))))\n"
        "deck = presentation([chart], eyebrow='e', made_on=date(2026, 10, 1), trace={'b': 1, 'a': 2})\n"
        "print(hashlib.sha256(deck).hexdigest())"
    )
    digests = {
        subprocess.run(
            [sys.executable, "-c", program],
            env=os.environ | {"PYTHONHASHSEED": seed, "TZ": zone},
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed, zone in (("1", "UTC"), ("2", "Asia/Tokyo"))
    }
    assert len(digests) == 1


def test_a_changed_amount_or_date_changes_the_bytes(charts: dict[str, Chart], deck: MakeDeck) -> None:
    first = deck(charts["stack"]).data
    assert deck(charts["stack"], made_on=date(2026, 10, 22)).data != first
    assert deck(charts["stack"], trace={"generation": "other"}).data != first
    assert deck(charts["trend"]).data != first


def test_archives_carry_no_time(charts: dict[str, Chart], deck: MakeDeck) -> None:
    opened = deck(charts["stack"])
    for archive in (opened.archive, opened.book(1)):
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_properties_are_neutral(charts: dict[str, Chart], deck: MakeDeck) -> None:
    opened = deck(charts["stack"])
    properties = Presentation(io.BytesIO(opened.data)).core_properties
    assert (properties.author, properties.last_modified_by) == ("Glidepath", "Glidepath")
    assert properties.created == properties.modified == datetime(2026, 10, 21)
    assert properties.title == "Search drives the rise"
    assert b"<Application>Glidepath</Application>" in opened.archive.read("docProps/app.xml")
    assert b"2026-10-21" in opened.book(1).read("docProps/core.xml")


def test_nothing_is_left_of_the_blank_deck(charts: dict[str, Chart], deck: MakeDeck) -> None:
    opened = deck(charts["stack"])
    names = opened.archive.namelist()
    assert not [name for name in names if "thumbnail" in name or "printer" in name]
    assert [name for name in names if "slideLayouts/slideLayout" in name] == ["ppt/slideLayouts/slideLayout1.xml"]
    for name in names:
        content = opened.archive.read(name)
        assert b"Steve Canny" not in content and b"python-pptx" not in content, name
        assert str(ROOT).encode() not in content, name


def test_trace_comes_back(charts: dict[str, Chart], deck: MakeDeck) -> None:
    trace = {
        "generation": "7f3a",
        "window": [date(2026, 7, 1), date(2026, 10, 20)],
        "sum": D("410000.100"),
        "filter": {"x_Team": ["Search & <Ads>", "é"]},
    }
    assert read_trace(deck(charts["stack"], trace=trace).data) == {
        "generation": "7f3a",
        "window": ["2026-07-01", "2026-10-20"],
        "sum": "410000.1",
        "filter": {"x_Team": ["Search & <Ads>", "é"]},
    }


def test_trace_is_a_part_of_the_presentation(charts: dict[str, Chart], deck: MakeDeck) -> None:
    opened = deck(charts["stack"])
    part = opened.xml("customXml/item1.xml")
    assert part.tag == f"{{{TRACE_NAMESPACE}}}trace"
    relations = opened.xml("ppt/_rels/presentation.xml.rels")
    targets = [rel.get("Target") for rel in relations if (rel.get("Type") or "").endswith("/customXml")]
    assert targets == ["../customXml/item1.xml"]


def test_trace_survives_an_edit(charts: dict[str, Chart], deck: MakeDeck) -> None:
    edited = Presentation(io.BytesIO(deck(charts["stack"]).data))
    edited.slides[0].shapes.title.text_frame.text = "Rewritten"
    buffer = io.BytesIO()
    edited.save(buffer)
    assert read_trace(buffer.getvalue()) == {"generation": "7f3a"}


def test_trace_json_is_ordered_and_refuses_what_it_cannot_keep() -> None:
    assert trace_json({"b": 1, "a": D("2.50")}) == '{"a": "2.5", "b": 1}'
    with pytest.raises(InputError, match="holds a set"):
        trace_json({"a": {1, 2}})


def test_a_file_without_a_trace_is_refused() -> None:
    buffer = io.BytesIO()
    Presentation().save(buffer)
    with pytest.raises(InputError, match="no trace"):
        read_trace(buffer.getvalue())
    with pytest.raises(InputError, match="cannot be read"):
        read_trace(b"not a presentation")


def test_a_damaged_trace_is_refused(charts: dict[str, Chart], deck: MakeDeck) -> None:
    opened = deck(charts["stack"])
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as target:
        for name in opened.archive.namelist():
            content = opened.archive.read(name)
            target.writestr(name, content[:-10] if name == "customXml/item1.xml" else content)
    with pytest.raises(InputError, match="cannot be read"):
        read_trace(buffer.getvalue())


def test_presentation_needs_its_date(charts: dict[str, Chart]) -> None:
    with pytest.raises(TypeError):
        presentation([charts["stack"]], eyebrow="", trace={})  # type: ignore[call-arg]


def archive(**files: str) -> bytes:
    """A file of an office suite that holds these parts."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as made:
        for name, text in files.items():
            made.writestr(name.replace("__", "/").replace("_xml", ".xml"), text)
    return buffer.getvalue()


class TestReading:
    OURS = f'<trace xmlns="{TRACE_NAMESPACE}">{{"generation": "7f3a"}}</trace>'

    def test_the_trace_is_found_among_parts_of_other_makers(self) -> None:
        data = archive(
            customXml__item1_xml="<other/>",
            customXml__itemProps1_xml="<other/>",
            customXml__item2_xml=self.OURS,
            ppt__presentation_xml="not xml at all",
            customXml__item2_bin="nor is this",
        )
        assert read_trace(data) == {"generation": "7f3a"}

    def test_an_empty_trace_is_a_trace(self) -> None:
        assert read_trace(archive(customXml__item1_xml=f'<trace xmlns="{TRACE_NAMESPACE}"/>')) == {}

    def test_a_trace_of_another_maker_is_none(self) -> None:
        with pytest.raises(InputError, match="carries no trace"):
            read_trace(archive(customXml__item1_xml="<trace>{}</trace>"))

    @pytest.mark.parametrize("text", ["<trace", f'<trace xmlns="{TRACE_NAMESPACE}">{{</trace>'])
    def test_a_damaged_part_is_told_as_such(self, text: str) -> None:
        with pytest.raises(InputError, match="cannot be read"):
            read_trace(archive(customXml__item1_xml=text))

    @pytest.mark.parametrize("text", ["<b>&amp;</b>", "]]>", "Förderung 😀", 'quoted "twice"'])
    def test_words_of_any_kind_come_back_as_they_went_in(
        self, text: str, charts: dict[str, Chart], deck: MakeDeck
    ) -> None:
        assert read_trace(deck(charts["cents"], trace={"note": text}).data) == {"note": text}


def test_a_very_long_finding_is_cut_where_the_property_of_a_file_ends(deck: MakeDeck) -> None:
    chart = StackedColumns(
        Caption("word " * 100, "", ""), Periods((date(2026, 9, 1),), Grain.MONTH), "USD", (Segment("A", (D(1),)),)
    )
    made = Presentation(io.BytesIO(deck(chart).data))
    assert len(made.core_properties.title) == 255 and made.core_properties.title.startswith("word word")


def test_the_trace_is_tied_to_the_presentation_and_to_what_names_it(charts: dict[str, Chart], deck: MakeDeck) -> None:
    """Office suites drop a part that nothing refers to when they save the file again."""
    opened = deck(charts["cents"]).archive
    names = opened.namelist()
    assert "customXml/_rels/item1.xml.rels" in names and "customXml/itemProps1.xml" in names
    assert b"itemProps1.xml" in opened.read("customXml/_rels/item1.xml.rels")
    assert b"customXml/item1.xml" in opened.read("ppt/_rels/presentation.xml.rels")
