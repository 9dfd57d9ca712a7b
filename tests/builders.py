"""Small bills made by hand: FOCUS files and CUR 2.0 exports, the stores they are loaded into, and plain sums of them.

Sums are made with Python's csv module and Decimal, never with the engine under test. A row is a mapping of column to
text; None and '' are null. ``focus_row()`` and ``cur_row()`` are one sound row each, to be changed where a test needs.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from decimal import Context, Decimal
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from costlib.attribution.rule_file import parse_rules
from costlib.attribution.rules import RuleSet
from costlib.focus import ATTRIBUTES, BASE_TEXTS, COST_MEASURES, DAY, LINE_ITEMS, MEASURES, MONTH, SOURCE, TAGS
from costlib.sources.base import UsageRecord
from costlib.sources.discovery import discover
from costlib.store import cube_make
from costlib.store.base import line_item_select
from costlib.store.engine import connect
from costlib.store.load import Loaded, load
from costlib.store.parts import packed_select
from costlib.store.reader import Reader
from costlib.store.store import Store

Row = dict[str, str | None]

_WIDE = Context(prec=120)
_LOCK = "loader.lock"


def ruleset(*rules: Mapping[str, object], **more: object) -> RuleSet:
    """Rules from their YAML form, written as Python."""
    return parse_rules({"version": 1, "rules": list(rules), **more})


#: Enough attribution for tests that are about something else.
TEAM_RULES = ruleset({"name": "team tag", "set": {"x_Team": {"tag": ["team"]}}})


def focus_row(**changes: str | None) -> Row:
    """One hour of a server under FOCUS 1.2: billed 1.50, effective 1.25, list 2.00, contracted 1.75 USD."""
    row: Row = {
        "BillingAccountId": "111122223333",
        "BillingAccountName": "Payer",
        "SubAccountId": "444455556666",
        "BillingCurrency": "USD",
        "BillingPeriodStart": "2026-09-01T00:00:00Z",
        "ChargePeriodStart": "2026-09-05T10:00:00Z",
        "ChargeCategory": "Usage",
        "ProviderName": "AWS",
        "ServiceCategory": "Compute",
        "ServiceName": "Servers",
        "RegionId": "eu-central-1",
        "ResourceId": "i-1",
        "BilledCost": "1.50",
        "EffectiveCost": "1.25",
        "ListCost": "2.00",
        "ContractedCost": "1.75",
        "ConsumedQuantity": "1",
        "ConsumedUnit": "Hours",
        "Tags": '{"team": "Search"}',
    }
    return row | changes


def without(row: Row, *columns: str) -> Row:
    """The row without some columns."""
    return {name: value for name, value in row.items() if name not in columns}


def csv_text(rows: Sequence[Row], *, header: Sequence[str] | None = None, delimiter: str = ",", end: str = "\n") -> str:
    """The rows as CSV text under the header of the first one."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter, lineterminator=end)
    names = list(header or rows[0])
    writer.writerow(names)
    writer.writerows([row[name] for name in names] for row in rows)
    return text.getvalue()


