"""The tornado of a plan: the widest swing by name in its title, the two ends in order, no more than can be drawn."""

from __future__ import annotations

from decimal import Decimal as D

from costlib.briefs.words.swing import tornado_chart
from costlib.charts.spec.tornado import MOST_SWINGS
from tests.briefs.cases import initiative, scorer_case, scorer_figures, scorer_plan


def test_a_cost_is_named_with_its_initiative_and_its_low_end_first() -> None:
    """360 saved and 2,000 once: at 2,400 it is −2,040, at 1,600 −1,240; the dearer cost is the lower value."""
    plan = scorer_plan(initiative("a", "training", 0.4, one_off_cost=2000.0, title="Spot"), discount_rate=0.0)
    chart = tornado_chart(scorer_figures(scorer_case(plan)))
    assert chart is not None
    assert chart.caption.title == "What it costs once (Spot) moves NPV most: from −$2.04K to −$1.24K"
    (widest, *_) = chart.swings
    assert (widest.name, widest.low, widest.high) == ("One-off cost: Spot", D(-1240), D(-2040))
    assert (chart.base.amount, chart.caption.subtitle.split(",")[0]) == (-1640, "net present value at 0% a year")


def test_the_widest_are_drawn_where_there_are_too_many() -> None:
    """Costs of 100, 200 and so on: the smallest swing that is drawn is wider than any that is not."""
    many = [initiative(f"i{at}", "training", 0.01, one_off_cost=100.0 * at) for at in range(1, MOST_SWINGS + 4)]
    chart = tornado_chart(scorer_figures(scorer_case(scorer_plan(*many, discount_rate=0.0))))
    assert chart is not None and len(chart.swings) == MOST_SWINGS
    names = {one.name for one in chart.swings}
    assert f"One-off cost: i{MOST_SWINGS + 3}" in names and "One-off cost: i1" not in names
