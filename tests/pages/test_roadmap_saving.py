"""What a save on the Roadmap answers: refused by the field's own name and unit, clicked twice, undone."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from costlib.state.plans import PlanStore
from tests.pages import plans, screen
from tests.pages.conftest import Open
from tests.pages.plans import STARTUP, field

QUOTAS = "quotas"


@pytest.fixture
def editing(saved: PlanStore, open_page: Open) -> AppTest:
    """The start-up's plan with the card of its quotas open, edited by Ada."""
    title = saved.read("startup").initiative(QUOTAS).initiative.title
    return plans.introduce(open_page("roadmap", plan=STARTUP, initiative=title))


@pytest.mark.parametrize(
    ("path", "entered", "told"),
    [
        ("saving.low", 90.0, "Saving, low, %: low 90%, likely"),
        ("saving.high", 150.0, "Saving, low, %: a saving of 150% of the spend in scope is impossible"),
        ("probability", 150.0, "Chance that it works, %: 150% is refused"),
        ("one_off_cost", -3.0, "One-off cost: -3.0 is refused"),
        ("one_off_cost", 1e99, "One-off cost: 1e+99 is too large"),
        ("ramp_months", 99999, "Months to full effect: 99999 is refused"),
    ],
)
def test_a_refusal_speaks_of_the_field_as_the_form_does(
    saved: PlanStore, editing: AppTest, path: str, entered: float, told: str
) -> None:
    before = saved.read("startup").plan
    editing.number_input(key=field(editing, path)).set_value(entered)
    app = screen.press(editing, "Save")
    assert screen.plain(app.error[0].value).startswith(told)
    assert "initiatives[" not in screen.everything(app)
    assert [one.value for one in app.toast] == ["Not saved: the reason stands at the head of the form."]
    assert app.number_input(key=field(app, path)).value == entered
    assert saved.read("startup").plan == before


def test_a_second_click_on_save_is_no_conflict_with_oneself(saved: PlanStore, editing: AppTest) -> None:
    """The first click has saved the same before the second one is served."""
    editing.text_input(key=field(editing, "owner")).set_value("Ada Lovelace")
    one = saved.read("startup").initiative(QUOTAS)
    theirs = one.initiative.model_copy(update={"owner": "Ada Lovelace"})
    saved.save_initiative("startup", theirs, who="Ada", expected=one.version)
    app = screen.press(editing, "Save")
    assert not app.error
    assert [screen.plain(said.value).endswith("is saved") for said in app.success] == [True]
    assert saved.read("startup").initiative(QUOTAS).version == one.version + 1


def test_what_was_undone_is_told_letter_by_letter(saved: PlanStore, editing: AppTest) -> None:
    editing.text_input(key=field(editing, "owner")).set_value("<b>Ada</b> & *co*")
    app = screen.choose(screen.press(editing, "Save"), view="History")
    app = screen.press_undo(app)
    (said,) = [screen.plain(one.value) for one in app.success]
    assert said.startswith("Undone: ") and "→ <b>Ada</b> & *co*" in said
