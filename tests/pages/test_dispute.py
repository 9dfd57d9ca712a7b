"""Disputes: who reserved, used and caused, by hand; what each way charges; and an agreement that both sign."""

from __future__ import annotations

from datetime import date
from decimal import Decimal as D
from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from costlib.attribution.rule_file import read_rules
from costlib.state.agreements import agreement_on
from costlib.workspace import Workspace
from tests.pages import screen
from tests.pages.cluster import cluster, own_cluster
from tests.pages.conftest import Open
from tests.shared_cluster import RULES, bill, cluster_store
from ui.rules.saving import rule_path, saved_text, versions

__all__ = ["cluster", "own_cluster"]


def charges(app: AppTest) -> dict[str, list[str]]:
    """What each way to split charges."""
    (rows,) = (rows for caption, rows in screen.tables(app).items() if "adds up to the bill" in caption)
    return {row[0]: row[1:] for row in rows}


def filled(app: AppTest, **leads: str) -> AppTest:
    app.text_input(key="agreed-kpi").set_value("used over reserved GPU hours above 60%")
    for number, lead in enumerate(leads.values()):
        app.text_input(key=f"lead-{number}").set_value(lead)
    return app.run()


class TestByHand:
    def test_the_spike_and_who_caused_it(self, open_page: Open, cluster: str) -> None:
        app = open_page("dispute", cluster)
        assert not app.exception and not app.error
        assert screen.title(app) == (
            "Recs caused the only spike of gpu from 5 Sep 2026 to 6 Sep 2026; the choice of rule moves up to $24.00"
        )
        assert "6 Sep 2026, 09:00 to 10:00 UTC: 4 machines, 2 more; Recs asked for 16.0 GPUs more" in screen.everything(
            app
        )

    def test_what_each_way_charges(self, open_page: Open, cluster: str) -> None:
        found = charges(open_page("dispute", cluster))
        assert found["Hours reserved (in force)"] == ["$16.00", "$32.00", "$0.00", "$12.00", "$0.00", "$60.00"]
        assert found["Hours used"] == ["$8.00", "$8.00", "$0.00", "$44.00", "$0.00", "$60.00"]
        assert found["Even parts"] == ["$30.00", "$30.00", "$0.00", "$0.00", "$0.00", "$60.00"]
        assert all(row[-1] == "$60.00" for name, row in found.items() if name not in ("Split by", "The choice moves"))
        assert found["The choice moves"][0] == "$22.00"

    def test_day_by_day(self, open_page: Open, cluster: str) -> None:
        fifth, sixth = open_page("dispute", cluster).dataframe[0].value.to_dict("records")
        assert (fifth["Day"], fifth["Machines"]) == ("5 Sep 2026", 2)
        assert fifth["Change"] == fifth["Spike by"] == "unknown"  # nothing is known of the day before
        assert (sixth["Machines"], sixth["Change"], sixth["Spike by"]) == (4, "+2", "Recs")
        assert (sixth["Recs reserved"], sixth["Recs used"], sixth["Idle"], sixth["Cost"]) == (24, 4, 8, 40)
        assert sixth["Recs above quota"] == 14 and sixth["Search above quota"] == 0  # quotas of 40 GPUs: 10 and 20

    def test_the_sides_can_be_changed(self, open_page: Open, cluster: str) -> None:
        app = open_page("dispute", cluster, **{"team-a": "Recs"})
        assert charges(app)["Split by"][:2] == ["Recs", "Search"]

    def test_the_sample(self, open_page: Open) -> None:
        app = open_page("dispute")
        assert not app.exception and not app.error
        assert screen.title(app).startswith("Recommendations caused 4 of the 5 spikes of ml-shared-gpu")
        (chart,) = screen.charts(app)
        assert len(chart.alt) > 30
        assert len({row[-1] for name, row in charges(app).items() if name not in ("Split by", "The choice moves")}) == 1

    def test_another_month(self, open_page: Open) -> None:
        app = open_page("dispute", month="Aug 2026")
        assert not app.exception and not app.error
        assert " in Aug 2026; the choice of rule moves up to $" in screen.title(app)

    def test_without_a_shared_cluster_there_is_nothing_to_settle(self, open_page: Open) -> None:
        app = open_page("dispute", "no_ai")
        assert screen.title(app) == "No cluster is shared by two teams with known hours, so there is nothing to settle"


