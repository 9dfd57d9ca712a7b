"""The private annex to the one-pager: the record first, then the questions that will be asked, with figures for each.

Conventions: figures are those of the plan's case, by the ids of the one-pager, so that both agree; every other figure
is worked out on the same paths. The annex is for who presents, and says what speaks against the plan.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from costlib.briefs.bill import Record, put_record
from costlib.briefs.one_pager import in_words, subject
from costlib.briefs.past_decisions import Decided, below_record, decided_table, record_claim, record_table
from costlib.briefs.plan_figures import PlanFigures
from costlib.briefs.plan_swings import put_swings, swing_chart, swing_title
from costlib.briefs.record_document import record_blocks
from costlib.briefs.words.findings import STEADY
from costlib.documents.model import (
    Basis,
    Beside,
    Block,
    Bullets,
    Document,
    Exhibit,
    Page,
    Paragraph,
    Sentence,
    Shape,
    Table,
    Text,
)
from costlib.roadmap.case import MORE_VOLUME, Floats
from costlib.roadmap.explain import Binding
from costlib.roadmap.plan_names import names_by_id

KIND = "annex"


def annex(found: PlanFigures, past: Sequence[Decided], forecasts: Record, shape: Shape = Shape.A4) -> Document:
    """The annex, two pages (three slides): the record and the questions, then what breaks it."""
    plan, days = found.case.plan.plan, max(found.setting.bridged_days, forecasts.bridged_days)
    setting = found.setting.bridging(days)
    put_record(found.book, forecasts)
    put_swings(found)
    _put_options(found)
    eyebrow = f"Private annex: {plan.name}"
    record, questions = _opening(found, past, forecasts), (_options(found), *_questions(found))

    def page(id: str, title: Sentence, subtitle: Text, blocks: tuple[Block, ...]) -> Page:
        return Page(id, eyebrow, title, subtitle, blocks, setting.source)

    if shape is Shape.SLIDE:
        first = [page("record", record_claim(found), situation(found), record)]
        claim = found.book.say("questions-claim", questions_title(found).template.removesuffix("."))
        first.append(page("questions", claim, "", questions))
    else:
        first = [page("record", record_claim(found), situation(found), (*record, *questions))]
    pages = (*first, page("breaks", swing_title(found), "", _breaks(found)))
    return Document(KIND, f"{plan.name}: private annex", shape, pages, setting.data_date, setting.standing)


def _put_options(found: PlanFigures) -> None:
    """What each option spends over the plan's months and in the month in which it is judged."""
    book, case, at = found.book, found.case, found.then
    span = f"{case.plan.months[0]} to {case.plan.months[-1]}"
    subject_, month = found.subject, f"{found.then_month:%b %Y}"
    result = case.recommended.result
    book.amount("without.sum", _sum(result.baseline), f"{subject_}: {span} without the plan, likely", Basis.FORECAST)
    book.amount("with.sum", _sum(result.spend), f"{subject_}: {span} with the plan, likely", Basis.PLAN)
    book.percent("volume", MORE_VOLUME, "how much more is used on every path, as a stated question", Basis.PLAN)
    for option in (case.minimum, case.ambitious, case.more_volume):
        key = option.name.replace(" ", "-")
        spend = float(option.result.spend[at].mean())
        book.amount(f"{key}.with", spend, f"{subject_}: {month} with the {option.name} plan, likely", Basis.PLAN)
    for number, limit in enumerate(_bought(case.binding), start=1):
        book.amount(f"limit.{number}.gain", limit.gain, f"{limit.what} {limit.when}: gain of {limit.unit}", Basis.PLAN)


def _sum(paths: Floats) -> float:
    return float(paths.mean(axis=1).sum())


def _opening(found: PlanFigures, past: Sequence[Decided], forecasts: Record) -> tuple[Block, ...]:
    """What was decided before and what came of it, and how good the forecast was."""
    book, more = found.book, below_record(found)
    tables = (record_table(found), decided_table(book, past))
    decided: tuple[Block, ...] = tuple(one for one in tables if one)
    if more:
        decided = (*decided[:1], Paragraph(more), *decided[1:])
    method = Bullets("Where the forecast comes from", _method(found))
    if not found.is_forecast:
        return (*decided, method)
    title, kind, rest = record_blocks(book, forecasts)
    good = (Bullets("How good the forecast was", tuple(one for one in (title, kind) if one)), *rest)
    return (*decided, Beside(good, (method,), 0.5))


