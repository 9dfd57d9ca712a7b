"""Words of idle money: how much, whose, by which measure, what had no request and what nobody measured."""

from __future__ import annotations

from decimal import Decimal

from costlib.analysis.units.idle import IdleFound, Stood
from costlib.analysis.units.readings import Basis
from costlib.briefs.words.idle import (
    BASIS_WORDS,
    BY_ENDPOINT,
    BY_TEAM,
    UNOWNED,
    further_words,
    idle_chart,
    idle_finding,
    idle_rows,
    idle_subject,
    team_rows,
)
from costlib.charts.spec import Caption


def stood(team, name, cost, idle, basis=Basis.ENGINE, **more) -> Stood:
    return Stood(team, name, basis, Decimal(cost), Decimal(idle), **more)


SCORER = stood("Fraud", "arn:1:endpoint/scorer", 1000, 700, requests=Decimal(2000), queued=Decimal(3))
CANARY = stood("Fraud", "arn:1:endpoint/canary", 50, 50, requests=Decimal(0))
POOL = stood("Search", "shared", 600, 300, Basis.RESERVED)
NOBODY = stood(None, "shared", 500, 500, Basis.ALLOCATION)
FOUND = IdleFound((SCORER, NOBODY, POOL, CANARY), (("Search", Decimal(80)), (None, Decimal(20))), unknown=2)
CAPTION = Caption("t", "s", "b")


def test_the_finding_names_the_most_idle_by_name_not_by_row():
    assert idle_finding(FOUND, "USD", "in Sep 2026") == (
        "$1.55K of $2.15K of measured machines stood idle in Sep 2026, most of it in shared: $800"
    )


def test_one_machine_and_no_machine():
    assert idle_finding(IdleFound((SCORER,)), "USD", "in Sep 2026") == (
        "$700 of $1.00K of measured machines stood idle in Sep 2026"
    )
    assert idle_finding(IdleFound(), "USD", "in Sep 2026") == (
        "No machine was measured in Sep 2026: what stood idle is unknown"
    )


def test_bars_by_endpoint_and_by_team_add_up_to_the_same():
    ends = [idle_chart(FOUND, by, CAPTION, "USD") for by in (BY_ENDPOINT, BY_TEAM)]
    assert [(bar.name, bar.amount) for bar in ends[0].ranked] == [("shared", 800), ("scorer", 700), ("canary", 50)]
    assert [(bar.name, bar.amount) for bar in ends[1].ranked] == [("Fraud", 750), ("Nobody", 500), ("Search", 300)]
    assert sum(bar.amount for bar in ends[0].bars) == sum(bar.amount for bar in ends[1].bars) == FOUND.idle


def test_the_chart_says_by_what_it_was_measured_and_what_was_not():
    assert idle_subject(FOUND, BY_TEAM, "USD") == (
        "Cost of what was not used by team, measured by GPU engine active and reserved hours of shared pools; "
        "$100 has no measurement"
    )
    one = IdleFound((stood("Fraud", "a", 1, 1, Basis.CPU), stood("Fraud", "b", 1, 1, Basis.BUSY), SCORER))
    assert idle_subject(one, BY_ENDPOINT, "USD") == (
        "Cost of what was not used by endpoint or pool, measured by GPU engine active, GPU busy (GPU_UTIL) and CPU busy"
    )


def test_every_row_names_its_measure():
    header, rows = idle_rows(FOUND, "USD")
    assert header == [
        "Endpoint or pool", "Team", "Idle", "Cost", "Used", "Requests", "Wait a request", "Measured by",
    ]  # fmt: skip
    assert rows[0] == ["scorer", "Fraud", "$700", "$1.00K", "30%", "2,000", "1.5 ms", "GPU engine active"]
    assert rows[1] == ["shared", "Nobody", "$500", "$500", "0%", "–", "–", "Reserved by nobody"]
    assert rows[3][5:7] == ["0", "unknown"]
    assert set(BASIS_WORDS) == set(Basis)


