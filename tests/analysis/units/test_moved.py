"""What moved a cost: each part worked by hand, and the parts add up to the last digit for any two periods."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from costlib.analysis.bridge import Measured
from costlib.analysis.units import Moved, moved
from costlib.analysis.units.measures import unit_of

UNIT = unit_of("requests")


def hours(cost: str, used: str | None, name: str = "gpu") -> Measured:
    return Measured(name, "Hrs", Decimal(cost), None if used is None else Decimal(used))


def way(before: list[Measured], after: list[Measured], volume0: int, volume1: int) -> Moved:
    found = moved(UNIT, before, after, Decimal(volume0), Decimal(volume1))
    assert found is not None
    return found


def parts(found: Moved) -> tuple[Decimal, ...]:
    return tuple(found.parts.by_name().values())


def test_more_work_on_the_same_machines_is_utilisation() -> None:
    """Twice the requests on the same 100 hours: the bill does not move, one request costs half."""
    found = way([hours("200", "100")], [hours("200", "100")], 1000, 2000)
    assert parts(found) == (200, -200, 0, 0)
    assert found.amounts == (Decimal(200), Decimal(100))
    assert found.unit_parts.utilisation == -100


def test_machines_that_grow_with_the_work_leave_a_request_as_it_was() -> None:
    found = way([hours("200", "100")], [hours("400", "200")], 1000, 2000)
    assert parts(found) == (200, 0, 0, 0)
    assert found.unit_parts.total == 0


def test_a_dearer_hour_is_price() -> None:
    found = way([hours("200", "100")], [hours("300", "100")], 1000, 1000)
    assert parts(found) == (0, 0, 100, 0)
    assert found.unit_parts.price == 100


def test_an_item_that_came_or_went_is_other() -> None:
    """The large model (100) gave way to the small one (30) for the same work."""
    found = way([hours("100", "10", "large")], [hours("30", "10", "small")], 1000, 1000)
    assert parts(found) == (0, 0, 0, -70)


def test_an_item_without_a_quantity_moves_with_volume_and_is_then_other() -> None:
    found = way([hours("100", None)], [hours("150", None)], 1000, 1200)
    assert parts(found) == (20, 0, 0, 30)


@pytest.mark.parametrize("volumes", [(0, 1), (1, 0), (-1, 1)])
def test_without_a_count_nothing_is_told(volumes: tuple[int, int]) -> None:
    assert moved(UNIT, [hours("1", "1")], [hours("1", "1")], Decimal(volumes[0]), Decimal(volumes[1])) is None


def test_an_unknown_cost_or_count_is_not_guessed() -> None:
    unknown = Measured("gpu", "Hrs", None, Decimal(1))
    assert moved(UNIT, [unknown], [hours("1", "1")], Decimal(1), Decimal(1)) is None
    assert moved(UNIT, [hours("1", "1")], [hours("1", "1")], None, Decimal(1)) is None


items = st.lists(
    st.builds(
        Measured,
        st.sampled_from(["a", "b", "c"]),
        st.sampled_from(["Hrs", "GB", None]),
        st.decimals(-1000, 100_000, places=6),
        st.one_of(st.none(), st.decimals(0, 1000, places=3)),
    ),
    max_size=5,
)


@given(items, items, st.integers(1, 10**9), st.integers(1, 10**9))
def test_parts_add_up_exactly(before: list[Measured], after: list[Measured], volume0: int, volume1: int) -> None:
    found = way(before, after, volume0, volume1)
    assert found.cost0 == sum((one.cost or Decimal(0) for one in before), Decimal(0))
    assert found.parts.total == found.cost1 - found.cost0
    assert found.parts.rounded(found.cost1 - found.cost0, Decimal("0.01")).total == found.cost1 - found.cost0
    first, last = found.amounts
    assert found.unit_parts.total == pytest.approx(last - first, abs=Decimal("1e-17"))
    assert found.unit_parts.volume == 0
