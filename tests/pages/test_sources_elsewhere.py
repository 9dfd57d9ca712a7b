"""Load now from places that are not on this machine: what it costs is said first, nothing is paid for by looking."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import boto3
import pytest
from moto.server import ThreadedMotoServer
from streamlit.testing.v1 import AppTest

from costlib.workspace import Workspace
from tests.builders import cur_export, cur_row
from tests.pages import screen
from tests.pages.conftest import Open

SEPTEMBER = "aws-cost-explorer:?from=2026-09-01&to=2026-10-01&by=SERVICE"
BUCKET = "billing"


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    running = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    running.start()
    host, port = running.get_host_and_port()
    yield f"http://{host}:{port}"
    running.stop()


@pytest.fixture
def cloud(server: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> str:
    """AWS on this machine, with an empty bucket and nothing else to be reached."""
    for name, value in {
        "AWS_ENDPOINT_URL": server,
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_CONFIG_FILE": str(tmp_path / "none"),
        "AWS_SHARED_CREDENTIALS_FILE": str(tmp_path / "none"),
        "AWS_EC2_METADATA_DISABLED": "true",
    }.items():
        monkeypatch.setenv(name, value)
    post(server, "/moto-api/reset")
    boto3.client("s3").create_bucket(Bucket=BUCKET)
    return server


def post(server: str, path: str, document: object = None) -> None:
    body = json.dumps(document).encode() if document is not None else b""
    with urllib.request.urlopen(urllib.request.Request(server + path, body, method="POST"), timeout=10):
        pass


@pytest.fixture
def store(own_store: Callable[[str], str]) -> Path:
    return Path(own_store("no_ai"))


@pytest.fixture
def look(open_page: Open, store: Path) -> Callable[[str], AppTest]:
    """The page after somebody typed a place and asked what it would load."""

    def looked(where: str) -> AppTest:
        app = open_page("sources", str(store))
        app.text_input(key="load-path").set_value(where).run()
        app.button(key="load-look").click().run()
        assert not app.exception
        return app

    return looked


def names(store: Path) -> set[str]:
    return {part.source for part in Workspace(store).store.current().parts}


def button_keys(app: AppTest) -> set[str | None]:
    return {button.key for button in app.button}


def test_from_s3(cloud: str, look: Callable[[str], AppTest], store: Path, tmp_path: Path) -> None:
    export = cur_export(tmp_path / "costs", "2026-09", {"c.parquet": [cur_row(bill_payer_account_id="new")]})
    for path in sorted(path for path in export.rglob("*") if path.is_file()):
        key = f"exports/{path.relative_to(tmp_path)}"
        boto3.client("s3").put_object(Bucket=BUCKET, Key=key, Body=path.read_bytes())
    app = look(f"s3://{BUCKET}/exports")
    said = screen.everything(app)
    assert "Loading would fetch this first" in said and "2026-09" in said and not app.error
    assert not any("aws-cur2" in name for name in names(store))
    app.button(key="load-go").click().run()
    assert not app.exception and not app.error
    assert [screen.plain(one.value) for one in app.success] == ["1 line item loaded: they tie out to the bill."]
    assert "aws-cur2:costs" in names(store)


def test_cost_explorer_is_paid_for_by_the_second_press_only(
    cloud: str, look: Callable[[str], AppTest], store: Path
) -> None:
    amounts = {name: {"Amount": "12.5", "Unit": "USD"} for name in ("UnblendedCost", "AmortizedCost")}
    day = {"TimePeriod": {"Start": "2026-09-01", "End": "2026-09-02"}, "Total": {}, "Estimated": False,
           "Groups": [{"Keys": ["Amazon EC2"], "Metrics": amounts}]}  # fmt: skip
    answer = {"results": [{"ResultsByTime": [day], "DimensionValueAttributes": []}]}
    app = look(SEPTEMBER)
    assert "at least 1 requests, 0.01 USD" in screen.everything(app)
    assert not list((store / "exports").rglob("*.json")), "an answer was asked for and kept"
    post(cloud, "/moto-api/static/ce/cost-and-usage-results", answer)
    app.button(key="load-go").click().run()
    assert not app.exception and not app.error
    assert "1 line item loaded" in screen.plain(app.success[0].value)
    assert any("1 requests, 0.01 USD" in element.value for element in app.text)


@pytest.mark.parametrize(
    ("where", "words"),
    [
        (f"s3://{BUCKET}/nothing", "holds no manifest of AWS Data Exports"),
        ("s3://nobodys-bucket/exports", "nobodys-bucket"),
        ("aws-cost-explorer:?form=2026-09-01", "there is no option form"),
        ("openai:?from=2026-09-15&to=2026-10-01", "2026-09-15"),
        ("bigquery://acme", "acme"),
    ],
)
def test_what_cannot_be_fetched_is_refused_in_words(
    cloud: str, look: Callable[[str], AppTest], where: str, words: str
) -> None:
    app = look(where)
    assert words in screen.plain(app.error[0].value)
    assert "load-go" not in button_keys(app)


def test_how_other_places_are_written_is_on_the_page(open_page: Open, own_store: Callable[[str], str]) -> None:
    said = screen.everything(open_page("sources", own_store("no_ai")))
    for scheme in ("s3://", "bigquery://", "aws-cost-explorer:", "openai:", "anthropic:", "opencost:"):
        assert scheme in said
