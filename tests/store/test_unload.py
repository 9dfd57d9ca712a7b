"""A bill taken out: the store is as if it had never come, everything else stays, and its files bring it back."""

from __future__ import annotations

from decimal import Decimal

import pytest

from costlib.errors import EmptyStore, InputError
from costlib.store.manifest import Part
from costlib.store.store import Store
from costlib.store.unload import chosen, unload
from tests.builders import TEAM_RULES, cube_rows, load_into, store_bytes

AUGUST, SEPTEMBER = "2026-08-01", "2026-09-01"
MINE, OTHER = "111122223333", "999988887777"
#: Two accounts over two months: 1, 2 and 4, 8.
BILLS = (
    {"BillingPeriodStart": AUGUST, "BilledCost": "1"},
    {"BillingPeriodStart": SEPTEMBER, "BilledCost": "2"},
    {"BillingPeriodStart": AUGUST, "BillingAccountId": OTHER, "BilledCost": "4"},
    {"BillingPeriodStart": SEPTEMBER, "BillingAccountId": OTHER, "BilledCost": "8"},
)


@pytest.fixture
def root(tmp_path):
    return tmp_path / "store"


def billed(root):
    ((amount,),) = cube_rows(root, "SELECT SUM(BilledCost) FROM cube")
    return amount


def taken(root, *args) -> list[tuple[str | None, str | None]]:
    return [(part.account, part.period) for part in unload(Store(root), TEAM_RULES, *args)]


class TestWhatGoes:
    @pytest.mark.parametrize(
        ("account", "periods", "left"),
        [
            (MINE, (), 12),
            (OTHER, (), 3),
            (None, ("2026-08",), 10),
            (OTHER, ("2026-09",), 7),
            (MINE, ("2026-08", "2026-09"), 12),
        ],
    )
    def test_of_accounts_and_months(self, root, focus, account, periods, left):
        load_into(root, focus(*BILLS))
        unload(Store(root), TEAM_RULES, "focus:bill", account, periods)
        assert billed(root) == left

    def test_a_whole_connection_and_no_other(self, root, focus):
        load_into(root, focus({"BilledCost": "1"}))
        load_into(root, focus({"BillingAccountId": OTHER, "BilledCost": "4"}, name="wrong"))
        assert taken(root, "focus:wrong") == [(OTHER, "2026-09")]
        assert billed(root) == 1

    def test_the_store_is_as_if_it_had_never_come(self, root, focus, tmp_path):
        load_into(tmp_path / "never", focus({"BilledCost": "1"}))
        load_into(root, focus({"BilledCost": "1"}))
        load_into(root, focus({"BillingAccountId": OTHER, "BilledCost": "4"}, name="wrong"))
        unload(Store(root), TEAM_RULES, "focus:wrong")
        states = [Store(place).current() for place in (root, tmp_path / "never")]
        assert states[0].generation == states[1].generation and states[0].sequence == 3
        every = "SELECT * FROM cube ORDER BY ALL"
        assert cube_rows(root, every) == cube_rows(tmp_path / "never", every)

    def test_rows_set_aside_go_with_their_delivery(self, root, focus):
        load_into(root, focus({"BilledCost": "1"}))
        load_into(root, focus({"BilledCost": "4"}, {"BillingAccountId": ""}, name="wrong"), supersede=True)
        load_into(root, focus({"BillingAccountId": OTHER, "BilledCost": "2"}))
        unload(Store(root), TEAM_RULES, "focus:wrong")
        assert [part.source for part in Store(root).current().parts] == ["focus:bill"]

    def test_the_same_file_brings_it_back(self, root, focus):
        path = focus(*BILLS)
        load_into(root, path)
        before = Store(root).current()
        unload(Store(root), TEAM_RULES, "focus:bill", OTHER)
        (done,) = load_into(root, path)
        assert done.changed and Store(root).current().generation == before.generation
        assert billed(root) == 15

    def test_a_rule_changed_since_is_applied(self, root, focus):
        load_into(root, focus(*BILLS))
        unload(Store(root), TEAM_RULES, "focus:bill", MINE)
        assert Store(root).current().rules == TEAM_RULES.digest


class TestRefused:
    @pytest.mark.parametrize(
        ("args", "said"),
        [
            (("focus:bil",), "There is no connection focus:bil"),
            (("focus:bill", "111122223334"), "focus:bill has no account 111122223334"),
            (("focus:bill", MINE, ("2026-07",)), "focus:bill has no month 2026-07"),
            (("focus:bill",), "Without focus:bill no bill would be left"),
            (("focus:bill", None, ("2026-08", "2026-09")), "Without focus:bill no bill would be left"),
        ],
    )
    def test_with_what_is_there_and_nothing_changed(self, root, focus, args, said):
        load_into(root, focus(*BILLS))
        before = store_bytes(root)
        with pytest.raises(InputError, match=said):
            unload(Store(root), TEAM_RULES, *args)
        assert store_bytes(root) == before

    def test_a_month_that_only_another_account_has(self, root, focus):
        load_into(root, focus(BILLS[0], BILLS[3]))
        with pytest.raises(InputError) as told:
            chosen(Store(root).current(), "focus:bill", MINE, ("2026-09",))
        assert told.value.expected == "2026-08"

    def test_an_empty_store_says_that_nothing_is_loaded(self, root):
        with pytest.raises(EmptyStore):
            unload(Store(root), TEAM_RULES, "focus:bill")


def test_what_went_is_told_with_its_money(root, focus):
    load_into(root, focus(*BILLS))
    gone: tuple[Part, ...] = unload(Store(root), TEAM_RULES, "focus:bill", OTHER)
    assert [entry.sums_store["BilledCost"] for part in gone for entry in part.tie_outs] == [Decimal(4), Decimal(8)]
