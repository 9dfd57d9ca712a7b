"""Words of a rule file are data: quotes, SQL, patterns made to run for ever, documents made to unfold without end."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from costlib.attribution.conditions import matches, pattern_matches
from costlib.attribution.rule_file import rules_of_text
from costlib.errors import RuleError
from tests.builders import base_rows, built, ruleset

HOSTILE = [
    "'; DROP TABLE base; --", "x' OR '1'='1", '"; COPY base TO \'/tmp/x\'; --', "\\' OR TRUE --", "%", "_", "\\", "\\%",
    "${HOME}", "{0}", "?", "$1", "(a+)+$", "[a-z", "NULL", "🤖", "line\nbreak", "tab\t",
]  # fmt: skip


class TestWordsAreData:
    @pytest.mark.parametrize("word", HOSTILE)
    def test_in_conditions_values_tags_and_pools(self, word):
        plain = ruleset(
            {"name": word, "when": {"ServiceName": word, f"tag:{word}": word}, "set": {"x_Team": word}},
            names={"x_Team": {word: [word]}},
            shared=[{"name": word, "match": {"x_Team": word, "ServiceName": word}, "driver": "even",
                     "receivers": [{"set": {"x_Team": word, "x_Model": word}}]}],
        )  # fmt: skip
        rows = base_rows({"ServiceName": word, "Tags": {word: word}}, {"ServiceName": "other", "Tags": {word: word}})
        with built(rows, plain) as cube:
            found = cube.execute("SELECT x_Team, x_Pool, x_Model FROM cube ORDER BY x_Team NULLS LAST").fetchall()
        assert found == [(word, word, word), (None, None, None)]

    @settings(max_examples=25)
    @given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="*\0"), min_size=1).filter(str.strip))
    def test_any_text_matches_itself_only(self, text):
        one = ruleset({"name": "n", "when": {"ServiceName": text}, "set": {"x_Team": text}})
        with built(base_rows({"ServiceName": text}, {"ServiceName": text + "x"}), one) as cube:
            assert cube.execute("SELECT COUNT(*) FROM resource_days WHERE x_Team = ?", [text]).fetchall() == [(1,)]


class TestPatternsEnd:
    BOMB, LONG = "*a_" * 40 + "*b", "b" + "a_" * 4000

    def test_in_the_engine(self):
        rows = base_rows(*({"ServiceName": self.LONG + str(n)} for n in range(20)))
        began = time.monotonic()
        with built(rows, ruleset({"name": "n", "when": {"ServiceName": self.BOMB}, "set": {"x_Team": "T"}})) as cube:
            assert cube.execute("SELECT DISTINCT x_Team FROM cube").fetchall() == [(None,)]
        assert time.monotonic() - began < 5

    def test_for_usage_records(self):
        began = time.monotonic()
        assert not pattern_matches(self.BOMB, self.LONG)
        assert time.monotonic() - began < 1

    @settings(max_examples=60)
    @given(st.text("ab*_%", max_size=6), st.text("abAB_%", max_size=6))
    def test_both_say_the_same(self, engine, pattern, text):
        if pattern:
            condition = matches("ServiceName", [pattern])
            found = engine.execute(f"SELECT {condition} FROM (SELECT ? AS ServiceName)", [text]).fetchall()
            assert [(pattern_matches(pattern, text),)] == found


class TestDocuments:
    def test_aliases_that_unfold_without_end(self):
        levels = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
        levels += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12)]
        with pytest.raises(RuleError, match="unfolds to"):
            rules_of_text("\n".join([*levels, "version: 1", "rules: []"]))

    def test_a_list_that_holds_itself(self):
        with pytest.raises(RuleError):
            rules_of_text("version: 1\nrules: &r [*r]")

    @pytest.mark.parametrize("text", ["", "- a", "version: 1", "!!python/object/apply:os.system [ls]", "a: b: c", "\0"])
    def test_what_is_no_rule_file(self, text):
        with pytest.raises(RuleError):
            rules_of_text(text)


MANY = [{"set": {"x_Team": str(number)}} for number in range(11)]


class TestPoolsRefused:
    @pytest.mark.parametrize(
        ("changes", "message"),
        [
            ({"driver": "usage", "receivers": []}, "needs usage"),
            ({"receivers": []}, "needs receivers"),
            ({"driver": "fixed"}, "share of more than 0"),
            ({"driver": "even", "idle": "shares"}, "share of more than 0"),
            ({"receivers": [{"set": {"x_Team": "A"}}, {"set": {"x_Team": "A"}}]}, "two receivers set the same"),
            ({"receivers": [{"set": {"x_Colour": "A"}}]}, "no x_Colour"),
            ({"receivers": [{"set": {}}]}, "receivers > 1 > set: an empty mapping is refused. Expected: at least one"),
            ({"match": {"Colour": "red"}}, "no Colour"),
            ({"match": []}, "at least one value"),
            ({"driver": "weather"}, "driver"),
            ({"receivers": [{"set": {"x_Team": "A"}, "share": -1}]}, "share: -1 is refused. Expected: 0 or more"),
            ({"driver": "shapley", "usage": {"cluster": "c"}, "over": "month"}, "is over: day"),
            ({"driver": "shapley", "usage": {"cluster": "c"}, "receivers": MANY}, "at most"),
            ({"driver": "quota", "usage": {"cluster": "c", "node_size": 0}}, "0 is refused. Expected: more than 0"),
        ],
    )  # fmt: skip
    def test_with_what_is_wrong(self, changes, message):
        sound = {"name": "p", "match": {"ServiceName": "S"}, "driver": "even", "receivers": [{"set": {"x_Team": "A"}}]}
        with pytest.raises(RuleError, match=message):
            ruleset(shared=[sound | changes])

    def test_a_name_twice(self):
        sound = {"name": "p", "match": {"ServiceName": "S"}, "driver": "even", "receivers": [{"set": {"x_Team": "A"}}]}
        with pytest.raises(RuleError, match="second pool p"):
            ruleset(shared=[sound, sound])
