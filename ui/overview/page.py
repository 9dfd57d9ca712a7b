"""What the Overview shows: its questions to the cube, put into the words and charts of ``briefs``."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from costlib import money
from costlib.analysis import trend, windows
from costlib.analysis.trend import Amount, Change, Series
from costlib.analysis.windows import Compared
from costlib.briefs import exhibits
from costlib.briefs.exhibits import Timeline, segment_name
from costlib.briefs.words import findings
from costlib.briefs.words.allocation import without_team_words
from costlib.focus import COST_KIND, label
from costlib.periods import Grain, Window, day_name, meets, next_period, period_name, period_starts, window_name
from costlib.store.question import Filter
from ui.anomalies.found import Anomalies
from ui.cards import Card
from ui.exhibit import Exhibit
from ui.overview.days import Days
from ui.selection import Selection

MONTHS_SHOWN = 12
DAYS_SHOWN = 91
MOVERS_SHOWN = 8
#: The dimension that the page is split by.
TEAM = "x_Team"


class Overview:
    """The figures of one run of the page, under one selection."""

    def __init__(self, selection: Selection) -> None:
        self.selection = selection
        self.data, self.missing = selection.page.window, selection.page.missing
        self.days = Days(selection)
        self.fiscal_start = selection.page.settings.fiscal_year_start

    def finding(self) -> str:
        """The answer on top of the page: the last full month against the one before, else all there is."""
        compared = windows.last_full_month(self.data, self.selection.page.incomplete) or Compared(self.data, None)
        return findings.spend_finding(
            self.selection.scope,
            self.selection.currency,
            self._change(compared),
            findings.when(compared.now),
            findings.when(compared.before) if compared.before else "",
            self.movers(compared),
            TEAM,
        )

    def cards(self) -> list[Card]:
        """Last full month, month to date, run rate, and how much of it has a team."""
        found = [self._month_card(), self._to_date_card(), self._run_rate_card(), self._allocated_card()]
        return [card for card in found if card is not None]

    def by_month(self) -> Exhibit:
        """Spend by month and team."""
        window, timeline, series = self.months()
        title = self._growth(series, timeline)
        what = f"{self.selection.scope} by month"
        drawn = series or [self._nothing(timeline)]
        chart = exhibits.stacked(title, what, self.selection.basis, timeline, window, drawn, TEAM)
        return Exhibit(chart, self.selection, TEAM)

    def months(self) -> tuple[Window, Timeline, list[Series]]:
        """The months that are shown, and what each team cost in them."""
        window = Window(windows.earliest(self.data, MONTHS_SHOWN - 1), self.data.end)
        timeline = self._timeline(window, Grain.MONTH)
        return window, timeline, self._series(window, timeline)

    def _growth(self, series: Sequence[Series], timeline: Timeline) -> str:
        parts = [(one.name, one.total) for one in series]
        full = [index for index, start in enumerate(timeline.starts) if self._is_full_month(start)]
        if len(full) < 2 or not series:
            return findings.share_finding(parts, self.selection.currency, TEAM)
        totals, ends = trend.added(series).values, (full[0], full[-1])
        months = tuple(period_name(timeline.starts[index], Grain.MONTH) for index in ends)
        amounts = tuple(totals[index] for index in ends)
        return findings.growth_finding(
            self.selection.scope,
            self.selection.currency,
            (months[0], months[1]),
            (amounts[0], amounts[1]),
            parts,
            TEAM,
        )

    def _is_full_month(self, start: date) -> bool:
        is_billed = start not in self.selection.page.incomplete
        return is_billed and self.data.start <= start and next_period(start, Grain.MONTH) <= self.data.end

    def by_day(self) -> Exhibit:
        """Spend by day over the last quarter of a year."""
        window = self.recent
        timeline = self._timeline(window, Grain.DAY)
        usage = self.selection.narrowed(Filter("ChargeCategory", ("Usage",)))
        figures = [(None, row.period, row.amount) for row in usage.ask((), window, Grain.DAY)]
        series = trend.pivot(figures, timeline.starts, self._unknown(timeline))
        title = f"No charge for usage is in the bills {self.recent_words}"
        if series:
            title = findings.peak_finding(timeline.starts, series[0].values, self.selection.currency)
        named = [Series(self.selection.scope, one.values) for one in series] or [self._nothing(timeline)]
        what = f"{self.selection.scope} by day, usage charges only"
        return Exhibit(exhibits.lines(title, what, usage.basis, timeline, window, named, "x_Scope"), usage)

    def _nothing(self, timeline: Timeline) -> Series:
        """What a chart shows where nothing was spent."""
        return Series(self.selection.scope, (Decimal(0),) * len(timeline.starts))

    @property
    def recent(self) -> Window:
        """The days that the page shows one by one: the last quarter of a year, or all there are."""
        return Window(max(self.data.start, date.fromordinal(self.data.end.toordinal() - DAYS_SHOWN)), self.data.end)

    @property
    def recent_words(self) -> str:
        """The recent days as they stand in a sentence."""
        return f"in the last {self.recent.days} days"

    def anomalies(self) -> Anomalies:
        """What was unusual in the recent days."""
        return Anomalies(self.selection, TEAM, self.recent)

    def movers(self, compared: Compared | None) -> list[Change]:
        """What each team cost in both windows, largest change first; empty without both."""
        if compared is None or compared.before is None:
            return []
        before, now = (self._figures(window) for window in (compared.before, compared.now))
        return trend.changes(before, now)

    def movers_table(self) -> tuple[str, list[str], list[list[str]]] | None:
        """Caption, header and rows of what changed over four weeks (or a month of days); None where data are short."""
        compared = self.days.last
        found = self.movers(compared)
        if compared is None or compared.before is None or not found:
            return None
        currency = self.selection.currency
        caption = (
            f"{self.selection.basis.subtitle(f'Last {compared.now.days} days', compared.now)}, "
            f"against {window_name(compared.before)}"
        )
        lengths = f"{compared.before.days} days before", f"Last {compared.now.days} days"
        header = [label(TEAM), *lengths, "Change", "Change %"]
        shown = found if len(found) <= MOVERS_SHOWN + 1 else found[:MOVERS_SHOWN]
        rows = [_mover_row(segment_name(TEAM, one.name), one, currency) for one in shown]
        if rest := found[len(shown) :]:
            rows.append(_mover_row(f"{len(rest)} other {label(TEAM).lower()}s", added(rest), currency))
        return caption, header, [*rows, _mover_row("All", added(found), currency)]

    def why_no_movers(self) -> str:
        """What to say where the table of what changed has no rows."""
        compared = self.days.last
        if compared is not None and compared.is_missing:
            days = money.counted(compared.now.days, "day")
            return f"Costs of {days} are compared with those of {days} before once all their bills are loaded."
        if compared is None or compared.before is None:
            return "Bills of two full windows of 28 days are needed to say what moved."
        return f"Nothing was spent from {window_name(Window(compared.before.start, compared.now.end))}."

    def movers_finding(self) -> str:
        """Who added and who saved most over the last four weeks."""
        compared = self.days.last
        movers = self.movers(compared)
        if compared is not None and compared.is_missing:
            return "What changed is not known: a bill is missing"
        if compared is not None and compared.before is not None and not movers:
            return "Nothing was spent, so nothing changed"
        return findings.movers_finding(movers, self.selection.currency, TEAM)

    def _month_card(self) -> Card | None:
        compared = windows.last_full_month(self.data, self.selection.page.incomplete)
        if compared is None:
            return None
        change = self._change(compared)
        course = self._course(Window(windows.earliest(self.data, MONTHS_SHOWN), compared.now.end), Grain.MONTH)
        help_text = "The last month that the bills cover to its end."
        return self._card(window_name(compared.now), change, compared, help_text, course)

    def _to_date_card(self) -> Card:
        compared = self.days.month_to_date
        label_text = f"Month to date, to {day_name(compared.now.last)}"
        help_text = "The running month so far, against the same days of the month before. Bills of it may still change."
        course = self._course(compared.now, Grain.DAY)
        return self._card(label_text, self._change(compared), compared, help_text, course)

    def _run_rate_card(self) -> Card | None:
        compared = self.days.last
        if compared is None:
            return None
        change = self._change(compared)
        days = compared.now.days
        yearly = Change(None, self._a_year(change.before, days), self._a_year(change.after, days))
        help_text = f"Spend of the last {days} days, {self._times(days)}: what a year costs at this pace."
        course = self._course(compared.now, Grain.DAY)
        until = f" to {day_name(compared.now.last)}" if self.days.limits else ""
        return self._card(f"Run rate a year, {days} days{until}", yearly, compared, help_text, course)

    def _a_year(self, spend: Amount, days: int) -> Amount:
        return trend.month_rate(spend) if self.days.is_month else trend.run_rate(spend, days)

    def _times(self, days: int) -> str:
        """By what the spend of the last days is multiplied, and why."""
        if self.days.is_month:
            return "which hold each charge that comes once a month once, times 12"
        return f"times 365 over {days}"

    def _allocated_card(self) -> Card:
        compared = self.days.last or Compared(self.data, None)
        figures = self._figures(compared.now)
        share = trend.named_share(figures)
        months = Window(windows.earliest(self.data, MONTHS_SHOWN), self.data.end)
        course = trend.named_share_by_period(self._figures(months, Grain.MONTH))
        help_text = (
            f"Share of the spend of the last {compared.now.days} days that has a team. What has none is idle capacity "
            "of shared pools, and unallocated: no rule could give it to a team, and nothing is guessed. "
            "FinOps maturity: crawl 50%, walk 80%, run 90%."
        )
        apart = self._without_team(compared.now) if figures else "nothing was spent"
        told = money.UNKNOWN if share is None else findings.part_of(share)
        return Card(
            f"Allocated to a team, {money.counted(compared.now.days, 'day')}", told, None, apart, help_text, course
        )

    def _without_team(self, window: Window) -> str:
        """What of the spend has no team, by what it is."""
        kinds: dict[str, Amount] = {
            str(row.values[0]): row.amount
            for row in self.selection.narrowed(Filter(TEAM, (None,))).ask((COST_KIND,), window)
        }
        return without_team_words(kinds, self.selection.currency)

    def _card(
        self, label_text: str, change: Change, compared: Compared, help_text: str, course: Sequence[Amount]
    ) -> Card:
        nothing = "not compared: a bill is missing" if compared.is_missing else "nothing earlier to compare with"
        against = f"vs {window_name(compared.before)}" if compared.before else nothing
        return Card(label_text, money.short(change.after, self.selection.currency), change, against, help_text, course)

    def _change(self, compared: Compared) -> Change:
        before = self._total(compared.before) if compared.before else None
        return Change(None, before, self._total(compared.now))

    def _total(self, window: Window) -> Amount:
        """The sum over the window: unknown where a bill of it is missing; without a charge in it, it cost nothing."""
        if meets(window, self.missing):
            return None
        rows = self.selection.ask((), window)
        return money.total(row.amount for row in rows) if rows else Decimal(0)

    def _course(self, window: Window, grain: Grain) -> list[Amount]:
        return [row.amount for row in self.selection.ask((), window, grain)]

    def _figures(self, window: Window, grain: Grain = Grain.TOTAL) -> list[trend.Figure]:
        rows = self.selection.ask((TEAM,), window, grain)
        return [(row.values[0], row.period, row.amount) for row in rows]

    def _series(self, window: Window, timeline: Timeline) -> list[Series]:
        return trend.pivot(self._figures(window, timeline.grain), timeline.starts, self._unknown(timeline))

    def _unknown(self, timeline: Timeline) -> frozenset[date]:
        return windows.unknown_periods(timeline.starts, timeline.grain, self.fiscal_start, self.missing)

    def _timeline(self, window: Window, grain: Grain) -> Timeline:
        return Timeline(tuple(period_starts(window, grain, self.fiscal_start)), grain, self.fiscal_start)


def added(changes: Sequence[Change]) -> Change:
    """Several changes as one; unknown where one of them is, because a part would pass for a fall or a rise.

    >>> known, unknown = Change("a", Decimal(50), Decimal(60)), Change("b", Decimal(100), None)
    >>> added([known, known]).amount, added([known, unknown]).before, added([known, unknown]).amount
    (Decimal('20'), Decimal('150'), None)
    """
    return Change(None, _whole([one.before for one in changes]), _whole([one.after for one in changes]))


def _whole(amounts: Sequence[Amount]) -> Amount:
    return None if None in amounts else money.exact_sum(amounts)


def _mover_row(name: str, change: Change, currency: str) -> list[str]:
    before, after = money.short(change.before, currency), money.short(change.after, currency)
    return [name, before, after, money.signed(change.amount, currency), share_words(change)]


def share_words(change: Change) -> str:
    """A change in percent of what was before, or why it has none.

    >>> [share_words(Change("a", Decimal(before), Decimal(12))) for before in (10, 0, -10)]
    ['+20%', 'new', 'was a credit']
    """
    if change.before is not None and change.before < 0:
        return "was a credit"
    return "new" if change.before == 0 else money.percent(change.ratio, sign=True)
