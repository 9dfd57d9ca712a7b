"""The editor that this browser knows: name and role as last said here, kept in a cookie over reloads and visits.

Conventions: a cookie is a convenience, not a proof; the history says what was said. A name that signed in goes first.
"""

from __future__ import annotations

from typing import Final, get_args
from urllib.parse import quote, unquote

import streamlit as st

from costlib.state.roles import Role

COOKIE: Final = "glidepath_editor"
ROLES: Final[tuple[Role, ...]] = get_args(Role)
#: Key of the session: what the browser was told last.
_TOLD: Final = "editor-told"
_YEAR: Final = 365 * 24 * 3600


def known_editor() -> tuple[str, Role]:
    """The name that signed in or that this browser keeps, empty without one, and the role last chosen."""
    name, _, role = str(st.context.cookies.get(COOKIE) or "").partition("|")
    signed_in = str(st.user.get("name") or st.user.get("email") or "")
    return signed_in or unquote(name), next((one for one in ROLES if one == role), ROLES[1])


def keep(name: str, role: Role) -> None:
    """Have the browser keep name and role, where they are others than it was told before."""
    if not name or (name, role) == st.session_state.get(_TOLD, known_editor()):
        return
    st.session_state[_TOLD] = (name, role)
    script = f"document.cookie = '{COOKIE}={written(name, role)}; path=/; max-age={_YEAR}; SameSite=Lax'"
    st.html(f"<script>{script}</script>", unsafe_allow_javascript=True)


def written(name: str, role: Role) -> str:
    """Name and role as a cookie holds them: nothing in it can end the cookie, its text or the script around it.

    >>> written("Zoë O'Brien; <b>", "lead")
    'Zo%C3%AB%20O%27Brien%3B%20%3Cb%3E|lead'
    """
    return f"{quote(name, safe='')}|{role}"
