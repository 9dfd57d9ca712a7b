"""What a second load replaces: its own months, nothing else; and when it is refused."""

from __future__ import annotations

import os
from decimal import Decimal

import pytest

from costlib.errors import AlreadyCovered, TieOutError, UnreadableFile
from costlib.store import delivery
from costlib.store.status import status_document
from costlib.store.store import Store
from tests.builders import (
    cube_rows,
    cur_export,
    cur_row,
    focus_row,
    load_into,
    store_bytes,
    write,
    write_csv,
    write_parquet,
)

AUGUST, SEPTEMBER = "2026-08-01", "2026-09-01"
OTHER = "999988887777"


@pytest.fixture
def root(tmp_path):
    return tmp_path / "store"


def billed(root):
    """Billed cost by source, account and month."""
    month = "STRFTIME(BillingPeriodStart, '%Y-%m')"
    rows = cube_rows(root, f"SELECT x_Source, BillingAccountId, {month}, SUM(BilledCost) FROM cube GROUP BY ALL")
    return {tuple(place): amount for *place, amount in rows}


class TestRestatedMonth:
    @pytest.mark.parametrize("restated", ["0.10", "99.99", "-5"])
    def test_up_or_down_it_replaces(self, root, focus, restated):
        load_into(root, focus({"BilledCost": "10"}, {"BilledCost": "2.5"}))
        (done,) = load_into(root, focus({"BilledCost": restated}))
        assert done.changed
        assert billed(root) == {("focus:bill", "111122223333", "2026-09"): Decimal(restated)}

    def test_other_months_and_accounts_of_the_source_stay(self, root, focus):
        load_into(
            root,
            focus(
                {"BillingPeriodStart": AUGUST, "BilledCost": "1"},
                {"BillingPeriodStart": SEPTEMBER, "BilledCost": "2"},
                {"BillingPeriodStart": SEPTEMBER, "BillingAccountId": OTHER, "BilledCost": "4"},
            ),
        )
        load_into(root, focus({"BillingPeriodStart": SEPTEMBER, "BilledCost": "20"}))
        assert billed(root) == {
            ("focus:bill", "111122223333", "2026-08"): Decimal(1),
            ("focus:bill", "111122223333", "2026-09"): Decimal(20),
            ("focus:bill", OTHER, "2026-09"): Decimal(4),
        }

    def test_a_month_in_the_name_of_the_file_is_no_part_of_the_source(self, root, focus):
        load_into(root, focus({"BillingPeriodStart": AUGUST}, name="vendor-2026-08.csv"))
        load_into(root, focus({"BillingPeriodStart": SEPTEMBER}, name="vendor-2026-09.csv"))
        assert {source for source, *_ in billed(root)} == {"focus:vendor"}

    def test_the_earlier_bill_comes_back_when_it_is_loaded_again(self, root, focus):
        first = focus(
            {"BillingPeriodStart": AUGUST, "BilledCost": "1"},
            {"BillingPeriodStart": SEPTEMBER, "BilledCost": "2"},
            name="first.csv",
        )
        load_into(root, first, source="vendor")
        as_loaded = Store(root).current()
        load_into(root, focus({"BillingPeriodStart": SEPTEMBER, "BilledCost": "20"}), source="vendor")
        (again,) = load_into(root, first, source="vendor")
        assert again.changed
        assert sum(billed(root).values()) == 3
        assert Store(root).current().generation == as_loaded.generation

    def test_history_keeps_every_state_in_order(self, root, focus):
        for cost in ("1", "2", "3"):
            load_into(root, focus({"BilledCost": cost}))
        totals = [status_document(state)["totals"]["BilledCost"]["USD"] for state in Store(root).history()]
        assert totals == ["1", "2", "3"]
        assert [state.sequence for state in Store(root).history()] == [1, 2, 3]


class TestTheSameBillElsewhere:
    def test_the_same_bytes_in_another_place_are_the_same_delivery_and_found_there(self, root, tmp_path, focus):
        load_into(root, focus({}))
        before = Store(root).current()
        moved = write(tmp_path / "moved" / "bill.csv", (tmp_path / "bill.csv").read_bytes())
        (tmp_path / "bill.csv").unlink()
        (again,) = load_into(root, moved)
        after = Store(root).current()
        assert not again.changed
        assert after.generation == before.generation
        assert [file.path for part in after.parts for file in part.files] == [str(moved)]

    def test_an_odd_name_makes_no_other_delivery(self, tmp_path, focus):
        generations = set()
        for number, name in enumerate(["bill.csv", "bi'll [1]*.csv"]):
            load_into(tmp_path / str(number), focus({}, name=name), source="vendor")
            generations.add(Store(tmp_path / str(number)).current().generation)
        assert len(generations) == 1

    def test_the_sources_name_is_part_of_the_generation(self, tmp_path, focus):
        for name in ("one", "two"):
            load_into(tmp_path / name, focus({}), source=name)
        assert Store(tmp_path / "one").current().generation != Store(tmp_path / "two").current().generation


