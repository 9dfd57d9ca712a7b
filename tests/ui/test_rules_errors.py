"""Mistakes in a rule file: the line that a reader must look at, in words that a reader knows."""

from __future__ import annotations

import pytest

from costlib.attribution.rule_file import rules_of_text
from costlib.errors import RuleError
from tests.shared_cluster import RULES
from ui.rules.errors import Mistake, mistake


def refused(text: str) -> Mistake:
    with pytest.raises(RuleError) as raised:
        rules_of_text(text, "The new rules")
    return mistake(text, raised.value)


def line_with(text: str, piece: str) -> int:
    (found,) = (number for number, line in enumerate(text.splitlines(), 1) if piece in line)
    return found


@pytest.mark.parametrize(
    ("right", "wrong", "place", "words"),
    [
        ("set: {x_Team: Ghost}", "set: {x_Taem: Ghost}", "Ghost", "rule nobody has this: there is no x_Taem"),
        ("when: {ServiceName: Nothing}", "when: {Colour: red}", "Ghost", "rule nobody has this: there is no Colour"),
        ("{name: models, when", "{name: models, wenn", "models", '"wenn" in entry 2 of rules is no entry'),
        ("    driver: usage   #", "    driver: magic   #", "magic", '"driver" in entry 1 of shared must be'),
        ("node_size: 8", "node_size: none", "none", '"node_size" in "usage" in entry 1 of shared must be a number'),
        ("namespace: recs, quota_share: 0.25", "quota_share: -1", "-1", '"quota_share" in entry 2 of "receivers"'),
        ("    driver: usage   #", "    driver: fixed   #", "name: gpu", "entry 1 of shared: fixed shares need a share"),
        ("version: 1\n", "version: one\n", "version: one", "version must be a whole number"),
    ],
)
def test_the_line_and_the_words(right: str, wrong: str, place: str, words: str) -> None:
    text = RULES.replace(right, wrong)
    assert text != RULES
    found = refused(text)
    assert found.line == line_with(text, place)
    assert found.problem.startswith(words) and found.fix is not None
    assert found.words == f"Line {found.line}: {found.problem}"


@pytest.mark.parametrize(
    ("right", "wrong", "place", "problem"),
    [
        # An unknown word goes before the missing one that it most likely stands for.
        ("{name: team tag, set", "{nme: team tag, set", "nme", '"nme" in entry 1 of rules is no entry that'),
        ("rules:\n", "rulez:\n", "rulez", "rulez is no entry that a rule file knows here"),
        ("    receivers:\n", "    receiverz:\n", "receiverz", '"receiverz" in entry 1 of shared is no entry that'),
        # Names of the reader's file only: which of several forms was tried is none of them.
        ("{tag: [team]}", "{tagg: [team]}", "tagg", '"tagg" in "x_Team" in "set" in entry 1 of rules is no entry that'),
        ("{tag: [team]}", "[a]", "x_Team: [a]", '"x_Team" in "set" in entry 1 of rules must hold names with values'),
        ("Search: [serach]", "Search: {a: b}", "{a: b}", 'entry 1 of "Search" in "x_Team" in names must be a word'),
        ("    driver: usage   # as agreed in spring\n", "", "name: gpu", '"driver" in entry 1 of shared is missing'),
        (
            "{name: models, when: {ServiceName: Cluster}",
            "{name: models, when: [a]",
            "[a]",
            '"when" in entry 2 of rules',
        ),
        (
            "      - {set: {x_Team: Search}",
            "      - {set: {}",
            "set: {}",
            '"set" in entry 1 of "receivers" in entry 1 of',
        ),
        (
            "{name: team tag,",
            "{name: team tag, from: soon,",
            "soon",
            '"from" in entry 1 of rules must be a day such as',
        ),
        ("{name: team tag,", "team tag\n  - {name: a,", "- team tag", "entry 1 of rules must hold names with values"),
        ("version: 1\n", "version: 1\nextends: nowhere\n", "nowhere", "extends must be 'shipped'"),
        ("  x_Team:\n", "  x_Taem:\n", "x_Taem:", "names: there is no x_Taem"),
    ],
)
def test_what_is_wrong_is_called_as_the_file_calls_it(right: str, wrong: str, place: str, problem: str) -> None:
    text = RULES.replace(right, wrong)
    assert text != RULES
    found = refused(text)
    assert found.problem.startswith(problem)
    assert found.line == line_with(text, place)


def test_what_holds_for_the_whole_file_has_no_line() -> None:
    assert Mistake(None, "It cannot be read").words == "It cannot be read"
    assert Mistake(7, "it is wrong").words == "Line 7: it is wrong"
    twice = refused(RULES + "rules: []\n")
    assert twice.line is None and "rules stands twice" in twice.words


def test_a_pool_that_comes_twice_is_found_by_its_name() -> None:
    text = RULES + "  - {name: gpu, match: {ServiceName: X}, driver: direct}\n"
    found = refused(text)
    assert found.line == next(at for at, line in enumerate(text.splitlines(), 1) if "name: gpu" in line)
    assert "gpu" in found.problem and not found.problem.startswith("The new rules")


def test_a_line_that_is_no_yaml_is_named_with_what_to_look_at() -> None:
    found = refused("version: 1\nrules: []\n  a: b\n")
    assert found.line == 3 and found.problem.startswith("cannot be read (")
    assert (found.expected, found.fix) == (None, "Look at its indentation, colons and quotes.")


def test_a_slip_is_answered_with_the_word_that_was_meant() -> None:
    assert refused(RULES.replace("x_Team: Ghost", "x_Taem: Ghost")).fix == "Did you mean x_Team?"


def test_yaml_that_cannot_be_read() -> None:
    text = RULES.replace("    driver: usage", "   driver: usage")
    assert refused(text).line == line_with(text, "driver: usage")
    assert "cannot be read" in refused(text).words


@pytest.mark.parametrize("text", ["", "3", "[1, 2]", "rules: 3", "{", "\t"])
def test_anything_that_is_no_rule_file_is_said_and_not_raised(text: str) -> None:
    assert refused(text).problem


def test_a_bomb_is_refused() -> None:
    bomb = "version: 1\na0: &a0 [x]\n" + "".join(
        f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 9)
    )
    assert "unfolds" in refused(bomb).problem
