"""Trends: table, chart and title equal the store's answer under every choice, and compare like with like."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal as D
from pathlib import Path

import pytest

from costlib import money
from costlib.focus import label, null_label
from costlib.periods import Grain, Window, period_name, period_start
from costlib.store.question import Filter
from tests.pages import screen
from tests.pages.asked import Asked, days
from tests.pages.conftest import Open
from ui.trends.page import DIMENSIONS

Stores = Callable[[str], Path]

YEAR, ALL = days("2025-11-01", "2026-10-21"), days("2024-11-01", "2026-10-21")
SPANS = {
    "3 months": days("2026-08-01", "2026-10-21"),
    "6 months": days("2026-05-01", "2026-10-21"),
    "12 months": YEAR,
    "24 months": ALL,  # as far as the bills reach
    "Fiscal year to date": days("2026-01-01", "2026-10-21"),
    "All data": ALL,
    "Custom": days("2026-10-01", "2026-10-21"),
}


def cents(amount: D | None) -> float | None:
    return None if amount is None else float(money.cents(amount))


def rows_asked(asked: Asked, dimension: str, window: Window, grain: Grain) -> dict[str, dict[str, float | None]]:
    """The table as the store answers it: amounts to the cent by segment and period."""
    found: dict[str, dict[str, float | None]] = {}
    for row in asked.rows(dimension, window, grain):
        name = null_label(dimension) if row.values[0] is None else row.values[0]
        assert row.period
        found.setdefault(name, {})[period_name(row.period, grain)] = cents(row.amount)
    return found


class TestTable:
    @pytest.mark.parametrize("dimension", DIMENSIONS)
    def test_every_cell_is_the_stores_answer(self, dimension: str, open_page: Open, store_of: Stores) -> None:
        asked = Asked(store_of("demo"))
        expected = rows_asked(asked, dimension, YEAR, Grain.MONTH)
        *rows, everything = screen.table(open_page("trends", by=label(dimension)))
        assert {row[label(dimension)] for row in rows} == set(expected)
        for row in rows:
            cells = {name: value for name, value in row.items() if name not in (label(dimension), "Total")}
            assert {name: value for name, value in cells.items() if value} == {
                name: value for name, value in expected[row[label(dimension)]].items() if value
            }
        assert everything[label(dimension)] == "All"
        assert everything["Total"] == cents(asked.total(YEAR))

    @pytest.mark.parametrize(
        ("grain", "shown"),
        [
            (Grain.DAY, "Day"),
            (Grain.WEEK, "Week"),
            (Grain.MONTH, "Month"),
            (Grain.QUARTER, "Quarter"),
            (Grain.YEAR, "Fiscal year"),
        ],
    )
    def test_every_period(self, grain: Grain, shown: str, open_page: Open, store_of: Stores) -> None:
        asked = Asked(store_of("demo"))
        everything = screen.table(open_page("trends", grain=shown))[-1]
        shown_days = Window(period_start(YEAR.start, grain), YEAR.end)
        amounts = asked.over(grain, shown_days)
        expected = {period_name(period, grain): cents(amount) for period, amount in amounts.items() if period}
        assert {name: everything[name] for name in expected} == expected
        assert len(everything) == len(expected) + 2

    @pytest.mark.parametrize("span", SPANS)
    def test_every_span(self, span: str, open_page: Open, store_of: Stores) -> None:
        app = open_page("trends", over=span)
        assert screen.table(app)[-1]["Total"] == cents(Asked(store_of("demo")).total(SPANS[span]))

    @pytest.mark.parametrize("scope", ["AI spend", "All spend"])
    @pytest.mark.parametrize("measure", ["Billed cost", "Effective cost", "List cost", "Contracted cost"])
    def test_scope_and_measure(self, scope: str, measure: str, open_page: Open, store_of: Stores) -> None:
        column = measure.replace(" cost", "Cost")
        app = open_page("trends", scope=scope, measure=measure)
        assert screen.table(app)[-1]["Total"] == cents(Asked(store_of("demo"), scope, column).total(YEAR))

    def test_columns_add_up_to_their_sum(self, open_page: Open) -> None:
        *rows, everything = screen.table(open_page("trends"))
        for column in list(everything)[1:]:
            assert sum(row[column] for row in rows) == pytest.approx(everything[column], abs=0.01 * len(rows))

    def test_custom_days(self, open_page: Open, store_of: Stores) -> None:
        app = open_page("trends", over="Custom", days=["2026-03-10", "2026-03-16"], grain="Day")
        window = days("2026-03-10", "2026-03-17")
        assert screen.table(app)[-1]["Total"] == cents(Asked(store_of("demo")).total(window))
        assert "10 Mar 2026 to 16 Mar 2026" in screen.everything(app)

    def test_a_period_is_never_cut_by_the_choice_of_days(self, open_page: Open, store_of: Stores) -> None:
        """Three months by quarter begin with the quarter, not in its middle."""
        everything = screen.table(open_page("trends", over="3 months", grain="Quarter"))[-1]
        whole_quarter = Asked(store_of("demo")).total(days("2026-07-01", "2026-10-01"))
        assert everything["Q3 FY26"] == cents(whole_quarter)

    def test_the_fiscal_year_begins_where_it_is_set(
        self, open_page: Open, store_of: Stores, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("GLIDEPATH_FISCAL_YEAR_START", "4")
        everything = screen.table(open_page("trends", grain="Fiscal year"))[-1]
        asked = Asked(store_of("demo"))
        assert everything["FY26"] == cents(asked.total(days("2025-04-01", "2026-04-01")))
        assert everything["FY27"] == cents(asked.total(days("2026-04-01", "2026-10-21")))


class TestChart:
    def test_columns_hold_the_whole(self, open_page: Open, store_of: Stores) -> None:
        chart, *_ = screen.charts(open_page("trends", by="Service"))
        expected = Asked(store_of("demo")).over(Grain.MONTH, YEAR)
        assert chart.marks["Total"] == pytest.approx([float(value or 0) for value in expected.values()], abs=0.01)
        assert len(chart.marks) == 8  # six services, the rest, the total

    def test_lines_hold_the_largest(self, open_page: Open, store_of: Stores) -> None:
        chart, *_ = screen.charts(open_page("trends", draw="Lines"))
        fraud = Asked(store_of("demo")).over(Grain.MONTH, YEAR, Filter("x_Team", ("Fraud",)))
        assert chart.marks["Fraud"] == pytest.approx([float(value or 0) for value in fraud.values()], abs=0.01)

    @pytest.mark.parametrize("by", ["Team", "Model", "Service", "Region"])
    def test_every_claim_of_the_title_is_in_the_table_below(self, by: str, open_page: Open) -> None:
        app = open_page("trends", by=by)
        *rows, everything = screen.table(app)
        said = {"Team": "has no team", "Model": "has no model"}.get(by, "is not given")
        unknown = said.removeprefix("has ").removeprefix("is ").capitalize()
        claim = re.fullmatch(
            r"(.+) is the largest part(?: that has a \w+| whose \w+ is given)?: "
            r"(\S+?)(?:, (\d+)% of the whole)?(?:; (\d+)% ((?:is|has) .+))?",
            screen.title(app),
        )
        assert claim
        name, amount, share, left, called = claim.groups()
        named = [row for row in rows if row[by] != unknown]
        largest = max(named, key=lambda row: row["Total"])
        assert (name, amount) == (largest[by], money.short(D(str(largest["Total"])), "USD"))
        assert int(share) == round(100 * largest["Total"] / everything["Total"])
        without = sum(row["Total"] for row in rows if row[by] == unknown)
        assert (left is None) == (without <= 0)
        if left:
            assert (int(left), called) == (round(100 * without / everything["Total"]), said)


class TestFilters:
    @pytest.mark.parametrize(
        ("address", "filters"),
        [
            ({"team": "Fraud"}, (Filter("x_Team", ("Fraud",)),)),
            ({"team": ["Fraud", "Search"]}, (Filter("x_Team", ("Fraud", "Search")),)),
            ({"team": "No team"}, (Filter("x_Team", (None,)),)),
            ({"team": ["No team", "Fraud"]}, (Filter("x_Team", (None, "Fraud")),)),
            (
                {"team": "Fraud", "environment": "development"},
                (Filter("x_Team", ("Fraud",)), Filter("x_Environment", ("development",))),
            ),
            ({"service": "Amazon Bedrock"}, (Filter("ServiceName", ("Amazon Bedrock",)),)),
        ],
    )
    def test_narrow_every_figure(
        self, address: dict[str, str], filters: tuple[Filter, ...], open_page: Open, store_of: Stores
    ) -> None:
        app = open_page("trends", **address)
        total = Asked(store_of("demo")).total(YEAR, *filters)
        assert total
        assert screen.table(app)[-1]["Total"] == cents(total)

    def test_chosen_in_the_page(self, open_page: Open, store_of: Stores) -> None:
        app = screen.choose(open_page("trends"), team=["Search"], stage=["training"])
        wanted = Filter("x_Team", ("Search",)), Filter("x_Stage", ("training",))
        assert screen.table(app)[-1]["Total"] == cents(Asked(store_of("demo")).total(YEAR, *wanted))

    def test_order_does_not_matter(self, open_page: Open) -> None:
        one = screen.choose(screen.choose(open_page("trends"), team=["Fraud"]), model=["fraud-scorer"])
        other = screen.choose(screen.choose(open_page("trends"), model=["fraud-scorer"]), team=["Fraud"])
        assert screen.table(one) == screen.table(other)

    def test_what_is_left_of_nothing(self, open_page: Open) -> None:
        app = open_page("trends", team="Fraud", model="search-ranker")
        assert not app.exception and not app.error
        assert screen.title(app) == "Nothing was spent here"
        assert "Remove a filter" in screen.everything(app)

    def test_a_team_called_no_team_is_not_nobodys_spend(self, open_page: Open) -> None:
        """It spends 9 dollars a day over 61 days; what has no team spends 10."""
        nobodys = open_page("trends", "taken_names", team="No team")
        assert screen.table(nobodys)[-1]["Total"] == 610
        theirs = open_page("trends", "taken_names", team='"No team"')
        assert screen.table(theirs)[-1]["Total"] == 549


class TestCompared:
    """``two_years``: Search 2 dollars a day in 2025 and 3 in 2026; Ended 1 until the end of July 2026."""

    def test_with_the_period_before(self, open_page: Open) -> None:
        """1 July to 15 September (77 days) against 1 April to 15 June (76): 231 + 31 against 228 + 76."""
        app = open_page("trends", "two_years", over="3 months", versus="Period before")
        assert screen.title(app) == (
            "AI spend was $262 from 1 Jul 2026 to 15 Sep 2026, 14% less than from 1 Apr 2026 to 15 Jun 2026, "
            "led by Ended (−$45.00)"
        )
        search, ended, everything = screen.table(app)
        assert (search["Total"], search["Before"], search["Change"]) == (231, 228, 3)
        assert (ended["Total"], ended["Before"], ended["Change"]) == (31, 76, -45)
        assert (everything["Total"], everything["Before"], everything["Change"]) == (262, 304, -42)

    def test_with_the_year_before(self, open_page: Open) -> None:
        """1 July to 15 September: 231 + 31 dollars in 2026, 154 + 77 in 2025."""
        app = open_page("trends", "two_years", over="3 months", versus="Year before")
        assert screen.title(app).startswith(
            "AI spend was $262 from 1 Jul 2026 to 15 Sep 2026, 13% more than from 1 Jul 2025 to 15 Sep 2025"
        )
        chart, *_ = screen.charts(app)
        assert chart.marks["These periods"] == [93 + 31, 93, 45]
        assert chart.marks["Year before"] == [62 + 31, 62 + 31, 30 + 15]

    def test_what_ended_stays_in_the_table(self, open_page: Open) -> None:
        """In August and September nothing was spent by Ended; before, 31 dollars in July and 15 of June's 30."""
        app = open_page("trends", "two_years", over="Custom", days=["2026-08-01", "2026-09-15"], versus="Period before")
        rows = {row["Team"]: row for row in screen.table(app)}
        assert (rows["Ended"]["Total"], rows["Ended"]["Before"]) == (0, 30 + 15)
        assert sum(row["Before"] for name, row in rows.items() if name != "All") == rows["All"]["Before"]
        assert "led by Ended" in screen.title(app)

    def test_a_month_is_said_like_one(self, open_page: Open) -> None:
        """28 days of 4 dollars against 31."""
        app = open_page("trends", "two_years", over="Custom", days=["2026-02-01", "2026-02-28"], versus="Period before")
        assert screen.title(app) == "AI spend was $112 in Feb 2026, 10% less than in Jan 2026, led by Search (−$9.00)"

    @pytest.mark.parametrize(
        ("store", "span"), [("demo", "24 months"), ("demo", "All data"), ("no_ai", "Fiscal year to date")]
    )
    def test_an_earlier_window_that_the_bills_do_not_cover_is_not_compared(
        self, store: str, span: str, open_page: Open
    ) -> None:
        """Half a window would be compared with a whole one."""
        app = open_page("trends", store, over=span, versus="Period before")
        assert not app.exception and not app.error
        assert "do not reach back" in screen.everything(app)
        assert " than from " not in screen.title(app)
        assert "Before" not in screen.table(app)[0]

    @pytest.mark.parametrize("versus", ["Period before", "Year before"])
    @pytest.mark.parametrize("grain", ["Day", "Week", "Month"])
    def test_title_chart_and_table_say_the_same(self, versus: str, grain: str, open_page: Open) -> None:
        app = open_page("trends", "two_years", over="6 months", versus=versus, grain=grain)
        everything, chart = screen.table(app)[-1], screen.charts(app)[0]
        now, before = (sum(value or 0 for value in chart.marks[name]) for name in ("These periods", versus))
        assert (now, before) == (everything["Total"], everything["Before"])
        said = re.match(r"AI spend was (\S+) from (.+), (?:about|\d+%)", screen.title(app))
        assert said and said.group(1) == money.short(D(str(now)), "USD")

    def test_weeks_are_compared_with_whole_weeks(self, open_page: Open) -> None:
        """25 weeks, the last of two days, begin on Monday 30 March; 25 weeks earlier is Monday 6 October."""
        app = open_page("trends", "two_years", over="6 months", versus="Period before", grain="Week")
        assert "from 30 Mar 2026 to 15 Sep 2026" in screen.title(app)
        assert "from 6 Oct 2025 to 24 Mar 2026" in screen.title(app)
        chart, *_ = screen.charts(app)
        assert chart.marks["These periods"][0] == 7 * (3 + 1)
        assert chart.marks["Period before"][0] == 7 * (2 + 1)
        assert chart.marks["Period before"][-1] == 2 * (3 + 1)


