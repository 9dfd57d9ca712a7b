"""What Allocation shows: spend by owner and kind of cost, its coverage, and the check against the bill."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

import streamlit as st

from costlib import money
from costlib.analysis.trend import Amount
from costlib.attribution.coverage import Coverage, Owned, coverage
from costlib.briefs.exhibits import segment_name
from costlib.briefs.words.allocation import (
    KIND_HELP,
    KIND_NAMES,
    LEVEL_HELP,
    allocation_finding,
    below,
    identity_words,
    in_cents,
    level_words,
)
from costlib.briefs.words.findings import part_of, when
from costlib.briefs.words.rounding import rounding_words
from costlib.charts.spec import MOST_ROWS, OTHER, Caption, HeatTable, Measure
from costlib.focus import COST_KIND, IDLE, POOL, label
from costlib.periods import Window
from ui.cards import Card
from ui.exhibit import Exhibit, draw
from ui.guard import Page
from ui.markdown import literal
from ui.selection import Selection
from ui.span import choose_window
from ui.status import bill_words

DIMENSIONS = ("x_BusinessUnit", "x_Team", "x_Model", "x_Stage")
FILTERED = ("x_BusinessUnit", "x_Team", "x_Model", "x_Stage", "ServiceName", "SubAccountName")


@dataclass(frozen=True)
class Choices:
    """What the reader chose: whose spend the rows of the heat table are, over which days."""

    dimension: str
    window: Window


def choose_view(page: Page) -> Choices:
    """The choices of the page, each bound to the address."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        dimension = st.selectbox(
            "Rows", DIMENSIONS, index=1, format_func=label, key="by", bind="query-params", width=200
        )
        window = choose_window(page, "3 months")
    return Choices(dimension or DIMENSIONS[1], window)


class Allocation:
    """The figures of one run of the page, under one selection and one set of choices."""

    def __init__(self, selection: Selection, choices: Choices) -> None:
        self.selection, self.choices = selection, choices
        self.rows = selection.ask((*DIMENSIONS, COST_KIND), choices.window)

    @property
    def is_known(self) -> bool:
        """Whether any amount is known under the chosen measure."""
        return any(row.amount is not None for row in self.rows)

    @cached_property
    def coverage(self) -> Coverage:
        """Spend by kind, and how much of it has an owner."""
        return coverage([Owned(str(row.values[-1]), row.values[1], row.amount) for row in self.rows])

    def finding(self) -> str:
        """The answer on top of the page."""
        what, currency, period = self.selection.subject, self.selection.currency, when(self.choices.window)
        if not self.rows:
            return f"There is no {what} {period} under these choices"
        if self.is_known and self.coverage.total <= 0:
            owner = self._largest_owner()
            most = f"; {owner[0]} owns most of the spend" if owner and owner[1] and owner[1] > 0 else ""
            return f"Credits outweigh {what} {period}, so no share of it can be called allocated{most}"
        share = self.coverage.share if self.is_known else None
        return allocation_finding(what, currency, share, period, self.without_owner(), self._largest_owner())

    def without_owner(self) -> list[tuple[str, Amount]]:
        """What has no owner, largest first: idle capacity by pool, the rest by pool or account."""
        rows = self.selection.ask((COST_KIND, POOL, "SubAccountName", "x_Team"), self.choices.window)
        found: defaultdict[str, Decimal] = defaultdict(Decimal)
        for row in rows:
            if row.values[3] is None and row.amount is not None:
                found[_place(row.values)] += row.amount
        ordered = sorted(found.items(), key=lambda pair: (-abs(pair[1]), pair[0]))
        return [(name, amount) for name, amount in ordered if amount]

    def cards(self) -> list[Card]:
        """Coverage with its level, and the four kinds of cost."""
        found, currency = self.coverage, self.selection.currency
        known = self.is_known
        share = found.share if known else None
        level = level_words(found.level, found.missing, currency) if share is not None else "no share to tell"
        told = money.UNKNOWN if share is None else money.percent(share) if share >= 1 else below(share)
        kinds = [
            Card(
                KIND_NAMES[kind],
                money.short(amount if known else None, currency),
                None,
                _share(amount, found.total) if known else "not in this measure",
                KIND_HELP,
            )
            for kind, amount in found.kinds.items()
        ]
        return [Card("Allocated", told, None, level, LEVEL_HELP), *kinds]

    def identity(self) -> str:
        """The four kinds against the bill, to the cent."""
        currency = self.selection.currency
        return identity_words(self.coverage.kinds, self.bill(), currency, bill_words(self.selection.page, currency))

    def bill(self) -> Amount:
        """The same spend summed line by line, below the cube and before it is summed by kind."""
        return money.total(row.amount for row in self.selection.line_by_line(self.choices.window))

    def heat(self) -> HeatTable:
        """Spend by owner and kind of cost."""
        basis, dimension = self.selection.basis, self.choices.dimension
        names, values = self._ranked()
        what = f"{self.selection.subject} by {label(dimension).lower()} and kind of cost"
        caption = Caption(self.finding(), basis.subtitle(what, self.choices.window), basis.source)
        measure = Measure("Cost", currency=self.selection.currency)
        return HeatTable(caption, measure, names, tuple(KIND_NAMES.values()), values, label(dimension))

    def table(self) -> list[dict[str, Any]]:
        """Rows of the table: business unit, team, model and stage with each kind of cost, and their sum."""
        groups: defaultdict[tuple[str | None, ...], dict[str, Amount]] = defaultdict(dict)
        for row in self.rows:
            groups[row.values[:-1]][str(row.values[-1])] = row.amount
        ordered = sorted(groups.items(), key=lambda pair: -abs(money.exact_sum(pair[1].values())))
        rows = [_row(self._names(values), kinds) for values, kinds in ordered]
        everything = by_kind([kinds for _, kinds in ordered])
        known = {kind: amount for kind, amount in everything.items() if amount is not None}
        return [*rows, _row(["All", "", "", ""], {**everything, **in_cents(known)})]

    def rounding(self) -> str:
        """That cells of the table, rounded one by one, are not exactly their sums; nothing where they are."""
        kinds = [[row.amount for row in self.rows if row.values[-1] == kind] for kind in KIND_NAMES]
        return rounding_words([*kinds, [row.amount for row in self.rows]])

    def _names(self, values: Sequence[str | None]) -> list[str]:
        return [segment_name(dimension, value) for dimension, value in zip(DIMENSIONS, values, strict=True)]

    def _largest_owner(self) -> tuple[str, Amount] | None:
        found: defaultdict[str, Decimal] = defaultdict(Decimal)
        for row in self.rows:
            if row.values[1] is not None and row.amount is not None:
                found[row.values[1]] += row.amount
        return max(found.items(), key=lambda pair: pair[1], default=None)

    def _ranked(self) -> tuple[tuple[str, ...], tuple[tuple[Amount, ...], ...]]:
        """Names and amounts by kind of the rows of the heat table, largest first, the rest added up.

        A kind of which a row has no cost is 0 there, which is known.
        """
        place = DIMENSIONS.index(self.choices.dimension)
        sums: defaultdict[str | None, defaultdict[str, list[Amount]]] = defaultdict(lambda: defaultdict(list))
        for row in self.rows:
            sums[row.values[place]][str(row.values[-1])].append(row.amount)
        found = {name: {kind: money.total(one) for kind, one in kinds.items()} for name, kinds in sums.items()}
        ordered = sorted(found, key=lambda name: -abs(money.exact_sum(found[name].values())))
        shown = ordered if len(ordered) <= MOST_ROWS else ordered[: MOST_ROWS - 1]
        rest = [found[name] for name in ordered[len(shown) :]]
        names = [segment_name(self.choices.dimension, name) for name in shown] + ([OTHER] if rest else [])
        kinds = [found[name] for name in shown] + ([by_kind(rest)] if rest else [])
        return tuple(names), tuple(tuple(one.get(kind, Decimal(0)) for kind in KIND_NAMES) for one in kinds)


