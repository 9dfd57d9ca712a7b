"""The bill of a store's closed months for documents: by team, stage and model, what changed, what is not tied.

Conventions: effective cost, one currency, AI spend where the rules found any, else all spend.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from costlib import money
from costlib.analysis.bridge import Measured, bridge, paired
from costlib.analysis.trend import Series, pivot
from costlib.briefs.bill import MODEL, MOST_MONTHS, STAGE, TEAM, Bill, Change, stretch
from costlib.briefs.plan_figures import Setting
from costlib.errors import InputError
from costlib.evidence.record import record_of
from costlib.focus import BILLED, CURRENCY, EFFECTIVE
from costlib.outlook import ai_filter
from costlib.periods import Grain, Window, add_months, whole_months
from costlib.sample.place import sample_name
from costlib.store.absences import absences, incomplete_months
from costlib.store.missing import missing_months
from costlib.store.other_currencies import other_currencies
from costlib.store.question import Filter, Question
from costlib.store.reader import Reader
from costlib.workspace import Workspace

#: What is compared in a bridge: one meter in one unit, charge category by charge category; the unit comes last.
_GRAIN = ("SkuMeter", "ChargeCategory", "ConsumedUnit")

#: Above this share of the bill, money that does not tie out is named on every page.
UNTIED = Decimal("0.005")


def setting_of(workspace: Workspace, subject: str, currency: str | None = None) -> Setting:
    """What holds for every document of the store, about this subject."""
    state = workspace.snapshot()
    window = state.reader.window()
    if window is None:
        raise InputError("No usage is loaded", expected="at least one bill", fix="Load a bill, or run the demo.")
    sample = sample_name(state.state)
    named = next((one for one in state.reader.values("BillingAccountName") if one), "the organisation")
    code = currency or state.reader.currencies()[0]
    return Setting(
        subject=subject,
        currency=code,
        data_date=window.last,
        company=sample or named,
        is_sample=sample is not None,
        left_out=_unknown(state.reader, code),
        missing=missing_months(state.reader),
        absences=tuple(one.told for one in absences(state.reader)),
        other_currencies=other_currencies(state.reader, _everything(state.reader, code, window), code),
        billed=window,
    )


def _unknown(reader: Reader, currency: str) -> int:
    """How many line items of the bill have no known cost."""
    return sum(row.unknown for row in reader.ask(_everything(reader, currency)))


def _everything(reader: Reader, currency: str, window: Window | None = None) -> Question:
    """The sum of all that documents are about."""
    return Question(window=window, filters=(*ai_filter(reader), Filter(CURRENCY, (currency,))))


def bill_of(workspace: Workspace, currency: str | None = None) -> Bill:
    """The bill's closed months; raises InputError where none is closed."""
    reader = workspace.snapshot().reader
    scope = ai_filter(reader)
    setting = setting_of(workspace, "AI spend" if scope else "Spend", currency)
    window = reader.window()
    months = whole_months(window)[-MOST_MONTHS:] if window else ()
    if not months:
        raise InputError(
            "No month of the bill is closed yet", fix="Wait for the end of the month, or load earlier ones."
        )
    filters = (*scope, Filter(CURRENCY, (setting.currency,)))
    by = {name: _series(reader, name, months, filters, setting.missing) for name in (TEAM, STAGE, MODEL)}
    change = _change(reader, months, filters, incomplete_months(reader))
    return Bill(setting, months, by, change, record_of(workspace, setting.currency))


def _series(
    reader: Reader, name: str, months: Sequence[date], filters: Sequence[Filter], missing: Sequence[date]
) -> tuple[Series, ...]:
    window = Window(months[0], add_months(months[-1], 1))
    rows = reader.ask(Question((name,), EFFECTIVE, Grain.MONTH, window, tuple(filters)))
    figures = [(row.values[0], row.period, row.amount) for row in rows]
    return tuple(pivot(figures, list(months), missing))


def _change(
    reader: Reader, months: Sequence[date], filters: Sequence[Filter], missing: Sequence[date]
) -> Change | None:
    size = stretch(months, missing)
    if size is None:
        return None
    after = Window(months[-size], add_months(months[-1], 1))
    before = Window(months[-2 * size], months[-size])
    sides = [measured(reader, window, filters) for window in (before, after)]
    return Change(before, after, bridge(paired(*sides)))


def measured(reader: Reader, window: Window, filters: Sequence[Filter]) -> list[Measured]:
    """Cost and quantity of every meter in the window; a quantity is known for usage only."""
    costs = reader.ask(Question(_GRAIN, EFFECTIVE, window=window, filters=tuple(filters)))
    used = reader.ask(Question(_GRAIN, "ConsumedQuantity", window=window, filters=tuple(filters)))
    quantities = {row.values: None if row.unknown else row.amount for row in used}
    found = []
    for row in costs:
        meter, category, unit = row.values
        quantity = quantities.get(row.values) if category == "Usage" and not row.unknown else None
        found.append(Measured(f"{meter} {category}", unit, row.amount, quantity))
    return found


def untied_words(workspace: Workspace) -> str:
    """What the bills hold and the figures do not, where it is above 0.5 % of the bill; else nothing."""
    entries = [entry for part in workspace.snapshot().state.parts for entry in part.tie_outs]
    said = []
    for currency in dict.fromkeys(entry.currency for entry in entries):
        own = [entry for entry in entries if entry.currency == currency]
        untied = money.exact_sum(
            abs(entry.untied[BILLED]) + abs(entry.sums_quarantined[BILLED] or Decimal(0)) for entry in own
        )
        whole = money.exact_sum(entry.sums_in.get(BILLED) for entry in own)
        if untied > UNTIED * abs(whole):
            said.append(f"{money.short(untied, str(currency))} of the bill is not in these figures")
    return "; ".join(said)
