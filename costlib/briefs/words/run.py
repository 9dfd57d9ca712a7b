"""Words of runs: which experiment costs most, what failed runs cost, what a better model costs, and the check.

Words are an executive's: a run that ended without a result failed or was cancelled; where a cost comes from is said.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from costlib import money
from costlib.analysis.trend import Amount

HOW_HELP: Final = (
    "A run's cost is what the bill says of its machine or job. Where the bill does not name it, it is the dated list "
    "price of its machine times its time, and an estimate. A run with neither is of unknown cost and in no sum. "
    "Storage is what keeping its results cost in the same time, beside that: its share of the gigabytes in their "
    "bucket. At work is the part of their time in which the machines were used, by machine hours."
)
STAGE_NAMES: Final = {
    "real-time inference": "Serving, real time",
    "batch inference": "Serving, in batches",
    "idle": "Idle",
    "training": "Training outside of these runs",
    "experimentation": "Experiments outside of these runs",
    "data pipeline": "Data pipelines",
    "storage": "Storage",
    "MLOps overhead": "Platform",
}


def runs_finding(top: tuple[str, Decimal] | None, total: Decimal, wasted: Decimal, currency: str, period: str) -> str:
    """The dearest group of runs, such as an experiment, and what ended without a result.

    >>> runs_finding(("ranker", Decimal(600)), Decimal(1000), Decimal(150), "USD", "in Sep 2026")
    'Runs cost $1.00K in Sep 2026, 60% of it for ranker; $150 went into runs that failed or were cancelled'
    """
    if top is None or total <= 0:
        return f"What runs cost {period} is unknown: no bill and no price goes with them"
    share = money.percent(money.ratio(top[1], total))
    words = f"Runs cost {money.short(total, currency)} {period}, {share} of it for {top[0]}"
    if not wasted:
        return f"{words}; none of the money went into runs that failed or were cancelled"
    return f"{words}; {money.short(wasted, currency)} went into runs that failed or were cancelled"


def quality_finding(
    model: str, metric: str, best: tuple[str, Decimal, Decimal], frugal: tuple[str, Decimal, Decimal], currency: str
) -> str:
    """The best run against the cheapest on the front: name, cost, quality.

    >>> best, frugal = ("v9", Decimal(900), Decimal("0.941")), ("v2", Decimal(500), Decimal("0.92"))
    >>> quality_finding("scorer", "precision", best, frugal, "USD")
    'The best precision of scorer, 0.941, cost $900; 0.92 was had for $500'
    """
    words = f"The best {metric} of {model}, {money.exact(best[2])}, cost {money.short(best[1], currency)}"
    if best[0] == frugal[0]:
        return f"{words}, and no run was cheaper"
    return f"{words}; {money.exact(frugal[2])} was had for {money.short(frugal[1], currency)}"


def source_words(
    from_bill: tuple[int, Decimal], listed: tuple[int, Decimal], unknown: int, factor: Amount, currency: str
) -> str:
    """Where costs come from: runs and money from the bill, from list prices, and runs of unknown cost.

    >>> source_words((40, Decimal(900)), (2, Decimal(12)), 1, Decimal("1.257"), "USD")
    'From the bill: 40 runs, $900. From list prices, an estimate: 2 runs, $12.00. Unknown: 1 run. \
The bill charged 1.26 times the list price of the machines.'
    """
    parts = []
    if from_bill[0]:
        parts.append(f"From the bill: {_runs(from_bill[0])}, {money.short(from_bill[1], currency)}.")
    if listed[0]:
        parts.append(f"From list prices, an estimate: {_runs(listed[0])}, {money.short(listed[1], currency)}.")
    if unknown:
        parts.append(f"Unknown: {_runs(unknown)}.")
    if factor is not None:
        parts.append(f"The bill charged {factor:.2f} times the list price of the machines.")
    return " ".join(parts)


def kept_words(storage: Amount, spot: Amount, currency: str) -> str:
    """What keeping the results of the runs cost beside the runs themselves, and what managed spot training spared.

    >>> kept_words(Decimal(1200), None, "USD")
    'Keeping their results cost $1.20K more, at what the bill says of the buckets.'
    >>> kept_words(None, Decimal(300), "USD")
    'Managed spot training was charged $300 less than its whole time at list price.'
    >>> kept_words(None, None, "USD")
    ''
    """
    parts = []
    if storage is not None:
        parts.append(
            f"Keeping their results cost {money.short(storage, currency)} more, at what the bill says of the buckets."
        )
    if spot:
        less = money.short(spot, currency)
        parts.append(f"Managed spot training was charged {less} less than its whole time at list price.")
    return " ".join(parts)


def tie_words(total: Decimal, billed: Decimal, currency: str) -> str:
    """Whether runs, serving, idle and the rest add up to what the bill says of everything that has a model.

    >>> tie_words(Decimal("37.001"), Decimal("37.000"), "USD")
    'Runs, serving, idle and the rest add up to the $37.00 on the bill, to the cent.'
    >>> tie_words(Decimal("36.5"), Decimal(37), "USD")
    'Runs, serving, idle and the rest come to $36.50; the bill says $37.00.'
    """
    parts, bill = money.full(total, currency), money.full(billed, currency)
    if money.cents(total) == money.cents(billed):
        return f"Runs, serving, idle and the rest add up to the {bill} on the bill, to the cent."
    return f"Runs, serving, idle and the rest come to {parts}; the bill says {bill}."


def bill_rows(
    runs: Decimal, rest: Mapping[str | None, Decimal], total: Decimal, currency: str
) -> list[tuple[str, str]]:
    """The bill of everything that has a model: runs, then the rest by stage, then their sum.

    >>> bill_rows(Decimal(30), {"idle": Decimal(5), None: Decimal(2)}, Decimal(37), "USD")
    [('These runs', '$30.00'), ('Idle', '$5.00'), ('Stage unknown', '$2.00'), ('All resources with a model', '$37.00')]
    """
    ordered = sorted(rest.items(), key=lambda pair: -pair[1])
    named = [(STAGE_NAMES.get(stage or "", stage or "Stage unknown"), amount) for stage, amount in ordered]
    rows = [("These runs", runs), *named, ("All resources with a model", total)]
    return [(name, money.full(amount, currency)) for name, amount in rows]


def _runs(count: int) -> str:
    return "1 run" if count == 1 else f"{money.count(count)} runs"
