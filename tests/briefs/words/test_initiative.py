"""A new initiative in words: its first twelve months, by workload, with every assumption."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from costlib.analysis.components import Component, Initiative, Input
from costlib.analysis.ranges import ThreePoint, certain
from costlib.briefs.words.initiative import (
    assumption_rows,
    initiative_ahead,
    initiative_finding,
    moved_by,
    plain,
    workload_rows,
)

OCT, JAN = date(2026, 10, 1), date(2027, 1, 1)


def given(unit: str, *estimate: float) -> Input:
    return Input(unit, ThreePoint(*estimate) if len(estimate) == 3 else certain(estimate[0]), "pilot of May", "Ben")


#: 100 calls x 0.5 hours x 2 dollars are 100 a month; 100 calls x 0.1 GB x 1 dollar are 10.
SURE = Initiative(
    "Voice",
    (
        Component("Store", given("calls", 100), given("GB a call", 0.1), given("USD a GB", 1)),
        Component("Speech", given("calls", 100), given("hours a call", 0.5), given("USD an hour", 2)),
    ),
)
OPEN = Initiative(
    "Voice", (Component("Speech", given("calls", 50, 100, 300), given("h", 0.5), given("USD", 1, 2, 2.5)),)
)


def test_months_before_the_start_are_nothing_and_twelve_follow() -> None:
    found = initiative_ahead(SURE, OCT, JAN)
    assert len(found.months) == 15 and found.months[0] == OCT and found.months[-1] == date(2027, 12, 1)
    assert [span.likely for span in found.by_month] == [Decimal(0)] * 3 + [Decimal(110)] * 12
    assert found.total.likely == found.total.low == found.total.high == Decimal(1320)


def test_a_start_that_lies_back_is_seen_from_there() -> None:
    found = initiative_ahead(SURE, JAN, OCT)
    assert (found.months[0], len(found.months), found.total.likely) == (OCT, 12, Decimal(1320))


def test_the_sentence_says_a_range_only_where_there_is_one() -> None:
    sure, wide = (initiative_finding("Voice", initiative_ahead(one, OCT, JAN), "USD") for one in (SURE, OPEN))
    assert sure == "Voice is likely to add $1.32K in its first 12 months"
    assert wide.startswith("Voice is likely to add $") and ", between $" in wide


def test_workloads_the_dearest_first_then_all() -> None:
    rows = workload_rows(SURE, initiative_ahead(SURE, OCT, JAN), "USD")
    assert [row[:2] for row in rows] == [["Speech", "$1.20K"], ["Store", "$120"], ["All", "$1.32K"]]
    assert rows[0][3:] == ["100 calls", "0.5 hours a call", "2 USD an hour"]


def test_months_and_workloads_add_up_to_the_whole() -> None:
    both = Initiative("Voice", (*OPEN.components, *SURE.components[:1]))
    found = initiative_ahead(both, OCT, JAN)
    assert sum(part.span.likely for part in found.parts) == pytest.approx(found.total.likely, abs=Decimal("0.02"))
    assert sum(span.likely for span in found.by_month) == pytest.approx(found.total.likely, abs=Decimal("0.1"))


def test_what_moves_it_most() -> None:
    """From 50 to 300 calls at 1 dollar a call; a price of 1 to 2.50 an hour moves 100 calls by less."""
    said = moved_by(OPEN, JAN, "USD")
    assert said == "What moves it most is the volume of Speech: $600 at its low, $3.60K at its high."
    assert moved_by(SURE, JAN, "USD") == ""


def test_assumptions_as_they_are_signed() -> None:
    rows = assumption_rows(OPEN.assumptions)
    assert rows[0] == ["Speech", "Volume", "50", "100", "300", "calls", "Ben", "pilot of May"]
    assert [row[1] for row in rows] == ["Volume", "Consumption", "Price"]


@pytest.mark.parametrize(
    ("value", "text"), [(0.0, "0"), (1e-7, "0.0000001"), (1234567.5, "1,234,567.5"), (1 / 3, "0.333333"), (20.0, "20")]
)
def test_figures_as_they_were_given(value: float, text: str) -> None:
    assert plain(value) == text


@pytest.mark.parametrize(
    ("first", "start", "months", "nothing"),
    [
        (date(2026, 11, 1), date(2027, 2, 1), 15, 3),
        (date(2026, 3, 1), date(2028, 1, 1), 34, 22),
        (date(2026, 10, 1), date(2026, 10, 1), 12, 0),
    ],
)
def test_years_between_now_and_its_start(first: date, start: date, months: int, nothing: int) -> None:
    found = initiative_ahead(SURE, first, start)
    assert [span.likely for span in found.by_month] == [Decimal(0)] * nothing + [Decimal(110)] * (months - nothing)
    assert found.total.likely == Decimal(1320)
