"""The plan that a page is about: which there are, the one chosen, and its figures on the store's forecast."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, partial

import streamlit as st

from costlib import money
from costlib.briefs.exhibits import Basis
from costlib.briefs.one_pager import now
from costlib.briefs.plan_figures import PlanFigures, Setting, plan_figures, subject_of
from costlib.briefs.words import roadmap as words
from costlib.briefs.words.outlook import bridged_words
from costlib.documents.model import read
from costlib.errors import CostError
from costlib.focus import EFFECTIVE
from costlib.outlook import ai_filter
from costlib.reports import plan_case
from costlib.roadmap.plan_model import Plan
from costlib.state.plans import PlanStore
from costlib.state.saved import SavedPlan
from costlib.state.stages import STAGES, is_done
from ui.cards import Card
from ui.guard import Page
from ui.moment import moment
from ui.remembered import once
from ui.selection import AI_SPEND, ALL_SPEND, Selection
from ui.status import data_line

#: Keys of the choice of a plan: in the session and the address, and of the plan to show next.
PLAN, NEXT_PLAN = "plan", "next-plan"
_TODAY_HELP = "Effective cost of everything that the plan's target and its initiatives act on."


@dataclass(frozen=True)
class ChosenPlan:
    """One saved plan and the page it is shown on; the figures are worked out once for a plan and its bills."""

    page: Page
    saved: SavedPlan

    @cached_property
    def figures(self) -> PlanFigures | CostError:
        """The figures of the plan's case, or why there are none."""
        with st.spinner(f"Simulating {self.saved.plan.plan.name} on {self.saved.plan.plan.paths:,} futures"):
            try:
                return figures_of(self.page, self.saved.plan)
            except CostError as error:
                return error

    @property
    def problem(self) -> CostError | None:
        """Why there are no figures; None where there are some."""
        return self.figures if isinstance(self.figures, CostError) else None

    @property
    def found(self) -> PlanFigures | None:
        """The figures where there are any."""
        return self.figures if isinstance(self.figures, PlanFigures) else None

    @property
    def currency(self) -> str:
        """The plan's currency."""
        return self.saved.plan.plan.currency

    @property
    def made_of(self) -> dict[str, str | int]:
        """The plan and the change that it was saved by, for the trace of its charts."""
        return {"plan": self.saved.id, "plan_sequence": self.saved.sequence}

    @property
    def selection(self) -> Selection:
        """The spend that the plan acts on, as charts and their traces name it."""
        return plan_selection(self.page, self.currency)

    @property
    def basis(self) -> Basis:
        """What every figure of the plan has in common."""
        return self.selection.basis


def figures_of(page: Page, plan: Plan) -> PlanFigures:
    """The figures of a plan's case on the store's forecast; raises CostError where it cannot be simulated.

    What a page adds to them stays its own.
    """
    found = _figures(f"{moment(page)} {plan.model_dump_json()}", page, plan)
    return replace(found, book=replace(found.book, figures=dict(found.book.figures)))


@st.cache_resource(max_entries=8, show_spinner=False)
def _figures(key: str, _page: Page, _plan: Plan) -> PlanFigures:
    del key  # what the cache knows the figures by: they hold some 10 MB of paths, so that only a few are kept
    named = next((one for one in _page.snapshot.reader.values("BillingAccountName") if one), "the organisation")
    setting = Setting(
        subject=subject_of(_plan),
        currency=_plan.plan.currency,
        data_date=_page.today,
        company=_page.sample_name or named if _plan.baseline is None else _plan.plan.name,
        is_sample=_page.is_sample,
        is_given=_plan.baseline is not None,
        missing=_page.missing,
        billed=_page.window,
    )
    return plan_figures(plan_case(_page.workspace, _plan), setting)


def plan_selection(page: Page, currency: str | None = None) -> Selection:
    """The spend that plans act on: AI spend where the rules found any, else all; effective cost."""
    scope = AI_SPEND if ai_filter(page.snapshot.reader) else ALL_SPEND
    return Selection(page, scope, EFFECTIVE, currency or page.snapshot.reader.currencies()[0])


def plans_of(page: Page) -> PlanStore:
    """The saved plans."""
    return PlanStore(page.workspace.state())


def saved_plans(page: Page) -> Mapping[str, SavedPlan]:
    """Every saved plan by its name, in order, as they are at this moment."""
    return once(partial(_read_plans, plans_of(page)), "saved plans", moment(page))


def _read_plans(store: PlanStore) -> dict[str, SavedPlan]:
    return {name: store.read(name) for name in store.names()}


