"""How many of a thing a chart's words say: one, two, more than are told; what is refused says what to do."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal as D
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from costlib.charts.fit import visible
from costlib.charts.package import read_trace
from costlib.charts.spec import (
    Bar,
    Bridge,
    Bubble,
    Caption,
    HeatTable,
    Investment,
    Kpi,
    Level,
    Line,
    Measure,
    Panel,
    Point,
    RankedBars,
    Segment,
    StackedColumns,
    Step,
    Swing,
    Tornado,
    Trend,
)
from costlib.charts.spec.parts import check_currency
from costlib.charts.timeline import Periods
from costlib.charts.trace import trace_json
from costlib.charts.words import alt_text
from costlib.errors import InputError
from costlib.periods import Grain
from tests.charts import planning
from tests.charts.conftest import bridge, months

WORDS = Caption("t", "s", "")
USD = Measure("Money", currency="USD")
ONE = D(1)
COST = Line("Cost", (ONE,) * 12)


def steps(count: int) -> Bridge:
    found = tuple(Step(f"S{at}", ONE) for at in range(count))
    return Bridge(WORDS, "USD", Level("Start", D(0)), found, Level("End", D(count)))


def stack(count: int) -> StackedColumns:
    return StackedColumns(
        WORDS, Periods(months(1), Grain.MONTH), "USD", tuple(Segment(f"S{at}", (ONE,)) for at in range(count))
    )


def lines(count: int) -> Trend:
    return Trend(WORDS, Periods(months(1), Grain.MONTH), "USD", tuple(Line(f"L{at}", (D(at),)) for at in range(count)))


def bars(count: int) -> RankedBars:
    return RankedBars(WORDS, "USD", tuple(Bar(f"B{at}", ONE) for at in range(count)), "Now")


def swings(count: int) -> Tornado:
    return Tornado(WORDS, "USD", Level("Base", ONE), tuple(Swing(f"S{at}", ONE, D(at)) for at in range(count)))


def invested(count: int) -> Bubble:
    return Bubble(
        WORDS,
        Measure("Effort"),
        Measure("Worth"),
        USD,
        tuple(Investment(f"I{at}", ONE, ONE, D(9 - at)) for at in range(count)),
    )


def heat(count: int) -> HeatTable:
    names = tuple(f"N{at}" for at in range(count))
    return HeatTable(WORDS, USD, names, names, tuple(tuple(D(at) for at in range(count)) for _ in names))


COUNTED: dict[str, tuple[Any, str, str]] = {
    "bridge": (steps, "Bridge of one step,", "Bridge of 2 steps,"),
    "stack": (stack, "Stacked columns of one part by", "Stacked columns of 2 parts by"),
    "lines": (lines, "One line by", "2 lines by"),
    "bars": (bars, "One bar, Now.", "2 bars, largest first, Now."),
    "tornado": (swings, "One input.", "2 inputs, widest swing first."),
    "portfolio": (invested, "One investment by", "2 investments by"),
    "heat": (heat, "Table of Money, USD, 1 row by 1 column.", "Table of Money, USD, 2 rows by 2 columns."),
}


@pytest.mark.parametrize("kind", COUNTED)
def test_one_is_singular_and_two_are_plural(kind: str) -> None:
    build, one, two = COUNTED[kind]
    assert alt_text(build(1)).startswith(one)
    assert alt_text(build(2)).startswith(two)


@pytest.mark.parametrize(
    ("build", "lead"), [(steps, "Largest: "), (invested, "Largest: "), (lines, "Highest at the end: ")]
)
def test_of_three_all_are_told_and_of_four_only_the_largest(build: Any, lead: str) -> None:
    three, four = alt_text(build(3)), alt_text(build(4))
    assert lead not in three and lead in four
    letter = build(4).steps[0].name[0] if isinstance(build(4), Bridge) else "I" if build is invested else "L"
    assert sum(f"{letter}{at} " in three for at in range(3)) == 3
    assert sum(f"{letter}{at} " in four for at in range(4)) == 3


class TestCharacters:
    """What a file cannot carry becomes a mark that a reader sees; everything else stays."""

    @pytest.mark.parametrize(
        ("code", "kept"),
        [
            (0x20, False),  # white space is folded
            (0x7E, True),
            (0x7F, False),
            (0x9F, False),
            (0xA1, True),
            (0xD7FF, True),
            (0xD800, False),
            (0xDFFF, False),
            (0xE000, True),
            (0xFFFD, True),
            (0xFFFE, False),
            (0xFFFF, False),
            (0x10000, True),
        ],
    )
    def test_the_edges_of_what_xml_carries(self, code: int, kept: bool) -> None:
        shown = visible(f"a{chr(code)}b")
        assert (shown == f"a{chr(code)}b") == (kept or code == 0x20)
        if not kept and code != 0x20:
            assert shown == "a\ufffdb"

    def test_the_ends_of_lines_of_any_system_become_one_space(self) -> None:
        assert visible("one\r\ntwo\nthree\tfour  five") == "one two three four five"
        assert visible("X\rY") == "XY"

    @settings(max_examples=20)
    @given(st.text(max_size=40))
    def test_shown_twice_is_shown_once(self, text: str) -> None:
        assert visible(visible(text)) == visible(text)


REFUSED: dict[str, tuple[Any, str]] = {
    "a stack whose rest is not last": (
        lambda: replace(stack(2), segments=(Segment("All other", (ONE,), other=True), Segment("A", (ONE,)))),
        "The segment that gathers the rest is not the last one. "
        'Expected: one segment such as "All other", on top of the stack. Put it last.',
    ),
    "a stack of eight names": (
        lambda: stack(8),
        "A stack has 8 named segments. Expected: at most 7 and one that gathers the rest. "
        'Add the smallest up as "All other".',
    ),
    "a trend of eight actual lines": (
        lambda: lines(8),
        "A trend has 8 lines, 8 of them actual. Expected: at most 7 actual lines and 8 in all. "
        "Show the largest and leave the rest to the table.",
    ),
    "a bridge that does not add up": (
        lambda: replace(bridge(), end=Level("Sep", D(5))),
        "A bridge ends at 5, start and steps come to 90000. Expected: start + steps = end, to the last digit. "
        "Add the step that is missing.",
    ),
    "a bridge of nine steps": (
        lambda: steps(9),
        "A bridge has 9 steps. Expected: at most 8, then one that gathers the rest. Pass them through gathered().",
    ),
    "thirteen swings": (lambda: swings(13), "A tornado has 13 swings. Expected: at most 12. Show the widest."),
    "thirteen bars": (
        lambda: bars(13),
        "A ranking has 13 bars. Expected: at most 12 and one that gathers the rest. Pass them through leading().",
    ),
    "sixteen investments": (
        lambda: replace(invested(1), investments=tuple(Investment(f"I{at}", ONE, ONE, ONE) for at in range(16))),
        "A portfolio has 16 investments. Expected: at most 15. Show the largest and leave the rest to the table.",
    ),
    "five figures": (
        lambda: replace(planning.figures(), kpis=(*planning.figures().kpis, Kpi("Fifth", "$1"))),
        "A row has 5 figures. Expected: at most 4. Make two rows.",
    ),
    "a figure without a value": (
        lambda: replace(planning.figures(), kpis=(Kpi("Spend", " "),)),
        "The figure 'Spend' has no value. Expected: its text, \"unknown\" if it is.",
    ),
    "sixteen choices": (
        lambda: replace(planning.tradeoff(), points=tuple(Point(f"P{at}", ONE, ONE) for at in range(16))),
        "A trade-off has 16 choices. Expected: at most 15. Leave those far from the front to the table.",
    ),
    "choices of which nothing is known": (
        lambda: replace(planning.tradeoff(), points=(Point("A", None, ONE),)),
        "A trade-off has no choice with both numbers known. Measure one, or show a table.",
    ),
    "thirteen panels": (
        lambda: replace(planning.panels_many(), panels=(*planning.panels_many().panels, Panel("M", (COST,)))),
        "A grid has 13 panels. Expected: at most 12. Show the largest.",
    ),
    "panels that differ": (
        lambda: replace(planning.panels(), panels=(planning.panels().panels[0], planning.panels_stacked().panels[1])),
        "The panels of a grid differ. Expected: lines or segments of the same names in each.",
    ),
    "a measure in money and in something": (
        lambda: Measure("Cost", currency="USD", unit="%"),
        "Cost is in USD and in %. Expected: a currency or a unit.",
    ),
    "no period": (
        lambda: Periods((), Grain.MONTH),
        "A chart over time has no period. Choose a window that holds data.",
    ),
    "data before the first period": (
        lambda: Periods(months(1), Grain.MONTH, data_until=date(2020, 1, 1)),
        "Data ends on 2020-01-01, before the first period 2026-10-01. Choose an earlier window.",
    ),
    "a currency of no country": (
        lambda: check_currency("XYZ"),
        "XYZ is not a currency. Expected: an ISO 4217 code such as USD.",
    ),
    "two of one name": (
        lambda: replace(stack(1), segments=(Segment("A", (ONE,)), Segment(" A ", (ONE,)))),
        "2 segments are called 'A'. Expected: one name each. Rename one or add the two up.",
    ),
    "a chart without a title": (
        lambda: Caption(" ", "s", ""),
        "A chart has no title. Expected: its finding in one sentence. Write the title.",
    ),
    "a bar compared with nothing": (
        lambda: replace(bars(1), bars=(Bar("A", ONE, ONE),)),
        "The bar 'A' has an earlier amount. Say in previous_name what it is compared with.",
    ),
    "a trace of what cannot be written": (
        lambda: trace_json({"one": 1j}),
        "A trace holds a complex. Expected: text, numbers, amounts, dates, lists.",
    ),
    "a file that is no presentation": (
        lambda: read_trace(b"no"),
        "The presentation cannot be read. Export it again.",
    ),
}


@pytest.mark.parametrize("what", REFUSED)
def test_a_refusal_says_what_there_is_what_is_expected_and_what_to_do(what: str) -> None:
    build, said = REFUSED[what]
    with pytest.raises(InputError) as caught:
        build()
    assert str(caught.value) == said