class TestWithoutHours:
    """The same cluster, whose tool tells days and no hours: what needs hours is unknown, and counts in nothing."""

    @pytest.fixture
    def daily(self, tmp_path: Path) -> str:
        return str(cluster_store(tmp_path, hourly=(False, False)).store.root)

    def test_rules_that_need_hours_are_unknown_and_move_nothing(self, open_page: Open, daily: str) -> None:
        """Search: 16 reserved, 8 used, 30 by even parts. Recs: 32, 8 and 30, which is 24 apart."""
        app = open_page("dispute", daily)
        assert not app.exception and not app.error
        assert screen.title(app) == (
            "No hours are known of gpu from 5 Sep 2026 to 6 Sep 2026, so nobody can say who caused a spike; "
            "the choice among the rules that are known moves up to $24.00"
        )
        found = charges(app)
        assert found["Hours used"] == ["$8.00", "$8.00", "$0.00", "$44.00", "$0.00", "$60.00"]
        assert found["Fair share of what each adds"] == found["Demand above quota"] == ["unknown"] * 6
        assert found["The choice moves"][:2] == ["$22.00", "$24.00"]

    def test_the_reason_is_said_and_no_spike_is_denied(self, open_page: Open, daily: str) -> None:
        said = screen.everything(open_page("dispute", daily))
        assert "Recs pays least by hours used ($8.00) and most by hours reserved ($32.00)" in said
        assert (
            "Unknown by fair share of what each adds and demand above quota: usage is known by day, not by hour."
            in said
        )
        assert "No hour of usage is known, so nobody can say when more machines were needed." in said
        assert "No hour needed more machines" not in said

    def test_the_chart_leaves_out_what_is_unknown(self, open_page: Open, daily: str) -> None:
        (chart,) = screen.charts(open_page("dispute", daily))
        assert chart.alt.startswith("3 panels")

    def test_the_days_say_unknown(self, open_page: Open, daily: str) -> None:
        table = open_page("dispute", daily).dataframe[0]
        assert table.proto.placeholder == "unknown"
        for row in table.value.to_dict("records"):
            assert (row["Machines"], row["Change"], row["Spike by"]) == (None, "unknown", "unknown")
            assert row["Search reserved"] == 8 * 24 and row["Search above quota"] is None

    def test_one_day_without_hours_is_told_of_and_the_other_shown(self, open_page: Open, tmp_path: Path) -> None:
        app = open_page("dispute", str(cluster_store(tmp_path, hourly=(True, False)).store.root))
        assert not app.exception and not app.error
        said = screen.everything(app)
        assert "No hour needed more machines than the day before." in said
        assert "Hours are not known of 1 of 2 days, so a spike on them would not show." in said
        assert "usage is known by day, not by hour, on 1 of 2 days." in said
        assert charges(app)["Demand above quota"] == ["unknown"] * 6
        (chart,) = screen.charts(app)
        assert chart.alt.startswith("5 panels")
        fifth, sixth = app.dataframe[0].value.to_dict("records")
        assert (fifth["Machines"], fifth["Search above quota"], fifth["Recs above quota"]) == (2, 0, 3)
        assert pd.isna(sixth["Machines"]) and pd.isna(sixth["Search above quota"])

    def test_without_records_hours_are_unknown_and_not_none(self, open_page: Open, tmp_path: Path) -> None:
        later = {"ChargePeriodStart": "2026-09-07T00:00:00Z", "ChargePeriodEnd": "2026-09-08T00:00:00Z"}
        more = [{**bill()[0], **later}]
        *_, last = (
            open_page("dispute", str(cluster_store(tmp_path, more=more).store.root))
            .dataframe[0]
            .value.to_dict("records")
        )
        assert (last["Day"], last["Cost"]) == ("7 Sep 2026", 20)
        assert all(pd.isna(last[name]) for name in ("Search reserved", "Search used", "Others reserved", "Idle"))


