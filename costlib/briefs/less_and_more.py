"""The plan beside its minimum and ambitious options: what less and more would bring, and why less can save more.

Conventions: figures over the plan's months, means of outcomes; *net* is the saving in cash less one-off and running
cost and the worth of lost quality; spend that initiatives add is in NPV alone. A plan may hold initiatives that cost
more than they save within its months, for what they bring besides: that is in their NPV and never in a saving. The
minimum, chosen by worth, leaves them out, and saves more.
"""

from __future__ import annotations

from collections.abc import Sequence

from costlib.briefs.plan_figures import PlanFigures
from costlib.documents.model import Basis, Block, Bullets, Paragraph, Sentence, Table, Text
from costlib.roadmap.case import Option
from costlib.roadmap.figures import Share
from costlib.roadmap.plan_names import names_by_id

WHY_LESS = "Why less would save more"


def options(found: PlanFigures) -> Table:
    """The minimum, the recommended and the ambitious plan side by side, people too where any takes some."""
    compared = (found.case.minimum, found.case.recommended, found.case.ambitious)
    columns = {"one-off": "One-off", "weeks": "Person weeks", "net": "Saves, net", "npv": "NPV", "chance": "Chance"}
    if not any(option.person_weeks for option in compared):
        del columns["weeks"]
    if found.case.plan.plan.target is None:
        del columns["chance"]
    rows = []
    for option in compared:
        shown: dict[str, Text] = {name: found.book.figures.get(f"{option.name}.{name}", "") for name in columns}
        if "weeks" in shown and not option.person_weeks:
            shown["weeks"] = "–"
        rows.append((option.name.capitalize(), *shown.values()))
    aligned = (False, *(True for _ in columns))
    header = ("Decision", *columns.values())
    return Table("What less and more would bring", header, tuple(rows), aligned, emphasis=1)


def options_words(found: PlanFigures) -> Paragraph:
    """How the lesser and the greater option differ from the plan, and why; what net is where it is not plain."""
    return Paragraph((_less_words(found), more_words(found), *net_words(found)))


def net_words(found: PlanFigures) -> tuple[Sentence, ...]:
    """The way from the saving to its net where quality is in it, and the spend that is not; else nothing."""
    book, option, said = found.book, found.case.recommended, []
    if option.quality:
        costs = {"{recommended.one-off} one-off": option.one_off, "{recommended.running} running cost": option.running}
        taken = [f"less {words}" for words, cost in costs.items() if cost > 0]
        taken.append(
            f"{'less' if option.quality > 0 else 'and'} {{recommended.quality}} for "
            f"{'lower' if option.quality > 0 else 'better'} quality"
        )
        text = f"Saves, net: {{recommended.gross}} {', '.join(taken)} is {{recommended.net}}."
        said.append(book.say("net", text))
    if adds_spend(found):
        text = "Initiatives add {recommended.added} of spend: it is in NPV, and in no saving or spend with the plan."
        said.append(book.say("added", text))
    return tuple(said)


def adds_spend(found: PlanFigures) -> bool:
    """Whether the plan's initiatives add spend of their own, which no saving holds."""
    return "recommended.added" in found.book.figures


def _less_words(found: PlanFigures) -> Sentence:
    """What the minimum is made of."""
    how = "the highest NPV within half of the one-off money"
    if found.case.recommended.one_off <= 0:
        how = "those of the containment phase"
    return found.book.say("options-less", f"Minimum: {{minimum.count}} of {{recommended.count}} initiatives, {how}.")


def more_words(found: PlanFigures) -> Sentence:
    """What the ambitious option does otherwise than the plan, or that it is the plan."""
    plan, best = found.case.plan, found.case.ambitious.plan
    starts = {one.id: best.start_of(one) for one in best.initiatives}
    names = names_by_id(plan.initiatives)
    left = [names[one.id] for one in plan.initiatives if one.id not in starts]
    moved = [(one, starts[one.id] - plan.start_of(one)) for one in plan.initiatives if one.id in starts]
    sooner, later = ([names[one.id] for one, by in moved if by * way > 0] for way in (-1, 1))
    done = (("leaves out {}", left), ("starts {} sooner", sooner), ("starts {} later", later))
    said = [what.format(_some(found, what, held)) for what, held in done if held]
    text = "Ambitious is the plan as it stands: no choice or timing of it is worth more, whatever the money and people."
    if said:
        *first, last = said
        both = f"{', '.join(first)} and {last}" if first else last
        text = f"Ambitious, the highest NPV without limits on money and people, {both}."
    return found.book.say("options-more", text)


def _some(found: PlanFigures, what: str, names: Sequence[str]) -> str:
    """One by its name, several by their number."""
    if len(names) == 1:
        return names[0]
    id = f"ambitious.{what.replace(' {}', '').replace(' ', '-')}"
    meaning = what.format("so many initiatives")
    found.book.number(id, len(names), f"initiatives: the ambitious plan {meaning}", Basis.PLAN)
    return f"{{{id}}} initiatives"


