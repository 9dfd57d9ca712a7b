"""What stood idle, worked by hand: the best measure counts alone, nothing unmeasured is guessed, money adds up."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from costlib.analysis.units.idle import Machine, Stood, by_team, idle_of, short_names
from costlib.analysis.units.measures import REAL_TIME, TRAINING
from costlib.analysis.units.readings import QUEUED, REQUESTS, Basis, Reading, matched

DAY = date(2026, 9, 1)
NEXT = DAY + timedelta(days=1)


def machine(cost="100", *, resource="endpoint/scorer", **more) -> Machine:
    amount = None if cost is None else Decimal(cost)
    return replace(Machine(DAY, "Fraud", "scorer", resource, REAL_TIME, amount, gpu=True), **more)


def reading(value, measure=Basis.ENGINE, *, resource="endpoint/scorer", model=None, day=DAY, weight="1") -> Reading:
    return Reading(day, resource, model, measure, Decimal(value), Decimal(weight))


def test_idle_is_cost_times_what_was_not_used():
    (one,) = idle_of([machine()], [reading("0.3")]).stood
    assert (one.team, one.name, one.basis, one.cost, one.idle) == (
        "Fraud",
        "endpoint/scorer",
        Basis.ENGINE,
        Decimal(100),
        Decimal("70"),
    )
    assert one.used == Decimal("0.3")


def test_engine_active_counts_alone_where_gpu_util_is_there_too():
    (one,) = idle_of([machine()], [reading("0.99", Basis.BUSY), reading("0.25"), reading("0.5", Basis.CPU)]).stood
    assert (one.basis, one.idle) == (Basis.ENGINE, Decimal("75"))


def test_gpu_util_counts_where_it_is_all_there_is_and_says_so():
    (one,) = idle_of([machine()], [reading("0.9", Basis.BUSY), reading("0.1", Basis.CPU)]).stood
    assert (one.basis, one.idle) == (Basis.BUSY, Decimal("10"))


def test_the_cpu_says_nothing_of_a_gpu_and_all_of_a_machine_without_one():
    cpu = [reading("0.1", Basis.CPU)]
    found = idle_of([machine()], cpu)
    assert (found.stood, found.unmeasured) == ((), (("Fraud", Decimal(100)),))
    (one,) = idle_of([machine(gpu=False)], cpu).stood
    assert (one.basis, one.idle) == (Basis.CPU, Decimal("90"))


def test_a_day_without_a_reading_is_not_measured_and_not_idle():
    found = idle_of([machine(), machine("40", day=NEXT)], [reading("0.5")])
    assert (found.idle, found.cost, found.not_measured) == (Decimal(50), Decimal(100), Decimal(40))


def test_what_is_not_measured_comes_largest_first_and_is_added_up_by_team():
    """Search 50 and 30 on two machines, Fraud 70, nobody 5: nothing of it was read."""
    bill = [machine("50", team="Search"), machine("70"), machine("30", team="Search"), machine("5", team=None)]
    assert idle_of(bill, []).unmeasured == (("Search", Decimal(80)), ("Fraud", Decimal(70)), (None, Decimal(5)))


def test_a_line_of_the_bill_without_a_resource_is_named_as_such():
    (one,) = idle_of([machine(resource=None)], [reading("0.5", resource=None, model="scorer")]).stood
    assert (one.name, one.idle) == ("no resource named", Decimal(50))


def test_an_unknown_cost_is_counted_never_zero():
    found = idle_of([machine(None), machine("10")], [reading("0.5")])
    assert (found.unknown, found.cost, found.idle) == (1, Decimal(10), Decimal(5))


def test_shares_of_several_gpus_are_weighed_by_their_samples():
    (one,) = idle_of([machine()], [reading("1", weight="1"), reading("0.2", weight="3")]).stood
    assert one.used == Decimal("0.4")


def test_a_model_is_measured_where_it_serves_and_no_machine_is_named():
    by_model = reading("0.5", resource=None, model="scorer")
    serving, training = machine(resource="i-1"), machine("30", resource="job/1", stage=TRAINING)
    own = reading("0.9", resource="i-2")
    found = idle_of([serving, training, machine("10", resource="i-2")], [by_model, own])
    assert {one.name: one.idle for one in found.stood} == {"i-1": Decimal(50), "i-2": Decimal("1.0")}
    assert found.not_measured == Decimal(30)


def test_what_a_pool_knows_of_itself_counts_and_unknown_use_does_not():
    pool = {"resource": "pool", "basis": Basis.RESERVED}
    nobody = machine("20", team=None, resource="pool", basis=Basis.ALLOCATION, used=Decimal(0))
    found = idle_of([machine(used=Decimal("0.75"), **pool), machine("8", day=NEXT, **pool), nobody], [])
    assert [(one.team, one.basis, one.idle) for one in found.stood] == [
        ("Fraud", Basis.RESERVED, Decimal(25)),
        (None, Basis.ALLOCATION, Decimal(20)),
    ]
    assert found.not_measured == Decimal(8)


def test_requests_and_waiting_count_once_a_day_however_many_lines_the_bill_has():
    counts = [reading("1000", REQUESTS), reading("2", QUEUED), reading("0.5"), reading("3000", REQUESTS, day=NEXT)]
    bill = [machine("60"), machine("40"), machine("5", day=NEXT)]
    (one,) = idle_of(bill, [*counts, reading("0.5", day=NEXT)]).stood
    assert (one.requests, one.queued, one.idle) == (Decimal(4000), Decimal(2), Decimal("52.5"))


def test_names_are_matched_whole_or_by_their_last_part_if_only_one_has_it():
    known = ["arn:a:endpoint/scorer", "arn:b:endpoint/scorer", "arn:a:endpoint/ranker", "i-1"]
    asked = [
        reading("0.1", resource="i-1"),
        reading("0.2", resource="ranker"),
        reading("0.3", resource="scorer"),
        reading("0.4", resource="gone"),
        reading("0.5", resource="gpu-host", model="bot"),
        reading("0.6", resource=None, model="unheard"),
    ]
    found, lost = matched(asked, known, ["bot"])
    assert [(one.resource, one.value) for one in found] == [
        ("i-1", Decimal("0.1")),
        ("arn:a:endpoint/ranker", Decimal("0.2")),
        (None, Decimal("0.5")),
    ]
    assert lost == ["gone", "scorer", "unheard"]


def test_teams_are_summed_most_idle_first():
    rows = [Stood(team, "x", Basis.CPU, Decimal(10), Decimal(idle)) for team, idle in (("A", 2), ("B", 5), ("A", 4))]
    assert by_team(rows) == [("A", Decimal(20), Decimal(6)), ("B", Decimal(10), Decimal(5))]


def test_teams_of_equal_idleness_come_by_name_and_nobody_first():
    rows = [Stood(team, "x", Basis.CPU, Decimal(10), Decimal(2)) for team in ("B", None, "A")]
    assert [team for team, _, _ in by_team([*rows, Stood("C", "x", Basis.CPU, Decimal(1), Decimal(9))])] == [
        "C",
        None,
        "A",
        "B",
    ]


def test_the_most_idle_comes_first_then_the_dearest_then_by_name_and_team():
    """Idle 60 of 75, then 40 of 100, then three times 40 of 50, two of them of one name."""
    given = [("b", "50", "0.2", "B"), ("b", "50", "0.2", "A"), ("a", "50", "0.2", "B"), ("c", "100", "0.6", "A")]
    given.append(("d", "75", "0.2", "A"))
    bill = [machine(cost, resource=name, team=team) for name, cost, _, team in given]
    found = idle_of(bill, {reading(used, resource=name) for name, _, used, _ in given})
    assert [(one.name, one.team, one.idle) for one in found.stood] == [
        ("d", "A", Decimal(60)),
        ("c", "A", Decimal(40)),
        ("a", "B", Decimal(40)),
        ("b", "A", Decimal(40)),
        ("b", "B", Decimal(40)),
    ]


def test_what_is_not_measured_of_equal_size_comes_by_team_and_nobody_first():
    bill = [machine("5", team=team) for team in ("B", None, "A")]
    assert [team for team, _ in idle_of(bill, []).unmeasured] == [None, "A", "B"]


def test_nothing_is_nothing():
    found = idle_of([], [reading("0.5")])
    assert (found.stood, found.unmeasured, found.idle, found.cost) == ((), (), Decimal(0), Decimal(0))
    assert short_names(found.stood) == {}


_SHARE = st.decimals(0, 1, places=4)
_MACHINES = st.lists(
    st.builds(
        machine,
        st.decimals(-1000, 10_000, places=6).map(str),
        resource=st.sampled_from(["a", "b", "c", None]),
        team=st.sampled_from(["A", "B", None]),
        gpu=st.booleans(),
        day=st.sampled_from([DAY, NEXT]),
    ),
    max_size=12,
)
_READINGS = st.lists(
    st.builds(
        reading,
        _SHARE.map(str),
        st.sampled_from([*Basis][:3]),
        resource=st.sampled_from(["a", "b"]),
        day=st.sampled_from([DAY, NEXT]),
    ),
    max_size=8,
)


@given(_MACHINES, _READINGS)
def test_every_dollar_is_measured_or_not_and_order_does_not_matter(machines, readings):
    found = idle_of(machines, readings)
    assert found.cost + found.not_measured == sum((one.cost or Decimal(0) for one in machines), Decimal(0))
    again = idle_of(reversed(machines), reversed(readings))
    assert (again.cost, again.not_measured) == (found.cost, found.not_measured)
    assert abs(again.idle - found.idle) < Decimal("1e-20")


@given(_MACHINES.map(lambda all_of: [replace(one, cost=abs(one.cost or 0)) for one in all_of]), _READINGS)
def test_no_more_is_idle_than_was_paid(machines, readings):
    for one in idle_of(machines, readings).stood:
        assert 0 <= one.idle <= one.cost
