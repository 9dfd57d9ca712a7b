"""Words of runs: storage, managed spot and the check are only said where there is something to say."""

from __future__ import annotations

from decimal import Decimal

import pytest

from costlib.briefs.words.run import kept_words, tie_words


@pytest.mark.parametrize(
    ("storage", "spot", "said", "unsaid"),
    [
        (None, None, "", "cost"),
        (Decimal(5), None, "$5.00 more", "spot"),
        (None, Decimal(8), "$8.00 less", "results"),
        (Decimal(5), Decimal(0), "$5.00 more", "spot"),
        (Decimal(0), Decimal(8), "Keeping their results cost $0 more", "unknown"),
    ],
)
def test_only_what_is_known_is_said(storage: Decimal | None, spot: Decimal | None, said: str, unsaid: str) -> None:
    words = kept_words(storage, spot, "USD")
    assert said in words
    assert unsaid not in words


def test_a_cent_that_is_missing_is_said() -> None:
    assert "to the cent" in tie_words(Decimal("9.994"), Decimal("9.991"), "USD")
    assert tie_words(Decimal("9.99"), Decimal("10.00"), "USD").endswith("come to $9.99; the bill says $10.00.")
