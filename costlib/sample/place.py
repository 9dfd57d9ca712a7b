"""Where a sample company's exports lie below a store, and how its bills are known again, wherever the store lies."""

from __future__ import annotations

from typing import Final

from costlib import sample
from costlib.sample import startup
from costlib.store.manifest import Manifest

COMPANY_FOLDER, STARTUP_FOLDER = "exports/sample", "exports/sample-startup"


#: What the names of a sample company's exports begin with; they are in the source of every bill that is loaded of them.
_EXPORTS: Final = {"northlight-sample": sample.NAME, "tidewater-sample": startup.NAME}


def sample_name(state: Manifest) -> str | None:
    """The sample company whose bills the state holds, also in a copy of its store; None where it holds none."""
    exports = [part.source.partition(":")[2] for part in state.parts]
    return next((name for start, name in _EXPORTS.items() if any(one.startswith(start) for one in exports)), None)
