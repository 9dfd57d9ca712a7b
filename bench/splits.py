"""Rules and splits beside the cube without any: the same base rows, the sample company's rules, a pool on its usage."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from costlib.attribution.rules import RuleSet


def load_usage(store: str) -> None:
    """Prepare: usage records of the shared cluster beside the bill."""
    from costlib import sample
    from costlib.workspace import Workspace

    Workspace(Path(store)).load(list(sample.usage_exports(Path(store).parent / "usage")))


def cube_without_rules(store: str) -> None:
    """Baseline: base rows summed to the cube, every dimension of ours unknown."""
    from costlib.attribution.rules import RuleSet

    _build(store, RuleSet(version=1, rules=[]))


def cube_with_rules(store: str) -> None:
    """The sample company's rules and the shipped ones, more than forty, no pool."""
    _build(store, _rules().model_copy(update={"shared": []}))


def cube_with_rules_and_splits(store: str) -> None:
    """The same rules, with the shared cluster split by GPU hours and all untagged AI cost by direct cost."""
    from costlib.attribution.pools import Pool

    direct = Pool.model_validate(
        {"name": "untagged AI", "match": {"x_Team": "", "x_Scope": "AI"}, "driver": "direct", "over": "day"}
    )
    rules = _rules()
    _build(store, rules.model_copy(update={"shared": [*rules.shared, direct]}))


def _rules() -> RuleSet:
    from costlib import sample
    from costlib.attribution.rule_file import read_rules

    return read_rules(sample.RULES)


def _build(store: str, rules: RuleSet) -> None:
    from costlib.store.cube_file import build
    from costlib.store.store import Store

    found = Store(Path(store))
    target = found.root / "bench" / f"{rules.digest}.duckdb"
    target.unlink(missing_ok=True)
    build(found.current(), found.root, rules, target)
