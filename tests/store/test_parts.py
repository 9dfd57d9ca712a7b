"""Base parts: every base row comes back from the combination it was packed into, and old parts are read."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
from hypothesis import given
from hypothesis import strategies as st

from costlib.focus import BASE_DIMENSIONS, DAY, LINE_ITEMS, MEASURES, MONTH, TAGS
from costlib.store import manifest
from costlib.store.engine import connect
from costlib.store.parts import DAYS, packed_select, parts_select, unpacked_select
from costlib.store.store import Store
from tests.bills import few, maybe_amounts
from tests.builders import TEAM_RULES, cube_rows, focus_row, load_into, store_bytes, write_csv

FIRST = date(2026, 9, 1)
AMOUNTS = maybe_amounts().map(lambda text: None if text is None else Decimal(text))
COLUMNS = ", ".join((*BASE_DIMENSIONS, *MEASURES, LINE_ITEMS))
TYPES = {
    **dict.fromkeys(BASE_DIMENSIONS, pa.string()),
    **dict.fromkeys((DAY, MONTH), pa.date32()),
    **dict.fromkeys(MEASURES, pa.decimal128(38, 18)),
    TAGS: pa.map_(pa.string(), pa.string()),
    LINE_ITEMS: pa.int64(),
}


@st.composite
def base_rows(draw: st.DrawFn) -> dict[str, object]:
    """A base row with texts that are often those of others, known and unknown measures."""
    texts = {name: draw(st.sampled_from(["a", "b", None])) for name in ("ResourceId", "InvoiceId")}
    tags = draw(st.sampled_from([None, [], [("team", "Search")], [("env", None), ("team", "Search")]]))
    costs = {name: draw(AMOUNTS) for name in MEASURES}
    days = {DAY: FIRST + timedelta(draw(st.integers(0, 2))), MONTH: draw(st.sampled_from([FIRST, date(2026, 10, 1)]))}
    return {**dict.fromkeys(TYPES), **texts, **costs, **days, TAGS: tags, LINE_ITEMS: draw(st.integers(1, 9))}


def counted(connection: duckdb.DuckDBPyConnection, select: str) -> Counter[str]:
    """The rows as a bag."""
    return Counter(map(repr, connection.execute(f"SELECT {COLUMNS} FROM ({select})").fetchall()))


def tables(root: Path) -> list[object]:
    """Cube and resources of the store, row for row."""
    return [
        cube_rows(root, f"SELECT COLUMNS(*)::VARCHAR FROM {table} ORDER BY ALL") for table in ("cube", "resource_days")
    ]


def unpack(root: Path) -> None:
    """Make the store one of format 2: its parts hold a row for each base row."""
    path = root / "manifest.json"
    document = json.loads(path.read_text())
    for part in document["parts"]:
        file = root / part["path"]
        part["path"] = part["path"].replace(".days.parquet", ".parquet")
        with connect() as connection:
            select = f"SELECT {COLUMNS} FROM ({unpacked_select(f'FROM read_parquet({str(file)!r})')})"
            connection.execute(f"COPY ({select}) TO '{root / part['path']}' (FORMAT parquet)")
        file.unlink()
        del part["packed"]
    path.write_text(json.dumps(document | {"format": 2}))


class TestPacking:
    @few(20)
    @given(st.lists(base_rows(), max_size=12))
    def test_every_row_comes_back(self, rows):
        with connect() as connection:
            connection.register("given", pa.Table.from_pylist(rows, pa.schema(list(TYPES.items()))))
            before = counted(connection, "FROM given")
            assert before.total() == len(rows)
            assert counted(connection, unpacked_select(packed_select("FROM given"))) == before
            alike = f"SELECT DISTINCT {MONTH}, ResourceId, InvoiceId, {TAGS} FROM given"
            found = [len(connection.execute(sql).fetchall()) for sql in (packed_select("FROM given"), alike)]
            assert found[0] == found[1]

    def test_texts_are_written_once(self, tmp_path):
        rows = [
            focus_row(ChargePeriodStart=f"2026-09-{day:02d}T00:00:00Z", ResourceId=resource, BilledCost=str(day))
            for resource in ("i-2", "i-1")
            for day in (1, 2, 3)
        ]
        load_into(tmp_path / "store", write_csv(tmp_path / "bill.csv", rows))
        (part,) = Store(tmp_path / "store").current().parts
        found = pq.read_table(tmp_path / "store" / str(part.path)).to_pylist()
        assert [row["ResourceId"] for row in found] == ["i-1", "i-2"]
        for row in found:
            days = {day[DAY]: (day["BilledCost"], day[LINE_ITEMS]) for day in row[DAYS]}
            assert days == {date(2026, 9, day): (Decimal(day), 1) for day in (1, 2, 3)}


class TestPartsOfBefore:
    def test_are_read_beside_new_ones(self, tmp_path):
        old, new = tmp_path / "old", tmp_path / "new"
        bills = [
            write_csv(
                tmp_path / f"{month}.csv",
                [
                    focus_row(
                        BillingPeriodStart=f"2026-{month}-01T00:00:00Z",
                        ChargePeriodStart=f"2026-{month}-{day:02d}T00:00:00Z",
                        Tags=json.dumps({"team": team}),
                        ListCost=cost,
                    )
                    for day, team, cost in ((1, "Search", "1.5"), (2, "Search", None), (3, "Fraud", "2"))
                ],
            )
            for month in ("08", "09")
        ]
        load_into(old, bills[0], source="bill")
        unpack(old)
        assert [part.packed for part in Store(old).current().parts] == [False]
        for bill in bills:
            load_into(new, bill, source="bill")
        load_into(old, bills[1], source="bill")
        assert [part.packed for part in Store(old).current().parts] == [False, True]
        assert Store(old).current().generation == Store(new).current().generation
        assert tables(old) == tables(new)

    def test_stay_where_their_delivery_is_loaded_again(self, tmp_path):
        root = tmp_path / "store"
        months = [
            focus_row(BillingPeriodStart=f"2026-{month}-01T00:00:00Z", ChargePeriodStart=f"2026-{month}-02T00:00:00Z")
            for month in ("08", "09")
        ]
        both = write_csv(tmp_path / "both.csv", months)
        load_into(root, both, source="bill")
        unpack(root)
        load_into(root, write_csv(tmp_path / "corrected.csv", [months[1] | {"BilledCost": "3"}]), source="bill")
        before, held = tables(root), Store(root).current()
        load_into(root, both, source="bill")
        assert [part.packed for part in Store(root).current().parts] == [True, True]
        for path in (root / "cubes").iterdir():
            path.unlink()
        manifest.write(held, root / "manifest.json")
        Store(root).ensure_cube(held, TEAM_RULES)
        assert [part.packed for part in held.parts] == [False, True]
        assert tables(root) == before

    def test_loading_the_same_bill_again_changes_nothing(self, tmp_path):
        bill, root = write_csv(tmp_path / "bill.csv", [focus_row()]), tmp_path / "store"
        load_into(root, bill)
        unpack(root)
        before = store_bytes(root)
        (again,) = load_into(root, bill)
        assert not again.changed
        assert store_bytes(root) == before


def test_parts_without_rows_are_left_out(tmp_path):
    root = tmp_path / "store"
    load_into(root, write_csv(tmp_path / "bill.csv", [focus_row()]))
    (part,) = Store(root).current().parts
    empty = manifest.Part(**{**vars(part), "path": None})
    assert parts_select([empty, part], root) == parts_select([part], root)
