"""What a reader enters and says: amounts as money, a name kept in a cookie, a change told in a line."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal as D
from typing import Any
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from costlib.errors import InputError
from costlib.roadmap.plan_fields import MOST
from costlib.state.records import Entry
from ui.editing import known
from ui.editing.amount import typed
from ui.editing.known import COOKIE, ROLES, known_editor, written
from ui.launches.decide import change_words


class TestAmount:
    @pytest.mark.parametrize(
        ("entered", "money"),
        [
            (0.0, "0.00"),
            (3621.005, "3621.01"),
            (2.675, "2.68"),
            (-2.675, "-2.68"),
            (0.1 + 0.2, "0.30"),
            (1e9, "1000000000.00"),
        ],
    )
    def test_it_is_kept_to_the_cent_as_it_was_typed(self, entered: float, money: str) -> None:
        """A float of 2.675 is a hair less than that; a reader who typed it means it."""
        assert str(typed(entered, "A sign-off")) == money

    def test_nothing_typed_is_not_zero(self) -> None:
        with pytest.raises(InputError, match="A sign-off needs an amount"):
            typed(None, "A sign-off")

    @pytest.mark.parametrize("sign", [1, -1])
    def test_the_largest_amount_is_taken_and_a_larger_one_is_not(self, sign: int) -> None:
        most = float(MOST)
        assert typed(sign * most, "A sign-off") == D(repr(most)) * sign
        with pytest.raises(InputError, match="too large an amount"):
            typed(sign * most * 1.001, "A sign-off")


class TestEditor:
    def known_as(self, monkeypatch: pytest.MonkeyPatch, cookie: str | None, user: dict[str, str]) -> tuple[str, str]:
        class Streamlit:
            class context:
                cookies = {} if cookie is None else {COOKIE: cookie}

        Streamlit.user = user  # type: ignore[attr-defined]
        monkeypatch.setattr(known, "st", Streamlit)
        return known_editor()

    def test_a_browser_that_is_new_knows_nobody(self, monkeypatch: pytest.MonkeyPatch) -> None:
        assert self.known_as(monkeypatch, None, {}) == ("", ROLES[1])

    def test_name_and_role_as_last_said(self, monkeypatch: pytest.MonkeyPatch) -> None:
        assert self.known_as(monkeypatch, written("Zoë | O'Brien", ROLES[0]), {}) == ("Zoë | O'Brien", ROLES[0])

    @pytest.mark.parametrize("cookie", ["Ann|emperor", "Ann|", "Ann"])
    def test_a_role_that_is_none_is_the_usual_one(self, cookie: str, monkeypatch: pytest.MonkeyPatch) -> None:
        assert self.known_as(monkeypatch, cookie, {}) == ("Ann", ROLES[1])

    @pytest.mark.parametrize(
        ("user", "name"),
        [({"name": "Signed In", "email": "a@b"}, "Signed In"), ({"email": "a@b"}, "a@b"), ({"name": ""}, "Ann")],
    )
    def test_who_signed_in_goes_first(self, user: dict[str, str], name: str, monkeypatch: pytest.MonkeyPatch) -> None:
        assert self.known_as(monkeypatch, written("Ann", ROLES[0]), user) == (name, ROLES[0])

    @given(st.text(max_size=40).filter(lambda text: not any("\ud800" <= one <= "\udfff" for one in text)))
    def test_no_name_ends_the_cookie_or_the_script_around_it(self, name: str) -> None:
        cookie = written(name, ROLES[0])
        kept, _, role = cookie.partition("|")
        assert (unquote(kept), role) == (name, ROLES[0])
        assert not set("'\"<>;,\\ \n\r") & set(cookie)


def entry(before: dict[str, Any] | None, after: dict[str, Any] | None) -> Entry:
    return Entry(1, datetime(2026, 10, 21, tzinfo=UTC), "Ann", "", "launch", "launch-1", before, after, 1)


BODY: dict[str, Any] = {"what": "Assistant", "owner": "Ann"}


class TestChange:
    @pytest.mark.parametrize(
        ("before", "after", "said"),
        [
            (None, BODY, "proposed"),
            (BODY, None, "withdrawn"),
            (BODY, {**BODY, "decision": {"verdict": "approved"}}, "approved"),
            ({**BODY, "decision": {"verdict": "approved"}}, {**BODY, "decision": {"verdict": "declined"}}, "declined"),
            ({**BODY, "decision": {"verdict": "approved"}}, BODY, "decision taken back"),
        ],
    )
    def test_a_step_of_a_launch_is_told_by_what_it_did(
        self, before: dict[str, Any] | None, after: dict[str, Any] | None, said: str
    ) -> None:
        assert change_words(entry(before, after)) == said

    def test_changed_fields_are_named_and_many_are_counted(self) -> None:
        names = ("what", "owner", "model", "team", "why", "shipped")
        few, many = (dict.fromkeys(names[:count], 1) for count in (4, 6))
        assert change_words(entry(dict.fromkeys(few, 0), few)).endswith(" changed")
        assert "more" not in change_words(entry(dict.fromkeys(few, 0), few))
        told = change_words(entry(dict.fromkeys(many, 0), many))
        assert told.endswith(" and 2 more changed") and told.count(",") == 3
