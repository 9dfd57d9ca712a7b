"""Line items: the lines of the company as one table in the columns of CUR 2.0, and the truth about each.

One row per line item. Rows stand by billing month, usage day and line; ``identity_line_item_id`` is drawn from
the sample's seed, so the same row has the same id every time.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from costlib.periods import add_months
from costlib.sample import assistant, charges, cluster, days, fraud, pipelines, platform, products, web
from costlib.sample.columns import PRODUCT_NAMES, SCHEMA
from costlib.sample.company import ACCOUNT_NAMES, NAME, PAYER
from costlib.sample.lines import DAY, Line, token_hex

_ISSUER = "Amazon Web Services, Inc."
_ID_LETTERS = np.frombuffer(b"abcdefghijklmnopqrstuvwxyz234567", dtype="S1")
_ID_LENGTH = 52

#: Line types that have a list price; fees, taxes and corrections have none.
_METERED = ("Usage", "SavingsPlanCoveredUsage")


@dataclass(frozen=True)
class Rows:
    """Line items in their final order: arrays of equal length, and for each the position of its line."""

    lines: list[Line]
    line: days.IntArray
    day: days.IntArray
    month: days.IntArray
    amount: days.FloatArray
    rate: days.FloatArray
    cost: days.FloatArray
    order: days.IntArray

    def each(self, value: Callable[[Line], Any]) -> pa.Array:
        """A column that is the same on all rows of a line."""
        return pa.array([value(line) for line in self.lines]).take(pa.array(self.line))

    def fact(self, name: str, kind: pa.DataType) -> pa.Array:
        """A column that only some lines know: elsewhere the empty text or zero, as AWS writes it."""
        empty: Any = "" if kind == pa.string() else 0.0
        parts = [line.facts.get(name, np.full(line.days.size, empty)) for line in self.lines]
        dtype = object if kind == pa.string() else np.float64
        return pa.array(np.concatenate([np.asarray(part, dtype=dtype) for part in parts])[self.order], type=kind)


def company_lines() -> list[Line]:
    """Every line of the company's AWS bill."""
    used: list[Line] = []
    for part in (fraud, cluster, products, assistant, pipelines, platform, web):
        used += part.lines()
    return [line for line in (*used, *charges.lines(used)) if line.days.size]


def rows() -> Rows:
    """All line items in order."""
    lines = company_lines()
    line = np.repeat(np.arange(len(lines), dtype=np.int64), [entry.days.size for entry in lines])
    day, month = _joined(lines, "days"), _joined(lines, "months")
    order = np.lexsort((line, day, month)).astype(np.int64)
    amount, rate, cost = (_joined(lines, name)[order] for name in ("amount", "rate", "cost"))
    return Rows(lines, line[order], day[order], month[order], amount, rate, cost, order)


def answers() -> pa.Table:
    """Who truly caused each line item: the truth that the bill does not tell, for tests of attribution.

    One row per line item: identity_line_item_id, team, model, stage (null where it is shared or nobody's),
    scope (``AI`` or ``Other``), tagged (whether it carries any tag).
    """
    found = rows()
    columns = {
        "identity_line_item_id": _ids(found.line.size),
        "team": found.each(lambda line: line.owner.team),
        "model": found.each(lambda line: line.owner.model),
        "stage": found.each(lambda line: line.owner.stage),
        "scope": found.each(lambda line: line.owner.scope),
        "tagged": found.each(lambda line: bool(line.meter.tags)),
    }
    return pa.table(columns)


def table(found: Rows) -> pa.Table:
    """The line items in the columns of ``SCHEMA``."""
    columns = {**_bill(found), **_identity_and_time(found), **_line_item(found), **_pricing(found), **_product(found)}
    for field in SCHEMA:
        if field.name not in columns:
            columns[field.name] = found.fact(field.name, field.type)
    return pa.table([columns[name] for name in SCHEMA.names], schema=SCHEMA)


def _joined(lines: list[Line], name: str) -> npt.NDArray[Any]:
    return np.concatenate([getattr(line, name) for line in lines])


