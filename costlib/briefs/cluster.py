"""A shared cluster in a document: who reserved it, who used it, who caused its spikes, and what nobody reserved.

Conventions: effective cost over a few closed months, by what was reserved; by use is the same rate for the hours really
used. A spike is a day that needed more machines than the day before; it is put to the team that added most to the peak.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from costlib import money
from costlib.briefs.figure_book import FigureBook
from costlib.briefs.plan_figures import MEASURE, Setting
from costlib.charts.spec import Bar, Caption, RankedBars
from costlib.documents.model import Basis, Bullets, Paragraph, Sentence, Table, Text
from costlib.periods import Window, window_name
from costlib.wording import listed

#: Teams with a bar and a row of their own.
MOST_TEAMS = 8


@dataclass(frozen=True)
class Share:
    """One team's part of the pool; ``by_use`` and ``unused`` are None where use is unknown, ``spikes`` where hours are.

    ``swing`` is how much its charge depends on the rule by which the pool is split, of the rules that are known.
    """

    team: str
    cost: Decimal
    by_use: Decimal | None
    unused: Decimal | None
    spikes: int | None
    swing: Decimal


@dataclass(frozen=True)
class Agreed:
    """What two teams signed about the pool: how it is split, who bears what is idle, what both watch, from when."""

    driver: str
    idle: str
    kpi: str
    start: date
    leads: tuple[tuple[str, str], ...]
    """Team and who signed for it."""


@dataclass(frozen=True)
class Cluster:
    """A pool over a window; shares are largest first, ``idle`` is what nobody reserved.

    ``spikes`` are days in sum, None where no hours are known.
    """

    name: str
    window: Window
    shares: tuple[Share, ...]
    idle: Decimal
    cost: Decimal
    spikes: int | None
    agreed: Agreed | None = None


def put_cluster(book: FigureBook, found: Cluster) -> None:
    """Put down the figures of the pool."""
    span = window_name(found.window)
    said = f"{found.name}, {span}"
    book.words("cluster.name", found.name, "shared pool with the largest cost", Basis.BILL)
    book.words("cluster.span", span, "closed months that are looked at", Basis.BILL)
    book.amount("cluster.cost", found.cost, f"{said}, {MEASURE}", Basis.BILL)
    book.amount("cluster.idle", found.idle, f"{said}: capacity that nobody reserved, {MEASURE}", Basis.BILL)
    book.percent("cluster.idle.share", money.ratio(found.idle, found.cost), f"share of idle in {said}", Basis.BILL)
    book.number("cluster.spikes", found.spikes, f"days on which {said} needed more machines than before", Basis.BILL)
    for at, one in enumerate(found.shares, start=1):
        key, team = f"cluster.{at}", f"{one.team} on {said}"
        book.words(f"{key}.team", one.team, f"team number {at} by hours reserved, {said}", Basis.BILL)
        book.amount(f"{key}.cost", one.cost, f"{team}: cost by hours reserved", Basis.BILL)
        book.amount(f"{key}.used", one.by_use, f"{team}: cost of the hours used", Basis.BILL)
        book.amount(f"{key}.unused", one.unused, f"{team}: cost of hours reserved and not used", Basis.BILL)
        book.number(f"{key}.spikes", one.spikes, f"{team}: spike days put to it", Basis.BILL)
        book.amount(f"{key}.swing", one.swing, f"{team}: largest less smallest charge of the known rules", Basis.BILL)
    if others := _named(found)[1]:
        _put_others(book, others, f"{_together(others)} on {said}")


def _put_others(book: FigureBook, others: Sequence[Share], said: str) -> None:
    """What the teams without a row of their own come to; unknown where it is of any of them."""
    cost = money.exact_sum(one.cost for one in others)
    used, unused = _whole(one.by_use for one in others), _whole(one.unused for one in others)
    spikes = _whole(None if one.spikes is None else Decimal(one.spikes) for one in others)
    book.amount("cluster.others.cost", cost, f"{said}: cost by hours reserved", Basis.BILL)
    book.amount("cluster.others.used", used, f"{said}: cost of the hours used", Basis.BILL)
    book.amount("cluster.others.unused", unused, f"{said}: cost of hours reserved and not used", Basis.BILL)
    book.number("cluster.others.spikes", spikes, f"{said}: spike days put to them", Basis.BILL)


def _whole(amounts: Iterable[Decimal | None]) -> Decimal | None:
    """The sum of the amounts; None where any of them is unknown."""
    found = list(amounts)
    return None if None in found else money.exact_sum(found)


def _named(found: Cluster) -> tuple[Sequence[Share], Sequence[Share]]:
    """The teams with a bar and a row of their own, and those that share one; never one alone."""
    most = MOST_TEAMS if len(found.shares) > MOST_TEAMS + 1 else len(found.shares)
    return found.shares[:most], found.shares[most:]


def _together(others: Sequence[Share]) -> str:
    return f"{len(others)} other teams"


def cluster_title(book: FigureBook, found: Cluster) -> Sentence:
    """Who causes the cost: the largest part, be it a team or nobody."""
    if not found.shares or found.idle > found.shares[0].cost:
        text = "{cluster.idle.share} of {cluster.name} is capacity that nobody reserved: {cluster.idle}"
        return book.say("cluster-title", text)
    text = "{cluster.1.team} causes most of {cluster.name}: {cluster.1.cost} of {cluster.cost}"
    most = found.shares[0].cost * 2 > found.cost
    return book.say("cluster-title", text if most else text.replace("causes most of", "is the largest user of"))


def cluster_chart(found: Cluster, setting: Setting) -> RankedBars:
    """The pool's cost by who reserved it, nobody included."""
    named, others = _named(found)
    bars = [Bar(one.team, money.cents(one.cost)) for one in named]
    together = money.cents(money.exact_sum(one.cost for one in others))
    bars += [Bar(_together(others), together, other=True)] if others else []
    bars += [Bar("Nobody (idle)", money.cents(found.idle))] if found.idle else []
    known = money.exact_sum((found.idle, *(one.cost for one in found.shares)))
    rest = money.cents(money.exact_sum((found.cost, -known)))
    bars += [Bar("Not known whose", rest, other=not others)] if rest > 0 else []
    span = window_name(found.window)
    caption = Caption(
        f"Who reserved {found.name}",
        f"cost by hours reserved, {span}, {MEASURE}, {setting.currency}",
        f"{setting.company}, {setting.standing}",
    )
    return RankedBars(caption, setting.currency, tuple(bars), amount_name=span, dimension="Team")


