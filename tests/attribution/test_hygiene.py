"""Tag hygiene: what lacks a tag, which spellings mean the same, what that hides, and the fix."""

from __future__ import annotations

from decimal import Decimal

import pytest
import yaml

from costlib.attribution.conditions import tag
from costlib.attribution.hygiene import Tagged, missing, variants
from costlib.store.cube import RESOURCE_PARTS
from tests.builders import TEAM_RULES, focus_row, load_into, opened, write_csv


def tagged(value, amount=1, resource="i-1", key="team", account=None):
    return Tagged(key, value, resource, account, None, Decimal(amount))


def groups(*rows, spelled=None):
    return [[value for value, _ in one.spellings] for one in variants(rows, {"team": spelled or {}})]


class TestMissing:
    def test_resources_and_money_the_worst_tag_first(self):
        rows = [tagged(None, 3, "a"), tagged(None, 4, "b"), tagged("X", 93, "c"),
                tagged(None, 90, "a", "model"), tagged("m", 10, "b", "model")]  # fmt: skip
        model, team = missing(rows)
        assert (model.key, model.resources, model.amount, model.total) == ("model", 1, 90, 100)
        assert (team.resources, team.amount) == (2, 7)
        assert [row.resource for row in team.largest] == ["b", "a"]
        assert team.fix == "Set the tag team on 2 resources, beginning with b."

    def test_credits_hide_as_much_as_charges_of_their_size(self):
        rows = [tagged(None, 3, "a"), tagged(None, 20, "c", "model"), tagged(None, -90, "b", "model")]
        model, team = missing(rows)
        assert (model.key, model.amount, team.amount) == ("model", -70, 3)
        assert [row.resource for row in model.largest] == ["b", "c"]

    def test_a_resource_of_two_services_counts_once(self):
        rows = [Tagged("team", None, "i-1", "prod", service, Decimal(1)) for service in ("EC2", "EBS")]
        assert missing(rows)[0].resources == 1

    @pytest.mark.parametrize(
        ("service", "account", "where"),
        [("S3", "prod", ", beginning with S3"), (None, "prod", ", beginning with prod")],
    )
    def test_the_fix_names_the_place_of_what_has_no_id(self, service, account, where):
        (found,) = missing([Tagged("team", None, None, account, service, Decimal(5))])
        assert found.fix == f"Set the tag team on 1 resource{where}."

    def test_a_tag_that_all_carry_is_no_finding(self):
        assert missing([tagged("X")]) == []

    def test_what_has_no_id_counts_once_an_account(self):
        rows = [
            tagged(None, 1, None, account="a"),
            tagged(None, 2, None, account="a"),
            tagged(None, 3, None, account="b"),
        ]
        assert missing(rows)[0].resources == 2

    def test_the_largest_only(self):
        rows = [tagged(None, n, f"i-{n}") for n in range(30)]
        assert len(missing(rows, 5)[0].largest) == 5
        assert missing(rows, 5)[0].resources == 30
        assert len(missing(rows)[0].largest) == 20


