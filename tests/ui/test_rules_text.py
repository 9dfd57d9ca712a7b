"""Changes of the rule file as text: the one word changes, every comment stays, the result says what it should."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from costlib.attribution.rule_file import rules_of_text
from costlib.errors import InputError
from costlib.sample import RULES as SAMPLE
from tests.shared_cluster import RULES
from ui.rules.text import START, line_of_path, line_of_word, place_of, with_entry, with_value

ENTRY = "- name: theirs\n  when:\n    ResourceId: host-1\n  set:\n    x_Team: Search\n"
#: Values that a careless writer would paste: quotes, SQL, a regular expression that never ends, YAML of its own.
HOSTILE = (
    "it's",
    '"; DROP TABLE cube; --',
    "(a+)+$",
    "a: b",
    "- x",
    "# no comment",
    "{a}",
    "&a",
    "*",
    "yes",
    "07",
    "é ✓",
)


def lines_changed(before: str, after: str) -> tuple[set[str], set[str]]:
    """Lines that are only in the first text, and only in the second."""
    return set(before.splitlines()) - set(after.splitlines()), set(after.splitlines()) - set(before.splitlines())


class TestValue:
    def test_one_word_changes_and_its_comment_stays(self) -> None:
        gone, come = lines_changed(RULES, with_value(RULES, ["shared", 0, "driver"], "quota"))
        assert gone == {"    driver: usage   # as agreed in spring"}
        assert come == {"    driver: quota   # as agreed in spring"}

    def test_a_new_word_goes_below_the_name(self) -> None:
        text = with_value(RULES, ["shared", 0, "idle"], "reserved")
        assert lines_changed(RULES, text) == (set(), {"    idle: reserved"})
        assert rules_of_text(text).shared[0].idle == "reserved"

    def test_a_new_word_in_braces(self) -> None:
        text = with_value(RULES, ["shared", 0, "receivers", 1, "share"], 0.4)
        (line,) = lines_changed(RULES, text)[1]
        assert line.strip() == "- {set: {x_Team: Recs}, namespace: recs, quota_share: 0.25, share: 0.4}"

    def test_a_place_that_is_not_there_is_refused(self) -> None:
        with pytest.raises(InputError, match="has no shared > 7"):
            with_value(RULES, ["shared", 7, "driver"], "even")

    @pytest.mark.parametrize("value", HOSTILE)
    def test_a_value_is_data(self, value: str) -> None:
        text = with_value(RULES, ["rules", 1, "set", "x_Stage"], value)
        assert yaml.safe_load(text) == with_stage(yaml.safe_load(RULES), value)

    @given(st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=30))
    def test_any_text_comes_back_as_it_was(self, value: str) -> None:
        assert yaml.safe_load(with_value(RULES, ["rules", 1, "set", "x_Stage"], value)) == with_stage(
            yaml.safe_load(RULES), value
        )


def with_stage(document: dict, value: str) -> dict:
    document["rules"][1]["set"]["x_Stage"] = value
    return document


class TestEntry:
    @pytest.mark.parametrize(
        "text",
        [
            RULES,
            START,
            SAMPLE.read_text(encoding="utf-8"),
            "version: 1\nrules: []\nfallback:\n  - {name: last, set: {x_Team: B}}\n",
            "version: 1\nrules: []\nfallback:\n- {name: last, set: {x_Team: B}}\n",
            "version: 1\nrules: []\nfallback: [{name: last, set: {x_Team: B}}]\n",
            "version: 1\nrules: []\nfallback: []\nderive: []\n",
        ],
        ids=["new section", "start", "sample", "indented", "not indented", "in brackets", "empty"],
    )
    def test_the_entry_comes_first_and_the_rest_stays(self, text: str) -> None:
        before, after = yaml.safe_load(text), yaml.safe_load(with_entry(text, "fallback", ENTRY))
        assert after["fallback"] == [*yaml.safe_load(ENTRY), *(before.get("fallback") or [])]
        assert {name: after[name] for name in before if name != "fallback"} == {
            name: before[name] for name in before if name != "fallback"
        }
        rules_of_text(with_entry(text, "fallback", ENTRY))

    def test_comments_stay(self) -> None:
        assert lines_changed(RULES, with_entry(RULES, "fallback", ENTRY))[0] == set()

    @pytest.mark.parametrize("text", ["[", "", "just words"])
    def test_what_is_no_rule_file_is_refused(self, text: str) -> None:
        with pytest.raises(InputError):
            with_entry(text, "fallback", ENTRY)


def test_places_and_lines() -> None:
    assert (place_of(RULES, "shared", "gpu"), place_of(RULES, "shared", "cpu"), place_of(RULES, "none", "a")) == (
        0,
        None,
        None,
    )
    lines = RULES.splitlines()
    assert lines[(line_of_path(RULES, ["shared", 0, "driver"]) or 0) - 1].strip().startswith("driver")
    assert line_of_path(RULES, ["shared", 0, "nothing"]) == line_of_path(RULES, ["shared", 0])
    assert "Ghost" in lines[(line_of_word(RULES, "Ghost") or 0) - 1]
    assert line_of_word(RULES, "nobody wrote this") is None


def test_repetitions_are_walked_once() -> None:
    bomb = "a: &a [x, x]\nb: &b [*a, *a]\n" + "".join(f"c{n}: &c{n} [*b, *b]\n" for n in range(30))
    assert line_of_word(bomb, "nothing") is None
