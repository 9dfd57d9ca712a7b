"""The statement command on a store: it ties to the bill of its month, at cost and at agreed rates."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
from typer.testing import CliRunner

from costlib.attribution.read import read_dispute, read_tool_days
from costlib.commands import app
from costlib.errors import QueryError
from costlib.periods import Window
from costlib.store.question import Filter, Question
from costlib.workspace import Workspace
from tests.builders import focus_row, write, write_csv
from tests.sources.test_opencost import DAY, allocation, idle, response

RULES = """
version: 1
rules:
  - {name: team tag, set: {x_Team: {tag: [team]}}}
shared:
  - name: gpu
    match: {ServiceName: Cluster}
    driver: usage
    usage: {cluster: ml, node_size: 8}
    idle: reserved
    receivers:
      - {set: {x_Team: Search}, namespace: search, quota: 4}
      - {set: {x_Team: Recs}, namespace: recs, quota: 4}
"""
RECS = {"name": "recs", "properties": {"cluster": "ml", "namespace": "recs"}}


@pytest.fixture(scope="module")
def space(tmp_path_factory):
    """Team Search: 10 USD direct and its part of 100 USD of cluster on 5 September; 3 USD that nobody owns; October."""
    folder = tmp_path_factory.mktemp("statement")
    rows = [
        focus_row(EffectiveCost="10"),
        focus_row(EffectiveCost="100", ServiceName="Cluster", Tags=None),
        focus_row(EffectiveCost="3", ServiceName="Other", Tags=None),
        focus_row(
            EffectiveCost="77", BillingPeriodStart="2026-10-01T00:00:00Z", ChargePeriodStart="2026-10-01T00:00:00Z"
        ),
    ]
    hours = [
        [allocation(DAY.replace(hour=h), 1, gpuHours=g, gpuAllocation={"gpuUsageAverage": g / 2}),
         allocation(DAY.replace(hour=h), 1, **RECS), idle(DAY.replace(hour=h), 1, gpus=4)]
        for h, g in ((9, 8), (10, 24))
    ]  # fmt: skip
    write(folder / "store" / "rules.yaml", RULES)
    write(folder / "opencost.json", response(*hours))
    space = Workspace(folder / "store")
    space.load([write_csv(folder / "bill.csv", rows), folder / "opencost.json"])
    return space


def run(space, *arguments):
    return CliRunner().invoke(app, ["--store", str(space.store.root), "statement", *map(str, arguments)])


def document(space, *arguments):
    return json.loads(run(space, "--team", "Search", "--month", "2026-09", "--json", *arguments).stdout)


class TestAtCost:
    def test_direct_shared_and_idle_by_the_policy(self, space):
        """Of 56 GPU hours Search reserves 32, Recs 16; the 8 idle ones go to them by 32 to 16."""
        found = document(space)
        lines = {(line["kind"], line["name"]): Decimal(line["cost"]) for line in found["lines"]}
        assert lines["direct", "Servers"] == 10
        assert round(lines["shared", "gpu"], 9) == round(Decimal(100) * 32 / 56, 9)
        assert round(lines["idle", "gpu"], 9) == round(Decimal(100) * 8 / 56 * 2 / 3, 9)
        assert found["not_charged"] == [
            {"kind": "unallocated", "name": None, "quantity": None, "unit": None, "cost": "3"}
        ]
        assert found["charge"] == found["cost"]

    def test_the_statements_and_what_nobody_pays_make_the_months_bill(self, space):
        statements = [Decimal(document(space)["cost"])]
        other = run(space, "--team", "Recs", "--month", "2026-09", "--json").stdout
        statements += [Decimal(json.loads(other)["cost"]), Decimal(3)]
        month = Filter("BillingPeriodStart", ("2026-09-01",))
        (whole,) = space.snapshot().reader.ask(Question(filters=(month,)))
        assert sum(statements) == whole.amount == 113

    def test_hours_stand_beside_shared_cost(self, space):
        line = next(line for line in document(space)["lines"] if line["kind"] == "shared")
        assert (line["quantity"], line["unit"]) == ("32", "GPU hour")

    def test_to_read(self, space):
        done = run(space, "--team", "Search", "--month", "2026-09")
        assert done.exit_code == 0
        assert "Sep 2026" in done.stdout
        assert "Unallocated (not charged)" in done.stdout
        assert "other_currencies" in document(space) and "also has" not in done.stderr

    def test_what_the_team_has_in_another_currency_is_told(self, tmp_path):
        """2 euros for Search in September and 4 in October; 9 for another team."""
        october = {"BillingPeriodStart": "2026-10-01T00:00:00Z", "ChargePeriodStart": "2026-10-01T00:00:00Z"}
        euros = [{"EffectiveCost": "2"}, {"EffectiveCost": "4", **october}, {"EffectiveCost": "9", "Tags": None}]
        rows = [*(focus_row() for _ in range(3)), *(focus_row(BillingCurrency="EUR", **one) for one in euros)]
        space = Workspace(tmp_path / "store")
        write(space.store.root / "rules.yaml", RULES.partition("shared:")[0])
        space.load([write_csv(tmp_path / "bill.csv", [*rows, focus_row(EffectiveCost="3")])])
        assert document(space)["other_currencies"] == {"EUR": "2"}
        said = run(space, "--team", "Search", "--month", "2026-09").stderr
        assert " ".join(said.split()) == (
            "Search also has €2.00 on bills in EUR for Sep 2026, on a statement of its own"
        )

    def test_a_bill_of_the_team_that_may_be_missing_is_told(self, tmp_path):
        """Search is billed by Azure as well, whose bill of October is not there; Recs has nothing on it."""
        azure = {"ServiceProviderName": "Microsoft", "ProviderName": "Microsoft", "BillingAccountId": "az"}
        days = [f"2026-{month:02d}-05T00:00:00Z" for month in (7, 8, 9, 10, 11)]
        at = [{"ChargePeriodStart": day, "BillingPeriodStart": day.replace("-05T", "-01T")} for day in days]
        rows = [focus_row(**one, **more) for one in at for more in ({}, {"Tags": '{"team": "Recs"}'})]
        rows += [focus_row(**one, **azure) for one in at[:3]]
        space = Workspace(tmp_path / "store")
        write(space.store.root / "rules.yaml", RULES.partition("shared:")[0])
        space.load([write_csv(tmp_path / "bill.csv", rows)])
        told = "NO USAGE on a bill of Microsoft (az) since Sep 2026"
        said = {
            (team, month): " ".join(run(space, "--team", team, "--month", month).stderr.split())
            for team in ("Search", "Recs")
            for month in ("2026-09", "2026-10")
        }
        assert said.pop(("Search", "2026-10")) == told
        assert set(said.values()) == {""}


class TestNotAll:
    """What a statement cannot say is told beside it, on standard error."""

    @pytest.fixture
    def listed(self, tmp_path):
        """Two line items of Search without a list price, and two whose cents do not add up."""
        rows = [focus_row(ListCost=None, EffectiveCost="0.334", ServiceName=name) for name in ("Servers", "Disks")]
        rows.append(focus_row(ListCost=None, EffectiveCost="0.334", ServiceName="Queues"))
        found = Workspace(tmp_path / "store")
        write(found.store.root / "rules.yaml", RULES.partition("shared:")[0])
        found.load([write_csv(tmp_path / "bill.csv", rows)])
        return found

    def test_a_cost_that_no_bill_says_is_unknown_and_counted(self, listed):
        """The sum of three unknown costs was $0.00."""
        done = run(listed, "--team", "Search", "--month", "2026-09", "--measure", "ListCost")
        assert "$0.00" not in done.stdout and done.stdout.count("unknown") == 8
        assert " ".join(done.stderr.split()) == "3 line items of unknown list cost are left out of sums"
        found = document(listed, "--measure", "ListCost")
        assert (found["cost"], found["charge"], found["rate_variance"]) == (None, None, None)
        assert found["unknown_line_items"] == 3

    def test_cents_that_do_not_add_up_say_so(self, listed, space):
        """Three times 33 cents under a sum of a dollar."""
        done = run(listed, "--team", "Search", "--month", "2026-09")
        assert "$1.00" in done.stdout
        assert "added up as shown, amounts can be a cent off" in " ".join(done.stderr.split())
        assert "rounded" not in run(space, "--team", "Search", "--month", "2026-10").stderr


class TestAtRates:
    def test_charge_and_variance(self, space, tmp_path):
        rates = "version: 1\nrates: [{name: gpu, unit: GPU hour, rate: 1.5, currency: USD}]"
        found = document(space, "--rates", write(tmp_path / "rates.yaml", rates))
        line = next(line for line in found["lines"] if line["kind"] == "shared")
        assert (line["rate"], line["charge"]) == ("1.5", "48")
        assert Decimal(found["charge"]) + Decimal(found["rate_variance"]) == Decimal(found["cost"])
        assert (found["team"], found["month"], found["currency"]) == ("Search", "2026-09", "USD")

    def test_the_table_shows_what_the_rate_leaves(self, space, tmp_path):
        """Of 57.14 USD of cluster, 32 hours at 1.50 USD charge 48; 9.14 stay. Direct 10 and idle 9.52 are at cost."""
        rates = "version: 1\nrates: [{name: gpu, unit: GPU hour, rate: 1.5, currency: USD}]"
        done = run(space, "--team", "Search", "--month", "2026-09", "--rates", write(tmp_path / "rates.yaml", rates))
        rows = [[cell.strip() for cell in line.strip("│").split("│")] for line in done.stdout.splitlines()]
        assert ["Total", "", "$76.67", "$67.52"] in rows and ["Rate variance", "", "", "$9.14"] in rows


class TestRefused:
    def test_a_team_that_there_is_not(self, space):
        done = run(space, "--team", "Serch", "--month", "2026-09")
        assert isinstance(done.exception, QueryError)
        assert "Search" in str(done.exception)

    def test_a_month_without_a_bill_is_not_a_month_that_cost_nothing(self, space):
        done = run(space, "--team", "Search", "--month", "2031-01")
        assert isinstance(done.exception, QueryError)
        assert "No bill of 2031-01 is loaded. Expected: a month from 2026-09 to 2026-10." in str(done.exception)

    def test_a_currency_that_nothing_is_billed_in(self, space):
        done = run(space, "--team", "Search", "--month", "2026-09", "--currency", "GBP")
        assert isinstance(done.exception, QueryError)
        assert "Nothing is billed in GBP. Expected: USD." in str(done.exception)

    def test_a_month_that_is_none(self, space):
        for month in ("September", "2026-13", "2026-9", "0000-01", "2026-09-01"):
            done = run(space, "--team", "Search", "--month", month)
            assert done.exit_code == 2 and f"{month} is no month such as 2026-09" in done.output
            assert "%Y" not in done.output

    @pytest.mark.parametrize("quantity", ["ConsumedQuantity", "PricingQuantity", "UsageQuantity"])
    def test_a_quantity_is_never_shown_as_money(self, space, quantity):
        done = run(space, "--team", "Search", "--month", "2026-09", "--measure", quantity)
        assert isinstance(done.exception, QueryError) and "is a quantity, not money" in str(done.exception)


class TestDispute:
    def test_figures_from_the_store(self, space):
        rules = space.rules()
        window = Window(DAY.date(), DAY.date().replace(day=6))
        found = read_dispute(space.snapshot().reader, rules.shared[0], window, rules.team_spellings, "USD")
        (day,) = found.days
        assert (day.cost, day.nodes, day.peak_hour) == (100, 4, 10)
        assert day.teams["Search"].above_quota == 20
        assert all(sum(charges.values()) == 100 for charges in day.charges.values())
        charged = space.snapshot().reader.ask(
            Question(by=("x_Team",), window=window, filters=(Filter("x_Pool", ("gpu",)),))
        )
        for row in charged:
            assert abs(row.amount - day.charges["reserved"][row.values[0]]) < Decimal("1e-12")

    def test_the_tools_cost_beside_the_bill_with_the_factor(self, space):
        """Two hours of three allocations at 10.50 in the tool's own money."""
        window = Window(DAY.date(), DAY.date().replace(day=6))
        (day,) = read_tool_days(space.snapshot().reader, space.rules().shared[0], window, "USD")
        assert (day.bill, day.tool) == (100, 63)
        assert round(day.factor * 63, 9) == 100
