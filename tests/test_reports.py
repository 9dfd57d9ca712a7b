"""Documents of a store, written, traced, and held against the store again."""

import io
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from pptx import Presentation
from pypdf import PdfReader

from costlib.analysis.budget import Budget, BudgetLine
from costlib.documents.model import Logo, Shape, read, texts_of
from costlib.errors import InputError, RateError
from costlib.recompute import ending_of, recomputed, shown_lines, trace_of
from costlib.reports import (
    CHARTS,
    ENDINGS,
    KINDS,
    chart_file,
    document,
    figures,
    in_readers_words,
    order,
    shows,
    written,
)
from costlib.roadmap.plan_model import GivenSpend
from costlib.state.budgets import lock_budget
from costlib.state.decisions import Decision, Ledger, Option
from costlib.state.finals import Mark, mark_final, take_back
from costlib.state.logo import save_logo
from costlib.state.plans import PlanStore
from costlib.state.wording import reword
from tests.small_company import bill, charge, company, plan


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    return company(tmp_path_factory.mktemp("reports"))


@pytest.fixture(scope="module")
def made(workspace):
    return document(workspace, order("one-pager", "ads"))


class TestDocument:
    def test_it_is_about_the_plans_scope_on_the_stores_bills(self, made):
        said = [read(text) for text in texts_of(made.pages[0])]
        assert said[0].startswith("Ranker can cost ")
        assert made.data_date == date(2026, 5, 10)
        # February to April: 103 a day on average.
        assert made.figures["now"].exact is not None
        assert float(made.figures["now"].exact) == pytest.approx(103 * 89 / 3, rel=0.01)

    def test_its_trace_says_what_it_was_made_from(self, workspace, made):
        state = workspace.snapshot().state
        assert made.trace["generation"] == state.generation
        assert made.trace["order"] == {
            "kind": "one-pager",
            "story": "ads",
            "shape": "a4",
            "palette": "light",
            "edits": {},
            "team": None,
            "month": None,
            "quarter": None,
            "logo": True,
            "currency": None,
        }
        assert set(made.trace["figures"]) == set(made.figures)
        assert set(made.trace["charts"]) == {"path", "savings"}

    def test_numbers_that_an_editor_typed_are_listed(self, workspace):
        edited = document(
            workspace, order("one-pager", "ads", edits={"ask": "Approve $7,000 and {recommended.one-off}"})
        )
        assert edited.trace["loose_numbers"] == ["$7,000"]
        assert edited.sentences["ask"].text == "Approve $7,000 and $500"

    def test_an_editors_words_cannot_name_what_is_not_there(self, workspace):
        with pytest.raises(InputError, match="which is no figure of it"):
            document(workspace, order("one-pager", "ads", edits={"ask": "Approve {everything}"}))

    def test_kinds_and_plans_that_there_are_not_are_refused(self, workspace):
        with pytest.raises(InputError, match=r"no document 'one-pagr'.*one-pager"):
            order("one-pagr")
        with pytest.raises(InputError, match="nobody"):
            figures(workspace, "nobody")

    def test_other_endings_are_refused(self, made):
        with pytest.raises(InputError, match=r"\.docx"):
            written(made, "docx")


@pytest.mark.parametrize("shape", [Shape.A4, Shape.LETTER])
@pytest.mark.parametrize("ending", ["pdf", "pptx"])
class TestFiles:
    def test_a_file_holds_one_page_with_every_figure_and_its_trace(self, workspace, ending, shape):
        made = document(workspace, order("one-pager", "ads", shape=shape))
        data = written(made, ending)
        assert ending_of(data) == ending
        assert trace_of(data, ending)["figures"].keys() == made.figures.keys()
        shown = " ".join("".join(shown_lines(data, ending)).split())
        missing = [one.id for one in made.figures.values() if one.shown.replace(" ", "") not in shown.replace(" ", "")]
        assert missing == []

    def test_the_same_order_gives_the_same_bytes(self, workspace, ending, shape):
        wanted = order("one-pager", "ads", shape=shape)
        assert written(document(workspace, wanted), ending) == written(document(workspace, wanted), ending)


