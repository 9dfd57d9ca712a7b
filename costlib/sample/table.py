"""Line items in the columns of CUR 2.0, as they stand in the export (``columns.SCHEMA``)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from costlib.periods import add_months
from costlib.sample import days
from costlib.sample.columns import PRODUCT_NAMES, SCHEMA
from costlib.sample.company import ACCOUNT_NAMES, NAME, PAYER
from costlib.sample.items import WHOLE_DAY, Rows
from costlib.sample.lines import DAY, Line, token_hex

_ISSUER = "Amazon Web Services, Inc."

#: Line types that have a list price; fees, taxes and corrections have none.
_METERED = ("Usage", "SavingsPlanCoveredUsage")


def table(found: Rows) -> pa.Table:
    """The line items in the columns of ``SCHEMA``; texts are dictionary arrays."""
    columns = {**_bill(found), **_identity_and_time(found), **_line_item(found), **_pricing(found), **_product(found)}
    for field in SCHEMA:
        if field.name not in columns:
            columns[field.name] = _fact(found, field.name, field.type)
    return pa.table([columns[name] for name in SCHEMA.names], names=SCHEMA.names)


def _constant(text: str, count: int) -> pa.Array:
    return pa.DictionaryArray.from_arrays(pa.array(np.zeros(count, dtype=np.int32)), pa.array([text]))


def _coded(texts: list[str], codes: npt.NDArray[np.integer[Any]]) -> pa.Array:
    """The texts at the codes. No text stands twice in the dictionary, which Parquet would write undetermined."""
    encoded = pa.array(texts, pa.string()).dictionary_encode()
    return pa.DictionaryArray.from_arrays(encoded.indices.take(pa.array(codes)), encoded.dictionary)


def _fact(found: Rows, name: str, kind: pa.DataType) -> pa.Array:
    """A column that only some lines know: elsewhere the empty text or zero, as AWS writes it."""
    empty: Any = "" if kind == pa.string() else 0.0
    values = np.full(found.count, empty, dtype=object if kind == pa.string() else np.float64)
    for position, line in enumerate(found.lines):
        fact = line.facts.get(name)
        if fact is None:
            continue
        own = np.flatnonzero(found.line == position)
        values[own] = fact if isinstance(fact, str) else fact[found.entry[own] - found.first[position]]
    texts = pa.array(values, type=kind)
    return texts.dictionary_encode() if kind == pa.string() else texts


def _bill(found: Rows) -> dict[str, pa.Array]:
    count, last = found.count, len(days.MONTHS) - 1
    starts = [np.datetime64(month, "ms") for month in days.MONTHS]
    ends = [np.datetime64(add_months(month, 1), "ms") for month in days.MONTHS]
    invoices = [f"{2_100_000_017 + 7_193 * number}" if number < last else "" for number in range(last + 1)]
    month = pa.array(found.month)
    return {
        "bill_bill_type": found.each(lambda line: line.bill_type),
        "bill_billing_entity": _constant("AWS", count),
        "bill_billing_period_start_date": pa.array(starts, pa.timestamp("ms")).take(month),
        "bill_billing_period_end_date": pa.array(ends, pa.timestamp("ms")).take(month),
        "bill_invoice_id": _coded(invoices, found.month),
        "bill_invoicing_entity": _constant(_ISSUER, count),
        "bill_payer_account_id": _constant(PAYER, count),
        "bill_payer_account_name": _constant(NAME, count),
        "cost_category": _maps(found, lambda line: {}),
    }


def _identity_and_time(found: Rows) -> dict[str, pa.Array]:
    firsts, nexts = _spans(found)
    _, some, codes = np.unique(firsts.astype(np.int64) * 1000 + (nexts - firsts).astype(np.int64), True, True)
    pairs = zip(firsts[some], nexts[some], strict=True)
    intervals = ["/".join(f"{moment}Z" for moment in np.array(pair, "datetime64[s]").astype(str)) for pair in pairs]
    return {
        "identity_line_item_id": found.ids(),
        "identity_time_interval": _coded(intervals, codes),
        "line_item_usage_start_date": pa.array(firsts.astype("datetime64[ms]"), pa.timestamp("ms")),
        "line_item_usage_end_date": pa.array(nexts.astype("datetime64[ms]"), pa.timestamp("ms")),
    }


def _spans(found: Rows) -> tuple[npt.NDArray[np.datetime64], npt.NDArray[np.datetime64]]:
    """First hour and, exclusive, last hour of each line item: an hour, a day, or the month of a monthly charge."""
    dates = np.datetime64(days.FIRST, "D") + found.day
    whole = np.array([line.whole_months for line in found.lines])[found.line]
    month_ends = (dates.astype("datetime64[M]") + 1).astype("datetime64[D]")
    day_ends = np.where(whole, month_ends, dates + 1).astype("datetime64[h]")
    firsts = dates.astype("datetime64[h]") + np.maximum(found.hour, 0)
    return firsts, np.where(found.hour == WHOLE_DAY, day_ends, firsts + 1)


def _line_item(found: Rows) -> dict[str, pa.Array]:
    count, rates = found.count, _rates(found.rate)
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
    different, codes = np.unique(values, return_inverse=True)
    texts = [f"{value:.12f}".rstrip("0").rstrip(".") if value else "" for value in different.tolist()]
    return _coded(texts, codes)


def _resources(found: Rows) -> pa.Array:
    """Names of resources; of jobs, with the day that each ran."""
    dated = np.array([DAY in line.meter.resource for line in found.lines])[found.line]
    pairs, codes = np.unique(found.line * days.COUNT + np.where(dated, found.day, 0), return_inverse=True)
    texts = []
    for line, day in zip(*(part.tolist() for part in np.divmod(pairs, days.COUNT)), strict=True):
        run = days.FIRST + timedelta(days=day)
        texts.append(found.lines[line].meter.resource.replace(DAY, run.isoformat()))
    return _coded(texts, codes)


def _pricing(found: Rows) -> dict[str, pa.Array]:
    listed = found.number(lambda line: line.meter.price if line.kind in _METERED else 0.0)
    return {
        "pricing_currency": _constant("USD", found.count),
        "pricing_lease_contract_length": found.each(
            lambda line: "1yr" if line.kind == "SavingsPlanRecurringFee" else ""
        ),
        "pricing_offering_class": _constant("", found.count),
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
