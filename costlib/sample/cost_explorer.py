"""What AWS Cost Explorer answers about one month of the sample company: the same money as its CUR 2.0, coarser.

Recorded answers, by day, service and linked account, in the form in which a load keeps them: for whoever
wants to see or try Cost Explorer without an account. The demo does not load them, since the export already holds that
month. Amounts are sums of the line items' exact decimals in USD: unblended as they stand,
amortised with the savings plan spread over what it covers. Tax is a service of its own, as in Cost Explorer.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from itertools import groupby
from pathlib import Path
from typing import Any, Final

from costlib import money
from costlib.periods import Window, add_months
from costlib.sample.cur import EXPORT
from costlib.sources.cost_explorer_address import DEFAULT_KEYS
from costlib.sources.cost_explorer_api import request
from costlib.sources.files import glob_safe
from costlib.sources.native import literal
from costlib.store.engine import connect

FOLDER: Final = "northlight-sample-cost-explorer"
MONTH: Final = date(2026, 9, 1)
#: Days on one page of the answer.
_DAYS_A_PAGE = 16
_MONEY = "DECIMAL(38, 10)"
_AMORTISED = f"""
    CASE line_item_line_item_type
        WHEN 'SavingsPlanCoveredUsage' THEN savings_plan_savings_plan_effective_cost::{_MONEY}
        WHEN 'SavingsPlanNegation' THEN 0
        WHEN 'SavingsPlanRecurringFee'
            THEN savings_plan_total_commitment_to_date::{_MONEY} - savings_plan_used_commitment::{_MONEY}
        ELSE line_item_unblended_cost::{_MONEY}
    END
"""


def write(folder: Path, progress: Callable[[str], None]) -> Path:
    """Write the answers about ``MONTH`` of the CUR 2.0 export that lies in ``folder``; returns their file.

    Raises OSError where the folder cannot be written.
    """
    path = folder / FOLDER / f"{MONTH:%Y-%m}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    pages = _pages(folder)
    document = {"request": request(DEFAULT_KEYS, Window(MONTH, add_months(MONTH, 1))), "pages": pages}
    path.write_text(json.dumps(document, separators=(",", ":")) + "\n", encoding="utf-8", newline="\n")
    progress(f"Cost Explorer's answers of the sample for {MONTH:%B %Y}: {len(pages)} pages")
    return path


def _pages(folder: Path) -> list[dict[str, Any]]:
    """The days in order, on as many pages as they take; all but the last name the next one."""
    rows = _rows(folder)
    names = sorted({(account, name) for _, _, account, name, *_ in rows})
    attributes = [{"Value": account, "Attributes": {"description": name}} for account, name in names]
    held = list(_days(rows))
    pages = [held[start : start + _DAYS_A_PAGE] for start in range(0, len(held), _DAYS_A_PAGE)]
    return [
        {"ResultsByTime": page, "DimensionValueAttributes": attributes}
        | ({"NextPageToken": f"sample-page-{number + 1}"} if number < len(pages) else {})
        for number, page in enumerate(pages, 1)
    ]


def _days(rows: Iterable[tuple[Any, ...]]) -> Iterator[dict[str, Any]]:
    for day, groups in groupby(rows, key=lambda row: row[0]):
        yield {
            "TimePeriod": {"Start": day.isoformat(), "End": (day + timedelta(days=1)).isoformat()},
            "Total": {},
            "Groups": [_group(*group[1:]) for group in groups],
            "Estimated": False,
        }


def _group(service: str, account: str, _name: str, unblended: Any, amortised: Any) -> dict[str, Any]:
    amounts = {"UnblendedCost": unblended, "AmortizedCost": amortised}
    return {
        "Keys": [service, account],
        "Metrics": {name: {"Amount": money.exact(amount), "Unit": "USD"} for name, amount in amounts.items()},
    }


def _rows(folder: Path) -> list[tuple[Any, ...]]:
    """Day, service, account, its name, unblended and amortised cost, in that order."""
    files = folder / EXPORT / "data" / f"BILLING_PERIOD={MONTH:%Y-%m}"
    paths = ", ".join(literal(glob_safe(path)) for path in sorted(files.glob("*.parquet")))
    with connect() as connection:
        return connection.execute(
            f"""
            SELECT CAST(line_item_usage_start_date AS DATE),
                CASE WHEN line_item_line_item_type = 'Tax' THEN 'Tax' ELSE product['product_name'] END,
                line_item_usage_account_id, line_item_usage_account_name,
                SUM(line_item_unblended_cost::{_MONEY}), SUM({_AMORTISED})
            FROM read_parquet([{paths}]) GROUP BY ALL ORDER BY ALL
            """
        ).fetchall()
