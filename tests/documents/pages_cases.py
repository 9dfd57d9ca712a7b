"""Documents small and large for the renderers: words, tables and charts beside each other."""

from __future__ import annotations

from datetime import date

from costlib.documents.model import (
    Ask,
    Basis,
    Beside,
    Block,
    Bullets,
    Document,
    Exhibit,
    Figure,
    Kpi,
    Kpis,
    Page,
    Paragraph,
    Sentence,
    Shape,
    Table,
)
from tests.charts.conftest import ranked_plain

SPEND = Figure("spend", "$1.00K", "1000", "a month", Basis.BILL)
NET = Figure("net", "$580", "580", "net of cost", Basis.PLAN)
ASK = Ask("The ask", Sentence("ask", "Approve {spend}", {"spend": SPEND}), ("It pays back.",))
TABLE = Table(
    "Plan", ("What", "Saves"), (("Switch it off", NET), ("Make it smaller", SPEND)), (False, True), emphasis=1
)
BARS = Exhibit("bars", ranked_plain())
ALONE = Exhibit("alone", ranked_plain(), titled=False)


def page(id: str, *blocks: Block, title: str = "What is to be done", notes: tuple[str, ...] = ()) -> Page:
    return Page(id, "eyebrow", Sentence(f"{id}-title", title, {}), "A line below.", blocks, "Source: bills.", notes)


def document(*pages: Page, shape: Shape = Shape.SLIDE, **more: object) -> Document:
    shown = pages or (
        page(
            "first",
            Kpis((Kpi("Spend", SPEND, "up", "bad", "a month"), Kpi("Saved", NET))),
            Beside((BARS,), (TABLE, ASK)),
        ),
        page("second", ALONE, title="One chart"),
        page(
            "third",
            Bullets("Risks", ("one", "two")),
            Paragraph(("A sentence.",)),
            title="Words",
            notes=("Say it slowly.",),
        ),
    )
    return Document("deck", "A small deck", shape, shown, date(2026, 10, 20), "sample data, USD", **more)


def rows(count: int, width: int = 12) -> Table:
    """A table of so many rows."""
    return Table("Long", ("What", "Saves"), tuple(("word " * width, SPEND) for _ in range(count)), (False, True))
