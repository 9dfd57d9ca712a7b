"""The sample company: its accounts, and the tags its people write.

Account numbers are those that AWS's documentation uses for examples. The names of owners are the true ones;
tags are what people typed, with mixed case, stray blanks, aliases and typos.
"""

from __future__ import annotations

from typing import Final

from costlib.sample.lines import Owner

NAME: Final = "Northlight Commerce (sample)"

PAYER: Final = "111122223333"
ML_PROD: Final = "444455556666"
ML_DEV: Final = "777788889999"
DATA: Final = "123456789012"
WEB: Final = "222222222222"

ACCOUNT_NAMES: Final = {
    PAYER: NAME,
    ML_PROD: "northlight-ml-prod (sample)",
    ML_DEV: "northlight-ml-dev (sample)",
    DATA: "northlight-data (sample)",
    WEB: "northlight-web (sample)",
}

FRAUD: Final = "Fraud"
SEARCH: Final = "Search"
RECS: Final = "Recommendations"
ASSISTANT: Final = "Support Assistant"
DATA_PLATFORM: Final = "Data Platform"
ML_PLATFORM: Final = "ML Platform"
STOREFRONT: Final = "Storefront"
PAYMENTS: Final = "Payments"

EXPERIMENTATION: Final = "experimentation"
TRAINING: Final = "training"
BATCH: Final = "batch inference"
REAL_TIME: Final = "real-time inference"
PIPELINE: Final = "data pipeline"
STORAGE: Final = "storage"
OVERHEAD: Final = "MLOps overhead"
IDLE: Final = "idle"

#: Two teams run on the cluster; the bill alone does not say who used how much.
CLUSTER_OWNER: Final = Owner(None, None, REAL_TIME)
NOBODY: Final = Owner(None, scope="Other")


def tags(team: str | None = None, **others: str) -> dict[str, str]:
    """Resource tags with the keys of CUR 2.0: tags that users wrote begin with ``user_``.

    >>> tags("recs", stage="train")
    {'user_team': 'recs', 'user_stage': 'train'}
    """
    written = {"team": team, **others}
    return {f"user_{key}": value for key, value in written.items() if value is not None}
