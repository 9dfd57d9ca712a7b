"""Charts of plans and choices with figures that can be checked by hand: ordinary, hard and hostile ones."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal as D

from costlib.charts.spec import (
    OTHER,
    Band,
    BandTrend,
    Bubble,
    Bucket,
    Caption,
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
    Roadmap,
    Role,
    Scatter,
    Segment,
    SmallMultiples,
    Swing,
    Target,
    Tornado,
)
from costlib.charts.timeline import Periods
from costlib.periods import Grain, add_months

LONG_NAME = "Recommendations and personalisation platform, EMEA (shared)"
HOSTILE = ("=cmd()|' /C calc'!A0", "<b>x</b>", "$x$ & $y$", "%{y}", LONG_NAME, "+1\x00\x1b", "@sum", *"ABCDE")
USD = Measure("Net present value", currency="USD")
MONTHS = Measure("Time to value", unit="months")
SHARE = Measure("Pass rate", unit="%")


def words(title: str) -> Caption:
    return Caption(title, "USD a year at full run, Dec 2026 to Nov 2027", "Plan of 21 Nov 2026, snapshot 7f3a")


def amounts(*texts: str | None) -> tuple[D | None, ...]:
    return tuple(None if text is None else D(text) for text in texts)


def months(count: int, first: date = date(2026, 7, 1)) -> tuple[date, ...]:
    return tuple(add_months(first, index) for index in range(count))


def roadmap() -> Roadmap:
    """Given out of order: 1.4 + 0.5 + 0.7 + 1.1 + 0.6 + 0.3 = 4.6 million a year over twelve months."""
    rows = (
        ("Semantic cache for support bot", "1 Quick wins", "Support Eng", (2027, 1), (2027, 4), "500000"),
        ("Route small prompts to small models", "1 Quick wins", "Platform", (2026, 12), (2027, 3), "1400000"),
        ("Batch tier for offline jobs", "2 Commit", "Data Platform", (2027, 3), (2027, 6), "700000"),
        ("1-yr GPU commitment, 60% floor", "2 Commit", "Infra", (2027, 4), (2027, 7), "1100000"),
        ("Distil ranking model", "3 Re-engineer", "Search", (2027, 6), (2027, 10), "600000"),
        ("Retire GPU pool B", "3 Re-engineer", "Infra", (2027, 8), (2027, 12), "300000"),
    )
    initiatives = tuple(
        Initiative(name, track, owner, date(*start, 1), date(*end, 1), D(saving))
        for name, track, owner, start, end, saving in rows
    )
    return Roadmap(words("$4.6M a year once all three phases land"), "USD", initiatives, today=date(2027, 1, 15))


def roadmap_one() -> Roadmap:
    """One initiative of a month that begins in its middle, its saving unknown, nobody's."""
    one = Initiative("Cap context length", "Containment", "", date(2026, 12, 10), date(2026, 12, 24), None)
    return Roadmap(words("One thing to do"), "EUR", (one,))


def roadmap_many() -> Roadmap:
    """Fourteen initiatives with hostile names, one that costs more than it saves, one unknown."""
    names = (*HOSTILE, "F", "G")
    initiatives = tuple(
        Initiative(
            name,
            ("Technical", "Process", LONG_NAME, "<i>Culture</i>")[index % 4],
            name,
            add_months(date(2027, 1, 1), index),
            add_months(date(2027, 4, 1), 2 * index),
            None if index == 3 else D(100000 * (8 - index)),
        )
        for index, name in enumerate(names)
    )
    return Roadmap(words("Fourteen things to do"), "USD", initiatives, track_name="Track", today=date(2028, 11, 3))


def tornado() -> Tornado:
    """Widths 1.9, 1.3, 0.6 and 0.2 million around 3.2 million; more delay is worse."""
    swings = (
        Swing("Delay of delivery", D(3400000), D(2800000), "none", "4 months"),
        Swing("Share of prompts that can be routed", D(2300000), D(4200000), "30%", "60%"),
        Swing("Price of tokens", D(3300000), D(3100000), "−20%", "+20%"),
        Swing("Growth of requests", D(2500000), D(3800000), "2% a month", "6% a month"),
    )
    return Tornado(words("Routing share moves the plan most"), "USD", Level("Plan as proposed", D(3200000)), swings)


def tornado_one_sided() -> Tornado:
    """A negative base; both ends of a swing on one side, an end on the base, an unknown end."""
    swings = (
        Swing("Adoption", D(-900), D(1600)),
        Swing("Both up", D(-150), D(400)),
        Swing("Both down", D(-300), D(-700)),
        Swing("Only up", D(-200), D(100)),
        Swing("Not estimated", None, D(300)),
        Swing("Nothing known", None, None),
    )
    return Tornado(words("It may pay or not"), "EUR", Level("Expected", D(-200)), swings, "Low", "High")