class TestSaidAloud:
    """What a reader asked for and did not get is said, never passed over."""

    def test_a_value_of_a_link_that_no_bill_has(self, open_page: Open, store_of: Stores) -> None:
        app = open_page("trends", team=["Nobody", "Fraud"], service="Abacus")
        said = [screen.plain(warning.value) for warning in app.warning]
        assert said == [
            'The link asks for the team "Nobody", which no bill has; it is left out of the filter.',
            'The link asks for the service "Abacus", which no bill has; it is left out of the filter.',
        ]
        fraud = Asked(store_of("demo")).total(YEAR, Filter("x_Team", ("Fraud",)))
        assert screen.table(app)[-1]["Total"] == cents(fraud)

    def test_a_link_whose_values_all_exist_needs_no_word(self, open_page: Open) -> None:
        assert not open_page("trends", team=["No team", "Fraud"]).warning

    def test_days_that_were_widened_to_whole_periods(self, open_page: Open) -> None:
        app = open_page("trends", over="Custom", days=["2026-03-10", "2026-03-16"])
        assert "Shown from 1 Mar 2026, not 10 Mar 2026: a month is never shown in part" in screen.everything(app)

    @pytest.mark.parametrize("address", [{"grain": "Day"}, {"over": "3 months"}])
    def test_days_as_they_were_asked_for_need_no_word(self, address: dict[str, str], open_page: Open) -> None:
        asked = {"over": "Custom", "days": ["2026-03-10", "2026-03-16"], **address}
        assert "Shown from" not in screen.everything(open_page("trends", **asked))

    def test_all_other_never_stands_for_a_single_one(self, open_page: Open) -> None:
        """The sample has seven teams, what nobody is allocated among them: all are shown by name."""
        app = open_page("trends")
        (chart,) = screen.charts(app)
        assert len(screen.table(app)) - 1 == 7
        assert "All other" not in chart.marks and len(chart.marks) == 8


