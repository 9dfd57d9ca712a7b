"""The CFO one-pager: the answer, three numbers, where the money goes today, the phased plan, its risks, and the ask.

Conventions: one page; the pyramid: the answer first, then the arguments, then the evidence. Levers are put as money,
date and what they free. Three numbers, no more. Sentences are chosen by what the figures say, never by what was hoped:
a plan that is likely to miss its target says so in its first line.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from costlib import money
from costlib.briefs.figure_book import decimal
from costlib.briefs.initiative_figures import YEARLY, put_sum, saved_by
from costlib.briefs.less_and_more import adds_spend, ask_less, options, options_words, person_weeks
from costlib.briefs.past_decisions import record, record_bullets
from costlib.briefs.plan_exhibits import path_chart, path_notes, saving_bars
from costlib.briefs.plan_figures import PHASES, PlanFigures, parts_line
from costlib.briefs.words.findings import STEADY
from costlib.documents.model import (
    Ask,
    Beside,
    Block,
    Bullets,
    Document,
    Exhibit,
    Figure,
    Kpi,
    Kpis,
    Page,
    Paragraph,
    Sentence,
    Shape,
    Table,
    Text,
)
from costlib.roadmap.plan_model import Initiative
from costlib.roadmap.plan_names import names_by_id
from costlib.wording import capital

KIND = "one-pager"
#: From this chance on a target is called likely.
LIKELY = 0.5
_MOST_RISKS = 3
#: Initiatives with a row of their own.
MOST_ROWS = 7


def one_pager(found: PlanFigures, shape: Shape = Shape.A4) -> Document:
    """The document, one page."""
    setting, plan = found.setting, found.case.plan
    page = Page(
        id="one-pager",
        eyebrow=f"AI cost, CFO one-pager: {plan.plan.name}",
        title=headline(found),
        subtitle=situation(found),
        blocks=(
            three_numbers(found),
            Paragraph((today(found),)),
            *path_notes(found),
            Beside(
                (Exhibit("path", path_chart(found)),),
                (Exhibit("savings", saving_bars(found)),),
                0.56,
            ),
            programme(found),
            Beside(_left(found), (ask(found), options(found), options_words(found)), 0.45),
        ),
        source=setting.source,
        notes=(record(found),),
    )
    return Document(KIND, f"{plan.plan.name}: CFO one-pager", shape, (page,), setting.data_date, setting.standing)


def _left(found: PlanFigures) -> tuple[Block, ...]:
    """Risks, then what past decisions came to: what stands beside the ask."""
    past = record_bullets(found)
    return (Bullets("What could go wrong, and what then", risks(found)), *((past,) if past else ()))


def headline(found: PlanFigures) -> Sentence:
    """The answer: what the plan brings by when and for how much, or that it falls short."""
    case, name = found.case, found.setting.subject
    beside = ", before {recommended.added} of added spend" if adds_spend(found) else ""
    brings = f"{{recommended.net}} saved{beside or ' after all costs'}"
    if case.plan.plan.target is None or "reached" not in found.book.figures:
        text = f"The plan for {name} is likely to bring {{recommended.net}} net of cost{beside}"
        return found.book.say("headline", text)
    reached, likely = _exact(found, "reached"), is_likely(found)
    if reached <= 0 or (reached < STEADY and not likely):
        return _no_less(found)
    than = "without the plan" if against_forecast(found) else "last quarter"
    text = f"{capital(name)} can cost {{reached}} less than {than} by {{then}}{_beside_now(found)}"
    short = "" if likely else ", short of the {target} asked for"
    return found.book.say("headline", f"{text}{short}: {brings}")


def _no_less(found: PlanFigures) -> Sentence:
    """Where spend ends that the plan does not bring down: it grows or stays only where no figure beside says else."""
    whole = found.case.is_whole
    cost, below = ("with", "below-forecast") if whole else ("target.with", "target.below")
    changes = [] if against_forecast(found) else [-_exact(found, "reached")]
    since_now = _since_now(found)
    changes += [] if since_now is None else [since_now]
    course = "comes to"
    if changes and all(change >= STEADY for change in changes):
        course = "grows to"
    elif changes and all(abs(change) < STEADY for change in changes):
        course = "still costs about"
    shown = found.book.figures.get(below)
    less = "no" if shown is None or Decimal(shown.exact or 0) <= 0 else f"{{{below}}}"
    text = f"Even with the plan {found.setting.subject} {course} {{{cost}}} a month by {{then}}"
    return found.book.say("headline", f"{text}, {less} less than without it")


def _since_now(found: PlanFigures) -> Decimal | None:
    """By which share of today's spend, as it stands beside the headline, it rises with the plan; None where unknown.

    It is also unknown where the headline is about less than all that the plan acts on.
    """
    if not found.case.is_whole or "change-from-now" not in found.book.figures:
        return None
    return _exact(found, "with") / _exact(found, "now") - 1


def _beside_now(found: PlanFigures) -> str:
    """That less than last quarter is no less than today's spend; nothing where it is, or is not what is told."""
    change = None if against_forecast(found) else _since_now(found)
    if change is None or change <= -STEADY:
        return ""
    return ", which is about what it costs now" if change < STEADY else ", which is {change-from-now} more than now"