def tornado_hostile() -> Tornado:
    swings = tuple(Swing(name, D(100 - index), D(100 + 2 * index), name, name) for index, name in enumerate(HOSTILE))
    return Tornado(words("Twelve inputs"), "USD", Level(LONG_NAME, D(100)), swings, "<i>low</i>", "$high$", "=Input")


def tornado_flat() -> Tornado:
    """One input that moves nothing."""
    return Tornado(words("Nothing moves"), "USD", Level("NPV", D(0)), (Swing("Price", D(0), D(0)),))


def heat() -> HeatTable:
    """Four teams by six months; one unknown, one credit, one zero."""
    rows = {
        "Search": ("120000", "150000", "180000", "240000", "260000", "320000.30"),
        "Fraud": ("90000", "95000", "80000", "70000", "60000", "50000"),
        "Support bot": ("0", "1000", "8000", "12000", "25000", "31000"),
        LONG_NAME: ("40000", None, "40000", "-20000", "15000", "12000"),
    }
    columns = ("May 26", "Jun 26", "Jul 26", "Aug 26", "Sep 26", "Oct 26")
    values = tuple(amounts(*row) for row in rows.values())
    measure = Measure("Effective cost", currency="USD")
    return HeatTable(words("Search grows, fraud shrinks"), measure, tuple(rows), columns, values, "Team")


def heat_one() -> HeatTable:
    return HeatTable(words("One cell"), SHARE, ("Search",), ("Now",), ((D("0.918"),),))


def heat_many() -> HeatTable:
    """Fifteen rows with hostile names by thirteen months."""
    names = (*HOSTILE, "F", "G", "H")
    values = tuple(tuple(D((row * 13 + column) * 997 - 9000) for column in range(13)) for row in range(15))
    columns = tuple(f"{day:%b %y}" for day in months(13))
    return HeatTable(words("Everything"), Measure("Cost", currency="EUR"), names, columns, values)


def heat_unknown() -> HeatTable:
    return HeatTable(words("Nothing measured"), MONTHS, ("A", "B"), ("X",), ((None,), (None,)))


def figures() -> KpiRow:
    kpis = (
        Kpi("FY26 outlook", "$18.5M", "+$2.7M vs plan", Mood.BAD, "likely 17.9 to 19.2"),
        Kpi("Unit cost", "$0.41", "−18% a year", Mood.GOOD, "per 1k requests"),
        Kpi("GPU utilisation", "61%", "+7 pt a year", Mood.GOOD, "target 70%"),
        Kpi("Savings booked", "$2.1M", "46% of target", Mood.NEUTRAL, "of $4.6M identified"),
    )
    return KpiRow(words("AI spend will end FY26 at $18.5M"), kpis)


def figure_alone() -> KpiRow:
    return KpiRow(words("One figure"), (Kpi("Spend", "unknown"),))


def figures_hostile() -> KpiRow:
    kpis = (
        Kpi(LONG_NAME, "CHF 1,234,567,890.12", LONG_NAME, Mood.BAD, LONG_NAME),
        Kpi("<b>x</b>", "$x$", "=cmd()", Mood.GOOD, "%{y}"),
        Kpi("@sum", "+1\x00", "", Mood.NEUTRAL, ""),
    )
    return KpiRow(words("Names are data"), kpis)


def tradeoff() -> Scatter:
    """Front: Small, Routed, Large tuned. Large is dearer and no better than Large tuned."""
    points = (
        Point("Large", D("4.10"), D("0.962")),
        Point("Large tuned", D("3.20"), D("0.968")),
        Point("Medium", D("1.90"), D("0.931")),
        Point("Routed", D("1.35"), D("0.955"), chosen=True),
        Point("Small", D("0.60"), D("0.910")),
        Point("Small quantised", D("0.65"), D("0.902")),
        Point("Open weights", None, D("0.925")),
    )
    return Scatter(words("Routing keeps quality at a third of the cost"), COST, SHARE, points, dimension="Model")


COST = Measure("Cost per 1k requests", currency="USD")


def tradeoff_one() -> Scatter:
    return Scatter(words("One choice"), COST, SHARE, (Point("Only", D(1), D("0.5")),))


def tradeoff_many() -> Scatter:
    """Fifteen hostile names close together, below zero on one axis; more is better on the first."""
    names = (*HOSTILE, "F", "G", "H")
    points = tuple(Point(name, D(index * 7 % 15) - 4, D(index * 11 % 15)) for index, name in enumerate(names))
    return Scatter(words("Fifteen choices"), USD, MONTHS, points, less_x=False, more_y=False)


def portfolio() -> Bubble:
    """Sizes 4 : 1 : 0.25 million, so the widths are 1, 1/2 and 1/4; one loses money, one is not estimated."""
    rows = (
        Investment("Model routing", D(4), D(5200000), D(1000000), Bucket.RUN),
        Investment("GPU commitment", D(2), D(2100000), D(4000000), Bucket.RUN),
        Investment("Distilled ranking model", D(9), D(3800000), D(1000000), Bucket.GROW),
        Investment("Agent platform", D(15), D(-600000), D(2000000), Bucket.TRANSFORM),
        Investment("Semantic cache", D(3), D(900000), D(250000), Bucket.GROW),
        Investment("Edge inference", D(12), None, D(500000), Bucket.TRANSFORM),
    )
    return Bubble(words("Run pays for grow"), MONTHS, USD, Measure("Money", currency="USD"), rows)


