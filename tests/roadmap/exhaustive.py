"""Every choice of a small plan, tried: an independent reading of the method, with nothing of the optimiser in it.

Success of all initiatives is enumerated together, sizes enter by their means, delays are whole and certain, there is
one growth-free segment list. Money is discounted month by month.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def random_plan(seed: int) -> dict[str, Any]:
    """Three or four initiatives, four or five months, three segments; limits and links at random."""
    chance = np.random.default_rng(seed)
    months, count = int(chance.integers(4, 6)), int(chance.integers(3, 5))
    initiatives = [_initiative(number, chance) for number in range(count)]
    if chance.random() < 0.5:
        initiatives[-1]["depends_on"] = ["i0"]
    if chance.random() < 0.4 and not initiatives[1].get("depends_on"):
        initiatives[0]["alternative_group"] = initiatives[1]["alternative_group"] = "g"
    return {
        "plan": {"start": "2026-02", "months": months, "discount_rate": 0.15, "paths": 10},
        "capacity": {"ml": float(chance.integers(2, 6)), "ops": float(chance.integers(2, 7))},
        "budget": {"one_off": float(chance.integers(60, 300)), "one_off_per_quarter": float(chance.integers(60, 200))},
        "initiatives": initiatives,
        "baseline": [
            {"segment": {"x_Team": team}, "monthly": chance.uniform(20, 300, months).round(2).tolist()}
            for team in "ABC"
        ],
    }


def dear_plan(seed: int) -> dict[str, Any]:
    """A random plan whose money is in thousands, so that limits of money bind and 10,000 more may buy something."""
    held = random_plan(seed)
    for one in held["baseline"]:
        one["monthly"] = [100 * amount for amount in one["monthly"]]
    for one in held["initiatives"]:
        one["one_off_cost"] *= 100
        one["running_cost"] *= 100
    held["budget"] = {name: 50 * most for name, most in held["budget"].items()}
    return held


def _initiative(number: int, chance: np.random.Generator) -> dict[str, Any]:
    low, likely, high = sorted(chance.uniform(0.05, 0.8, 3).round(3).tolist())
    scope = [{}, {"x_Team": ["A"]}, {"x_Team": ["B", "C"]}, {"x_Team": ["A", "B"]}][int(chance.integers(4))]
    return {
        "id": f"i{number}",
        "scope": scope,
        "saving": {"low": low, "likely": likely, "high": high},
        "probability": round(float(chance.uniform(0.4, 1)), 2),
        "ramp_months": int(chance.integers(0, 3)),
        "delay_months": int(chance.random() < 0.3),
        "one_off_cost": float(chance.integers(10, 150)),
        "running_cost": float(chance.integers(0, 12)),
        "effort": {"ml": float(chance.integers(0, 6)), "ops": float(chance.integers(0, 5))},
    }


def best_npv(held: dict[str, Any]) -> float:
    """The highest expected NPV of any choice that keeps within every limit."""
    return max(npv(held, starts) for starts in feasible(held))


def feasible(held: dict[str, Any]) -> Iterator[tuple[int, ...]]:
    """Every choice that keeps within every limit."""
    options = range(-1, held["plan"]["months"])
    every = itertools.product(options, repeat=len(held["initiatives"]))
    return (starts for starts in every if allowed(held, starts))


def allowed(held: dict[str, Any], starts: tuple[int, ...]) -> bool:
    """Whether a choice (-1: not done) keeps within people, budgets, dependencies and alternatives."""
    months, initiatives = held["plan"]["months"], held["initiatives"]
    place = {one["id"]: at for at, one in enumerate(initiatives)}
    people = {role: [0.0] * (months + 3) for role in held["capacity"]}
    quarters: dict[int, float] = {}
    groups = []
    for one, start in zip(initiatives, starts, strict=True):
        if start < 0:
            continue
        for before in one.get("depends_on", []):
            other, begun = initiatives[place[before]], starts[place[before]]
            if begun < 0 or start < begun + other["delay_months"] + other["ramp_months"] + 1:
                return False
        length = max(1, one["ramp_months"])
        for role, weeks in one["effort"].items():
            for month in range(start, start + length):
                people[role][month] += weeks / length
        if start + one["delay_months"] < months:
            quarter = (start + one["delay_months"] + 1) // 3
            quarters[quarter] = quarters.get(quarter, 0.0) + one["one_off_cost"]
        groups += [one["alternative_group"]] if one.get("alternative_group") else []
    whole = sum(one["one_off_cost"] for one, start in zip(initiatives, starts, strict=True) if start >= 0)
    return (
        len(groups) == len(set(groups))
        and all(max(used[:months]) <= held["capacity"][role] + 1e-9 for role, used in people.items())
        and whole <= held["budget"]["one_off"] + 1e-9
        and all(cost <= held["budget"]["one_off_per_quarter"] + 1e-9 for cost in quarters.values())
    )


def npv(held: dict[str, Any], starts: tuple[int, ...]) -> float:
    """Expected NPV of a choice."""
    months = held["plan"]["months"]
    discount = (1 + held["plan"]["discount_rate"]) ** (-np.arange(months) / 12)
    return float(sum(likelihood * (discount @ (saved - paid)) for likelihood, saved, paid in fates(held, starts)))


def fates(held: dict[str, Any], starts: tuple[int, ...]) -> Iterator[tuple[float, Floats, Floats]]:
    """Every joint success and failure of a choice: its probability, what it saves and what it costs, by month."""
    months, initiatives = held["plan"]["months"], held["initiatives"]
    spend = {one["segment"]["x_Team"]: np.array(one["monthly"]) for one in held["baseline"]}
    done = [at for at, start in enumerate(starts) if start >= 0]
    place = {one["id"]: at for at, one in enumerate(initiatives)}
    for fate in itertools.product([True, False], repeat=len(done)):
        success = dict(zip(done, fate, strict=True))
        chances = {at: initiatives[at]["probability"] for at in done}
        likelihood = np.prod([chances[at] if won else 1 - chances[at] for at, won in success.items()])
        left = {team: np.ones(months) for team in spend}
        paid = np.zeros(months)
        for at in done:
            one, begin = initiatives[at], starts[at] + initiatives[at]["delay_months"]
            if not all(success[place[before]] for before in one.get("depends_on", [])):
                continue
            paid[begin:] += one["running_cost"]
            paid[begin : begin + 1] += one["one_off_cost"]
            if success[at]:
                estimate = one["saving"]
                mean = (estimate["low"] + 4 * estimate["likely"] + estimate["high"]) / 6
                ramp = np.clip((np.arange(months) - begin + 1) / (one["ramp_months"] + 1), 0, 1)
                for team in one["scope"].get("x_Team", list(spend)):
                    left[team] = left[team] * (1 - mean * ramp)
        saved = sum((spend[team] * (1 - left[team]) for team in spend), np.zeros(months))
        yield float(likelihood), saved, paid


def without(held: dict[str, Any], name: str) -> Iterator[tuple[int, ...]]:
    """Every choice within the limits that leaves an initiative out."""
    at = [one["id"] for one in held["initiatives"]].index(name)
    return (starts for starts in feasible(held) if starts[at] < 0)
