"""An idea of which nobody has stated what it saves: unknown in the form, in the list and in the ranks."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from costlib.briefs.initiative_figures import NOT_ESTIMATED
from costlib.money import UNKNOWN
from costlib.state.plans import PlanStore
from tests.pages import plans, screen
from tests.pages.conftest import Open

IDEA = "Ask the vendor for a discount"
STARTUP = "Start-up, 18 months under control"
ID = "ask-the-vendor-for-a-discount"


@pytest.fixture
def with_idea(saved: PlanStore, open_page: Open) -> AppTest:
    """The start-up's plan with one more idea, which the reader works on."""
    app = plans.introduce(open_page("roadmap", plan=STARTUP))
    app.text_input(key="new-title").set_value(IDEA)
    return screen.press(app, "Add it, at L0")


def test_the_list_leaves_it_open_and_says_unknown(with_idea: AppTest) -> None:
    assert not with_idea.exception
    (row,) = [row for row in screen.table(with_idea) if row["Initiative"] == IDEA]
    assert [row[name] for name in ("Saves a year", "Net", "NPV", "RICE")] == [None] * 4
    assert (row["By NPV, by RICE"], with_idea.dataframe[0].proto.placeholder) == ("–", UNKNOWN)
    assert "What 1 initiative saves is not estimated yet" not in screen.title(with_idea)


def test_the_form_shows_nothing_and_not_zero(saved: PlanStore, with_idea: AppTest) -> None:
    fields = {one.label: one.value for one in with_idea.number_input}
    assert [fields[f"Saving, {end}, %"] for end in ("low", "likely", "high")] == [None] * 3
    app = screen.press(with_idea, "Save")
    assert not app.exception and not saved.read("startup").initiative(ID).initiative.is_estimated


def test_portfolio_says_that_its_worth_is_not_estimated(with_idea: AppTest, open_page: Open) -> None:
    app = open_page("portfolio", plan=STARTUP, show="Business cases")
    assert not app.exception
    (cases,) = [rows for name, rows in screen.tables(app).items() if name.startswith("Business cases")]
    (row,) = [row for row in cases if row[0] == IDEA]
    assert row[4:8] == [NOT_ESTIMATED] * 4
    assert "1 is not estimated yet" in screen.everything(app) + "".join(screen.headers(app))
