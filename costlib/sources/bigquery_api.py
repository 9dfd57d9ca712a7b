"""BigQuery over its own client: the table's schema, what a query would read, and its answer a page at a time.

No query runs that was not tried dry before, and none without a limit on the bytes it may bill. Credentials are
Google's default ones. Every call has a time limit, and is tried again for ``AGAIN_SECONDS`` where BigQuery is busy or
out of reach. The library is loaded by who calls, not by who imports.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from costlib.errors import InputError, UnreadableFile
from costlib.money import CENT, cents
from costlib.sources.bigquery_address import Asked

if TYPE_CHECKING:
    from google.cloud.bigquery import Client, QueryJobConfig

#: USD a TiB read, on demand in the US; in June 2026 by https://cloud.google.com/bigquery/pricing.
PRICE: Final = Decimal("6.25")
PRICE_FROM: Final = "on demand in the US, June 2026, cloud.google.com/bigquery/pricing"
#: The least that is billed for a query of one table.
LEAST_BYTES: Final = 10 << 20
CALL_SECONDS, AGAIN_SECONDS, QUERY_SECONDS, PAUSE_SECONDS = 60.0, 60.0, 1800.0, 1.0
PAGE_ROWS: Final = 20_000
LABELS: Final = {"application": "glidepath", "purpose": "billing-export"}
_SCOPES = ("https://www.googleapis.com/auth/bigquery",)


@dataclass(frozen=True)
class Table:
    """A table as BigQuery describes it: fields by dotted name with their types, and what it is partitioned by.

    ``partition`` is a column of the type TIMESTAMP; '' where there is none to filter by.
    """

    fields: dict[str, str]
    partition: str
    location: str


class Account:
    """BigQuery as one load uses it: what it has billed so far counts against the limit of the address."""

    def __init__(self, wanted: Asked) -> None:
        self._wanted = wanted
        self._client = _client(wanted.run_in)
        self._location = ""
        self.billed = 0

    def table(self) -> Table:
        """The table's description, which costs nothing."""
        found = self._client.get_table(self._wanted.name, retry=_again(), timeout=CALL_SECONDS)
        parted = found.time_partitioning
        fields = dict(_fields(found.schema))
        field = (parted.field or "_PARTITIONTIME") if parted else ""
        known = field == "_PARTITIONTIME" or fields.get(field) == "TIMESTAMP"
        self._location = str(found.location or "")
        return Table(fields, field if known else "", self._location)

    def estimate(self, sql: str) -> int:
        """Bytes that the query would read, which is asked for nothing; at least what is billed at all."""
        job = self._client.query(sql, job_config=self._config(dry=True), **self._how())
        return max(int(job.total_bytes_processed or 0), LEAST_BYTES)

    def check(self, estimates: Sequence[int]) -> None:
        """Raise ``InputError`` where the queries would read more than is left of the limit."""
        most, wanted = self._wanted.most_bytes, sum(estimates)
        if wanted > most - self.billed:
            gib = -(-(wanted + self.billed) >> 30) or 1
            raise InputError(
                f"{self._wanted.name}: the queries would read {said(wanted)}",
                expected=f"at most {most >> 30} GiB a load"
                + (f", of which {said_size(self.billed)} are used" if self.billed else ""),
                fix=f"Ask for fewer months with from and to, or allow it with max_gib={gib}; nothing was changed.",
            )

    def pages(self, sql: str) -> Iterator[list[tuple[Any, ...]]]:
        """The query's rows, page by page; run within what is left of the limit."""
        job = self._client.query(sql, job_config=self._config(dry=False), **self._how())
        rows = job.result(page_size=PAGE_ROWS, retry=_again(), timeout=QUERY_SECONDS, job_retry=None)
        self.billed += int(job.total_bytes_billed or 0)
        seen = 0
        for page in rows.pages:
            values = [row.values() for row in page]
            seen += len(values)
            yield values
        if seen != rows.total_rows:
            raise UnreadableFile(
                f"BigQuery gave {seen:,} of {rows.total_rows:,} rows",
                expected="a whole answer",
                fix="Load again; nothing was changed.",
            )

    def _config(self, *, dry: bool) -> QueryJobConfig:
        from google.cloud.bigquery import QueryJobConfig

        left = self._wanted.most_bytes - self.billed
        return QueryJobConfig(dry_run=dry, maximum_bytes_billed=left, labels=LABELS, use_legacy_sql=False)

    def _how(self) -> dict[str, Any]:
        """No second job for a failed one: tried again are calls only, so that nothing is billed twice unseen."""
        return {
            "location": self._location or None,
            "retry": _again(),
            "timeout": CALL_SECONDS,
            "job_retry": None,
        }


