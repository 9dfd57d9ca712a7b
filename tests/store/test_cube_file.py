"""A cube file made from the last one holds what one made from all base parts holds: every table, row for row."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from costlib.errors import StoreError, TieOutError
from costlib.store import cube, cube_file, cube_pools
from costlib.store.cube_direct import DIRECT_DAYS, DIRECT_TEXTS
from costlib.store.load import load
from costlib.store.load_usage import UsageExport
from costlib.store.question import Question
from costlib.store.reader import Reader
from costlib.store.store import Store
from tests.bills import few, fresh_folder, maybe_amounts
from tests.builders import cube_rows, focus_row, load_into, ruleset, usage_record, write, write_csv

MONTHS = ("2026-07", "2026-08", "2026-09")
RECEIVERS = [
    {"set": {"x_Team": "Search"}, "namespace": "search*"},
    {"set": {"x_Team": "Recs"}, "namespace": "recs*"},
]
#: A rule that holds for some days only, a pool by usage of the day and one by direct cost of the month.
RULES = ruleset(
    {"name": "until mid August", "when": {"ServiceName": "Other"}, "set": {"x_Stage": "build"}, "to": "2026-08-15"},
    {"name": "team tag", "set": {"x_Team": {"tag": ["team"]}}},
    shared=[
        {
            "name": "gpu",
            "match": {"ServiceName": "Cluster"},
            "driver": "usage",
            "usage": {"cluster": "gpu", "node_size": 8},
            "receivers": RECEIVERS,
        },
        {"name": "support", "match": {"ServiceName": "Support"}, "driver": "direct"},
    ],
)
PLAIN = RULES.model_copy(update={"shared": []})
#: The same pools; other rules that begin and end on the same days.
TEAMS = RULES.model_copy(update={"rules": list(reversed(RULES.rules))})


def bill(month: str, day: int, **changes: str | None) -> dict[str, str | None]:
    """A row of the billing month whose usage is that many days after its first, be it in another month."""
    first = date.fromisoformat(f"{month}-01")
    days = {"BillingPeriodStart": first, "ChargePeriodStart": first + timedelta(day)}
    return focus_row(**{name: f"{value}T00:00:00Z" for name, value in days.items()}, **changes)


@st.composite
def deliveries(draw: st.DrawFn) -> list[dict[str, str | None]]:
    """Rows of one delivery; months that it does not hold stay as they are."""
    months = draw(st.lists(st.sampled_from(MONTHS), min_size=1, max_size=2, unique=True))
    one = st.builds(
        bill,
        st.sampled_from(months),
        st.sampled_from([-2, 0, 4, 5, 14, 33]),
        BillingAccountId=st.sampled_from("12"),
        BillingCurrency=st.sampled_from(["USD", "EUR"]),
        ServiceName=st.sampled_from(["Cluster", "Support", "Other", None]),
        ResourceId=st.sampled_from(["i-1", "i-2", None]),
        Tags=st.sampled_from([None, '{"team": "Search"}', '{"team": "Recs", "env": "x"}']),
        BilledCost=st.sampled_from(["0", "1.5", "-0.000000000000000001"]),
        EffectiveCost=maybe_amounts(),
        ConsumedQuantity=st.sampled_from([None, "3"]),
    )
    return draw(st.lists(one, min_size=1, max_size=8))


def usage(folder: Path, hours: int, months: Sequence[int] = (7, 8, 9)) -> UsageExport:
    """Usage of the cluster on two days a month, Search's by as much as said."""
    records = [
        usage_record(day=date(2026, month, day), namespace=name, gpu_reserved=Decimal(reserved))
        for month in months
        for day in (1, 5)
        for name, reserved in (("search", hours), ("recs-a", 4), ("unknown", 1))
    ]
    return UsageExport("usage", "usage", (write(folder / "usage.csv", str(hours)),), lambda paths: records)


def tables(path: Path) -> dict[str, tuple[Any, ...]]:
    """Every table and view of a cube file: columns, rows in a stable order, and how it is made.

    Without the numbers that tie a direct row of the cube to its texts: they are others from file to file.
    """
    with duckdb.connect(str(path), read_only=True) as connection:

        def rows(sql: str) -> list[tuple[Any, ...]]:
            return connection.execute(sql).fetchall()

        every = rows("SELECT table_name FROM information_schema.tables ORDER BY 1")
        names = [name for name in every if name not in {(DIRECT_DAYS,), (DIRECT_TEXTS,)}]
        made = rows("SELECT table_name, comment FROM duckdb_tables()") + rows(
            "SELECT view_name, sql FROM duckdb_views()"
        )
        found = {name: (rows(f"DESCRIBE {name}"), sorted(map(repr, rows(f"FROM {name}")))) for (name,) in names}
        return {**found, "how they are made": tuple(sorted(map(repr, made)))}


