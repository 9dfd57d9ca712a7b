"""How the browser for the tests is found: named, on the PATH, fetched, or refused with one thing to do."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests import chromium


@pytest.fixture(autouse=True)
def no_browser(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A machine without any browser, on which nothing is fetched."""
    monkeypatch.delenv("CHROMIUM_PATH", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: None)


def program(folder: Path, name: str) -> str:
    path = folder / name
    path.write_text("#!/bin/sh\n")
    path.chmod(0o755)
    return str(path)


def test_the_one_that_is_named_comes_first(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    program(tmp_path, "chromium")
    monkeypatch.setenv("CHROMIUM_PATH", program(tmp_path, "mine"))
    assert chromium.executable("none") == str(tmp_path / "mine")


@pytest.mark.parametrize("name", ["chromium", "chromium-browser", "google-chrome"])
def test_then_one_on_the_path(name: str, tmp_path: Path) -> None:
    found = program(tmp_path, name)
    assert chromium.executable("none") == found


def test_then_the_one_that_playwright_fetched_before(tmp_path: Path) -> None:
    own = program(tmp_path, "playwrights-own")
    assert chromium.executable(own) == own


def test_then_the_one_that_playwright_fetches_now(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    asked: list[list[str]] = []

    def fetch(command: list[str], **_: object) -> None:
        asked.append(command[1:])
        program(tmp_path, "fetched")

    monkeypatch.setattr(subprocess, "run", fetch)
    assert chromium.executable(str(tmp_path / "fetched")) == str(tmp_path / "fetched")
    assert asked == [["-m", "playwright", "install", "chromium"]]


def test_else_one_thing_to_do() -> None:
    with pytest.raises(chromium.NoChromium) as refused:
        chromium.executable("none")
    assert str(refused.value) == (
        "No Chromium was found: set CHROMIUM_PATH to a Chromium or Chrome executable and run the tests again."
    )


def test_a_name_that_leads_nowhere_is_not_replaced_in_silence(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    program(tmp_path, "chromium")
    monkeypatch.setenv("CHROMIUM_PATH", str(tmp_path / "gone"))
    with pytest.raises(chromium.NoChromium):
        chromium.executable(program(tmp_path, "playwrights-own"))