class TestBridge:
    def test_it_stands_under_a_comparison_and_adds_up(self, open_page: Open) -> None:
        app = open_page(
            "trends", "grown_and_spiked", over="Custom", days=["2026-09-01", "2026-09-30"], versus="Period before"
        )
        _, chart = screen.charts(app)
        assert "Aug 2026 $4.65K to Sep 2026 $6.30K, a change of +$1.65K" in chart.alt
        rows = next(rows for caption, rows in screen.tables(app).items() if caption.startswith("Parts of the change"))
        assert [row[:2] for row in rows[1:]] == [["Search", "+$1.70K"], ["Fraud", "−$50.00"]]

    def test_without_a_comparison_there_is_none(self, open_page: Open) -> None:
        assert len(screen.charts(open_page("trends", "grown_and_spiked"))) == 1

    def test_unknown_costs_are_not_told_apart(self, open_page: Open) -> None:
        address = {"over": "Custom", "days": ["2026-09-01", "2026-09-30"], "versus": "Period before"}
        app = open_page("trends", "unknown_list_price", measure="List cost", **address)
        assert "so its change cannot be told apart" in screen.everything(app)

    def test_a_quarter_is_compared_with_the_quarter_before(self, open_page: Open) -> None:
        """July and August 2026, 62 days of 3 and 31 of 1; April and May 2026, 61 days of 4."""
        address = {"over": "Custom", "days": ["2026-07-01", "2026-08-31"], "versus": "Period before"}
        rows = screen.table(open_page("trends", "two_years", grain="Quarter", **address))
        assert (rows[-1]["Total"], rows[-1]["Before"]) == (62 * 3 + 31, 61 * 4)

    def test_by_day_as_many_days_are_drawn(self, open_page: Open) -> None:
        """February 2026 against the last 28 days of January."""
        address = {"over": "Custom", "days": ["2026-02-01", "2026-02-28"], "versus": "Period before"}
        app = open_page("trends", "two_years", grain="Day", **address)
        chart = screen.charts(app)[0]
        assert chart.marks["Period before"] == [4] * 28
        assert screen.table(app)[-1]["Before"] == 28 * 4

    def test_cells_that_do_not_add_up_as_they_are_shown_say_so(self, open_page: Open) -> None:
        """October 2026 of the sample: its teams come to a cent more than all. Whole dollars add up."""
        app = open_page("trends")
        *rows, everything = screen.table(app)
        assert sum(D(str(row["Oct 2026"])) for row in rows) == D(str(everything["Oct 2026"])) + D("0.01")
        assert "rounded by itself" in screen.everything(app)
        assert "rounded by itself" not in screen.everything(open_page("trends", "two_years"))
