"""Addresses to load from: their parts, their days, whole months, and what is told of one that is not known."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from costlib.errors import InputError
from costlib.periods import Window
from costlib.sources.web_address import asked, days_of, refuse_unknown, whole_months, written

FIRST = date(2026, 9, 1)
KINDS = ("s3://bucket/prefix", "openai:", "opencost:http://host:port")


@pytest.mark.parametrize("address", ["https://gateway.example/v1", "http://[::1]:9003", "http://10.0.0.1:65535/a/b"])
def test_an_address_is_read_as_typed_and_as_a_path_writes_it(address: str) -> None:
    found = asked(f"openai:{address}/?from=2026-09-01", "openai")
    assert (found.url, found.options) == (address, {"from": "2026-09-01"})
    assert asked(str(Path(f"openai:{address}?from=2026-09-01")), "openai") == found


@pytest.mark.parametrize("rest", ["", "host:80", "ftp://host", "http://", "http://:80", "http://h:x", "http://h:0"])
def test_what_is_none(rest: str) -> None:
    with pytest.raises(InputError, match=r"is no address\. Expected: opencost:http://host:port\. Write for example"):
        asked(f"opencost:{rest}", "opencost")


@pytest.mark.parametrize("port", [1, 80, 65535])
def test_every_port_but_none_at_all(port: int) -> None:
    assert asked(f"opencost:http://h:{port}", "opencost").host == f"h:{port}"


def test_an_option_that_is_not_known_is_named_beside_those_that_are() -> None:
    with pytest.raises(InputError, match=r"there is no option form\. Expected: from, to\. Did you mean from\?"):
        asked("opencost:http://h?form=2026-09-01", "opencost")


@given(st.dates(FIRST, date(2027, 3, 31)))
def test_months_cover_the_days_one_after_the_other(last: date) -> None:
    window = Window(FIRST, last + timedelta(days=1))
    months = whole_months("openai:", window)
    assert (months[0].start, months[-1].end) == (window.start, window.end)
    assert all(one.start.day == 1 and one.days >= 1 for one in months)
    assert all(one.end == following.start for one, following in pairwise(months))
    assert len(months) == (last.year - 2026) * 12 + last.month - 8


@pytest.mark.parametrize(
    ("start", "end"), [(date(2026, 9, 2), date(2026, 10, 1)), (FIRST, FIRST), (FIRST, date(2026, 8, 1))]
)
def test_a_month_without_its_first_day_or_without_any_is_refused(start: date, end: date) -> None:
    with pytest.raises(InputError, match=r"whole months .* \?from=2026-09-01&to=2026-10-01; nothing was changed"):
        whole_months("openai:", Window(start, end))


def test_days_are_said_both_or_not_at_all() -> None:
    assert days_of("openai:", {}) is None
    assert days_of("openai:", {"from": "2026-09-01", "to": "2026-09-03"}) == Window(FIRST, date(2026, 9, 3))
    for options in ({"from": "2026-09-01"}, {"to": "2026-09-01"}, {"from": "2026-09-31", "to": "2026-10-01"}):
        with pytest.raises(InputError, match=r"Expected: \?from=2026-09-01&to=2026-10-01"):
            days_of("openai:", options)


@pytest.mark.parametrize("text", ["s3://bucket/a/b", "mlflow:http://host", "bigquery://p.d.t", "C:/bills", "/a/b"])
def test_a_path_is_written_as_it_was_typed(text: str) -> None:
    assert written(Path(text)) == written(text) == text


@pytest.mark.parametrize("where", ["bills/2026", "/no/such/file", "C:/bills", "x", "a:", "foo.csv"])
def test_what_looks_like_a_path_is_none_of_its_business(where: str) -> None:
    refuse_unknown(where, KINDS)


@pytest.mark.parametrize(
    ("where", "fix"),
    [
        ("foo:bar", "Check how it begins."),
        ("opencst:http://h", "Write opencost:http://host:port."),
        ("S3:/b", "Write s3"),
    ],
)
def test_another_beginning_is_refused_with_those_that_are_known(where: str, fix: str) -> None:
    with pytest.raises(InputError) as refused:
        refuse_unknown(where, KINDS)
    assert "Expected: s3://bucket/prefix, openai:, opencost:http://host:port or a path." in str(refused.value)
    assert fix in str(refused.value)