class TestVariants:
    @pytest.mark.parametrize(
        "other", ["search", "SEARCH", " Se-arch", "Search_", "Serach", "Searhc"]
    )  # case, blanks and punctuation, slips
    def test_spellings_of_one_name(self, other):
        assert groups(tagged("Search", 9), tagged(other, 1)) == [["Search", other]]

    @pytest.mark.parametrize("other", ["Research", "Fraud", "Sea", "Searchlight"])
    def test_other_names(self, other):
        assert groups(tagged("Search", 9), tagged(other, 1)) == []

    def test_short_names_have_no_slips(self):
        assert groups(tagged("dev"), tagged("dep")) == []

    @pytest.mark.parametrize(("one", "other"), [(9, 1), (1, 9)])
    def test_whichever_of_them_carries_more_money(self, one, other):
        """Five letters may be a slip of five or more, and never of four."""
        assert groups(tagged("prod", one), tagged("prods", other)) == []
        assert len(groups(tagged("fraud", one), tagged("fruad", other))) == 1
        assert len(groups(tagged("search", one), tagged("searching"[:8], other))) == 1

    @pytest.mark.parametrize(("one", "other"), [(9, 1), (1, 9)])
    def test_a_slip_is_of_two_letters_at_most(self, one, other):
        """However alike long names are: recommending is no slip of recommend, recommended may be."""
        assert len(groups(tagged("recommend", one), tagged("recommended", other))) == 1
        assert groups(tagged("recommend", one), tagged("recommending", other)) == []

    def test_spellings_stand_by_the_size_of_their_money(self):
        rows = [tagged("ads team", 2), tagged("ADS TEAM", -50), tagged("Ads Team", 9), tagged("adsteam", 2)]
        assert groups(*rows) == [["ADS TEAM", "Ads Team", "ads team", "adsteam"]]

    def test_letters_of_any_script_stay_readable_in_the_fix(self):
        (found,) = variants([tagged("Équipe", 9), tagged("équipe", 1)], {})
        assert found.fix("x_Team") == "names:\n  x_Team:\n    Équipe:\n    - équipe\n"

    @pytest.mark.parametrize("other", ["Team 2", "team-11", "Team"])
    def test_another_number_is_another_name(self, other):
        assert groups(tagged("Team 1", 9), tagged(other, 1)) == []
        assert groups(tagged("model-2026", 9), tagged("model-2025", 1)) == []

    def test_the_group_that_hides_most_comes_first_by_size(self):
        rows = [tagged("Ads", 9), tagged("ads", 2), tagged("Fraud", 90), tagged("fraud", 1),
                tagged("Recs", -80), tagged("recs", -7), tagged("RECS", 3)]  # fmt: skip
        assert groups(*rows) == [["Recs", "recs", "RECS"], ["Ads", "ads"], ["Fraud", "fraud"]]
        (recs, *_) = variants(rows, {})
        assert recs.hidden == -4

    def test_the_name_is_the_spelling_with_most_money_and_the_rest_is_hidden(self):
        (found,) = variants([tagged("search", 5), tagged("Search", 90), tagged("search", 2), tagged("Serach", 3)], {})
        assert (found.name, found.hidden, found.known) == ("Search", 10, False)
        assert yaml.safe_load(found.fix("x_Team")) == {"names": {"x_Team": {"Search": ["search", "Serach"]}}}

    def test_what_the_rules_know_already_needs_no_fix(self):
        spelled = {"serach": "Search", "search": "Search"}
        (found,) = variants([tagged("Search", 9), tagged("Serach", 1)], {"team": spelled})
        assert (found.known, found.fix("x_Team")) == (True, "")

    @pytest.mark.parametrize("spelled", [{}, {"model": {"search": "Search"}}, {"team": {"recs": "Recs"}}])
    def test_rules_that_do_not_name_it_read_another_case_as_another_name(self, spelled):
        """A tag's value stays as it is where no name of its own dimension stands for it: the fix is to name it."""
        (found,) = variants([tagged("Search", 9), tagged("search", 1)], spelled)
        assert not found.known
        assert yaml.safe_load(found.fix("x_Team")) == {"names": {"x_Team": {"Search": ["search"]}}}

    def test_a_slip_that_only_one_side_is_named_for_is_not_known(self):
        (found,) = variants([tagged("Search", 9), tagged("Serach", 1)], {"team": {"search": "Search"}})
        assert not found.known

    def test_what_the_rules_know_alike_though_it_looks_different(self):
        spelled = {"recs": "Recommendations", "recommendations": "Recommendations"}
        assert groups(tagged("Recommendations", 9), tagged("recs", 1), spelled=spelled) == [["Recommendations", "recs"]]

    def test_each_tag_for_itself(self):
        assert groups(tagged("Search"), tagged("search", key="squad")) == []

    def test_groups_that_hide_as_much_stand_by_tag_and_name(self):
        rows = [tagged(value, cost, key=key) for key in ("squad", "team") for value, cost in
                (("Search", 9), ("search", 1), ("Ads", 8), ("ads", 1))]  # fmt: skip
        for given in (rows, rows[::-1]):
            found = [(one.key, one.name) for one in variants(given, {})]
            assert found == [("squad", "Ads"), ("squad", "Search"), ("team", "Ads"), ("team", "Search")]

    def test_missing_values_are_no_spelling(self):
        assert groups(tagged("Search"), tagged(None)) == []


class TestFromTheStore:
    def test_values_and_resources(self, tmp_path):
        rows = [focus_row(ResourceId="a"), focus_row(ResourceId="b", Tags='{"team": "  "}'),
                focus_row(ResourceId="c", Tags='{"team": "search"}'),
                focus_row(ResourceId="d", Tags=None, EffectiveCost="5"), focus_row(BillingCurrency="EUR")]  # fmt: skip
        load_into(tmp_path / "store", write_csv(tmp_path / "bill.csv", rows), rules=TEAM_RULES)
        with opened(tmp_path / "store") as reader:
            found = [Tagged(key, value, resource, None, None, amount) for key in ("team", "it's")
                     for value, resource, amount in reader.rows(
                         f"SELECT {tag([key])} AS value, ResourceId, SUM(EffectiveCost) FROM {RESOURCE_PARTS} "
                         "WHERE BillingCurrency = 'USD' GROUP BY ALL ORDER BY ALL", [])]  # fmt: skip
        by_key = {one.key: one for one in missing(found)}
        assert (by_key["team"].resources, by_key["team"].amount) == (2, Decimal("6.25"))
        assert by_key["it's"].resources == 4
        assert [one.spellings for one in variants(found, {})] == [
            (("Search", Decimal("1.25")), ("search", Decimal("1.25")))
        ]
