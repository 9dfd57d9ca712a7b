"""``load --dry-run``: what would be read is said, nothing is written."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from costlib.commands import app
from costlib.errors import AlreadyCovered, InputError
from costlib.sources.places import WRITTEN
from tests.builders import cur_export, cur_row, focus_row, store_bytes, write, write_csv
from tests.sources.test_opencost import allocation, idle, response


def run(*arguments):
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def test_what_would_be_read(tmp_path):
    export = cur_export(tmp_path / "costs", "2026-09", {"c-1.csv.gz": [cur_row()], "c-2.csv.gz": [cur_row()]})
    vendor = write_csv(tmp_path / "vendor.csv", [focus_row()])
    found = run("load", export, vendor, "--dry-run", "--json", "--store", tmp_path / "store")
    assert [line.rpartition(",")[0] for line in json.loads(found.stdout)["would"]] == [
        "aws-cur2:costs BILLING_PERIOD=2026-09: AWS CUR 2.0 export, 2 files",
        "focus:vendor: FOCUS file, 1 file",
    ]
    assert not (tmp_path / "store").exists()


def test_the_store_stays_as_it_is_and_messages_go_to_standard_error(tmp_path):
    bill = write_csv(tmp_path / "vendor.csv", [focus_row()])
    run("load", bill, "--store", tmp_path / "store")
    before = store_bytes(tmp_path / "store")
    found = run("load", bill, "--dry-run", "--store", tmp_path / "store")
    assert (found.exit_code, found.stdout) == (0, "")
    assert "focus:vendor: FOCUS file" in found.stderr
    assert store_bytes(tmp_path / "store") == before


@pytest.mark.parametrize("content", ["", "no bill at all"])
def test_it_refuses_what_a_load_would_refuse(tmp_path, content):
    found = run("load", write(tmp_path / "x.csv", content), "--dry-run", "--store", tmp_path / "store")
    assert isinstance(found.exception, InputError)


@pytest.mark.parametrize("more", [(), ("--dry-run",)])
@pytest.mark.parametrize(
    ("where", "says"),
    [
        ("foo://x", "foo://x is no place that is known. Expected: s3://bucket/prefix, "
         "bigquery://project.dataset.table, aws-cost-explorer:?from=..., "
         "opencost:http://host:port, openai:, anthropic: or a path."),
        ("S3://bucket/x", "Write s3://bucket/prefix."),
        ("anthropc:", "Write anthropic:."),
        ("s3://", "s3: is no place in S3"),
        ("bigquery://table", "bigquery://table cannot be understood"),
        ("nothing.csv", "nothing.csv does not exist"),
    ],
)  # fmt: skip
def test_a_place_of_no_known_kind_is_told_as_it_was_typed(tmp_path, where, says, more):
    found = run("load", where, *more, "--store", tmp_path / "store")
    assert isinstance(found.exception, InputError) and says in str(found.exception)


@pytest.mark.parametrize("where", ["cloudwatchh:", "sqlite:x.db"])
def test_a_place_of_metrics_too(tmp_path, where):
    found = run("metrics", "load", where, "--store", tmp_path / "store")
    assert f"{where} is no place that is known. Expected: cloudwatch:, gcp-monitoring:PROJECT, sql:URL" in str(
        found.exception
    )


def test_help_names_every_place(tmp_path):
    said = " ".join(run("load", "--help").stdout.replace("│", " ").split())
    assert all(place in said for place in WRITTEN)


def changes(*arguments):
    return json.loads(run("load", *arguments, "--dry-run", "--json").stdout)["changes"]


class TestWhatWouldChange:
    def test_a_new_bill_and_the_month_that_it_replaces(self, tmp_path):
        bill, store = write_csv(tmp_path / "vendor.csv", [focus_row(), focus_row()]), tmp_path / "store"
        (new,) = changes(bill, "--store", store)
        assert (new["change"], new["period"], new["rows"], new["billed"]) == ("new", "2026-09", 2, "3")
        run("load", bill, "--store", store)
        write_csv(bill, [focus_row(BilledCost="0.1")])
        (replaced,) = changes(bill, "--store", store)
        assert (replaced["change"], replaced["rows"], replaced["billed"]) == ("replaced", 1, "0.1")
        assert (replaced["rows_now"], replaced["billed_now"]) == (2, "3")

    def test_in_words(self, tmp_path):
        bill, store = write_csv(tmp_path / "vendor.csv", [focus_row(), focus_row(BilledCost="x")]), tmp_path / "store"
        said = " ".join(run("load", bill, "--dry-run", "--store", store).stderr.split())
        assert "focus:vendor, 2026-09, account 111122223333: would be new; 1 row, billed $1.50, 1 set aside" in said
        assert said.endswith("1 line item of 2026-09 would be loaded.")
        run("load", bill, "--store", store)
        said = " ".join(run("load", bill, "--dry-run", "--store", store).stderr.split())
        assert said.endswith(
            "account 111122223333: already loaded; 1 row, billed $1.50, 1 set aside "
            "Nothing would change: all of it is loaded already."
        )
        write_csv(bill, [focus_row(BilledCost="2"), focus_row(BilledCost="3")])
        said = " ".join(run("load", bill, "--dry-run", "--store", store).stderr.split())
        assert "would replace what is loaded; 2 rows, billed $5.00; instead of 1 row, billed $1.50" in said
        assert " now" not in said and said.endswith("would be loaded, in the place of 1 part in the store.")

    def test_what_would_go_is_said_as_it_is_in_the_store(self, tmp_path):
        store = tmp_path / "store"
        run("load", write_csv(tmp_path / "first.csv", [focus_row()]), "--store", store)
        second = write_csv(tmp_path / "second.csv", [focus_row(BilledCost="9")])
        said = " ".join(run("load", second, "--dry-run", "--supersede", "--store", store).stderr.split())
        assert "focus:first, 2026-09, account 111122223333: would go; 1 row, billed $1.50 " in said
        assert "focus:second, 2026-09, account 111122223333: would be new; 1 row, billed $9.00 " in said

    def test_the_month_of_another_connection_is_refused_or_superseded(self, tmp_path):
        store = tmp_path / "store"
        run("load", write_csv(tmp_path / "first.csv", [focus_row()]), "--store", store)
        second = write_csv(tmp_path / "second.csv", [focus_row(BilledCost="9")])
        refused = run("load", second, "--dry-run", "--store", store)
        assert isinstance(refused.exception, AlreadyCovered)
        found = changes(second, "--supersede", "--store", store)
        assert {(row["connection"], row["change"]) for row in found} == {
            ("focus:second", "new"),
            ("focus:first", "removed"),
        }


class TestWhatWasReplaced:
    """September and the first days of October are loaded; September comes again, with late use on October's bill."""

    @pytest.fixture
    def store(self, tmp_path):
        october = {"BillingPeriodStart": "2026-10-01", "ChargePeriodStart": "2026-10-02T00:00:00Z"}
        rows = [focus_row(), focus_row(), *([focus_row(**october)] * 3)]
        run("load", write_csv(tmp_path / "bill.csv", rows), "--store", tmp_path / "store")
        return tmp_path / "store"

    @pytest.fixture
    def again(self, tmp_path):
        rows = [focus_row(BilledCost="4"), focus_row(BillingPeriodStart="2026-10-01", BilledCost="1")]
        return write_csv(tmp_path / "again" / "bill.csv", rows)

    def test_each_month_that_has_another_sum_now_is_named(self, store, again):
        said = " ".join(run("load", again, "--store", store).stderr.split())
        assert said.endswith(
            "Replaced: focus:bill, 2026-10, account 111122223333: 1 row, billed $1.00; before: 3 rows, billed $4.50 "
            "Replaced: focus:bill, 2026-09, account 111122223333: 1 row, billed $4.00; before: 2 rows, billed $3.00 "
            "2 rows loaded, 0 in quarantine; tied out to the bill"
        )

    def test_as_json_with_exact_amounts(self, store, again):
        found = json.loads(run("load", again, "--store", store, "--json").stdout)["changes"]
        sums = {row["period"]: (row["billed_now"], row["billed"], row["rows_now"], row["rows"]) for row in found}
        assert sums == {"2026-09": ("3", "4", 2, 1), "2026-10": ("4.5", "1", 3, 1)}

    def test_what_is_new_or_the_same_is_not(self, store, tmp_path):
        november = {"BillingPeriodStart": "2026-11-01", "ChargePeriodStart": "2026-11-02T00:00:00Z"}
        rows = [focus_row(), focus_row(Tags="{}"), focus_row(**november)]
        again = write_csv(tmp_path / "more" / "bill.csv", rows)
        for _ in range(2):
            assert "Replaced" not in run("load", again, "--store", store).stderr

    def test_a_month_of_another_currency_is_no_longer_there(self, store, tmp_path):
        again = write_csv(tmp_path / "euros" / "bill.csv", [focus_row(BillingCurrency="EUR")])
        said = run("load", again, "--store", store).stderr
        assert said.count("Replaced") == 1 and "nothing; before: 2 rows, billed $3.00" in " ".join(said.split())

    def test_the_part_of_a_connection_that_was_superseded_too(self, store, tmp_path):
        other = write_csv(tmp_path / "other.csv", [focus_row(BilledCost="9")])
        said = " ".join(run("load", other, "--supersede", "--store", store).stderr.split())
        assert "Replaced: focus:bill, 2026-09, account 111122223333: nothing; before: 2 rows, billed $3.00" in said


