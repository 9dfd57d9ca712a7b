"""The administration APIs of model vendors on this machine: pages of buckets a day, as their references describe them.

``days`` holds what each report says: path, then day, then results. A page has ``page_days`` buckets. ``failures`` are
answered first, one a request; ``change`` may rewrite a page before it is sent.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

Results = list[dict[str, Any]]


class VendorServer:
    """One vendor's API; ``asked`` lists path and query of every question, ``sent`` its headers."""

    def __init__(self) -> None:
        self.days: dict[str, dict[date, Results]] = {}
        self.page_days = 31
        self.asked: list[tuple[str, dict[str, list[str]]]] = []
        self.sent: list[Mapping[str, str]] = []
        self.failures: list[int | str] = []
        self.headers: dict[str, str] = {}
        self.change: Callable[[str, dict[str, Any]], Any] = lambda path, page: page
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                parts = urlsplit(self.path)
                query = parse_qs(parts.query)
                server.asked.append((parts.path, query))
                server.sent.append(dict(self.headers))
                failure = server.failures.pop(0) if server.failures else 200
                body = server.body(parts.path, query) if failure == 200 else b'{"error": "busy"}'
                if failure == 401:
                    body = f"Incorrect key {self.headers.get('Authorization', '')[7:]}".encode()
                self.send_response(302 if isinstance(failure, str) else failure)
                if isinstance(failure, str):
                    self.send_header("Location", failure)
                for name, value in server.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: Any) -> None:
                """Say nothing."""

        self._server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()

    def paths(self) -> list[str]:
        """The paths asked for, in order."""
        return [path for path, _ in self.asked]

    def close(self) -> None:
        """Stop serving."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def body(self, path: str, query: dict[str, list[str]]) -> bytes:
        """One page: the buckets from the token's day on, empty ones too."""
        first, end = self.window(query)
        start = date.fromisoformat(query["page"][0].removeprefix("page_")) if "page" in query else first
        last = min(end, start + timedelta(days=min(self.page_days, int(query["limit"][0]))))
        found = self.days.get(path, {})
        days = [start + timedelta(days=offset) for offset in range((last - start).days)]
        page = {
            "object": "page",
            "data": [self.bucket(day, found.get(day, [])) for day in days],
            "has_more": last < end,
            "next_page": f"page_{last}" if last < end else None,
        }
        return json.dumps(self.change(path, page)).encode()

    def window(self, query: dict[str, list[str]]) -> tuple[date, date]:
        """The days asked for, the end not included."""
        raise NotImplementedError

    def bucket(self, day: date, results: Results) -> dict[str, Any]:
        """A day's bucket."""
        raise NotImplementedError


class OpenAIServer(VendorServer):
    """OpenAI's: seconds since 1970, ``organization`` in a header."""

    COSTS = "/v1/organization/costs"
    COMPLETIONS = "/v1/organization/usage/completions"
    EMBEDDINGS = "/v1/organization/usage/embeddings"

    def __init__(self) -> None:
        super().__init__()
        self.headers = {"openai-organization": "org-northlight"}

    def window(self, query: dict[str, list[str]]) -> tuple[date, date]:
        start, end = (datetime.fromtimestamp(int(query[name][0]), UTC).date() for name in ("start_time", "end_time"))
        return start, end

    def bucket(self, day: date, results: Results) -> dict[str, Any]:
        start = int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())
        return {"object": "bucket", "start_time": start, "end_time": start + 86_400, "results": results}


class AnthropicServer(VendorServer):
    """Anthropic's: moments as text; buckets that end before the end asked for, as its reference says."""

    COSTS = "/v1/organizations/cost_report"
    USAGE = "/v1/organizations/usage_report/messages"
    ME = "/v1/organizations/me"

    def body(self, path: str, query: dict[str, list[str]]) -> bytes:
        if path == self.ME:
            return b'{"id": "0fd6-northlight", "name": "Northlight", "type": "organization"}'
        return super().body(path, query)

    def window(self, query: dict[str, list[str]]) -> tuple[date, date]:
        start, end = (datetime.fromisoformat(query[name][0]) for name in ("starting_at", "ending_at"))
        return start.date(), (end - timedelta(seconds=1)).date()

    def bucket(self, day: date, results: Results) -> dict[str, Any]:
        return {
            "starting_at": f"{day}T00:00:00Z",
            "ending_at": f"{day + timedelta(days=1)}T00:00:00Z",
            "results": results,
        }


def openai_cost(line_item: str | None, amount: float | int, **more: Any) -> dict[str, Any]:
    """A result of OpenAI's Costs API, in dollars."""
    facts = {"line_item": line_item, "project_id": "proj_search", "api_key_id": "key_web"}
    return {"object": "organization.costs.result", "amount": {"value": amount, "currency": "usd"}, **facts} | more


def openai_use(input_tokens: int, cached: int = 0, output: int = 0, requests: int = 1, **more: Any) -> dict[str, Any]:
    """A result of OpenAI's Usage API of completions; input tokens include the cached ones."""
    return {
        "object": "organization.usage.completions.result",
        "input_tokens": input_tokens,
        "input_cached_tokens": cached,
        "output_tokens": output,
        "input_audio_tokens": 0,
        "output_audio_tokens": 0,
        "num_model_requests": requests,
        "project_id": "proj_search",
        "user_id": None,
        "api_key_id": "key_web",
        "model": "gpt-5-2025-08-07",
        "batch": False,
        "service_tier": "default",
    } | more


def anthropic_cost(token_type: str | None, cents: str, **more: Any) -> dict[str, Any]:
    """A result of Anthropic's cost report, in cents."""
    tokens = token_type is not None
    return {
        "currency": "USD",
        "amount": cents,
        "workspace_id": "wrkspc_support",
        "description": f"Claude Sonnet 4.5 Usage - {token_type}" if tokens else "Web Search Usage",
        "cost_type": "tokens" if tokens else "web_search",
        "context_window": "0-200k" if tokens else None,
        "inference_geo": None,
        "model": "claude-sonnet-4-5-20250929" if tokens else None,
        "service_tier": "standard" if tokens else None,
        "token_type": token_type,
    } | more


def anthropic_use(
    uncached: int, read: int = 0, output: int = 0, *, write_5m: int = 0, write_1h: int = 0, **more: Any
) -> dict[str, Any]:
    """A result of Anthropic's usage report of messages; uncached input tokens exclude the cached ones."""
    return {
        "uncached_input_tokens": uncached,
        "cache_creation": {"ephemeral_1h_input_tokens": write_1h, "ephemeral_5m_input_tokens": write_5m},
        "cache_read_input_tokens": read,
        "output_tokens": output,
        "server_tool_use": {"web_search_requests": 0},
        "api_key_id": "apikey_chat",
        "workspace_id": "wrkspc_support",
        "model": "claude-sonnet-4-5-20250929",
        "service_tier": "standard",
        "context_window": "0-200k",
        "inference_geo": "global",
    } | more
