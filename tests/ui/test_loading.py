"""What a load did, in one sentence: counted over all parts, and never called tied out where one part is not."""

from __future__ import annotations

from decimal import Decimal as D

import pytest

from costlib.errors import InputError
from costlib.focus import COST_MEASURES
from costlib.store.load import Loaded
from costlib.store.manifest import Part, TieOut
from ui.sources.loading import EXAMPLES, in_words, loaded_words


def tie_out(loaded: int, aside: int = 0, apart: str = "0") -> TieOut:
    """Rows of a bill of 10 dollars, of which ``apart`` is missing in the store."""
    bill = dict.fromkeys(COST_MEASURES, D(10))
    held = dict.fromkeys(COST_MEASURES, D(10) - D(apart))
    return TieOut("USD", loaded + aside, loaded, aside, bill, held, dict.fromkeys(COST_MEASURES, None))


def load(*entries: TieOut, changed: bool = True) -> Loaded:
    part = Part("aws", "aws-cur2", "1", "2026-09", "d", 1, None, None, None, (), entries)
    return Loaded("aws", (part,), changed)


@pytest.mark.parametrize(
    ("done", "words"),
    [
        ([], "All of it was loaded already; nothing changed."),
        ([load(tie_out(5), changed=False)], "All of it was loaded already; nothing changed."),
        ([load(tie_out(1))], "1 line item loaded: they tie out to the bill."),
        ([load(tie_out(1200), tie_out(34))], "1,234 line items loaded: they tie out to the bill."),
        ([load(tie_out(5)), load(tie_out(7), changed=False)], "5 line items loaded: they tie out to the bill."),
        ([load(tie_out(5, aside=1))], "5 line items loaded: they tie out to the bill; 1 row set aside."),
        ([load(tie_out(5)), load(tie_out(5, apart="0.01"))], "10 line items loaded: THEY DO NOT TIE OUT."),
        ([load(tie_out(5, apart="0.004"))], "5 line items loaded: they tie out to the bill."),
    ],
)
def test_what_was_loaded(done: list[Loaded], words: str) -> None:
    assert loaded_words(done) == words


def test_a_refusal_of_ours_is_told_as_it_is() -> None:
    ours = InputError("No bill is there", fix="Choose another folder.")
    assert in_words(ours, "/bills") is ours


def test_a_fault_without_a_reason_is_told_by_its_text() -> None:
    assert str(in_words(OSError("disk gone"), "s3://bill")).startswith("s3://bill cannot be read: disk gone.")


def test_every_example_is_an_address_with_a_kind() -> None:
    assert all(address.partition(":")[0] and ":" in address for _, address in EXAMPLES)
    assert len({name for name, _ in EXAMPLES}) == len(EXAMPLES)
