"""What paths hold: which files go together, what they are, and what the connection is called."""

from __future__ import annotations

import pytest

from costlib.errors import EmptyExport, InputError, MissingColumn
from costlib.sources.discovery import discover, identity
from tests.builders import cur_row, focus_row, write, write_csv, write_parquet

FOCUS, CUR = [focus_row()], [cur_row()]


class TestName:
    @pytest.mark.parametrize(
        ("names", "name"),
        [
            (["vendor-2026-09.csv"], "vendor"),
            (["vendor_202609.csv.gz", "vendor_202610.csv.gz"], "vendor"),
            (["2026-09-vendor.parquet"], "vendor"),
            (["focus_sample_1.0.csv"], "focus_sample_1.0"),
            (["part-0.snappy.parquet"], "part-0"),
            (["bill-2026.csv"], "bill-2026"),
            (["invoice-20260930.csv"], "invoice-20260930"),
            (["a.csv", "b.csv"], "a"),
            (["2026-09.csv"], "export"),
            (["übersicht.CSV"], "übersicht"),
        ],
    )
    def test_what_files_have_in_common_without_month_and_ending(self, names, name):
        assert identity(names) == identity(names[::-1]) == name

    def test_type_and_name_make_the_connection(self, tmp_path):
        (found,) = discover([write_csv(tmp_path / "vendor-2026-09.csv", FOCUS)])
        assert (found.name, found.source.type, found.partition) == ("focus:vendor", "focus", "")

    def test_a_given_name_is_taken_as_it_is(self, tmp_path):
        (found,) = discover([write_csv(tmp_path / "vendor.csv", FOCUS)], name="Our Vendor")
        assert found.name == "Our Vendor"

    def test_one_name_for_two_exports_is_refused(self, tmp_path):
        paths = [write_csv(tmp_path / "a.csv", FOCUS), write_csv(tmp_path / "b.csv", CUR)]
        with pytest.raises(InputError, match=r"hold 2 exports, which cannot share the name x.*leave --source out"):
            discover(paths, name="x")


class TestFiles:
    def test_a_folder_is_one_export_of_all_its_data_files(self, tmp_path):
        write_csv(tmp_path / "in" / "a.csv", FOCUS)
        write_csv(tmp_path / "in" / "deep" / "b.csv.gz", FOCUS)
        write_parquet(tmp_path / "in" / "c.PARQUET", FOCUS)
        for other in ("readme.md", "checksum.json", ".hidden/d.csv", "_temporary/e.csv", "in.csv.tmp"):
            write(tmp_path / "in" / other, "x")
        (found,) = discover([tmp_path / "in"])
        assert [file.path.name for file in found.files] == ["a.csv", "c.PARQUET", "b.csv.gz"]
        assert found.name == "focus:in"

    def test_a_named_file_needs_no_ending(self, tmp_path):
        (found,) = discover([write_csv(tmp_path / "bill.txt", FOCUS)])
        assert found.files[0].layout.format == "csv"

    def test_any_order_and_repetition_of_paths_is_the_same(self, tmp_path, monkeypatch):
        monkeypatch.chdir(tmp_path)
        paths = [write_csv(tmp_path / f"{name}.csv", FOCUS) for name in "ab"]
        relative = [path.relative_to(tmp_path) for path in paths]
        assert discover(paths) == discover(paths[::-1]) == discover([*relative, *paths])

    def test_files_of_one_layout_are_read_by_one_scan(self, tmp_path):
        paths = [write_csv(tmp_path / f"{name}.csv", FOCUS) for name in "abc"]
        paths.append(write_csv(tmp_path / "d.csv", FOCUS, delimiter=";"))
        paths.append(write_csv(tmp_path / "e.csv", [focus_row(Extra="1")]))
        (found,) = discover(paths)
        groups = [[file.path.stem for file in files] for _, files in found.by_layout()]
        assert groups == [["a", "b", "c"], ["d"], ["e"]]

    def test_kinds_in_one_folder_are_told_apart(self, tmp_path):
        write_csv(tmp_path / "in" / "a.csv", FOCUS)
        write_csv(tmp_path / "in" / "b.csv", CUR)
        assert [found.source.type for found in discover([tmp_path / "in"])] == ["aws-cur2", "focus"]


class TestKind:
    def test_it_is_recognised_by_columns_and_never_by_name(self, tmp_path):
        (found,) = discover([write_csv(tmp_path / "focus.csv", CUR)])
        assert found.source.type == "aws-cur2"

    def test_a_given_kind_overrides_and_is_then_held_to_its_columns(self, tmp_path):
        sparse = focus_row(
            cost_center="x", **dict.fromkeys(("BillingPeriodStart", "ChargeCategory", "ChargePeriodStart"))
        )
        bill = write_csv(tmp_path / "bill.csv", [sparse])
        assert discover([bill], kind="focus")[0].source.type == "focus"
        with pytest.raises(MissingColumn, match="no column line_item_unblended_cost"):
            discover([bill], kind="aws-cur2")

    def test_an_unknown_kind_is_refused(self, tmp_path):
        with pytest.raises(InputError, match="Did you mean aws-cur2"):
            discover([write_csv(tmp_path / "bill.csv", CUR)], kind="aws-cur")

    @pytest.mark.parametrize(
        "column", ["BilledCost", "EffectiveCost", "BillingAccountId", "BillingCurrency", "ServiceName"]
    )
    def test_every_column_that_is_needed_is_asked_for(self, tmp_path, column):
        bill = write_csv(tmp_path / "bill.csv", [{name: "1" for name in focus_row() if name != column}])
        with pytest.raises(
            MissingColumn, match=rf"bill.csv has no column {column}\. Expected: FOCUS file with {column}"
        ):
            discover([bill])

    def test_one_file_of_many_without_it_is_named(self, tmp_path):
        write_csv(tmp_path / "in" / "a.csv", FOCUS)
        write_csv(tmp_path / "in" / "b.csv", [{name: "1" for name in focus_row() if name != "EffectiveCost"}])
        with pytest.raises(MissingColumn, match=r"b\.csv has no column EffectiveCost"):
            discover([tmp_path / "in"])


def test_nothing_to_load_is_refused(tmp_path):
    with pytest.raises(InputError, match="There is nothing to load"):
        discover([])
    with pytest.raises(EmptyExport, match="holds no CSV or Parquet file"):
        discover([tmp_path])
