"""Imports run one way, only the screen knows Streamlit, and nothing happens on import but definitions.

foundation <- sources <- store <- attribution, analysis, economics <- roadmap <- sample, workspace, commands; charts and
briefs stand beside: they draw and word figures that they are given; series reads long tables from files.
"""

from __future__ import annotations

import ast
import functools
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[1]
PACKAGE = REPOSITORY / "costlib"

FOUNDATION = {"errors", "fiscal", "focus", "money", "periods", "rates", "settings", "stopping", "wording", "yaml_text"}
#: What each part may import besides itself and the foundation, by the name below costlib.
MAY_IMPORT = {
    **{name: set() for name in FOUNDATION},
    "sql": set(),
    "sources": {"sql"},
    "store": {"sources"},
    "attribution": {"sources", "store"},
    "analysis": {"sources", "store"},
    "economics": {"sources", "store"},
    "roadmap": {"sources", "store", "attribution", "analysis", "economics"},
    "state": {"analysis", "roadmap"},
    "outlook": {"sources", "store", "analysis", "roadmap"},
    "series": {"analysis"},
    "metrics": {"sources", "store", "analysis"},
    "runs": {"sources", "store", "analysis", "metrics"},
    "charts": {"analysis"},
    "documents": {"charts"},
    "briefs": {"analysis", "attribution", "charts", "documents", "roadmap"},
    "evidence": {"analysis", "attribution", "briefs", "outlook", "roadmap", "sample", "state", "store", "workspace"}
    | {"metrics"},
    "sample": {"sources", "store", "attribution", "analysis", "economics", "roadmap"},
    "workspace": {"sources", "store", "attribution", "roadmap", "state", "outlook", "metrics"},
    "demo": {"sample", "workspace", "state", "roadmap", "metrics", "runs", "store"},
    "commands": {"sources", "store", "attribution", "analysis", "economics", "roadmap", "sample", "workspace"}
    | {"demo", "series", "charts", "briefs", "documents", "state", "outlook", "reports", "recompute", "scheduled"}
    | {"metrics", "runs"},
    "reports": {"state", "roadmap", "charts", "documents", "briefs", "evidence", "workspace"},
    "scheduled": {"analysis", "documents", "reports", "state", "store", "workspace"},
    "recompute": {"charts", "documents", "reports", "workspace"},
    "__main__": {"commands", "stopping"},
    "__init__": set(),
}
MODULES = sorted(PACKAGE.rglob("*.py"))
#: Statements of a module that define and do nothing else; a call is allowed on the right of a name.
DEFINITIONS = (
    ast.Import,
    ast.ImportFrom,
    ast.FunctionDef,
    ast.ClassDef,
    ast.Assign,
    ast.AnnAssign,
    ast.AsyncFunctionDef,
)
#: Calls that look at the world or change it.
EFFECTS = {"open", "print", "input", "exec", "eval", "connect", "run", "mkdir", "read_text", "write_text", "read_bytes",
           "getenv", "now", "today", "time", "unlink", "load", "urlopen", "system"}  # fmt: skip


