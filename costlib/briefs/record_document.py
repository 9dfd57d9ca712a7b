"""The record of forecasts as a page: how far off they were, how often the range held, and what kind of record it is."""

from __future__ import annotations

from costlib.analysis.replay import FEWEST_DAYS
from costlib.briefs.bill import Record
from costlib.briefs.figure_book import FigureBook
from costlib.documents.model import Block, Paragraph, Sentence, Table, Text

#: Further off than this share is too far to plan on.
POOR = 0.20
#: Why there is no record yet.
UNTESTED = (
    f"A forecast needs {FEWEST_DAYS} days of bills before it and is held against the months that close after it. "
    "The bills hold no such month yet, so how far off forecasts are is not known."
)


def record_title(book: FigureBook, found: Record) -> Sentence:
    """How good forecasts of the next month were."""
    first = next((one for one in found.figures if one.ahead == 1 and one.variance is not None), None)
    if first is None or first.variance is None:
        return book.say("record-title", "No month has closed yet that a forecast could be held against")
    text = "Forecasts of the next month were off by {record.1.off} on average"
    return book.say("record-title", text + (": too far to plan on" if first.variance > POOR else ""))


def record_blocks(book: FigureBook, found: Record) -> tuple[Sentence, Text, tuple[Block, ...]]:
    """Title, subtitle and blocks of the record's page; where no forecast has been tested yet, why that is so."""
    shown = [one for one in found.figures if one.variance is not None]
    if not shown:
        return record_title(book, found), "", (Paragraph((UNTESTED,)),)
    rows = [
        tuple(book.figures[f"record.{one.ahead}.{name}"] for name in ("months", "count", "off", "bias", "held"))
        for one in shown
    ]
    words = {
        "locked": "These forecasts were locked when they were made and never changed since.",
        "replayed": "No forecast was locked. These were made again later from what was known at each month's end.",
    }
    header = ("Months ahead", "Forecasts held against", "Off by", "Bias", "Range held")
    blocks: list[Block] = [Table("", header, tuple(rows), (False, *(True,) * 4))]
    far = next((one for one in shown if one.ahead == 12 and (one.variance or 0) > POOR), None)
    said: list[Text] = ["A range should hold eight times in ten. Bias above zero: more was spent than forecast."]
    if far:
        said.append(
            book.say("record-far", "A year ahead they were off by {record.12.off}: use the range, not the middle.")
        )
    blocks.append(Paragraph(tuple(said)))
    return record_title(book, found), words[found.kind], tuple(blocks)
