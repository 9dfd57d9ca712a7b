"""The SQL that maps each kind of export, and that a rule set becomes, as it was last looked at.

GOLDEN=1 writes the files again; a change in them is to be read like a change in code.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from costlib.sources import source_of_type
from costlib.sources.discovery import Export
from costlib.sources.files import DataFile, Layout
from costlib.store.base import line_item_select
from costlib.store.cube import cube_select
from tests.builders import cur_row, focus_row, ruleset

GOLDEN = Path(__file__).parents[1] / "golden"

RULES = ruleset(
    {"name": "team tag", "set": {"x_Team": {"tag": ["user:team", "team"]}, "x_Project": {"tag": "project"}}},
    {"name": "gpu", "when": {"x_InstanceType": ["p5*", "g5.*"]}, "set": {"x_Scope": "AI", "x_CostType": "Compute"}},
    {"name": "fraud's", "when": {"ServiceName": "100%_fraud", "tag:app": "it's"}, "set": {"x_Team": "Fraud's"},
     "from": "2026-01-01", "to": "2026-07-01"},
    names={"x_Team": {"Search": ["search team", "srch"]}},
    derive=[{"set": "x_BusinessUnit", "from": "x_Team", "values": {"Search": "Retail", "Fraud's": "Risk"}}],
)  # fmt: skip


def base_select(kind: str, columns: dict[str, str]) -> str:
    layout = Layout("csv", "gzip", ",", tuple(columns.items()))
    return line_item_select(
        Export(f"{kind}:bill", source_of_type(kind), (DataFile(Path("/bills/bill.csv.gz"), layout),))
    )


QUERIES = {
    "base-focus": lambda: base_select("focus", dict.fromkeys(focus_row(), "VARCHAR")),
    "base-focus-parquet": lambda: base_select(
        "focus",
        dict.fromkeys(focus_row(), "VARCHAR")
        | {"BilledCost": "DOUBLE", "ListCost": "DECIMAL(12,4)"}
        | {"ChargePeriodStart": "TIMESTAMP", "Tags": "MAP(VARCHAR, VARCHAR)"},
    ),
    "base-aws-cur2": lambda: base_select("aws-cur2", dict.fromkeys(cur_row(), "VARCHAR")),
    "rules": lambda: RULES.select("SELECT * FROM base_parts"),
    "cube": lambda: cube_select("resource_days"),
}  # fmt: skip


def in_lines(sql: str) -> str:
    """One line a column and clause, so that a change shows where it is."""
    return re.sub(r"( AS \w+,| THEN [^()]{1,60}(?= WHEN)| FROM(?= \()) ", r"\1\n  ", sql) + "\n"


@pytest.mark.parametrize("name", QUERIES)
def test_golden_sql(name):
    path, sql = GOLDEN / f"{name}.sql", in_lines(QUERIES[name]())
    if os.environ.get("GOLDEN"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(sql, encoding="utf-8")
    assert sql == path.read_text(encoding="utf-8"), "read the difference; if it is meant: make golden"


@pytest.mark.parametrize("name", [name for name in QUERIES if name.startswith("base")])
def test_the_base_select_uses_no_function_that_another_engine_could_not_learn(name):
    """Small on purpose: what reads an export is to be compiled for the engine where the export lies."""
    words = set(re.findall(r"\b([A-Z_]{3,})\(", QUERIES[name]().upper()))
    assert words <= {
        "ABS", "CAST", "COALESCE", "DECIMAL", "JSON_EXTRACT_STRING", "LEFT", "NULLIF", "READ_CSV", "REGEXP_EXTRACT",
        "REGEXP_MATCHES", "REGEXP_REPLACE", "ROUND", "TO_JSON", "TRIM", "TRY_CAST", "TRY_STRPTIME",
    }  # fmt: skip
