"""Scrapes of the DCGM exporter, Triton and TorchServe as files: units, means, counters that start anew, times, names.

The lines are those of the exporters' own documents, cut to what is read.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from costlib.analysis.units.readings import QUEUED, REQUESTS, Basis
from costlib.errors import EmptyExport, InputError, UnreadableFile
from costlib.metrics.utilisation.scrapes import is_scrape, read_scrapes

DAY, NEXT = date(2026, 9, 1), date(2026, 9, 2)
GPU = 'gpu="0",UUID="GPU-604ac76c",device="nvidia0",modelName="NVIDIA A100-SXM4-40GB",Hostname="node-7"'


def dcgm(engine: object = None, util: object = None, gpu: str = GPU) -> str:
    lines = ["# HELP DCGM_FI_DEV_GPU_UTIL GPU utilization (in %).", "# TYPE DCGM_FI_DEV_GPU_UTIL gauge"]
    lines += [f"DCGM_FI_DEV_SM_CLOCK{{{gpu}}} 139"]
    lines += [f"DCGM_FI_DEV_GPU_UTIL{{{gpu}}} {util}"] if util is not None else []
    lines += [f"DCGM_FI_PROF_GR_ENGINE_ACTIVE{{{gpu}}} {engine}"] if engine is not None else []
    return "\n".join(lines) + "\n"


def triton(requests: int, waited_us: int, busy: str = "0.25") -> str:
    return (
        "# TYPE nv_inference_request_success counter\n"
        f'nv_inference_request_success{{model="ranker",version="1"}} {requests}\n'
        "# TYPE nv_inference_queue_duration_us counter\n"
        f'nv_inference_queue_duration_us{{model="ranker",version="1"}} {waited_us}\n'
        "# HELP nv_gpu_utilization GPU utilization rate [0.0 - 1.0)\n"
        f'nv_gpu_utilization{{gpu_uuid="GPU-340cec52"}} {busy}\n'
    )


@pytest.fixture
def folder(tmp_path: Path):
    def write(**scrapes: str) -> Path:
        root = tmp_path / "scrapes"
        root.mkdir()
        for name, text in scrapes.items():
            (root / f"{name.removeprefix('at_')}.prom").write_text(text, encoding="utf-8")
        return root

    return write


def values(found):
    return {(one.day, one.measure): one.value for one in found}


def test_a_ratio_and_whole_per_cent_become_the_same_kind_of_share(folder):
    found = read_scrapes(folder(at_20260901T1200=dcgm(engine=0.5, util=99)))
    assert values(found) == {(DAY, Basis.ENGINE): Decimal("0.5"), (DAY, Basis.BUSY): Decimal("0.99")}
    assert {(one.resource, one.model) for one in found} == {("node-7", None)}


def test_a_day_is_the_mean_of_its_samples_of_all_gpus(folder):
    other = GPU.replace('gpu="0"', 'gpu="1"')
    root = folder(
        at_20260901T0100=dcgm(engine=0.2) + dcgm(engine=0.4, gpu=other),
        at_20260901T1300=dcgm(engine=0.6) + dcgm(engine=0.8, gpu=other),
        at_20260902T0100=dcgm(engine=0.9),
    )
    found = read_scrapes(root)
    assert values(found) == {(DAY, Basis.ENGINE): Decimal("0.5"), (NEXT, Basis.ENGINE): Decimal("0.9")}
    assert [one.weight for one in found] == [4, 1]


@pytest.mark.parametrize("blank", ["2147483632", "9223372036854775794", "140737488355328", "NaN"])
def test_dcgms_blanks_are_unknown(folder, blank):
    root = folder(at_20260901T0100=dcgm(engine=blank, util=20), at_20260901T0200=dcgm(engine="0.5"))
    found = {one.measure: (one.value, one.weight) for one in read_scrapes(root)}
    assert found == {Basis.ENGINE: (Decimal("0.5"), 1), Basis.BUSY: (Decimal("0.2"), 1)}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (dcgm(engine=64), "DCGM_FI_PROF_GR_ENGINE_ACTIVE is 64, but goes from 0 to 1: that looks like per cent"),
        (dcgm(util="0.64"), "DCGM_FI_DEV_GPU_UTIL is 0.64, but counts whole per cent: that looks like a share"),
        (dcgm(util=400), "DCGM_FI_DEV_GPU_UTIL is 400, but goes from 0 to 100"),
        (triton(1, 1, "25"), "nv_gpu_utilization is 25, but goes from 0 to 1: that looks like per cent"),
        (dcgm(engine="-0.1"), "below zero"),
    ],
)
def test_a_value_that_its_unit_cannot_have_is_refused_by_file_and_line(folder, text, said):
    with pytest.raises(InputError, match=said) as caught:
        read_scrapes(folder(at_20260901T0100=text), resource="x")
    assert "20260901T0100.prom, line" in str(caught.value)


def test_a_hair_over_full_is_full(folder):
    (one,) = read_scrapes(folder(at_20260901T0100=dcgm(engine="1.000003")))
    assert one.value == 1


def test_counters_grow_start_anew_and_belong_to_the_later_scrape(folder):
    root = folder(
        at_20260901T0600=triton(100, 5_000_000),
        at_20260901T1800=triton(160, 8_000_000),
        at_20260902T0600=triton(40, 1_000_000),
        at_20260902T1800=triton(50, 1_500_000),
    )
    found = read_scrapes(root, resource="endpoint/ranker")
    counted = {key: value for key, value in values(found).items() if key[1] in (REQUESTS, QUEUED)}
    assert counted == {
        (DAY, REQUESTS): 60,
        (DAY, QUEUED): 3,
        (NEXT, REQUESTS): 50,
        (NEXT, QUEUED): Decimal("1.5"),
    }
    assert {(one.resource, one.model) for one in found if one.measure == REQUESTS} == {("endpoint/ranker", "ranker")}


def test_one_scrape_knows_no_growth(folder):
    found = read_scrapes(folder(at_20260901T0600=triton(100, 7)), model="ranker")
    assert values(found) == {(DAY, Basis.BUSY): Decimal("0.25")}


def test_torchserve_counts_in_per_cent_and_names_its_host(folder):
    text = (
        "# HELP GPUUtilization Torchserve prometheus gauge metric with unit: Percent\n"
        'GPUUtilization{Level="Host",DeviceId="0",Hostname="node-3",} 12.5\n'
        'CPUUtilization{Level="Host",Hostname="node-3",} 0.5\n'
        'ts_inference_requests_total{model_name="resnet18",model_version="default",hostname="node-3",} %d\n'
        'ts_queue_latency_microseconds{model_name="resnet18",model_version="default",hostname="node-3",} 365.21\n'
    )
    found = read_scrapes(folder(**{"at_2026-09-01T01-00-00Z": text % 3, "at_2026-09-01T02-00-00Z": text % 8}))
    assert values(found) == {
        (DAY, Basis.BUSY): Decimal("0.125"),
        (DAY, Basis.CPU): Decimal("0.005"),
        (DAY, REQUESTS): 5,
        (DAY, QUEUED): 0,
    }
    assert {one.resource for one in found} == {"node-3"}
    assert {one.model for one in found if one.measure == REQUESTS} == {"resnet18"}


def test_a_samples_own_time_counts_before_the_files_name(folder):
    text = 'DCGM_FI_DEV_GPU_UTIL{Hostname="n"} 50 1788220800000\nDCGM_FI_DEV_GPU_UTIL{Hostname="n"} 70 1788307200000\n'
    found = read_scrapes(folder(at_20200101T0000=text))
    assert values(found) == {(DAY, Basis.BUSY): Decimal("0.5"), (NEXT, Basis.BUSY): Decimal("0.7")}


def test_a_scrape_without_a_time_is_refused_with_the_way_to_name_it(tmp_path):
    path = tmp_path / "latest.prom"
    path.write_text(dcgm(engine=0.5))
    with pytest.raises(InputError, match=r"call it for example 2026-09-01T12-30-00Z\.prom"):
        read_scrapes(path)


def test_a_time_that_is_none_is_refused(tmp_path):
    path = tmp_path / "2026-13-01T12-30.prom"
    path.write_text(dcgm(engine=0.5))
    with pytest.raises(InputError, match="month must be in"):
        read_scrapes(path)


def test_nobodys_reading_is_refused_with_what_to_say(folder):
    root = folder(at_20260901T0100='nv_gpu_utilization{gpu_uuid="GPU-340cec52"} 0.25\n')
    with pytest.raises(InputError, match="say --resource or --model"):
        read_scrapes(root)


def test_an_exporter_that_renamed_its_metric_is_told_what_was_looked_for(folder):
    root = folder(at_20260901T0100='DCGM_FI_PROF_GR_ENGINE_ACTIVITY{Hostname="n"} 0.5\n')
    with pytest.raises(EmptyExport, match="no metric of utilisation") as caught:
        read_scrapes(root)
    assert "DCGM_FI_PROF_GR_ENGINE_ACTIVE" in str(caught.value)


def test_a_broken_line_names_its_file(folder):
    with pytest.raises(InputError, match=r"20260901T0200.prom, line 1: .* is no sample"):
        read_scrapes(folder(at_20260901T0100=dcgm(engine=0.5), at_20260901T0200="<html>busy</html>\n"))


def test_what_cannot_be_read(tmp_path):
    with pytest.raises(UnreadableFile):
        is_scrape(tmp_path / "nothing.prom")
    path = tmp_path / "20260901T0100.prom"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(UnreadableFile):
        read_scrapes(path)
