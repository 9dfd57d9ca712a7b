"""Showback: a statement by hand, at cost and at agreed rates, and all statements against the bill of the month."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from decimal import Decimal as D
from pathlib import Path
from typing import Any

import pytest
import streamlit as st

from costlib import money
from costlib.workspace import Workspace
from tests.pages import screen
from tests.pages.cluster import cluster, own_cluster
from tests.pages.conftest import Open
from ui.showback.rates import opened_rates, save_rates

__all__ = ["cluster", "own_cluster"]

Stores = Callable[[str], Path]
RATES = "version: 1\nrates:\n  - {name: gpu, unit: GPU hour, rate: 0.75, currency: USD, from: 2026-01-01}\n"


@pytest.fixture
def handed(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[dict[str, str]]]:
    """Rows of the statements that pages hand over as CSV, by the names of their files."""
    found: dict[str, list[dict[str, str]]] = {}
    draw = st.download_button

    def button(label: str, **more: Any) -> bool:
        if more["file_name"].startswith("statement-"):
            found[more["file_name"]] = list(csv.DictReader(io.StringIO(more["data"]())))
        return draw(label, **more)

    monkeypatch.setattr(st, "download_button", button)
    return found


def statement(app: object) -> list[list[str]]:
    """Rows of the statement, its header first."""
    return next(iter(screen.tables(app).values()))  # type: ignore[arg-type]


def tie(app: object) -> dict[str, list[str]]:
    """Rows that lead to the bill, by their first cell."""
    rows = list(screen.tables(app).values())[-1]  # type: ignore[arg-type]
    return {row[0]: row[1:] for row in rows}


def test_at_cost_by_hand(open_page: Open, cluster: str) -> None:
    """Search: 10 of its own, and 16 of the cluster for 16 GPU hours."""
    app = open_page("showback", cluster, team="Search", month="Sep 2026")
    assert not app.exception and not app.error
    assert screen.title(app) == "The statement of Search for Sep 2026 comes to $26.00: $10.00 direct, $16.00 shared"
    assert statement(app) == [
        ["What", "Kind", "Quantity", "Cost", "Charge"],
        ["Servers", "Direct", "", "$10.00", "$10.00"],
        ["gpu", "Shared", "16.00 GPU hours", "$16.00", "$16.00"],
        ["Sum", "", "", "$26.00", "$26.00"],
    ]


def test_all_statements_and_what_nobody_pays_are_the_bill(open_page: Open, cluster: str) -> None:
    rows = tie(open_page("showback", cluster, team="Search", month="Sep 2026"))
    assert rows["Search"][0] == "$26.00" and rows["Recs"][0] == "$37.00"
    assert rows["Idle of gpu"] == ["$12.00", "not charged", ""]
    assert rows["Unallocated"] == ["$3.00", "not charged", ""]
    assert [
        rows[name][0] for name in ("All statements and what nobody pays", "The bill, line by line", "Difference")
    ] == [
        "$78.00",
        "$78.00",
        "$0.00",
    ]


def agree_on(store: str, rates: str) -> None:
    """Save rates, by somebody who has just opened them."""
    workspace = Workspace(Path(store))
    save_rates(workspace, rates, opened=opened_rates(workspace), who="Ada", why="agreed")


def test_at_agreed_rates_the_difference_is_shown(open_page: Open, own_cluster: str) -> None:
    """16 GPU hours at 0.75 are 12 for what costs 16: the rate leaves 4 uncovered."""
    agree_on(own_cluster, RATES)
    app = open_page("showback", own_cluster, team="Search", month="Sep 2026", charge="At agreed rates")
    assert not app.exception and not app.error
    assert screen.title(app) == "The statement of Search for Sep 2026 comes to $22.00: $10.00 direct, $12.00 shared"
    rows = {row[0]: row for row in statement(app)}
    assert rows["gpu"] == ["gpu", "Shared", "16.00 GPU hours", "$0.75 a GPU hour", "$16.00", "$12.00"]
    assert rows["Sum"][-2:] == ["$26.00", "$22.00"] and rows["Cost less charge"][-2] == "$4.00"
    assert tie(app)["Search"] == ["$26.00", "$22.00", "$4.00"]
    assert tie(app)["Difference"][0] == "$0.00"


def test_the_chart_of_a_statement_at_rates_says_that_it_shows_cost(open_page: Open, own_cluster: str) -> None:
    """Its columns are cost, 10 and 16; under the title of the charges, $22.00, they told another sum."""
    agree_on(own_cluster, RATES)
    address = {"team": "Search", "month": "Sep 2026"}
    titled = "Search cost $26.00 in Sep 2026 and is charged $22.00 at agreed rates"
    assert titled in screen.headers(open_page("showback", own_cluster, charge="At agreed rates", **address))
    assert not [one for one in screen.headers(open_page("showback", own_cluster, **address)) if "charged" in one]


def test_the_file_says_measure_and_data_date(
    own_cluster: str, open_page: Open, handed: dict[str, list[dict[str, str]]]
) -> None:
    """Two statements of a team and month differ by what is charged: so do the names of their files."""
    agree_on(own_cluster, RATES)
    address = {"team": "Search", "month": "Sep 2026"}
    open_page("showback", own_cluster, **address)
    open_page("showback", own_cluster, charge="At agreed rates", measure="List cost", **address)
    assert list(handed) == ["statement-search-2026-09-at-cost.csv", "statement-search-2026-09-at-agreed-rates.csv"]
    at_cost, at_rates = handed.values()
    assert {(row["Measure"], row["Currency"]) for row in at_cost} == {("EffectiveCost", "USD")}
    assert {row["Measure"] for row in at_rates} == {"ListCost"}
    assert {row["Data date"] for row in at_cost} == {"2026-09-06"}
    assert [(row["Name"], row["Cost"], row["Charge"]) for row in at_cost] == [
        ("Servers", "10", "10"),
        ("gpu", "16", "16"),
    ]


def test_without_rates_there_is_only_at_cost(open_page: Open, cluster: str) -> None:
    app = open_page("showback", cluster, charge="At agreed rates")
    assert not app.exception and not app.error
    (charge,) = (group for group in app.get("button_group") if group.key == "charge")
    assert list(charge.options) == ["At cost"]


def test_rates_that_cannot_be_read_are_told(open_page: Open, own_cluster: str) -> None:
    (Path(own_cluster) / "internal-rates.yaml").write_text("rates: [", encoding="utf-8")
    assert "cannot be read" in screen.everything(open_page("showback", own_cluster))
    app = open_page("settings", own_cluster)
    assert "cannot be read" in screen.plain(app.error[0].value) and "who pays" in screen.title(app)


@pytest.mark.parametrize("address", [{}, {"measure": "Billed cost"}, {"currency": "EUR"}, {"month": "Nov 2025"}])
def test_every_month_measure_and_currency_of_the_sample_ties(address: dict[str, str], open_page: Open) -> None:
    app = open_page("showback", **address)
    assert not app.exception and not app.error
    assert tie(app)["Difference"][0] in ("$0.00", "€0.00")


def test_names_show_letter_for_letter(open_page: Open) -> None:
    from tests.pages.stores import HOSTILE

    app = open_page("showback", "names", team=HOSTILE)
    assert HOSTILE in screen.title(app)
    for element in (*app.title, *app.header, *app.caption, *app.markdown):
        assert not set("<>$*[]`~#:") & set(screen.unescaped(element.value))


def test_an_unknown_measure_is_called_unknown(open_page: Open) -> None:
    app = open_page("showback", "unknown_list_price", measure="List cost")
    assert not app.exception and not app.error
    assert "unknown under this measure" in screen.title(app)


def test_a_store_without_teams_says_so(open_page: Open, tmp_path: Path) -> None:
    from tests.pages.stores import daily, date, write_focus

    workspace = Workspace(tmp_path / "store")
    workspace.load([write_focus(tmp_path / "focus.csv", daily(date(2026, 8, 1), 40, "3"))])
    app = open_page("showback", str(tmp_path / "store"))
    assert not app.exception and not app.error
    assert screen.title(app) == "No cost has a team yet, so there is no statement to show"


class TestBillingMonths:
    """The sample's refund of March 2026, 3,403.24 to Fraud, is on the bill of May."""

    TOLD = "−$3,403.24 of use in Mar 2026 is on the bill of May 2026."

    def test_a_months_bill_and_its_use_are_reconciled(self, open_page: Open) -> None:
        app = open_page("showback", team="Fraud", month="Mar 2026")
        (billed,) = (row[-1] for row in statement(app) if row[0] == "Sum")
        assert "other pages by the day of use: " + self.TOLD in screen.everything(app)
        assert "Fraud by billing month" in screen.everything(app)
        trends = open_page("trends")
        assert "invoices by the billing month: " + self.TOLD in screen.everything(trends)
        (used,) = (row["Mar 2026"] for row in screen.table(trends) if row["Team"] == "Fraud")
        assert billed == money.full(D(str(used)) + D("3403.24"), "USD")

    @pytest.mark.parametrize(("team", "month"), [("Search", "Sep 2026"), ("Fraud", "Feb 2026")])
    def test_what_it_does_not_concern_says_nothing(self, team: str, month: str, open_page: Open) -> None:
        assert "day of use" not in screen.everything(open_page("showback", team=team, month=month))

    def test_days_without_such_use_say_nothing(self, open_page: Open) -> None:
        app = open_page("trends", over="3 months")
        assert not app.exception and "day of use" not in screen.everything(app)


def test_amounts_that_are_rounded_say_so_where_they_do_not_add_up(open_page: Open, cluster: str) -> None:
    """Whole dollars add up; the sample's ten parties of September are two cents off the bill as they are shown."""
    assert "rounded by itself" not in screen.everything(open_page("showback", cluster, team="Search"))
    app = open_page("showback", team="Fraud", month="Sep 2026")
    amounts = [D(cost[1:].replace(",", "")) for cost, *_ in list(tie(app).values())[1:]]
    *parts, stated, bill, difference = amounts
    assert (stated, difference) == (bill, D("0.00")) and sum(parts) == bill - D("0.02")
    assert "amounts can be 2 cents off" in screen.everything(app)