def _constant(text: str, count: int) -> pa.Array:
    return pa.repeat(pa.scalar(text), count)


def _bill(found: Rows) -> dict[str, pa.Array]:
    count, last = found.line.size, len(days.MONTHS) - 1
    starts = [_moment(month) for month in days.MONTHS]
    ends = [_moment(add_months(month, 1)) for month in days.MONTHS]
    invoices = [f"{2_100_000_017 + 7_193 * number}" if number < last else "" for number in range(last + 1)]
    month = pa.array(found.month)
    return {
        "bill_bill_type": found.each(lambda line: line.bill_type),
        "bill_billing_entity": _constant("AWS", count),
        "bill_billing_period_start_date": pa.array(starts, pa.timestamp("ms")).take(month),
        "bill_billing_period_end_date": pa.array(ends, pa.timestamp("ms")).take(month),
        "bill_invoice_id": pa.array(invoices).take(month),
        "bill_invoicing_entity": _constant(_ISSUER, count),
        "bill_payer_account_id": _constant(PAYER, count),
        "bill_payer_account_name": _constant(NAME, count),
        "cost_category": _maps(found, lambda line: {}),
    }


def _moment(day: date) -> np.datetime64:
    return np.datetime64(day, "ms")


def _identity_and_time(found: Rows) -> dict[str, pa.Array]:
    firsts, nexts = _spans(found)
    pairs, inverse = np.unique(np.stack([firsts, nexts]).astype(np.int64), axis=1, return_inverse=True)
    stamps = pairs.astype("datetime64[ms]").astype("datetime64[s]").astype(str)
    intervals = pa.array([f"{start}Z/{end}Z" for start, end in stamps.T])
    return {
        "identity_line_item_id": _ids(found.line.size),
        "identity_time_interval": intervals.take(pa.array(np.ravel(inverse))),
        "line_item_usage_start_date": pa.array(firsts, pa.timestamp("ms")),
        "line_item_usage_end_date": pa.array(nexts, pa.timestamp("ms")),
    }


def _spans(found: Rows) -> tuple[npt.NDArray[np.datetime64], npt.NDArray[np.datetime64]]:
    """First moment and, exclusive, last moment of each line item: a day, or the month of a monthly charge."""
    firsts = np.datetime64(days.FIRST, "D") + found.day
    whole = np.array([line.whole_months for line in found.lines])[found.line]
    month_ends = (firsts.astype("datetime64[M]") + 1).astype("datetime64[D]")
    nexts = np.where(whole, month_ends, firsts + 1)
    return firsts.astype("datetime64[ms]"), nexts.astype("datetime64[ms]")


def _ids(count: int) -> pa.Array:
    letters = _ID_LETTERS[days.stream("line item ids").integers(0, 32, size=(count, _ID_LENGTH), dtype=np.uint8)]
    return pa.array(letters.view(f"S{_ID_LENGTH}").ravel().astype(str))


def _line_item(found: Rows) -> dict[str, pa.Array]:
    count, rates = found.line.size, _rates(found.rate)
    zeros = pa.array(np.zeros(count))
    return {
        "line_item_availability_zone": found.each(lambda line: line.meter.zone),
        "line_item_blended_cost": pa.array(found.cost),
        "line_item_blended_rate": rates,
        "line_item_currency_code": _constant("USD", count),
        "line_item_legal_entity": _constant(_ISSUER, count),
        "line_item_line_item_description": found.each(lambda line: line.meter.description),
        "line_item_line_item_type": found.each(lambda line: line.kind),
        "line_item_normalization_factor": zeros,
        "line_item_normalized_usage_amount": zeros,
        "line_item_operation": found.each(lambda line: line.meter.operation),
        "line_item_product_code": found.each(lambda line: line.meter.service),
        "line_item_resource_id": _resources(found),
        "line_item_tax_type": found.each(lambda line: "USSalesTax" if line.kind == "Tax" else ""),
        "line_item_unblended_cost": pa.array(found.cost),
        "line_item_unblended_rate": rates,
        "line_item_usage_account_id": found.each(lambda line: line.meter.account),
        "line_item_usage_account_name": found.each(lambda line: ACCOUNT_NAMES[line.meter.account]),
        "line_item_usage_amount": pa.array(found.amount),
        "line_item_usage_type": found.each(lambda line: line.meter.usage_type),
        "resource_tags": _maps(found, lambda line: dict(line.meter.tags)),
    }


