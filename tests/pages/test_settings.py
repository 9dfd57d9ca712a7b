"""Settings: a mistake has its line, a change is seen before it is saved, saved with who and why, and taken back."""

from __future__ import annotations

from pathlib import Path
from tempfile import gettempdir

import pytest
from streamlit.testing.v1 import AppTest

from costlib.errors import InputError
from costlib.store.question import Question
from costlib.workspace import Workspace
from tests.pages import screen
from tests.pages.cluster import cluster, own_cluster
from tests.pages.conftest import Open
from tests.shared_cluster import RULES
from ui.rules.conflict import ON_TOP, ON_TOP_DONE, TAKE, TAKE_DONE
from ui.rules.saving import EDITOR, opened_rules, rule_path, saved_text, take_back, versions
from ui.rules.text import START, with_entry
from ui.undo import when

__all__ = ["cluster", "own_cluster"]

LAB = "- {name: lab host, when: {ResourceId: host-1}, set: {x_Team: Search}}\n"
#: A rule whose words would be code anywhere else; one of its patterns matches the account of the lab.
HOSTILE = (
    "- name: \"it's <b>$1</b> '; DROP TABLE cube; --\"\n"
    '  when: {SubAccountName: ["(a+)+$\'; DELETE FROM cube --", "l*b"]}\n'
    '  set: {x_Team: "O\'Neil \\"); DROP TABLE cube; --"}\n'
)


def typed(app: AppTest, text: str) -> AppTest:
    app.text_area(key=EDITOR).set_value(text)
    return app.run()


def previewed(app: AppTest, text: str) -> AppTest:
    return screen.press(typed(app, text), "Preview the change")


def saved(app: AppTest, why: str = "the lab is theirs") -> AppTest:
    app.text_input(key="rules-why").set_value(why)
    return screen.press(app, "Save and publish")


def team_costs(store: str) -> dict[str | None, int]:
    rows = Workspace(Path(store)).snapshot().reader.ask(Question(by=("x_Team",)))
    return {row.values[0]: int(row.amount or 0) for row in rows}


def button(app: AppTest, label: str) -> bool:
    """Whether the button of that name can be pressed."""
    (found,) = (one for one in app.button if one.label == label)
    return not found.disabled


class TestWhatIsInForce:
    def test_rules_in_order_with_what_each_decides(self, open_page: Open, cluster: str) -> None:
        app = open_page("settings", cluster)
        assert not app.exception and not app.error
        assert screen.title(app) == "3 rules and 1 shared pool say who pays; 1 rule never matches"
        rows = {row["Rule"]: row for row in screen.table(app)}
        assert list(rows) == ["team tag", "models", "nobody has this", "gpu"]
        assert [rows[name]["Cost decided"] for name in rows] == [15.0, 60.0, 0.0, 60.0]
        assert [rows[name]["Matches"] for name in rows] == ["yes", "yes", "never", "yes"]
        assert rows["models"]["When"] == "Service is Cluster"
        assert rows["team tag"]["Sets"] == "Team: the tag team"

    def test_the_text_is_the_file_and_nothing_is_to_be_saved(self, open_page: Open, cluster: str) -> None:
        app = open_page("settings", cluster)
        assert app.text_area(key=EDITOR).value == RULES
        assert not button(app, "Preview the change")
        assert "Save and publish" not in [one.label for one in app.button]

    def test_without_a_file_the_shipped_rules_are_taken_over(self, open_page: Open) -> None:
        app = open_page("settings", "no_ai")
        assert app.text_area(key=EDITOR).value == START
        assert "say who pays" in screen.title(app)


class TestMistakes:
    def test_the_line_is_named_and_shown_and_nothing_can_be_saved(self, open_page: Open, cluster: str) -> None:
        app = typed(open_page("settings", cluster), RULES.replace("x_Team: Ghost", "x_Taem: Ghost"))
        (error,) = app.error
        assert screen.plain(error.value) == "Line 9: rule nobody has this: there is no x_Taem"
        assert "Did you mean x_Team?" in screen.everything(app)
        assert any(line.startswith("   9  ") and "x_Taem" in line for line in app.code[0].value.splitlines())
        assert not button(app, "Preview the change")

    def test_back_to_what_is_saved(self, open_page: Open, cluster: str) -> None:
        app = typed(open_page("settings", cluster), "version: [")
        assert len(app.error) == 1
        app = screen.press(app, "Back to what is saved")
        assert app.text_area(key=EDITOR).value == RULES and not app.error


