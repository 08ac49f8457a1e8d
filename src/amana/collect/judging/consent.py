"""What a visitor's own choice allows: which purposes, and the pseudonym that each of them gets."""

from functools import lru_cache
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
    # Only the policy's own categories are looked up, in one order: what is remembered of them stays small.
    found = _purposes(
        rules, tuple([category for category in rules.categories if preferences.get(category) is True])
    )
    stopped = gpc and not found.isdisjoint(rules.gpc_stops)
    return (found - rules.gpc_stops if stopped else found), stopped


@lru_cache(maxsize=256)
def _purposes(rules: Rules, categories: tuple[str, ...]) -> frozenset[str]:
    return NOTHING.union(*(rules.categories.get(category, NOTHING) for category in categories))


def trails(
    purposes: frozenset[str], anonymous_id: str | int | None, user_id: str | int | None
) -> dict[str, str] | None:
    """Return the pseudonym for each purpose: the browser's where it has an identifier, else the user's."""
    if not purposes:
        return None
    if anonymous_id:
        return _trails(purposes, str(anonymous_id)[:LONGEST_ID], "anonymous")
    return _trails(purposes, str(user_id)[:LONGEST_ID], "user")


# One browser sends many events; remembered in memory alone, and only so many. Nobody changes what is returned.
@lru_cache(maxsize=16_384)
def _trails(purposes: frozenset[str], identifier: str, kind: pseudonyms.Kind) -> dict[str, str]:
    return {purpose: pseudonyms.person(purpose, identifier, kind) for purpose in sorted(purposes)}
