"""The CFO one-pager: every sentence follows from the figures, and figures agree wherever they stand."""

from decimal import Decimal

import numpy as np
import pytest

from costlib.briefs.one_pager import ask, headline, one_pager, programme, risks, three_numbers, when
from costlib.briefs.plan_exhibits import path_chart, roadmap_chart, saving_bars
from costlib.documents.model import Ask, Beside, Exhibit, Kpis, Shape, Table, flat, read, texts_of
from tests.briefs.cases import initiative, past, scorer_case, scorer_figures, scorer_plan, spend

PAST = "What past decisions came to"


@pytest.fixture(scope="module")
def found():
    return scorer_figures()


@pytest.fixture(scope="module")
def page(found):
    (page,) = one_pager(found).pages
    return page


class TestAnswer:
    def test_a_plan_that_falls_short_says_so_first(self, found):
        # April: 1,000 less 25 idle, 200 serving, 60 training is 715 of 1,000.
        assert found.figure("reached").exact == "0.285"
        assert headline(found).text == (
            "The scorer can cost 29% less than last quarter by Apr 2027, short of the 30% asked for: "
            "$580 saved after all costs"
        )

    def test_a_plan_that_meets_its_target_leads_with_it(self):
        met = scorer_figures(scorer_case(scorer_plan(reduction=0.25)))
        assert headline(met).text == (
            "The scorer can cost 29% less than last quarter by Apr 2027: $580 saved after all costs"
        )

    def test_a_target_against_the_forecast_is_not_called_less_than_was_spent(self):
        target = {"reduction": 0.25, "by": "2027-04", "reference": "baseline", "scope": {"x_Model": ["scorer"]}}
        ahead = spend(monthly=(1600.0, 300.0, 100.0, 5000.0))
        plan = scorer_plan(target=target)
        assert headline(scorer_figures(scorer_case(plan, ahead))).text == (
            # Twice the spend saves twice 1,230 and costs 650.
            "The scorer can cost 29% less than without the plan by Apr 2027: $1.81K saved after all costs"
        )

    def test_a_plan_that_cannot_hold_growth_says_so(self):
        ahead = spend(monthly=(1600.0, 300.0, 100.0, 5000.0))
        assert headline(scorer_figures(scorer_case(baseline=ahead))).text == (
            "Even with the plan the scorer grows to $1.43K a month by Apr 2027, 29% less than without it"
        )

    def test_a_plan_without_a_target_says_what_it_brings(self):
        free = scorer_figures(scorer_case(scorer_plan(target=None)))
        assert headline(free).text == "The plan for the scorer is likely to bring $580 net of cost"

    @pytest.mark.parametrize(
        ("factor", "course"),
        [
            (1.0, "without action stays near that, $1.00K in Apr 2027"),
            (1.2, "rises 20% to $1.20K"),
            (0.8, "falls 20% to"),
        ],
    )
    def test_what_happens_without_it_follows_the_forecast(self, factor, course):
        ahead = spend(monthly=tuple(factor * amount for amount in (800.0, 150.0, 50.0, 5000.0)))
        (page,) = one_pager(scorer_figures(scorer_case(baseline=ahead))).pages
        assert course in read(page.subtitle)