def _rates(values: days.FloatArray) -> pa.Array:
    """Rates as text, empty where there is none."""
    different, inverse = np.unique(values, return_inverse=True)
    texts = [f"{value:.12f}".rstrip("0").rstrip(".") if value else "" for value in different]
    return pa.array(texts).take(pa.array(inverse))


def _resources(found: Rows) -> pa.Array:
    names = np.array([line.meter.resource for line in found.lines], dtype=object)[found.line]
    dated = np.array([DAY in line.meter.resource for line in found.lines])[found.line]
    for row in np.flatnonzero(dated):
        day = days.FIRST + timedelta(days=int(found.day[row]))
        names[row] = names[row].replace(DAY, day.isoformat())
    return pa.array(names, pa.string())


def _pricing(found: Rows) -> dict[str, pa.Array]:
    listed = np.array([line.meter.price if line.kind in _METERED else 0.0 for line in found.lines])[found.line]
    return {
        "pricing_currency": _constant("USD", found.line.size),
        "pricing_lease_contract_length": found.each(
            lambda line: "1yr" if line.kind == "SavingsPlanRecurringFee" else ""
        ),
        "pricing_offering_class": _constant("", found.line.size),
        "pricing_public_on_demand_cost": pa.array(np.round(listed * found.amount, 10)),
        "pricing_public_on_demand_rate": _rates(listed),
        "pricing_purchase_option": found.each(lambda line: line.meter.purchase),
        "pricing_rate_code": found.each(lambda line: f"{_sku(line)}.JRTCKXETXF.6YS6EN2CT7" if line.meter.price else ""),
        "pricing_rate_id": found.each(lambda line: str(int(token_hex(_sku(line), 9), 16)) if line.meter.price else ""),
        "pricing_term": found.each(lambda line: line.meter.term),
        "pricing_unit": found.each(lambda line: line.meter.unit),
    }


def _sku(line: Line) -> str:
    meter = line.meter
    return token_hex(f"{meter.service} {meter.usage_type} {meter.operation}", 16).upper()


def _product(found: Rows) -> dict[str, pa.Array]:
    def place(line: Line, text: str) -> str:
        return text if line.meter.region else ""

    return {
        "product": _maps(found, _facts),
        "product_instance_type": found.each(lambda line: line.meter.instance_type),
        "product_location": found.each(lambda line: place(line, "US East (N. Virginia)")),
        "product_location_type": found.each(lambda line: place(line, "AWS Region")),
        "product_operation": found.each(lambda line: line.meter.operation),
        "product_pricing_unit": found.each(lambda line: line.meter.unit),
        "product_product_family": found.each(lambda line: line.meter.family),
        "product_region_code": found.each(lambda line: line.meter.region),
        "product_servicecode": found.each(lambda line: line.meter.service),
        "product_sku": found.each(lambda line: _sku(line) if line.meter.unit else ""),
        "product_usagetype": found.each(lambda line: line.meter.usage_type),
    }


def _facts(line: Line) -> dict[str, str]:
    facts = {"product_name": PRODUCT_NAMES[line.meter.service], "servicename": PRODUCT_NAMES[line.meter.service]}
    if line.meter.region:
        facts["region"] = line.meter.region
    if line.meter.service == "AmazonEC2" and line.meter.instance_type:
        facts |= {"operating_system": "Linux", "tenancy": "Shared"}
    return facts


def _maps(found: Rows, value: Callable[[Line], dict[str, str]]) -> pa.Array:
    entries = pa.array([sorted(value(line).items()) for line in found.lines], pa.map_(pa.string(), pa.string()))
    return entries.take(pa.array(found.line))
