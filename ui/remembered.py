"""Work that is done once: what comes of a published state and a reader's choices, kept for all readers of the process.

Conventions: work is known by its name and by the words (``repr``) of all that it depends on, so whatever says another
generation, another file or another choice is other work. What is kept is shared: it is only read.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, cast

import streamlit as st

Found = TypeVar("Found")


def once(work: Callable[[], Found], name: str, *of: object) -> Found:
    """What the work gives, done the first time that its name is asked for with what it is ``of``.

    Work that fails is not kept.
    """
    return cast(Found, _kept(f"{name} of {of!r}", work))


@st.cache_resource(max_entries=256, show_spinner=False)
def _kept(key: str, _work: Callable[[], object]) -> object:
    del key  # what the cache knows the work by
    return _work()
