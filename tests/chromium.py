"""Where the browser for the tests is: one that is installed, else the one that Playwright can fetch."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome")
INSTRUCTION = "No Chromium was found: set CHROMIUM_PATH to a Chromium or Chrome executable and run the tests again."
ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking")


class NoChromium(Exception):
    """There is no browser, and none could be fetched."""


def installed() -> str | None:
    """The browser that CHROMIUM_PATH names, else the first of ``NAMES`` on the PATH."""
    named = os.environ.get("CHROMIUM_PATH")
    if named:
        return named if Path(named).is_file() else None
    return next((found for name in NAMES if (found := shutil.which(name))), None)


def executable(own: str) -> str:
    """The browser to start: an installed one, else Playwright's ``own``, which is fetched where it is missing.

    Raises ``NoChromium`` with the one thing to do.
    """
    found = installed()
    if found:
        return found
    if not Path(own).is_file() and not os.environ.get("CHROMIUM_PATH"):
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], capture_output=True, check=False)
    if Path(own).is_file() and not os.environ.get("CHROMIUM_PATH"):
        return own
    raise NoChromium(INSTRUCTION)
