"""The Reports page: every state of store and document, words edited and taken back, the trace, the check."""

from __future__ import annotations

import io
import re
import shutil
from collections.abc import Callable
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from costlib import reports
from costlib.roadmap.plan_model import Plan
from costlib.scheduled import make_due
from costlib.state.finals import mark_final, mark_of, take_back
from costlib.state.logo import saved_logo
from costlib.state.plans import PlanStore
from costlib.state.records import State
from costlib.state.schedule import entries
from costlib.state.wording import reword, reworded
from costlib.workspace import Workspace
from tests.pages import screen
from tests.pages.conftest import Open
from tests.small_company import company

ADS = ("one-pager", "ads")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("reports")
    company(folder)
    return folder


@pytest.fixture
def store(built: Path, tmp_path: Path) -> Path:
    """The small company's store, its own copy: what a test edits is nobody else's."""
    shutil.copytree(built / "store", tmp_path / "store")
    shutil.copy(built / "bill.csv", tmp_path / "bill.csv")
    return tmp_path / "store"


@pytest.fixture
def opened(open_page: Open, store: Path) -> Callable[..., AppTest]:
    return lambda **address: open_page("reports", str(store), **address)


def field(app: AppTest, label: str) -> str:
    """The words that stand in the field of a sentence."""
    (found,) = (area for area in app.text_area if area.label == label)
    return str(found.value)


def write(app: AppTest, label: str, words: str, *, save: bool = True) -> AppTest:
    """Type other words for a sentence and save."""
    (found,) = (area for area in app.text_area if area.label == label)
    found.set_value(words)
    return press(app, "Save the words") if save else app


def press(app: AppTest, label: str) -> AppTest:
    return next(button for button in app.button if button.label == label).click().run()


def upload(app: AppTest, key: str) -> Any:
    """The place where a file is given, by its key."""
    return next(one for one in app.get("file_uploader") if one.key == key)


def said(app: AppTest) -> str:
    """Everything on the page, successes and the words behind the pictures included."""
    outcome = [screen.plain(str(element.value)) for element in app.success]
    pictures = [image.proto.imgs[0].alt for image in app.get("image")]
    return "\n".join([screen.everything(app), *outcome, *pictures])


class TestDocument:
    def test_the_page_is_the_document_and_says_for_whom(self, opened: Callable[..., AppTest]) -> None:
        app = opened()
        assert not app.exception and not app.error
        assert screen.title(app) == "CFO one-pager: Ads"
        assert "For the CFO." in said(app)
        assert "usage to 10 May 2026 (UTC)" in screen.data_line(app)

    def test_its_pages_are_shown_with_their_words_for_who_cannot_see_them(self, opened: Callable[..., AppTest]) -> None:
        (picture,) = opened().get("image")
        alt = picture.proto.imgs[0].alt
        assert alt.startswith("Page 1 of 1. Ranker can cost ")
        assert "Approve $500 one-off and 2 person-weeks, to start in Jun 2026." in alt
        assert "No decision on this plan is on record yet." not in alt  # a note for who presents is on no page

    def test_files_are_named_by_story_kind_and_data_date(self, opened: Callable[..., AppTest]) -> None:
        assert "ads-one-pager-2026-05-10, " in said(opened())
        assert "lab-2026-04-statement-2026-05-10, " in said(opened(document="Team statement", team="Lab"))

    def test_a_link_chooses_everything(self, opened: Callable[..., AppTest]) -> None:
        app = opened(document="Team statement", team="Web", month="Mar 2026", colours="Grey, for print")
        assert screen.title(app) == "Team statement: Web, Mar 2026"
        chosen = {group.key: group.value for group in app.get("button_group")}
        assert chosen["colours"] == "Grey, for print"

    def test_a_link_to_what_there_is_not_says_so(self, opened: Callable[..., AppTest]) -> None:
        app = opened(document="Poem")
        assert 'The link asks for the document "Poem"' in said(app)
        assert screen.title(app) == "CFO one-pager: Ads"


