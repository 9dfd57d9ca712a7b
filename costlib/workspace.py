"""The one wiring place: a store, its rules and the generation that is current, for the command line and the pages."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from costlib import money
from costlib.attribution.rule_file import SHIPPED, read_rules, rules_of_text
from costlib.attribution.rules import RuleSet
from costlib.errors import EmptyStore, InputError, RateError, UnknownCurrency, did_you_mean
from costlib.focus import EFFECTIVE
from costlib.money import currency_codes
from costlib.periods import Window, month_start
from costlib.rates import Rates, rates_text, read_rates
from costlib.settings import read_settings
from costlib.sources import opencost, places
from costlib.sources.data_exports import pro_forma, refuse_mixing
from costlib.sources.discovery import Export, discover, split_usage
from costlib.sources.llm_fetch import counts_beside
from costlib.sources.web_address import written
from costlib.store.line_items import LineItems, line_items
from costlib.store.load import Loaded, load
from costlib.store.load_usage import UsageExport
from costlib.store.manifest import replace
from costlib.store.preview import Preview, preview
from costlib.store.question import Filter
from costlib.store.snapshot import Snapshot, snapshot_of, translated_snapshot
from costlib.store.store import Store

if TYPE_CHECKING:
    from costlib.outlook import PlanSpend
    from costlib.roadmap.plan_model import Plan
    from costlib.roadmap.spend import Actuals, Baseline
    from costlib.state.records import State

Progress = Callable[[str], None]
EXPORTS_FOLDER = "exports"
RULES_FILE = "rules.yaml"
RATES_FILE, LOCKED_RATES_FILE = "rates.yaml", "rates.locked.yaml"
STATE_FILE = "state.db"
#: Any of these makes a folder a store: something was loaded, planned or decided in it.
_MARKS = ("manifest.json", RULES_FILE, RATES_FILE, STATE_FILE, "metrics", "utilisation", "runs")

_states: dict[str, State] = {}
_states_lock = threading.Lock()


class Workspace:
    """Everything under one store folder."""

    def __init__(self, root: Path) -> None:
        self.store = Store(root, read_settings().kept_generations)

    @property
    def is_store(self) -> bool:
        """Whether the folder holds anything that Glidepath writes."""
        return any((self.store.root / name).exists() for name in _MARKS)

    def existing(self) -> Workspace:
        """This workspace, for who only reads; nothing is made.

        Raises ``EmptyStore`` where its folder is no store.
        """
        if not read_settings().state and not self.is_store:
            raise EmptyStore(
                f"There is no store at {self.store.root}",
                expected="a folder that `demo` or `load` wrote",
                fix="Check --store and GLIDEPATH_STORE, or start one: `python -m costlib demo` has a sample company, "
                "`python -m costlib load FILE` your bills.",
            )
        return self

    def rules(self) -> RuleSet:
        """The organisation's rules where it has its own, else the shipped ones."""
        return read_rules(self._own_rules if self._own_rules.exists() else SHIPPED)

    @property
    def _own_rules(self) -> Path:
        return self.store.root / RULES_FILE

    def load(
        self,
        where: Sequence[Path],
        *,
        source: str | None = None,
        kind: str | None = None,
        supersede: bool = False,
        progress: Progress = lambda message: None,
    ) -> list[Loaded]:
        """Load files and folders and publish the result in one step (see ``store.load``)."""
        where = [place for one in where for place in self._fetched(one, progress)]
        bills, records = split_usage(where)
        for group in (root for place in bills for root in pro_forma(place)):
            progress(f"{group.name}: what Billing Conductor shows a billing group, not the invoice; left out")
        usage = [UsageExport(source or opencost.TYPE, opencost.TYPE, tuple(records), opencost.read_files)]
        exports = discover(bills, name=source, kind=kind) if bills else ()
        state = self.store.manifest()
        refuse_mixing((export.name for export in exports), {part.source for part in state.parts} if state else set())
        done = load(
            self.store,
            exports,
            self.rules(),
            usage=usage if records else (),
            supersede=supersede,
            progress=progress,
        )
        self._load_counts(exports, progress)
        self._lock_rates(progress)
        return done

    def _load_counts(self, exports: Sequence[Export], progress: Progress) -> None:
        """Load the counts of use that a vendor's bill was fetched with."""
        for export in exports:
            for counts in (found for file in export.files if (found := counts_beside(file.path))):
                from costlib.metrics.business import load_metrics  # only such a bill pays for loading it

                load_metrics(self.store.root, counts, export.name, progress)

    def announced(self, where: Sequence[Path], *, source: str | None = None, kind: str | None = None) -> list[str]:
        """What ``load`` would fetch and read and what that costs, in lines to read; nothing is loaded."""
        lines, files = [], []
        for place in where:
            if places.is_remote(str(place)):
                lines += places.announced(str(place), self._exports, partial(self.month_to_date, place))
            else:
                files.append(place)
        bills, records = split_usage(files) if files else ([], [])
        for export in discover(bills, name=source, kind=kind) if bills else ():
            size = sum(file.path.stat().st_size for file in export.files) / 1e6
            label = f"{export.name} {export.partition}".strip()
            lines.append(f"{label}: {export.source.title}, {money.counted(len(export.files), 'file')}, {size:,.1f} MB")
        return lines + ([f"{money.counted(len(records), 'file')} of usage records"] if records else [])

    @property
    def _exports(self) -> Path:
        return self.store.root / EXPORTS_FOLDER

    def rates(self) -> Rates:
        """The currency rates of rates.yaml in the store, checked against those that are locked.

        Raises ``RateError``.
        """
        rates, locked = (read_rates(self.store.root / name) for name in (RATES_FILE, LOCKED_RATES_FILE))
        rates.check_locked(locked)
        return rates

    def _lock_rates(self, progress: Progress) -> None:
        """Lock the rates of closed months: those before the month of the last day of the bills.

        A file that cannot be used does not stop a load of bills: it is told, and refused where rates are needed.
        """
        state, place = self.store.manifest(), self.store.root / LOCKED_RATES_FILE
        if state is None or state.data_date is None:
            return
        try:
            locked = read_rates(place)
            closed = self.rates().closed(locked, month_start(state.data_date))
        except RateError as error:
            progress(f"Currency rates are not locked: {error}")
            return
        if closed != locked:
            replace(place, rates_text(closed))

    def _fetched(self, where: Path, progress: Progress) -> list[Path]:
        """The files of a place: itself, or what is fetched from where it lies."""
        if not places.is_remote(str(where)):
            return [where]
        return places.fetched(str(where), self._exports, progress, partial(self.month_to_date, where))

    def month_to_date(self, where: Path | str) -> Window:
        """From the first of the month to the last day of the bills.

        Raises ``InputError`` where no bill is loaded.
        """
        state = self.store.manifest()
        last = state.data_date if state else None
        if last is None:
            raise InputError(
                f"{written(where)} does not say which days to fetch, and no bill is loaded that would",
                expected="?from=2026-09-01&to=2026-10-01",
                fix="Add the days to the address.",
            )
        return Window(month_start(last), last + timedelta(days=1))

    def preview_rules(self, candidate: RuleSet) -> Preview:
        """What the candidate would change in the current bills (see ``store.preview``); nothing is written.

        Raises ``EmptyStore`` where nothing was loaded, and ``RuleError``.
        """
        state = self.store.current()
        return preview(state, self.store.root, self.rules(), candidate, candidate.rule_count)

    def save_rules(self, text: str, progress: Progress = lambda message: None) -> RuleSet:
        """Make the text the organisation's rules and publish the current bills with them.

        Raises ``RuleError`` and ``TieOutError``; everything then stays as it was.
        """
        candidate = rules_of_text(text, "The new rules")
        if self.store.manifest() is not None:
            load(self.store, [], candidate, progress=progress)
        self.store.root.mkdir(parents=True, exist_ok=True)
        replace(self._own_rules, text)
        return candidate

    def state(self) -> State:
        """The editable state of GLIDEPATH_STATE, else the one in the store; the same connections in one process."""
        from costlib.state.records import State  # only who plans pays for loading the database's library

        url = read_settings().state or f"sqlite:///{self.store.root / STATE_FILE}"
        with _states_lock:
            if url not in _states:
                _states[url] = State(url)
            return _states[url]

    def snapshot(self) -> Snapshot:
        """The current state, open for reading; the same reader until something new is published.

        Raises ``EmptyStore`` where nothing was loaded.
        """
        return snapshot_of(self.store, self.rules)

    def plan(self, name: str) -> tuple[Plan, int]:
        """The saved plan of that name and its version; raises InputError where there is none."""
        from costlib.state.plans import PlanStore

        saved = PlanStore(self.state()).read(name)
        return saved.plan, saved.version

    def worth(self, currency: str) -> tuple[str, float]:
        """In which currency amounts of this one are shown here, and by what they are multiplied: as they are."""
        return currency, 1.0

    @property
    def moment(self) -> str:
        """Names the bills as they are read here: what was worked out of them is kept under it."""
        return f"{self.store.root}:{self.store.current().generation}"

    def translated(self, currency: str) -> Workspace:
        """The same store with every amount in one currency, by ``rates.yaml``; raises ``UnknownCurrency``."""
        if currency not in currency_codes():
            raise UnknownCurrency(
                f"There is no currency {currency}",
                expected="an ISO 4217 code such as USD",
                fix=did_you_mean(currency, currency_codes()),
            )
        return _Translated(self.store.root, currency)

    def plan_spend(self, plan: Plan, today: date | None = None) -> PlanSpend:
        """The spend that a plan without a given baseline acts on (see ``outlook.plan_spend``)."""
        from costlib.outlook import plan_spend  # only who plans pays for loading the arithmetic

        return plan_spend(self.snapshot().reader, plan, today)

    def baseline(self, plan: Plan) -> tuple[Baseline, Actuals]:
        """The plan's own months and the booked ones, of ``plan_spend``."""
        found = self.plan_spend(plan)
        return found.baseline, found.actuals

    def line_items(
        self,
        snapshot: Snapshot,
        filters: Sequence[Filter],
        window: Window,
        currency: str,
        measure: str = EFFECTIVE,
        limit: int = 200,
    ) -> LineItems:
        """The line items behind a figure (see ``store.line_items``)."""
        return line_items(snapshot.state, snapshot.reader, self.rules(), filters, window, currency, measure, limit)


class _Translated(Workspace):
    """A workspace in one currency: bills by the rate of each billing month, all else by that of the newest."""

    def __init__(self, root: Path, currency: str) -> None:
        super().__init__(root)
        self._currency = currency

    def snapshot(self) -> Snapshot:
        return translated_snapshot(self.store, self.rules, self.rates(), self._currency)

    @property
    def moment(self) -> str:
        return f"{super().moment}:{self._currency}:{hash(self.rates())}"

    def plan(self, name: str) -> tuple[Plan, int]:
        from costlib.roadmap.plan_currency import in_currency

        plan, version = super().plan(name)
        return in_currency(plan, *self.worth(plan.plan.currency)), version

    def worth(self, currency: str) -> tuple[str, float]:
        """Raises ``RateError`` where the newest billing month has no rate."""
        last = self.store.current().data_date
        if last is None or currency == self._currency:
            return self._currency, 1.0
        return self._currency, float(self.rates().rate(month_start(last), currency, self._currency).rate)
