"""Editable state: records that several people edit, each change with who, when, what and why.

Conventions: a record is (kind, key) with a body of JSON; money in it is decimal text. Versions count from 1 and never
begin again, even after a removal. A change and its entry in the history are one transaction: both or neither. The
editor says which version was seen; if it is no longer the one that is saved, nothing is written and the editor is told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified
from sqlalchemy.orm.exc import StaleDataError

from costlib.errors import InputError
from costlib.state.compare import differences, in_words
from costlib.state.database import ChangeRow, MetaRow, RecordRow, open_database, parsed_url, unusable
from costlib.state.errors import Conflict
from costlib.state.plain import plain, plain_text


@dataclass(frozen=True)
class Record:
    """One record as it is saved."""

    kind: str
    key: str
    version: int
    body: dict[str, Any]
    changed_at: datetime
    changed_by: str


@dataclass(frozen=True)
class Put:
    """One change of several: a new body, or None to remove; ``expected`` as in ``State.put``."""

    kind: str
    key: str
    body: Mapping[str, Any] | None
    expected: int | None = None


@dataclass(frozen=True)
class Entry:
    """One line of the history; ``before`` is None where it was created, ``after`` where it was removed.

    Entries of one save share their ``batch``.
    """

    seq: int
    at: datetime
    who: str
    why: str
    kind: str
    key: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    batch: int


@dataclass(frozen=True)
class View:
    """Records of one moment and the sequence of that moment: what a figure's trace names."""

    sequence: int
    records: tuple[Record, ...]


#: ``State.view``, or the same inside a transaction: kinds of records -> what they are.
Look = Callable[..., View]


def utc_now() -> datetime:
    """The moment, in UTC."""
    return datetime.now(UTC)


class State:
    """One editable state; thread-safe; a new process can open the same one.

    ``url`` is ``sqlite:///path`` or ``postgresql+psycopg://...``. Raises InputError for another address and StateError
    where the database cannot be used.
    """

    def __init__(self, url: str, *, now: Callable[[], datetime] = utc_now) -> None:
        self._url, self.now = parsed_url(url), now
        self._engine = open_database(self._url)
        snapshot = {"isolation_level": "REPEATABLE READ"} if self._engine.name == "postgresql" else {}
        self._readers = self._engine.execution_options(**snapshot)
        self._writers = self._engine.execution_options(writes=True)

    def close(self) -> None:
        """Close every connection; the next call opens one again."""
        self._engine.dispose()

    @property
    def sequence(self) -> int:
        """The number of the last change; 0 where there was none."""
        return self.view().sequence

    def get(self, kind: str, key: str) -> Record | None:
        """The record, or None where there is none."""
        with self._reading() as session:
            row = session.get(RecordRow, (kind, key))
            return _record(row) if row else None

    def all(self, kind: str) -> list[Record]:
        """The living records of a kind, by key."""
        return list(self.view(kind).records)

    def view(self, *kinds: str) -> View:
        """The living records of several kinds at one moment, by kind and key, and its sequence."""
        with self._reading() as session:
            return _look(session, *kinds)

    def put(
        self,
        kind: str,
        key: str,
        body: Mapping[str, Any],
        *,
        who: str,
        why: str = "",
        expected: int | None = None,
    ) -> Record:
        """Save a record and return it; ``expected`` is the version the editor saw, None creates.

        Raises Conflict where another version is saved by now; nothing is written then.
        """
        return self.put_all([Put(kind, key, body, expected)], who=who, why=why)[0]

    def put_all(
        self, changes: Sequence[Put], *, who: str, why: str = "", check: Callable[[Look], object] | None = None
    ) -> list[Record]:
        """Make all changes or none, in one transaction; return what was saved, removals left out.

        ``check`` looks at the state as it would be and raises to refuse it: nobody else writes meanwhile. Raises
        Conflict at the first record that somebody else changed.
        """
        checked = [
            Put(plain_text("kind", one.kind), plain_text("key", one.key), plain(one.body), one.expected)
            for one in changes
        ]
        if len({(one.kind, one.key) for one in checked}) < len(checked):
            raise InputError("A record stands twice in one save", expected="each record once", fix="Save one of them.")
        with self._writing(who, why) as writer:
            rows = [writer.change(one) for one in checked]
            if check:
                check(partial(_look, writer.session))
        return [one for row in rows if (one := _record(row))]

    def remove(self, kind: str, key: str, *, who: str, why: str = "", expected: int) -> None:
        """Remove a record; its history stays. Raises Conflict as ``put`` does."""
        self.put_all([Put(kind, key, None, expected)], who=who, why=why)

    def history(self, kind: str | None = None, key: str | None = None) -> list[Entry]:
        """What was changed, newest first: everything, one kind, or one record."""
        wanted = select(ChangeRow).order_by(ChangeRow.seq.desc())
        if kind is not None:
            wanted = wanted.where(ChangeRow.kind == kind)
        if key is not None:
            wanted = wanted.where(ChangeRow.key == key)
        with self._reading() as session:
            return [_entry(row) for row in session.scalars(wanted)]

    def undo(
        self, seq: int, *, who: str, together: bool = False, check: Callable[[Look], object] | None = None
    ) -> Record | None:
        """Put back what an entry changed, as a new entry; None where that removes the record.

        The record must stand as the entry left it, as it does where later changes were put back before.
        ``together`` puts back everything that was saved with it; ``check`` as in ``put_all``. Raises Conflict where a
        record was changed since, and InputError where there is no such entry.
        """
        with self._writing(who, f"undo of change {seq}") as writer:
            entry = writer.session.get(ChangeRow, seq)
            if entry is None:
                raise InputError(f"There is no change {seq}", expected="a number of the history", fix="Look it up.")
            for other in writer.batch_of(entry) if together else ():
                writer.undo(other)
            row = writer.undo(entry)
            if check:
                check(partial(_look, writer.session))
            return _record(row)

    @contextmanager
    def _reading(self) -> Iterator[Session]:
        try:
            with Session(self._readers) as session:
                yield session
        except DBAPIError as error:
            raise unusable(self._url, error) from error

    @contextmanager
    def _writing(self, who: str, why: str) -> Iterator[_Writer]:
        name = plain_text("who", who)
        try:
            with Session(self._writers, expire_on_commit=False) as session, session.begin():
                yield _Writer(session, self.now(), name, plain_text("why", why, needed=False))
        except StaleDataError:
            raise Conflict(
                "Another program changed a record in the moment it was saved",
                expected="changes through Glidepath only",
                fix="Open it again and enter what you still want to change; nothing was saved.",
            ) from None
        except DBAPIError as error:
            raise unusable(self._url, error) from error


