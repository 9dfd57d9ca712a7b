"""The one wiring place: a store, its rules and the generation that is current, for the command line and the pages."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from costlib import sample
from costlib.attribution.rules import SHIPPED, RuleSet, read_rules, rules_of_text
from costlib.errors import InputError, RateError, StoreError, UnknownCurrency, did_you_mean
from costlib.focus import EFFECTIVE
from costlib.metrics.business import load_metrics
from costlib.metrics.utilisation.places import load_utilisation
from costlib.money import currency_codes
from costlib.periods import Window, month_start
from costlib.rates import Rates, rates_text, read_rates
from costlib.runs.book import load_runs
from costlib.sample import startup
from costlib.sample.plans import LAUNCHES, PAST, PAST_PLAN, PAST_RECORD, PLANS
from costlib.settings import read_settings
from costlib.sources import opencost, opencost_http, places
from costlib.sources.data_exports import pro_forma, refuse_mixing
from costlib.sources.discovery import discover, split_usage
from costlib.sources.llm_fetch import counts_beside
from costlib.store.line_items import LineItems, line_items
from costlib.store.load import Loaded, load
from costlib.store.load_usage import UsageExport
from costlib.store.manifest import Manifest, replace, safe_name
from costlib.store.preview import Preview, preview
from costlib.store.query import Filter, Reader
from costlib.store.store import Store
from costlib.store.translated import TranslatedReader

if TYPE_CHECKING:
    from costlib.outlook import PlanSpend
    from costlib.roadmap.plan_model import Plan
    from costlib.roadmap.spend import Actuals, Baseline
    from costlib.state.records import State

Progress = Callable[[str], None]
SAMPLE_FOLDER, STARTUP_FOLDER = "exports/sample", "exports/sample-startup"
SAMPLE_BUDGET, SAMPLE_BUDGET_LOCKED = "FY26", date(2025, 12, 15)
FETCHED_FOLDER = "exports/opencost"
EXPORTS_FOLDER = "exports"
RATES_FILE, LOCKED_RATES_FILE = "rates.yaml", "rates.locked.yaml"
STATE_FILE = "state.db"


@dataclass(frozen=True)
class Snapshot:
    """One published state and its open cube: what every figure of a page or slide comes from."""

    state: Manifest
    reader: Reader


class Workspace:
    """Everything under one store folder."""

    def __init__(self, root: Path) -> None:
        self.store = Store(root, read_settings().kept_generations)

    def rules(self) -> RuleSet:
        """The organisation's rules where it has its own, else the shipped ones."""
        return read_rules(self._own_rules if self._own_rules.exists() else SHIPPED)

    @property
    def _own_rules(self) -> Path:
        return self.store.root / "rules.yaml"

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
        for export in exports:
            for counts in (found for file in export.files if (found := counts_beside(file.path))):
                load_metrics(self.store.root, counts, export.name, progress)
        self._lock_rates(progress)
        return done

    def announced(self, where: Sequence[Path], *, source: str | None = None, kind: str | None = None) -> list[str]:
        """What ``load`` would fetch and read and what that costs, in lines to read; nothing is loaded."""
        lines, files = [], []
        for place in where:
            if places.is_remote(str(place)):
                lines += places.announced(str(place), self._exports, partial(self.month_to_date, place))
            elif opencost_http.is_address(str(place)):
                lines.append(f"{opencost_http.address(str(place)).host} would be asked for allocations, day by day")
            else:
                files.append(place)
        bills, records = split_usage(files) if files else ([], [])
        for export in discover(bills, name=source, kind=kind) if bills else ():
            size = sum(file.path.stat().st_size for file in export.files) / 1e6
            label = f"{export.name} {export.partition}".strip()
            lines.append(f"{label}: {export.source.title}, {len(export.files)} files, {size:,.1f} MB")
        return lines + ([f"{len(records)} files of usage records"] if records else [])

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
        """The files of a place: itself, or what is fetched from another place or the address of a cluster's cost tool.

        Days of the same months that were fetched before come along: a load replaces whole months.
        """
        if places.is_remote(str(where)):
            return places.fetched(str(where), self._exports, progress, partial(self.month_to_date, where))
        if not opencost_http.is_address(str(where)):
            return [where]
        place = opencost_http.address(str(where))
        window = place.window or self.month_to_date(where)
        folder = self.store.root / FETCHED_FOLDER / safe_name(place.host)
        folder.mkdir(parents=True, exist_ok=True)
        months = set()
        for day, content in opencost_http.pages(place.url, window):
            opencost.read_response(content.decode("utf-8", "replace"), f"{place.url} on {day}")
            (folder / f"{day}.json").write_bytes(content)
            months.add(f"{day:%Y-%m}")
            progress(f"{place.host}: {day}")
        return [path for path in sorted(folder.glob("*.json")) if path.name[:7] in months]

    def month_to_date(self, where: Path | str) -> Window:
        """From the first of the month to the last day of the bills.

        Raises ``InputError`` where no bill is loaded.
        """
        state = self.store.manifest()
        last = state.data_date if state else None
        if last is None:
            raise InputError(
                f"{where} does not say which days to fetch, and no bill is loaded that would",
                expected="?from=2026-09-01&to=2026-10-01",
                fix="Add the days to the address.",
            )
        return Window(month_start(last), last + timedelta(days=1))

    def apply_rules(self, progress: Progress = lambda message: None) -> Manifest:
        """Publish the current bills with the rules of today and return the state; no export is read.

        Raises ``EmptyStore`` where nothing was loaded, and ``RuleError``.
        """
        self.store.current()
        load(self.store, [], self.rules(), progress=progress)
        return self.store.current()

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

    def demo(self, progress: Progress = lambda message: None) -> list[Loaded]:
        """Write the sample company's exports under the store and load them.

        Raises ``StoreError`` where the store holds anything else.
        """
        folder = self._only(SAMPLE_FOLDER)
        exports = (*sample.write(folder, progress), *sample.usage_exports(folder, progress))
        if not self._own_rules.exists():
            replace(self._own_rules, sample.RULES.read_text(encoding="utf-8"))
        if not (self.store.root / RATES_FILE).exists():
            replace(self.store.root / RATES_FILE, sample.RATES.read_text(encoding="utf-8"))
        self._sample_plans()
        self._sample_budget(sample.BUDGET)
        self._sample_changes(sample.LAUNCH)
        self._sample_reviews()
        load_metrics(self.store.root, sample.volumes(folder, progress), progress=progress)
        load_utilisation(self.store.root, str(sample.endpoint_use(folder, progress)), progress=progress)
        load_runs(self.store.root, sample.training_runs(folder, progress), progress=progress)
        return self.load(exports, progress=progress)

    def demo_startup(self, progress: Progress = lambda message: None) -> list[Loaded]:
        """Write the sample start-up's bill under the store and load it, with its budget and planned controls.

        Raises ``StoreError`` where the store holds anything else.
        """
        export = startup.write(self._only(STARTUP_FOLDER), progress)
        if not self._own_rules.exists():
            replace(self._own_rules, sample.STARTUP_RULES.read_text(encoding="utf-8"))
        self._sample_budget(sample.STARTUP_BUDGET)
        self._sample_changes(sample.STARTUP_CONTROLS)
        return self.load([export], progress=progress)

    def _only(self, name: str) -> Path:
        """The folder of a sample's exports; refused where the store holds bills from elsewhere."""
        folder, state = self.store.root / name, self.store.manifest()
        if state and any(not Path(file.path).is_relative_to(folder) for part in state.parts for file in part.files):
            raise StoreError(
                f"{self.store.root} holds other bills than the sample company's",
                expected="an empty store for the sample company",
                fix="Choose another folder with --store.",
            )
        return folder

    def _sample_plans(self) -> None:
        """Save the sample's plans that are not saved yet; what somebody changed since stays."""
        from costlib.roadmap.plan_file import read_plan
        from costlib.state.past import read_past, save_past
        from costlib.state.plans import PlanStore

        plans = PlanStore(self.state())
        for name in sorted(PLANS.keys() - set(plans.names())):
            plans.create(name, read_plan(PLANS[name]), who="sample", why="plan of the sample company")
        if PAST not in plans.names():
            past = read_plan(PAST_PLAN), read_past(PAST_RECORD)
            save_past(self.state(), PAST, *past, who="sample", why="carried out by the sample company in 2026")

    def _sample_budget(self, file: Path) -> None:
        """Lock the sample's budget, once: one that somebody withdrew stays withdrawn."""
        from costlib.state.budget_file import read_budget
        from costlib.state.budgets import KIND, lock_budget

        state = self.state()
        if not state.history(KIND, SAMPLE_BUDGET):
            content = file.read_bytes()
            lock_budget(state, read_budget(content, SAMPLE_BUDGET, SAMPLE_BUDGET_LOCKED), "AI spend", who="sample")

    def _sample_changes(self, file: Path) -> None:
        """Plan what the sample plans on its forecast, once: what somebody removed stays removed."""
        from costlib.state.layers import KIND, read_changes, save_change

        state = self.state()
        for change in read_changes(file.read_bytes()):
            if not state.history(KIND, change.name):
                save_change(state, change, who="sample")

    def _sample_reviews(self) -> None:
        """Bring in the sample's launch reviews, each once: one that somebody withdrew stays withdrawn."""
        from costlib.state.launches import bring_in, read_launches

        bring_in(self.state(), read_launches(LAUNCHES), who="sample")

    def is_sample(self, state: Manifest) -> bool:
        """Whether any of the state's bills are a sample company's."""
        return self.sample_name(state) is not None

    def sample_name(self, state: Manifest) -> str | None:
        """The sample company whose bills the state holds; None where it holds none."""
        paths = [Path(file.path) for part in state.parts for file in part.files]
        for name, folder in ((sample.NAME, SAMPLE_FOLDER), (startup.NAME, STARTUP_FOLDER)):
            if any(path.is_relative_to(self.store.root / folder) for path in paths):
                return name
        return None

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
        state = self.store.current()
        return Snapshot(state, _reader(self, state))

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

    def plan_spend(self, plan: Plan) -> PlanSpend:
        """The spend that a plan without a given baseline acts on (see ``outlook.plan_spend``)."""
        from costlib.outlook import plan_spend  # only who plans pays for loading the arithmetic

        return plan_spend(self.snapshot().reader, plan)

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
        state = self.store.current()
        _reader(self, state)  # builds the cube where this machine has none
        return Snapshot(state, _translated_reader(self, state, self._currency))

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


