"""Small bills on disk for the tests of the store."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.builders import focus_row, load_into, write_csv


@pytest.fixture
def focus(tmp_path: Path) -> Callable[..., Path]:
    """Writes bill.csv: a sound row for each mapping given, changed as it says."""
    return lambda *changes, name="bill.csv": write_csv(tmp_path / name, [focus_row(**change) for change in changes])


@pytest.fixture(scope="session")
def one_loaded_bill(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of two rows, effective cost 1.25 USD each; nothing may change it."""
    folder = tmp_path_factory.mktemp("bill")
    bill = write_csv(folder / "bill.csv", [focus_row(), focus_row(ServiceName=None, Tags=None, ResourceId=None)])
    load_into(folder / "store", bill)
    return folder / "store"
