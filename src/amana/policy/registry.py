"""Where rooms say which names of the policy their code uses, so that start-up can compare.

A room that names fields, purposes and so on declares them once, in its `__init__.py`:

    USES = Uses(fields=frozenset({"name", "email"}), purposes=frozenset({"marketing"}))
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from types import ModuleType

NONE: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Uses:
    """The names of the policy that a room's code holds."""

    fields: frozenset[str] = NONE
    purposes: frozenset[str] = NONE
    roles: frozenset[str] = NONE
    recipients: frozenset[str] = NONE
    channels: frozenset[str] = NONE
    tasks: frozenset[str] = NONE
    sources: frozenset[str] = NONE


def declared(rooms: Iterable[ModuleType]) -> Mapping[str, frozenset[str]]:
    """Return all names the rooms declare, by kind. Raises TypeError for a `USES` of another type."""
    found: dict[str, frozenset[str]] = {part.name: NONE for part in fields(Uses)}
    for room in rooms:
        uses = getattr(room, "USES", Uses())
        if not isinstance(uses, Uses):
            raise TypeError(f"{room.__name__}.USES is not Uses")
        found = {kind: names | getattr(uses, kind) for kind, names in found.items()}
    return found
