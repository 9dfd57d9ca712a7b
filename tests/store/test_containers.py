"""Split cost allocation of AWS: an instance replaced by the parts of its pods and tasks, nothing doubled.

One instance, three pods, one hour; the weights are those of AWS's own worked method, rounded to cents:

    pod       split   unused
    search-1  0.40    0.10
    search-2  0.20    0.05
    fraud-1   0.20    0.05     sum 1.00 = the amortised cost of the hour
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from costlib.focus import COST_MEASURES
from costlib.periods import Window
from costlib.store.line_items import line_items
from costlib.store.question import Filter
from costlib.store.reader import Reader
from costlib.store.store import Store
from tests.builders import TEAM_RULES, Row, cube_rows, cur_row, load_into, mapped, write_csv, write_parquet

NODE = "i-node"
COLUMNS = ("parent_resource_id", "split_cost", "unused_cost", "net_split_cost", "net_unused_cost")
NO_SPLIT: Row = {f"split_line_item_{name}": None for name in COLUMNS}
UNITS = Decimal("1e-12")


def node(kind: str = "Usage", **changes: str | None) -> Row:
    """One hour of the instance: billed and effective 1.00, on demand 1.20, owned by the platform team."""
    own = {"line_item_resource_id": NODE, "resource_tags": '{"team": "Platform"}'}
    return cur_row(kind, **own) | {"line_item_operation": "RunInstances"} | NO_SPLIT | changes


def pod(name: str, team: str | None, split: str, unused: str, **changes: str | None) -> Row:
    """A split row of a pod on the instance, without a cost of its own."""
    tags = f'{{"team": "{team}"}}' if team else None
    own = cur_row(
        line_item_resource_id=name, resource_tags=tags, line_item_product_code="AmazonEKS",
        line_item_usage_type="EKS-EC2-vCPU-Hours", line_item_operation="EKSPod-EC2",
        line_item_unblended_cost="0", pricing_public_on_demand_cost="0",
    )  # fmt: skip
    weights = {"parent_resource_id": NODE, "split_cost": split, "unused_cost": unused}
    return own | NO_SPLIT | {f"split_line_item_{key}": value for key, value in weights.items()} | changes


PODS = [
    pod("search-1", "Search", "0.40", "0.10"),
    pod("search-2", "Search", "0.20", "0.05"),
    pod("fraud-1", "Fraud", "0.20", "0.05"),
]


def costs(folder: Path, rows: Sequence[Row], measure: str = "EffectiveCost") -> dict[Any, Decimal]:
    """The measure by resource and operation, line by line, nothing loaded."""
    found = mapped(write_csv(folder / "b.csv", rows), f"ResourceId, x_Operation, {measure}", kind="aws-cur2")
    sums: dict[Any, Decimal] = {}
    for resource, operation, amount in found:
        sums[resource, operation] = sums.get((resource, operation), Decimal(0)) + amount
    return sums


def rounded(sums: dict[Any, Decimal]) -> dict[Any, Decimal]:
    return {key: amount.quantize(UNITS).normalize() for key, amount in sums.items()}


class TestByHand:
    def test_the_instance_is_replaced_by_split_and_unused_parts(self, tmp_path):
        used, unused = "EKSPod-EC2", "EKSPod-EC2 (unused)"
        assert rounded(costs(tmp_path, [node(), *PODS])) == {
            ("search-1", used): Decimal("0.4"), ("search-1", unused): Decimal("0.1"),
            ("search-2", used): Decimal("0.2"), ("search-2", unused): Decimal("0.05"),
            ("fraud-1", used): Decimal("0.2"), ("fraud-1", unused): Decimal("0.05"),
        }  # fmt: skip

    @pytest.mark.parametrize(("measure", "whole"), [("BilledCost", "1"), ("ListCost", "1.2"), ("ContractedCost", "1")])
    def test_every_measure_is_cut_alike(self, tmp_path, measure, whole):
        found = costs(tmp_path, [node(), *PODS], measure)
        assert sum(found.values()) == Decimal(whole)
        assert rounded(found)["search-1", "EKSPod-EC2"] == Decimal(whole) * Decimal("0.4")

    def test_the_order_of_the_rows_does_not_matter(self, tmp_path):
        assert costs(tmp_path, [node(), *PODS]) == costs(tmp_path, [*reversed(PODS), node()])

    def test_two_price_models_in_one_hour_are_both_cut(self, tmp_path):
        covered = node(
            line_item_line_item_type="SavingsPlanCoveredUsage", line_item_unblended_cost="0.90",
            savings_plan_savings_plan_effective_cost="0.60",
        )  # fmt: skip
        rows = [covered, node(line_item_unblended_cost="0.40"), *PODS]
        found = mapped(
            write_csv(tmp_path / "b.csv", rows), "x_LineItemType, ResourceId, EffectiveCost", kind="aws-cur2"
        )
        plan = sum(cost for kind, _, cost in found if kind == "SavingsPlanCoveredUsage")
        search = sum(cost for kind, name, cost in found if kind == "Usage" and name == "search-1")
        assert plan == Decimal("0.60") and search.quantize(UNITS) == Decimal("0.40") * Decimal("0.5")
        assert sum(cost for _, _, cost in found) == Decimal("1.00")

    def test_what_the_weights_leave_stays_with_the_instance(self, tmp_path):
        found = costs(tmp_path, [node(), pod("search-1", "Search", "0.30", "0")])
        assert rounded(found) == {("search-1", "EKSPod-EC2"): Decimal("0.3"), (NODE, "RunInstances"): Decimal("0.7")}

    def test_weights_above_the_cost_are_scaled_to_it(self, tmp_path):
        rows = [node(), pod("a", "Search", "3", "0"), pod("b", "Search", "1", "0")]
        found = rounded(costs(tmp_path, rows))
        assert found == {("a", "EKSPod-EC2"): Decimal("0.75"), ("b", "EKSPod-EC2"): Decimal("0.25")}

    def test_net_weights_go_before_gross_ones(self, tmp_path):
        net = {"split_line_item_net_split_cost": "0.10", "split_line_item_net_unused_cost": "0"}
        found = costs(tmp_path, [node(), pod("a", "Search", "0.5", "0.5", **net)])
        assert rounded(found)["a", "EKSPod-EC2"] == Decimal("0.1")


class TestWhatIsNotCut:
    @pytest.mark.parametrize(
        "row",
        [
            node(line_item_usage_type="DataTransfer-Out-Bytes", line_item_operation="InterZone-Out"),
            node(line_item_usage_type="EUC1-CPUCredits:t3"),
            node("Tax"),
            node(line_item_product_code="AmazonRDS"),
            node(line_item_resource_id="i-other"),
            node(line_item_usage_start_date="2026-09-05 11:00:00"),
            node(line_item_currency_code="EUR"),
            node(bill_payer_account_id="999900001111"),
        ],
        ids=[
            "traffic",
            "CPU credits",
            "tax",
            "database",
            "other instance",
            "other hour",
            "other currency",
            "other bill",
        ],
    )
    def test_other_cost_stays_where_it_is(self, tmp_path, row):
        ((key, cost),) = costs(tmp_path, [row, *PODS]).items()
        assert key == (row["line_item_resource_id"], row["line_item_operation"]) and cost == 1

    def test_a_split_row_with_a_cost_of_its_own_is_a_line_item(self, tmp_path):
        found = costs(tmp_path, [node(), pod("a", "Search", "0.5", "0.5", line_item_unblended_cost="0.25")])
        assert found == {(NODE, "RunInstances"): 1, ("a", "EKSPod-EC2"): Decimal("0.25")}

    def test_pods_on_fargate_have_no_instance_and_keep_their_cost(self, tmp_path):
        alone = pod("a", "Search", "0", "0", split_line_item_parent_resource_id=None, line_item_unblended_cost="0.3")
        assert costs(tmp_path, [alone]) == {("a", "EKSPod-EC2"): Decimal("0.3")}

    def test_weights_of_nothing_move_nothing(self, tmp_path):
        assert costs(tmp_path, [node(), pod("a", "Search", "0", "0")]) == {(NODE, "RunInstances"): 1}


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    """A store of two hours of the instance and its tax, 2.19 USD; in the second hour one pod has no tags."""
    folder = tmp_path_factory.mktemp("split")
    second = [row | {"line_item_usage_start_date": "2026-09-05 11:00:00"} for row in [node(), *PODS[:2]]]
    untagged = pod("job", None, "0.25", "0", line_item_usage_start_date="2026-09-05 11:00:00")
    rows = [node(), *PODS, *second, untagged, node("Tax", line_item_unblended_cost="0.19")]
    load_into(folder / "store", write_parquet(folder / "cur.parquet", rows))
    return folder / "store"


class TestLoaded:
    def test_teams_pay_for_their_pods_and_nothing_counts_twice(self, root):
        found = cube_rows(root, "SELECT x_Team, SUM(EffectiveCost), SUM(BilledCost) FROM cube GROUP BY 1 ORDER BY 1")
        hand = {"Fraud": "0.25", "Platform": "0.19", "Search": "1.50", None: "0.25"}
        assert {team: cost.quantize(UNITS).normalize() for team, cost, _ in found} == {
            team: Decimal(cost).normalize() for team, cost in hand.items()
        }
        assert sum(cost for _, cost, _ in found) == sum(billed for _, _, billed in found) == Decimal("2.19")

    def test_it_ties_out_with_the_split_rows_apart(self, root):
        (part,) = Store(root).current().parts
        (entry,) = part.tie_outs
        assert entry.tied_out and not any(entry.untied.values())
        assert (entry.rows_in, entry.rows_loaded, entry.rows_apart, entry.rows_quarantined) == (3, 3, 6, 0)
        assert entry.sums_in["BilledCost"] == entry.sums_store["BilledCost"] == Decimal("2.19")

    def test_services_and_quantities_are_those_of_the_bill(self, root):
        assert cube_rows(root, "SELECT DISTINCT ServiceName FROM cube") == [("Amazon Elastic Compute Cloud",)]
        assert cube_rows(root, "SELECT SUM(ConsumedQuantity) FROM cube WHERE ChargeCategory = 'Usage'") == [(2,)]

    def test_line_items_add_up_to_the_figure_they_explain(self, root):
        state = Store(root).current()
        reader = Reader(Store(root).cube_path(state.generation), state.generation)
        filters, window = [Filter("x_Team", ("Search",))], reader.window()
        assert isinstance(window, Window)
        found = line_items(state, reader, TEAM_RULES, filters, window, "USD")
        reader.close()
        ((figure,),) = cube_rows(root, "SELECT SUM(EffectiveCost) FROM cube WHERE x_Team = 'Search'")
        assert found.total == figure and found.count == 8

    def test_a_bad_instance_row_is_set_aside_whole(self, tmp_path):
        rows = [node(line_item_unblended_cost="n/a"), node(line_item_usage_start_date="2026-09-06 10:00:00"), *PODS]
        (done,) = load_into(tmp_path / "store", write_csv(tmp_path / "cur.csv", rows))
        assert (done.rows_loaded, done.rows_quarantined) == (1, 1)


amounts = st.decimals(min_value="-0.5", max_value="50", places=10).map(str)
pods_of_many = st.lists(st.tuples(st.sampled_from("abcde"), amounts, amounts, st.integers(0, 3)), max_size=8)
nodes_of_many = st.lists(st.tuples(amounts, st.integers(0, 3)), min_size=1, max_size=5)


@settings(max_examples=10)
@given(nodes=nodes_of_many, pods=pods_of_many)
def test_whatever_the_weights_every_measure_is_conserved(tmp_path_factory, nodes, pods):
    hour = "2026-09-05 {:02}:00:00".format
    bill = [node(line_item_unblended_cost=cost, line_item_usage_start_date=hour(at)) for cost, at in nodes]
    shares = [pod(name, "Search", a, b, line_item_usage_start_date=hour(at)) for name, a, b, at in pods]
    folder = tmp_path_factory.mktemp("many")
    found = mapped(write_csv(folder / "b.csv", [*bill, *shares]), ", ".join(COST_MEASURES), kind="aws-cur2")
    for number, name in enumerate(COST_MEASURES):
        expected = len(bill) * Decimal("1.20") if name == "ListCost" else sum(Decimal(cost) for cost, _ in nodes)
        assert sum(row[number] for row in found) == expected
