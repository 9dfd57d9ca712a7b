"""Usage records that come before any bill: kept and counted, and used as soon as a bill is there."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from costlib.commands import app
from costlib.demo import load_company
from costlib.errors import EmptyStore, InputError, StoreError
from costlib.store.store import Store
from costlib.store.unload import unload
from costlib.workspace import Workspace
from tests.builders import TEAM_RULES, cube_rows, focus_row, load_into, write, write_csv
from tests.shared_cluster import RULES, bill, cluster_store
from tests.sources.test_opencost import DAY, allocation, idle, response

LATER = DAY + timedelta(days=30)
OTHER_RULES = RULES.replace("driver: usage   # as agreed in spring", "driver: usage")
#: What a reader needs; without a bill each says that there is none.
READING = ("status", "query", "statement --team Search --month 2026-09", "export one-pager --out OUT.pdf", "runs show")
READING += ("export chart spend --out OUT.csv", "focus export --out OUT.csv", "unload opencost", "runs load bill:job")


def records(folder: Path) -> Path:
    """A file of two usage records."""
    return write(folder / "usage.json", response([allocation(), idle()]))


@pytest.fixture
def space(tmp_path: Path) -> Workspace:
    """A workspace with usage records and nothing else."""
    space = Workspace(tmp_path / "store")
    space.load([records(tmp_path)])
    return space


def run(space: Workspace, command: str):
    return CliRunner().invoke(app, ["--store", str(space.store.root), *command.split()])


def test_the_records_are_kept_and_counted(space, tmp_path):
    state = space.store.manifest()
    assert ([part.rows for part in state.usage], state.parts, state.has_bill) == ([2], (), False)
    with pytest.raises(EmptyStore, match=r"No bill is loaded in .*; 2 usage records will count as soon as one is"):
        space.store.current()
    (again,) = space.load([tmp_path / "usage.json"])
    assert (again.changed, space.store.manifest()) == (False, state)


def test_bill_and_records_make_one_store_whichever_comes_first(tmp_path):
    """The same generation and the same cube as where both are loaded together."""
    together = cluster_store(tmp_path / "together")
    files = [tmp_path / "together" / name for name in ("opencost.json", "bill.csv")]
    for name, order in (("records", files), ("bill", files[::-1])):
        write(tmp_path / name / "rules.yaml", RULES)
        apart = Workspace(tmp_path / name)
        for file in order:
            apart.load([file])
        assert apart.store.current().generation == together.store.current().generation
        rows = [cube_rows(one.store.root, "FROM cube ORDER BY ALL") for one in (apart, together)]
        assert rows[0] == rows[1]
        assert any("Search" in row for row in rows[0])


@pytest.mark.parametrize("command", READING)
def test_commands_say_that_there_is_no_bill(command, space, tmp_path):
    error = run(space, command.replace("OUT", str(tmp_path / "out"))).exception
    assert isinstance(error, EmptyStore), (command, error)
    assert str(error).startswith("No bill is loaded in ")
    assert not list(tmp_path.glob("out*"))


def test_a_load_of_records_says_so_too(tmp_path):
    file, store = records(tmp_path), Workspace(tmp_path / "store")
    assert (
        "2 usage records loaded\nNo bill is loaded yet; usage records count as soon as one is\n"
        in run(store, f"load {file}").stderr
    )
    (loaded,) = json.loads(run(store, f"load {file} --json").stdout)["loads"]
    assert (loaded["changed"], loaded["rows_loaded"]) == (False, 0)
    assert run(store, f"load {write_csv(tmp_path / 'bill.csv', bill())}").stderr.endswith("tied out to the bill\n")


def test_rules_can_be_changed_before_a_bill_comes(space, tmp_path):
    space.save_rules(RULES)
    space.save_rules(OTHER_RULES)
    before = space.store.manifest()
    assert (before.rules, [part.rows for part in before.usage]) == (space.rules().digest, [2])
    space.load([write_csv(tmp_path / "bill.csv", bill())])
    assert space.store.current().usage == before.usage


def test_the_records_of_a_store_without_a_bill_survive_newer_ones(space, tmp_path):
    """What was replaced goes when something new is published, what counts stays."""
    space.load([write(tmp_path / "more.json", response([allocation(name="recs", start=LATER)]))])
    held = space.store.manifest().usage
    assert [(part.period, (space.store.root / part.path).exists()) for part in held] == [
        ("2026-09", True),
        ("2026-10", True),
    ]


def test_a_bill_of_which_all_else_was_set_aside_is_not_taken_out(tmp_path):
    """The rows set aside of the other account are no bill."""
    rows = [focus_row(), focus_row(BillingAccountId="2", BilledCost="x")]
    load_into(tmp_path / "store", write_csv(tmp_path / "bill.csv", rows))
    with pytest.raises(InputError, match="Without focus:bill no bill would be left"):
        unload(Store(tmp_path / "store"), TEAM_RULES, "focus:bill", "111122223333")


def test_the_sample_is_not_mixed_with_records_of_somebody_else(space):
    with pytest.raises(StoreError, match="holds other bills or usage records than the sample company's"):
        load_company(space)
