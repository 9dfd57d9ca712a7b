"""What has no owner: the biggest items, and the rules that would place them."""

from __future__ import annotations

import streamlit as st
import yaml

from costlib import money
from costlib.attribution.read import read_items
from costlib.attribution.suggest import Item, Suggestion, biggest, suggestions
from costlib.focus import CURRENCY
from costlib.periods import Window
from costlib.store.question import Filter, Question
from ui.markdown import literal
from ui.navigation import page_of
from ui.rules.saving import ASKED
from ui.selection import Selection
from ui.tables import words_table

SHOWN, SUGGESTED = 10, 4
ITEM_HEADER = ("Resource", "Cost", "Line items", "Service", "Account")


class Unowned:
    """The unallocated items of one run of the page, and rules that would place them."""

    def __init__(self, selection: Selection, window: Window) -> None:
        self.selection, self.window = selection, window
        own = self._items(selection.conditions)
        everything = self._items((Filter(CURRENCY, (selection.currency,)),))
        self.items = biggest(own, SHOWN)
        self.left = money.exact_sum(item.amount for item in own if item.team is None)
        without = [item for item in own if item.team is None]
        owned = [item for item in everything if item.team is not None]
        self.suggestions = suggestions([*owned, *without], self._models())[:SUGGESTED]

    def _items(self, filters: tuple[Filter, ...]) -> list[Item]:
        selection = self.selection
        question = Question(measure=selection.measure, window=self.window, filters=filters)
        return read_items(selection.page.snapshot.reader, question)

    def _models(self) -> list[tuple[str, str]]:
        rows = self.selection.page.snapshot.reader.ask(Question(by=("x_Model", "x_Team")))
        return [(str(row.values[0]), str(row.values[1])) for row in rows if None not in row.values]

    def rows(self) -> list[list[str]]:
        """A row an item, the largest first."""
        return [
            [
                item.resource or "no resource",
                money.full(item.amount, self.selection.currency),
                money.count(item.line_items),
                item.service or "",
                item.account or "",
            ]
            for item in self.items
        ]

    def finding(self) -> str:
        """How much the rules leave without a team, and what rules would place of it."""
        currency = self.selection.currency
        if not self.items:
            return "Outside shared pools, rules give every cost to a team"
        placed = money.exact_sum(one.amount for one in self.suggestions)
        left = f"{money.short(self.left, currency)} outside shared pools has no team"
        return f"{left}; suggested rules would place {money.short(placed, currency)} of it" if placed else left


def unowned_panel(selection: Selection, window: Window) -> None:
    """Draw the biggest unallocated items, each suggested rule with the way to try it, and one for any item."""
    found = Unowned(selection, window)
    with st.container(border=True, key="unowned"):
        st.header(literal(found.finding()), anchor=False)
        if not found.items:
            return
        caption = selection.basis.subtitle("Largest items without a team", window)
        words_table(caption, ITEM_HEADER, found.rows(), "unowned-items")
        for one in found.suggestions:
            _suggestion(selection, one)
        _own_rule(selection, found)


def _suggestion(selection: Selection, one: Suggestion) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        amount = money.short(one.amount, selection.currency)
        st.write(literal(f"Give {amount} to {one.team}: {one.reason}, {money.count(one.line_items)} line items"))
        try_link(one.rule)


def _own_rule(selection: Selection, found: Unowned) -> None:
    """A rule for an item that no suggestion fits."""
    teams = [team for team in selection.page.snapshot.reader.values("x_Team") if team]
    names = [_named(item) for item in found.items]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        name = st.selectbox("Item without a team", names, key="own-item", width=420)
        team = st.selectbox("Give it to", teams, key="own-team", accept_new_options=True, index=None, width=220)
        if team:
            try_link(item_rule(found.items[names.index(name or names[0])], team))


def _named(item: Item) -> str:
    parts = (item.resource or "no resource", item.service, item.account)
    return ", ".join(part for part in parts if part)


def item_rule(item: Item, team: str) -> str:
    """A rule for one item, as an entry of the rule file: by its resource, else by account and service."""
    when = (
        {"ResourceId": item.resource}
        if item.resource
        else {
            "SubAccountName": item.account or "",
            "ServiceName": item.service or "",
            "ResourceId": "",
        }
    )
    entry = [{"name": f"{team}: {_named(item)}", "when": when, "set": {"x_Team": team}}]
    return yaml.safe_dump(entry, sort_keys=False, allow_unicode=True, width=100_000)


def try_link(rule: str) -> None:
    """A link to the editor with the rule filled in among the last ones; nothing is saved by following it."""
    st.page_link(page_of("settings"), label="Try this rule", query_params={ASKED: rule})
