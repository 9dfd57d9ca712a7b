"""A cube file that does not hold what the parts' tie-outs say is refused, by name, and leaves nothing behind."""

from __future__ import annotations

import os
from dataclasses import replace
from decimal import Decimal as D
from pathlib import Path

import pytest

from costlib.errors import TieOutError
from costlib.store import cube_file
from costlib.store.manifest import Manifest, TieOut
from costlib.store.store import Store
from tests.builders import TEAM_RULES, focus_row, load_into, write_csv


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two accounts; the first with two currencies and a row set aside, the second with a cost that nobody says."""
    folder = tmp_path_factory.mktemp("check")
    rows = [
        focus_row(BilledCost="1"),
        focus_row(BilledCost="2"),
        focus_row(BilledCost="4", BillingCurrency="EUR"),
        focus_row(BilledCost="x", BillingCurrency="GBP"),
        focus_row(BillingAccountId="2", ListCost=None),
    ]
    load_into(folder / "store", write_csv(folder / "bill.csv", rows), source="bill")
    return folder / "store"


def built(root: Path, state: Manifest, target: Path) -> None:
    cube_file.build(state, root, TEAM_RULES, target)


def altered(root: Path, account: str, currency: str, **changes: object) -> Manifest:
    """The store's state as if one tie-out said something else."""
    state = Store(root).current()

    def entry(one: TieOut) -> TieOut:
        return replace(one, **changes) if one.currency == currency else one

    parts = tuple(
        replace(part, tie_outs=tuple(map(entry, part.tie_outs))) if part.account == account else part
        for part in state.parts
    )
    assert parts != state.parts
    return replace(state, parts=parts)


def sums(root: Path, account: str, currency: str) -> dict[str, D | None]:
    (found,) = (
        entry.sums_store
        for part in Store(root).current().parts
        for entry in part.tie_outs
        if (part.account, entry.currency) == (account, currency)
    )
    return dict(found)


def test_what_was_loaded_is_built(root: Path, tmp_path: Path) -> None:
    built(root, Store(root).current(), tmp_path / "cubes" / "cube.duckdb")
    assert [path.name for path in (tmp_path / "cubes").iterdir()] == ["cube.duckdb"]


@pytest.mark.parametrize(("account", "currency"), [("111122223333", "USD"), ("111122223333", "EUR"), ("2", "USD")])
@pytest.mark.parametrize("measure", ["BilledCost", "EffectiveCost", "ListCost", "ContractedCost"])
def test_money_that_differs_in_its_last_digit_is_refused_by_where_it_is(
    root: Path, tmp_path: Path, account: str, currency: str, measure: str
) -> None:
    held = sums(root, account, currency)
    other = held | {measure: (held[measure] or D(0)) + D("0.000000000000000001")}
    state = altered(root, account, currency, sums_store=other)
    with pytest.raises(TieOutError) as refused:
        built(root, state, tmp_path / "cube.duckdb")
    where = f"bill {account} 2026-09 {currency}"
    assert refused.value.problem == f"The cube does not hold what was loaded for {where}"
    assert "Nothing was published" in str(refused.value)
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_sum_is_not_zero(root: Path, tmp_path: Path) -> None:
    held = sums(root, "2", "USD")
    assert held["ListCost"] is None
    with pytest.raises(TieOutError, match="does not hold"):
        built(root, altered(root, "2", "USD", sums_store=held | {"ListCost": D(0)}), tmp_path / "cube.duckdb")


@pytest.mark.parametrize("rows", [1, 3])
def test_rows_that_are_missing_or_too_many_are_refused(root: Path, tmp_path: Path, rows: int) -> None:
    with pytest.raises(TieOutError, match="does not hold what was loaded for bill 111122223333 2026-09 USD"):
        built(root, altered(root, "111122223333", "USD", rows_loaded=rows), tmp_path / "cube.duckdb")


def test_rows_that_no_load_accounts_for_are_refused(root: Path, tmp_path: Path) -> None:
    state = altered(root, "111122223333", "EUR", rows_loaded=0)
    with pytest.raises(TieOutError) as refused:
        built(root, state, tmp_path / "cube.duckdb")
    assert refused.value.problem == "The cube holds rows of bill 111122223333 2026-09 EUR that no load accounts for"
    assert list(tmp_path.iterdir()) == []


def test_what_was_only_set_aside_is_in_no_cube(root: Path, tmp_path: Path) -> None:
    """The row in GBP has an entry of its own, of which nothing was loaded: whatever it says, no row is looked for."""
    state = altered(root, "111122223333", "GBP", sums_store=dict.fromkeys(sums(root, "2", "USD"), D(9)))
    built(root, state, tmp_path / "cube.duckdb")
    assert (tmp_path / "cube.duckdb").exists()


def test_the_same_rows_under_two_parts_are_refused(root: Path, tmp_path: Path) -> None:
    state = Store(root).current()
    with pytest.raises(TieOutError):
        built(root, replace(state, parts=(*state.parts, state.parts[-1])), tmp_path / "cube.duckdb")


def test_what_another_attempt_left_aside_is_not_taken_for_the_new_file(root: Path, tmp_path: Path) -> None:
    target = tmp_path / "cube.duckdb"
    built(root, Store(root).current(), target)
    size = target.stat().st_size
    aside = os.getpid()
    for name in (f".cube.duckdb.{aside}", f".cube.duckdb.{aside}.wal"):
        (tmp_path / name).write_bytes(b"left over")
    built(root, Store(root).current(), target)
    assert [path.name for path in tmp_path.iterdir()] == ["cube.duckdb"]
    assert target.stat().st_size == pytest.approx(size, rel=0.2)
