"""What is loaded, as one JSON document: every (source, account, period, currency) with its tie-out."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from typing import Any

from costlib.focus import BILLED
from costlib.money import exact, total
from costlib.sources import source_of_type
from costlib.store.manifest import Manifest, Part, Sums, TieOut


def status_document(state: Manifest) -> dict[str, Any]:
    """The state's loads and totals; amounts are exact decimal strings, None where unknown."""
    return {
        "generation": state.generation,
        "sequence": state.sequence,
        "published_at": state.published_at,
        "engine": state.engine,
        "rules": state.rules,
        "data_date": state.data_date.isoformat() if state.data_date else None,
        "loads": [_load(part, entry) for part in state.parts for entry in part.tie_outs],
        "totals": {"rows": sum(_rows(state)), BILLED: {code: exact(billed) for code, billed in _billed(state).items()}},
    }


def _load(part: Part, entry: TieOut) -> dict[str, Any]:
    return {
        "source": part.source,
        "source_type": part.source_type,
        "grain": source_of_type(part.source_type).grain,
        "account": part.account,
        "period": part.period,
        "currency": entry.currency,
        "rows_in": entry.rows_in,
        "rows_loaded": entry.rows_loaded,
        "rows_quarantined": entry.rows_quarantined,
        "rows_apart": entry.rows_apart,
        "sums_in": _texts(entry.sums_in),
        "sums_store": _texts(entry.sums_store),
        "sums_quarantined": _texts(entry.sums_quarantined),
        "sums_apart": _texts(entry.sums_apart),
        "untied": _texts(entry.untied),
        "tied_out": entry.tied_out,
        "quarantine": part.quarantine,
        "delivery": part.delivery,
    }


def _texts(sums: Sums) -> dict[str, str | None]:
    return {name: exact(amount) for name, amount in sums.items()}


def _rows(state: Manifest) -> list[int]:
    return [entry.rows_loaded for part in state.parts for entry in part.tie_outs]


def _billed(state: Manifest) -> dict[str, Decimal | None]:
    sums: defaultdict[str, list[Decimal | None]] = defaultdict(list)
    for part in state.parts:
        for entry in part.tie_outs:
            if entry.rows_loaded:
                sums[str(entry.currency)].append(entry.sums_store[BILLED])
    return {currency: total(amounts) for currency, amounts in sorted(sums.items())}
