"""Words of a pipeline's audit: a quantity times a rate is the cost it says, and unknown parts are left out of it."""

from __future__ import annotations

from decimal import Decimal as D

import pytest

from costlib.analysis.bridge import Parts
from costlib.briefs.words.pipeline import Meter, component_finding, meter_words, unit_words

GPU = Meter("p4d", D(2000), D(100), "Hrs")
BEGIN = "The most expensive component of ranker in Sep is training: "


def finding(**changes: object) -> str:
    given = {"amounts": (D(2000), D(4000)), "meter": GPU, "change": None, **changes}
    return component_finding("ranker", "training", "USD", given["amounts"], "in Sep", given["meter"], given["change"])  # type: ignore[arg-type]


def test_the_sentence() -> None:
    assert finding() == f"{BEGIN}$2.00K, 50% of it, driven by 100 hours of p4d at $20.00 ($2.00K)"
    assert finding(amounts=(D(2000), D(2000))) == f"{BEGIN}$2.00K, driven by 100 hours of p4d at $20.00 ($2.00K)"
    assert finding(meter=None) == f"{BEGIN}$2.00K, 50% of it"


@pytest.mark.parametrize(
    ("before", "after", "parts", "words"),
    [
        (D(1000), D(2000), Parts(volume=D(1500), rate=D(-500)), "; 100% more than in Aug, mostly volume (+$1.50K)"),
        (D(2000), D(1000), Parts(volume=D(500), rate=D(-1500)), "; 50% less than in Aug, mostly rates (−$1.50K)"),
        (D(1000), D(1010), Parts(rate=D(10)), "; about the same as in Aug"),
        (D(0), D(1000), Parts(new=D(1000)), "; it is new"),
        (D(0), D("0.5"), Parts(new=D("0.5")), "; it is new"),
        (D(0), D(0), Parts(), ""),
        (D(-100), D(1000), Parts(volume=D(1100)), ""),
        (D(1000), D("1020"), Parts(rate=D(20)), "; 2% more than in Aug, mostly rates (+$20.00)"),
        (D(1000), D("980"), Parts(volume=D(5), rate=D(-25)), "; 2% less than in Aug, mostly rates (−$25.00)"),
        (D(1000), D("980.01"), Parts(rate=D("-19.99")), "; about the same as in Aug"),
        (D(1000), D(2000), Parts(), "; 100% more than in Aug"),
        (
            D(1000),
            D(2000),
            Parts(volume=D(600), rate=D(900), mix=D(-500)),
            "; 100% more than in Aug, mostly rates (+$900)",
        ),
    ],
)
def test_what_moved_it(before: D, after: D, parts: Parts, words: str) -> None:
    assert finding(change=(before, after, parts, "in Aug")).endswith(f"($2.00K){words}")


def test_a_credit_that_became_a_charge_is_not_new() -> None:
    """A hundred dollars back in August and a thousand to pay in September: there is no share of less than nothing."""
    said = finding(change=(D(-100), D(1000), Parts(volume=D(1100)), "in Aug"))
    assert "new" not in said and "%" not in said.partition("50% of it")[2]


@pytest.mark.parametrize(
    ("amounts", "part"),
    [((D(2000), D(2001)), ", 100% of it"), ((D(2000), None), ""), ((D(2000), D(0)), ""), ((D(2000), D(-5)), "")],
)
def test_a_part_is_said_of_a_whole_that_is_larger_and_known(amounts, part) -> None:
    assert finding(amounts=amounts, meter=None) == f"{BEGIN}$2.00K{part}"


@pytest.mark.parametrize(
    ("meter", "said"),
    [
        (Meter("x", None, D(5), "GB"), "x (unknown)"),
        (Meter("x", D(5), None, "GB"), "x ($5.00)"),
        (Meter("x", D(500), D(100), "GB"), "100 GB of x at $5.00 ($500)"),
        (Meter("x", D(500), D("99.96"), "Hours"), "100.0 hours of x at $5.00 ($500)"),
        (Meter("x", D(500), D(1250), None), "1,250 units of x at $0.40 ($500)"),
    ],
)
def test_a_meter_as_far_as_it_is_known(meter: Meter, said: str) -> None:
    assert meter_words(meter, "USD") == said


@pytest.mark.parametrize(
    "meter", [Meter("x", D(5), None, "Hrs"), Meter("x", D(5), D(0), "Hrs"), Meter("x", D(5), D(-1), None)]
)
def test_without_a_quantity_only_the_cost_is_said(meter: Meter) -> None:
    assert meter.rate is None or meter.quantity
    assert "$5.00" in meter_words(meter, "USD")


def test_small_quantities_keep_a_tenth() -> None:
    assert meter_words(Meter("x", D(5), D("2.5"), "Hrs"), "USD") == "2.5 hours of x at $2.00 ($5.00)"
    assert (unit_words("GB-Mo"), unit_words("Tokens"), unit_words("")) == ("GB-months", "Tokens", "units")
