"""Who pays for whom: what is free, what is missing and for whom; what is not planned is never named."""

from __future__ import annotations

import pytest

from costlib.briefs.funding import funding_table, funding_title, funding_words, funding_years
from costlib.briefs.plan_figures import PlanFigures
from costlib.briefs.portfolio_pages import put_portfolio
from costlib.documents.model import read
from tests.briefs.cases import initiative, portfolio, scorer_case, scorer_figures, scorer_plan


def of(*initiatives: dict[str, object]) -> PlanFigures:
    found = scorer_figures(scorer_case(scorer_plan(*initiatives)))
    put_portfolio(found)
    return found


#: Frees 25 a month of the 50 that idle machines cost.
OFF = initiative("off", "idle", 0.5)


def test_what_run_frees_and_what_is_missing() -> None:
    """January: Run frees 225. February: 225 more, Grow takes 310 of the 450. Nothing is missing."""
    found = portfolio()
    assert sum(year.released for year in funding_years(found)) == 6 * 225
    assert funding_title(found).text == "What Run saves net, $1.35K, pays for all that Grow needs"


def test_a_gap_is_asked_for_by_those_who_miss_it() -> None:
    """In January 225 are there and 1,000 are needed."""
    found = portfolio(one_off_cost=1000.0, running_cost=0.0, start="2027-01")
    assert funding_title(found).text == "Run frees $1.35K net of its costs; $775 for Grow remains to be asked for"


@pytest.mark.parametrize(
    ("initiatives", "said"),
    [
        pytest.param([OFF], "Run frees $150 net of its costs; nothing is planned to grow or transform", id="run alone"),
        pytest.param(
            [initiative("a", "idle", 0.0)], "Run frees nothing; nothing is planned to grow or transform", id="nothing"
        ),
        pytest.param(
            [OFF | {"one_off_cost": 100.0}],
            "Run frees $50.00 net of its costs; $75.00 for Run remains to be asked for",
            id="run's own start",
        ),
        pytest.param(
            [initiative("app", "training", 0.0, bucket="grow", one_off_cost=300.0)],
            "Run frees nothing; $300 for Grow remains to be asked for",
            id="nothing but grow",
        ),
        pytest.param(
            [OFF, initiative("bet", "training", 0.0, bucket="transform", one_off_cost=90.0)],
            "Run frees $150 net of its costs; $90.00 for Transform remains to be asked for",
            id="transform is paid by grow alone",
        ),
        pytest.param(
            [
                OFF,
                initiative("app", "training", 0.0, bucket="grow", one_off_cost=100.0),
                initiative("bet", "training", 0.0, bucket="transform", one_off_cost=90.0),
            ],
            "Run frees $150 net of its costs; $165 for Grow and Transform remains to be asked for",
            id="both",
        ),
        pytest.param(
            [
                OFF,
                initiative("app", "training", 0.0, bucket="grow", one_off_cost=20.0),
                initiative("bet", "training", 0.0, bucket="transform"),
            ],
            "What Run saves net, $150, pays for all that Grow needs",
            id="transform needs nothing",
        ),
    ],
)
def test_only_what_is_planned_and_missing_is_named(initiatives: list[dict[str, object]], said: str) -> None:
    assert funding_title(of(*initiatives)).text == said


@pytest.mark.parametrize(
    ("initiatives", "said"),
    [
        pytest.param(
            [OFF | {"saving": 0.002}], "Run frees $0.60 net of its costs; nothing is planned to grow or transform",
            id="half a dollar freed",
        ),
        pytest.param(
            [OFF, initiative("app", "training", 0.0, bucket="grow", one_off_cost=0.5)],
            "What Run saves net, $150, pays for all that Grow needs", id="half a dollar wanted",
        ),
        pytest.param(
            [
                OFF | {"one_off_cost": 200.0},
                initiative("app", "training", 0.0, bucket="grow", one_off_cost=100.0),
                initiative("bet", "training", 0.0, bucket="transform", one_off_cost=90.0),
            ],
            "Run frees nothing; $365 for Run, Grow and Transform remains to be asked for", id="all three miss some",
        ),
    ],
)  # fmt: skip
def test_small_amounts_and_many_buckets_are_said_like_others(initiatives: list[dict[str, object]], said: str) -> None:
    """Run needs 200 in January and has 25; the 100 of Grow and the 90 of Transform have nothing to come from."""
    assert funding_title(of(*initiatives)).text == said


def test_a_row_a_fiscal_year_under_its_header() -> None:
    """From April on it is the next year: 25 a month of three months each; Grow takes 20 in January, from Run's 25."""
    app = initiative("app", "training", 0.0, bucket="grow", one_off_cost=20.0)
    found = scorer_figures(scorer_case(scorer_plan(OFF, app, fiscal_year_start=4)))
    put_portfolio(found)
    table = funding_table(found)
    rows = [dict(zip(table.header, map(read, row), strict=True)) for row in table.rows]
    assert [row["Fiscal year"] for row in rows] == ["FY27", "FY28"]
    assert [row["Run frees"] for row in rows] == ["$75.00", "$75.00"]
    assert [row["Grow takes of it"] for row in rows] == ["$20.00", "$0"]
    assert [row["Grow brings"] for row in rows] == ["−$20.00", "$0"]  # net of its own cost
    assert {row[name] for row in rows for name in ("Transform takes of it", "To be asked for")} == {"$0"}
    assert table.numeric == (False, True, True, True, True, True)


def test_the_page_says_on_which_basis_its_amounts_are() -> None:
    found = portfolio()
    assert funding_table(found).label.endswith("amounts net of costs")
    assert "savings on other pages are before costs" in " ".join(map(read, funding_words().text))
