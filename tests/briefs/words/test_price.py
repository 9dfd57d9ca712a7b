"""What the same tokens would cost elsewhere, in words, rows and bars."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from costlib.analysis.units.model_prices import Elsewhere, ListPrice, Offer, TokenPrices, TokenUse
from costlib.briefs.words.price import (
    AS_BILLED,
    HEADER,
    elsewhere_chart,
    elsewhere_finding,
    elsewhere_rows,
    left_out_words,
)
from costlib.charts.spec import Caption

USE = TokenUse("bot", Decimal(10**6), Decimal(10**6), Decimal(0), Decimal(10**6), Decimal(20))


def one(name, amount, *, batch=None, cached_listed=True, long=False):
    offer = Offer("vendor", name.lower())
    prices = TokenPrices(Decimal(2), Decimal("0.2"), Decimal(2), Decimal(10))
    price = ListPrice(offer, date(2026, 11, 1), prices, None, cached_listed, long) if amount else None
    return Elsewhere(offer, name, "Vendor", price, amount and Decimal(amount), batch and Decimal(batch))


FOUND = [one("Small", "5", batch="2.5", cached_listed=False), one("Large", "40", long=True), one("Lost", None)]


def test_the_finding_names_both_ends():
    assert elsewhere_finding("bot", USE, FOUND, "in Sep 2026") == (
        "The tokens of bot cost $20.00 in Sep 2026; at list prices from $5.00 with Small to $40.00 with Large"
    )
    assert elsewhere_finding("bot", USE, FOUND[:1], "in Sep 2026").endswith("at list prices $5.00 with Small")


def test_without_a_price_or_a_cost_it_is_unknown():
    unknown = "What the tokens of bot would cost elsewhere is unknown"
    unbilled = TokenUse("bot", Decimal(1), Decimal(0), Decimal(0), Decimal(0), None)
    assert elsewhere_finding("bot", USE, FOUND[2:], "in Sep 2026") == unknown
    assert elsewhere_finding("bot", unbilled, FOUND, "in Sep 2026") == unknown


def test_rows_say_what_is_not_listed():
    rows = elsewhere_rows(USE, FOUND)
    assert rows[0] == ["Small", "Vendor", "$5.00", "−75%", "$2.50", "$2.00", "$0.200", "$10.00"]
    assert rows[1] == ["Large", "Vendor", "$40.00", "+100%", "not listed", "$2.00", "$0.200", "$10.00"]
    assert rows[2] == ["Lost", "Vendor", "unknown", "unknown", "not listed", "unknown", "unknown", "unknown"]
    assert {len(row) for row in rows} == {len(HEADER)}


def test_what_is_left_out_is_said():
    use = TokenUse("bot", Decimal(1), Decimal(1), Decimal(0), Decimal(1), Decimal(1), 2, Decimal(7))
    assert left_out_words(use, FOUND) == (
        "2 meters ($7.00) without known tokens are left out. No price is listed for Lost: unknown. No price of cached "
        "tokens is listed for Small: they are taken at the full input price. Long prompts cost more with Large."
    )
    assert left_out_words(USE, [one("Plain", "5")]) == ""


def test_the_chart_stands_the_bill_among_the_offers():
    chart = elsewhere_chart(USE, FOUND, Caption("Title", "Subtitle", "Source"))
    assert [(bar.name, bar.amount) for bar in chart.ranked] == [
        ("Large", 40),
        (AS_BILLED, 20),
        ("Small", 5),
        ("Lost", None),
    ]


def test_one_meter_is_one():
    use = TokenUse("bot", Decimal(1), Decimal(1), Decimal(0), Decimal(1), Decimal(1), 1, Decimal(7))
    assert left_out_words(use, [one("Plain", "5")]) == "One meter ($7.00) without known tokens is left out."


def test_a_price_of_cached_tokens_is_missed_only_where_some_were_cached():
    plain = TokenUse("bot", Decimal(1), Decimal(0), Decimal(0), Decimal(1), Decimal(1))
    assert left_out_words(plain, FOUND[:1]) == ""