class TestPreview:
    def test_cost_that_moves_is_shown_before_anything_is_saved(self, open_page: Open, own_cluster: str) -> None:
        app = previewed(open_page("settings", own_cluster), with_entry(RULES, "fallback", LAB))
        assert not app.exception and not app.error
        tables = screen.tables(app)
        (moves,) = (rows for caption, rows in tables.items() if caption.startswith("Cost that gets another owner"))
        assert moves[1:] == [["No team", "Search", "$3.00", "1"]]
        assert ["Search", "$26.00", "$29.00", "+$3.00"] in tables["Sums by team that change"]
        assert ["Unallocated", "$3.00", "$0.00", "−$3.00"] in tables["Sums by kind of cost that change"]
        assert rule_path(Workspace(Path(own_cluster))).read_text() == RULES
        assert team_costs(own_cluster)["Search"] == 26

    def test_a_preview_is_of_one_text_only(self, open_page: Open, own_cluster: str) -> None:
        app = previewed(open_page("settings", own_cluster), with_entry(RULES, "fallback", LAB))
        app = typed(app, with_entry(RULES, "fallback", LAB.replace("Search", "Recs")))
        assert "Save and publish" not in [one.label for one in app.button]
        assert "Look at what this changes before you save it." in screen.everything(app)

    def test_a_comment_changes_nothing(self, open_page: Open, own_cluster: str) -> None:
        app = previewed(open_page("settings", own_cluster), RULES + "# only words\n")
        assert "Nothing changes: every amount stays in place" in "\n".join(
            screen.plain(one.value) for one in app.header
        )


