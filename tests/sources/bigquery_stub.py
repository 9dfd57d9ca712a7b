"""BigQuery's REST API on loopback, as much of it as a load uses: a table's description, jobs, pages, refusals.

Queries are answered by whoever is given SQL. What a careful client must do is held against every job: each query was
tried dry before, has a limit on its bytes, filters by partition and carries labels; ``broken`` says where one did not.
API: https://cloud.google.com/bigquery/docs/reference/rest (read 2026-11).
"""

from __future__ import annotations

import functools
import json
import re
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import sqlglot

Rows = Sequence[Sequence[Any]]
REASONS = {400: "invalidQuery", 403: "accessDenied", 404: "notFound", 429: "rateLimitExceeded", 500: "backendError"}


@dataclass
class Stub:
    """What is served, and what was asked. ``failures`` are answered first, by call: table, insert or results."""

    table: dict[str, Any]
    answer: Callable[[str], Rows]
    page: int = 2
    bytes_read: int = 20 << 20
    failures: dict[str, list[int]] = field(default_factory=dict)
    reasons: Mapping[int, str] = field(default_factory=lambda: REASONS)
    asked: list[dict[str, Any]] = field(default_factory=list)
    references: list[dict[str, Any]] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    url: str = ""
    _jobs: dict[str, dict[str, Any]] = field(default_factory=dict)

    @property
    def queries(self) -> list[str]:
        """The SQL of the queries that ran."""
        return [job["query"]["query"] for job in self.asked if not job.get("dryRun")]

    def handle(self, method: str, path: str, options: Mapping[str, str], body: dict[str, Any]) -> tuple[int, Any]:
        """The status and document of an answer."""
        call = _call(method, path)
        self.calls.append(call)
        if waiting := self.failures.get(call):
            status = waiting.pop(0)
            reason = self.reasons.get(status, REASONS[status])
            message = f"stub says {reason}"
            return status, {"error": {"code": status, "message": message, "errors": [{"reason": reason}]}}
        if call == "token":
            return 200, {"access_token": "token", "expires_in": 3600, "token_type": "Bearer"}
        if call == "table":
            return 200, self.table
        if call == "insert":
            return 200, self._insert(body)
        job = path.rpartition("/")[2]
        return 200, self._results(job, options) if call == "results" else self._jobs[job]

    def _insert(self, body: dict[str, Any]) -> dict[str, Any]:
        wanted = body["configuration"]
        self._hold(wanted)
        self.asked.append(wanted)
        self.references.append(body["jobReference"])
        job = body["jobReference"]["jobId"]
        self._jobs[job] = {
            **body,
            "status": {"state": "DONE"},
            "statistics": {
                "totalBytesProcessed": str(self.bytes_read),
                "query": {"totalBytesProcessed": str(self.bytes_read), "totalBytesBilled": str(self.bytes_read)},
            },
        }
        return self._jobs[job]

    def _hold(self, wanted: Mapping[str, Any]) -> None:
        sql = wanted["query"]["query"]
        tried = [job["query"]["query"] for job in self.asked if job.get("dryRun")]
        if not wanted.get("dryRun") and sql not in tried:
            self.broken.append(f"not tried dry: {sql[:60]}")
        if int(wanted["query"].get("maximumBytesBilled", 0)) <= 0:
            self.broken.append(f"no limit on bytes: {sql[:60]}")
        if not re.search(r"(_PARTITIONTIME|export_time) >= CAST\('\d{4}-\d\d-\d\d 00:00:00\+00' AS TIMESTAMP\)", sql):
            self.broken.append(f"no partition filter: {sql[:60]}")
        if wanted.get("labels", {}).get("application") != "glidepath":
            self.broken.append(f"no labels: {sql[:60]}")

    def _results(self, job: str, options: Mapping[str, str]) -> dict[str, Any]:
        done = self._jobs[job]
        sql = done["configuration"]["query"]["query"]
        names = _columns(sql)
        rows = done.setdefault("rows", list(self.answer(sql)))
        kinds = {"line_items": "INTEGER"}
        schema = {"fields": [{"name": name, "type": kinds.get(name, "STRING")} for name in names]}
        document = {"jobReference": done["jobReference"], "jobComplete": True, "schema": schema}
        document["totalRows"] = str(len(rows))
        if options.get("maxResults") == "0":
            return document
        start = int(options.get("pageToken", 0))
        end = start + self.page
        document["rows"] = [{"f": [{"v": None if v is None else str(v)} for v in row]} for row in rows[start:end]]
        return document | ({"pageToken": str(end)} if end < len(rows) else {})


@functools.cache
def _columns(sql: str) -> tuple[str, ...]:
    """The names of the query's columns."""
    return tuple(sqlglot.parse_one(sql, read="bigquery").named_selects)


@contextmanager
def served(stub: Stub) -> Iterator[Stub]:
    """The stub behind a port of this machine."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._serve("GET", {})

        def do_POST(self) -> None:
            raw = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            self._serve("POST", json.loads(raw) if raw.startswith(b"{") else {})

        def _serve(self, method: str, body: dict[str, Any]) -> None:
            parts = urlsplit(self.path)
            options = {name: values[-1] for name, values in parse_qs(parts.query).items()}
            status, document = stub.handle(method, parts.path, options, body)
            content = json.dumps(document).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    stub.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield stub
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _call(method: str, path: str) -> str:
    if path == "/token":
        return "token"
    if "/tables/" in path:
        return "table"
    if "/queries/" in path:
        return "results"
    return "insert" if method == "POST" else "job"
