"""Files that cannot be what they claim: each is refused in words, and the store stays as it was to the byte."""

from __future__ import annotations

import gzip
import io
import json
import random
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from costlib.errors import (
    CostError,
    EmptyExport,
    InputError,
    MissingColumn,
    UnknownCurrency,
    UnreadableFile,
    UnrecognisedExport,
)
from costlib.sources.discovery import discover
from costlib.store.delivery import Batch
from tests.builders import (
    csv_text,
    cur_export,
    cur_row,
    focus_row,
    load_into,
    store_bytes,
    without,
    write,
    write_csv,
    write_parquet,
)

ROW = focus_row()
TEXT = csv_text([ROW] * 3)
LONG = csv_text([ROW] * 5000)


def parquet_bytes() -> bytes:
    file = io.BytesIO()
    pq.write_table(pa.table({name: [value] * 500 for name, value in ROW.items()}), file)
    return file.getvalue()


def flipped(content: bytes, start: int, stop: int) -> bytes:
    """The content with every bit of some bytes turned over."""
    return content[:start] + bytes(byte ^ 0xFF for byte in content[start:stop]) + content[stop:]


def file(name: str, content: str | bytes) -> Callable[[Path], Path]:
    return lambda folder: write(folder / name, content)


def listed_but_missing(folder: Path) -> Path:
    export = cur_export(folder / "export", "2026-09", {"a.parquet": [cur_row()], "b.parquet": [cur_row()]})
    next(export.rglob("b.parquet")).unlink()
    return export


def torn_manifest(text: str) -> Callable[[Path], Path]:
    def make(folder: Path) -> Path:
        export = cur_export(folder / "export", "2026-09", {"a.parquet": [cur_row()]})
        write(next(export.rglob("*Manifest.json")), text)
        return export

    return make


def two_versions(folder: Path) -> Path:
    for execution in ("2026-10-01T00-aaaa", "2026-10-02T00-bbbb"):
        cur_export(folder / "export", "2026-09", {"a.parquet": [cur_row()]}, execution=execution)
    shutil.rmtree(folder / "export" / "metadata")
    return folder / "export"


def a_month_without_manifest(folder: Path) -> Path:
    export = cur_export(folder / "export", "2026-08", {"a.parquet": [cur_row()]})
    cur_export(export, "2026-09", {"a.parquet": [cur_row()]})
    shutil.rmtree(export / "metadata" / "BILLING_PERIOD=2026-09")
    return export


def notes_only(folder: Path) -> Path:
    write(folder / "notes" / "readme.txt", "nothing here")
    write(folder / "notes" / ".hidden.csv", TEXT)
    return folder / "notes"


@dataclass(frozen=True)
class Case:
    """How the input is made, the class that refuses it, and words of the message."""

    make: Callable[[Path], Path]
    error: type[CostError]
    says: str


