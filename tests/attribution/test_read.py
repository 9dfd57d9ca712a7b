"""What is asked of an open cube for statements, disputes and suggestions: one small company, worked out by hand.

Beside the shared cluster of ``shared_cluster`` Search has 4 EUR of its own, and 2 EUR belong to nobody.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from costlib.attribution.read import (
    billed_elsewhere,
    check_month,
    read_dispute,
    read_items,
    read_statement,
    read_tool_days,
)
from costlib.attribution.rule_file import rules_of_text
from costlib.attribution.showback import Rate
from costlib.errors import QueryError
from costlib.focus import BILLED
from costlib.periods import Window
from costlib.store.question import Filter, Question
from tests.builders import focus_row, opened
from tests.shared_cluster import RULES, cluster_store

FIFTH, SIXTH, SEPTEMBER = date(2026, 9, 5), date(2026, 9, 6), date(2026, 9, 1)
BOTH_DAYS = Window(FIFTH, date(2026, 9, 7))
(GPU,) = rules_of_text(RULES).shared


def euros(cost, **more):
    costs = dict.fromkeys(("EffectiveCost", "BilledCost", "ListCost", "ContractedCost"), cost)
    return focus_row(**costs, BillingCurrency="EUR", SubAccountName="paris", **more)


@pytest.fixture(scope="module")
def reader(tmp_path_factory):
    more = [euros("4", ResourceId="web-3"), euros("2", ResourceId="host-2", Tags=None, ServiceName="Other")]
    folder = tmp_path_factory.mktemp("cluster")
    cluster_store(folder, more=more)
    with opened(folder / "store") as cube:
        yield cube


def lines(found):
    return {(line.cost.kind, line.cost.name): line.charge for line in found.lines}


class TestStatement:
    """Search in September: 10 of its own, and of the cluster 8 + 8 by hours reserved; 4 + 8 idle stay nobody's."""

    def test_own_and_shared_cost(self, reader):
        found = read_statement(reader, "Search", SEPTEMBER, [GPU])
        assert lines(found) == {("direct", "Servers"): 10, ("shared", "gpu"): 16}
        assert (found.charge, found.currency, found.measure) == (26, "USD", "EffectiveCost")

    def test_what_nobody_is_charged_stands_beside(self, reader):
        rest = read_statement(reader, "Search", SEPTEMBER, [GPU]).not_charged
        assert [(cost.kind, cost.name, cost.amount) for cost in rest] == [("idle", "gpu", 12), ("unallocated", None, 3)]

    def test_statements_and_what_nobody_is_charged_make_the_bill(self, reader):
        both = [read_statement(reader, team, SEPTEMBER, [GPU]) for team in ("Search", "Recs")]
        rest = sum(cost.amount for cost in both[0].not_charged)
        assert sum(found.charge for found in both) + rest == 20 + 40 + 10 + 5 + 3

    def test_hours_reserved_of_a_pool_have_its_unit(self, reader):
        """Search reserves 8 GPUs for one hour on each day: 16 GPU hours, at 0.50 USD an agreed 8 USD."""
        rate = Rate("gpu", "GPU hour", Decimal("0.5"), "USD", date.min)
        (_, shared) = read_statement(reader, "Search", SEPTEMBER, [GPU], [rate]).lines
        assert (shared.cost.quantity, shared.cost.unit, shared.charge) == (16, "GPU hour", 8)

    def test_without_its_pool_hours_have_no_unit_and_meet_no_rate(self, reader):
        rate = Rate("gpu", "GPU hour", Decimal("0.5"), "USD", date.min)
        (_, shared) = read_statement(reader, "Search", SEPTEMBER, (), [rate]).lines
        assert (shared.cost.unit, shared.rate, shared.charge) == (None, None, 16)

    def test_a_resource_without_a_name_for_its_hours_has_none(self, reader):
        """Cost as a driver has no hours that a rate could be agreed for."""
        by_cost = GPU.model_copy(update={"usage": GPU.usage.model_copy(update={"of": "cost"})})
        (_, shared) = read_statement(reader, "Search", SEPTEMBER, [by_cost]).lines
        assert shared.cost.unit is None

    def test_in_another_currency_it_is_another_statement(self, reader):
        found = read_statement(reader, "Search", SEPTEMBER, [GPU], currency="EUR")
        assert (lines(found), found.currency) == ({("direct", "Servers"): 4}, "EUR")
        assert [(cost.kind, cost.amount) for cost in found.not_charged] == [("unallocated", 2)]

    def test_another_measure_is_said(self, reader):
        found = read_statement(reader, "Recs", SEPTEMBER, measure=BILLED)
        assert (found.measure, found.charge) == (BILLED, 5 + 8 + 24)

    def test_another_month_is_empty(self, reader):
        found = read_statement(reader, "Search", date(2026, 8, 1), [GPU])
        assert (found.lines, found.not_charged, found.charge) == ((), (), 0)

    def test_a_team_that_there_is_not(self, reader):
        with pytest.raises(QueryError) as refused:
            read_statement(reader, "Serach", SEPTEMBER)
        assert str(refused.value) == "There is no team Serach. Expected: Recs, Search. Did you mean Search?"

    def test_what_stands_on_statements_in_other_currencies(self, reader):
        assert billed_elsewhere(reader, "Search", SEPTEMBER, "USD") == (("EUR", 4),)
        assert billed_elsewhere(reader, "Search", SEPTEMBER, "EUR") == (("USD", 26),)
        assert billed_elsewhere(reader, "Recs", SEPTEMBER, "USD") == ()
        assert billed_elsewhere(reader, "Search", date(2026, 8, 1), "USD") == ()


