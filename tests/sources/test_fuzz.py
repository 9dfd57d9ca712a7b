"""Files damaged at random, for every reader: refused in words or read and tied out, never a fault, the store unchanged.

150 files, or as many as GLIDEPATH_DAMAGED says.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from costlib.errors import CostError, UnreadableFile
from costlib.store.store import Store
from costlib.workspace import Workspace
from tests.builders import Row, csv_text, cur_row, focus_row, load_into, write, write_csv
from tests.sources.test_aws_cur_legacy import legacy
from tests.sources.test_azure_cost import azure_row
from tests.sources.test_gcp_billing import gcp_row, lines
from tests.sources.test_opencost import allocation, idle, response

DAMAGED = int(os.environ.get("GLIDEPATH_DAMAGED", "150"))
LEGACY = [
    {
        name.replace("line_item_", "lineItem/", 1).replace("bill_", "bill/", 1): value
        for name, value in cur_row().items()
    }
]


def parquet(rows: list[Row]) -> bytes:
    file = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(rows * 40), file)
    return file.getvalue()


SOUND: dict[str, tuple[str, Callable[[], bytes]]] = {
    "focus": ("b.csv", lambda: csv_text([focus_row()] * 4).encode()),
    "focus, gzip": ("b.csv.gz", lambda: gzip.compress(csv_text([focus_row()] * 400).encode(), mtime=0)),
    "focus, Parquet": ("b.parquet", lambda: parquet([focus_row()])),
    "CUR 2.0": ("b.csv", lambda: csv_text([cur_row(), cur_row("Tax")]).encode()),
    "CUR 2.0, Parquet": ("b.parquet", lambda: parquet([cur_row(), cur_row("Credit")])),
    "legacy CUR": ("b.csv", lambda: csv_text([legacy(cur_row()), legacy(cur_row("Tax"))]).encode()),
    "Azure": ("b.csv", lambda: csv_text([azure_row(), azure_row()]).encode()),
    "GCP": ("b.json", lambda: lines([gcp_row()] * 3).encode()),
    "OpenCost": ("b.json", lambda: response([allocation(), idle()]).encode()),
}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("fuzz")
    load_into(folder / "store", write_csv(folder / "sound.csv", [focus_row(BillingAccountId="sound")]))
    return folder / "store"


def place(content: bytes) -> st.SearchStrategy[int]:
    return st.integers(0, max(0, len(content) - 1))


@st.composite
def damaged(draw: st.DrawFn, content: bytes, text: bool) -> bytes:
    """The content after one to three kinds of damage."""
    for _ in range(draw(st.integers(1, 3))):
        at = draw(place(content))
        kinds = ["truncate", "flip", "nul", "drop", "repeat", "junk", *(["swap", "huge", "nest"] if text else [])]
        content = _hurt(draw, content, at, draw(st.sampled_from(kinds)))
    return content


def _hurt(draw: st.DrawFn, content: bytes, at: int, kind: str) -> bytes:
    end = at + draw(st.integers(1, 40))
    match kind:
        case "truncate":
            return content[:at]
        case "flip":
            mask = draw(st.integers(1, 255))
            return content[:at] + bytes(byte ^ mask for byte in content[at : at + 1]) + content[at + 1 :]
        case "nul":
            return content[:at] + b"\0" * draw(st.integers(1, 9)) + content[at:]
        case "drop":
            return content[:at] + content[end:]
        case "repeat":
            return content[:end] + content[at:]
        case "junk":
            return content[:at] + draw(st.binary(min_size=1, max_size=30)) + content[at:]
        case "huge":
            return content[:at] + draw(st.sampled_from([b"9", b"x", b'"', b",", b"\n"])) * 70_000 + content[at:]
        case "nest":
            return content[:at] + draw(st.sampled_from([b"[", b'{"a":', b'"{""a"":'])) * 20_000 + content[at:]
    return _swapped(content, draw(st.integers(0, 9)), draw(st.integers(0, 9)))


def _swapped(content: bytes, one: int, other: int) -> bytes:
    """Two names of a CSV header in each other's place; the content as it is where it has none."""
    head, end, rest = content.partition(b"\n")
    names = head.split(b",")
    if max(one, other) < len(names):
        names[one], names[other] = names[other], names[one]
    return b",".join(names) + end + rest


