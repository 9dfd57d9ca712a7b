"""The lever catalogue: the shipped one makes sense and is documented, a broken one is refused with lever and field."""

from __future__ import annotations

import copy
from pathlib import Path

import pytest
import yaml

from costlib.errors import InputError
from costlib.roadmap.levers.catalogue import SHIPPED, LeverError, parse_catalogue, read_catalogue
from costlib.roadmap.levers.model import METRICS, VALUES, Bound, Lever, matches

LEVERS = read_catalogue()
DOCS = (Path(__file__).parents[3] / "docs" / "levers.md").read_text(encoding="utf-8")
GOOD = {
    "id": "spot",
    "title": "Spot",
    "plain": "Cheaper hours",
    "applies_to": {"x_Stage": "training"},
    "base": "on-demand training",
    "saving": {"low": 0.2, "likely": 0.5, "high": 0.8},
    "effort": {"ml_engineer": 2},
    "weeks_to_value": 3,
    "risk": "low",
    "concern": "longer runs",
    "quality": "none",
    "releases": "instance",
    "evidence": {"source": "A price list of the vendor", "date": "2026-07", "strength": "measured"},
    "track": "technical",
    "phase": "containment",
    "finops_phase": "optimize",
}


def catalogue(**change) -> str:
    held = copy.deepcopy(GOOD)
    for name, value in change.items():
        if value is None:
            del held[name]
        else:
            held[name] = value
    return yaml.safe_dump({"version": 1, "levers": [held]})


def test_about_thirty_levers_ship():
    assert 28 <= len(LEVERS) <= 40


@pytest.mark.parametrize("lever", LEVERS, ids=lambda lever: lever.id)
def test_every_lever_says_something_that_can_be_checked(lever: Lever):
    assert lever.saving.high > 0 and lever.saving.low < 1
    assert lever.plain != lever.title and 0 < sum(lever.effort.values()) <= 12
    assert lever.weeks_to_value <= 26
    assert (lever.quality == "none") == (lever.guardrail is None)
    assert not any(word in lever.plain.lower() for word in ("p50", "mig", "fp8", "int8", "tensorrt"))


@pytest.mark.parametrize("lever", LEVERS, ids=lambda lever: lever.id)
def test_every_lever_is_documented_with_its_range(lever: Lever):
    row = next(line for line in DOCS.splitlines() if line.startswith(f"| `{lever.id}` "))
    for share in (lever.saving.low, lever.saving.likely, lever.saving.high):
        assert f"{share * 100:g}" in row
    assert lever.evidence.strength in row


def test_every_metric_is_documented_and_no_other():
    for name in METRICS:
        assert f"| `{name}` |" in DOCS
    table = DOCS.partition("| metric |")[2].splitlines()
    assert {line.split("`")[1] for line in table if line.startswith("| `")} == set(METRICS)


def test_a_certain_saving_is_one_that_a_price_list_fixes():
    certain = [lever for lever in LEVERS if lever.saving.certain]
    assert [lever.id for lever in certain] == ["batch-api"]


def test_judgement_is_never_the_narrowest():
    """What nobody has measured must not look more certain than what somebody has."""
    spread = {
        kind: [lever.saving.high - lever.saving.low for lever in LEVERS if lever.evidence.strength == kind]
        for kind in ("measured", "judgement")
    }
    assert sum(spread["judgement"]) / len(spread["judgement"]) > 0.4


