"""Plans side by side: what a column is called, which of two saves more, what half the money brings."""

from __future__ import annotations

import pytest

from costlib.briefs.plan_figures import PlanFigures
from costlib.briefs.words import side_by_side as words
from tests.briefs.cases import initiative, scorer_case, scorer_figures, scorer_plan


def figures(saving: float = 0.4, cost: float = 0.0) -> PlanFigures:
    return scorer_figures(scorer_case(scorer_plan(initiative("a", "training", saving, one_off_cost=cost))))


def test_one_plan_stands_between_half_and_all_the_money() -> None:
    """60 of 150 for six months at 100 once: 260 net. With 50, which buys none of it, nothing is saved."""
    found = {"This plan": figures(cost=100.0)}
    header, rows = words.compare_rows(found)
    assert header == ["", "At most half the money", "This plan", "No limits"]
    assert next(row[1:] for row in rows if row[0] == "Saved, net of cost") == ["$0", "$260", "$260"]
    assert words.compare_finding(found) == (
        "The plan saves $260 net of cost; with at most half the money $0, without limits $260"
    )


def test_a_plan_without_one_off_money_has_no_half() -> None:
    """Of 60 and 10 a month only the 10 of the containment phase stay."""
    free = (initiative("a", "training", 0.4), initiative("b", "idle", 0.2, phase="containment"))
    found = {"This plan": scorer_figures(scorer_case(scorer_plan(*free)))}
    assert words.compare_rows(found)[0] == ["", "Containment alone", "This plan", "No limits"]
    assert words.compare_finding(found) == (
        "The plan saves $420 net of cost; with containment alone $60.00, without limits $420"
    )


def test_the_better_of_two_is_named_whichever_stands_first() -> None:
    """60 a month against 30: 360 and 180."""
    one, other = figures(0.4), figures(0.2)
    for found in ({"One": one, "Other": other}, {"Other": other, "One": one}):
        assert words.compare_finding(found) == "One saves $180 more net of cost"


def test_rows_are_called_as_on_the_plan_s_own_page() -> None:
    """60 of 150 a month: 360 in six months, 720 a year, at 100 once; the other saves half of it and costs nothing."""
    _, rows = words.compare_rows({"One": figures(cost=100.0), "Other": figures(0.2)})
    shown = {row[0]: row[1:] for row in rows}
    assert list(shown) == [
        "Initiatives", "Person-weeks", "One-off cost", "Saved, before costs", "Saved, net of cost",
        "Saved a year at the end", "NPV", "Chance of the target",
    ]  # fmt: skip
    assert shown["Initiatives"] == ["1", "1"]
    assert shown["Saved, before costs"] == ["$360", "$180"]
    assert shown["Saved, net of cost"] == ["$260", "$180"]
    assert shown["Saved a year at the end"] == ["$720", "$360"]


@pytest.mark.parametrize(
    ("cost", "said"), [(0.99, "save the same"), (1.0, "Other saves $1.00 more"), (0.0, "save the same")]
)
def test_a_dollar_apart_is_apart(cost: float, said: str) -> None:
    assert said in words.compare_finding({"One": figures(cost=cost), "Other": figures()})


def test_two_that_save_the_same_are_not_ranked() -> None:
    found = {"One": figures(), "Copy": figures()}
    assert words.compare_finding(found) == "One and Copy save the same net of cost"


def test_two_plans_have_a_column_each() -> None:
    header, rows = words.compare_rows({"One": figures(cost=100.0), "Other": figures()})
    assert header == ["", "One", "Other"]
    assert {len(row) for row in rows} == {3}
    assert next(row[1:] for row in rows if row[0] == "One-off cost") == ["$100", "$0"]
