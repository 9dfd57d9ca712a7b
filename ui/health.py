"""The health route: 200 where a published state can be read or none exists yet, 503 with the reason otherwise."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse

from costlib.errors import CostError, EmptyStore
from costlib.settings import read_settings
from costlib.workspace import Workspace


def health(request: Request) -> JSONResponse:
    """The store's state as JSON: generation and data date."""
    del request
    try:
        state = Workspace(read_settings().store).snapshot().state
    except EmptyStore:
        return JSONResponse({"status": "empty"})
    except CostError as error:
        return JSONResponse({"status": "unavailable", "reason": str(error)}, status_code=503)
    return JSONResponse({"status": "ok", "generation": state.generation, "data_date": str(state.data_date)})