def write(path: Path, content: str | bytes) -> Path:
    """Write the file as it is, and the folders above it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def write_csv(path: Path, rows: Sequence[Row], **form: Any) -> Path:
    """Write the rows as CSV; gzip where the name ends so."""
    text = csv_text(rows, **form).encode()
    return write(path, gzip.compress(text, mtime=0) if path.suffix == ".gz" else text)


def write_parquet(path: Path, rows: Sequence[Row], **columns: pa.Array) -> Path:
    """Write the rows as Parquet text columns, with some columns given as typed arrays."""
    arrays = {name: pa.array([row[name] or None for row in rows], pa.string()) for name in (rows or [{}])[0]}
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.table(arrays | columns), path)
    return path


def cur_row(kind: str = "Usage", **changes: str | None) -> Row:
    """One line of a CUR 2.0 export: unblended 1.00, on demand 1.20 USD, an hour of a server."""
    row: Row = {
        "line_item_line_item_type": kind,
        "line_item_usage_start_date": "2026-09-05 10:00:00",
        "line_item_usage_account_id": "444455556666",
        "line_item_usage_account_name": "ml-prod",
        "line_item_currency_code": "USD",
        "line_item_product_code": "AmazonEC2",
        "line_item_usage_type": "BoxUsage:m5.large",
        "line_item_operation": "RunInstances",
        "line_item_usage_amount": "1",
        "line_item_resource_id": "i-1",
        "line_item_legal_entity": "Amazon Web Services, Inc.",
        "line_item_unblended_cost": "1.00",
        "bill_billing_period_start_date": "2026-09-01 00:00:00",
        "bill_bill_type": "Anniversary",
        "bill_billing_entity": "AWS",
        "bill_invoice_id": "INV-1",
        "bill_invoicing_entity": "Amazon Web Services, Inc.",
        "bill_payer_account_id": "111122223333",
        "bill_payer_account_name": "Payer",
        "pricing_unit": "Hrs",
        "pricing_term": "OnDemand",
        "pricing_public_on_demand_cost": "1.20",
        "product_region_code": "us-east-1",
        "product_sku": "SKU1",
        "product_instance_type": "m5.large",
        "product": '{"product_name": "Amazon Elastic Compute Cloud"}',
        "reservation_reservation_a_r_n": None,
        "reservation_effective_cost": None,
        "reservation_unused_amortized_upfront_fee_for_billing_period": None,
        "reservation_unused_recurring_fee": None,
        "savings_plan_savings_plan_a_r_n": None,
        "savings_plan_savings_plan_effective_cost": None,
        "savings_plan_total_commitment_to_date": None,
        "savings_plan_used_commitment": None,
        "resource_tags": '{"team": "Search"}',
    }
    return row | changes


def cur_export(root: Path, month: str, files: Mapping[str, Sequence[Row]], *, execution: str = "") -> Path:
    """Write one delivery of a month as AWS Data Exports lays it out; returns the export's folder.

    ``execution`` is the folder of one execution, for an export that creates new files. Names of ``files`` end in
    ``.parquet`` or ``.csv.gz``.
    """
    partition = Path(f"BILLING_PERIOD={month}") / execution
    keys = []
    for name, rows in files.items():
        path = root / "data" / partition / name
        (write_parquet if name.endswith(".parquet") else write_csv)(path, rows)
        keys.append(f"s3://bucket/prefix/{root.name}/data/{partition / name}")
    manifest = {"executionId": execution or "1", "dataFiles": keys}
    write(root / "metadata" / partition / f"{root.name}-Manifest.json", json.dumps(manifest))
    return root


def load_into(root: Path, *paths: Path, rules: RuleSet = TEAM_RULES, **options: Any) -> list[Loaded]:
    """Load the paths into the store at ``root``; ``options`` as on the command line and of ``load``."""
    exports = discover(paths, name=options.pop("source", None), kind=options.pop("kind", None))
    return load(Store(root), exports, rules, **options)


def mapped(path: Path, columns: str, *, kind: str | None = None) -> list[tuple[Any, ...]]:
    """Columns of the file's rows as FOCUS rows, in their order; nothing is loaded, so it is quick."""
    (export,) = discover([path], kind=kind)
    with connect() as connection:
        return connection.execute(f"SELECT {columns} FROM ({line_item_select(export)})").fetchall()


@contextmanager
def opened(root: Path) -> Iterator[Reader]:
    """A reader of the store's current generation."""
    store = Store(root)
    state = store.current()
    reader = Reader(store.cube_path(state.generation), state.generation, state.whole_to)
    try:
        yield reader
    finally:
        reader.close()


def cube_rows(root: Path, sql: str) -> list[tuple[Any, ...]]:
    """The answer to a query on the store's current cube file."""
    with opened(root) as reader:
        return reader.rows(sql)


