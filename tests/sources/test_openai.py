"""OpenAI's cost and use from a server on this machine: dollars, tokens, paging, restarts, what has changed."""

from __future__ import annotations

import json
from copy import deepcopy
from datetime import date
from decimal import Decimal
from functools import partial
from pathlib import Path

import pytest

from costlib.errors import InputError, UnreadableFile
from costlib.metrics.business import volumes
from costlib.metrics.costs import UnitQuestions
from costlib.periods import Grain, Window
from costlib.sources import llm_fetch, openai
from costlib.sources.llm_answers import fields_of
from costlib.sources.llm_charges import CACHED, INPUT, OUTPUT, REQUESTS, WRITE
from costlib.sources.web import Service
from costlib.store.question import Filter
from costlib.store.status import status_document
from costlib.workspace import Workspace
from tests.builders import cube_rows
from tests.vendor_server import OpenAIServer, openai_cost, openai_use

FIFTH, SIXTH = date(2026, 9, 5), date(2026, 9, 6)
SEPTEMBER = Window(date(2026, 9, 1), date(2026, 10, 1))
KEY = "sk-admin-of-the-tests"
MODEL = "gpt-5-2025-08-07"
#: 1,000,000 fresh, 500,000 cached and 200,000 output tokens at 1.25, 0.125 and 10 dollars a million.
LINES = [
    openai_cost(f"{MODEL}, input", 1.25),
    openai_cost(f"{MODEL}, cached input", 0.0625),
    openai_cost(f"{MODEL}, output", 2),
]
USE = openai_use(1_500_000, cached=500_000, output=200_000, requests=300)


@pytest.fixture
def server(monkeypatch):
    monkeypatch.setenv("OPENAI_ADMIN_KEY", KEY)
    monkeypatch.setattr(llm_fetch, "utc_today", lambda: date(2026, 11, 6))
    monkeypatch.setattr(llm_fetch, "Service", partial(Service, pause=lambda seconds: None))
    running = OpenAIServer()
    running.days = {
        OpenAIServer.COSTS: {FIFTH: [*deepcopy(LINES), openai_cost("web search tool calls", 0.03)]},
        OpenAIServer.COMPLETIONS: {FIFTH: [USE]},
    }
    yield running
    running.close()


@pytest.fixture
def fetch(server, tmp_path):
    """Fetches September as somebody who asks on a day."""

    def fetched(today=date(2026, 12, 1), options="", told=None):
        where = f"openai:{server.url}?from=2026-09-01&to=2026-10-01{options}"
        tell = told.append if told is not None else lambda message: None
        return llm_fetch.fetch(openai.BILLING, where, tmp_path, tell, lambda: pytest.fail("no days"), today)

    return fetched


@pytest.fixture
def load(server, tmp_path):
    space = Workspace(tmp_path / "store")

    def loaded(days="from=2026-09-01&to=2026-10-01"):
        told = []
        space.load([Path(f"openai:{server.url}?{days}")], progress=told.append)
        return told

    loaded.root = space.store.root
    return loaded


def results(*rows):
    """Rows as an answer of the fifth holds them."""
    page = fields_of(json.dumps({"rows": rows}).encode(), "OpenAI costs of 2026-09-05", "the reference")
    return {FIFTH: page.rows("rows")}


def said(root, columns, where="TRUE"):
    return cube_rows(root, f"SELECT {columns} FROM cube WHERE {where} GROUP BY ALL ORDER BY ALL")