class TestMonth:
    def test_a_month_without_a_bill_is_refused_with_those_there_are(self, reader):
        check_month(reader, SEPTEMBER)
        with pytest.raises(QueryError) as refused:
            check_month(reader, date(2026, 8, 1))
        assert str(refused.value) == (
            "No bill of 2026-08 is loaded. Expected: a month from 2026-09 to 2026-09. Name one of these, or load that "
            "bill."
        )


class TestDispute:
    """Two nodes on the 5th and four on the 6th, for Recs; every rule charges 60 dollars."""

    def found(self, reader, pool=GPU, window=BOTH_DAYS, **more):
        return read_dispute(reader, pool, window, {}, "USD", **more)

    def test_the_days_and_who_caused_the_step(self, reader):
        fifth, sixth = self.found(reader).days
        assert (fifth.day, fifth.cost, fifth.nodes, fifth.idle) == (FIFTH, 20, 2, 4)
        assert (sixth.day, sixth.cost, sixth.nodes, sixth.step, sixth.spike_by) == (SIXTH, 40, 4, 2, "Recs")
        assert (sixth.teams["Search"].reserved, sixth.teams["Search"].used) == (8, 4)

    def test_what_each_rule_charges(self, reader):
        """Even: 10 + 20 each. Without shares agreed there is no fixed rule."""
        totals = self.found(reader).totals
        assert totals["reserved"] == {"Search": 16, "Recs": 32, "idle": 12}
        assert totals["used"] == {"Search": 8, "Recs": 8, "idle": 44}
        assert totals["even"] == {"Search": 30, "Recs": 30}
        assert "fixed" not in totals
        assert {sum(amounts.values()) for amounts in totals.values()} == {60}

    def test_quotas_are_shares_of_the_highest_capacity_of_the_day(self, reader):
        """40 GPUs on the 6th: quotas of 20 and 10; Recs wants 24, which is 14 above. On the 5th, 20: 10 and 5."""
        fifth, sixth = self.found(reader).days
        assert (sixth.teams["Recs"].above_quota, sixth.teams["Search"].above_quota) == (14, 0)
        assert (fifth.teams["Recs"].above_quota, fifth.teams["Search"].above_quota) == (3, 0)

    def test_agreed_shares_are_a_rule_and_may_divide_what_is_idle(self, reader):
        shares = {"Search": Decimal(3), "Recs": Decimal(1)}
        agreed = [one.model_copy(update={"share": shares[one.set["x_Team"]]}) for one in GPU.receivers]
        found = self.found(reader, GPU.model_copy(update={"receivers": agreed, "idle": "shares"}))
        assert found.totals["fixed"] == {"Search": 45, "Recs": 15}
        assert found.totals["reserved"] == {"Search": 16 + 9, "Recs": 32 + 3}

    def test_a_window_of_one_day(self, reader):
        (day,) = self.found(reader, window=Window(SIXTH, date(2026, 9, 7))).days
        assert (day.day, day.step) == (SIXTH, None)

    def test_in_a_currency_that_the_pool_has_no_cost_in(self, reader):
        assert read_dispute(reader, GPU, BOTH_DAYS, {}, "EUR").days == ()

    def test_a_pool_without_records_cannot_be_argued_over(self, reader):
        with pytest.raises(QueryError, match="The pool gpu has no usage records"):
            self.found(reader, GPU.model_copy(update={"usage": None}))


class TestToolDays:
    def test_the_bill_beside_the_tool(self, reader):
        """The tool's cost of a day is that of its records; the factor is the bill over it."""
        days = read_tool_days(reader, GPU, BOTH_DAYS, "USD")
        assert [(one.day, one.bill) for one in days] == [(FIFTH, 20), (SIXTH, 40)]
        for one in days:
            ((cost,),) = reader.rows("SELECT SUM(cost) FROM usage WHERE cluster = 'ml' AND day = ?", [one.day])
            assert one.tool == cost > 0
            assert round(one.factor * cost, 12) == one.bill

    def test_another_cluster_is_unknown_to_the_tool(self, reader):
        other = GPU.model_copy(update={"usage": GPU.usage.model_copy(update={"cluster": "other"})})
        for pool in (other, GPU.model_copy(update={"usage": None})):
            assert [(one.tool, one.factor) for one in read_tool_days(reader, pool, BOTH_DAYS, "USD")] == [
                (None, None), (None, None),
            ]  # fmt: skip


class TestItems:
    def test_cost_by_account_service_and_resource_without_pools(self, reader):
        asked = Question(filters=(Filter("BillingCurrency", ("USD",)),))
        found = {one.resource: one for one in read_items(reader, asked)}
        assert {name: (one.account, one.team, one.amount) for name, one in found.items()} == {
            "web-1": ("main", "Search", 10), "web-2": ("main", "Recs", 5), "host-1": ("lab", None, 3),
        }  # fmt: skip
        assert {one.line_items for one in found.values()} == {1}

    def test_the_window_and_the_filters_of_the_question_hold(self, reader):
        only = Question(window=Window(SIXTH, date(2026, 9, 7)))
        assert [one.resource for one in read_items(reader, only)] == ["web-2"]
        asked = Question(filters=(Filter("BillingCurrency", ("EUR",)), Filter("x_Team", (None,))))
        assert [(one.resource, one.amount) for one in read_items(reader, asked)] == [("host-2", 2)]
