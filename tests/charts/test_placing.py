"""Names beside points: on the side where nothing else is."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from costlib.charts.placing import Field, Pin, Side
from costlib.charts.placing import sides as sides_of

PINS = st.lists(
    st.builds(
        Pin,
        x=st.floats(0, 300),
        y=st.floats(0, 200),
        radius=st.floats(2, 20),
        wide=st.floats(10, 80),
        high=st.floats(10, 30),
    ),
    min_size=1,
    max_size=15,
)


def sides(
    pins: Sequence[Pin], width: float, height: float, path: Sequence[tuple[float, float]] = ()
) -> tuple[Side, ...]:
    """The sides on one plot."""
    return sides_of([Field(tuple(pins), width, height, tuple(path))])


def box(pin: Pin, side: Side) -> tuple[float, float, float, float]:
    """Left, bottom, right and top of a name."""
    across = {Side.RIGHT: pin.radius, Side.LEFT: -pin.radius - pin.wide}.get(side, -pin.wide / 2)
    up = {Side.ABOVE: pin.radius, Side.BELOW: -pin.radius - pin.high}.get(side, -pin.high / 2)
    return pin.x + across, pin.y + up, pin.x + across + pin.wide, pin.y + up + pin.high


def meet(one: tuple[float, float, float, float], other: tuple[float, float, float, float]) -> bool:
    return min(one[2], other[2]) > max(one[0], other[0]) and min(one[3], other[3]) > max(one[1], other[1])


def test_a_name_alone_stands_at_the_right() -> None:
    assert sides([Pin(50, 50, 3, 30, 10)], 200, 100) == (Side.RIGHT,)


def test_a_name_at_the_right_edge_stands_at_the_left() -> None:
    assert sides([Pin(195, 50, 3, 30, 10)], 200, 100) == (Side.LEFT,)


def test_a_name_between_two_points_stands_above() -> None:
    pins = [Pin(60, 50, 5, 1, 1), Pin(100, 50, 5, 60, 10), Pin(140, 50, 5, 1, 1)]
    assert sides(pins, 200, 100)[1] is Side.ABOVE


def test_a_name_does_not_lie_on_the_line() -> None:
    alone = Pin(50, 50, 3, 40, 10)
    assert sides([alone], 200, 100, [(50, 50), (150, 50)]) == (Side.LEFT,)
    assert sides([alone], 200, 100, [(0, 50), (150, 50)]) == (Side.ABOVE,)


def test_a_name_stands_off_a_line_that_is_flatter_on_a_wider_plot() -> None:
    """On a phone the line climbs past a name at the right; on a desk it runs through it from end to end."""

    def field(width: float) -> Field:
        return Field((Pin(width / 2, 60, 3, 60, 12),), width, 200, ((0, 30), (width / 2, 60), (width, 90)))

    phone, desk = field(200), field(1200)
    assert sides_of([phone]) == (Side.RIGHT,)
    assert sides_of([phone, desk]) == sides_of([desk, phone]) == (Side.ABOVE,)
    above = box(desk.pins[0], Side.ABOVE)
    assert not any(meet(above, (x - 1, 29 + x / 20, x + 1, 31 + x / 20)) for x in range(1200))


@given(PINS, st.lists(st.tuples(st.floats(0, 300), st.floats(0, 200)), max_size=4))
def test_the_same_plot_twice_changes_nothing(pins: list[Pin], path: list[tuple[float, float]]) -> None:
    field = Field(tuple(pins), 300, 200, tuple(path))
    assert sides_of([field, field]) == sides_of([field])


def test_four_points_in_a_row_keep_their_names_apart() -> None:
    pins = [Pin(40.0 + 50 * index, 50, 4, 60, 12) for index in range(4)]
    chosen = sides(pins, 250, 100)
    for (one, its), (other, theirs) in combinations(zip(pins, chosen, strict=True), 2):
        assert not meet(box(one, its), box(other, theirs))


@given(PINS)
def test_every_name_has_a_side_and_the_same_each_time(pins: list[Pin]) -> None:
    chosen = sides(pins, 300, 200)
    assert len(chosen) == len(pins)
    assert chosen == sides(list(pins), 300, 200)


@given(st.lists(st.tuples(st.floats(0, 300), st.floats(0, 200)), min_size=2, max_size=10), st.floats(1.1, 6))
def test_names_of_one_side_that_do_not_meet_do_not_meet_on_a_wider_plot(
    places: list[tuple[float, float]], times: float
) -> None:
    pins = [Pin(x, y, 4, 60, 12) for x, y in places]
    chosen = sides(pins, 300, 200)
    for (one, its), (other, theirs) in combinations(zip(pins, chosen, strict=True), 2):
        if its is theirs and not meet(box(one, its), box(other, theirs)):
            wider = [Pin(pin.x * times, pin.y, 4, 60, 12) for pin in (one, other)]
            assert not meet(box(wider[0], its), box(wider[1], its))
