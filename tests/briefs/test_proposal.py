"""The platform proposal: classes that add up, a policy for each, a calendar that misses no quarter."""

import numpy as np
import pytest

from costlib.briefs.proposal import (
    POLICIES,
    calendar,
    class_table,
    classes_title,
    controls_title,
    platform_proposal,
    policy_table,
    workloads,
)
from costlib.documents.model import read
from costlib.roadmap.case import PARTS
from tests.briefs.cases import MONTHLY, SEGMENTS, scorer_figures

FLAT = np.repeat(np.array(MONTHLY)[:, None], 6, axis=1)


@pytest.fixture(scope="module")
def classes():
    return workloads(SEGMENTS, FLAT)


@pytest.fixture(scope="module")
def made(classes):
    return platform_proposal(scorer_figures(), classes)


class TestClasses:
    def test_they_add_up_and_the_unknown_comes_last(self, classes):
        assert [(one.stage, one.whole) for one in classes] == [
            ("real-time inference", 4800),
            ("training", 900),
            ("idle", 300),
            ("", 30000),
        ]

    def test_each_has_a_policy(self, classes):
        rows = policy_table(classes).rows
        assert rows[1] == ("Training, can restart", "spot with checkpoints", "a budget for each run")
        assert rows[-1][0] == "Everything else"

    def test_the_stages_of_a_split_bill_all_have_one(self):
        assert {stage for stages in PARTS.values() for stage in stages} <= POLICIES.keys()

    def test_the_table_shows_first_last_and_whole(self, made, classes):
        found = scorer_figures()
        platform_proposal(found, classes)
        assert [read(cell) for cell in class_table(found, classes).rows[0]] == [
            "Always on, for users",
            "$800",
            "$800",
            "$4.80K",
        ]

    def test_nothing_spent_is_said(self):
        assert workloads([], np.zeros((0, 6))) == ()
        assert classes_title(scorer_figures(), ()).text == "No class of workload has a spend yet"


class TestPages:
    def test_what_the_controls_save(self):
        said = "The controls save $1.23K over 6 months, $580 net of cost"
        assert controls_title(scorer_figures()).text == said

    def test_every_quarter_is_reviewed_and_quarters_add_up(self, made):
        rows = calendar(scorer_figures()).rows
        assert [read(row[0]) for row in rows] == ["Apr 2027", "Jul 2027"]
        spent = sum(float(row[-1].exact) for row in rows)
        assert spent == pytest.approx(6000 - 1230)

    def test_nothing_that_begins_is_missed(self):
        rows = calendar(scorer_figures()).rows
        assert read(rows[0][1]) == "Switch the idle copy off; Serve a smaller scorer"
        assert read(rows[1][1]) == "Train on spot"

    def test_it_ends_with_the_ask(self, made):
        assert made.pages[-1].id == "ask"
        assert len({read(page.title) for page in made.pages}) == len(made.pages)