_readers: dict[Path, Reader] = {}
_translated_readers: dict[tuple[Path, str, Rates], Reader] = {}
_MOST_TRANSLATED = 2
_readers_lock = threading.Lock()
_states: dict[str, State] = {}
_states_lock = threading.Lock()


def _reader(workspace: Workspace, state: Manifest) -> Reader:
    """The process's one open reader of the generation; its cube is built first where this machine has none."""
    path = workspace.store.cube_path(state.generation)
    with _readers_lock:
        if path not in _readers:
            if not path.exists():
                workspace.store.ensure_cube(state, workspace.rules())
            for older in [other for other in _readers if other.parent == path.parent]:
                del _readers[older]  # whoever still reads it keeps it open
            _readers[path] = Reader(path, state.generation)
        return _readers[path]


def _translated_reader(workspace: Workspace, state: Manifest, currency: str) -> Reader:
    """The process's reader of the generation in that currency, by the rates of now."""
    key = (workspace.store.cube_path(state.generation), currency, workspace.rates())
    with _readers_lock:
        if key not in _translated_readers:
            while len(_translated_readers) >= _MOST_TRANSLATED:
                _translated_readers.pop(next(iter(_translated_readers)))
            _translated_readers[key] = TranslatedReader(key[0], state.generation, key[2], currency)
        return _translated_readers[key]
