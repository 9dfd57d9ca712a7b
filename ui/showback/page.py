"""What Showback shows: a team's statement for a billing month, its course, and how all statements tie to the bill."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property

import streamlit as st

from costlib import money
from costlib.analysis.trend import Amount
from costlib.attribution.read import billed_elsewhere, read_statement
from costlib.attribution.showback import Cost, Rate, Statement, StatementLine
from costlib.briefs.words.allocation import KIND_NAMES, showback_finding
from costlib.briefs.words.dispute import hours
from costlib.briefs.words.left_out import other_currency_words, statement_elsewhere_words
from costlib.briefs.words.rounding import rounding_words
from costlib.charts.csv_file import harmless
from costlib.charts.spec import Caption, Segment, StackedColumns
from costlib.charts.timeline import Periods
from costlib.focus import COST_KIND, COST_KINDS, MONTH
from costlib.periods import Grain, Window, add_months, period_name
from costlib.store.other_currencies import InCurrency
from costlib.store.question import Filter
from costlib.wording import capital
from ui.dispute.page import months_of
from ui.guard import Page
from ui.other_bills import by_bill_words
from ui.selection import ALL_SPEND, Selection, choose_currency, choose_measure
from ui.status import bill_words

AT_COST, AT_RATES = "At cost", "At agreed rates"
MONTHS_SHOWN = 12
HEADER = ("What", "Kind", "Quantity", "Rate", "Cost", "Charge")
CSV_HEADER = ("Team", "Month", "Kind", "Name", "Quantity", "Unit", "Rate", "Cost", "Charge", "Currency")
TIE_HEADER = ("Team", "Cost", "Charge", "Cost less charge")
_TEAM = "x_Team"


@dataclass(frozen=True)
class Choices:
    """What the reader chose: whose statement, of which billing month, at cost or at agreed rates."""

    team: str
    month: date
    at_rates: bool
    selection: Selection

    @property
    def month_name(self) -> str:
        """The month as it stands in a sentence."""
        return period_name(self.month, Grain.MONTH)


def choose_statement(page: Page, teams: Sequence[str], has_rates: bool) -> Choices:
    """The choices of the page, each bound to the address; the newest whole month first."""
    months = months_of(page.window, page.missing)
    index = 1 if len(months) > 1 and page.window.end < add_months(months[0], 1) else 0
    with st.container(horizontal=True, vertical_alignment="bottom", key="statement-choices"):
        team = st.selectbox("Team", teams, key="team", bind="query-params", width=240) or teams[0]
        month = st.selectbox(
            "Billing month",
            [f"{one:%Y-%m}" for one in months],
            index=index,
            format_func=lambda text: period_name(date.fromisoformat(f"{text}-01"), Grain.MONTH),
            key="month",
            bind="query-params",
            width=160,
        )
        charged = st.segmented_control(
            "Charge",
            (AT_COST, AT_RATES) if has_rates else (AT_COST,),
            default=AT_COST,
            required=True,
            key="charge",
            bind="query-params",
            help="Agreed rates are kept under Settings; what cost and charges differ by is always shown.",
        )
        measure = choose_measure()
        currency = choose_currency(page)
    start = date.fromisoformat(f"{month}-01") if month else months[index]
    return Choices(team, start, charged == AT_RATES, Selection(page, ALL_SPEND, measure, currency))


class Showback:
    """The figures of one run of the page."""

    def __init__(self, choices: Choices, teams: Sequence[str], rates: Sequence[Rate]) -> None:
        self.choices, self.teams = choices, teams
        self.rates = rates if choices.at_rates else ()
        self.pools = choices.selection.page.workspace.rules().shared
        self.currency = choices.selection.currency
        self.statement = self._statement(choices.team)

    def finding(self) -> str:
        """The answer on top of the page."""
        if self._elsewhere and not self.statement.lines:
            return f"{self.choices.team} has no cost in {self.currency} in {self.choices.month_name}"
        parts = {kind: self.statement.sum_of(kind) for kind in COST_KINDS if self.statement.of(kind)}
        return showback_finding(self.choices.team, self.choices.month_name, self.statement.charge, parts, self.currency)

    def rows(self) -> list[list[str]]:
        """The header, rows of the statement, its sums, and what cost and charges differ by."""
        rows = [self._row(line) for line in self.statement.lines]
        cost, charge = self._money(self.statement.cost), self._money(self.statement.charge)
        rows.append(["Sum", "", "", "", cost, charge])
        if self.statement.rate_variance:
            rows.append(["Cost less charge", "", "", "", self._money(self.statement.rate_variance), ""])
        shown = [any(row[place] for row in rows) for place in range(len(HEADER))]
        return [[cell for cell, there in zip(row, shown, strict=True) if there] for row in (list(HEADER), *rows)]

    def _row(self, line: StatementLine) -> list[str]:
        cost = line.cost
        quantity = f"{hours(cost.quantity, 2)} {cost.unit}s" if cost.quantity is not None else ""
        rate = f"{money.full(line.rate.rate, line.rate.currency)} a {line.rate.unit}" if line.rate else ""
        return [
            cost.name or "without a name",
            KIND_NAMES[cost.kind],
            quantity,
            rate,
            self._money(cost.amount),
            self._money(line.charge),
        ]

    def rounding(self) -> str:
        """That lines of the statement, rounded one by one, are not exactly their sums; nothing where they are."""
        lines = self.statement.lines
        return rounding_words([[line.cost.amount for line in lines], [line.charge for line in lines]])

    @cached_property
    def statements(self) -> list[Statement]:
        """The statement of every team in the month."""
        return [self.statement if team == self.choices.team else self._statement(team) for team in self.teams]

    def tie_rows(self) -> list[list[str]]:
        """Rows that lead from all statements to the bill of the month, differences shown."""
        made = sorted((one for one in self.statements if one.lines), key=lambda one: -(one.cost or 0))
        rows = [self._tie(one.team, one.cost, one.charge) for one in made]
        rows += [[_nobody(one), self._money(one.amount), "not charged", ""] for one in self.statement.not_charged]
        stated, bill, called = self.stated, self.bill, self._called
        rows.append(["All statements and what nobody pays", self._money(stated), "", ""])
        rows.append([f"{capital(called)}, line by line", self._money(bill), "", ""])
        return [*rows, ["Difference", self._money(money.difference(stated, bill)), "", ""]]

    def tie_finding(self) -> str:
        """Whether all statements, and what nobody pays, come to the month's bill."""
        apart = money.difference(self.stated, self.bill)
        if apart is None:
            return "What the month's bill comes to is unknown under this measure"
        if money.cents(apart):
            return f"The statements do not add up to {self._called}: {self._money(apart)} apart"
        return f"All statements add up to {self._called}"

    def tie_rounding(self) -> str:
        """That statements, rounded one by one, are not exactly their sum; nothing where they are."""
        nobody = [one.amount for one in self.statement.not_charged]
        return rounding_words([[*(one.cost for one in self.statements), *nobody]])

    @property
    def _called(self) -> str:
        return bill_words(self.choices.selection.page, self.currency)

    @property
    def stated(self) -> Amount:
        """The cost of all statements, and what nobody pays."""
        costs = [line.cost.amount for one in self.statements for line in one.lines]
        amounts = [*costs, *(one.amount for one in self.statement.not_charged)]
        return money.total(amounts) if amounts else Decimal(0)

    @cached_property
    def bill(self) -> Amount:
        """The month's bill, summed line by line."""
        rows = self._of_month.line_by_line()
        return money.total(row.amount for row in rows) if rows else Decimal(0)

    def chart(self) -> StackedColumns:
        """The team's cost by billing month and kind, from the first month that it had any."""
        months = [add_months(self.choices.month, back) for back in range(1 - MONTHS_SHOWN, 1)]
        selection = self.choices.selection.narrowed(Filter(_TEAM, (self.choices.team,)))
        found = {row.values: row.amount for row in selection.ask((MONTH, COST_KIND))}
        held = {str(month) for month, _ in found}
        first = next((at for at, month in enumerate(months) if month.isoformat() in held), -1)
        months = months[first:]
        kinds = [kind for kind in COST_KINDS if any((month.isoformat(), kind) in found for month in months)]
        nothing = {month: None if month in selection.page.missing else Decimal(0) for month in months}
        segments = [
            Segment(
                KIND_NAMES[kind], tuple(found.get((month.isoformat(), kind), none) for month, none in nothing.items())
            )
            for kind in kinds or COST_KINDS[:1]
        ]
        basis, window = selection.basis, Window(months[0], add_months(months[-1], 1))
        subtitle = basis.subtitle(f"{self.choices.team} by billing month", window)
        caption = Caption(self._charted(), subtitle, basis.source)
        axis = Periods(tuple(months), Grain.MONTH, data_until=basis.data_date)
        return StackedColumns(caption, axis, self.currency, tuple(segments))

    def _charted(self) -> str:
        """What the chart shows: cost, also where the statement is one at agreed rates."""
        cost, charge = self._money(self.statement.cost), self._money(self.statement.charge)
        if cost == charge:
            return self.finding()
        return f"{self.choices.team} cost {cost} in {self.choices.month_name} and is charged {charge} at agreed rates"

    def other_currencies(self) -> str:
        """What the month's bills in other currencies hold, of all teams; nothing where there are none."""
        month = Window(self.choices.month, add_months(self.choices.month, 1))
        return other_currency_words(self._of_month.other_currencies(), month, self.choices.selection.page.today)

    def statement_elsewhere(self) -> str:
        """That the team has statements in other currencies too; nothing where it has none."""
        told = statement_elsewhere_words(self.choices.team, self._elsewhere, self.choices.month)
        return f"{told}: choose the currency above." if told else ""

    def on_other_bills(self) -> str:
        """What of the months shown was used in another month than its bill is of; nothing where nothing was."""
        month = self.choices.month
        shown = Window(add_months(month, 1 - MONTHS_SHOWN), add_months(month, 1))
        return by_bill_words(self.choices.selection.narrowed(Filter(_TEAM, (self.choices.team,))), shown)

    @cached_property
    def _elsewhere(self) -> tuple[InCurrency, ...]:
        selection = self.choices.selection
        reader, own = selection.page.snapshot.reader, (self.choices.team, self.choices.month)
        return billed_elsewhere(reader, *own, self.currency, selection.measure)

    def csv_text(self) -> str:
        """The statement as CSV with exact amounts, that no spreadsheet takes for formulas."""
        text = io.StringIO()
        writer = csv.writer(text)
        selection = self.choices.selection
        made_of = (selection.measure, selection.page.today.isoformat())
        writer.writerow([*CSV_HEADER, "Measure", "Data date"])
        for line in self.statement.lines:
            cost, rate = line.cost, line.rate.rate if line.rate else None
            cells = (self.choices.team, f"{self.choices.month:%Y-%m}", cost.kind, cost.name)
            figures = (money.exact(cost.quantity), cost.unit, money.exact(rate))
            amounts = (money.exact(cost.amount), money.exact(line.charge), self.currency)
            writer.writerow([harmless(cell) for cell in (*cells, *figures, *amounts, *made_of)])
        return text.getvalue()

    def _statement(self, team: str) -> Statement:
        selection = self.choices.selection
        return read_statement(
            selection.page.snapshot.reader,
            team,
            self.choices.month,
            self.pools,
            self.rates,
            currency=self.currency,
            measure=selection.measure,
        )

    @property
    def _of_month(self) -> Selection:
        """All that the month's bills charge."""
        return self.choices.selection.narrowed(Filter(MONTH, (self.choices.month.isoformat(),)))

    def _tie(self, name: str, cost: Amount, charge: Amount) -> list[str]:
        return [name, self._money(cost), self._money(charge), self._money(money.difference(cost, charge))]

    def _money(self, amount: Amount) -> str:
        return money.full(amount, self.currency)


def _nobody(cost: Cost) -> str:
    """What nobody pays, by kind and pool."""
    return f"{KIND_NAMES[cost.kind]} of {cost.name}" if cost.name else KIND_NAMES[cost.kind]
