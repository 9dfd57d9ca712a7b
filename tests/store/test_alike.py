"""Bills that look like one bill under two numbers or in two currencies: what proves it, what does not, what is said."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from costlib.errors import AlreadyCovered
from costlib.store.alike import Alike, Bill, alike
from costlib.store.alike_words import alike_lines
from costlib.store.manifest import Manifest
from costlib.store.store import Store
from tests.bills import few, fresh_folder
from tests.builders import Row, focus_row, load_into, write_csv

OLD, NEW = "111122223333", "999988887777"


def charges(count: int = 5, **changes: str | None) -> list[Row]:
    """Servers, each for an hour on a day of its own: 1.00, 2.00, ... USD."""
    return [
        focus_row(ResourceId=f"i-{at}", ChargePeriodStart=f"2026-09-{at + 1:02d}T00:00:00Z", BilledCost=f"{at + 1}.00")
        | {"InvoiceId": "INV-1"}
        | changes
        for at in range(count)
    ]


def nameless(count: int, **changes: str | None) -> list[Row]:
    """Charges of different amounts that name neither a resource nor an invoice nor a quantity."""
    return charges(count, **({"ResourceId": "", "InvoiceId": "", "ConsumedQuantity": ""} | changes))


def again(rows: list[Row], **changes: str | None) -> list[Row]:
    """The same charges under the new number."""
    return [row | {"BillingAccountId": NEW} | changes for row in rows]


def found(folder: Path, *bills: list[Row]) -> list[Alike]:
    """What looks alike after loading these, one after the other, each through its own connection."""
    for number, rows in enumerate(bills):
        load_into(folder / "store", write_csv(folder / f"{number}.csv", rows), source=f"bill {number}")
    return alike(Store(folder / "store").current(), folder / "store")


class TestAnotherNumber:
    def test_by_hand(self, tmp_path):
        """1 + 2 + 3 + 4 + 5 dollars."""
        assert found(tmp_path, charges(), again(charges())) == [
            Alike(
                "2026-09", Bill("bill 0", OLD, "USD", Decimal(15)), Bill("bill 1", NEW, "USD", Decimal(15)), 5, 5
            )
        ]  # fmt: skip

    def test_in_one_connection_too(self, tmp_path):
        for name, rows in (("a", charges()), ("b", again(charges()))):
            load_into(tmp_path / "store", write_csv(tmp_path / f"{name}.csv", rows), source="vendor")
        (one,) = alike(Store(tmp_path / "store").current(), tmp_path / "store")
        assert (one.one.connection, one.other.connection, one.is_one_account) == ("vendor", "vendor", False)

    def test_in_one_folder_too(self, tmp_path):
        write_csv(tmp_path / "bills" / "a.csv", charges())
        write_csv(tmp_path / "bills" / "b.csv", again(charges()))
        load_into(tmp_path / "store", tmp_path / "bills")
        assert len(alike(Store(tmp_path / "store").current(), tmp_path / "store")) == 1

    @pytest.mark.parametrize(
        "changes",
        [
            pytest.param({"SubAccountId": "777", "SubAccountName": "renumbered"}, id="another sub-account"),
            pytest.param({"InvoiceId": "INV-2"}, id="another invoice"),
            pytest.param({"Tags": ""}, id="other tags"),
            pytest.param({"BillingAccountName": "New payer"}, id="another name"),
        ],
    )
    def test_what_a_restatement_may_say_otherwise(self, changes, tmp_path):
        assert [one.shared for one in found(tmp_path, charges(), again(charges(), **changes))] == [5]

    def test_another_price_is_the_same_use(self, tmp_path):
        """30 cents off each: the smaller sum counts twice."""
        cheaper = [row | {"BilledCost": str(Decimal(row["BilledCost"] or 0) - Decimal("0.30"))} for row in charges()]
        (one,) = found(tmp_path, charges(), again(cheaper))
        assert (one.shared, one.twice) == (5, Decimal("13.50"))

    @pytest.mark.parametrize(
        "changes",
        [
            pytest.param({"ServiceName": "Disks"}, id="another service"),
            pytest.param({"ProviderName": "Azure"}, id="another provider"),
            pytest.param({"ResourceId": "i-9"}, id="another resource"),
            pytest.param({"ConsumedQuantity": "2"}, id="another quantity"),
            pytest.param({"ChargePeriodStart": "2026-09-20T00:00:00Z"}, id="another day"),
            pytest.param({"BillingPeriodStart": "2026-10-01T00:00:00Z"}, id="another month"),
        ],
    )
    def test_what_is_another_bill(self, changes, tmp_path):
        assert found(tmp_path, charges(), again(charges(), **changes)) == []

    def test_an_account_that_moved_in_the_middle_of_the_month_is_billed_once(self, tmp_path):
        """Its old and its new payer bill the same servers for other days."""
        rows = charges(10)
        assert found(tmp_path, rows[:5], again(rows[5:])) == []

    @pytest.mark.parametrize(("changed", "told"), [(0, True), (2, True), (3, False)])
    def test_nine_charges_in_ten_are_the_same(self, changed, told, tmp_path):
        rows = charges(20)
        other = [row | {"ConsumedQuantity": "7"} for row in rows[:changed]] + rows[changed:]
        assert [one.shared for one in found(tmp_path, rows, again(other))] == ([20 - changed] if told else [])

    @pytest.mark.parametrize(("more", "told"), [(1, True), (2, False)])
    def test_of_the_larger_bill(self, more, told, tmp_path):
        """Ten charges of eleven are nine in ten, of twelve they are not."""
        assert bool(found(tmp_path, charges(10), again(charges(10 + more)))) is told

    def test_a_month_that_comes_again_under_its_number_is_replaced(self, tmp_path):
        for rows in (charges(), charges()[:4]):
            load_into(tmp_path / "store", write_csv(tmp_path / "bill.csv", rows))
        assert alike(Store(tmp_path / "store").current(), tmp_path / "store") == []

    def test_three_bills_are_three_pairs(self, tmp_path):
        rows = charges()
        pairs = found(tmp_path, rows, again(rows), again(rows, BillingAccountId="000"))
        assert [(one.one.account, one.other.account) for one in pairs] == [(OLD, NEW), (OLD, "000"), (NEW, "000")]


class TestEvidence:
    @pytest.mark.parametrize(
        ("rows", "told"),
        [
            pytest.param(charges(3, BilledCost="9"), True, id="three servers at one price"),
            pytest.param(charges(2), False, id="two"),
            pytest.param(charges(9, ResourceId="seat", BilledCost="9"), False, id="a seat at one price each day"),
            pytest.param(charges(3, ResourceId="key", ConsumedQuantity=""), True, id="a key at three costs"),
            pytest.param(charges(3, ResourceId="", ConsumedQuantity=""), True, id="three costs on one invoice"),
            pytest.param(charges(3, ResourceId="", BilledCost="9"), False, id="one cost on one invoice"),
            pytest.param(nameless(19), False, id="nineteen costs without a name"),
            pytest.param(nameless(20), True, id="twenty"),
            pytest.param(nameless(20, BilledCost="9"), False, id="twenty times one cost"),
            pytest.param(charges(5, BilledCost="0", ConsumedQuantity="0"), False, id="nothing used, nothing paid"),
        ],
    )
    def test_what_is_enough(self, rows, told, tmp_path):
        """Two accounts with the same subscription are two accounts."""
        assert bool(found(tmp_path, rows, again(rows))) is told

    def test_what_says_nothing_counts_nowhere(self, tmp_path):
        """A line of neither use nor cost in one of the two."""
        empty = focus_row(ResourceId="i-9", BilledCost="0", ConsumedQuantity="0") | {"InvoiceId": "INV-1"}
        assert [(one.shared, one.charges) for one in found(tmp_path, [*charges(), empty], again(charges()))] == [(5, 5)]

    @pytest.mark.parametrize(("count", "told"), [(19, False), (20, True)])
    def test_two_invoices_name_nothing(self, count, told, tmp_path):
        rows = nameless(count, InvoiceId="INV-1")
        assert bool(found(tmp_path, rows, again(rows, InvoiceId="INV-2"))) is told

    @few(5)
    @given(st.lists(st.integers(0, 12), min_size=12, max_size=12), st.booleans())
    def test_only_what_both_hold_is_told_and_never_more_than_either_has(self, hours, other_currency):
        """A bill beside one with other hours: told where nine in ten hours are the same, with the cost of these."""
        rows = charges(12, ConsumedQuantity="5")
        changes = {"BillingCurrency": "EUR"} if other_currency else {}
        other = [row | {"ConsumedQuantity": str(5 if hour else 6)} for row, hour in zip(rows, hours, strict=True)]
        same = [at for at, hour in enumerate(hours) if hour]
        with fresh_folder() as folder:
            told = found(folder, rows, again(other, **changes))
        assert [one.shared for one in told] == ([len(same)] if len(same) >= 0.9 * 12 else [])
        assert all(one.one.billed == sum(at + 1 for at in same) for one in told)
        assert all((one.twice is None) is other_currency for one in told)


class TestAnotherCurrency:
    def test_two_currencies_in_one_delivery(self, tmp_path):
        euros = [row | {"BillingCurrency": "EUR", "BilledCost": "2"} for row in charges()]
        write_csv(tmp_path / "bills" / "a.csv", charges())
        write_csv(tmp_path / "bills" / "b.csv", euros)
        load_into(tmp_path / "store", tmp_path / "bills", source="vendor")
        (one,) = alike(Store(tmp_path / "store").current(), tmp_path / "store")
        assert (one.one, one.other) == (
            Bill("vendor", OLD, "EUR", Decimal(10)),
            Bill("vendor", OLD, "USD", Decimal(15)),
        )
        assert one.is_one_account and one.twice is None

    def test_another_number_and_another_currency(self, tmp_path):
        euros = again(charges(), BillingCurrency="EUR", BilledCost="2")
        (one,) = found(tmp_path, charges(), euros)
        assert (one.shared, one.is_one_account, one.twice) == (5, False, None)

    def test_costs_of_other_currencies_are_of_another_size(self, tmp_path):
        """5 dollars are 750 yen; the number of line items tells which bills to read."""
        yen = again(charges(), BillingCurrency="JPY", BilledCost="450")
        assert [one.other.billed for one in found(tmp_path, charges(), yen)] == [Decimal(2250)]

    def test_costs_in_two_currencies_prove_nothing(self, tmp_path):
        rows = charges(ConsumedQuantity="")
        assert found(tmp_path, rows, again(rows, BillingCurrency="EUR")) == []

    def test_one_number_through_two_connections_is_refused_as_before(self, tmp_path):
        with pytest.raises(AlreadyCovered):
            found(tmp_path, charges(), charges(BillingCurrency="EUR"))


class TestLooking:
    def test_among_some_parts(self, tmp_path):
        rows = charges()
        found(tmp_path, rows, again(rows))
        root = tmp_path / "store"
        load_into(root, write_csv(tmp_path / "new.csv", charges(BillingPeriodStart="2026-10-01")), source="new")
        state = Store(root).current()
        keys = {part.source: part.key for part in state.parts}
        assert [len(alike(state, root, {keys[name]})) for name in ("bill 0", "bill 1", "new")] == [1, 1, 0]

    def test_newest_month_first(self, tmp_path):
        rows = [*charges(), *charges(BillingPeriodStart="2026-10-01")]
        assert [one.period for one in found(tmp_path, rows, again(rows))] == ["2026-10", "2026-09"]

    def test_bills_of_other_sizes_are_not_even_read(self, tmp_path, monkeypatch):
        monkeypatch.setattr("costlib.store.alike._alike", lambda *_: pytest.fail("read"))
        assert found(tmp_path, charges(), again(charges(8))) == []
        dear = again(charges(), BilledCost="99")
        assert found(tmp_path / "dear", charges(), dear) == []

    def test_a_part_that_cannot_be_read_tells_nothing(self, tmp_path):
        found(tmp_path, charges(), again(charges()))
        for path in (tmp_path / "store" / "base").rglob("*.parquet"):
            path.unlink()
        assert alike(Store(tmp_path / "store").current(), tmp_path / "store") == []

    def test_nothing_loaded(self, tmp_path):
        assert alike(Manifest(0, "", "", ""), tmp_path) == []


def pair(**changes: object) -> Alike:
    one, other = Bill("old", "1", "USD", Decimal("1234.5")), Bill("new", "2", "USD", Decimal("1200"))
    return Alike(**{"period": "2026-09", "one": one, "other": other, "shared": 9, "charges": 10} | changes)  # type: ignore[arg-type]


class TestWords:
    def test_another_number(self):
        assert alike_lines([pair()]) == [
            "Sep 2026 may be loaded twice: account 1 (old) and account 2 (new) have one bill each. By day, service and "
            "resource 9 of 10 charges are the same; if it is one bill, $1,200.00 of billed cost counts twice. "
            "Then take one of them out, for example `unload new --account 2 --month 2026-09`; to load it again "
            "brings it back."
        ]

    @pytest.mark.parametrize(
        ("name", "account", "command"),
        [("a vendor", "x y", "'a vendor' --account 'x y'"), ("new", None, "new")],
    )
    def test_the_command_can_be_pasted(self, name, account, command):
        (said,) = alike_lines([pair(other=Bill(name, account, "USD", Decimal(1)))])
        assert f"`unload {command} --month 2026-09`" in said

    def test_another_currency(self):
        euros = Bill("old", "1", "EUR", Decimal(1100))
        assert alike_lines([pair(other=euros)]) == [
            "Sep 2026 may be loaded twice: account 1 (old) has one bill in USD and one in EUR. By day, service and "
            "resource 9 of 10 charges are the same; if it is one bill, $1,234.50 and €1,100.00 of billed cost stand "
            "side by side, and a sum in one currency counts both. Then leave one of them out and load the rest of the "
            "bill again: that replaces the month."
        ]

    @pytest.mark.parametrize(("pairs", "lines"), [(0, 0), (5, 5), (6, 6), (7, 6), (40, 6)])
    def test_many_are_counted(self, pairs, lines):
        said = alike_lines([pair()] * pairs)
        assert len(said) == lines
        assert pairs <= 6 or said[-1] == f"{pairs - 5} more pairs of bills look like one bill each"
