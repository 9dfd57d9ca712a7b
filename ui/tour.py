"""The first visit: three hints, one after the other, that say what the Overview shows and where to go from it.

Conventions: the hints stand over the page's corner and move nothing. They come to whoever opens the Overview as such,
not by a link to something; once closed they stay away, in this session and, by a cookie, in this browser.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import streamlit as st

from ui.markdown import literal
from ui.navigation import page_of

COOKIE: Final = "glidepath_tour"
#: Keys of the session: the step shown, None once the tour is over; and whether the browser has yet to be told.
STEP, _TELL = "tour-step", "tour-tell"
_YEAR: Final = 365 * 24 * 3600


@dataclass(frozen=True)
class Step:
    """One hint: what it is about, what it says, and the page that it leads to."""

    title: str
    text: str
    page: str | None = None
    label: str = ""


STEPS: Final = (
    Step(
        "What you see",
        "The title is the answer: what was spent, and where the year is likely to end. Under it stand the figures, "
        "who moved them, and what was unusual. Scope and cost measure change every figure; the address keeps them.",
    ),
    Step(
        "Where the plan is",
        "The Roadmap says what shall be done about spend, by whom and when, what it saves after its cost, and how "
        "likely the target is met.",
        "roadmap",
        "Open the Roadmap",
    ),
    Step(
        "How it gets into a slide",
        "Download under any chart gives an editable PowerPoint. Reports writes the CFO one-pager and the board deck, "
        "and can later say whether their figures still hold.",
        "reports",
        "Open Reports",
    ),
)


@st.fragment
def tour() -> None:
    """Draw the hint that the reader is at; nothing where the tour is over or was never wanted."""
    if STEP not in st.session_state:
        wanted = COOKIE not in dict(st.context.cookies) and not st.query_params
        st.session_state[STEP] = 0 if wanted else None
    if st.session_state.pop(_TELL, False):
        _remember()
    at: int | None = st.session_state[STEP]
    if at is None:
        return
    step, last = STEPS[at], at == len(STEPS) - 1
    with st.container(border=True, key="tour"):
        st.caption(f"First visit, {at + 1} of {len(STEPS)}")
        st.write(literal(step.title))
        st.write(literal(step.text))
        if step.page:
            st.page_link(page_of(step.page), label=step.label)
        with st.container(horizontal=True):
            if at > 0:
                st.button("Back", key="tour-back", on_click=_go, args=(at - 1,))
            if not last:
                st.button("Next", type="primary", key="tour-next", on_click=_go, args=(at + 1,))
            st.button("Done" if last else "Skip", key="tour-close", on_click=_go, args=(None,))


def _go(step: int | None) -> None:
    st.session_state[STEP] = step
    st.session_state[_TELL] = step is None


def _remember() -> None:
    """Have the browser keep that the tour is over."""
    script = f"document.cookie = '{COOKIE}=done; path=/; max-age={_YEAR}; SameSite=Lax'"
    st.html(f"<script>{script}</script>", unsafe_allow_javascript=True)