class TestSaving:
    def test_saved_published_kept_and_taken_back(self, open_page: Open, own_cluster: str) -> None:
        text = with_entry(RULES, "fallback", LAB)
        app = saved(previewed(open_page("settings", own_cluster), text))
        assert not app.exception and not app.error
        assert "every figure is now made with these rules" in app.success[0].value
        workspace = Workspace(Path(own_cluster))
        assert (saved_text(workspace), team_costs(own_cluster)["Search"]) == (text, 29)
        newest, found = versions(workspace)
        assert (newest.text, newest.why, found.text) == (text, "the lab is theirs", RULES)
        assert screen.undo_button(app).startswith("Undo: the lab is theirs, by test@example.com, ")
        app = screen.press_undo(app)
        assert not app.exception and not app.error
        assert "Undone: the lab is theirs" in words(app)
        assert (saved_text(workspace), team_costs(own_cluster)["Search"]) == (RULES, 26)
        assert app.text_area(key=EDITOR).value == RULES
        assert [version.text for version in versions(workspace)] == [RULES, text, RULES]
        assert screen.undo_button(app).startswith("Bring back: the lab is theirs, by test@example.com, ")
        app = screen.press_undo(app)
        assert saved_text(workspace) == app.text_area(key=EDITOR).value == text
        assert "Brought back: the lab is theirs" in words(app) and "undo of change" not in words(app)
        assert screen.undo_button(app).startswith("Undo: the lab is theirs, ")

    def test_any_earlier_version_is_put_back_by_its_date(self, open_page: Open, own_cluster: str) -> None:
        texts = [with_entry(RULES, "fallback", LAB), with_entry(RULES, "fallback", LAB.replace("Search", "Recs"))]
        app = open_page("settings", own_cluster)
        for text in texts:
            app = saved(previewed(app, text))
        workspace = Workspace(Path(own_cluster))
        *_, first = versions(workspace)
        labels = [screen.plain(one.label) for one in app.button if one.label.startswith("Put back")]
        assert len(labels) == 2 and labels[-1] == f"Put back {when(first.at)}"
        app = [one for one in app.button if one.label.startswith("Put back")][-1].click().run()
        assert not app.exception and not app.error
        assert "The earlier rules are in force again." in words(app)
        assert saved_text(workspace) == app.text_area(key=EDITOR).value == RULES
        assert [version.text for version in versions(workspace)] == [RULES, *reversed(texts), RULES]

    def test_without_an_earlier_version_there_is_nothing_to_undo(self, own_cluster: str) -> None:
        workspace = Workspace(Path(own_cluster))
        with pytest.raises(InputError, match="No rules were saved before"):
            take_back(workspace, opened=opened_rules(workspace), who="Ada")

    def test_without_a_reason_nothing_is_saved(self, open_page: Open, own_cluster: str) -> None:
        app = saved(previewed(open_page("settings", own_cluster), with_entry(RULES, "fallback", LAB)), why=" ")
        assert "Nothing says why this changes" in screen.plain(app.error[0].value)
        assert (saved_text(Workspace(Path(own_cluster))), versions(Workspace(Path(own_cluster)))) == (RULES, [])

    def test_words_that_would_be_code_elsewhere_are_data(self, open_page: Open, own_cluster: str) -> None:
        app = saved(previewed(open_page("settings", own_cluster), with_entry(RULES, "fallback", HOSTILE)), "it's '; --")
        assert not app.exception and not app.error
        assert team_costs(own_cluster) == {"Search": 26, "Recs": 37, "O'Neil \"); DROP TABLE cube; --": 3, None: 12}
        for element in app.get("html"):
            assert "<b>$1" not in element.proto.body
        for element in (*app.header, *app.markdown, *app.caption):
            assert "<b>" not in screen.unescaped(element.value)

    def test_a_refused_publication_leaves_everything_as_it_was(
        self, open_page: Open, own_cluster: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from costlib.errors import StoreBusy

        app = previewed(open_page("settings", own_cluster), with_entry(RULES, "fallback", LAB))

        def busy(*_: object) -> None:
            raise StoreBusy("Another load is running", fix="Try again in a minute.")

        monkeypatch.setattr(Workspace, "save_rules", busy)
        app = saved(app)
        assert "Another load is running" in screen.plain(app.error[0].value)
        workspace = Workspace(Path(own_cluster))
        assert (saved_text(workspace), versions(workspace)[0].text) == (RULES, RULES)


def words(app: AppTest) -> str:
    """All that is said, successes too."""
    return "\n".join([screen.everything(app), *(screen.plain(one.value) for one in app.success)])


class TestTwoAtOnce:
    """Ann and Bob have Settings open; Ann saves first. Her rule gives the lab to Search, his is of another name."""

    HERS = with_entry(RULES, "fallback", LAB)
    HIS = RULES.replace("Ghost", "Phantom")

    def test_bob_is_told_and_nothing_of_either_is_lost(self, open_page: Open, own_cluster: str) -> None:
        bob = previewed(open_page("settings", own_cluster), self.HIS)
        ann = saved(previewed(open_page("settings", own_cluster), self.HERS))
        assert "Saved: every figure" in words(ann)
        bob = saved(bob, "mine")
        assert not bob.exception
        assert screen.plain(bob.error[0].value).startswith("The rule file was saved by test@example.com on ")
        theirs, yours = (one.value for one in bob.code)
        assert "+  - {name: lab host" in theirs and "Phantom" in yours and "lab host" not in yours
        assert bob.text_area(key=EDITOR).value == self.HIS and not button(bob, "Preview the change")
        assert saved_text(Workspace(Path(own_cluster))) == self.HERS
        bob = screen.press(bob, ON_TOP)
        assert ON_TOP_DONE in words(bob) and saved_text(Workspace(Path(own_cluster))) == self.HERS
        bob = saved(screen.press(bob, "Preview the change"), "mine on top")
        assert not bob.exception and not bob.error
        assert saved_text(Workspace(Path(own_cluster))) == self.HERS.replace("Ghost", "Phantom")

    def test_bob_can_take_hers(self, open_page: Open, own_cluster: str) -> None:
        bob = typed(open_page("settings", own_cluster), self.HIS)
        saved(previewed(open_page("settings", own_cluster), self.HERS))
        bob = screen.press(bob.run(), TAKE)
        assert bob.text_area(key=EDITOR).value == self.HERS and not bob.error
        assert TAKE_DONE in words(bob)

    def test_an_editor_in_which_nothing_was_typed_shows_the_newest(self, open_page: Open, own_cluster: str) -> None:
        bob = open_page("settings", own_cluster)
        saved(previewed(open_page("settings", own_cluster), self.HERS))
        bob = bob.run()
        assert bob.text_area(key=EDITOR).value == self.HERS and not bob.error

    def test_an_undo_is_of_the_change_that_its_reader_saw(self, open_page: Open, own_cluster: str) -> None:
        bob = saved(previewed(open_page("settings", own_cluster), self.HERS))
        both = self.HERS.replace("Ghost", "Phantom")
        saved(previewed(open_page("settings", own_cluster), both))
        screen.press_undo(bob)
        assert saved_text(Workspace(Path(own_cluster))) == both


class TestPools:
    def test_what_was_typed_and_not_saved_stays(self, open_page: Open, own_cluster: str) -> None:
        app = typed(open_page("settings", own_cluster), RULES.replace("Ghost", "Phantom"))
        app = screen.press(screen.choose(app, **{"driver-gpu": "even"}), "Put into the rule file")
        text = app.text_area(key=EDITOR).value
        assert "Phantom" in text and "driver: even" in text

    def test_a_text_with_a_mistake_stays_and_the_choice_is_refused(self, open_page: Open, own_cluster: str) -> None:
        wrong = RULES + "rules: ["
        app = typed(open_page("settings", own_cluster), wrong)
        app = screen.press(screen.choose(app, **{"driver-gpu": "even"}), "Put into the rule file")
        assert app.text_area(key=EDITOR).value == wrong
        assert "The rules in the editor cannot be read" in screen.everything(app)

    def test_a_choice_goes_into_the_editor_with_its_comment(self, open_page: Open, own_cluster: str) -> None:
        app = screen.choose(open_page("settings", own_cluster), **{"driver-gpu": "even"})
        app = screen.press(app, "Put into the rule file")
        assert "    driver: even   # as agreed in spring" in app.text_area(key=EDITOR).value
        assert rule_path(Workspace(Path(own_cluster))).read_text() == RULES

    def test_hours_used_is_a_basis_of_the_pool(self, open_page: Open, own_cluster: str) -> None:
        app = screen.choose(open_page("settings", own_cluster), **{"driver-gpu": "used", "idle-gpu": "reserved"})
        text = screen.press(app, "Put into the rule file").text_area(key=EDITOR).value
        assert "basis: used" in text and "idle: reserved" in text


class TestRates:
    RATES = "version: 1\nrates:\n  - {name: gpu, unit: GPU hour, rate: 2.50, currency: USD, from: 2026-01-01}\n"

    def test_rates_are_saved_with_a_reason(self, open_page: Open, own_cluster: str) -> None:
        app = open_page("settings", own_cluster)
        app.text_area(key="rates-text").set_value(self.RATES)
        app.text_input(key="rates-why").set_value("agreed for 2026")
        app = screen.press(app, "Save the rates")
        assert not app.error
        (rows,) = (rows for caption, rows in screen.tables(app).items() if caption.startswith("Rates in force"))
        assert rows[1] == ["gpu", "GPU hour", "2.5", "USD", "1 Jan 2026"]

    def handed(self, app: AppTest, text: str) -> AppTest:
        app.text_area(key="rates-text").set_value(text)
        app.text_input(key="rates-why").set_value("agreed")
        return screen.press(app, "Save the rates")

    def test_a_save_is_told(self, open_page: Open, own_cluster: str) -> None:
        app = self.handed(open_page("settings", own_cluster), self.RATES)
        assert "Saved: statements can be charged at 1 agreed rate now." in words(app) and not app.warning

    def test_two_at_once(self, open_page: Open, own_cluster: str) -> None:
        self.handed(open_page("settings", own_cluster), self.RATES)
        bob, ann = open_page("settings", own_cluster), open_page("settings", own_cluster)
        hers, his = self.RATES.replace("USD", "EUR"), self.RATES + "  - {name: b, unit: u, rate: 1, currency: USD}\n"
        self.handed(ann, hers)
        bob = self.handed(bob, his)
        path = Path(own_cluster) / "internal-rates.yaml"
        assert screen.plain(bob.error[0].value).startswith("The file of rates was saved by ")
        assert (path.read_text(), bob.text_area(key="rates-text").value) == (hers, his)
        assert "Say above what becomes of your changes, then save them." in words(bob)
        bob = screen.press(bob, ON_TOP)
        assert ON_TOP_DONE in words(bob) and path.read_text() == hers
        bob = screen.press(bob, "Save the rates")
        assert not bob.error and ON_TOP_DONE not in words(bob)
        assert path.read_text() == his.replace("2.50, currency: USD", "2.50, currency: EUR")

    @pytest.mark.parametrize(
        ("word", "other", "said"),
        [
            ("name: gpu", "name: gpus", "no bill has hours of a pool called so, so this rate charges nothing. Did you"),
            ("GPU hour", "GPU hours", "no bill counts this pool in GPU hours, so this rate charges nothing. Did you"),
            ("USD", "CHF", "no bill is in CHF, so this rate charges nothing. Bills are in USD."),
        ],
    )
    def test_a_rate_that_charges_nothing_is_told(
        self, word: str, other: str, said: str, open_page: Open, own_cluster: str
    ) -> None:
        app = self.handed(open_page("settings", own_cluster), self.RATES.replace(word, other))
        (warning,) = app.warning
        assert said in screen.plain(warning.value)

    @pytest.mark.parametrize(
        ("text", "why", "said"),
        [
            (RATES, "", "Nothing says why this changes"),
            ("version: 1", "because", "rates is missing"),
            (RATES.replace("USD", "ZZZ"), "because", "ZZZ is no currency"),
            (RATES.replace("2.50", "-1"), "because", "-1 is refused, because a rate below 0 would pay teams"),
        ],
    )
    def test_what_cannot_be_is_refused(self, text: str, why: str, said: str, open_page: Open, own_cluster: str) -> None:
        app = open_page("settings", own_cluster)
        app.text_area(key="rates-text").set_value(text)
        app.text_input(key="rates-why").set_value(why)
        app = screen.press(app, "Save the rates")
        assert said in screen.plain(app.error[0].value)
        assert gettempdir() not in screen.everything(app)
        assert "No rate is agreed yet, so statements are at cost." in screen.everything(app)
