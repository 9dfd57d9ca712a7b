"""A deck opened by an office suite: every slide arrives, with its words, in two lines where it must."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from costlib.charts.spec import Chart, RankedBars

SUITE, READER = shutil.which("soffice"), shutil.which("pdftotext")

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(SUITE is None or READER is None, reason="no LibreOffice here: the deck was not opened"),
]


def test_deck_opens_with_all_its_words(charts: dict[str, Chart], deck: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "deck.pptx").write_bytes(deck(*charts.values()).data)
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    convert = [str(SUITE), profile, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path)]
    subprocess.run([*convert, str(tmp_path / "deck.pptx")], check=True, capture_output=True, timeout=120)
    read = [str(READER), "-layout", str(tmp_path / "deck.pdf"), "-"]
    pages = subprocess.run(read, check=True, capture_output=True, text=True).stdout.split("\f")
    assert len(pages) == len(charts) + 1 and not pages[-1].strip()
    for number, (page, chart) in enumerate(zip(pages, charts.values(), strict=False), start=1):
        words = " ".join(page.split())
        assert " ".join(chart.caption.title.split()[:6]) in words
        assert chart.caption.source in words
        assert words.endswith(str(number))
        for tick in () if isinstance(chart, RankedBars) else chart.scale.texts:
            assert tick.replace("\xa0", " ") in words, (number, tick)
    assert "This year" in pages[1] and "to 20 Oct" in pages[1]
    assert "Jul 26" in pages[0] and "Q1 FY26" in pages[2] and "7 Sep" in pages[7]
    assert "=cmd()" in pages[6] and "<b>x</b>" in pages[6]
    for said in ("Actual $120K", "Forecast $150K", "80% range $135K to $168K", "Budget $120K"):
        assert said in pages[9], said
    assert all(said in pages[12] for said in ("$100", "+$30", "−$45", "+$5", "$90", "New models"))
    assert all(said in pages[15] for said in ("$320K", "$80.0K", "−$12.0K", "All other", "Aug 2026"))
