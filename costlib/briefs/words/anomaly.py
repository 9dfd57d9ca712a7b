"""An anomaly in words: what happened, and its probable driver.

A range in brackets is where the cost was expected to lie (95 %). A lasting change is said once, with its new level. A
driver is called probable: it is what the line items show, not what somebody decided.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

from costlib import money
from costlib.analysis.anomalies import Anomaly, Cause, Driver, Kind, Segment
from costlib.briefs.exhibits import spender, value_words
from costlib.periods import day_name, window_name

_UNKNOWN_DRIVER = "The line items show no single driver"


def anomaly_finding(anomaly: Anomaly, currency: str, what: str) -> str:
    """What an anomaly is; ``what`` names its segment.

    >>> from datetime import date
    >>> days, money_of_it = (date(2026, 7, 9), date(2026, 7, 13)), [Decimal(x) for x in (10800, 700, 600, 900, 140, 0)]
    >>> anomaly_finding(Anomaly((), Kind.SPIKE, *days, *money_of_it), "USD", "Search")
    'Search cost $10.8K from 9 Jul 2026 to 13 Jul 2026, $10.1K more than expected ($600 to $900)'
    """
    match anomaly.kind:
        case Kind.LEVEL_SHIFT:
            return _level_shift(anomaly, currency, what)
        case Kind.NEW:
            level = money.short(anomaly.level_after, currency)
            return f"{what} is new since {day_name(anomaly.first)} and costs {level} a day{_so_far(anomaly, currency)}"
    excess = money.short(abs(anomaly.excess), currency)
    direction = "more" if anomaly.excess > 0 else "less"
    going_on = ", and it goes on" if anomaly.going_on else ""
    return (
        f"{what} cost {money.short(anomaly.actual, currency)} {_days(anomaly)}, "
        f"{excess} {direction} than expected ({_range(anomaly, currency)}){going_on}"
    )


def segment_words(segment: Segment) -> str:
    """What a reader calls a segment: its first value, the others in brackets.

    >>> segment_words((("x_Team", "Search"), ("ServiceName", "Amazon SageMaker")))
    'Search (Amazon SageMaker)'
    >>> segment_words((("x_Team", None), ("x_Stage", None)))
    'Spend that has no team (no stage)'
    """
    if not segment:
        return ""
    (dimension, value), *others = segment
    leader = spender(dimension, value, first=True)
    return f"{leader} ({', '.join(value_words(*one) for one in others)})" if others else leader


def anomalies_finding(found: Sequence[Anomaly], currency: str, period: str) -> str:
    """How much was unusual in a period, in money.

    >>> anomalies_finding([], "USD", "in the last 91 days")
    'Nothing unusual happened in the last 91 days'
    """
    if not found:
        return f"Nothing unusual happened {period}"
    more = money.exact_sum(one.excess for one in found if one.excess > 0)
    less = money.exact_sum(one.excess for one in found if one.excess < 0)
    amounts = [f"{money.short(more, currency)} more"] if more else []
    amounts += [f"{money.short(abs(less), currency)} less"] if less else []
    what = "1 unusual change" if len(found) == 1 else f"{money.count(len(found))} unusual changes"
    beside = f"{' and '.join(amounts)} than" if amounts else "as much as"
    return f"{what} {period} cost {beside} expected"


def driver_finding(driver: Driver, currency: str) -> str:
    """The probable driver of an anomaly, with its figures.

    >>> more = Driver(Cause.VOLUME, Decimal(15000), "training-job/recs", "Hrs", Decimal(500), Decimal(1000))
    >>> driver_finding(more, "USD")
    'Probable driver: more volume, training-job/recs used 1,000 Hrs instead of 500 (+$15.0K)'
    """
    if driver.cause is Cause.UNKNOWN:
        return _UNKNOWN_DRIVER
    return f"Probable driver: {_cause(driver, currency)} ({money.signed(driver.amount, currency)})"


def _level_shift(anomaly: Anomaly, currency: str, what: str) -> str:
    up = anomaly.level_after > anomaly.level_before
    before, after = (money.short(level, currency) for level in (anomaly.level_before, anomaly.level_after))
    change = f"{what} has cost {after} a day since {day_name(anomaly.first)}, {'up' if up else 'down'} from {before}"
    return f"{change}{_so_far(anomaly, currency)}"


def _so_far(anomaly: Anomaly, currency: str) -> str:
    count = anomaly.window.days
    days = "day" if count == 1 else "days"
    return f": {money.signed(anomaly.excess, currency)} over its first {money.count(count)} {days}"


def _cause(driver: Driver, currency: str) -> str:
    up, named = driver.amount > 0, f", {driver.name}" if driver.name else ""
    of = f" of {driver.service}" if driver.service else ""
    match driver.cause:
        case Cause.VOLUME:
            return f"{'more' if up else 'less'} volume{_quantities(driver) or named}"
        case Cause.RATE:
            return f"a {'higher' if up else 'lower'} rate{_rates(driver, currency) or named}"
        case Cause.NEW_RESOURCE:
            return f"a new resource{named}"
        case Cause.ENDED_RESOURCE:
            return f"a resource that ended{named}"
        case Cause.MISSING_CREDIT:
            return f"a credit that did not come again{named}"
        case Cause.MISSING_CHARGE:
            return f"a monthly charge that did not come{named}"
        case Cause.CREDIT:
            return f"a credit or refund{of}{named}"
        case Cause.ONE_OFF:
            return f"a one-off charge{of}{named}"
    return driver.cause.value


def _quantities(driver: Driver) -> str:
    if driver.name is None or driver.quantity0 is None or driver.quantity1 is None or driver.unit is None:
        return ""
    now, before = _quantity(driver.quantity1), _quantity(driver.quantity0)
    return f", {driver.name} used {now} {driver.unit} instead of {before}"


def _rates(driver: Driver, currency: str) -> str:
    if driver.name is None or driver.rate0 is None or driver.rate1 is None or driver.unit is None:
        return ""
    now, before = money.short(driver.rate1, currency), money.short(driver.rate0, currency)
    return f", {driver.name} costs {now} instead of {before} (unit: {driver.unit})"


def _quantity(amount: Decimal) -> str:
    """A quantity to whole units, small ones to three figures."""
    if abs(amount) >= 100 or amount == 0:
        return money.count(int(amount.quantize(Decimal(1), rounding=ROUND_HALF_UP)))
    digit = Decimal(1).scaleb(amount.adjusted() - 2)
    return f"{money.exact(amount.quantize(digit, rounding=ROUND_HALF_UP))}"


def _days(anomaly: Anomaly) -> str:
    if anomaly.first == anomaly.last:
        return f"on {day_name(anomaly.first)}"
    name = window_name(anomaly.window)
    return f"from {name}" if " to " in name else f"in {name}"


def _range(anomaly: Anomaly, currency: str) -> str:
    return f"{money.short(anomaly.low, currency)} to {money.short(anomaly.high, currency)}"