class TestElsewhere:
    def test_what_lies_elsewhere_is_announced_and_not_read(self, tmp_path):
        days = "openai:?from=2026-09-01&to=2026-10-01"
        found = json.loads(run("load", days, "--dry-run", "--json", "--store", tmp_path / "store").stdout)
        assert "api.openai.com would be asked" in found["would"][0] and found["changes"] == []


class TestBillsThatLookAlike:
    """The payer's number changed: September comes again under the new one."""

    @pytest.fixture
    def store(self, tmp_path):
        run("load", write_csv(tmp_path / "bill.csv", self.rows()), "--store", tmp_path / "store")
        return tmp_path / "store"

    @pytest.fixture
    def again(self, tmp_path):
        return write_csv(tmp_path / "new.csv", self.rows(BillingAccountId="999988887777"))

    def rows(self, **changes):
        return [focus_row(ResourceId=f"i-{at}", **changes) for at in range(4)]

    def test_both_are_named_with_the_money_and_one_thing_to_do(self, store, again):
        said = " ".join(run("load", again, "--store", store).stderr.split())
        assert (
            "Sep 2026 may be loaded twice: account 111122223333 (focus:bill) and account 999988887777 (focus:new) "
            "have one bill each. By day, service and resource 4 of 4 charges are the same; if it is one bill, $6.00 of "
            "billed cost counts twice. Then take one of them out" in said
        )
        assert said.endswith("4 rows loaded, 0 in quarantine; tied out to the bill")

    def test_as_json_with_exact_amounts(self, store, again):
        (found,) = json.loads(run("load", again, "--store", store, "--json").stdout)["alike"]
        assert found == {
            "period": "2026-09",
            "bills": [
                {"connection": "focus:bill", "account": "111122223333", "currency": "USD", "billed": "6"},
                {"connection": "focus:new", "account": "999988887777", "currency": "USD", "billed": "6"},
            ],
            "charges": 4,
            "shared": 4,
            "billed_twice": "6",
        }

    def test_it_is_said_again_as_long_as_it_is_so(self, store, again):
        for _ in range(2):
            assert "may be loaded twice" in run("load", again, "--store", store).stderr

    def test_what_it_says_to_do_helps(self, store, again, tmp_path):
        assert "twice" not in run("load", again, "--store", tmp_path / "new").stderr

    def test_a_load_of_another_month_says_nothing_of_it(self, store, again, tmp_path):
        run("load", again, "--store", store)
        october = self.rows(BillingPeriodStart="2026-10-01", ChargePeriodStart="2026-10-02T00:00:00Z")
        assert "twice" not in run("load", write_csv(tmp_path / "october.csv", october), "--store", store).stderr


