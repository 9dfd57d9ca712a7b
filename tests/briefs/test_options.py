"""What less and more would bring: the money that is truly spent, and the worth by which options are chosen."""

from __future__ import annotations

import pytest

from costlib.briefs.less_and_more import more_words, options, options_title, options_words, why_less, why_less_block
from costlib.briefs.one_pager import ask, headline
from costlib.documents.model import read
from tests.briefs.cases import initiative, scorer_case, scorer_figures, scorer_plan


def asked_less(found):
    return read(ask(found).support[-1])


def test_each_option_is_shown_with_the_worth_that_chose_it():
    found = scorer_figures()
    table = options(found)
    assert table.header == ("Decision", "One-off", "Person weeks", "Saves, net", "NPV", "Chance")
    case = found.case
    for row, option in zip(table.rows, (case.minimum, case.recommended, case.ambitious), strict=True):
        assert float(row[4].exact) == pytest.approx(option.figures.npv, abs=0.01)


@pytest.mark.parametrize(
    ("cheap", "dear", "column", "asked"),
    [
        ({}, {}, None, "$100 where it pays most would"),
        ({}, {"ml_engineer": 6}, ["–", "6", "6"], "$100 where it pays most would"),
        ({"ml_engineer": 1}, {}, ["1", "1", "1"], "$100 where it pays most, with 1 person-week, would"),
        ({"a": 0.5, "b": 1}, {"a": 2}, ["1.5", "3.5", "3.5"], "$100 where it pays most, with 1.5 person-weeks, would"),
    ],
)
def test_people_are_part_of_the_price_where_the_plan_says_them(cheap, dear, column, asked):
    """Half of 1,000 pays for the cheap lever alone; more money and people have nothing else to buy."""
    levers = (
        initiative("cheap", "idle", 0.9, one_off_cost=100.0, effort=cheap),
        initiative("dear", "real-time inference", 0.2, one_off_cost=900.0, effort=dear),
    )
    found = scorer_figures(scorer_case(scorer_plan(*levers)))
    table = options(found)
    assert ("Person weeks" in table.header) is (column is not None)
    if column:
        assert [read(row[table.header.index("Person weeks")]) for row in table.rows] == column
    assert asked_less(found) == f"{asked} save $170 instead of $230."


def test_a_price_of_people_alone():
    """Without one-off money nothing can be halved; the plan asks for one week."""
    found = scorer_figures(scorer_case(scorer_plan(initiative("tidy", "idle", 0.9, effort={"ml_engineer": 1}))))
    assert ask(found).sentence.text.startswith("Approve the plan, which needs no one-off money but 1 person-week,")


def test_less_is_told_by_what_it_spends_not_by_half():
    """Of 1,000 asked for, half would be 500; the cheap lever alone spends 100."""
    cheap = initiative("cheap", "idle", 0.9, one_off_cost=100.0)
    dear = initiative("dear", "real-time inference", 0.2, one_off_cost=900.0)
    found = scorer_figures(scorer_case(scorer_plan(cheap, dear)))
    # 45 a month for six less 100 is 170; 160 a month for six less 900 is 60.
    assert asked_less(found) == "$100 where it pays most would save $170 instead of $230."
    assert options_title(found).text == "$1.00K saves $230 net; $100 where it pays most, $170"


def beaten(*more):
    """A cheap lever that saves 170 net, and one that saves 15 a month for six, 90, for 900: 810 short."""
    cheap = initiative("cheap", "idle", 0.9, one_off_cost=100.0)
    dear = initiative("dear", "training", 0.1, one_off_cost=900.0)
    return scorer_figures(scorer_case(scorer_plan(cheap, dear, *more, discount_rate=0.0)))


def test_a_plan_that_less_would_beat_says_so_and_why():
    found = beaten()
    assert asked_less(found) == (
        "$100 where it pays most would save $170: it leaves out an initiative that costs $810 more than it saves."
    )
    assert options_title(found).text == "The plan as it stands saves −$640 net; $100 where it pays most, $170"
    assert [one.text for one in why_less(found)] == [
        "dear: costs $810 more than it saves in 6 months; its NPV, with what it brings besides, is −$810.",
        "From $170 it takes $810; all else that the plan adds saves $0: −$640.",
    ]


def test_what_else_the_plan_adds_makes_up_for_part_of_it():
    """160 a month for six is 960 for 900; half of the 1,900 does not pay for it and for the cheap one."""
    found = beaten(initiative("pays", "real-time inference", 0.2, one_off_cost=900.0))
    assert why_less(found)[-1].text == "From $170 it takes $810; all else that the plan adds saves $60.00: −$580."


def test_the_way_from_less_to_the_plan_adds_up():
    """Two levers on the same idle machines: what the second saves is not saved twice."""
    found = beaten(initiative("worse", "idle", 0.5, one_off_cost=400.0))
    assert len(why_less(found)) == 3 and "2 initiatives that cost" in asked_less(found)
    less, lost, rest, plan = (
        float(found.figure(id).exact) for id in ("minimum.net", "unpaid.lost", "unpaid.rest", "recommended.net")
    )
    verb = "saves" if less - lost <= plan else "costs"
    assert less - lost + (rest if verb == "saves" else -rest) == pytest.approx(plan)
    assert f"adds {verb}" in why_less(found)[-1].text


def test_nothing_is_explained_where_less_saves_less():
    cheap = initiative("cheap", "idle", 0.9, one_off_cost=100.0)
    dear = initiative("dear", "real-time inference", 0.2, one_off_cost=900.0)
    found = scorer_figures(scorer_case(scorer_plan(cheap, dear)))
    assert (why_less(found), why_less_block(found)) == ((), ())


