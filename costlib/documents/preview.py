"""A page of a PDF as a picture, drawn from the very file that is handed over."""

from __future__ import annotations

import io
import tempfile
from pathlib import Path

from costlib.errors import InputError

PIXELS_PER_INCH = 144


def picture(pdf: bytes, number: int, *, pixels_per_inch: int = PIXELS_PER_INCH) -> bytes:
    """A page of a PDF, counted from 1, as a PNG; raises InputError where there is no such page."""
    import typst  # only who looks at a page pays for loading the libraries
    from pypdf import PdfReader

    pages = PdfReader(io.BytesIO(pdf)).pages
    if not 1 <= number <= len(pages):
        raise InputError(f"There is no page {number}", expected=f"1 to {len(pages)}")
    size = pages[number - 1].mediabox
    source = (
        f"#set page(width: {float(size.width)}pt, height: {float(size.height)}pt, margin: 0pt)\n"
        f'#image("made.pdf", page: {number}, width: 100%)'
    )
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "made.pdf").write_bytes(pdf)
        compiler = typst.Compiler(root=folder, ignore_system_fonts=True)
        drawn = compiler.compile(source.encode(), format="png", ppi=pixels_per_inch)
    assert isinstance(drawn, bytes)
    return drawn
