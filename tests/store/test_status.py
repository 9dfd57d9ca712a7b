"""The status document: one entry for each source, account, month and currency, amounts as exact text."""

from __future__ import annotations

import json
from operator import itemgetter

from costlib.store.status import status_document
from costlib.store.store import Store
from tests.builders import TEAM_RULES, load_into


def document(root):
    return status_document(Store(root).current())


def test_every_field_of_a_load(tmp_path, focus):
    bill = focus({"BilledCost": "1.234567890123456789", "ListCost": None}, {"BilledCost": "-0.2", "ListCost": None})
    load_into(tmp_path / "store", bill)
    found = document(tmp_path / "store")
    (entry,) = found["loads"]
    delivery, quarantine = entry.pop("delivery"), entry.pop("quarantine")
    assert entry == {
        "source": "focus:bill",
        "source_type": "focus",
        "grain": "line item",
        "account": "111122223333",
        "period": "2026-09",
        "currency": "USD",
        "rows_in": 2,
        "rows_loaded": 2,
        "rows_quarantined": 0,
        "rows_apart": 0,
        "sums_in": {
            "BilledCost": "1.034567890123456789",
            "EffectiveCost": "2.5",
            "ListCost": None,
            "ContractedCost": "3.5",
        },
        "sums_store": entry["sums_in"],
        "sums_quarantined": dict.fromkeys(entry["sums_in"]),
        "sums_apart": dict.fromkeys(entry["sums_in"]),
        "untied": dict.fromkeys(entry["sums_in"], "0"),
        "tied_out": True,
    }
    assert len(delivery) == 12
    assert quarantine is None


def test_the_state_as_a_whole(tmp_path, focus):
    load_into(tmp_path / "store", focus({}, {"BillingCurrency": "EUR", "BilledCost": "7"}, {"BilledCost": "x"}))
    state, found = Store(tmp_path / "store").current(), document(tmp_path / "store")
    assert found["generation"] == state.generation
    assert found["rules"] == TEAM_RULES.digest
    assert found["data_date"] == "2026-09-05"
    assert found["engine"].startswith("duckdb ")
    assert found["totals"] == {"rows": 2, "BilledCost": {"EUR": "7", "USD": "1.5"}}
    assert list(found["totals"]["BilledCost"]) == ["EUR", "USD"]


def test_entries_are_unique_and_in_a_stable_order(tmp_path, focus):
    for name, account in (("b", "2"), ("a", "1")):
        load_into(tmp_path / "store", focus(*rows_of(account), name=f"{name}.csv"))
    place = itemgetter("source", "account", "period", "currency")
    places = [place(entry) for entry in document(tmp_path / "store")["loads"]]
    assert places == sorted(places)
    assert len(places) == len(set(places)) == 8


def rows_of(account):
    return [
        {"BillingAccountId": account, "BillingPeriodStart": f"{month}-01", "BillingCurrency": code}
        for month in ("2026-09", "2026-08")
        for code in ("USD", "EUR")
    ]


def test_credits_and_taxes_do_not_move_the_data_date(tmp_path, focus):
    late = {"ChargeCategory": "Tax", "ChargePeriodStart": "2026-12-31"}
    load_into(tmp_path / "store", focus({}, late))
    assert document(tmp_path / "store")["data_date"] == "2026-09-05"


def test_what_is_charged_in_advance_does_not_move_the_data_date(tmp_path, focus):
    """December's subscription on September's bill; a bill of nothing else has no other day."""
    ahead = {"ChargePeriodStart": "2026-12-01"}
    load_into(tmp_path / "store", focus({}, ahead))
    assert document(tmp_path / "store")["data_date"] == "2026-09-05"
    load_into(tmp_path / "other", focus(ahead, name="ahead.csv"))
    assert document(tmp_path / "other")["data_date"] == "2026-12-01"


def test_totals_of_many_digits_are_not_rounded(tmp_path, focus):
    costs = ("12345678901234567890.000000000000000001", "0.000000000000000002")
    rows = [{"BilledCost": cost, "BillingAccountId": str(number)} for number, cost in enumerate(costs)]
    load_into(tmp_path / "store", focus(*rows))
    assert document(tmp_path / "store")["totals"]["BilledCost"] == {"USD": "12345678901234567890.000000000000000003"}


def test_it_is_plain_json(tmp_path, focus):
    load_into(tmp_path / "store", focus({"BillingAccountId": "Ü \"'"}))
    assert json.loads(json.dumps(document(tmp_path / "store"))) == document(tmp_path / "store")
