"""The whole sentence that stands for a chart, worked out by hand: one part, several, more than are told, none known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal as D

import pytest

from costlib.charts.spec import (
    OTHER,
    Band,
    BandTrend,
    Bar,
    Bridge,
    Bubble,
    Bucket,
    Chart,
    HeatTable,
    Initiative,
    Investment,
    Kpi,
    KpiRow,
    Level,
    Line,
    Measure,
    Mood,
    Panel,
    Point,
    RankedBars,
    Roadmap,
    Role,
    Scatter,
    Segment,
    SmallMultiples,
    StackedColumns,
    Step,
    Swing,
    Tornado,
    Trend,
)
from costlib.charts.timeline import Periods
from costlib.charts.words import alt_text, notes, table
from costlib.charts.words.parts import last_amount
from costlib.periods import Grain
from tests.charts.conftest import amounts, caption, months

WORDS = caption("A finding")
TWO, THREE = Periods(months(2), Grain.MONTH), Periods(months(3), Grain.MONTH)
WORTH, MONTHS = Measure("Worth", currency="USD"), Measure("Time", unit="months")
MONEY = Measure("Money", currency="USD")


def line(name: str, *values: str | None, role: Role = Role.ACTUAL) -> Line:
    return Line(name, amounts(*values), role)


def stack(*parts: tuple[str, tuple[str | None, ...]]) -> StackedColumns:
    return StackedColumns(WORDS, TWO, "USD", tuple(Segment(name, amounts(*values)) for name, values in parts))


class TestStack:
    def test_one_part_of_one_period(self) -> None:
        one = StackedColumns(WORDS, Periods(months(1), Grain.MONTH), "USD", (Segment("GPU", amounts("5")),))
        said = "Stacked columns of one part by month, Oct 2026. Total $5.00 in Oct 2026, of which GPU $5.00."
        assert alt_text(one) == said

    def test_a_part_of_nothing_is_not_told(self) -> None:
        said = (
            "Stacked columns of 2 parts by month, Sep 2026 to Oct 2026. Total $4.00 in Sep 2026 and $3.00 in Oct 2026"
        )
        assert alt_text(stack(("GPU", ("2", "3")), ("Tax", ("2", "0")))) == f"{said}, of which GPU $3.00."

    def test_where_all_is_nothing_no_part_is_told(self) -> None:
        assert alt_text(stack(("GPU", ("2", "0")))).endswith("Total $2.00 in Sep 2026 and $0 in Oct 2026.")

    def test_where_no_total_is_known_that_is_all(self) -> None:
        said = alt_text(stack(("GPU", (None, "3")), ("Tax", ("2", None))))
        assert said == (
            "Stacked columns of 2 parts by month, Sep 2026 to Oct 2026. No total is known. "
            "Unknown and left blank: GPU in Sep 2026, Tax in Oct 2026."
        )


class TestTrend:
    def test_three_lines_are_told_in_their_order(self) -> None:
        chart = Trend(WORDS, TWO, "USD", (line("A", "1", "2"), line("B", "9", "8"), line("C", "4", "5")))
        assert alt_text(chart) == (
            "3 lines by month, Sep 2026 to Oct 2026. A from $1.00 in Sep 2026 to $2.00 in Oct 2026; "
            "B from $9.00 in Sep 2026 to $8.00 in Oct 2026; C from $4.00 in Sep 2026 to $5.00 in Oct 2026."
        )

    def test_of_four_the_three_that_end_highest_are_told_and_an_unknown_one_last(self) -> None:
        lines = (line("A", "1", "2"), line("B", None, None), line("C", "4", "5"), line("D", "9", "3"))
        said = alt_text(Trend(WORDS, TWO, "USD", lines))
        assert said.startswith("4 lines by month, Sep 2026 to Oct 2026. Highest at the end: C from $4.00")
        assert [said.find(f"{name} from") for name in "CDA"] == sorted(said.find(f"{name} from") for name in "CDA")
        assert "B from" not in said and "B unknown" not in said

    def test_weeks_and_days_are_told_as_such(self) -> None:
        weeks = Periods((date(2026, 9, 7), date(2026, 9, 14)), Grain.WEEK)
        days = Periods((date(2026, 9, 7), date(2026, 9, 8)), Grain.DAY)
        by_week, by_day = (alt_text(Trend(WORDS, one, "USD", (line("A", "1", "2"),))) for one in (weeks, days))
        assert f"$2.00 in the {weeks.names[1]}" in by_week and "2 lines" not in by_week
        assert by_day.endswith("A from $1.00 on 7 Sep 2026 to $2.00 on 8 Sep 2026.")

    @pytest.mark.parametrize(
        ("values", "role", "said"),
        [
            (("1", "2"), Role.ACTUAL, "$2.00 to 20 Oct"),
            (("1", "2"), Role.PREVIOUS, "$2.00"),
            (("1", "2"), Role.PLAN, "$2.00"),
            (("1", None), Role.ACTUAL, "$1.00 Sep 26"),
            (("1", None), Role.PREVIOUS, "$1.00 Sep 26"),
            (("1", None), Role.PLAN, "$1.00"),
            ((None, None), Role.ACTUAL, "unknown"),
        ],
    )
    def test_only_what_was_spent_is_open(self, values: tuple[str | None, ...], role: Role, said: str) -> None:
        """An amount of the year before in an open month is that of the whole month."""
        periods = replace(TWO, data_until=date(2026, 10, 20))
        assert last_amount(line("A", *values, role=role), periods, "USD") == said

    def test_a_peak_reached_twice_is_told_of_the_later_time(self) -> None:
        five = Periods(months(5), Grain.MONTH)
        said = alt_text(Trend(WORDS, five, "USD", (line("A", "1", "7", "2", "7", "3"),)))
        assert said.endswith("A from $1.00 in Jun 2026 to $3.00 in Oct 2026, highest $7.00 in Sep 2026.")


class TestBars:
    def test_one_bar(self) -> None:
        chart = RankedBars(WORDS, "USD", (Bar("Search", D(4)),), "Sep 2026")
        assert alt_text(chart) == "One bar, Sep 2026. Search $4.00."

    def test_the_rest_is_always_told_and_the_lowest_credit_beyond_the_three_largest(self) -> None:
        bars = [Bar(name, D(amount)) for name, amount in zip("ABCDEF", (60, 50, 40, 30, -5, -20), strict=True)]
        chart = RankedBars(WORDS, "USD", (*bars, Bar(OTHER, D(99), other=True)), "Sep 2026")
        assert alt_text(chart) == (
            "7 bars, largest first, Sep 2026. A $60.00; B $50.00; C $40.00; All other $99.00; lowest F −$20.00."
        )

    def test_a_credit_among_the_three_largest_is_told_once(self) -> None:
        chart = RankedBars(WORDS, "USD", (Bar("A", D(5)), Bar("B", D(-5))), "Sep 2026")
        assert alt_text(chart) == "2 bars, largest first, Sep 2026. A $5.00; B −$5.00."

    @pytest.mark.parametrize("last", [D(0), D(1), None])
    def test_a_fourth_bar_that_is_no_credit_is_not_told(self, last: D | None) -> None:
        bars = (Bar("A", D(5)), Bar("B", D(4)), Bar("C", D(3)), Bar("D", last))
        said = alt_text(RankedBars(WORDS, "USD", bars, "Sep 2026"))
        assert said.startswith("4 bars, largest first, Sep 2026. A $5.00; B $4.00; C $3.00.") and "lowest" not in said

    def test_what_it_was_before_follows_each_bar(self) -> None:
        bars = (Bar("A", D(5), D(4)), Bar("B", None, D(3)), Bar("C", D(2), None))
        assert alt_text(RankedBars(WORDS, "USD", bars, "Sep 2026", "Aug 2026")) == (
            "3 bars, largest first, Sep 2026 compared with Aug 2026. "
            "A $5.00 (before $4.00); C $2.00; B unknown (before $3.00). "
            "Unknown and left blank: B in Sep 2026, C in Aug 2026."
        )


def bridge(*changes: int) -> Bridge:
    steps = tuple(Step(f"Step {at}", D(change)) for at, change in enumerate(changes, start=1))
    return Bridge(WORDS, "USD", Level("Aug", D(10)), steps, Level("Sep", D(10 + sum(changes))))


class TestBridge:
    @pytest.mark.parametrize(
        ("changes", "said"),
        [
            ((2,), "Bridge of one step, Aug $10.00 to Sep $12.00, a change of +$2.00. Step 1 +$2.00."),
            (
                (2, -3, 1),
                "Bridge of 3 steps, Aug $10.00 to Sep $10.00, a change of $0. "
                "Step 2 −$3.00, Step 1 +$2.00, Step 3 +$1.00.",
            ),
            (
                (2, -3, 1, 5),
                "Bridge of 4 steps, Aug $10.00 to Sep $15.00, a change of +$5.00. "
                "Largest: Step 4 +$5.00, Step 2 −$3.00, Step 1 +$2.00.",
            ),
        ],
    )
    def test_the_largest_three_steps_whatever_their_sign(self, changes: tuple[int, ...], said: str) -> None:
        assert alt_text(bridge(*changes)) == said


def portfolio(*rows: tuple[str, int, int, int | None, Bucket]) -> Bubble:
    made = (Investment(name, D(x), D(y), None if size is None else D(size), use) for name, x, y, size, use in rows)
    return Bubble(WORDS, MONTHS, WORTH, MONEY, tuple(made))


class TestPortfolio:
    def test_one_investment(self) -> None:
        assert alt_text(portfolio(("Cache", 3, 10, 5, Bucket.GROW))) == (
            "One investment by Time and Worth; Money: grow $5.00. Cache $5.00 (3 months, $10.00)."
        )

    def test_the_three_largest_of_four_and_the_sums_by_purpose_in_their_usual_order(self) -> None:
        chart = portfolio(
            ("A", 1, 1, 1, Bucket.TRANSFORM),
            ("B", 2, -2, 8, Bucket.RUN),
            ("C", 3, 3, 4, Bucket.RUN),
            ("D", 4, 4, 2, Bucket.GROW),
            ("E", 5, 5, None, Bucket.GROW),
        )
        assert alt_text(chart) == (
            "4 investments by Time and Worth; Money: run $12.00, grow $2.00, transform $1.00. "
            "Largest: B $8.00 (2 months, −$2.00); C $4.00 (3 months, $3.00); D $2.00 (4 months, $4.00). "
            "Unknown and left blank: E."
        )

    def test_three_are_told_without_saying_that_they_are_the_largest(self) -> None:
        said = alt_text(portfolio(*((name, 1, 1, 1, Bucket.RUN) for name in "ABC")))
        assert "Largest" not in said and said.count("(1 month") == 3

    def test_the_table_says_what_each_is_for(self) -> None:
        header, rows = table(portfolio(("A", 1, 2, 3, Bucket.TRANSFORM)))
        assert header == ("Investment", "Purpose", MONTHS.heading, WORTH.heading, MONEY.heading)
        assert rows == [("A", "transform", "1", "2", "3")] and type(rows[0][1]) is str


def grid(*rows: Sequence[str | None]) -> HeatTable:
    names = tuple(f"Team {at}" for at in range(1, len(rows) + 1))
    columns = ("May", "Jun", "Jul")[: len(rows[0])]
    return HeatTable(WORDS, MONEY, names, columns, tuple(amounts(*row) for row in rows), "Team")


class TestHeat:
    @pytest.mark.parametrize(
        ("chart", "said"),
        [
            (grid(["1", "2"]), "1 row by 2 columns. Highest Team 1, Jun $2.00, lowest Team 1, May $1.00."),
            (grid(["1"], ["2"]), "2 rows by 1 column. Highest Team 2, May $2.00, lowest Team 1, May $1.00."),
            (grid(["3", "3"]), "1 row by 2 columns. Highest Team 1, May $3.00."),
            (grid(["-3"], ["-3.5"]), "2 rows by 1 column. Highest Team 1, May −$3.00, lowest Team 2, May −$3.50."),
            (grid([None, None]), "1 row by 2 columns. No number is known."),
        ],
    )
    def test_size_and_both_ends(self, chart: HeatTable, said: str) -> None:
        assert alt_text(chart).startswith(f"Table of {MONEY.heading}, {said}")

    def test_of_equal_numbers_the_first_in_reading_order_is_told(self) -> None:
        chart = grid(["1", "9"], ["9", "1"])
        assert alt_text(chart).endswith("Highest Team 1, Jun $9.00, lowest Team 1, May $1.00.")

    def test_the_order_of_reading_counts_and_not_that_of_the_alphabet(self) -> None:
        chart = replace(grid(["1", "9"], ["1", "9"]), rows=("Zebra", "Ant"))
        assert alt_text(chart).endswith("Highest Zebra, Jun $9.00, lowest Zebra, May $1.00.")

    def test_an_empty_cell_is_named_by_row_and_column(self) -> None:
        assert notes(grid(["1", "2"], ["3", None])) == ("Unknown and left blank: Team 2, Jun",)


def test_figures_in_a_row_follow_each_other() -> None:
    kpis = (Kpi("Spend", "$5M", "+2%", Mood.BAD, "a year"), Kpi("Teams", "8", "", Mood.GOOD), Kpi("Days", "3", "−1"))
    assert alt_text(KpiRow(WORDS, kpis)) == "Spend $5M, +2% (bad), a year; Teams 8; Days 3, −1."
    assert table(KpiRow(WORDS, kpis)) == (
        ("Figure", "Value", "Change", "Context"),
        [("Spend", "$5M", "+2%", "a year"), ("Teams", "8", "", ""), ("Days", "3", "−1", "")],
    )


def panels(*rows: tuple[str, tuple[str | None, ...]], periods: Periods = TWO) -> SmallMultiples:
    made = tuple(Panel(name, (line("Cost", *values),)) for name, values in rows)
    return SmallMultiples(WORDS, periods, "USD", made)


class TestPanels:
    def test_one_panel_of_one_period(self) -> None:
        chart = panels(("All", ("5",)), periods=Periods(months(1), Grain.MONTH))
        assert alt_text(chart) == "One panel of lines by month, one scale, Oct 2026. All $5.00 in Oct 2026."

    def test_two_panels_the_higher_end_first(self) -> None:
        assert alt_text(panels(("A", ("9", "1")), ("B", ("2", "4")))) == (
            "2 panels of lines by month, one scale, Sep 2026 to Oct 2026. "
            "B from $2.00 in Sep 2026 to $4.00 in Oct 2026; A from $9.00 in Sep 2026 to $1.00 in Oct 2026."
        )

    def test_three_are_told_without_a_lead_and_an_unknown_one_last(self) -> None:
        said = alt_text(panels(("A", (None, None)), ("B", ("-2", "-4")), ("C", (None, "1"))))
        assert said.startswith(
            "3 panels of lines by month, one scale, Sep 2026 to Oct 2026. "
            "C $1.00 in Oct 2026; B from −$2.00 in Sep 2026 to −$4.00 in Oct 2026; A unknown. Unknown and left blank: "
        )

    def test_of_four_the_fourth_is_not_told(self) -> None:
        said = alt_text(panels(*((name, ("1", str(end))) for name, end in zip("ABCD", (4, 3, 2, 1), strict=True))))
        assert ". Highest at the end: A from" in said and "D from" not in said and said.count("; ") == 2

    def test_stacked_panels_are_told_by_their_totals(self) -> None:
        parts = (Segment("Run", amounts("1", "2")), Segment("Train", amounts("3", "-1")))
        chart = SmallMultiples(WORDS, TWO, "USD", (Panel("A", parts),))
        assert alt_text(chart) == (
            "One panel of stacked columns by month, one scale, Sep 2026 to Oct 2026. "
            "A from $4.00 in Sep 2026 to $1.00 in Oct 2026."
        )


def initiative(name: str, saving: int | None, owner: str = "", start: date = date(2026, 9, 1)) -> Initiative:
    return Initiative(name, "Quick", owner, start, date(2026, 10, 1), None if saving is None else D(saving))


class TestRoadmap:
    def test_one_initiative_of_one_month(self) -> None:
        one = initiative("Cap context", 500, "Search")
        assert alt_text(Roadmap(WORDS, "USD", (one,))) == (
            "Roadmap of one initiative, Sep 2026, Saving a year $500 in all. "
            f"Cap context $500 ({Roadmap(WORDS, 'USD', (one,)).when(one)}, Search)."
        )

    def test_nobody_is_not_named_as_an_owner(self) -> None:
        assert ", )" not in alt_text(Roadmap(WORDS, "USD", (initiative("Cap context", 500),)))

    def test_the_largest_three_of_four_and_what_is_unknown_last(self) -> None:
        rows = [initiative("None", None), initiative("Cost", -9), initiative("Small", 1), initiative("Large", 50)]
        said = alt_text(Roadmap(WORDS, "USD", tuple(rows)))
        lead, _, told = said.partition("Largest: ")
        assert lead == "Roadmap of 4 initiatives, Sep 2026, Saving a year $42.00 in all. " or "known" in lead
        assert [told.find(name) for name in ("Large $50", "Small $1", "Cost −$9")] == sorted(
            told.find(name) for name in ("Large $50", "Small $1", "Cost −$9")
        )
        assert "None unknown (" not in told and told.count("; ") == 2

    def test_three_are_told_without_a_lead(self) -> None:
        said = alt_text(Roadmap(WORDS, "USD", tuple(initiative(name, 5) for name in "ABC")))
        assert said.startswith("Roadmap of 3 initiatives") and "Largest" not in said

    def test_of_two_months_both_are_named(self) -> None:
        rows = (initiative("A", 1, start=date(2026, 8, 15)), initiative("B", 2))
        assert "Roadmap of 2 initiatives, Aug 2026 to Sep 2026, " in alt_text(Roadmap(WORDS, "USD", rows))


CORNERS = [(x, y) for x in ("Cheap", "Dear") for y in ("good", "poor")]


def choices(*points: tuple[str, str | None, str, bool]) -> Scatter:
    made = tuple(Point(name, *amounts(x, y), chosen) for name, x, y, chosen in points)
    return Scatter(WORDS, Measure("Cost", currency="USD"), Measure("Pass rate", unit="%"), made)


class TestTradeoff:
    def test_one_choice(self) -> None:
        said = "One choice by Cost and Pass rate. Not beaten on both: Only $1.00, 50%."
        assert alt_text(choices(("Only", "1", "0.5", False))) == said

    def test_what_is_chosen_and_beaten_is_said_of_each(self) -> None:
        chart = choices(("Good", "1", "0.9", False), ("Dear", "2", "0.9", True), ("Poor", "1", "0.8", True))
        assert alt_text(chart) == (
            "3 choices by Cost and Pass rate. Not beaten on both: Good $1.00, 90%. "
            "Chosen but beaten: Dear $2.00, 90%; Poor $1.00, 80%."
        )

    def test_what_is_chosen_and_unbeaten_is_marked_in_its_place(self) -> None:
        chart = choices(("Good", "1", "0.9", True), ("Dear", "2", "0.9", False))
        assert alt_text(chart) == "2 choices by Cost and Pass rate. Not beaten on both: Good (chosen) $1.00, 90%."
        assert [row[-2:] for row in table(chart)[1]] == [("yes", "yes"), ("no", "no")]

    @pytest.mark.parametrize(
        ("less_x", "more_y", "front"),
        [
            (True, True, "Cheap good"),
            (False, True, "Dear good"),
            (True, False, "Cheap poor"),
            (False, False, "Dear poor"),
        ],
    )
    def test_which_way_is_good_decides_what_is_beaten(self, less_x: bool, more_y: bool, front: str) -> None:
        """One choice at each corner: the best of both beats the other three."""
        corners = [
            (f"{x} {y}", "1" if x == "Cheap" else "2", "0.9" if y == "good" else "0.8", False) for x, y in CORNERS
        ]
        chart = replace(choices(*corners), less_x=less_x, more_y=more_y)
        assert [one.name for one in chart.front] == [front]

    def test_equal_choices_do_not_beat_each_other(self) -> None:
        said = alt_text(choices(("A", "1", "0.9", False), ("B", "1", "0.9", False)))
        assert said.endswith("Not beaten on both: A $1.00, 90%; B $1.00, 90%.")


class TestTornado:
    def test_one_input_without_words_for_its_ends(self) -> None:
        chart = Tornado(WORDS, "USD", Level("Base", D(5)), (Swing("Price", D(4), D(6)),))
        assert alt_text(chart) == "One input. Base $5.00. Price $4.00 to $6.00."

    def test_the_widest_three_of_four_with_their_ends(self) -> None:
        swings = tuple(Swing(f"Input {width}", D(5), D(5 + width), "low", "") for width in (1, 4, 2, 3))
        assert alt_text(Tornado(WORDS, "USD", Level("Base", D(5)), swings)) == (
            "4 inputs, widest swing first. Base $5.00. "
            "Input 4 $5.00 (low) to $9.00; Input 3 $5.00 (low) to $8.00; Input 2 $5.00 (low) to $7.00."
        )


def outlook(*actual: str | None, until: date | None = None, plan: Line | None = None) -> BandTrend:
    """Actual amounts of August on, a forecast after them that nothing surrounds."""
    periods = Periods((date(2026, 8, 1), date(2026, 9, 1), date(2026, 10, 1), date(2026, 11, 1)), Grain.MONTH)
    return BandTrend(
        WORDS,
        replace(periods, data_until=until),
        "USD",
        line("Actual", *actual, *(None,) * (4 - len(actual))),
        line("Forecast", *(None,) * len(actual), *("9",) * (4 - len(actual)), role=Role.FORECAST),
        Band("Range", amounts(*(None,) * 4), amounts(*(None,) * 4)),
        plan,
    )


class TestOutlook:
    def test_three_months_and_a_forecast_without_a_range(self) -> None:
        assert alt_text(outlook("1", "2", "3", until=date(2026, 10, 31))) == (
            "Actual and forecast by month, Aug 2026 to Nov 2026. "
            "Actual from $1.00 in Aug 2026 to $3.00 in Oct 2026; Forecast $9.00 in Nov 2026."
        )

    def test_a_single_actual_amount_is_told_once(self) -> None:
        assert "Actual $3.00 in Oct 2026; Forecast" in alt_text(outlook(None, None, "3", until=date(2026, 10, 31)))

    def test_a_month_that_should_hold_data_and_does_not_is_named(self) -> None:
        assert notes(outlook("1", None, "3", until=date(2026, 10, 31))) == (
            "Unknown and left blank: Actual in Sep 2026",
        )

    def test_a_month_that_the_forecast_stands_in_for_is_not_unknown(self) -> None:
        assert notes(outlook("1", "2", until=date(2026, 10, 31))) == ()

    @pytest.mark.parametrize("until", [None, date(2026, 9, 30)])
    def test_a_month_before_the_first_amount_is_unknown(self, until: date | None) -> None:
        assert notes(outlook(None, "2", until=until)) == ("Unknown and left blank: Actual in Aug 2026",)

    def test_a_plan_that_is_not_known_is_said_to_be(self) -> None:
        unknown = line("Plan", None, None, None, None, role=Role.PLAN)
        assert alt_text(outlook("1", plan=unknown)).endswith("; Plan unknown.")

    def test_where_no_amount_is_known_yet_all_is_forecast(self) -> None:
        assert alt_text(outlook()).endswith(". Actual unknown; Forecast $9.00 in Nov 2026.")

    def test_a_plan_is_told_by_its_last_amount_and_its_holes_are_named(self) -> None:
        chart = outlook(
            "1", "2", "3", until=date(2026, 10, 31), plan=line("Plan", "4", None, "6", None, role=Role.PLAN)
        )
        assert "; Plan $6.00 in Oct 2026." in alt_text(chart)
        assert notes(chart) == ("Unknown and left blank: Plan in Sep 2026",)


NAMES = ("مصاريف الذكاء", "Förderung 😀 GPU", "検索チーム")


@pytest.mark.parametrize(
    "chart",
    [
        RankedBars(WORDS, "USD", tuple(Bar(name, D(at)) for at, name in enumerate(NAMES)), "Sep 2026"),
        stack(*((name, ("1", "2")) for name in NAMES)),
        Trend(WORDS, TWO, "USD", tuple(line(name, "1", "2") for name in NAMES)),
        Tornado(WORDS, "USD", Level("Base", D(5)), tuple(Swing(name, D(4), D(6)) for name in NAMES)),
    ],
    ids=lambda chart: type(chart).__name__,
)
def test_names_of_any_script_are_told_and_listed_as_they_are(chart: Chart) -> None:
    header, rows = table(chart)
    cells = {*header, *(cell for row in rows for cell in row)}
    assert all(name in alt_text(chart) and name in cells for name in NAMES)
