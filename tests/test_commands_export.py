"""The export command: each kind under its options, one chart, and messages where something is missing."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from costlib.commands import app
from costlib.errors import InputError
from tests.small_company import company


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    return company(tmp_path_factory.mktemp("export")).store.root


def run(store, *arguments):
    return CliRunner().invoke(app, ["--store", str(store), "export", *map(str, arguments)])


class TestDocuments:
    @pytest.mark.parametrize(("ending", "start"), [("pdf", b"%PDF"), ("pptx", b"PK")])
    def test_a_statement_is_written_into_a_new_folder(self, store, tmp_path, ending, start):
        out = tmp_path / "new" / f"web.{ending}"
        found = run(store, "statement", "--team", "Web", "--month", "2026-04", "--out", out)
        assert found.exit_code == 0, found.output
        assert out.read_bytes().startswith(start)

    def test_what_was_written_holds(self, store, tmp_path):
        out = tmp_path / "one.pdf"
        assert run(store, "one-pager", "--story", "ads", "--paper", "letter", "--no-logo", "--out", out).exit_code == 0
        assert CliRunner().invoke(app, ["--store", str(store), "recompute", str(out)]).exit_code == 0

    @pytest.mark.parametrize(
        ("arguments", "message"),
        [
            (("letter", "--out", "x.pdf"), "no document 'letter'"),
            (("one-pager", "fraud", "--out", "x.pdf"), "takes no name"),
            (("one-pager", "--story", "ads", "--out", "x.docx"), "is no document"),
            (("statement", "--month", "September", "--out", "x.pdf"), "September is no month"),
            (
                ("statement", "--story", "ads", "--out", "x.pdf"),
                "for statement: --team and --month",
            ),
            (("one-pager", "--team", "Web", "--out", "x.pdf"), "no --team. Expected: for one-pager: --story"),
            (("variance", "--month", "2026-04", "--out", "x.pdf"), "no --month. Expected: for variance: --quarter"),
            (("chart", "spend", "--story", "ads", "--out", "x.svg"), "spend is of the bill and takes no --story"),
            (
                ("chart", "spend", "--out", "x.foo"),
                "x.foo is no chart. Expected: a name that ends in .pptx, .pdf, .svg, .png, .xlsx or .csv",
            ),
            (("chart", "plan-path", "--out", "x"), "x is no chart"),
            (("chart", "outlook", "--team", "Web", "--out", "x.svg"), "chart outlook takes no --team"),
            (("chart", "spend", "--no-logo", "--out", "x.svg"), "chart spend takes no --no-logo"),
            (("chart", "spend", "--currency", "EUR", "--out", "x.svg"), "chart spend takes no --currency"),
            (("statement", "--team", "Wep", "--month", "2026-04", "--out", "x.pdf"), "no team Wep"),
        ],
    )
    def test_what_is_wrong_is_said_and_nothing_written(self, store, tmp_path, arguments, message):
        out = tmp_path / arguments[-1]
        found = run(store, *arguments[:-1], out)
        assert message in str(found.exception or found.output)
        assert not Path(out).exists()


class TestChart:
    def test_it_is_written_in_the_format_of_its_name(self, store, tmp_path):
        out = tmp_path / "spend.svg"
        assert run(store, "chart", "spend", "--out", out).exit_code == 0
        assert out.read_text(encoding="utf-8").startswith("<svg")

    def test_without_a_name_the_names_are_listed(self, store, tmp_path):
        found = run(store, "chart", "--out", tmp_path / "x.svg")
        assert isinstance(found.exception, InputError)
        assert "The chart has no name" in str(found.exception) and "spend-by-team" in str(found.exception)

    def test_a_name_without_a_known_ending_is_refused_before_the_bills_are_read(self, tmp_path):
        found = run(tmp_path / "no store", "chart", "spend", "--out", tmp_path / "spend.doc")
        assert isinstance(found.exception, InputError) and "spend.doc is no chart" in str(found.exception)
