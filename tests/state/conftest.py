"""One state on each database: every test that takes ``url`` or ``state`` runs on SQLite and on PostgreSQL."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from costlib.state.records import State
from tests.state.servers import NoServer, postgresql


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """A PostgreSQL server of this run; without one the tests are skipped and say why."""
    with ExitStack() as stack:
        try:
            yield stack.enter_context(postgresql())
        except NoServer as missing:
            pytest.skip(str(missing))


_ALONE = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
    "WHERE datname = current_database() AND pid <> pg_backend_pid()"
)


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/state.db"
    server = str(request.getfixturevalue("server"))
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for statement in (_ALONE, "DROP SCHEMA public CASCADE", "CREATE SCHEMA public"):
            connection.execute(text(statement))
    engine.dispose()
    return server


@pytest.fixture
def state(url: str) -> Iterator[State]:
    """An empty state whose clock goes on by a minute with every change, from 1 November 2026, 09:00 UTC."""
    minutes = itertools.count()
    opened = State(url, now=lambda: datetime(2026, 11, 1, 9, tzinfo=UTC) + timedelta(minutes=next(minutes)))
    yield opened
    opened.close()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say at the end of a run what was not tested and why, once."""
    reasons = {str(report.longrepr[2]) for report in terminalreporter.stats.get("skipped", []) if report.longrepr}
    for reason in sorted(reason for reason in reasons if "PostgreSQL was not tested" in reason):
        terminalreporter.write_line(reason, yellow=True)
