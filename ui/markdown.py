"""Text of the bills, of plans and of readers as Markdown: shown as it is, whatever signs are in it."""

from __future__ import annotations


def literal(text: str) -> str:
    """Text as Markdown that shows it letter for letter: currency signs are not formulas, names are not markup.

    A minus is joined to its currency sign, so that no line ends between them.

    >>> literal("$5 for <b>*x*</b>")
    '\\\\$5 for \\\\<b\\\\>\\\\*x\\\\*\\\\</b\\\\>'
    """
    marked = (f"\\{letter}" if letter in "\\`*_{}[]<>()#+-.!|$~:&=" else letter for letter in text)
    return "".join(marked).replace("−\\$", "−\u2060\\$")
