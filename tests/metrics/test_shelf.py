"""The shelf: replaced by source and month, the same twice is once, a reader sees the old state or the new one."""

from __future__ import annotations

import json
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from costlib.errors import InputError, StoreError
from costlib.metrics.business import counted_twice, doubled, load_metrics, shelf, volumes
from costlib.metrics.read import SCHEMA
from costlib.metrics.shelf import MANIFEST, Shelf


def rows(first: date, days: int, value: int = 1, metric: str = "requests") -> pa.Table:
    found = [
        {"day": first + timedelta(days=day), "metric": metric, "team": "T", "model": "m", "value": value, "unit": None}
        for day in range(days)
    ]
    return pa.Table.from_pylist(found, SCHEMA)


def total(held: Shelf) -> Decimal:
    return sum((row["value"] for row in held.table().to_pylist()), Decimal(0))


@pytest.fixture
def held(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path / "metrics", SCHEMA, "day")


def test_nothing_was_ever_loaded(held: Shelf) -> None:
    assert held.parts() == ()
    assert held.table().num_rows == 0
    assert not held.folder.exists()


def test_months_of_a_source_are_replaced_whole_and_others_stay(held: Shelf) -> None:
    held.put("web", rows(date(2026, 8, 1), 61))
    done = held.put("web", rows(date(2026, 9, 1), 10, value=5))
    assert (done.months, done.changed) == (("2026-09",), ("2026-09",))
    assert total(held) == 31 * 1 + 10 * 5


def test_another_source_is_left_alone(held: Shelf) -> None:
    held.put("web", rows(date(2026, 9, 1), 30))
    held.put("app", rows(date(2026, 9, 1), 30, value=2))
    held.put("app", rows(date(2026, 9, 1), 30, value=3))
    assert total(held) == 30 + 90
    assert doubled(held.table()) == ["requests"]


@pytest.mark.parametrize(
    ("units", "found"),
    [(("USD", "EUR"), []), (("USD", "USD"), ["revenue"]), (("USD", "cents"), ["revenue"])],
)
def test_two_sources_of_a_value_count_twice_in_one_currency_only(
    units: tuple[str, str], found: list[str], held: Shelf
) -> None:
    for source, unit in zip("ab", units, strict=True):
        table = rows(date(2026, 9, 1), 3, metric="revenue")
        held.put(source, table.set_column(5, SCHEMA.field("unit"), pa.array([unit] * 3)))
    assert doubled(held.table()) == found


@pytest.mark.parametrize(
    ("own", "vendor", "found"),
    [
        ("T", None, [("m", ("own", "vendor"), True)]),
        (None, None, [("m", ("own", "vendor"), False)]),
        ("T", "T", [("m", ("own", "vendor"), False)]),
        ("T", "U", []),
    ],
    ids=["one without a team", "both without", "same team", "two teams"],
)
def test_two_sources_of_one_model_are_named_where_teams_do_not_keep_them_apart(
    own: str | None, vendor: str | None, found: list[Any], held: Shelf
) -> None:
    for source, team, first in (("own", own, 1), ("vendor", vendor, 3)):
        table = rows(date(2026, 9, first), 3)
        held.put(source, table.set_column(2, SCHEMA.field("team"), pa.array([team] * 3, pa.string())))
    twice = counted_twice(held.table())
    assert [(one.model, one.sources, one.teams_apart) for one in twice] == found
    assert doubled(held.table()) == (["requests"] if found else [])


def test_other_days_other_models_and_one_source_alone_are_no_doubles(held: Shelf) -> None:
    table, nobody = rows(date(2026, 9, 1), 3), pa.array([None] * 3, pa.string())
    held.put("web", pa.concat_tables([table, table.set_column(2, SCHEMA.field("team"), nobody)]))
    held.put("app", rows(date(2026, 9, 4), 3))
    held.put("other", table.set_column(3, SCHEMA.field("model"), pa.array(["n"] * 3)))
    assert counted_twice(held.table()) == []


def test_the_same_rows_in_another_order_change_nothing(held: Shelf) -> None:
    table = rows(date(2026, 9, 1), 30)
    held.put("web", table)
    before = (held.folder / MANIFEST).stat().st_mtime_ns, sorted(path.name for path in held.folder.iterdir())
    done = held.put("web", table.take(list(reversed(range(30)))))
    assert done.changed == ()
    assert before == ((held.folder / MANIFEST).stat().st_mtime_ns, sorted(path.name for path in held.folder.iterdir()))


