"""A rule file that cannot mean what it says is refused, and the place in it is named."""

from __future__ import annotations

import pytest

from costlib.attribution.rule_file import parse_rules, read_rules, rules_of_text
from costlib.errors import RuleError

RULE = {"name": "gpu", "set": {"x_Team": "T"}}


def document(*rules, **more):
    return {"version": 1, "rules": list(rules), **more}


CASES = {
    "an unknown dimension": (
        document({"name": "gpu", "set": {"x_Taem": "T"}}),
        "rule gpu: there is no x_Taem",
        "Did you mean x_Team?",
    ),
    "an unknown column": (
        document(RULE | {"when": {"ServceName": "A"}}),
        "rule gpu: there is no ServceName",
        "Did you mean ServiceName?",
    ),
    "a cost as a condition": (document(RULE | {"when": {"BilledCost": "1"}}), "there is no BilledCost", "tag:KEY"),
    "SQL for a column": (
        document(RULE | {"when": {"1=1 OR ServiceName": "A"}}),
        "there is no 1=1 OR ServiceName",
        "one of",
    ),
    "names of no dimension": (document(RULE, names={"Team": {"A": ["a"]}}), "names: there is no Team", "x_Team"),
    "an unknown dimension of derive": (
        document(RULE, derive=[{"set": "x_Team", "from": "x_Modell", "values": {"a": "b"}}]),
        "derive: there is no x_Modell",
        "x_Model",
    ),
    "a misspelled key": (document({"name": "gpu", "sett": {}}), "rules > 1 (gpu) > set", "required"),
    "an extra key": (document(RULE | {"unless": {}}), "rules > 1 (gpu) > unless", "not permitted"),
    "an extra section": (document(RULE, splits=[]), "splits", "not permitted"),
    "a rule without a name": (document({"set": {"x_Team": "T"}}), "rules > 0 > name", "required"),
    "a list for a value": (document({"name": "gpu", "set": {"x_Team": ["a"]}}), "rules > 1 (gpu) > set > x_Team", ""),
    "yes for a value": (document({"name": "gpu", "set": {"x_Team": True}}), "rules > 1 (gpu) > set > x_Team", ""),
    "nothing for a pattern": (
        document(RULE | {"when": {"ServiceName": None}}),
        "rules > 1 (gpu) > when > ServiceName",
        "string",
    ),
    "an empty list of patterns": (
        document(RULE | {"when": {"ServiceName": []}}),
        "rules > 1 (gpu) > when > ServiceName",
        "at least 1",
    ),
    "an empty list of tags": (
        document({"name": "gpu", "set": {"x_Team": {"tag": []}}}),
        "rules > 1 (gpu) > set > x_Team",
        "at least 1",
    ),
    "an empty derivation": (
        document(RULE, derive=[{"set": "x_Team", "from": "x_Model", "values": {}}]),
        "derive > 0 > values",
        "at least 1",
    ),
    "a date that is none": (document(RULE | {"from": "soon"}), "rules > 1 (gpu) > from", "date"),
    "no rules": ({"version": 1}, "rules", "required"),
    "no version": ({"rules": []}, "version", "required"),
    "a list": ([1, 2], "the whole file", "RuleSet"),
    "nothing": (None, "the whole file", "RuleSet"),
    "words": ("teams", "the whole file", "RuleSet"),
}


@pytest.mark.parametrize(("content", "place", "says"), CASES.values(), ids=CASES)
def test_the_place_is_named(content, place, says):
    with pytest.raises(RuleError) as refusal:
        parse_rules(content, "rules.yaml")
    message = str(refusal.value)
    assert message.startswith("rules.yaml")
    assert place in message
    assert says in message
    assert refusal.value.expected


FILES = {
    "not YAML": "rules: [a, b",
    "two documents": "version: 1\n---\nversion: 1\n",
    "a tab": "version: 1\nrules:\n\t- name: a\n",
    "a day that the calendar does not have": "version: 1\nrules: [{name: a, from: 2026-02-30, set: {x_Team: T}}]\n",
    "a Python object": "!!python/object/apply:os.getcwd []\n",
}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("version: 1\nrules: [a, {b: c\nx: y", r"line 3, column 2: expected ',' or '}', but got ':'"),
        ("version: 1\nrules:\n\t- name: a\n", "line 3, column 1: found character"),
        ("a: \x07", "unacceptable character #x0007: special characters are not allowed at position 3"),
    ],
)
def test_a_refusal_of_yaml_is_one_line_with_the_place(text, said):
    with pytest.raises(RuleError) as refused:
        rules_of_text(text, "rules.yaml")
    assert f"rules.yaml cannot be read ({said}" in str(refused.value)
    assert "\n" not in str(refused.value) and "unicode string" not in str(refused.value)


@pytest.mark.parametrize("text", FILES.values(), ids=FILES)
def test_what_is_no_yaml_is_refused(tmp_path, text):
    path = tmp_path / "rules.yaml"
    path.write_text(text)
    with pytest.raises(RuleError, match=r"(?s)rules\.yaml cannot be read .*Expected: a YAML file of rules"):
        read_rules(path)


def test_bytes_that_are_no_text_and_a_file_that_is_not_there_are_refused(tmp_path):
    (tmp_path / "rules.yaml").write_bytes(b"\xff\xfe\x00")
    for path in (tmp_path / "rules.yaml", tmp_path / "missing.yaml", tmp_path):
        with pytest.raises(RuleError, match="cannot be read") as refused:
            read_rules(path)
        assert str(refused.value).count(str(path)) == 1 and "Errno" not in str(refused.value)
