"""Filters as a person types them: ``x_Team=Search``, ``x_Team!=Search``, ``x_Team=`` for the unknown value."""

from __future__ import annotations

from collections.abc import Sequence

from costlib.errors import QueryError
from costlib.store.query import Filter, dimension


def filters_of(texts: Sequence[str]) -> tuple[Filter, ...]:
    """The filters; several on one dimension with ``=`` mean any of them.

    Raises ``QueryError``.

    >>> [(item.dimension, item.values) for item in filters_of(["x_Team=Search", "x_Team=Fraud", "x_Model="])]
    [('x_Team', ('Search', 'Fraud')), ('x_Model', (None,))]
    """
    values: dict[tuple[str, bool], list[str | None]] = {}
    for text in texts:
        name, sign, value = text.partition("=")
        if not sign:
            raise QueryError(
                f"{text} is not a filter", expected="DIMENSION=VALUE", fix="Write for example x_Team=Search."
            )
        exclude = name.endswith("!")
        values.setdefault((dimension(name.rstrip("!").strip()), exclude), []).append(value.strip() or None)
    return tuple(Filter(name, tuple(found), exclude) for (name, exclude), found in values.items())