CASES = {
    "truncated Parquet": Case(
        file("b.parquet", parquet_bytes()[:-30]), UnreadableFile, "not a whole Parquet file. Exp"
    ),
    "Parquet with a name that is no text": Case(
        file("b.parquet", parquet_bytes().replace(b"BilledCost", b"\xec\x28\x80\x80\x80\x80\x80\x80\x80\x80")),
        UnreadableFile,
        "not a whole Parquet file",
    ),
    "Parquet without its end": Case(file("b.parquet", b"PAR1" + b"x" * 99), UnreadableFile, "not a whole Parquet"),
    "a Parquet page turned over": Case(file("b.parquet", flipped(parquet_bytes(), 30, 60)), UnreadableFile, "damaged"),
    "an open quotation mark": Case(
        file("b.csv", TEXT + '1,"2026\n'), UnreadableFile, "line 5 is damaged: a quotation mark"
    ),
    "text after a quotation mark": Case(
        file("b.csv", TEXT.replace("111122223333", '"1"1', 1)), UnreadableFile, "line 2 is damaged: a quotation mark"
    ),
    "lines that end in two ways": Case(
        file("b.csv", csv_text([ROW], end="\r\n") + TEXT.partition("\n")[2]), UnreadableFile, "end in different ways"
    ),
    "a row too short": Case(
        file("b.csv", TEXT + "1,2\n"), UnreadableFile, "line 5 is damaged: a row has more or fewer"
    ),
    "a row too long": Case(
        file("b.csv", TEXT.replace("\n111122223333", "\n0,111122223333", 1)), UnreadableFile, "line 2 .* more or fewer"
    ),
    "a row of blanks": Case(file("b.csv", TEXT + "   \n" + TEXT), UnreadableFile, "line 5 .* more or fewer fields"),
    "a row of nine megabytes": Case(
        file("b.csv", csv_text([ROW | {"Tags": "x" * 9_000_000}])), UnreadableFile, "line 2 .* longer than 8 MiB"
    ),
    "a missing column": Case(
        file("b.csv", csv_text([without(ROW, "EffectiveCost")])),
        MissingColumn,
        "no column EffectiveCost.*AmortizedCost",
    ),
    "a misspelled column": Case(
        file("b.csv", TEXT.replace("ServiceName", "ServceName")), MissingColumn, "Did you mean ServceName"
    ),
    "an unknown currency": Case(
        file("b.csv", csv_text([ROW, ROW | {"BillingCurrency": "ZZZ"}])),
        UnknownCurrency,
        "1 rows of .*b.csv .*ZZZ.*ISO 4217",
    ),
    "a currency in small letters": Case(file("b.csv", TEXT.replace("USD", "usd")), UnknownCurrency, "3 rows .* usd"),
    "a header only": Case(file("b.csv", TEXT.partition("\n")[0] + "\n"), EmptyExport, "a header and no rows"),
    "a header without an end": Case(file("b.csv", TEXT.partition("\n")[0]), EmptyExport, "a header and no rows"),
    "a Parquet file of no rows": Case(
        lambda folder: write_parquet(folder / "b.parquet", [], **dict.fromkeys(ROW, pa.array([], pa.string()))),
        EmptyExport,
        "a header and no rows",
    ),
    "random bytes": Case(
        file("b.csv", random.Random(7).randbytes(4000)), UnreadableFile, r"text \(byte \d+ is not UTF"
    ),
    "bytes of nought": Case(file("b.csv", "\x00" * 400), UnrecognisedExport, "binary file"),
    "an empty file": Case(file("b.csv", ""), UnrecognisedExport, "neither Parquet nor CSV"),
    "Latin-1 in the first rows": Case(
        file("b.csv", TEXT.replace("Servers", "Über").encode("latin-1")), UnreadableFile, "UTF-8"
    ),
    "Latin-1 far below": Case(
        file("b.csv", LONG.encode() + TEXT.replace("Servers", "Über").encode("latin-1").partition(b"\n")[2]),
        UnreadableFile,
        "not UTF-8",
    ),
    "UTF-16": Case(file("b.csv", TEXT.encode("utf-16")), UnreadableFile, "UTF-8"),
    "gzip cut in its head": Case(
        file("b.csv.gz", gzip.compress(TEXT.encode())[:12]), UnreadableFile, "the compressed data breaks off"
    ),
    "gzip cut in the middle": Case(
        file("b.csv.gz", gzip.compress(LONG.encode())[:-200]), UnreadableFile, "breaks off or is corrupt"
    ),
    "gzip cut by one byte": Case(file("b.csv.gz", gzip.compress(TEXT.encode())[:-1]), UnreadableFile, "breaks off"),
    "gzip with a wrong sum": Case(
        file("b.csv.gz", flipped(gzip.compress(TEXT.encode()), -8, -4)), UnreadableFile, "breaks off or is corrupt"
    ),
    "gzip of something else": Case(
        file("b.csv.gz", gzip.compress(b"hello world")), UnrecognisedExport, "neither Parquet nor"
    ),
    "a duplicated header": Case(
        file("b.csv", csv_text([ROW], header=[*ROW, "BilledCost"])), UnreadableFile, "names the column BilledCost twice"
    ),
    "a duplicated header in other case": Case(
        file("b.csv", TEXT.replace("RegionId", "billedcost")), UnreadableFile, "names the column billedcost twice"
    ),
    "a header with a gap": Case(file("b.csv", TEXT.replace("RegionId", " ")), UnrecognisedExport, "header line"),
    "a kind nobody knows": Case(
        file("b.csv", f"name,{'x' * 500},c\n1,2,3\n"),
        UnrecognisedExport,
        r"columns begin with name, x{40}, c\).*--type",
    ),
    "one line of JSON": Case(
        file("b.csv", json.dumps({"a": "x" * 300_000})), UnrecognisedExport, "neither Parquet nor CSV"
    ),
    "prose": Case(
        file("b.csv", "Dear customer\n\nyour bill is attached\n"), UnrecognisedExport, "neither Parquet nor CSV"
    ),
    "a folder with nothing": Case(
        lambda folder: write(folder / "f" / "x", "").parent, EmptyExport, "no CSV or Parquet"
    ),
    "a folder with notes": Case(notes_only, EmptyExport, "no CSV or Parquet"),
    "a path that does not exist": Case(lambda folder: folder / "nothing.csv", InputError, "nothing.csv does not exist"),
    "a manifest that lists a missing file": Case(
        listed_but_missing, UnreadableFile, "lists b.parquet, which is not in"
    ),
    "a torn manifest": Case(
        torn_manifest('{"dataFiles": ['), UnreadableFile, r"not a whole manifest \(line 1, column 16 is not JSON\)"
    ),
    "a manifest without files": Case(torn_manifest('{"files": []}'), UnreadableFile, r"\(there is no dataFiles\)"),
    "a manifest of another shape": Case(torn_manifest('{"dataFiles": 5}'), UnreadableFile, r"\(it has another shape\)"),
    "two versions without a manifest": Case(
        two_versions, UnreadableFile, "2 versions of one month.*2026-10-02T00-bbbb"
    ),
    "a month without a manifest": Case(a_month_without_manifest, UnreadableFile, "BILLING_PERIOD=2026-09 holds data"),
}


