"""An agreement is in force as long as the rules split its pool as was agreed."""

from __future__ import annotations

from pathlib import Path

from streamlit.testing.v1 import AppTest

from costlib.workspace import Workspace
from tests.pages import screen
from tests.pages.cluster import own_cluster
from tests.pages.conftest import Open
from tests.shared_cluster import RULES
from ui.dispute.agreement import NO_LONGER
from ui.rules.saving import opened_rules, save, saved_text

__all__ = ["own_cluster"]


def signed(app: AppTest) -> AppTest:
    """Both sign for hours used."""
    app = screen.choose(app, **{"offer-way": "used"})
    app.text_input(key="agreed-kpi").set_value("used over reserved GPU hours above 60%")
    app.text_input(key="lead-0").set_value("A")
    app.text_input(key="lead-1").set_value("B")
    return screen.press(screen.press(app.run(), "Preview"), "Sign and publish")


def agreement(app: AppTest) -> list[list[str]]:
    (rows,) = (rows for caption, rows in screen.tables(app).items() if caption.startswith("Agreement 1"))
    return rows


def changed(store: str, text: str) -> None:
    workspace = Workspace(Path(store))
    save(workspace, text, opened=opened_rules(workspace), who="Ada", why="changed")


def test_an_agreement_whose_split_was_undone_is_no_longer_in_force(open_page: Open, own_cluster: str) -> None:
    assert agreement(signed(open_page("dispute", own_cluster)))[0] == ["In force", "As agreed"]
    changed(own_cluster, RULES)
    app = open_page("dispute", own_cluster)
    assert NO_LONGER in screen.plain(app.warning[0].value)
    header, split, idle, *_ = agreement(app)
    assert header == ["No longer in force", "As agreed", "In the rules now"]
    assert split == ["Split by", "Hours used", "Hours reserved"] and idle[-1] == "as agreed"


def test_another_change_of_the_rules_leaves_it_in_force(open_page: Open, own_cluster: str) -> None:
    signed(open_page("dispute", own_cluster))
    changed(own_cluster, saved_text(Workspace(Path(own_cluster))).replace("Ghost", "Phantom"))
    app = open_page("dispute", own_cluster)
    assert agreement(app)[0] == ["In force", "As agreed"] and not app.warning


def test_a_quota_that_was_changed_ends_it(open_page: Open, own_cluster: str) -> None:
    signed(open_page("dispute", own_cluster))
    text = saved_text(Workspace(Path(own_cluster)))
    changed(own_cluster, text.replace("quota_share: 0.25", "quota_share: 0.3"))
    rows = {row[0]: row[1:] for row in agreement(open_page("dispute", own_cluster))}
    assert rows["Quota of Recs"] == ["25%", "30%"]
