"""The legacy AWS Cost and Usage Report, as CSV (``lineItem/UnblendedCost``) or Parquet (``line_item_unblended_cost``).

What becomes of each type of line is said in ``cur_line_items``. Every product fact and every tag has its own column.
Tag keys are written as CUR 2.0 writes them (``resourceTags/user:CostCenter`` is ``user_cost_center``), so that rules
serve both; where two keys become one, the first that has a value counts.

Column reference: https://docs.aws.amazon.com/cur/latest/userguide/data-dictionary.html (read 2026-07).
"""

from __future__ import annotations

import re

from costlib.sources.base import Mapped, Source
from costlib.sources.cur_line_items import apart, invoice, is_legacy, looks_like_line_items, mapped, parts, usage_end
from costlib.sources.native import NativeColumns, literal
from costlib.sources.runs import one_run

_TAG = re.compile(r"resourceTags/(.+)|resource_tags_((?:user|aws)_.+)", re.DOTALL)


def tag_key(column: str) -> str | None:
    """The key of the tag that the column holds, as CUR 2.0 spells it; None for a column that holds none.

    >>> tag_key("resourceTags/user:CostCenter"), tag_key("resource_tags_user_team"), tag_key("product/sku")
    ('user_cost_center', 'user_team', None)
    """
    found = _TAG.fullmatch(column)
    if not found:
        return None
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", found[1] or found[2])
    return re.sub(r"_+", "_", re.sub(r"\W", "_", words)).strip("_").lower()


def _tags(columns: NativeColumns) -> str:
    """The tags of a row as JSON text; those without a value are left out, and a row without any is null."""
    members: dict[str, list[str]] = {}
    for column in columns.names:
        key = tag_key(column)
        if key:
            members.setdefault(key, []).append(columns.text(column))
    if not members:
        return "NULL::VARCHAR"
    entries = (_entry(key, values) for key, values in members.items())
    return f"NULLIF('{{' || CONCAT_WS(',', {', '.join(entries)}) || '}}', '{{}}')"


def _entry(key: str, values: list[str]) -> str:
    """One member of a JSON object; null where no value is known."""
    name = f'"{key}":'
    return f"{literal(name)} || CAST(TO_JSON(COALESCE({', '.join(values)})) AS VARCHAR)"


def _mapping(columns: NativeColumns) -> Mapped:
    own = {
        "ServiceName": columns.text("product_product_name"),
        "RegionId": columns.first_text("product_region_code", "product_region"),
        "Tags": _tags(columns),
        "x_InstanceType": columns.text("product_instance_type"),
    }
    return mapped(columns, own)


SOURCE = Source(
    type="aws-cur-legacy",
    title="legacy AWS CUR",
    recognises=lambda columns: looks_like_line_items(columns) and is_legacy(columns),
    mapping=_mapping,
    required=(
        ("lineItem/UnblendedCost",),
        ("lineItem/LineItemType",),
        ("lineItem/UsageStartDate",),
        ("lineItem/CurrencyCode",),
        ("lineItem/ProductCode",),
        ("bill/BillingPeriodStartDate",),
        ("bill/PayerAccountId",),
    ),
    invoice=invoice,
    ends=usage_end,
    apart=apart,
    parts=parts,
    additive=True,
    look_into=one_run,
)
