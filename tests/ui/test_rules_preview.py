"""The preview of other rules in words and rows: who pays more, what loses its team, what decides nothing."""

from __future__ import annotations

from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from costlib.focus import COST_KIND
from costlib.store.preview import Change, Move, Preview
from tests.builders import ruleset
from ui.rules.preview import _move, _sums, finding, preview_panel, silent_names


def change(value, before, after, dimension="x_Team", currency="USD"):
    amounts = [None if one is None else Decimal(one) for one in (before, after)]
    return Change(dimension, value, currency, *amounts)


def preview(*changes, moves=(), silent=(), silent_pools=()):
    return Preview("EffectiveCost", tuple(changes), tuple(moves), (), tuple(silent), tuple(silent_pools))


def move(before, after, amount, line_items=1):
    return Move(before, after, "USD", None if amount is None else Decimal(amount), line_items)


class TestFinding:
    def test_what_one_team_loses_another_has_counts_once(self):
        found = preview(change("Search", 100, 60), change("Recs", 5, 45), moves=[move("Search", "Recs", 40, 3)])
        assert finding(found, "USD") == "$40.00 changes hands; 3 line items get another owner"

    def test_what_a_new_team_gets_and_an_old_one_no_longer_has(self):
        """A team that is not there before has nothing; after, the old one is not there."""
        found = preview(change("Old", 30, 0), change("New", 0, 30), moves=[move("Old", "New", 30)])
        assert finding(found, "USD") == "$30.00 changes hands; 1 line item gets another owner"

    @pytest.mark.parametrize(
        ("before", "after", "said"),
        [
            (0, 40, "$40.00 changes hands, $40.00 of it loses its team; 1 line item gets another owner"),
            (40, 0, "$50.00 changes hands, $40.00 of it gets a team; 1 line item gets another owner"),
        ],
    )
    def test_what_has_no_team(self, before, after, said):
        others = [change("Search", 50, 10)] if after else [change("Search", 10, 60), change("Recs", 10, 0)]
        assert finding(preview(*others, change(None, before, after), moves=[move("a", "b", 1)]), "USD") == said

    def test_sums_of_other_currencies_and_dimensions_are_no_money_of_this_one(self):
        found = preview(change("Search", 1, 9, currency="EUR"), change("ranker", 1, 9, dimension="x_Model"))
        assert finding(found, "USD") == "No team pays more or less; 2 other sums change"

    def test_cost_that_nobody_knows_moves_by_its_line_items_alone(self):
        found = preview(change("Old", None, 0), change(None, 0, None), moves=[move("Old", None, None, 2)])
        assert finding(found, "USD") == "No known cost changes hands; 2 line items get another owner"

    def test_one_other_sum_and_none(self):
        assert finding(preview(change("m", 1, 2, dimension="x_Model")), "USD") == (
            "No team pays more or less; 1 other sum changes"
        )
        assert finding(preview(), "USD") == "Nothing changes: every amount stays in place"

    @given(st.lists(st.tuples(st.integers(0, 99), st.integers(0, 99)), min_size=1, max_size=5))
    def test_what_changes_hands_is_what_is_lost_where_the_bill_stays_the_same(self, teams):
        """The last team makes up the difference, so that both sides sum to the same."""
        apart = sum(before for before, _ in teams) - sum(after for _, after in teams)
        rows = [change(str(place), *amounts) for place, amounts in enumerate(teams)]
        rows.append(change("rest", max(-apart, 0), max(apart, 0)))
        turned = [change(one.value, one.after, one.before) for one in rows]
        assert finding(preview(*rows), "USD") == finding(preview(*turned), "USD")


class TestRows:
    def test_a_sum_says_today_then_and_the_change(self):
        assert _sums(change("Search", 100, 60)) == ["Search", "$100.00", "$60.00", "−$40.00"]
        assert _sums(change("Recs", 5, "45.5")) == ["Recs", "$5.00", "$45.50", "+$40.50"]

    def test_a_value_that_is_not_there_costs_nothing(self):
        assert _sums(change("New", 0, 30)) == ["New", "$0.00", "$30.00", "+$30.00"]
        assert _sums(change("Old", 30, 0)) == ["Old", "$30.00", "$0.00", "−$30.00"]

    def test_a_sum_that_nobody_knows_is_no_zero(self):
        assert _sums(change("New", 0, None)) == ["New", "$0.00", "unknown", "unknown"]
        assert _sums(change("Old", None, 30)) == ["Old", "unknown", "$30.00", "unknown"]

    def test_what_has_no_team_and_the_kinds_of_cost_are_named_as_everywhere(self):
        assert _sums(change(None, 1, 2))[0] == "No team"
        assert _sums(change(None, 1, 2, dimension="x_Model"))[0] == "No model"
        assert _sums(change("unallocated", 1, 2, dimension=COST_KIND))[0] == "Unallocated"

    def test_a_move_has_both_owners(self):
        assert _move(move("Search", None, "1200.5", 1200)) == ["Search", "No team", "$1,200.50", "1,200"]
        assert _move(move(None, "Recs", None, 1)) == ["No team", "Recs", "unknown", "1"]


