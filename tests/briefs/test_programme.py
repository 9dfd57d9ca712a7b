"""The programme brief: three tracks that add up, a cause that is not blamed on the wrong team, claims that hold."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from costlib.briefs.cluster import (
    Agreed,
    cluster_agreement,
    cluster_chart,
    cluster_title,
    cluster_words,
    put_cluster,
)
from costlib.briefs.figure_book import FigureBook
from costlib.briefs.one_pager import one_pager
from costlib.briefs.programme import objectives, path_title, programme_brief, put_tracks, risks_title, tracks_title
from costlib.charts.spec import Roadmap
from costlib.documents.model import Sentence, Shape, Table, flat, read, texts_of
from tests.briefs.bill_cases import SETTING, bill, cluster, share
from tests.briefs.cases import initiative, scorer_case, scorer_figures, scorer_plan

SHIPPED = (
    initiative("off", "idle", 0.5, title="Switch the idle copy off", track="process"),
    initiative("small", "real-time inference", 0.25, title="Serve a smaller scorer", effort={"ml_engineer": 6}),
)


def tracked(*initiatives, **header):
    return scorer_figures(scorer_case(scorer_plan(*(initiatives or SHIPPED), **header)))


@pytest.fixture(scope="module")
def made():
    return programme_brief(tracked(), bill(), cluster())


class TestTracks:
    def test_tracks_add_up_to_the_whole(self, made):
        figures = made.figures
        yearly = sum(Decimal(figures[f"track.{track}.yearly"].exact) for track in ("technical", "process", "culture"))
        assert yearly == Decimal(figures["tracks.yearly"].exact) == 12 * (200 + 25)

    def test_the_largest_is_the_claim(self):
        found = tracked()
        put_tracks(found)
        assert tracks_title(found).text == "The technical track brings most: $2.40K of $2.70K a year"

    def test_a_missing_track_is_named(self, made):
        said = [read(text) for text in texts_of(made.pages[0])]
        assert "Culture: nothing is planned; a plan without it rarely lasts." in said
        assert "Process: one initiative, $300 a year; first of all: Switch the idle copy off." in said

    def test_the_time_line_is_by_track(self, made):
        chart = made.exhibits["roadmap"]
        assert isinstance(chart, Roadmap)
        assert chart.track_name == "Track"
        assert set(chart.tracks) == {"Process", "Technical"}


class TestAgreement:
    def test_it_stands_in_the_brief_with_who_signed(self):
        leads = (("Search", "Head of Search"), ("Recs", "Head of Recs"))
        agreed = Agreed("hours reserved", "shared by quota", "used GPU hours", date(2026, 11, 1), leads)
        found = cluster_agreement(FigureBook("USD"), replace(cluster(), agreed=agreed))
        assert [read(point) for point in found.points] == [
            "From 1 Nov 2026 the pool is split by hours reserved.",
            "Idle capacity: shared by quota.",
            "Both watch: used GPU hours.",
            "Signed by Head of Search (Search) and Head of Recs (Recs).",
        ]

    def test_none_is_said_to_be_missing(self, made):
        said = [read(text) for page in made.pages for text in texts_of(page)]
        assert "None is signed yet: the Disputes page holds the figures for one." in said


class TestCause:
    def title(self, found):
        book = FigureBook("USD")
        put_cluster(book, found)
        return cluster_title(book, found).text

    @pytest.mark.parametrize(
        ("found", "title"),
        [
            (cluster(), "Search is the largest user of gpu: $300 of $600"),
            (cluster(share("Search", 400), share("Recs", 200)), "Search causes most of gpu: $400 of $700"),
            (cluster(share("Search", 100), idle=300), "75% of gpu is capacity that nobody reserved: $300"),
        ],
    )
    def test_most_is_only_said_of_more_than_half(self, found, title):
        assert self.title(found) == title

    def test_spikes_are_put_to_who_caused_them_not_to_the_largest(self):
        book, found = FigureBook("USD"), cluster()
        put_cluster(book, found)
        said = [read(text) for text in cluster_words(book, found).text]
        assert said[0] == "On 6 of 8 days with a spike Recs added most to the peak."

    def test_bars_add_up_to_the_pool(self):
        chart = cluster_chart(cluster(), SETTING)
        assert sum(bar.amount for bar in chart.bars) == 600
        assert "Nobody (idle)" in [bar.name for bar in chart.bars]

    def test_without_a_pool_it_is_spend_by_team(self):
        brief = programme_brief(tracked(), bill(), None)
        (cause,) = [page for page in brief.pages if page.id == "cause"]
        assert read(cause.title).startswith("Fraud is the largest part of")

    def test_without_bills_the_page_is_left_out(self):
        assert "cause" not in [page.id for page in programme_brief(tracked(), None, None).pages]


class TestClaims:
    @pytest.mark.parametrize(
        ("reduction", "ending"),
        [
            (0.2, "the chance of meeting the target of $800 is 100%"),
            (0.3, "the chance of meeting the target of $700 is 0%"),
        ],
    )
    def test_the_path_says_whether_the_target_is_met(self, reduction, ending):
        # 1,000 less 200 and 25 is 775.
        said = path_title(tracked(reduction=reduction)).text
        assert said == f"Apr 2027 costs $775 with the plan and $1.00K without it; {ending}"

    def test_a_target_of_another_scope_is_not_held_against_the_whole(self):
        target = {"reduction": 0.2, "by": "2027-04", "scope": {"x_Stage": ["training"]}}
        assert "target" not in path_title(tracked(target=target)).text

    def test_no_guardrail_is_itself_the_claim(self):
        assert risks_title(tracked()).text == "No initiative has a guardrail: agree on them before the start"
        guarded = scorer_figures()
        assert risks_title(guarded).text == "1 of 3 initiatives is taken back if quality falls short"

    def test_key_results_say_money_date_and_floor(self):
        rows = objectives(scorer_figures()).rows
        results = {read(row[1]) for row in rows}
        assert "Serve a smaller scorer: $2.40K a year by Mar 2027, precision at 91% or above" in results
        assert all(isinstance(row[1], Sentence) for row in rows)


def test_it_agrees_with_the_one_pager(made):
    other = one_pager(tracked()).figures
    shared = made.figures.keys() & other.keys()
    assert {"with", "without", "recommended.net"} <= shared
    assert all(made.figures[id] == other[id] for id in shared)


def test_numbers_of_every_table_are_figures(made):
    tables = [block for page in made.pages for block in flat(page.blocks) if isinstance(block, Table)]
    cells = [cell for table in tables for row in table.rows for cell in row if isinstance(cell, str)]
    assert not [cell for cell in cells if any(letter in cell for letter in "$%")]


def test_it_can_be_printed():
    assert programme_brief(tracked(), None, None, Shape.A4).shape is Shape.A4