@pytest.fixture(scope="module")
def loaded(tmp_path_factory):
    folder = tmp_path_factory.mktemp("loaded")
    load_into(folder / "store", write_csv(folder / "bill.csv", [ROW]))
    return folder / "store"


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_it_is_refused_in_words_and_nothing_changes(tmp_path, loaded, case):
    path = case.make(tmp_path / "in")
    before = store_bytes(loaded)
    with pytest.raises(case.error, match=f"(?s){case.says}") as refusal:
        load_into(loaded, path)
    assert type(refusal.value) is case.error
    assert store_bytes(loaded) == before
    assert path.name in str(refusal.value), "the message says where"
    assert refusal.value.expected, "and what was expected"
    assert refusal.value.fix, "and one thing to do"


def test_a_store_that_was_not_there_is_not_made_for_a_file_that_is_refused_at_sight(tmp_path):
    with pytest.raises(UnrecognisedExport):
        load_into(tmp_path / "store", write(tmp_path / "b.csv", "a,b\n1,2\n"))
    assert not (tmp_path / "store").exists()


def test_an_unreadable_file_is_refused(tmp_path, monkeypatch):
    bill = write(tmp_path / "b.csv", TEXT)
    monkeypatch.setattr(Path, "open", denied)
    with pytest.raises(UnreadableFile, match=r"b.csv cannot be opened \(Permission denied\).*permissions"):
        load_into(tmp_path / "store", bill)


def denied(*_: object, **__: object) -> None:
    raise PermissionError(13, "Permission denied")


ODD = {
    "byte-order mark": ("b.csv", b"\xef\xbb\xbf" + TEXT.encode()),
    "byte-order mark before a quotation mark": ("b.csv", b'\xef\xbb\xbf"' + TEXT.replace(",", '",', 1).encode()),
    "CRLF": ("b.csv", csv_text([ROW] * 3, end="\r\n")),
    "CR": ("b.csv", csv_text([ROW] * 3, end="\r")),
    "no end of the last line": ("b.csv", TEXT.rstrip("\n")),
    "blank lines": ("b.csv", TEXT.replace("\n", "\n\n")),
    "blank lines with CRLF": ("b.csv", csv_text([ROW] * 3, end="\r\n").replace("\r\n", "\r\n\r\n")),
    "blank lines above the header": ("b.csv", "\n  \n\n" + TEXT),
    "a blank line after the byte-order mark": ("b.csv", b"\xef\xbb\xbf\r\n" + csv_text([ROW] * 3, end="\r\n").encode()),
    "semicolons": ("b.csv", csv_text([ROW] * 3, delimiter=";")),
    "tabs": ("b.csv", csv_text([ROW] * 3, delimiter="\t")),
    "gzip": ("b.csv.gz", gzip.compress(TEXT.encode())),
    "gzip in two members": ("b.csv.gz", gzip.compress(TEXT[:200].encode()) + gzip.compress(TEXT[200:].encode())),
    "gzip without its name": ("b.csv", gzip.compress(TEXT.encode())),
    "the name of gzip on plain text": ("b.csv.gz", TEXT),
    "Parquet under the name of CSV": ("b.csv", parquet_bytes()),
    "a column called filename": ("b.csv", TEXT.replace("RegionId", "filename")),
    "a line break in a column's name": ("b.csv", TEXT.replace("RegionId", '"Region\nof it"')),
    "a column's name full of quotation marks": ("b.csv", TEXT.replace("RegionId", '"a""b\'c; DROP TABLE base"')),
    **{f"a name such as {name}": (name, TEXT) for name in ("b[1].csv", "b*.csv", "b?.csv", "b{a,b}.csv", "b%20.csv")},
    **{
        f"a name such as {name!r}": (name, TEXT)
        for name in ("it's.csv", 'so"so.csv', "b;--.csv", "ü 東京.csv", "back\\.csv")
    },
}


@pytest.mark.parametrize(("name", "content"), ODD.values(), ids=ODD)
def test_what_is_odd_and_sound_is_read(tmp_path, name, content):
    bill = write(tmp_path / ("in" if "\\" in name else "in [x]*") / name, content)
    rows = 500 if content == parquet_bytes() else 3
    with Batch(discover([bill]), spill=tmp_path) as batch:
        (delivery,) = batch.read()
        (entry,) = delivery.tie_outs(("111122223333", "2026-09"))
    assert (entry.rows_in, entry.rows_loaded) == (rows, rows)
    assert entry.sums_in["BilledCost"] == entry.sums_store["BilledCost"] == 1.5 * rows


def test_files_whose_names_are_patterns_are_read_once_each(tmp_path):
    for number, name in enumerate(("b*.csv", "b1.csv", "b2.csv", "b[12].csv", "b?.csv")):
        write(tmp_path / "in" / name, TEXT.replace("Payer", f"Payer {number}"))
    (done,) = load_into(tmp_path / "store", tmp_path / "in")
    assert done.rows_loaded == 15
