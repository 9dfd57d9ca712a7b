"""The programme brief for a VP of Engineering: the answer, who causes the cost, three tracks, risks, decisions.

Conventions: slides; every figure of the plan is that of the one-pager. Tracks are technical, process and culture; a
track without an initiative is named as missing, since a plan of one track alone rarely lasts.
"""

from __future__ import annotations

from collections.abc import Sequence

from costlib.briefs.bill import TEAM, Bill, put_bill
from costlib.briefs.bill_exhibits import spend_title, stacked_chart
from costlib.briefs.cluster import (
    Cluster,
    cluster_agreement,
    cluster_chart,
    cluster_table,
    cluster_title,
    cluster_words,
    put_cluster,
)
from costlib.briefs.initiative_figures import NOTHING_ESTIMATED, YEARLY, put_sum, saved_by
from costlib.briefs.less_and_more import options, options_title, options_words, why_less_block
from costlib.briefs.one_pager import (
    ask,
    headline,
    largest,
    rest_of,
    risks,
    situation,
    three_numbers,
    when,
)
from costlib.briefs.plan_exhibits import path_chart, path_notes, roadmap_chart
from costlib.briefs.plan_figures import PlanFigures
from costlib.documents.model import (
    Basis,
    Beside,
    Block,
    Bullets,
    Document,
    Exhibit,
    Page,
    Sentence,
    Shape,
    Table,
    Text,
)
from costlib.roadmap.plan_model import Initiative
from costlib.roadmap.plan_names import names_by_id
from costlib.wording import capital

KIND = "brief"
TRACKS = ("technical", "process", "culture")
#: Initiatives with a row of their own: where all have one, in a longer plan, and beside an owner's name.
_MOST_ROWS, _MOST_BESIDE, _MOST_NAMED = 11, 7, 3
#: Key results of an objective that are shown.
_MOST_RESULTS = 4
_UNSAID = "a saving that is not estimated"


def programme_brief(
    found: PlanFigures, bill: Bill | None, cluster: Cluster | None, shape: Shape = Shape.SLIDE
) -> Document:
    """The brief; without a bill or a pool it goes without the page on who causes the cost."""
    setting, plan = found.setting, found.case.plan.plan
    put_tracks(found)
    eyebrow = f"Programme brief: {plan.name}"

    def page(id: str, title: Sentence, *blocks: Block, subtitle: Text = "") -> Page:
        return Page(id, eyebrow, title, subtitle, blocks, setting.source)

    pages = [page("answer", headline(found), three_numbers(found), *_tracks_in_words(found), subtitle=situation(found))]
    pages += [page("cause", *_cause(found, bill, cluster))] if bill is not None or cluster is not None else []
    pages += [
        page("path", path_title(found), Exhibit("path", path_chart(found), titled=False), *path_notes(found)),
        page("roadmap", roadmap_title(found), Exhibit("roadmap", roadmap_chart(found, "track"), titled=False)),
        page("tracks", tracks_title(found), track_table(found), initiatives_table(found)),
        page("objectives", objectives_title(found), objectives(found)),
        page("risks", risks_title(found), Bullets("Guardrails", risks(found)), _fallbacks(found)),
        page(
            "decisions",
            options_title(found),
            Beside((options(found), options_words(found)), (ask(found),), 0.56),
            *why_less_block(found),
            *_owners(found),
        ),
    ]
    return Document(KIND, f"{plan.name}: programme brief", shape, tuple(pages), setting.data_date, setting.standing)


def put_tracks(found: PlanFigures) -> None:
    """Put down what each track saves, costs and needs, and what all of them save."""
    for track in TRACKS:
        held = in_track(found, track)
        book = found.book
        said = f"{track} track"
        put_sum(book, f"track.{track}.yearly", held, f"{said}: {YEARLY}")
        spent = sum(one.one_off_cost for one in held)
        book.amount(f"track.{track}.one-off", spent, f"{said}: one-off cost as planned", Basis.PLAN)
        book.number(f"track.{track}.weeks", sum(one.person_weeks for one in held), f"{said}: person-weeks", Basis.PLAN)
        book.number(f"track.{track}.count", len(held), f"{said}: initiatives", Basis.PLAN)
    put_sum(found.book, "tracks.yearly", found.case.plan.initiatives, f"all tracks: {YEARLY}")


def in_track(found: PlanFigures, track: str) -> list[Initiative]:
    """The initiatives of a track by when they start."""
    return sorted((one for one in found.case.plan.initiatives if one.track == track), key=found.case.plan.start_of)


