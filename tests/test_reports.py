"""Documents of a store, written, traced, and held against the store again."""

import io
from datetime import date

import pytest
from pptx import Presentation
from pypdf import PdfReader

from costlib.documents.model import Shape, read, texts_of
from costlib.errors import InputError
from costlib.recompute import ending_of, recomputed, shown_lines, trace_of
from costlib.reports import document, figures, order, written
from costlib.state.plans import PlanStore
from tests.small_company import bill, company


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
