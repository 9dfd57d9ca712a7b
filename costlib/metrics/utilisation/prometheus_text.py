"""Prometheus' text format, version 0.0.4, as exporters answer a scrape: one sample a line.

``name{label="value",...} value [milliseconds since 1970]``; lines that begin with ``#`` are comments. Source:
https://prometheus.io/docs/instrumenting/exposition_formats (November 2026).
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Final

_LINE: Final = re.compile(r"([a-zA-Z_:][\w:]*)\s*(?:\{(.*)\}\s*|\s)\s*(\S+)(?:\s+(-?\d+))?")
_LABEL: Final = re.compile(r'\s*([a-zA-Z_]\w*)\s*=\s*"((?:[^"\\]|\\.)*)"\s*(?:,|$)')
_ESCAPED: Final = {"n": "\n", "\\": "\\", '"': '"'}
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Sample:
    """One sample; ``value`` is None for NaN and the infinities, ``time`` where the line says none."""

    line: int
    name: str
    labels: Mapping[str, str]
    value: Decimal | None
    time: datetime | None


def samples(text: str, wanted: Container[str]) -> Iterator[Sample]:
    """The samples of the wanted metrics, in order.

    Raises ValueError that names the line for one that is no sample.

    >>> [one.value for one in samples('gpu{id="0"} 6.4e+01 1756684800000', {"gpu"})]
    [Decimal('64')]
    """
    for number, line in enumerate(text.splitlines(), start=1):
        content = line.strip()
        if not content or content.startswith("#"):
            continue
        found = _LINE.fullmatch(content)
        if found is None:
            raise ValueError(f'line {number}: "{content[:80]}" is no sample')
        name, labels, value, moment = found.groups()
        if name in wanted:
            yield Sample(number, name, _labels(labels or "", number), _value(value, number), _time(moment))


def is_sample(line: str) -> bool:
    """Whether a line is a sample or a comment of this format.

    >>> is_sample("# TYPE gpu gauge"), is_sample("gpu 1"), is_sample("day,metric,value")
    (True, True, False)
    """
    return line.startswith("#") or _LINE.fullmatch(line.strip()) is not None


def _labels(text: str, number: int) -> dict[str, str]:
    found: dict[str, str] = {}
    at = 0
    while at < len(text.rstrip()):
        label = _LABEL.match(text, at)
        if label is None:
            raise ValueError(f'line {number}: "{text[at : at + 40]}" is no label')
        found[label[1]] = re.sub(r"\\(.)", lambda escaped: _ESCAPED.get(escaped[1], escaped[0]), label[2])
        at = label.end()
    return found


def _value(text: str, number: int) -> Decimal | None:
    try:
        value = Decimal(text)
    except InvalidOperation as error:
        raise ValueError(f'line {number}: the value "{text}" is no number') from error
    return Decimal(format(value, "f")) if value.is_finite() else None


def _time(milliseconds: str | None) -> datetime | None:
    return None if milliseconds is None else _EPOCH + timedelta(milliseconds=int(milliseconds))
