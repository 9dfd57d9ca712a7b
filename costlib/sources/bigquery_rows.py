"""The base that comes home from BigQuery, as a Parquet file in the shape of the billing export itself.

So that it goes through the mapping of any extract (``gcp_billing``). Money is ``money.SQL_TYPE``, to the last digit of
what BigQuery summed; the credits of a row are two: those of commitments, which decide how the row was priced, and all
others. A row stands for a day, a resource, a meter and a set of labels; ``x_LineItems`` counts the rows behind it.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import groupby
from pathlib import Path

import duckdb

from costlib import money
from costlib.sources import gcp_billing
from costlib.sources.bigquery_select import (
    COMMITTED,
    COVERED,
    DAY,
    OTHER,
    ROWS,
    UNREAD,
    base_columns,
    list_and_key,
)
from costlib.sources.gcp_columns import LABELS, LINE_ITEMS, MACHINE
from costlib.sources.native import NativeColumns, literal

_PAIR = "STRUCT(key VARCHAR, value VARCHAR)"
_CREDIT = 'STRUCT("type" VARCHAR, amount VARCHAR)'

Page = Sequence[Sequence[object]]


@dataclass(frozen=True)
class Totals:
    """What a month holds: rows of the export, cost before credits and credits; None where no row knows it."""

    rows: int
    cost: Decimal | None
    credits: Decimal | None


def write_month(path: Path, pages: Iterable[Page], labels: Sequence[str] | None) -> Totals:
    """Write the base rows of a month, all or nothing, and return what they add up to."""
    path.parent.mkdir(parents=True, exist_ok=True)
    raw, whole = (path.with_name(f".{os.getpid()}.{kind}.{path.name}") for kind in ("raw", "whole"))
    try:
        _write_raw(raw, pages, base_columns(labels))
        with duckdb.connect() as connection:
            source = f"read_parquet({literal(str(raw))})"
            connection.execute(
                f"COPY (SELECT {_shape(labels)} FROM {source}) TO {literal(str(whole))} "
                "(FORMAT parquet, COMPRESSION zstd)"
            )
            ((rows, cost, credits),) = connection.execute(
                f"SELECT COALESCE(SUM({ROWS}::BIGINT), 0), SUM({_money('cost')}), "
                f"SUM(COALESCE({_money(COMMITTED)}, 0) + COALESCE({_money(OTHER)}, 0)) "
                f"FILTER (WHERE COALESCE({COMMITTED}, {OTHER}) IS NOT NULL) FROM {source}"
            ).fetchall()
        whole.replace(path)
    finally:
        for temporary in (raw, whole):
            temporary.unlink(missing_ok=True)
    return Totals(int(rows), cost, credits)


def _write_raw(path: Path, pages: Iterable[Page], names: Sequence[str]) -> None:
    """The answer's values as text, page by page."""
    import pyarrow as pa  # only who asks BigQuery pays for it
    import pyarrow.parquet as pq

    schema = pa.schema([(name, pa.string()) for name in names])
    with pq.ParquetWriter(path, schema) as writer:
        for page in pages:
            columns = [
                [None if value is None else str(value) for value in column] for column in zip(*page, strict=True)
            ]
            if columns:
                writer.write_table(pa.table(columns, schema=schema))


def _shape(labels: Sequence[str] | None) -> str:
    """The columns of the export over those of the base."""
    lists = _named_lists(labels) if labels is not None else {path: _list(path.replace(".", "_")) for path in LABELS}
    fields = {
        "billing_account_id": "billing_account_id",
        "invoice": "{'month': invoice_month}",
        "cost_type": "cost_type",
        "service": "{'description': service}",
        "sku": "{'id': sku_id, 'description': sku}",
        "usage_start_time": f"CAST({DAY} AS TIMESTAMP)",
        "project": f"{{'id': project_id, 'name': project_name, 'labels': {lists['project.labels']}}}",
        **{name: lists[name] for name in ("labels", "system_labels", "tags")},
        "location": "{'location': location, 'region': region}",
        "resource": "{'name': resource_name, 'global_name': resource}",
        "cost": _money("cost"),
        "cost_at_list": _money("cost_at_list"),
        "currency": "currency",
        "usage": f"{{'amount': {_money('usage_amount')}, 'unit': usage_unit, "
        f"'amount_in_pricing_units': {_money('pricing_amount')}, 'pricing_unit': pricing_unit}}",
        "credits": _credits(),
        "adjustment_info": "{'id': adjustment_id, 'mode': adjustment_mode, 'type': adjustment_type}",
        "subscription": "{'instance_id': subscription}",
        "transaction_type": "transaction_type",
        "seller_name": "seller_name",
        LINE_ITEMS: f"CAST({ROWS} AS BIGINT)",
    }
    return ", ".join(f"{value} AS {name}" for name, value in fields.items())


def _money(name: str) -> str:
    return f"CAST({name} AS {money.SQL_TYPE})"


def _list(column: str) -> str:
    return f"CAST(CAST({column} AS JSON) AS {_PAIR}[])"


def _named_lists(labels: Sequence[str]) -> dict[str, str]:
    """The labels that were asked for, each in the list that it is from; one that a row does not have is left out."""
    found = [(*list_and_key(label), f"label_{number}") for number, label in enumerate(labels)]
    found.append(("system_labels", MACHINE, "machine"))
    lists = dict.fromkeys(LABELS, f"CAST([] AS {_PAIR}[])")
    for path, members in groupby(sorted(found), key=lambda item: item[0]):
        pairs = ", ".join(
            f"CASE WHEN {column} IS NOT NULL THEN {{'key': {literal(key)}, 'value': {column}}} END"
            for _, key, column in members
        )
        lists[path] = f"CAST(LIST_FILTER([{pairs}], lambda p: p IS NOT NULL) AS {_PAIR}[])"
    return lists


def _credits() -> str:
    """The row's credits; one without an amount where one had none, so that the row is set aside as an extract's is."""
    committed = (
        f"CASE WHEN {COVERED} IS NOT NULL THEN {{'type': 'COMMITTED_USAGE_DISCOUNT', 'amount': {COMMITTED}}} END"
    )
    other = f"CASE WHEN {OTHER} IS NOT NULL THEN {{'type': 'OTHER', 'amount': {OTHER}}} END"
    known = f"CAST(LIST_FILTER([{committed}, {other}], lambda c: c IS NOT NULL) AS {_CREDIT}[])"
    unread = f"CAST([{{'type': NULL, 'amount': NULL}}] AS {_CREDIT}[])"
    return f"CASE WHEN {UNREAD} IS NULL THEN {known} ELSE {unread} END"


def _recognises(columns: NativeColumns) -> bool:
    return columns.has(LINE_ITEMS) and columns.has("billing_account_id")


SOURCE = replace(
    gcp_billing.SOURCE,
    type="gcp-bigquery",
    title="Google Cloud billing export, summed in BigQuery",
    recognises=_recognises,
    grain="day, resource, SKU and labels",
)