def test_values_of_dimensions_are_those_of_the_documentation():
    columns = (SHIPPED.parent / "README.md").read_text(encoding="utf-8")
    for column in ("x_Stage", "x_Environment", "x_CostType"):
        line = next(line for line in columns.splitlines() if line.startswith(f"| `{column}`"))
        assert {one.strip(" |") for one in line.split("|")[2].split(",")} == set(VALUES[column])


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"applies_to": {"x_Stagee": "training"}}, "spot, applies_to: x_Stagee is not a known column.*x_Stage"),
        ({"applies_to": {"x_Stage": "trainning"}}, "trainning is not a known x_Stage.*mean training"),
        ({"unless": {"Colour": "red"}}, "spot, unless: Colour is not a known column"),
        ({"applies_to": {}}, "spot, applies_to"),
        ({"metrics": {"utilization": {"at_most": 1}}}, "utilization is not a known metric.*utilisation"),
        ({"eligible": {"metric": "luck", "assumed": 0.5}}, "luck is not a known metric"),
        ({"eligible": {"metric": "steady_share", "assumed": 1.5}}, "spot, eligible.assumed"),
        ({"saving": {"low": 0.5, "likely": 0.2, "high": 0.8}}, "spot, saving: low 0.5, likely 0.2, high 0.8 are out"),
        ({"saving": 1.0}, "spot, saving: a saving of 1 of the spend in scope is impossible"),
        ({"quality": "possible"}, "spot, guardrail: quality is possible and no guardrail watches it"),
        ({"evidence": {**GOOD["evidence"], "date": "July"}}, "spot, evidence.date: July is not a date"),
        ({"evidence": {**GOOD["evidence"], "strength": "sure"}}, "spot, evidence.strength"),
        ({"evidence": None}, "spot, evidence: Field required"),
        ({"weeks_to_value": 0}, "spot, weeks_to_value"),
        ({"releases": "hope"}, "spot, releases"),
        ({"colour": "red"}, "spot, colour: Extra"),
        ({"id": "Spot Training"}, "Spot Training, id"),
    ],
)
def test_a_mistake_is_named_with_lever_and_field(change, said):
    with pytest.raises(LeverError, match=said):
        parse_catalogue(catalogue(**change), "mine.yaml")


def test_a_repeated_id_a_missing_file_and_no_yaml_are_refused(tmp_path):
    twice = yaml.safe_dump({"version": 1, "levers": [GOOD, GOOD]})
    with pytest.raises(LeverError, match="spot, id: spot stands twice"):
        parse_catalogue(twice)
    with pytest.raises(InputError, match="cannot be read"):
        read_catalogue(tmp_path / "none.yaml")
    with pytest.raises(LeverError, match="is not YAML"):
        parse_catalogue("{")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "mine.yaml, the file: Input should be a valid dictionary"),
        ("[1]", "mine.yaml, the file: Input should be a valid dictionary"),
        ("{version: 2, levers: []}", "mine.yaml, version: Input should be 1"),
        ("{version: 1, levers: []}", "mine.yaml, levers: .* at least 1 item"),
        ("{version: 1, levers: 5}", "mine.yaml, levers: Input should be a valid tuple"),
        ("{version: 1, levers: [5]}", "mine.yaml, lever 1: Input should be a valid dictionary"),
        ("{version: 1, levers: [{title: A}]}", "mine.yaml, lever 1, id: Field required"),
        ("!!python/tuple [1]", "mine.yaml is not YAML: could not determine a constructor"),
    ],
)
def test_a_file_of_another_shape_is_refused_where_it_stands(text, said):
    with pytest.raises(LeverError, match=said):
        parse_catalogue(text, "mine.yaml")


def test_a_file_that_is_no_text_is_refused(tmp_path):
    (tmp_path / "mine.yaml").write_bytes(b"\xff\xfe\x00levers")
    with pytest.raises(LeverError, match=r"mine\.yaml cannot be read"):
        read_catalogue(tmp_path / "mine.yaml")


def test_conditions_match_as_people_write_them():
    lever = parse_catalogue(
        catalogue(applies_to={"x_Stage": "training", "ServiceName": ["*ec2*", "*eks*"]}, unless={"tag:keep": "*"})
    )[0]
    row = {"x_Stage": "training", "ServiceName": "Amazon EKS"}
    assert lever.matches(row)
    assert not lever.matches({**row, "tag:keep": "yes"})
    assert not lever.matches({**row, "x_Stage": None})
    assert not lever.matches({"ServiceName": "Amazon EKS"})
    assert matches("P4D.24xlarge", ("*p4d*",)) and not matches(None, ("*",))


@pytest.mark.parametrize(("value", "holds"), [(0.4, True), (0.41, False), (None, False), (0.09, False)])
def test_a_bound_takes_in_its_ends_and_nothing_unknown(value, holds):
    assert Bound(at_least=0.1, at_most=0.4).holds(value) is holds
