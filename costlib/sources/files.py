"""Files of an export on disk: what each one is, by its content and never by its name alone.

Three formats are read: CSV (plain or gzip, UTF-8 with or without byte-order mark, separated by comma, semicolon
or tab), Parquet, and rows of JSON (``json_rows``). ``inspect`` looks at the first bytes and the header; ``scan`` is the
DuckDB table function that reads a group of files which share format and columns.
"""

from __future__ import annotations

import csv
import gzip
import io
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cache
from itertools import islice, takewhile
from pathlib import Path
from typing import TextIO, cast

import duckdb

from costlib.errors import UnreadableFile, UnrecognisedExport, cause_words
from costlib.sources import json_rows
from costlib.sources.native import NULL_TEXTS, NativeColumns, literal

CSV, PARQUET = "csv", "parquet"
#: Files in a folder that carry data; anything else there (notes, manifests, checksums) is passed over.
DATA_SUFFIXES = (".csv", ".csv.gz", ".gz", ".parquet")
#: Names of the lineage columns that ``scan`` adds.
FILE, ORDINAL = "x_File", "x_Ordinal"

_HEADER_BYTES = 1 << 20
_ROW_BYTES = 8 << 20
#: A gzip file that unfolds to more bytes than this, and than so many times its own, is a bomb: bills reach 50 times.
_UNFOLDED, _TIMES = 1 << 30, 150
_DELIMITERS = ",;\t"


@dataclass(frozen=True)
class Layout:
    """What files must share to be read by one scan; ``skip`` counts the blank lines above a CSV's header.

    ``decimal`` and ``view`` are what a source found out by looking into the files (``Source.look_into``): the decimal
    mark of numbers in text, and words of the source's own.
    """

    format: str
    compression: str
    delimiter: str
    types: tuple[tuple[str, str], ...]
    skip: int = 0
    decimal: str = "."
    view: tuple[str, ...] = ()

    @property
    def columns(self) -> Mapping[str, str]:
        """Column names and DuckDB types, in file order."""
        return dict(self.types)

    def native(self) -> NativeColumns:
        """The columns as a source reads them."""
        return NativeColumns(self.columns, decimal=self.decimal, view=self.view)


@dataclass(frozen=True)
class DataFile:
    """One file of an export."""

    path: Path
    layout: Layout


def inspect(path: Path) -> DataFile:
    """What the file is, from its content (see ``inspect_all``)."""
    return inspect_all([path])[0]


def inspect_all(paths: Iterable[Path]) -> list[DataFile]:
    """What each file is, from its content; to open the engine takes longer than to look into a file, so it is once.

    Raises ``UnreadableFile`` where it is damaged and ``UnrecognisedExport`` where it is neither CSV nor Parquet.
    """
    with ExitStack() as stack:
        engine = cache(lambda: stack.enter_context(duckdb.connect()))
        return [_inspected(path, engine) for path in paths]


def _inspected(path: Path, engine: Callable[[], duckdb.DuckDBPyConnection]) -> DataFile:
    try:
        with path.open("rb") as file:
            start = file.read(4)
    except OSError as error:
        raise UnreadableFile(
            f"{path} cannot be opened ({error.strerror})",
            expected="a readable file",
            fix="Check the path and its permissions.",
        ) from error
    if start == b"PAR1":
        return DataFile(path, _parquet_layout(path, engine))
    compression = "gzip" if start[:2] == b"\x1f\x8b" else "none"
    if rows := json_rows.json_format(path, compression):
        return DataFile(path, Layout(rows, compression, "", json_rows.json_types()))
    return DataFile(path, _csv_layout(path, compression))


def data_files(folder: Path) -> list[Path]:
    """Files below the folder that carry data, hidden ones left out, in a stable order."""
    return sorted(
        path
        for path in folder.rglob("*")
        if path.is_file()
        and (path.name.lower().endswith(DATA_SUFFIXES) or json_rows.holds_rows(path))
        and not any(part.startswith((".", "_")) for part in path.relative_to(folder).parts)
    )


