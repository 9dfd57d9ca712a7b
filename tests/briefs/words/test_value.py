"""Words, rows and charts of cost against value: whose it is, each basis named, unknown said."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from costlib.analysis.units.value import Worth
from costlib.briefs.words.value import (
    EACH_HEADER,
    HEADER,
    each_chart,
    each_finding,
    each_rows,
    worth_chart,
    worth_finding,
    worth_rows,
)
from costlib.charts.spec import Caption
from costlib.periods import Window

SEPTEMBER = Window(date(2026, 9, 1), date(2026, 10, 1))
CAPTION = Caption("Title", "Subtitle", "Source")


def worth(
    model: str | None,
    value: str | None,
    cost: str | None,
    by_use: str | None = None,
    *,
    outcome: str | None = "orders",
    count: str | None = "1000",
    team: str | None = None,
) -> Worth:
    amounts = (None if text is None else Decimal(text) for text in (count, value, cost, by_use or cost))
    return Worth(team, model, outcome, SEPTEMBER, *amounts)


ADS = worth("ads", "4000", "1000", "600")


def test_a_model_in_all() -> None:
    (row,) = worth_rows([ADS], "USD")
    assert dict(zip(HEADER, row, strict=True)) == {
        "Model": "ads",
        "Value": "$4.00K",
        "Cost": "$1.00K",
        "Margin": "$3.00K",
        "Cost of value": "25%",
        "Cost, usage basis": "$600",
        "Margin, usage basis": "$3.40K",
    }


def test_one_outcome_on_both_bases() -> None:
    (row,) = each_rows([ADS], "USD")
    assert dict(zip(EACH_HEADER, row, strict=True)) == {
        "Model": "ads",
        "Outcome": "orders",
        "Count": "1,000",
        "Value of one": "$4.00",
        "Cost of one": "$1.00",
        "Margin of one": "$3.00",
        "Cost of one, usage basis": "$0.600",
        "Margin of one, usage basis": "$3.40",
    }


def test_unknown_stays_unknown() -> None:
    (row,) = each_rows([worth("ads", "4000", None, count="1000")], "USD")
    assert row[2:] == ["1,000", "$4.00", *["unknown"] * 4]
    (row,) = each_rows([worth("ads", "4000", "1000", count=None)], "USD")
    assert row[2:] == ["unknown"] * 6
    (row,) = worth_rows([worth("ads", "4000", None)], "USD")
    assert row == ["ads", "$4.00K", *["unknown"] * 5]


def test_a_loss_is_negative() -> None:
    (row,) = each_rows([worth("ads", "400", "1000")], "USD")
    assert row[5] == "−$0.600"


def test_several_outcomes_of_a_model_count_its_value_once() -> None:
    both = [ADS, worth("ads", "4000", "1000", outcome="sign-ups", count="10")]
    assert (
        worth_finding(both, "USD", "in Sep 2026") == "Models worth $4.00K cost $1.00K in Sep 2026, 25% of their value"
    )
    assert len(worth_rows(both, "USD")) == 1
    assert [row[1] for row in each_rows(both, "USD")] == ["orders", "sign-ups"]
    chart = each_chart(both, CAPTION, "USD")
    assert chart is not None
    assert [(point.name, point.x, point.y) for point in chart.points] == [
        ("ads, orders", 1, 4),
        ("ads, sign-ups", 100, 400),
    ]


def test_the_sentence_is_about_models_where_any_is_named_and_about_teams_else() -> None:
    team, whole = worth(None, "90", "30", team="Shop"), worth(None, "900", "300")
    assert "worth $4.00K cost $1.00K" in worth_finding([whole, ADS, team], "USD", "in Sep 2026")
    assert "worth $90.00 cost $30.00" in worth_finding([whole, team], "USD", "in Sep 2026")
    assert "worth $900 cost $300" in worth_finding([whole], "USD", "in Sep 2026")
    assert [row[0] for row in worth_rows([whole, ADS, team], "USD")] == ["All spend shown", "ads", "Shop, no model"]


def test_the_outcome_that_earns_least_is_named() -> None:
    """Ads earn 4 for 1, the bot 1.50 for 1; the scorer loses: 0.5 for 1."""
    bot, scorer = worth("bot", "1500", "1000", outcome="tickets"), worth("scorer", "500", "1000", outcome="alerts")
    assert each_finding([ADS, bot], "USD", "in Sep 2026") == (
        "Each of 2 outcomes was worth more than it cost in Sep 2026; "
        "the thinnest margin is that of tickets of bot, worth $1.50 each for $1.00"
    )
    assert each_finding([ADS, bot, scorer], "USD", "in Sep 2026").startswith(
        "1 of 3 outcomes cost more than it was worth in Sep 2026; the thinnest margin is that of alerts of scorer"
    )


def test_without_a_known_outcome_nothing_is_set_against_another() -> None:
    unknown = [worth("ads", "4", None), worth("bot", None, "4"), worth("new", "4", "0")]
    assert each_finding(unknown, "USD", "in Sep 2026").endswith("cannot be set against its cost")


def test_charts_show_cost_and_value_of_one_and_of_all() -> None:
    one, all_ = each_chart([ADS], CAPTION, "USD"), worth_chart([ADS], CAPTION, "USD")
    assert one is not None
    assert all_ is not None
    assert [(point.name, point.x, point.y) for point in one.points] == [("ads", 1, 4)]
    assert [(point.x, point.y) for point in all_.points] == [(1000, 4000)]
    assert (one.x.name, one.y.name) == ("Cost", "Value")


def test_no_chart_without_a_point() -> None:
    assert each_chart([worth("ads", "4", "1", count=None)], CAPTION, "USD") is None
    assert worth_chart([worth("ads", "4", None)], CAPTION, "USD") is None
    assert each_rows([worth("ads", "4", "1", outcome=None, count=None)], "USD") == []


def test_how_many_outcomes_were_worth_their_cost() -> None:
    """Of 1,000 outcomes each: worth 4 for 1, worth 1 for 2, worth 3 for 3."""
    gain, loss, even = ADS, worth("rank", "1000", "2000"), worth("mail", "3000", "3000")
    thinnest = "{} in Sep 2026; the thinnest margin is that of orders of {}, worth {} each for {}"
    for found, said in (
        ([gain], ("The outcome was worth more than it cost", "ads", "$4.00", "$1.00")),
        ([even], ("The outcome was worth at least what it cost", "mail", "$3.00", "$3.00")),
        ([loss], ("The outcome cost more than it was worth", "rank", "$1.00", "$2.00")),
        ([gain, loss], ("1 of 2 outcomes cost more than it was worth", "rank", "$1.00", "$2.00")),
        (
            [gain, loss, worth("x", "900", "1000")],
            ("2 of 3 outcomes cost more than they were worth", "rank", "$1.00", "$2.00"),
        ),
        ([gain, even], ("Each of 2 outcomes was worth at least what it cost", "mail", "$3.00", "$3.00")),
    ):
        assert each_finding(found, "USD", "in Sep 2026") == thinnest.format(*said)


def test_a_credit_and_what_cost_nothing_have_no_margin() -> None:
    """A cost below zero or of nothing cannot be set against a value, nor a cost against no value."""
    assert each_finding([worth("a", "5", "-5"), worth("b", "5", "0"), worth("c", None, "5")], "USD", "in Sep 2026") == (
        "What one outcome was worth in Sep 2026 cannot be set against its cost"
    )
