"""What the same tokens would cost elsewhere: the sample, one model, no offer, another currency, mixed-up units."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from costlib.briefs.words.price import AS_BILLED, CAVEAT, HEADER
from costlib.workspace import Workspace
from tests.builders import focus_row, write_csv
from tests.pages import screen
from tests.pages.conftest import Open

OwnStore = Callable[[str], str]
PART = "Other models"
HEADING = "What the same tokens would cost elsewhere"


def table(app):
    """Header and rows of the panel's table."""
    return next(rows for rows in screen.tables(app).values() if tuple(rows[0]) == HEADER)


def billed(store: str, model: str, cost: str, currency: str = "USD") -> str:
    """A store with a million output tokens of a model at a cost."""
    row = focus_row(
        ServiceName="Model API",
        SkuMeter="Output tokens",
        ConsumedQuantity="1000000",
        ConsumedUnit="Tokens",
        BilledCost=cost,
        EffectiveCost=cost,
        BillingCurrency=currency,
        Tags=f'{{"model": "{model}"}}',
    )
    Workspace(Path(store)).load([write_csv(Path(store).parent / "tokens.csv", [row])])
    return store


def test_the_sample_has_every_offer_beside_its_bill(open_page: Open) -> None:
    app = open_page("unit_costs", show=PART)
    said = screen.everything(app)
    assert HEADING in said
    assert CAVEAT in said
    assert "list prices of" in said and "genai-prices" in said
    _, *rows = table(app)
    assert len(rows) == 11
    assert all("unknown" not in row for row in rows)
    assert rows[0][3].startswith("−")
    assert not app.exception and not app.error


def test_tokens_of_one_model_are_asked_for_in_the_address(open_page: Open) -> None:
    app = open_page("unit_costs", show=PART, **{"tokens-of": "support-assistant"})
    assert "The tokens of support-assistant cost" in screen.everything(app)


def test_without_an_offer_nothing_is_compared(open_page: Open) -> None:
    app = open_page("unit_costs", show=PART)
    app.multiselect(key="offers").set_value([]).run()
    assert not app.exception
    assert HEADING not in screen.everything(app)


def test_a_vendors_own_model_at_its_own_price(open_page: Open, tmp_path: Path) -> None:
    app = open_page("unit_costs", show=PART, store=billed(str(tmp_path / "store"), "claude-sonnet-4-5-20250929", "15"))
    said = screen.everything(app)
    assert "The tokens of claude-sonnet-4-5-20250929 cost $15.00 on 5 Sep 2026; at list prices from" in said
    assert not app.warning


def test_cents_taken_for_dollars_are_warned_of_over_every_part(open_page: Open, tmp_path: Path) -> None:
    store = billed(str(tmp_path / "store"), "claude-sonnet-4-5-20250929", "1500")
    for part in (PART, "Cost of a unit", "Idle"):
        (warning,) = (screen.plain(one.value) for one in open_page("unit_costs", store, show=part).warning)
        assert "claude-sonnet-4-5-20250929 was billed differs from its list price 100 times" in warning
        assert "cents and whole currency" in warning


def test_list_prices_are_in_dollars_and_not_set_against_euros(open_page: Open, tmp_path: Path) -> None:
    app = open_page("unit_costs", show=PART, store=billed(str(tmp_path / "store"), "bot", "15", "EUR"))
    said = screen.everything(app)
    assert "List prices of models are in US dollars" in said
    assert AS_BILLED not in said


def test_without_tokens_there_is_no_panel(open_page: Open, own_store: OwnStore) -> None:
    app = open_page("unit_costs", show=PART, store=own_store("grown_and_spiked"))
    assert not app.exception
    assert HEADING not in screen.everything(app)
