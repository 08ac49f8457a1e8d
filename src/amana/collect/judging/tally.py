"""Count what came and what became of it, by names that cannot carry anything else."""

import datetime as dt
import re
from typing import Final, Literal, TypeAlias

from amana.kernel import clock

Reason: TypeAlias = Literal[
    "undeclared_event", "undeclared_property", "wrong_type", "too_long", "address_in_text",
    "identity_from_public_key", "id_without_consent", "bot", "gpc", "repeat", "malformed", "no_such_key", "origin",
]  # fmt: skip
ACCEPTED: Final = ""
OTHER: Final = "(other)"
# Undeclared names come from outside: only so many in a day, and only what looks like a name, are written down.
MOST_NAMES: Final = 200
LONGEST: Final = 60
# Up to eight words of Latin letters, and a number below a hundred: no address, no telephone number, no token.
_NAME: Final = re.compile(
    r"[$_]{0,2}[A-Za-z]{1,30}(?:[ $_.:-]{1,3}[A-Za-z]{1,30}){0,7}[ $_.:-]{0,3}[0-9]{0,2}", re.ASCII
)
# Where an e-mail address lost its @ (`noor.mail.example`, `noor_mail_com`, `noor at mail dot com`), its end is left.
_ADDRESS: Final = re.compile(
    r"(?:\.(?:[a-z]{2}|net|org|edu|gov|info|biz|example)|[ $_.:-]com|[ _-]dot[ _-][a-z]+)(?![a-z])",
    re.ASCII | re.IGNORECASE,
)

Key: TypeAlias = tuple[int, str, str, str]
Tally: TypeAlias = dict[Key, int]
_undeclared: set[str] = set()
_day = dt.date.min


def count(tally: Tally, source: int, event: str, reason: str, *, name: str = "", by: int = 1) -> None:
    """Add to a tally: `event` and `name` (of a property) as they are to be shown, see `shown`."""
    key = (source, event, name, reason)
    tally[key] = tally.get(key, 0) + by


def shown(name: str) -> str:
    """Return an undeclared name as it may be written down: itself, or `(other)`."""
    global _day
    today = clock.now().date()
    if today != _day:
        _undeclared.clear()
        _day = today
    if name in _undeclared:
        return name
    if len(_undeclared) >= MOST_NAMES or not _is_name(name):
        return OTHER
    _undeclared.add(name)
    return name


def _is_name(name: str) -> bool:
    return len(name) <= LONGEST and _NAME.fullmatch(name) is not None and _ADDRESS.search(name) is None


def merge(into: Tally, more: Tally) -> None:
    """Add one tally to another."""
    for key, number in more.items():
        into[key] = into.get(key, 0) + number
