"""What readers said of anomalies: remembered with name and time, replaced, taken back, and heard by the search."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal as D

from costlib.analysis.anomalies import Anomaly, Daily, Kind, anomalies
from costlib.state.feedback import said, say, unsay
from costlib.state.records import State

SEARCH = (("x_Team", "Search"), ("ServiceName", None))


def anomaly(first: date = date(2026, 9, 1), last: date = date(2026, 9, 2)) -> Anomaly:
    return Anomaly(SEARCH, Kind.SPIKE, first, last, *[D(number) for number in (9, 2, 1, 3, 1, 1)])


def test_a_word_is_kept_with_who_and_when(state: State) -> None:
    say(state, anomaly(), True, who="Ada")
    (word,) = said(state)
    assert (word.who, word.at.isoformat()) == ("Ada", "2026-11-01T09:00:00+00:00")
    assert word.feedback.segment == SEARCH and word.feedback.expected
    assert word.feedback.speaks_of(anomaly()) and not word.feedback.speaks_of(
        anomaly(date(2026, 9, 3), date(2026, 9, 4))
    )


def test_the_last_word_on_the_same_days_counts(state: State) -> None:
    say(state, anomaly(), True, who="Ada")
    say(state, anomaly(), False, who="Ben")
    assert [(word.who, word.feedback.expected) for word in said(state)] == [("Ben", False)]


def test_words_on_different_days_stand_side_by_side_oldest_first(state: State) -> None:
    say(state, anomaly(date(2026, 9, 8), date(2026, 9, 8)), True, who="Ada")
    say(state, anomaly(), False, who="Ben")
    assert [word.who for word in said(state)] == ["Ada", "Ben"]


def test_taking_a_word_back_brings_back_the_one_before(state: State) -> None:
    say(state, anomaly(), True, who="Ada")
    say(state, anomaly(), False, who="Ben")
    unsay(state, said(state)[0].feedback, who="Ben")
    assert [word.feedback.expected for word in said(state)] == [True]


def test_taking_the_only_word_back_leaves_none_and_the_history_keeps_all(state: State) -> None:
    say(state, anomaly(), True, who="Ada")
    unsay(state, said(state)[0].feedback, who="Ada")
    assert said(state) == []
    assert [entry.who for entry in state.history()] == ["Ada", "Ada"]


def test_the_search_hears_it(state: State) -> None:
    """60 days of 100 dollars with one day of 900: found, then silenced, then found again."""
    costs = tuple(D(900) if day == 50 else D(100) for day in range(60))
    series = [Daily(SEARCH, date(2026, 7, 1), costs)]
    (found,) = anomalies(series).anomalies
    assert found.first == date(2026, 7, 1) + timedelta(days=50)
    say(state, found, True, who="Ada")
    again = anomalies(series, [word.feedback for word in said(state)])
    assert (again.anomalies, again.expected) == ((), (found,))
    unsay(state, said(state)[0].feedback, who="Ada")
    assert anomalies(series, [word.feedback for word in said(state)]).anomalies == (found,)