class TestAnotherSource:
    def test_the_same_account_and_month_are_refused(self, root, focus):
        load_into(root, focus({}), source="one")
        before = store_bytes(root)
        with pytest.raises(AlreadyCovered) as refusal:
            load_into(root, focus({"BilledCost": "2"}), source="two")
        assert store_bytes(root) == before
        for word in ("one", "two", "111122223333", "2026-09", "--source one", "--supersede", "Expected"):
            assert word in str(refusal.value)

    def test_supersede_replaces_what_the_new_source_covers_and_leaves_the_rest(self, root, focus):
        load_into(root, focus({"BillingPeriodStart": AUGUST}, {"BilledCost": "7"}), source="one")
        load_into(root, focus({"BilledCost": "8"}), source="two", supersede=True)
        assert billed(root) == {
            ("one", "111122223333", "2026-08"): Decimal("1.5"),
            ("two", "111122223333", "2026-09"): Decimal(8),
        }

    def test_another_account_or_month_is_no_rival(self, root, focus):
        load_into(root, focus({}), source="one")
        load_into(root, focus({"BillingAccountId": OTHER}), source="two")
        load_into(root, focus({"BillingPeriodStart": AUGUST}), source="three")
        assert {source for source, *_ in billed(root)} == {"one", "two", "three"}

    def test_loading_what_was_superseded_is_refused_too(self, root, focus):
        old = focus({}, name="old.csv")
        load_into(root, old, source="one")
        load_into(root, focus({"BilledCost": "8"}), source="two", supersede=True)
        with pytest.raises(AlreadyCovered):
            load_into(root, old, source="one")


class TestAllOrNone:
    def test_one_bad_export_keeps_the_good_one_out(self, root, tmp_path, focus):
        good, bad = (
            focus({}, name="good.csv"),
            write_csv(tmp_path / "bad.csv", [cur_row(line_item_currency_code="ZZZ")]),
        )
        with pytest.raises(Exception, match="ZZZ"):
            load_into(root, good, bad)
        assert Store(root).manifest() is None

    def test_two_partitions_with_the_same_month_are_refused(self, root, tmp_path):
        export = cur_export(tmp_path / "export", "2026-08", {"a.parquet": [cur_row()]})
        cur_export(export, "2026-09", {"a.parquet": [cur_row(line_item_unblended_cost="2")]})
        with pytest.raises(UnreadableFile, match=r"Two partitions .* account 111122223333 for 2026-09"):
            load_into(root, export)
        assert Store(root).manifest() is None

    def test_a_file_that_changes_while_it_is_read_is_refused(self, root, focus, monkeypatch):
        bill = focus({"ListCost": "1"}, {"ListCost": "2"})
        select = delivery.control_select

        def rewritten(*given):
            focus({"ListCost": "1"}, {"ListCost": "3"})
            return select(*given)

        monkeypatch.setattr(delivery, "control_select", rewritten)
        with pytest.raises(TieOutError, match=r"bill.csv gave other rows .* Load again"):
            load_into(root, bill)
        assert Store(root).manifest() is None


def test_a_touched_file_is_the_same_file(root, focus):
    bill = focus({})
    load_into(root, bill)
    os.utime(bill, (1, 1))
    (again,) = load_into(root, bill)
    assert not again.changed


def test_several_months_formats_and_layouts_in_one_load_are_one_delivery(root, tmp_path):
    rows = [focus_row(BillingPeriodStart=month, BilledCost=cost) for month, cost in ((AUGUST, "1"), (SEPTEMBER, "2"))]
    write_csv(tmp_path / "in" / "a.csv", rows[:1])
    write_csv(tmp_path / "in" / "deeper" / "b.csv.gz", rows[:1], delimiter=";")
    write_parquet(tmp_path / "in" / "c.parquet", rows[1:])
    (done,) = load_into(root, tmp_path / "in")
    assert len({part.delivery for part in done.parts}) == 1
    assert list(billed(root).values()) == [Decimal(2), Decimal(2)]
