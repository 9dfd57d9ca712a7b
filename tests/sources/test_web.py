"""Questions over HTTP, from a server on this machine: what is asked again, how long is waited, where a key goes."""

from __future__ import annotations

import re
import socket
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import urlsplit

import pytest

from costlib.errors import InputError, UnreadableFile
from costlib.periods import Window
from costlib.sources import web
from costlib.sources.llm_days import _stretches
from costlib.sources.web import TRIES, Service
from tests.sources.test_openai import FIFTH, SIXTH

KEY = {"Authorization": "Bearer secret-of-the-tests"}


class Served:
    """Answers with the codes it is given, then 200; ``asked`` holds method, body and headers of every question."""

    def __init__(self):
        self.codes, self.asked, self.headers, self.said = [], [], {}, b"busy"
        served = self

        class Handler(BaseHTTPRequestHandler):
            def answer(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                served.asked.append((self.command, body, dict(self.headers)))
                code = served.codes.pop(0) if served.codes else 200
                said = b"{}" if code == 200 else served.said
                self.send_response(code)
                for name, value in served.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(said)))
                self.end_headers()
                self.wfile.write(said)

            do_GET = do_POST = answer

            def log_message(self, *_):
                """Say nothing."""

        self._server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/x"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()

    def close(self):
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


@pytest.fixture
def served():
    server = Served()
    yield server
    server.close()


def service(waited=None, headers=KEY):
    pause = (lambda seconds: pytest.fail("waited")) if waited is None else waited.append
    return Service("answers", "Do this.", headers, pause)


@pytest.mark.parametrize("code", [429, 500, 502, 503, 504, 529])
def test_a_busy_server_is_asked_again_after_growing_pauses(served, code):
    served.codes, waited = [code] * (TRIES - 1), []
    assert service(waited).answer(served.url)[0] == b"{}"
    assert waited == [1, 2, 4, 8]


def test_it_is_asked_five_times_at_most(served):
    served.codes, waited = [503] * 9, []
    with pytest.raises(UnreadableFile, match=r"answered 503 busy \(5 tries\)\. Expected: answers\. Do this\."):
        service(waited).answer(served.url)
    assert len(served.asked) == TRIES


@pytest.mark.parametrize(("said", "seconds"), [("9", 9), ("3600", 60), ("soon", 1), ("-1", 1)])
def test_the_server_may_say_how_long_a_minute_at_most(served, said, seconds):
    served.codes, served.headers, waited = [429], {"Retry-After": said}, []
    service(waited).answer(served.url)
    assert waited == [seconds]


@pytest.mark.parametrize("code", [400, 401, 403, 404, 410, 501])
def test_what_will_not_get_better_is_not_asked_again(served, code):
    served.codes = [code]
    with pytest.raises(UnreadableFile, match=rf"answered {code} busy \(1 try\)"):
        service().answer(served.url)


def test_an_answer_that_breaks_off_is_asked_for_again(served):
    served.headers, waited = {"Content-Length": "99"}, []
    with pytest.raises(UnreadableFile, match="5 tries"):
        service(waited).answer(served.url)


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("http://127.0.0.1:{free}/x?q=1", "http://127.0.0.1:{free} cannot be reached: nothing listens there"),
        ("http://no-such-host.invalid/x", "http://no-such-host.invalid cannot be reached: this name is not known"),
        ("https://127.0.0.1:{served}/x", "https://127.0.0.1:{served} cannot be reached: it does not speak https"),
        (f"http://{'a' * 64}.example/x", f"http://{'a' * 64}.example cannot be reached: it is no address"),
        ("http://a b/x", "http://a b cannot be reached: it is no address"),
        ("http://user:word@127.0.0.1:{free}/x", "http://127.0.0.1:{free} cannot be reached: "),
    ],
)
def test_nobody_there_is_said_soon_and_in_words(served, url, why, monkeypatch):
    known = socket.getaddrinfo

    def look_up(host, *more, **options):
        if host.endswith(".invalid"):
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return known(host, *more, **options)

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    with socket.socket() as held:  # a port that is taken and does not listen
        held.bind(("127.0.0.1", 0))
        ports = {"free": held.getsockname()[1], "served": urlsplit(served.url).port}
        waited: list[float] = []
        with pytest.raises(UnreadableFile) as refused:
            service(waited, headers={}).answer(url.format_map(ports))
    said = str(refused.value)
    assert said.startswith(why.format_map(ports))
    # A server that is started anew refuses for a moment; nothing else here changes by itself.
    tries, waits = ("3 tries", [1, 2]) if "nothing listens there" in said else ("1 try", [])
    assert said.endswith(f"({tries}). Expected: a server there that gives answers. Do this.") and waited == waits
    assert not {"urlopen", "Errno", "word"} & set(re.findall(r"\w+", said))