class TestFinal:
    def introduced(self, app: AppTest, role: str) -> AppTest:
        next(one for one in app.text_input if one.label == "Your name").set_value("Ada")
        return next(one for one in app.selectbox if one.label == "Your role").set_value(role).run()

    def mark(self, app: AppTest, role: str, reason: str = "") -> AppTest:
        app = self.introduced(app, role)
        app.text_input(key="final-reason").set_value(reason)
        return press(app, "Mark final")

    def test_finance_marks_it_and_makes_it_a_draft_again(self, opened: Callable[..., AppTest]) -> None:
        app = opened()
        assert "This is a draft" in said(app)
        app = self.mark(app, "finance", "checked against the ledger")
        assert "Final: marked by Ada on " in said(app)
        assert "Ada: marked final: checked against the ledger" in said(app)
        app = press(app, "Make it a draft again")
        assert "This is a draft" in said(app) and "It is a draft again" in said(app)

    def test_who_is_not_of_finance_is_told(self, opened: Callable[..., AppTest]) -> None:
        app = self.introduced(opened(), "lead")
        button = next(one for one in app.button if one.label == "Mark final")
        assert button.disabled and "A document is not marked final by a lead" in button.help
        assert "This is a draft" in said(app)

    def test_other_words_make_it_a_draft_again(self, opened: Callable[..., AppTest]) -> None:
        app = self.mark(opened(), "finance")
        app = write(app, "Headline", "Ranker costs {now}")
        assert "A draft again: what Ada marked on " in said(app)

    def test_a_mark_is_on_what_finance_saw(self, opened: Callable[..., AppTest], store: Path) -> None:
        app, state = self.introduced(opened(), "finance"), Workspace(store).state()
        reword(state, *ADS, {"headline": "Nine in ten is waste"}, seen={}, who="Dan")
        app = press(app, "Mark final")
        assert "Its figures or words changed after they were shown to you, so nothing was marked" in said(app)
        assert mark_of(state, *ADS) is None
        assert "Final: marked by Ada on " in said(press(app, "Mark final"))

    def test_the_second_to_mark_it_is_told_who_was_first(self, opened: Callable[..., AppTest], store: Path) -> None:
        app, state = self.introduced(opened(), "finance"), Workspace(store).state()
        self.marked_by_dan(opened(), state)
        app = press(app, "Mark final")
        assert "Dan marked it final a moment before you. Nothing of yours was saved" in said(app)
        found = mark_of(state, *ADS)
        assert found and found.who == "Dan"

    def test_ones_own_second_click_is_told_as_ones_own(self, opened: Callable[..., AppTest], store: Path) -> None:
        app = self.introduced(opened(), "finance")
        self.mark(opened(), "finance")
        before = Workspace(store).state().sequence
        app = press(app, "Mark final")
        assert "You marked it final a moment ago." in said(app)
        assert Workspace(store).state().sequence == before

    def test_a_draft_again_is_of_the_mark_that_was_seen(self, opened: Callable[..., AppTest], store: Path) -> None:
        app, state = self.mark(opened(), "finance"), Workspace(store).state()
        found = mark_of(state, *ADS)
        assert found
        take_back(state, *ADS, who="Dan", role="finance", expected=found.version)
        mark_final(state, *ADS, found.mark, who="Dan", role="finance")
        app = press(app, "Make it a draft again")
        assert "Dan marked it final a moment before you" in said(app)
        assert mark_of(state, *ADS)

    def marked_by_dan(self, app: AppTest, state: State) -> None:
        app = self.mark(app, "finance")
        found = mark_of(state, *ADS)
        assert found
        take_back(state, *ADS, who="Dan", role="finance", expected=found.version)
        mark_final(state, *ADS, found.mark, who="Dan", role="finance")


class TestSchedule:
    def test_the_document_is_kept_up_to_date_and_fetched(self, opened: Callable[..., AppTest], store: Path) -> None:
        app = press(opened(document="Team statement", team="Web", month="Mar 2026"), "Keep it up to date")
        assert "Team statement, Web: whenever its figures change; not made yet" in said(app)
        make_due(Workspace(store), store / "documents")
        app = app.run()
        assert "1 document is made again" in said(app)
        assert "last from figures to 10 May 2026" in said(app)
        assert [one.key for one in app.get("download_button") if "scheduled" in str(one.key)] == ["scheduled-0-pdf"]
        app = press(app, "Stop")
        assert "made no more; its files stay" in said(app)
        assert entries(Workspace(store).state()) == []


