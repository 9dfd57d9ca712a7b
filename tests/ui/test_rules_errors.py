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