def test_the_pdf_is_one_tagged_page_of_the_paper(made):
    reader = PdfReader(io.BytesIO(written(made, "pdf")))
    (page,) = reader.pages
    assert [round(float(side)) for side in page.mediabox[2:]] == [595, 842]
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]


def test_the_presentation_is_of_the_papers_size_and_native(made):
    deck = Presentation(io.BytesIO(written(made, "pptx")))
    assert (round(deck.slide_width.pt), round(deck.slide_height.pt)) == (595, 842)
    (slide,) = deck.slides
    assert sum(shape.has_chart for shape in slide.shapes) == 2
    assert not [shape for shape in slide.shapes if shape.shape_type == 13]
    assert slide.shapes.title.text_frame.text == read(made.pages[0].title)


@pytest.mark.parametrize("ending", ["pdf", "pptx"])
class TestRecompute:
    def test_an_untouched_document_of_an_unchanged_store_holds(self, workspace, made, ending):
        assert recomputed(workspace, written(made, ending)) == []

    def test_a_dearer_bill_names_the_figures_that_went_stale(self, tmp_path, ending):
        workspace = company(tmp_path)
        data = written(document(workspace, order("one-pager", "ads")), ending)
        assert recomputed(workspace, data) == []
        company(tmp_path, bill(dearer=4000.0))
        found = recomputed(workspace, data)
        assert "ranker: Aug 2026 without the plan, effective cost, likely, USD" in [one.what for one in found]
        assert all(one.shown != one.now for one in found)

    def test_an_edited_plan_names_what_it_moves_and_nothing_of_the_bill(self, tmp_path, ending):
        workspace = company(tmp_path)
        data = written(document(workspace, order("one-pager", "ads")), ending)
        plans = PlanStore(workspace.state())
        saved = plans.read("ads").initiative("spot")
        dearer = saved.initiative.model_copy(update={"one_off_cost": 900.0})
        plans.save_initiative("ads", dearer, who="tests", expected=saved.version)
        found = {one.what: (one.shown, one.now) for one in recomputed(workspace, data)}
        assert found["one-off cost, recommended plan, 2026-06 to 2026-11, mean of outcomes, USD"] == ("$500", "$900")
        assert not [what for what in found if what.startswith("ranker: mean of the last three")]


def test_words_changed_by_hand_are_found(workspace, made):
    deck = Presentation(io.BytesIO(written(made, "pptx")))
    deck.slides[0].shapes.title.text_frame.paragraphs[0].runs[0].text = "Ranker can cost 99% less"
    changed = io.BytesIO()
    deck.save(changed)
    (found,) = recomputed(workspace, changed.getvalue())
    assert found.shown == "Ranker can cost 99% less"
    assert found.now == read(made.pages[0].title)


@pytest.mark.parametrize("data", [b"", b"hello", b"PK\x03\x04 cut off"])
def test_a_file_that_is_no_document_is_refused(workspace, data):
    with pytest.raises(InputError):
        recomputed(workspace, data)


KINDS_OF_ADS = [
    ("annex", {"story": "ads"}),
    ("brief", {"story": "ads"}),
    ("deck", {"story": "ads"}),
    ("proposal", {"story": "ads"}),
    ("statement", {"team": "Ads", "month": "2026-04"}),
]


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize(("kind", "more"), KINDS_OF_ADS, ids=[kind for kind, _ in KINDS_OF_ADS])
class TestEveryKind:
    def test_it_is_written_with_every_figure_and_holds_when_computed_again(self, workspace, kind, more, ending):
        wanted = order(kind, **more)
        document_ = document(workspace, wanted)
        data = written(document_, ending)
        shown = "".join("".join(shown_lines(data, ending)).split())
        missing = [one for one in document_.figures.values() if "".join(one.shown.split()) not in shown]
        assert missing == []
        assert recomputed(workspace, data) == []


