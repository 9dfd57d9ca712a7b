"""The few rules of style that the theme has no setting for, and the palette of the reader's theme."""

from __future__ import annotations

import streamlit as st

from costlib.charts.palette import DARK, LIGHT, Palette

_CSS = """
<style>
.block-container {max-width: 1360px; padding-top: 4.5rem; padding-bottom: 3rem;}
h1 {font-size: clamp(1.45rem, 1.1rem + 1.2vw, 2rem) !important; line-height: 1.22 !important; padding-bottom: .25rem;}
h2 {font-size: 1.15rem !important; line-height: 1.3 !important; padding: 0 0 .1rem 0 !important;}
[data-testid="stMetricValue"] {font-variant-numeric: tabular-nums; font-weight: 650; font-size: 1.75rem;}
[data-testid="stMetricLabel"] p {font-size: .9rem;}
[data-testid="stCaptionContainer"] {color: inherit !important; opacity: .72;}
div.figures {overflow-x: auto;}
table.figures {width: 100%; border-collapse: collapse; font-size: .9rem; font-variant-numeric: tabular-nums;}
table.figures caption {text-align: left; font-size: .8rem; opacity: .75; padding-bottom: .6rem; caption-side: top;}
table.figures th, table.figures td {padding: .42rem .3rem; border-bottom: 1px solid rgba(128, 140, 160, .28);}
table.figures td, table.figures thead th {text-align: right; font-weight: 400;}
table.figures td {white-space: nowrap;}
table.figures td.words, table.figures thead th.words {text-align: left; padding-left: .9rem;}
table.figures td.words.long {white-space: normal; min-width: 9rem;}
table.figures thead th {font-size: .8rem; opacity: .75;}
table.figures th:first-child {text-align: left; font-weight: 600;}
table.figures.named tbody th {min-width: 8.5rem;}
.st-key-tour {position: fixed; right: 1rem; bottom: 1rem; width: min(24rem, calc(100vw - 2rem)); z-index: 1000;
  box-shadow: 0 6px 24px rgba(20, 33, 61, .22);}
.st-key-tour > [data-testid=stElementContainer]:nth-of-type(2) p {font-weight: 600;}
@media (min-width: 641px) and (max-width: 1100px) {
  [data-testid="stMetric"] .stMarkdownEllipsis, [data-testid="stMetric"] .stMarkdownEllipsis p {
    white-space: normal; overflow: visible; line-height: 1.3;}
  table.figures {font-size: .82rem;}
  table.figures td {white-space: normal;}
  table.figures td.words, table.figures thead th.words {padding-left: .5rem;}
  table.figures td.words.long {min-width: 6.5rem;}
  [data-testid="stHorizontalBlock"]:has(> [data-testid="stColumn"] :is(div.figures, [class*="st-key-exhibit"])) {
    flex-wrap: wrap;}
  [data-testid="stHorizontalBlock"] > [data-testid="stColumn"]:has(div.figures, [class*="st-key-exhibit"]) {
    min-width: 100%;}}
@media (min-width: 641px) and (max-width: 1127px) {
  .st-key-cards:has(> :nth-child(4):last-child) {grid-template-columns: repeat(2, 1fr) !important;}}
@media (min-width: 641px) and (max-width: 1200px) {
  .st-key-cards:has(> :nth-child(5):last-child) {grid-template-columns: repeat(3, 1fr) !important;}}
@media (max-width: 640px) {.block-container {padding-left: 1rem; padding-right: 1rem;}
  table.figures caption {max-width: calc(100vw - 4.25rem);}}
</style>
"""


#: The theme writes white on the dark theme's light accent, which cannot be read; ink can.
_DARK_CSS = f"""
<style>
button[kind^="primary"]:enabled p {{color: {DARK.background} !important;}}
</style>
"""


def apply_style() -> None:
    """Put the rules on the page."""
    st.html(_CSS)
    st.html(f"<style>.st-key-tour {{background: {palette().background};}}</style>")
    if st.context.theme.type == "dark":
        st.html(_DARK_CSS)


def palette() -> Palette:
    """The chart colours of the theme the reader has chosen."""
    return DARK if st.context.theme.type == "dark" else LIGHT
