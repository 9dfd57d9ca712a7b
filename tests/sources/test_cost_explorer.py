"""Cost Explorer: what is asked, counted, kept and mapped; its totals are those of the CUR of the same month."""

from __future__ import annotations

import json
from collections import defaultdict
from decimal import Decimal
from pathlib import Path

import boto3
import pytest
from botocore.stub import Stubber

from costlib.errors import AlreadyCovered, InputError, UnreadableFile
from costlib.periods import Window
from costlib.sources import cost_explorer_api as api
from costlib.sources.cost_explorer_address import asked, known_key
from costlib.sources.web_address import whole_months
from costlib.store.status import status_document
from costlib.store.store import Store
from costlib.workspace import Workspace
from tests.builders import cube_rows, cur_export, cur_row, mapped, write, write_csv

ACCOUNT = "123456789012"  # the account of moto's caller
SEPTEMBER = "aws-cost-explorer:?from=2026-09-01&to=2026-10-01"
RULES = "version: 1\nrules: [{name: team, set: {x_Team: {tag: [team]}}}]\n"


def group(*keys, billed="1", amortised=None, net=None, unit="USD"):
    amounts = {"UnblendedCost": billed, "AmortizedCost": amortised or billed}
    if net:
        amounts |= {"NetUnblendedCost": net[0], "NetAmortizedCost": net[1]}
    return {"Keys": list(keys), "Metrics": {name: {"Amount": text, "Unit": unit} for name, text in amounts.items()}}


def day(start, *groups, estimated=False):
    period = {"Start": start, "End": f"{start[:8]}{int(start[8:]) + 1:02d}"}
    return {"TimePeriod": period, "Total": {}, "Groups": list(groups), "Estimated": estimated}


def page(*days, token=None, names=()):
    attributes = [{"Value": value, "Attributes": {"description": name}} for value, name in names]
    answer = {"ResultsByTime": list(days), "DimensionValueAttributes": attributes}
    return answer | ({"NextPageToken": token} if token else {})


@pytest.fixture
def queue(cloud):
    """Prepares the next answers of moto's Cost Explorer."""
    return lambda *pages: cloud.post("/moto-api/static/ce/cost-and-usage-results", {"results": list(pages)})


@pytest.fixture
def requests(monkeypatch):
    """Parameters of every request that costs money."""
    seen: list[dict] = []
    original = api.client

    def counting(service, *given):
        made = original(service, *given)
        if service == "ce":
            made.meta.events.register("provide-client-params.ce.*", lambda params, **_: seen.append(params))
        return made

    monkeypatch.setattr(api, "client", counting)
    return seen


@pytest.fixture
def load(tmp_path):
    def loaded(*where, **options):
        told: list[str] = []
        write(tmp_path / "store/rules.yaml", RULES)
        Workspace(tmp_path / "store").load([Path(place) for place in where], progress=told.append, **options)
        return told

    return loaded


def fetch(tmp_path, where=SEPTEMBER, told=None):
    return api.fetch(where, tmp_path, (told if told is not None else []).append, lambda: pytest.fail("no days"))


class TestTotalsOfTheCur:
    """Five lines of a CUR with a Savings Plan, and what Cost Explorer shows of them: 13.75 billed, 12.30 effective."""

    CUR = (
        cur_row(line_item_unblended_cost="2.5"),
        cur_row(line_item_unblended_cost="0.0000000001", line_item_usage_start_date="2026-09-06 01:00:00"),
        cur_row(
            "SavingsPlanCoveredUsage",
            line_item_unblended_cost="4",
            savings_plan_savings_plan_effective_cost="3.1",
        ),
        cur_row("SavingsPlanNegation", line_item_unblended_cost="-4", line_item_product_code="AmazonEC2"),
        cur_row(
            "SavingsPlanRecurringFee",
            line_item_unblended_cost="5.25",
            savings_plan_total_commitment_to_date="5.25",
            savings_plan_used_commitment="4.55",
            line_item_product_code="ComputeSavingsPlans",
        ),
        cur_row("Tax", line_item_unblended_cost="6", line_item_product_code="Tax"),
    )

    @staticmethod
    def amortised(row):
        kind = row["line_item_line_item_type"]
        if kind == "SavingsPlanCoveredUsage":
            return Decimal(row["savings_plan_savings_plan_effective_cost"])
        if kind == "SavingsPlanNegation":
            return Decimal(0)
        if kind == "SavingsPlanRecurringFee":
            total, used = row["savings_plan_total_commitment_to_date"], row["savings_plan_used_commitment"]
            return Decimal(total) - Decimal(used)
        return Decimal(row["line_item_unblended_cost"])

    def answer(self):
        sums = defaultdict(lambda: [Decimal(0), Decimal(0)])
        for row in self.CUR:
            key = (row["line_item_usage_start_date"][:10], row["line_item_product_code"])
            sums[key][0] += Decimal(row["line_item_unblended_cost"])
            sums[key][1] += self.amortised(row)
        days = defaultdict(list)
        for (start, service), (billed, amortised) in sums.items():
            days[start].append(group(service, "444455556666", billed=str(billed), amortised=str(amortised)))
        return page(*(day(start, *groups) for start, groups in days.items()))

    TOTALS = "SELECT STRFTIME(BillingPeriodStart, '%Y-%m'), SUM(BilledCost), SUM(EffectiveCost) FROM cube GROUP BY 1"

    def test_equal_to_the_last_digit_and_refused_beside_it_unless_superseded(self, queue, load, tmp_path):
        payer = [row | {"bill_payer_account_id": ACCOUNT} for row in self.CUR]
        load(cur_export(tmp_path / "costs", "2026-09", {"c-1.csv.gz": payer}))
        cur = cube_rows(tmp_path / "store", self.TOTALS)
        assert cur == [("2026-09", Decimal("13.7500000001"), Decimal("12.3000000001"))]
        queue(self.answer())
        with pytest.raises(AlreadyCovered, match="would count it twice"):
            load(SEPTEMBER)
        assert cube_rows(tmp_path / "store", self.TOTALS) == cur
        load(SEPTEMBER, supersede=True)
        assert cube_rows(tmp_path / "store", self.TOTALS) == cur
        (entry,) = status_document(Store(tmp_path / "store").current())["loads"]
        assert (entry["source"], entry["grain"]) == (f"aws-cost-explorer:{ACCOUNT}", "day and two keys")
        assert entry["tied_out"]


