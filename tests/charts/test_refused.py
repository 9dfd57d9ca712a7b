"""What each kind of chart refuses and what it just accepts: names, amounts and counts at their limits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal as D
from typing import Any

import pytest

from costlib.charts.spec import (
    OTHER,
    Band,
    Bubble,
    Chart,
    HeatTable,
    Initiative,
    Investment,
    Kpi,
    KpiRow,
    Level,
    Line,
    Measure,
    Panel,
    Point,
    Role,
    Scatter,
    Segment,
    Step,
    Swing,
    Target,
)
from costlib.errors import InputError
from tests.charts import conftest, planning

ONE = D(1)
NOT_AMOUNTS = (1.5, D("NaN"), D("Infinity"), "1")


def initiative(name: str, saving: Any = None) -> Initiative:
    return Initiative(name, "Track", "", date(2027, 1, 1), date(2027, 2, 1), saving)


def heat(rows: int, columns: int, value: Any = ONE) -> HeatTable:
    names, heads = (tuple(f"{what} {at}" for at in range(count)) for what, count in (("r", rows), ("c", columns)))
    return HeatTable(planning.words("t"), Measure("Cost", currency="USD"), names, heads, ((value,) * columns,) * rows)


WITH_AMOUNT: dict[str, Callable[[Any], Chart]] = {
    "a saving": lambda value: replace(planning.roadmap_one(), initiatives=(initiative("A", value),)),
    "the low end of a swing": lambda value: replace(planning.tornado(), swings=(Swing("A", value, ONE),)),
    "the high end of a swing": lambda value: replace(planning.tornado(), swings=(Swing("A", ONE, value),)),
    "the base of a tornado": lambda value: replace(planning.tornado(), base=Level("Base", value)),
    "a cell": lambda value: heat(1, 1, value),
    "a choice from left to right": lambda value: replace(planning.tradeoff_one(), points=(Point("A", value, ONE),)),
    "a choice from bottom to top": lambda value: replace(planning.tradeoff_one(), points=(Point("A", ONE, value),)),
    "the effort of an investment": lambda value: invested(Investment("A", value, ONE, ONE)),
    "the worth of an investment": lambda value: invested(Investment("A", ONE, value, ONE)),
    "the money of an investment": lambda value: invested(Investment("A", ONE, ONE, value)),
    "a line of a panel": lambda value: replace(planning.panel_alone(), panels=(Panel("A", (Line("Cost", (value,)),)),)),
    "a target": lambda value: replace(planning.outlook_with_plan(), target=Target("Target", value, 8)),
    "the end of a bridge": lambda value: replace(conftest.bridge(), end=Level("Sep", value)),
    "a step of a bridge": lambda value: replace(conftest.bridge(), steps=(Step("Price", value),)),
}


def invested(*rows: Investment) -> Bubble:
    return replace(planning.portfolio_one(), investments=rows)


@pytest.mark.parametrize("value", NOT_AMOUNTS, ids=str)
@pytest.mark.parametrize("where", WITH_AMOUNT)
def test_an_amount_is_a_finite_decimal_wherever_it_stands(where: str, value: object) -> None:
    with pytest.raises(InputError, match="holds") as caught:
        WITH_AMOUNT[where](value)
    assert repr(value) in str(caught.value)


TOO_MANY: dict[str, tuple[Callable[[int], Chart], int, str]] = {
    "initiatives": (
        lambda count: replace(planning.roadmap(), initiatives=tuple(initiative(str(at)) for at in range(count))),
        14,
        "15 initiatives",
    ),
    "swings": (
        lambda count: replace(planning.tornado(), swings=tuple(Swing(str(at), ONE, ONE) for at in range(count))),
        12,
        "13 ",
    ),
    "rows": (lambda count: heat(count, 2), 15, "16 rows and 2 columns"),
    "columns": (lambda count: heat(2, count), 13, "2 rows and 14 columns"),
    "figures": (lambda count: KpiRow(planning.words("t"), tuple(Kpi(str(at), "1") for at in range(count))), 4, "5 fig"),
    "choices": (
        lambda count: replace(planning.tradeoff(), points=tuple(Point(str(at), ONE, ONE) for at in range(count))),
        15,
        "16 choices",
    ),
    "investments": (
        lambda count: invested(*(Investment(str(at), ONE, ONE, ONE) for at in range(count))),
        15,
        "16 investments",
    ),
    "panels": (
        lambda count: replace(
            planning.panel_alone(), panels=tuple(Panel(str(at), (Line("Cost", (ONE,)),)) for at in range(count))
        ),
        12,
        "13 panels",
    ),
    "lines of any role": (
        lambda count: replace(
            conftest.gaps(), lines=tuple(Line(str(at), (ONE,) * 7, Role.PREVIOUS) for at in range(count))
        ),
        8,
        "9 lines, 0 of them actual",
    ),
}


@pytest.mark.parametrize("what", TOO_MANY)
def test_as_many_as_can_be_read_are_drawn_and_one_more_is_refused(what: str) -> None:
    make, most, said = TOO_MANY[what]
    make(most)
    with pytest.raises(InputError, match=said):
        make(most + 1)


TWICE: dict[str, tuple[Callable[[], Chart], str]] = {
    "initiatives": (lambda: replace(planning.roadmap(), initiatives=(initiative("A"), initiative("A"))), "2 init"),
    "a column of a roadmap": (lambda: replace(planning.roadmap(), track_name="Owner"), "columns are called 'Owner'"),
    "rows": (lambda: replace(heat(2, 1), rows=("A", " A ")), "rows are called 'A'"),
    "columns": (lambda: replace(heat(1, 2), columns=("A", "A")), "columns are called 'A'"),
    "a column like the heading of the rows": (lambda: replace(heat(1, 1), columns=("Name",)), "called 'Name'"),
    "figures": (lambda: KpiRow(planning.words("t"), (Kpi("A", "1"), Kpi("A", "2"))), "2 figures are called 'A'"),
    "choices": (lambda: replace(planning.tradeoff_one(), points=(Point("A", ONE, ONE),) * 2), "2 choices"),
    "a column of a trade-off": (lambda: replace(planning.tradeoff(), y=planning.COST), "columns are called"),
    "investments": (lambda: invested(*(Investment("A", ONE, ONE, ONE),) * 2), "2 investments"),
    "a column of a portfolio": (lambda: replace(planning.portfolio(), dimension="Purpose"), "called 'Purpose'"),
    "panels": (lambda: replace(planning.panel_alone(), panels=planning.panel_alone().panels * 2), "2 panels"),
    "an unnamed base": (lambda: replace(planning.tornado(), base=Level(" ", ONE)), "base has no name"),
    "an unnamed end": (lambda: replace(conftest.bridge(), end=Level("", D(90000))), "end has no name"),
    "a range named like the target": (
        lambda: replace(planning.outlook_with_plan(), target=Target("Likely range", ONE, 8)),
        "called 'Likely range'",
    ),
}


@pytest.mark.parametrize("what", TWICE)
def test_names_that_a_reader_could_not_tell_apart_are_refused(what: str) -> None:
    make, said = TWICE[what]
    with pytest.raises(InputError, match=said):
        make()


@pytest.mark.parametrize(
    "chart", [planning.roadmap(), planning.panels(), conftest.trend()], ids=lambda one: one.currency
)
def test_a_currency_is_one_of_the_standard(chart: Any) -> None:
    with pytest.raises(InputError, match="usd is not a currency"):
        replace(chart, currency="usd")


def test_panels_of_other_roles_are_refused_though_their_names_agree() -> None:
    first, second = (
        Panel(name, (Line("Cost", (ONE,), role),)) for name, role in (("A", Role.ACTUAL), ("B", Role.PLAN))
    )
    with pytest.raises(InputError, match="differ in their roles"):
        replace(planning.panel_alone(), panels=(first, second))


@pytest.mark.parametrize("values", [((ONE,),), ((ONE,), (ONE, ONE)), ((ONE,), ())])
def test_a_heat_table_is_filled_cell_by_cell(values: tuple[tuple[D, ...], ...]) -> None:
    with pytest.raises(InputError, match="do not fill it"):
        replace(heat(2, 1), values=values)


class TestTheRest:
    """What gathers the rest is one, and last."""

    def test_two_that_gather_the_rest_are_refused(self) -> None:
        rest = tuple(Segment(name, (ONE, ONE), other=True) for name in ("Others", OTHER))
        with pytest.raises(InputError, match="not the last one"):
            replace(conftest.unknown_part(), segments=rest)

    def test_a_step_that_gathers_the_rest_is_refused_before_the_last(self) -> None:
        steps = (Step(OTHER, ONE, other=True), Step("A", ONE))
        with pytest.raises(InputError):
            replace(conftest.bridge(), start=Level("Aug", ONE), steps=steps, end=Level("Sep", D(3)))


class TestOutlook:
    def test_one_without_a_forecast_is_refused(self) -> None:
        chart, nothing = conftest.outlook(), (None,) * 6
        actual = replace(chart.actual, values=(ONE,) * 6)
        periods = replace(chart.periods, data_until=date(2026, 12, 31))
        with pytest.raises(InputError, match="forecast has no amount"):
            replace(
                chart,
                periods=periods,
                actual=actual,
                forecast=replace(chart.forecast, values=nothing),
                band=Band("80% range", nothing, nothing),
            )

    @pytest.mark.parametrize("edge", ["low", "high"])
    def test_a_range_has_both_edges(self, edge: str) -> None:
        chart = conftest.outlook()
        with pytest.raises(InputError, match="does not go with the forecast"):
            replace(chart, band=replace(chart.band, **{edge: (None,) * 6}))

    def test_a_range_without_width_is_drawn(self) -> None:
        chart = conftest.outlook()
        flat = Band("80% range", chart.forecast.values, chart.forecast.values)
        assert replace(chart, band=flat).low == chart.path


def test_of_choices_only_those_with_both_numbers_are_placed_and_the_others_are_named() -> None:
    points = (Point("No cost", None, ONE), Point("No score", ONE, None), Point("Both", ONE, ONE))
    chart = Scatter(planning.words("t"), planning.COST, planning.SHARE, points)
    assert [one.name for one in chart.placed] == ["Both"]
    assert [one.name for one in chart.unknown] == ["No cost", "No score"]


@pytest.mark.parametrize("hole", ["x", "y", "size"])
def test_an_investment_is_drawn_where_all_three_of_its_numbers_are_known(hole: str) -> None:
    known = Investment("Known", ONE, ONE, ONE)
    chart = invested(known, replace(known, name="Not estimated", **{hole: None}))
    assert [one.name for one in chart.discs] == ["Known"] and [one.name for one in chart.unknown] == ["Not estimated"]
