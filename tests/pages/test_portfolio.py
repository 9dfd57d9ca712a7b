"""Portfolio: what Run frees and the ask, business cases that add up, and the ledger of decisions."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from costlib.roadmap.plan_file import read_plan
from costlib.sample.plans import PLANS
from costlib.state.decisions import Ledger
from costlib.state.plans import PlanStore
from costlib.workspace import Workspace
from tests.pages import plans, screen
from tests.pages.conftest import Open
from tests.pages.plans import STARTUP
from tests.pages.test_savings import dollars

FLOWS = "Flows between the purposes by fiscal year, USD, likely"
DECISIONS = "Decisions on record, USD; promised when decided, never changed since"


def test_title_cards_and_flows_say_the_same(open_page: Open) -> None:
    app = open_page("portfolio")
    *_, whole = screen.tables(app)[FLOWS]
    cards = {metric.label: screen.plain(metric.value) for metric in app.metric}
    assert (cards["Run frees"], cards["To be asked for"]) == (whole[1], whole[7])
    assert screen.title(app).startswith(f"Run frees {whole[1]} by Oct 2029")
    assert whole[7] in screen.title(app)
    assert dollars(cards["Grow and Transform want"]) == pytest.approx(dollars(whole[2]) + dollars(whole[5]), rel=0.02)


def test_nobody_gets_more_than_was_freed(open_page: Open) -> None:
    """Grow never gets more than Run freed up to then, and what is wanted and not given is the ask."""
    header, *years, _ = screen.tables(open_page("portfolio"))[FLOWS]
    freed = given = 0.0
    for year in years:
        row = {name: dollars(text) for name, text in zip(header[1:], year[1:], strict=True)}
        freed, given = freed + row["Run frees"], given + row["Grow gets"]
        assert given <= freed * 1.01
        missing = row["Grow wants"] - row["Grow gets"] + row["Transform wants"] - row["Transform gets"]
        assert row["To be asked for"] >= missing - 0.02 * abs(row["To be asked for"]) - 1000


def test_the_share_that_grows_is_that_of_the_columns(open_page: Open) -> None:
    app = open_page("portfolio")
    (title,) = (header for header in screen.headers(app) if "grows or transforms" in header)
    marks = next(chart.marks for chart in screen.charts(app) if "Run" in chart.marks and "Total" not in chart.alt[:5])
    sums = {name: sum(value or 0 for value in marks[name]) for name in ("Run", "Grow", "Transform") if name in marks}
    share = (sums.get("Grow", 0) + sums.get("Transform", 0)) / sum(sums.values())
    assert title.startswith(f"{share:.0%} of")


def test_business_cases_add_up_to_the_plan(open_page: Open) -> None:
    app = open_page("portfolio", show="Business cases")
    caption, table = next((one, rows) for one, rows in screen.tables(app).items() if one.startswith("Business cases"))
    assert "36 months" in caption and "count from an initiative's own start" in caption
    npv = sum(dollars(row[4]) for row in table[1:])
    assert dollars(screen.plain(app.metric[0].value)) == pytest.approx(npv, rel=0.01)
    assert [row[1] for row in table[1:]] == sorted(
        (row[1] for row in table[1:]), key=["Run", "Grow", "Transform"].index
    )


def test_expected_value_takes_the_usual_losses_off(open_page: Open) -> None:
    tables = screen.tables(open_page("portfolio", show="Bets"))
    header, *rows = next(rows for caption, rows in tables.items() if caption.startswith("Bets by gate"))
    for row in rows:
        found = dict(zip(header, row, strict=True))
        npv, expected = dollars(found["NPV"]), dollars(found["Expected value"])
        assert expected <= npv if npv > 0 else expected == npv


#: What each part of the page holds: how the captions of its tables begin.
PARTS = {
    "Money by year": ("Flows between", "Reinvested by"),
    "Business cases": ("Business cases",),
    "Objectives": ("Objectives and key results",),
    "Bets": ("Bets by gate", "Kill criteria"),
    "Decisions": ("Decisions on record", "Who decides by when", "By lever"),
}


class TestParts:
    @pytest.mark.parametrize("part", PARTS)
    def test_a_part_is_open_by_its_name_in_the_address_and_no_other_is_worked_out(
        self, part: str, open_page: Open
    ) -> None:
        app = open_page("portfolio", show=part)
        assert [tab.label for tab in app.tabs] == list(PARTS)
        captions = list(screen.tables(app))
        assert len(captions) == len(PARTS[part])
        assert all(caption.startswith(begins) for caption, begins in zip(captions, PARTS[part], strict=True))

    @pytest.mark.parametrize("part", PARTS)
    def test_answer_figures_and_both_charts_stand_over_every_part(self, part: str, open_page: Open) -> None:
        app = open_page("portfolio", show=part)
        assert screen.title(app).startswith("Run frees") and len(app.metric) == 4
        bubble, shift = screen.charts(app)[:2]
        assert {"run", "grow", "transform"} == set(bubble.marks) and "Run" in shift.marks

    def test_a_part_that_does_not_exist_is_the_first(self, open_page: Open) -> None:
        app = open_page("portfolio", show="Everything")
        assert not app.error and not app.exception
        assert next(iter(screen.tables(app))).startswith(PARTS["Money by year"])


class TestVentures:
    def test_stakes_are_those_of_the_plan_file_and_what_nobody_stated_is_said(self, open_page: Open) -> None:
        app = open_page("portfolio", show="Bets")
        header, *rows = next(rows for name, rows in screen.tables(app).items() if name.startswith("Bets by gate"))
        found = {row[0]: dict(zip(header, row, strict=True)) for row in rows}
        plan = read_plan(PLANS["company"])
        for one in plan.initiatives:
            for name, stated in (("Committed", one.stake.committed), ("Asked", one.stake.asked)):
                shown = found[one.title][name]
                assert (shown == "not stated") == (stated is None)
                assert stated is None or dollars(shown) == stated
        assert "$53.0K committed so far (8 of 11 initiatives do not say)" in screen.everything(app)

    def test_a_criterion_past_its_day_is_flagged_first(self, open_page: Open) -> None:
        app = open_page("portfolio", show="Bets")
        (flag,) = [screen.plain(one.value) for one in app.warning]
        assert "at least 0.0645 by 15 Oct 2026 was agreed, and nobody has measured it; ask Head of Search" in flag
        _, first, *_ = screen.tables(app)["Kill criteria, those that are due first"]
        assert first[-1] == "due, not measured"
        assert any(title.endswith("1 should have been measured") for title in screen.headers(app))

    def test_objectives_and_where_savings_go(self, open_page: Open) -> None:
        objectives = screen.tables(open_page("portfolio", show="Objectives"))["Objectives and key results, USD, likely"]
        assert len(objectives) == 12 and all(row[2] != "no key result named" for row in objectives[1:])
        tables = screen.tables(open_page("portfolio"))
        header, *rows = tables["Reinvested by the initiatives' own word, USD, likely"]
        assert header[:3] == ["What is freed by", "Goes to", "Share"] and header[-2:] == ["FY29", "All"]
        for row in rows:
            assert sum(dollars(text) for text in row[3:-1]) == pytest.approx(dollars(row[-1]), rel=0.01)

    def test_a_plan_without_bets_says_nothing_is_stated(self, open_page: Open) -> None:
        app = open_page("portfolio", plan=STARTUP, show="Bets")
        assert "Nobody says what is committed so far" in screen.everything(app)
        assert not app.warning


class TestLedger:
    def test_past_decisions_with_what_came(self, open_page: Open) -> None:
        app = open_page("portfolio", show="Decisions")
        header, *rows = screen.tables(app)[DECISIONS]
        found = {row[0]: dict(zip(header, row, strict=True)) for row in rows}
        spot = found["Move the search ranker's retraining to spot capacity"]
        assert spot["Promised"] == "$42.1K" and spot["Signed off"] == "$8.70K"
        assert spot["Status"] == "Approved, 20 Mar 2026"
        (title,) = (one for one in screen.headers(app) if "decisions promised" in one)
        assert title == "2 decisions promised $431K; finance has signed off $79.2K so far"

    def test_an_ask_is_recorded_and_decided(self, saved: PlanStore, open_page: Open) -> None:
        app = plans.introduce(open_page("portfolio", plan=STARTUP, show="Decisions"))
        app.text_input(key="ask-what").set_value("Approve quotas")
        app.multiselect(key="ask-initiatives").set_value(["quotas"])
        app.text_input(key="ask-owner").set_value("CEO")
        app = screen.press(app, "Put it on record")
        assert not app.error and not app.exception
        (one,) = Ledger(saved.state).all("startup")
        promised = float(one.decision.options[0].figures["quotas"])
        assert one.decision.chosen is None and one.decision.week_of_delay is not None and promised > 0
        rows = {row[0]: row for row in screen.tables(app)[DECISIONS][1:]}
        assert rows["Approve quotas"][1].startswith("open until")
        assert dollars(rows["Approve quotas"][3]) == pytest.approx(promised, rel=0.01)
        assert dollars(rows["Approve quotas"][2]) == 0
        assert any("1 ask for" in said and said.endswith("is still open") for said in screen.headers(app))
        assert app.text_input(key="ask-what").value == "" and app.multiselect(key="ask-initiatives").value == []
        app.selectbox(key="decide-verdict").set_value("Refused")
        app.text_input(key="decide-expected").set_value("nothing: quotas come with the next platform")
        app = screen.press(app, "Record the decision")
        assert not app.error
        rows = {row[0]: row for row in screen.tables(app)[DECISIONS][1:]}
        assert rows["Approve quotas"][1].startswith("Refused, ") and dollars(rows["Approve quotas"][2]) == 0

    def test_a_decision_without_what_is_expected_is_refused(self, saved: PlanStore, open_page: Open) -> None:
        app = plans.introduce(open_page("portfolio", plan=STARTUP, show="Decisions"))
        app.text_input(key="ask-what").set_value("Approve quotas")
        app.multiselect(key="ask-initiatives").set_value(["quotas"])
        app.selectbox(key="ask-verdict").set_value("Approved")
        app = screen.press(app, "Put it on record")
        assert "what is expected of it" in screen.plain(app.error[0].value)
        assert Ledger(saved.state).all("startup") == []
        assert app.text_input(key="ask-what").value == "Approve quotas"
        assert app.multiselect(key="ask-initiatives").value == ["quotas"]

    def test_what_was_typed_stays_where_an_ask_is_refused(self, open_page: Open) -> None:
        app = plans.introduce(open_page("portfolio", plan=STARTUP, show="Decisions"))
        app.text_input(key="ask-what").set_value("Approve quotas")
        app.text_input(key="ask-owner").set_value("CEO")
        app = screen.press(app, "Put it on record")
        assert "names its initiatives" in app.error[0].value
        assert (app.text_input(key="ask-what").value, app.text_input(key="ask-owner").value) == (
            "Approve quotas",
            "CEO",
        )

    def asked(self, app: AppTest, what: str) -> AppTest:
        app.text_input(key="ask-what").set_value(what)
        app.multiselect(key="ask-initiatives").set_value(["quotas"])
        return screen.press(app, "Put it on record")

    def test_a_second_ask_on_an_initiative_is_refused_before_it_is_saved(
        self, saved: PlanStore, open_page: Open
    ) -> None:
        app = self.asked(plans.introduce(open_page("portfolio", plan=STARTUP, show="Decisions")), "Approve quotas")
        app = self.asked(app, "Viewer asks")
        (said,) = (screen.plain(one.value) for one in app.error)
        assert said.startswith("“Approve quotas” names") and said.endswith("is still open")
        assert [one.decision.what for one in Ledger(saved.state).all("startup")] == ["Approve quotas"]
        assert app.text_input(key="ask-what").value == "Viewer asks"

    def test_who_decides_second_is_told_and_no_other_ask_is_decided(self, saved: PlanStore, open_page: Open) -> None:
        """Ben's page still shows the ask that Ann has decided; another ask is open by then."""
        self.asked(plans.introduce(open_page("portfolio", plan=STARTUP, show="Decisions")), "Approve quotas")
        ann = plans.introduce(open_page("portfolio", plan=STARTUP, show="Decisions"), "Ann")
        ben = plans.introduce(open_page("portfolio", plan=STARTUP, show="Decisions"), "Ben")
        (one,) = Ledger(saved.state).all("startup")
        other = one.decision.model_copy(update={"what": "Other", "options": one.decision.options[1:]})
        Ledger(saved.state).save("startup", "other", other, who="tests")
        for app, verdict in ((ann, "Approved"), (ben, "Refused")):
            app.selectbox(key="decide-verdict").set_value(verdict)
            app.text_input(key="decide-expected").set_value("less")
            screen.press(app, "Record the decision")
        assert [screen.plain(said.value) for said in ben.info] == [
            "Ann decided “Approve quotas” a moment before you: Approved. Your decision was not saved."
        ]
        assert not ann.info and not ben.exception
        found = {one.id: one.decision for one in Ledger(saved.state).all("startup")}
        assert (found["approve-quotas"].by, found["other"].chosen) == ("Ann", None)


def test_a_plan_that_only_runs_says_so(open_page: Open) -> None:
    app = open_page("portfolio", plan=STARTUP)
    assert re.search(r"nothing is planned yet to grow or transform|Grow and Transform want", screen.title(app))


def test_without_a_plan(open_page: Open, own_store: Callable[[str], str]) -> None:
    store = own_store("one_day")
    app = open_page("portfolio", store)
    assert screen.title(app).startswith("No plan yet")
    assert PlanStore(Workspace(Path(store)).state()).names() == []
