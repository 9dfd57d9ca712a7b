"""Anthropic's cost and use from a server on this machine: cents, tokens never counted twice, keys, restarts."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from functools import partial
from pathlib import Path

import pytest

from costlib.errors import InputError, UnreadableFile
from costlib.metrics.business import volumes
from costlib.periods import Window
from costlib.sources import anthropic, llm_fetch
from costlib.sources.llm_answers import fields_of
from costlib.sources.llm_charges import CACHED, INPUT, OUTPUT, WRITE_1H, WRITE_5M
from costlib.sources.web import Service
from costlib.store.status import status_document
from costlib.workspace import Workspace
from tests.builders import cube_rows
from tests.vendor_server import AnthropicServer, anthropic_cost, anthropic_use

FIFTH, SIXTH = date(2026, 9, 5), date(2026, 9, 6)
MODEL = "claude-sonnet-4-5-20250929"
#: 1,000,000 fresh, 4,000,000 read, 200,000 written and 100,000 output tokens at 3, 0.30, 3.75 and 15 dollars a million.
COSTS = (
    ("uncached_input_tokens", "300"),
    ("cache_read_input_tokens", "120.0"),
    ("cache_creation.ephemeral_5m_input_tokens", "75"),
    ("output_tokens", "150"),
)


@pytest.fixture
def server(monkeypatch):
    monkeypatch.setenv("ANTHROPIC_ADMIN_KEY", "sk-ant-admin-of-the-tests")
    monkeypatch.setattr(llm_fetch, "utc_today", lambda: date(2026, 11, 6))
    monkeypatch.setattr(llm_fetch, "Service", partial(Service, pause=lambda seconds: None))
    running = AnthropicServer()
    running.days = {
        running.COSTS: {FIFTH: [*(anthropic_cost(*pair) for pair in COSTS), anthropic_cost(None, "3.00")]},
        running.USAGE: {
            FIFTH: [
                anthropic_use(700_000, 4_000_000, 90_000, write_5m=200_000),
                anthropic_use(300_000, 0, 10_000, api_key_id="apikey_batch"),
            ]
        },
    }
    yield running
    running.close()


@pytest.fixture
def load(server, tmp_path):
    space = Workspace(tmp_path / "store")

    def loaded(days="from=2026-09-01&to=2026-10-01"):
        told = []
        space.load([Path(f"anthropic:{server.url}?{days}")], progress=told.append)
        return told

    loaded.root = space.store.root
    return loaded


def results(*rows):
    page = fields_of(json.dumps({"rows": rows}).encode(), "Anthropic cost_report of 2026-09-05", "the reference")
    return {FIFTH: page.rows("rows")}


def by_key(root, meter=INPUT):
    sql = f"SELECT ResourceId, ConsumedQuantity, BilledCost FROM resource_days WHERE SkuMeter = '{meter}' ORDER BY 1"
    return cube_rows(root, sql)


class TestLines:
    @pytest.mark.parametrize(
        ("text", "dollars"),
        [("123.45", "1.2345"), ("0.005", "0.00005"), ("-100", "-1"), ("9" * 30 + ".25", "9" * 28 + ".9925")],
    )
    def test_cents_are_not_dollars_and_every_digit_stays(self, text, dollars):
        (line,) = anthropic.lines_of(results(anthropic_cost("output_tokens", text)))
        assert line.amount == Decimal(dollars)

    def test_a_line_names_everything_itself(self):
        (line,) = anthropic.lines_of(results(anthropic_cost("cache_creation.ephemeral_1h_input_tokens", "1")))
        assert (line.model, line.kind, line.tier, line.context, line.project) == (
            MODEL, WRITE_1H, "standard", "0-200k", "wrkspc_support",
        )  # fmt: skip

    def test_no_workspace_is_the_default_one(self):
        lines = anthropic.lines_of(results(anthropic_cost(None, "1", workspace_id=None)))
        assert [(line.project, line.kind) for line in lines] == [("default workspace", None)]

    @pytest.mark.parametrize(
        ("change", "told"),
        [
            ({"amount": 123.45}, r"amount is \"123.45\". Expected: amount as a number as text"),
            ({"amount": 123}, "amount is 123. Expected: amount as a number as text"),
            ({"amount": "1,234"}, 'amount is "1,234"'),
            ({"amount": "Infinity"}, 'amount is "Infinity"'),
            ({"amount": None}, "there is no amount but amount, context_window"),
            ({"currency": "EUR"}, 'currency is "EUR". Expected: currency as USD, whose cents'),
            ({"token_type": "thinking_tokens"}, 'token_type is "thinking_tokens". Expected: token_type as one of unc'),
        ],
    )
    def test_a_changed_field_is_named_with_place_and_reference(self, change, told):
        """A number where text was promised may as well be dollars: it is not guessed at."""
        with pytest.raises(UnreadableFile, match=rf"^Anthropic cost_report of 2026-09-05: {told}.*the reference"):
            anthropic.lines_of(results(anthropic_cost("output_tokens", "1") | change))


class TestUses:
    def test_input_tokens_exclude_the_cached_ones_and_nothing_is_taken_off(self):
        found = anthropic.uses_of(results(anthropic_use(10, 400, 7, write_5m=50, write_1h=60)))
        assert {use.kind: use.amount for use in found} == {
            INPUT: 10,
            CACHED: 400,
            WRITE_5M: 50,
            WRITE_1H: 60,
            OUTPUT: 7,
        }

    @pytest.mark.parametrize(
        "name", ["uncached_input_tokens", "cache_read_input_tokens", "output_tokens", "cache_creation"]
    )
    def test_a_count_that_is_gone_is_named(self, name):
        row = anthropic_use(1)
        del row[name]
        with pytest.raises(UnreadableFile, match=f"there is no {name} but"):
            anthropic.uses_of(results(row))

    def test_a_flat_cache_creation_is_another_shape(self):
        with pytest.raises(UnreadableFile, match=r"cache_creation is 5\. Expected: cache_creation as an object"):
            anthropic.uses_of(results(anthropic_use(1, cache_creation=5)))


class TestAsking:
    def test_the_organisation_then_both_reports_grouped_as_the_reference_says(self, server, load):
        load()
        assert server.paths() == [server.ME, server.COSTS, *[server.USAGE] * 5]
        cost, use = server.asked[1][1], server.asked[2][1]
        assert cost["group_by[]"] == ["workspace_id", "description"]
        assert use["group_by[]"] == [
            "api_key_id", "workspace_id", "model", "service_tier", "context_window", "inference_geo",
        ]  # fmt: skip
        assert (cost["starting_at"], cost["ending_at"]) == (["2026-09-01T00:00:00Z"], ["2026-10-01T00:00:01Z"])
        assert [query["limit"] for _, query in server.asked[2:]] == [["7"], ["7"], ["7"], ["7"], ["2"]]
        sent = {name.lower(): value for name, value in server.sent[0].items()}
        assert (sent["x-api-key"], sent["anthropic-version"]) == ("sk-ant-admin-of-the-tests", "2023-06-01")

    def test_pages_busy_servers_and_a_restart(self, server, load):
        server.page_days, server.failures = 3, [200, 429, 200, 500, 200, 403]
        with pytest.raises(UnreadableFile, match=r"cost_report\?.* answered 403"):
            load()
        server.asked.clear()
        load()
        first = server.asked[1]
        assert (first[0], first[1]["starting_at"]) == (server.COSTS, ["2026-09-06T00:00:00Z"])
        assert cube_rows(load.root, "SELECT SUM(BilledCost) FROM cube") == [(Decimal("6.48"),)]

    def test_overloaded_is_asked_again(self, server, load):
        server.failures = [529]
        assert load()

    def test_without_a_key_nothing_is_asked(self, server, load, monkeypatch):
        monkeypatch.setenv("ANTHROPIC_ADMIN_KEY", " ")
        with pytest.raises(InputError, match="ANTHROPIC_ADMIN_KEY is not set"):
            load()
        assert server.asked == []

    @pytest.mark.parametrize(
        ("bucket", "told"),
        [
            ({"ending_at": "2026-09-01T01:00:00Z"}, "a bucket goes from 2026-09-01T00:00:00Z to 2026-09-01T01"),
            ({"starting_at": "2026-09-01T00:00:00+02:00"}, "a bucket goes from"),
            ({"starting_at": "yesterday"}, 'starting_at is "yesterday"'),
            ({"starting_at": 1788220800}, "starting_at is 1788220800. Expected: starting_at as text"),
            ({"results": {}}, "results is {}. Expected: results as a list of objects"),
        ],
    )
    def test_a_bucket_of_another_shape_is_refused_with_the_field(self, server, load, bucket, told):
        server.change = lambda path, page: page | {"data": [page["data"][0] | bucket]}
        with pytest.raises(UnreadableFile, match=f"Anthropic cost_report from 2026-09-01: {told}"):
            load()

    def test_an_organisation_without_an_id_is_refused(self, server, load, monkeypatch):
        monkeypatch.setattr(server, "body", lambda path, query: b'{"type": "error"}')
        with pytest.raises(UnreadableFile, match="organizations/me: there is no id but type"):
            load()


class TestInTheStore:
    def test_the_sum_of_the_answers_in_cents_is_the_sum_of_the_store(self, server, load):
        server.days[server.COSTS][SIXTH] = [anthropic_cost(None, "0.000000000000000123456", workspace_id=None)]
        told = load()
        cents = sum(Decimal(one["amount"]) for rows in server.days[server.COSTS].values() for one in rows)
        exact = "6.48000000000000000123456"
        assert cents == Decimal(exact) * 100
        assert f"Anthropic: 6 cost lines, {exact} USD" in told
        (entry,) = status_document(Workspace(load.root).store.current())["loads"]
        assert (entry["source"], entry["tied_out"]) == ("anthropic:0fd6-northlight", True)
        assert (entry["sums_in"]["BilledCost"], entry["sums_store"]["BilledCost"]) == (exact, "6.480000000000000001")

    def test_rows_are_focus(self, load):
        load()
        columns = "ServiceProviderName, ServiceName, BillingAccountName, SubAccountId, x_Scope, x_Model"
        sql = f"SELECT {columns}, SUM(BilledCost), SUM(EffectiveCost) FROM cube GROUP BY ALL ORDER BY ALL"
        facts = ("Anthropic", "Anthropic API", "Northlight", "wrkspc_support", "AI")
        assert cube_rows(load.root, sql) == [
            (*facts, MODEL, Decimal("6.45"), Decimal("6.45")),
            (*facts, None, Decimal("0.03"), Decimal("0.03")),
        ]

    def test_a_line_is_cut_by_the_tokens_of_its_keys(self, load):
        """7 and 3 of 10 parts of 3 dollars; the cache was read by one key only."""
        load()
        assert by_key(load.root) == [
            ("apikey_batch", 300_000, Decimal("0.9")),
            ("apikey_chat", 700_000, Decimal("2.1")),
        ]
        assert by_key(load.root, CACHED) == [("apikey_chat", 4_000_000, Decimal("1.2"))]
        assert by_key(load.root, WRITE_5M) == [("apikey_chat", 200_000, Decimal("0.75"))]

    def test_the_workbench_has_no_key(self, server, load):
        server.days[server.USAGE][FIFTH][1] |= {"api_key_id": None}
        load()
        assert by_key(load.root)[-1] == (None, 300_000, Decimal("0.9"))

    def test_places_add_up_where_lines_do_not_tell_them(self, server, load):
        server.days[server.USAGE][FIFTH][1] |= {"inference_geo": "us", "api_key_id": "apikey_chat"}
        load()
        assert by_key(load.root) == [("apikey_chat", 1_000_000, Decimal(3))]

    def test_prepaid_use_is_in_no_line_and_told(self, server, load):
        server.days[server.USAGE][FIFTH].append(anthropic_use(555, service_tier="priority"))
        told = load()
        assert "Anthropic: 555 tokens were paid for in advance and are in no cost line" in told
        assert sum(row[1] for row in by_key(load.root)) == 1_000_000
        counted = {one.metric: one.value for one in volumes(load.root)}
        assert counted["input tokens"] == 1_000_555

    def test_batch_and_standard_lines_keep_to_their_own_tokens(self, server, load):
        server.days[server.COSTS][FIFTH].append(anthropic_cost("uncached_input_tokens", "15", service_tier="batch"))
        server.days[server.USAGE][FIFTH].append(anthropic_use(100_000, service_tier="batch"))
        load()
        sql = (
            f"SELECT x_Operation, SUM(ConsumedQuantity), SUM(BilledCost) FROM resource_days WHERE SkuMeter = '{INPUT}' "
        )
        assert cube_rows(load.root, sql + "GROUP BY 1 ORDER BY 1") == [
            ("batch", 100_000, Decimal("0.15")),
            ("standard", 1_000_000, Decimal(3)),
        ]

    def test_two_lines_for_the_same_tokens_share_out_nothing(self, server, load):
        """Which of the two the tokens belong to is not told: unknown for both, counted for neither."""
        server.days[server.COSTS][FIFTH].append(
            anthropic_cost("output_tokens", "900", description="Claude Sonnet 4.5 Usage - Output Tokens, fast")
        )
        told = load()
        assert any("the tokens of 2 cost lines are unknown" in one for one in told)
        found = sorted(by_key(load.root, OUTPUT), key=lambda row: row[-1])
        assert found == [(None, None, Decimal("1.5")), (None, None, Decimal(9))]

    def test_the_month_to_date_ends_with_the_bills_and_a_restatement_replaces_it(self, server, load):
        server.days[server.COSTS][date(2026, 11, 2)] = [anthropic_cost(None, "100")]
        load("from=2026-11-01&to=2026-11-04")
        server.days[server.COSTS][date(2026, 11, 2)] = [anthropic_cost(None, "250")]
        Workspace(load.root).load([Path(f"anthropic:{server.url}?account=0fd6-northlight")])
        sql = "SELECT ChargePeriodStart, SUM(BilledCost) FROM cube GROUP BY 1"
        assert cube_rows(load.root, sql) == [(date(2026, 11, 2), Decimal("2.5"))]
        assert server.window(server.asked[-1][1])[1] == date(2026, 11, 3)

    def test_loading_the_same_again_changes_nothing(self, load):
        load()
        first = Workspace(load.root).store.current()
        load()
        assert Workspace(load.root).store.current().generation == first.generation


def test_both_vendors_are_known_by_their_addresses():
    found = anthropic.BILLING.asked("anthropic:?from=2026-09-01&to=2026-10-01")
    assert (found.url, found.host) == ("https://api.anthropic.com", "api.anthropic.com")
    assert anthropic.BILLING.is_address("anthropic:")
    assert not anthropic.BILLING.is_address("anthropic.csv")
    lines = llm_fetch.announced(anthropic.BILLING, "anthropic:", lambda: Window(date(2026, 9, 1), date(2026, 9, 5)))
    assert lines[0].startswith(
        "api.anthropic.com would be asked for Anthropic's cost and usage of 2026-09-01 to 2026-09"
    )
