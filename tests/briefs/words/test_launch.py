"""Words of the launch review: where each stands, what a month came to and why, without the dust of floats."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from costlib.briefs.words import launch as words
from costlib.briefs.words import launch_causes
from costlib.briefs.words.launch import Reviewed
from costlib.roadmap.plan_fields import Estimate
from costlib.roadmap.portfolio.launch import Decided, Launch
from costlib.roadmap.portfolio.launch_review import Deviation, Outcome
from costlib.roadmap.portfolio.launched import LaunchMonth, UntoldMonth

VOICE = Launch(
    what="Voice agent",
    owner="Head of Support",
    currency="USD",
    scope={"x_Model": "voice"},
    volumes={"calls": {"low": 500, "likely": 1000, "high": 1500}, "months": 1},
    components=[
        {"name": "answers", "volume": "calls", "consumption": 2000, "price": 0.000003, "unit": "tokens"},
        {"name": "index", "volume": "months", "consumption": 100, "price": 0.5, "unit": "hours"},
    ],
    limit=Decimal(60),
)
YES = Decided(verdict="approved", by="CFO", on=date(2026, 3, 9), why="cheap")
SEPTEMBER = date(2026, 9, 1)


def reviewed(launch: Launch = VOICE, *actual: float) -> Reviewed:
    months = tuple(LaunchMonth(date(2026, 8 + at, 1), cost, 40.0, 80.0, None) for at, cost in enumerate(actual))
    return Reviewed(launch, launch.estimate(), months)


def decided(**fields: object) -> Launch:
    return VOICE.model_copy(update={"decision": YES, **fields})


@pytest.mark.parametrize(
    ("launch", "said"),
    [
        (VOICE, "open"),
        (decided(), "approved, 9 Mar 2026"),
        (decided(shipped=date(2026, 4, 1)), "approved, 9 Mar 2026"),
        (decided(shipped=date(2026, 2, 1)), "shipped without approval, approved 9 Mar 2026"),
        (VOICE.model_copy(update={"shipped": date(2026, 2, 1)}), "shipped without approval"),
    ],
)
def test_where_it_stands(launch, said):
    assert words.decision_words(reviewed(launch)) == said


def test_the_finding_names_what_needs_somebody_then_what_came():
    assert words.launch_finding([]) == words.NONE_YET
    assert words.launch_finding([reviewed()]) == "Voice agent waits for a decision"
    assert words.launch_finding([reviewed(), reviewed()]) == "2 models wait for a decision"
    said = words.launch_finding([reviewed(), reviewed(decided(), 50, 90)])
    assert said == (
        "Voice agent waits for a decision; Voice agent came to $90.00 in Sep 2026, $10.00 above the range of $40.00 to "
        "$80.00"
    )
    assert words.launch_finding([reviewed(decided())]) == "1 model reviewed, none of which is on a bill yet"


def test_a_row_says_what_is_not_known():
    """1,000 calls x 2,000 tokens x 3 USD a million = 6, and 100 hours x 0.5 USD = 50: 56 in all."""
    (row,) = words.launch_rows([reviewed(VOICE.model_copy(update={"owner": "", "limit": None}))])
    assert row[1:6] == ["nobody named", "open", "no day set", "not yet", "$56.00"]
    assert row[7:] == ["no limit set", "–", "–"]
    assert len(row) == len(words.LAUNCH_HEADER)
    (row,) = words.launch_rows([reviewed(decided(), 30)])
    assert row[8:] == ["$30.00 in Aug 2026", "$10.00 below the range"]


def test_how_it_stands_to_what_may_be_spent():
    assert words.fit_words(reviewed()) == "Within, even at the high end; up to $60.00 a month may be spent."
    assert words.fit_words(reviewed(VOICE.model_copy(update={"limit": Decimal(1)}))).startswith("Beyond what may be")
    assert words.fit_words(reviewed(VOICE.model_copy(update={"limit": None}))) is None


def test_the_parts_of_an_estimate():
    answers, index = words.part_rows(VOICE, VOICE.estimate())
    assert answers == ["answers", "1,000 (500 to 1,500) calls", "2,000 tokens", "3 a million", "$6.00"]
    assert index == ["index", "every month", "100 hours", "0.5", "$50.00"]


def test_the_newest_month_comes_first():
    assert [row[0] for row in words.month_rows(reviewed(decided(), 50, 60))] == ["Sep 2026", "Aug 2026"]


OUTCOME = Outcome(
    actual=70.0,
    deviations=(Deviation("answers", 6.0, 15.0, 12.0, -3.0, 1e-13), Deviation("index", 50.0, 50.0, 0.0, 0.0, -1e-13)),
    unforeseen={"egress": 5.0},
)


def test_causes_are_ranked_and_add_up_to_the_difference():
    """12 - 3 + 5 = 14 = 70 - 56."""
    said = launch_causes.cause_finding(OUTCOME, 56.0, "USD")
    assert said == (
        "$14.00 more than expected: $12.00 more by volume, $5.00 more that nobody foresaw, $3.00 less by consumption"
    )


def test_the_dust_of_floats_is_not_shown():
    answers, index, egress = launch_causes.cause_rows(OUTCOME, "USD")
    assert answers == ["answers", "$6.00", "$15.00", "+$12.00", "−$3.00", "$0", "+$9.00"]
    assert index[3:] == ["$0", "$0", "$0", "$0"]
    assert egress == ["egress (not foreseen)", "$0", "$5.00", "–", "–", "–", "+$5.00"]


def test_what_came_as_expected_is_neither_more_nor_less():
    even = Outcome(actual=56.0, deviations=(), unforeseen={})
    assert launch_causes.cause_finding(even, 56.001, "USD") == "As much as expected"
    assert launch_causes.cause_finding(even, 56.4, "USD") == "$0.40 less than expected"
    assert launch_causes.cause_finding(even, 55.6, "USD") == "$0.40 more than expected"


def test_a_mean_is_expected_and_a_stated_range_stands_as_it_was_stated():
    """Of calls of 500, 1,000 or 3,000 the mean is 1,250: 7.50 for answers, not the 6 of the likely calls, and 50 of the
    index. Of a range of 40, 56 or 90 the likely end is shown, which is no mean."""
    skewed = VOICE.model_copy(update={"volumes": {**VOICE.volumes, "calls": Estimate(low=500, likely=1000, high=3000)}})
    stated = decided(components=(), volumes={}, monthly=Estimate(low=40, likely=56, high=90))
    shown = []
    for launch in (skewed, stated):
        one = words.Reviewed(launch, launch.estimate(), reviewed(VOICE, 50.0).months)
        row = dict(zip(words.LAUNCH_HEADER, words.launch_rows([one])[0], strict=True))
        month = dict(zip(words.MONTH_HEADER, words.month_rows(one)[0], strict=True))
        assert row["Expected a month"] == month["Expected"] == words.expected_words(one)
        shown.append(row["Expected a month"])
    assert shown == ["$57.50", "$56.00 likely, as stated"]


def test_the_last_month_is_the_newest_of_all_launches():
    """Audio came to a bill in August, voice in August and September: September is told, whichever stands first."""
    audio = reviewed(VOICE.model_copy(update={"what": "Audio"}), 50.0)
    for found in ([audio, reviewed(decided(), 50.0, 70.0)], [reviewed(decided(), 50.0, 70.0), audio]):
        assert "came to $70.00 in Sep 2026, inside the range of $40.00 to $80.00" in words.launch_finding(found)


@pytest.mark.parametrize(
    ("cost", "said"),
    [
        (80.0, "inside the range"),
        (80.001, "inside the range"),
        (95.5, "$15.50 above the range"),
        (39.5, "$0.50 below the range"),
        (40.0, "inside the range"),
    ],
)
def test_how_a_month_stands_to_its_range(cost, said):
    (month,) = reviewed(VOICE, cost).months
    assert words.verdict(month, "USD") == said


@pytest.mark.parametrize(
    ("volume", "consumption", "price", "said"),
    [
        (2.0, -9.0, 4.0, "$9.00 less by consumption, $4.00 more by price, $2.00 more by volume"),
        (1.0, 0.99, -1.0, "$1.00 more by volume, $1.00 less by price"),
        (0.5, 0.0, -0.5, ""),
    ],
)
def test_causes_of_a_dollar_or_more_are_told_by_their_size_whichever_way(volume, consumption, price, said):
    deviation = Deviation("answers", 50.0, 60.0, volume, consumption, price)
    found = Outcome(actual=60.0, deviations=(deviation,), unforeseen={})
    whole = "$10.00 more than expected"
    assert launch_causes.cause_finding(found, 50.0, "USD") == (f"{whole}: {said}" if said else whole)


def test_a_row_stands_under_its_header():
    """The range of 56 is that of the calls, 500 to 1,500: 3 to 9 for answers beside 50 of the index."""
    one = reviewed(decided(planned=date(2026, 3, 1), shipped=date(2026, 4, 1)), 50.0)
    (row,) = words.launch_rows([one])
    shown = dict(zip(words.LAUNCH_HEADER, row, strict=True))
    monthly = one.estimate.monthly
    assert (shown["Model"], shown["Owner"], shown["Decision"]) == (
        "Voice agent",
        "Head of Support",
        "approved, 9 Mar 2026",
    )
    assert (shown["Planned"], shown["Runs since"], shown["May be spent"]) == ("1 Mar 2026", "1 Apr 2026", "$60.00")
    assert shown["Expected a month"] == "$56.00"
    assert shown["Range"] == f"${monthly.low:.2f} to ${monthly.high:.2f}"
    assert (shown["Came to"], shown["Verdict"]) == ("$50.00 in Aug 2026", "inside the range")
    month = dict(zip(words.MONTH_HEADER, words.month_rows(one)[0], strict=True))
    assert month == {
        "Month": "Aug 2026", "Came to": "$50.00", "Expected": "$56.00", "Range": "$40.00 to $80.00",
        "Verdict": "inside the range",
    }  # fmt: skip
    cause = dict(zip(launch_causes.CAUSE_HEADER, launch_causes.cause_rows(OUTCOME, "USD")[0], strict=True))
    assert (cause["By volume"], cause["By consumption"], cause["By price"]) == ("+$12.00", "−$3.00", "$0")
    part = dict(zip(words.PART_HEADER, words.part_rows(VOICE, VOICE.estimate())[0], strict=True))
    assert (part["Driven by"], part["Each needs"], part["Price"]) == (
        "1,000 (500 to 1,500) calls",
        "2,000 tokens",
        "3 a million",
    )


def test_several_that_shipped_without_approval_are_counted():
    shipped = reviewed(VOICE.model_copy(update={"shipped": date(2026, 2, 1)}))
    assert words.launch_finding([shipped]) == "Voice agent shipped without approval"
    assert words.launch_finding([shipped, reviewed(), shipped]) == (
        "2 models shipped without approval; Voice agent waits for a decision"
    )
    assert words.launch_finding([reviewed(decided())] * 2) == "2 models reviewed, none of which is on a bill yet"


OCTOBER = date(2026, 10, 1)


@pytest.mark.parametrize(
    ("untold", "came", "row"),
    [
        pytest.param(
            [UntoldMonth(SEPTEMBER, accounts=("Azure (1)", "AWS (2)"))],
            "$50.00 in Aug 2026; unknown in Sep 2026",
            ["unknown", "no whole bill of Azure (1) or AWS (2)"],
            id="an account",
        ),
        pytest.param(
            [UntoldMonth(SEPTEMBER, unknown=2)],
            "$50.00 in Aug 2026; unknown in Sep 2026",
            ["unknown", "2 line items have no known cost"],
            id="line items",
        ),
        pytest.param(
            [UntoldMonth(SEPTEMBER)],
            "$50.00 in Aug 2026; nothing billed in Sep 2026",
            ["–", "nothing of it is on the bill"],
            id="nothing",
        ),
        pytest.param(
            [UntoldMonth(SEPTEMBER, is_missing=True), UntoldMonth(OCTOBER, is_missing=True)],
            "$50.00 in Aug 2026; unknown since Sep 2026",
            ["unknown", "no bill of it is loaded"],
            id="two months without a bill",
        ),
        pytest.param(
            [UntoldMonth(date(2026, 7, 1))], "$50.00 in Aug 2026", ["$50.00", "inside the range"], id="before"
        ),
    ],
)
def test_months_that_no_bill_tells_stand_with_the_others_and_say_why(untold, came, row):
    one = replace(reviewed(decided(shipped=date(2026, 4, 1)), 50.0), untold=tuple(untold))
    (shown,) = words.launch_rows([one])
    assert dict(zip(words.LAUNCH_HEADER, shown, strict=True))["Came to"] == came
    newest = dict(zip(words.MONTH_HEADER, words.month_rows(one)[0], strict=True))
    assert [newest["Came to"], newest["Verdict"]] == row
    assert (newest["Expected"], len(words.month_rows(one))) == ("$56.00", 1 + len(untold))


def test_a_launch_of_which_no_month_is_known_is_not_said_to_be_on_no_bill():
    late = replace(reviewed(decided()), untold=(UntoldMonth(SEPTEMBER, accounts=("Azure (1)",)),))
    assert words.launch_finding([late]) == "1 model reviewed; what came of it no bill tells yet"
    silent = replace(late, untold=(UntoldMonth(SEPTEMBER),))
    assert words.launch_finding([silent]) == "1 model reviewed, none of which is on a bill yet"


def test_what_nobody_foresaw_comes_dearest_first():
    found = Outcome(actual=9.0, deviations=(), unforeseen={"logs": 1.0, "egress": 5.0, "disks": 3.0})
    assert [row[0].split()[0] for row in launch_causes.cause_rows(found, "USD")] == ["egress", "disks", "logs"]


def test_why_a_month_is_not_taken_apart():
    month = LaunchMonth(SEPTEMBER, 70.0, 40.0, 80.0, None)
    assert launch_causes.not_apart_words(month) == (
        "Sep 2026 is not taken apart: "
        "a month is taken apart by cause where each volume was counted on each of its days."
    )
    mixed = {"index": {"Hours": 720.0, "GB": 1.5}, "answers": {"tokens": 2e6, "": 3.0}}
    assert launch_causes.not_apart_words(replace(month, mixed=mixed)) == (
        "Sep 2026 is not taken apart: quantities in different units do not add up. Billed was index in 720 Hours and "
        "1.5 GB; answers in 2,000,000 tokens and 3 without a unit. Give each unit a component of its own."
    )