class TestOrders:
    def test_each_kind_has_its_own_story_and_paper(self):
        assert {name: order(name).story for name in KINDS} == {
            "one-pager": "fraud",
            "annex": "fraud",
            "brief": "search-recommendations",
            "deck": "company",
            "proposal": "startup",
            "statement": "",
            "variance": "",
        }
        assert order("deck").shape is Shape.SLIDE
        assert order("annex").shape is Shape.A4
        assert order("deck", shape=Shape.LETTER).shape is Shape.LETTER

    def test_search_is_short_for_search_and_recommendations(self):
        assert order("brief", "search") == order("brief")

    def test_a_month_that_is_none_is_refused(self):
        with pytest.raises(InputError, match="2026-13 is no month"):
            order("statement", month="2026-13")

    def test_a_statement_without_a_team_names_the_teams(self, workspace):
        with pytest.raises(InputError, match=r"for one team.*Ads"):
            document(workspace, order("statement"))

    def test_a_statement_without_a_month_is_of_the_last_closed_one(self, workspace):
        made = document(workspace, order("statement", team="Web"))
        assert made.title == "Showback statement: Web, April 2026"
        assert made.figures["charge"].exact == "1200"  # 40 a day

    def test_a_draft_is_called_one(self, made):
        assert (made.status, made.watermark) == ("draft", "")

    def test_money_that_is_not_in_the_figures_stands_behind_every_page(self, tmp_path):
        made = document(untied(tmp_path), order("statement", team="Web"))
        assert made.status.startswith("draft · $5.00K of the bill is not in these figures")
        assert made.watermark == "$5.00K of the bill is not in these figures"


def untied(tmp_path):
    """A bill of which one row of 5,000 could not be read."""
    rows = bill()
    rows.append({**charge(date(2026, 4, 1), 5000, team="Ads"), "ChargePeriodStart": "not a day"})
    return company(tmp_path, rows)


class TestFinal:
    WEB = order("statement", team="Web")

    def marked(self, space, reason="agreed with the vendor"):
        made = document(space, self.WEB)
        mark = Mark(digest=shows(made), reason=reason, untied=made.watermark)
        mark_final(space.state(), "statement", "Web", mark, who="Ada", role="finance")
        return document(space, self.WEB)

    def test_marked_final_it_says_who_and_why_and_what_is_missing(self, tmp_path):
        made = self.marked(untied(tmp_path))
        assert made.status == "final · $5.00K of the bill is not in these figures"
        assert made.watermark == ""
        assert all("Marked final for finance by Ada" in page.source for page in made.pages)
        assert made.pages[0].source.endswith("agreed with the vendor.")

    @pytest.mark.parametrize("ending", ENDINGS)
    def test_the_check_knows_a_final_document_and_that_it_was_taken_back(self, tmp_path, ending):
        space = untied(tmp_path)
        data = written(self.marked(space), ending)
        assert recomputed(space, data) == []
        take_back(space.state(), "statement", "Web", who="Ada", role="finance", expected=1)
        assert any("final" in one.shown for one in recomputed(space, data))

    def test_a_mark_is_on_the_figures_and_words_of_its_moment(self, tmp_path):
        space = untied(tmp_path)
        self.marked(space)
        (headline, *_) = document(space, self.WEB).sentences
        assert document(space, replace(self.WEB, edits={headline: "Other words"})).status.startswith("draft")
        assert document(space, order("statement", team="Ads")).status.startswith("draft")
        assert document(space, replace(self.WEB, palette="print", shape=Shape.LETTER)).status.startswith("final")


