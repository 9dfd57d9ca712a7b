"""The end of a dispute: what two teams agree on, previewed, saved as an agreement and as a version of the rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

import streamlit as st

from costlib import money
from costlib.attribution.dispute import team_name
from costlib.attribution.pools import Pool, Receiver
from costlib.attribution.rule_file import rules_of_text
from costlib.briefs.words.dispute import IDLE_NAMES, SPLIT_NAMES, split_key
from costlib.errors import CostError
from costlib.periods import day_name
from costlib.state.agreements import Agreement, SavedAgreement, agree, agreement_on, check
from costlib.state.file_versions import OpenedFile
from costlib.state.roles import SIGN_AGREEMENT
from ui.dispute.page import Quarrel
from ui.guard import Page
from ui.markdown import literal
from ui.panels import refusal
from ui.rules.errors import mistake
from ui.rules.pools import choose_split, place_of_pool, ways_of, with_terms
from ui.rules.preview import preview_panel
from ui.rules.saving import opened_rules, save, text_of
from ui.rules.text import with_value
from ui.tables import figures_table
from ui.who import barred_here, reader_for

NO_LONGER = "No longer in force: the rules were changed since"
_PREVIEW, _TOLD = "agreement-preview", "agreement-told"
QUOTA_HELP = (
    "The part of the cluster that a team may reserve, as a share of its highest capacity of the day. Under the rule "
    "for demand above quota, machines beyond the quotas go to who asked for them."
)
KPI_HELP = "One figure that both teams watch and report, such as used GPU hours over reserved GPU hours above 60%."


@dataclass(frozen=True)
class Offer:
    """What is on the table: a way to split, an idle policy, quotas and shares by receiver in per cent."""

    way: str
    idle: str
    quotas: dict[str, float] = field(default_factory=dict)
    shares: dict[str, float] = field(default_factory=dict)

    def text(self, text: str, pool: Pool) -> str:
        """The rule file with the offer put into the pool; raises InputError where the pool is not in the file."""
        text = with_terms(text, pool, self.way, self.idle)
        place = place_of_pool(text, pool)
        for index, one in enumerate(pool.receivers):
            name = team_name(one.key)
            for key, given, now in (
                ("quota_share", self.quotas.get(name), quota_percent(one)),
                ("share", self.shares.get(name), percent(one.share)),
            ):
                if given is not None and given != now:
                    text = with_value(text, ["shared", place, "receivers", index, key], round(given / 100, 6))
        return text


def quota_percent(one: Receiver) -> float | None:
    """A receiver's quota in per cent of the capacity; None where it is a number of units."""
    return percent(one.quota_share) if one.quota_share is not None or not one.quota else None


def percent(share: object) -> float:
    """A share in per cent; nothing agreed is 0."""
    return round(float(str(share or 0)) * 100, 4)


def uses_shares(way: str, idle: str) -> bool:
    """Whether a split goes by fixed shares, of its cost or of its idle capacity."""
    return way == "fixed" or idle == "shares"


def agreement_panel(page: Page, quarrel: Quarrel) -> None:
    """Draw the agreement in force, and the way to a new one."""
    pool = quarrel.choices.pool
    with st.container(border=True, key="agreement"):
        st.header(literal(f"Settle {pool.name}"), anchor=False)
        if told := st.session_state.pop(_TOLD, None):
            st.success(literal(told))
        if held := agreement_on(page.workspace.state(), pool.name):
            _held(held, pool)
        offer = _offer(pool)
        kpi, start, leads = _terms(page, quarrel)
        _preview_and_sign(page, quarrel, offer, kpi, start, leads)


def _held(held: SavedAgreement, pool: Pool) -> None:
    """The agreement as it was signed; beside it how the pool is split now, where the rules were changed since."""
    one, now = held.agreement, _split_now(pool)
    agreed = _split_words(one.driver, one.idle, one.quotas, one.shares)
    moved = {name: said for name, said in now.items() if agreed.get(name, said) != said} | {
        name: "–" for name in agreed if name not in now
    }
    rows = [
        *([name, said] for name, said in agreed.items()),
        ["Both watch", one.kpi],
        ["From", day_name(one.start)],
        *([f"Signed for {team}", lead] for team, lead in one.leads.items()),
    ]
    caption = f"Agreement {held.version}, saved {held.at:%Y-%m-%d %H:%M} UTC by {held.who}, rule change {one.change}"
    if not moved:
        figures_table(caption, ("In force", "As agreed"), rows)
        return
    st.warning(f"{NO_LONGER}.")
    shown = [[*row, moved.get(row[0], "as agreed" if row[0] in agreed else "")] for row in rows]
    figures_table(caption, ("No longer in force", "As agreed", "In the rules now"), shown)


def _split_now(pool: Pool) -> dict[str, str]:
    """How the rules split the pool now, in the words of an agreement."""
    quotas = {team_name(one.key): quota_percent(one) for one in pool.receivers}
    return _split_words(
        split_key(pool.driver, pool.usage.basis if pool.usage else None),
        pool.idle,
        _shares({name: share for name, share in quotas.items() if share is not None}),
        _shares({team_name(one.key): percent(one.share) for one in pool.receivers}),
    )


