"""The statement of a team: lines add up to the charge, words follow the change, nothing unknown is hidden."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from costlib.attribution.showback import Cost, Rate, statement
from costlib.briefs.figure_book import FigureBook
from costlib.briefs.statement_document import Shown, remarks, statement_document, title
from costlib.documents.model import Exhibit, Kpis, Table, flat, read, texts_of
from costlib.periods import Window
from tests.briefs.bill_cases import SETTING

SEPTEMBER, AUGUST = date(2026, 9, 1), date(2026, 8, 1)
COSTS = (
    Cost("shared", "gpu", Decimal("600.10"), Decimal(200), "GPU hour"),
    Cost("direct", "ranker", Decimal("300.05")),
    Cost("direct", "search", Decimal("99.85")),
)
NOBODY = (Cost("idle", "gpu", Decimal(50)), Cost("unallocated", None, Decimal(7)))


def shown(*costs, before=None, rates=(), nobody=NOBODY):
    now = statement("Search", SEPTEMBER, "USD", "EffectiveCost", costs or COSTS, nobody, rates)
    last = (
        statement("Search", AUGUST, "USD", "EffectiveCost", [Cost("direct", "x", Decimal(before))]) if before else None
    )
    return Shown(SETTING, now, last)


def made(found):
    return statement_document(found, FigureBook("USD"))


class TestCharge:
    def test_lines_add_up_to_the_total(self):
        tables = [block for block in flat(made(shown()).pages[0].blocks) if isinstance(block, Table)]
        amounts = [Decimal(row[-1].exact) for row in tables[0].rows]
        assert sum(amounts[:-1]) == amounts[-1] == 1000
        assert [read(row[1]) for row in tables[0].rows] == ["gpu", "ranker", "search", ""]

    def test_many_lines_end_in_one_row_that_keeps_the_sum(self):
        many = [Cost("direct", f"service {number}", Decimal(number)) for number in range(1, 21)]
        (table, *_) = [block for block in flat(made(shown(*many)).pages[0].blocks) if isinstance(block, Table)]
        assert read(table.rows[-2][1]) == "8 smaller lines"
        assert read(table.rows[-2][-1]) == "$36.00"
        assert read(table.rows[-1][-1]) == "$210.00"

    def test_what_no_team_is_charged_is_shown(self):
        tables = [block for block in flat(made(shown()).pages[0].blocks) if isinstance(block, Table)]
        assert [[read(cell) for cell in row] for row in tables[1].rows] == [
            ["Idle", "gpu", "$50.00"],
            ["Unallocated", "", "$7.00"],
        ]

    def test_key_figures_are_by_kind(self):
        (kpis,) = [block for block in flat(made(shown()).pages[0].blocks) if isinstance(block, Kpis)]
        assert [(kpi.label, kpi.value.shown) for kpi in kpis.kpis] == [("Direct", "$400"), ("Shared", "$600")]

    def test_hours_stand_beside_their_charge(self):
        (table, *_) = [block for block in flat(made(shown()).pages[0].blocks) if isinstance(block, Table)]
        assert read(table.rows[0][2]) == "200 GPU hours"


class TestWords:
    @pytest.mark.parametrize(
        ("before", "ending"),
        [
            (None, "for Sep 2026"),
            (800, "for Sep 2026, 25% more than the month before"),
            (1250, "for Sep 2026, 20% less than the month before"),
            (1010, "for Sep 2026, about as much as the month before"),
        ],
    )
    def test_the_change_is_called_what_it_is(self, before, ending):
        assert read(made(shown(before=before)).pages[0].title) == f"Search is charged $1.00K {ending}"

    def test_a_month_that_goes_on_is_so_far(self):
        assert (
            read(made(replace(shown(), is_open=True)).pages[0].title) == "Search is charged $1.00K for Sep 2026 so far"
        )

    @pytest.mark.parametrize("is_open", [False, True])
    def test_a_month_whose_bill_may_be_missing_is_as_far_as_it_is_billed(self, is_open):
        """ "Charged $0 so far" reads as if nothing were owed yet."""
        said = read(made(replace(shown(), is_open=is_open, is_lacking=True)).pages[0].title)
        assert said == "Search is charged $1.00K for Sep 2026, as far as it is billed"

    def test_what_the_bill_lacks_is_said_under_the_lines_and_at_the_foot(self):
        """The foot of every other document said so; a statement did not, and told 90 % less than the month before."""
        absent = ("Anthropic (org-1)", Window(date(2026, 9, 3), date(2026, 9, 4)), ())
        page = made(replace(shown(), setting=replace(SETTING, absences=(absent,)))).pages[0]
        said = "A bill of the team may be missing, so nothing is compared with the month before."
        assert said in map(read, texts_of(page))
        assert page.source.endswith(
            "team's part of the bill. NO USAGE on a bill of Anthropic (org-1) since 3 Sep 2026."
        )
        whole = made(shown()).pages[0]
        assert said not in map(read, texts_of(whole)) and whole.source.endswith("team's part of the bill.")

    def test_what_the_team_has_in_another_currency_is_at_the_foot(self):
        september = Window(SEPTEMBER, date(2026, 10, 1))
        setting = replace(SETTING, other_currencies=(("EUR", Decimal(145)),), billed=september)
        assert "€145 on bills in EUR (Sep 2026)" in made(replace(shown(), setting=setting)).pages[0].source

    def test_agreed_rates_that_do_not_cover_cost_are_told(self):
        found = shown(rates=[Rate("gpu", "GPU hour", Decimal(2), "USD")])
        assert found.now.charge == Decimal("799.90")
        book = FigureBook("USD")
        statement_document(found, book)
        said = "Cost less charge at agreed rates is +$200: no team is charged the difference."
        assert said in map(read, remarks(book, found))

    def test_agreed_rates_above_cost_are_told_too(self):
        """200 hours at 4 are 800 for what costs 600.10: what the team is charged beyond it is not what nobody pays."""
        book, found = FigureBook("USD"), shown(rates=[Rate("gpu", "GPU hour", Decimal(4), "USD")])
        statement_document(found, book)
        said = "Cost less charge at agreed rates is −$200: the team is charged more than it cost."
        assert said in map(read, remarks(book, found))

    def test_amounts_to_the_cent_that_do_not_add_up_say_so(self):
        """Three times 0.334 is 1.002: shown, three times 33 cents are 99 cents under a total of 1.00."""
        lines = [Cost("direct", name, Decimal("0.334")) for name in "abc"]
        told = "Each amount is rounded by itself and each sum once: added up as shown, amounts can be a cent off."
        assert told in map(read, texts_of(made(shown(*lines)).pages[0]))
        assert told not in map(read, texts_of(made(shown()).pages[0]))

    def test_lines_that_share_a_row_are_added_before_they_are_rounded(self):
        """Ten of 0.004 in one row are 0.04, as in the total; by themselves each would be nothing."""
        lines = [*(Cost("direct", f"large {at}", Decimal(1)) for at in range(12)),
                 *(Cost("direct", f"small {at}", Decimal("0.004")) for at in range(10))]  # fmt: skip
        page = made(shown(*lines)).pages[0]
        assert not [text for text in map(read, texts_of(page)) if "rounded by itself" in text]

    def test_where_no_charge_is_known_none_is_claimed(self):
        page = made(shown(Cost("direct", "new", None, unknown=3), Cost("shared", "gpu", None, unknown=1))).pages[0]
        assert read(page.title) == "What Search is charged for Sep 2026 is unknown"
        (kpis,) = [block for block in flat(page.blocks) if isinstance(block, Kpis)]
        assert [kpi.value.shown for kpi in kpis.kpis] == ["unknown", "unknown"]
        (lines, *_) = [block for block in flat(page.blocks) if isinstance(block, Table)]
        assert [read(row[-1]) for row in lines.rows] == ["unknown"] * 3
        (chart,) = [block.chart for block in flat(page.blocks) if isinstance(block, Exhibit)]
        assert chart.caption.title == "No line of Search has a known charge"
        assert [bar.amount for bar in chart.bars] == [None, None]

    def test_an_unknown_line_is_drawn_as_unknown(self):
        (chart,) = [
            block.chart
            for block in flat(made(shown(*COSTS, Cost("direct", "new", None, unknown=3))).pages[0].blocks)
            if isinstance(block, Exhibit)
        ]
        assert {bar.name: bar.amount for bar in chart.bars}["new"] is None
        assert chart.caption.title == "gpu is the largest line of Search"

    def test_unknown_costs_are_counted(self):
        found = shown(Cost("direct", "new", None, unknown=3))
        book = FigureBook("USD")
        statement_document(found, book)
        assert read(remarks(book, found)[0]).startswith("3 line items have no known cost yet")

    def test_a_reader_may_word_it(self):
        book = FigureBook("USD", {"title": "{team}: {charge}"})
        found = shown()
        statement_document(found, book)
        assert title(book, found).text == "Search: $1.00K"
