"""Files of JSON rows, told by their beginning: lines or one array, plain or gzip, whole or cut off."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from costlib.errors import UnreadableFile
from costlib.sources.gcp_columns import COLUMNS, SIGN
from costlib.sources.json_rows import ARRAY, LINES, holds_rows, json_format, json_types
from tests.builders import write

ROW = f'{{"{SIGN}": "x", "cost": 1}}'


@pytest.fixture(params=["none", "gzip"])
def put(request, tmp_path: Path):
    """Writes a text as it is or compressed; what ``json_format`` says of it."""

    def look(text: str | bytes) -> str | None:
        data = text.encode() if isinstance(text, str) else text
        path = write(tmp_path / "rows.json", gzip.compress(data) if request.param == "gzip" else data)
        return json_format(path, request.param)

    return look


class TestFormat:
    @pytest.mark.parametrize("before", ["", "\n\n", " \t\r\n"])
    def test_an_object_a_line_and_one_array_whatever_blanks_stand_before(self, put, before: str) -> None:
        assert put(f"{before}{ROW}\n{ROW}\n") == LINES
        assert put(f"{before}[{ROW},\n{ROW}]") == ARRAY

    @pytest.mark.parametrize("after", ["", "\n", " \r\n\t "])
    def test_blanks_after_an_array_do_not_cut_it_off(self, put, after: str) -> None:
        assert put(f"[{ROW}]{after}") == ARRAY

    @pytest.mark.parametrize(
        "text", ["", "a,b\n1,2\n", '{"cost": 1}', '[{"cost": 1}]', f'"{SIGN}"', SIGN, f"{{{SIGN}: 1}}"]
    )
    def test_what_does_not_begin_with_rows_of_the_table_is_none(self, put, text: str) -> None:
        assert put(text) is None

    @pytest.mark.parametrize("text", [f"[{ROW}", f"[{ROW},", f"[{ROW}\n", f"[{ROW}] trailing", f"[{ROW},{ROW[:-3]}"])
    def test_an_array_that_is_not_closed_is_refused(self, put, text: str) -> None:
        with pytest.raises(UnreadableFile, match=r"rows.json breaks off: its array of rows is not closed"):
            put(text)

    def test_lines_are_not_read_to_their_end(self, put) -> None:
        assert put(f"{ROW}\n{ROW[:-3]}") == LINES

    def test_the_sign_must_stand_near_the_beginning(self, put) -> None:
        """A row is told by its first 64 KiB: the column is among the first of every export."""
        assert put('{"a": "' + "x" * (1 << 15) + f'", "{SIGN}": 1}}') == LINES
        assert put('{"a": "' + "x" * (1 << 17) + f'", "{SIGN}": 1}}') is None

    def test_an_array_longer_than_a_chunk_is_read_to_its_end(self, put) -> None:
        rows = ",\n".join([ROW] * 60_000)
        assert put(f"[{rows}]") == ARRAY
        with pytest.raises(UnreadableFile):
            put(f"[{rows}")


def test_a_compressed_file_that_breaks_off_is_refused(tmp_path: Path) -> None:
    whole = gzip.compress(f"[{','.join([ROW] * 5000)}]".encode(), 0)
    with pytest.raises(UnreadableFile, match="breaks off"):
        json_format(write(tmp_path / "rows.json.gz", whole[:-20]), "gzip")


def test_what_is_not_gzip_or_not_there_is_no_rows(tmp_path: Path) -> None:
    assert json_format(write(tmp_path / "rows.json", ROW), "gzip") is None
    assert json_format(tmp_path / "nothing.json", "none") is None


class TestInAFolder:
    @pytest.mark.parametrize("name", ["a.json", "a.jsonl", "a.ndjson", "A.JSON"])
    def test_rows_are_found_by_name_and_beginning(self, tmp_path: Path, name: str) -> None:
        assert holds_rows(write(tmp_path / name, ROW)) and holds_rows(write(tmp_path / name, f"\n[{ROW}]"))

    @pytest.mark.parametrize(
        ("name", "text"), [("a.txt", ROW), ("a.json", '{"cost": 1}'), ("a.json", f'"{SIGN}"'), ("a.json", "")]
    )
    def test_anything_else_is_passed_over(self, tmp_path: Path, name: str, text: str) -> None:
        assert not holds_rows(write(tmp_path / name, text))


def test_every_column_is_read_as_json_in_the_order_of_the_table() -> None:
    assert [name for name, _ in json_types()] == list(COLUMNS) and {kind for _, kind in json_types()} == {"JSON"}
