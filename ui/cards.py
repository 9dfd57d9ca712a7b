"""Cards: one figure with its comparison, what it covers, and its course so far."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from costlib import money
from costlib.analysis.trend import Amount, Change
from ui.markdown import literal


@dataclass(frozen=True)
class Card:
    """A figure of spend: more of it is shown as worse. ``against`` names the earlier window it is compared with."""

    label: str
    value: str
    change: Change | None
    against: str
    help: str
    course: Sequence[Amount] = ()


def cards(shown: Sequence[Card], width: int = 230) -> None:
    """Draw the cards side by side, each at least ``width`` pixels wide, wrapping where the screen is narrow.

    Four or five that do not fit side by side stand in two rows, none of them alone (``ui.style``).
    """
    columns = st.grid(min_column_width=width, gap="small", key="cards")
    for card in shown:
        _draw(columns, card)


def _draw(columns: DeltaGenerator, card: Card) -> None:
    ratio = card.change.ratio if card.change else None
    moved = ratio is not None and money.percent(ratio) != money.percent(0)
    falls = ratio is not None and ratio < 0  # by the ratio: Streamlit does not take our minus for one
    course = [float(value) for value in card.course if value is not None]
    columns.metric(
        card.label,
        literal(card.value),
        delta=money.percent(ratio, sign=True) if ratio is not None else card.against,
        delta_color=("normal" if falls else "inverse") if moved else "off",
        delta_arrow=("down" if falls else "up") if moved else "off",
        delta_description=card.against if ratio is not None else None,
        help=card.help,
        border=True,
        chart_data=course if len(course) > 1 else None,
    )
