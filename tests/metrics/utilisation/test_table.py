"""A table of daily utilisation: per cent and shares, names of metrics, and every line that cannot be used."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from costlib.analysis.units.readings import REQUESTS, Basis, Reading
from costlib.errors import EmptyExport, InputError, MissingColumn
from costlib.metrics.utilisation.table import is_table, read_table

DAY = date(2026, 9, 1)


@pytest.fixture
def table(tmp_path):
    def write(*lines: str, header: str = "day,resource,model,metric,value,unit"):
        path = tmp_path / "use.csv"
        path.write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
        return path

    return write


@pytest.mark.parametrize(
    ("metric", "value", "unit", "measure", "share"),
    [
        ("DCGM_FI_PROF_GR_ENGINE_ACTIVE", "0.64", "", Basis.ENGINE, "0.64"),
        ("DCGM_FI_PROF_GR_ENGINE_ACTIVE", "64", "%", Basis.ENGINE, "0.64"),
        ("DCGM_FI_DEV_GPU_UTIL", "64", "", Basis.BUSY, "0.64"),
        ("GPUUtilization", "0.64", "", Basis.BUSY, "0.0064"),
        ("GPUUtilization", "0.64", "share", Basis.BUSY, "0.64"),
        ("engine active", "0.64", "", Basis.ENGINE, "0.64"),
        ("CPU", "64", "percent", Basis.CPU, "0.64"),
        ("requests", "1200", "", REQUESTS, "1200"),
    ],
)
def test_a_metric_in_its_own_unit_or_in_the_one_said(table, metric, value, unit, measure, share):
    path = table(f"2026-09-01,endpoint/a,,{metric},{value},{unit}")
    assert read_table(path) == [Reading(DAY, "endpoint/a", None, measure, Decimal(share))]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("2026-09-01,a,,engine active,64,", "engine active is 64.*no share of a day"),
        ("2026-09-01,a,,DCGM_FI_PROF_GR_ENGINE_ACTIVE,64,", "looks like per cent"),
        ("2026-09-01,a,,DCGM_FI_DEV_GPU_UTIL,0.64,", "looks like a share"),
        ("2026-09-01,a,,GPUUtilization,64,share", "no share of a day"),
        ("2026-09-01,a,,GPUUtilization,64,hours", "no share of a day"),
        ("2026-09-01,a,,GPUUtilisation,64,", 'the metric "GPUUtilisation" is none of'),
        ("2026-09-01,a,,nv_inference_request_success,64,", "is none of"),
        ("2026-09-01,a,,requests,-1,", "-1.* requests"),
        ("2026-09-01,,,engine active,0.5,", "neither a resource nor a model"),
        ("yesterday,a,,engine active,0.5,", "is not a date"),
        ("2026-09-01,a,,engine active,half,", "not a plain number"),
        ("2026-09-01,a,,engine active", "4 cells"),
    ],
)
def test_a_line_that_cannot_be_used_is_named_and_nothing_is_read(table, line, said):
    with pytest.raises(InputError, match=said) as caught:
        read_table(table("2026-09-01,b,,engine active,0.5,", line))
    assert "line 3" in str(caught.value)


def test_the_same_reading_twice_is_refused(table):
    line = "2026-09-01,a,,engine active,0.5,"
    with pytest.raises(InputError, match="the same day, resource, model and metric as line 2"):
        read_table(table(line, line))


def test_a_changed_column_is_named(table):
    with pytest.raises(MissingColumn, match="has no column value"):
        read_table(table("2026-09-01,a,engine active,0.5", header="day,resource,metric,amount"))


def test_no_rows(table):
    with pytest.raises(EmptyExport):
        read_table(table())


def test_parquet_and_csv_are_told_from_business_metrics_by_the_resource(tmp_path, table):
    business = tmp_path / "orders.csv"
    business.write_text("day,metric,value\n2026-09-01,orders,5\n")
    assert not is_table(business)
    assert is_table(table("2026-09-01,a,,engine active,0.5,"))
    path = tmp_path / "use.parquet"
    row = {"day": DAY, "resource": "a", "metric": "CPU", "value": 0.25}
    pq.write_table(pa.Table.from_pylist([row]), path)
    assert is_table(path)
    assert read_table(path) == [Reading(DAY, "a", None, Basis.CPU, Decimal("0.25"))]