def part_of(path: Path) -> str:
    """The part a module belongs to: the first name below costlib."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


@functools.cache
def imported(path: Path) -> tuple[str, ...]:
    """Full names of the modules that the file imports, anywhere in it."""
    found: list[str] = []
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            found += (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are written in full"
            found += (f"{node.module}.{alias.name}" for alias in node.names)
    return tuple(found)


def parts_imported(path: Path) -> set[str]:
    return {name.split(".")[1] for name in imported(path) if name.startswith("costlib.")}


def name(path: Path) -> str:
    return str(path.relative_to(REPOSITORY))


def test_every_part_has_its_place():
    assert {part_of(path) for path in MODULES} <= set(MAY_IMPORT)


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_no_arrow_runs_back(path):
    part = part_of(path)
    allowed = {part} | MAY_IMPORT[part] | (FOUNDATION if part not in FOUNDATION | {"__init__"} else FOUNDATION - {part})
    assert parts_imported(path) <= allowed, f"{part} may import {sorted(MAY_IMPORT[part])} and the foundation only"


def test_the_order_itself_has_no_way_back():
    for part, others in MAY_IMPORT.items():
        for other in others:
            assert part not in MAY_IMPORT[other], f"{part} and {other} import each other"


def test_the_foundation_has_no_cycle():
    arrows = {part: parts_imported(PACKAGE / f"{part}.py") for part in FOUNDATION}
    while arrows:
        free = {part for part, others in arrows.items() if not others & set(arrows)}
        assert free, f"a cycle among {sorted(arrows)}"
        arrows = {part: others for part, others in arrows.items() if part not in free}


def test_attribution_needs_of_sources_how_a_literal_is_written_and_no_more():
    names = {found for path in (PACKAGE / "attribution").rglob("*.py") for found in imported(path)}
    assert {found for found in names if found.startswith("costlib.sources")} <= {"costlib.sources.native.literal"}


def test_only_the_screen_knows_streamlit():
    elsewhere = [name(path) for path in MODULES if any(found.split(".")[0] == "streamlit" for found in imported(path))]
    assert elsewhere == []


def test_only_settings_reads_the_environment():
    for path in MODULES:
        reads = [
            node
            for node in ast.walk(tree(path))
            if isinstance(node, ast.Attribute) and node.attr in ("environ", "getenv")
        ]
        assert not reads or path.name == "settings.py", f"{name(path)} reads the environment"


def test_no_broad_except_in_the_package():
    for path in MODULES:
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.ExceptHandler):
                caught = ast.unparse(node.type) if node.type else "everything"
                assert caught not in ("everything", "Exception", "BaseException"), f"{name(path)}:{node.lineno}"


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_nothing_runs_on_import_but_definitions(path):
    for statement in tree(path).body:
        if (
            isinstance(statement, DEFINITIONS)
            or is_docstring(statement)
            or is_guarded(statement)
            or registers(statement)
        ):
            effects = set() if is_guarded(statement) else effects_of(statement)
            assert not effects, f"line {statement.lineno} calls {effects}"
        else:
            pytest.fail(f"line {statement.lineno} runs on import: {ast.unparse(statement)[:80]}")


def is_docstring(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def is_guarded(statement: ast.stmt) -> bool:
    """``if __name__ == "__main__"`` and ``if TYPE_CHECKING``."""
    return isinstance(statement, ast.If) and ast.unparse(statement.test) in ("__name__ == '__main__'", "TYPE_CHECKING")


def registers(statement: ast.stmt) -> bool:
    """The command line hands its functions to typer: ``app.command()(...)``, ``app.add_typer(...)``."""
    lines = statement.body if isinstance(statement, ast.For) else [statement]
    return all(isinstance(line, ast.Expr) and ast.unparse(line).startswith("app.") for line in lines)


def effects_of(statement: ast.stmt) -> set[str]:
    """Names of calls with effects in the statement, bodies of functions left out."""
    if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef)):
        return set()
    if isinstance(statement, ast.ClassDef):
        return {effect for inner in statement.body for effect in effects_of(inner)}
    calls = (node.func for node in ast.walk(statement) if isinstance(node, ast.Call))
    return {ast.unparse(called).rpartition(".")[2] for called in calls} & EFFECTS


def test_importing_the_command_line_writes_nothing_and_calls_nobody():
    """The same from outside: an audit hook sees every file opened to write, every folder made, every connection."""
    code = """
import sys
seen = []
def hook(event, arguments):
    writes = event == "open" and isinstance(arguments[1], str) and set(arguments[1]) & set("wax+")
    if writes or event in ("os.mkdir", "os.remove", "os.rename", "socket.connect", "subprocess.Popen"):
        seen.append((event, arguments))
sys.dont_write_bytecode = True
sys.addaudithook(hook)
import costlib.__main__, costlib.commands
from costlib.sources import all_sources
all_sources()
sys.exit(f"on import: {seen}" if seen else 0)
"""
    ended = subprocess.run([sys.executable, "-c", code], cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
