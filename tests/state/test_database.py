"""The database: whose it is, of which version, and what is said where it cannot be used."""

from __future__ import annotations

import sqlite3

import pytest
from sqlalchemy import create_engine, text

from costlib.errors import InputError
from costlib.state import database
from costlib.state.errors import StateError
from costlib.state.records import State


def change(url: str, statement: str) -> None:
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text(statement))
    engine.dispose()


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE glidepath_meta SET schema_version = 2", r"version 2\. Expected: version 1\. Update Glidepath"),
        ("UPDATE glidepath_meta SET schema_version = 0", r"version 0\. Expected: version 1\. Restore the database"),
        ("DELETE FROM glidepath_meta", r"version unknown\. Expected: version 1\. Restore"),
    ],
)
def test_a_database_of_another_version_is_refused(url, statement, said):
    State(url).close()
    change(url, statement)
    with pytest.raises(StateError, match=said):
        State(url)


def test_tables_of_others_stay_as_they_are(url):
    change(url, "CREATE TABLE invoices (n INTEGER)")
    change(url, "INSERT INTO invoices VALUES (7)")
    state = State(url)
    state.put("plan", "a", {}, who="A")
    state.close()
    engine = create_engine(url)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT n FROM invoices")).scalar_one() == 7
    engine.dispose()


@pytest.mark.parametrize(
    "url",
    ["state.db", "mysql://host/state", "postgresql://host/state", "sqlite://", "sqlite:///:memory:", "sqlite+aiosqlite:///a"],
)  # fmt: skip
def test_an_address_of_another_kind_is_refused(url):
    with pytest.raises(InputError, match=r"Expected: sqlite:///path/state\.db or postgresql\+psycopg://"):
        State(url)


def test_a_file_that_is_no_database_is_told_and_left_alone(tmp_path):
    file = tmp_path / "state.db"
    file.write_bytes(b"just words" * 1000)
    with pytest.raises(StateError, match=r"state\.db cannot be used: file is not a database"):
        State(f"sqlite:///{file}")
    assert file.read_bytes() == b"just words" * 1000


def test_a_folder_that_cannot_be_made_is_told(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(StateError, match="cannot be opened"):
        State(f"sqlite:///{tmp_path}/file/state.db")


def test_folders_on_the_way_are_made(tmp_path):
    State(f"sqlite:///{tmp_path}/a/b/state.db").close()
    assert (tmp_path / "a/b/state.db").exists()


def test_a_server_that_does_not_answer_is_told_without_its_password(tmp_path):
    pytest.importorskip("psycopg")
    with pytest.raises(StateError, match=r"cannot be used: .*Check that it is there") as caught:
        State(f"postgresql+psycopg://me:secret@/name?host={tmp_path}&connect_timeout=2")
    assert "secret" not in str(caught.value)


def test_a_missing_driver_is_named(monkeypatch):
    def missing(*_, **__):
        raise ModuleNotFoundError("No module named 'psycopg'", name="psycopg")

    monkeypatch.setattr(database, "create_engine", missing)
    with pytest.raises(StateError, match=r"needs psycopg\. Install psycopg\[binary\]"):
        State("postgresql+psycopg://me@host/name")


def test_a_database_that_is_lost_while_it_is_used_is_told(state, url):
    state.put("plan", "a", {}, who="A")
    change(url, "DROP TABLE glidepath_record")
    with pytest.raises(StateError, match=r"The state at .* cannot be used"):
        state.get("plan", "a")
    with pytest.raises(StateError, match="nothing was changed"):
        state.put("plan", "b", {}, who="A")


def test_money_stays_text_in_the_tables(tmp_path):
    state = State(f"sqlite:///{tmp_path}/state.db")
    state.put("plan", "a", {"amount": "0.1"}, who="A")
    state.close()
    with sqlite3.connect(tmp_path / "state.db") as connection:
        assert connection.execute("SELECT body FROM glidepath_record").fetchone() == ('{"amount": "0.1"}',)
    connection.close()
