"""What Disputes shows: one pool and two teams, day by day, and what each way to split would charge."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

import streamlit as st

from costlib import money
from costlib.analysis.trend import Amount
from costlib.attribution.dispute import Dispute, DisputeDay, team_name
from costlib.attribution.pools import Pool
from costlib.attribution.read import read_dispute
from costlib.attribution.rules import RuleSet
from costlib.briefs.words.dispute import (
    NO_SPIKE,
    SPLIT_NAMES,
    charges_finding,
    dispute_finding,
    hour_words,
    spike_finding,
    spikes_left_out,
    unknown_finding,
)
from costlib.briefs.words.findings import when
from costlib.briefs.words.rounding import rounding_words
from costlib.charts.spec import Caption, Panel, Segment, SmallMultiples
from costlib.charts.timeline import Periods
from costlib.focus import EFFECTIVE, IDLE, POOL, UNALLOCATED
from costlib.periods import Grain, Window, add_months, day_name, month_start, period_name
from costlib.store.question import Filter
from costlib.store.reader import Reader
from ui.guard import Page
from ui.selection import ALL_SPEND, Selection

OTHERS, NOBODY = "Other teams", "Idle and unallocated"
SPIKES_SHOWN = 6


@dataclass(frozen=True)
class Choices:
    """What the reader chose: a pool, the two teams that quarrel over it, and the days."""

    pool: Pool
    teams: tuple[str, str]
    window: Window


def pools_of(rules: RuleSet) -> list[Pool]:
    """The pools that usage records drive: of others nobody can say who used what."""
    return [pool for pool in rules.shared if pool.usage is not None]


def choose_dispute(page: Page, pools: Sequence[Pool]) -> Choices | None:
    """The choices of the page, each bound to the address; None where the pool has fewer than two receivers."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        names = [pool.name for pool in pools]
        name = st.selectbox("Shared pool", names, key="pool", bind="query-params", width=220)
        pool = pools[names.index(name or names[0])]
        months = months_of(page.window, page.missing)
        month = st.selectbox(
            "Month",
            [f"{one:%Y-%m}" for one in months],
            format_func=lambda text: period_name(date.fromisoformat(f"{text}-01"), Grain.MONTH),
            key="month",
            bind="query-params",
            width=160,
        )
        teams = [team_name(one.key) for one in pool.receivers]
        if len(teams) < 2:
            return None
        one = st.selectbox("Team", teams, key="team-a", bind="query-params", width=220) or teams[0]
        rest = [team for team in teams if team != one]
        other = st.selectbox("Against", rest, key="team-b", bind="query-params", width=220) or rest[0]
    start = date.fromisoformat(f"{month}-01") if month else months[0]
    data = page.window
    return Choices(pool, (one, other), Window(max(start, data.start), min(add_months(start, 1), data.end)))


def months_of(data: Window, missing: Sequence[date] = (), most: int = 24) -> list[date]:
    """First days of the months of the data, newest first, without those of which no bill is loaded."""
    found: list[date] = []
    month = month_start(data.last)
    while month >= month_start(data.start) and len(found) < most:
        if month not in missing:
            found.append(month)
        month = add_months(month, -1)
    return found