def is_likely(found: PlanFigures) -> bool:
    """Whether the target is more likely met than missed."""
    return (found.case.recommended.result.p_target or 0.0) >= LIKELY


def against_forecast(found: PlanFigures) -> bool:
    """Whether the target is set against the forecast, not against what was spent."""
    target = found.case.plan.plan.target
    return target is not None and target.reference == "baseline"


def situation(found: PlanFigures) -> Sentence:
    """What happens without the plan, and what it makes of it."""
    figures, book = found.book.figures, found.book
    if "now" not in figures or figures["now"].exact is None:
        judged = "{then}" if found.case.is_whole else f"{found.subject} in {{then}}"
        return book.say("situation", f"Without the plan {judged} is likely to cost {{without}}; with it {{with}}.")
    drift = _exact(found, "without") - _exact(found, "now")
    course = (
        "stays near where it is"
        if _exact(found, "drift") < STEADY
        else f"{'rises' if drift > 0 else 'falls'} {{drift}}"
    )
    spend = "Spend" if found.case.is_whole else "Spend that the plan acts on"
    text = f"{spend} is {{now}} a month and without action {course} to {{without}} by {{then}}. "
    text = text.replace("stays near where it is to {without} by {then}", "stays near that, {without} in {then}")
    return book.say("situation", f"{text}With the plan it is likely to be {{with}}{book.range_of('with')}.")


def three_numbers(found: PlanFigures) -> Kpis:
    """Today's spend, spend with the plan, and what is saved net of cost."""
    figure, book = found.figure, found.book
    chance: Text = ""
    if "recommended.chance" in book.figures:
        of = "" if found.case.is_whole else f" for {found.setting.subject}"
        chance = book.say("kpi-chance", f"{{recommended.chance}} chance of the {{target}} target{of}")
    return Kpis(
        (
            now(found),
            Kpi(
                f"With the plan, {found.then_month:%b %Y}",
                figure("with"),
                book.say("kpi-below", "{below-forecast} below no action") if "below-forecast" in book.figures else "",
                "good",
                chance,
            ),
            Kpi(
                f"Saved over {money.counted(found.case.plan.plan.months, 'month')}, net of cost",
                figure("recommended.net"),
                book.say("kpi-range", book.range_of("recommended.net").removeprefix(", ")),
                "neutral",
                book.say(
                    "kpi-rates",
                    "before costs {recommended.in-year} in {fiscal-year}, {recommended.run-rate} a year at run rate",
                ),
            ),
        )
    )


def now(found: PlanFigures) -> Kpi:
    """Today's spend; of a plan without bills its first month."""
    if "now" not in found.book.figures:
        return Kpi(f"Without the plan, {found.then_month:%b %Y}", found.figure("without"), context="likely")
    if found.is_forecast:
        acted = "" if found.case.is_whole else " that the plan acts on"
        label = f"Spend{acted} today, a month"
        return Kpi(label, found.figure("now"), context=found.now_words)
    first = found.case.plan.plan.start
    return Kpi(f"Spend in {first:%b %Y}", found.figure("now"), context="first month, as the plan gives it")


def today(found: PlanFigures) -> Sentence:
    """Today's spend by part in one line; where the shares as shown do not add up, that each is rounded."""
    parts = parts_line(found)
    if not parts:
        return found.book.say("today", "Where the spend goes is not known: no month is booked yet.")
    said = ", ".join(f"{part} {{today.{part.replace(' ', '-')}}}" for part, _ in parts)
    rounded = "" if _add_up([share for _, share in parts]) else ", each rounded"
    return found.book.say(
        "today", f"Where it goes {'today' if found.is_forecast else 'at the start'}: {said}{rounded}."
    )


def _add_up(shares: Sequence[Figure]) -> bool:
    """Whether whole per cents add up as they are shown; some that are less than one, or more than 99, never tell."""
    shown = [share.shown.removesuffix("%") for share in shares]
    return not all(one.isdecimal() for one in shown) or sum(map(int, shown)) == 100


