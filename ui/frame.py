"""The frame around every page: page settings and the navigation on top. Pages register here and nowhere else."""

from __future__ import annotations

import streamlit as st

from ui.arrival import follow_address
from ui.navigation import pages
from ui.style import apply_style

st.set_page_config(page_title="Glidepath", layout="wide")
apply_style()
follow_address()
st.navigation(pages(), position="top").run()
