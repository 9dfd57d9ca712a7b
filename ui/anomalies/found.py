"""Unusual changes of spend: found once a published state, ranked by money, with the probable driver of each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from functools import cached_property
from typing import Final

import streamlit as st

from costlib import money
from costlib.analysis.anomalies import (
    Anomaly,
    Charge,
    Driver,
    Feedback,
    Found,
    Segment,
    anomalies,
    comparison,
    daily,
    driver,
)
from costlib.analysis.trend import Amount
from costlib.briefs.words.anomaly import anomaly_finding, driver_finding, segment_words
from costlib.focus import CURRENCY, DAY
from costlib.periods import Grain, Window, period_starts
from costlib.state import feedback as words
from costlib.store.missing import missing_months
from costlib.store.question import Filter, Question
from costlib.store.reader import Reader
from costlib.store.unbilled import unbilled_segments
from ui.selection import Selection

#: The segments that are watched, by the dimension of the page: those cuts whose false alarms were measured.
_CUTS: Final = {"x_Model": ("x_Model",), "x_Project": ("x_Project",)}
_CUT: Final = ("x_Team", "ServiceName")
#: What is older than this is past caring about.
WATCHED_DAYS: Final = 396
_CHARGE: Final = (DAY, "ResourceId", "SkuMeter", "ConsumedUnit", "ChargeCategory", "ServiceName", "ChargeClass")

_Conditions = tuple[tuple[str, tuple[str | None, ...], bool], ...]


class Anomalies:
    """What was unusual under a selection, by one dimension and service, in a window."""

    def __init__(self, selection: Selection, dimension: str, window: Window) -> None:
        self.selection, self.window = selection, window
        self.cut = _CUTS.get(dimension, _CUT)
        self.said = words.said(selection.page.workspace.state())

    @cached_property
    def found(self) -> Found:
        """Everything unusual in the window, most money first, and what readers said was expected."""
        page = self.selection.page
        found = _search(
            page.snapshot.reader,
            page.snapshot.state.generation,
            self.selection.measure,
            _plain(self.selection.conditions),
            _watched(page.window),
            self.cut,
            tuple(said.feedback for said in self.said),
        )
        return Found(self._within(found.anomalies), self._within(found.expected), found.too_short)

    @cached_property
    def is_unknown(self) -> bool:
        """Whether nobody knows what anything cost under this measure."""
        rows = self.selection.ask((), self.window)
        return bool(rows) and money.total(row.amount for row in rows) is None

    def name(self, anomaly: Anomaly) -> str:
        """What a reader calls the anomaly's segment."""
        return segment_words(anomaly.segment)

    def sentence(self, anomaly: Anomaly) -> str:
        """What happened."""
        return anomaly_finding(anomaly, self.selection.currency, self.name(anomaly))

    def driver(self, anomaly: Anomaly) -> str:
        """The probable driver, in words."""
        page = self.selection.page
        found = _driver(
            page.snapshot.reader,
            page.snapshot.state.generation,
            self.selection.measure,
            _plain(self.narrowed(anomaly).conditions),
            anomaly,
        )
        return driver_finding(found, self.selection.currency)

    def narrowed(self, anomaly: Anomaly) -> Selection:
        """The selection of the anomaly's line items; its days are ``anomaly.window``."""
        return self.selection.narrowed(*(Filter(name, (value,)) for name, value in anomaly.segment))

    def word_on(self, anomaly: Anomaly) -> words.Said | None:
        """The last that a reader said of the anomaly."""
        spoken = [said for said in self.said if said.feedback.speaks_of(anomaly)]
        return spoken[-1] if spoken else None

    def _within(self, found: Sequence[Anomaly]) -> tuple[Anomaly, ...]:
        window = self.window
        return tuple(one for one in found if one.first < window.end and window.start <= one.last)


def event_key(anomaly: Anomaly) -> str:
    """The anomaly's name in the address: its first day and its segment.

    >>> event_key(Anomaly((("x_Team", "Ads"),), "spike", date(2026, 9, 1), date(2026, 9, 2), 1, 1, 1, 1, 1, 1))
    '2026-09-01 Ads'
    """
    return " ".join([anomaly.first.isoformat(), *(value or "" for _, value in anomaly.segment)])


def _watched(data: Window) -> Window:
    return Window(max(data.start, data.end - timedelta(days=WATCHED_DAYS)), data.end)


def _plain(conditions: Sequence[Filter]) -> _Conditions:
    return tuple((item.dimension, item.values, item.exclude) for item in conditions)


@st.cache_data(max_entries=64, show_spinner="Looking for what is unusual")
def _search(
    _reader: Reader,
    generation: str,
    measure: str,
    conditions: _Conditions,
    window: Window,
    cut: tuple[str, ...],
    feedback: tuple[Feedback, ...],
) -> Found:
    del generation  # names the reader's state in the key of the cache
    filters = tuple(Filter(*condition) for condition in conditions)
    question = Question(cut, measure, Grain.DAY, window, filters)
    figures = [(_segment(cut, row.values), row.period, row.amount) for row in _reader.ask(question) if row.period]
    (currency,) = next(item.values for item in filters if item.dimension == CURRENCY)
    for rest, keys in unbilled_segments(_reader, question, str(currency)):
        days = period_starts(rest, Grain.DAY)
        figures += [(_segment(cut, values), day, None) for values in keys for day in days]  # not judged
    return anomalies(daily(figures, window, missing_months(_reader)), feedback)


def _segment(cut: Sequence[str], values: Sequence[str | None]) -> Segment:
    return tuple(zip(cut, values, strict=True))


@st.cache_data(max_entries=256, show_spinner=False)
def _driver(_reader: Reader, generation: str, measure: str, conditions: _Conditions, anomaly: Anomaly) -> Driver:
    del generation
    window = Window(comparison(anomaly).start, anomaly.window.end)
    filters = tuple(Filter(*condition) for condition in conditions)
    costs, quantities = (
        {row.values: row.amount for row in _reader.ask(Question(_CHARGE, name, window=window, filters=filters))}
        for name in (measure, "ConsumedQuantity")
    )
    return driver(anomaly, [_charge(values, cost, quantities.get(values)) for values, cost in costs.items()])


def _charge(values: Sequence[str | None], cost: Amount, quantity: Amount) -> Charge:
    day, resource, meter, unit, category, service, kind = values
    named = (resource, meter, unit, category)
    return Charge(date.fromisoformat(str(day)), *named, cost, quantity, service, kind == "Correction")