class TestUsageRecords:
    """Records of a cluster's use beside a bill: a pod's day and what stood idle."""

    @pytest.fixture
    def records(self, tmp_path):
        return write(tmp_path / "use.json", response([allocation(), idle()]))

    @pytest.fixture
    def bill(self, tmp_path):
        return write_csv(tmp_path / "bill.csv", [focus_row(), focus_row()])

    def said(self, tmp_path, *arguments):
        return " ".join(run("load", *arguments, "--store", tmp_path / "store").stderr.split())

    def test_their_number_is_said_and_no_bill_is_said_to_tie_out(self, tmp_path, bill, records):
        self.said(tmp_path, bill)
        found = self.said(tmp_path, records)
        assert found.endswith("2 usage records loaded") and "tied out to the bill" not in found
        assert self.said(tmp_path, records).endswith("usage records: nothing changed")

    def test_beside_the_bill_that_was_loaded_with_them(self, tmp_path, bill, records):
        found = self.said(tmp_path, bill, records)
        assert found.endswith("2 rows loaded, 0 in quarantine; tied out to the bill; 2 usage records loaded")

    def test_as_json(self, tmp_path, bill, records):
        found = json.loads(run("load", bill, records, "--json", "--store", tmp_path / "store").stdout)["loads"]
        assert [(one["source"], one.get("usage_records"), one["rows_loaded"]) for one in found] == [
            ("focus:bill", None, 2),
            ("opencost", 2, 0),
        ]
