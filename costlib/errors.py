"""Every error Glidepath raises on purpose.

    CostError
    +-- InputError                what was handed in cannot be used; nothing was changed
    |   +-- UnrecognisedExport    no source knows this file
    |   +-- UnreadableFile         damaged, truncated or not what its name says
    |   +-- MissingColumn          a column the source cannot do without
    |   +-- EmptyExport            no data row at all
    |   +-- UnknownCurrency        a currency code that ISO 4217 does not know
    |   +-- RateError              a currency rate is missing, or its file does not say what it means
    |   +-- RuleError              the rule file does not say what it means
    |   +-- PlanError              the plan file does not (roadmap.plan_errors)
    +-- StoreError                 the store is not in the state the call needs
    |   +-- EmptyStore             nothing loaded yet
    |   +-- StoreBusy              another loader holds the lock
    |   +-- AlreadyCovered         another source already covers this account and period
    |   +-- TieOutError            rows or money would be lost: not published
    |   +-- ExportMoved            line items cannot be read: the export is gone or changed
    +-- QueryError                 a question the cube cannot answer as asked

A message says what is wrong and where, what was expected, and one thing to do.
"""

from __future__ import annotations

import csv
import difflib
import gzip
import json
import zlib
from collections.abc import Iterable
from typing import Final


class CostError(Exception):
    """A refusal in plain words: what happened, what was expected, one thing to do.

    >>> print(CostError("bill.csv has no rows", expected="at least one line item", fix="Export it again."))
    bill.csv has no rows. Expected: at least one line item. Export it again.
    """

    def __init__(self, problem: str, *, expected: str | None = None, fix: str | None = None) -> None:
        self.problem, self.expected, self.fix = problem, expected, fix
        parts = [problem.rstrip(".") + "."]
        if expected:
            parts.append(f"Expected: {expected.rstrip('.')}.")
        if fix:
            parts.append(fix)
        super().__init__(" ".join(parts))


class InputError(CostError):
    """What was handed in cannot be used; nothing was changed."""


class UnrecognisedExport(InputError):
    """No source knows this file or folder."""


class UnreadableFile(InputError):
    """A file is damaged, truncated, or not what its name says."""


class MissingColumn(InputError):
    """A column that the source cannot do without is not in the file."""


class EmptyExport(InputError):
    """The export holds no data row."""


class UnknownCurrency(InputError):
    """A currency code that ISO 4217 does not list."""


class RateError(InputError):
    """A currency rate is missing, was changed after its month was closed, or its file cannot be used as written."""


class RuleError(InputError):
    """The attribution rule file cannot be used as written."""


class StoreError(CostError):
    """The store is not in the state this call needs."""


class EmptyStore(StoreError):
    """Nothing has been loaded yet."""


class StoreBusy(StoreError):
    """Another loader holds the store's lock."""


class AlreadyCovered(StoreError):
    """Another source already covers this account and billing period."""


class TieOutError(StoreError):
    """Rows or money would be lost between file and cube; the load is not published."""


class ExportMoved(StoreError):
    """Line items cannot be read because the export is gone or has changed since it was loaded."""


class QueryError(CostError):
    """A question that cannot be answered as asked."""


#: What readers of text meet, in words.
_READERS: Final[dict[type[Exception], str]] = {
    RecursionError: "it is nested too deep",
    TypeError: "it has another shape",
    EOFError: "the compressed data breaks off",
    gzip.BadGzipFile: "the compressed data is corrupt",
    zlib.error: "the compressed data is corrupt",
}
_CSV: Final = {
    "unexpected end of data": "a quotation mark is not closed",
    "expected after": "text follows a quotation mark",
    "field larger than": "a cell is longer than any should be",
}


def cause_words(error: Exception) -> str:
    """What an error of the system or of a reader of text says, in one line: no number, no path again, where it is.

    >>> cause_words(FileNotFoundError(2, "No such file or directory", "a.yaml")), cause_words(ValueError("no\\n date"))
    ('No such file or directory', 'no date')
    >>> cause_words(KeyError("rates")), cause_words(RecursionError())
    ('there is no rates', 'it is nested too deep')
    """
    mark = getattr(error, "problem_mark", None)
    if mark is not None:  # an error of a YAML reader
        return f"line {mark.line + 1}, column {mark.column + 1}: {getattr(error, 'problem', None) or 'not YAML'}"
    if isinstance(error, UnicodeDecodeError):
        return f"byte {error.start + 1} is not UTF-8 text"
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    if isinstance(error, json.JSONDecodeError):
        return f"line {error.lineno}, column {error.colno} is not JSON"
    if isinstance(error, KeyError):
        return f"there is no {error.args[0]}"
    known = next((words for kind, words in _READERS.items() if isinstance(error, kind)), None)
    if known:
        return known
    if isinstance(error, csv.Error):
        return next((words for sign, words in _CSV.items() if sign in str(error)), str(error))
    return " ".join(str(error).replace('in "<unicode string>", position', "at position").split())


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A hint naming the closest known word, or the empty string.

    >>> did_you_mean("x_Taem", ["x_Team", "x_Model"])
    'Did you mean x_Team?'
    """
    by_lower = {name.lower(): name for name in known}
    close = difflib.get_close_matches(word.lower(), by_lower, n=1, cutoff=0.6)
    return f"Did you mean {by_lower[close[0]]}?" if close else ""
