"""The hygiene panel of Allocation: each tag beside the names of its own dimension, and the one thing to do."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from types import SimpleNamespace

from costlib.periods import Window
from tests.builders import ruleset
from ui.allocation.tags import Hygiene, tag_keys

SEPTEMBER = Window(date(2026, 9, 1), date(2026, 10, 1))
RULES = ruleset(
    {"name": "team", "set": {"x_Team": {"tag": ["user_team", "team"]}, "x_Stage": {"tag": "user_stage"}}},
    {"name": "squad", "set": {"x_Team": {"tag": ["squad", "team"]}, "x_Model": {"tag": "model"}}},
    {"name": "word", "set": {"x_Environment": "production", "x_Project": {"tag": "project"}}},
    names={"x_Team": {"Search": ["srch"]}, "x_Stage": {"training": ["train"]}},
)


def hygiene(**tags):
    """The panel over rows (value, resource, cost) of each tag, by its first key."""

    def rows(sql, parameters):
        key = next((one for one in tags if f"'{one}'" in sql), None)
        return [(value, name, "main", "S", Decimal(cost)) for value, name, cost in tags.get(key, [])]

    reader = SimpleNamespace(rows=rows)
    page = SimpleNamespace(snapshot=SimpleNamespace(reader=reader))
    selection = SimpleNamespace(page=page, conditions=(), measure="EffectiveCost", currency="USD")
    return Hygiene(selection, RULES, SEPTEMBER)


def fixes(found):
    return {(row[0], row[1]): row[-1] for row in found.variant_rows()}


class TestKeys:
    def test_every_key_of_a_dimension_once_in_the_order_of_the_rules(self):
        assert tag_keys(RULES) == {
            "x_Team": ["user_team", "team", "squad"], "x_Stage": ["user_stage"], "x_Model": ["model"],
        }  # fmt: skip


class TestSpellings:
    def test_rules_that_read_them_as_one_leave_the_tag_to_be_corrected(self):
        """Names of the stage stand for the stage tag, names of the team for the team's."""
        found = hygiene(
            user_team=[("Search", "a", 9), ("SRCH", "b", 1)], user_stage=[("training", "a", 5), ("Train", "b", 3)]
        )
        said = "Rules read them as one; correct the tag at its source"
        assert fixes(found) == {("stage", "training"): said, ("team", "Search"): said}

    def test_another_case_of_a_name_that_no_rule_knows_is_another_name_and_is_to_be_named(self):
        found = hygiene(model=[("Ranker", "a", 9), ("ranker", "b", 1)])
        assert fixes(found) == {("model", "Ranker"): "Add to the rule file: names: x_Model: Ranker: - ranker"}

    def test_a_name_of_another_dimension_stands_for_nothing_here(self):
        found = hygiene(model=[("Train", "a", 9), ("train", "b", 1)], user_team=[("training", "a", 9)])
        assert fixes(found) == {("model", "Train"): "Add to the rule file: names: x_Model: Train: - train"}

    def test_a_row_says_the_money_under_the_others(self):
        found = hygiene(user_team=[("Search", "a", 9), ("SEARCH", "b", 2), ("srch", "c", 1)])
        assert [row[:4] for row in found.variant_rows()] == [["team", "Search", "SEARCH, srch", "$3.00"]]


class TestMissing:
    def test_a_tag_that_nobody_carries_is_no_finding(self):
        found = hygiene(user_team=[(None, "a", 9)], user_stage=[(None, "a", 6), ("training", "b", 3)])
        assert [row[:5] for row in found.missing_rows()] == [
            ["stage", "1", "$6.00", "67%", "Set the tag stage on 1 resource, beginning with a."]
        ]

    def test_nothing_lacks_a_tag(self):
        found = hygiene(user_team=[("Search", "a", 9)])
        assert found.finding() == "No resource here lacks a tag that the others carry"
        assert found.missing_rows() == found.variant_rows() == []
