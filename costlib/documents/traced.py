"""The trace inside a PDF that this package wrote.

Conventions: the trace is one JSON object in the attached file ``trace.json``; amounts come back as exact decimal
text and dates as ISO text, as they were stored.
"""

from __future__ import annotations

import io
import json
from typing import Any

from pypdf import PdfReader
from pypdf.errors import PyPdfError

from costlib.charts.trace import PRODUCT
from costlib.documents.typst import TRACE_FILE
from costlib.errors import InputError


def read_trace(pdf: bytes) -> dict[str, Any]:
    """What made the figures of a PDF; raises InputError where it carries no trace."""
    try:
        attached = PdfReader(io.BytesIO(pdf)).attachments.get(TRACE_FILE, [])
        trace = json.loads(attached[0]) if attached else None
    except (PyPdfError, ValueError) as error:
        raise InputError("The PDF carries no trace that can be read", fix="Export it again.") from error
    if isinstance(trace, dict):
        return trace
    raise InputError("The PDF carries no trace", expected=f"a file written by {PRODUCT}", fix="Export it again.")
