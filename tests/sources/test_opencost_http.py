"""Allocations over HTTP, from a server on this machine: paging by day, trying again, and what is refused."""

from __future__ import annotations

import json
import threading
from datetime import date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from costlib.errors import InputError, MissingColumn, UnreadableFile
from costlib.periods import Window
from costlib.sources.opencost_http import address, pages
from costlib.sources.web import TRIES
from costlib.workspace import Workspace
from tests.builders import cube_rows, focus_row, write, write_csv
from tests.sources.test_opencost import allocation, idle, response

TWO_DAYS = Window(date(2026, 9, 5), date(2026, 9, 7))


class Served:
    """A server that answers with sets of hours, after the failures it is told to make."""

    def __init__(self):
        self.asked, self.failures, self.headers, self.change = [], [], {}, {}
        served = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                parts = urlsplit(self.path)
                query = {name: values[0] for name, values in parse_qs(parts.query).items()}
                served.asked.append((parts.path, query))
                code = served.failures.pop(0) if served.failures else 200
                body = served.body(query) if code == 200 else b"busy"
                self.send_response(code)
                for name, value in served.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                """Say nothing."""

        self._server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()

    def body(self, query):
        start = datetime.fromisoformat(query["window"].split(",")[0].removesuffix("Z"))
        hours = [start + timedelta(hours=hour) for hour in (9, 10)]
        sets = [[allocation(hour, 1, **self.change), idle(hour, 1)] for hour in hours]
        text = response(*sets)
        if "drop" in self.change:
            text = text.replace('"gpuHours"', '"gpuHrs"')
        return text.encode()

    def close(self):
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


@pytest.fixture
def served():
    server = Served()
    yield server
    server.close()


class TestPages:
    def test_a_page_a_day_of_hours(self, served):
        found = list(pages(f"{served.url}/allocation", TWO_DAYS))
        assert [day for day, _ in found] == [date(2026, 9, 5), date(2026, 9, 6)]
        assert json.loads(found[0][1])["code"] == 200
        path, query = served.asked[1]
        assert (path, query["window"], query["step"]) == (
            "/allocation", "2026-09-06T00:00:00Z,2026-09-07T00:00:00Z", "1h",
        )  # fmt: skip

    def test_tries_again_with_growing_pauses(self, served):
        served.failures, waited = [429, 500, 503], []
        assert len(list(pages(served.url, Window(TWO_DAYS.start, TWO_DAYS.start + timedelta(1)), waited.append))) == 1
        assert waited == [1, 2, 4]

    def test_waits_as_long_as_the_server_asks_but_a_minute_at_most(self, served):
        served.failures, waited = [429, 429], []
        served.headers = {"Retry-After": "7"}
        list(pages(served.url, TWO_DAYS, waited.append))
        served.failures, served.headers = [429], {"Retry-After": "86400"}
        list(pages(served.url, TWO_DAYS, waited.append))
        assert waited == [7, 7, 60]

    def test_gives_up_in_the_end_and_says_what_the_server_said(self, served):
        served.failures, waited = [500] * 99, []
        with pytest.raises(UnreadableFile, match=rf"answered 500 busy \({TRIES} tries\)"):
            list(pages(served.url, TWO_DAYS, waited.append))
        assert len(waited) == TRIES - 1

    def test_what_will_not_get_better_is_not_tried_again(self, served):
        served.failures = [404]
        with pytest.raises(UnreadableFile, match=r"answered 404 busy \(1 try\)"):
            list(pages(served.url, TWO_DAYS, lambda seconds: pytest.fail("waited")))

    def test_nobody_there(self, served):
        with pytest.raises(
            UnreadableFile, match=r"http://127.0.0.1:9 cannot be reached: nothing listens there \(3 tries\)"
        ):
            list(pages("http://127.0.0.1:9", TWO_DAYS, lambda seconds: None))


class TestAddress:
    def test_kubecosts_path_and_days(self):
        found = address("opencost:https://cost.example/model/allocation?from=2026-09-01&to=2026-09-03")
        assert (found.url, found.host) == ("https://cost.example/model/allocation", "cost.example")
        assert found.window == Window(date(2026, 9, 1), date(2026, 9, 3))

    @pytest.mark.parametrize(
        "text", ["opencost:", "opencost:file:///etc/passwd", "opencost:ftp://x", "opencost:http://"]
    )
    def test_no_address(self, text):
        with pytest.raises(InputError, match="is no address"):
            address(text)

    @pytest.mark.parametrize(
        ("days", "told"),
        [("from=2026-09-01", "one end"), ("from=x&to=y", "asks for x to y"), ("to=2026-09-01", "one end")],
    )
    def test_no_days(self, days, told):
        with pytest.raises(InputError, match=told):
            address(f"opencost:http://h?{days}")


@pytest.fixture
def space(tmp_path):
    bill = focus_row(ServiceName="Cluster", BilledCost="100", Tags=None)
    write(
        tmp_path / "store" / "rules.yaml",
        "version: 1\nrules: []\nshared:\n"
        "  - {name: ml, match: {ServiceName: Cluster}, driver: usage, usage: {cluster: ml}}\n",
    )
    space = Workspace(tmp_path / "store")
    space.load([write_csv(tmp_path / "bill.csv", [bill])])
    return space


class TestIntoTheStore:
    def test_the_months_days_up_to_the_last_one_billed(self, space, served):
        space.load([Path(f"opencost:{served.url}")])
        assert [query["window"][:10] for _, query in served.asked] == [f"2026-09-0{day}" for day in range(1, 6)]
        assert cube_rows(space.store.root, "SELECT COALESCE(x_Team, x_CostKind), SUM(BilledCost) FROM cube GROUP BY 1 "
                         "ORDER BY 1") == [("Search", 80), ("idle", 20)]  # fmt: skip

    def test_fetching_again_replaces_and_does_not_add(self, space, served):
        where = Path(f"opencost:{served.url}?from=2026-09-05&to=2026-09-06")
        space.load([where])
        first = space.store.current()
        space.load([where])
        assert space.store.current().generation == first.generation

    def test_days_fetched_before_stay(self, space, served):
        for day in (5, 4):
            space.load([Path(f"opencost:{served.url}?from=2026-09-0{day}&to=2026-09-0{day + 1}")])
        assert cube_rows(space.store.root, "SELECT COUNT(DISTINCT day) FROM usage") == [(2,)]

    def test_a_field_that_is_gone_is_named_and_nothing_changes(self, space, served):
        before = space.store.current()
        served.change = {"drop": True}
        with pytest.raises(MissingColumn, match="allocation search has no gpuHours"):
            space.load([Path(f"opencost:{served.url}")])
        assert space.store.current() == before

    def test_without_bills_it_needs_to_be_told_the_days(self, tmp_path, served):
        with pytest.raises(InputError, match="which days"):
            Workspace(tmp_path / "empty").load([Path(f"opencost:{served.url}")])
