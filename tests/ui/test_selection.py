"""What the reader has chosen: the conditions it puts on every figure, and its names in the address."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from costlib.focus import EFFECTIVE, LABELS
from costlib.periods import Grain
from costlib.store.question import Filter
from costlib.workspace import Workspace
from tests.pages.stores import charge, write_focus
from tests.ui.conftest import Select, page_of
from ui.arrival import query_key
from ui.selection import AI_SPEND, ALL_SPEND, Selection
from ui.trends.page import FILTERED


def test_currency_and_scope_are_conditions_of_every_figure(select: Select) -> None:
    assert select().conditions == (Filter("BillingCurrency", ("USD",)), Filter("x_Scope", ("AI",)))
    assert select(scope="All spend").conditions == (Filter("BillingCurrency", ("USD",)),)


def test_filters_add_to_each_other_and_leave_the_wider_selection_alone(select: Select) -> None:
    wide = select()
    fraud = wide.narrowed(Filter("x_Team", ("Fraud",)))
    both = fraud.narrowed(Filter("x_Stage", ("training",)))
    assert both.conditions == (*wide.conditions, Filter("x_Team", ("Fraud",)), Filter("x_Stage", ("training",)))
    assert fraud.conditions == (*wide.conditions, Filter("x_Team", ("Fraud",)))
    assert wide.filters == ()


def test_a_narrower_selection_costs_no_more(select: Select) -> None:
    def total(*filters: Filter) -> object:
        (row,) = select("taken_names").narrowed(*filters).ask()
        return row.amount

    assert total() == 61 * (9 + 8 + 7 + 6 + 5 + 5 * 1 + 10)
    assert total(Filter("x_Team", (None,))) == 610
    assert total(Filter("x_Team", (None,), exclude=True)) == 61 * 40


def test_periods_follow_the_fiscal_year_of_the_settings(select: Select) -> None:
    periods = [row.period for row in select().ask((), None, Grain.YEAR)]
    assert [period.isoformat() for period in periods if period] == ["2024-01-01", "2025-01-01", "2026-01-01"]


def test_what_all_figures_have_in_common(select: Select) -> None:
    selection = select("no_ai", "All spend", "BilledCost")
    basis = selection.basis
    assert (basis.measure, basis.currency, basis.sample) == ("BilledCost", "USD", False)
    assert basis.data_date.isoformat() == "2026-09-30"
    assert basis.source == f"Bills of AWS, usage to 30 Sep 2026; snapshot {selection.page.snapshot.state.generation}"
    assert select().basis.sample


def test_a_source_names_only_providers_that_charge_under_the_selection(tmp_path: Path) -> None:
    """OVH bills in euros alone, Azure charges for a database alone: neither is in the dollars of AI."""
    day, database = date(2026, 9, 1), {"ServiceName": "Azure SQL", "ServiceCategory": "Databases"}
    rows = [
        charge(day, "9"),
        charge(day, "3", ServiceProviderName="GCP"),
        charge(day, "7", ServiceProviderName="Azure", **database),
        charge(day, "5", ServiceProviderName="OVH", BillingCurrency="EUR", BillingAccountId="acme-eu"),
    ]
    Workspace(tmp_path / "store").load([write_focus(tmp_path / "focus.csv", rows)])
    page = page_of(tmp_path / "store")
    assert Selection(page, AI_SPEND, EFFECTIVE, "USD").basis.providers == ("AWS", "GCP")
    assert Selection(page, ALL_SPEND, EFFECTIVE, "USD").basis.providers == ("AWS", "Azure", "GCP")
    euros = Selection(page, ALL_SPEND, EFFECTIVE, "EUR")
    assert euros.basis.source.startswith("Bills of OVH, usage to 1 Sep 2026")
    assert euros.narrowed(Filter("ServiceProviderName", ("AWS",))).basis.source.startswith("Bills, usage to")


def test_every_dimension_has_a_name_of_its_own_in_the_address() -> None:
    keys = [query_key(name) for name in LABELS]
    assert len(set(keys)) == len(keys)
    assert all(key == key.lower() and not set(key) & set(" ,?&=#/") for key in keys)
    others = {"scope", "measure", "currency", "by", "grain", "over", "versus", "draw", "days"}
    assert not others & {query_key(name) for name in FILTERED}
