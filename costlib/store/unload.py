"""A loaded bill taken out again: the next generation is without it, and to load its files again brings it back."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace

from costlib.errors import InputError, did_you_mean
from costlib.store.cube import Attribution
from costlib.store.load import Progress, publish
from costlib.store.lock import loader_lock
from costlib.store.manifest import Manifest, Part
from costlib.store.store import Store


def unload(
    store: Store,
    attribution: Attribution,
    source: str,
    account: str | None = None,
    periods: Collection[str] = (),
    *,
    progress: Progress = lambda message: None,
) -> tuple[Part, ...]:
    """Publish the store without a connection's bills, or without those of an account or of months (``2026-09``).

    Returns the parts that went. Raises the errors of ``chosen``, ``StoreBusy`` and ``TieOutError``; nothing is changed
    then.
    """
    with loader_lock(store.root, progress):
        current = store.current()
        gone = chosen(current, source, account, periods)
        kept = current.without([part.key for part in gone])
        publish(store, current, replace(current, parts=kept, rules=attribution.digest), attribution, progress)
    return gone


def chosen(state: Manifest, source: str, account: str | None = None, periods: Collection[str] = ()) -> tuple[Part, ...]:
    """The parts of the state that ``unload`` takes out, in their order.

    Raises ``InputError`` where nothing is loaded under one of the names, and where nothing would be left.
    """
    _known("There is no connection", source, [part.source for part in state.parts])
    found = [part for part in state.parts if part.source == source]
    if account is not None:
        _known(f"{source} has no account", account, [part.account for part in found])
        found = [part for part in found if part.account == account]
    for period in periods:
        _known(f"{source} has no month", period, [part.period for part in found])
    gone = tuple(part for part in found if not periods or part.period in periods)
    if not replace(state, parts=state.without([part.key for part in gone])).has_bill:
        raise InputError(
            f"Without {source} no bill would be left",
            expected="another loaded bill",
            fix="Load into a new store instead (--store FOLDER).",
        )
    return gone


def files_of(parts: Iterable[Part]) -> list[str]:
    """The files that the parts were loaded from, which bring them back."""
    return sorted({file.path for part in parts for file in part.files})


def _known(lacking: str, name: str, loaded: Collection[str | None]) -> None:
    known = sorted({one for one in loaded if one is not None})
    if name not in known:
        raise InputError(
            f"{lacking} {name}", expected=" or ".join(known), fix=did_you_mean(name, known) or "See `status`."
        )
