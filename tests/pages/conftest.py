"""The pages as a reader meets them: the frame on a store of choice, without a server or a browser."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.runtime.context import ContextProxy
from streamlit.runtime.scriptrunner import exec_code
from streamlit.testing.v1 import AppTest

from costlib.state.plans import PlanStore
from tests.installed import packages_scanned_once
from tests.pages import plans, stores
from ui import panels

__all__ = ["packages_scanned_once"]

ROOT = Path(__file__).parents[2]
#: Modules whose buttons are out of use for roles that may not press them.
BARRING = ("budgets.locked", "budgets.page", "editing.card", "editing.form", "editing.stage", "launches.decide")
BARRING += ("launches.form", "portfolio.ledger", "roadmap.files", "roadmap.history", "roadmap.proposals")
BARRING += ("reports.final", "roadmap.target", "roadmap.views", "savings.sign", "who")
#: Every page of the application, by its file's name.
PAGES = tuple(sorted(path.stem for path in (ROOT / "pages").glob("*.py")))
#: Pages of figures under a cost measure; Sources shows exact sums of all bills, Budgets what is locked, plans are in
#: effective cost.
_OTHER = ("sources", "budgets", "roadmap", "savings", "portfolio", "reports", "settings", "showback", "dispute")
_OTHER += ("launch_review",)
_OTHER += ("unit_costs", "runs")  # they need counts and runs, which those stores do not hold
FIGURE_PAGES = tuple(page for page in PAGES if page not in _OTHER)

Open = Callable[..., AppTest]


@pytest.fixture(scope="session")
def store_of(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """The folder of a store by its name: demo, empty, damaged, or one of ``stores.SMALL``."""

    def find(name: str) -> Path:
        if Path(name).is_absolute():
            return Path(name)
        if name in stores.SMALL:
            return stores.small(tmp_path_factory, name)
        return {"demo": stores.demo, "empty": stores.empty, "damaged": stores.damaged}[name](tmp_path_factory)

    return find


@pytest.fixture
def own_store(tmp_path: Path, store_of: Callable[[str], Path]) -> Callable[[str], str]:
    """A copy of a store that a test may write to, by its path; the line items stay where they are."""

    def copy(name: str) -> str:
        folder = tmp_path / name
        shutil.copytree(store_of(name), folder, ignore=shutil.ignore_patterns("state.db*"))
        return str(folder)

    return copy


@pytest.fixture
def reader_at(monkeypatch: pytest.MonkeyPatch) -> Callable[[str | None], None]:
    """Sets the address that Streamlit says the reader has."""

    def sit(address: str | None) -> None:
        monkeypatch.setattr(ContextProxy, "ip_address", property(lambda self: address))

    return sit


@pytest.fixture
def frame(
    monkeypatch: pytest.MonkeyPatch, store_of: Callable[[str], Path], reader_at: Callable[[str | None], None]
) -> Callable[[str], AppTest]:
    """The frame on a store, not yet run, its errors handled as ``app.py`` has them handled."""
    handle = exec_code.handle_user_script_exception
    monkeypatch.setattr(exec_code, "handle_user_script_exception", lambda error, _: handle(error, panels.failure))
    reader_at(None)

    def on(store: str) -> AppTest:
        monkeypatch.setenv("GLIDEPATH_STORE", str(store_of(store)))
        return AppTest.from_file(str(ROOT / "ui" / "frame.py"), default_timeout=60)

    return on


@pytest.fixture
def open_page(frame: Callable[[str], AppTest]) -> Open:
    """A page on a store, run once, under the choices of an address."""

    def opened(page: str, store: str = "demo", **address: str | list[str]) -> AppTest:
        app = frame(store)
        app.query_params.update(address)
        if page != "overview":
            app.switch_page(f"../pages/{page}.py")
        return app.run()

    return opened


@pytest.fixture
def unbarred(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every button can be pressed by every role: what is written is then up to what a press does."""
    for name in BARRING:
        monkeypatch.setattr(f"ui.{name}.barred", lambda *_: {"disabled": False, "help": None})


@pytest.fixture
def saved(tmp_path: Path, store_of: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch) -> PlanStore:
    """The sample's plans in a copy that the page writes to."""
    url = plans.copied_state(store_of("demo"), tmp_path)
    monkeypatch.setenv("GLIDEPATH_STATE", url)
    return plans.plan_store(url)
