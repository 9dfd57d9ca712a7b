"""Prometheus' text format: what the published format allows is read, all else is refused by its line."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from costlib.metrics.utilisation.prometheus_text import is_sample, samples

#: From the format's own document, https://prometheus.io/docs/instrumenting/exposition_formats (November 2026).
PUBLISHED = r"""
# HELP http_requests_total The total number of HTTP requests.
# TYPE http_requests_total counter
http_requests_total{method="post",code="200"} 1027 1395066363000
http_requests_total{method="post",code="400"}    3 1395066363000

# Escaping in label values:
msdos_file_access_time_seconds{path="C:\\DIR\\FILE.TXT",error="Cannot find file:\n\"FILE.TXT\""} 1.458255915e9

# Minimalistic line:
metric_without_timestamp_and_labels 12.47

# A weird metric from before the epoch:
something_weird{problem="division by zero"} +Inf -3982045
"""
EVERY = {
    "http_requests_total",
    "msdos_file_access_time_seconds",
    "metric_without_timestamp_and_labels",
    "something_weird",
}


def test_the_formats_own_example():
    post, bad, dos, plain, weird = samples(PUBLISHED, EVERY)
    assert (post.value, post.time) == (Decimal(1027), datetime(2014, 3, 17, 14, 26, 3, tzinfo=UTC))
    assert dict(bad.labels) == {"method": "post", "code": "400"}
    assert dos.labels["path"] == r"C:\DIR\FILE.TXT"
    assert dos.labels["error"] == 'Cannot find file:\n"FILE.TXT"'
    assert dos.value == Decimal("1458255915")
    assert (plain.value, plain.time, dict(plain.labels)) == (Decimal("12.47"), None, {})
    assert weird.value is None
    assert weird.time is not None and weird.time.year == 1969


@pytest.mark.parametrize(
    ("line", "labels"),
    [
        ('gpu{a="1",} 3', {"a": "1"}),
        ('gpu{a="1", UUID="GPU-6"} 3', {"a": "1", "UUID": "GPU-6"}),
        ('gpu{a="} 4"}3', {"a": "} 4"}),
        ("gpu{} 3", {}),
        ("gpu 3", {}),
        ("  gpu\t3  ", {}),
    ],
)
def test_ways_of_writing_a_sample(line, labels):
    (one,) = samples(line, {"gpu"})
    assert (one.value, dict(one.labels)) == (Decimal(3), labels)


@pytest.mark.parametrize("text", ["NaN", "+Inf", "-Inf"])
def test_what_is_no_number_is_unknown(text):
    assert [one.value for one in samples(f"gpu {text}", {"gpu"})] == [None]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("gpu", 'line 2: "gpu" is no sample'),
        ("gpu{a=1} 3", "line 2:.*is no label"),
        ('gpu{a="1} 3', "line 2:.*is no label"),
        ("gpu many", 'line 2: the value "many" is no number'),
        ("gpu 1 2 3", "line 2:.*is no sample"),
        ("<html>", "line 2:.*is no sample"),
    ],
)
def test_what_is_no_sample_is_refused_by_its_line(line, said):
    with pytest.raises(ValueError, match=said):
        list(samples(f"# a comment\n{line}\n", {"gpu"}))


def test_metrics_nobody_asked_for_are_left_out_unread():
    assert list(samples('other{a="1"} many\n', {"gpu"})) == []


def test_a_header_of_a_table_is_no_sample():
    assert not is_sample("day,metric,value")
    assert not is_sample("day;metric;value")
    assert is_sample('DCGM_FI_DEV_GPU_UTIL{gpu="0", UUID="GPU-6"} 64')


@given(
    st.dictionaries(st.from_regex(r"[a-zA-Z_][a-zA-Z0-9_]{0,8}", fullmatch=True), st.text(max_size=12), max_size=4),
    st.integers(-(10**15), 10**15),
)
def test_any_label_comes_back_as_it_was(labels, value):
    kept = {name: "".join(letter for letter in text if letter.isprintable()) for name, text in labels.items()}
    escaped = {name: text.replace("\\", "\\\\").replace('"', '\\"') for name, text in kept.items()}
    line = "gpu{" + ",".join(f'{name}="{text}"' for name, text in escaped.items()) + f"}} {value}"
    (one,) = samples(line, {"gpu"})
    assert (dict(one.labels), one.value) == (kept, value)
