"""Readings in the store: loaded again they change nothing, months are replaced whole, two sources count once."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from costlib.analysis.units.readings import Basis, Reading
from costlib.errors import StoreError, UnreadableFile
from costlib.metrics.utilisation.places import Whose, load_utilisation
from costlib.metrics.utilisation.readings import all_readings, keep_readings, shelf

AUGUST, SEPTEMBER = date(2026, 8, 31), date(2026, 9, 1)


def one(value: str, day: date = SEPTEMBER, resource: str = "a") -> Reading:
    return Reading(day, resource, None, Basis.ENGINE, Decimal(value))


def test_what_is_kept_comes_back(tmp_path: Path) -> None:
    third = Reading(SEPTEMBER, None, "bot", "requests", Decimal(7))
    assert keep_readings(tmp_path, "dcgm", [one("0.5"), third]).rows == 2
    found = all_readings(tmp_path)
    assert sorted(found, key=lambda reading: reading.value) == [one("0.5"), third]


def test_values_are_kept_to_the_ninth_decimal_however_large(tmp_path: Path) -> None:
    many = Reading(SEPTEMBER, None, "bot", "requests", Decimal("12345678901234567890.25"))
    keep_readings(tmp_path, "dcgm", [many, one("0.1234567894"), one("0.1234567895", resource="b")])
    values = sorted(reading.value for reading in all_readings(tmp_path))
    assert values == [Decimal("0.123456789"), Decimal("0.12345679"), many.value]


def test_the_same_again_changes_nothing_and_a_month_is_replaced_whole(tmp_path: Path) -> None:
    first = [one("0.5"), one("0.6", AUGUST)]
    assert keep_readings(tmp_path, "dcgm", first).changed == ("2026-08", "2026-09")
    assert keep_readings(tmp_path, "dcgm", first).changed == ()
    assert keep_readings(tmp_path, "dcgm", [one("0.7", resource="b")]).changed == ("2026-09",)
    assert {(reading.day, reading.resource) for reading in all_readings(tmp_path)} == {(AUGUST, "a"), (SEPTEMBER, "b")}


def test_two_sources_of_the_same_count_once(tmp_path: Path) -> None:
    keep_readings(tmp_path, "zabbix", [one("0.9"), one("0.8", resource="b")])
    keep_readings(tmp_path, "dcgm", [one("0.5")])
    assert {(reading.resource, reading.value) for reading in all_readings(tmp_path)} == {
        ("a", Decimal("0.5")),
        ("b", Decimal("0.8")),
    }


def test_all_that_one_source_says_of_a_resource_counts(tmp_path: Path) -> None:
    """Two variants of an endpoint: their requests add up and their shares are weighed, so none may get lost."""
    shares = [
        Reading(SEPTEMBER, "a", None, Basis.BUSY, Decimal(share), Decimal(weight))
        for share, weight in (("0.9", 10), ("0.5", 30))
    ]
    requests = [Reading(SEPTEMBER, "a", None, "requests", Decimal(count)) for count in (100, 7)]
    keep_readings(tmp_path, "cloudwatch", [*shares, *requests])
    keep_readings(tmp_path, "zabbix", [Reading(SEPTEMBER, "a", None, Basis.BUSY, Decimal("0.1")), one("0.2")])
    found = sorted(all_readings(tmp_path), key=lambda reading: (reading.measure, -reading.value))
    assert found == [*shares, one("0.2"), *requests]


def test_a_damaged_list_is_told(tmp_path: Path) -> None:
    keep_readings(tmp_path, "dcgm", [one("0.5")])
    (shelf(tmp_path).folder / "shelf.json").write_text("{")
    with pytest.raises(StoreError):
        all_readings(tmp_path)


def test_a_source_is_called_by_whose_it_is(tmp_path: Path) -> None:
    """Two folders ``scrapes`` of two endpoints must not replace each other's months."""
    root = tmp_path / "store"
    for name in ("a", "b"):
        folder = tmp_path / name / "scrapes"
        folder.mkdir(parents=True)
        (folder / "20260901T0100.prom").write_text('nv_gpu_utilization{gpu_uuid="x"} 0.5\n')
        load_utilisation(root, str(folder), whose=Whose(resource=name))
    assert {reading.resource for reading in all_readings(root)} == {"a", "b"}


def test_business_metrics_are_left_to_others_and_a_missing_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_text("day,metric,value\n2026-09-01,orders,5\n")
    assert load_utilisation(tmp_path / "store", str(path)) is None
    with pytest.raises(UnreadableFile, match=r"nothing\.csv"):
        load_utilisation(tmp_path / "store", str(tmp_path / "nothing.csv"))