class TestPage:
    def test_it_has_three_numbers(self, page):
        (kpis,) = [block for block in flat(page.blocks) if isinstance(block, Kpis)]
        assert [kpi.value.shown for kpi in kpis.kpis] == ["$1.00K", "$715", "$580"]

    def test_today_is_split_in_one_line(self, page):
        said = [read(text) for text in texts_of(page)]
        assert "Where it goes today: inference 80%, training 15%, idle 5%." in said

    def test_the_plan_is_in_phases_with_what_each_saves_a_year(self, found):
        table = programme(found)
        assert [[read(cell) for cell in row] for row in table.rows] == [
            ["1 Containment", "Switch the idle copy off", "Fraud lead", "Jan 2027", "$300"],
            ["2 Optimisation", "Serve a smaller scorer", "not named", "Feb to Mar 2027", "$2.40K"],
            ["3 Governance", "Train on spot", "not named", "Apr 2027", "$720"],
        ]

    def test_risks_name_the_guardrail(self, found):
        assert [read(risk) for risk in risks(found)] == [
            "Serve a smaller scorer: precision must stay at 91% or above, else it is taken back within 2 months."
        ]

    def test_no_named_risk_is_itself_a_question(self):
        bare = scorer_figures(scorer_case(scorer_plan(initiative("a", "idle", 0.5))))
        assert read(risks(bare)[0]) == "No initiative names a risk to quality: ask why."

    def test_saving_that_is_not_cash_is_told_apart(self):
        held = initiative("a", "idle", 0.5, releases={"what": "node", "month": "2027-03"})
        said = [read(risk) for risk in risks(scorer_figures(scorer_case(scorer_plan(held))))]
        assert said == ["$50.00 more is freed capacity and not counted as saved."]

    def test_the_ask_stands_beside_less_and_more(self, page):
        (ask,) = [block for block in flat(page.blocks) if isinstance(block, Ask)]
        assert ask.sentence.text == (
            "Approve $600 one-off and 6 person-weeks, with $50.00 running cost, to start in Jan 2027."
        )
        assert read(ask.support[0]) == "It has likely paid back in its month 4 of 6."
        options = [block for block in flat(page.blocks) if isinstance(block, Table)][-1]
        assert [row[0] for row in options.rows] == ["Minimum", "Recommended", "Ambitious"]
        assert [read(row[2]) for row in options.rows][:2] == ["–", "6"]
        assert [read(row[3]) for row in options.rows][:2] == [
            "$330",
            "$580",
        ]  # half the money: idle 25 and spot 60, both for six months

    def test_past_decisions_are_held_against_what_was_booked(self, page):
        assert read(page.notes[0]) == "No past decision is measured or signed off yet."
        assert not [block for block in flat(page.blocks) if getattr(block, "label", "") == PAST]
        (later,) = one_pager(scorer_figures(past=past())).pages
        (shown,) = [block for block in flat(later.blocks) if getattr(block, "label", "") == PAST]
        assert [read(point) for point in shown.points] == [
            "Past decisions promised $1.00K by now; finance has signed off $400.",
            "$500 more is measured and not signed yet.",
        ]
        assert read(later.notes[0]) == read(shown.points[0])

    @pytest.mark.parametrize("word", ["P50", "WAPE", "hash", "percentile", "baseline", "stochastic"])
    def test_words_are_an_executives(self, page, word):
        assert not [text for text in texts_of(page) if word.lower() in read(text).lower()]

    def test_the_page_holds_one_figure_for_one_id(self, found):
        document = one_pager(found, Shape.LETTER)
        assert document.shape is Shape.LETTER
        assert set(document.exhibits) == {"path", "savings"}
        assert all(figure.meaning for figure in document.figures.values())

    def test_a_sentence_can_be_put_in_other_words(self):
        edited = scorer_figures()
        words = type(edited)(
            edited.case,
            edited.setting,
            type(edited.book)("USD", {"headline": "Say yes to {recommended.net}"}, edited.book.figures),
        )
        assert headline(words).text == "Say yes to $580"


