"""What a person sees and undoes beside the choices: browsers linked to them, and what they stopped."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.http import QueryDict
from django.utils.translation import gettext

from amana.customers import lifting
from amana.customers.identity import actions, queries, shown
from amana.customers.lifting import Narrowed
from amana.customers.shown import Reader
from amana.gate import evidence
from amana.kernel.ids import CustomerId
from amana.kernel.text import reader_language
from amana.policy import queries as policy
from amana.policy.queries import Wording


@dataclass(frozen=True, slots=True)
class Stopped:
    """An objection or restriction that stands, said to the person."""

    id: str
    text: str


@dataclass(frozen=True, slots=True)
class Own:
    """What the section shows."""

    browsers: tuple[shown.Browser, ...]
    narrowed: tuple[Stopped, ...]


def page(token: str, *, customer: CustomerId, who: Reader, asked: Sequence[Wording]) -> Own:
    """Return what is linked to the holder of a preference link, and what they stopped.

    An objection to what is asked for above is left out: switching it on there takes it back.
    """
    running = policy.current().policy
    choices = {(one.purpose, one.channel) for one in asked}
    return Own(
        browsers=shown.browsers(queries.pseudonyms_of(customer), running, who),
        narrowed=tuple(
            Stopped(_key(one), _said(one, who))
            for one in lifting.narrowed(evidence.decisions(token))
            if (one.purpose, one.channel) not in choices
        ),
    )


def _key(one: Narrowed) -> str:
    return f"{one.kind}-{one.purpose or 'all'}-{one.channel or 'all'}"


def _said(one: Narrowed, who: Reader) -> str:
    if one.kind == "restriction_lifted":
        return gettext("You restricted the use of all your data.")
    found = policy.current().policy.purposes.get(one.purpose or "")
    name = found.name.in_(who.language) if found else one.purpose or ""
    return gettext("You objected to: %(purpose)s") % {"purpose": name}


def _detach(token: str, sent: QueryDict) -> str:
    holder = evidence.holder(token).customer
    for edge in _edges(sent):
        actions.detach(edge=edge, customer=holder)
    return "unlinked"


def _exclude(token: str, sent: QueryDict) -> str:
    holder = evidence.holder(token).customer
    for edge in _edges(sent):
        actions.exclude_before(edge=edge, customer=holder)
    return "excluded"


def _lift(token: str, sent: QueryDict) -> str:
    for one in lifting.narrowed(evidence.decisions(token)):
        if _key(one) == sent.get("what"):
            return "asked" if lifting.ask(token, what=one, language=reader_language()) else "later"
    return ""


def _edges(sent: QueryDict) -> list[int]:
    return [
        int(edge) for edge in sent.getlist("edge") if edge.isascii() and edge.isdigit() and len(edge) < 19
    ]


ACTS: Final[Mapping[str, Callable[[str, QueryDict], str]]] = {
    "detach": _detach,
    "exclude": _exclude,
    "lift": _lift,
}


def done() -> Mapping[str, str]:
    """Say what an act did."""
    return {
        "unlinked": gettext("Unlinked. What is browsed there no longer counts as yours."),
        "excluded": gettext("Left out. What was browsed there before no longer counts as yours."),
    }