def _tracks_in_words(found: PlanFigures) -> tuple[Block, ...]:
    points: list[Text] = []
    names = names_by_id(found.case.plan.initiatives)
    for track in TRACKS:
        held = in_track(found, track)
        if not held:
            points.append(f"{track.capitalize()}: nothing is planned; a plan without it rarely lasts.")
            continue
        first = max(held, key=lambda one: saved_by(found.book, one))
        count = "one initiative" if len(held) == 1 else f"{{track.{track}.count}} initiatives"
        saved = f"{{track.{track}.yearly}} a year" if any(one.is_estimated for one in held) else _UNSAID
        text = f"{track.capitalize()}: {count}, {saved}; first of all: {names[first.id]}."
        points.append(found.book.say(f"track.{track}", text))
    return (Bullets("Three tracks, savings before costs", tuple(points)),)


def _cause(found: PlanFigures, bill: Bill | None, cluster: Cluster | None) -> tuple[Sentence, *tuple[Block, ...]]:
    """Who causes the cost: of the shared cluster where it is measured, else of the bill by team."""
    if cluster is not None:
        put_cluster(found.book, cluster)
        right: tuple[Block, ...] = (
            cluster_table(found.book, cluster),
            cluster_words(found.book, cluster),
            cluster_agreement(found.book, cluster),
        )
        left = (Exhibit("cluster", cluster_chart(cluster, found.setting)),)
        return cluster_title(found.book, cluster), Beside(left, right, 0.45)
    assert bill is not None
    put_bill(found.book, bill)
    return spend_title(found.book, bill), Exhibit("teams", stacked_chart(bill, TEAM), titled=False)


def path_title(found: PlanFigures) -> Sentence:
    """What the month in which the plan is judged costs, with and without it."""
    if not found.case.is_whole:
        text = "{with} with the plan in {then} and {without} without it"
        return found.book.say("path-title", f"{capital(found.subject)}: {text}")
    text = "{then} costs {with} with the plan and {without} without it"
    if "limit" in found.book.figures:
        text += "; the chance of meeting the target of {limit} is {recommended.chance}"
    return found.book.say("path-title", text)


def roadmap_title(found: PlanFigures) -> Sentence:
    """What all of it saves a year once it runs."""
    if not any(one.is_estimated for one in found.case.recommended.plan.initiatives):
        return found.book.say("roadmap-title", NOTHING_ESTIMATED)
    if len(found.case.recommended.plan.initiatives) == 1:
        return found.book.say("roadmap-title", "One initiative saves {tracks.yearly} a year once all of it runs")
    return found.book.say(
        "roadmap-title", "{recommended.count} initiatives save {tracks.yearly} a year once all of them run"
    )


def tracks_title(found: PlanFigures) -> Sentence:
    """The track that brings most."""
    book = found.book
    most = max(TRACKS, key=lambda track: sum(saved_by(book, one) for one in in_track(found, track)))
    text = f"The {most} track brings most: {{track.{most}.yearly}} of {{tracks.yearly}} a year"
    return book.say("tracks-title", text)


def track_table(found: PlanFigures) -> Table:
    """The three tracks side by side."""
    rows: tuple[tuple[Text, ...], ...] = tuple(
        (
            track.capitalize(),
            *(found.figure(f"track.{track}.{name}") for name in ("count", "weeks", "one-off", "yearly")),
        )
        for track in TRACKS
    )
    header = ("Track", "Initiatives", "Person-weeks", "One-off", "Saves a year")
    return Table("By track, savings before costs", header, rows, (False, True, True, True, True))


def initiatives_table(found: PlanFigures) -> Table:
    """The initiatives of the three tracks, who answers for each and when; the smallest of a long plan in one row."""
    rows: list[tuple[Text, ...]] = []
    kept = {one.id for one in largest(found, _rows(found))}
    for track in TRACKS:
        for at, one in enumerate(one for one in in_track(found, track) if one.id in kept):
            name = track.capitalize() if at == 0 else ""
            saved = found.figure(f"{one.id}.yearly")
            rows.append((name, one.title or one.id, one.owner or "not named", when(found, one), saved))
    if rest := [one for one in found.case.plan.initiatives if one.id not in kept]:
        rows.append(("", f"{len(rest)} smaller ones", "", "", rest_of(found, rest, "tracks.rest")))
    header = ("Track", "What is done", "Owner", "When", "Saves a year")
    return Table("What is done, savings before costs", header, tuple(rows), (False, False, False, False, True))


