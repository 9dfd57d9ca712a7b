"""What Streamlit finds among the installed packages, looked for once a process.

AppTest looks through the metadata of every installed package for components before each page that it makes, which costs
several times what drawing the page does. No package comes or goes during a run, so that what was found first is what it
would find again. What it does with the finding stays as it is.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.components.v2 import manifest_scanner
from streamlit.components.v2.manifest_scanner import ComponentManifest, scan_component_manifests


@functools.cache
def _found() -> tuple[tuple[ComponentManifest, Path], ...]:
    return tuple(scan_component_manifests())


def manifests() -> list[tuple[ComponentManifest, Path]]:
    """The components of installed packages, as ``scan_component_manifests`` lists them: a new list each time."""
    return list(_found())


@pytest.fixture(scope="session", autouse=True)
def packages_scanned_once() -> Iterator[None]:
    """AppTest asks for the components that were found before."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manifest_scanner, "scan_component_manifests", manifests)
        yield
