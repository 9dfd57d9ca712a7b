"""The two SELECTs that go to BigQuery, in DuckDB's dialect (``costlib.sql``): which months there are, and one base.

The base has a row for every day (UTC), resource, meter and set of labels, in the words of the export, so that what
comes home goes through the mapping of an extract (``gcp_billing``). Measures are text of exact decimals. A row that
does not know a measure is never added to one that does, and a row with a credit that has no amount stays apart, so that
neither is counted as nothing. Credits are summed inside their row, before rows are summed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from costlib.errors import MissingColumn, did_you_mean
from costlib.sources.bigquery_address import Span
from costlib.sources.gcp_columns import LABELS, MACHINE
from costlib.sources.native import literal, quote

#: Fields of the table by their dotted names, with their types in BigQuery.
Fields = Mapping[str, str]

#: Text columns of the base and the fields that they are.
TEXTS: Final = {
    "billing_account_id": "billing_account_id",
    "invoice_month": "invoice.month",
    "cost_type": "cost_type",
    "service": "service.description",
    "sku_id": "sku.id",
    "sku": "sku.description",
    "project_id": "project.id",
    "project_name": "project.name",
    "location": "location.location",
    "region": "location.region",
    "resource_name": "resource.name",
    "resource": "resource.global_name",
    "currency": "currency",
    "usage_unit": "usage.unit",
    "pricing_unit": "usage.pricing_unit",
    "adjustment_id": "adjustment_info.id",
    "adjustment_mode": "adjustment_info.mode",
    "adjustment_type": "adjustment_info.type",
    "subscription": "subscription.instance_id",
    "transaction_type": "transaction_type",
    "seller_name": "seller_name",
}
#: Measures of the base and the fields that they are.
MEASURES: Final = {
    "cost": "cost",
    "cost_at_list": "cost_at_list",
    "usage_amount": "usage.amount",
    "pricing_amount": "usage.amount_in_pricing_units",
}
#: Sums of a row's credits: those of commitments, which decide how a row was priced, and all others.
COMMITTED, OTHER = "committed_credit", "other_credit"
#: Set where a row has credits of a commitment, and where one of its credits has no amount.
COVERED, UNREAD = "covered", "unread_credit"
DAY, ROWS = "usage_day", "line_items"
#: Columns of the months: what ``months_select`` gives.
MONTH_COLUMNS: Final = ("invoice_month", "line_items", "exported", "first_day", "last_day", "cost", "credits")

_REQUIRED: Final = (
    "billing_account_id",
    "invoice.month",
    "usage_start_time",
    "cost_type",
    "service.description",
    "cost",
    "currency",
    "credits.amount",
    "credits.type",
    "export_time",
)
_FLOATS = ("FLOAT", "FLOAT64")
_COMMITMENT = "c.type LIKE 'COMMITTED_USAGE_DISCOUNT%'"


def check(fields: Fields, where: str) -> None:
    """Raise ``MissingColumn`` for the first field that the table lacks and the base cannot do without."""
    for name in _REQUIRED:
        if name not in fields:
            raise MissingColumn(
                f"{where} has no column {name}",
                expected="Google Cloud's billing export, standard or detailed",
                fix=did_you_mean(name, fields)
                or "Name the export's table, gcp_billing_export_...; nothing was changed.",
            )


def months_select(table: str, fields: Fields, partition: str, span: Span) -> str:
    """Rows, last export, partitions and money of every invoice month of the span; a month may be null.

    ``cost`` and ``credits`` are read here apart from the base, and are what it is held against.
    """
    credits = f"(SELECT SUM({_money('credits.amount', fields, 'c.amount')}) FROM UNNEST(credits) AS t(c))"
    inner = [
        "invoice.month AS invoice_month",
        "TIME_UTC(export_time) AS exported_at",
        f"DAY_UTC({partition}) AS partition_day",
        f"{_money('cost', fields)} AS n_cost",
        f"{credits} AS n_credits",
    ]
    outer = [
        "invoice_month",
        "COUNT(*) AS line_items",
        "MAX(exported_at) AS exported",
        "CAST(MIN(partition_day) AS TEXT) AS first_day",
        "CAST(MAX(partition_day) AS TEXT) AS last_day",
        *(f"CAST(SUM(n_{name}) AS TEXT) AS {name}" for name in ("cost", "credits")),
    ]
    where = f"{_partitions(partition, span)} AND (invoice.month IS NULL OR ({_months(span)}))"
    lines = f"SELECT {', '.join(inner)} FROM {quote(table)} WHERE {where}"
    return f"SELECT {', '.join(outer)} FROM ({lines}) AS line GROUP BY invoice_month"


def base_columns(labels: Sequence[str] | None) -> tuple[str, ...]:
    """The names of the base's columns, in order; all but the number of rows are text."""
    lists = _label_columns(labels) if labels is not None else _list_columns()
    return (*TEXTS, DAY, *lists, COVERED, UNREAD, *MEASURES, COMMITTED, OTHER, ROWS)


