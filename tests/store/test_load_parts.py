"""What a load keeps, replaces and refuses, decided on parts written by hand; and what it says while it works."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from costlib.errors import AlreadyCovered, UnreadableFile
from costlib.sources.discovery import Export, discover
from costlib.store import delivery
from costlib.store.delivery import batches
from costlib.store.load import Loaded, delivered, load, rivals_of
from costlib.store.manifest import Manifest, Part
from costlib.store.store import Store
from tests.builders import TEAM_RULES, cur_export, cur_row, focus_row, load_into, ruleset, write_csv
from tests.store.test_manifest import part, tie_out

SEPTEMBER = ("1", "2026-09")


def state(*parts: Part) -> Manifest:
    return Manifest(1, "rules", "engine", "then", parts)


class TestRivals:
    def test_a_part_of_another_connection_for_the_same_account_and_month_is_refused(self) -> None:
        with pytest.raises(AlreadyCovered) as refused:
            rivals_of(state(part()), "two", [SEPTEMBER], supersede=False)
        assert refused.value.problem == "one already holds account 1 for 2026-09; two would count it twice"
        assert refused.value.fix == (
            "If it is the same bill, load it with --source one; to replace that one add --supersede. "
            "Nothing was changed."
        )

    def test_with_leave_it_goes(self) -> None:
        held = state(part(), part(period="2026-10"), part(account="2"), part(source="three"))
        assert rivals_of(held, "two", [SEPTEMBER, ("2", "2026-10")], supersede=True) == [
            ("one", "1", "2026-09"), ("three", "1", "2026-09"),
        ]  # fmt: skip

    @pytest.mark.parametrize(
        "change", [{"source": "two"}, {"account": "2"}, {"period": "2026-10"}, {"path": None}, {"account": None}]
    )
    def test_what_counts_nothing_twice_is_none(self, change: dict[str, Any]) -> None:
        """Its own part, another account, another month, and rows set aside that are in no figure."""
        for supersede in (False, True):
            assert rivals_of(state(part(**change)), "two", [SEPTEMBER], supersede) == []


class TestLoaded:
    def test_rows_of_all_parts_and_currencies(self) -> None:
        parts = (part(tie_outs=(tie_out(loaded=2, aside=1), tie_out(loaded=5, aside=0))), part(tie_outs=()))
        one = Loaded("bill", (*parts, part(tie_outs=(tie_out(loaded=1, aside=4),))), changed=True)
        assert (one.rows_loaded, one.rows_quarantined) == (8, 5)
        assert (Loaded("bill", (), changed=False).rows_loaded, Loaded("bill", (), changed=False).rows_quarantined) == (
            0,
            0,
        )


class TestDelivered:
    def export(self, folder: Path, cost: str = "1", name: str = "bill.csv", source: str | None = None) -> Export:
        (found,) = discover([write_csv(folder / name, [focus_row(BilledCost=cost)])], name=source)
        return found

    def held(self, export: Export, **more: Any) -> Part:
        _, name, _ = delivered(state(), export)
        return part(**{"source": export.name, "delivery": name, **more})

    def test_a_delivery_is_named_by_its_bytes_and_its_connection_wherever_it_lies(self, tmp_path: Path) -> None:
        one, moved = self.export(tmp_path), self.export(tmp_path / "moved", source="focus:bill")
        other, named = self.export(tmp_path / "other", cost="2"), self.export(tmp_path / "named", source="vendor")
        names = [delivered(state(), export)[1] for export in (one, moved, other, named)]
        assert names[0] == names[1] and len({*names}) == 3
        assert all(len(name) == 12 and int(name, 16) >= 0 for name in names)

    def test_the_files_are_told_as_they_are_now(self, tmp_path: Path) -> None:
        export = self.export(tmp_path)
        ((file,), _, _) = delivered(state(), export)
        stat = (tmp_path / "bill.csv").stat()
        assert (file.path, file.size, file.modified_ns) == (str(tmp_path / "bill.csv"), stat.st_size, stat.st_mtime_ns)
        assert len(file.digest) == 64

    def test_it_is_held_where_all_of_its_parts_are(self, tmp_path: Path) -> None:
        export = self.export(tmp_path)
        one, two = (self.held(export, account=account, delivery_parts=2) for account in ("1", "2"))
        assert delivered(state(part(source="x"), one, two), export)[2] == (one, two)
        assert delivered(state(one), export)[2] == ()
        assert delivered(state(), export)[2] == ()

    @pytest.mark.parametrize("change", [{"delivery": "other"}, {"source": "other"}])
    def test_parts_of_another_delivery_or_connection_are_not_its_own(
        self, tmp_path: Path, change: dict[str, str]
    ) -> None:
        export = self.export(tmp_path)
        assert delivered(state(self.held(export, **change)), export)[2] == ()

    def test_a_copy_beside_its_original_is_refused_only_where_files_are_put_together_by_hand(
        self, tmp_path: Path
    ) -> None:
        for name in ("a.csv", "b.csv"):
            write_csv(tmp_path / "in" / name, [focus_row()])
        (export,) = discover([tmp_path / "in"])
        with pytest.raises(UnreadableFile, match=r"b\.csv is a copy of .*a\.csv") as refused:
            delivered(state(), export)
        assert refused.value.fix == "Remove one of the two; nothing was changed."
        rows = [cur_row()]
        (other,) = discover([cur_export(tmp_path / "cur", "2026-09", {"a.parquet": rows, "b.parquet": rows})])
        assert len(delivered(state(), other)[0]) == 2


class TestBatches:
    @pytest.fixture
    def exports(self, tmp_path: Path) -> tuple[Export, ...]:
        for month in ("2026-07", "2026-08", "2026-09"):
            row = cur_row(bill_billing_period_start_date=f"{month}-01 00:00:00")
            cur_export(tmp_path / "bill", month, {"a.parquet": [row]})
        return discover([tmp_path / "bill"])

    def size(self, exports: tuple[Export, ...]) -> int:
        return sum(file.path.stat().st_size for export in exports for file in export.files)

    def test_as_many_as_their_bytes_allow_to_the_last_one(
        self, exports: tuple[Export, ...], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for limit, sizes in ((self.size(exports), [3]), (self.size(exports) - 1, [2, 1]), (0, [1, 1, 1])):
            monkeypatch.setattr(delivery, "_TOGETHER", limit)
            assert [len(one) for one in batches(exports)] == sizes
            assert [export for one in batches(exports) for export in one] == list(exports)

    def test_the_bytes_of_a_batch_begin_anew(
        self, exports: tuple[Export, ...], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(delivery, "_TOGETHER", self.size(exports[:2]))
        assert [len(one) for one in batches((*exports, exports[0]))] == [2, 2]

    def test_another_connection_begins_another(self, exports: tuple[Export, ...]) -> None:
        first, *rest = exports
        assert [len(one) for one in batches([replace(first, name="other"), *rest])] == [1, 2]
        assert batches([]) == []


class TestSaid:
    """One bill of two rows: told while it is read, and not read again where it is held already."""

    @pytest.fixture
    def bill(self, tmp_path: Path) -> Path:
        return write_csv(tmp_path / "bill.csv", [focus_row(), focus_row(BilledCost="x")])

    def steps(self, root: Path, *paths: Path, **more: Any) -> list[str]:
        told: list[str] = []
        load(Store(root), discover(paths), more.pop("rules", TEAM_RULES), progress=told.append, **more)
        return told

    def test_rows_of_the_bill_and_then_the_cube(self, tmp_path: Path, bill: Path) -> None:
        read, built = self.steps(tmp_path / "store", bill)
        assert re.fullmatch(r"focus:bill: FOCUS file, 2 rows, \d+\.\d s so far", read)
        assert built == "building the daily cube and tying it out"

    def test_the_second_time_nothing_is_read_and_nothing_is_published(self, tmp_path: Path, bill: Path) -> None:
        self.steps(tmp_path / "store", bill)
        before = Store(tmp_path / "store").manifest_path.read_bytes()
        assert self.steps(tmp_path / "store", bill) == ["focus:bill: already loaded, nothing changed"]
        assert Store(tmp_path / "store").manifest_path.read_bytes() == before

    def test_other_rules_are_published_without_reading_a_bill(self, tmp_path: Path, bill: Path) -> None:
        self.steps(tmp_path / "store", bill)
        first = Store(tmp_path / "store").current()
        told = self.steps(tmp_path / "store", bill, rules=ruleset({"name": "all", "set": {"x_Team": "Everyone"}}))
        assert told == ["focus:bill: already loaded, nothing changed", "building the daily cube and tying it out"]
        second = Store(tmp_path / "store").current()
        assert (second.sequence, second.parts) == (first.sequence + 1, first.parts)
        assert second.rules != first.rules and second.generation != first.generation

    def test_a_partition_is_told_by_its_name(self, tmp_path: Path) -> None:
        export = cur_export(tmp_path / "bill", "2026-09", {"a.parquet": [cur_row()]})
        assert self.steps(tmp_path / "store", export)[0].startswith("aws-cur2:bill BILLING_PERIOD=2026-09: ")

    def test_times_count_from_the_start_because_months_are_read_together(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        clock = itertools.count(100.0)
        monkeypatch.setattr("costlib.store.load.time", SimpleNamespace(monotonic=lambda: next(clock)))
        for month in ("2026-08", "2026-09"):
            row = cur_row(bill_billing_period_start_date=f"{month}-01 00:00:00")
            export = cur_export(tmp_path / "bill", month, {"a.parquet": [row]})
        told = self.steps(tmp_path / "store", export)
        times = [float(found[1]) for line in told if (found := re.search(r"([\d.]+) s so far", line))]
        assert len(times) == 2 and 0 < times[0] < times[1]


class TestPublished:
    def test_a_state_says_when_it_was_made_and_by_which_engine(self, tmp_path: Path) -> None:
        before = datetime.now(UTC).replace(microsecond=0)
        load_into(tmp_path / "store", write_csv(tmp_path / "bill.csv", [focus_row()]))
        found = Store(tmp_path / "store").current()
        moment = datetime.fromisoformat(found.published_at)
        assert before <= moment <= datetime.now(UTC) and moment.utcoffset() is not None
        assert (found.sequence, found.engine) == (1, Store(tmp_path / "store").engine)

    def test_a_part_lies_under_its_connection_and_account_by_month(self, tmp_path: Path) -> None:
        rows = [
            focus_row(),
            focus_row(BilledCost="x"),
            focus_row(BillingAccountId=None),
            focus_row(BillingAccountId="a/b"),
        ]
        load_into(tmp_path / "store", write_csv(tmp_path / "bill.csv", rows), source="My bill")
        parts = {one.account: one for one in Store(tmp_path / "store").current().parts}
        name = parts["111122223333"].delivery
        folder = Path(str(parts["111122223333"].path)).parent.parent
        assert folder.name.startswith("My-bill-") and {one.delivery for one in parts.values()} == {name}
        assert parts["111122223333"].path == f"{folder}/111122223333/2026-09-{name}.days.parquet"
        assert parts["111122223333"].quarantine == f"quarantine/{folder.name}/111122223333/2026-09-{name}.parquet"
        assert parts[None].path is None and str(parts[None].quarantine).endswith(f"/unknown/2026-09-{name}.parquet")
        assert (parts["a/b"].quarantine, parts["a/b"].delivery_parts) == (None, 3)
        for one in parts.values():
            for path in filter(None, (one.path, one.quarantine)):
                assert (tmp_path / "store" / path).is_file()
