"""What rules find: first match, tags, names, patterns, days, derivations, and which rule it was."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from costlib.attribution.rule_file import SHIPPED, parse_rules, read_rules
from costlib.focus import ATTRIBUTES, RULES, fold
from tests.builders import rule_numbers, ruleset

HOSTILE = (
    "x'; DROP TABLE base; --",
    'so "called"',
    "back\\slash",
    "ünï 東京 🚀",
    "{json}",
    "$1",
    "a\nb",
    "''",
    "%",
    "_",
    "[a-z]+",
    "(?i).*",
)


def team(apply, rules, *rows):
    return [found["x_Team"] for found in apply(rules, *rows)]


class TestFirstMatch:
    RULES = ruleset(
        {"name": "one", "when": {"ServiceName": "A*"}, "set": {"x_Team": "first"}},
        {"name": "two", "when": {"ServiceName": "AB*"}, "set": {"x_Team": "second", "x_Model": "second"}},
        {"name": "rest", "set": {"x_Model": "rest"}},
    )

    def test_the_first_rule_that_sets_a_dimension_wins_for_each_dimension_by_itself(self, apply):
        (found,) = apply(self.RULES, {"ServiceName": "ABC"})
        assert (found["x_Team"], found["x_Model"]) == ("first", "second")

    def test_what_no_rule_sets_is_unallocated(self, apply):
        (found,) = apply(self.RULES, {"ServiceName": "Z"})
        assert {name: found[name] for name in ATTRIBUTES} == dict.fromkeys(ATTRIBUTES) | {"x_Model": "rest"}

    def test_the_order_in_the_file_decides(self, apply):
        rules = [{"name": name, "set": {"x_Team": name}} for name in "ab"]
        assert team(apply, ruleset(*rules), {}) == ["a"]
        assert team(apply, ruleset(*rules[::-1]), {}) == ["b"]

    def test_no_rules_at_all(self, apply):
        assert apply(ruleset(), {}) == [dict.fromkeys(ATTRIBUTES) | {RULES: "0,0,0,0,0,0,0,0,0"}]


class TestTags:
    def test_the_first_key_that_the_row_carries(self, apply):
        rules = ruleset({"name": "tag", "set": {"x_Team": {"tag": ["user:team", "team", "Team"]}}})
        rows = [
            {"tags": {"Team": "c", "team": "b", "user:team": "a"}},
            {"tags": {"Team": "c", "team": " "}},
            {"tags": {"Team": "c", "user:team": None}},
            {"tags": {"TEAM": "x"}},
            {"tags": {}},
            {"tags": None},
        ]
        assert team(apply, rules, *rows) == ["a", "c", "c", None, None, None]

    def test_a_row_without_the_tag_goes_to_the_next_rule(self, apply):
        rules = ruleset(
            {"name": "tag", "set": {"x_Team": {"tag": "team"}}}, {"name": "rest", "set": {"x_Team": "Shared"}}
        )
        assert team(apply, rules, {"tags": {"team": "Fraud"}}, {"tags": {"team": ""}}) == ["Fraud", "Shared"]

    @pytest.mark.parametrize("key", HOSTILE)
    def test_keys_and_values_are_data(self, apply, key):
        rules = ruleset({"name": "tag", "set": {"x_Team": {"tag": key}}})
        assert team(apply, rules, {"tags": {key: key}}, {"tags": {"other": key}}) == [key, None]

    def test_a_tag_can_be_a_condition(self, apply):
        rules = ruleset({"name": "tag", "when": {"tag:app": ["fraud*", "risk"]}, "set": {"x_Team": "Fraud"}})
        rows = [{"tags": {"app": value}} for value in ("Fraud-Scorer", "RISK", "risky")] + [{"tags": None}]
        assert team(apply, rules, *rows) == ["Fraud", "Fraud", None, None]


class TestNames:
    RULES = ruleset(
        {"name": "tag", "set": {"x_Team": {"tag": "team"}, "x_Model": {"tag": "model"}}},
        names={"x_Team": {"Search": ["search & discovery", "SRCH"], "Équipe 7": ["équipe sept"]}},
    )

    @pytest.mark.parametrize(
        "text", ["Search", "search", " SEARCH ", "s-e_a.r/c h", "srch", "Search & Discovery", "search discovery"]
    )
    def test_case_blanks_punctuation_and_aliases_become_the_name(self, apply, text):
        assert team(apply, self.RULES, {"tags": {"team": text}}) == ["Search"]

    @pytest.mark.parametrize("text", ["Équipe 7", "équipe-7", "ÉQUIPE SEPT", "équipe7"])
    def test_letters_of_any_script_count(self, apply, text):
        assert team(apply, self.RULES, {"tags": {"team": text}}) == ["Équipe 7"]

    def test_other_values_stay_as_they_are_trimmed(self, apply):
        assert team(apply, self.RULES, {"tags": {"team": " Research "}}, {"tags": {"team": "&"}}) == ["Research", "&"]

    def test_other_dimensions_are_not_touched(self, apply):
        (found,) = apply(self.RULES, {"tags": {"model": "SRCH"}})
        assert found["x_Model"] == "SRCH"

    @given(st.text(st.characters(categories=["L", "N", "P", "Zs"]), min_size=1, max_size=12).filter(fold))
    def test_a_name_means_itself_in_any_case(self, apply, name):
        rules = ruleset({"name": "tag", "set": {"x_Team": {"tag": "team"}}}, names={"x_Team": {name: []}})
        assert team(apply, rules, {"tags": {"team": f"{name} "}}) == [name]


class TestPatterns:
    @pytest.mark.parametrize(
        ("pattern", "matched", "not_matched"),
        [
            ("p5*", ["p5.48xlarge", "P5e"], ["ap5", "p4"]),
            ("*spot*", ["Spot", "EU-SpotUsage:g5"], ["sp ot"]),
            ("g5.xlarge", ["g5.xlarge", "G5.XLARGE"], ["g5-xlarge", "g5.xlarge2"]),
            ("100%", ["100%"], ["1000", "100"]),
            ("a_b", ["a_b"], ["axb"]),
            ("a%*", ["a%", "a%z"], ["ab"]),
            ("back\\slash", ["back\\slash"], ["backslash"]),
            ("[a-z]?", ["[a-z]?"], ["b", "bc"]),
            ("*", ["", "anything"], []),
            ("über", ["Über"], ["uber"]),
        ],
    )
    def test_a_star_is_anything_and_every_other_sign_is_itself(self, apply, pattern, matched, not_matched):
        rules = ruleset({"name": "p", "when": {"ServiceName": pattern}, "set": {"x_Team": "T"}})
        rows = [{"ServiceName": name} for name in (*matched, *not_matched)]
        assert team(apply, rules, *rows) == ["T"] * len(matched) + [None] * len(not_matched)

    @pytest.mark.parametrize("text", HOSTILE)
    def test_patterns_and_values_of_the_file_are_data(self, apply, text):
        rules = ruleset({"name": text, "when": {"ServiceName": text}, "set": {"x_Team": text}})
        rows = [{"ServiceName": text}, {"ServiceName": "other"}, {"ServiceName": None}]
        assert team(apply, rules, *rows) == [text, None, None]

    def test_all_conditions_hold_and_any_of_a_list(self, apply):
        rules = ruleset({"name": "p", "when": {"ServiceName": ["A", "B"], "RegionId": "eu*"}, "set": {"x_Team": "T"}})
        rows = [{"ServiceName": name, "RegionId": region} for name in "ABC" for region in ("eu-1", "us-1", None)]
        assert team(apply, rules, *rows) == ["T", None, None] * 2 + [None] * 3

    def test_a_column_may_be_named_as_in_earlier_versions(self, apply):
        rules = ruleset({"name": "p", "when": {"ProviderName": "AWS", "region": "eu"}, "set": {"x_Team": "T"}})
        assert team(apply, rules, {"ServiceProviderName": "AWS", "RegionId": "eu"}, {"RegionId": "eu"}) == ["T", None]

    def test_numbers_of_the_file_are_text(self, apply):
        rules = ruleset({"name": "p", "when": {"SubAccountId": 123}, "set": {"x_Team": 7}})
        assert team(apply, rules, {"SubAccountId": "123"}) == ["7"]


class TestDays:
    def test_from_is_in_and_to_is_out(self, apply):
        rules = ruleset({"name": "d", "from": "2026-03-01", "to": "2026-04-01", "set": {"x_Team": "T"}})
        days = [date(2026, 2, 28), date(2026, 3, 1), date(2026, 3, 31), date(2026, 4, 1)]
        assert team(apply, rules, *({"day": day} for day in days)) == [None, "T", "T", None]

    @pytest.mark.parametrize(("bound", "found"), [("from", [None, "T"]), ("to", ["T", None])])
    def test_either_may_be_left_open(self, apply, bound, found):
        rules = ruleset({"name": "d", bound: "2026-03-01", "set": {"x_Team": "T"}})
        assert team(apply, rules, {"day": date(2026, 2, 28)}, {"day": date(2026, 3, 1)}) == found


class TestDerive:
    RULES = ruleset(
        {"name": "tag", "set": {"x_Team": {"tag": "team"}}},
        {"name": "own unit", "when": {"ServiceName": "Own"}, "set": {"x_BusinessUnit": "Own"}},
        derive=[
            {"set": "x_BusinessUnit", "from": "x_Team", "values": {"Search": "Retail", "it's": "O'Unit"}},
            {"set": "x_Bucket", "from": "x_BusinessUnit", "values": {"Retail": "Run", "Own": "Grow"}},
        ],
    )

    def test_it_fills_what_the_rules_left_open_step_by_step(self, apply):
        rows = [
            {"tags": {"team": "Search"}},
            {"tags": {"team": "Search"}, "ServiceName": "Own"},
            {"tags": {"team": "it's"}},
        ]
        found = [(row["x_BusinessUnit"], row["x_Bucket"], row[RULES]) for row in apply(self.RULES, *rows)]
        assert found == [
            ("Retail", "Run", "3,1,0,0,0,0,4,0,0"),
            ("Own", "Grow", "2,1,0,0,0,0,4,0,0"),
            ("O'Unit", None, "3,1,0,0,0,0,0,0,0"),
        ]

    def test_other_values_and_unknown_ones_fill_nothing(self, apply):
        assert [row["x_BusinessUnit"] for row in apply(self.RULES, {"tags": {"team": "Other"}}, {})] == [None, None]


class TestWhichRule:
    def test_numbers_of_the_deciding_rules_in_the_order_of_the_dimensions(self, apply):
        (found,) = apply(TestFirstMatch.RULES, {"ServiceName": "ABC"})
        assert rule_numbers(found[RULES]) == dict.fromkeys(ATTRIBUTES, 0) | {"x_Team": 1, "x_Model": 2}

    def test_a_number_has_a_name_and_nought_has_none(self):
        rules = TestDerive.RULES
        assert [rules.rule_name(number) for number in range(5)] == [
            None,
            "tag",
            "own unit",
            "x_BusinessUnit from x_Team",
            "x_Bucket from x_BusinessUnit",
        ]

    def test_the_value_and_its_rule_always_go_together(self, apply):
        rows = [{"ServiceName": name, "tags": {"team": tag}} for name in ("A", "Own", None) for tag in ("Search", None)]
        for rules in (TestFirstMatch.RULES, TestDerive.RULES):
            for found in apply(rules, *rows):
                numbers = rule_numbers(found[RULES])
                assert {name for name in ATTRIBUTES if found[name] is not None} == {n for n in numbers if numbers[n]}


class TestDigest:
    def test_it_names_what_the_rules_do(self):
        rule = {"name": "a", "when": {"ServiceName": "A"}, "set": {"x_Team": "T"}}
        one = ruleset(rule)
        assert one.digest == ruleset(rule).digest == ruleset(rule | {"name": "renamed"}).digest
        assert one.digest != ruleset(rule | {"set": {"x_Team": "U"}}).digest
        assert one.digest != ruleset(rule, {"name": "b", "set": {"x_Model": "M"}}).digest

    def test_spellings_that_only_the_records_of_a_pool_carry_count(self):
        """Labels of usage find their team by the names of the file, though no rule sets the team by a tag."""
        pool = {"name": "gpu", "match": {"ServiceName": "G"}, "driver": "usage", "usage": {"cluster": "ml"}}
        rule = {"name": "a", "when": {"ServiceName": "A"}, "set": {"x_Team": "T"}}

        def rules(shared, *spellings):
            names = {"x_Team": {"Search": list(spellings)}} if spellings else {}
            return parse_rules({"version": 1, "names": names, "rules": [rule], "shared": shared}).digest

        assert rules([pool], "srch") != rules([pool], "finder") != rules([pool])
        assert rules([], "srch") == rules([], "finder") == rules([])


class TestExtends:
    def test_own_rules_come_first_and_shipped_ones_after(self):
        own = ruleset({"name": "mine", "set": {"x_Team": "T"}}, extends="shipped")
        shipped = read_rules(SHIPPED)
        assert [rule.name for rule in own.rules] == ["mine", *(rule.name for rule in shipped.rules)]

    def test_own_names_win_where_both_claim_a_spelling(self, apply, monkeypatch, tmp_path):
        shipped = tmp_path / "shipped.yaml"
        shipped.write_text(
            "version: 1\nnames: {x_Team: {A: [x], B: [y]}}\nrules: [{name: t, set: {x_Team: {tag: team}}}]\n"
        )
        monkeypatch.setattr("costlib.attribution.rule_file.SHIPPED", shipped)
        own = parse_rules({"version": 1, "extends": "shipped", "rules": [], "names": {"x_Team": {"A": ["y"]}}})
        spellings = ("a", "b", "x", "y")
        assert team(apply, own, *({"tags": {"team": text}} for text in spellings)) == ["A", "B", "A", "A"]


def test_the_shipped_rules_can_be_read_and_applied(apply):
    assert len(apply(read_rules(), {}, {"tags": {"team": "x"}})) == 2


AZURE, VERTEX = "Azure OpenAI Service", "Vertex AI"


@pytest.mark.parametrize(
    ("service", "meter", "unit", "stage", "kind"),
    [
        (AZURE, "gpt 4.1 Outp glbl Tokens", "1K", "real-time inference", "tokens"),
        (AZURE, "gpt-4o-mini-0718-Batch-Inp-glbl Tokens", "1K", "batch inference", "tokens"),
        (AZURE, "gpt-4o Training Tokens", "1K", "training", "tokens"),
        (AZURE, "Provisioned Managed Global Unit", "1 Hour", "real-time inference", None),
        ("Foundry Models", "5.4 inp Gl 1M Tokens", "1M", "real-time inference", "tokens"),
        (VERTEX, "Gemini 2.5 Flash Text Output - Predictions", "count", "real-time inference", "tokens"),
        (VERTEX, "Gemini 2.5 Flash GA Batch Text Input - Predictions", "count", "batch inference", "tokens"),
        (VERTEX, "Gemini 3 Flash Text Input Caching", "count", "real-time inference", "tokens"),
        (VERTEX, "Gemini 3 Flash Text Input Caching Storage", "count", None, "storage"),
        (VERTEX, "Vertex AI: Training A100 GPU in Netherlands", "seconds", "training", None),
        (VERTEX, "Vertex AI: Online Prediction N1 Core", "seconds", "real-time inference", None),
        (VERTEX, "Online/Batch Prediction N1 Predefined Instance Core", "seconds", None, None),
        ("Key Vault", "Tokens", "1K", None, None),
    ],
)
def test_shipped_rules_take_stage_and_tokens_from_meters_that_tell_them(apply, service, meter, unit, stage, kind):
    (found,) = apply(read_rules(SHIPPED), {"ServiceName": service, "SkuMeter": meter, "ConsumedUnit": unit})
    assert (found["x_Stage"], found["x_CostType"]) == (stage, kind)