def _split_words(way: str, idle: str, quotas: Mapping[str, Decimal], shares: Mapping[str, Decimal]) -> dict[str, str]:
    """What an agreement says of a split: the way, the idle policy, quotas, and shares where they count."""
    return {
        "Split by": SPLIT_NAMES.get(way, way),
        "Idle capacity": IDLE_NAMES.get(idle, idle),
        **{f"Quota of {name}": money.percent(share) for name, share in quotas.items()},
        **{f"Share of {name}": money.percent(share) for name, share in shares.items() if uses_shares(way, idle)},
    }


def _offer(pool: Pool) -> Offer:
    ways = [way for way in SPLIT_NAMES if way in (*ways_of(pool), "fixed")]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        way, idle = choose_split(pool, ways, "offer-way", "offer-idle")
    quotas = _percents("Quota of", pool, {one.key: quota_percent(one) for one in pool.receivers}, QUOTA_HELP)
    given: dict[object, float | None] = {one.key: percent(one.share) for one in pool.receivers}
    shares = _percents("Share of", pool, given, None) if uses_shares(way, idle) else {}
    return Offer(way, idle, quotas, shares)


def _percents(label: str, pool: Pool, now: dict[object, float | None], help: str | None) -> dict[str, float]:
    """A number in per cent for each receiver that has one."""
    found = {}
    columns = st.grid(min_column_width=200, key=f"grid {label}")
    for one in pool.receivers:
        value = now[one.key]
        if value is not None:
            name = team_name(one.key)
            found[name] = columns.number_input(
                literal(f"{label} {name}, %"), 0.0, 100.0, value, 5.0, key=f"{label} {name}", help=help
            )
    return found


def _terms(page: Page, quarrel: Quarrel) -> tuple[str, date, dict[str, str]]:
    left, right = st.columns([3, 1])
    kpi = left.text_input(
        "Shared KPI", key="agreed-kpi", help=KPI_HELP, placeholder="Used over reserved GPU hours, above 60%"
    )
    start = right.date_input("From", page.today, key="agreed-from")
    columns = st.columns(2)
    leads = {
        team: column.text_input(literal(f"For {team}"), key=f"lead-{number}", placeholder="Role or name of the lead")
        for number, (team, column) in enumerate(zip(quarrel.choices.teams, columns, strict=True))
    }
    return kpi, start if isinstance(start, date) else page.today, leads


def _preview_and_sign(page: Page, quarrel: Quarrel, offer: Offer, kpi: str, start: date, leads: dict[str, str]) -> None:
    pool = quarrel.choices.pool
    try:
        opened = opened_rules(page.workspace)
        text = offer.text(text_of(opened), pool)
    except CostError as error:
        refusal(error)
        return
    try:
        candidate = rules_of_text(text, "The new rules")
    except CostError as error:
        st.error(literal(mistake(text, error).problem))
        return
    key = (text, page.snapshot.state.generation)
    with st.container(horizontal=True):
        if st.button("Preview", key="preview-agreement"):
            with st.spinner("Applying the agreement aside; nothing is changed yet"):
                st.session_state[_PREVIEW] = (*key, page.workspace.preview_rules(candidate))
        found: Any = st.session_state.get(_PREVIEW) or ()
        seen = found[:2] == key
        bar = barred_here(SIGN_AGREEMENT)
        bar["disabled"] = bar["disabled"] or not seen
        sign = st.button("Sign and publish", type="primary", key="sign", **bar)
    if not seen:
        st.caption("Look at what the agreement moves before both sign it.")
    else:
        preview_panel(found[2], candidate, quarrel.currency)
    st.caption(
        "Rules know no date: with the agreement every loaded day is split the new way, those before it too. The day "
        "above says from when both sides count it."
    )
    if sign:
        _sign(page, quarrel, offer, (text, opened), kpi, start, leads)


def _sign(
    page: Page,
    quarrel: Quarrel,
    offer: Offer,
    rules: tuple[str, OpenedFile],
    kpi: str,
    start: date,
    leads: dict[str, str],
) -> None:
    """Save the rules with the agreement on top of those that were opened, then the agreement itself."""
    pool, (text, opened) = quarrel.choices.pool, rules
    way = SPLIT_NAMES[offer.way].lower()
    why = f"{pool.name} is split by {way}, agreed by {' and '.join(leads.values())}"
    try:
        check(leads, kpi)
        with st.spinner("Publishing the bills with the agreement"):
            change = save(page.workspace, text, opened=opened, who=reader_for(SIGN_AGREEMENT), why=why)
        agreement = Agreement(
            pool=pool.name,
            driver=offer.way,
            idle=offer.idle,
            quotas=_shares(offer.quotas),
            shares=_shares(offer.shares),
            kpi=kpi,
            start=start,
            leads=leads,
            generation=page.snapshot.state.generation,
            change=change,
            swing=quarrel.swings,
        )
        agree(page.workspace.state(), agreement, who=reader_for(SIGN_AGREEMENT))
    except CostError as error:
        refusal(error)
        return
    st.session_state[_TOLD] = f"Agreed and published: {pool.name} is split by {way}."
    st.rerun()


def _shares(percents: dict[str, float]) -> dict[str, Decimal]:
    return {name: Decimal(str(round(value / 100, 6))) for name, value in percents.items()}
