"""Settings: one table, defaults where the environment is silent, refusals that name the variable."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest

from costlib.errors import InputError
from costlib.settings import SETTINGS, Settings, read_settings


def test_defaults_are_those_of_the_table():
    found = read_settings({})
    assert {setting.name: str(getattr(found, setting.name)) for setting in SETTINGS} == {
        setting.name: setting.default for setting in SETTINGS
    }


def test_every_setting_has_a_variable_a_line_of_help_and_a_field():
    assert [setting.name for setting in SETTINGS] == [field.name for field in fields(Settings)]
    assert all(setting.variable == f"GLIDEPATH_{setting.name.upper()}" for setting in SETTINGS)
    assert all(setting.help.endswith(".") for setting in SETTINGS)


def test_the_environment_counts(monkeypatch):
    monkeypatch.setenv("GLIDEPATH_STORE", "/somewhere")
    monkeypatch.setenv("GLIDEPATH_FISCAL_YEAR_START", "10")
    found = read_settings()
    assert (found.store, found.fiscal_year_start) == (Path("/somewhere"), 10)


def test_an_empty_variable_is_a_silent_one():
    assert read_settings({"GLIDEPATH_STORE": ""}) == read_settings({})


@pytest.mark.parametrize("month", ["0", "13", "-1", "October", "1.5", " "])
def test_a_month_that_is_none_is_refused(month):
    with pytest.raises(InputError, match=r"GLIDEPATH_FISCAL_YEAR_START is .*Expected: a month from 1 to 12\. Set it"):
        read_settings({"GLIDEPATH_FISCAL_YEAR_START": month})


def test_an_access_that_is_none_is_refused():
    with pytest.raises(InputError, match=r"GLIDEPATH_ACCESS is everybody\. Expected: local or open"):
        read_settings({"GLIDEPATH_ACCESS": "everybody"})