def made_anew(root: Path, rules: Any = RULES) -> dict[str, tuple[Any, ...]]:
    """The tables of the current generation, from all its base parts."""
    state, target = Store(root).current(), root / "anew" / "cube.duckdb"
    cube_file.build(state, root, rules, target)
    return tables(target)


def held(root: Path) -> dict[str, tuple[Any, ...]]:
    """The tables of the current generation as published."""
    store = Store(root)
    return tables(store.cube_path(store.current().generation))


@contextmanager
def counted(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """How cube files were made: ``fill`` from all parts, ``refill`` and ``refit`` from the last file."""
    calls: list[str] = []
    with monkeypatch.context() as patch:
        for name in ("fill", "refill", "refit"):
            whole = getattr(cube_file, name)
            patch.setattr(cube_file, name, lambda *given, name=name, whole=whole: calls.append(name) or whole(*given))
        yield calls


def publish(root: Path, rows: Sequence[dict[str, str | None]], rules: Any = RULES, **more: Any) -> None:
    load_into(root, write_csv(root.parent / "bill.csv", rows), rules=rules, source="bill", **more)


class TestEqual:
    @few(6)
    @given(
        bills=st.lists(st.tuples(deliveries(), st.sampled_from([2, 4, 4, 9])), min_size=2, max_size=4),
        rules=st.sampled_from([RULES, RULES, PLAIN]),
    )
    def test_every_table_after_any_restatements(self, bills, rules):
        with fresh_folder() as folder:
            for rows, hours in bills:
                publish(folder / "store", rows, rules, usage=[usage(folder, hours)])
                expected = made_anew(folder / "store", rules)
                assert held(folder / "store") == expected
                assert {"cube", "resource_days", "resource_parts", "pool_days", "usage"} < expected.keys()

    @few(4)
    @given(
        bills=st.lists(deliveries(), min_size=1, max_size=3),
        edits=st.lists(st.sampled_from([RULES, PLAIN, TEAMS]), min_size=1, max_size=3),
        hours=st.sampled_from([2, 9]),
    )
    def test_every_table_after_any_edit_of_the_rules(self, bills, edits, hours):
        with fresh_folder() as folder:
            for rows in bills:
                publish(folder / "store", rows, usage=[usage(folder, 4)])
            for rules in edits:
                load(Store(folder / "store"), [], rules, usage=[usage(folder, hours)])
                assert held(folder / "store") == made_anew(folder / "store", rules)

    def test_the_share_of_a_month_moves_with_direct_cost_billed_in_another(self, tmp_path):
        root = tmp_path / "store"
        support = bill("2026-08", 4, ServiceName="Support", EffectiveCost="10")
        direct = bill("2026-08", 5, EffectiveCost="1", Tags='{"team": "Search"}')
        publish(root, [support, direct])
        publish(root, [bill("2026-09", -2, EffectiveCost="3", Tags='{"team": "Recs"}')])
        sums = "SELECT x_Team, SUM(EffectiveCost) FROM cube WHERE x_Pool = 'support' GROUP BY ALL ORDER BY ALL"
        assert cube_rows(root, sums) == [("Recs", Decimal("7.5")), ("Search", Decimal("2.5"))]
        assert held(root) == made_anew(root)


class TestWay:
    def test_a_month_again_leaves_the_others_and_a_first_load_makes_all(self, tmp_path, monkeypatch):
        root = tmp_path / "store"
        with counted(monkeypatch) as calls:
            publish(root, [bill(month, 0) for month in MONTHS])
            publish(root, [bill("2026-09", 0, BilledCost="7")])
            publish(root, [bill("2026-10", 0)])
        assert calls == ["fill", "refill", "refill"]
        assert held(root) == made_anew(root)

    def test_usage_alone_moves_what_pools_take_and_leaves_the_rest(self, tmp_path, monkeypatch):
        root = tmp_path / "store"
        publish(root, [bill("2026-08", 4, ServiceName="Cluster", EffectiveCost="10")], usage=[usage(tmp_path, 5)])
        with counted(monkeypatch) as calls:
            load(Store(root), [], RULES, usage=[usage(tmp_path, 15)])
        assert calls == ["refill"]
        sums = "SELECT x_Team, SUM(EffectiveCost) FROM cube GROUP BY ALL ORDER BY ALL NULLS LAST"
        assert cube_rows(root, sums) == [("Recs", 2), ("Search", Decimal("7.5")), (None, Decimal("0.5"))]
        assert held(root) == made_anew(root)

    def test_other_rules_and_all_months_again_make_all(self, tmp_path, monkeypatch):
        root = tmp_path / "store"
        publish(root, [bill(month, 0) for month in MONTHS])
        with counted(monkeypatch) as calls:
            publish(root, [bill(month, 1) for month in MONTHS])
            publish(root, [bill("2026-09", 0)], PLAIN)
        assert calls == ["fill", "fill"]
        assert held(root) == made_anew(root, PLAIN)

    @pytest.mark.parametrize("reading", [False, True])
    def test_other_rules_alone_leave_the_base_rows(self, tmp_path, monkeypatch, reading):
        root = tmp_path / "store"
        publish(root, [bill(month, 4, ServiceName="Cluster") for month in MONTHS], usage=[usage(tmp_path, 5)])
        state = Store(root).current()
        reader = Reader(Store(root).cube_path(state.generation), state.generation) if reading else None
        for part in state.parts:
            (root / str(part.path)).rename(root / f"{part.path}.away")
        with counted(monkeypatch) as calls:
            load(Store(root), [], PLAIN)
            load(Store(root), [], RULES, usage=[usage(tmp_path, 15)])
        assert calls == ["refit", "refit"]
        for part in state.parts:
            (root / f"{part.path}.away").rename(root / str(part.path))
        assert held(root) == made_anew(root)
        assert reader is None or reader.ask(Question())

    def test_rules_of_other_days_make_all(self, tmp_path, monkeypatch):
        root = tmp_path / "store"
        publish(root, [bill(month, 0) for month in MONTHS])
        other = ruleset({"name": "May", "set": {"x_Team": "Search"}, "from": "2026-05-01"})
        with counted(monkeypatch) as calls:
            load(Store(root), [], other)
        assert calls == ["refit", "fill"]
        assert held(root) == made_anew(root, other)

    def test_a_file_that_does_not_say_how_its_figures_were_made_is_passed_over(self, tmp_path, monkeypatch):
        root = tmp_path / "store"
        publish(root, [bill(month, 0) for month in MONTHS])
        store = Store(root)
        with duckdb.connect(str(store.cube_path(store.current().generation))) as connection:
            connection.execute("COMMENT ON TABLE figures IS NULL")
        with counted(monkeypatch) as calls:
            load(store, [], PLAIN)
        assert calls == ["refit", "fill"]

    def test_drivers_are_asked_about_the_months_that_changed(self, tmp_path, monkeypatch):
        root, asked = tmp_path / "store", []
        rows = [bill(month, 4, ServiceName="Cluster", EffectiveCost="10") for month in MONTHS]
        publish(root, rows, usage=[usage(tmp_path, 5)])
        whole = cube_pools.write_shares
        monkeypatch.setattr(
            cube_pools, "write_shares", lambda connection, shares: asked.append(shares) or whole(connection, shares)
        )
        publish(root, [bill("2026-09", 4, ServiceName="Cluster", EffectiveCost="20")])
        load(Store(root), [], RULES, usage=[usage(tmp_path, 15, [8])])
        assert [{share.period for share in shares} for shares in asked] == [{date(2026, 9, 5)}, {date(2026, 8, 5)}]
        sums = "SELECT MONTH(ChargePeriodStart), SUM(EffectiveCost) FROM cube WHERE x_Team = 'Search'"
        assert cube_rows(root, f"{sums} GROUP BY 1 ORDER BY 1") == [(7, 5), (8, Decimal("7.5")), (9, 10)]
        assert held(root) == made_anew(root)

    def test_another_engine_or_another_query_makes_all(self, tmp_path, monkeypatch):
        root = tmp_path / "store"
        publish(root, [bill(month, 0) for month in MONTHS])
        monkeypatch.setattr(cube.engine, "version", lambda: "duckdb 9")
        with counted(monkeypatch) as calls:
            publish(root, [bill("2026-09", 0, BilledCost="7")])
        assert calls == ["refill", "fill"]

    def test_a_hash_that_two_combinations_share_makes_all(self, tmp_path, monkeypatch):
        root = tmp_path / "store"
        alike = "CASE WHEN {attempt} > 0 THEN HASH({texts}, {attempt}) ELSE LENGTH(ServiceName) END"
        monkeypatch.setattr(cube, "_HASH", alike)
        publish(root, [bill("2026-09", 0, ServiceName="A")])
        with counted(monkeypatch) as calls:
            publish(root, [bill("2026-10", 0, ServiceName="B")])
            publish(root, [bill("2026-10", 0, ServiceName="CC")])
            publish(root, [bill("2026-11", 0, ServiceName="DDD")])
        assert calls == ["refill", "fill", "refill", "fill", "refill"]
        assert held(root) == made_anew(root)

    def test_no_tags_and_an_empty_map_of_them_are_two_combinations(self, tmp_path):
        publish(tmp_path / "store", [bill("2026-08", 4, Tags=None), bill("2026-08", 4, Tags="{}")])
        names = "SELECT COUNT(*), COUNT(DISTINCT x_Meaning), COUNT(Tags) FROM meanings"
        assert cube_rows(tmp_path / "store", names) == [(2, 2, 1)]

    def test_combinations_that_no_name_tells_apart_are_refused_and_nothing_is_published(self, tmp_path, monkeypatch):
        root = tmp_path / "store"
        publish(root, [bill("2026-09", 0, ServiceName="A")])
        before = held(root)
        monkeypatch.setattr(cube, "_HASH", "LENGTH(ServiceName) + 0 * {attempt}")
        with pytest.raises(StoreError, match="the same name"):
            publish(root, [bill("2026-10", 0, ServiceName="B")])
        assert held(root) == before

    def test_a_month_that_is_gone_whole(self, tmp_path):
        root = tmp_path / "store"
        publish(root, [bill("2026-08", 0), bill("2026-09", 0)])
        publish(root, [bill("2026-09", 0, BilledCost="?"), bill("2026-10", 0)])
        assert held(root) == made_anew(root)
        months = cube_rows(root, "SELECT DISTINCT MONTH(BillingPeriodStart) FROM cube ORDER BY 1")
        assert months == [(8,), (10,)]


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of nine days in each of three months."""
    root = tmp_path_factory.mktemp("sound") / "store"
    publish(root, [bill(month, day) for month in MONTHS for day in range(9)])
    return root


@pytest.fixture
def root(sound: Path, tmp_path: Path) -> Path:
    """A copy of that store."""
    return Path(shutil.copytree(sound, tmp_path / "store"))


class TestDamage:
    """Whatever became of the last file, the new one is whole."""

    @pytest.mark.parametrize("rules", [RULES, PLAIN], ids=["a month again", "other rules"])
    @pytest.mark.parametrize("what", ["missing", "empty", "text", "half", "zeros in the middle", "head"])
    def test_the_file_is_passed_over(self, root, what, rules):
        store = Store(root)
        path = store.cube_path(store.current().generation)
        data = path.read_bytes()
        middle = len(data) // 2
        damaged = {
            "empty": b"", "text": b"no cube\n" * 9000, "half": data[:middle], "head": bytes(4096) + data[4096:],
            "zeros in the middle": data[:12288] + bytes(len(data) - 12288),
        }  # fmt: skip
        path.unlink() if what == "missing" else path.write_bytes(damaged[what])
        if rules is PLAIN:
            load(store, [], PLAIN)
        else:
            publish(root, [bill("2026-09", 0, BilledCost="7")])
        assert held(root) == made_anew(root, rules)
        assert not list((root / "cubes").glob(".*"))

    @few(6)
    @given(place=st.floats(0, 1), length=st.sampled_from([1, 64, 9000]))
    def test_bytes_that_changed_never_change_the_cube(self, sound, place, length):
        with fresh_folder() as folder:
            root = Path(shutil.copytree(sound, folder / "store"))
            store = Store(root)
            path = store.cube_path(store.current().generation)
            with path.open("r+b") as file:
                at = int(place * (path.stat().st_size - 1))
                file.seek(at)
                old = file.read(length)
                file.seek(at)
                file.write(bytes(255 - byte for byte in old))
            publish(root, [bill("2026-09", 0, BilledCost="7")])
            assert held(root)["cube"] == made_anew(root)["cube"]

    @pytest.mark.parametrize(
        "change",
        ["UPDATE direct_days SET BilledCost = 2 * BilledCost", "DELETE FROM direct_days", "DELETE FROM direct_texts",
         "UPDATE figures SET ListCost = 3", "DELETE FROM meanings", "DROP TABLE figures CASCADE",
         "COMMENT ON TABLE direct_days IS NULL"],
    )  # fmt: skip
    def test_a_file_that_holds_something_else_is_passed_over(self, root, change):
        store = Store(root)
        with duckdb.connect(str(store.cube_path(store.current().generation))) as connection:
            connection.execute(change)
        publish(root, [bill("2026-09", 0, BilledCost="7")])
        assert held(root) == made_anew(root)

    def test_what_is_wrong_in_both_ways_is_refused(self, root, monkeypatch):
        before = Store(root).current()

        def refuse(*_: object) -> None:
            raise TieOutError("no", expected="yes", fix="none")

        monkeypatch.setattr(cube_file, "_check", refuse)
        with pytest.raises(TieOutError, match="no"):
            publish(root, [bill("2026-09", 0, BilledCost="7")])
        assert Store(root).current() == before
        assert not list((root / "cubes").glob(".*"))

    def test_the_last_file_is_left_as_it_is(self, root):
        store = Store(root)
        path = store.cube_path(store.current().generation)
        before = (path.read_bytes(), path.stat().st_mtime_ns)
        publish(root, [bill("2026-09", 0, BilledCost="7")])
        assert (path.read_bytes(), path.stat().st_mtime_ns) == before
