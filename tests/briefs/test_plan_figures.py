"""The figures of a case: each worked out by hand, put down once, with its meaning and the part of the chain behind."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import numpy as np
import pytest

from costlib.briefs.initiative_figures import floor_text
from costlib.briefs.plan_exhibits import mean_words, outlook_chart, path_chart, path_notes
from costlib.briefs.plan_figures import (
    Setting,
    parts_line,
    plan_figures,
    put_past,
    subject_of,
)
from costlib.charts.spec.parts import known
from costlib.charts.words import alt_text, notes
from costlib.documents.model import Basis, read
from costlib.periods import Window
from costlib.roadmap.case import case
from costlib.roadmap.plan_model import Plan
from costlib.roadmap.savings.track import TrackRecord
from tests.briefs.cases import initiative, past, past_line, scorer_case, scorer_figures, scorer_plan, spend

CASE = scorer_case()


@pytest.fixture(scope="module")
def found():
    return scorer_figures(CASE)


def exact(found, id):
    return found.figure(id).exact


class TestSource:
    def test_days_of_unknown_cost_are_said_behind_the_ranges(self):
        """The case knows them, whatever the setting of the document says."""
        unknown = scorer_figures(replace(CASE, bridged_days=2), bridged_days=9)
        assert unknown.setting.source == (
            "Source: Tiny Company (sample), sample data, bills to 31 Dec 2026, USD, effective cost. "
            "Ranges hold eight outcomes in ten. "
            "Forecasts and plans count 2 days not billed in full like the days around them."
        )

    def test_where_every_day_is_known_nothing_is(self, found):
        assert found.setting.source.endswith("Ranges hold eight outcomes in ten.")

    @pytest.mark.parametrize("chart", [path_chart, outlook_chart])
    def test_charts_of_the_forecast_take_it_along(self, chart, found):
        said = "Forecasts and plans count 1 day not billed in full like the days around it"
        assert chart(scorer_figures(replace(CASE, bridged_days=1))).note == said
        assert chart(found).note == ""

    def test_a_chart_names_its_plan_too(self, found):
        """A file with the chart of a plan did not say of which."""
        said = "Tiny Company (sample), plan Scorer, sample data, bills to 31 Dec 2026, USD, effective cost"
        assert found.source == path_chart(found).caption.source == said

    def test_a_plan_that_gives_its_spend_is_named_once(self):
        given = scorer_figures(CASE, company="Scorer", is_given=True)
        assert given.source == "Scorer, sample data, spend as the plan gives it, USD"


class TestSpend:
    def test_now_without_and_with(self, found):
        """1,000 a month; in April idle saves 25, serving 200, training 60."""
        assert [float(exact(found, id)) for id in ("now", "without", "with")] == pytest.approx([1000, 1000, 715])
        assert float(exact(found, "below-forecast")) == pytest.approx(0.285)
        assert float(exact(found, "drift")) == 0

    def test_ranges_are_the_ends_of_eight_outcomes_in_ten(self):
        noisy = spend(paths=20)
        noisy.paths[0] *= [0.5] * 2 + [1.0] * 16 + [1.5] * 2
        noisy = scorer_figures(scorer_case(baseline=noisy))
        low, likely, high = (float(exact(noisy, f"without{end}")) for end in ("-low", "", "-high"))
        assert low < likely < high
        assert likely == pytest.approx(1000)

    def test_where_each_comes_from(self, found):
        assert found.figure("now").basis is Basis.BILL
        assert found.figure("without").basis is Basis.FORECAST
        assert found.figure("with").basis is Basis.PLAN

    def test_a_plan_that_gives_its_spend_has_no_bill_behind(self):
        given = plan_figures(
            case(scorer_plan(target=None), spend()), Setting("AI", "USD", date(2026, 12, 31), "T", True)
        )
        assert not given.is_forecast
        assert all(figure.basis is not Basis.BILL for figure in given.book.figures.values())


class TestTarget:
    def test_the_limit_is_the_share_of_last_quarter(self, found):
        assert (float(exact(found, "reference")), float(exact(found, "limit"))) == (1000, pytest.approx(700))
        assert float(exact(found, "reached")) == pytest.approx(0.285)
        assert found.case.is_whole

    def test_without_a_target_there_is_none(self):
        free = scorer_figures(scorer_case(scorer_plan(target=None)))
        assert not {"target", "limit", "reached"} & free.book.figures.keys()
        assert free.then_month == date(2027, 6, 1)

    def test_the_month_in_which_it_is_judged(self, found):
        assert (found.then, found.then_month) == (3, date(2027, 4, 1))
        assert found.figure("then").shown == "Apr 2027"


class TestOptions:
    def test_net_is_saved_less_its_costs(self, found):
        """Idle 25 x 6; serving 100 in February, 200 in March to June; spot 60 x 3; 600 once and 10 a month for five."""
        gross = 25 * 6 + 100 + 200 * 4 + 60 * 3
        assert float(exact(found, "recommended.gross")) == pytest.approx(gross)
        assert float(exact(found, "recommended.net")) == pytest.approx(gross - 600 - 50)
        assert float(exact(found, "recommended.cost")) == pytest.approx(650)
        assert float(exact(found, "recommended.run-rate")) == pytest.approx(285 * 12)

    def test_initiatives_add_up_to_the_plan(self, found):
        each = [float(exact(found, f"{one.id}.net")) for one in CASE.plan.initiatives]
        assert sum(each) == pytest.approx(float(exact(found, "recommended.net")))
        yearly = [float(exact(found, f"{one.id}.yearly")) for one in CASE.plan.initiatives]
        assert sum(yearly) == pytest.approx(float(exact(found, "recommended.run-rate")))

    def test_every_option_has_the_same_figures(self, found):
        def of(option):
            return {id.partition(".")[2] for id in found.book.figures if id.startswith(f"{option}.")}

        assert of("minimum") <= of("recommended") | {"payback"}
        assert {"net", "npv", "one-off", "net-low", "net-high", "weeks", "count"} <= of("minimum") & of("ambitious")

    def test_quality_floors_and_their_chance(self, found):
        assert found.figure("small.floor").shown == "91%"
        assert found.figure("small.detect").shown == "2"
        assert "off.floor" not in found.book.figures

    @pytest.mark.parametrize(("floor", "shown"), [(0.995, "99.5%"), (1.0, "100%"), (12.5, "12.5"), (-1.0, "-1")])
    def test_a_share_is_per_cent_and_anything_else_a_number(self, floor, shown):
        assert floor_text(floor) == shown


class TestParts:
    def test_largest_first_and_other_last(self, found):
        assert [(part, figure.shown) for part, figure in parts_line(found)] == [
            ("inference", "80%"),
            ("training", "15%"),
            ("idle", "5%"),
        ]

    def test_the_shares_are_all_of_it(self, found):
        assert sum(Decimal(figure.exact) for _, figure in parts_line(found)) == 1


class TestSubject:
    def plan(self, **scope):
        return Plan(
            plan={
                "start": "2027-01",
                "months": 6,
                "target": {"reduction": 0.3, "by": "2027-04", "scope": {name: [one] for name, one in scope.items()}},
            }
        )

    def test_models_before_teams_before_projects(self):
        assert subject_of(self.plan(x_Team="Fraud", x_Model="scorer")) == "scorer"
        assert subject_of(self.plan(x_Project="p1", x_Team="Fraud")) == "Fraud"
        assert subject_of(self.plan(x_Project="p1")) == "p1"

    def test_anything_else_is_about_ai(self):
        assert subject_of(self.plan(x_Stage="training")) == "AI"
        assert subject_of(scorer_plan(target=None)) == "AI"


class TestPast:
    def test_each_kind_by_itself(self):
        line = past_line(in_flight=30.0, avoided=7.0)
        found = scorer_figures(CASE, past=past(line))
        kinds = ("promised", "saved", "booked", "provisional", "in-flight", "avoided")
        assert [exact(found, kind) for kind in kinds] == ["1000", "900", "400", "500", "30", "7"]
        assert {found.figure(kind).basis for kind in kinds} == {Basis.RECORD}
        assert len({found.figure(kind).meaning for kind in kinds}) == len(kinds)

    def test_what_is_not_measured_is_unknown(self):
        found = scorer_figures(CASE, past=past(past_line(realised=None)))
        assert found.figure("saved").shown == "unknown"

    @pytest.mark.parametrize("none", [None, TrackRecord(), past(past_line(realised=None, booked=0.0))])
    def test_nothing_is_put_down_where_nothing_is_known(self, none):
        assert "promised" not in scorer_figures(CASE, past=none).book.figures

    def test_a_line_of_its_own_says_whose_it_is(self, found):
        one = put_past(found.book, "past.9.booked", "booked", past_line("Spot"), "Spot")
        assert (one.shown, one.meaning) == ("$400", "Spot: saving signed off by finance, USD")

    def test_it_changes_no_figure_of_the_plan(self, found):
        later = scorer_figures(CASE, past=past()).book.figures
        assert {id: later[id] for id in found.book.figures if not id.startswith("past.")} == {
            id: figure for id, figure in found.book.figures.items() if not id.startswith("past.")
        }


class TestSetting:
    USUAL = Setting("AI", "USD", date(2026, 10, 20), "Acme", False)

    def test_what_the_figures_rest_on(self):
        assert self.USUAL.standing == "bills to 20 Oct 2026, USD, effective cost"
        assert self.USUAL.source.startswith("Source: Acme, bills to 20 Oct 2026")

    def test_a_sample_and_given_spend_are_called_so(self):
        sample = Setting("AI", "USD", date(2026, 10, 20), "Acme", True, is_given=True)
        assert sample.standing == "sample data, spend as the plan gives it, USD"

    def test_bills_in_other_currencies_are_named_where_figures_are_of_bills(self):
        days = Window(date(2026, 9, 1), date(2026, 10, 21))
        two = replace(self.USUAL, other_currencies=(("EUR", Decimal(2400)), ("GBP", None)), billed=days)
        said = "€2.40K on bills in EUR, an unknown cost on bills in GBP since 1 Sep 2026."
        assert two.source.endswith(f" Ranges hold eight outcomes in ten. Not in these figures: {said}")
        assert "NOT IN" not in self.USUAL.source + replace(two, is_given=True).source


def test_a_plan_without_bookings_and_effort_needs_no_one_off_money():
    free = scorer_figures(scorer_case(scorer_plan(initiative("a", "idle", 0.5))))
    assert (exact(free, "recommended.one-off"), exact(free, "recommended.weeks")) == ("0", "0")


class TestRange:
    def test_one_without_width_is_not_drawn(self, found):
        """Spend that a plan gives does not vary: its range read "$84.7K-$84.7K"."""
        chart = path_chart(found)
        assert not known(chart.band.low) and not known(chart.band.high)
        assert "Range" not in alt_text(chart) and notes(chart) == ()

    def test_one_with_width_goes_with_the_forecast(self):
        noisy = spend(paths=20)
        noisy.paths[0] *= [0.5] * 2 + [1.0] * 16 + [1.5] * 2
        chart = path_chart(scorer_figures(scorer_case(baseline=noisy)))
        ahead = [at for at, _ in known(chart.forecast.values)]
        assert [at for at, _ in known(chart.band.low)] == [at for at, _ in known(chart.band.high)] == ahead
        assert "Range" in alt_text(chart)


class TestMean:
    """The likely amount is a mean: it may lie on the other side of the target than most outcomes do."""

    def of(self, *outcomes: float):
        """The one lever halves 1,000; of the outcomes each spends so much more than that without it."""
        ahead = spend(paths=len(outcomes))
        ahead.paths[0] *= np.array(outcomes)[None, :]
        return scorer_figures(scorer_case(scorer_plan(paths=len(outcomes)), ahead))

    def test_a_few_dear_outcomes_lift_the_mean_above_the_target(self):
        # Three outcomes of 0.9 times 800 meet 700 of 1,000; one of 3 times does not, and lifts the mean far above.
        found = self.of(0.9, 0.9, 0.9, 3.0)
        assert mean_words(found) == (
            "Amounts are means: a few outcomes cost far more, so the mean is above the target that more than half meet"
        )
        (block,) = path_notes(found)
        assert [read(text) for text in block.text] == [f"{mean_words(found)}."]
        assert path_chart(found).note == mean_words(found) and outlook_chart(found).note == ""

    def test_a_few_cheap_ones_take_it_below(self):
        found = self.of(1.1, 1.1, 1.1, 0.1)
        assert "far less, so the mean is below the target that fewer than half meet" in mean_words(found)

    @pytest.mark.parametrize("every", [0.5, 1.5])
    def test_where_both_agree_nothing_is_said(self, every):
        found = self.of(every, every, every, every)
        assert (mean_words(found), path_notes(found)) == ("", ())

    def test_without_a_target_nothing_is_said(self):
        assert mean_words(scorer_figures(scorer_case(scorer_plan(target=None)))) == ""
