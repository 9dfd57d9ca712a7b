"""Utilisation from Google Cloud Monitoring: daily means of GPUs of Vertex AI endpoints and of Compute Engine.

Where: ``gcp-monitoring:PROJECT`` (or the whole address of a project below another host), with
``?from=2026-09-01&to=2026-10-01`` (whole months, the end not included; default: the month of the bills' last day).

Days are aligned by Monitoring itself, to midnight UTC: a point's end is the end of its day. A unit of ``1`` or
``10^2.%`` is a share, ``%`` is per cent, whichever the answer says. A resource is the endpoint's or the instance's
number, in which its id on a detailed bill ends. Vertex AI's CPU figure may exceed one by the machine's CPUs, which it
does not tell: it is not asked for. Credentials are Google's default ones, read-only (``monitoring.read``).

Source: Cloud Monitoring API v3, projects.timeSeries.list; Google Cloud metrics, aiplatform and agent (November 2026).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final
from urllib.parse import urlencode

from costlib.analysis.units.readings import REQUESTS, Basis, Reading
from costlib.errors import InputError
from costlib.metrics.utilisation.known import share_of
from costlib.periods import Window
from costlib.sources.llm_answers import Fields, fields_of
from costlib.sources.web import Service
from costlib.sources.web_address import asked

PREFIX: Final = "gcp-monitoring:"
HOST: Final = "https://monitoring.googleapis.com/v3/projects/"
PAGE: Final = 10_000
_SCOPES: Final = ("https://www.googleapis.com/auth/monitoring.read",)
_REFERENCE: Final = "https://cloud.google.com/monitoring/api/ref_v3/rest/v3/projects.timeSeries/list"
_FIX: Final = "Check the project and allow monitoring.timeSeries.list on it; nothing was changed."
#: What full use is in each unit that Monitoring says.
_FULL: Final = {"1": Decimal(1), "10^2.%": Decimal(1), "%": Decimal(100)}


@dataclass(frozen=True)
class Metric:
    """A metric type: what it measures, the label that names its resource, how a day is made of it, its own unit."""

    type: str
    measure: str
    label: str
    aligner: str
    unit: str


_VERTEX: Final = "aiplatform.googleapis.com/prediction/online"
METRICS: Final = (
    Metric(f"{_VERTEX}/accelerator/duty_cycle", Basis.BUSY, "endpoint_id", "ALIGN_MEAN", "1"),
    Metric(f"{_VERTEX}/response_count", REQUESTS, "endpoint_id", "ALIGN_DELTA", "1"),
    Metric("agent.googleapis.com/gpu/utilization", Basis.BUSY, "instance_id", "ALIGN_MEAN", "%"),
)


def project_url(place: str) -> str:
    """The address of a project's Monitoring that a place means.

    Raises ``InputError``.

    >>> project_url("gcp-monitoring:acme-ml")
    'https://monitoring.googleapis.com/v3/projects/acme-ml'
    >>> project_url("gcp-monitoring:http:/localhost:8085/v3/projects/acme-ml")
    'http://localhost:8085/v3/projects/acme-ml'
    """
    name = place.removeprefix(PREFIX)
    if name.startswith(("http:", "https:")):
        return asked(place, PREFIX.rstrip(":")).url
    if not name or "/" in name:
        raise InputError(f"{place} names no project", expected=f"{PREFIX}PROJECT", fix="Write the project's id.")
    return HOST + name


def fetch_readings(
    url: str,
    window: Window,
    token: Callable[[], str] | None = None,
    pause: Callable[[float], None] = time.sleep,
) -> list[Reading]:
    """The readings of a project by day; ``url`` is the project's address without a slash at its end.

    Raises ``UnreadableFile`` with what Google said or the field that changed, ``InputError`` without credentials.
    """
    headers = {"Authorization": f"Bearer {(token or default_token)()}"}
    service = Service("time series of Cloud Monitoring", _FIX, headers, pause)
    return [one for metric in METRICS for one in _readings(service, url, metric, window)]


def default_token() -> str:
    """A token of Google's default credentials.

    Raises ``InputError`` where there are none, or they are refused.
    """
    import google.auth
    from google.auth.exceptions import GoogleAuthError
    from google.auth.transport.requests import Request

    try:
        credentials, _ = google.auth.default(scopes=_SCOPES)
        credentials.refresh(Request())  # type: ignore[no-untyped-call]
    except GoogleAuthError as error:
        raise InputError(
            f"{PREFIX} there are no credentials for Google Cloud that work ({str(error)[:200]})",
            expected="Google's default credentials",
            fix="Run gcloud auth application-default login, or name a key file in GOOGLE_APPLICATION_CREDENTIALS.",
        ) from error
    return str(credentials.token)


def _readings(service: Service, url: str, metric: Metric, window: Window) -> Iterator[Reading]:
    for page in _pages(service, url, metric, window):
        series = page.rows("timeSeries") if page.has("timeSeries") else []
        for one in series:
            unit = one.text("unit") or page.text("unit") or metric.unit
            resource = one.needed(f"resource.labels.{metric.label}")
            for point in one.rows("points"):
                value = _value(point)
                if metric.measure != REQUESTS:
                    value = _share(one, metric, value, unit)
                yield Reading(_day(point), resource, None, metric.measure, value)


def _pages(service: Service, url: str, metric: Metric, window: Window) -> Iterator[Fields]:
    question: dict[str, Any] = {
        "filter": f'metric.type = "{metric.type}"',
        "interval.startTime": f"{window.start}T00:00:00Z",
        "interval.endTime": f"{window.end}T00:00:00Z",
        "aggregation.alignmentPeriod": "86400s",
        "aggregation.perSeriesAligner": metric.aligner,
        "pageSize": PAGE,
    }
    seen: set[str] = set()
    while True:
        content, _ = service.answer(f"{url}/timeSeries?{urlencode(question)}")
        page = fields_of(content, metric.type, _REFERENCE)
        yield page
        token = page.text("nextPageToken")
        if token is None:
            return
        if token in seen:
            raise page.refused("the same page came twice", "another nextPageToken on each page")
        seen.add(token)
        question["pageToken"] = token


def _value(point: Fields) -> Decimal:
    """A point's number: a JSON number, or whole numbers as text, as the API writes 64 bits."""
    if point.has("value.int64Value"):
        return point.decimal_text("value.int64Value")
    return point.number("value.doubleValue")


def _share(series: Fields, metric: Metric, value: Decimal, unit: str) -> Decimal:
    full = _FULL.get(unit)
    if full is None:
        raise series.changed("unit", unit, f"one of {', '.join(_FULL)}")
    try:
        return share_of(metric.type.rpartition("/")[2], value, full)
    except ValueError as error:
        raise series.refused(str(error), f"{metric.type} in {unit}") from error


def _day(point: Fields) -> date:
    """The UTC day that ends with the point."""
    text = point.needed("interval.endTime")
    try:
        end = datetime.fromisoformat(text)
    except ValueError as error:
        raise point.changed("interval.endTime", text, "a moment") from error
    return (end.astimezone(UTC) - timedelta(microseconds=1)).date()