def options_title(found: PlanFigures) -> Sentence:
    """What is asked for beside what the best use of half of it would bring, as a claim."""
    book = found.book
    if found.case.recommended.one_off <= 0:
        return book.say("options-title", "The plan saves {recommended.net} net and needs no one-off money")
    if less_saves_more(found):
        text = f"The plan as it stands saves {{recommended.net}} net; {less(found)}, {{minimum.net}}"
        return book.say("options-title", text)
    text = f"{{recommended.one-off}} saves {{recommended.net}} net; {less(found)}, {{minimum.net}}"
    return book.say("options-title", text)


def less(found: PlanFigures) -> str:
    """What the lesser decision spends: the optimiser takes at most half of the money, often less."""
    return "{minimum.one-off} where it pays most" if found.case.minimum.one_off > 0 else "without one-off money"


def person_weeks(option: Option) -> str:
    """What an option takes of people's time, with a place for the number; nothing where it takes none or says none."""
    if not option.person_weeks:
        return ""
    return f"{{{option.name}.weeks}} person-week{'' if option.person_weeks == 1 else 's'}"


def less_saves_more(found: PlanFigures) -> bool:
    """Whether the minimum saves more net of cost than the plan."""
    return found.case.minimum.figures.net > found.case.recommended.figures.net


def left_out(found: PlanFigures) -> list[Share]:
    """The plan's initiatives that the minimum leaves out and that cost more than they save, the dearest first."""
    kept = {one.id for one in found.case.minimum.plan.initiatives}
    known = {one.id for one in found.case.plan.initiatives if one.is_estimated}
    unpaid = [one for one in found.case.recommended.shares if one.net < 0 and one.id in known - kept]
    return sorted(unpaid, key=lambda one: one.net)


def ask_less(found: PlanFigures) -> Sentence:
    """What the lesser decision would save, and in short why where that is more."""
    beside = "" if less_saves_more(found) else " instead of {recommended.net}"
    weeks = person_weeks(found.case.minimum)
    people = f", with {weeks}," if weeks else ""
    is_paid = found.case.minimum.one_off > 0
    what = f"{less(found)}{people}" if is_paid else f"Without one-off money{people} it"
    unpaid = left_out(found) if less_saves_more(found) else []
    because = ""
    if unpaid:
        _put_unpaid(found, unpaid)
        because = ": it leaves out {unpaid.count} initiatives that cost {unpaid.lost} more than they save"
        if len(unpaid) == 1:
            because = ": it leaves out an initiative that costs {unpaid.lost} more than it saves"
    return found.book.say("ask-less", f"{what} would save {{minimum.net}}{beside}{because}.")


def why_less(found: PlanFigures) -> tuple[Sentence, ...]:
    """Why the lesser decision saves more, initiative by initiative; nothing where it saves less or that is not why.

    The sentences go from the minimum's net to the plan's: less what does not pay, with all else that the plan adds.
    """
    unpaid = left_out(found) if less_saves_more(found) else []
    if not unpaid:
        return ()
    _put_unpaid(found, unpaid)
    book, names = found.book, names_by_id(found.case.plan.initiatives)
    said = [
        book.say(
            f"unpaid.{one.id}",
            f"{names[one.id]}: costs {{unpaid.{one.id}.lost}} more than it saves in {{months}} months; "
            f"its NPV, with what it brings besides, is {{unpaid.{one.id}.npv}}.",
        )
        for one in unpaid
    ]
    take = "it takes" if len(unpaid) == 1 else "they take"
    rest = "saves" if _rest(found, unpaid) >= 0 else "costs"
    text = f"From {{minimum.net}} {take} {{unpaid.lost}}; all else that the plan adds {rest} {{unpaid.rest}}: "
    return (*said, book.say("unpaid", text + "{recommended.net}."))


def why_less_block(found: PlanFigures) -> tuple[Block, ...]:
    """The reason as points below the options; nothing where there is none to give."""
    said = why_less(found)
    return (Bullets(WHY_LESS, said),) if said else ()


def _put_unpaid(found: PlanFigures, unpaid: Sequence[Share]) -> None:
    book, names = found.book, names_by_id(found.case.plan.initiatives)
    meaning = "initiatives that the minimum plan leaves out because they cost more than they save"
    book.number("unpaid.count", len(unpaid), meaning, Basis.PLAN)
    book.amount("unpaid.lost", _lost(unpaid), f"costs less savings of the {meaning}", Basis.PLAN)
    book.amount("unpaid.rest", abs(_rest(found, unpaid)), "net saving of all else beside the minimum plan", Basis.PLAN)
    for one in unpaid:
        said = names[one.id]
        book.amount(
            f"unpaid.{one.id}.lost", -one.net, f"{said}: its own costs less its saving over the plan", Basis.PLAN
        )
        npv = f"{said}: net present value, with what it brings besides savings"
        book.amount(f"unpaid.{one.id}.npv", one.npv, npv, Basis.PLAN)


def _lost(unpaid: Sequence[Share]) -> float:
    return -sum(one.net for one in unpaid)


def _rest(found: PlanFigures, unpaid: Sequence[Share]) -> float:
    """What the plan saves beside the minimum apart from what does not pay."""
    return found.case.recommended.figures.net - found.case.minimum.figures.net + _lost(unpaid)