class TestLines:
    def test_dollars_are_dollars_and_every_digit_stays(self):
        text = json.dumps({"rows": [openai_cost(None, 7)]}).replace("7,", "0.00001234567890123456789,")
        rows = fields_of(text.encode(), "costs", "").rows("rows")
        (line,) = openai.lines_of({FIFTH: rows})
        assert (line.amount, line.currency) == (Decimal("0.00001234567890123456789"), "USD")

    def test_a_line_item_names_model_kind_and_tier(self):
        items = [f"{MODEL}, input", f"priority | {MODEL}, cached input", "gpt-5.6-sol, cache writes, long context"]
        lines = openai.lines_of(results(*(openai_cost(item, 1) for item in items)))
        assert [(line.model, line.kind, line.tier, line.context) for line in lines] == [
            (MODEL, INPUT, None, None),
            (MODEL, CACHED, "priority", None),
            ("gpt-5.6-sol", WRITE, None, "long context"),
        ]

    @pytest.mark.parametrize("item", ["web search tool calls", "Vector storage", "gpt-5, batch input", "gpt-5", None])
    def test_what_is_in_no_known_form_is_no_tokens_but_money_all_the_same(self, item):
        (line,) = openai.lines_of(results(openai_cost(item, 1.5)))
        assert (line.kind, line.model, line.amount) == (None, None, Decimal("1.5"))

    @pytest.mark.parametrize(
        ("change", "told"),
        [
            ({"amount": {"currency": "usd"}}, "there is no amount.value but currency"),
            ({"amount": None}, "there is no amount.value but"),
            (
                {"amount": {"value": "0.06", "currency": "usd"}},
                'amount.value is "0.06". Expected: amount.value as a nu',
            ),
            ({"amount": {"value": True, "currency": "usd"}}, "amount.value is true"),
            ({"amount": {"value": 1}}, "there is no amount.currency but value"),
            ({"project_id": 7}, "project_id is 7. Expected: project_id as text"),
            ({"quantity": "many"}, 'quantity is "many"'),
        ],
    )
    def test_a_changed_field_is_named_with_place_and_reference(self, change, told):
        with pytest.raises(UnreadableFile) as refused:
            openai.lines_of(results(openai_cost("x", 1) | change))
        assert told in str(refused.value)
        assert str(refused.value).startswith("OpenAI costs of 2026-09-05: ")
        assert "(the reference)" in str(refused.value)

    def test_no_number_is_not_money(self):
        rows = fields_of(b'{"rows": [{"amount": {"value": NaN, "currency": "usd"}}]}', "costs", "").rows("rows")
        with pytest.raises(UnreadableFile, match=r"amount\.value is"):
            openai.lines_of({FIFTH: rows})


class TestUses:
    def counts(self, *rows):
        return {(use.kind, use.tier): use.amount for use in openai.uses_of(results(*rows))}

    def test_input_tokens_include_the_cached_ones_which_are_taken_off(self):
        assert self.counts(USE) == {
            (INPUT, None): 1_000_000,
            (CACHED, None): 500_000,
            (OUTPUT, None): 200_000,
            (REQUESTS, None): 300,
        }

    def test_tokens_written_to_the_cache_are_among_the_input_too(self):
        found = self.counts(openai_use(100, cached=30, requests=0, input_cache_write_tokens=20))
        assert found == {(INPUT, None): 50, (CACHED, None): 30, (WRITE, None): 20}

    def test_more_cached_than_input_is_another_way_of_counting_and_refused(self):
        with pytest.raises(
            UnreadableFile, match=r"input_tokens is 10, less than the 30 cached ones.*include the cached"
        ):
            self.counts(openai_use(10, cached=30))

    def test_tiers_are_told_apart_and_the_default_one_is_none(self):
        tiers = ({"service_tier": "default"}, {"service_tier": "priority"}, {"batch": True, "service_tier": None})
        rows = [openai_use(1, requests=0, **more) for more in tiers]
        assert set(self.counts(*rows)) == {(INPUT, None), (INPUT, "priority"), (INPUT, "batch")}

    def test_embeddings_have_input_only(self):
        row = {"input_tokens": 8, "num_model_requests": 2, "model": "text-embedding-3-small", "project_id": None}
        assert self.counts(row) == {(INPUT, None): 8, (REQUESTS, None): 2}

    @pytest.mark.parametrize("change", [{"input_tokens": -1}, {"input_tokens": 1.5}, {"input_tokens": None}])
    def test_a_changed_count_is_named(self, change):
        with pytest.raises(UnreadableFile, match="input_tokens"):
            self.counts(openai_use(1) | change)


