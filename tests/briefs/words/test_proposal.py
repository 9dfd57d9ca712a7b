"""The words of proposals, letter for letter: what a lever acts on, may save, shares with others, what is not known."""

from __future__ import annotations

from datetime import date
from decimal import Decimal as D

import pytest

from costlib.briefs.words.proposal import (
    OVERLAP_HEADER,
    overlap_rows,
    overlap_title,
    proposal_finding,
    proposal_lines,
    proposal_rows,
    proposal_sentence,
    rival_line,
    unknown_words,
)
from costlib.roadmap.levers.model import Lever
from costlib.roadmap.levers.propose import Proposal, propose
from costlib.roadmap.levers.rows import SpendRow

SERVING = {"x_Team": "Fraud", "x_Model": "scorer", "x_Stage": "real-time inference"}
EIGHTH = {
    "id": "eight-bits",
    "title": "Serve in 8 bits",
    "plain": "Cheaper machines",
    "applies_to": {"x_Stage": "real-time inference"},
    "base": "machine time per request",
    "saving": {"low": 0.2, "likely": 0.5, "high": 0.75},
    "effort": {"ml_engineer": 2, "platform": 1},
    "weeks_to_value": 6,
    "risk": "low",
    "concern": "quality",
    "quality": "possible",
    "guardrail": "model quality",
    "releases": "instance",
    "choice": "faster",
    "evidence": {"source": "A price list of the vendor", "date": "2026-07", "strength": "published"},
    "track": "technical",
    "phase": "optimisation",
    "finops_phase": "optimize",
}


def lever(name: str = "eight-bits", **fields: object) -> Lever:
    return Lever.model_validate({**EIGHTH, "id": name, **fields})


def found(*levers: Lever, cost: int = 4000, rows: tuple[SpendRow, ...] = (), **segment: str | None) -> list[Proposal]:
    return propose([SpendRow({**SERVING, **segment}, D(cost)), *rows], levers or [lever()], date(2026, 11, 1))


def test_a_row_says_whose_spend_it_is_what_it_acts_on_and_how_we_know():
    (row,) = proposal_rows(found())
    assert row == {
        "Lever": "Serve in 8 bits", "Team": "Fraud", "Model": "scorer", "Addresses a month": 4000,
        "Saves a month, likely": 2000, "Low": 800, "High": 3000, "Evidence": "published",
    }  # fmt: skip


def test_what_has_no_owner_and_no_model_is_called_so():
    (row,) = proposal_rows(found(x_Team=None, x_Model=None))
    assert (row["Team"], row["Model"]) == ("nobody yet", "all")


def test_an_assumed_share_is_said_beside_the_evidence():
    (row,) = proposal_rows(found(lever(eligible={"metric": "routable_share", "assumed": 0.5})))
    assert (row["Evidence"], row["Addresses a month"]) == ("published, share assumed", 2000)


def test_the_finding_names_the_largest():
    assert proposal_finding(found(), "USD") == (
        "1 proposal; the largest, serve in 8 bits: scorer, may save $2.00K a month"
    )
    larger = lever("larger", title="LLM gateway", saving=0.6)
    assert proposal_finding(found(lever(), larger), "EUR") == (
        "2 proposals; the largest, LLM gateway: scorer, may save €2.40K a month"
    )


def test_the_sentence_gives_the_range_and_its_base():
    assert proposal_sentence(found()[0], "USD") == (
        "It acts on $4.00K a month and is likely to save $2.00K of it, between $800 and $3.00K. "
        "Serve in 8 bits: a saving on machine time per request."
    )


def test_the_lines_say_why_how_we_know_what_it_takes_and_what_to_watch():
    assert proposal_lines(found()[0], "USD") == [
        "Why: machine time per request",
        "Evidence, published: A price list of the vendor, 2026-07",
        "Takes 3 person-weeks; first value after 6 weeks",
        "Watch model quality: its floor is still to be set",
    ]


def test_nothing_is_to_be_watched_where_quality_is_not_at_stake():
    lines = proposal_lines(found(lever(quality="none", guardrail=None))[0], "USD")
    assert not any(line.startswith("Watch") for line in lines)


def test_money_that_is_not_measured_is_said_from_the_first_cent():
    rows = tuple(SpendRow({**SERVING, "ResourceName": "b"}, D(cost)) for cost in ("0.40", "0.50"))
    idle = lever(metrics={"requests": {"at_most": 0}})
    measured = SpendRow({**SERVING, "ResourceName": "a"}, D(4000), {"requests": 0})
    (one,) = propose([measured, *rows], [idle], date(2026, 11, 1))
    assert proposal_lines(one, "USD")[-1] == "$0.90 a month more may be in reach: it is not measured yet"
    (one,) = propose([measured], [idle], date(2026, 11, 1))
    assert not any("in reach" in line for line in proposal_lines(one, "USD"))


def test_others_on_the_same_money_go_together_or_do_not():
    three = found(lever(), lever("faster", title="Compile", saving=0.4), lever("other", choice=None, title="Pack"))
    first = next(one for one in three if one.lever.id == "eight-bits")
    assert OVERLAP_HEADER == ("Proposal", "Same money, a month", "Together")
    assert overlap_title(first) == "Others that act on the same money"
    assert overlap_rows(first, three, "USD") == [
        ["Compile: scorer", "$4.00K", "one or the other"],
        ["Pack: scorer", "$4.00K", "they compound"],
    ]


class TestRivals:
    """Serving in 8 bits, compiling and pruning are one choice; packing goes with each of them."""

    LEVERS = (lever(), lever("faster", title="Compile"), lever("prune", title="Prune"),
              lever("other", choice=None, title="Pack"))  # fmt: skip

    def line(self, *titles: str) -> str:
        """What is said of 8 bits in a plan that has the levers of these titles, each on the scorer's serving."""
        every = found(*self.LEVERS)
        planned = {one.id for one in every if one.lever.title in titles}
        return rival_line(next(one for one in every if one.lever.id == "eight-bits"), every, planned, "USD")

    def test_one_in_the_plan(self) -> None:
        assert self.line("Compile") == (
            "One or the other: Compile: scorer ($4.00K a month of the same money) is in this plan already. To do this "
            "instead, take it out of the plan first."
        )

    def test_two_in_the_plan(self) -> None:
        assert self.line("Compile", "Prune") == (
            "One or the other: Compile: scorer ($4.00K a month of the same money) and Prune: scorer ($4.00K a month of "
            "the same money) are in this plan already. To do this instead, take them out of the plan first."
        )

    @pytest.mark.parametrize("planned", [[], ["Pack"], ["Serve in 8 bits"]])
    def test_what_compounds_and_the_lever_itself_are_no_rivals(self, planned: list[str]) -> None:
        assert self.line(*planned) == ""


@pytest.mark.parametrize(
    ("others", "shown", "title"),
    [(6, 6, "Others that act on the same money"), (9, 6, "The 6 largest of 9 others that act on the same money")],
)
def test_more_than_six_others_are_counted(others, shown, title):
    several = found(*(lever(f"l{at}", title=f"Lever {at}") for at in range(others + 1)))
    assert len(overlap_rows(several[0], several, "USD")) == shown
    assert overlap_title(several[0]) == title


@pytest.mark.parametrize(
    ("count", "said"),
    [
        (0, ""),
        (1, "The bills do not say what 1 line item of their last 30 days cost: no figure here counts it."),
        (1200, "The bills do not say what 1,200 line items of their last 30 days cost: no figure here counts them."),
    ],
)
def test_what_the_bills_do_not_say_is_counted(count, said):
    assert unknown_words(count) == said
