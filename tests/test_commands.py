"""The command line: exit codes, one document on standard output, everything else on standard error."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pytest
from typer.testing import CliRunner

from costlib.__main__ import main
from costlib.commands import app
from tests.builders import cur_row, focus_row, load_into, ruleset, store_bytes, write, write_csv

REPOSITORY = Path(__file__).parents[1]
RULES = "version: 1\nrules:\n  - {name: team tag, set: {x_Team: {tag: [team]}}}\n"
TEAM = ruleset({"name": "team tag", "set": {"x_Team": {"tag": ["team"]}}})


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def document(self):
        """Standard output as the one JSON document that it is to be."""
        return json.loads(self.out)


@pytest.fixture
def run() -> Callable[..., Ended]:
    """Runs a command as a person would who never sees a refusal's class: usage errors and successes."""

    def invoke(*arguments: object) -> Ended:
        result = CliRunner().invoke(app, [str(argument) for argument in arguments])
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return Ended(result.exit_code, result.stdout, result.stderr)

    return invoke


@pytest.fixture
def run_main(monkeypatch, capsys) -> Callable[..., Ended]:
    """Runs the whole entry point, which turns refusals into exit code 1."""

    def invoke(*arguments: object) -> Ended:
        monkeypatch.setattr(sys, "argv", ["costlib", *map(str, arguments)])
        capsys.readouterr()
        with pytest.raises(SystemExit) as end:
            main()
        text = capsys.readouterr()
        return Ended(int(end.value.code or 0), text.out, text.err)

    return invoke


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    """Five rows and one in quarantine: teams Search, Fraud and none, two months, two currencies, 13 decimals."""
    folder = tmp_path_factory.mktemp("cli")
    rows = [
        focus_row(EffectiveCost="1.0000000000001"),
        focus_row(EffectiveCost="2", Tags='{"team": "Fraud, \\"risk\\" & Co"}'),
        focus_row(EffectiveCost="-0.5", Tags=None, ServiceName=None, ListCost=None),
        focus_row(EffectiveCost="4", ChargePeriodStart="2026-10-02", BillingPeriodStart="2026-10-01"),
        focus_row(EffectiveCost="7", BillingCurrency="EUR"),
        focus_row(BilledCost="x"),
    ]
    write(folder / "store" / "rules.yaml", RULES)
    load_into(folder / "store", write_csv(folder / "bill.csv", rows), rules=TEAM)
    return folder / "store"


@pytest.fixture
def bill(tmp_path):
    write(tmp_path / "store" / "rules.yaml", RULES)
    return write_csv(tmp_path / "bill.csv", [focus_row(), focus_row(BilledCost="x")])


class TestLoad:
    def test_json_is_one_document_and_progress_goes_to_standard_error(self, run, tmp_path, bill):
        ended = run("load", bill, "--store", tmp_path / "store", "--json")
        assert ended.code == 0
        assert ended.document == {
            "loads": [
                {"source": "focus:bill", "changed": True, "rows_loaded": 1, "rows_quarantined": 1, "tied_out": True}
            ],
            "changes": [],
            "alike": [],
        }
        assert "focus:bill: FOCUS file, 2 rows" in ended.err

    def test_without_json_standard_output_is_empty(self, run, tmp_path, bill):
        ended = run("load", bill, "--store", tmp_path / "store")
        assert ended.out == ""
        assert "1 row loaded, 1 in quarantine; tied out to the bill" in ended.err

    def test_twice_says_so(self, run, tmp_path, bill):
        run("load", bill, "--store", tmp_path / "store")
        ended = run("load", bill, "--store", tmp_path / "store", "--json")
        assert ended.document["loads"][0]["changed"] is False
        assert "already loaded, nothing changed" in ended.err

    def test_source_type_and_supersede(self, run, run_main, tmp_path, bill):
        run("--store", tmp_path / "store", "load", bill, "--source", "one")
        refused = run_main("--store", tmp_path / "store", "load", bill, "--source", "two", "--type", "focus")
        assert refused.code == 1
        assert "--supersede" in refused.err
        ended = run("--store", tmp_path / "store", "load", bill, "--source", "two", "--supersede", "--json")
        assert [item["source"] for item in ended.document["loads"]] == ["two"]
        status = run("status", "--json", "--store", tmp_path / "store").document
        assert {entry["source"] for entry in status["loads"]} == {"two"}

    def test_several_paths(self, run, tmp_path, bill):
        other = write_csv(tmp_path / "bill-2.csv", [focus_row(BillingAccountId="2")])
        ended = run("load", bill, other, "--store", tmp_path / "store", "--json")
        assert ended.document["loads"][0]["rows_loaded"] == 2

    def test_a_bill_that_does_not_tie_out_is_said_aloud(self, run, tmp_path):
        covered = cur_row("SavingsPlanCoveredUsage", savings_plan_savings_plan_effective_cost="0.7")
        write(tmp_path / "store" / "rules.yaml", RULES)
        ended = run("load", write_csv(tmp_path / "cur.csv", [covered]), "--store", tmp_path / "store")
        assert "DOES NOT TIE OUT" in ended.err
        assert "NO" in run("status", "--store", tmp_path / "store").out


