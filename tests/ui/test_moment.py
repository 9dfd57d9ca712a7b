"""The moment of a page: the same while nothing changes, another one after any change that a figure can rest on."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from costlib import reports
from costlib.metrics.business import load_metrics
from costlib.state.plans import PlanStore
from costlib.state.records import State
from costlib.state.wording import last_change, reword
from costlib.workspace import Workspace
from tests.builders import focus_row, write_csv
from tests.small_company import company
from tests.ui.conftest import page_of
from ui.guard import Page
from ui.moment import files, identity, moment
from ui.plan import figures_of, saved_plans
from ui.reports.page import composed
from ui.savings.page import savings_of


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return company(tmp_path_factory.mktemp("moment")).store.root


@pytest.fixture
def store(built: Path, tmp_path: Path) -> Path:
    """The small company's store, its own copy."""
    shutil.copytree(built, tmp_path / "store")
    return tmp_path / "store"


def load_again(store: Path) -> None:
    row = focus_row(EffectiveCost="3", ChargePeriodStart="2026-05-20")
    Workspace(store).load([write_csv(store.parent / "more.csv", [row])], source="more")


def edit(store: Path) -> None:
    reword(Workspace(store).state(), "one-pager", "ads", {"ask": "Approve {cost-once}"}, seen={}, who="Ada")


def undo(store: Path) -> None:
    edit(store)
    take_back(Workspace(store).state())


def take_back(state: State) -> None:
    last = last_change(state, "one-pager", "ads")
    assert last
    state.undo(last.seq, who="Ada", together=True)


def count(store: Path) -> None:
    file = store.parent / "counts.csv"
    file.write_text("day,metric,value\n2026-05-01,requests,5\n", encoding="utf-8")
    load_metrics(store, file)


def rates(store: Path) -> None:
    (store / "rates.yaml").write_text("version: 1\nrates: []\n", encoding="utf-8")


def rules(store: Path) -> None:
    (store / "rules.yaml").write_text("version: 1\nextends: shipped\n", encoding="utf-8")


class TestMoment:
    def test_it_stays_while_nothing_changes(self, store: Path) -> None:
        page = page_of(store)
        first = moment(page)
        Workspace(store).snapshot().reader.window()
        Workspace(store).state().view("plan")
        assert moment(page) == first == moment(page_of(store))

    @pytest.mark.parametrize("change", [load_again, edit, undo, count, rates, rules])
    def test_every_change_is_another_moment(self, change: Callable[[Path], None], store: Path) -> None:
        before = moment(page_of(store))
        change(store)
        assert moment(page_of(store)) != before

    def test_undone_is_not_the_moment_before_it_was_done(self, store: Path) -> None:
        """What was kept in between is of the words in between."""
        edit(store)
        between = moment(page_of(store))
        take_back(Workspace(store).state())
        assert moment(page_of(store)) != between

    def test_other_settings_and_another_store_are_other_moments(self, store: Path, built: Path) -> None:
        page = page_of(store)
        other = replace(page, settings=replace(page.settings, fiscal_year_start=7))
        assert len({moment(page), moment(other), moment(page_of(built))}) == 3

    def test_a_file_of_the_same_length_in_its_place_is_another(self, tmp_path: Path) -> None:
        file = tmp_path / "rates.yaml"
        file.write_text("rate: 1", encoding="utf-8")
        before = identity(file), files(tmp_path)
        (tmp_path / "new").write_text("rate: 2", encoding="utf-8")
        (tmp_path / "new").replace(file)
        assert identity(file) != before[0] and files(tmp_path) != before[1]

    def test_what_no_figure_rests_on_is_no_part_of_it(self, tmp_path: Path) -> None:
        (tmp_path / "loader.lock").write_text("", encoding="utf-8")
        (tmp_path / "state.db-wal").write_text("", encoding="utf-8")
        (tmp_path / "documents").mkdir()
        assert files(tmp_path) == []


class TestWhatIsKept:
    """What pages keep under a moment is asked for once, and anew after a change."""

    @pytest.fixture
    def page(self, store: Path) -> Page:
        return page_of(store)

    def test_plans_are_read_once_and_again_after_an_edit(self, page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
        assert saved_plans(page) is saved_plans(page)
        store = PlanStore(page.workspace.state())
        saved = store.read("ads")
        renamed = saved.plan.model_copy(update={"plan": saved.plan.plan.model_copy(update={"name": "Ads, again"})})
        store.save_head("ads", renamed, who="Ada", expected=saved.version)
        assert saved_plans(page)["ads"].plan.plan.name == "Ads, again"
        with monkeypatch.context() as patch:
            patch.setattr(PlanStore, "read", lambda *_: pytest.fail("read again"))
            assert saved_plans(page)["ads"].plan.plan.name == "Ads, again"

    def test_figures_are_worked_out_once_and_what_a_page_adds_stays_its_own(
        self, page: Page, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        plan = saved_plans(page)["ads"].plan
        one = figures_of(page, plan)
        monkeypatch.setattr("ui.plan.plan_figures", lambda *_: pytest.fail("worked out again"))
        one.book.figures.clear()
        assert figures_of(page, plan).book.figures and figures_of(page, plan).case is one.case

    def test_a_document_is_composed_once_and_anew_after_words_and_undo(
        self, page: Page, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        order, state = reports.order("one-pager", "ads"), page.workspace.state()
        ours = composed(page, order).document
        assert composed(page, order).document is ours
        reword(state, "one-pager", "ads", {"ask": "Yes or no?"}, seen={}, who="Ada")
        assert composed(page, order).document.sentences["ask"].text == "Yes or no?"
        take_back(state)
        assert composed(page, order).document.sentences["ask"] == ours.sentences["ask"]
        monkeypatch.setattr("ui.reports.page.reports.document", lambda *_: pytest.fail("composed again"))
        assert composed(page, order).document
        with pytest.raises(pytest.fail.Exception):
            composed(page, replace(order, palette="print"))

    def test_a_document_after_a_load_is_of_the_new_bills(self, store: Path) -> None:
        order = reports.order("one-pager", "ads")
        before = composed(page_of(store), order).document
        load_again(store)
        after = composed(page_of(store), order).document
        assert (before.data_date, after.data_date) == (date(2026, 5, 10), date(2026, 5, 20))
        assert after.trace["generation"] == page_of(store).snapshot.state.generation != before.trace["generation"]

    def test_evidence_of_savings_is_gathered_once(self, page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
        first = savings_of(page, "USD")
        monkeypatch.setattr("ui.savings.page.live_of", lambda *_: pytest.fail("gathered again"))
        assert savings_of(page, "USD").measured is first.measured
        edit(page.workspace.store.root)
        with pytest.raises(pytest.fail.Exception):
            savings_of(page, "USD")