class TestAsking:
    def test_every_day_once_page_by_page_grouped_with_the_key_in_a_header(self, server, fetch):
        server.page_days = 7
        fetch()
        costs = [query for path, query in server.asked if path == OpenAIServer.COSTS]
        assert len(costs) == 1 + 5
        assert costs[1]["group_by"] == ["project_id", "line_item", "api_key_id"]
        assert [query.get("page") for query in costs[1:]] == [None, *(
            [f"page_2026-09-{day:02d}"] for day in (8, 15, 22, 29))]  # fmt: skip
        assert {sent["Authorization"] for sent in server.sent} == {f"Bearer {KEY}"}
        assert server.paths().count(OpenAIServer.COMPLETIONS) == server.paths().count(OpenAIServer.EMBEDDINGS) == 5

    def test_a_day_that_goes_on_over_the_next_page_is_whole(self, server, load):
        def cut(path, page):
            if path == OpenAIServer.COSTS and page["data"][-1]["results"]:
                page["data"][-1]["results"] = page["data"][-1]["results"][:2]
                page["next_page"] = "page_2026-09-05"
                server.days[path] = {FIFTH: LINES[2:]}
            return page

        server.page_days, server.change = 5, cut
        server.days[OpenAIServer.COSTS] = {FIFTH: LINES}
        load("from=2026-09-01&to=2026-10-01&account=org-x")
        assert said(load.root, "SUM(BilledCost)") == [(Decimal("3.3125"),)]

    @pytest.mark.parametrize("failures", [[429], [500, 503], [429, 500, 502, 503]])
    def test_a_busy_server_is_asked_again(self, server, fetch, failures):
        server.failures = failures
        assert len(fetch()) == 1

    def test_a_refused_key_is_not_tried_again_and_never_shown(self, server, fetch):
        server.failures = [401]
        with pytest.raises(UnreadableFile, match=r"answered 401 Incorrect key \(key\) \(1 try\)") as refused:
            fetch()
        assert KEY not in str(refused.value)
        assert "Check the address and OPENAI_ADMIN_KEY" in str(refused.value)

    def test_the_key_follows_no_redirect(self, server, fetch):
        other = OpenAIServer()
        server.failures = [f"{other.url}/v1/organization/costs"]
        with pytest.raises(UnreadableFile, match="answered 302"):
            fetch()
        assert other.asked == []
        other.close()

    def test_without_a_key_nothing_is_asked(self, server, fetch, monkeypatch):
        monkeypatch.delenv("OPENAI_ADMIN_KEY")
        with pytest.raises(InputError, match=r"OPENAI_ADMIN_KEY is not set\. Expected: an admin key of OpenAI"):
            fetch()
        assert server.asked == []

    def test_a_key_is_not_sent_in_the_open(self, server, tmp_path):
        where = "openai:http://gateway.example?from=2026-09-01&to=2026-10-01"
        with pytest.raises(InputError, match=r"http://gateway.example would be sent a key.*https://"):
            llm_fetch.fetch(openai.BILLING, where, tmp_path, print, lambda: pytest.fail("no days"))

    @pytest.mark.parametrize(
        ("where", "told"),
        [
            ("openai:?from=2026-09-02&to=2026-10-01", "whole months"),
            ("openai:?from=2026-09-01", "one end of the days.*Add to"),
            ("openai:?frm=2026-09-01", "no option frm.*Did you mean from"),
            ("openai:api.openai.com", "is no address"),
        ],
    )
    def test_an_address_that_cannot_be_asked(self, server, tmp_path, where, told):
        with pytest.raises(InputError, match=told):
            llm_fetch.fetch(openai.BILLING, where, tmp_path, print, lambda: pytest.fail("no days"))
        assert server.asked == []

    def test_whose_it_is_comes_from_header_result_or_address(self, server, fetch):
        assert fetch()[0].name == "org-northlight-2026-09.csv"
        del server.headers["openai-organization"]
        with pytest.raises(InputError, match=r"does not say whose costs these are.*account=org-abc"):
            fetch()
        assert fetch(options="&account=org-mine")[0].name == "org-mine-2026-09.csv"
        server.days[OpenAIServer.COSTS] = {FIFTH: [openai_cost("x", 1, organization_id="org-told")]}
        assert fetch()[0].name == "org-told-2026-09.csv"

    @pytest.mark.parametrize(
        ("page", "told"),
        [
            ({"object": "page"}, r"OpenAI costs from 2026-09-01: there is no data but object"),
            ({"data": [], "has_more": "no"}, 'has_more is "no". Expected: has_more as true or false'),
            ({"data": [], "has_more": True}, "there is no next_page"),
            ({"data": [{"start_time": 1, "end_time": 2, "results": []}]}, "a bucket goes from 1 to 2"),
            ({"data": [{"start_time": 0, "end_time": 86400, "results": []}]}, "a bucket is of 1970-01-01"),
            ([], r"the answer is no JSON object but '\[\]'"),
        ],
    )
    def test_a_page_of_another_shape_is_refused_with_the_field(self, server, fetch, page, told):
        server.change = lambda path, _: page
        with pytest.raises(UnreadableFile, match=told):
            fetch(options="&account=org-x")

    def test_the_same_page_again_and_again_is_refused(self, server, fetch):
        server.change = lambda path, page: page | {"data": [], "has_more": True, "next_page": "page_2026-09-01"}
        with pytest.raises(UnreadableFile, match="the same page comes twice"):
            fetch(options="&account=org-x")

    def test_a_day_left_out_is_not_taken_for_a_day_without_cost(self, server, fetch):
        server.change = lambda path, page: page | {"data": [one for one in page["data"] if one["results"]]}
        with pytest.raises(UnreadableFile, match=r"costs say nothing of 2026-09-01 \(29 days\)"):
            fetch()


