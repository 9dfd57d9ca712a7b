"""Words and charts of unit costs: what one unit costs, who is dearest, what moved it, and what looks mixed up.

Words are an executive's. A unit cost is on the allocation basis unless the words say otherwise; a cost that the bills
or the counts do not tell is called unknown. A change below a fiftieth is called about the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from costlib import money
from costlib.analysis.trend import Amount
from costlib.analysis.units import Alarm, AlarmKind, Cost, Gap, Moved, Unbilled, UnitCost
from costlib.analysis.units.alarms import factor_words
from costlib.analysis.units.counted import Counted
from costlib.briefs.words.findings import STEADY
from costlib.charts.spec import Bridge, Caption, Level, Step
from costlib.periods import day_name, window_name
from costlib.wording import capital, listed

BASIS_HELP: Final = (
    "Allocation basis: a model bears the machines that were reserved for it, used or not; decide by this one. Usage "
    "basis: it bears only the share of reserved hours that computed; the difference is reserved and unused. Shared "
    "capacity that nobody reserved is in neither: Allocation shows it as idle."
)
#: What a step of the bridge is called, by the part's name, in the order of the chart.
STEP_NAMES: Final = {"volume": "Volume", "utilisation": "Utilisation", "price": "Price", "other": "New or ended"}
STEP_HELP: Final = (
    "Volume: more or less work at the old cost a unit; it moves the bill, not the cost of one unit. Utilisation: more "
    "or less machine time, storage or tokens for the same work. Price: another rate for what is used now. New or "
    "ended: items that only one of the periods has, or whose bill does not say how much was used."
)

#: Why no cost of a unit is known at all, the reason that is said first.
_WHY: Final = {
    Gap.UNBILLED: "a bill of it is missing",
    Gap.UNPRICED: "a line item has no known cost",
    Gap.UNNAMED: "no line item of such work carries the names that were counted",
    Gap.UNCOUNTED: "no count goes with the cost",
}
_NAMED: Final = 4


@dataclass(frozen=True)
class Compared:
    """One model's unit cost now and in the period before."""

    name: str
    now: UnitCost
    before: UnitCost | None

    @property
    def ratio(self) -> Decimal | None:
        """The change over what it was; None where either is unknown."""
        before = self.before.amount if self.before else None
        return money.ratio(money.difference(self.now.amount, before), before)


def unit_price(amount: Amount, currency: str) -> str:
    """A unit cost with three significant figures, however small.

    >>> [unit_price(Decimal(text), "USD") for text in ("0.14664", "6.717", "0.000512", "981.2", "0.999999")]
    ['$0.147', '$6.72', '$0.000512', '$981', '$1.00']
    """
    if amount is None or not 0 < abs(amount) < 1:
        return money.short(amount, currency)
    size = abs(amount)
    rounded = size.quantize(Decimal(1).scaleb(size.adjusted() - 2), ROUND_HALF_UP)
    if rounded >= 1:
        return money.short(rounded.copy_sign(amount), currency)
    return ("−" if amount < 0 else "") + money.prefix(currency) + format(rounded, "f")


def unit_finding(unit: str, found: Sequence[Compared], currency: str, period: str, earlier: str) -> str:
    """The dearest model of a unit, and whose cost moved most.

    ``found`` are the models of the period; ``period`` and ``earlier`` as they stand in a sentence.
    """
    known = [one for one in found if one.now.amount is not None]
    if not known:
        gap = next((gap for gap in _WHY if any(one.now.gap is gap for one in found)), Gap.UNCOUNTED)
        return f"What {_a(unit)} cost {period} is unknown: {_WHY[gap]}"
    if not any(one.now.amount for one in known):
        return f"No cost of {_a(unit)} is on the bill {period} under these choices"
    top = max(known, key=lambda one: one.now.amount or Decimal(0))
    most = f", the most of {len(known)} models" if len(known) > 1 else ""
    words = f"{capital(_a(unit))} of {top.name} cost {unit_price(top.now.amount, currency)} {period}{most}"
    return f"{words}{_moved_words(known, top, earlier)}"


def _moved_words(known: Sequence[Compared], top: Compared, earlier: str) -> str:
    """Whose cost moved most, as the sentence on ``top`` goes on with it; nothing without an earlier period."""
    ratios = [(abs(one.ratio), one.ratio > 0, one) for one in known if one.ratio is not None]
    if not ratios:
        return ""
    size, up, mover = max(ratios, key=lambda row: row[0])
    if size < STEADY:
        return f"; none cost much more or less than {earlier}" if len(known) > 1 else f", about the same as {earlier}"
    if mover is top:
        return f", {money.percent(size)} {'more' if up else 'less'} than {earlier}"
    return f"; {mover.name} {'rose' if up else 'fell'} most, by {money.percent(size)}"