@pytest.fixture(scope="module")
def swiss(tmp_path_factory):
    space = company(tmp_path_factory.mktemp("swiss"))
    rates = [
        f"  - {{month: 2026-0{month}, from: {base}, to: CHF, rate: {rate}, source: tests}}"
        for month in range(1, 6)
        for base, rate in (("USD", "0.80"), ("EUR", "0.90"))
    ]
    (space.store.root / "rates.yaml").write_text("version: 1\nrates:\n" + "\n".join(rates), encoding="utf-8")
    return space


class TestCurrency:
    """The bills of USD at 0.80 CHF; the lab's euros at 0.90: one company in one currency."""

    def test_a_statement_is_translated_by_the_rates_of_its_month(self, swiss):
        made = document(swiss, order("statement", team="Web", currency="CHF"))
        assert made.figures["charge"].exact == "960"  # 1,200 USD
        said = "bills at the rate of each billing month, plans and budgets at that of the newest (rates.yaml)."
        assert all(page.source.endswith(f" Amounts in CHF: {said}") for page in made.pages)
        lab = document(swiss, order("statement", team="Lab", currency="CHF"))
        assert lab.figures["charge"].exact == "130.5"  # 29 days of 5 EUR

    def test_a_plan_moves_as_a_whole(self, swiss):
        native, made = (document(swiss, order("one-pager", "ads", currency=code)) for code in (None, "CHF"))
        assert made.figures.keys() == native.figures.keys()
        assert all(page.source.endswith("; a forecast carries the trend of these rates on.") for page in made.pages)
        for id in ("now", "recommended.one-off"):
            assert float(made.figures[id].exact) == pytest.approx(0.8 * float(native.figures[id].exact))
        assert not any("$" in one.shown for one in made.figures.values())

    @pytest.mark.parametrize("kind", ["one-pager", "annex", "deck"])
    def test_the_check_translates_again(self, swiss, kind):
        data = written(document(swiss, order(kind, "ads", currency="CHF")), "pdf")
        assert recomputed(swiss, data) == []

    def test_a_budget_is_translated_too(self, swiss):
        lines = tuple(BudgetLine("Ads", date(2026, month, 1), Decimal(2500)) for month in (1, 2, 3))
        lock_budget(swiss.state(), Budget("FY26", date(2026, 1, 1), "USD", lines), "AI spend", who="tests")
        made = document(swiss, order("variance", quarter="2026-02", currency="CHF"))
        assert "over the budget FY26 of CHF\xa06.00K" in read(made.pages[0].title)

    def test_without_rates_it_is_refused_by_name(self, workspace):
        with pytest.raises(RateError, match="no rate from USD to CHF"):
            document(workspace, order("one-pager", "ads", currency="CHF"))


class TestLogo:
    def test_it_stands_on_documents_unless_it_is_left_out(self, tmp_path):
        space = company(tmp_path)
        assert document(space, order("statement", team="Web")).logo is None
        save_logo(space.state(), b"png", 2.0, who="Ada")
        assert document(space, order("statement", team="Web")).logo == Logo(b"png", 2.0)
        assert document(space, order("statement", team="Web", logo=False)).logo is None


class TestVariance:
    def test_without_a_budget_or_a_forecast_it_says_what_is_missing(self, workspace):
        with pytest.raises(InputError, match=r"neither a budget nor a forecast of 2026-01"):
            document(workspace, order("variance"))

    def test_against_a_locked_budget(self, tmp_path):
        space = company(tmp_path)
        months = [date(2026, month, 1) for month in (1, 2, 3)]
        lines = tuple(BudgetLine("Ads", month, Decimal(2500)) for month in months)
        lock_budget(space.state(), Budget("FY26", date(2026, 1, 1), "USD", lines), "AI spend", who="tests")
        made = document(space, order("variance", quarter="2026-02"))
        # Ads' ranker: 100 a day and 0 to 6 more over the 90 days of the quarter, 3 on average but for the last days.
        assert float(made.figures["all.actual"].exact) == sum(100 + number % 7 for number in range(90))
        assert read(made.pages[0].title).startswith("Q1 FY26 came to $9.27K, $1.77K over the budget FY26 of $7.50K")
        assert recomputed(space, written(made, "pdf")) == []

    def test_a_quarter_that_is_open_is_refused(self, workspace):
        with pytest.raises(InputError, match="is not closed"):
            document(workspace, order("variance", quarter="2026-05"))