@pytest.mark.parametrize("reader", SOUND)
def test_a_sound_file_is_read(reader: str, store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    name, content = SOUND[reader]
    monkeypatch.setattr(Store, "publish", lambda *_: None)
    (done,) = Workspace(store).load([write(tmp_path / name, content())])
    assert done.changed and done.rows_quarantined == 0


@pytest.mark.parametrize("reader", SOUND)
def test_a_damaged_file_is_refused_or_ties_out(
    reader: str, store: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    name, content = SOUND[reader]
    sound, folder = content(), tmp_path_factory.mktemp("damaged")
    monkeypatch.setattr(Store, "publish", lambda *_: None)
    before = published(store)
    text = not name.endswith((".gz", ".parquet"))

    @settings(max_examples=max(1, DAMAGED // len(SOUND)), suppress_health_check=list(HealthCheck))
    @given(damaged(sound, text))
    def holds(hurt: bytes) -> None:
        try:
            done = Workspace(store).load([write(folder / name, hurt)])
        except CostError as refusal:
            assert refusal.expected and refusal.fix
        else:
            entries = [entry for item in done for part in item.parts for entry in part.tie_outs]
            assert all(entry.rows_in == entry.rows_loaded + entry.rows_quarantined for entry in entries)
            assert all(not amount for entry in entries for key, amount in entry.untied.items() if key != "BilledCost")
        assert published(store) == before

    holds()


def published(store: Path) -> dict[str, bytes]:
    """What readers see of the store: manifest, snapshots and cubes, and the parts that the manifest names."""
    named = {part.path for part in Store(store).current().parts if part.path}
    seen = [store / "manifest.json", *(store / "snapshots").iterdir(), *(store / "cubes").iterdir()]
    return {str(path): path.read_bytes() for path in [*seen, *(store / path for path in named)]}


class TestBombs:
    def test_a_gzip_of_ten_gigabytes_is_refused_before_it_is_unfolded(self, store, tmp_path):
        rows = csv_text([focus_row()]).encode()
        block = gzip.compress(rows.partition(b"\n")[2] * 60_000, 9, mtime=0)
        times = 10 * 2**30 // (len(rows.partition(b"\n")[2]) * 60_000) + 1
        bomb = write(tmp_path / "b.csv.gz", gzip.compress(rows, mtime=0) + block * times)
        assert bomb.stat().st_size < 60 * 2**20
        with pytest.raises(UnreadableFile, match="more than 150 times its size"):
            load_into(store, bomb)

    def test_a_gzip_of_one_endless_line_is_refused_at_its_head(self, store, tmp_path):
        block = gzip.compress(b"a" * 2**26, 9, mtime=0)
        with pytest.raises(CostError, match="neither Parquet nor CSV"):
            load_into(store, write(tmp_path / "b.csv.gz", block * 160))

    @pytest.mark.parametrize("opening", ["[", '{"a":'])
    def test_json_nested_a_hundred_thousand_deep_is_refused(self, store, tmp_path, opening):
        text = f'{{"code": 200, "data": {opening * 100_000}'
        with pytest.raises(CostError):
            Workspace(store).load([write(tmp_path / "b.json", text)])

    @pytest.mark.parametrize("depth", [1_000, 100_000])
    def test_tags_nested_deep_are_kept_as_text(self, tmp_path, depth):
        tags = '{"a":' * depth + "1" + "}" * depth
        (done,) = load_into(tmp_path / "store", write_csv(tmp_path / "b.csv", [focus_row(Tags=tags)]))
        assert (done.rows_loaded, done.rows_quarantined) == (1, 0)


def field_of(size: int) -> str:
    """A CSV line of one field of that size."""
    text = io.StringIO()
    csv.writer(text).writerow([json.dumps("x" * size)])
    return text.getvalue()


def test_a_field_of_seven_megabytes_is_read(tmp_path: Path) -> None:
    row: dict[str, Any] = focus_row(ResourceName=field_of(7 << 20).strip())
    (done,) = load_into(tmp_path / "store", write_csv(tmp_path / "b.csv", [row]))
    assert done.rows_loaded == 1