def moved_finding(found: Moved, name: str, currency: str, earlier: str, later: str) -> str:
    """What moved the cost of one unit of a model.

    The parts of a tenth of all movement or more are named, largest first.
    """
    before, now = found.amounts
    change = now - before
    unit = _a(found.unit.name)
    if before and abs(change / before) < STEADY:
        words = f"{capital(unit)} of {name} cost about the same {later} as {earlier}"
    else:
        direction = "more" if change > 0 else "less"
        size = unit_price(abs(change), currency)
        words = f"{capital(unit)} of {name} cost {size} {direction} {later} than {earlier}"
    parts = {key: part for key, part in found.unit_parts.by_name().items() if part}
    whole = sum((abs(part) for part in parts.values()), Decimal(0))
    told = sorted((key for key in parts if abs(parts[key]) >= whole / 10), key=lambda key: -abs(parts[key]))
    named = ", ".join(f"{STEP_NAMES[key].lower()} {signed_price(parts[key], currency)}" for key in told)
    return f"{words}: {named}" if named else words


def signed_price(amount: Decimal, currency: str) -> str:
    """A change of a unit cost with its sign.

    >>> signed_price(Decimal("0.0042"), "USD"), signed_price(Decimal("-12"), "USD")
    ('+$0.00420', '−$12.00')
    """
    return ("+" if amount > 0 else "") + unit_price(amount, currency)


def moved_chart(found: Moved, caption: Caption, currency: str, ends: tuple[str, str]) -> Bridge:
    """The cost of the work from one period to the other, part by part, to the cent.

    Volume, utilisation and price always have a step, also where they moved nothing.
    """
    first, last = money.cents(found.cost0), money.cents(found.cost1)
    parts = found.parts.rounded(last - first, money.CENT).by_name()
    steps = tuple(Step(STEP_NAMES[name], parts[name]) for name in STEP_NAMES if parts[name] or name != "other")
    return Bridge(caption, currency, Level(ends[0], first), steps, Level(ends[1], last))


def alarm_words(alarm: Alarm) -> str:
    """An alarm in a sentence: what was seen, since when, and what it looks like."""
    who = f" of {alarm.model}" if alarm.model else ""
    since, what = day_name(alarm.since), capital(alarm.what)
    looks = factor_words(alarm.factor)
    match alarm.kind:
        case AlarmKind.UNKNOWN_UNIT:
            unit = alarm.units[0] or "nothing"
            return f'{what}{who} are counted in "{unit}" since {since}, which is no unit of theirs: they are left out.'
        case AlarmKind.CHANGED_UNIT:
            kept = "They were brought to one unit" if alarm.factor else "They cannot be brought to one unit"
            return (
                f"{what}{who} changed from {alarm.units[0]} to {alarm.units[1]} on {since}. {kept}; check the source."
            )
        case AlarmKind.CHANGED_SKU_UNIT:
            units = " instead of ".join(reversed(alarm.units))
            return f"The bill counts {alarm.what}{who} in {units} since {since}. Check that its price changed with it."
        case AlarmKind.JUMP:
            return f"{what}{who}: the cost changed about {looks}, on {since}. That is most likely no change of cost."
        case AlarmKind.CACHED:
            return (
                f"The input tokens counted{who} hold the cached ones too, which the bill counts apart: counted twice."
            )
        case AlarmKind.SHARES:
            return f"{what}{who} is a share on some days and per cent on others (from {since}): it is not used."


def twice_words(metric: str, model: str | None, sources: tuple[str, str], *, teams_apart: bool) -> str:
    """That two sources count the same; ``teams_apart`` where one of them alone names teams.

    >>> twice_words("orders", None, ("app", "web"), teams_apart=False)
    'Two sources count orders on the same days, app and web: they count twice until one is left out.'
    >>> print(twice_words("requests", "gpt", ("own", "vendor"), teams_apart=True).partition(": ")[2])
    one names a team, the other none, and the same cost stands over both. Leave one out.
    """
    whose = f"{metric} of {model}" if model else metric
    said = f"Two sources count {whose} on the same days, {' and '.join(sources)}"
    if teams_apart:
        return f"{said}: one names a team, the other none, and the same cost stands over both. Leave one out."
    return f"{said}: they count twice until one is left out."


