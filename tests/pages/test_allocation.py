"""Allocation: its figures are the store's and add up to the bill; what has no owner comes with a way to give it one."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal as D
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from streamlit.testing.v1 import AppTest

from costlib import money
from costlib.briefs.words.allocation import in_cents
from costlib.focus import COST_KIND, label
from costlib.store.question import Filter
from tests.pages import screen
from tests.pages.asked import Asked, days
from tests.pages.cluster import cluster, own_cluster
from tests.pages.conftest import Open
from ui.allocation.page import DIMENSIONS, by_kind
from ui.rules.saving import EDITOR

__all__ = ["cluster", "own_cluster"]

Stores = Callable[[str], Path]
SPANS = {
    "Last full month": days("2026-09-01", "2026-10-01"),
    "3 months": days("2026-08-01", "2026-10-21"),
    "12 months": days("2025-11-01", "2026-10-21"),
    "All data": days("2024-11-01", "2026-10-21"),
}
KINDS = ("Direct", "Shared", "Idle", "Unallocated")


def table(app: AppTest, caption: str) -> list[dict[str, str]]:
    """Rows of the table of words that stands under the caption."""
    found = [one for one in app.dataframe if one.proto.alt.startswith(caption)]
    return [] if not found else found[0].value.to_dict("records")


class TestByHand:
    def test_the_title_says_what_has_an_owner_and_what_has_none(self, open_page: Open, cluster: str) -> None:
        """78 USD: 15 direct, 48 shared, 12 idle, 3 unallocated; 63 of 78 have an owner."""
        app = open_page("allocation", cluster)
        assert not app.exception and not app.error
        assert screen.title(app) == (
            "81% of All spend from 5 Sep 2026 to 6 Sep 2026 has an owner; "
            "idle capacity of gpu is the largest part that has none ($12.00)"
        )
        assert (
            "Direct $15.00 + shared $48.00 + idle $12.00 + unallocated $3.00 = $78.00; "
            "on the bill $78.00; difference $0.00" in screen.everything(app)
        )
        assert [card.value for card in app.metric] == ["81%", "\\$15\\.00", "\\$48\\.00", "\\$12\\.00", "\\$3\\.00"]
        assert app.metric[0].delta == "walk; $7.20 to run"

    def test_both_bases_of_the_cluster(self, open_page: Open, cluster: str) -> None:
        app = open_page("allocation", cluster, show="Shared pools")
        assert "Teams reserved $48.00 of gpu and used $16.00 of it (33%); $12.00 more was idle, reserved by nobody" in (
            screen.headers(app)
        )
        (rows,) = (rows for caption, rows in screen.tables(app).items() if caption.startswith("gpu, whole pool"))
        assert rows[1:] == [
            ["Recs", "$32.00", "$8.00", "$24.00", "32", "8"],
            ["Search", "$16.00", "$8.00", "$8.00", "16", "8"],
            ["Idle", "$12.00", "", "", "", ""],
            ["The pool's bill", "$60.00", "$16.00", "$32.00", "", ""],
        ]

    def test_a_filter_keeps_the_sum_and_the_identity(self, open_page: Open, cluster: str) -> None:
        app = open_page("allocation", cluster, team="Search")
        assert "= $26.00; on the bill $26.00; difference $0.00" in screen.everything(app)

    def test_the_pipeline_in_one_sentence(self, open_page: Open, cluster: str) -> None:
        """Nothing has a model here, so there is no pipeline to audit."""
        app = open_page("allocation", cluster, show="Pipelines")
        assert not any("most expensive component" in header for header in screen.headers(app))
        assert "no pipeline to look into" in screen.everything(app)

    def test_only_the_open_part_is_drawn_and_worked_out(self, open_page: Open, cluster: str) -> None:
        app = open_page("allocation", cluster, show="Tags")
        assert [tab.label for tab in app.tabs] == ["Owners", "Shared pools", "Without an owner", "Tags", "Pipelines"]
        assert not screen.charts(app) and not screen.tables(app)
        assert screen.charts(open_page("allocation", cluster)) and screen.title(app)


class TestAgainstTheStore:
    @pytest.mark.parametrize("span", SPANS)
    def test_every_row_is_the_stores_answer(self, span: str, open_page: Open, store_of: Stores) -> None:
        asked = Asked(store_of("demo"))
        *rows, everything = screen.table(open_page("allocation", over=span))
        held = {kind: asked.total(SPANS[span], Filter(COST_KIND, (kind.lower(),))) or D(0) for kind in KINDS}
        for kind, shown in in_cents(held).items():
            assert everything[kind] == float(shown)
            assert abs(sum(row[kind] for row in rows) - everything[kind]) < 0.01 * len(rows)
        assert everything["Total"] == float(money.cents(asked.total(SPANS[span]) or D(0)))

    def test_the_sum_row_says_what_the_identity_says(self, open_page: Open) -> None:
        """Direct, shared, idle and unallocated are rounded so that both add up to the bill as they are shown."""
        app = open_page("allocation")
        (identity,) = (line for line in screen.everything(app).splitlines() if line.startswith("Direct $"))
        *_, everything = screen.table(app)
        for kind in KINDS:
            assert f"{kind.lower()} {money.full(D(str(everything[kind])), 'USD')}" in identity.lower()
        assert sum(D(str(everything[kind])) for kind in KINDS) == D(str(everything["Total"]))
        assert "rounded by itself" in screen.everything(app)

    def test_a_kind_that_nobody_has_is_nothing_in_the_sum_too(self, open_page: Open, cluster: str) -> None:
        """Search has 10 of its own and 16 of the cluster: the line above says so, and the row below."""
        app = open_page("allocation", cluster, team="Search")
        assert "+ idle $0.00 + unallocated $0.00 = $26.00" in screen.everything(app)
        *_, everything = screen.table(app)
        assert [everything[kind] for kind in KINDS] == [10, 16, 0, 0]

    def test_a_kind_of_which_nothing_is_known_stays_unknown_in_the_sum(self) -> None:
        rows = [{"direct": D(3), "idle": None}, {"direct": None, "shared": D(2)}]
        assert by_kind(rows) == {"direct": 3, "idle": None, "shared": 2}
        assert by_kind([]) == {}

    def test_a_kind_that_a_team_does_not_have_is_nothing_and_not_unknown(self, open_page: Open) -> None:
        (chart, *_) = screen.charts(open_page("allocation"))
        assert "unknown" not in chart.alt

    @pytest.mark.parametrize("dimension", DIMENSIONS)
    def test_rows_of_the_heat_table_are_the_values_of_the_dimension(
        self, dimension: str, open_page: Open, store_of: Stores
    ) -> None:
        app = open_page("allocation", by=label(dimension))
        assert not app.exception and not app.error
        assert f"by {label(dimension).lower()} and kind of cost" in screen.everything(app)
        (chart, *_) = screen.charts(app)
        held = Asked(store_of("demo")).by(dimension, SPANS["3 months"])
        assert len(chart.marks["Direct"]) == len(held)

    @pytest.mark.parametrize(
        "address",
        [{"scope": "All spend"}, {"measure": "Billed cost"}, {"currency": "EUR"}, {"service": "Amazon SageMaker"}],
    )
    def test_the_difference_to_the_bill_is_nothing(self, address: dict[str, str], open_page: Open) -> None:
        app = open_page("allocation", **address)
        assert not app.exception and not app.error
        assert "; difference $0.00" in screen.everything(app).replace("€", "$")

    def test_the_pipeline_names_its_dearest_component_and_what_drives_it(
        self, open_page: Open, store_of: Stores
    ) -> None:
        app = open_page("allocation", show="Pipelines", **{"pipeline-model": "recs-two-tower"})
        (sentence,) = (header for header in screen.headers(app) if "most expensive component" in header)
        asked, window = Asked(store_of("demo")), SPANS["3 months"]
        model = Filter("x_Model", ("recs-two-tower",))
        pool = asked.total(window, model, Filter("x_Pool", ("ml-shared-gpu",)))
        assert f"its part of the shared pool ml-shared-gpu: {asked.short(pool)}" in sentence
        assert "hours of p4d.24xlarge at $" in sentence and "than from 1 May 2026 to 20 Jul 2026, mostly" in sentence
        rows = table(app, "Components of recs-two-tower")
        assert rows[-1]["Cost"] == money.full(asked.total(window, model), "USD")

    def test_tags_that_are_missing_and_spellings(self, open_page: Open) -> None:
        app = open_page("allocation", show="Tags")
        missing = {row["Tag"]: row for row in table(app, "Resources without a tag")}
        assert set(missing) == {"team", "model", "stage", "environment"}
        assert missing["team"]["The fix"].startswith("Set the tag team on ")
        spelled = {row["Most used spelling"]: row["Other spellings"] for row in table(app, "Spellings")}
        assert "FRAUD-ML" in spelled["fraud"]


def links(app: AppTest) -> list[dict[str, list[str]]]:
    """What the links of the page hand over to the page that they lead to."""
    return [parse_qs(one.proto.query_string) for one in app.get("page_link")]


class TestGivingAnOwner:
    def test_the_biggest_item_and_a_rule_for_it_lead_to_the_editor(self, open_page: Open, own_cluster: str) -> None:
        app = open_page("allocation", own_cluster, show="Without an owner")
        (row,) = table(app, "Largest items without a team")
        assert (row["Resource"], row["Account"], row["Cost"]) == ("host-1", "lab", "$3.00")
        app = screen.choose(app, **{"own-team": "Search"})
        (rule,) = (one["rule"][0] for one in links(app) if "rule" in one)
        app = open_page("settings", own_cluster, rule=rule)
        assert not app.exception and not app.error
        text = app.text_area(key=EDITOR).value
        assert "fallback:" in text and "ResourceId: host-1" in text and "x_Team: Search" in text
        app = screen.press(app, "Preview the change")
        (moves,) = (rows for name, rows in screen.tables(app).items() if name.startswith("Cost that gets another"))
        assert moves[1:] == [["No team", "Search", "$3.00", "1"]]

    def test_a_suggested_rule_comes_with_its_money_and_a_link(self, open_page: Open) -> None:
        app = open_page("allocation", scope="All spend", over="All data", show="Without an owner")
        words = [screen.plain(one.value) for one in app.markdown if "Give " in one.value]
        assert any("to Data Platform: account northlight-data (sample)" in text for text in words)
        rules = [one["rule"][0] for one in links(app) if "rule" in one]
        assert len(rules) == len(words)
        assert any("SubAccountName: northlight-data (sample)" in rule for rule in rules)

    @pytest.mark.parametrize(
        "rule", ["[", "x: &a [*a]", "- {name: a, set: {x_Team: b}}\nversion: 9", "'; DROP TABLE cube"]
    )
    def test_a_link_with_anything_else_is_told_and_changes_nothing(
        self, rule: str, open_page: Open, cluster: str
    ) -> None:
        app = open_page("settings", cluster, rule=rule)
        assert not app.exception
        assert app.error or app.text_area(key=EDITOR).value
        assert "Save and publish" not in [one.label for one in app.button]
