"""The rules in force as a table, and what a change of them moves: figures worked out by hand from a few sums."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal as D
from types import SimpleNamespace
from typing import Any

import pytest

from costlib.attribution.rule_file import rules_of_text
from costlib.store.preview import Change, Move, Preview
from costlib.store.question import Question, Row
from ui.rules.preview import finding, silent_names
from ui.rules.table import NEVER, RuleFigures, Taken, conditions

TEXT = """version: 1
rules:
  - {name: team tag, set: {x_Team: {tag: [team, owner]}}}
  - {name: lab, when: {SubAccountName: [lab, lab-*], "tag:env": [""]}, set: {x_Team: Research}}
  - {name: last year, from: 2025-01-01, to: 2026-01-01, when: {ServiceName: Cluster}, set: {x_Stage: training}}
shared:
  - name: gpu
    match: [{ServiceName: Cluster}, {ServiceName: Network}]
    driver: even
    receivers: [{set: {x_Team: Search}}, {set: {x_Team: Recs}}]
"""


def summed(value: str, amount: str | None, items: int, currency: str = "USD") -> Row:
    return Row((value,), None, currency, None if amount is None else D(amount), items, int(amount is None))


class Answers:
    """A reader that gives these sums by rule and by pool."""

    def __init__(self, by_rule: Sequence[Row], by_pool: Sequence[Row] = ()) -> None:
        self.by_rule, self.by_pool = by_rule, by_pool

    def ask(self, question: Question) -> list[Row]:
        return list(self.by_rule if question.by == ("x_Rules",) else self.by_pool)


def figures(*by_rule: Row, pools: Sequence[Row] = (), text: str = TEXT) -> RuleFigures:
    reader: Any = Answers(by_rule, pools)
    return RuleFigures(reader, rules_of_text(text), text, "USD")


def of(shown: RuleFigures, name: str) -> dict[str, Any]:
    return next(row for row in shown.table() if row["Rule"] == name)


class TestTaken:
    """Rule 1 decides 10 and, with rule 2, another 5; in euro rule 3 decides 7; no rule decides 4."""

    SUMS = (summed("1", "10", 3), summed("1,2", "5.25", 1), summed("3", "7", 2, "EUR"), summed("0", "4", 9))

    def test_a_line_item_that_two_rules_decide_counts_for_both(self) -> None:
        shown = figures(*self.SUMS)
        assert shown.taken[1] == Taken(D("15.25"), 4) and shown.taken[2] == Taken(D("5.25"), 1)

    def test_a_rule_of_another_currency_matches_and_decides_nothing_here(self) -> None:
        row = of(figures(*self.SUMS), "last year")
        assert (row["Cost decided"], row["Line items"], row["Matches"]) == (0.0, 0, "yes")
        assert figures(*self.SUMS).silent == []

    def test_a_cost_that_no_bill_says_is_not_zero(self) -> None:
        shown = figures(summed("1", None, 3), summed("2", None, 1), summed("2", "5", 1), pools=[summed("gpu", None, 2)])
        assert shown.taken == {1: Taken(None, 3), 2: Taken(D(5), 2)}
        assert [of(shown, name)["Cost decided"] for name in ("team tag", "lab", "last year", "gpu")] == [
            None,
            5,
            0,
            None,
        ]

    def test_a_rule_that_nothing_names_never_matches(self) -> None:
        shown = figures(summed("1", "10", 3))
        assert shown.silent == ["lab", "last year"]
        assert (of(shown, "lab")["Matches"], of(shown, "team tag")["Matches"]) == (NEVER, "yes")

    def test_a_pool_shows_what_it_took(self) -> None:
        row = of(figures(pools=[summed("gpu", "12.345", 4)]), "gpu")
        assert (row["Cost decided"], row["Line items"], row["From"], row["No."]) == (12.35, 4, "shared pool", "")
        assert of(figures(), "gpu")["Matches"] == NEVER


class TestTable:
    def test_in_the_order_in_which_they_are_tried_and_numbered(self) -> None:
        rows = figures().table()
        assert [(row["No."], row["Rule"]) for row in rows] == [
            ("1", "team tag"),
            ("2", "lab"),
            ("3", "last year"),
            ("", "gpu"),
        ]

    def test_conditions_and_what_is_set_in_words(self) -> None:
        shown = figures()
        assert of(shown, "team tag")["When"] == "every line item"
        assert of(shown, "team tag")["Sets"] == "Team: the tag team or owner"
        assert of(shown, "lab")["When"].endswith("is lab or lab-*; tag env is not there")
        assert of(shown, "last year")["When"].endswith("is Cluster, from 1 Jan 2025, before 1 Jan 2026")
        assert of(shown, "gpu")["When"] == "Service is Cluster or Service is Network"
        assert of(shown, "gpu")["Sets"] == "split by even"

    def test_the_first_rules_of_the_file_are_yours_those_after_the_shipped_ones_too(self) -> None:
        text = TEXT.replace("version: 1\n", "version: 1\nextends: shipped\n") + (
            "fallback:\n  - {name: the rest, set: {x_Team: Platform}}\n"
        )
        rows = [row for row in figures(text=text).table() if row["From"] not in ("derived", "shared pool")]
        first, shipped, (last,) = rows[:3], rows[3:-1], rows[-1:]
        assert [(row["Rule"], row["From"]) for row in first] == [
            ("team tag", "yours"),
            ("lab", "yours"),
            ("last year", "yours"),
        ]
        assert shipped and {row["From"] for row in shipped} == {"shipped"}
        assert (last["Rule"], last["From"]) == ("the rest", "yours, last")


def many(count: int) -> str:
    rules = "\n".join(f"  - {{name: rule {at}, set: {{x_Team: Search}}}}" for at in range(1, count + 1))
    return f"version: 1\nrules:\n{rules}\n"


class TestFinding:
    @pytest.mark.parametrize(
        ("count", "matching", "said"),
        [
            (1, 1, "1 rule says who pays; it decides something"),
            (1, 0, "1 rule says who pays; it never matches"),
            (2, 2, "2 rules say who pays; every one of them decides something"),
            (3, 3, "3 rules say who pays; every one of them decides something"),
            (3, 2, "3 rules say who pays; 1 rule never matches"),
            (3, 1, "3 rules say who pays; 2 of the rules never match"),
            (12, 1, "12 rules say who pays; 11 of the rules never match"),
            (22, 1, "22 rules say who pays; 21 of the rules never match"),
        ],
    )
    def test_how_many_rules_there_are_and_how_many_never_match(self, count: int, matching: int, said: str) -> None:
        sums = [summed(str(at), "1", 1) for at in range(1, matching + 1)]
        assert figures(*sums, text=many(count)).finding() == said

    def test_pools_are_counted_beside_them(self) -> None:
        both = TEXT + "  - {name: lake, match: {ServiceName: Lake}, driver: direct}\n"
        assert figures().finding().startswith("3 rules and 1 shared pool say who pays")
        assert figures(text=both).finding().startswith("3 rules and 2 shared pools say who pays")

    def test_one_rule_and_a_pool_are_two(self) -> None:
        alone = TEXT[: TEXT.index("  - {name: lab")] + TEXT[TEXT.index("shared:") :]
        said = figures(text=alone).finding()
        assert said == "1 rule and 1 shared pool say who pays; 1 rule never matches"


@pytest.mark.parametrize(
    ("when", "said"),
    [
        ({"ServiceName": ["a"]}, "Service is a"),
        ({"ServiceName": ["a", ""]}, "Service is a or is not there"),
        ({"tag:a b": ["*"]}, "tag a b is *"),
        ({}, ""),
    ],
)
def test_conditions_in_words(when: dict[str, list[str]], said: str) -> None:
    assert conditions(when) == said


def change(team: str | None, before: str | None, after: str | None, currency: str = "USD") -> Change:
    known = [None if amount is None else D(amount) for amount in (before, after)]
    return Change("x_Team", team, currency, *known)


def preview(*changes: Change, items: int = 0) -> Any:
    moves = (Move("Search", "Recs", "USD", D(1), items),) if items else ()
    return Preview("EffectiveCost", changes, moves, (), (), ())


class TestPreview:
    def test_what_some_gain_is_what_changes_hands(self) -> None:
        """Search gives 30 away: Recs gets 20 and Ads, which had nothing, 10."""
        shown = preview(change("Search", "100", "70"), change("Recs", "5", "25"), change("Ads", "0", "10"), items=7)
        assert finding(shown, "USD") == "$30.00 changes hands; 7 line items get another owner"

    def test_what_gets_a_team_and_what_loses_it(self) -> None:
        gets = preview(change(None, "40", "10"), change("Recs", "5", "35"))
        loses = preview(change(None, "10", "40"), change("Recs", "35", "0"), change("Ads", "0", "5"))
        assert finding(gets, "USD") == "$30.00 changes hands, $30.00 of it gets a team"
        assert finding(loses, "USD") == "$35.00 changes hands, $30.00 of it loses its team"

    def test_other_currencies_are_not_added_up(self) -> None:
        shown = preview(change("Search", "100", "70"), change("Recs", "5", "35"), change("Recs", "1", "900", "EUR"))
        assert finding(shown, "USD").startswith("$30.00 changes hands")

    def test_where_no_team_pays_more_other_sums_are_counted(self) -> None:
        other = Change("x_Model", "ranker", "USD", D(1), D(2))
        assert finding(preview(other), "USD") == "No team pays more or less; 1 other sum changes"
        assert finding(preview(), "USD").startswith("Nothing changes")

    def test_rules_that_decide_nothing_come_before_pools_that_take_nothing(self) -> None:
        shown: Any = SimpleNamespace(silent=(3, 1), silent_pools=("gpu",))
        assert silent_names(shown, rules_of_text(TEXT)) == ["last year", "team tag", "gpu"]