def rule_numbers(column: str) -> dict[str, int]:
    """The numbers in one value of ``x_Rules``, by dimension."""
    return dict(zip(ATTRIBUTES, map(int, column.split(",")), strict=True))


def store_bytes(root: Path) -> dict[str, bytes | None]:
    """Everything under the folder by name, content of files included; the lock file left out."""
    found = (path for path in root.rglob("*") if path.name != _LOCK)
    return {str(path.relative_to(root)): path.read_bytes() if path.is_file() else None for path in found}


def read_rows(path: Path) -> list[Row]:
    """The rows of a CSV file, read by Python alone; '' is null."""
    opener: Callable[..., Any] = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8-sig", newline="") as file:
        return [{name: value or None for name, value in row.items()} for row in csv.DictReader(file)]


def total(amounts: Iterable[str | Decimal | None]) -> Decimal | None:
    """The sum of the known amounts, every digit kept; None where none is known."""
    known = [Decimal(amount) for amount in amounts if amount is not None]
    result = Decimal(0)
    for amount in known:
        result = _WIDE.add(result, amount)
    return result if known else None


def sums_by(
    rows: Iterable[Row], key: Callable[[Row], Hashable], measures: Sequence[str] = COST_MEASURES
) -> dict[Any, dict[str, Decimal | None]]:
    """Sums of the measures by whatever ``key`` says of a row."""
    groups: defaultdict[Hashable, list[Row]] = defaultdict(list)
    for row in rows:
        groups[key(row)].append(row)
    return {
        place: {name: total(row.get(name) for row in members) for name in measures} for place, members in groups.items()
    }


def base_rows(*changes: Mapping[str, Any]) -> pa.Table:
    """Base rows as the store has them: 1.50, 1.25, 2.00, 1.75 USD on 5 September 2026, changed as each mapping says."""
    texts = {name: pa.string() for name in (*BASE_TEXTS, SOURCE)}
    kinds = {DAY: pa.date32(), MONTH: pa.date32(), TAGS: pa.map_(pa.string(), pa.string()), **texts}
    kinds |= {**dict.fromkeys(MEASURES, pa.decimal128(38, 18)), LINE_ITEMS: pa.int64()}
    sound: dict[str, Any] = {
        DAY: date(2026, 9, 5), MONTH: date(2026, 9, 1), SOURCE: "bill",
        "BillingAccountId": "1", "BillingCurrency": "USD", "ChargeCategory": "Usage",
        "BilledCost": Decimal("1.50"), "EffectiveCost": Decimal("1.25"),
        "ListCost": Decimal("2.00"), "ContractedCost": Decimal("1.75"), LINE_ITEMS: 1,
    }  # fmt: skip
    rows = [sound | dict(change) for change in changes]
    tagged = [row | {TAGS: list(row[TAGS].items()) if row.get(TAGS) else None} for row in rows]
    return pa.table({name: pa.array([row.get(name) for row in tagged], kind) for name, kind in kinds.items()})


def usage_record(**changes: Any) -> UsageRecord:
    """Namespace search reserves 8 and uses 4 GPU hours of cluster gpu on 5 September 2026, changed as asked."""
    sound: dict[str, Any] = {
        "day": date(2026, 9, 5), "hour": None, "cluster": "gpu", "node": None, "namespace": "search", "label": None,
        "kind": "allocation", "gpu_reserved": Decimal(8), "gpu_used": Decimal(4), "cpu_reserved": Decimal(0),
        "cpu_used": Decimal(0), "ram_reserved": Decimal(0), "ram_used": Decimal(0), "cost": Decimal(16),
    }  # fmt: skip
    return UsageRecord(**(sound | changes))


@contextmanager
def built(table: pa.Table, rules: RuleSet, usage: Sequence[Path] = ()) -> Iterator[duckdb.DuckDBPyConnection]:
    """The tables of a cube file over base rows, in memory."""
    with connect() as connection:
        connection.register("given", table)
        cube_make.fill(connection, packed_select("FROM given"), usage, rules)
        yield connection
