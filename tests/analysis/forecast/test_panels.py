"""The yardstick is the published one: Naive2 on public weekly series of the M4 competition, where they are at hand."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from bench.forecast import PANELS, naive2_errors
from bench.panels import Panel, read, thinned

WEEKLY = Path(os.environ.get(PANELS, "")) / "m4_weekly.parquet"


@pytest.mark.skipif(not WEEKLY.is_file(), reason=f"{PANELS} names no folder with m4_weekly.parquet")
def test_naive2_has_its_published_errors_on_176_weekly_series() -> None:
    panel = read(WEEKLY)
    assert len(panel.history) == 176
    assert naive2_errors(panel) == (pytest.approx(9.631, abs=0.0005), pytest.approx(2.575, abs=0.0005))


def test_thinned_panels_keep_whole_series_evenly_spaced() -> None:
    panel = Panel("p", None, np.arange(10.0)[:, None], np.arange(10.0)[:, None] + 0.5)  # type: ignore[arg-type]
    few = thinned(panel, 4)
    assert few.history[:, 0].tolist() == [0.0, 3.0, 6.0, 9.0]
    np.testing.assert_array_equal(few.actual, few.history + 0.5)
    assert len(thinned(panel, 99).history) == 10