class TestStatus:
    def test_the_shape_that_scripts_rely_on(self, run, store):
        document = run("status", "--json", "--store", store).document
        assert {"generation", "loads", "totals"} <= set(document)
        assert document["totals"] == {"rows": 5, "BilledCost": {"EUR": "1.5", "USD": "6"}}
        for entry in document["loads"]:
            assert {"source", "account", "period", "currency", "rows_in", "rows_loaded", "rows_quarantined", "sums_in",
                    "sums_store", "tied_out"} <= set(entry)  # fmt: skip
            assert set(entry["sums_in"]) == {"BilledCost", "EffectiveCost", "ListCost", "ContractedCost"}
        places = [(entry["account"], entry["period"], entry["currency"]) for entry in document["loads"]]
        assert places == [
            ("111122223333", "2026-09", "EUR"),
            ("111122223333", "2026-09", "USD"),
            ("111122223333", "2026-10", "USD"),
        ]

    def test_history_is_added_on_request(self, run, tmp_path, bill):
        for cost in ("1", "2"):
            write_csv(bill, [focus_row(BilledCost=cost)])
            run("load", bill, "--store", tmp_path / "store")
        document = run("status", "--history", "--json", "--store", tmp_path / "store").document
        assert "history" not in run("status", "--json", "--store", tmp_path / "store").document
        assert [state["sequence"] for state in document["history"]] == [1, 2]
        assert document["history"][-1]["generation"] == document["generation"]

    def test_a_table_for_people(self, run, store):
        ended = run("status", "--store", store)
        assert ended.code == 0
        assert "focus:bill" in ended.out
        assert "Ties out" in ended.out