class TestRequests:
    def test_shapes_are_those_of_the_service(self):
        """botocore checks the request against AWS's model of it; the answer too."""
        client = boto3.client("ce", region_name="us-east-1", aws_access_key_id="x", aws_secret_access_key="x")
        wanted = asked(f"{SEPTEMBER}&by=SERVICE,TAG:team")
        expected = {
            "TimePeriod": {"Start": "2026-09-01", "End": "2026-10-01"},
            "Granularity": "DAILY",
            "Metrics": ["UnblendedCost", "AmortizedCost", "NetUnblendedCost", "NetAmortizedCost"],
            "GroupBy": [{"Type": "DIMENSION", "Key": "SERVICE"}, {"Type": "TAG", "Key": "team"}],
        }
        one, two = page(day("2026-09-01", group("A", "team$")), token="t2"), page(day("2026-09-02"))
        with Stubber(client) as stub:
            stub.add_response("get_cost_and_usage", one, expected)
            stub.add_response("get_cost_and_usage", two, expected | {"NextPageToken": "t2"})
            found = api._pages(client, api.request(wanted.keys, wanted.window), 10)
            stub.assert_no_pending_responses()
        assert [len(answer["ResultsByTime"]) for answer in found] == [1, 1]

    def test_pages_are_followed_counted_and_their_cost_told(self, queue, requests, tmp_path):
        queue(page(day("2026-09-01", group("A", "1"), group("B", "1")), token="next"),
              page(day("2026-09-01", group("C", "1", billed="2"))))  # fmt: skip
        told: list[str] = []
        (table,) = fetch(tmp_path, told=told)
        assert told[0].startswith(f"Cost Explorer of account {ACCOUNT}, 2026-09-01 to 2026-09-30 by SERVICE and LINKED")
        assert "at least 1 requests, 0.01 USD; each further page 0.01 USD" in told[0]
        assert told[-1] == "Cost Explorer: 2 requests, 0.02 USD"
        assert [params.get("NextPageToken") for params in requests] == [None, "next"]
        assert mapped(table, "SUM(BilledCost), COUNT(*)") == [(Decimal(4), 3)]

    def test_months_are_asked_for_one_by_one(self, queue, requests, tmp_path):
        queue(page(day("2026-08-31", group("A", "1"))), page(day("2026-09-01", group("A", "1"))))
        tables = fetch(tmp_path, "aws-cost-explorer:?from=2026-08-01&to=2026-09-15")
        assert [params["TimePeriod"] for params in requests] == [
            {"Start": "2026-08-01", "End": "2026-09-01"},
            {"Start": "2026-09-01", "End": "2026-09-15"},
        ]
        assert [table.name for table in tables] == [f"{ACCOUNT}-2026-08.csv", f"{ACCOUNT}-2026-09.csv"]

    def test_a_final_answer_is_kept_an_estimate_is_asked_for_again(self, queue, requests, tmp_path):
        queue(page(day("2026-08-01", group("A", "1"))), page(day("2026-09-01", group("A", "1"), estimated=True)))
        where = "aws-cost-explorer:?from=2026-08-01&to=2026-10-01"
        fetch(tmp_path, where)
        requests.clear()
        told: list[str] = []
        fetch(tmp_path, where, told)
        assert [params["TimePeriod"]["Start"] for params in requests] == ["2026-09-01"]
        assert "at least 1 requests, 0.01 USD" in told[0]
        assert "1 months are kept from before" in told[0]

    @pytest.mark.parametrize("kept", ["", "{", "[1]", '{"request": {}}', "[" * 100_000])
    def test_a_damaged_answer_on_disk_is_asked_for_again(self, queue, requests, tmp_path, kept):
        queue(page(day("2026-09-01", group("A", "1"))))
        fetch(tmp_path)
        (answer,) = tmp_path.rglob("2026-09.json")
        answer.write_text(kept)
        requests.clear()
        fetch(tmp_path)
        assert len(requests) == 1

    def test_other_keys_are_another_question(self, queue, requests, tmp_path):
        queue(page(day("2026-09-01", group("A", "1"))), page(day("2026-09-01", group("A", "team$Search"))))
        fetch(tmp_path)
        fetch(tmp_path, f"{SEPTEMBER}&by=service,tag:team")
        assert len(requests) == 2

    def test_dry_run_announces_and_asks_nothing(self, cloud, requests, tmp_path):
        (line,) = Workspace(tmp_path / "store").announced([Path(SEPTEMBER)])
        assert "at least 1 requests, 0.01 USD" in line
        assert requests == []
        assert Store(tmp_path / "store").manifest() is None

    def test_a_question_that_is_too_fine_stops(self, queue, requests, tmp_path, monkeypatch):
        monkeypatch.setattr(api, "MOST_REQUESTS", 3)
        queue(*(page(day("2026-09-01", group("A", "1")), token=str(number)) for number in range(9)))
        with pytest.raises(InputError, match="more than 3 pages"):
            fetch(tmp_path)
        assert len(requests) == 3

    def test_a_page_that_names_itself_as_the_next_stops(self, queue, requests, tmp_path):
        queue(page(day("2026-09-01"), token="a"), page(day("2026-09-02"), token="a"))
        with pytest.raises(UnreadableFile, match="repeats a page"):
            fetch(tmp_path)


