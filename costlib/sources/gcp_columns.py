"""The columns of Google Cloud's billing export to BigQuery, standard and detailed, and expressions over nested ones.

The detailed export adds ``resource``, ``price`` and ``subscription``. Reference (read 2026-11):
https://cloud.google.com/billing/docs/how-to/export-data-bigquery-tables/detailed-usage
"""

from __future__ import annotations

from typing import Final

from costlib import money
from costlib.sources.native import NativeColumns, literal

COLUMNS: Final = (
    "billing_account_id",
    "invoice",
    "cost_type",
    "service",
    "sku",
    "usage_start_time",
    "usage_end_time",
    "project",
    "labels",
    "system_labels",
    "tags",
    "location",
    "resource",
    "cost",
    "cost_at_list",
    "currency",
    "currency_conversion_rate",
    "usage",
    "credits",
    "adjustment_info",
    "price",
    "subscription",
    "transaction_type",
    "seller_name",
    "export_time",
)
#: In rows that were summed before they came: how many rows of the export are behind one.
LINE_ITEMS: Final = "x_LineItems"
#: A column that every row has.
SIGN: Final = "billing_account_id"
#: Labels by where they hang: those of the resource keep their keys, others get the place before it.
LABELS: Final = {"labels": "", "tags": "tag/", "project.labels": "project/", "system_labels": "system/"}
#: Google's own label that names the type of a machine.
MACHINE: Final = "compute.googleapis.com/machine_spec"


def credit(columns: NativeColumns) -> str:
    """The sum of the row's credits, exact; 0 where it has none, null where one of them has no readable amount.

    One list per row is summed inside the row, so that a row with two credits does not become two rows.
    """
    amounts = _each("credits", columns, f"TRY_CAST(e->>'$.amount' AS {money.SQL_TYPE})")
    known = f"LEN(LIST_FILTER({amounts}, lambda a: a IS NOT NULL))"
    return (
        f"CASE WHEN {columns.nested('credits')} IS NULL OR {_is_null('credits', columns)} THEN 0::{money.SQL_TYPE} "
        f"WHEN {known} = LEN({amounts}) THEN COALESCE(LIST_SUM({amounts}), 0)::{money.SQL_TYPE} END"
    )


def credit_types(columns: NativeColumns) -> str:
    """The types of the row's credits as a list; null where there are none."""
    return _each("credits", columns, "e->>'$.type'")


def tags(columns: NativeColumns) -> str:
    """All labels and tags as JSON text of one flat object; null where there are none."""
    lists = []
    for name, prefix in LABELS.items():
        key = f"to_json({literal(prefix)} || COALESCE(e->>'$.key', ''))::VARCHAR"
        value = "COALESCE(to_json(e->>'$.value')::VARCHAR, 'null')"
        pair = f"{key} || ':' || {value}"
        lists.append(f"COALESCE({_each(name, columns, pair)}, [])")
    pairs = f"LIST_CONCAT({', '.join(lists)})"
    return f"CASE WHEN LEN({pairs}) > 0 THEN '{{' || ARRAY_TO_STRING({pairs}, ',') || '}}' END"


def system_label(columns: NativeColumns, key: str) -> str:
    """The value of one of Google's own labels."""
    values = _each("system_labels", columns, f"CASE WHEN e->>'$.key' = {literal(key)} THEN e->>'$.value' END")
    return f"LIST_FILTER({values}, lambda v: v IS NOT NULL)[1]"


def invoice_month(columns: NativeColumns) -> str:
    """The first day of the invoice's month, which is a month in Pacific time and not that of the use."""
    text = columns.field("invoice.month")
    return columns.read(
        "invoice.month",
        f"CASE WHEN REGEXP_MATCHES({text}, '^[0-9]{{6}}$') THEN TRY_STRPTIME({text} || '01', '%Y%m%d') END",
        "a month such as 202609",
    )


def _each(name: str, columns: NativeColumns, expression: str) -> str:
    """An expression over each entry ``e`` of a repeated column, as a list; null where it is no list."""
    return f"LIST_TRANSFORM(TRY_CAST({columns.nested(name)} AS JSON[]), lambda e: {expression})"


def _is_null(name: str, columns: NativeColumns) -> str:
    return f"json_type({columns.nested(name)}) = 'NULL'"