def test_columns_that_nobody_measured_are_left_out():
    header, rows = idle_rows(IdleFound((POOL,)), "USD")
    assert header == ["Endpoint or pool", "Team", "Idle", "Cost", "Used", "Measured by"]
    assert len(rows[0]) == len(header)


def test_like_names_are_told_whole():
    other = stood("Fraud", "arn:2:endpoint/scorer", 1, 1)
    assert [row[0] for row in idle_rows(IdleFound((SCORER, other)), "USD")[1]] == [SCORER.name, other.name]


def test_teams_with_what_was_not_measured_of_them():
    header, rows = team_rows(FOUND, "USD")
    assert header == ["Team", "Idle", "Measured cost", "No measurement"]
    found = {row[0]: row[1:] for row in rows}
    assert found["Fraud"] == ["$750", "$1.05K", "$0"]
    assert found["Search"] == ["$300", "$600", "$80.00"]
    assert found["Nobody"] == ["$500", "$500", "$0"]
    assert found["No team"] == ["unknown", "$0", "$20.00"], "what has no owner is not what nobody reserved"
    only = team_rows(IdleFound((), (("Search", Decimal(80)),)), "USD")[1]
    assert only == [["Search", "unknown", "$0", "$80.00"]]


def test_further_words_tell_money_without_measurement_and_machines_without_requests():
    assert further_words(FOUND, ["a", "b", "c", "d"], "USD") == (
        "Not one request in all that time: canary, $50.00. "
        "$100 of GPUs and of machines that serve requests has no measurement. "
        "The bills do not tell what 2 machine days cost: they are left out. "
        "Measured, but on no bill of these days under that name: a, b, c and 1 more."
    )
    assert further_words(IdleFound((POOL,)), [], "USD") == ""


def test_most_is_more_than_half():
    """600 of 1,000 are most; of 400, 350 and 250 the 400 are only the largest part, as are 500 of 1,000."""
    for parts, said in (
        ((600, 400), "most of it in a: $600"),
        ((400, 350, 250), "the largest part in a: $400"),
        ((500, 500), "the largest part in a: $500"),
    ):
        found = IdleFound(tuple(stood("T", name, 1000, idle) for name, idle in zip("abc", parts, strict=False)))
        assert idle_finding(found, "USD", "in Sep 2026").endswith(f"stood idle in Sep 2026, {said}")


def test_two_machines_that_were_never_idle_have_no_most():
    found = IdleFound((stood("T", "a", 100, 0), stood("T", "b", 100, 0)))
    assert idle_finding(found, "USD", "in Sep 2026") == "$0 of $200 of measured machines stood idle in Sep 2026"


def test_one_day_of_unknown_cost_is_one():
    def said(unknown: int) -> str:
        return further_words(IdleFound((SCORER,), unknown=unknown), (), "USD")

    assert said(1) == "The bills do not tell what 1 machine day cost: it is left out."
    assert said(1200) == "The bills do not tell what 1,200 machine days cost: they are left out."


def test_what_has_no_owner_is_not_called_reserved_by_nobody():
    """Capacity that nobody reserved is nobody's; cost without an owner is unowned, and so are both together."""
    mixed = (NOBODY, stood(None, "lost", 100, 90))
    assert team_rows(IdleFound((NOBODY,)), "USD")[1][0][0] == "Nobody"
    assert team_rows(IdleFound(mixed[1:]), "USD")[1][0][0] == UNOWNED
    assert team_rows(IdleFound(mixed), "USD")[1][0][0] == UNOWNED


def test_a_wait_is_in_milliseconds():
    header, (row,) = idle_rows(IdleFound((stood("T", "a", 10, 5, requests=Decimal(2000), queued=Decimal(3)),)), "USD")
    assert row[header.index("Wait a request")] == "1.5 ms"