class TestRows:
    def rows(self, tmp_path, queue, columns, *groups, where=SEPTEMBER, names=()):
        queue(page(day("2026-09-05", *groups), names=names))
        (table,) = fetch(tmp_path, where)
        return mapped(table, columns)

    def test_net_only_where_both_costs_are_net(self, queue, tmp_path):
        found = self.rows(
            tmp_path, queue, "BilledCost, EffectiveCost",
            group("A", "1", billed="10", amortised="8", net=("9", "7")), group("B", "1", billed="3", amortised="2"),
        )  # fmt: skip
        assert found == [(9, 7), (3, 2)]

    def test_the_table_keeps_every_digit(self, queue, tmp_path):
        found = self.rows(tmp_path, queue, "BilledCost", group("A", "1", billed="0.123456789012345678"))
        assert found == [(Decimal("0.123456789012345678"),)]

    def test_accounts_have_names_and_tax_is_tax(self, queue, tmp_path):
        found = self.rows(
            tmp_path, queue, "ServiceName, SubAccountId, SubAccountName, ChargeCategory, BillingAccountId",
            group("Tax", "444455556666"), group("AWS Lambda", "777788889999"), names=[("444455556666", "ml-prod")],
        )  # fmt: skip
        assert found == [
            ("Tax", "444455556666", "ml-prod", "Tax", ACCOUNT),
            ("AWS Lambda", "777788889999", "777788889999", "Usage", ACCOUNT),
        ]

    def test_record_types_are_charge_categories(self, queue, tmp_path):
        kinds = ("Usage", "Savings Plan Recurring Fee", "Credit", "Refund", "Tax", "New kind")
        found = self.rows(
            tmp_path, queue, "ChargeCategory, ChargeClass, x_LineItemType",
            *(group(kind) for kind in kinds), where=f"{SEPTEMBER}&by=record_type",
        )  # fmt: skip
        categories = ("Usage", "Purchase", "Credit", "Adjustment", "Tax", "Adjustment")
        assert [row[0] for row in found] == list(categories)
        assert [row[1] for row in found] == [None, None, None, "Correction", None, None]
        assert [row[2] for row in found] == list(kinds)

    def test_tags_with_and_without_a_value(self, queue, tmp_path):
        found = self.rows(
            tmp_path, queue, "Tags, RegionId",
            group('team$Sea"rch', "us-east-1"), group("team$", "NoRegion"), where=f"{SEPTEMBER}&by=TAG:team,REGION",
        )  # fmt: skip
        assert [json.loads(tags) if tags else None for tags, _ in found] == [{"team": 'Sea"rch'}, None]
        assert [region for _, region in found] == ["us-east-1", None]

    def test_two_tags(self, queue, tmp_path):
        where = f"{SEPTEMBER}&by=TAG:team,TAG:it's"
        found = self.rows(tmp_path, queue, "Tags", group("team$A", "it's$x"), group("team$", "it's$y"), where=where)
        assert [json.loads(tags) for (tags,) in found] == [{"team": "A", "it's": "x"}, {"it's": "y"}]

    def test_an_amount_that_is_none_goes_to_quarantine(self, queue, load, tmp_path):
        queue(page(day("2026-09-01", group("A", "1", billed="many"), group("B", "1"))))
        load(SEPTEMBER)
        (entry,) = status_document(Store(tmp_path / "store").current())["loads"]
        assert (entry["rows_loaded"], entry["rows_quarantined"]) == (1, 1)

    @pytest.mark.parametrize(
        ("broken", "words"),
        [
            (group("A", "1", "2"), "has 3 keys in a row where 2 were asked for"),
            ({"Keys": ["A", "1"], "Metrics": {}}, "gives amounts in nothing"),
            (
                {"Keys": ["A", "1"], "Metrics": {"UnblendedCost": {"Amount": "1", "Unit": "USD"},
                 "AmortizedCost": {"Amount": "1", "Unit": "EUR"}}},
                "gives amounts in EUR and USD",
            ),
        ],
    )  # fmt: skip
    def test_an_answer_that_is_not_whole_is_refused(self, queue, tmp_path, broken, words):
        queue(page(day("2026-09-01", broken)))
        with pytest.raises(UnreadableFile, match=words):
            fetch(tmp_path)

    def test_a_month_with_no_cost_at_all(self, queue, load):
        queue(page(day("2026-09-01")))
        with pytest.raises(InputError, match="has a header and no rows"):
            load(SEPTEMBER)


