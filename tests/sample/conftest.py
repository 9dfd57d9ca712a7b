"""One written sample for all tests of this folder, and a connection that reads it as any reader of bills would.

``bill`` is a view of the line items as they stand in the Parquet files, ``known`` a table of those columns that tests
ask for most, with the truth (``answers``) and ``effective``, the amortised cost by the rules of the Savings Plan
columns; ``vendor`` is the CSV, all text.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest

from costlib import sample

EFFECTIVE = """
    CASE line_item_line_item_type
        WHEN 'SavingsPlanCoveredUsage' THEN savings_plan_savings_plan_effective_cost
        WHEN 'SavingsPlanNegation' THEN 0
        WHEN 'SavingsPlanRecurringFee'
            THEN savings_plan_total_commitment_to_date::DOUBLE - savings_plan_used_commitment::DOUBLE
        ELSE line_item_unblended_cost
    END
"""

KNOWN = (
    "bill_billing_period_start_date",
    "bill_billing_period_end_date",
    "line_item_line_item_type",
    "line_item_product_code",
    "line_item_resource_id",
    "line_item_unblended_cost",
    "line_item_usage_amount",
    "line_item_usage_type",
    "pricing_purchase_option",
    "pricing_unit",
    "product_instance_type",
    "resource_tags",
)


@dataclass(frozen=True)
class Written:
    """What ``write`` left behind and said."""

    folder: Path
    paths: tuple[Path, ...]
    messages: list[str]

    @property
    def cur(self) -> Path:
        return self.paths[0]

    @property
    def vendor(self) -> Path:
        return self.paths[1]

    @property
    def azure(self) -> Path:
        return self.paths[2]


class Bills:
    """Questions to the sample, in SQL."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection

    def rows(self, query: str) -> list[tuple]:
        return self._connection.execute(query).fetchall()

    def row(self, query: str) -> tuple:
        """The only row of the answer."""
        (found,) = self.rows(query)
        return found


@pytest.fixture(scope="session")
def written(tmp_path_factory: pytest.TempPathFactory) -> Written:
    folder = tmp_path_factory.mktemp("sample")
    messages: list[str] = []
    return Written(folder, sample.write(folder, messages.append), messages)


@pytest.fixture(scope="session")
def bills(written: Written) -> Iterator[Bills]:
    with duckdb.connect(config={"threads": 1}) as connection:
        files = f"{written.cur.as_posix()}/data/*/*.parquet"
        connection.execute(f"CREATE VIEW bill AS FROM read_parquet('{files}', hive_partitioning = false)")
        connection.register("answers", sample.answers())
        connection.execute(
            f"CREATE TABLE known AS SELECT {', '.join(KNOWN)}, {EFFECTIVE} AS effective, "
            "line_item_usage_start_date::DATE AS day, answers.* EXCLUDE (identity_line_item_id) "
            "FROM bill JOIN answers USING (identity_line_item_id)"
        )
        csv = written.vendor.as_posix()
        connection.execute(f"CREATE TABLE vendor AS FROM read_csv('{csv}', all_varchar = true, header = true)")
        yield Bills(connection)
