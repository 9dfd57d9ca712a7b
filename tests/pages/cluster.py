"""The store of the shared cluster for page tests: one to look at, and one of its own for who changes it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pages.stores import built_once
from tests.shared_cluster import cluster_store


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The store, read only."""
    return str(built_once(tmp_path_factory, "cluster", lambda folder: cluster_store(folder)) / "store")


@pytest.fixture
def own_cluster(tmp_path: Path) -> str:
    """A store of its own, by its path."""
    return str(cluster_store(tmp_path).store.root)
