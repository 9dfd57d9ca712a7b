"""The board deck: the answer and the ask, where the money goes and will go, the portfolio, and an appendix of method.

Conventions: slides, one claim each; figures of the plan are those of the one-pager, by the same ids. The appendix says
what the figures rest on and where each comes from, so that a finance team can take the deck apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from costlib.briefs.bill import STAGE, TEAM, Bill, put_bill
from costlib.briefs.bill_exhibits import change_chart, change_title, spend_title, stacked_chart
from costlib.briefs.funding import funding_table, funding_title, funding_words
from costlib.briefs.initiative_figures import NOT_ESTIMATED
from costlib.briefs.less_and_more import options, options_title, options_words, why_less_block
from costlib.briefs.one_pager import (
    ask,
    headline,
    programme,
    risks,
    situation,
    three_numbers,
)
from costlib.briefs.past_decisions import below_record, record_claim, record_table
from costlib.briefs.plan_exhibits import history_note, outlook_chart, path_chart, path_notes
from costlib.briefs.plan_figures import PlanFigures
from costlib.briefs.plan_swings import put_swings, swing_chart, swing_title
from costlib.briefs.portfolio_pages import (
    cases_table,
    cases_title,
    portfolio_chart,
    portfolio_title,
    portfolio_words,
    put_portfolio,
    put_shift,
    shift_chart,
    shift_title,
)
from costlib.briefs.programme import path_title, risks_title
from costlib.briefs.record_document import record_blocks
from costlib.charts.spec import Chart
from costlib.documents.model import (
    Ask,
    Basis,
    Beside,
    Block,
    Bullets,
    Document,
    Exhibit,
    Figure,
    Kpis,
    Page,
    Paragraph,
    Sentence,
    Shape,
    Table,
    Text,
    flat,
)
from costlib.roadmap.plan_model import Initiative

KIND = "deck"
#: Figures of a page of the list of sources.
_LISTED = 14
#: Initiatives whose range is shown.
_MOST_RANGES = 13


def board_deck(found: PlanFigures, bill: Bill, shape: Shape = Shape.SLIDE) -> Document:
    """The deck."""
    setting, plan = found.setting, found.case.plan.plan
    put_bill(found.book, bill)
    put_portfolio(found)
    put_shift(found)
    put_swings(found)
    _put_assumptions(found)
    eyebrow = f"Board deck: {plan.name}"

    def page(id: str, title: Sentence, *blocks: Block, subtitle: Text = "") -> Page:
        return Page(id, eyebrow, title, subtitle, blocks, setting.source)

    def chart(name: str, drawn: Chart) -> Exhibit:
        return Exhibit(name, drawn, titled=False)

    pages = [
        page(
            "answer",
            headline(found),
            three_numbers(found),
            _arguments(found, bill),
            ask(found),
            subtitle=situation(found),
        ),
        page("money", spend_title(found.book, bill), chart("teams", stacked_chart(bill, TEAM))),
        page("stages", spend_title(found.book, bill, STAGE), chart("stages", stacked_chart(bill, STAGE))),
    ]
    if bill.change is not None:
        pages.append(page("change", change_title(found.book, bill), chart("change", change_chart(bill))))
    pages += [
        page("outlook", outlook_title(found), chart("outlook", outlook_chart(found)), *history_note(found)),
        page("path", path_title(found), chart("path", path_chart(found)), *path_notes(found)),
        page("programme", programme_title(found), programme(found)),
        page("portfolio", portfolio_title(found), chart("portfolio", portfolio_chart(found)), portfolio_words(found)),
        page("shift", shift_title(found), chart("shift", shift_chart(found))),
        page("cases", cases_title(found), cases_table(found)),
        page("funding", funding_title(found), funding_table(found), funding_words()),
        page("risks", risks_title(found), *_risks(found)),
    ]
    if (past := record_table(found)) is not None:
        pages.append(page("past", record_claim(found), past, *_beyond(found)))
    pages += [
        page(
            "options",
            options_title(found),
            Beside((options(found), options_words(found)), (ask(found),), 0.56),
            *why_less_block(found),
        ),
    ]
    pages += _appendix(found, bill, pages, eyebrow)
    return Document(KIND, f"{plan.name}: board deck", shape, tuple(pages), setting.data_date, setting.standing)


def _arguments(found: PlanFigures, bill: Bill) -> Bullets:
    """Why, in the claims of the pages that follow."""
    points: list[Text] = [spend_title(found.book, bill)]
    if bill.change is not None:
        points.append(change_title(found.book, bill))
    return Bullets("Why", (*points, programme_title(found), funding_title(found)))


def outlook_title(found: PlanFigures) -> Sentence:
    """Where spend goes without the plan."""
    figures = found.book.figures
    text = "{without} a month by {then}" + found.book.range_of("without")
    if "drift" not in figures or Decimal(figures["drift"].exact or 0) < Decimal("0.02"):
        return found.book.say("outlook-title", f"Without the plan spend is likely to be {text}")
    rises = Decimal(figures["without"].exact or 0) > Decimal(figures["now"].exact or 0)
    verb = "rises" if rises else "falls"
    return found.book.say("outlook-title", f"Without the plan spend {verb} {{drift}}, to {text}")


def programme_title(found: PlanFigures) -> Sentence:
    """What the plan saves before costs, in the fiscal year in which it starts and at run rate."""
    text = "Before costs it saves {recommended.in-year} in {fiscal-year} and {recommended.run-rate} a year at run rate"
    return found.book.say("programme-title", text)


def _beyond(found: PlanFigures) -> tuple[Block, ...]:
    said = below_record(found)
    return (Paragraph(said),) if said else ()


def _risks(found: PlanFigures) -> tuple[Block, ...]:
    chart = swing_chart(found)
    said = Bullets("Quality", risks(found))
    if chart is None:
        return (said,)
    worst = Bullets("Value", (swing_title(found),))
    return (Beside((Exhibit("swings", chart),), (said, worst), 0.56),)


def _put_assumptions(found: PlanFigures) -> None:
    plan, book = found.case.plan.plan, found.book
    book.percent("discount", plan.discount_rate, "discount rate a year, of the plan", Basis.PLAN)
    book.number("paths", found.case.recommended.result.baseline.shape[1], "simulated outcomes", Basis.PLAN)


def _appendix(found: PlanFigures, bill: Bill, pages: list[Page], eyebrow: str) -> list[Page]:
    setting = found.setting

    def page(id: str, title: str, *blocks: Block, subtitle: Text = "") -> Page:
        return Page(id, f"{eyebrow}, appendix", found.book.say(f"{id}-title", title), subtitle, blocks, setting.source)

    record_title, record_kind, record = record_blocks(found.book, bill.record)
    untested = () if record_kind else history_note(found)
    held = setting.bridging(bill.record.bridged_days)
    added = [
        page("technical", _technical_title(found), _technical(found)),
        page("financial", "Financial assumptions", Bullets("", _financial(found))),
        page("method", "How the figures are made", Bullets("", _method(found))),
        Page("record", f"{eyebrow}, appendix", record_title, record_kind, (*untested, *record), held.source),
    ]
    listed = headline_figures(pages)
    for number, first in enumerate(range(0, len(listed), _LISTED * 2), start=1):
        part = listed[first : first + _LISTED * 2]
        halves = [(_sources(half),) if half else () for half in (part[:_LISTED], part[_LISTED:])]
        text = "Every other figure is explained inside this file and can be computed again."
        title = "Where the figures of the claims come from" + (", continued" if number > 1 else "")
        added.append(page(f"sources.{number}", title, Beside(halves[0], halves[1]), subtitle=text))
    return added


def _technical_title(found: PlanFigures) -> str:
    """That every range has a basis, or how many have none."""
    count = len(found.case.plan.initiatives)
    bare = sum(not one.case.basis for one in found.case.plan.initiatives)
    if not bare:
        return "Technical assumptions: every saving is a range that somebody stands for"
    found.book.number("ranges.bare", bare, "initiatives whose range has no stated basis", Basis.PLAN)
    found.book.number("ranges.all", count, "initiatives of the plan", Basis.PLAN)
    return "Technical assumptions: of {ranges.all} ranges {ranges.bare} have no stated basis yet"


def _technical(found: PlanFigures) -> Table:
    initiatives = found.case.plan.initiatives
    rows: list[tuple[Text, ...]] = [
        (
            one.title or one.id,
            one.case.basis or "not stated",
            found.book.say(f"range.{one.id}", _saving_words(found, one)),
            found.book.percent(
                f"{one.id}.works", one.probability, f"{one.title or one.id}: chance that it works", Basis.PLAN
            ),
        )
        for one in (initiatives if len(initiatives) <= _MOST_RANGES + 1 else initiatives[:_MOST_RANGES])
    ]
    if len(initiatives) > len(rows):
        rows.append((f"{len(initiatives) - len(rows)} more, in the plan file", "", "", ""))
    header = ("Initiative", "Basis of the range", "Saves of its spend", "Works")
    return Table("", header, tuple(rows), (False, False, True, True))


def _saving_words(found: PlanFigures, one: Initiative) -> str:
    if one.saving.high <= 0:
        return "no saving" if one.is_estimated else NOT_ESTIMATED
    for key, value in (("low", one.saving.low), ("high", one.saving.high)):
        meaning = f"{one.id}: {key} end of the saving of its spend"
        found.book.percent(f"{one.id}.saves-{key}", value, meaning, Basis.PLAN)
    return f"{{{one.id}.saves-low}} to {{{one.id}.saves-high}}"


def _financial(found: PlanFigures) -> tuple[Text, ...]:
    say = found.book.say
    return (
        say("fin-rate", "Later money is worth less: {discount} a year."),
        say(
            "fin-span",
            "Savings, costs and value are those of {months} months from {start}; nothing later is counted.",
        ),
        "Savings count when they are cash: an instance ended, a node released, a commitment not renewed.",
        "Effective cost: commitments and upfront fees are spread over what used them; credits are as on the bill.",
        say(
            "fin-net",
            "Net is after one-off and running cost; benefits such as margin count in value, never as a saving.",
        ),
        f"All amounts in {found.setting.currency}; bills in other currencies are left out of these figures.",
    )


def _method(found: PlanFigures) -> tuple[Text, ...]:
    return (
        "Bills are read line by line and tied out to the invoice to the cent; what does not tie is named.",
        "Shared machines are split by what each team reserved; what nobody reserved is shown as idle.",
        "The outlook joins the days of the bill, which know the next weeks, with its months, which know the years.",
        found.book.say(
            "method-paths",
            "The plan is played through {paths} outcomes; likely is their mean.",
        ),
        "Levers that act on the same spend compound: nothing is saved twice.",
        "Every figure can be computed again from the same bills and plan; a figure that went stale is found.",
    )


def headline_figures(pages: Sequence[Page]) -> list[Figure]:
    """The figures that the claims of the pages rest on (titles, subtitles, key figures, asks), in reading order."""
    found: dict[str, Figure] = {}
    for page in pages:
        shown: list[Text] = [page.title, page.subtitle]
        for block in flat(page.blocks):
            if isinstance(block, Kpis):
                shown += [kpi.value for kpi in block.kpis]
            elif isinstance(block, Ask):
                shown += [block.sentence, *block.support]
        for text in shown:
            for one in text.used if isinstance(text, Sentence) else (text,):
                if isinstance(one, Figure) and one.shown != one.exact:
                    found.setdefault(one.id, one)
    return list(found.values())


def _sources(figures: list[Figure]) -> Table:
    rows = tuple((one, one.meaning, str(one.basis)) for one in figures)
    return Table("", ("Figure", "What it is", "From"), rows)
