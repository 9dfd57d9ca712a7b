"""Names that a store gives: to a generation, to the folders of a connection, and what it can still read of before."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from costlib.errors import StoreError
from costlib.store import manifest
from costlib.store.manifest import READ_FORMATS, Manifest, SourceFile, UsagePart, safe_name
from tests.store.test_manifest import part

USAGE = UsagePart(
    "opencost:ml", "opencost", "ml", "2026-09", "day", "u1", 1, "usage/x.parquet", date(2026, 9, 1), date(2026, 9, 30),
    12, (SourceFile("/usage.json", 1, 2, "cd" * 32),),
)  # fmt: skip
STATE = Manifest(7, "rules", "duckdb 2.0.0", "2026-10-01T00:00:00+00:00", (part(),), (USAGE,))


class TestSafeName:
    @pytest.mark.parametrize("name", ["focus-bill", "a", "A_1", "-x", "b.c.d", "x" * 80, "0"])
    def test_a_plain_name_is_itself(self, name: str) -> None:
        assert safe_name(name) == name

    @pytest.mark.parametrize(
        ("name", "begins"),
        [
            ("focus:vendor", "focus-vendor-"),
            (".hidden", "hidden-"),
            ("..", "-"),
            ("a/../../b", "a-b-"),
            ("übung", "bung-"),
            ("a b\nc", "a-b-c-"),
            ("x" * 81, "x" * 60 + "-"),
            ("", "-"),
        ],
    )
    def test_any_other_keeps_what_can_be_read_and_eight_digits_that_tell_it_apart(self, name: str, begins: str) -> None:
        assert re.fullmatch(re.escape(begins) + "[0-9a-f]{8}", safe_name(name))

    @settings(max_examples=40)
    @given(st.text("aé./\\:\n\0 -_~", max_size=90))
    def test_it_is_one_step_of_a_path_and_never_leads_out_of_its_folder(self, name: str) -> None:
        assert re.fullmatch("[A-Za-z0-9._-]{1,80}", safe_name(name)) and not safe_name(name).startswith(".")

    def test_names_that_look_alike_are_told_apart(self) -> None:
        alike = ["a:b", "a/b", "a b", "a::b", "a-b", " a-b", "ä-b", "x" * 81, "x" * 82]
        assert len({safe_name(name) for name in alike}) == len(alike)


class TestGeneration:
    def test_the_same_bills_have_the_same_name_in_every_version(self) -> None:
        """Links, cube files and documents name it: it is written down here, not worked out."""
        assert STATE.generation == "18a3d4c32ff1"

    def test_usage_records_count_and_each_part_of_their_key(self) -> None:
        changes = [{"delivery": "u2"}, {"cluster": "x"}, {"period": "2026-10"}, {"grain": "hour"}, {"source": "y"}]
        names = {replace(STATE, usage=(replace(USAGE, **change),)).generation for change in changes}
        assert len({STATE.generation, replace(STATE, usage=()).generation, *names}) == 2 + len(changes)

    @pytest.mark.parametrize(
        "change", [{"path": "base/y.parquet"}, {"files": ()}, {"last_day": None}, {"tie_outs": ()}]
    )
    def test_where_and_when_a_part_lies_does_not(self, change: dict[str, object]) -> None:
        assert replace(STATE, parts=(part(**change),)).generation == STATE.generation

    def test_a_part_that_comes_twice_is_another_state(self) -> None:
        assert replace(STATE, parts=(part(), part())).generation != STATE.generation


class TestKeys:
    def test_what_a_delivery_replaces(self) -> None:
        assert part(account=None).key == ("one", None, "2026-09")
        assert USAGE.key == ("opencost:ml", "ml", "2026-09", "day")

    def test_parts_stand_by_connection_account_and_month_with_the_unknown_ones_first(self) -> None:
        given = [
            part(source="two", account=None, period=None), part(period="2026-10"), part(delivery="d0"),
            part(account="2"), part(period=None), part(account=None), part(),
        ]  # fmt: skip
        ordered = sorted(given, key=lambda one: one.sort_key)
        assert [(*one.key, one.delivery) for one in ordered] == [
            ("one", None, "2026-09", "d1"), ("one", "1", None, "d1"), ("one", "1", "2026-09", "d0"),
            ("one", "1", "2026-09", "d1"), ("one", "1", "2026-10", "d1"), ("one", "2", "2026-09", "d1"),
            ("two", None, None, "d1"),
        ]  # fmt: skip


class TestFormats:
    @pytest.fixture
    def written(self, tmp_path: Path) -> Iterator[Path]:
        path = tmp_path / "manifest.json"
        manifest.write(STATE, path)
        yield path

    def as_of(self, written: Path, number: int) -> Manifest | None:
        """The same state as a version wrote it that had that format."""
        document = json.loads(written.read_text()) | {"format": number}
        if number < 2:
            del document["usage"]
        for one in document["parts"]:
            for name, since in (("packed", 3), ("through", 4)):
                if number < since:
                    del one[name]
        written.write_text(json.dumps(document))
        return manifest.read(written)

    def test_this_version_writes_the_newest_it_reads(self, written: Path) -> None:
        assert json.loads(written.read_text())["format"] == max(READ_FORMATS) == 4
        assert manifest.read(written) == STATE

    def test_of_before_usage_it_reads_a_state_without_any(self, written: Path) -> None:
        found = self.as_of(written, 1)
        assert found is not None and (found.usage, found.parts[0].packed) == ((), False)
        assert replace(found.parts[0], packed=True) == part()

    def test_of_before_packing_it_reads_parts_with_a_row_for_each_base_row(self, written: Path) -> None:
        found = self.as_of(written, 2)
        assert found is not None and (found.usage, found.parts[0].packed) == ((USAGE,), False)

    def test_of_before_whole_months_it_reads_parts_that_know_of_none(self, written: Path) -> None:
        found = self.as_of(written, 3)
        assert found is not None and found == STATE and found.parts[0].through is None

    @pytest.mark.parametrize("number", [0, 5])
    def test_another_is_refused_with_what_it_reads(self, written: Path, number: int) -> None:
        with pytest.raises(StoreError, match=rf"format {number}\. Expected: format 1 or 2 or 3 or 4\. Use the version"):
            self.as_of(written, number)


class TestWriting:
    def test_nothing_is_left_beside_the_file_and_it_holds_the_newer_text(self, tmp_path: Path) -> None:
        path = tmp_path / "state" / "manifest.json"
        path.parent.mkdir()
        for text in ("one", "zwei ü"):
            manifest.replace(path, text)
        assert path.read_text(encoding="utf-8") == "zwei ü" and list(path.parent.iterdir()) == [path]

    def test_the_bytes_are_durable_before_the_name_and_the_name_before_it_returns(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """After a power cut there is the old file or the new one whole: the order is what makes it so."""
        done: list[str] = []
        rename = Path.replace

        def renamed(self: Path, target: Path) -> Path:
            done.append("rename")
            return rename(self, target)

        def synced(path: Path) -> None:
            done.append("folder" if path.is_dir() else f"bytes {path.read_text()}")

        monkeypatch.setattr(Path, "replace", renamed)
        monkeypatch.setattr(manifest, "sync", synced)
        manifest.replace(tmp_path / "manifest.json", "new")
        assert done == ["bytes new", "rename", "folder"]

    def test_what_it_makes_durable_is_closed_again(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        handles: list[int] = []
        monkeypatch.setattr(os, "fsync", handles.append)
        manifest.sync(tmp_path)
        (handle,) = handles
        with pytest.raises(OSError, match="Bad file descriptor"):
            os.fstat(handle)
