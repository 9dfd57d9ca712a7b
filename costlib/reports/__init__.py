"""Documents of a store: what is asked for, composed from its bills and plans, written as a file, and checked again.

Conventions: an ``Order`` says everything that a document depends on besides the store; it travels in the document's
trace with every figure shown, so that the document can be made again and each figure recomputed. Files of the same
order, bills and plans are the same to the byte.
"""

from __future__ import annotations

from costlib.reports.charts import CHARTS, chart_file, rows_of
from costlib.reports.composing import DRAFT, ENDINGS, FINAL, document, shows, written
from costlib.reports.kinds import KINDS, Kind, order
from costlib.reports.orders import Order, in_readers_words
from costlib.reports.plans import figures, plan_case

__all__ = [
    "CHARTS",
    "DRAFT",
    "ENDINGS",
    "FINAL",
    "KINDS",
    "Kind",
    "Order",
    "chart_file",
    "document",
    "figures",
    "in_readers_words",
    "order",
    "plan_case",
    "rows_of",
    "shows",
    "written",
]
