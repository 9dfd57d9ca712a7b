"""Who pays for whom in a plan, by fiscal year: what Run frees, what Grow and Transform take of it, what is asked for.

Conventions: money in the plan's currency, means over outcomes. What Run frees is net of its own costs, unlike the
savings of the other pages, which are before costs. Fiscal years are named by the calendar year in which they end.
"""

from __future__ import annotations

from costlib.briefs.plan_figures import PlanFigures
from costlib.documents.model import Basis, Paragraph, Sentence, Table, Text
from costlib.periods import fiscal_year
from costlib.roadmap.portfolio.reinvest import BUCKETS, Funding, by_year, reinvestment
from costlib.wording import listed

_MEANT = {
    "released": "what Run saves in cash net of its cost",
    "into_grow": "what Grow spends of it",
    "grow_margin": "what Grow brings net of its cost",
    "into_transform": "what Transform spends of that",
    "wanted_grow": "what Grow needs",
    "wanted_transform": "what Transform needs",
    "ask": "what has to be asked for",
}
#: A gap of less than this share of what Run frees is none.
_NO_GAP = 0.005


def put_funding(found: PlanFigures) -> None:
    """Put down the flows between the buckets, by fiscal year and over the whole plan."""
    book, years = found.book, funding_years(found)
    for at, year in enumerate(years, start=1):
        for name in ("released", "into_grow", "grow_margin", "into_transform", "ask"):
            meaning = f"{_year(found, year)}: {name.replace('_', ' ')}, {_MEANT[name]}"
            book.amount(f"funding.{at}.{name.replace('_', '-')}", _flow(year, name), meaning, Basis.PLAN)
    for name in ("released", "wanted_grow", "wanted_transform", "ask"):
        amount = sum(_flow(year, name) for year in years)
        book.amount(f"funding.{name.replace('_', '-')}", amount, f"whole plan: {_MEANT[name]}", Basis.PLAN)


def funding_years(found: PlanFigures) -> list[Funding]:
    """Flows between the buckets by fiscal year."""
    return by_year(reinvestment(found.case.recommended.result), found.case.plan)


def _flow(year: Funding, name: str) -> float:
    return float(getattr(year, name))


def _year(found: PlanFigures, year: Funding) -> str:
    return f"FY{fiscal_year(year.start, found.case.plan.plan.fiscal_year_start) % 100:02d}"


def funding_title(found: PlanFigures) -> Sentence:
    """Whether what is saved pays for what is new, or what gap is asked for and for whom."""
    years = funding_years(found)
    whole = {
        name: sum(_flow(year, name) for year in years) for name in (*_MEANT, "ask_run", "ask_grow", "ask_transform")
    }
    frees = "Run frees {funding.released} net of its costs" if whole["released"] > 0 else "Run frees nothing"
    new = [name for name in BUCKETS[1:] if whole[f"wanted_{name}"] > 0]
    if whole["ask"] <= max(_NO_GAP * whole["released"], 0):
        text = f"{frees}; nothing is planned to grow or transform"
        if new:
            text = f"What Run saves net, {{funding.released}}, pays for all that {_named(new)} {_need(new)}"
        return found.book.say("funding-title", text)
    short = [name for name in BUCKETS if whole[f"ask_{name}"] > _NO_GAP * whole["ask"]]
    return found.book.say("funding-title", f"{frees}; {{funding.ask}} for {_named(short)} remains to be asked for")


def _named(buckets: list[str]) -> str:
    return listed([bucket.capitalize() for bucket in buckets])


def _need(buckets: list[str]) -> str:
    return "needs" if len(buckets) == 1 else "need"


def funding_table(found: PlanFigures) -> Table:
    """By fiscal year: what Run frees, what Grow and Transform take of it, and the gap."""
    names = ("released", "into-grow", "grow-margin", "into-transform", "ask")
    rows: tuple[tuple[Text, ...], ...] = tuple(
        (_year(found, year), *(found.figure(f"funding.{at}.{name}") for name in names))
        for at, year in enumerate(funding_years(found), start=1)
    )
    header = ("Fiscal year", "Run frees", "Grow takes of it", "Grow brings", "Transform takes of it", "To be asked for")
    return Table("Run funds Grow, Grow funds Transform; amounts net of costs", header, rows, (False, *(True,) * 5))


def funding_words() -> Paragraph:
    """How the table is read."""
    return Paragraph(
        (
            "What Run frees and what Grow brings are net of their own costs; savings on other pages are before costs.",
            "A gap is asked for in the month in which it is missing and is not paid back out of later savings.",
        )
    )
