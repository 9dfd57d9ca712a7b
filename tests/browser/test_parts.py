"""Pages in parts: every part can be read on a phone, is reached with the keyboard, and opens by a link."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Readers
from tests.browser.server import Server
from tests.browser.tab import Tab
from tests.browser.test_reading import findings
from tests.pages.test_unit_costs import PARTS as UNIT_COSTS

pytestmark = pytest.mark.browser

#: Parts that hold what the first ones do not: a widget in a menu, a table that scrolls, a wide one, points.
PARTS = (
    ("unit_costs", "Cost and value"),
    ("unit_costs", "Other models"),
    ("unit_costs", "All figures"),
    ("runs", "Failed and cancelled"),
)


@pytest.mark.parametrize(("page", "part"), PARTS)
def test_a_part_by_its_link_fits_a_phone_and_can_be_read(page: str, part: str, readers: Readers, demo: Server) -> None:
    with Tab(readers(390, "dark"), demo.address) as tab:
        tab.open(f"/{page}?show={part.replace(' ', '+')}")
        expect(tab.page.get_by_role("tab", name=part, exact=True)).to_have_attribute("aria-selected", "true")
        assert tab.page.get_by_role("tabpanel").count() == 1
        assert tab.overflow() <= 0
        assert findings(tab) == []
        assert tab.trouble == []


def test_parts_are_opened_with_the_keyboard_and_the_address_follows(tab: Tab) -> None:
    tab.open("/unit_costs")
    first, second = (tab.page.get_by_role("tab", name=name, exact=True) for name in list(UNIT_COSTS)[:2])
    first.focus()
    tab.page.keyboard.press("ArrowRight")
    expect(second).to_be_focused()
    tab.page.keyboard.press("Enter")
    tab.settle()
    assert tab.choices == {"show": ["What moved it"]}
    tab.page.get_by_role("heading", name=UNIT_COSTS["What moved it"], exact=True).wait_for()
    assert tab.trouble == []
