"""Documents as data: figures stay linked, one id means one figure, everything is found in reading order."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from costlib.documents.model import (
    Ask,
    Basis,
    Beside,
    Bullets,
    Document,
    Figure,
    Kpi,
    Kpis,
    Page,
    Paragraph,
    Sentence,
    Shape,
    Table,
    read,
    texts_of,
)
from costlib.errors import InputError

SPEND = Figure("spend", "$1.00K", "1000", "a month", Basis.BILL)
SAVED = Figure("saved", "$250", "250.00", "a month", Basis.PLAN)


def say(id, template, *figures):
    return Sentence(id, template, {figure.id: figure for figure in figures})


def document(*blocks, title="Answer", **more):
    page = Page("one", "eyebrow", say("title", title), blocks=blocks, **more)
    return Document("one-pager", "A document", Shape.A4, (page,), date(2026, 12, 31), "USD")


class TestSentence:
    def test_it_reads_with_its_figures_in_place(self):
        line = say("a", "{saved} of {spend} is saved, {saved} in all", SPEND, SAVED)
        assert line.text == "$250 of $1.00K is saved, $250 in all"
        assert line.used == (SAVED, SPEND)

    def test_a_figure_it_does_not_have_is_refused_with_those_it_has(self):
        with pytest.raises(InputError, match=r"\{savde\}.*one of \{spend\}, \{saved\}.*saved"):
            say("a", "{savde} less", SPEND, SAVED)

    def test_other_words_keep_the_figures(self):
        line = say("a", "Spend is {spend}", SPEND).reworded("We pay {spend} each month")
        assert line.text == "We pay $1.00K each month"
        with pytest.raises(InputError, match="which is no figure of it"):
            line.reworded("We pay {total}")

    @pytest.mark.parametrize(
        ("template", "loose"),
        [
            ("Spend is {spend}", ()),
            ("Spend is $1,000 (of 12%)", ("$1,000", "12%")),
            ("Model v2 in Q3 stays", ()),
            ("{spend}2 and 7.", ("2", "7")),
        ],
    )
    def test_numbers_in_the_words_themselves_are_found(self, template, loose):
        assert say("a", template, SPEND).loose_numbers == loose

    @given(st.text(alphabet=st.characters(blacklist_characters="{}")))
    def test_words_without_braces_are_left_as_they_are(self, words):
        assert say("a", words).text == words


class TestDocument:
    def test_every_figure_is_found_in_reading_order_once(self):
        rows = (("Ads", SAVED),)
        found = document(
            Kpis((Kpi("Spend", SPEND, context=say("kpi", "{saved} saved", SAVED)),)),
            Beside((Table("Teams", ("Team", "Saved"), rows),), (Ask("Ask", say("ask", "Pay {spend}", SPEND)),)),
        )
        assert list(found.figures) == ["spend", "saved"]
        assert list(found.sentences) == ["title", "kpi", "ask"]

    def test_one_id_cannot_mean_two_figures(self):
        other = Figure("spend", "$2.00K", "2000", "a month", Basis.BILL)
        with pytest.raises(InputError, match=r"'spend' is \$1.00K and \$2.00K"):
            document(Paragraph((SPEND, other)))

    def test_notes_count_as_text_of_the_page(self):
        found = document(Bullets("Risks", ("one",)), notes=(SAVED,))
        assert [read(text) for text in texts_of(found.pages[0])] == ["Answer", "", "one", "$250"]
        assert list(found.figures) == ["saved"]
