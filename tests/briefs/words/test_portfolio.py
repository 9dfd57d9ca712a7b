"""The Portfolio page by hand: what initiatives take by quarter and purpose, what they bring, what must be asked for."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal as D

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from costlib.briefs.plan_figures import PlanFigures
from costlib.briefs.words import portfolio as words
from costlib.charts.spec import Bucket
from costlib.charts.spec.bubble import MOST_INVESTMENTS
from costlib.roadmap.portfolio.cases import Bound, BusinessCase, bound, business_cases
from costlib.roadmap.portfolio.reinvest import Funding
from costlib.roadmap.ranges import Range
from tests.briefs.cases import initiative, scorer_case, scorer_figures, scorer_plan

NOTHING = Funding(date(2026, 1, 1), *([0.0] * 12))
CASE = BusinessCase(
    id="a",
    title="",
    bucket="run",
    stage="L1",
    objective="",
    outlay=1000.0,
    one_off=400.0,
    gross=2000.0,
    net=1600.0,
    benefit=0.0,
    roi=0.6,
    npv=550.0,
    irr=None,
    payback_month=4,
    time_to_value=1,
    market_impact=None,
    failure=0.2,
)


def figures(*initiatives: dict[str, object], **header: object) -> PlanFigures:
    """From January to June 2027; by default Run takes 600 once, Grow 100 a month from March on."""
    grow = {"benefit": {"low": 300, "likely": 300, "high": 300, "start": "2027-04"}, "added_spend": 100}
    usual = (
        initiative("smaller", "training", 0.4, one_off_cost=600.0),
        initiative("ads", "idle", 0.0, bucket="grow", start="2027-03", **grow),
    )
    return scorer_figures(scorer_case(scorer_plan(*(initiatives or usual), **header)))


def cases(found: PlanFigures) -> list[BusinessCase]:
    return business_cases(found.case.recommended.result)


class TestFirstValue:
    def test_the_chart_counts_from_the_plans_start_and_says_so(self) -> None:
        """The ads bring something in April: month 2 from their own start in March, month 4 of the plan."""
        found = figures()
        chart = words.bubble_chart(found, cases(found))
        assert chart is not None and chart.x.name == "First value, from the plan's start"
        (ads,) = (one for one in chart.investments if one.name == "ads")
        (own,) = (one for one in cases(found) if one.id == "ads")
        assert (ads.x, own.time_to_value) == (D(4), 2)


class TestShift:
    def test_what_each_purpose_takes_by_quarter(self) -> None:
        """January to March: 600 once, and 100 of Grow in March. April to June: 3 x 100 of Grow."""
        chart = words.shift_chart(figures())
        assert chart is not None
        assert {one.name: one.values for one in chart.segments} == {"Run": (D(600), D(0)), "Grow": (D(100), D(300))}
        assert chart.periods.names == ("Q1 FY27", "Q2 FY27")
        assert chart.caption.title == "40% of the $1.00K that initiatives take grows or transforms"

    def test_the_title_adds_what_transforms_to_what_grows(self) -> None:
        """Run takes 600, Grow 4 x 100 from March on, Transform 2 x 50 from May on: 500 of 1,100."""
        both = (
            initiative("smaller", "training", 0.4, one_off_cost=600.0),
            initiative("ads", "idle", 0.0, bucket="grow", start="2027-03", added_spend=100),
            initiative("lab", "idle", 0.0, bucket="transform", start="2027-05", added_spend=50),
        )
        chart = words.shift_chart(figures(*both))
        assert chart is not None
        assert chart.caption.title == "45% of the $1.10K that initiatives take grows or transforms"

    def test_quarters_are_those_of_the_fiscal_year(self) -> None:
        """From a year that begins in February, January is the last month of a quarter of its own."""
        chart = words.shift_chart(figures(fiscal_year_start=2, target=None))
        assert chart is not None
        assert chart.periods.names == ("Q4 FY27", "Q1 FY28", "Q2 FY28")
        assert {one.name: one.values for one in chart.segments} == {
            "Run": (D(600), D(0), D(0)),
            "Grow": (D(0), D(200), D(200)),
        }

    def test_where_nothing_is_spent_there_is_no_chart(self) -> None:
        assert words.shift_chart(figures(initiative("free", "idle", 0.5))) is None

    @settings(max_examples=15, deadline=None)
    @given(
        st.lists(st.tuples(st.sampled_from(["run", "grow", "transform"]), st.integers(0, 9)), min_size=1, max_size=4),
        st.integers(1, 12),
    )
    def test_every_dollar_is_in_one_quarter_and_one_purpose(self, spent: list[tuple[str, int]], fiscal: int) -> None:
        plan = [
            initiative(f"i{at}", "idle", 0.0, bucket=bucket, one_off_cost=float(cost))
            for at, (bucket, cost) in enumerate(spent)
        ]
        found = figures(*plan, paths=1, fiscal_year_start=fiscal, target=None)
        chart = words.shift_chart(found)
        shown = {} if chart is None else {one.name.lower(): sum(filter(None, one.values)) for one in chart.segments}
        for bucket in ("run", "grow", "transform"):
            assert shown.get(bucket, 0) == sum(cost for of, cost in spent if of == bucket)


class TestBubbles:
    def test_the_place_is_the_month_of_first_value_counted_from_the_plans_start(self) -> None:
        """Grow starts in the third month and has its benefit in the fourth; Run saves in the first."""
        found = figures()
        chart = words.bubble_chart(found, cases(found))
        assert chart is not None
        assert {one.name: (one.x, one.size, one.bucket) for one in chart.investments} == {
            "smaller": (D(1), D(600), Bucket.RUN),
            "ads": (D(4), D(400), Bucket.GROW),
        }

    def test_the_title_names_what_is_worth_most(self) -> None:
        """3 x 300 of benefit for 4 x 100; 6 x 60 saved for 600, which is a loss."""
        found = figures(discount_rate=0.0)
        chart = words.bubble_chart(found, cases(found))
        assert chart is not None
        assert chart.caption.title == "ads is worth most: $500"
        assert {one.name: one.y for one in chart.investments} == {"ads": D(500), "smaller": D(-240)}

    def test_where_nothing_ever_brings_anything_there_is_no_chart(self) -> None:
        found = figures(initiative("none", "idle", 0.0, one_off_cost=5.0))
        assert words.bubble_chart(found, cases(found)) is None
        assert words.bubble_chart(found, []) is None

    def test_of_many_the_dearest_are_drawn(self) -> None:
        plan = [initiative(f"i{at:02}", "idle", 0.01, one_off_cost=float(at)) for at in range(20)]
        found = figures(*plan, paths=1)
        chart = words.bubble_chart(found, cases(found))
        assert chart is not None
        assert {one.size for one in chart.investments} == {D(at) for at in range(20 - MOST_INVESTMENTS, 20)}


class TestRows:
    def test_a_case_by_hand(self) -> None:
        (row,) = words.case_rows([CASE], "USD")
        assert dict(zip(words.CASE_HEADER, row, strict=True)) == {
            "Initiative": "a",
            "Purpose": "Run",
            "Stage": "L1",
            "Takes": "$1.00K",
            "NPV": "$550",
            "ROI": "60%",
            "Pays back": "month 4",
            "First value": "month 1",
            "Market impact a month": "–",
            "Failure": "20%",
        }

    @pytest.mark.parametrize(
        ("change", "column", "shown"),
        [
            ({"payback_month": None}, "Pays back", "not in these months"),
            ({"payback_month": 0}, "Pays back", "at once"),
            ({"time_to_value": None}, "First value", "not in these months"),
            ({"roi": None}, "ROI", "–"),
            ({"roi": -1.0}, "ROI", "−100%"),
            ({"roi": 12.4}, "ROI", "12 times"),
            ({"market_impact": Range(100, 300, 12_345)}, "Market impact a month", "€100 to €12.3K"),
            ({"npv": -2_500_000.0}, "NPV", "−€2.50M"),
            ({"title": "שירות"}, "Initiative", "שירות"),
        ],
    )
    def test_what_is_unusual_is_said(self, change: dict[str, object], column: str, shown: str) -> None:
        (row,) = words.case_rows([replace(CASE, **change)], "EUR")  # type: ignore[arg-type]
        assert row[words.CASE_HEADER.index(column)] == shown

    def test_run_stands_before_grow_before_transform_and_the_most_valuable_first(self) -> None:
        given = [("transform", 9.0), ("grow", 1.0), ("run", 1.0), ("grow", 5.0)]
        rows = words.case_rows([replace(CASE, bucket=bucket, npv=npv) for bucket, npv in given], "USD")
        assert [(row[1], row[4]) for row in rows] == [
            ("Run", "$1.00"),
            ("Grow", "$5.00"),
            ("Grow", "$1.00"),
            ("Transform", "$9.00"),
        ]


class TestFlows:
    YEARS = (
        replace(NOTHING, released=100.0, wanted_grow=150.0, into_grow=100.0, ask_grow=50.0, ask_run=5.0),
        replace(NOTHING, start=date(2027, 1, 1), released=80.0, grow_margin=60.0, wanted_transform=70.0,
                into_transform=60.0, ask_transform=10.0),
    )  # fmt: skip

    def test_years_and_their_sum(self) -> None:
        assert words.flow_rows(self.YEARS, 1, "USD") == [
            ["FY26", "$100", "$150", "$100", "$0", "$0", "$0", "$55.00"],
            ["FY27", "$80.00", "$0", "$0", "$60.00", "$70.00", "$60.00", "$10.00"],
            ["All", "$180", "$150", "$100", "$60.00", "$70.00", "$60.00", "$65.00"],
        ]

    def test_a_year_is_named_after_the_one_in_which_it_ends(self) -> None:
        assert [row[0] for row in words.flow_rows(self.YEARS, 2, "USD")] == ["FY26", "FY27", "All"]
        (october, _) = words.flow_rows([replace(NOTHING, start=date(2026, 10, 1))], 10, "USD")
        assert october[0] == "FY27"

    def test_as_many_cells_as_the_header(self) -> None:
        assert {len(row) for row in words.flow_rows(self.YEARS, 1, "USD")} == {len(words.FLOW_HEADER)}

    def test_the_year_of_the_largest_ask_is_named(self) -> None:
        assert words.flow_finding(self.YEARS, 1, "USD") == (
            "Most has to be asked for in FY26: $55.00 that nothing has freed by then"
        )

    def test_less_than_a_dollar_is_no_ask(self) -> None:
        years = [replace(NOTHING, released=10.0, wanted_grow=10.0, ask_grow=0.4)]
        assert words.flow_finding(years, 1, "USD") == "The portfolio pays for itself in every year"
        assert words.portfolio_finding(years, "Dec 2026", "USD") == (
            "Run frees $10.00 by Dec 2026; Grow and Transform want $10.00, and nothing has to be asked for"
        )

    def test_the_finding_adds_up_all_years_in_the_plans_currency(self) -> None:
        assert words.portfolio_finding(self.YEARS, "Dec 2027", "CHF") == (
            "Run frees CHF\xa0180 by Dec 2027; Grow and Transform want CHF\xa0220, and CHF\xa065.00 has to be asked for"
        )


class TestBound:
    def test_a_range_and_the_chance_of_a_loss(self) -> None:
        found = Bound(Range(-1_000.0, 2_000.0, 5_000.0), Range(0, 0, 0), (), 0.125)
        assert words.bound_words(found, "USD") == "−$1.00K to $5.00K; loss risk 13%"

    @pytest.mark.parametrize(("chance", "said"), [(0.0, "under 1%"), (0.004, "under 1%"), (1.0, "over 99%")])
    def test_drawn_outcomes_are_never_certain(self, chance: float, said: str) -> None:
        found = Bound(Range(-1.0, 2.0, 5.0), Range(0, 0, 0), (), chance)
        assert words.bound_words(found, "USD").endswith(f"; loss risk {said}")

    def test_a_plan_without_chance_has_one_value(self) -> None:
        """6 x 60 saved for nothing."""
        found = figures(initiative("sure", "training", 0.4), discount_rate=0.0)
        said = words.bound_words(bound(found.case.recommended.result), "USD")
        assert said == "$360 to $360; loss risk under 1%"