def test_where_nothing_can_be_had_for_half_the_money_none_is_spent():
    found = scorer_figures(scorer_case(scorer_plan(initiative("one", "idle", 0.9, one_off_cost=100.0))))
    assert asked_less(found) == "Without one-off money it would save $0 instead of $170."


class TestWhatIsDifferent:
    """The table's three rows in sentences: what the lesser and the greater decision do otherwise, and why."""

    LATE = initiative("late", "idle", 0.9, title="Stop it", start="2027-04")
    DEAR = initiative("dear", "training", 0.1, title="Rewrite it", one_off_cost=900.0)

    def said(self, *levers, **header):
        found = scorer_figures(scorer_case(scorer_plan(*levers, **header)))
        return [read(text) for text in options_words(found).text]

    def test_a_plan_that_is_already_best_says_so(self):
        _, more = self.said(initiative("a", "idle", 0.5))
        assert more == (
            "Ambitious is the plan as it stands: "
            "no choice or timing of it is worth more, whatever the money and people."
        )

    def test_what_starts_sooner_or_is_left_out_is_named(self):
        """Stopping in January instead of April saves three months more; 90 saved are not worth 900."""
        _, more = self.said(self.LATE, self.DEAR)
        assert more == (
            "Ambitious, the highest NPV without limits on money and people, leaves out Rewrite it and starts Stop it "
            "sooner."
        )

    def test_several_are_counted(self):
        other = initiative("other", "real-time inference", 0.2, start="2027-03")
        _, more = self.said(self.LATE, other)
        assert more.endswith("without limits on money and people, starts 2 initiatives sooner.")

    @pytest.mark.parametrize(
        ("levers", "less"),
        [
            ([LATE, DEAR], "Minimum: 1 of 2 initiatives, the highest NPV within half of the one-off money."),
            ([LATE], "Minimum: 0 of 1 initiatives, those of the containment phase."),
            (
                [LATE | {"phase": "containment"}, initiative("b", "training", 0.1)],
                "Minimum: 1 of 2 initiatives, those of the containment phase.",
            ),
        ],
    )
    def test_what_the_lesser_is_made_of(self, levers, less):
        assert self.said(*levers)[0] == less

    def test_the_sentence_holds_wherever_the_two_rows_differ(self):
        """Rows that show the same figures are the same plan, and others never pass for it."""
        for levers in ([self.LATE], [self.LATE, self.DEAR], [initiative("a", "idle", 0.5)]):
            found = scorer_figures(scorer_case(scorer_plan(*levers)))
            _, recommended, ambitious = (list(map(read, row[1:])) for row in options(found).rows)
            assert (recommended == ambitious) == ("as it stands" in more_words(found).text)


def made_of(found):
    """What is said below the options after the lesser and the greater one."""
    return [read(one) for one in options_words(found).text[2:]]


def certain(**more):
    """One lever that saves 25 of the 50 that idle costs, every month of six, and what else it does."""
    return scorer_figures(scorer_case(scorer_plan(initiative("off", "idle", 0.5, **more))))


def test_net_of_one_off_and_running_cost_needs_no_words():
    found = certain(one_off_cost=20.0, running_cost=1.0)
    assert made_of(found) == [] and "recommended.quality" not in found.book.figures
    assert found.book.figures["recommended.net"].meaning.startswith("saving in cash less one-off and running cost,")


@pytest.mark.parametrize(
    ("effect", "costs", "said"),
    [
        # 150 saved, 20 once, 6 x 1 running; half a point lost of 4 a month, six months: 12.
        (-0.5, {"one_off_cost": 20.0, "running_cost": 1.0}, "$150 less $20.00 one-off, less $6.00 running cost, "
         "less $12.00 for lower quality is $112."),
        (-0.5, {}, "$150 less $12.00 for lower quality is $138."),
        (0.5, {"one_off_cost": 20.0}, "$150 less $20.00 one-off, and $12.00 for better quality is $142."),
    ],
)  # fmt: skip
def test_the_way_to_net_is_told_where_quality_is_in_it(effect, costs, said):
    found = certain(quality_effect={"metric": "precision", "likely": effect, "value_per_point": 4.0}, **costs)
    assert made_of(found) == [f"Saves, net: {said}"]
    figures, case = found.book.figures, found.case.recommended
    assert case.figures.net == pytest.approx(case.figures.gross - case.one_off - case.running - case.quality)
    assert "and the worth of lost quality, recommended plan" in figures["recommended.net"].meaning


def test_added_spend_is_asked_for_and_named_beside_the_saving():
    """10 a month for six is 60: no part of the saving of 150, but money that the plan takes."""
    found = certain(added_spend=10.0, one_off_cost=20.0)
    assert ask(found).sentence.text == "Approve $20.00 one-off, with $60.00 of added spend, to start in Jan 2027."
    assert headline(found).text.endswith(": $130 saved, before $60.00 of added spend")
    assert made_of(found) == ["Initiatives add $60.00 of spend: it is in NPV, and in no saving or spend with the plan."]
    both = certain(added_spend=10.0, running_cost=1.0, one_off_cost=20.0)
    assert ", with $6.00 running cost and $60.00 of added spend, to start" in ask(both).sentence.text


def test_without_added_spend_all_costs_are_in_the_saving():
    found = certain(one_off_cost=20.0)
    assert headline(found).text.endswith(": $130 saved after all costs")
    assert ask(found).sentence.text == "Approve $20.00 one-off, to start in Jan 2027."
