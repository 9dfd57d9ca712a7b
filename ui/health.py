"""The health route: 200 where a published state can be read or none exists yet, 503 with the reason otherwise."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse

from costlib.errors import CostError, EmptyStore
from costlib.settings import read_settings
from costlib.store.manifest import Manifest
from costlib.workspace import Workspace


def health(request: Request) -> JSONResponse:
    """The store's state as JSON, after a question to it."""
    del request
    try:
        snapshot = Workspace(read_settings().store).snapshot()
        snapshot.reader.window()
    except EmptyStore:
        return JSONResponse({"status": "empty"})
    except CostError as error:
        return JSONResponse({"status": "unavailable", "reason": str(error)}, status_code=503)
    return JSONResponse({"status": "ok", **_figures(snapshot.state)})


def _figures(state: Manifest) -> dict[str, object]:
    """What to watch: how old the figures are, how many rows, and whether they tie out (see docs/running.md)."""
    entries = [entry for part in state.parts for entry in part.tie_outs]
    return {
        "generation": state.generation,
        "published_at": state.published_at,
        "data_date": state.data_date.isoformat() if state.data_date else None,
        "line_items": sum(entry.rows_loaded for entry in entries),
        "set_aside": sum(entry.rows_quarantined for entry in entries),
        "ties_out": all(entry.tied_out for entry in entries),
    }