class TestQuery:
    def test_json_shape_and_exact_decimals(self, run, store):
        document = run("query", "--by", "x_Team,ServiceName", "--json", "--store", store).document
        assert document["measure"] == "EffectiveCost"
        assert {"x_Team": "Search", "ServiceName": "Servers", "BillingCurrency": "USD",
                "EffectiveCost": "5.0000000000001"} in document["rows"]  # fmt: skip
        assert {"x_Team": None, "ServiceName": None, "BillingCurrency": "USD", "EffectiveCost": "-0.5"} in document[
            "rows"
        ]
        assert list(document["rows"][0]) == ["x_Team", "ServiceName", "BillingCurrency", "EffectiveCost"]
        assert document["unknown_line_items"] == 0

    def test_the_total_by_currency(self, run, store):
        rows = run("query", "--json", "--store", store).document["rows"]
        assert rows == [
            {"BillingCurrency": "EUR", "EffectiveCost": "7"},
            {"BillingCurrency": "USD", "EffectiveCost": "6.5000000000001"},
        ]

    def test_csv_is_the_same_table_with_nothing_for_unknown(self, run, store):
        arguments = ("query", "--by", "x_Team", "--measure", "ListCost", "--store", store)
        document = run(*arguments, "--format", "json").document
        table = list(csv.DictReader(io.StringIO(run(*arguments, "--format", "csv").out)))
        assert table == [{name: value or "" for name, value in row.items()} for row in document["rows"]]
        assert {"x_Team": "", "BillingCurrency": "USD", "ListCost": ""} in table
        assert document["unknown_line_items"] == 1
        assert 'Fraud, "risk" & Co' in {row["x_Team"] for row in table}

    def test_a_table_for_people_names_the_unknown(self, run, store):
        ended = run("query", "--by", "x_Team", "--measure", "ListCost", "--store", store)
        assert "unknown" in ended.out

    def test_a_grain_adds_its_first_day(self, run, store):
        rows = run("query", "--grain", "month", "--where", "BillingCurrency=USD", "--json", "--store", store).document[
            "rows"
        ]
        assert rows == [
            {"ChargePeriodStart": "2026-09-01", "BillingCurrency": "USD", "EffectiveCost": "2.5000000000001"},
            {"ChargePeriodStart": "2026-10-01", "BillingCurrency": "USD", "EffectiveCost": "4"},
        ]

    def test_the_fiscal_year_of_the_settings(self, run, store, monkeypatch):
        monkeypatch.setenv("GLIDEPATH_FISCAL_YEAR_START", "10")
        rows = run("query", "--grain", "year", "--where", "BillingCurrency=USD", "--json", "--store", store).document[
            "rows"
        ]
        assert [row["ChargePeriodStart"] for row in rows] == ["2025-10-01", "2026-10-01"]

    def test_from_is_in_and_to_is_out(self, run, store):
        def days(*window):
            rows = run("query", "--grain", "day", *window, "--json", "--store", store).document["rows"]
            return sorted({row["ChargePeriodStart"] for row in rows})

        assert days() == ["2026-09-05", "2026-10-02"]
        assert days("--from", "2026-09-06") == days("--from", "2026-10-02") == ["2026-10-02"]
        assert days("--to", "2026-10-02") == ["2026-09-05"]
        assert days("--from", "2026-09-05", "--to", "2026-09-06") == ["2026-09-05"]
        assert days("--from", "2026-10-03") == []

    def test_an_answer_without_a_row_says_what_there_is(self, run, store):
        ended = run("query", "--from", "2026-10-03", "--format", "csv", "--store", store)
        assert ended.out.splitlines() == ["BillingCurrency,EffectiveCost"]
        assert "Nothing matches; the bills hold usage from 2026-09-05 to 2026-10-02" in ended.err
        assert run("query", "--from", "2026-10-03", "--json", "--store", store).err == ""

    @pytest.mark.parametrize(
        ("day", "says"),
        [("soon", "soon is no day such as 2026-09-01"), ("2026-02-30", "there is no day 2026-02-30"),
         ("20260901", "20260901 is no day"), ("2026-W36-1", "is no day")],
    )  # fmt: skip
    @pytest.mark.parametrize("option", ["--from", "--to"])
    def test_what_is_no_day_is_wrong_usage(self, run, store, option, day, says):
        ended = run("query", option, day, "--store", store)
        assert ended.code == 2 and says in ended.err and option in ended.err and "%Y" not in ended.err

    def test_days_and_months_of_the_bill_as_dimensions(self, run, store):
        rows = run("query", "--by", "BillingPeriodStart", "--json", "--store", store).document["rows"]
        assert {row["BillingPeriodStart"] for row in rows} == {"2026-09-01", "2026-10-01"}
        rows = run(
            "query", "--by", "ChargePeriodStart,x_Team", "--grain", "month", "--json", "--store", store
        ).document["rows"]
        assert list(rows[0]) == ["ChargePeriodStart", "x_Team", "BillingCurrency", "EffectiveCost"]
        assert sum(Decimal(row["EffectiveCost"]) for row in rows) == Decimal("13.5000000000001")

    def test_filters_repeat(self, run, store):
        found = run("query", "--where", "x_team=Search", "--where", "BillingCurrency!=EUR", "--json", "--store", store)
        assert [row["EffectiveCost"] for row in found.document["rows"]] == ["5.0000000000001"]
        found = run("query", "--where", "x_Team=", "--json", "--store", store)
        assert [row["EffectiveCost"] for row in found.document["rows"]] == ["-0.5"]

    def test_a_dimension_asked_twice_or_the_currency_is_shown_once(self, run, store):
        rows = run("query", "--by", "x_Team, x_team ,BillingCurrency", "--json", "--store", store).document["rows"]
        assert list(rows[0]) == ["x_Team", "BillingCurrency", "EffectiveCost"]

    def test_names_of_earlier_versions(self, run, store):
        document = run(
            "query", "--by", "ProviderName", "--measure", "AmortizedCost", "--json", "--store", store
        ).document
        assert document["measure"] == "EffectiveCost"
        assert document["rows"][0]["ServiceProviderName"] == "AWS"


REFUSED = {
    "an unknown dimension": (("query", "--by", "x_Taem"), "Did you mean x_Team?"),
    "an unknown measure": (("query", "--measure", "BildCost"), "Did you mean BilledCost?"),
    "an unknown dimension of a filter": (("query", "--where", "x_Modl=a"), "Did you mean x_Model?"),
    "a filter without a sign": (("query", "--where", "Search"), "DIMENSION=VALUE"),
    "a file that does not exist": (("load", "/no/such/bill.csv"), "does not exist"),
    "an unknown type": (("load", __file__, "--type", "focis"), "Did you mean focus?"),
    "a file that is no bill": (("load", __file__), "Expected:"),
}