class TestLogo:
    def test_a_picture_stands_on_the_document_until_it_is_taken_away(
        self, opened: Callable[..., AppTest], store: Path
    ) -> None:
        kept = io.BytesIO()
        Image.new("RGB", (200, 100), "navy").save(kept, "PNG")
        app = opened()
        upload(app, "logo-file").set_value(("mark.png", kept.getvalue(), "image/png")).run()
        app = press(app, "Use it")
        assert "mark.png stands on every document" in said(app)
        logo = saved_logo(Workspace(store).state())
        assert logo and logo.aspect == 2.0
        app = press(app, "Take it away")
        assert saved_logo(Workspace(store).state()) is None

    def test_a_file_that_is_no_picture_is_refused(self, opened: Callable[..., AppTest], store: Path) -> None:
        app = opened()
        upload(app, "logo-file").set_value(("mark.png", b"no picture", "image/png")).run()
        app = press(app, "Use it")
        assert "mark.png is no picture that can be read" in said(app)
        assert saved_logo(Workspace(store).state()) is None


class TestStates:
    def test_every_kind_of_document_is_offered_where_the_store_has_something_for_it(
        self, opened: Callable[..., AppTest]
    ) -> None:
        assert len(opened().selectbox(key="document").options) == len(reports.KINDS)

    def test_without_a_plan_there_are_still_statements(self, open_page: Open) -> None:
        app = open_page("reports", "no_ai")
        assert not app.error and not app.exception
        assert screen.title(app) == "Team statement: Shop, Sep 2026"
        assert "plan" not in {one.key for one in app.selectbox}

    def test_a_single_day_gives_no_document_and_says_what_is_missing(self, open_page: Open) -> None:
        app = open_page("reports", "one_day")
        assert screen.title(app) == "There is nothing yet that a document could tell of"
        assert "a saved plan, of a team in a closed month, or of a closed quarter" in said(app)
        assert not app.get("download_button")

    def test_a_plan_that_cannot_be_simulated_is_told_in_plain_words(
        self, opened: Callable[..., AppTest], store: Path
    ) -> None:
        alien = Plan(plan={"name": "Yen", "start": "2026-06", "months": 6, "paths": 100, "currency": "JPY"})
        PlanStore(Workspace(store).state()).create("yen", alien, who="tests")
        app = opened(plan="Yen")
        assert not app.exception
        assert screen.title(app) == "CFO one-pager: Yen"
        assert "Nothing was spent in JPY" in said(app)
        assert not app.get("download_button") and app.get("file_uploader")

    def test_words_that_do_not_fit_are_told_and_cannot_be_taken_away(
        self, opened: Callable[..., AppTest], store: Path
    ) -> None:
        reword(Workspace(store).state(), *ADS, {"ask": "Approve this. " * 400}, seen={}, who="Ada")
        app = opened()
        assert not app.exception and not app.get("image")
        assert "holds more than fits" in said(app)
        assert {button.proto.disabled for button in app.get("download_button")} == {True}
        app = press(app, "All back to our words")
        assert app.get("image") and not app.error


