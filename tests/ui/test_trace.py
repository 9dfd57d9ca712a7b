"""The trace: which page shows what made a figure, under which filters and days."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from costlib import reports
from costlib.documents.model import Basis
from costlib.periods import Window
from costlib.roadmap.plan_model import Plan
from tests.small_company import company
from tests.ui.conftest import page_of
from ui.guard import Page
from ui.navigation import SECTIONS
from ui.reports.page import Report, composed
from ui.reports.trace import addresses, booked, days_query, details, filters_query, rows, scope_of, widest


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Page:
    return page_of(company(tmp_path_factory.mktemp("trace")).store.root)


@pytest.fixture(scope="module")
def report(page: Page) -> Report:
    return composed(page, reports.order("one-pager", "ads"))


def plan(*scopes: dict[str, Any], target: dict[str, Any] | None = None) -> Plan:
    """A plan whose initiatives and target have these scopes."""
    saving = {"low": 0.1, "likely": 0.2, "high": 0.3}
    found = {"reduction": 0.1, "by": "2026-08", "scope": target} if target is not None else None
    return Plan(
        plan={"start": "2026-06", "months": 6, "target": found},
        initiatives=[{"id": f"i{at}", "scope": scope, "saving": saving} for at, scope in enumerate(scopes)],
    )


class TestScope:
    def test_the_one_that_holds_all_others(self) -> None:
        ranker = {"x_Model": ["ranker"]}
        training = {"x_Model": ["ranker"], "x_Stage": ["training"]}
        assert widest(plan(training, target=ranker)) == {"x_Model": ("ranker",)}
        assert widest(plan(training, ranker)) == {"x_Model": ("ranker",)}

    def test_several_values_hold_one_of_them(self) -> None:
        both = {"x_Model": ["ranker", "probe"]}
        assert set(widest(plan({"x_Model": ["probe"]}, both))["x_Model"]) == {"ranker", "probe"}

    def test_all_spend_where_none_holds_the_others(self) -> None:
        assert widest(plan({"x_Model": ["a"]}, {"x_Model": ["b"]})) == {}
        assert widest(plan({"x_Model": ["a"]}, target={"x_Team": ["Ads"]})) == {}
        assert widest(plan({"x_Model": ["a"]}, target={})) == {}

    def test_a_statement_is_about_its_team(self, page: Page) -> None:
        order = reports.order("statement", team="Web", month="2026-03")
        assert scope_of(composed(page, order)) == {"x_Team": ("Web",)}


class TestAddress:
    def test_filters_are_named_as_pages_name_them(self) -> None:
        assert filters_query({"x_Model": ("a", "b"), "ServiceName": ("S 3",)}) == [
            ("model", "a"),
            ("model", "b"),
            ("service", "S 3"),
        ]

    def test_the_unknown_value_has_the_name_that_pages_give_it(self) -> None:
        assert filters_query({"x_Team": (None,)}) == [("team", "No team")]

    def test_what_no_page_filters_by_becomes_the_split(self) -> None:
        assert filters_query({"x_Project": ("ranking",)}) == [("by", "Project")]

    def test_days_are_first_and_last(self) -> None:
        window = Window(date(2026, 2, 1), date(2026, 5, 1))
        assert days_query(window) == [("over", "Custom"), ("days", "2026-02-01"), ("days", "2026-04-30")]

    def test_each_basis_opens_a_page_that_there_is(self, report: Report) -> None:
        registered = {name for names in SECTIONS.values() for name in names}
        for address in addresses(report).values():
            parts = urlsplit(address)
            assert parts.path.removeprefix("/") in registered
            assert not parts.fragment
        assert parse_qs(urlsplit(addresses(report)[Basis.PLAN]).query) == {"plan": ["Ads"]}


class TestMonths:
    def test_a_plan_rests_on_the_last_three_booked(self, report: Report) -> None:
        assert booked(report) == Window(date(2026, 2, 1), date(2026, 5, 1))

    def test_a_month_that_has_just_ended_is_booked(self, report: Report) -> None:
        ended = replace(report.page, window=Window(date(2026, 1, 1), date(2026, 5, 1)))
        assert booked(replace(report, page=ended)) == Window(date(2026, 2, 1), date(2026, 5, 1))

    @pytest.mark.parametrize(("chosen", "end"), [({"month": "2026-03"}, 4), ({"quarter": "2026-01"}, 4)])
    def test_a_month_or_quarter_is_its_own(self, report: Report, chosen: dict[str, str], end: int) -> None:
        own = replace(report, order=replace(report.order, **chosen))
        (text,) = chosen.values()
        assert booked(own) == Window(date.fromisoformat(f"{text}-01"), date(2026, end, 1))


class TestRows:
    def test_every_figure_in_reading_order(self, report: Report) -> None:
        figures = list(report.document.figures.values())
        assert [(row["Shown"], row["What it is"], row["Exact value"]) for row in rows(report)] == [
            (one.shown, one.meaning, one.exact) for one in figures
        ]

    def test_bases_are_called_in_words(self, report: Report) -> None:
        assert {row["From"] for row in rows(report)} <= {"bill", "forecast", "plan", "record of decisions", "budget"}

    def test_details_name_the_state_behind_all(self, report: Report) -> None:
        said = "\n".join(details(report))
        assert report.page.snapshot.state.generation in said
        assert "Booked months: Feb 2026 to Apr 2026" in said and "usage to 2026-05-10" in said
