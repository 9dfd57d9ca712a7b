"""Tag hygiene: which resources lack which tag, which spellings mean the same, what that hides in money, and the fix.

A resource lacks a tag where it carries none of the keys that the rules read for it, such as team, squad or owner_team.
"""

from __future__ import annotations

import streamlit as st

from costlib import money
from costlib.attribution.conditions import tag
from costlib.attribution.hygiene import Missing, Tagged, Variants, missing, variants
from costlib.attribution.rules import RuleSet, TagValue, spelled
from costlib.briefs.words.allocation import hygiene_finding
from costlib.periods import Window
from costlib.store.cube import RESOURCE_PARTS
from costlib.store.question import conditions_of, measure
from ui.markdown import literal
from ui.selection import Selection
from ui.tables import words_table

SHOWN = 10
MISSING_HEADER = ("Tag", "Resources without it", "Cost behind them", "Of the spend shown", "The fix")
VARIANT_HEADER = ("Tag", "Most used spelling", "Other spellings", "Cost under the others", "The fix")
HYGIENE_HELP = (
    "Rules find an owner for much of what lacks a tag; the tag itself would make it certain. Spellings that differ by "
    "case, blanks or a slip of the pen are shown together."
)
#: Dimensions whose tags are looked at.
_TAGGED = ("x_Team", "x_Model", "x_Environment", "x_Stage")
#: What AWS writes before a tag that a user has set.
_USER = "user_"


class Hygiene:
    """What lacks which tag, and which spellings mean the same, under one selection."""

    def __init__(self, selection: Selection, rules: RuleSet, window: Window) -> None:
        self.selection, self.window = selection, window
        self._dimensions = {keys[0].removeprefix(_USER): dimension for dimension, keys in tag_keys(rules).items()}
        tags = [row for keys in tag_keys(rules).values() for row in tagged(selection, keys, window)]
        carried = {one.key for one in tags if one.value is not None}
        self.missing: list[Missing] = missing([one for one in tags if one.key in carried], 1)
        names = {key: spelled(rules.names.get(dimension, {})) for key, dimension in self._dimensions.items()}
        self.variants: list[Variants] = variants(tags, names)

    def finding(self) -> str:
        """The tag that hides most money."""
        if not self.missing:
            return "No resource here lacks a tag that the others carry"
        first = self.missing[0]
        return hygiene_finding(first.key, first.resources, first.amount, first.total, self.selection.currency)

    def missing_rows(self) -> list[list[str]]:
        """A row a tag."""
        return [
            [
                one.key,
                money.count(one.resources),
                money.full(one.amount, self.selection.currency),
                money.percent(money.ratio(one.amount, one.total)),
                one.fix,
            ]
            for one in self.missing
        ]

    def variant_rows(self) -> list[list[str]]:
        """A row a group of spellings, the one that hides most money first."""
        return [
            [
                one.key,
                one.name,
                ", ".join(spelling for spelling, _ in one.spellings[1:]),
                money.full(one.hidden, self.selection.currency),
                self._fix(one),
            ]
            for one in self.variants[:SHOWN]
        ]

    def _fix(self, one: Variants) -> str:
        fix = " ".join(one.fix(self._dimensions[one.key]).split())
        return f"Add to the rule file: {fix}" if fix else "Rules read them as one; correct the tag at its source"


def tag_keys(rules: RuleSet) -> dict[str, list[str]]:
    """The tags that rules read for each dimension, the first one first."""
    found: dict[str, list[str]] = {}
    for rule in rules.rules:
        for dimension, value in rule.set.items():
            if isinstance(value, TagValue) and dimension in _TAGGED:
                keys = found.setdefault(dimension, [])
                keys += [key for key in value.tag if key not in keys]
    return found


def tagged(selection: Selection, keys: list[str], window: Window) -> list[Tagged]:
    """Cost by resource and value of the first of the keys that it carries (None: it carries none of them)."""
    where, parameters = conditions_of(selection.conditions, window)
    rows = selection.page.snapshot.reader.rows(
        f"SELECT {tag(keys)} AS value, ResourceId, SubAccountName, ServiceName, "
        f"SUM({measure(selection.measure)}) AS amount "
        f"FROM {RESOURCE_PARTS} {where} GROUP BY ALL HAVING amount IS NOT NULL ORDER BY ALL",
        parameters,
    )
    return [Tagged(keys[0].removeprefix(_USER), *row) for row in rows]


def hygiene_panel(selection: Selection, rules: RuleSet, window: Window) -> None:
    """Draw what lacks which tag and which spellings mean the same."""
    found = Hygiene(selection, rules, window)
    with st.container(border=True, key="hygiene"):
        st.header(literal(found.finding()), anchor=False, help=HYGIENE_HELP)
        if found.missing:
            caption = selection.basis.subtitle("Resources without a tag that rules read", window)
            words_table(caption, MISSING_HEADER, found.missing_rows(), "missing-tags")
        if found.variants:
            words_table("Spellings that mean the same", VARIANT_HEADER, found.variant_rows(), "spellings")
