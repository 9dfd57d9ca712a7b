"""Overview: every figure it shows equals the store's answer, and every title what its own chart shows."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal as D
from pathlib import Path
from statistics import median

import pytest

from costlib import money
from costlib.analysis.trend import Change, run_rate
from costlib.periods import Grain
from costlib.store.question import Filter
from costlib.workspace import Workspace
from tests.pages import screen
from tests.pages.asked import Asked, change, days, measure_named
from tests.pages.conftest import Open
from tests.pages.stores import charge, daily, team, write_focus
from ui.overview.page import share_words

AUG, SEP = days("2026-08-01", "2026-09-01"), days("2026-09-01", "2026-10-01")
OCT_SO_FAR, SEP_SO_FAR = days("2026-10-01", "2026-10-21"), days("2026-09-01", "2026-09-21")
LAST_28, BEFORE_28 = days("2026-09-23", "2026-10-21"), days("2026-08-26", "2026-09-23")
YEAR = days("2025-11-01", "2026-10-21")
QUARTER = days("2026-07-22", "2026-10-21")

Stores = Callable[[str], Path]
choices = pytest.mark.parametrize(
    ("scope", "measure"),
    [
        ("AI spend", "Effective cost"),
        ("All spend", "Effective cost"),
        ("AI spend", "Billed cost"),
        ("All spend", "List cost"),
    ],
)


def largest_change(after: dict[str | None, D | None], before: dict[str | None, D | None]) -> tuple[str, D]:
    """Who moved most, and by how much."""
    nothing = D(0)
    moved = {name: (after.get(name) or nothing) - (before.get(name) or nothing) for name in {*after, *before}}
    name = max(moved, key=lambda one: abs(moved[one]))
    return (name or "No team"), moved[name]


@choices
def test_the_title_is_the_last_full_month_against_the_one_before(
    scope: str, measure: str, open_page: Open, store_of: Stores
) -> None:
    asked = Asked(store_of("demo"), scope, measure_named(measure))
    said = screen.title(open_page("overview", scope=scope, measure=measure))
    after, before = asked.total(SEP), asked.total(AUG)
    assert after is not None and before is not None
    assert said.startswith(f"{scope} was {asked.short(after)} in Sep 2026, ")
    if abs(after - before) / before < D("0.02"):
        assert said.endswith("about the same as in Aug 2026")
        return
    direction = "more" if after > before else "less"
    assert f"{money.percent(abs(after - before) / before)} {direction} than in Aug 2026" in said
    moved = {
        name: amount - (asked.by("x_Team", AUG).get(name) or 0)
        for name, amount in asked.by("x_Team", SEP).items()
        if amount is not None
    }
    leader = max(moved, key=lambda one: moved[one] if after > before else -moved[one])
    called = "spend that has no team" if leader is None else leader
    assert said.endswith(f"led by {called} ({money.signed(moved[leader], 'USD')})")


@choices
def test_cards(scope: str, measure: str, open_page: Open, store_of: Stores) -> None:
    asked = Asked(store_of("demo"), scope, measure_named(measure))
    app = open_page("overview", scope=scope, measure=measure)
    month, to_date, pace, allocated = app.metric
    for card, now, before, against in (
        (month, SEP, AUG, "vs Aug 2026"),
        (to_date, OCT_SO_FAR, SEP_SO_FAR, "vs 1 Sep 2026 to 20 Sep 2026"),
    ):
        after, earlier = asked.total(now), asked.total(before)
        assert screen.plain(card.value) == asked.short(after)
        assert card.delta == change(after, earlier)
        assert card.proto.delta_description == against
    assert (month.label, to_date.label) == ("Sep 2026", "Month to date, to 20 Oct 2026")
    last = asked.total(LAST_28)
    assert screen.plain(pace.value) == asked.short(run_rate(last, 28))
    assert pace.delta == change(last, asked.total(BEFORE_28))
    by_team = asked.by("x_Team", LAST_28)
    spent = {name: amount for name, amount in by_team.items() if amount is not None and amount > 0}
    named = sum(amount for name, amount in spent.items() if name is not None)
    assert allocated.value == money.percent(named / sum(spent.values()))
    kinds = asked.by("x_CostKind", LAST_28, Filter("x_Team", (None,)))
    assert money.exact_sum(kinds.values()) == by_team[None]
    said = f"{asked.short(kinds['idle'])} idle, {asked.short(kinds['unallocated'])} unallocated"
    assert screen.plain(allocated.delta) == said


def test_the_course_of_a_card_is_that_of_its_figure(open_page: Open, store_of: Stores) -> None:
    asked = Asked(store_of("demo"))
    month, to_date, pace, *_ = open_page("overview").metric
    by_month = asked.over(Grain.MONTH, days("2025-10-01", "2026-10-01"))
    assert list(month.proto.chart_data) == pytest.approx([float(value or 0) for value in by_month.values()])
    assert list(to_date.proto.chart_data) == pytest.approx(
        [float(value or 0) for value in asked.over(Grain.DAY, OCT_SO_FAR).values()]
    )
    assert sum(pace.proto.chart_data) == pytest.approx(float(asked.total(LAST_28) or 0))


def test_changing_a_choice_changes_the_figures(open_page: Open, store_of: Stores) -> None:
    app = open_page("overview")
    ai = app.metric[0].value
    every = screen.choose(app, scope="All spend").metric[0].value
    listed = screen.choose(app, measure="ListCost").metric[0].value
    assert len({ai, every, listed}) == 3
    assert screen.plain(every) == Asked(store_of("demo"), "All spend").short(
        Asked(store_of("demo"), "All spend").total(SEP)
    )
    assert "List cost, USD" in screen.data_line(app)


class TestByMonth:
    @choices
    def test_the_chart_is_the_stores_answer(self, scope: str, measure: str, open_page: Open, store_of: Stores) -> None:
        asked = Asked(store_of("demo"), scope, measure_named(measure))
        chart = screen.charts(open_page("overview", scope=scope, measure=measure))[0]
        expected = asked.over(Grain.MONTH, YEAR)
        assert chart.marks["Total"] == pytest.approx([float(value or 0) for value in expected.values()], abs=0.01)
        parts = [values for name, values in chart.marks.items() if name != "Total"]
        assert [sum(column) for column in zip(*parts, strict=True)] == pytest.approx(chart.marks["Total"], abs=0.01)
        for name in ("Fraud", "No team"):
            team = Filter("x_Team", (None if name == "No team" else name,))
            amounts = asked.over(Grain.MONTH, YEAR, team).values()
            assert chart.marks[name] == pytest.approx([float(value or 0) for value in amounts], abs=0.01)

    def test_every_claim_of_the_title_is_in_the_chart(self, open_page: Open) -> None:
        app = open_page("overview")
        chart, said = screen.charts(app)[0], screen.headers(app)[0]
        claim = re.fullmatch(
            r"AI spend (rose|fell) from (\S+) in Nov 2025 to (\S+) in Sep 2026; "
            r"(.+) is the largest part, (\d+)% has no team",
            said,
        )
        assert claim
        verb, first, last, largest, unallocated = claim.groups()
        months = chart.marks["Total"]
        assert (first, last) == (short(months[0]), short(months[-2]))  # the last month is still open
        assert (verb == "rose") == (months[-2] > months[0])  # type: ignore[operator]
        sums = {name: sum(value or 0 for value in values) for name, values in chart.marks.items()}
        named = {name: value for name, value in sums.items() if name not in ("Total", "No team", "All other")}
        assert largest == max(named, key=lambda one: named[one])
        assert int(unallocated) == round(100 * sums["No team"] / sums["Total"])


class TestMovers:
    def test_the_table_is_the_stores_answer(self, open_page: Open, store_of: Stores) -> None:
        asked = Asked(store_of("demo"))
        header, *rows, whole = screen.movers(open_page("overview"))
        assert header == ["Team", "28 days before", "Last 28 days", "Change", "Change %"]
        earlier, later = asked.total(BEFORE_28), asked.total(LAST_28)
        assert earlier is not None and later is not None
        assert whole[:4] == ["All", asked.short(earlier), asked.short(later), money.signed(later - earlier, "USD")]
        before, after = asked.by("x_Team", BEFORE_28), asked.by("x_Team", LAST_28)
        assert [row[0] for row in rows[:1]] == [largest_change(after, before)[0]]
        for name, earlier, later, moved, ratio in rows:
            team = None if name == "No team" else name
            was, now = before[team], after[team]
            assert was is not None and now is not None
            assert (earlier, later) == (asked.short(was), asked.short(now))
            assert (moved, ratio) == (money.signed(now - was, "USD"), change(now, was))

    def test_largest_change_first(self, open_page: Open, store_of: Stores) -> None:
        asked = Asked(store_of("demo"))
        before, after = asked.by("x_Team", BEFORE_28), asked.by("x_Team", LAST_28)
        names = [None if row[0] == "No team" else row[0] for row in screen.movers(open_page("overview"))[1:-1]]
        moved = [abs((after[name] or 0) - (before[name] or 0)) for name in names]
        assert moved == sorted(moved, reverse=True)
        assert set(names) == {*before, *after}

    def test_its_title_names_who_moved_most_each_way(self, open_page: Open, store_of: Stores) -> None:
        asked = Asked(store_of("demo"))
        before, after = asked.by("x_Team", BEFORE_28), asked.by("x_Team", LAST_28)
        moved = {name or "No team": (after.get(name) or 0) - (before.get(name) or 0) for name in {*before, *after}}
        said = screen.headers(open_page("overview"))[1]
        up, down = max(moved, key=lambda one: moved[one]), min(moved, key=lambda one: moved[one])
        expected = [f"{up} added most ({money.signed(D(moved[up]), 'USD')})"] if moved[up] > 0 else []
        expected += [f"{down} fell most ({money.signed(D(moved[down]), 'USD')})"] if moved[down] < 0 else []
        assert said == ", ".join(expected)

    def test_too_little_data_says_what_is_needed(self, open_page: Open) -> None:
        app = open_page("overview", "one_day")
        assert screen.headers(app)[1] == "There is nothing earlier to compare with"
        assert "Bills of two full windows of 28 days are needed" in screen.everything(app)
        assert screen.movers(app) == []

    def test_names_are_text_in_the_table(self, open_page: Open) -> None:
        rows = screen.movers(open_page("overview", "names"))
        assert any("<b>Fraud</b> $5" in row[0] for row in rows)


class TestByDay:
    def test_the_chart_is_usage_only(self, open_page: Open, store_of: Stores) -> None:
        asked = Asked(store_of("demo"))
        chart = screen.charts(open_page("overview"))[-1]
        usage = asked.over(Grain.DAY, QUARTER, Filter("ChargeCategory", ("Usage",)))
        assert len(usage) == 91
        assert chart.marks["AI spend"] == pytest.approx([float(value or 0) for value in usage.values()], abs=0.01)

    def test_every_claim_of_the_title_is_in_the_chart(self, open_page: Open) -> None:
        app = open_page("overview")
        values = [value for value in screen.charts(app)[-1].marks["AI spend"] if value is not None]
        dearest = QUARTER.start.toordinal() + values.index(max(values))
        day = date.fromordinal(dearest)
        assert screen.headers(app)[-1] == (
            f"A typical day cost {short(median(values))}; the dearest was {day.day} {day:%b %Y} at {short(max(values))}"
        )


class TestSmallStores:
    def test_two_currencies_are_never_added(self, open_page: Open) -> None:
        dollars = open_page("overview", "two_currencies")
        assert screen.title(dollars).startswith("AI spend was $300 in Sep 2026")
        euros = screen.choose(dollars, currency="EUR")
        assert screen.title(euros).startswith("AI spend was €120 in Sep 2026, 3% less than in Aug 2026")
        assert "Effective cost, EUR" in screen.data_line(euros)
        said = screen.everything(euros).replace("not in these figures: $920 on bills in USD", "")
        assert "$" not in said and said != screen.everything(euros)

    def test_one_day(self, open_page: Open) -> None:
        app = open_page("overview", "one_day")
        assert screen.title(app) == "AI spend was $40.00 on 16 Sep 2026"
        assert [(card.label, screen.plain(card.value)) for card in app.metric] == [
            ("Month to date, to 16 Sep 2026", "$40.00"),
            ("Allocated to a team, 1 day", "75%"),
        ]
        assert app.metric[0].delta == "nothing earlier to compare with"

    def test_more_credits_than_spend(self, open_page: Open) -> None:
        app = open_page("overview", "more_credits_than_spend")
        assert screen.title(app).startswith("AI spend was −$700 in Sep 2026")
        assert screen.headers(app)[0].startswith("AI spend fell from $310 in Aug 2026 to −$700 in Sep 2026")

    def test_an_unknown_share_says_unknown(self, open_page: Open) -> None:
        app = open_page("overview", "unknown_list_price", measure="List cost")
        assert [screen.plain(card.value) for card in app.metric] == ["unknown"] * 4
        assert app.metric[-1].delta == "unknown unallocated"
        assert screen.headers(app) == [
            "What was spent is unknown",
            "What changed is unknown",
            "No plan yet, so what could be saved is not known",
            "No saving is proven yet: no initiative is live",
            "Nothing waits for a decision",
            "What was unusual is unknown: so are the costs",
            "No daily spend is known here",
        ]

    def test_a_month_that_is_whole_is_compared_like_any_other(self, open_page: Open) -> None:
        """1 dollar a day: September's 30 dollars against August's 31."""
        assert screen.title(open_page("overview", "no_ai")) == (
            "All spend was $30.00 in Sep 2026, 3% less than in Aug 2026"
        )


def short(amount: float | None) -> str:
    """An amount of a chart as a headline says it."""
    return money.short(None if amount is None else D(str(amount)), "USD")


def test_a_change_of_a_credit_says_why_it_has_no_percent() -> None:
    """Something that was a credit, was nothing, was something, and what is unknown."""
    shares = [share_words(Change("a", before, D(6))) for before in (D(-5), D(0), D(4), None)]
    assert shares == ["was a credit", "new", "+50%", "unknown"]


class TestChargesThatComeMonthly:
    """10 dollars a day and 900 on the first of every month to 30 September 2026: the last four weeks hold none."""

    @pytest.fixture
    def store(self, tmp_path: Path) -> str:
        usage = daily(date(2026, 3, 1), 214, "10", Tags=team("Search"))
        fees = [charge(date(2026, month, 1), "900", Tags=team("Search")) for month in range(3, 10)]
        Workspace(tmp_path / "store").load([write_focus(tmp_path / "focus.csv", [*usage, *fees])])
        return str(tmp_path / "store")

    def test_a_month_of_days_takes_the_place_of_four_weeks(self, store: str, open_page: Open) -> None:
        app = open_page("overview", store)
        assert not app.exception
        told = {card.label: (screen.plain(card.value), card.delta) for card in app.metric}
        assert told["Run rate a year, 30 days"] == ("$14.4K", "−1%")  # 1,200 x 12 against 1,210 x 12
        assert told["Allocated to a team, 30 days"][0] == "100%"
        header, row, _ = screen.movers(app)
        assert header == ["Team", "31 days before", "Last 30 days", "Change", "Change %"]
        assert row == ["Search", "$1.21K", "$1.20K", "−$10.00", "−1%"]
