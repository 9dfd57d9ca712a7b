"""Settings: one table, defaults where the environment is silent, refusals that name the variable."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest

from costlib.errors import InputError
from costlib.fiscal import Fiscal, WeekCalendar
from costlib.settings import SETTINGS, Settings, read_settings, secret


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


@pytest.mark.parametrize(
    ("given", "fiscal"),
    [
        ({}, 1),
        ({"START": "10"}, 10),
        ({"START": "2", "CALENDAR": "4-5-4", "END": "nearest"}, WeekCalendar("4-5-4", 1, nearest=True)),
        ({"CALENDAR": "4-4-5"}, WeekCalendar("4-4-5", 12)),
        ({"START": "10", "CALENDAR": "5-4-4", "END": "last"}, WeekCalendar("5-4-4", 9)),
    ],
)
def test_the_fiscal_calendar(given: dict[str, str], fiscal: Fiscal) -> None:
    names = {"START": "GLIDEPATH_FISCAL_YEAR_START", "CALENDAR": "GLIDEPATH_FISCAL_CALENDAR"}
    names["END"] = "GLIDEPATH_FISCAL_YEAR_END"
    assert read_settings({names[name]: value for name, value in given.items()}).fiscal == fiscal


@pytest.mark.parametrize(
    ("variable", "value", "said"),
    [
        ("GLIDEPATH_FISCAL_CALENDAR", "4-4-4", "one of months, 4-4-5, 4-5-4, 5-4-4. Leave it out for months"),
        ("GLIDEPATH_FISCAL_YEAR_END", "Friday", "one of last, nearest. Leave it out for last"),
    ],
)
def test_a_fiscal_calendar_that_is_none_is_refused(variable: str, value: str, said: str) -> None:
    with pytest.raises(InputError, match=f"{variable} is {value}. Expected: {said}"):
        read_settings({variable: value})


def test_a_key_is_read_where_it_is_needed_and_asked_for_by_name():
    assert secret("VENDOR_KEY", "a key", {"VENDOR_KEY": " sk-1 "}) == "sk-1"
    for environment in ({}, {"VENDOR_KEY": " "}):
        with pytest.raises(InputError, match=r"VENDOR_KEY is not set\. Expected: a key\. Set VENDOR_KEY"):
            secret("VENDOR_KEY", "a key", environment)