def programme(found: PlanFigures) -> Table:
    """What is done when and by whom, and what it saves a year; the smallest of a long plan in one row."""
    kept = {one.id for one in largest(found, MOST_ROWS)}
    rows: list[tuple[Text, ...]] = []
    for phase, initiatives in found.case.by_phase.items():
        shown = [one for one in initiatives if one.id in kept]
        for at, one in enumerate(shown):
            name = PHASES[phase] if at == 0 else ""
            yearly = found.figure(f"{one.id}.yearly")
            rows.append((name, one.title or one.id, one.owner or "not named", when(found, one), yearly))
    if len(kept) < len(found.case.plan.initiatives):
        rest = [one for one in found.case.plan.initiatives if one.id not in kept]
        rows.append(("", f"{len(rest)} smaller ones", "", "", rest_of(found, rest)))
    header = ("Phase", "What is done", "Owner", "When", "Saves a year")
    return Table("The plan, savings before costs", header, tuple(rows), (False, False, False, False, True))


def largest(found: PlanFigures, most: int) -> list[Initiative]:
    """The initiatives that save most a year; all of them where one more than ``most`` is all there are."""
    initiatives = found.case.plan.initiatives
    if len(initiatives) <= most + 1:
        return list(initiatives)
    return sorted(initiatives, key=lambda one: -saved_by(found.book, one))[:most]


def rest_of(found: PlanFigures, rest: Sequence[Initiative], id: str = "rest.yearly") -> Figure:
    """What initiatives without a row of their own save a year together."""
    return put_sum(found.book, id, rest, f"{YEARLY}, smaller initiatives")


def when(found: PlanFigures, one: Initiative) -> str:
    """From the month of the start to the month in which all of it is saved; the year once where it is the same."""
    months = found.case.plan.months
    at = found.case.plan.start_of(one)
    first, last = (_month(months[step]) for step in (at, min(at + one.ramp_months, len(months) - 1)))
    if first == last:
        return f"{first:%b %Y}"
    return f"{first:%b} to {last:%b %Y}" if first.year == last.year else f"{first:%b %Y} to {last:%b %Y}"


def _month(text: str) -> date:
    return date.fromisoformat(f"{text}-01")


def risks(found: PlanFigures) -> tuple[Text, ...]:
    """Risks to quality with their guardrails, the likeliest first; without any, that none is named."""
    guarded = [one for one in found.case.plan.initiatives if one.guardrail]
    guarded.sort(key=lambda one: -(one.guardrail.failure_probability if one.guardrail else 0))
    said: list[Text] = [_risk(found, one) for one in guarded[:_MOST_RISKS]]
    if found.case.recommended.figures.freed_capacity > 0:
        said.append(found.book.say("freed", "{recommended.freed} more is freed capacity and not counted as saved."))
    return tuple(said) or (found.book.say("no-risk", "No initiative names a risk to quality: ask why."),)


def _risk(found: PlanFigures, one: Initiative) -> Sentence:
    guard, name = one.guardrail, names_by_id(found.case.plan.initiatives)[one.id]
    assert guard is not None
    metric = guard.metric.replace("_", " ")
    floor = f"{metric} must stay at {{{one.id}.floor}} or above" if guard.floor is not None else f"{metric} is watched"
    months = "one month" if guard.detect_months == 1 else f"{{{one.id}.detect}} months"
    back = f"taken back within {months}" if guard.detect_months else "taken back at once"
    chance = f" ({{{one.id}.failure}} chance)" if guard.failure_probability else ""
    return found.book.say(f"risk.{one.id}", f"{name}: {floor}, else it is {back}{chance}.")


def ask(found: PlanFigures) -> Ask:
    """What is to be decided, and what it brings."""
    book, option = found.book, found.case.recommended
    money = "{recommended.one-off} one-off" if option.one_off > 0 else "the plan, which needs no one-off money"
    people = f" {'and' if option.one_off > 0 else 'but'} {weeks}" if (weeks := person_weeks(option)) else ""
    further = ["{recommended.running} running cost"] if option.running > 0 else []
    further += ["{recommended.added} of added spend"] if adds_spend(found) else []
    beside = f", with {' and '.join(further)}" if further else ""
    sentence = book.say("ask", f"Approve {money}{people}{beside}, to start in {{begin}}.")
    support: list[Text] = [payback(found)]
    if option.one_off > 0:
        support.append(ask_less(found))
    return Ask("The ask", sentence, tuple(support))


def payback(found: PlanFigures) -> Sentence:
    """When the plan has paid back, or that it does not within its months."""
    month = found.case.recommended.figures.payback_month
    if month is None:
        return found.book.say("payback", "It does not pay back within its {months} months.")
    if month == 0:
        return found.book.say("payback", "It needs no outlay, so there is nothing to pay back.")
    return found.book.say("payback", "It has likely paid back in its month {recommended.payback} of {months}.")


def subject(found: PlanFigures) -> str:
    """Whose spend it is, as a sentence begins with it."""
    return capital(found.subject)


def in_words(amount: float) -> str:
    """An amount as a headline shows it, without its currency: whether two are told apart."""
    return money.short(decimal(amount), "USD")


def _exact(found: PlanFigures, id: str) -> Decimal:
    return Decimal(found.figure(id).exact or 0)