def _rows(found: PlanFigures) -> int:
    """How many initiatives have a row of their own at most."""
    return _MOST_ROWS if len(found.case.plan.initiatives) <= _MOST_ROWS + 1 else _MOST_BESIDE


def objectives_title(found: PlanFigures) -> Sentence:
    """What success is, in one line."""
    if "limit" in found.book.figures:
        of = "" if found.case.is_whole else f" for {found.setting.subject}"
        text = f"Success is {{limit}} or less{of} in {{then}}, with every guardrail held"
        return found.book.say("objectives-title", text)
    return found.book.say(
        "objectives-title", "Success is {recommended.net} saved net of cost, with every guardrail held"
    )


def objectives(found: PlanFigures) -> Table:
    """Objectives with the key results that show they are met: money and date of each initiative under them."""
    groups: dict[str, list[Initiative]] = {}
    for one in largest(found, _rows(found)):
        groups.setdefault(one.objective or f"{one.track.capitalize()} track: spend less, lose nothing", []).append(one)
    names = names_by_id(found.case.plan.initiatives)
    rows: list[tuple[Text, ...]] = []
    for objective, held in groups.items():
        held.sort(key=lambda each: -saved_by(found.book, each))
        for at, one in enumerate(held if len(held) <= _MOST_RESULTS + 1 else held[:_MOST_RESULTS]):
            saved = f"{{{one.id}.yearly}} a year" if one.is_estimated else _UNSAID
            text = f"{names[one.id]}: {saved} by {_done(found, one)}"
            if one.guardrail and one.guardrail.floor is not None:
                text += f", {one.guardrail.metric.replace('_', ' ')} at {{{one.id}.floor}} or above"
            rows.append(
                (objective if at == 0 else "", found.book.say(f"result.{one.id}", text), one.owner or "not named")
            )
    rows += _more(found, len(rows), "key results")
    return Table("Objectives and key results, savings before costs", ("Objective", "Key result", "Owner"), tuple(rows))


def _more(found: PlanFigures, shown: int, what: str, of: int | None = None) -> list[tuple[Text, ...]]:
    """The row that says how many are not shown, of a table of three columns; none where all are."""
    left = (len(found.case.plan.initiatives) if of is None else of) - shown
    return [(f"{left} more {what}", "", "")] if left > 0 else []


def _done(found: PlanFigures, one: Initiative) -> str:
    return when(found, one).rpartition(" to ")[2]


def risks_title(found: PlanFigures) -> Sentence:
    """How many of the initiatives can be taken back for quality."""
    guarded = sum(one.guardrail is not None for one in found.case.plan.initiatives)
    found.book.number("guarded", guarded, "initiatives with a guardrail", Basis.PLAN)
    if not guarded:
        return found.book.say("risks-title", "No initiative has a guardrail: agree on them before the start")
    are = "is" if guarded == 1 else "are"
    return found.book.say(
        "risks-title", f"{{guarded}} of {{recommended.count}} initiatives {are} taken back if quality falls short"
    )


def _fallbacks(found: PlanFigures) -> Table:
    guarded = [one for one in found.case.plan.initiatives if one.guardrail]
    rows: list[tuple[Text, ...]] = [
        (one.title or one.id, one.fallback or "none is named", one.owner or "not named")
        for one in (guarded if len(guarded) <= _MOST_BESIDE + 1 else guarded[:_MOST_BESIDE])
    ]
    rows += _more(found, len(rows), "with a guardrail", len(guarded))
    return Table(
        "The way back",
        ("Initiative", "Way back", "Who decides"),
        tuple(rows) or (("No initiative has one yet", "", ""),),
    )


def _owners(found: PlanFigures) -> tuple[Block, ...]:
    owners: dict[str, list[str]] = {}
    for one in found.case.plan.initiatives:
        owners.setdefault(one.owner or "Nobody yet", []).append(one.title or one.id)
    said = [f"{owner}: {listed(titles, _MOST_NAMED)}." for owner, titles in list(owners.items())[:_MOST_BESIDE]]
    said += [f"{len(owners) - len(said)} more owners, each with their own."] if len(owners) > len(said) else []
    return (Bullets("Who answers for what", tuple(said)),)


def listed(names: Sequence[str], most: int) -> str:
    """Names in a cell, of many the first ones and how many more there are.

    >>> listed(["a", "b", "c"], 2), listed(["a", "b", "c", "d"], 2), listed([], 2)
    ('a; b; c', 'a; b; 2 more', '–')
    """
    held = list(names) if len(names) <= most + 1 else [*names[:most], f"{len(names) - most} more"]
    return "; ".join(held) or "–"
