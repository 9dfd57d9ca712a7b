"""Typst markup compiled to PDF, PNG or SVG, offline, with one face, and without a clock.

Conventions: the only faces are those of the package font-source-sans-pro; the system's are ignored, so that a
document looks the same everywhere. Dates are arguments. A warning of the engine fails the document: better
none than one with a missing letter. A PDF is tagged and checked against PDF/UA-1 while it is written.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time
from functools import cache
from pathlib import Path
from typing import Literal

import typst

from costlib.charts.printed.face import BOLD, BOLD_WEIGHT, FAMILY, REGULAR, font_file
from costlib.charts.printed.markup import quoted
from costlib.charts.trace import PRODUCT, trace_json
from costlib.errors import CostError

__all__ = ["TRACE_FILE", "DocumentError", "compiled", "measured", "preamble", "quoted"]

TRACE_FILE = "trace.json"

_STANDARDS: list[typst.PDFStandard] = ["ua-1"]


class DocumentError(CostError):
    """The document cannot be set as described."""


def preamble(*, title: str, made_on: date, trace: Mapping[str, object] | None = None) -> str:
    """The first lines of every document: title, date, language, face and the trace of its figures as a file inside."""
    made = f"datetime(year: {made_on.year}, month: {made_on.month}, day: {made_on.day})"
    lines = [
        f"#set document(title: {quoted(title)}, author: {quoted(PRODUCT)}, date: {made})",
        f'#set text(font: "{FAMILY}", fallback: false, lang: "en", region: "us", hyphenate: false)',
    ]
    if trace is not None:
        about = 'relationship: "data", mime-type: "application/json", description: "What made the figures"'
        lines.append(f'#pdf.attach("{TRACE_FILE}", bytes({_literal(trace_json(trace))}), {about})')
    return "\n".join(lines) + "\n"


def compiled(source: str, output: Literal["pdf", "png", "svg"], *, made_on: date, pixels_per_inch: int = 192) -> bytes:
    """The document as bytes; a PNG or SVG holds one page. Raises DocumentError with what Typst says."""
    try:
        compiler = typst.Compiler(root=font_file(REGULAR).parent, font_paths=_faces(), ignore_system_fonts=True)
        result, warnings = compiler.compile_with_warnings(
            source.encode(),
            format=output,
            ppi=pixels_per_inch,
            pdf_standards=_STANDARDS if output == "pdf" else [],
            timestamp=datetime.combine(made_on, time(), UTC),
        )
    except typst.TypstError as error:
        raise DocumentError(f"The document cannot be set: {error.message}", fix=" ".join(error.hints)) from error
    if warnings:
        raise DocumentError(f"The document is set with a warning: {'; '.join(warning.message for warning in warnings)}")
    if not isinstance(result, bytes):
        raise DocumentError("A picture was asked of several pages", expected="one page", fix="Ask for a PDF.")
    return result


def measured(opening: str, blocks: Sequence[str]) -> list[float]:
    """The height of each block in points, set under the opening; raises DocumentError with what Typst says."""
    asked = [f"#context [#metadata(measure({block}).height.pt()) <height>]" for block in blocks]
    source = "\n".join([opening, *asked])
    try:
        compiler = typst.Compiler(
            source.encode(), root=font_file(REGULAR).parent, font_paths=_faces(), ignore_system_fonts=True
        )
        return [float(height) for height in json.loads(compiler.query("<height>", field="value"))]
    except RuntimeError as error:  # a query fails with this one, without hints
        raise DocumentError(f"The document cannot be set: {error}") from error


def _literal(text: str) -> str:
    """Text as a Typst string, every character of it."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


@cache
def _faces() -> typst.Fonts:
    """The two faces, loaded: from a folder that holds nothing else, since a folder's order is not defined."""
    with tempfile.TemporaryDirectory() as folder:
        for name in (REGULAR, BOLD):
            shutil.copyfile(font_file(name), Path(folder) / name)
        faces = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder])
        sample = f'#set text(font: "{FAMILY}")\na#text(weight: {BOLD_WEIGHT})[a]'
        typst.Compiler(font_paths=faces, ignore_system_fonts=True).compile(sample.encode(), format="svg")
    return faces
