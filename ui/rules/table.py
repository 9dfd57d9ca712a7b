"""The rules in force as a table in the order in which they are tried, with the cost each decides."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import streamlit as st
import yaml

from costlib import money
from costlib.attribution.conditions import TAG_PREFIX
from costlib.attribution.rules import Rule, RuleSet, TagValue
from costlib.focus import CURRENCY, EFFECTIVE, LABELS, POOL, RULES
from costlib.periods import day_name
from costlib.store.question import Filter, Question
from costlib.store.reader import Reader

NEVER = "never"


@dataclass(frozen=True)
class Taken:
    """What a rule decides: cost in one currency, None where none of it is known, and line items."""

    amount: Decimal | None
    line_items: int


class RuleFigures:
    """What every rule and pool in force takes of the loaded bills, in one currency."""

    def __init__(self, reader: Reader, rules: RuleSet, text: str, currency: str) -> None:
        self.rules, self.currency = rules, currency
        self._own, self._fallback = _lengths(text)
        filters = (Filter(CURRENCY, (currency,)),)
        by_rule: defaultdict[int, list[Taken]] = defaultdict(list)
        self._tried = set()
        for row in reader.ask(Question(by=(RULES,), measure=EFFECTIVE)):
            for number in {int(one) for one in str(row.values[0]).split(",")}:
                self._tried.add(number)
                if row.currency == currency:
                    by_rule[number].append(Taken(row.amount, row.line_items))
        self.taken = {number: _sum(found) for number, found in by_rule.items()}
        pools = reader.ask(Question(by=(POOL,), measure=EFFECTIVE, filters=filters))
        self.pools = {str(row.values[0]): Taken(row.amount, row.line_items) for row in pools}

    @property
    def silent(self) -> list[str]:
        """Rules that decide nothing in any bill, in the order of the file."""
        numbers = range(1, self.rules.rule_count + 1)
        return [str(self.rules.rule_name(number)) for number in numbers if number not in self._tried]

    def finding(self) -> str:
        """How many rules are in force, and how many of them never match."""
        count, pools, idle = self.rules.rule_count, len(self.rules.shared), len(self.silent)
        shared = f" and {money.counted(pools, 'shared pool')}" if pools else ""
        says = f"{money.counted(count, 'rule')}{shared} {'says' if count == 1 and not pools else 'say'} who pays"
        if count == 1 and not pools:
            return f"{says}; it {'never matches' if idle else 'decides something'}"
        silent = "1 rule never matches" if idle == 1 else f"{idle} of the rules never match"
        return f"{says}; {silent if idle else 'every one of them decides something'}"

    def table(self) -> list[dict[str, Any]]:
        """A row a rule, then a row a pool, in the order in which they are tried."""
        rows = [self._row(number, rule) for number, rule in enumerate(self.rules.rules, 1)]
        for number, step in enumerate(self.rules.derive, len(self.rules.rules) + 1):
            values = f"{_name(step.dimension)} from {_name(step.source)}"
            rows.append(self._entry(number, values, "what no rule set", values, "derived"))
        for pool in self.rules.shared:
            found = self.pools.get(pool.name)
            when = " or ".join(conditions(one) for one in pool.match)
            rows.append(_line("", pool.name, when, f"split by {pool.driver}", "shared pool", found))
        return rows

    def _row(self, number: int, rule: Rule) -> dict[str, Any]:
        spans = [
            f"from {day_name(rule.start)}" if rule.start else "",
            f"before {day_name(rule.end)}" if rule.end else "",
        ]
        when = ", ".join(part for part in (conditions(rule.when), *spans) if part) or "every line item"
        sets = ", ".join(f"{_name(name)}: {_value(value)}" for name, value in rule.set.items())
        return self._entry(number, rule.name, when, sets, self._origin(number))

    def _entry(self, number: int, name: str, when: str, sets: str, origin: str) -> dict[str, Any]:
        found = self.taken.get(number) or (Taken(Decimal(0), 0) if number in self._tried else None)
        return _line(str(number), name, when, sets, origin, found)

    def _origin(self, number: int) -> str:
        if number <= self._own:
            return "yours"
        return "yours, last" if number > len(self.rules.rules) - self._fallback else "shipped"


def _line(number: str, name: str, when: str, sets: str, origin: str, found: Taken | None) -> dict[str, Any]:
    return {
        "No.": number,
        "Rule": name,
        "Cost decided": _shown(found.amount if found else Decimal(0)),
        "Line items": found.line_items if found else 0,
        "Matches": "yes" if found else NEVER,
        "When": when,
        "Sets": sets,
        "From": origin,
    }


def _shown(amount: Decimal | None) -> float | None:
    return None if amount is None else float(money.cents(amount))


def conditions(when: Mapping[str, Sequence[str]]) -> str:
    """Conditions in words, each pattern as it is written.

    >>> conditions({"tag:team": ["a", "b*"], "ServiceName": [""]})
    'tag team is a or b*; Service is not there'
    """
    return "; ".join(f"{_name(column)} {_patterns(patterns)}" for column, patterns in when.items())


def _patterns(patterns: Sequence[str]) -> str:
    given = [pattern for pattern in patterns if pattern]
    absent = ["is not there"] if len(given) < len(patterns) else []
    return " or ".join([f"is {' or '.join(given)}"] * bool(given) + absent)


def _name(column: str) -> str:
    return f"tag {column.removeprefix(TAG_PREFIX)}" if column.startswith(TAG_PREFIX) else LABELS.get(column, column)


def _value(value: TagValue | str) -> str:
    return f"the tag {' or '.join(value.tag)}" if isinstance(value, TagValue) else value


def _sum(found: Sequence[Taken]) -> Taken:
    return Taken(money.total(one.amount for one in found), sum(one.line_items for one in found))


def _lengths(text: str) -> tuple[int, int]:
    """How many rules of its own the file has, first ones and last ones."""
    document = yaml.safe_load(text)
    return tuple(len(document.get(name) or []) for name in ("rules", "fallback"))  # type: ignore[return-value]


def rules_table(figures: RuleFigures) -> None:
    """Draw the rules in order."""
    with st.container(border=True, key="rules-in-order"):
        st.header("Rules in the order in which they are tried", anchor=False)
        st.caption(
            "For each dimension the first rule that matches decides. One line item may be decided by several rules, "
            "one a dimension, so the costs here do not add up to the bill."
        )
        st.dataframe(
            figures.table(),
            hide_index=True,
            placeholder=money.UNKNOWN,
            key="rules",
            column_config={
                "Cost decided": st.column_config.NumberColumn(
                    format="accounting",
                    help=f"Effective cost, {figures.currency}; unknown where the bills do not say it",
                ),
                "Line items": st.column_config.NumberColumn(format="localized"),
            },
            alt="Rules in order, what they match, what they set and the cost they decide",
        )