class TestCharts:
    def test_the_path_runs_from_booked_to_plan_and_agrees_with_the_words(self, found):
        chart = path_chart(found)
        assert len(chart.periods) == 4 + 6
        assert chart.actual.values[:4] == (Decimal("1000.00"),) * 4
        assert chart.with_plan.values[4 + 3] == Decimal("715.00") == Decimal(found.figure("with").exact)
        assert chart.target.amount == 700
        assert chart.caption.title == "With the plan Apr 2027 costs $715, 29% less than without it"

    def test_the_bars_are_what_each_initiative_takes_off_the_month(self, found):
        # 1,000 a month without the plan, 715 with it: a quarter of 800, 40 % of 150 and half of 50 are 285.
        bars = saving_bars(found)
        assert {bar.name: int(bar.amount) for bar in bars.bars} == {
            "Serve a smaller scorer": 200,
            "Train on spot": 60,
            "Switch the idle copy off": 25,
        }
        assert bars.caption.title == "Serve a smaller scorer brings most of the $285 saved in Apr 2027"  # 200 of 285

    def test_the_largest_of_small_savings_brings_the_largest_part_and_not_most(self):
        # 10 % of 800 are 80, 50 % of 150 are 75 and half of 50 are 25: 80 is less than half of 180.
        plan = scorer_plan(
            initiative("small", "real-time inference", 0.1),
            initiative("spot", "training", 0.5),
            initiative("off", "idle", 0.5),
        )
        title = saving_bars(scorer_figures(scorer_case(plan))).caption.title
        assert title == "small brings the largest part of the $180 saved in Apr 2027"

    def test_where_nothing_is_saved_yet_the_bars_say_so(self):
        idle = scorer_figures(scorer_case(scorer_plan(initiative("late", "idle", 0.5, start="2027-06"))))
        assert saving_bars(idle).caption.title == "Nothing is saved in Apr 2027 yet"

    def test_the_time_line_saves_what_the_table_says(self, found):
        chart = roadmap_chart(found)
        yearly = {row.name: row.saving for row in chart.initiatives}
        assert yearly["Serve a smaller scorer"] == 2400
        assert [one.track for one in chart.rows] == ["1 Containment", "2 Optimisation", "3 Governance"]

    def test_forecast_and_range_hold_together_for_any_spread(self):
        noisy = spend(paths=200)
        noisy.paths[:] *= np.random.default_rng(1).lognormal(0, 0.8, (1, 6, 200))
        chart = path_chart(scorer_figures(scorer_case(scorer_plan(paths=200), noisy)))
        ahead = [at for at, value in enumerate(chart.forecast.values) if value is not None]
        assert all(chart.band.low[at] <= chart.forecast.values[at] <= chart.band.high[at] for at in ahead)


def test_blocks_beside_each_other_are_read_one_after_the_other(page):
    kinds = [type(block) for block in flat(page.blocks)]
    assert Beside not in kinds
    assert kinds.count(Exhibit) == 2


class TestWhen:
    """The plan begins in January 2027 and its first initiative in March; nothing starts before it."""

    def test_the_ask_names_the_month_of_the_first_initiative(self):
        later = initiative("a", "idle", 0.5, start="2027-03"), initiative("b", "training", 0.1, start="2027-05")
        found = scorer_figures(scorer_case(scorer_plan(*later)))
        assert ask(found).sentence.text.endswith("to start in Mar 2027.")
        assert found.figure("start").shown == "Jan 2027"

    def test_without_a_start_of_its_own_it_begins_with_the_plan(self):
        found = scorer_figures(scorer_case(scorer_plan(initiative("a", "idle", 0.5))))
        assert ask(found).sentence.text.endswith("to start in Jan 2027.")

    @pytest.mark.parametrize(
        ("start", "ramp", "said"),
        [
            ("2027-01", 0, "Jan 2027"),
            ("2027-02", 3, "Feb to May 2027"),
            ("2027-11", 2, "Nov 2027 to Jan 2028"),
            ("2027-03", 12, "Mar 2027 to Mar 2028"),
            ("2028-01", 99, "Jan to Jun 2028"),
        ],
    )
    def test_a_span_over_the_turn_of_a_year_names_both(self, start, ramp, said):
        one = initiative("a", "idle", 0.5, start=start, ramp_months=ramp)
        found = scorer_figures(scorer_case(scorer_plan(one, months=18), spend(months=18)))
        assert when(found, found.case.plan.initiatives[0]) == said

    def test_a_fiscal_year_is_named_where_its_saving_is(self):
        """From January 2027 three months of 25 lie in the fiscal year that ends in March."""
        one = initiative("a", "idle", 0.5)
        found = scorer_figures(scorer_case(scorer_plan(one, fiscal_year_start=4)))
        (kpi,) = [kpi for kpi in three_numbers(found).kpis if kpi.label.startswith("Saved")]
        assert read(kpi.context) == "before costs $75.00 in FY27, $300 a year at run rate"