def same_work_words(model: str, metrics: tuple[str, str], sources: tuple[str, str], apart: Decimal) -> str:
    """That two metrics of a model may be one.

    >>> same_work_words("gpt", ("predictions", "requests"), ("own", "vendor"), Decimal("0.02")).partition(": ")[0]
    'own counts predictions of gpt and vendor requests, and they differ by 2%'
    """
    differ = f"differ by {money.percent(apart)}" if apart else "are equal"
    counts = " and ".join((f"{sources[0]} counts {metrics[0]} of {model}", f"{sources[1]} {metrics[1]}"))
    twice = "they may be the same work, over which the same cost then stands twice"
    return f"{counts}, and they {differ}: {twice}. Leave one out if they are."


def unknown_words(models: Sequence[str], unit: str, gap: Gap = Gap.UNCOUNTED) -> str:
    """Whose cost of a unit is unknown for this reason; empty where nobody's is. What no bill holds, ``unbilled_words``
    says.

    >>> unknown_words(["recs-als"], "1,000 inferences")
    'No cost of 1,000 inferences can be told for recs-als: it cost something, and nothing was counted.'
    >>> unknown_words(["gpt"], "1,000 orders", Gap.UNNAMED)
    'No cost of 1,000 orders can be told for gpt: it was counted, and no line item of such work carries its name.'
    """
    one = len(models) == 1
    they, were, names = ("it", "was", "its name") if one else ("they", "were", "their names")
    why = {
        Gap.UNCOUNTED: f"{they} cost something, and nothing was counted",
        Gap.UNNAMED: f"{they} {were} counted, and no line item of such work carries {names}",
        Gap.UNPRICED: f"a line item of {'it' if one else 'them'} has no known cost",
    }
    if not models or gap not in why:
        return ""
    return f"No cost of {_a(unit)} can be told for {listed(models, _NAMED)}: {why[gap]}."


def counted_words(found: Sequence[tuple[str, Counted]]) -> str:
    """Whose count has gaps in a period, which make a unit look dearer; empty where nobody's has.

    >>> counted_words([("gpt", Counted(("Ads", "gpt"), 20, 31))])
    'gpt was counted on 20 of 31 days: the others are taken for days without work. Load the counts they lack, if any.'
    """
    if not found:
        return ""
    said = listed([f"{name} was counted on {one.days} of {one.of} days" for name, one in found], _NAMED)
    return f"{said}: the others are taken for days without work. Load the counts they lack, if any."


def unbilled_words(one: Unbilled) -> str:
    """That an account's bill does not hold some days, and whose cost that leaves unknown.

    >>> from costlib.analysis.units import Cost
    >>> from costlib.periods import Window, date
    >>> october = Window(date(2026, 10, 1), date(2026, 11, 1))
    >>> costs = [Cost(october.start, team, model, None, None, None) for team, model in (("Ads", "gpt"), ("Ads", None))]
    >>> print(unbilled_words(Unbilled("Microsoft (9021)", october, tuple(costs))))
    No bill of Microsoft (9021) holds Oct 2026 in full: what gpt and Ads without a model cost then is unknown.
    """
    named = dict.fromkeys((cost.model or "", cost.team or "") for cost in sorted(one.costs, key=_who))
    names = dict.fromkeys(model or f"{team or 'no team'} without a model" for model, team in named)
    whose = listed(list(names), _NAMED)
    return f"No bill of {one.account} holds {window_name(one.days)} in full: what {whose} cost then is unknown."


def _who(cost: Cost) -> tuple[bool, str, str]:
    """Named models first."""
    return cost.model is None, cost.model or "", cost.team or ""


def value_finding(rows: Sequence[tuple[str, Amount, Amount]], currency: str, period: str) -> str:
    """Cost against value: name, cost and value of each model.

    >>> value_finding([("bot", Decimal(50), Decimal(200)), ("scorer", Decimal(30), Decimal(20))], "USD", "in Sep 2026")
    'Models worth $220 cost $80.00 in Sep 2026, 36% of their value; scorer cost more than it was worth'
    """
    known = [(name, cost, value) for name, cost, value in rows if cost is not None and value is not None]
    cost, value = money.total(one[1] for one in known), money.total(one[2] for one in known)
    if not known:
        return f"What models were worth {period} cannot be set against their cost"
    share = money.percent(money.ratio(cost, value))
    words = f"Models worth {money.short(value, currency)} cost {money.short(cost, currency)} {period}, {share} of "
    losing = [name for name, spent, worth in known if spent > worth]
    if not losing:
        return f"{words}their value"
    who = " and ".join(losing) if len(losing) < 3 else f"{', '.join(losing[:2])} and {len(losing) - 2} more"
    return f"{words}their value; {who} cost more than {'it was' if len(losing) == 1 else 'they were'} worth"


def _a(unit: str) -> str:
    """A unit as it stands after "the cost of": a number needs no article."""
    return unit if unit[0].isdigit() else f"an {unit}" if unit[0] in "aeio" else f"a {unit}"