class _Writer:
    """One transaction that writes: takes its turn, then changes records and writes their entries."""

    def __init__(self, session: Session, at: datetime, who: str, why: str) -> None:
        self.session, self.at, self.who, self.why = session, at, who, why
        self.batch: int | None = None

    def batch_of(self, entry: ChangeRow) -> Sequence[ChangeRow]:
        """The other changes that were saved with this one, newest first."""
        others = select(ChangeRow).where(ChangeRow.batch == entry.batch, ChangeRow.seq != entry.seq)
        return self.session.scalars(others.order_by(ChangeRow.seq.desc())).all()

    def undo(self, entry: ChangeRow) -> RecordRow:
        """Put back what the record was before the change; later ones that were taken back are as if never made."""
        if entry.after is None:
            return self.change(Put(entry.kind, entry.key, entry.before), since=entry.version)
        row = self.session.get(RecordRow, (entry.kind, entry.key))
        stands = row.version if row and row.body == entry.after else entry.version
        return self.change(Put(entry.kind, entry.key, entry.before, stands), since=stands)

    def change(self, wanted: Put, since: int | None = None) -> RecordRow:
        """Make one change; ``since`` is the version that must still be saved, removed or not (for undo)."""
        next_in_line = update(MetaRow).values(sequence=MetaRow.sequence + 1).returning(MetaRow.sequence)
        seq = self.session.execute(next_in_line).scalar_one()
        self.batch = self.batch or seq
        row = self.session.get(RecordRow, (wanted.kind, wanted.key))
        before = row.body if row else None
        found = row.version if row and row.body is not None else None
        if found != wanted.expected or (since is not None and row is not None and row.version != since):
            raise self._conflict(row, wanted)
        if row is None:
            row = RecordRow(kind=wanted.kind, key=wanted.key)
            self.session.add(row)
        row.body = None if wanted.body is None else dict(wanted.body)
        row.changed_at, row.changed_by = self.at, self.who
        flag_modified(row, "body")
        self.session.flush()
        self.session.add(
            ChangeRow(
                seq=seq,
                batch=self.batch,
                at=self.at,
                who=self.who,
                why=self.why,
                kind=wanted.kind,
                key=wanted.key,
                version=row.version,
                before=before,
                after=row.body,
            )
        )
        self.session.flush()
        return row

    def _conflict(self, row: RecordRow | None, wanted: Put) -> Conflict:
        """What the editor is told: who saved what and when, in what it differs, what to do."""
        name = f"{wanted.kind} {wanted.key}"
        if row is None:
            return Conflict(
                f"{name} does not exist", expected="one that was saved before", fix="Create it, or look at its name."
            )
        done = "removed" if row.body is None else "saved"
        event = f"was {done} by {row.changed_by} on {row.changed_at:%Y-%m-%d at %H:%M} UTC"
        if row.body is None:
            return Conflict(
                f"{name} {event}",
                expected="one that is still there",
                fix="Create it again if it is wanted; nothing was saved.",
                event=event,
            )
        found = differences(self._body_of(wanted), row.body, wanted.body)
        seen = "a new one" if wanted.expected is None else f"version {wanted.expected}"
        words = in_words(found) if wanted.body is not None else ""
        return Conflict(
            f"{name} {event} and is now version {row.version}" + (f": {words}" if words else ""),
            expected=f"{seen}, as you saw it",
            fix="Open it again and enter what you still want to change; nothing was saved.",
            version=row.version,
            differences=found,
            event=event,
        )

    def _body_of(self, wanted: Put) -> dict[str, Any] | None:
        """The body as the editor saw it, from the history."""
        seen = select(ChangeRow.after).where(
            ChangeRow.kind == wanted.kind, ChangeRow.key == wanted.key, ChangeRow.version == wanted.expected
        )
        return self.session.scalars(seen).one_or_none()


def _look(session: Session, *kinds: str) -> View:
    sequence = session.scalars(select(MetaRow.sequence)).one()
    rows = session.scalars(select(RecordRow).where(RecordRow.kind.in_(kinds))).all() if kinds else ()
    found = sorted((one for row in rows if (one := _record(row))), key=lambda one: (one.kind, one.key))
    return View(sequence, tuple(found))


def _record(row: RecordRow) -> Record | None:
    if row.body is None:
        return None
    return Record(row.kind, row.key, row.version, row.body, row.changed_at, row.changed_by)


def _entry(row: ChangeRow) -> Entry:
    return Entry(row.seq, row.at, row.who, row.why, row.kind, row.key, row.before, row.after, row.batch)
