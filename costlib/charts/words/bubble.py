"""A portfolio in words: how much money by purpose, and the largest investments."""

from __future__ import annotations

from costlib import money
from costlib.charts.spec.bubble import Bubble, Bucket, Disc
from costlib.charts.words.parts import SPOKEN, Table, Words, cell, unknown_note


def words(chart: Bubble) -> Words:
    """The portfolio as text."""
    return Words(_table(chart), unknown_note([one.name for one in chart.unknown]), _said(chart))


def _table(chart: Bubble) -> Table:
    """One row per investment, in the order given."""
    header = (chart.dimension, "Purpose", chart.x.heading, chart.y.heading, chart.size.heading)
    rows: list[tuple[str, ...]] = [
        (one.name, str(one.bucket), cell(one.x), cell(one.y), cell(one.size)) for one in chart.investments
    ]
    return header, rows


def _said(chart: Bubble) -> str:
    count = len(chart.discs)
    many = f"{count} investments" if count > 1 else "One investment"
    sums = ", ".join(_bucket(chart, bucket) for bucket in chart.buckets)
    lead = "Largest: " if count > SPOKEN else ""
    told = "; ".join(_disc(chart, disc) for disc in chart.discs[:SPOKEN])
    return f"{many} by {chart.x.name} and {chart.y.name}; {chart.size.name}: {sums}. {lead}{told}."


def _bucket(chart: Bubble, bucket: Bucket) -> str:
    return f"{bucket} {chart.size.text(money.exact_sum(disc.size for disc in chart.discs if disc.bucket is bucket))}"


def _disc(chart: Bubble, disc: Disc) -> str:
    return f"{disc.name} {chart.size.text(disc.size)} ({chart.x.text(disc.x)}, {chart.y.text(disc.y)})"