class TestWords:
    def test_other_words_stand_in_the_document_with_their_figures(
        self, opened: Callable[..., AppTest], store: Path
    ) -> None:
        app = write(opened(), "Ask", "Say yes to {recommended.one-off}.")
        assert "Saved: 1 sentence." in said(app)
        assert "Say yes to $500." in said(app)
        (word,) = reworded(Workspace(store).state(), *ADS).values()
        assert (word.template, word.who) == ("Say yes to {recommended.one-off}.", "test@example.com")

    def test_another_reader_sees_them_with_who_and_when(self, opened: Callable[..., AppTest], store: Path) -> None:
        reword(Workspace(store).state(), *ADS, {"headline": "Save {recommended.net}"}, seen={}, who="Ada")
        app = opened()
        assert field(app, "Headline") == "Save {recommended.net}"
        assert "Edited by Ada" in said(app) and "In a reader's words: Headline." in said(app)
        assert "headline: edited by Ada" in said(app)

    def test_an_unknown_figure_is_refused_with_what_there_is(self, opened: Callable[..., AppTest], store: Path) -> None:
        app = write(opened(), "Ask", "Approve {recommended.oneoff}")
        assert "{recommended.oneoff}, which is no figure of it" in said(app)
        assert "Did you mean recommended.one-off?" in said(app)
        assert field(app, "Ask") == "Approve {recommended.oneoff}"
        assert reworded(Workspace(store).state(), *ADS) == {}

    @pytest.mark.parametrize("words", ["", "   ", "Approve {Everything}", "Approve {now"])
    def test_words_that_cannot_stand_are_refused(self, words: str, opened: Callable[..., AppTest], store: Path) -> None:
        app = write(opened(), "Ask", words)
        assert len(app.error) == 1
        assert reworded(Workspace(store).state(), *ADS) == {}

    def test_words_for_which_there_is_no_room_are_not_saved(self, opened: Callable[..., AppTest], store: Path) -> None:
        app = write(opened(), "Situation", "Spend is {now}. " * 900)
        assert "holds more than fits" in said(app)
        assert app.get("image") and reworded(Workspace(store).state(), *ADS) == {}

    def test_a_number_typed_by_hand_is_flagged(self, opened: Callable[..., AppTest]) -> None:
        app = write(opened(), "Ask", "Approve $7,000 and {recommended.one-off}.")
        assert "$7,000: typed by hand, will not follow the bill." in said(app)

    def test_back_to_our_words_and_undo_of_that(self, opened: Callable[..., AppTest]) -> None:
        app = opened()
        ours = field(app, "Ask")
        app = write(app, "Ask", "Say yes.")
        app = press(app, "Back to our words")
        assert field(app, "Ask") == ours and "Edited by" not in said(app)
        app = press(app, "Undo")
        assert field(app, "Ask") == "Say yes."

    def test_undo_takes_back_what_its_reader_saw_and_nothing_newer(
        self, opened: Callable[..., AppTest], store: Path
    ) -> None:
        app = write(opened(), "Ask", "Say yes.")
        reword(Workspace(store).state(), *ADS, {"headline": "Ben's."}, seen={}, who="Ben")
        app = press(app, "Undo")
        assert field(app, "Ask") != "Say yes." and field(app, "Headline") == "Ben's."

    def test_our_own_words_typed_again_are_ours(self, opened: Callable[..., AppTest], store: Path) -> None:
        app = opened()
        ours = field(app, "Ask")
        write(write(app, "Ask", "Say yes."), "Ask", ours)
        assert reworded(Workspace(store).state(), *ADS) == {}

    def test_saving_without_a_change_changes_nothing(self, opened: Callable[..., AppTest], store: Path) -> None:
        before = Workspace(store).state().sequence
        assert "No sentence was changed." in said(press(opened(), "Save the words"))
        assert Workspace(store).state().sequence == before

    def test_who_saved_first_is_not_overwritten(self, opened: Callable[..., AppTest], store: Path) -> None:
        app = write(opened(), "Ask", "Mine.", save=False)
        reword(Workspace(store).state(), *ADS, {"ask": "Theirs."}, seen={}, who="Ben")
        app = press(app, "Save the words")
        assert "was saved by Ben" in said(app)
        assert field(app, "Ask") == "Theirs."

    def test_words_whose_figure_is_gone_are_named_and_ours_stand_there(
        self, opened: Callable[..., AppTest], store: Path
    ) -> None:
        reword(Workspace(store).state(), *ADS, {"ask": "Approve {gone}"}, seen={}, who="Ada")
        app = opened()
        assert "Ask names a figure that is gone" in said(app)
        assert "Approve $500 one-off" in said(app)
        assert field(app, "Ask") == "Approve {gone}"


def traced(app: AppTest) -> list[dict[str, str]]:
    """Rows of the table of figures, with the address that each opens."""
    (table,) = (one.proto.body for one in app.get("html") if 'class="figures trace"' in one.proto.body)
    names = ("Shown", "What it is", "Exact value", "Opens", "From")
    row = "<tr>" + 3 * "<t[hd][^>]*>([^<]*)</t[hd]>" + '<td[^>]*><a href="([^"]*)"[^>]*>([^<]*)</a>'
    return [dict(zip(names, map(unescape, found), strict=True)) for found in re.findall(row, table)]