def _method(found: PlanFigures) -> tuple[Text, ...]:
    if not found.is_forecast:
        return (
            "Spend without the plan is given by the plan itself and does not vary: its range is that of the levers.",
            "Savings are drawn between low and high with their chance of coming; levers on the same spend compound.",
        )
    short = found.setting.short_history
    return (
        *((short,) if short else ()),
        "The days of the bill say most about the next weeks, its months about what comes later; both are joined.",
        "The range holds eight outcomes in ten; planned launches and price changes are not in it.",
        "Savings are drawn between low and high with their chance of coming; levers on the same spend compound.",
    )


def situation(found: PlanFigures) -> Sentence:
    """The two courses in one line."""
    return found.book.say(
        "annex-situation", "Over {months} months {without.sum} without the plan, {with.sum} with it, both likely."
    )


def questions_title(found: PlanFigures) -> Sentence:
    """What doing nothing costs, or that it costs nothing."""
    book, net = found.book, found.case.recommended.figures.net
    if net <= 0:
        return book.say(
            "questions-title", "Over {months} months the plan costs more than it saves: {recommended.net} net."
        )
    return book.say("questions-title", "Doing nothing forgoes {recommended.net} over {months} months.")


def _questions(found: PlanFigures) -> tuple[Block, ...]:
    return (
        Bullets("What if we do nothing?", (questions_title(found), nothing(found))),
        Bullets("What if we approve half?", (half(found),)),
        Bullets("What if volume is higher?", (volume(found),)),
        Bullets("Why not more?", more(found)),
    )


def _options(found: PlanFigures) -> Table:
    figure = found.book.figures
    rows: list[tuple[Text, ...]] = [("Nothing", "", "", "", figure["without"], _none_chance(found))]
    names = {"minimum": "Minimum", "recommended": "Recommended", "ambitious": "Ambitious", "more-volume": "More volume"}
    for key, name in names.items():
        spend = figure["with" if key == "recommended" else f"{key}.with"]
        span = found.book.say(f"{key}-range", f"{{{key}.net-low}} to {{{key}.net-high}}")
        chance: Text = figure.get(f"{key}.chance", "no target")
        rows.append((name, figure[f"{key}.one-off"], figure[f"{key}.net"], span, spend, chance))
    month = f"{found.then_month:%b %Y}"
    header = ("Decision", "One-off", "Saves, net", "Range", month, "Chance of target")
    return Table("Every option on the same forecast", header, tuple(rows), (False, *(True,) * 5), emphasis=2)


def _none_chance(found: PlanFigures) -> Text:
    """The chance that the target is met by itself."""
    case = found.case
    result, target = case.recommended.result, case.plan.plan.target
    if target is None or result.reference is None or result.target_baseline is None:
        return ""
    limit = result.reference * (1 - target.reduction)
    met = float((result.target_baseline <= limit).mean())
    return found.book.percent("nothing.chance", met, "chance of the target without the plan", Basis.PLAN)


def nothing(found: PlanFigures) -> Sentence:
    """What happens where nothing is decided."""
    figures = found.book.figures
    course = "is likely to cost"
    if "drift" in figures:
        rises = (_exact(found, "without") or 0) > (_exact(found, "now") or 0)
        course = f"{'rises' if rises else 'falls'} {{drift}}, to"
        if (_exact(found, "drift") or 0) < STEADY:
            course = "stays near where it is, at"
    span = found.book.range_of("without")
    return found.book.say("nothing", f"{subject(found)} {course} {{without}} in {{then}}{span}.")