class TestAddresses:
    def test_default_keys_and_days_of_the_store(self, queue, load, requests, tmp_path):
        with pytest.raises(InputError, match="does not say which days"):
            load("aws-cost-explorer:")
        load(write_csv(tmp_path / "cur.csv", [cur_row(), cur_row(line_item_usage_start_date="2026-09-20")]))
        queue(page(day("2026-09-01", group("A", "1"))))
        load("aws-cost-explorer:")
        assert requests[0]["TimePeriod"] == {"Start": "2026-09-01", "End": "2026-09-21"}
        assert [key["Key"] for key in requests[0]["GroupBy"]] == ["SERVICE", "LINKED_ACCOUNT"]

    @pytest.mark.parametrize(
        ("options", "words"),
        [
            ("by=SERVICE,REGION,OPERATION", "at most two different keys"),
            ("by=SERVICE,service", "at most two different keys"),
            ("by=SERVIC", "Did you mean SERVICE?"),
            ("by=TAG:", "cannot be asked by TAG:"),
            ("form=2026-09-01", "Did you mean from?"),
            ("from=2026-09-01", "says only one end of the days"),
            ("from=yesterday&to=today", "asks for yesterday to today"),
        ],
    )
    def test_refused(self, options, words):
        with pytest.raises(InputError, match=words.replace("?", r"\?")):
            asked(f"aws-cost-explorer:?{options}")

    @pytest.mark.parametrize("days", [("2026-09-02", "2026-10-01"), ("2026-09-01", "2026-09-01")])
    def test_a_load_replaces_whole_months_so_it_begins_with_one(self, days):
        wanted = asked(f"aws-cost-explorer:?from={days[0]}&to={days[1]}")
        with pytest.raises(InputError, match="whole months from their first day on"):
            whole_months("Cost Explorer", wanted.window)

    def test_months_of_a_window(self):
        from datetime import date

        wanted = asked("aws-cost-explorer:?from=2025-12-01&to=2026-02-03")
        assert whole_months("Cost Explorer", wanted.window) == [
            Window(date(2025, 12, 1), date(2026, 1, 1)),
            Window(date(2026, 1, 1), date(2026, 2, 1)),
            Window(date(2026, 2, 1), date(2026, 2, 3)),
        ]

    @pytest.mark.parametrize("name", ["Tag:team", "tag:team"])
    def test_a_tag_keeps_the_case_of_its_name(self, name):
        assert known_key(name) == "TAG:team"

    def test_denied(self, cloud, tmp_path, monkeypatch):
        original = api.client

        def stubbed(service, *given):
            made = original(service, *given)
            if service == "ce":
                stub = Stubber(made)
                stub.add_client_error("get_cost_and_usage", "AccessDeniedException", "no", 400)
                stub.activate()
            return made

        monkeypatch.setattr(api, "client", stubbed)
        with pytest.raises(InputError, match=r"access is denied.*ce:GetCostAndUsage"):
            fetch(tmp_path)
        assert not list(tmp_path.rglob("*.csv"))