class TestReadAgain:
    def test_a_restart_goes_on_where_it_broke_off(self, server, fetch):
        server.page_days = 10
        server.failures = [200, 200, 403]
        with pytest.raises(UnreadableFile, match="answered 403"):
            fetch()
        server.asked.clear()
        fetch()
        (first, *_) = [query for path, query in server.asked if path == OpenAIServer.COSTS and "page" not in query][1:]
        assert server.window(first) == (date(2026, 9, 10), date(2026, 10, 1)), "the tenth might have gone on"

    def test_settled_days_are_asked_for_once(self, server, fetch):
        table = fetch()[0].read_bytes()
        server.asked.clear()
        assert fetch()[0].read_bytes() == table
        assert server.paths() == [OpenAIServer.COSTS]

    def test_younger_days_are_read_again_and_their_month_is_replaced(self, server, fetch):
        fetch(today=date(2026, 9, 19))
        server.asked.clear()
        server.days[OpenAIServer.COSTS] = {FIFTH: LINES, SIXTH: [openai_cost("late", 4)]}
        table = fetch(today=date(2026, 9, 20))[0].read_text()
        assert "2026-09-06,org-northlight,,USD,4,late" in table
        assert "web search" in table
        costs = [server.window(query) for path, query in server.asked if path == OpenAIServer.COSTS]
        assert costs[1:] == [(SIXTH, date(2026, 9, 21))]

    def test_another_question_is_not_answered_from_what_was_kept(self, server, fetch, tmp_path):
        fetch()
        kept = tmp_path / "openai/org-northlight/costs/2026-09-05.json"
        kept.write_text(kept.read_text().replace("line_item", "user_id", 1))
        server.asked.clear()
        fetch()
        costs = [server.window(query) for path, query in server.asked if path == OpenAIServer.COSTS]
        assert costs[1:] == [(FIFTH, SIXTH)]

    def test_a_damaged_answer_is_asked_for_again(self, fetch, tmp_path):
        table = fetch()[0].read_bytes()
        (tmp_path / "openai/org-northlight/costs/2026-09-05.json").write_text("{")
        assert fetch()[0].read_bytes() == table

    def test_days_to_come_are_not_asked_for(self, server, fetch):
        fetch(today=SIXTH)
        ends = {server.window(query)[1] for path, query in server.asked[1:]}
        assert ends == {date(2026, 9, 7)}


