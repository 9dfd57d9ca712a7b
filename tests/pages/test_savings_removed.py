"""An initiative that was taken out of its plan after finance had signed months of it: what was signed stays signed."""

from __future__ import annotations

import pytest

from costlib.state.plans import PlanStore
from costlib.state.proof import Proof
from tests.pages import plans, screen
from tests.pages.conftest import Open
from tests.pages.test_savings import STANDINGS

SPOT = "spot-retraining"


@pytest.fixture
def removed(saved: PlanStore) -> PlanStore:
    one = saved.read("past").initiative(SPOT)
    saved.remove_initiative("past", SPOT, who="tests", why="it is part of another plan now", expected=one.version)
    assert [one for one in Proof(saved.state).bookings("past") if one.initiative == SPOT]
    return saved


def test_the_page_shows_what_was_signed_and_that_it_is_in_no_plan(removed: PlanStore, open_page: Open) -> None:
    app = open_page("savings")
    assert not app.exception and not app.error
    header, *rows, whole = screen.tables(app)[STANDINGS]
    assert len(rows) == 3
    spot = dict(zip(header, rows[-1], strict=True))
    assert (spot["Initiative"], spot["Stage"]) == (f"{SPOT} (no longer in a plan)", "–")
    assert (spot["Signed off"], spot["Saved, likely"], spot["Provisional"]) == ("$8.70K", "–", "–")
    cards = {metric.label: screen.plain(metric.value) for metric in app.metric}
    assert cards["Signed off by finance"] == whole[4] == "$79.2K" and whole[4] in screen.title(app)
    reviewed = next(rows for caption, rows in screen.tables(app).items() if caption.startswith("Variance review"))
    assert any(SPOT in cell for row in reviewed for cell in row)


def test_finance_can_take_it_back(removed: PlanStore, open_page: Open) -> None:
    app = plans.introduce(open_page("savings"), "Cleo", "finance")
    signed = app.selectbox(key="signed-month")
    (month,) = (one for one in signed.options if one.startswith("Apr 2026") and SPOT in one)
    assert month.endswith(f": {SPOT} (no longer in a plan)")


def test_the_portfolio_does_not_need_it(removed: PlanStore, open_page: Open) -> None:
    app = open_page("portfolio", show="Decisions")
    assert not app.exception and not app.error
