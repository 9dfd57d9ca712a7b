"""What less and more would bring: the money that is truly spent, and the worth by which options are chosen."""

from __future__ import annotations

import pytest

from costlib.briefs.one_pager import ask, options, options_title
from costlib.documents.model import read
from tests.briefs.cases import initiative, scorer_case, scorer_figures, scorer_plan


def asked_less(found):
    return read(ask(found).support[-1])


def test_each_option_is_shown_with_the_worth_that_chose_it():
    found = scorer_figures()
    table = options(found)
    assert table.header == ("Decision", "One-off", "Saves, net", "NPV", "Chance of target")
    case = found.case
    for row, option in zip(table.rows, (case.minimum, case.recommended, case.ambitious), strict=True):
        assert float(row[3].exact) == pytest.approx(option.figures.npv, abs=0.01)


def test_less_is_told_by_what_it_spends_not_by_half():
    """Of 1,000 asked for, half would be 500; the cheap lever alone spends 100."""
    cheap = initiative("cheap", "idle", 0.9, one_off_cost=100.0)
    dear = initiative("dear", "real-time inference", 0.2, one_off_cost=900.0)
    found = scorer_figures(scorer_case(scorer_plan(cheap, dear)))
    # 45 a month for six less 100 is 170; 160 a month for six less 900 is 60.
    assert asked_less(found) == "$100 where it pays most would save $170 instead of $230."
    assert options_title(found).text == "$1.00K saves $230 net; $100 where it pays most, $170"


def test_a_plan_that_less_would_beat_says_so():
    cheap = initiative("cheap", "idle", 0.9, one_off_cost=100.0)
    dear = initiative("dear", "training", 0.1, one_off_cost=900.0)
    found = scorer_figures(scorer_case(scorer_plan(cheap, dear)))
    # 15 a month for six is 90 for 900.
    assert asked_less(found) == "$100 where it pays most would save $170."
    assert options_title(found).text == "The plan as it stands saves −$640 net; $100 where it pays most, $170"


def test_where_nothing_can_be_had_for_half_the_money_none_is_spent():
    found = scorer_figures(scorer_case(scorer_plan(initiative("one", "idle", 0.9, one_off_cost=100.0))))
    assert asked_less(found) == "Without one-off money it would save $0 instead of $170."
