"""The trace inside a PDF that this package wrote.

Conventions: the trace is one JSON object in the attached file ``trace.json``; amounts come back as exact decimal
text and dates as ISO text, as they were stored.
"""

from __future__ import annotations

import json
import re
import zlib
from typing import Any

from costlib.charts.trace import PRODUCT
from costlib.errors import InputError

_ATTACHED = re.compile(rb"obj\s*<<(?P<about>[^\0]{0,400}?/Type\s*/EmbeddedFile\b[^\0]{0,400}?)>>\s*stream\r?\n")
_LENGTH = re.compile(rb"/Length\s+(\d+)")


def read_trace(pdf: bytes) -> dict[str, Any]:
    """What made the figures of a PDF; raises InputError where it carries no trace."""
    for found in _ATTACHED.finditer(pdf):
        about, length = found["about"], _LENGTH.search(found["about"])
        body = pdf[found.end() : found.end() + (int(length[1]) if length else 0)]
        try:
            trace = json.loads(zlib.decompress(body) if b"/FlateDecode" in about else body)
        except (zlib.error, ValueError):
            continue
        if isinstance(trace, dict):
            return trace
    raise InputError("The PDF carries no trace", expected=f"a file written by {PRODUCT}", fix="Export it again.")
