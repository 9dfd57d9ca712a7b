"""How words begin a sentence."""

from __future__ import annotations


def capital(text: str) -> str:
    """The text with a capital first letter, all others as they are.

    >>> capital("spend on AWS"), capital("iPhones"), capital("€5 on bills in EUR"), capital("")
    ('Spend on AWS', 'IPhones', '€5 on bills in EUR', '')
    """
    return text[:1].upper() + text[1:]
