"""Anthropic: what the organisation's cost report and its usage report of messages say of a month.

Costs are **cents**, as decimal text: ``"123.45"`` is 1.2345 dollars. A line names model, kind of tokens, service tier
and context window itself. In the usage report ``uncached_input_tokens`` **exclude** what was read from the cache or
written to it. The cost report knows no API key: a line is cut by the tokens of each key (``llm_charges``). Use of the
priority tier is in the usage report and, being paid for in advance, in no cost line.

Reference: https://platform.claude.com/docs/en/api/admin/cost_report and .../usage_report/retrieve_messages (read
2026-11).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Context
from typing import Final

from costlib.periods import Window
from costlib.sources.llm_answers import Fields, fields_of
from costlib.sources.llm_charges import CACHED, INPUT, OUTPUT, WRITE_1H, WRITE_5M, Line, Use
from costlib.sources.llm_days import Query, Reader, Report, Tell, Vendor
from costlib.sources.llm_fetch import Billing, Read
from costlib.sources.llm_table import vendor_source
from costlib.sources.web import Service

TYPE: Final = "anthropic"
PROVIDER: Final = "Anthropic"
DAY: Final = "AnthropicDay"
URL: Final = "https://api.anthropic.com"
VERSION: Final = "2023-06-01"
COSTS: Final = Report(
    "cost_report", "/v1/organizations/cost_report", (("group_by[]", "workspace_id"), ("group_by[]", "description"))
)
USES: Final = Report(
    "usage_report",
    "/v1/organizations/usage_report/messages",
    tuple(
        ("group_by[]", name)
        for name in ("api_key_id", "workspace_id", "model", "service_tier", "context_window", "inference_geo")
    ),
    most_days=7,
)
#: Usage and cost of the default workspace have no workspace id.
DEFAULT_WORKSPACE: Final = "default workspace"
#: Use that no cost line is for.
PREPAID_TIER: Final = "priority"
_KINDS: Final = {
    "uncached_input_tokens": INPUT,
    "cache_read_input_tokens": CACHED,
    "cache_creation.ephemeral_5m_input_tokens": WRITE_5M,
    "cache_creation.ephemeral_1h_input_tokens": WRITE_1H,
    "output_tokens": OUTPUT,
}
_MINOR_DIGITS: Final = 2
_EXACT: Final = Context(prec=100)


def lines_of(results: Mapping[date, Sequence[Fields]]) -> list[Line]:
    """The lines of the cost report, in dollars.

    Raises ``UnreadableFile`` with the field that holds something else.
    """
    return [_line(day, one) for day, rows in results.items() for one in rows]


def uses_of(results: Mapping[date, Sequence[Fields]]) -> list[Use]:
    """Tokens of the usage report of messages, kinds apart.

    Raises ``UnreadableFile`` with the field that holds something else.
    """
    return [use for day, rows in results.items() for one in rows for use in _uses(day, one)]


def _line(day: date, one: Fields) -> Line:
    label = one.text("description") or one.text("cost_type") or "not said"
    currency = one.needed("currency")
    if currency != "USD":
        raise one.changed("currency", currency, "USD, whose cents the amounts are")
    token_type = one.text("token_type")
    if token_type is not None and token_type not in _KINDS:
        raise one.changed("token_type", token_type, f"one of {', '.join(_KINDS)}")
    return Line(
        day,
        one.decimal_text("amount").scaleb(-_MINOR_DIGITS, _EXACT),
        currency,
        label,
        one.text("model"),
        _KINDS[token_type] if token_type else None,
        one.text("service_tier"),
        one.text("context_window"),
        one.text("inference_geo"),
        one.text("workspace_id") or DEFAULT_WORKSPACE,
    )


def _uses(day: date, one: Fields) -> Iterator[Use]:
    creation = one.inside("cache_creation")
    counts = {
        INPUT: one.count("uncached_input_tokens"),
        CACHED: one.count("cache_read_input_tokens"),
        WRITE_5M: creation.count("ephemeral_5m_input_tokens"),
        WRITE_1H: creation.count("ephemeral_1h_input_tokens"),
        OUTPUT: one.count("output_tokens"),
    }
    for kind, amount in counts.items():
        if amount:
            yield Use(
                day,
                one.text("model"),
                kind,
                amount,
                one.text("service_tier"),
                one.text("context_window"),
                one.text("inference_geo"),
                one.text("workspace_id") or DEFAULT_WORKSPACE,
                one.text("api_key_id"),
            )


def _days(window: Window) -> Query:
    """Buckets that end *before* ``ending_at`` are given, so it lies a second after the last one's end."""
    return [("starting_at", f"{window.start}T00:00:00Z"), ("ending_at", f"{window.end}T00:00:01Z")]


def _day_of(bucket: Fields) -> date:
    texts = [bucket.needed(name) for name in ("starting_at", "ending_at")]
    try:
        start, end = (datetime.fromisoformat(text) for text in texts)
    except ValueError as error:
        raise bucket.changed("starting_at", texts[0], "a moment such as 2026-09-05T00:00:00Z") from error
    midnight = start.utcoffset() == timedelta() and (start.hour, start.minute, start.second) == (0, 0, 0)
    if not midnight or end.utcoffset() is None or end - start != timedelta(days=1):
        raise bucket.refused(f"a bucket goes from {texts[0]} to {texts[1]}", "starting_at and ending_at of one UTC day")
    return start.date()


def _account(service: Service, url: str, window: Window) -> tuple[str, str | None]:
    """The organisation's id and name."""
    content, _headers = service.answer(f"{url}/v1/organizations/me")
    found = fields_of(content, f"{PROVIDER} organizations/me", VENDOR.reference)
    return found.needed("id"), found.text("name")


def _read(reader: Reader, window: Window, tell: Tell) -> Read:
    lines = lines_of(reader.read(COSTS, window, tell))
    uses = uses_of(reader.read(USES, window, tell))
    return Read(lines, [use for use in uses if use.tier != PREPAID_TIER], uses)


VENDOR: Final = Vendor(PROVIDER, "Anthropic's reference of 2026-11", _days, _day_of)
BILLING: Final = Billing(
    TYPE,
    URL,
    DAY,
    VENDOR,
    "ANTHROPIC_ADMIN_KEY",
    headers=lambda key: {"X-Api-Key": key, "anthropic-version": VERSION},
    account=_account,
    read=_read,
)
SOURCE = vendor_source(TYPE, PROVIDER, DAY)