def said(size: int) -> str:
    """So many bytes and what reading them costs.

    >>> said(3 << 38), said(10 << 20)
    ('768.00 GiB, about 4.69 USD', '0.01 GiB, less than 0.01 USD')
    """
    cost = PRICE * size / (1 << 40)
    return f"{said_size(size)}, {f'about {cents(cost)}' if cost >= CENT else f'less than {CENT}'} USD"


def said_size(size: int) -> str:
    """So many bytes."""
    return f"{size / (1 << 30):,.2f} GiB"


@contextmanager
def said_plainly(where: str) -> Iterator[None]:
    """Refusals of BigQuery, of Google's sign-in and of the way there as ``InputError`` about the place."""
    from concurrent.futures import TimeoutError as Late

    from google.api_core.exceptions import GoogleAPIError
    from google.auth.exceptions import DefaultCredentialsError, GoogleAuthError
    from requests.exceptions import RequestException

    try:
        yield
    except DefaultCredentialsError as error:
        raise InputError(
            f"{where}: there are no credentials for Google Cloud",
            expected="Google's default credentials",
            fix="Run gcloud auth application-default login, or name a key file in GOOGLE_APPLICATION_CREDENTIALS; "
            "nothing was changed.",
        ) from error
    except GoogleAPIError as error:
        what, fix = _answer(error)
        raise InputError(
            f"{where}: {what}", expected="a table that may be read", fix=f"{fix} Nothing was changed."
        ) from (error)
    except (GoogleAuthError, RequestException, Late) as error:
        raise InputError(
            f"{where} cannot be reached ({str(error)[:200]})",
            expected="valid credentials and a way to BigQuery",
            fix="Check the network and sign in again; nothing was changed.",
        ) from error


def _answer(error: Exception) -> tuple[str, str]:
    """What BigQuery answered, in words: the problem and the one thing to do."""
    from google.api_core.exceptions import Forbidden, NotFound, RetryError

    reasons = {str(found.get("reason")) for found in getattr(error, "errors", ()) or () if isinstance(found, dict)}
    text = str(getattr(error, "message", "") or error)[:300]
    if "bytesBilledLimitExceeded" in reasons or "bytes billed limit" in text.lower():
        return "the query would bill more than the limit", "Raise max_gib, or ask for fewer months."
    if "quotaExceeded" in reasons:
        return "the project's quota is used up", "Load again later, or in another project with run_in."
    if isinstance(error, NotFound):
        return "there is no such table, dataset or project", "Check the address, letter by letter."
    if isinstance(error, Forbidden):
        needed = "bigquery.tables.get and bigquery.tables.getData on the table, bigquery.jobs.create in the project"
        return "access is denied", f"Allow {needed} that runs the query."
    if isinstance(error, RetryError):
        cause = str(error.cause or text)[:200]
        return (
            f"BigQuery did not answer within {AGAIN_SECONDS:.0f} s ({cause})",
            "Check the network, or load again later.",
        )
    return f"BigQuery says: {text}", "Check that the table is the billing export."


def _client(project: str) -> Client:
    import google.auth
    from google.cloud.bigquery import Client

    credentials, _ = google.auth.default(scopes=_SCOPES)
    return Client(project=project, credentials=credentials)


def _again() -> Any:
    """Tries again what BigQuery calls temporary, and broken connections, with growing pauses up to a limit."""
    from google.cloud.bigquery.retry import DEFAULT_RETRY

    return DEFAULT_RETRY.with_timeout(AGAIN_SECONDS).with_delay(PAUSE_SECONDS, 20 * PAUSE_SECONDS, 2.0)


def _fields(schema: Sequence[Any], before: str = "") -> Iterator[tuple[str, str]]:
    for field in schema:
        yield before + field.name, field.field_type
        yield from _fields(field.fields, f"{before}{field.name}.")
