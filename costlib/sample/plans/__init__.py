"""The four stories of the sample company as plan files, worked through: what is known, what is guessed, what is asked.

Figures of the sample's own bills and measurements are invented with it; ranges from elsewhere name their source. Plans
without a baseline act on the forecast of the sample's bills; the start-up is another company and brings its own.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

_FOLDER = Path(__file__).parent

#: Name of each plan in the state, and its file.
PLANS: Final[dict[str, Path]] = {
    name: _FOLDER / f"{name}.yaml" for name in ("fraud", "search-recommendations", "company", "startup")
}
#: What was carried out before: its name in the state, the plan as it was decided, and what is on record of it.
PAST: Final = "past"
PAST_PLAN: Final = _FOLDER / "past.yaml"
PAST_RECORD: Final = _FOLDER / "past_record.yaml"
#: Launch reviews: one model that was approved and shipped, one that waits for a decision.
LAUNCHES: Final = _FOLDER / "launches.yaml"