def scan(layout: Layout, paths: Sequence[Path]) -> str:
    """The table expression that reads the files as they stand: native columns and ``x_File``."""
    files = "[" + ", ".join(literal(glob_safe(path)) for path in paths) + "]"
    if layout.format == PARQUET:
        return f"read_parquet({files}, filename='{FILE}', hive_partitioning=false)"
    if layout.format in (json_rows.LINES, json_rows.ARRAY):
        return _scan_json(layout, files)
    columns = "{" + ", ".join(f"{literal(name)}: 'VARCHAR'" for name in layout.columns) + "}"
    nulls = "[" + ", ".join(literal(text) for text in NULL_TEXTS[:2]) + "]"
    return (
        f"read_csv({files}, columns={columns}, auto_detect=false, header=true, skip={layout.skip}, "
        f"delim={literal(layout.delimiter)}, quote='\"', escape='\"', nullstr={nulls}, strict_mode=true, "
        f"compression={literal(layout.compression)}, max_line_size={_ROW_BYTES}, filename='{FILE}', "
        f"hive_partitioning=false)"
    )


def _scan_json(layout: Layout, files: str) -> str:
    columns = "{" + ", ".join(f"{literal(name)}: 'JSON'" for name in layout.columns) + "}"
    records = "array" if layout.format == json_rows.ARRAY else "newline_delimited"
    return (
        f"read_json({files}, columns={columns}, format='{records}', auto_detect=false, "
        f"compression={literal(layout.compression)}, maximum_object_size={json_rows.ROW_BYTES}, filename='{FILE}', "
        f"hive_partitioning=false)"
    )


def line_numbers(file: DataFile, ordinals: Sequence[int]) -> dict[int, int]:
    """The line on which each of the given data rows (counted from 1) ends; outside CSV a row's own number."""
    wanted, lines = set(ordinals), {}
    if file.layout.format != CSV:
        return {ordinal: ordinal for ordinal in wanted}
    skip = file.layout.skip
    csv.field_size_limit(_ROW_BYTES)
    with _open_text(file.path, file.layout.compression) as text:
        reader = csv.reader(islice(text, skip, None), delimiter=file.layout.delimiter)
        rows = (reader.line_num + skip for row in reader if row)
        next(rows, None)
        for ordinal, line in enumerate(rows, 1):
            if ordinal in wanted:
                lines[ordinal] = line
            if len(lines) == len(wanted):
                break
    return lines


def verify(file: DataFile) -> None:
    """Read a gzip file to its end and compare its checksum, at which the engine does not look.

    Raises ``UnreadableFile``.
    """
    if file.layout.compression != "gzip":
        return
    unfolded = read = 0
    try:
        with file.path.open("rb") as raw, gzip.open(raw) as content:
            while unfolded <= max(_UNFOLDED, _TIMES * read) and (chunk := content.read(_HEADER_BYTES)):
                unfolded, read = unfolded + len(chunk), raw.tell()
    except (OSError, EOFError, zlib.error) as error:
        raise UnreadableFile(
            f"{file.path} is damaged: the compressed data breaks off or is corrupt",
            expected="a whole gzip file",
            fix="Fetch the file again; nothing was changed.",
        ) from error
    if unfolded > max(_UNFOLDED, _TIMES * read):
        raise UnreadableFile(
            f"{file.path} unfolds to more than {_TIMES} times its size, which no bill does",
            expected="a compressed bill",
            fix="If it is one, unpack it and load it as plain CSV; nothing was changed.",
        )


def as_unreadable(error: duckdb.Error, paths: Sequence[Path]) -> UnreadableFile:
    """The library's word on a damaged file, in ours: which file, which line, what to do."""
    text = str(error)
    path = max((str(path) for path in paths if str(path) in text), key=len, default=str(paths[0]))
    line = next((part.split("Line: ")[1].strip() for part in text.splitlines() if "CSV Error on Line: " in part), None)
    return UnreadableFile(
        f"{path}{f', line {line}' if line else ''} is damaged: {_cause(text)}",
        expected="whole rows that match the header",
        fix="Fetch the file again, or repair that line, and load once more; nothing was changed.",
    )