def half(found: PlanFigures) -> Sentence:
    """What half of the one-off money buys, and whether that is even better than the plan as drawn."""
    case, book = found.case, found.book
    if case.recommended.one_off <= 0:
        return book.say(
            "half", "The plan needs no one-off money; its first phase alone saves {minimum.net} net of cost."
        )
    if case.minimum.one_off > 0:
        text = "{minimum.one-off} in the best places saves {minimum.net} net of cost"
    else:
        text = "What is left of the plan within it needs no one-off money and saves {minimum.net} net of cost"
    if case.minimum.figures.net > case.recommended.figures.net:
        return book.say(
            "half", text + ", more than the {recommended.net} of the plan in its order: expect that question."
        )
    return book.say("half", text + " instead of {recommended.net}.")


def volume(found: PlanFigures) -> Sentence:
    """The plan where everything is used a fifth more."""
    text = (
        "With {volume} more of everything {then} costs {more-volume.with} with the plan; it saves {more-volume.net} net"
    )
    chance = (
        ", and the chance of the target is {more-volume.chance}" if "more-volume.chance" in found.book.figures else ""
    )
    return found.book.say("volume", f"{text}{chance}.")


def more(found: PlanFigures) -> tuple[Text, ...]:
    """What is left out and why, which limit holds the plan back, and what no limit would bring."""
    book, case = found.book, found.case
    titles = {one.id: one.title or one.id for one in case.plan.initiatives}
    said: list[Text] = []
    gain = case.ambitious.figures.net - case.recommended.figures.net
    if gain > 0 and in_words(case.ambitious.figures.net) != in_words(case.recommended.figures.net):
        text = "In its best order and without limits on money and people it would save {ambitious.net} net, "
        said.append(book.say("more", text + "for {ambitious.one-off} one-off."))
    else:
        said.append(book.say("more", "More money or people would not save more: {ambitious.net} net at most."))
    for number, one in enumerate(_bought(case.binding), start=1):
        said.append(book.say(f"binding.{number}", f"{_limit(one)} is worth {{limit.{number}.gain}}."))
    said += [f"A better order would leave out “{titles[one.id]}”: {one.reason}." for one in case.omitted[:3]]
    return tuple(said)


def _limit(one: Binding) -> str:
    """One unit more of a limit, as a sentence begins with it.

    >>> _limit(Binding("capacity", "ml_engineer", "2026-11", 6.0, 5.0, "1 person-week", 1977.0))
    'One more week of an ML engineer in Nov 2026'
    >>> _limit(Binding("one_off_per_quarter", "one-off budget", "Q3 FY27", 9.0, 9.0, "10,000 USD", 5.0))
    '10,000 USD more of one-off budget in Q3 FY27'
    """
    if one.kind == "capacity":
        role = one.what.replace("_", " ").replace("ml ", "ML ")
        article = "an" if role[:1] in "aeiouM" else "a"
        return f"One more week of {article} {role} in {date.fromisoformat(one.when + '-01'):%b %Y}"
    when = f" in {one.when}" if one.when else ""
    return f"{one.unit} more of {one.what}{when}"


def _bought(binding: Sequence[Binding]) -> list[Binding]:
    """The limits of which one unit more would bring something, the most first."""
    return sorted((one for one in binding if one.gain and one.gain > 0), key=lambda one: -(one.gain or 0))[:2]


def _breaks(found: PlanFigures) -> tuple[Block, ...]:
    chart = swing_chart(found)
    blocks: list[Block] = [Exhibit("swings", chart)] if chart else []
    return (*blocks, Bullets("Where quality could fall short", rollbacks(found)))


def rollbacks(found: PlanFigures) -> tuple[Text, ...]:
    """Each guarded initiative: the chance that it is taken back, what that forgoes, and the way back."""
    said: list[Text] = []
    names = names_by_id(found.case.plan.initiatives)
    guarded = [one for one in found.case.plan.initiatives if one.guardrail]
    for one in sorted(guarded, key=lambda one: -(_exact(found, f"{one.id}.net") or 0))[:4]:
        name = names[one.id]
        text = f"{name}: {{{one.id}.failure}} chance of being taken back, which forgoes {{{one.id}.net}} net"
        said.append(found.book.say(f"rollback.{one.id}", f"{text}. Way back: {one.fallback or 'none is named'}."))
    return tuple(said) or ("No initiative names a risk to quality: ask why.",)


def _exact(found: PlanFigures, id: str) -> Decimal | None:
    text = found.book.figures[id].exact
    return None if text is None else Decimal(text)
