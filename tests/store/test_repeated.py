"""Two files of one bill that hold the same line items: told from the parts of a delivery, and refused."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from costlib.errors import UnreadableFile
from costlib.sources.discovery import discover
from costlib.store.dry_run import planned
from costlib.store.question import Question
from costlib.store.repeated import Repeated, repeated
from costlib.store.store import Store
from costlib.workspace import Workspace
from tests.bills import few, fresh_folder
from tests.builders import Row, focus_row, write_csv


def items(resources: Iterable[int], day: int = 5, **changes: str) -> list[Row]:
    """A line item of each of these servers on a day of September 2026."""
    start = f"2026-09-{day:02d}T00:00:00Z"
    return [focus_row(ResourceId=f"i-{number}", ChargePeriodStart=start, **changes) for number in resources]


def found(folder: Path, *files: list[Row]) -> Repeated | None:
    """What is repeated in a folder of these files, called 0.csv and so on."""
    for number, rows in enumerate(files):
        write_csv(folder / "bill" / f"{number}.csv", rows)
    (export,) = discover([folder / "bill"])
    return repeated(export)


def told(folder: Path, *files: list[Row]) -> tuple[str, str, int, int] | None:
    one = found(folder, *files)
    return (one.first.name, one.second.name, one.shared, one.line_items) if one else None


class TestTold:
    def test_a_restatement_beside_the_first_invoice(self, tmp_path: Path) -> None:
        """Ten line items; the second file has other costs for all of them, and an eleventh."""
        assert told(tmp_path, items(range(10)), items(range(11), BilledCost="1.70")) == ("0.csv", "1.csv", 10, 10)

    def test_a_month_so_far_beside_a_later_one(self, tmp_path: Path) -> None:
        first, second = items(range(4), 1), items(range(4), 2)
        assert told(tmp_path, first, [*first, *second]) == ("0.csv", "1.csv", 4, 4)

    def test_the_pair_that_shares_most(self, tmp_path: Path) -> None:
        first, second, third = (items(range(4), day) for day in (1, 2, 3))
        assert told(tmp_path, first, first + second, first + second + third) == ("1.csv", "2.csv", 8, 8)

    def test_quantities_and_prices_may_differ_too(self, tmp_path: Path) -> None:
        one = items(range(5), ConsumedQuantity="1", ListUnitPrice="2")
        other = items(range(5), ConsumedQuantity="9", ListUnitPrice="3")
        assert told(tmp_path, one, other) == ("0.csv", "1.csv", 5, 5)

    def test_half_is_enough_and_less_is_not(self, tmp_path: Path) -> None:
        assert told(tmp_path / "half", items(range(8)), items(range(4, 12))) == ("0.csv", "1.csv", 4, 8)
        assert told(tmp_path / "less", items(range(8)), items(range(5, 13))) is None

    def test_half_of_the_smaller_file(self, tmp_path: Path) -> None:
        assert told(tmp_path, items(range(100)), items(range(96, 104))) == ("0.csv", "1.csv", 4, 100)

    def test_parquet_files(self, tmp_path: Path) -> None:
        for number in range(2):
            rows = write_csv(tmp_path / f"{number}.csv", items(range(6), BilledCost=f"{number + 1}.00"))
            (tmp_path / "bill").mkdir(exist_ok=True)
            target = tmp_path / "bill" / f"{number}.parquet"
            with duckdb.connect() as connection:
                connection.execute(f"COPY (FROM read_csv('{rows}', all_varchar = true)) TO '{target}'")
        (export,) = discover([tmp_path / "bill"])
        assert repeated(export) == Repeated(tmp_path / "bill" / "0.parquet", tmp_path / "bill" / "1.parquet", 6, 6)


class TestLeftAlone:
    def test_parts_of_one_delivery(self, tmp_path: Path) -> None:
        assert told(tmp_path, items(range(50)), items(range(50, 100))) is None

    def test_the_same_servers_on_other_days(self, tmp_path: Path) -> None:
        assert told(tmp_path, items(range(50), 1), items(range(50), 2)) is None

    def test_the_same_servers_of_another_team(self, tmp_path: Path) -> None:
        assert told(tmp_path, items(range(9)), items(range(9), Tags='{"team": "Fraud"}')) is None

    def test_line_items_that_repeat_within_a_file(self, tmp_path: Path) -> None:
        """Calls of one meter look alike: two files of them are two halves."""
        calls = [row for row in items(range(5)) for _ in range(4)]
        assert told(tmp_path, calls, calls) is None

    def test_too_few_to_tell(self, tmp_path: Path) -> None:
        assert told(tmp_path, items(range(2)), items(range(2))) is None

    def test_credits_for_the_same_resources(self, tmp_path: Path) -> None:
        credits = items(range(9), ChargeCategory="Credit", BilledCost="-1.50")
        assert told(tmp_path, items(range(9)), credits) is None

    def test_files_that_are_large_together(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("costlib.store.repeated._MOST", 100)
        assert told(tmp_path, items(range(9)), items(range(9), BilledCost="2")) is None

    def test_a_damaged_file_is_left_to_the_load(self, tmp_path: Path) -> None:
        for number in range(2):
            path = write_csv(tmp_path / "bill" / f"{number}.csv", items(range(5), BilledCost=f"{number}"))
        path.write_bytes(path.read_bytes() + b'"open')
        (export,) = discover([tmp_path / "bill"])
        assert repeated(export) is None

    @few(15)
    @given(st.lists(st.integers(0, 2), min_size=6, max_size=40))
    def test_however_a_bill_is_cut_no_part_repeats_another(self, cut: list[int]) -> None:
        with fresh_folder() as folder:
            rows = items(range(len(cut)))
            parts = [[row for row, part in zip(rows, cut, strict=True) if part == at] for at in {*cut}]
            assert found(folder, *parts) is None


class TestLoad:
    @pytest.fixture
    def bills(self, tmp_path: Path) -> Path:
        write_csv(tmp_path / "bills" / "september.csv", items(range(10)))
        write_csv(tmp_path / "bills" / "september restated.csv", items(range(10), BilledCost="1.40"))
        return tmp_path / "bills"

    def test_both_are_named_and_nothing_is_loaded(self, bills: Path, tmp_path: Path) -> None:
        space = Workspace(tmp_path / "store")
        with pytest.raises(
            UnreadableFile, match=r"10 of 10 line items of .*september.*csv are in .*csv too"
        ) as refused:
            space.load([bills])
        assert "Keep the newer of the two" in str(refused.value.fix)
        assert not space.is_store

    def test_a_dry_run_says_it_too(self, bills: Path, tmp_path: Path) -> None:
        with pytest.raises(UnreadableFile, match="they would count twice"):
            planned(Store(tmp_path / "store"), discover([bills]))

    def test_once_the_older_is_gone_the_month_is_restated(self, bills: Path, tmp_path: Path) -> None:
        space, restated = Workspace(tmp_path / "store"), bills / "september restated.csv"
        kept = restated.rename(tmp_path / "later.csv")
        space.load([bills])
        (bills / "september.csv").unlink()
        kept.rename(restated)
        space.load([bills])
        (total,) = space.snapshot().reader.ask(Question(measure="BilledCost"))
        assert total.amount == 14