def test_a_load_that_dies_before_its_last_step_shows_nothing(held: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    held.put("web", rows(date(2026, 9, 1), 30))

    def dies(*_: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("costlib.metrics.shelf.replace", dies)
    with pytest.raises(KeyboardInterrupt):
        held.put("web", rows(date(2026, 9, 1), 30, value=9))
    monkeypatch.undo()
    assert total(held) == 30
    held.put("web", rows(date(2026, 9, 1), 30, value=9))
    assert total(held) == 270


def test_a_reader_of_the_last_state_still_finds_its_files(held: Shelf) -> None:
    held.put("web", rows(date(2026, 9, 1), 30))
    old = [held.folder / part.file for part in held.parts()]
    held.put("web", rows(date(2026, 9, 1), 30, value=2))
    assert all(path.exists() for path in old)
    held.put("web", rows(date(2026, 9, 1), 30, value=3))
    assert not any(path.exists() for path in old)


@pytest.mark.parametrize("text", ["{", "[]", '{"format": 9, "parts": []}', '{"format": 1, "parts": [{"source": "x"}]}'])
def test_a_damaged_list_is_refused_with_what_to_do(held: Shelf, text: str) -> None:
    held.folder.mkdir()
    (held.folder / MANIFEST).write_text(text)
    with pytest.raises(StoreError, match=r"is damaged.*load its files again"):
        held.table()


def test_a_file_that_is_gone_is_refused(held: Shelf) -> None:
    held.put("web", rows(date(2026, 9, 1), 30))
    (held.folder / held.parts()[0].file).unlink()
    with pytest.raises(StoreError, match=r"gone or damaged.*30 rows of web for 2026-09"):
        held.table()


def test_the_list_is_small_and_readable(held: Shelf) -> None:
    held.put("web", rows(date(2026, 9, 1), 30))
    document = json.loads((held.folder / MANIFEST).read_text())
    assert document["parts"][0]["source"] == "web"
    assert document["parts"][0]["rows"] == 30


def test_a_bad_file_loads_nothing(tmp_path: Path) -> None:
    good, bad = tmp_path / "good.csv", tmp_path / "bad.csv"
    good.write_text("day,metric,value\n2026-09-01,orders,3\n")
    bad.write_text("day,metric,value\n2026-09-01,orders,5\n2026-09-02,orders,many\n")
    load_metrics(tmp_path, good, "shop")
    with pytest.raises(InputError):
        load_metrics(tmp_path, bad, "shop")
    assert [one.value for one in volumes(tmp_path)] == [3]


def test_volumes_follow_a_new_load(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    for value in (3, 4):
        path.write_text(f"day,metric,value\n2026-09-01,orders,{value}\n")
        load_metrics(tmp_path, path)
        assert [one.value for one in volumes(tmp_path)] == [value]
    assert [part.source for part in shelf(tmp_path).parts()] == ["orders"]


loads = st.lists(
    st.tuples(st.sampled_from(["a", "b"]), st.integers(0, 120), st.integers(1, 70), st.integers(1, 9)), max_size=5
)


@settings(max_examples=15, deadline=None)
@given(loads)
def test_loading_twice_is_once_and_the_last_load_of_a_month_counts(
    tmp_path_factory: pytest.TempPathFactory, done: list[tuple[str, int, int, int]]
) -> None:
    first = Shelf(tmp_path_factory.mktemp("one"), SCHEMA, "day")
    second = Shelf(tmp_path_factory.mktemp("two"), SCHEMA, "day")
    expected: dict[tuple[str, str], int] = {}
    for source, shift, length, value in done:
        table = rows(date(2026, 1, 1) + timedelta(days=shift), length, value)
        first.put(source, table)
        for _ in range(2):
            second.put(source, table)
        months: dict[str, int] = {}
        for row in table.to_pylist():
            months[f"{row['day']:%Y-%m}"] = months.get(f"{row['day']:%Y-%m}", 0) + value
        expected |= {(source, month): amount for month, amount in months.items()}
    assert first.parts() == second.parts()
    assert total(first) == sum(expected.values())
