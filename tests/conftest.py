"""How properties are searched (where CI is set, the same examples every time), and the one browser of a run."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings
from playwright.sync_api import Browser, sync_playwright

from tests.chromium import ARGUMENTS, NoChromium, executable

_SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large]
settings.register_profile("home", deadline=None, suppress_health_check=_SLOW)
settings.register_profile("ci", deadline=None, suppress_health_check=_SLOW, derandomize=True, database=None)
settings.load_profile("ci" if os.environ.get("CI") else "home")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A real Chromium; a machine without one fails the test with the one thing to do."""
    with sync_playwright() as playwright:
        try:
            path = executable(playwright.chromium.executable_path)
        except NoChromium as missing:
            pytest.fail(str(missing), pytrace=False)
        running = playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        yield running
        running.close()
