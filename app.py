"""The launcher: the application object, its middleware and its health route. It draws nothing.

``streamlit run app.py`` serves it; the script that draws is ``ui/frame.py``.
"""

from __future__ import annotations

from importlib import import_module

import streamlit as st
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.routing import Route

from ui.health import health
from ui.panels import failure

#: What most pages need, loaded before the first reader comes, who would wait for it.
LOADED_AHEAD = ("costlib.state.records", "costlib.outlook", "ui.exhibit", "ui.forecast.page")

for module in LOADED_AHEAD:
    import_module(module)

app = st.App(
    "ui/frame.py",
    routes=[Route("/health", health)],
    middleware=[Middleware(GZipMiddleware, minimum_size=1024)],
    on_script_error=failure,
)
