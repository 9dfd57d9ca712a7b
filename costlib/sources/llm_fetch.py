"""Bills of model vendors fetched: reports read by the day, brought together, written as one table a month.

Where: ``openai:`` or ``anthropic:``, with another host and options if wanted:
``openai:https://gateway.example?from=2026-09-01&to=2026-10-01&account=org-abc``. The admin key comes from the
environment and goes to that host only. Everything is kept below ``<kind>/<account>`` of the folder.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Final

from costlib.errors import InputError
from costlib.money import exact, exact_sum
from costlib.periods import Window
from costlib.settings import secret
from costlib.sources.llm_charges import Charge, Line, Use, charges_of, disagreeing
from costlib.sources.llm_days import Reader, Tell, Vendor
from costlib.sources.llm_table import write_charges, write_counts
from costlib.sources.web import Service
from costlib.sources.web_address import FROM, TO, Asked, asked, days_of, whole_months

ACCOUNT: Final = "account"
_OPTIONS: Final = (FROM, TO, ACCOUNT)
#: Begins the names of files that no folder of bills counts as its own.
_COUNTS: Final = "_counts-"


@dataclass(frozen=True)
class Read:
    """What was read: cost lines, the uses that cost lines are for, and every use."""

    lines: Sequence[Line]
    costed: Sequence[Use]
    uses: Sequence[Use]


@dataclass(frozen=True)
class Billing:
    """How the bill of one vendor is fetched; ``day`` is the first column of its tables, ``variable`` holds the key."""

    kind: str
    url: str
    day: str
    vendor: Vendor
    variable: str
    headers: Callable[[str], Mapping[str, str]]
    account: Callable[[Service, str, Window], tuple[str, str | None]]
    read: Callable[[Reader, Window, Tell], Read]

    def is_address(self, where: str) -> bool:
        """Whether a place to load from is this vendor's."""
        return where.startswith(f"{self.kind}:")

    def asked(self, where: str) -> Asked:
        """What the address asks for.

        Raises ``InputError``.
        """
        return asked(where, self.kind, self.url, _OPTIONS)


def fetch(
    billing: Billing, where: str, folder: Path, tell: Tell, days: Callable[[], Window], today: date | None = None
) -> list[Path]:
    """The tables of the months asked for, written below ``folder``; each has a file of counts beside it.

    ``days`` gives the days where the address does not. Raises ``InputError`` without a key or a cost in those days, and
    ``UnreadableFile`` where the vendor refuses or answers in another shape; what was read before stays for the next
    load.
    """
    wanted = billing.asked(where)
    window = days_of(where, wanted.options) or days()
    months = whole_months(where, window)
    key = secret(billing.variable, f"an admin key of {billing.vendor.name} that may read cost and usage")
    service = Service(
        "cost and usage by day", f"Check the address and {billing.variable}; nothing was changed.", billing.headers(key)
    )
    given = wanted.options.get(ACCOUNT)
    account = (given, None) if given else billing.account(service, wanted.url, window)
    home = folder / billing.kind / safe(account[0])
    reader = Reader(billing.vendor, service, wanted.url, home, today or utc_today())
    found = billing.read(reader, window, tell)
    charges = charges_of(found.lines, found.costed)
    _tell_summary(billing, found, charges, tell)
    tables = [_written(billing, home, account, month, found, charges) for month in months]
    whole = [table for table in tables if table is not None]
    if not whole:
        raise InputError(
            f"{billing.vendor.name} bills nothing from {window.start} to {window.end} ({account[0]})",
            expected="a cost line in these days",
            fix="Ask for other days; nothing was changed.",
        )
    return whole


def announced(billing: Billing, where: str, days: Callable[[], Window]) -> list[str]:
    """What ``fetch`` would ask for; nothing is asked."""
    wanted = billing.asked(where)
    window = days_of(where, wanted.options) or days()
    whole_months(where, window)
    return [
        f"{wanted.host} would be asked for {billing.vendor.name}'s cost and usage of {window.start} to {window.last}, "
        "but for settled days that were read before"
    ]


def counts_beside(table: Path) -> Path | None:
    """The file of metrics that was written with a month's table; None where the file is no such table."""
    beside = table.with_name(f"{_COUNTS}{table.name}")
    return beside if beside.is_file() else None


def utc_today() -> date:
    """The UTC day that it is."""
    return datetime.now(UTC).date()


def safe(name: str) -> str:
    """A name as part of a path; one with other letters than ids have gets some of its digest, to stay apart.

    >>> safe("org-AbC_1"), safe("Acme / AI")
    ('org-AbC_1', 'Acme-AI-5590a19a')
    """
    kept = "".join(letter if (letter.isascii() and letter.isalnum()) or letter in "-_" else " " for letter in name)
    plain = "-".join(kept.split())
    return plain if plain == name else f"{plain}-{hashlib.sha256(name.encode()).hexdigest()[:8]}"


def _written(
    billing: Billing,
    home: Path,
    account: tuple[str, str | None],
    month: Window,
    found: Read,
    charges: Sequence[Charge],
) -> Path | None:
    """The month's table and its counts; None where the month costs nothing."""
    held = [charge for charge in charges if month.start <= charge.line.day < month.end]
    if not held:
        return None
    table = home / f"{home.name}-{month.start:%Y-%m}.csv"
    write_charges(table, billing.day, account, held)
    uses = [use for use in found.uses if month.start <= use.day < month.end]
    counts = table.with_name(f"{_COUNTS}{table.name}")
    write_counts(counts, uses) if uses else counts.unlink(missing_ok=True)
    return table


def _tell_summary(billing: Billing, found: Read, charges: Sequence[Charge], tell: Tell) -> None:
    """What was billed, and what of it could not be told."""
    name = billing.vendor.name
    sums: dict[str, list[Decimal]] = {}
    for line in found.lines:
        sums.setdefault(line.currency, []).append(line.amount)
    money = " and ".join(f"{exact(exact_sum(amounts))} {currency}" for currency, amounts in sorted(sums.items()))
    tell(f"{name}: {len(found.lines):,} cost lines, {money or 'no money'}")
    unknown = sum(charge.line.kind is not None and charge.tokens is None for charge in charges)
    if unknown:
        tell(f"{name}: the tokens of {unknown:,} cost lines are unknown: no use, or more than one, is theirs")
    if other := disagreeing(found.lines, found.costed):
        tell(
            f"{name}: on {other:,} days and meters cost lines count other tokens than the usage report; the bill's stay"
        )
    prepaid = sum(use.amount for use in found.uses) - sum(use.amount for use in found.costed)
    if prepaid:
        tell(f"{name}: {prepaid:,} tokens were paid for in advance and are in no cost line")
