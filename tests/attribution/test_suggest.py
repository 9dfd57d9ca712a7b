"""Suggested rules: from a name, from neighbours, from an account, or none; and that the rule does what it says."""

from __future__ import annotations

from decimal import Decimal

import pytest
import yaml

from costlib.attribution.read import read_items
from costlib.attribution.rule_file import parse_rules
from costlib.attribution.suggest import Item, biggest, suggestions
from costlib.store.question import Question
from tests.builders import focus_row, load_into, opened, ruleset, write_csv


def item(resource, amount=10, team=None, account="ml", service="S"):
    return Item(account, service, resource, team, Decimal(amount))


def only(*items, names=()):
    (found,) = suggestions(items, names)
    return found


class TestByName:
    def test_a_teams_name_in_the_resource(self):
        found = only(item("i-1", team="Search"), item("arn:x:bucket/SEARCH-logs-7", 5))
        assert (found.team, found.condition, found.amount) == ("Search", ("ResourceId", "*/SEARCH-*"), 5)

    def test_a_name_of_two_words_with_its_own_punctuation(self):
        found = only(item("i-1", team="Support Assistant"), item("x/support_assistant/9"))
        assert found.condition == ("ResourceId", "*/support_assistant/*")

    @pytest.mark.parametrize(
        ("resource", "pattern"),
        [("search", "search"), ("search-1", "search-*"), ("x-search", "*-search"), ("a/x-search-1", "*-search-*")],
    )
    def test_the_pattern_takes_whole_words_only(self, resource, pattern):
        assert only(item("i-1", team="Search"), item(resource)).condition == ("ResourceId", pattern)

    def test_a_models_name_stands_for_its_team(self):
        assert only(item("e/fraud-scorer-2"), names=[("fraud-scorer", "Fraud")]).team == "Fraud"

    def test_the_longer_name_first(self):
        rows = [item("a", team="Search"), item("b", team="Search Ads"), item("x-search-ads-1")]
        assert only(*rows).team == "Search Ads"

    def test_the_reason_says_the_name_as_the_resource_spells_it(self):
        found = only(item("i-1", team="Search"), item("x/SEARCH-logs"))
        assert found.reason == "its name in the resource (SEARCH)"
        assert found.rule.startswith("- name: 'Search: its name in the resource (SEARCH)'\n  when:\n")

    @pytest.mark.parametrize(
        ("resource", "pattern"),
        [("/search/x", "/search/*"), ("x/search/", "*/search/"), ("/search/", "/search/"), ("-search", "-search")],
    )
    def test_one_sign_beside_the_name_is_that_sign_and_no_star(self, resource, pattern):
        assert only(item("i-1", team="Search"), item(resource)).condition == ("ResourceId", pattern)

    @pytest.mark.parametrize("resource", ["research-data", "searching", "a.researcher", None, ""])
    def test_a_name_inside_another_word_says_nothing(self, resource):
        assert suggestions([item("i-1", team="Search", account="a"), item(resource, account="b")]) == []

    def test_the_longer_name_counts_however_long_the_team_s_is(self):
        names = [("rank", "Recommendations and Ranking"), ("rank-search", "Web")]
        assert only(item("x/rank-search/1"), names=names).team == "Web"

    def test_four_letters_are_a_name(self):
        assert only(item("i-1", team="Data", account="a"), item("x-data-y", account="b")).team == "Data"

    @pytest.mark.parametrize(
        ("team", "found"), [("Search And Rescue Ops", True), ("Search And Rescue Ops West", False)]
    )
    def test_a_name_of_four_words_is_looked_for_and_of_five_is_not(self, team, found):
        resource = f"x/{team.lower().replace(' ', '-')}/1"
        assert bool(suggestions([item("i-1", team=team, account="a"), item(resource, account="b")])) is found

    def test_short_names_say_nothing(self):
        assert suggestions([item("i-1", team="ML", account="a"), item("x-ml-y", account="b")]) == []


