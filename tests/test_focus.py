"""The columns: spelled once, unique, and found through every spelling."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from costlib import focus
from costlib.focus import (
    ALIASES,
    ATTRIBUTES,
    BASE_DIMENSIONS,
    BASE_TEXTS,
    COST_MEASURES,
    CUBE_DIMENSIONS,
    LABELS,
    MEASURE_NAMES,
    MEASURES,
    UNALLOCATED,
    canonical,
    fold,
    label,
    null_label,
)

KNOWN = tuple(dict.fromkeys((*CUBE_DIMENSIONS, *BASE_DIMENSIONS, *MEASURES)))


@pytest.mark.parametrize("columns", [BASE_TEXTS, BASE_DIMENSIONS, CUBE_DIMENSIONS, MEASURES, ATTRIBUTES])
def test_no_column_stands_twice(columns):
    assert len(set(columns)) == len({fold(name) for name in columns}) == len(columns)


def test_the_cube_is_made_of_the_base_and_what_attribution_adds():
    assert set(CUBE_DIMENSIONS) - set(BASE_DIMENSIONS) == {*ATTRIBUTES, focus.RULES, focus.POOL, focus.COST_KIND}


def test_ours_begin_with_x_and_are_no_column_of_the_specification():
    ours = {*ATTRIBUTES, focus.RULES, focus.LINE_ITEMS, focus.SOURCE}
    assert all(name.startswith("x_") for name in ours)
    assert not any(name.startswith("x_") for name in (*COST_MEASURES, *ALIASES))


def test_an_alias_means_one_column_and_is_no_column_itself():
    meanings = [(fold(alias), name) for name, aliases in ALIASES.items() for alias in aliases]
    assert len(dict(meanings)) == len(meanings)
    assert not {alias for alias, _ in meanings} & {fold(name) for name in KNOWN}


def test_labels_are_of_known_columns_and_every_cost_has_words():
    assert set(LABELS) <= set(KNOWN)
    assert set(MEASURE_NAMES) == set(COST_MEASURES)


@pytest.mark.parametrize("name", KNOWN)
def test_every_column_is_found_by_its_own_name_in_any_case(name):
    assert canonical(name, KNOWN) == canonical(name.upper(), KNOWN) == canonical(name.lower(), KNOWN) == name


@pytest.mark.parametrize(("alias", "name"), [(alias, name) for name in ALIASES for alias in ALIASES[name]])
def test_every_name_of_an_earlier_version_is_found(alias, name):
    assert canonical(alias, KNOWN) == name


@pytest.mark.parametrize("name", ["", "Cost", "BlendedCost", "x_", "Team", "*"])
def test_what_is_no_column_is_not_guessed(name):
    assert canonical(name, KNOWN) is None


@given(st.text())
def test_folding_twice_is_folding_once(name):
    assert fold(fold(name)) == fold(name)


@given(st.text("abcXYZ09é", min_size=1), st.text(" _-./", max_size=3))
def test_case_blanks_and_punctuation_do_not_count(word, between):
    assert fold(between.join(word)) == fold(word)


def test_what_a_reader_calls_a_column_and_its_unknown_value():
    assert (label("x_CostType"), label("SkuMeter")) == ("Cost type", "SkuMeter")
    labels = [null_label(name) for name in ("x_BusinessUnit", "x_Team", "x_Project", "x_Model", "x_Stage")]
    assert labels == ["No business unit", "No team", "No project", "No model", "No stage"]
    assert UNALLOCATED.capitalize() not in labels, "unallocated is a kind of cost; idle cost may have no team too"
    assert null_label("RegionId") == "Not given"
