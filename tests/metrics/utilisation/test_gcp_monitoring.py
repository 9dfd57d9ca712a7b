"""Cloud Monitoring over a server on this machine: pages, units, a busy server, changed answers, Google's own sign-in.

Answers have the shape of the API's reference (projects.timeSeries.list, November 2026).
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from costlib.analysis.units.readings import REQUESTS, Basis
from costlib.errors import InputError, UnreadableFile
from costlib.metrics.utilisation.gcp_monitoring import METRICS, fetch_readings, project_url
from costlib.metrics.utilisation.places import load_utilisation
from costlib.metrics.utilisation.readings import all_readings
from costlib.periods import Window

PATH = "/v3/projects/acme-ml/timeSeries"
WINDOW = Window(date(2026, 9, 1), date(2026, 10, 1))
DAY = date(2026, 9, 5)
VERTEX = "aiplatform.googleapis.com/prediction/online"


def series(value: dict[str, Any], unit: str | None = "10^2.%", **changed: Any) -> dict[str, Any]:
    """One aligned series of one point, the day that ends at midnight of the sixth."""
    return {
        "metric": {
            "type": f"{VERTEX}/accelerator/duty_cycle",
            "labels": {"deployed_model_id": "77", "replica_id": "r"},
        },
        "resource": {
            "type": "aiplatform.googleapis.com/Endpoint",
            "labels": {"endpoint_id": "4711", "location": "us-central1", "resource_container": "acme-ml"},
        },
        "metricKind": "GAUGE",
        "valueType": "DOUBLE",
        "points": [
            {"interval": {"startTime": "2026-09-06T00:00:00Z", "endTime": "2026-09-06T00:00:00Z"}, "value": value}
        ],
        **({"unit": unit} if unit else {}),
        **changed,
    }


def page(*found: dict[str, Any], token: str | None = None, **more: Any) -> dict[str, Any]:
    return {**({"timeSeries": list(found)} if found else {}), **({"nextPageToken": token} if token else {}), **more}


@pytest.fixture
def ask(scripted, pauses):
    def asked(*answers: Any):
        scripted.answers(PATH, *answers)
        return fetch_readings(f"{scripted.url}/v3/projects/acme-ml", WINDOW, lambda: "secret-token", pauses.append)

    return asked


def test_a_share_of_a_day_under_the_endpoints_number(ask, scripted) -> None:
    (one,) = ask(page(series({"doubleValue": 0.31})), page(), page(unit="%"))
    assert (one.day, one.resource, one.measure, one.value) == (DAY, "4711", Basis.BUSY, Decimal("0.31"))
    queries = [parse_qs(query) for _, query in scripted.asked]
    assert [query["filter"] for query in queries] == [[f'metric.type = "{metric.type}"'] for metric in METRICS]
    assert queries[0]["aggregation.perSeriesAligner"] == ["ALIGN_MEAN"]
    assert queries[0]["aggregation.alignmentPeriod"] == ["86400s"]
    assert queries[0]["interval.startTime"] == ["2026-09-01T00:00:00Z"]
    assert queries[0]["interval.endTime"] == ["2026-10-01T00:00:00Z"]
    assert {one["Authorization"] for one in scripted.headers} == {"Bearer secret-token"}


@pytest.mark.parametrize(
    ("value", "unit", "share"),
    [(0.31, "1", "0.31"), (31, "%", "0.31"), (0.31, None, "0.31"), (1, "%", "0.01"), (1, "1", "1")],
)
def test_the_answers_unit_says_what_full_use_is(ask, value, unit, share) -> None:
    (one,) = ask(page(series({"doubleValue": value}, unit)), page())
    assert one.value == Decimal(share)


def test_requests_are_whole_numbers_as_text(ask) -> None:
    found = ask(page(), page(series({"int64Value": "9007199254740993"}, "1")), page())
    assert [(one.measure, one.value) for one in found] == [(REQUESTS, Decimal(9007199254740993))]


def test_every_page_is_asked_for(ask, scripted) -> None:
    found = ask(page(series({"doubleValue": 0.2}), token="two"), page(series({"doubleValue": 0.4})), page())
    assert [one.value for one in found] == [Decimal("0.2"), Decimal("0.4")]
    assert parse_qs(scripted.asked[1][1])["pageToken"] == ["two"]


def test_a_page_that_comes_twice_is_refused(ask) -> None:
    with pytest.raises(UnreadableFile, match="the same page came twice"):
        ask(page(token="two"))


def test_a_busy_server_is_asked_again_and_waited_for(ask, pauses) -> None:
    (one,) = ask((429, {"Retry-After": "7"}, {}), (500, {}, {}), page(series({"doubleValue": 0.2})), page())
    assert one.value == Decimal("0.2")
    assert pauses == [7.0, 2.0]


def test_a_refusal_is_told_without_the_token(ask) -> None:
    with pytest.raises(UnreadableFile, match=r"403.*PERMISSION_DENIED") as caught:
        ask((403, {}, {"error": {"status": "PERMISSION_DENIED", "message": "secret-token may not"}}))
    assert "secret-token" not in str(caught.value)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"unit": "By"}, 'unit is "By"'),
        ({"points": None}, "there is no points"),
        ({"points": [{"value": {"doubleValue": 0.3}}]}, "there is no interval.endTime"),
        ({"points": [{"interval": {"endTime": "noon"}, "value": {"doubleValue": 0.3}}]}, "endTime is .noon."),
        ({"points": [{"interval": {"endTime": "2026-09-06T00:00:00Z"}, "value": {"float": 1}}]}, "value.doubleValue"),
        ({"resource": {"labels": {"endpoint": "4711"}}}, "there is no resource.labels.endpoint_id but endpoint"),
    ],
)
def test_a_changed_answer_names_the_field(ask, changed, said) -> None:
    with pytest.raises(UnreadableFile, match=said):
        ask(page(series({"doubleValue": 0.3}, **changed)))


@pytest.mark.parametrize(("value", "unit"), [(31, "1"), (31, "10^2.%"), (310, "%"), (-0.1, "1")])
def test_per_cent_in_the_place_of_a_share_is_refused(ask, value, unit) -> None:
    with pytest.raises(UnreadableFile, match="duty_cycle is"):
        ask(page(series({"doubleValue": value}, unit)))


def test_no_json(ask) -> None:
    with pytest.raises(UnreadableFile, match="no JSON object"):
        ask((200, {}, b"<html>"))


def test_a_token_goes_over_no_plain_connection_to_another_machine() -> None:
    with pytest.raises(InputError, match="anybody on the way can read"):
        fetch_readings("http://monitoring.example/v3/projects/acme-ml", WINDOW, lambda: "secret-token")


@pytest.mark.parametrize("place", ["gcp-monitoring:", "gcp-monitoring:a/b"])
def test_a_place_without_a_project(place) -> None:
    with pytest.raises(InputError, match="names no project"):
        project_url(place)


@pytest.fixture
def signs() -> Iterator[str]:
    """A server that gives a token for whatever is signed."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = self.rfile.read(int(self.headers["Content-Length"])).decode()
            given = "signed-for" if "assertion=" in asked else "nothing"
            body = json.dumps({"access_token": given, "token_type": "Bearer", "expires_in": 3600}).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/token"
    server.shutdown()
    thread.join()
    server.server_close()