class TestExitCodes:
    @pytest.mark.parametrize(("arguments", "says"), REFUSED.values(), ids=REFUSED)
    @pytest.mark.parametrize("json_too", [(), ("--json",)])
    def test_refused_is_1_with_one_message_on_standard_error(self, run_main, store, arguments, says, json_too):
        before = store_bytes(store)
        ended = run_main(*arguments, *json_too, "--store", store)
        assert ended.code == 1
        assert ended.out == ""
        message = ended.err.strip().splitlines()[-1]
        assert message.startswith("Refused: ")
        assert says in message
        assert "Traceback" not in ended.err
        assert store_bytes(store) == before

    @pytest.mark.parametrize("command", ["status", "query"])
    def test_an_empty_store_is_refused_with_what_to_do(self, run_main, tmp_path, command):
        ended = run_main(command, "--json", "--store", tmp_path / "nothing")
        assert (ended.code, ended.out) == (1, "")
        assert "python -m costlib demo" in ended.err
        assert not (tmp_path / "nothing").exists()

    def test_a_setting_that_cannot_be_used_is_refused(self, run_main, store, monkeypatch):
        monkeypatch.setenv("GLIDEPATH_FISCAL_YEAR_START", "13")
        ended = run_main("query", "--store", store)
        assert ended.code == 1
        assert "a month from 1 to 12" in ended.err

    @pytest.mark.parametrize(
        "arguments",
        [
            ("nonsense",),
            ("load",),
            ("query", "--grain", "decade"),
            ("query", "--from", "2026-02-30"),
            ("query", "--format", "xml"),
            ("status", "--colour"),
        ],
        ids=" ".join,
    )
    def test_wrong_usage_is_2(self, run, arguments):
        ended = run(*arguments)
        assert (ended.code, ended.out) == (2, "")
        assert "Usage" in ended.err

    def test_help_is_0_and_lists_the_commands(self, run):
        ended = run("--help")
        assert ended.code == 0
        assert all(name in ended.out for name in ("demo", "load", "status", "query"))


class TestStoreOption:
    def test_before_after_and_from_the_environment(self, run, store, monkeypatch):
        after = run("query", "--json", "--store", store)
        assert run("--store", store, "query", "--json") == after
        monkeypatch.setenv("GLIDEPATH_STORE", str(store))
        assert run("query", "--json") == after

    def test_after_wins_over_before_and_both_over_the_environment(self, run, store, tmp_path, monkeypatch):
        monkeypatch.setenv("GLIDEPATH_STORE", str(tmp_path / "nothing"))
        assert run("--store", tmp_path / "nothing", "query", "--json", "--store", store).code == 0
        assert run("--store", store, "query", "--json").code == 0


class TestProcess:
    """The same through a real process."""

    @staticmethod
    def start(*arguments: object) -> Ended:
        command = [sys.executable, "-m", "costlib", *map(str, arguments)]
        environment = {**os.environ, "NO_COLOR": "1", "COLUMNS": "200"}
        ended = subprocess.run(command, cwd=REPOSITORY, env=environment, capture_output=True, text=True, check=False)
        return Ended(ended.returncode, ended.stdout, ended.stderr)

    def test_load_and_ask(self, tmp_path, bill):
        loaded = self.start("--store", tmp_path / "store", "load", bill, "--json")
        assert (loaded.code, loaded.document["loads"][0]["rows_loaded"]) == (0, 1)
        asked = self.start("query", "--by", "x_Team", "--json", "--store", tmp_path / "store")
        assert asked.document["rows"] == [{"x_Team": "Search", "BillingCurrency": "USD", "EffectiveCost": "1.25"}]
        assert asked.err == ""

    def test_refused(self, store):
        ended = self.start("query", "--by", "x_Taem", "--store", store)
        assert (ended.code, ended.out) == (1, "")
        assert ended.err.startswith("Refused: There is no dimension x_Taem.")
        assert len(ended.err.strip().splitlines()) == 1

    def test_wrong_usage(self):
        ended = self.start("query", "--grain", "decade")
        assert (ended.code, ended.out) == (2, "")
        assert "Invalid value for '--grain'" in ended.err
