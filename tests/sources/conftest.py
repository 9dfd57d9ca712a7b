"""A real S3 API on this machine: moto's server, one for all tests of this folder, and the environment that names it.

And Google's evaluator of SQL, one for all tests of this folder.
"""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from moto.server import ThreadedMotoServer

if TYPE_CHECKING:
    from tests.sources.zetasql_engine import ZetaSql


@dataclass(frozen=True)
class Cloud:
    """The server's address and a client of its S3."""

    url: str
    s3: Any

    def post(self, path: str, document: object = None) -> None:
        """Ask moto itself for something."""
        body = json.dumps(document).encode() if document is not None else b""
        request = urllib.request.Request(self.url + path, body, {"Content-Type": "application/json"}, method="POST")
        with urllib.request.urlopen(request, timeout=10):
            pass

    def upload(self, folder: Path, bucket: str, prefix: str) -> None:
        """Put the folder's files into the bucket, manifests last, as AWS does."""
        for path in sorted(folder.rglob("*"), key=lambda path: (path.name.endswith("Manifest.json"), path)):
            if path.is_file():
                key = "/".join(filter(None, (prefix, str(path.relative_to(folder)))))
                self.s3.put_object(Bucket=bucket, Key=key, Body=path.read_bytes())


@pytest.fixture(scope="session")
def moto_server() -> Iterator[str]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def cloud(moto_server: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Cloud:
    """An empty cloud, and an environment in which nothing but it can be reached."""
    nowhere = str(tmp_path / "none")
    for name, value in {
        "AWS_ENDPOINT_URL": moto_server,
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_CONFIG_FILE": nowhere,
        "AWS_SHARED_CREDENTIALS_FILE": nowhere,
        "AWS_EC2_METADATA_DISABLED": "true",
    }.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("AWS_PROFILE", raising=False)
    found = Cloud(moto_server, boto3.client("s3"))
    found.post("/moto-api/reset")
    found.s3.create_bucket(Bucket="billing")
    return found


@pytest.fixture(scope="session")
def zetasql(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> ZetaSql:
    """Google's evaluator, compiled once (28 processor seconds) and kept in pytest's cache where there is one."""
    from tests.sources.zetasql_engine import ZetaSql

    cache = getattr(request.config, "cache", None)
    return ZetaSql(cache.mkdir("zetasql") if cache else tmp_path_factory.mktemp("zetasql"))
