"""How words begin a sentence, and how they stand in a row in one."""

from __future__ import annotations

from collections.abc import Sequence


def capital(text: str) -> str:
    """The text with a capital first letter, all others as they are.

    >>> capital("spend on AWS"), capital("iPhones"), capital("€5 on bills in EUR"), capital("")
    ('Spend on AWS', 'IPhones', '€5 on bills in EUR', '')
    """
    return text[:1].upper() + text[1:]


def listed(names: Sequence[str], most: int | None = None) -> str:
    """The names as a sentence lists them, in their order; those beyond the first ``most`` are counted.

    >>> listed([]), listed(["a"]), listed(["a", "b"]), listed(["a", "b", "c"])
    ('', 'a', 'a and b', 'a, b and c')
    >>> listed(["a", "b", "c", "d", "e"], 3)
    'a, b, c and 2 more'
    """
    shown = names if most is None or len(names) <= most else [*names[:most], f"{len(names) - most} more"]
    return " and ".join(filter(None, (", ".join(shown[:-1]), *shown[-1:])))