class TestInTheStore:
    def test_the_sum_of_the_answers_is_the_sum_of_the_store_to_the_last_digit(self, server, load):
        odd = openai_cost("odd", 0)
        server.days[OpenAIServer.COSTS][FIFTH].append(odd)
        server.change = lambda path, page: page
        text = server.body
        server.body = lambda path, query: text(path, query).replace(
            b'{"value": 0, ', b'{"value": 0.0000123456789012345678, '
        )
        told = load()
        assert "OpenAI: 5 cost lines, 3.3425123456789012345678 USD" in told
        (entry,) = status_document(Workspace(load.root).store.current())["loads"]
        assert (entry["source"], entry["account"], entry["period"]) == (
            "openai:org-northlight",
            "org-northlight",
            "2026-09",
        )
        assert entry["sums_in"]["BilledCost"] == "3.3425123456789012345678"
        assert entry["sums_store"]["BilledCost"] == "3.342512345678901235"
        assert entry["tied_out"]

    def test_rows_are_focus(self, load):
        load()
        assert said(
            load.root,
            "ServiceProviderName, ServiceName, ServiceCategory, SubAccountId, BillingCurrency, x_Scope, "
            "SUM(EffectiveCost)",
        ) == [("OpenAI", "OpenAI API", "AI and Machine Learning", "proj_search", "USD", "AI", Decimal("3.3425"))]
        rows = (
            "SELECT SkuId, SkuMeter, ConsumedUnit, ConsumedQuantity, ResourceId, ListCost FROM resource_days ORDER BY 1"
        )
        assert cube_rows(load.root, rows) == [
            (f"{MODEL}, cached input", CACHED, "Tokens", 500_000, "key_web", None),
            (f"{MODEL}, input", INPUT, "Tokens", 1_000_000, "key_web", None),
            (f"{MODEL}, output", OUTPUT, "Tokens", 200_000, "key_web", None),
            ("web search tool calls", "web search tool calls", None, None, "key_web", None),
        ]

    def test_token_cost_by_model_is_the_price_list_again(self, load):
        load()
        space = Workspace(load.root)
        questions = UnitQuestions(space.snapshot().reader, (Filter("BillingCurrency", ("USD",)),), Grain.MONTH)
        found = questions.unit_costs(volumes(load.root), SEPTEMBER)
        amounts = {one.unit.name: one.amount for one in found if one.model == MODEL}
        assert amounts == {
            "million input tokens": Decimal("1.25"),
            "million cached input tokens": Decimal("0.125"),
            "million output tokens": Decimal(10),
            "1,000 inferences": pytest.approx(Decimal("3.3125") / 300 * 1000),
        }

    def test_requests_and_tokens_are_metrics_of_the_connection(self, load):
        load()
        counted = {one.metric: (one.day, one.model, one.value) for one in volumes(load.root)}
        assert counted == {
            "input tokens": (FIFTH, MODEL, 1_000_000),
            "cached input tokens": (FIFTH, MODEL, 500_000),
            "output tokens": (FIFTH, MODEL, 200_000),
            "requests": (FIFTH, MODEL, 300),
        }

    def test_thousands_of_tokens_are_not_taken_for_tokens(self, server, load):
        server.days[OpenAIServer.COSTS] = {
            FIFTH: [
                openai_cost(f"{MODEL}, input", 1.25, quantity=1000, quantity_unit="1000_tokens"),
                openai_cost(f"{MODEL}, output", 2, quantity=200_000, quantity_unit="tokens"),
                openai_cost("gpt-image-2 image, output", 3, quantity=12, quantity_unit="images"),
                openai_cost("Vector storage", 1, quantity=7, quantity_unit=None),
            ]
        }
        load()
        rows = "SELECT SkuId, ConsumedUnit, ConsumedQuantity FROM resource_days ORDER BY 1"
        assert cube_rows(load.root, rows) == [
            ("Vector storage", None, None),
            (f"{MODEL}, input", "Tokens", 1_000_000),
            (f"{MODEL}, output", "Tokens", 200_000),
            ("gpt-image-2 image, output", "Tokens", None),
        ]

    def test_lines_that_count_otherwise_than_the_use_are_told_and_stay(self, server, load):
        server.days[OpenAIServer.COSTS][FIFTH][2] |= {"quantity": 250_000, "quantity_unit": "tokens"}
        told = load()
        assert any("on 1 days and meters cost lines count other tokens" in one for one in told)
        rows = f"SELECT ConsumedQuantity FROM resource_days WHERE SkuMeter = '{OUTPUT}'"
        assert cube_rows(load.root, rows) == [(250_000,)]

    def test_use_of_a_tier_without_a_line_leaves_the_tokens_unknown(self, server, load):
        server.days[OpenAIServer.COMPLETIONS][FIFTH].append(openai_use(40, batch=True))
        told = load()
        assert any("the tokens of 1 cost lines are unknown" in one for one in told)
        rows = (
            f"SELECT SkuMeter, ConsumedQuantity FROM resource_days WHERE SkuMeter IN ('{INPUT}', '{OUTPUT}') ORDER BY 1"
        )
        assert cube_rows(load.root, rows) == [(INPUT, None), (OUTPUT, 200_000)]

    def test_a_credit_is_an_adjustment(self, server, load):
        server.days[OpenAIServer.COSTS][SIXTH] = [openai_cost("Promotional credit", -1)]
        load()
        assert said(load.root, "ChargeCategory, SUM(BilledCost)", "BilledCost < 0") == [("Adjustment", -1)]

    def test_two_months_are_two_periods_and_a_restated_one_replaces_its_own(self, server, load):
        server.days[OpenAIServer.COSTS][date(2026, 10, 2)] = [openai_cost("x", 8)]
        load("from=2026-09-01&to=2026-11-01")
        months = "STRFTIME(BillingPeriodStart, '%Y-%m'), SUM(BilledCost)"
        assert said(load.root, months) == [("2026-09", Decimal("3.3425")), ("2026-10", 8)]
        server.days[OpenAIServer.COSTS][date(2026, 11, 2)] = [openai_cost("y", 5)]
        load("from=2026-11-01&to=2026-12-01")
        server.days[OpenAIServer.COSTS][date(2026, 11, 2)] = [openai_cost("y", 6)]
        load("from=2026-11-01&to=2026-12-01")
        assert said(load.root, months) == [("2026-09", Decimal("3.3425")), ("2026-10", 8), ("2026-11", 6)]

    def test_a_month_without_cost_changes_nothing(self, load):
        with pytest.raises(InputError, match="OpenAI bills nothing from 2026-08-01 to 2026-09-01"):
            load("from=2026-08-01&to=2026-09-01")
        assert Workspace(load.root).store.manifest() is None

    def test_a_dry_run_asks_nobody(self, server, tmp_path):
        space = Workspace(tmp_path / "store")
        lines = space.announced([Path("openai:?from=2026-09-01&to=2026-10-01")])
        assert lines == [
            "api.openai.com would be asked for OpenAI's cost and usage of 2026-09-01 to 2026-09-30, "
            "but for settled days that were read before"
        ]
