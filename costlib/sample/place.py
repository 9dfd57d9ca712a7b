"""Where a sample company's exports lie below a store, and how its bills are known again."""

from __future__ import annotations

from pathlib import Path

from costlib import sample
from costlib.sample import startup
from costlib.store.manifest import Manifest

COMPANY_FOLDER, STARTUP_FOLDER = "exports/sample", "exports/sample-startup"


def sample_name(root: Path, state: Manifest) -> str | None:
    """The sample company whose bills the state of the store at ``root`` holds; None where it holds none."""
    paths = [Path(file.path) for part in state.parts for file in part.files]
    for name, folder in ((sample.NAME, COMPANY_FOLDER), (startup.NAME, STARTUP_FOLDER)):
        if any(path.is_relative_to(root / folder) for path in paths):
            return name
    return None
