"""What the proposal's form holds becomes a launch, or is refused with the entry that is missing."""

from __future__ import annotations

import pytest

from costlib.errors import InputError
from costlib.state.records import Entry
from ui.launches.decide import change_words
from ui.launches.form import launch_of

HEAD = {"what": "Voice agent", "currency": "USD", "scope": {"x_Model": ["voice"]}, "planned": None, "limit": "5000.00"}
PART = {
    "name": "answers",
    "volume": "calls",
    "consumption": {"likely": 2000.0},
    "price": {"likely": 0.000003},
    "unit": "tokens",
    "meters": ["token"],
}


def parts(**fields: object) -> dict[str, object]:
    return {**HEAD, "components": [{**PART, **fields}], "volumes": {"calls": {"low": 1.0, "likely": 2.0, "high": 3.0}}}


def test_a_range_a_month():
    launch = launch_of({**HEAD, "monthly": {"low": 1.0, "likely": 2.0, "high": 4.0}})
    assert (launch.monthly.low, launch.monthly.high, launch.planned) == (1, 4, None)


def test_an_end_that_is_left_empty_is_the_likely_one():
    launch = launch_of(parts())
    (one,) = launch.components
    assert (one.consumption.low, one.price.high) == (2000, 0.000003)
    assert launch.volumes["calls"].high == 3


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({**HEAD, "what": " "}, "names the model"),
        ({**HEAD, "scope": {}}, "where its cost will stand on the bill.*one value at least"),
        ({**HEAD, "monthly": None}, "one of the two"),
        (parts(volume=""), "answers does not say what drives it"),
        (parts(consumption=None), "answers does not say what each needs"),
        (parts(price=None), "answers does not say its price"),
        ({**parts(), "volumes": {"calls": None}}, "how many calls there are a month"),
        (parts(price={"low": 2.0, "likely": 1.0}), "out of order"),
        (parts(price={"low": 1.0}), "price"),
    ],
)
def test_what_is_missing_is_said(body, said):
    with pytest.raises(InputError, match=said):
        launch_of(body)


def entry(before: object, after: object) -> Entry:
    return Entry(1, None, "Ada", "", "launch", "voice", before, after, 1)


def test_a_change_in_words():
    one = {"what": "Voice"}
    assert change_words(entry(None, one)) == "proposed"
    assert change_words(entry(one, None)) == "withdrawn"
    assert change_words(entry(one, {**one, "decision": {"verdict": "declined"}})) == "declined"
    assert change_words(entry({**one, "decision": {"verdict": "declined"}}, one)) == "decision taken back"
    assert change_words(entry(one, {**one, "basis": "a pilot"})) == "basis changed"
