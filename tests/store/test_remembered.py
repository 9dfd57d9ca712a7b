"""A reader that remembers: the answers of the reader itself, each question asked of it once, within bounds."""

from __future__ import annotations

import threading
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from costlib.errors import QueryError
from costlib.fiscal import WeekCalendar
from costlib.focus import COST_MEASURES
from costlib.periods import Grain, Window
from costlib.store.question import Filter, Question
from costlib.store.reader import Reader
from costlib.store.remembered import RememberingReader
from tests.builders import focus_row, load_into, opened, write_csv


@pytest.fixture(scope="module")
def reader(tmp_path_factory):
    """Four rows over two months, of two services."""
    folder = tmp_path_factory.mktemp("remembered")
    rows = [
        focus_row(EffectiveCost="1", ServiceName="Servers"),
        focus_row(EffectiveCost="2", ServiceName="Models"),
        focus_row(EffectiveCost="4", ServiceName="Models", ChargePeriodStart="2026-10-01"),
        focus_row(EffectiveCost=None, ServiceName=None, ChargePeriodStart="2026-10-30"),
    ]
    load_into(folder / "store", write_csv(folder / "bill.csv", rows))
    with opened(folder / "store") as opened_reader:
        yield opened_reader


class Counted(Reader):
    """A stand-in that answers with a given number of rows and keeps what it was asked."""

    def __init__(self, sizes: dict[str, int]) -> None:
        self.generation, self.sizes, self.asked, self.closed = "g", sizes, [], False

    def rows(self, sql: str, parameters: Any = ()) -> list[tuple[Any, ...]]:
        self.asked.append(sql)
        return [(sql, number) for number in range(self.sizes.get(sql, 1))]

    def table(self, name: str) -> Any:
        self.asked.append(name)
        return name

    def close(self) -> None:
        self.closed = True


DAYS = st.dates(date(2026, 8, 1), date(2026, 11, 30))
QUESTIONS = st.builds(
    Question,
    by=st.sampled_from([(), ("ServiceName",), ("x_Team", "ServiceName"), ("ResourceId",)]),
    measure=st.sampled_from(COST_MEASURES),
    grain=st.sampled_from(list(Grain)),
    window=st.none() | st.tuples(DAYS, DAYS).map(lambda ends: Window(min(ends), max(ends))),
    filters=st.sampled_from([(), (Filter("ServiceName", ("Models",)),), (Filter("ServiceName", (None,), True),)]),
    fiscal_start=st.sampled_from([1, 10, WeekCalendar("4-4-5", 1)]),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(QUESTIONS, min_size=1, max_size=4))
def test_answers_are_those_of_the_reader_the_first_time_and_again(reader: Reader, questions: list[Question]) -> None:
    remembering = RememberingReader(reader)
    for _ in range(2):
        for question in questions:
            assert remembering.ask(question) == reader.ask(question)


def test_values_currencies_and_window_are_those_of_the_reader(reader: Reader) -> None:
    remembering = RememberingReader(reader)
    for _ in range(2):
        assert remembering.values("ServiceName") == ["Models", "Servers", None]
        assert remembering.currencies() == ["USD"]
        assert remembering.window() == reader.window()
    assert remembering.generation == reader.generation


def test_a_question_is_asked_once() -> None:
    plain = Counted({})
    remembering = RememberingReader(plain)
    assert remembering.rows("SELECT a", [1]) == remembering.rows("SELECT a", [1]) == [("SELECT a", 0)]
    assert plain.asked == ["SELECT a"]


@pytest.mark.parametrize("other", [[2], ["1"], [1, 1], [date(2026, 1, 1)], [None], [[1]]])
def test_other_values_are_another_question(other: list[Any]) -> None:
    plain = Counted({})
    remembering = RememberingReader(plain)
    remembering.rows("SELECT a", [1])
    remembering.rows("SELECT a", other)
    assert len(plain.asked) == 2


def test_who_changes_an_answer_changes_his_own() -> None:
    remembering = RememberingReader(Counted({"SELECT a": 3}))
    first = remembering.rows("SELECT a")
    first.clear()
    assert len(remembering.rows("SELECT a")) == 3
    remembering.rows("SELECT a").pop()
    assert len(remembering.rows("SELECT a")) == 3


def test_the_answer_not_used_for_longest_goes_first() -> None:
    plain = Counted({"SELECT a": 4, "SELECT b": 4, "SELECT c": 4})
    remembering = RememberingReader(plain, most_rows=9)
    for sql in ("SELECT a", "SELECT b", "SELECT a", "SELECT c", "SELECT a", "SELECT c"):
        remembering.rows(sql)
    assert plain.asked == ["SELECT a", "SELECT b", "SELECT c"]
    remembering.rows("SELECT b")
    assert plain.asked[3:] == ["SELECT b"]


def test_an_answer_too_large_is_not_kept_and_drives_nothing_out() -> None:
    plain = Counted({"SELECT large": 10, "SELECT a": 9})
    remembering = RememberingReader(plain, most_rows=9)
    for sql in ("SELECT a", "SELECT large", "SELECT large", "SELECT a"):
        remembering.rows(sql)
    assert plain.asked == ["SELECT a", "SELECT large", "SELECT large"]


def test_a_statement_that_writes_is_passed_on_every_time() -> None:
    plain = Counted({})
    remembering = RememberingReader(plain)
    for _ in range(2):
        remembering.rows("COPY (SELECT 1) TO 'x'")
        remembering.table("cube")
    assert plain.asked == ["COPY (SELECT 1) TO 'x'", "cube"] * 2


def test_columns_are_those_of_the_reader_and_tell_what_is_unknown(reader: Reader) -> None:
    """Costs by service: 1 of Servers, 2 and 4 of Models, and one of nobody that is not known."""
    sql = "SELECT ServiceName AS name, LIST(EffectiveCost ORDER BY ChargePeriodStart) AS costs FROM cube"
    for one in (reader, RememberingReader(reader)):
        found = one.columns(
            f"{sql} WHERE ChargePeriodStart >= ? GROUP BY ALL ORDER BY name NULLS LAST", [date(2026, 1, 1)]
        )
        assert found["name"].tolist() == ["Models", "Servers", None]
        models, servers, nobody = found["costs"]
        assert sorted(models.tolist()) == [2.0, 4.0] and servers.tolist() == [1.0] and nobody.tolist() == [None]
        assert models.dtype == float


def test_a_refusal_is_not_remembered_as_an_answer(reader: Reader) -> None:
    remembering = RememberingReader(reader)
    for _ in range(2):
        with pytest.raises(QueryError):
            remembering.ask(Question(by=("Colour",)))


def test_closing_closes_the_other() -> None:
    plain = Counted({})
    RememberingReader(plain).close()
    assert plain.closed


def test_threads_share_it(reader: Reader) -> None:
    remembering, found = RememberingReader(reader, most_rows=2), []
    questions = [Question(by=(name,)) for name in ("ServiceName", "ChargeCategory", "SubAccountName", "x_Team")]

    def ask() -> None:
        for _ in range(10):
            found.extend(remembering.ask(one) == reader.ask(one) for one in questions)

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 160 and all(found)