def base_select(table: str, fields: Fields, partition: str, span: Span, labels: Sequence[str] | None = None) -> str:
    """The base of the span's months; by the labels named (``team``, ``tag/env``), or by all."""
    lists = _tags(fields, labels) if labels is not None else _lists(fields)
    keys = {
        **{name: path if path in fields else "CAST(NULL AS TEXT)" for name, path in TEXTS.items()},
        DAY: "CAST(DAY_UTC(usage_start_time) AS TEXT)",
        **lists,
        COVERED: f"CASE WHEN {_of_credits('COUNT(*)', _COMMITMENT)} > 0 THEN 'yes' END",
        UNREAD: f"CASE WHEN {_of_credits('COUNT(*)', f'{_credit(fields)} IS NULL')} > 0 THEN 'yes' END",
    }
    total = f"SUM({_credit(fields)})"
    measures = {
        **{name: _money(path, fields) for name, path in MEASURES.items()},
        COMMITTED: _of_credits(total, _COMMITMENT),
        OTHER: _of_credits(total, f"c.type IS NULL OR NOT {_COMMITMENT}"),
    }
    inner = [f"{value} AS {name}" for name, value in keys.items()]
    inner += [f"{value} AS n_{name}" for name, value in measures.items()]
    sums = [f"CAST(SUM(n_{name}) AS TEXT) AS {name}" for name in measures]
    unknown = [f"n_{name} IS NULL" for name in MEASURES]
    lines = f"SELECT {', '.join(inner)} FROM {quote(table)} WHERE {_partitions(partition, span)} AND {_months(span)}"
    return (
        f"SELECT {', '.join((*keys, *sums))}, COUNT(*) AS {ROWS} FROM ({lines}) AS line "
        f"GROUP BY {', '.join((*keys, *unknown))}"
    )


def _partitions(partition: str, span: Span) -> str:
    after = f" AND {partition} < TIMESTAMPTZ '{span.after} 00:00:00+00'" if span.after else ""
    return f"{partition} >= TIMESTAMPTZ '{span.first} 00:00:00+00'{after}"


def _months(span: Span) -> str:
    bounds = ((">=", span.start), ("<", span.end))
    return " AND ".join(f"invoice.month {sign} {literal(month)}" for sign, month in bounds if month) or "TRUE"


def _money(path: str, fields: Fields, expression: str = "") -> str:
    """A field as money, by its type; null where the table does not have it."""
    if path not in fields:
        return "MONEY(NULL)"
    return f"MONEY(SHORTEST({expression or path}))" if fields[path] in _FLOATS else f"MONEY({expression or path})"


def _credit(fields: Fields) -> str:
    return _money("credits.amount", fields, "c.amount")


def _of_credits(value: str, condition: str) -> str:
    """A value over the row's own credits: a row with two of them stays one row."""
    return f"(SELECT {value} FROM UNNEST(credits) AS t(c) WHERE {condition})"


def _list_columns() -> tuple[str, ...]:
    return tuple(path.replace(".", "_") for path in LABELS)


def _lists(fields: Fields) -> dict[str, str]:
    found = (f"PAIRS({path})" if path in fields else "'[]'" for path in LABELS)
    return dict(zip(_list_columns(), found, strict=True))


def _label_columns(labels: Sequence[str]) -> tuple[str, ...]:
    return (*(f"label_{number}" for number in range(len(labels))), "machine")


def _tags(fields: Fields, labels: Sequence[str]) -> dict[str, str]:
    """One value each of the labels named, and of Google's own label that names the machine."""
    wanted = [*map(list_and_key, labels), ("system_labels", MACHINE)]
    found = (f"TAG({path}, {literal(key)})" if path in fields else "CAST(NULL AS TEXT)" for path, key in wanted)
    return dict(zip(_label_columns(labels), found, strict=True))


def list_and_key(label: str) -> tuple[str, str]:
    """The repeated field that a label is in, and its key there, by the place before it.

    >>> list_and_key("team"), list_and_key("project/owner")
    (('labels', 'team'), ('project.labels', 'owner'))
    """
    for path, prefix in LABELS.items():
        if prefix and label.startswith(prefix):
            return path, label.removeprefix(prefix)
    return "labels", label
