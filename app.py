"""The launcher: the application object, its middleware and its health route. It draws nothing.

``streamlit run app.py`` serves it; the script that draws is ``ui/frame.py``.
"""

from __future__ import annotations

import streamlit as st
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.routing import Route

from ui.health import health
from ui.panels import failure

app = st.App(
    "ui/frame.py",
    routes=[Route("/health", health)],
    middleware=[Middleware(GZipMiddleware, minimum_size=1024)],
    on_script_error=failure,
)