def by_kind(rows: Sequence[Mapping[str, Amount]]) -> dict[str, Amount]:
    """The sum of every kind that any row has; one that none has is left out, since it is 0 and not unknown."""
    held = dict.fromkeys(kind for one in rows for kind in one)
    return {kind: money.total(one[kind] for one in rows if kind in one) for kind in held}


def _place(values: Sequence[str | None]) -> str:
    kind, pool, account, _ = values
    if kind == IDLE:
        return f"idle capacity of {pool}"
    if pool is not None:
        return f"the part of {pool} that no driver could place"
    return f"account {account}" if account is not None else "spend without an account"


def _share(amount: Decimal, total: Decimal) -> str:
    """A kind's share of the whole; credits that outweigh spend leave none to tell."""
    share = money.ratio(amount, total)
    if share is None or total < 0:
        return "no share to tell"
    return f"{part_of(share)} of the whole"


def _row(names: Sequence[str], kinds: dict[str, Amount]) -> dict[str, Any]:
    amounts = {KIND_NAMES[kind]: _cents(kinds.get(kind, Decimal(0))) for kind in KIND_NAMES}
    total = _cents(money.total(kinds.values()))
    return dict(zip(map(label, DIMENSIONS), names, strict=True)) | amounts | {"Total": total}


def _cents(amount: Amount) -> float | None:
    return None if amount is None else float(money.cents(amount))


def owners_panel(found: Allocation) -> None:
    """Draw who owns what, by kind of cost: the heat table, and below it every owner with exact amounts."""
    draw(Exhibit(found.heat(), found.selection, found.choices.dimension), "allocation", titled=False)
    rows = found.table()
    amounts = (*KIND_NAMES.values(), "Total")
    st.dataframe(
        rows,
        column_config={name: st.column_config.NumberColumn(format="accounting") for name in amounts},
        hide_index=True,
        placeholder=money.UNKNOWN,
        key="owners",
        alt="Spend by business unit, team, model and stage, and by kind of cost",
    )
    if told := found.rounding():
        st.caption(literal(told))
