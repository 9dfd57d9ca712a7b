"""Settings of the server that ships: it answers this machine only, asks nobody on the web, and can be read."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
from streamlit.web import skills

from costlib.charts.palette import contrast

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def config() -> dict[str, Any]:
    return tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))


def test_answers_this_machine_only(config: dict[str, Any]) -> None:
    assert config["server"]["address"] == "localhost"


def test_tells_nobody_and_shows_no_trace(config: dict[str, Any]) -> None:
    assert config["browser"]["gatherUsageStats"] is False
    assert config["client"]["showErrorDetails"] == "none"
    assert config["client"]["toolbarMode"] == "viewer"


def test_streamlit_lays_no_card_of_its_own_over_a_page(config: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a person starts the server, with a window, as ``make run`` does: asked of Streamlit itself."""
    ours = {f"{section}.{name}": value for section, held in config.items() for name, value in held.items()}
    assert ours["server.headless"] is False
    monkeypatch.setattr("streamlit.config.get_option", lambda name: ours.get(name))
    monkeypatch.setattr(skills, "agent_harness_present", lambda: True)
    assert skills.nudge_suppression_reason() == "welcome_hidden"


def test_no_font_or_style_comes_from_the_web(config: dict[str, Any]) -> None:
    assert "http" not in (ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8")
    assert not any("font" in key.lower() for key in config["theme"])


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_text_can_be_read(config: dict[str, Any], theme: str) -> None:
    colours = config["theme"][theme]
    for surface in (colours["backgroundColor"], colours["secondaryBackgroundColor"]):
        assert contrast(colours["textColor"], surface) >= 7
    assert contrast(colours["primaryColor"], colours["backgroundColor"]) >= 4.5


def test_no_page_brings_colours_of_its_own() -> None:
    """A fixed colour vanishes in the other theme."""
    for path in [*(ROOT / "ui").glob("*.py"), *(ROOT / "pages").glob("*.py")]:
        source = path.read_text(encoding="utf-8")
        assert "#14213D" not in source.upper() and "color: #" not in source, path.name