class TestSilent:
    RULES = ruleset(
        {"name": "first", "set": {"x_Team": "A"}},
        {"name": "second", "set": {"x_Team": "B"}},
        derive=[{"set": "x_BusinessUnit", "from": "x_Team", "values": {"A": "U"}}],
    )

    def test_rules_derivations_and_then_pools_by_name(self):
        found = preview(silent=[2, 3], silent_pools=["gpu"])
        assert silent_names(found, self.RULES) == ["second", "x_BusinessUnit from x_Team", "gpu"]
        assert silent_names(preview(), self.RULES) == []

    @pytest.mark.parametrize(
        ("silent", "said"),
        [([2], ["1 rule decides nothing in these bills: second."]),
         ([1, 2], ["2 rules decide nothing in these bills: first, second."]), ([], [])],
    )  # fmt: skip
    def test_the_foot_counts_them(self, silent, said, monkeypatch):
        drawn = drawing(monkeypatch)
        preview_panel(preview(silent=silent), self.RULES, "USD")
        assert drawn.captions == said


def drawing(monkeypatch: pytest.MonkeyPatch) -> Any:
    """What the panel would draw, without a page: headers, captions and tables in their order."""
    drawn = SimpleNamespace(headers=[], captions=[], tables=[])
    monkeypatch.setattr("ui.rules.preview.literal", str)
    monkeypatch.setattr("ui.rules.preview.st.header", lambda words, **how: drawn.headers.append(words))
    monkeypatch.setattr("ui.rules.preview.st.caption", drawn.captions.append)
    monkeypatch.setattr("ui.rules.preview.figures_table", lambda *table: drawn.tables.append(table))
    return drawn


class TestPanel:
    RULES = TestSilent.RULES

    def test_tables_in_order_the_largest_change_first_whichever_way(self, monkeypatch):
        drawn = drawing(monkeypatch)
        rows = [change("ranker", 1, 2, dimension="x_Model"), change("Small", 1, 2), change("Less", 90, 10),
                change("More", 0, 79), change("direct", 5, 4, dimension=COST_KIND),
                change("Retail", 5, 4, dimension="x_BusinessUnit")]  # fmt: skip
        preview_panel(preview(*rows, moves=[move("Less", "More", 79)]), self.RULES, "USD")
        titles = [table[0] for table in drawn.tables]
        assert titles == [
            "Cost that gets another owner, effective cost over all loaded bills, largest first",
            "Sums by team that change", "Sums by model that change", "Sums by kind of cost that change",
        ]  # fmt: skip
        assert [row[0] for row in drawn.tables[1][2]] == ["Less", "More", "Small"]
        assert drawn.tables[3][1] == ("Kind of cost", "Today", "With these rules", "Change")

    def test_a_change_that_nobody_knows_comes_last(self, monkeypatch):
        drawn = drawing(monkeypatch)
        preview_panel(preview(change("Unknown", 0, None), change("Known", 1, 2)), self.RULES, "USD")
        assert [row[0] for row in drawn.tables[0][2]] == ["Known", "Unknown"]

    def test_nothing_to_show_is_a_sentence_alone(self, monkeypatch):
        drawn = drawing(monkeypatch)
        preview_panel(preview(), self.RULES, "USD")
        assert (drawn.headers, drawn.tables) == (["Nothing changes: every amount stays in place"], [])

    def test_a_dozen_rows_at_most(self, monkeypatch):
        drawn = drawing(monkeypatch)
        many = [change(f"T{number:02}", 0, number + 1) for number in range(20)]
        preview_panel(preview(*many, moves=[move("a", "b", 1)] * 20), self.RULES, "USD")
        assert [len(table[2]) for table in drawn.tables] == [12, 12]
        assert drawn.tables[1][2][0][0] == "T19"
