"""A rule file that cannot mean what it says is refused, and the place in it is named."""

from __future__ import annotations

import re

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
    "a misspelled key": (document({"name": "gpu", "sett": {}}), "rules > 1 (gpu) > sett", "Did you mean set?"),
    "an extra key": (
        document(RULE | {"unless": {}}),
        "rules > 1 (gpu) > unless: unless is not a field here",
        "one of name, when, set, from, to",
    ),
    "an extra section": (
        document(RULE, splits=[]),
        "splits is not a field here",
        "one of version, extends, names, rules",
    ),
    "a rule without a name": (document({"set": {"x_Team": "T"}}), "rules > 1 > name", "name is missing"),
    "a list for a value": (
        document({"name": "gpu", "set": {"x_Team": ["a"]}}),
        "rules > 1 (gpu) > set > x_Team: a list is refused",
        "a word, or {tag: KEY}",
    ),
    "yes for a value": (
        document({"name": "gpu", "set": {"x_Team": True}}),
        "rules > 1 (gpu) > set > x_Team: yes or no is refused",
        "{tag: KEY}",
    ),
    "nothing for a pattern": (
        document(RULE | {"when": {"ServiceName": None}}),
        "rules > 1 (gpu) > when > ServiceName > 1: nothing is refused",
        "Expected: text",
    ),
    "an empty list of patterns": (
        document(RULE | {"when": {"ServiceName": []}}),
        "rules > 1 (gpu) > when > ServiceName: an empty list is refused",
        "at least one value",
    ),
    "an empty list of tags": (
        document({"name": "gpu", "set": {"x_Team": {"tag": []}}}),
        "rules > 1 (gpu) > set > x_Team > tag",
        "at least one value",
    ),
    "an empty derivation": (
        document(RULE, derive=[{"set": "x_Team", "from": "x_Model", "values": {}}]),
        "derive > 1 > values: an empty mapping is refused",
        "at least one value",
    ),
    "a date that is none": (
        document(RULE | {"from": "soon"}),
        "rules > 1 (gpu) > from: soon is refused",
        "a day such as 2026-03-01",
    ),
    "an end before its begin": (
        document(RULE | {"from": "2026-05-01", "to": "2026-05-01"}),
        "rules > 1 (gpu): it holds from 2026-05-01 to before 2026-05-01, which is no day",
        "attribution.md",
    ),
    "a field of a receiver": (
        document(shared=[{"name": "p", "match": {"ServiceName": "S"}, "driver": "even", "receivers": [{"sett": {}}]}]),
        "shared > 1 (p) > receivers > 1 > sett",
        "one of set, namespace, label, quota, quota_share, share",
    ),
    "a tag misspelled": (
        document({"name": "gpu", "set": {"x_Team": {"tagg": "team"}}}),
        "rules > 1 (gpu) > set > x_Team > tagg: tagg is not a field here",
        "one of tag. Did you mean tag?",
    ),
    "a dimension called as a kind of value": (
        document(RULE, names={"x_Team": {"str": {}}}),
        "names > x_Team > str > 1: an empty mapping is refused",
        "text",
    ),
    "no rules": ({"version": 1}, "rules is missing", "a value for rules"),
    "no version": ({"rules": []}, "version is missing", "a value for version"),
    "a version of the future": (document(RULE, version=2), "version: version 2 is not known", "attribution.md"),
    "a list": ([1, 2], "rules.yaml: it is a list.", "version, extends, names, rules"),
    "an empty list": ([], "rules.yaml: it is an empty list.", "version, extends, names, rules"),
    "nothing": (None, "rules.yaml: it is empty.", "version, extends, names, rules"),
    "words": ("teams", "rules.yaml: it is teams.", "version, extends, names, rules"),
}


@pytest.mark.parametrize(("content", "place", "says"), CASES.values(), ids=CASES)
def test_the_place_is_named(content, place, says):
    with pytest.raises(RuleError) as refusal:
        parse_rules(content, "rules.yaml")
    message = str(refusal.value)
    assert message.startswith("rules.yaml")
    assert place in message
    assert says in message
    assert refusal.value.expected and refusal.value.fix is not None
    assert not LIBRARY & set(re.findall(r"[\w']+", message)), "no word of the library that reads it"


#: Words by which pydantic would be known.
LIBRARY = {"Input", "valid", "dictionary", "instance", "permitted", "RuleSet", "TagValue", "validation", "Extra"}


FILES = {
    "not YAML": "rules: [a, b",
    "two documents": "version: 1\n---\nversion: 1\n",
    "a tab": "version: 1\nrules:\n\t- name: a\n",
    "a day that the calendar does not have": "version: 1\nrules: [{name: a, from: 2026-02-30, set: {x_Team: T}}]\n",
    "a section twice": "version: 1\nrules: []\nrules: [{name: a, set: {x_Team: T}}]\n",
    "no end of lists": f"{'[' * 500}{']' * 500}",
    "a Python object": "!!python/object/apply:os.getcwd []\n",
}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("version: 1\nrules: [a, {b: c\nx: y", r"line 3, column 2: expected ',' or '}', but got ':'"),
        ("version: 1\nrules:\n\t- name: a\n", "line 3, column 1: found character"),
        ("version: 1\nrules:\n  - {name: a, name: b}\n", "line 3: name stands twice"),
        (f"{'[' * 500}{']' * 500}", "it is nested too deep"),
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
