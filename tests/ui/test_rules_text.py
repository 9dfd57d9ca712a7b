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


class TestWhereANewWordGoes:
    """Below the first word of the entry; over it where that holds more than a word, which must stay together."""

    @pytest.mark.parametrize(
        ("text", "path", "after"),
        [
            ("a:\n  b: 1\n", ["a", "c"], "a:\n  b: 1\n  c: x\n"),
            ("a:\n  b: 1 # why\n  d: 2\n", ["a", "c"], "a:\n  b: 1 # why\n  c: x\n  d: 2\n"),
            ("a:\n  b: {d: 1}\n", ["a", "c"], "a:\n  c: x\n  b: {d: 1}\n"),
            ("a:\n  b:\n    d: 1\n", ["a", "c"], "a:\n  c: x\n  b:\n    d: 1\n"),
            ("a:\n  b: 1", ["a", "c"], "a:\n  c: x\n  b: 1"),
            ("a:\n- b: 1\n", ["a", 0, "c"], "a:\n- b: 1\n  c: x\n"),
            ("a:\n- b: [1]\n", ["a", 0, "c"], "a:\n- c: x\n  b: [1]\n"),
            ("a: {}\n", ["a", "c"], "a: {c: x}\n"),
            ("a: { b: 1 }\n", ["a", "c"], "a: { b: 1, c: x}\n"),
        ],
    )
    def test_it_goes_where_a_reader_looks_for_it(self, text: str, path: list[str | int], after: str) -> None:
        made = with_value(text, path, "x")
        assert made == after
        before, now = yaml.safe_load(text), yaml.safe_load(made)
        held = now["a"][0] if len(path) == 3 else now["a"]
        assert held.pop("c") == "x" and now == before

    @pytest.mark.parametrize(
        ("value", "word"), [("even", "even"), (0.4, "0.4"), (5, "5"), ("yes", "'yes'"), ("two\nlines", '"two\\nlines"')]
    )
    def test_a_word_is_quoted_where_it_must_be(self, value: str | float, word: str) -> None:
        assert with_value("a: {b: 1}\n", ["a", "b"], value) == f"a: {{b: {word}}}\n"
        assert yaml.safe_load(with_value("a: {b: 1}\n", ["a", "b"], value))["a"]["b"] == value

    def test_a_long_word_stays_on_its_line(self) -> None:
        long = "a word " * 400 + "end"
        assert with_value("a:\n  b: 1\n", ["a", "b"], long).count("\n") == 2

    @pytest.mark.parametrize("path", [["a", "b", "c"], ["a", 0, "c"], ["x", "y"], ["list", "b", "c"], ["list", 5, "c"]])
    def test_a_place_that_is_none_is_refused_and_named(self, path: list[str | int]) -> None:
        named = " > ".join(map(str, path[:-1]))
        with pytest.raises(InputError, match=f"has no {named}"):
            with_value("a: {b: 1}\nlist: [1, 2]\n", path, "x")


class TestWhereAnEntryGoes:
    def test_entries_in_brackets_keep_their_order_and_the_order_of_their_words(self) -> None:
        text = "version: 1\nrules: []\nfallback: [{name: z, set: {x_Team: B}}, {name: a}]\n"
        made = with_entry(text, "fallback", "- name: first\n")
        assert yaml.safe_load(made)["fallback"] == [
            {"name": "first"},
            {"name": "z", "set": {"x_Team": "B"}},
            {"name": "a"},
        ]
        assert made.index("name: z") < made.index("set:") < made.index("name: a")

    def test_what_stands_after_the_section_stays_after_it(self) -> None:
        text = "version: 1\nfallback: []\n# the end\nrules: []\n"
        made = with_entry(text, "fallback", "- name: a\n")
        assert made == "version: 1\nfallback:\n  - name: a\n# the end\nrules: []\n"

    def test_a_section_that_is_there_and_empty_is_filled(self) -> None:
        made = with_entry("version: 1\nrules: []\nfallback:\n", "fallback", "- name: a\n")
        assert yaml.safe_load(made) == {"version": 1, "rules": [], "fallback": [{"name": "a"}]}

    def test_a_missing_one_goes_to_the_end_after_a_blank_line(self) -> None:
        assert with_entry("version: 1\nrules: []", "fallback", "- name: a\n") == (
            "version: 1\nrules: []\n\nfallback:\n  - name: a\n"
        )

    def test_the_entry_is_indented_as_the_others_are(self) -> None:
        text = "rules:\n      - name: b # kept\n      - name: c\n"
        assert with_entry(text, "rules", "- name: a\n  set: {}\n") == (
            "rules:\n      - name: a\n        set: {}\n      - name: b # kept\n      - name: c\n"
        )


class TestLines:
    TEXT = "version: 1\nrules:\n  - name: a\n    when:\n      ServiceName: [b]\n    set: {x_Team: c}\n"

    @pytest.mark.parametrize(
        ("path", "line"),
        [
            ([], 1), (["version"], 1), (["rules"], 2), (["rules", 0], 3), (["rules", 0, "name"], 3),
            (["rules", 0, "when"], 4), (["rules", 0, "when", "ServiceName", 0], 5), (["rules", 0, "set", "x_Team"], 6),
            (["rules", 1], 2), (["rules", 0, "nothing", "x"], 3), (["nothing"], 1), (["rules", "name"], 2),
            (["version", 0, "x"], 1), (["rules", 0, "when", "ServiceName", 7], 5),
        ],
    )  # fmt: skip
    def test_the_deepest_entry_that_is_there_by_its_name(self, path: list[str | int], line: int) -> None:
        assert line_of_path(self.TEXT, path) == line

    def test_of_nothing_it_is_the_first(self) -> None:
        assert line_of_path("", ["rules", 0]) == 1
        assert line_of_path("\n\nrules: []\n", []) == 3

    @pytest.mark.parametrize(
        ("word", "line"), [("a", 3), ("ServiceName", 5), ("b", 5), ("c", 6), ("1", 1), ("x", None)]
    )
    def test_the_first_line_of_a_word_as_an_entry_or_a_name_of_its_own(self, word: str, line: int | None) -> None:
        assert line_of_word(self.TEXT, word) == line

    def test_the_first_of_several(self) -> None:
        assert line_of_word("a: [x, y]\nb: y\nc: {y: z}\n", "y") == 1
        assert line_of_word("c: {k: [z]}\nb: y\ny: z\n", "z") == 1

    def test_a_place_is_found_by_its_name_and_only_in_its_section(self) -> None:
        text = "rules:\n  - {name: a}\n  - just words\n  - {set: {}}\n  - {name: b}\nshared: {name: a}\n"
        assert [place_of(text, "rules", name) for name in ("a", "b", "c")] == [0, 3, None]
        assert place_of(text, "shared", "a") is None
