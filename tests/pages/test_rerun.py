"""A rerun: nothing that is known is asked or worked out again, and nothing of what was published before stays."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from costlib.attribution.rule_file import read_rules
from costlib.charts.palette import LIGHT
from costlib.charts.screen import figure
from costlib.charts.spec import Bar, Caption, RankedBars
from costlib.store.reader import Reader
from costlib.workspace import Workspace
from tests.builders import focus_row, write_csv
from tests.pages.conftest import Open
from ui.dispute.page import _found

#: Pages whose figures are answers of the cube and what is worked out of them.
ANSWERED = ("overview", "trends", "allocation", "dispute", "showback", "forecast")


@contextmanager
def asked(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The questions that reach the store meanwhile."""
    found: list[str] = []
    rows = Reader.rows

    def noted(self: Reader, sql: str, parameters: Any = ()) -> list[tuple[Any, ...]]:
        found.append(sql)
        return rows(self, sql, parameters)

    with monkeypatch.context() as patch:
        patch.setattr(Reader, "rows", noted)
        yield found


def shown(app: AppTest) -> tuple[list[str], list[str], list[str], list[str]]:
    """Titles, tiles, tables and other words on the page."""
    tables = [frame.value.to_csv() for frame in app.dataframe]
    return list(app.title.values), [tile.value for tile in app.metric], tables, [words.value for words in app.markdown]


@pytest.mark.parametrize("page", ANSWERED)
def test_a_rerun_asks_the_store_nothing_and_shows_the_same(
    page: str, open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = open_page(page)
    before = shown(app)
    with asked(monkeypatch) as questions:
        app.run()
    assert not app.exception and questions == []
    assert before[0] and shown(app) == before


def test_another_reader_of_the_same_state_asks_nothing_either(open_page: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    open_page("showback")
    with asked(monkeypatch) as questions:
        assert open_page("showback").title
    assert questions == []


def test_another_choice_is_another_question(open_page: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    app = open_page("trends", "names")
    with asked(monkeypatch) as questions:
        app.selectbox(key="measure").set_value("ListCost").run()
    assert questions and not app.exception


def test_what_is_published_is_shown_at_once(open_page: Open, tmp_path: Path) -> None:
    days = [focus_row(EffectiveCost="3", ChargePeriodStart=f"2026-09-{day:02}") for day in range(1, 31)]
    store = tmp_path / "store"
    Workspace(store).load([write_csv(tmp_path / "bill.csv", days)], source="bill")
    app = open_page("overview", str(store))
    assert "\\$90\\.00" in app.title[0].value
    dearer = [{**day, "EffectiveCost": "4"} for day in days]
    Workspace(store).load([write_csv(tmp_path / "bill.csv", dearer)], source="bill")
    assert "\\$120" in app.run().title[0].value


def test_a_dispute_is_worked_out_once(open_page: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    app = open_page("dispute")
    monkeypatch.setattr("ui.dispute.page.read_dispute", lambda *_: pytest.fail("worked out again"))
    assert not app.run().exception
    _found.clear()
    with pytest.raises(pytest.fail.Exception):
        _found(("g", "", None, "USD"), {}, None, None)  # type: ignore[arg-type]


def test_rules_are_read_once_as_long_as_the_file_says_the_same(own_store: Callable[[str], str]) -> None:
    path = Path(own_store("demo")) / "rules.yaml"
    before = read_rules(path)
    assert read_rules(path) is before
    path.write_text(path.read_text(encoding="utf-8").replace("version: 1", "version: 1 # said again"), encoding="utf-8")
    assert read_rules(path) is not before and read_rules(path) == before


def test_equal_charts_share_a_figure_and_others_do_not() -> None:
    def chart(title: str) -> RankedBars:
        return RankedBars(Caption(title, "Subtitle", "Source"), "USD", (Bar("Fraud", Decimal(1)),), "Sep 2026")

    assert figure(chart("One"), LIGHT) is figure(chart("One"), LIGHT)
    assert figure(chart("One"), LIGHT) is not figure(chart("Another"), LIGHT)