def test_googles_own_sign_in_and_the_store(scripted, signs: str, tmp_path: Path, monkeypatch) -> None:
    """A service account's key signs for a token where its key file says; the token asks for the series."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    account = {
        "type": "service_account",
        "project_id": "acme-ml",
        "client_email": "reader@acme-ml.example",
        "private_key_id": "1",
        "private_key": key.private_bytes(*form).decode(),
        "token_uri": signs,
    }
    (tmp_path / "key.json").write_text(json.dumps(account))
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(tmp_path / "key.json"))
    scripted.answers(PATH, page(series({"doubleValue": 0.31})), page())
    place = f"gcp-monitoring:{scripted.url}/v3/projects/acme-ml?from=2026-09-01&to=2026-10-01"
    done = load_utilisation(tmp_path / "store", place)
    assert done
    assert (done.source, done.rows) == ("gcp-monitoring:acme-ml", 1)
    assert scripted.headers[-1]["Authorization"] == "Bearer signed-for"
    assert [one.value for one in all_readings(tmp_path / "store")] == [Decimal("0.31")]
    scripted.answers(PATH, page(series({"doubleValue": 0.99}), token="two"), (403, {}, {}))
    with pytest.raises(UnreadableFile, match="403"):
        load_utilisation(tmp_path / "store", place)
    assert [one.value for one in all_readings(tmp_path / "store")] == [Decimal("0.31")], "half a load changes nothing"


def test_without_credentials(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(tmp_path / "none.json"))
    with pytest.raises(InputError, match="no credentials for Google Cloud that work"):
        load_utilisation(tmp_path / "store", "gcp-monitoring:acme-ml?from=2026-09-01&to=2026-10-01")
