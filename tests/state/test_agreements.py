"""Agreements on shared pools: complete or not saved, the newest counts, earlier ones stay in the history."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError

from costlib.errors import InputError
from costlib.state.agreements import KIND, Agreement, agree, agreement_on, check
from costlib.state.records import State


def terms(**changes: Any) -> Agreement:
    sound: dict[str, Any] = {
        "pool": "gpu",
        "driver": "quota",
        "idle": "own line",
        "quotas": {"Search": Decimal("0.5"), "Recs": Decimal("0.25")},
        "kpi": "used over reserved GPU hours above 60%",
        "start": date(2026, 11, 1),
        "leads": {"Search": "Head of Search", "Recs": "Ada L."},
        "generation": "ab12",
        "change": 7,
        "swing": {"Search": Decimal("36171.50")},
    }
    return Agreement(**{**sound, **changes})


def test_it_comes_back_as_it_was_signed(state: State) -> None:
    saved = agree(state, terms(), who="Ada")
    assert (saved.agreement, saved.version, saved.who) == (terms(), 1, "Ada")
    assert agreement_on(state, "gpu") == saved
    assert agreement_on(state, "other") is None
    (entry,) = state.history(KIND, "gpu")
    assert entry.why == "agreed by Head of Search and Ada L."


def test_the_newest_counts_and_the_earlier_one_stays(state: State) -> None:
    agree(state, terms(), who="Ada")
    agree(state, terms(driver="used"), who="Ben")
    agree(state, terms(pool="cpu"), who="Ben")
    newest = [agreement_on(state, pool) for pool in ("cpu", "gpu")]
    assert [one and (one.agreement.driver, one.version) for one in newest] == [("quota", 1), ("used", 2)]
    assert [entry.after and entry.after["driver"] for entry in state.history(KIND, "gpu")] == ["used", "quota"]


@pytest.mark.parametrize(
    ("leads", "kpi", "said"),
    [
        ({"Search": "Ada", "Recs": " "}, "hours", "Recs has not signed"),
        ({"Search": "", "Recs": ""}, "hours", "Search and Recs have not signed"),
        ({"Search": "Ada"}, "hours", "it takes two teams"),
        ({"Search": "Ada", "Recs": "Ben"}, " ", "nothing that both watch"),
    ],
)
def test_what_is_not_complete_is_refused(leads: dict[str, str], kpi: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        check(leads, kpi)


def test_an_unsigned_agreement_is_not_saved(state: State) -> None:
    with pytest.raises(InputError):
        agree(state, terms(leads={"Search": "Ada", "Recs": " "}), who="Ada")
    assert agreement_on(state, "gpu") is None


def test_names_are_data(state: State) -> None:
    name = "gpu'; DROP TABLE glidepath_record; --"
    agree(state, terms(pool=name, kpi="<b>$1</b>"), who="Robert'); --")
    saved = agreement_on(state, name)
    assert saved and saved.agreement.pool == name


@pytest.mark.parametrize("changes", [{"pool": ""}, {"quotas": {"Search": 0.5}}, {"colour": "red"}, {"kpi": ""}])
def test_a_body_that_says_something_else_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        terms(**changes)


def test_a_record_that_cannot_be_read_is_told(state: State) -> None:
    state.put(KIND, "gpu", {"pool": "gpu"}, who="somebody")
    with pytest.raises(InputError, match="agreement on gpu cannot be read"):
        agreement_on(state, "gpu")
