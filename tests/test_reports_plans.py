"""Documents of plans that hold nothing yet, or more than fits: refused in plain words, or set with what is left out."""

from __future__ import annotations

import pytest

from costlib.errors import InputError
from costlib.reports import ENDINGS, KINDS, chart_file, document, figures, order, written
from costlib.roadmap.plan_model import Initiative, Plan
from costlib.state.plans import PlanStore
from tests.small_company import company, plan

OF_PLANS = [name for name, kind in KINDS.items() if kind.story]
TITLE = "Move everything that nobody has looked at since the last migration to cheaper machines in region"


def crowded(count: int) -> Plan:
    """A plan of many initiatives, each with all that a document tells of, in long words."""
    head = plan()
    many = [
        Initiative(
            id=f"i{at}",
            title=f"{TITLE} {at}",
            owner=f"Vice President of Platform Engineering, region {at % 9}",
            scope={"x_Model": ["ranker"]},
            saving={"low": 0.001 * at, "likely": 0.002 * at, "high": 0.003 * at},
            bucket=("run", "grow", "transform")[at % 3],
            phase=("containment", "optimisation", "governance")[at % 3],
            track=("technical", "process", "culture")[at % 3],
            one_off_cost=10.0,
            effort={"engineer": 1.0},
            objective=f"Spend less on machines in region {at % 4}",
            fallback="put the instances back in steps of two, in the night",
            guardrail={"metric": "requests within 80 ms", "floor": 0.9, "failure_probability": 0.1, "detect_months": 2},
        )
        for at in range(count)
    ]
    return head.model_copy(update={"initiatives": tuple(many)})


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    space = company(tmp_path_factory.mktemp("plans"))
    store = PlanStore(space.state())
    store.create("bare", plan().model_copy(update={"initiatives": ()}), who="tests")
    store.create("crowded", crowded(30), who="tests")
    return space


@pytest.mark.parametrize("kind", OF_PLANS)
def test_a_plan_without_initiatives_is_refused_with_what_to_do(workspace, kind):
    with pytest.raises(InputError, match=r"Ads holds no initiative yet\. Add one on the Roadmap\."):
        document(workspace, order(kind, "bare"))


def test_its_charts_are_refused_in_the_same_words(workspace):
    with pytest.raises(InputError, match="Ads holds no initiative yet"):
        chart_file(workspace, "savings", "svg", story="bare")


@pytest.mark.parametrize("kind", OF_PLANS)
def test_a_plan_of_thirty_initiatives_with_long_titles_fits_its_pages(workspace, kind):
    made = document(workspace, order(kind, "crowded"))
    for ending in ENDINGS:
        assert written(made, ending)


def test_what_a_table_leaves_out_is_counted_and_its_money_summed(workspace):
    pages = {page.id: page for page in document(workspace, order("deck", "crowded")).pages}
    (cases,) = pages["cases"].blocks
    shown, rest = cases.rows[:-1], cases.rows[-1]
    assert rest[0] == "19 more" and len(shown) == 11
    whole = figures(workspace, "crowded").case.recommended.figures.npv
    assert sum(float(row[3].exact) for row in (*shown, rest)) == pytest.approx(whole, abs=0.5)
    (ranges,) = pages["technical"].blocks
    assert ranges.rows[-1][0] == "17 more, in the plan file"


def test_a_range_without_a_basis_has_nobody_who_stands_for_it(workspace):
    (page,) = [one for one in document(workspace, order("deck", "crowded")).pages if one.id == "technical"]
    assert page.title.text == "Technical assumptions: of 30 ranges 30 have no stated basis yet"


def test_every_page_of_the_brief_says_how_many_it_leaves_out(workspace):
    pages = {page.id: page for page in document(workspace, order("brief", "crowded")).pages}
    assert pages["tracks"].blocks[1].rows[-1][1] == "23 smaller ones"
    assert pages["objectives"].blocks[0].rows[-1][0] == "23 more key results"
    assert pages["risks"].blocks[1].rows[-1][0] == "23 more with a guardrail"
    assert pages["decisions"].blocks[1].points[-1] == "2 more owners, each with their own."
