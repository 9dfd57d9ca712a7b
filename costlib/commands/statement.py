"""The showback statement of a team and billing month, at cost or at agreed internal rates."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from costlib import money
from costlib.attribution.rates import read_rates
from costlib.attribution.read import billed_elsewhere, check_month, lacking_bills, read_statement
from costlib.attribution.showback import KIND_TITLES, Cost, Statement, StatementLine
from costlib.briefs.words.left_out import absence_words, left_out_words, statement_elsewhere_words
from costlib.briefs.words.rounding import rounding_words
from costlib.commands.options import CurrencyOption, JsonOption, StoreOption, existing, month, named, named_path
from costlib.commands.output import print_json, print_table, say
from costlib.focus import EFFECTIVE, MEASURE_NAMES
from costlib.periods import Grain, Window, add_months, period_name
from costlib.store.question import cost_measure


def statement(
    context: typer.Context,
    team: Annotated[str, typer.Option(parser=named, help="The team, as attribution names it.")],
    month: Annotated[date, typer.Option(parser=month, metavar="YYYY-MM", help="The billing month, such as 2026-09.")],
    rates: Annotated[
        Path | None, typer.Option(parser=named_path, help="Agreed internal rates, YAML.", show_default="at cost")
    ] = None,
    currency: CurrencyOption = None,
    measure_name: Annotated[str, typer.Option("--measure", help="Cost measure.")] = EFFECTIVE,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """What a team is shown for a billing month: direct, shared by pool, idle by policy, and what nobody is charged."""
    space = existing(context, store)
    reader = space.snapshot().reader
    check_month(reader, month)
    found = read_statement(
        reader,
        team,
        month,
        space.rules().shared,
        read_rates(rates) if rates else (),
        currency=currency,
        measure=cost_measure(measure_name),
    )
    apart = billed_elsewhere(reader, found.team, month, found.currency, found.measure)
    if as_json:
        print_json(statement_document(found) | {"other_currencies": {code: money.exact(cost) for code, cost in apart}})
        return
    _print(found)
    lacking = lacking_bills(reader, found.team, Window(month, add_months(month, 1)))
    lacking_words = absence_words([one.told for one in lacking])
    elsewhere = statement_elsewhere_words(found.team, apart, month)
    for said in filter(None, [*_remarks(found), lacking_words, elsewhere]):
        say(said)


def statement_document(found: Statement) -> dict[str, object]:
    """The statement as one JSON document; amounts are exact decimal strings, None where unknown."""
    return {
        "team": found.team,
        "month": f"{found.month:%Y-%m}",
        "currency": found.currency,
        "measure": found.measure,
        "lines": [_line(line) for line in found.lines],
        "cost": money.exact(found.cost),
        "charge": money.exact(found.charge),
        "rate_variance": money.exact(found.rate_variance),
        "unknown_line_items": found.unknown,
        "not_charged": [_cost(cost) for cost in found.not_charged],
    }


def _line(line: StatementLine) -> dict[str, object]:
    rate = money.exact(line.rate.rate) if line.rate else None
    return {**_cost(line.cost), "rate": rate, "charge": money.exact(line.charge)}


def _cost(cost: Cost) -> dict[str, object]:
    return {
        "kind": cost.kind,
        "name": cost.name,
        "quantity": money.exact(cost.quantity),
        "unit": cost.unit,
        "cost": money.exact(cost.amount),
    }


def _print(found: Statement) -> None:
    title = f"{found.team}, {period_name(found.month, Grain.MONTH)}, {MEASURE_NAMES.get(found.measure, found.measure)}"
    table = Table("", "", "Cost", "Charge", title=title)
    for line in found.lines:
        table.add_row(
            KIND_TITLES[line.cost.kind], line.cost.name or "", *_amounts(line.cost.amount, line.charge, found)
        )
    table.add_section()
    table.add_row("Total", "", *_amounts(found.cost, found.charge, found))
    if found.rate_variance:
        table.add_row("Rate variance", "", "", money.full(found.rate_variance, found.currency))
    for cost in found.not_charged:
        table.add_row(f"{KIND_TITLES[cost.kind]}, all teams", cost.name or "", *_amounts(cost.amount, None, found)[:1])
    print_table(table)


def _remarks(found: Statement) -> list[str]:
    """What its sums are made without, and why amounts to the cent may not add up to them."""
    columns = [line.cost.amount for line in found.lines], [line.charge for line in found.lines]
    return [left_out_words(found.unknown, found.measure), rounding_words(columns)]


def _amounts(cost: Decimal | None, charge: Decimal | None, found: Statement) -> list[str]:
    return [money.full(cost, found.currency), money.full(charge, found.currency)]
