"""The manifest: written and read back the same, named by content, refused where damaged."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from costlib.errors import StoreError
from costlib.focus import COST_MEASURES
from costlib.store import manifest
from costlib.store.manifest import Manifest, Part, SourceFile, TieOut
from tests.bills import amounts

NOTHING = dict.fromkeys(COST_MEASURES)


def sums(text: str | None, **others: str) -> dict[str, Decimal | None]:
    known = dict.fromkeys(COST_MEASURES, text) | others
    return {name: None if value is None else Decimal(value) for name, value in known.items()}


def tie_out(rows_in=3, loaded=2, aside=1, total="10", stored="7", quarantined="3") -> TieOut:
    return TieOut("USD", rows_in, loaded, aside, sums(total), sums(stored), sums(quarantined))


def part(source="one", account="1", period="2026-09", delivery="d1", **changes) -> Part:
    return Part(
        **{
            "source": source,
            "source_type": "focus",
            "account": account,
            "period": period,
            "delivery": delivery,
            "delivery_parts": 1,
            "path": "base/x.parquet",
            "quarantine": None,
            "last_day": date(2026, 9, 30),
            "files": (SourceFile("/bills/ü.csv", 12, 34, "ab" * 32),),
            "tie_outs": (tie_out(),),
            **changes,
        }
    )


class TestReadAndWrite:
    def test_what_was_written_is_read_back(self, tmp_path):
        odd = part(account=None, period=None, path=None, quarantine="quarantine/x.parquet", last_day=None)
        state = Manifest(7, "rules", "duckdb 2.0.0", "2026-10-01T00:00:00+00:00", (part(), odd))
        manifest.write(state, tmp_path / "manifest.json")
        assert manifest.read(tmp_path / "manifest.json") == state

    @given(st.lists(st.one_of(st.none(), amounts()), min_size=4, max_size=4))
    def test_money_is_kept_to_the_last_digit_and_unknown_stays_unknown(self, tmp_path_factory, texts):
        known = {name: None if text is None else Decimal(text) for name, text in zip(COST_MEASURES, texts, strict=True)}
        entry = TieOut("USD", 1, 1, 0, known, known, NOTHING)
        path = tmp_path_factory.mktemp("manifest") / "manifest.json"
        manifest.write(Manifest(1, "r", "e", "t", (part(tie_outs=(entry,)),)), path)
        found = manifest.read(path)
        assert found is not None
        assert found.parts[0].tie_outs[0].sums_in == known

    def test_none_where_there_is_none(self, tmp_path):
        assert manifest.read(tmp_path / "manifest.json") is None

    @pytest.mark.parametrize("text", ["", "{", "\x00\x01", '{"format": 1', "[]", "null", "{}", '{"format": 2}'])
    def test_a_damaged_one_is_refused_with_a_way_back(self, tmp_path, text):
        (tmp_path / "manifest.json").write_text(text)
        with pytest.raises(StoreError, match=r"manifest.json is damaged .*Expected: a manifest.*snapshots/"):
            manifest.read(tmp_path / "manifest.json")

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("account", ...),
            ("last_day", "yesterday"),
            ("files", [{"path": "a"}]),
            ("tie_outs", [{"sums_in": {"a": "x"}}]),
        ],
    )
    def test_one_with_a_part_that_cannot_be_is_damaged_too(self, tmp_path, field, value):
        path = tmp_path / "manifest.json"
        manifest.write(Manifest(7, "rules", "duckdb 2.0.0", "2026-10-01T00:00:00+00:00", (part(),)), path)
        document = json.loads(path.read_text())
        document["parts"][0].pop(field)
        if value is not ...:
            document["parts"][0][field] = value
        path.write_text(json.dumps(document))
        with pytest.raises(StoreError, match=r"manifest.json is damaged"):
            manifest.read(path)

    def test_another_format_is_refused(self, tmp_path):
        (tmp_path / "manifest.json").write_text('{"format": 99}')
        with pytest.raises(StoreError, match=r"format 99.*Expected: format 1"):
            manifest.read(tmp_path / "manifest.json")

    def test_amounts_are_text_so_that_no_reader_rounds_them(self, tmp_path):
        manifest.write(Manifest(1, "r", "e", "t", (part(),)), tmp_path / "manifest.json")
        document = json.loads((tmp_path / "manifest.json").read_text())
        assert document["parts"][0]["tie_outs"][0]["sums_in"]["BilledCost"] == "10"


class TestGeneration:
    def test_it_is_the_same_whenever_and_in_whatever_order_parts_came(self):
        one, two = part(), part(source="two", delivery="d2")
        early = Manifest(1, "rules", "engine 1", "yesterday", (one, two))
        late = Manifest(9, "rules", "engine 2", "today", (two, one))
        assert early.generation == late.generation

    @pytest.mark.parametrize(
        "change", [{"delivery": "d9"}, {"account": "2"}, {"account": None}, {"period": "2026-10"}, {"source": "two"}]
    )
    def test_every_part_of_a_name_counts(self, change):
        assert (
            Manifest(1, "r", "e", "t", (part(),)).generation != Manifest(1, "r", "e", "t", (part(**change),)).generation
        )

    def test_rules_count(self):
        assert Manifest(1, "r", "e", "t").generation != Manifest(1, "s", "e", "t").generation

    def test_the_data_date_is_the_last_day_of_any_part(self):
        later = part(source="two", last_day=date(2026, 10, 20))
        without_usage = part(source="three", last_day=None)
        assert Manifest(1, "r", "e", "t", (part(), later, without_usage)).data_date == date(2026, 10, 20)
        assert Manifest(1, "r", "e", "t", (without_usage,)).data_date is None


class TestWithout:
    def test_only_the_keys_given_go(self):
        state = Manifest(1, "r", "e", "t", (part(), part(period="2026-10"), part(source="two", delivery="d2")))
        assert state.without([("one", "1", "2026-09")]) == state.parts[1:]

    def test_rows_without_a_place_go_with_the_last_part_of_their_delivery(self):
        nowhere = part(account=None, path=None)
        state = Manifest(1, "r", "e", "t", (nowhere, part(), part(period="2026-10")))
        assert nowhere in state.without([("one", "1", "2026-09")])
        assert state.without([("one", "1", "2026-09"), ("one", "1", "2026-10")]) == ()

    def test_and_never_with_that_of_another(self):
        nowhere, other = part(account=None, path=None, delivery="d2"), part(account="2", delivery="d2")
        state = Manifest(1, "r", "e", "t", (nowhere, part(), other))
        assert state.without([("one", "1", "2026-09"), ("one", None, "2026-09")]) == (nowhere, other)


class TestTieOut:
    def test_in_less_store_less_quarantine(self):
        assert set(tie_out().untied.values()) == {Decimal(0)}
        assert tie_out().tied_out

    @pytest.mark.parametrize(("stored", "tied"), [("7.004", True), ("6.9951", True), ("7.005", False), ("6", False)])
    def test_to_the_cent(self, stored, tied):
        assert tie_out(stored=stored).tied_out is tied

    def test_every_row_counts(self):
        assert not tie_out(rows_in=4).tied_out

    def test_one_measure_off_is_enough(self):
        entry = tie_out()
        assert not replace(entry, sums_store=sums("7", ListCost="8")).tied_out

    def test_sums_wider_than_pythons_default_context_keep_their_last_digit(self):
        wide = tie_out(
            total="12345678901234567890.123456789012345678", stored="12345678901234567887.123456789012345677"
        )
        assert wide.untied["BilledCost"] == Decimal("0.000000000000000001")

    def test_unknown_everywhere_ties_out(self):
        entry = TieOut("USD", 1, 1, 0, NOTHING, NOTHING, NOTHING)
        assert entry.tied_out
        assert entry.untied["ListCost"] == 0
