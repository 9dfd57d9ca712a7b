"""Sources: one kind of export a file.

A new kind is one module here that defines ``SOURCE``, and one line in docs/sources.md. ``discovery`` finds what a path
holds; nothing here writes anything.
"""

from __future__ import annotations

import importlib
import pkgutil

from costlib.errors import InputError, did_you_mean
from costlib.sources.base import Source

__all__ = ["Source", "all_sources", "source_of_type"]


def all_sources() -> tuple[Source, ...]:
    """Every source in this package, by type."""
    names = [module.name for module in pkgutil.iter_modules(__path__)]
    modules = [importlib.import_module(f"{__name__}.{name}") for name in names]
    return tuple(
        sorted((module.SOURCE for module in modules if hasattr(module, "SOURCE")), key=lambda source: source.type)
    )


def source_of_type(wanted: str) -> Source:
    """The source of that type.

    Raises ``InputError`` with the known types.
    """
    known = {source.type: source for source in all_sources()}
    if wanted not in known:
        raise InputError(
            f"There is no source type {wanted}", expected=", ".join(known), fix=did_you_mean(wanted, known)
        )
    return known[wanted]