@pytest.mark.parametrize(
    ("said", "why"),
    [
        (b"", "the connection was closed"),
        (b"SSH-2.0-OpenSSH_9.6\r\n", "what answers there does not speak HTTP"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{}", "the answer breaks off"),
    ],
)
def test_a_connection_that_breaks_is_tried_again(said, why):
    waited = []
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def speak():
            for _ in range(TRIES):
                connection, _ = listening.accept()
                with connection:
                    connection.recv(4096)
                    connection.sendall(said)

        thread = threading.Thread(target=speak, daemon=True)
        thread.start()
        with pytest.raises(UnreadableFile, match=rf"cannot be reached: {why} \({TRIES} tries\)"):
            service(waited, {}).answer(f"http://127.0.0.1:{listening.getsockname()[1]}/x")
        thread.join()
    assert waited == [1, 2, 4, 8]


def test_an_answer_that_is_late_is_waited_for_once_more(monkeypatch):
    waited = []
    monkeypatch.setattr(web, "TIMEOUT_SECONDS", 0.01)
    with (
        socket.create_server(("127.0.0.1", 0)) as silent,
        pytest.raises(UnreadableFile, match=r"there was no answer within 60 s \(5 tries\)"),
    ):
        service(waited, {}).answer(f"http://127.0.0.1:{silent.getsockname()[1]}/x")
    assert waited == [1, 2, 4, 8]


def test_a_page_for_browsers_is_told_by_its_status(served):
    served.codes, served.said = [404], b"<!doctype html>\n<html><title>nginx</title>"
    with pytest.raises(UnreadableFile, match=r"answered 404 Not Found \(1 try\)"):
        service().answer(served.url)


def test_what_the_server_said_is_one_line(served):
    served.codes, served.said = [400], b'{\n  "error":\n "no"\n}\n'
    with pytest.raises(UnreadableFile, match=r'answered 400 { "error": "no" } \(1 try\)'):
        service().answer(served.url)


def test_the_headers_go_along_and_come_back_in_small_letters(served):
    served.headers = {"OpenAI-Organization": "org-x"}
    _, headers = service().answer(served.url)
    assert headers["openai-organization"] == "org-x"
    assert served.asked[0][2]["Authorization"] == KEY["Authorization"]


def test_a_question_may_have_a_body(served):
    service().answer(served.url, b'{"max": 3}')
    method, body, headers = served.asked[0]
    assert (method, body, headers["Content-Type"]) == ("POST", b'{"max": 3}', "application/json")


def test_a_key_is_in_no_message_and_in_no_description(served):
    served.codes, served.said = [401], b"no such key: secret-of-the-tests, Bearer secret-of-the-tests"
    with pytest.raises(UnreadableFile, match=r"no such key: \(key\), \(key\)") as refused:
        service().answer(served.url)
    assert "secret" not in str(refused.value) + repr(service())


def test_a_key_follows_no_redirect_but_a_plain_question_does(served):
    other = Served()
    served.codes, served.headers = [302, 302], {"Location": other.url}
    with pytest.raises(UnreadableFile, match="answered 302"):
        service().answer(served.url)
    assert other.asked == []
    assert service(headers={}).answer(served.url)[0] == b"{}"
    assert len(other.asked) == 1
    other.close()


@pytest.mark.parametrize("url", ["http://gateway.example/v1", "http://10.0.0.1/v1", "http://localhost.evil.example/v1"])
def test_a_key_is_not_sent_in_the_open(url):
    with pytest.raises(InputError, match="would be sent a key that anybody on the way can read"):
        service().answer(url)


def test_a_service_inside_a_network_is_asked_in_the_open(served, monkeypatch):
    monkeypatch.setattr(web, "_HERE", ())
    with pytest.raises(InputError, match="anybody on the way can read"):
        service().answer(served.url)
    inside = Service("answers", "Do this.", KEY, plain=True)
    assert inside.answer(served.url)[0] == b"{}"
    assert [headers["Authorization"] for _, _, headers in served.asked] == [KEY["Authorization"]]


def test_more_than_can_be_held_is_refused(served, monkeypatch):
    monkeypatch.setattr(web, "MOST_BYTES", 1)
    with pytest.raises(UnreadableFile, match="answered more than 1 bytes"):
        service().answer(served.url)


def test_days_with_gaps_are_asked_in_stretches():
    days = [FIFTH, SIXTH, *(day.replace(day=day.day + 10) for day in (FIFTH, SIXTH))]
    assert list(_stretches(days, 31)) == [
        Window(FIFTH, days[1].replace(day=7)),
        Window(days[2], days[3].replace(day=17)),
    ]
    assert [window.days for window in _stretches(days, 1)] == [1, 1, 1, 1]
    assert list(_stretches([], 31)) == []