def choose_plan(page: Page, first: str | None = None) -> ChosenPlan | None:
    """The plan that the reader chose, bound to the address; None where there is none yet."""
    saved = saved_plans(page)
    if not saved:
        return None
    titles = _titles({name: one.plan.plan.name for name, one in saved.items()})
    if (wanted := st.session_state.pop(NEXT_PLAN, None)) in titles:
        st.session_state[PLAN] = wanted
    names, led = list(saved), leading(saved.values())
    begins = first if first and first in saved else led.id if led else names[0]
    index = names.index(begins)
    chosen = st.selectbox(
        "Plan", names, index=index, format_func=titles.__getitem__, key=PLAN, bind="query-params", width=340
    )
    return ChosenPlan(page, saved[chosen or begins])


def leading(plans: Iterable[SavedPlan]) -> SavedPlan | None:
    """The plan that pages begin with; None where there is none.

    It has work left if any has. It is the one approved last, else the one furthest along, else the largest: a plan that
    somebody just began leads nobody's pages.
    """
    return max(plans, key=_standing, default=None)


def has_work_left(plan: SavedPlan) -> bool:
    """Whether any initiative of the plan is not done yet."""
    return any(not is_done(one.initiative.stage) for one in plan.initiatives.values())


def _standing(plan: SavedPlan) -> tuple[bool, float, int, int]:
    """Whether work is left, when it was approved, the stages that its initiatives passed, and how many they are."""
    stages = sum(STAGES.index(one.initiative.stage) for one in plan.initiatives.values())
    approved = plan.approval.at.timestamp() if plan.approval else 0.0
    return has_work_left(plan), approved, stages, len(plan.initiatives)


def address_of(page: Page, plan: str) -> dict[str, str]:
    """What an address says to lead to the plan of that name: its title, as the choice shows it."""
    titles = _titles({name: one.plan.plan.name for name, one in saved_plans(page).items()})
    return {PLAN: titles[plan]}


def _titles(names: dict[str, str]) -> dict[str, str]:
    """Titles of plans by their names; where two are called the same, the name tells them apart.

    >>> _titles({"a": "Fraud", "b": "Fraud", "c": "Search"})
    {'a': 'Fraud (a)', 'b': 'Fraud (b)', 'c': 'Search'}
    """
    held = list(names.values())
    return {name: f"{title} ({name})" if held.count(title) > 1 else title for name, title in names.items()}


def plan_line(page: Page, currency: str | None = None, found: PlanFigures | None = None) -> str:
    """The line under the title of a page about plans, or about the one of these figures."""
    setting = found.setting if found else None
    limits = (bridged_words(setting.bridged_days), setting.short_history.removesuffix(".")) if setting else ()
    return data_line(plan_selection(page, currency), *limits)


def is_estimated(plan: Plan) -> bool:
    """Whether what the plan saves is known: somebody stated it of an initiative, or there is none yet.

    >>> head = {"start": "2026-01", "months": 6}
    >>> is_estimated(Plan(plan=head, initiatives=[{"id": "idea"}])), is_estimated(Plan(plan=head))
    (False, True)
    """
    return not plan.initiatives or any(one.is_estimated for one in plan.initiatives)


def plan_cards(found: PlanFigures) -> list[Card]:
    """Today, with the plan, what is saved net of cost, and the chance of the target.

    What nobody has estimated is unknown.
    """
    figure, today = found.book.figures, now(found)
    first = Card(today.label, today.value.shown, None, read(today.context), _TODAY_HELP)
    saved = f"Saved in {money.counted(found.case.plan.plan.months, 'month')}, net of cost"
    if not is_estimated(found.case.plan):
        return [first, Card(saved, money.UNKNOWN, None, "nobody has estimated it yet", words.NET_HELP)]
    return [
        first,
        Card(
            f"With the plan, {figure['then']}",
            figure["with"].shown,
            None,
            f"{figure['with-low']} to {figure['with-high']}; without it {figure['without']}",
            words.RANGE_HELP,
        ),
        Card(
            saved,
            figure["recommended.net"].shown,
            None,
            f"{figure['recommended.net-low']} to {figure['recommended.net-high']}",
            f"{words.NET_HELP} {words.RANGE_HELP}",
        ),
        _worth(found),
    ]


def _worth(found: PlanFigures) -> Card:
    """The chance of the target; without a target what the plan is worth."""
    figure = found.book.figures
    if "recommended.chance" not in figure:
        return Card("Worth today (NPV)", figure["recommended.npv"].shown, None, "no target set", words.NPV_HELP)
    of = "" if found.case.is_whole else f" for {found.setting.subject}"
    target = f"{figure['target']} less{of} in {figure['then']}"
    return Card("Chance of the target", figure["recommended.chance"].shown, None, target, words.CHANCE_HELP)