class TestTrace:
    def test_every_figure_of_the_document_has_a_row(self, opened: Callable[..., AppTest], store: Path) -> None:
        made = reports.document(Workspace(store), reports.order("one-pager", "ads"))
        rows = traced(opened())
        assert [row["Shown"] for row in rows] == [one.shown for one in made.figures.values()]
        assert [row["Exact value"] for row in rows] == [one.exact for one in made.figures.values()]

    def test_rows_open_what_made_them(self, opened: Callable[..., AppTest]) -> None:
        opens = {row["From"]: row["Opens"] for row in traced(opened())}
        assert opens["bill"] == "/trends?model=ranker&over=Custom&days=2026-02-01&days=2026-04-30"
        assert opens["plan"] == "/roadmap?plan=Ads"
        assert opens["forecast"] == "/forecast?model=ranker"

    def test_the_page_behind_a_figure_of_the_bill_shows_it(
        self, opened: Callable[..., AppTest], open_page: Open, store: Path
    ) -> None:
        now = next(row for row in traced(opened()) if "mean of the last three booked months" in row["What it is"])
        address = parse_qs(urlsplit(now["Opens"]).query)
        app = open_page(
            "trends", str(store), **{name: values if len(values) > 1 else values[0] for name, values in address.items()}
        )
        total = {row["Team"]: row["Total"] for row in screen.table(app)}["All"]
        assert total / 3 == pytest.approx(float(now["Exact value"]), abs=0.01)

    def test_the_state_behind_all_figures_is_named(self, opened: Callable[..., AppTest], store: Path) -> None:
        workspace = Workspace(store)
        words = said(opened())
        assert workspace.snapshot().state.generation in words
        assert f"state number {workspace.state().sequence}" in words


class TestCheck:
    @pytest.fixture(params=["pdf", "pptx"])
    def exported(self, request: pytest.FixtureRequest, store: Path) -> tuple[str, bytes]:
        made = reports.document(Workspace(store), reports.order("one-pager", "ads"))
        return f"ads.{request.param}", reports.written(made, request.param)

    def upload(self, app: AppTest, file: tuple[str, bytes]) -> AppTest:
        uploader = upload(app, "check-file")
        return uploader.set_value((*file, "application/octet-stream")).run()

    def test_a_document_of_an_unchanged_store_holds(
        self, opened: Callable[..., AppTest], exported: tuple[str, bytes]
    ) -> None:
        words = said(self.upload(opened(), exported))
        assert f"Every figure of {exported[0]} holds" in words and "2 charts computed again" in words

    def test_a_changed_plan_is_listed_figure_by_figure(
        self, opened: Callable[..., AppTest], exported: tuple[str, bytes], store: Path
    ) -> None:
        plans = PlanStore(Workspace(store).state())
        saved = plans.read("ads").initiative("spot")
        dearer = saved.initiative.model_copy(update={"one_off_cost": 900.0})
        plans.save_initiative("ads", dearer, who="tests", expected=saved.version)
        app = self.upload(opened(), exported)
        assert "different by now" in said(app)
        tables = "".join(element.proto.body for element in app.get("html"))
        assert "<td>$500</td><td>$900</td>" in tables

    def test_an_edited_document_holds_too(self, opened: Callable[..., AppTest], store: Path) -> None:
        made = reports.document(Workspace(store), reports.order("one-pager", "ads", edits={"ask": "Say {start}."}))
        assert "holds" in said(self.upload(opened(), ("edited.pdf", reports.written(made, "pdf"))))

    @pytest.mark.parametrize("data", [b"", b"hello", b"PK\x03\x04 cut off", b"%PDF-1.7 nothing"])
    def test_a_file_that_is_no_document_is_refused(self, data: bytes, opened: Callable[..., AppTest]) -> None:
        app = self.upload(opened(), ("other.pdf", data))
        assert not app.exception and len(app.error) == 1 and "could not be drawn" not in said(app)
