"""What a visitor's own choice allows: which purposes, and the pseudonym that each of them gets."""

from typing import Final

from amana.collect import pseudonyms
from amana.collect.judging.rules import Rules
from amana.collect.wire import Context

NOTHING: Final[frozenset[str]] = frozenset()
LONGEST_ID: Final = 512


def allowed(rules: Rules, context: Context, *, gpc: bool) -> tuple[frozenset[str], bool]:
    """Return the purposes the banner's categories allow, and whether Global Privacy Control stopped any.

    What is not said is not allowed; the signal (`Sec-GPC: 1`) stops what the policy says it stops, whatever was ticked.
    """
    preferences = context.consent.categoryPreferences if context.consent else None
    if not preferences:
        return NOTHING, False
    found = NOTHING.union(
        *(rules.categories.get(category, NOTHING) for category, yes in preferences.items() if yes is True)
    )
    stopped = gpc and not found.isdisjoint(rules.gpc_stops)
    return (found - rules.gpc_stops if stopped else found), stopped


def trails(
    purposes: frozenset[str], anonymous_id: str | int | None, user_id: str | int | None
) -> dict[str, str] | None:
    """Return the pseudonym for each purpose: the browser's where it has an identifier, else the user's."""
    if not purposes:
        return None
    if anonymous_id:
        identifier = str(anonymous_id)[:LONGEST_ID]
        return {purpose: pseudonyms.person(purpose, identifier) for purpose in sorted(purposes)}
    identifier = str(user_id)[:LONGEST_ID]
    return {purpose: pseudonyms.person(purpose, identifier, "user") for purpose in sorted(purposes)}
