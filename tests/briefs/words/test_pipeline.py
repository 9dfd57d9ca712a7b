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
        (D(0), D(0), Parts(), ""),
    ],
)
def test_what_moved_it(before: D, after: D, parts: Parts, words: str) -> None:
    assert finding(change=(before, after, parts, "in Aug")).endswith(f"($2.00K){words}")


@pytest.mark.parametrize(
    "meter", [Meter("x", D(5), None, "Hrs"), Meter("x", D(5), D(0), "Hrs"), Meter("x", D(5), D(-1), None)]
)
def test_without_a_quantity_only_the_cost_is_said(meter: Meter) -> None:
    assert meter.rate is None or meter.quantity
    assert "$5.00" in meter_words(meter, "USD")


def test_small_quantities_keep_a_tenth() -> None:
    assert meter_words(Meter("x", D(5), D("2.5"), "Hrs"), "USD") == "2.5 hours of x at $2.00 ($5.00)"
    assert (unit_words("GB-Mo"), unit_words("Tokens"), unit_words("")) == ("GB-months", "Tokens", "units")
