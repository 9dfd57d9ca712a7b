"""What is asked of AWS Cost Explorer, as an address says it.

``aws-cost-explorer:?from=2026-08-01&to=2026-10-01&by=SERVICE,TAG:team``: whole months, the end not included; ``by``
holds at most two keys (``cost_explorer.KEYS`` and tags); ``profile`` and ``region`` where they are not those of the
usual AWS environment.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import parse_qs

from costlib.errors import InputError, did_you_mean
from costlib.focus import fold
from costlib.periods import Window
from costlib.sources import cost_explorer as ce
from costlib.sources.web_address import days_of

DEFAULT_KEYS = ("SERVICE", "LINKED_ACCOUNT")
_OPTIONS = ("from", "to", "by", "profile", "region")
#: Cost Explorer has one endpoint for all regions.
_REGION = "us-east-1"


@dataclass(frozen=True)
class Asked:
    """What is asked for; ``window`` where the address says it."""

    window: Window | None
    keys: tuple[str, ...]
    profile: str | None
    region: str


def asked(where: str) -> Asked:
    """What the address asks for.

    Raises ``InputError``.

    >>> asked("aws-cost-explorer:?by=service,tag:team").keys
    ('SERVICE', 'TAG:team')
    """
    options = parse_qs(where.partition(":")[2].lstrip("?"))
    for name in options:
        if name not in _OPTIONS:
            hint = did_you_mean(name, _OPTIONS)
            raise InputError(f"{where}: there is no option {name}", expected=", ".join(_OPTIONS), fix=hint)
    given = {name: values[-1] for name, values in options.items()}
    return Asked(days_of(where, given), _keys(given.get("by")), given.get("profile"), given.get("region", _REGION))


def is_address(where: str) -> bool:
    """Whether a place to load from is Cost Explorer.

    >>> is_address("aws-cost-explorer:?from=2026-09-01&to=2026-10-01"), is_address("cost-explorer.csv")
    (True, False)
    """
    return where.startswith(f"{ce.TYPE}:")


def known_key(name: str) -> str | None:
    """A key as AWS spells it, from any spelling; None for one that cannot be asked for.

    >>> known_key("linked account"), known_key("TAG:team"), known_key("colour")
    ('LINKED_ACCOUNT', 'TAG:team', None)
    """
    if name.upper().startswith(ce.TAG) and len(name) > len(ce.TAG):
        return ce.TAG + name[len(ce.TAG) :]
    return next((key for key in ce.KEYS if fold(key) == fold(name)), None)


def _keys(text: str | None) -> tuple[str, ...]:
    if not text:
        return DEFAULT_KEYS
    names = [name.strip() for name in text.split(",") if name.strip()]
    keys = [known_key(name) for name in names]
    for name, key in zip(names, keys, strict=True):
        if key is None:
            raise InputError(
                f"Cost Explorer cannot be asked by {name}",
                expected=f"{', '.join(ce.KEYS)} or {ce.TAG}name",
                fix=did_you_mean(name, ce.KEYS),
            )
    if len(set(keys)) != len(names) or len(names) > 2:
        raise InputError(
            f"Cost Explorer is asked by {', '.join(names)}",
            expected="at most two different keys",
            fix="Leave some out.",
        )
    return tuple(key for key in keys if key)