def cluster_table(book: FigureBook, found: Cluster) -> Table:
    """Reserved, used, not used and spikes by team; of many teams the smaller ones in one row."""
    named, others = _named(found)
    columns = ("cost", "used", "unused", "spikes")
    rows: list[tuple[Text, ...]] = [
        (one.team, *(book.figures[f"cluster.{at}.{name}"] for name in (*columns, "swing")))
        for at, one in enumerate(named, start=1)
    ]
    if others:
        rows.append((_together(others), *(book.figures[f"cluster.others.{name}"] for name in columns), "–"))
    header = ("Team", "Reserved", "Used", "Not used", "Spike days", "Depends on rule")
    return Table("By team", header, tuple(rows), (False, True, True, True, True, True))


def cluster_words(book: FigureBook, found: Cluster) -> Paragraph:
    """What settles the quarrel, in two sentences."""
    said: list[Text] = []
    if words := _spike_words(found):
        said.append(book.say("cluster-spikes", words))
    idle = "{cluster.idle} was reserved by nobody: a matter of the cluster, of no team."
    said.append(book.say("cluster-idle", idle if found.idle else "No capacity was left that nobody reserved."))
    return Paragraph(tuple(said))


def _spike_words(found: Cluster) -> str:
    """Who added most to the peak on most of the days with a spike, all of them where several did; '' without one."""
    if found.spikes is None:
        return "Its usage is not known by the hour: spikes are unknown, and so is what rules by the hour would charge."
    most = max((one.spikes or 0 for one in found.shares), default=0)
    if not most:
        return ""
    places = [at for at, one in enumerate(found.shares, start=1) if one.spikes == most]
    teams = listed([f"{{cluster.{at}.team}}" for at in places])
    if found.spikes == 1:
        return f"On the one day with a spike {teams} added most to the peak."
    days = f"{{cluster.{places[0]}.spikes}} of {{cluster.spikes}} days with a spike"
    if len(places) == 1:
        return f"On {days} {teams} added most to the peak."
    return f"{teams} each added most to the peak on {days}."


def cluster_agreement(book: FigureBook, found: Cluster) -> Bullets:
    """What the teams agreed on the pool; without an agreement, that there is none yet."""
    agreed = found.agreed
    if agreed is None:
        return Bullets("Agreement", ("None is signed yet: the Disputes page holds the figures for one.",))
    start = book.words("cluster.agreed", f"{agreed.start:%-d %b %Y}", "first day of the agreement", Basis.RECORD)
    signed = " and ".join(f"{who} ({team})" for team, who in agreed.leads)
    return Bullets(
        "Agreement",
        (
            book.say("cluster-agreed", f"From {{{start.id}}} the pool is split by {agreed.driver}."),
            f"Idle capacity: {agreed.idle}.",
            f"Both watch: {agreed.kpi}.",
            f"Signed by {signed}.",
        ),
    )
