"""The organisation's logo: kept to the byte, replaced only by who saw it, taken away and brought back."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from costlib.errors import InputError
from costlib.state.errors import Conflict
from costlib.state.logo import KIND, remove_logo, save_logo, saved_logo
from costlib.state.records import State


def test_without_one_there_is_none(state: State) -> None:
    assert saved_logo(state) is None


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=15, deadline=None)
@given(png=st.binary(max_size=2000), aspect=st.floats(0.125, 8))
def test_every_byte_comes_back(state: State, png: bytes, aspect: float) -> None:
    seen = saved_logo(state)
    save_logo(state, png, aspect, who="Ada", expected=seen.version if seen else None)
    found = saved_logo(state)
    assert found and (found.png, found.aspect) == (png, aspect)


def test_who_did_not_see_the_last_one_does_not_replace_it(state: State) -> None:
    save_logo(state, b"one", 2.0, who="Ada")
    with pytest.raises(Conflict, match="saved by Ada"):
        save_logo(state, b"two", 2.0, who="Ben")
    with pytest.raises(Conflict):
        remove_logo(state, who="Ben", expected=7)
    assert (found := saved_logo(state)) and found.png == b"one"


def test_taken_away_it_can_be_brought_back(state: State) -> None:
    save_logo(state, b"one", 2.0, who="Ada")
    remove_logo(state, who="Ben", expected=1)
    assert saved_logo(state) is None
    state.undo(state.history(KIND)[0].seq, who="Ada")
    assert (found := saved_logo(state)) and found.png == b"one"


@pytest.mark.parametrize("body", [{}, {"png": "no base64!", "aspect": 1}, {"png": "b25l", "aspect": "wide"}])
def test_one_that_cannot_be_read_says_so(state: State, body: dict[str, object]) -> None:
    state.put(KIND, "logo", body, who="another program")
    with pytest.raises(InputError, match="The logo cannot be read"):
        saved_logo(state)
