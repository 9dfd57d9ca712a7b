"""Runs of one export side by side: each delivers the month up to its day, so that loading two counts the first twice.

Legacy AWS reports and Azure exports that do not overwrite lie in ``<export>/20260901-20261001/<run>/``, or with the
id of the run in the file's name.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from costlib.errors import UnreadableFile
from costlib.sources.files import DataFile

_PERIOD = re.compile(r"\d{8}-\d{8}")
_RUN = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


def one_run(files: Sequence[DataFile]) -> tuple[DataFile, ...]:
    """The files as they are, of each period one run.

    Raises ``UnreadableFile`` where there are several: nothing but the provider's manifest tells which is whole.
    """
    runs: defaultdict[Path, set[str]] = defaultdict(set)
    for path in (file.path for file in files):
        for period in (folder for folder in path.parents if _PERIOD.fullmatch(folder.name)):
            run = _RUN.search(str(path.relative_to(period)))
            runs[period].add(run[0].lower() if run else "")
    for period, found in sorted(runs.items()):
        if len(found) > 1:
            raise UnreadableFile(
                f"{period} holds {len(found)} runs of one export, each with the month up to its day",
                expected="one run of each period",
                fix="Load the files of the newest run only; nothing was changed.",
            )
    return tuple(files)
