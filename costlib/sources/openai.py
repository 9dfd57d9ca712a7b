"""OpenAI: what the organisation's Costs and Usage APIs say of a month.

Costs are **dollars**, as JSON numbers. A line item names model and kind of tokens (``gpt-5-2025-08-07, cached input``);
one that does not stays as it is, without tokens. A line may count itself (``quantity``), in tokens or in thousands of
them (``quantity_unit``); without a unit its count is not used. In the reports of use, input tokens **include** the
cached ones and those written to the cache: they are taken off here.

Reference: https://developers.openai.com/api/reference, administration, usage: costs, completions, embeddings (read
2026-11). What a line item may say is not in it: the forms read here are those that organisations published in 2026.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from urllib.parse import urlencode

from costlib.errors import InputError
from costlib.periods import Window
from costlib.sources.llm_answers import Fields, fields_of
from costlib.sources.llm_charges import CACHED, INPUT, OUTPUT, REQUESTS, WRITE, Line, Use
from costlib.sources.llm_days import Query, Reader, Report, Tell, Vendor
from costlib.sources.llm_fetch import Billing, Read
from costlib.sources.llm_table import vendor_source
from costlib.sources.web import Service

TYPE: Final = "openai"
PROVIDER: Final = "OpenAI"
DAY: Final = "OpenAIDay"
URL: Final = "https://api.openai.com"
COSTS: Final = Report(
    "costs",
    "/v1/organization/costs",
    (("group_by", "project_id"), ("group_by", "line_item"), ("group_by", "api_key_id")),
)
USES: Final = (
    Report(
        "completions",
        "/v1/organization/usage/completions",
        tuple(("group_by", name) for name in ("project_id", "api_key_id", "model", "batch", "service_tier")),
    ),
    Report(
        "embeddings",
        "/v1/organization/usage/embeddings",
        tuple(("group_by", name) for name in ("project_id", "api_key_id", "model")),
    ),
)
_LINE_ITEM: Final = re.compile(
    r"(?:(?P<tier>[a-z]+) \| )?(?P<model>[^\s,|]+)(?: (?P<medium>text|audio|image))?, "
    r"(?P<kind>input|cached input|cache writes?|output)(?:, (?P<context>long context))?"
)
_KINDS: Final = {"input": INPUT, "cached input": CACHED, "output": OUTPUT}
#: Service tiers that are no tier of their own on the bill.
_DEFAULT_TIERS: Final = ("default", "standard", "auto")
#: Counts of other things than text; what they are part of has no one price.
_OTHER_MEDIA: Final = tuple(f"{way}_{medium}_tokens" for way in ("input", "output") for medium in ("audio", "image"))


def lines_of(results: Mapping[date, Sequence[Fields]]) -> list[Line]:
    """The cost lines of the Costs API, in dollars.

    Raises ``UnreadableFile`` with the field that holds something else.
    """
    return [_line(day, one) for day, rows in results.items() for one in rows]


def uses_of(results: Mapping[date, Sequence[Fields]]) -> list[Use]:
    """Tokens and requests of a report of the Usage API, kinds apart.

    Raises ``UnreadableFile``, also where more input tokens are cached than there are.
    """
    return [use for day, rows in results.items() for one in rows for use in _uses(day, one)]


def line_item(text: str) -> tuple[str, str, str | None, str | None] | None:
    """Model, kind of tokens, tier and context window that a line item names; None where it names no tokens of text.

    >>> line_item("gpt-5-2025-08-07, cached input")
    ('gpt-5-2025-08-07', 'Cached input tokens', None, None)
    >>> line_item("priority | gpt-5.6-sol, output, long context")
    ('gpt-5.6-sol', 'Output tokens', 'priority', 'long context')
    >>> line_item("web search tool calls"), line_item("gpt-audio-mini audio, input")
    (None, ('gpt-audio-mini', 'Input tokens, audio', None, None))
    """
    found = _LINE_ITEM.fullmatch(text)
    if found is None:
        return None
    kind = _KINDS.get(found["kind"], WRITE)
    medium = f", {found['medium']}" if found["medium"] not in (None, "text") else ""
    return found["model"], f"{kind}{medium}", found["tier"], found["context"]


def _line(day: date, one: Fields) -> Line:
    label = one.text("line_item") or "not said"
    said = line_item(label)
    model, kind, tier, context = said or (None, None, None, None)
    return Line(
        day,
        one.number("amount.value"),
        one.needed("amount.currency").upper(),
        label,
        model,
        kind,
        tier,
        context,
        project=one.text("project_id"),
        key=one.text("api_key_id"),
        quantity=one.number("quantity") if one.has("quantity") else None,
        unit=one.text("quantity_unit"),
    )


def _uses(day: date, one: Fields) -> Iterator[Use]:
    tier = one.text("service_tier")
    row = Use(
        day,
        one.text("model"),
        REQUESTS,
        one.counted("num_model_requests"),
        "batch" if one.flag("batch") else None if tier in _DEFAULT_TIERS else tier,
        project=one.text("project_id"),
        key=one.text("api_key_id"),
        plain=not any(one.counted(name) for name in _OTHER_MEDIA),
    )
    whole, cached = one.count("input_tokens"), one.counted("input_cached_tokens")
    written = one.counted("input_cache_write_tokens")
    if whole < cached + written:
        raise one.refused(
            f"input_tokens is {whole:,}, less than the {cached + written:,} cached ones",
            "input_tokens that include the cached ones",
        )
    counts = {INPUT: whole - cached - written, CACHED: cached, WRITE: written, OUTPUT: one.counted("output_tokens")}
    yield from (replace(row, kind=kind, amount=amount) for kind, amount in counts.items() if amount)
    if row.amount:
        yield row


def _days(window: Window) -> Query:
    return [
        (name, str(int(datetime.combine(day, time(), UTC).timestamp())))
        for name, day in (("start_time", window.start), ("end_time", window.end))
    ]


def _day_of(bucket: Fields) -> date:
    start, end = bucket.count("start_time"), bucket.count("end_time")
    if start % 86_400 or end - start != 86_400:
        raise bucket.refused(f"a bucket goes from {start} to {end}", "start_time and end_time of one UTC day")
    return date(1970, 1, 1) + timedelta(days=start // 86_400)


def _account(service: Service, url: str, window: Window) -> tuple[str, str | None]:
    """The organisation as the header of every answer names it or, where none does, as a cost result does.

    Raises ``InputError`` where neither tells.
    """
    query = urlencode([*_days(window), *COSTS.query, ("limit", str(COSTS.most_days))])
    content, headers = service.answer(f"{url}{COSTS.path}?{query}")
    if found := headers.get("openai-organization"):
        return found, None
    page = fields_of(content, f"{PROVIDER} {COSTS.name} from {window.start}", VENDOR.reference)
    for one in (row for bucket in page.rows("data") for row in bucket.rows("results")):
        if found := one.text("organization_id"):
            return found, one.text("organization_name")
    raise InputError(
        "OpenAI does not say whose costs these are",
        expected="the organisation in the answer, or as account in the address",
        fix=f"Write for example {TYPE}:?account=org-abc; nothing was changed.",
    )


def _read(reader: Reader, window: Window, tell: Tell) -> Read:
    lines = lines_of(reader.read(COSTS, window, tell))
    uses = [use for report in USES for use in uses_of(reader.read(report, window, tell))]
    return Read(lines, uses, uses)


VENDOR: Final = Vendor(PROVIDER, "OpenAI's reference of 2026-11", _days, _day_of)
BILLING: Final = Billing(
    TYPE,
    URL,
    DAY,
    VENDOR,
    "OPENAI_ADMIN_KEY",
    headers=lambda key: {"Authorization": f"Bearer {key}"},
    account=_account,
    read=_read,
)
SOURCE = vendor_source(TYPE, PROVIDER, DAY)
