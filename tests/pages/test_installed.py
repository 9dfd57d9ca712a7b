"""What AppTest is told about installed packages: what it would find itself, without looking again."""

from __future__ import annotations

import importlib.metadata
from collections.abc import Iterator

import pytest

from tests.installed import manifests, scan_component_manifests
from tests.pages.conftest import Open


def test_it_is_what_streamlit_finds_now() -> None:
    assert sorted(manifests(), key=repr) == sorted(scan_component_manifests(), key=repr)


def test_each_page_has_a_list_of_its_own() -> None:
    assert manifests() is not manifests()


def test_a_page_does_not_look_through_the_packages_again(open_page: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    manifests()
    looked: list[str] = []

    def distributions(**_: object) -> Iterator[importlib.metadata.Distribution]:
        looked.append("again")
        yield from ()

    monkeypatch.setattr(importlib.metadata, "distributions", distributions)
    assert not open_page("sources", "one_day").exception
    assert looked == []
