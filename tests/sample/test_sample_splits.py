"""The shared cluster of the sample company, split by its own rules, against the truth about who reserved and used."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from costlib import sample
from costlib.attribution.read import read_dispute
from costlib.attribution.rule_file import read_rules
from costlib.focus import COST_KINDS, COST_MEASURES, DAY
from costlib.periods import Window
from costlib.store.question import Filter, Question
from costlib.workspace import Workspace
from tests.builders import write

SEPTEMBER = Window(date(2026, 9, 1), date(2026, 10, 1))


@pytest.fixture(scope="module")
def space(written, tmp_path_factory) -> Workspace:
    """September 2026 of the sample: its CUR 2.0 delivery and what OpenCost says."""
    folder = tmp_path_factory.mktemp("splits")
    (answers,) = sample.usage_exports(folder / "exports")
    (month,) = written.cur.glob("data/*2026-09*")
    write(folder / "store" / "rules.yaml", sample.RULES.read_text(encoding="utf-8"))
    space = Workspace(folder / "store")
    space.load([*sorted(month.glob("*.parquet")), *(answers / name for name in FILES)])
    return space


FILES = (Path("2026-09.json"), Path("hourly") / "2026-09.json")


def by_team(space, kind):
    filters = (Filter("x_Pool", ("ml-shared-gpu",)), Filter("x_CostKind", (kind,)))
    return {row.values[0]: row.amount for row in space.snapshot().reader.ask(Question(by=("x_Team",), filters=filters))}


def truth(column):
    found: dict[str, float] = {}
    for row in sample.cluster_answers().to_pylist():
        if SEPTEMBER.start <= row["day"] < SEPTEMBER.end:
            found[row["team"]] = found.get(row["team"], 0.0) + row[column]
    return found


class TestTruth:
    def test_what_each_team_reserved_to_the_cent(self, space):
        expected = truth("reserved_cost")
        assert float(by_team(space, "idle")[None]) == pytest.approx(expected.pop("idle capacity"), abs=0.01)
        assert {team: float(cost) for team, cost in by_team(space, "shared").items()} == pytest.approx(
            expected, abs=0.01
        )

    def test_what_each_team_used_to_the_dollar(self, space):
        rows = space.snapshot().reader.rows(
            "SELECT x_Team, SUM(x_CostByUse) FROM pool_days WHERE x_CostKind = 'shared' GROUP BY 1"
        )
        expected = truth("used_cost")
        expected.pop("idle capacity")
        assert {team: float(cost) for team, cost in rows} == pytest.approx(expected, abs=1)

    def test_who_was_above_quota_when_the_nodes_were_set(self, space):
        rules = read_rules(sample.RULES)
        reader = space.snapshot().reader
        found = read_dispute(reader, rules.shared[0], SEPTEMBER, rules.team_spellings, "USD")
        causes = {row["day"]: row for row in sample.peak_causes().to_pylist()}
        assert len(found.days) == SEPTEMBER.days
        for day in found.days:
            assert day.peak_hour == causes[day.day]["hour"]
            most = max(day.teams, key=lambda team: day.teams[team].above_quota)
            assert most == causes[day.day]["team"] == "Recommendations"
            assert all(sum(charges.values()) == day.cost for charges in day.charges.values())


class TestConservation:
    @pytest.mark.parametrize(
        "by", [(), (DAY,), ("SubAccountName",), ("ServiceName", DAY), ("ChargeCategory", "x_Scope")]
    )
    def test_the_four_kinds_make_the_bill(self, space, by):
        reader = space.snapshot().reader
        for measure in COST_MEASURES:
            names = ", ".join(f"CAST({name} AS VARCHAR)" for name in by) or "1"
            whole = reader.rows(f"SELECT {names}, SUM({measure}) FROM resource_days GROUP BY ALL")
            base = {row[:-1]: row[-1] for row in whole}
            kinds: dict[tuple[object, ...], Decimal | None] = {}
            for row in reader.rows(f"SELECT {names}, x_CostKind, SUM({measure}) FROM cube GROUP BY ALL"):
                assert row[-2] in COST_KINDS
                if row[-1] is not None:
                    kinds[row[:-2]] = (kinds.get(row[:-2]) or Decimal(0)) + row[-1]
                else:
                    kinds.setdefault(row[:-2], None)
            assert kinds == base