class TestAgreement:
    def test_previewed_signed_saved_and_in_force(self, open_page: Open, own_cluster: str) -> None:
        app = screen.choose(open_page("dispute", own_cluster), **{"offer-way": "used", "offer-idle": "reserved"})
        app = filled(app, search="Head of Search", recs="Ada L.")
        app = screen.press(app, "Preview")
        assert not app.exception and not app.error
        assert ["Recs", "$37.00", "$43.00", "+$6.00"] in screen.tables(app)["Sums by team that change"]
        assert rule_path(Workspace(Path(own_cluster))).read_text() == RULES
        app = screen.press(app, "Sign and publish")
        assert not app.exception and not app.error
        assert "Agreed and published" in app.success[0].value
        workspace = Workspace(Path(own_cluster))
        pool = read_rules(rule_path(workspace)).shared[0]
        assert (pool.driver, pool.usage and pool.usage.basis, pool.idle) == ("usage", "used", "reserved")
        assert "# as agreed in spring" in saved_text(workspace)
        held = agreement_on(workspace.state(), "gpu")
        assert held is not None
        assert (held.agreement.driver, held.agreement.idle, held.agreement.start) == (
            "used",
            "reserved",
            date(2026, 9, 6),
        )
        assert dict(held.agreement.leads) == {"Search": "Head of Search", "Recs": "Ada L."}
        assert dict(held.agreement.quotas) == {"Search": D("0.5"), "Recs": D("0.25")}
        newest = versions(workspace)[0]
        assert newest.change == held.agreement.change
        assert newest.why == "gpu is split by hours used, agreed by Head of Search and Ada L."
        (rows,) = (rows for caption, rows in screen.tables(app).items() if caption.startswith("Agreement 1"))
        assert ["Signed for Recs", "Ada L."] in rows and ["Split by", "Hours used"] in rows
        assert "Hours used (in force)" in charges(app)

    def test_not_signed_by_both_is_refused_and_nothing_changes(self, open_page: Open, own_cluster: str) -> None:
        app = filled(screen.choose(open_page("dispute", own_cluster), **{"offer-way": "even"}), search="Head of Search")
        app = screen.press(screen.press(app, "Preview"), "Sign and publish")
        assert "Recs has not signed" in screen.plain(app.error[0].value)
        workspace = Workspace(Path(own_cluster))
        assert (saved_text(workspace), agreement_on(workspace.state(), "gpu"), versions(workspace)) == (RULES, None, [])

    def test_signing_needs_a_preview_of_the_same_offer(self, open_page: Open, own_cluster: str) -> None:
        def can_sign(app: AppTest) -> bool:
            return not app.button(key="sign").disabled

        app = open_page("dispute", own_cluster)
        assert not can_sign(app)
        app = screen.press(app, "Preview")
        assert can_sign(app)
        assert not can_sign(screen.choose(app, **{"offer-way": "even"}))

    def test_quotas_and_fixed_shares_reach_the_rules(self, open_page: Open, own_cluster: str) -> None:
        app = screen.choose(open_page("dispute", own_cluster), **{"offer-way": "fixed"})
        assert "fixed shares need a share" in screen.plain(app.error[0].value)
        app.number_input(key="Share of Search").set_value(60.0)
        app.number_input(key="Share of Recs").set_value(40.0)
        app.number_input(key="Quota of Recs").set_value(30.0)
        app = filled(app.run(), search="A", recs="B")
        app = screen.press(screen.press(app, "Preview"), "Sign and publish")
        assert not app.exception and not app.error
        pool = read_rules(rule_path(Workspace(Path(own_cluster)))).shared[0]
        assert (pool.driver, [one.share for one in pool.receivers]) == ("fixed", [D("0.6"), D("0.4")])
        assert [one.quota_share for one in pool.receivers] == [D("0.5"), D("0.3")]

    def test_names_are_data(self, open_page: Open, own_cluster: str) -> None:
        app = screen.choose(open_page("dispute", own_cluster), **{"offer-way": "even"})
        app = filled(app, search="Robert'); DROP TABLE x; --", recs="<b>$1</b>")
        app = screen.press(screen.press(app, "Preview"), "Sign and publish")
        assert not app.exception and not app.error
        for element in app.get("html"):
            assert "<b>$1" not in element.proto.body


def test_charges_that_are_rounded_say_so_where_they_do_not_add_up(open_page: Open, cluster: str) -> None:
    """Even parts of the sample's October are 26,866.425 twice: a cent more as shown. Whole dollars add up."""
    app = open_page("dispute")
    *parts, bill = (D(cell[1:].replace(",", "")) for cell in charges(app)["Even parts"])
    assert sum(parts) == bill + D("0.01")
    assert "amounts can be a cent off" in screen.everything(app)
    assert "rounded by itself" not in screen.everything(open_page("dispute", cluster))