def _cause(text: str) -> str:
    known = {
        "unterminated quote": "a quotation mark is not closed, or lines end in different ways",
        "Expected Number of Columns": "a row has more or fewer fields than the header",
        "Invalid unicode": "the text is not UTF-8",
        "GZIP": "the compressed data breaks off or is corrupt",
        "Maximum line size": "one row is longer than 8 MiB",
    }
    found = next((words for sign, words in known.items() if sign.lower() in text.lower()), None)
    return found or text.splitlines()[0].removeprefix("Invalid Input Error: ")[:200]


def _parquet_layout(path: Path, engine: Callable[[], duckdb.DuckDBPyConnection]) -> Layout:
    import pyarrow as pa  # only who reads Parquet exports pays for it
    import pyarrow.parquet as pq

    try:
        pq.ParquetFile(path).close()
        described = engine().execute("DESCRIBE SELECT * FROM read_parquet(?)", [glob_safe(path)]).fetchall()
    except (pa.ArrowException, OSError, ValueError, duckdb.Error) as error:
        raise UnreadableFile(
            f"{path} is not a whole Parquet file",
            expected="a file that ends with its Parquet footer",
            fix="Fetch the file again: it was probably cut short; nothing was changed.",
        ) from error
    return Layout(PARQUET, "none", "", tuple((row[0], row[1]) for row in described))


def _csv_layout(path: Path, compression: str) -> Layout:
    lines = list(io.StringIO(_header(path, compression), newline=""))
    skip = len(list(takewhile(lambda line: not line.strip(), lines)))
    delimiter = max(_DELIMITERS, key="".join(lines).count)
    names = _names(lines[skip:], delimiter)
    if len(names) < 2 or any(not name.strip() for name in names):
        raise UnrecognisedExport(
            f"{path} is neither Parquet nor CSV with a header line",
            expected="a FOCUS file or an AWS CUR 2.0 export",
            fix="Name the export itself, not its manifest or a report about it.",
        )
    lowered = [name.lower() for name in names]
    repeated = [name for name in names if lowered.count(name.lower()) > 1]
    if repeated:
        raise UnreadableFile(
            f"{path} names the column {repeated[0]} twice",
            expected="one column of each name, whatever its case",
            fix="Export the file again.",
        )
    return Layout(CSV, compression, delimiter, tuple((name, "VARCHAR") for name in names), skip)


def _names(header: Sequence[str], delimiter: str) -> list[str]:
    """Column names in the lines of a header; empty where it is no CSV."""
    try:
        return next(csv.reader(header, delimiter=delimiter), [])
    except csv.Error:
        return []


def _header(path: Path, compression: str) -> str:
    try:
        with _open_text(path, compression) as text:
            header = "".join(_record(text))
    except (OSError, EOFError, zlib.error, UnicodeDecodeError) as error:
        raise UnreadableFile(
            f"{path} cannot be read as UTF-8 text ({cause_words(error)})",
            expected="CSV (plain or gzip) or Parquet",
            fix="Fetch the file again.",
        ) from error
    if "\x00" in header:
        raise UnrecognisedExport(
            f"{path} is a binary file", expected="CSV (plain or gzip) or Parquet", fix="Name the export itself."
        )
    return header


def _record(text: TextIO) -> Iterator[str]:
    """Lines of the first CSV record: a quoted name may hold a line break."""
    quotes = size = 0
    for line in iter(lambda: text.readline(_HEADER_BYTES), ""):
        yield line
        quotes, size = quotes + line.count('"'), size + len(line)
        if (line.strip() and quotes % 2 == 0) or size > _HEADER_BYTES:
            return


def _open_text(path: Path, compression: str) -> TextIO:
    if compression == "gzip":
        return cast(TextIO, gzip.open(path, "rt", encoding="utf-8-sig", newline=""))
    return path.open("r", encoding="utf-8-sig", newline="")


def glob_safe(path: Path) -> str:
    """The path with the characters that DuckDB's file functions would expand taken literally."""
    return "".join(f"[{letter}]" if letter in "*?[" else letter for letter in str(path))