class TestByNeighbours:
    ROWS = (item("job/rank-train-1", team="A"), item("job/rank-train-2", team="A"))

    def test_resources_whose_names_begin_alike(self):
        found = only(*self.ROWS, item("job/rank-train-3", 5, account=None), item("job/rank-train-4", 2, account=None))
        assert (found.team, found.condition) == ("A", ("ResourceId", "job/rank-train-*"))
        assert (found.amount, found.resources) == (7, 2)

    @pytest.mark.parametrize(("beginning", "team"), [("jobs", "A"), ("job", None)])
    def test_four_letters_are_a_beginning(self, beginning, team):
        rows = [item(f"x/{beginning}-{n}", team="A", account="a") for n in (1, 2)]
        found = suggestions([*rows, item(f"x/{beginning}-3", account="b")])
        assert [one.team for one in found] == ([team] if team else [])

    def test_line_items_are_added_up(self):
        rows = [Item(None, "S", f"job/rank-train-{n}", None, Decimal(1), n) for n in (3, 4)]
        assert only(*self.ROWS, *rows).line_items == 7

    def test_one_neighbour_is_not_enough(self):
        assert suggestions([self.ROWS[0], item("job/rank-train-3", account="other")]) == []

    @pytest.mark.parametrize(("theirs", "team"), [("0.99", "A"), ("1.01", None)])
    def test_neighbours_agree_from_nineteen_parts_of_twenty_on(self, theirs, team):
        """Together A owns 19 dollars; beside 0.99 or 1.00 of B that is 95 % of it, beside 1.01 it is not."""
        rows = [item(f"job/rank-train-{n}", "9.50", team="A") for n in (1, 2)]
        for other, expected in ((theirs, team), ("1.00", "A")):
            more = [item("job/rank-train-8", other, team="B"), item("job/rank-train-3", account=None)]
            assert [one.team for one in suggestions([*rows, *more])] == ([expected] if expected else [])

    def test_a_credit_of_another_team_is_as_much_of_a_neighbour_as_a_charge(self):
        """Less its credit B owns nothing, and its resource stands there all the same."""
        rows = [*self.ROWS, item("job/rank-train-8", 20, team="B"), item("job/rank-train-8", -20, team="B")]
        assert suggestions([*rows, item("job/rank-train-3", account=None)]) == []

    @pytest.mark.parametrize(("cost", "said"), [("0.01", 1), (0, 0)])
    def test_neighbours_of_cents_say_as_much_as_others_and_free_ones_nothing(self, cost, said):
        rows = [item(f"job/rank-train-{n}", cost, team="A") for n in (1, 2)]
        assert len(suggestions([*rows, item("job/rank-train-3", account=None)])) == said

    def test_neighbours_who_disagree_say_nothing(self):
        rows = [*self.ROWS, item("job/rank-train-8", 2, team="B")]
        assert suggestions([*rows, item("job/rank-train-3", account=None)]) == []

    def test_all_instances_are_no_neighbours(self):
        rows = [item(f"arn:instance/i-{n}", team="A", account="a") for n in range(5)]
        assert suggestions([*rows, item("arn:instance/i-9", account="b")]) == []


class TestByAccount:
    def test_the_one_team_of_an_account(self):
        found = only(item("x", team="A"), item("y", team="A"), item(None, 7, service="Support"))
        assert (found.team, found.condition, found.reason) == ("A", ("SubAccountName", "ml"), "account ml")

    def test_a_team_that_owns_almost_all_of_it(self):
        rows = [item("x", 96, team="A"), item("y", 4, team="B"), item(None)]
        assert only(*rows).team == "A"
        assert suggestions([item("x", 94, team="A"), item("y", 6, team="B"), item(None)]) == []


class TestAll:
    def test_the_one_that_places_most_first_and_credits_by_their_size(self):
        rows = [item("a", team="Search"), item("b", team="Fraud"), item("x-search-1", 5), item("x-fraud-1", -9)]
        assert [one.team for one in suggestions(rows)] == ["Fraud", "Search"]

    def test_the_order_of_items_does_not_matter(self):
        rows = [*TestByNeighbours.ROWS, item("job/rank-train-3"), item("x", 3), item("y-search", team="Search")]
        assert suggestions(rows) == suggestions(rows[::-1])

    def test_nothing_known_nothing_suggested(self):
        assert suggestions([item("x"), item(None)]) == []
        assert suggestions([]) == []

    def test_the_biggest_unallocated_items(self):
        rows = [item("a", 1), item("b", -5), item("c", 3), item("d", 99, team="A")]
        assert [one.resource for one in biggest(rows, 2)] == ["b", "c"]

    def test_twenty_of_them_where_nobody_says_how_many(self):
        assert len(biggest([item(f"r-{n}", n) for n in range(30)])) == 20

    def test_an_item_is_one_line_item_where_nobody_says_how_many(self):
        assert only(*TestByNeighbours.ROWS, item("job/rank-train-3"), item("job/rank-train-4")).line_items == 2

    def test_letters_of_any_script_stay_readable_in_the_rule(self):
        found = only(item("a", team="Équipe Été"), item("b", team="Équipe Été"), item("c"))
        assert "x_Team: Équipe Été" in found.rule

    def test_equal_amounts_go_by_account_service_and_resource(self):
        ordered = [item(None, account=None), item("b", account="a", service="A"), item(None, account="a"),
                   item("a", account="a"), item("c", account="b", service="A")]  # fmt: skip
        assert biggest(ordered[::-1]) == biggest(ordered) == ordered

    def test_words_of_a_bill_are_data(self):
        found = only(item("a", team="O'Brien: [x]\n- y"), item("b", team="O'Brien: [x]\n- y"), item("c"))
        (rule,) = yaml.safe_load(found.rule)
        assert rule["set"] == {"x_Team": "O'Brien: [x]\n- y"}

    def test_the_rule_places_what_it_says_and_nothing_else(self, tmp_path):
        rows = [
            focus_row(ResourceId="i-1"),
            focus_row(ResourceId="x/search-9", Tags=None),
            focus_row(ResourceId="x/search-8", Tags='{"team": "Recs"}'),
            focus_row(ResourceId="i-3", Tags=None, SubAccountId="1"),
        ]
        bill, team = write_csv(tmp_path / "bill.csv", rows), {"name": "t", "set": {"x_Team": {"tag": ["team"]}}}
        load_into(tmp_path / "store", bill, rules=ruleset(team))
        with opened(tmp_path / "store") as reader:
            (found,) = suggestions(read_items(reader, Question()))
        fallback = yaml.safe_load(found.rule)
        load_into(tmp_path / "store", bill, rules=parse_rules({"version": 1, "rules": [team], "fallback": fallback}))
        with opened(tmp_path / "store") as reader:
            teams = {row.values[0]: row.amount for row in reader.ask(Question(by=("x_Team",)))}
        assert teams == {"Search": Decimal("2.5"), "Recs": Decimal("1.25"), None: Decimal("1.25")}
        assert found.amount == Decimal("1.25")
