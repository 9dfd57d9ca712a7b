"""AWS Cost and Usage Report 2.0 (Data Exports), as Parquet or gzip CSV.

What becomes of each type of line is said in ``cur_line_items``. Products and tags are maps here.

Column reference: https://docs.aws.amazon.com/cur/latest/userguide/table-dictionary-cur2.html (read 2026-07).
"""

from __future__ import annotations

from costlib.sources.base import Mapped, Source
from costlib.sources.cur_line_items import apart, invoice, is_legacy, looks_like_line_items, mapped, parts, usage_end
from costlib.sources.native import NativeColumns


def _recognises(columns: NativeColumns) -> bool:
    return looks_like_line_items(columns) and not is_legacy(columns)


def _mapping(columns: NativeColumns) -> Mapped:
    instance_type = (columns.text("product_instance_type"), columns.entry(["product"], "instance_type"))
    own = {
        "ServiceName": columns.entry(["product"], "product_name"),
        "RegionId": columns.text("product_region_code"),
        "Tags": columns.tags("resource_tags", "tags"),
        "x_InstanceType": f"COALESCE({', '.join(instance_type)})",
    }
    return mapped(columns, own)


SOURCE = Source(
    type="aws-cur2",
    title="AWS CUR 2.0 export",
    recognises=_recognises,
    mapping=_mapping,
    required=(
        ("line_item_unblended_cost",),
        ("line_item_line_item_type",),
        ("line_item_usage_start_date",),
        ("line_item_currency_code",),
        ("line_item_product_code",),
        ("bill_billing_period_start_date",),
        ("bill_payer_account_id",),
    ),
    invoice=invoice,
    ends=usage_end,
    apart=apart,
    parts=parts,
    additive=True,
)
