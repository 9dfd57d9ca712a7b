"""The wiring: own rules, applying them without the export, the open snapshot, and the sample company's manners."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from costlib import demo, sample
from costlib.errors import EmptyStore, ExportMoved, RuleError, StoreError
from costlib.periods import Window
from costlib.sample.place import sample_name
from costlib.store import snapshot
from costlib.store.load import load
from costlib.store.question import Filter, Question
from costlib.store.store import Store
from costlib.workspace import Workspace
from tests.builders import focus_row, rule_numbers, store_bytes, write, write_csv

BY_TAG = "version: 1\nrules:\n  - {name: team tag, set: {x_Team: {tag: [team]}}}\n"
BY_SERVICE = """
version: 1
rules:
  - {name: models are fraud, when: {ServiceName: "Model*"}, set: {x_Team: Fraud}}
  - {name: the rest, set: {x_Team: Platform}}
"""
ALWAYS = Window(date.min, date.max)
#: Named as the sample company names its exports.
SMALL = "northlight-sample.csv"


@pytest.fixture
def bill(tmp_path):
    """Two rows of 1.25 USD: servers of team Search, models without a tag."""
    return write_csv(tmp_path / "bill.csv", [focus_row(), focus_row(ServiceName="Models", Tags=None)])


@pytest.fixture
def space(tmp_path):
    """A workspace whose rules read the team from a tag."""
    write(tmp_path / "store" / "rules.yaml", BY_TAG)
    return Workspace(tmp_path / "store")


def teams(space: Workspace):
    return {row.values[0]: row.amount for row in space.snapshot().reader.ask(Question(by=("x_Team",)))}


def publish(space):
    """The current bills with the rules of today, no export read."""
    load(space.store, [], space.rules())
    return space.store.current()


class TestRules:
    def test_own_rules_where_there_are_some(self, space, bill):
        space.load([bill])
        assert teams(space) == {"Search": Decimal("1.25"), None: Decimal("1.25")}

    def test_shipped_rules_where_there_are_none(self, tmp_path):
        names = [rule.name for rule in Workspace(tmp_path).rules().rules]
        assert names
        assert "team tag" not in names or len(names) > 1

    def test_an_edit_makes_a_new_generation_without_the_export(self, space, bill):
        space.load([bill])
        before = space.snapshot()
        bill.unlink()
        write(space.store.root / "rules.yaml", BY_SERVICE)
        state = publish(space)
        assert state.generation != before.state.generation
        assert state.rules == space.rules().digest
        assert state.parts == before.state.parts
        assert teams(space) == {"Fraud": Decimal("1.25"), "Platform": Decimal("1.25")}
        assert before.reader.ask(Question(by=("x_Team",)))[0].values == ("Search",), "an open snapshot stays as it was"

    def test_the_deciding_rule_is_told_with_the_figure(self, space, bill):
        write(space.store.root / "rules.yaml", BY_SERVICE)
        space.load([bill])
        rows = space.snapshot().reader.ask(Question(by=("ServiceName", "x_Rules")))
        decided = {row.values[0]: rule_numbers(str(row.values[1]))["x_Team"] for row in rows}
        assert {service: space.rules().rule_name(number) for service, number in decided.items()} == {
            "Models": "models are fraud",
            "Servers": "the rest",
        }

    def test_going_back_is_the_earlier_generation(self, space, bill):
        space.load([bill])
        first = space.snapshot().state.generation
        write(space.store.root / "rules.yaml", BY_SERVICE)
        publish(space)
        write(space.store.root / "rules.yaml", BY_TAG)
        assert publish(space).generation == first
        assert [state.sequence for state in space.store.history()] == [1, 2, 3]

    def test_rules_that_mean_the_same_publish_nothing(self, space, bill):
        space.load([bill])
        before = space.store.manifest_path.read_bytes()
        write(space.store.root / "rules.yaml", BY_TAG.replace("team tag", "another name"))
        publish(space)
        assert space.store.manifest_path.read_bytes() == before

    def test_loading_a_bill_again_applies_the_rules_of_today_too(self, space, bill):
        space.load([bill])
        write(space.store.root / "rules.yaml", BY_SERVICE)
        (done,) = space.load([bill])
        assert not done.changed
        assert set(teams(space)) == {"Fraud", "Platform"}

    def test_broken_rules_refuse_a_load_and_leave_the_reader_alone(self, space, bill):
        space.load([bill])
        write(space.store.root / "rules.yaml", "rules: [")
        before = store_bytes(space.store.root)
        with pytest.raises(RuleError, match="cannot be read"):
            space.load([bill])
        snapshot._readers.clear()
        assert teams(space)["Search"] == Decimal("1.25")
        assert store_bytes(space.store.root) == before


class TestSnapshot:
    def test_one_reader_until_something_new_is_published(self, space, bill):
        space.load([bill])
        first = space.snapshot()
        assert space.snapshot().reader is first.reader
        write_csv(bill, [focus_row(EffectiveCost="9")])
        space.load([bill])
        second = space.snapshot()
        assert second.reader is not first.reader
        assert second.reader.ask(Question())[0].amount == 9
        assert first.reader.ask(Question())[0].amount == Decimal("2.5")

    def test_a_cube_that_this_machine_does_not_have_is_built(self, space, bill):
        space.load([bill])
        path = space.store.cube_path(space.store.current().generation)
        path.unlink()
        assert teams(Workspace(space.store.root)) == {"Search": Decimal("1.25"), None: Decimal("1.25")}
        assert path.exists()

    def test_nothing_loaded(self, space):
        with pytest.raises(EmptyStore, match="No bill is loaded"):
            space.snapshot()


class TestLineItems:
    def test_they_add_up_to_the_figure(self, space, bill):
        space.load([bill])
        found = space.line_items(space.snapshot(), (Filter("x_Team", (None,)),), ALWAYS, "USD", limit=5)
        assert (found.count, found.total) == (1, Decimal("1.25"))

    def test_after_an_edit_of_the_rules_they_are_refused_until_it_is_applied(self, space, bill):
        space.load([bill])
        write(space.store.root / "rules.yaml", BY_SERVICE)
        with pytest.raises(StoreError, match="rules have changed"):
            space.line_items(space.snapshot(), (), ALWAYS, "USD")
        publish(space)
        assert space.line_items(space.snapshot(), (Filter("x_Team", ("Fraud",)),), ALWAYS, "USD").count == 1

    def test_a_moved_export_is_told(self, space, bill):
        space.load([bill])
        bill.unlink()
        with pytest.raises(ExportMoved):
            space.line_items(space.snapshot(), (), ALWAYS, "USD")


class TestSampleCompany:
    @pytest.fixture
    def small(self, monkeypatch):
        """Stands in for the sample company: one small bill, and rules."""

        def written(folder, progress):
            progress(SMALL)
            return (write_csv(folder / SMALL, [focus_row()]),)

        monkeypatch.setattr(sample, "write", written)
        monkeypatch.setattr(sample, "usage_exports", lambda folder, progress: ())

    def test_it_is_loaded_like_any_bill_and_known_again(self, tmp_path, small):
        space, told = Workspace(tmp_path / "store"), []
        demo.load_company(space, told.append)
        assert SMALL in told
        assert sample_name(space.store.current()) == sample.NAME
        assert (tmp_path / "store" / "rules.yaml").exists()

    def test_a_copy_of_its_store_is_a_sample_too(self, tmp_path, small):
        demo.load_company(Workspace(tmp_path / "store"))
        (tmp_path / "store").rename(tmp_path / "elsewhere")
        assert sample_name(Workspace(tmp_path / "elsewhere").store.current()) == sample.NAME

    def test_twice_is_once(self, tmp_path, small):
        space = Workspace(tmp_path / "store")
        demo.load_company(space)
        first = space.store.current().generation
        (again,) = demo.load_company(space)
        assert not again.changed
        assert space.store.current().generation == first

    def test_it_refuses_a_store_that_holds_other_bills(self, tmp_path, space, bill, small):
        space.load([bill])
        before = store_bytes(space.store.root)
        with pytest.raises(StoreError, match=r"holds other bills or usage records than the sample company's.*--store"):
            demo.load_company(space)
        assert store_bytes(space.store.root) == before
        assert sample_name(space.store.current()) is None

    def test_own_rules_are_not_written_over(self, tmp_path, space, small):
        demo.load_company(space)
        assert (space.store.root / "rules.yaml").read_text() == BY_TAG


def test_a_workspace_makes_nothing_by_being_there(tmp_path):
    assert Workspace(tmp_path / "store").store.root == (tmp_path / "store").resolve()
    assert not (tmp_path / "store").exists()
    assert Store(tmp_path / "store").manifest() is None