class TestCharts:
    @pytest.mark.parametrize("name", [name for name in CHARTS if name != "tornado"])
    @pytest.mark.parametrize("ending", ["csv", "svg"])
    def test_every_name_is_drawn(self, workspace, name, ending):
        story = "ads" if CHARTS[name].of_plan else None
        assert len(chart_file(workspace, name, ending, story=story)) > 50

    @pytest.mark.parametrize(
        ("ending", "start"), [("pptx", b"PK"), ("xlsx", b"PK"), ("pdf", b"%PDF"), ("png", b"\x89PNG")]
    )
    def test_every_format_is_written(self, workspace, ending, start):
        assert chart_file(workspace, "tornado", ending, story="ads").startswith(start)

    def test_the_amounts_are_those_of_the_bill(self, workspace):
        rows = chart_file(workspace, "spend", "csv").decode().splitlines()
        april = sum(100 + number % 7 for number in range(90, 120))
        assert str(april) in rows[-1]

    def test_another_name_or_ending_is_refused(self, workspace):
        with pytest.raises(InputError, match=r"no chart 'spent'.*spend"):
            chart_file(workspace, "spent", "svg")
        with pytest.raises(InputError, match="cannot be written as docx"):
            chart_file(workspace, "spend", "docx")


def test_decisions_on_record_open_the_annex(tmp_path):
    space = company(tmp_path)
    decision = Decision(
        what="Train on spot",
        options=(Option(name="yes"), Option(name="no")),
        chosen="yes",
        by="CFO",
        on=date(2026, 4, 2),
        expected="30 % less training",
        generation="g",
        sequence=1,
    )
    Ledger(space.state()).save("ads", "spot", decision, who="tests")
    said = [read(text) for text in texts_of(document(space, order("annex", "ads")).pages[0])]
    assert {"Train on spot", "yes", "2 Apr 2026", "30 % less training"} <= set(said)


def test_one_pager_annex_brief_and_deck_of_one_order_agree(workspace):
    seen = {}
    for kind in ("one-pager", "annex", "brief", "deck", "proposal"):
        for id, figure in document(workspace, order(kind, "ads")).figures.items():
            assert seen.setdefault(id, figure) == figure


def test_an_export_carries_the_readers_words_and_holds(tmp_path):
    workspace = company(tmp_path)
    wanted = order("one-pager", "ads")
    reword(
        workspace.state(),
        wanted.kind,
        wanted.subject,
        {"ask": "Please decide on {recommended.one-off}"},
        seen={},
        who="CFO",
    )
    made = document(workspace, in_readers_words(workspace, wanted))
    assert made.sentences["ask"].text == "Please decide on $500"
    assert document(workspace, wanted).sentences["ask"].text.startswith("Approve $500")
    assert recomputed(workspace, written(made, "pptx")) == []


def test_a_plan_that_gives_its_own_spend_does_not_speak_of_bills(tmp_path):
    workspace = company(tmp_path)
    given = plan().model_copy(
        update={"baseline": (GivenSpend(segment={"x_Model": "ranker", "x_Stage": "training"}, monthly=(3000.0,) * 6),)}
    )
    target = given.plan.target.model_copy(update={"reference": "baseline"})
    given = given.model_copy(update={"plan": given.plan.model_copy(update={"target": target})})
    PlanStore(workspace.state()).create("given", given, who="tests")
    (page,) = document(workspace, order("one-pager", "given")).pages
    assert "spend as the plan gives it, USD" in page.source
    assert "bills to" not in page.source
