"""How a page prints: its words and tables, without the charts, choices and buttons around them."""

from __future__ import annotations

import streamlit as st

_CSS = """
<style>
@media print {
  header, [data-testid="stPopover"], [data-testid="stDownloadButton"], [class*="st-key-statement-choices"],
  [class*="st-key-exhibit"],
  [data-testid="stStatusWidget"], .stTooltipIcon {display: none !important;}
  html, body, #root, .stApp, [data-testid="stAppViewContainer"], [data-testid="stMain"], .block-container {
    overflow: visible !important; height: auto !important; position: static !important;}
  .block-container {padding: 0 !important; max-width: none !important;}
  tr {break-inside: avoid;}
}
</style>
"""


def apply_print_style() -> None:
    """Put the rules on the page."""
    st.html(_CSS)
