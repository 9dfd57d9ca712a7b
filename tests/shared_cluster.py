"""A company with one shared cluster whose figures can be worked out by hand, on 5 and 6 September 2026.

The cluster costs 20 and 40 USD. On the 5th, 09:00, Search reserves 8 GPUs, Recs 8, and 4 are idle; on the 6th Search 8,
Recs 24 and 8 are idle; each team uses 4. Machines have 8 GPUs, so the 6th needs 4 of them instead of 2, for Recs.
By hours reserved, with idle as a line of its own:

    5th  Search 8   Recs 8    idle 4    = 20          by hours used  4, 4, 12
    6th  Search 8   Recs 24   idle 8    = 40                         4, 4, 32

Beside it Search has 10 USD and Recs 5 USD of their own, and 3 USD belong to nobody: host-1 in the account lab.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from costlib.workspace import Workspace
from tests.builders import Row, focus_row, write, write_csv
from tests.sources.test_opencost import DAY, allocation, idle, response

RULES = """# Who pays
version: 1
names:
  x_Team:
    Search: [serach]
rules:
  - {name: team tag, set: {x_Team: {tag: [team]}}}   # first of all
  - {name: models, when: {ServiceName: Cluster}, set: {x_Stage: real-time inference}}
  - {name: nobody has this, when: {ServiceName: Nothing}, set: {x_Team: Ghost}}
shared:
  - name: gpu
    match: {ServiceName: Cluster}
    driver: usage   # as agreed in spring
    usage: {cluster: ml, node_size: 8}
    receivers:
      - {set: {x_Team: Search}, namespace: search, quota_share: 0.5}
      - {set: {x_Team: Recs}, namespace: recs, quota_share: 0.25}
"""
SIXTH = {"ChargePeriodStart": "2026-09-06T00:00:00Z", "ChargePeriodEnd": "2026-09-07T00:00:00Z"}
_RECS = {"name": "recs", "properties": {"cluster": "ml", "namespace": "recs"}}


def bill() -> list[dict[str, str | None]]:
    """The bill's rows."""

    def row(cost: str, **columns: str | None) -> dict[str, str | None]:
        costs = dict.fromkeys(("EffectiveCost", "BilledCost", "ListCost", "ContractedCost"), cost)
        return focus_row(**{**costs, "SubAccountName": "main", **columns})

    return [
        row("20", ServiceName="Cluster", Tags=None, ResourceId="node-1"),
        row("40", ServiceName="Cluster", Tags=None, ResourceId="node-1", **SIXTH),
        row("10", Tags='{"team": "search"}', ResourceId="web-1"),
        row("5", Tags='{"team": "Recs"}', ResourceId="web-2", **SIXTH),
        row("3", Tags=None, ServiceName="Other", ResourceId="host-1", SubAccountName="lab"),
    ]


def cluster_store(
    folder: Path, rules: str = RULES, more: Sequence[Row] = (), hourly: Sequence[bool] = (True, True)
) -> Workspace:
    """The company's store under the folder, loaded; ``more`` are further rows of its bill.

    ``hourly`` says of which of the two days the hour is known; of another the same is known for the whole day.
    """
    windows = []
    for at, wanted, unused in ((0, 8, 4), (1, 24, 8)):
        day, hours = DAY + timedelta(days=at, hours=9 * hourly[at]), 1 if hourly[at] else 24
        recs = allocation(day, hours, gpuHours=wanted * hours, **_RECS)
        windows.append([allocation(day, hours), recs, idle(day, hours, gpus=unused)])
    write(folder / "store" / "rules.yaml", rules)
    write(folder / "opencost.json", response(*windows))
    workspace = Workspace(folder / "store")
    workspace.load([write_csv(folder / "bill.csv", [*bill(), *more]), folder / "opencost.json"])
    return workspace