class Quarrel:
    """The figures of one run of the page."""

    def __init__(self, page: Page, rules: RuleSet, choices: Choices) -> None:
        self.page, self.choices = page, choices
        self.currency = page.snapshot.reader.currencies()[0]
        key = (page.snapshot.state.generation, choices.pool.model_dump_json(), choices.window, self.currency)
        self.found = _found(key, rules.team_spellings, page.snapshot.reader, choices.pool)
        pool = Filter(POOL, (choices.pool.name,))
        self.selection = Selection(page, ALL_SPEND, EFFECTIVE, self.currency, (pool,))

    @property
    def swings(self) -> dict[str, Decimal]:
        """How much the choice of rule moves for each of the two teams."""
        return {team: self.found.swing(team) for team in self.choices.teams}

    def finding(self) -> str:
        """The answer on top of the page."""
        pool, period, swing = self.choices.pool.name, when(self.choices.window), max(self.swings.values())
        left_out = self.found.unknown
        return dispute_finding(pool, period, self.found.causes, self.choices.teams, swing, self.currency, left_out)

    def spike_lines(self) -> list[str]:
        """The largest spikes, in the order of the days, or that there is none; and of how many days nobody can say."""
        days = self.found.days
        left_out = spikes_left_out(sum(day.nodes is None for day in days), len(days))
        spikes = self.found.spikes
        if spikes is None:
            return [left_out]
        largest = sorted(spikes, key=lambda day: (-(day.step or 0), day.day))[:SPIKES_SHOWN]
        told = [self._spike(day) for day in sorted(largest, key=lambda day: day.day)]
        return [*(told or [NO_SPIKE]), *filter(None, [left_out])]

    def _spike(self, day: DisputeDay) -> str:
        added = day.teams[day.spike_by].added_at_peak if day.spike_by else None
        return spike_finding(day_name(day.day), day.peak_hour, day.step or 0, day.nodes or 0, day.spike_by, added)

    def chart(self) -> SmallMultiples:
        """What each way to split charges, day by day."""
        basis, window = self.selection.basis, self.choices.window
        swings = self.swings
        team = max(swings, key=lambda name: (swings[name], name == self.choices.teams[0]))
        title = charges_finding(self.found.known, team, self.currency)
        what = f"{self.choices.pool.name} by day, under each way to split"
        caption = Caption(title, basis.subtitle(what, window), basis.source)
        periods = Periods(tuple(day.day for day in self.found.days), Grain.DAY)
        told = [rule for rule in self.found.totals if self.found.unknown.get(rule) != len(self.found.days)]
        panels = tuple(Panel(SPLIT_NAMES[rule], self._segments(rule)) for rule in told)
        return SmallMultiples(caption, periods, self.currency, panels)

    def _segments(self, rule: str) -> tuple[Segment, ...]:
        charges = [day.charges[rule] for day in self.found.days]
        days = [None if one is None else self._parties(one) for one in charges]
        return tuple(
            Segment(name, tuple(None if day is None else day[name] for day in days), other=name == NOBODY)
            for name in (*self.choices.teams, OTHERS, NOBODY)
        )

    def _parties(self, charges: Mapping[str, Decimal]) -> dict[str, Decimal]:
        """The charges of a day by who pays: the two, the others, nobody."""
        nobody = money.exact_sum(charges.get(kind) for kind in (IDLE, UNALLOCATED))
        two = {team: charges.get(team, Decimal(0)) for team in self.choices.teams}
        others = [amount for name, amount in charges.items() if name not in (*two, IDLE, UNALLOCATED)]
        return {**two, OTHERS: money.exact_sum(others), NOBODY: nobody}

    def totals(self, in_force: str) -> tuple[list[str], list[list[str]]]:
        """Header and rows: what each way charges in sum, the one in force marked, and how much the choice moves."""
        header = ["Split by", *self.choices.teams, OTHERS, "Idle", "Unallocated", "Sum"]
        rows = []
        for rule in self.found.totals:
            amounts = self._amounts(rule)
            name = f"{SPLIT_NAMES[rule]} (in force)" if rule == in_force else SPLIT_NAMES[rule]
            whole = None if None in amounts else money.exact_sum(amounts)
            rows.append([name, *(money.full(amount, self.currency) for amount in (*amounts, whole))])
        moves = [money.full(self.swings[team], self.currency) for team in self.choices.teams]
        return header, [*rows, ["The choice moves", *moves, "", "", "", ""]]

    def unknown(self) -> str:
        """Which ways to split are unknown, and why; nothing where all are known."""
        return unknown_finding(self.found.unknown, len(self.found.days))

    def rounding(self) -> str:
        """That charges, rounded one by one, are not exactly their sums; nothing where they are."""
        return rounding_words(self._amounts(rule) for rule in self.found.totals)

    def _amounts(self, rule: str) -> list[Amount]:
        """What a way to split charges in sum: the two, the others, what is idle, what is unallocated."""
        charges = self.found.totals[rule]
        if charges is None:
            return [None] * (len(self.choices.teams) + 3)
        parties = self._parties(charges)
        payers = [parties[name] for name in (*self.choices.teams, OTHERS)]
        return [*payers, charges.get(IDLE, Decimal(0)), charges.get(UNALLOCATED, Decimal(0))]

    @cached_property
    def days(self) -> list[dict[str, Any]]:
        """A row a day: machines, busiest hour, what each side reserved and used, and who caused the spike."""
        return [self._day(day) for day in self.found.days]

    def _day(self, day: DisputeDay) -> dict[str, Any]:
        row: dict[str, Any] = {
            "Day": day_name(day.day),
            "Machines": day.nodes,
            "Change": _signed(day.step),
            "Busiest hour, UTC": hour_words(day.peak_hour),
            "Spike by": day.spike_by or _nobody(day.step),
        }
        for team in self.choices.teams:
            one = day.of(team)
            row[f"{team} reserved"] = _hours(one.reserved if one else None)
            row[f"{team} used"] = _hours(one.used if one else None)
            row[f"{team} at busiest hour"] = _hours(one.at_peak if one else None)
            row[f"{team} above quota"] = _hours(one.above_quota if one else None)
        others = money.exact_sum(one.reserved for team, one in day.teams.items() if team not in self.choices.teams)
        row["Others reserved"] = _hours(others if day.recorded else None)
        row["Idle"] = _hours(day.idle if day.recorded else None)
        row["Cost"] = float(money.cents(day.cost))
        return row


@st.cache_data(max_entries=32, show_spinner=False)
def _found(key: tuple[str, str, Window, str], spelled: dict[str, str], _reader: Reader, _pool: Pool) -> Dispute:
    """The days of the pool; the key names the state of the bills, the pool, the window and the currency."""
    *_, window, currency = key
    return read_dispute(_reader, _pool, window, spelled, currency, EFFECTIVE)


def _nobody(step: int | None) -> str:
    """Who caused a day's spike where no team did: nobody, nothing without a spike, unknown where that is."""
    return money.UNKNOWN if step is None else "nobody" if step > 0 else ""


def _signed(step: int | None) -> str:
    """A change of the number of machines, with its sign."""
    return money.UNKNOWN if step is None else f"{step:+d}".replace("-", "−") if step else "0"


def _hours(amount: Decimal | None) -> float | None:
    return None if amount is None else round(float(amount), 1)
