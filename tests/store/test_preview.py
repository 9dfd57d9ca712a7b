"""Other rules tried aside: what moves, what each rule takes, and that nothing changes on disk."""

from __future__ import annotations

from decimal import Decimal

import pytest

from costlib.store.preview import Change, Move
from costlib.workspace import Workspace
from tests.builders import focus_row, ruleset, store_bytes, write, write_csv

TODAY = "version: 1\nrules:\n  - {name: team tag, set: {x_Team: {tag: [team]}}}\n"
TAG = {"name": "team tag", "set": {"x_Team": {"tag": ["team"]}}}
ADDED = {"name": "models are fraud's", "when": {"ServiceName": "Model*"}, "set": {"x_Team": "Fraud", "x_Model": "m"}}
NEVER = {"name": "never", "when": {"ServiceName": "Nothing"}, "set": {"x_Team": "X"}}
POOL = {"name": "servers", "match": {"ServiceName": "Servers"}, "driver": "even",
        "receivers": [{"set": {"x_Team": "A"}}, {"set": {"x_Team": "B"}}]}  # fmt: skip


@pytest.fixture(scope="module")
def space(tmp_path_factory):
    """Servers of team Search and untagged models, 1.25 USD each; a credit of 0.25 on the models."""
    folder = tmp_path_factory.mktemp("preview")
    rows = [focus_row(), focus_row(ServiceName="Models", Tags=None),
            focus_row(ServiceName="Models", Tags=None, EffectiveCost="-0.25", ChargeCategory="Credit")]  # fmt: skip
    write(folder / "store" / "rules.yaml", TODAY)
    space = Workspace(folder / "store")
    space.load([write_csv(folder / "bill.csv", rows)])
    return space


def changed(found, dimension):
    return {change.value: (change.before, change.after) for change in found.changes if change.dimension == dimension}


class TestPreview:
    def test_the_rules_of_today_change_nothing(self, space):
        found = space.preview_rules(ruleset(TAG))
        assert (found.changes, found.moves, found.silent, found.line_items_moved) == ((), (), (), 0)

    def test_what_moves_between_teams_models_and_kinds(self, space):
        found = space.preview_rules(ruleset(TAG, ADDED))
        assert changed(found, "x_Team") == {"Fraud": (0, 1), None: (1, 0)}
        assert changed(found, "x_Model") == {"m": (0, 1), None: (Decimal("2.25"), Decimal("1.25"))}
        assert changed(found, "x_CostKind") == {"direct": (Decimal("1.25"), Decimal("2.25")), "unallocated": (1, 0)}
        assert found.moves == (Move(None, "Fraud", "USD", Decimal(1), 2),)

    def test_rows_hit_by_rule_and_rules_that_never_decide(self, space):
        found = space.preview_rules(ruleset(TAG, ADDED, NEVER))
        assert {hit.rule: (hit.amount, hit.line_items) for hit in found.hits} == {1: (Decimal("1.25"), 1), 2: (1, 2)}
        assert found.silent == (3,)

    def test_a_rule_behind_another_decides_nothing(self, space):
        found = space.preview_rules(ruleset(TAG, {**TAG, "name": "again"}))
        assert found.silent == (2,)

    def test_a_pool_is_an_owner_and_its_parts_are_counted(self, space):
        found = space.preview_rules(ruleset(TAG, shared=[POOL]))
        assert found.moves == (Move("Search", "servers", "USD", Decimal("1.25"), 1),)
        half = Decimal("0.625")
        assert changed(found, "x_Team") == {"A": (0, half), "B": (0, half), "Search": (Decimal("1.25"), 0)}
        assert Change("x_Pool", "servers", "USD", Decimal(0), Decimal("1.25")) in found.changes

    def test_a_pool_that_takes_nothing_is_named(self, space):
        assert space.preview_rules(ruleset(TAG, shared=[{**POOL, "match": {"ServiceName": "No"}}])).silent_pools == (
            "servers",
        )

    def test_what_one_loses_others_gain(self, space):
        found = space.preview_rules(ruleset(ADDED, shared=[POOL]))
        for dimension in ("x_Team", "x_Model", "x_CostKind", "x_Pool"):
            values = changed(found, dimension).values()
            assert sum(after - before for before, after in values) == 0

    def test_what_nobody_knows_is_no_zero_and_what_is_not_there_is(self, tmp_path):
        space = Workspace(tmp_path / "store")
        unknown = focus_row(ServiceName="Models", Tags=None, EffectiveCost="")
        space.load([write_csv(tmp_path / "bill.csv", [focus_row(), unknown])])
        found = space.preview_rules(ruleset(TAG, ADDED))
        assert changed(found, "x_Team")["Fraud"] == (0, None)
        assert Move(None, "Fraud", "USD", None, 1) in found.moves

    def test_nothing_is_written(self, space):
        before = store_bytes(space.store.root)
        space.preview_rules(ruleset(ADDED, shared=[POOL]))
        assert {path for path, content in store_bytes(space.store.root).items() if content != before.get(path)} <= {
            "spill"
        }
