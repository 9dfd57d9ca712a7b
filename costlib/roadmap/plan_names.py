"""What a reader calls the initiatives of a plan, each by a name of its own.

Conventions: an id is unique in a plan, a title need not be; a chart draws one name once, and in a sentence of a
document braces name a figure, so that a name has none.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from costlib.roadmap.plan_model import Initiative


def names_by_id(initiatives: Sequence[Initiative]) -> dict[str, str]:
    """The name of each initiative by its id: its title, else its id; with the id in brackets where two share a title.

    >>> twice = [Initiative(id="a", title="Right-size"), Initiative(id="b", title="Right-size"), Initiative(id="c")]
    >>> names_by_id(twice)
    {'a': 'Right-size (a)', 'b': 'Right-size (b)', 'c': 'c'}
    """
    titles = {one.id: _plain(one.title) or _plain(one.id) for one in initiatives}
    counted = Counter(titles.values())
    return {id: name if counted[name] == 1 else f"{name} ({_plain(id)})" for id, name in titles.items()}


def _plain(name: str) -> str:
    """A name on one line, its braces round."""
    return " ".join(name.replace("{", "(").replace("}", ")").split())
