"""Cost over volume: small models with answers worked by hand, then what must hold for any."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from costlib.analysis.units import Cost, Gap, Unbilled, UnitCost, Volume, by_team, unit_costs, whole
from costlib.periods import Grain, Window

AUGUST, SEPTEMBER = date(2026, 8, 1), date(2026, 9, 1)
WINDOW = Window(AUGUST, date(2026, 10, 1))
SERVING = "real-time inference"


def cost(day: date, amount: str, stage: str | None = SERVING, **facts: object) -> Cost:
    one = Cost(day, "Fraud", "scorer", stage, Decimal(amount), Decimal(amount))
    return replace(one, **facts)  # type: ignore[arg-type]


def requests(day: date, value: str | None, **facts: object) -> Volume:
    one = Volume(day, "requests", "Fraud", "scorer", None if value is None else Decimal(value), "count")
    return replace(one, **facts)  # type: ignore[arg-type]


def asked(costs: list[Cost], volumes: list[Volume], grain: Grain = Grain.MONTH) -> list[UnitCost]:
    return unit_costs(costs, volumes, grain, WINDOW)


def test_a_thousand_requests() -> None:
    """30 dollars for 60,000 requests is 50 cents a thousand."""
    (found,) = asked([cost(SEPTEMBER, "10"), cost(date(2026, 9, 30), "20")], [
        requests(SEPTEMBER, "20000"), requests(date(2026, 9, 30), "40000")
    ])  # fmt: skip
    assert (found.period, found.unit.name, found.amount) == (SEPTEMBER, "1,000 inferences", Decimal("0.5"))


def test_both_bases_stand_beside_each_other() -> None:
    """Of 10 dollars reserved 4 were used: 1 dollar and 40 cents a thousand."""
    (found,) = asked([cost(SEPTEMBER, "10", by_use=Decimal(4))], [requests(SEPTEMBER, "10000")])
    assert (found.amount, found.amount_by_use) == (Decimal(1), Decimal("0.4"))
    (unknown,) = asked([cost(SEPTEMBER, "10", by_use=None)], [requests(SEPTEMBER, "10000")])
    assert (unknown.amount, unknown.amount_by_use) == (Decimal(1), None)


def test_training_is_no_cost_of_serving_and_a_stage_nobody_told_is() -> None:
    costs = [cost(SEPTEMBER, "10"), cost(SEPTEMBER, "99", "training"), cost(SEPTEMBER, "2", None)]
    (found,) = asked(costs, [requests(SEPTEMBER, "12000")])
    assert found.amount == 1


def test_an_outcome_bears_all_cost_of_its_model() -> None:
    costs = [cost(SEPTEMBER, "10"), cost(SEPTEMBER, "90", "training"), cost(SEPTEMBER, "7", model="other")]
    (found,) = asked(costs, [requests(SEPTEMBER, "1000", metric="orders")])
    assert (found.unit.name, found.amount) == ("1,000 orders", Decimal(100))


def test_a_denominator_that_is_zero_unknown_or_not_there_gives_none_and_is_counted() -> None:
    for volumes in ([requests(SEPTEMBER, "0")], [requests(SEPTEMBER, None)], [requests(SEPTEMBER, "-5")]):
        (found,) = asked([cost(SEPTEMBER, "10")], volumes)
        assert found.amount is None
        assert (whole([found]).unknown, whole([found]).amount) == (1, None)
    counted = [requests(AUGUST, "1000"), requests(date(2026, 9, 30), "1000", model="late")]
    found_all = asked([cost(AUGUST, "1"), cost(SEPTEMBER, "10")], counted)
    (idle,) = (one for one in found_all if one.period == SEPTEMBER and one.model == "scorer")
    assert (idle.cost, idle.volume, idle.amount) == (Decimal(10), None, None)


def test_an_unknown_cost_is_not_nothing() -> None:
    (found,) = asked([cost(SEPTEMBER, "10"), replace(cost(SEPTEMBER, "1"), amount=None)], [requests(SEPTEMBER, "1000")])
    assert (found.cost, found.amount) == (None, None)


def test_days_that_the_metric_does_not_cover_are_in_no_unit_cost() -> None:
    """Counts end on the 10th: the 300 dollars of the 11th would stand over nothing."""
    costs = [cost(SEPTEMBER, "10"), cost(date(2026, 9, 10), "10"), cost(date(2026, 9, 11), "300")]
    (found,) = asked(costs, [requests(SEPTEMBER, "10000"), requests(date(2026, 9, 10), "10000")])
    assert (found.cost, found.amount) == (Decimal(20), Decimal(1))


def test_a_count_without_a_team_takes_the_model_of_all_teams() -> None:
    costs = [cost(SEPTEMBER, "6"), cost(SEPTEMBER, "4", team="Risk"), cost(SEPTEMBER, "5", model="other")]
    (found,) = asked(costs, [requests(SEPTEMBER, "10000", team=None)])
    assert found.cost == 10
    (team,) = asked(costs, [requests(SEPTEMBER, "11000", model=None)])
    assert team.cost == 11


def test_what_the_bill_counts_keeps_the_unallocated_apart() -> None:
    """Tokens without a model are unallocated: they do not take the cost of models that have their own."""
    tokens = [
        requests(SEPTEMBER, "1000000", metric="input tokens"),
        requests(SEPTEMBER, "1000000", metric="input tokens", team=None, model=None),
    ]
    own = [
        cost(SEPTEMBER, "3", only="input tokens"),
        cost(SEPTEMBER, "2", None, team=None, model=None, only="input tokens"),
    ]
    found = {one.model: one.amount for one in asked([*own, cost(SEPTEMBER, "50")], tokens)}
    assert found == {"scorer": Decimal(3), None: Decimal(2)}


def test_cached_input_and_output_tokens_are_apart() -> None:
    kinds = {"input tokens": "8", "cached input tokens": "1", "output tokens": "30"}
    costs = [cost(SEPTEMBER, amount, only=kind) for kind, amount in kinds.items()]
    counted = [requests(SEPTEMBER, "2000000", metric=kind) for kind in kinds]
    assert [one.amount for one in asked(costs, counted)] == [Decimal(4), Decimal("0.5"), Decimal(15)]


def test_what_a_metric_alone_costs_is_not_added_to_the_whole_again() -> None:
    """Of 10 dollars 3 are input tokens: they are named once more by themselves, and a request still bears 10."""
    costs = [cost(SEPTEMBER, "10"), cost(SEPTEMBER, "3", only="input tokens")]
    (found,) = asked(costs, [requests(SEPTEMBER, "1000")])
    assert (found.cost, found.amount) == (Decimal(10), Decimal(10))


def test_a_total_is_one_row_named_by_the_first_day_asked_for() -> None:
    """August 2 and September 4 over 1,000 and 2,000: 6 over 3,000 from 1 August."""
    volumes = [requests(date(2026, 8, 20), "1000"), requests(SEPTEMBER, "2000")]
    (found,) = asked([cost(date(2026, 8, 20), "2"), cost(SEPTEMBER, "4")], volumes, Grain.TOTAL)
    assert (found.period, found.amount) == (AUGUST, Decimal(2))


def test_teams_that_cost_the_same_come_by_name_and_nobody_first() -> None:
    teams = ("Search", None, "Fraud")
    volumes = [requests(SEPTEMBER, "1000", team=team, metric="input tokens") for team in teams]
    found = asked([cost(SEPTEMBER, "5", team=team, only="input tokens") for team in teams], volumes)
    assert [team for team, _ in by_team(found)] == [None, "Fraud", "Search"]


def test_the_dearest_team_comes_first_and_one_of_unknown_cost_with_those_of_none() -> None:
    """Fraud 2, Risk 9, Search 5; what Ads cost is not known, so it stands with the team that cost nothing."""
    spent = {"Ads": None, "Fraud": Decimal(2), "Free": Decimal(0), "Risk": Decimal(9), "Search": Decimal(5)}
    costs = [replace(cost(SEPTEMBER, "0", team=team), amount=amount) for team, amount in spent.items()]
    found = by_team(asked(costs, [requests(SEPTEMBER, "1000", team=team) for team in spent]))
    assert [team for team, _ in found] == ["Risk", "Search", "Fraud", "Ads", "Free"]


def test_rows_come_by_period_model_and_team() -> None:
    whose = [("Risk", "a"), (None, "b"), ("Ads", "b"), ("Fraud", "b")]
    volumes = [
        requests(day, "1000", team=team, model=model, metric="input tokens")
        for team, model in reversed(whose)
        for day in (SEPTEMBER, AUGUST)
    ]
    found = [(one.period, one.team, one.model) for one in asked([], volumes)]
    assert found == [(period, *who) for period in (AUGUST, SEPTEMBER) for who in whose]


def test_the_day_after_the_window_is_not_asked_for() -> None:
    """Nor is the day before it, though counts run through both."""
    around = (date(2026, 7, 31), AUGUST, date(2026, 9, 30), date(2026, 10, 1))
    volumes = [requests(day, f"{10**number}000") for number, day in enumerate(around)]
    (found,) = asked([cost(day, "1") for day in around], volumes, Grain.TOTAL)
    assert (found.volume, found.cost) == (Decimal(110_000), Decimal(2))


def test_quarters_are_of_the_calendar_unless_the_year_begins_later() -> None:
    volumes = [requests(AUGUST, "1000"), requests(SEPTEMBER, "1000")]
    assert [one.period for one in asked([], volumes, Grain.QUARTER)] == [date(2026, 7, 1)]
    later = unit_costs([], volumes, Grain.QUARTER, WINDOW, fiscal_start=3)
    assert [one.period for one in later] == [date(2026, 6, 1), SEPTEMBER]


def test_a_single_unit_has_a_cost() -> None:
    """One training run of 70 dollars costs 70 dollars."""
    (found,) = asked([cost(SEPTEMBER, "70", "training")], [requests(SEPTEMBER, "1", metric="training runs")])
    assert (found.unit.name, found.amount) == ("training run", Decimal(70))


def test_one_day_of_unknown_use_leaves_the_use_of_all_unknown() -> None:
    """A whole says how many of its parts have no denominator; use is asked only of those that have one."""
    known, idle = cost(AUGUST, "10", by_use=Decimal(4)), cost(SEPTEMBER, "6", by_use=None)
    for last, by_use, unknown in (("0", Decimal(4), 1), ("1000", None, 0)):
        found = whole(asked([known, idle], [requests(AUGUST, "1000"), requests(SEPTEMBER, last)]))
        assert (found.by_use, found.amount_by_use, found.unknown) == (by_use, by_use, unknown)


def test_a_whole_is_in_the_units_of_its_metric() -> None:
    """6 dollars for two million tokens are 3 a million."""
    spent = [cost(SEPTEMBER, "6", only="output tokens")]
    (found,) = asked(spent, [requests(SEPTEMBER, "2000000", metric="output tokens")])
    assert whole([found]).amount == found.amount == Decimal(3)


def test_weeks_begin_on_monday() -> None:
    volumes = [requests(date(2026, 8, 30), "1000"), requests(date(2026, 8, 31), "1000")]
    found = asked([cost(date(2026, 8, 30), "1"), cost(date(2026, 8, 31), "2")], volumes, Grain.WEEK)
    assert [(one.period, one.amount) for one in found] == [(date(2026, 8, 24), 1), (date(2026, 8, 31), 2)]


def test_a_total_divides_sums_not_means() -> None:
    """1,000 at 5 dollars and 9,000 at 1 a thousand: 14 dollars over 10,000."""
    volumes = [requests(SEPTEMBER, "1000"), requests(SEPTEMBER, "9000", team="Risk", model="other")]
    found = asked([cost(SEPTEMBER, "5"), cost(SEPTEMBER, "9", team="Risk", model="other")], volumes)
    assert whole(found).amount == Decimal("1.4")
    assert [(team, one.amount) for team, one in by_team(found)] == [("Risk", Decimal(1)), ("Fraud", Decimal(5))]


def unbilled(first: date, end: date, *costs: Cost) -> Unbilled:
    """Days of a bill with these costs on it."""
    return Unbilled("Azure (az)", Window(first, end), tuple(replace(one, amount=None, by_use=None) for one in costs))


COSTS = [cost(AUGUST + timedelta(days=at), "1") for at in range(61)]
COUNTS = [requests(AUGUST + timedelta(days=at), "1000") for at in range(61)]


class TestUnbilledDays:
    """A dollar a day for a thousand requests, in August and September."""

    def asked(self, *lacking: Unbilled, costs: list[Cost] | None = None, counts: list[Volume] | None = None):
        return unit_costs(costs or COSTS, counts or COUNTS, Grain.MONTH, WINDOW, unbilled=lacking)

    def test_a_month_that_the_bill_lacks_has_a_row_without_any_figure(self) -> None:
        held = [one for one in COSTS if one.day < SEPTEMBER]
        august, september = self.asked(unbilled(SEPTEMBER, WINDOW.end, cost(AUGUST, "1")), costs=held)
        assert (august.amount, august.gap) == (Decimal(1), None)
        assert (september.cost, september.volume, september.amount) == (None, None, None)
        assert september.gap is Gap.UNBILLED

    def test_days_that_it_lacks_are_in_neither_cost_nor_count(self) -> None:
        """The bill ends on 20 September, ten days before the counts do: 20 dollars over 20,000 requests."""
        held = [one for one in COSTS if one.day < date(2026, 9, 21)]
        _, found = self.asked(unbilled(date(2026, 9, 21), WINDOW.end, cost(AUGUST, "1")), costs=held)
        assert (found.cost, found.volume, found.amount, found.gap) == (20, 20_000, 1, None)

    def test_a_part_on_another_bill_is_left_out_with_them(self) -> None:
        """Half of the model is billed by another account in September: half a cost over all requests is no cost."""
        both = [*COSTS, *(replace(one, amount=Decimal(3)) for one in COSTS if one.day < SEPTEMBER)]
        _, september = self.asked(unbilled(SEPTEMBER, WINDOW.end, cost(AUGUST, "3")), costs=both)
        assert (september.cost, september.amount) == (None, None)

    def test_other_models_teams_and_stages_are_as_they_were(self) -> None:
        others = (cost(AUGUST, "1", model="other"), cost(AUGUST, "1", team="Ads"), cost(AUGUST, "1", "training"))
        assert self.asked(unbilled(SEPTEMBER, WINDOW.end, *others)) == self.asked()

    def test_a_count_of_all_teams_lacks_what_the_bill_of_one_lacks(self) -> None:
        counts = [replace(one, team=None) for one in COUNTS]
        _, found = self.asked(unbilled(SEPTEMBER, WINDOW.end, cost(AUGUST, "1", team="Ads")), counts=counts)
        assert found.gap is Gap.UNBILLED

    def test_of_tokens_only_those_of_the_bill(self) -> None:
        """What the bill counts says whose it is: requests of the model lack its days, its tokens do not."""
        tokens = [replace(one, metric="input tokens") for one in COUNTS]
        costs = [*COSTS, *(replace(one, only="input tokens") for one in COSTS)]
        whole, own = unbilled(SEPTEMBER, WINDOW.end, cost(AUGUST, "1")), cost(AUGUST, "1", None, only="input tokens")
        assert all(one.gap is None for one in self.asked(whole, costs=costs, counts=tokens))
        _, found = self.asked(unbilled(SEPTEMBER, WINDOW.end, own), costs=costs, counts=tokens)
        assert found.gap is Gap.UNBILLED

    def test_its_unknown_costs_by_day_end_with_the_window(self) -> None:
        days = [one.day for one in unbilled(date(2026, 9, 28), date(2026, 10, 5), cost(AUGUST, "1")).by_day(WINDOW)]
        assert days == [date(2026, 9, day) for day in (28, 29, 30)]


class TestWhatNoLineItemNames:
    def test_a_count_without_any_line_item_has_an_unknown_cost_and_not_none(self) -> None:
        """A model that the metrics call otherwise than the bill was free of charge."""
        found = asked(
            [cost(SEPTEMBER, "10")], [requests(SEPTEMBER, "1000"), requests(SEPTEMBER, "500", model="renamed")]
        )
        (renamed,) = (one for one in found if one.model == "renamed")
        assert (renamed.cost, renamed.by_use, renamed.amount, renamed.gap) == (None, None, None, Gap.UNNAMED)

    def test_a_line_item_that_cost_nothing_did(self) -> None:
        (free,) = asked([cost(SEPTEMBER, "0")], [requests(SEPTEMBER, "1000")])
        assert (free.cost, free.amount, free.gap) == (0, 0, None)

    def test_where_nothing_was_counted_either_there_is_nothing_to_ask(self) -> None:
        (nothing,) = asked([], [requests(SEPTEMBER, "0")])
        assert (nothing.cost, nothing.amount, nothing.gap) == (0, None, Gap.UNCOUNTED)

    def test_an_unknown_line_item_is_another_matter(self) -> None:
        (unknown,) = asked([replace(cost(SEPTEMBER, "1"), amount=None)], [requests(SEPTEMBER, "1000")])
        assert unknown.gap is Gap.UNPRICED


amounts = st.decimals(0, 10_000, places=4)
days = st.integers(0, 60).map(lambda number: AUGUST + timedelta(days=number))


@given(
    st.lists(st.tuples(days, amounts), max_size=20),
    st.lists(st.tuples(days, st.integers(1, 9)), min_size=1, max_size=9),
)
def test_cost_over_the_days_counted_is_conserved_at_any_grain(
    spent: list[tuple[date, Decimal]], counted: list[tuple[date, int]]
) -> None:
    costs = [Cost(day, "T", "m", SERVING, amount, amount) for day, amount in spent]
    volumes = [Volume(day, "requests", "T", "m", Decimal(value), "count") for day, value in counted]
    first, last = min(day for day, _ in counted), max(day for day, _ in counted)
    expected = sum((amount for day, amount in spent if first <= day <= last), Decimal(0))
    for grain in (Grain.DAY, Grain.WEEK, Grain.MONTH, Grain.TOTAL):
        found = asked(costs, volumes, grain)
        assert sum((one.cost or 0 for one in found), Decimal(0)) == expected
        assert sum((one.volume or 0 for one in found), Decimal(0)) == sum(value for _, value in counted)


@given(st.lists(st.tuples(days, amounts), max_size=20), days, days)
def test_what_a_bill_lacks_is_all_that_is_left_out(spent: list[tuple[date, Decimal]], first: date, last: date) -> None:
    """Cost and count of the other days are conserved, at any grain that does not cut days."""
    costs = [Cost(day, "T", "m", SERVING, amount, amount) for day, amount in spent]
    counts = [Volume(AUGUST + timedelta(days=at), "requests", "T", "m", Decimal(7), "count") for at in range(61)]
    lacking = unbilled(first, last + timedelta(days=1), Cost(first, "T", "m", SERVING, None, None))
    outside = [one for one in costs if not first <= one.day <= last]
    for grain in (Grain.DAY, Grain.WEEK, Grain.MONTH):
        found = unit_costs(costs, counts, grain, WINDOW, unbilled=[lacking])
        assert sum((one.cost or 0 for one in found), Decimal(0)) == sum(
            (one.amount or 0 for one in outside), Decimal(0)
        )
        left = 61 - max(0, (last - first).days + 1)
        assert sum((one.volume or 0 for one in found), Decimal(0)) == 7 * left
