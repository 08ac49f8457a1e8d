"""Who a call says it is about: believed only from a server of the retailer, and only what the policy lists."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from amana.collect.judging import consent, tally
from amana.collect.judging.judge import EMPTY, Visit
from amana.collect.wire import Context, Message

IDENTIFY: Final = "identify"
LONGEST: Final = 2000
# Calls that only name people; they leave no event.
NAMING: Final = frozenset({"identify", "alias"})


@dataclass(frozen=True, slots=True)
class Identified:
    """What a server of the retailer tells of one of its users: texts by trait, and the purposes they agreed to."""

    user_id: str
    anonymous_id: str
    traits: dict[str, str]
    purposes: frozenset[str]
    arabic: bool


@dataclass(frozen=True, slots=True)
class Handed:
    """A browser brings the word it got when its visitor signed in: whose it is, the word alone says."""

    word: str
    anonymous_id: str
    purposes: frozenset[str]


def identified(message: Message, visit: Visit) -> Identified | Handed | None:
    """Return whom an identify with the server key names, or what a browser hands over after signing in.

    Everything else is counted as dropped, and None returned.
    """
    context = message.context or visit.context or EMPTY
    if message.type != IDENTIFY:
        visit.count(message.type, "undeclared_event")
        return None
    # Some libraries put an identify's traits into its context.
    traits = message.traits or context.traits or {}
    if not visit.trusted:
        for name in traits:
            known = name in visit.rules.traits
            reason = "identity_from_public_key" if known else "undeclared_property"
            visit.count(IDENTIFY, reason, of=name if known else tally.shown(name))
        if context.handover is not None and message.type == IDENTIFY:
            return _handed(message, visit, context, context.handover)
        if message.userId or message.anonymousId:
            visit.count(
                IDENTIFY, "identity_from_public_key", of="userId" if message.userId else "anonymousId"
            )
        return None
    if not message.userId:
        visit.count(IDENTIFY, "malformed", of="userId")
        return None
    return _trusted(message, visit, context, traits)


def _handed(message: Message, visit: Visit, context: Context, word: str) -> Handed | None:
    """Return what is handed over, where the visitor allowed anything; one in a request, which is all a tag sends."""
    purposes, stopped = consent.allowed(visit.rules, context, gpc=visit.gpc)
    if not purposes:
        visit.count(IDENTIFY, "gpc" if stopped else "id_without_consent", of="handover")
    elif visit.handed or not message.anonymousId:
        visit.count(IDENTIFY, "malformed", of="handover")
    else:
        visit.handed = True
        return Handed(word, str(message.anonymousId)[: consent.LONGEST_ID], purposes)
    return None


def _trusted(message: Message, visit: Visit, context: Context, traits: Mapping[str, Any]) -> Identified:
    values: dict[str, str] = {}
    for name, value in traits.items():
        if name not in visit.rules.traits:
            visit.count(IDENTIFY, "undeclared_property", of=tally.shown(name))
        elif value is not None and value != "":
            if type(value) not in (str, int):
                visit.count(IDENTIFY, "wrong_type", of=name)
            elif len(text := str(value)) > LONGEST:
                visit.count(IDENTIFY, "too_long", of=name)
            else:
                values[name] = text
    purposes, _ = consent.allowed(visit.rules, context, gpc=visit.gpc)
    language = traits.get("language") or context.locale or ""
    return Identified(
        user_id=str(message.userId)[: consent.LONGEST_ID],
        anonymous_id=str(message.anonymousId or "")[: consent.LONGEST_ID],
        traits=values,
        purposes=purposes,
        arabic=not str(language).startswith("en"),
    )
