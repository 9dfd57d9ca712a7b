"""Charts of plans and choices as text: the table has every figure, the sentence the few that matter."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal as D

import pytest

from costlib.charts.words import alt_text, notes, table
from tests.charts import planning
from tests.charts.planning import PLANNING


@pytest.mark.parametrize("name", PLANNING)
def test_every_chart_has_a_table_and_a_sentence(name: str) -> None:
    chart = PLANNING[name]()
    header, rows = table(chart)
    assert rows and all(len(row) == len(header) for row in rows)
    assert len(set(header)) == len(header)
    assert alt_text(chart).endswith(".") and "None" not in alt_text(chart)


def test_a_roadmap_in_words() -> None:
    header, rows = table(planning.roadmap())
    assert header == ("Phase", "Initiative", "Owner", "Start", "Full saving from", "Currency", "Saving a year")
    assert rows[1] == (
        "1 Quick wins",
        "Semantic cache for support bot",
        "Support Eng",
        "2027-01-01",
        "2027-04-01",
        "USD",
        "500000",
    )
    assert sum(D(row[-1]) for row in rows) == D(4600000)
    assert alt_text(planning.roadmap()).startswith(
        "Roadmap of 6 initiatives, Dec 2026 to Nov 2027, Saving a year $4.60M in all. Largest: Route small prompts"
    )
    assert notes(planning.roadmap_one()) == ("Unknown and left blank: saving of Cap context length",)
    assert table(planning.roadmap_one())[1][0][-1] == ""


def test_a_tornado_in_words() -> None:
    header, rows = table(planning.tornado())
    assert header == ("Input", "Currency", "Input at its low", "Input at its high", "Plan as proposed")
    assert rows[0] == ("Share of prompts that can be routed", "USD", "2300000", "4200000", "3200000")
    said = alt_text(planning.tornado())
    assert said.startswith("4 inputs, widest swing first. Plan as proposed $3.20M.")
    assert "Share of prompts that can be routed $2.30M (30%) to $4.20M (60%)" in said and "Price of tokens" not in said
    assert notes(planning.tornado_one_sided()) == (
        "Unknown and left blank: Not estimated, Low, Nothing known, Low, Nothing known, High",
    )


def test_a_heat_table_in_words() -> None:
    header, rows = table(planning.heat())
    assert header[:3] == ("Team", "Currency", "May 26") and rows[3][:4] == (planning.LONG_NAME, "USD", "40000", "")
    assert table(planning.heat_one()) == (("Name", "Now"), [("Search", "0.918")])
    assert "Highest Search, Oct 26 $320K, lowest" in alt_text(planning.heat())
    assert alt_text(planning.heat_one()) == "Table of Pass rate, %, 1 row by 1 column. Highest Search, Now 91.8%."
    assert "No number is known." in alt_text(planning.heat_unknown())


def test_figures_in_words_say_what_a_change_means() -> None:
    said = alt_text(planning.figures())
    assert "FY26 outlook $18.5M, +$2.7M vs plan (bad), likely 17.9 to 19.2" in said
    assert "−18% a year (good)" in said and "46% of target, of $4.6M identified" in said
    assert alt_text(planning.figure_alone()) == "Spend unknown."
    assert table(planning.figures())[1][3] == ("Savings booked", "$2.1M", "46% of target", "of $4.6M identified")


def test_a_tradeoff_in_words_tells_the_front_and_what_is_chosen() -> None:
    said = alt_text(planning.tradeoff())
    assert "Not beaten on both: Small $0.60, 91%; Routed (chosen) $1.35, 95.5%; Large tuned $3.20, 96.8%." in said
    assert notes(planning.tradeoff()) == ("Unknown and left blank: Open weights",)
    header, rows = table(planning.tradeoff())
    assert header[-2:] == ("On the front", "Chosen")
    assert rows[3] == ("Routed", "1.35", "0.955", "yes", "yes") and rows[6][1] == ""
    moved = tuple(replace(point, chosen=point.name == "Medium") for point in planning.tradeoff().points)
    assert "Chosen but beaten: Medium $1.90, 93.1%." in alt_text(replace(planning.tradeoff(), points=moved))


def test_a_portfolio_in_words_adds_its_money_up_by_purpose() -> None:
    said = alt_text(planning.portfolio())
    assert "Money: run $5.00M, grow $1.25M, transform $2.00M." in said
    assert "GPU commitment $4.00M (2 months, $2.10M)" in said
    assert table(planning.portfolio())[1][5] == ("Edge inference", "transform", "12", "", "500000")


def test_panels_in_words_name_the_highest() -> None:
    said = alt_text(planning.panels())
    assert said.startswith(
        "6 panels of lines by month, one scale, Jul 2026 to Oct 2026. Highest at the end: Search from"
    )
    header, rows = table(planning.panels())
    assert header == ("Panel", "Month", "Currency", "This year", "Year before")
    assert len(rows) == 24 and rows[4] == ("Fraud", "2026-07-01", "USD", "100000", "90000")
    assert notes(planning.panels()) == (
        "Oct 2026 holds data to 20 Oct only",
        "Unknown and left blank: Ads, This year in Aug 2026",
    )


def test_an_outlook_in_words_tells_both_paths_and_the_target() -> None:
    said = alt_text(planning.outlook_with_plan())
    for words in (
        "Without the plan $160K in Mar 2027",
        "Budget $125K in Mar 2027",
        "With the plan $118K in Mar 2027",
        "Target $120K in Mar 2027",
    ):
        assert words in said
    header, rows = table(planning.outlook_with_plan())
    assert header[-2:] == ("With the plan", "Target") and rows[-1][-2:] == ("118000", "120000") and rows[-2][-1] == ""
    assert notes(planning.outlook_with_plan()) == ()


def test_an_unknown_part_of_a_panel_is_told() -> None:
    chart = planning.panels_stacked()
    assert notes(chart) == (
        "Unknown and left blank: " + ", ".join(f"{name}, All other in Sep 2026" for name in ("Search", "Fraud", "Ads")),
    )
