"""Where commands read and write: checked before any work.

What is written is written aside first, so that a file is there whole or as it was.
"""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Mapping
from pathlib import Path

from costlib.errors import InputError

#: What lies here is not replaced, whatever it leads to.
_DEVICES = Path("/dev")


def ordinary(source: Path) -> Path:
    """``source``, which is read more than once, as a pipe cannot be; a place that is not there is for others to refuse.

    Raises ``InputError`` where it is a pipe or a device.
    """
    if source.exists() and not source.is_file() and not source.is_dir():
        raise InputError(
            f"{source} is a pipe or a device, which can be read but once",
            expected="a file or a folder",
            fix="Write what it gives into a file first.",
        )
    return source


def writable(out: Path, *, folder: bool = False) -> Path:
    """``out``, where a file of that name can be written, or a ``folder``; nothing is made yet.

    Raises ``InputError`` where it is a folder or a device, or lies where nothing may be written.
    """
    if out.is_dir() and not folder:
        raise InputError(f"{out} is a folder", expected="the name of a file", fix="Add a name to it.")
    if _DEVICES in out.absolute().parents or (out.exists() and not out.is_file() and not out.is_dir()):
        raise InputError(f"{out} is no ordinary file", expected="the name of a file", fix="Choose another name.")
    target = out.resolve()
    there = next(place for place in target.parents if place.exists())
    if not there.is_dir():
        raise _unwritable(out, os.strerror(errno.ENOTDIR))
    if not all(os.access(place, os.W_OK) for place in (there, target) if place.exists()):
        raise _unwritable(out, os.strerror(errno.EACCES))
    return out


def deliver(files: Mapping[Path, bytes]) -> None:
    """Write the files, each in the rights of the one it replaces; none takes its name before all are written aside.

    Their folders are made. Raises ``InputError``, which names the file that cannot be written.
    """
    targets = {out: writable(out).resolve() for out in files}
    asides = {out: target.with_name(f".{target.name}.{os.getpid()}") for out, target in targets.items()}
    writing = next(iter(files), Path())
    try:
        for writing, data in files.items():
            asides[writing].parent.mkdir(parents=True, exist_ok=True)
            asides[writing].write_bytes(data)
            if targets[writing].exists():
                shutil.copymode(targets[writing], asides[writing])
        for writing, aside in asides.items():
            aside.replace(targets[writing])
    except OSError as error:
        raise _unwritable(writing, str(error.strerror)) from error
    finally:
        for aside in asides.values():
            if aside.exists():
                aside.unlink()


def _unwritable(out: Path, why: str) -> InputError:
    return InputError(
        f"{out} cannot be written ({why})",
        expected="a place that may be written to",
        fix="Check the path, its rights and the room on the disk.",
    )