def portfolio_one() -> Bubble:
    one = Investment("Only", D(3), D(10), D(0))
    return Bubble(words("One investment"), MONTHS, USD, Measure("Money", currency="USD"), (one,))


def portfolio_many() -> Bubble:
    names = (*HOSTILE, "F", "G", "H")
    rows = tuple(
        Investment(name, D(index * 7 % 15), D(index * 11 % 15 - 5), D(index + 1), tuple(Bucket)[index % 3])
        for index, name in enumerate(names)
    )
    return Bubble(words("Fifteen investments"), MONTHS, USD, Measure("Money", currency="USD"), rows)


def panels() -> SmallMultiples:
    """Six teams, this year against the year before, October open."""
    rows = {
        "Search": ("300000", "310000", "320000", "210000"),
        "Fraud": ("100000", "90000", "80000", "50000"),
        "Support bot": ("10000", "20000", "40000", "31000"),
        "Ads": ("150000", None, "160000", "100000"),
        LONG_NAME: ("50000", "52000", "54000", "30000"),
        "Research": ("0", "-5000", "2000", "1000"),
    }
    made = tuple(
        Panel(
            name,
            (
                Line("This year", amounts(*row)),
                Line("Year before", amounts("90000", "91000", "92000", "93000"), Role.PREVIOUS),
            ),
        )
        for name, row in rows.items()
    )
    return SmallMultiples(
        words("Search alone drives the rise"),
        Periods(months(4), Grain.MONTH, data_until=date(2026, 10, 20)),
        "USD",
        made,
    )


def panels_stacked() -> SmallMultiples:
    """Three teams, their stages stacked, one with a credit."""
    made = tuple(
        Panel(
            name,
            (
                Segment("Inference", amounts("100", "120", str(base))),
                Segment("Training", amounts("40", "-10", "60")),
                Segment(OTHER, amounts("10", "10", None), other=True),
            ),
        )
        for name, base in (("Search", 200), ("Fraud", 90), ("Ads", 140))
    )
    return SmallMultiples(words("Inference leads everywhere"), Periods(months(3), Grain.MONTH), "EUR", made)


def panel_alone() -> SmallMultiples:
    one = Panel("All", (Line("Cost", amounts("5")),))
    return SmallMultiples(words("One panel"), Periods(months(1), Grain.MONTH), "USD", (one,))


def panels_many() -> SmallMultiples:
    made = tuple(
        Panel(name, (Line("Cost", tuple(D(index * 1000 + month * 100) for month in range(12))),))
        for index, name in enumerate(HOSTILE)
    )
    return SmallMultiples(words("Twelve teams"), Periods(months(12), Grain.MONTH), "USD", made)


def outlook_with_plan() -> BandTrend:
    """Three months of cost, six ahead: 160 without the plan, 118 with it, 120 aimed at, 125 budgeted."""
    none = (None,) * 3
    return BandTrend(
        words("The plan brings spend under its target by March"),
        Periods(months(9), Grain.MONTH, data_until=date(2026, 9, 30)),
        "USD",
        Line("Actual", amounts("100000", "110000", "120000", *(None,) * 6)),
        Line(
            "Without the plan",
            none + amounts("130000", "138000", "144000", "150000", "155000", "160000"),
            Role.FORECAST,
        ),
        Band(
            "Likely range",
            none + amounts("126000", "130000", "134000", "138000", "141000", "143000"),
            none + amounts("134000", "146000", "155000", "163000", "170000", "178000"),
        ),
        Line("Budget", amounts(*("125000",) * 9), Role.PLAN),
        Line(
            "With the plan", none + amounts("130000", "134000", "130000", "124000", "120000", "118000"), Role.WITH_PLAN
        ),
        Target("Target", D(120000), 8),
    )


def outlook_targeted() -> BandTrend:
    """A target due before the end, no budget, no range."""
    chart = outlook_with_plan()
    nothing = Band("Likely range", (None,) * 9, (None,) * 9)
    return replace(chart, plan=None, band=nothing, target=Target(LONG_NAME, D(115000), 6))


PLANNING: dict[str, Callable[[], Chart]] = {
    builder.__name__: builder
    for builder in (
        roadmap,
        roadmap_one,
        roadmap_many,
        tornado,
        tornado_one_sided,
        tornado_hostile,
        tornado_flat,
        heat,
        heat_one,
        heat_many,
        heat_unknown,
        figures,
        figure_alone,
        figures_hostile,
        tradeoff,
        tradeoff_one,
        tradeoff_many,
        portfolio,
        portfolio_one,
        portfolio_many,
        panels,
        panels_stacked,
        panel_alone,
        panels_many,
        outlook_with_plan,
        outlook_targeted,
    )
}
