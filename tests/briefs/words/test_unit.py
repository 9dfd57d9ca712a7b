"""Words of unit costs and runs: the finding, what moved, and every alarm as a sentence."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from costlib.analysis.bridge import Measured
from costlib.analysis.units import Alarm, AlarmKind, UnitCost, moved
from costlib.analysis.units.measures import unit_of
from costlib.briefs.words.run import bill_rows, runs_finding
from costlib.briefs.words.unit import (
    Compared,
    alarm_words,
    moved_chart,
    moved_finding,
    same_work_words,
    twice_words,
    unit_finding,
    unit_price,
    unknown_words,
    value_finding,
)
from costlib.charts.spec import Caption

NOW, BEFORE = date(2026, 9, 1), date(2026, 8, 1)
UNIT = unit_of("requests")


def compared(name: str, now: str | None, before: str | None = None) -> Compared:
    """A model whose thousand requests cost that much."""

    def one(amount: str | None, period: date) -> UnitCost:
        cost = None if amount is None else Decimal(amount)
        return UnitCost(UNIT, period, "T", name, cost, cost, Decimal(1000))

    return Compared(name, one(now, NOW), one(before, BEFORE) if before else None)


NOTHING = "No cost of 1,000 inferences is on the bill in Sep 2026 under these choices"


def finding(*found: Compared) -> str:
    return unit_finding("1,000 inferences", found, "USD", "in Sep 2026", "in Aug 2026")


@pytest.mark.parametrize(
    ("found", "words"),
    [
        ([compared("a", "2", "2.5")], "1,000 inferences of a cost $2.00 in Sep 2026, 20% less than in Aug 2026"),
        (
            [compared("a", "2", "2"), compared("b", "0.5", "0.4")],
            "1,000 inferences of a cost $2.00 in Sep 2026, the most of 2 models; b rose most, by 25%",
        ),
        (
            [compared("a", "2", "2"), compared("b", "0.5", "0.5")],
            "1,000 inferences of a cost $2.00 in Sep 2026, the most of 2 models; "
            "none cost much more or less than in Aug 2026",
        ),
        ([compared("a", "0"), compared("b", "0", "3")], NOTHING),
        ([compared("a", "0"), compared("b", None)], NOTHING),
        ([compared("a", "2.5", "2")], "1,000 inferences of a cost $2.50 in Sep 2026, 25% more than in Aug 2026"),
        (
            [compared("a", "2", "2"), compared("b", "0.3", "0.4")],
            "1,000 inferences of a cost $2.00 in Sep 2026, the most of 2 models; b fell most, by 25%",
        ),
        (
            [compared("a", "2.2", "2"), compared("b", "0.3", "0.4"), compared("c", "0.2", "0.1")],
            "1,000 inferences of a cost $2.20 in Sep 2026, the most of 3 models; c rose most, by 100%",
        ),
        (
            [compared("a", "2", "2"), compared("b", "0.5")],
            "1,000 inferences of a cost $2.00 in Sep 2026, the most of 2 models; "
            "none cost much more or less than in Aug 2026",
        ),
        (
            [compared("a", "2", "2")],
            "1,000 inferences of a cost $2.00 in Sep 2026, about the same as in Aug 2026",
        ),
        ([compared("a", "2")], "1,000 inferences of a cost $2.00 in Sep 2026"),
        ([compared("a", None)], "What 1,000 inferences cost in Sep 2026 is unknown: a line item has no known cost"),
        ([], "What 1,000 inferences cost in Sep 2026 is unknown: no count goes with the cost"),
    ],
)
def test_the_dearest_and_the_mover(found: list[Compared], words: str) -> None:
    assert finding(*found) == words


def test_what_moved_names_the_longest_parts_first_and_the_chart_adds_up() -> None:
    before = [Measured("gpu", "Hrs", Decimal(200), Decimal(100))]
    after = [Measured("gpu", "Hrs", Decimal("333.335"), Decimal(110))]
    way = moved(UNIT, before, after, Decimal(1000), Decimal(1000))
    assert way is not None
    words = moved_finding(way, "a", "USD", "in Aug 2026", "in Sep 2026")
    assert words == (
        "1,000 inferences of a cost $133 more in Sep 2026 than in Aug 2026: price +$113, utilisation +$20.00"
    )
    chart = moved_chart(way, Caption(words, "", ""), "USD", ("Aug 2026", "Sep 2026"))
    assert [step.name for step in chart.steps] == ["Volume", "Utilisation", "Price"]
    assert sum(step.amount for step in chart.steps) == chart.change
    assert chart.start.amount + chart.change == chart.end.amount


def test_nothing_moved() -> None:
    same = [Measured("gpu", "Hrs", Decimal(200), Decimal(100))]
    way = moved(UNIT, same, same, Decimal(1000), Decimal(1000))
    assert way is not None
    words = moved_finding(way, "a", "USD", "in Aug 2026", "in Sep 2026")
    assert words == "1,000 inferences of a cost about the same in Sep 2026 as in Aug 2026"
    assert [step.name for step in moved_chart(way, Caption(words, "", ""), "USD", ("a", "b")).steps] == [
        "Volume",
        "Utilisation",
        "Price",
    ]


@pytest.mark.parametrize(
    ("alarm", "words"),
    [
        (
            Alarm(AlarmKind.UNKNOWN_UNIT, "orders", "shop", NOW, ("furlongs",)),
            'Orders of shop are counted in "furlongs" since 1 Sep 2026, which is no unit of theirs: they are left out.',
        ),
        (
            Alarm(AlarmKind.CHANGED_UNIT, "input tokens", "bot", NOW, ("tokens", "1K tokens"), Decimal(1000)),
            "Input tokens of bot changed from tokens to 1K tokens on 1 Sep 2026. They were brought to one unit; "
            "check the source.",
        ),
        (
            Alarm(AlarmKind.CHANGED_SKU_UNIT, "Input tokens", "bot", NOW, ("Tokens", "1K tokens")),
            "The bill counts Input tokens of bot in 1K tokens instead of Tokens since 1 Sep 2026. "
            "Check that its price changed with it.",
        ),
        (
            Alarm(AlarmKind.JUMP, "1,000 inferences", "bot", NOW, factor=Decimal(100)),
            "1,000 inferences of bot: the cost changed about 100 times, as if cents and whole currency, or per cent "
            "and shares were mixed up, on 1 Sep 2026. That is most likely no change of cost.",
        ),
        (
            Alarm(AlarmKind.CACHED, "input tokens", "bot", NOW),
            "The input tokens counted of bot hold the cached ones too, which the bill counts apart: counted twice.",
        ),
        (
            Alarm(AlarmKind.SHARES, "gpu utilisation", None, NOW),
            "Gpu utilisation is a share on some days and per cent on others (from 1 Sep 2026): it is not used.",
        ),
    ],
)
def test_every_alarm_is_a_sentence(alarm: Alarm, words: str) -> None:
    assert alarm_words(alarm) == words


def test_every_kind_of_alarm_has_words() -> None:
    assert all(alarm_words(Alarm(kind, "x", None, NOW, ("a", "b"))) for kind in AlarmKind)


def test_models_without_a_count_are_named_and_the_rest_counted() -> None:
    assert unknown_words([], "training run") == ""
    assert "a, b, c, d and 2 more: they cost something" in unknown_words(list("abcdef"), "training run")


def test_value_that_is_not_worth_its_cost() -> None:
    assert value_finding([("a", None, None)], "USD", "in Sep 2026").endswith("cannot be set against their cost")
    two = [("a", Decimal(5), Decimal(1)), ("b", Decimal(5), Decimal(2)), ("c", Decimal(1), Decimal(9))]
    assert value_finding(two, "USD", "in Sep 2026").endswith("a and b cost more than they were worth")


def test_runs_of_unknown_cost_and_a_bill_that_adds_up() -> None:
    assert runs_finding(None, Decimal(0), Decimal(0), "USD", "in Sep 2026").startswith("What runs cost")
    rows = bill_rows(Decimal(3), {"training": Decimal(2), "idle": Decimal(4)}, Decimal(9), "USD")
    assert [name for name, _ in rows] == [
        "These runs",
        "Idle",
        "Training outside of these runs",
        "All resources with a model",
    ]


@pytest.mark.parametrize(
    ("now", "said"),
    [
        ("150", "cost $50.00 less in Sep 2026 than in Aug 2026: price −$50.00"),
        ("204", "cost $4.00 more in Sep 2026 than in Aug 2026: price +$4.00"),
        ("203", "cost about the same in Sep 2026 as in Aug 2026: price +$3.00"),
    ],
)
def test_which_way_the_cost_of_one_unit_went(now: str, said: str) -> None:
    """200 for 100 hours and 1,000 requests before; as many hours and requests now, at another price."""
    before = [Measured("gpu", "Hrs", Decimal(200), Decimal(100))]
    way = moved(UNIT, before, [Measured("gpu", "Hrs", Decimal(now), Decimal(100))], Decimal(1000), Decimal(1000))
    assert way is not None
    assert moved_finding(way, "a", "USD", "in Aug 2026", "in Sep 2026") == f"1,000 inferences of a {said}"


def test_what_was_free_before_costs_more() -> None:
    free = [Measured("gpu", "Hrs", Decimal(0), Decimal(100))]
    way = moved(UNIT, free, [Measured("gpu", "Hrs", Decimal(5), Decimal(100))], Decimal(1000), Decimal(1000))
    assert way is not None
    said = moved_finding(way, "a", "USD", "in Aug 2026", "in Sep 2026")
    assert said == "1,000 inferences of a cost $5.00 more in Sep 2026 than in Aug 2026: price +$5.00"


@pytest.mark.parametrize(
    ("amount", "said"),
    [
        ("0", "$0"),
        ("1", "$1.00"),
        ("-1", "−$1.00"),
        ("-0.14664", "−$0.147"),
        ("-0.9996", "−$1.00"),
        ("1234.5", "$1.23K"),
    ],
)
def test_prices_at_the_edges(amount: str, said: str) -> None:
    assert unit_price(Decimal(amount), "USD") == said


@pytest.mark.parametrize(
    ("unit", "said"),
    [("training run", "a training run"), ("image", "an image"), ("order", "an order"), ("1,000 calls", "1,000 calls")],
)
def test_a_unit_has_its_article(unit: str, said: str) -> None:
    assert unknown_words(["bot"], unit) == (
        f"No cost of {said} can be told for bot: it cost something, and nothing was counted."
    )
    assert unit_finding(unit, [], "USD", "in Sep 2026", "in Aug 2026") == (
        f"What {said} cost in Sep 2026 is unknown: no count goes with the cost"
    )


@pytest.mark.parametrize(
    ("lacks", "why"),
    [
        ([{"volume": None}], "no count goes with the cost"),
        ([{"cost": None, "is_named": False}], "no line item of such work carries the names that were counted"),
        ([{"volume": None}, {"cost": None, "volume": None, "is_billed": False}], "a bill of it is missing"),
    ],
)
def test_why_nothing_is_known_a_bill_that_is_missing_first(lacks: list[dict[str, None]], why: str) -> None:
    found = [Compared("a", replace(compared("a", "2").now, **one), None) for one in lacks]  # type: ignore[arg-type]
    assert finding(*found) == f"What 1,000 inferences cost in Sep 2026 is unknown: {why}"


def test_who_has_no_count_is_named_up_to_four() -> None:
    four = "No cost of a training run can be told for a, b, c and d: they cost something, and nothing was counted."
    assert unknown_words(list("abcd"), "training run") == four
    assert "for a, b, c, d and 1 more: they" in unknown_words(list("abcde"), "training run")


def test_every_model_that_was_not_worth_its_cost_is_counted() -> None:
    rows = [(name, Decimal(5), Decimal(1)) for name in "abcd"]
    said = "Models worth ${} cost ${} in Sep 2026, 500% of their value; {} cost more than {} worth"
    for count, worth, cost, who in (
        (1, "1.00", "5.00", "a"),
        (2, "2.00", "10.00", "a and b"),
        (3, "3.00", "15.00", "a, b and 1 more"),
        (4, "4.00", "20.00", "a, b and 2 more"),
    ):
        were = "it was" if count == 1 else "they were"
        assert value_finding(rows[:count], "USD", "in Sep 2026") == said.format(worth, cost, who, were)


def test_what_is_worth_just_its_cost_loses_nothing() -> None:
    assert value_finding([("a", Decimal(5), Decimal(5)), ("b", None, Decimal(3))], "USD", "in Sep 2026") == (
        "Models worth $5.00 cost $5.00 in Sep 2026, 100% of their value"
    )


@pytest.mark.parametrize(("apart", "said"), [("0.0949", "differ by 9%"), ("0", "are equal")])
def test_two_names_that_may_be_one_are_told_with_how_far_they_are_apart(apart: str, said: str) -> None:
    words = same_work_words("gpt", ("predictions", "requests"), ("own", "vendor"), Decimal(apart))
    assert words.startswith(f"own counts predictions of gpt and vendor requests, and they {said}: they may be ")


@pytest.mark.parametrize(("model", "whose"), [(None, "orders"), ("bot", "orders of bot")])
@pytest.mark.parametrize(
    ("apart", "end"),
    [
        (False, "they count twice until one is left out."),
        (True, "one names a team, the other none, and the same cost stands over both. Leave one out."),
    ],
)
def test_both_sources_of_one_count_are_named(model: str | None, whose: str, apart: bool, end: str) -> None:
    said = f"Two sources count {whose} on the same days, app and web: {end}"
    assert twice_words("orders", model, ("app", "web"), teams_apart=apart) == said
