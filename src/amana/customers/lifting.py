"""Take back an objection or a restriction: it widens what may be done, so the address's owner confirms it by mail."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from django.db import transaction

from amana.consent.receipts import Decided
from amana.customers import actions, letters
from amana.gate import calls, evidence
from amana.gate.values import Planned
from amana.kernel.ids import CustomerId
from amana.kernel.text import Bilingual, Language
from amana.policy import queries as policy
from amana.post import actions as post

Kind: TypeAlias = Literal["objection_lifted", "restriction_lifted"]

RESTRICTION = Bilingual(
    ar="أوافق على رفع التقييد عن بياناتي، لتُستخدم من جديد كما يذكره إشعار الخصوصية.",
    en="I lift the restriction of my data, so that it may be used again as the privacy notice says.",
)


@dataclass(frozen=True, slots=True)
class Narrowed:
    """What a person may take back: an objection to one purpose and channel, or the restriction of everything."""

    kind: Kind
    purpose: str | None
    channel: str | None


def narrowed(decisions: tuple[Decided, ...]) -> tuple[Narrowed, ...]:
    """Return the objections and the restriction that stand by a person's decisions, given in their order."""
    objections: dict[tuple[str | None, str | None], bool] = {}
    restricted = False
    for one in decisions:
        if one.kind in ("objected", "objection_lifted", "given"):
            objections[one.purpose, one.channel] = one.kind == "objected"
        elif one.kind in ("restricted", "restriction_lifted"):
            restricted = one.kind == "restricted"
    stand = tuple(Narrowed("objection_lifted", *about) for about, holds in objections.items() if holds)
    return stand + ((Narrowed("restriction_lifted", None, None),) if restricted else ())


def words(*, kind: Kind, purpose: str | None) -> Bilingual:
    """Return what a person agrees to by lifting: kept as evidence as they read it."""
    if kind == "restriction_lifted":
        return RESTRICTION
    found = policy.current().policy.purposes.get(purpose or "")
    name = found.name if found else Bilingual(ar=purpose or "", en=purpose or "")
    return Bilingual(
        ar=f"أسحب اعتراضي على استخدام بياناتي لهذا الغرض: {name.ar}.",
        en=f"I take back my objection to the use of my data for this purpose: {name.en}.",
    )


def ask(token: str, *, what: Narrowed, language: Language) -> bool:
    """Ask the owner of the address to confirm a lift wanted on the preferences page; tell whether a mail was planned.

    None is planned when nothing stands to be lifted, or after three wishes within a day. Raises GateRefused.
    """
    asked = words(kind=what.kind, purpose=what.purpose)
    with transaction.atomic():
        task = calls.value(
            "SELECT public.customers_ask_to_lift(%s, %s, %s, %s, %s, %s, %s, %s)",
            token, what.kind, what.purpose, what.channel, _kept(asked, language), language,
        )  # fmt: skip
        return _mailed(task, evidence.holder(token).customer, asked)


def ask_for(*, session: str, task: int, customer: CustomerId, what: Narrowed, language: Language) -> bool:
    """Write down that a customer asked service to lift; their mail confirms it. `task` is the conversation or request.

    Raises Refusal (role_refused, task_unknown).
    """
    asked = words(kind=what.kind, purpose=what.purpose)
    with transaction.atomic():
        made = calls.value(
            "SELECT public.customers_ask_to_lift_for(%s, %s, %s, %s, %s, %s, %s, %s, %s)",
            session, task, what.kind, what.purpose, what.channel, _kept(asked, language), language,
        )  # fmt: skip
        return _mailed(made, customer, asked)


def grant(token: str) -> Literal["lifted", "given"]:
    """Carry out what a fresh link to the address confirms: a lift or a consent. Raises GateRefused."""
    done: Literal["lifted", "given"] = calls.value("SELECT public.customers_grant(%s, %s, %s)", token)
    return done


def _kept(asked: Bilingual, language: Language) -> str:
    return actions.evidence_of(text=asked.in_(language), detail="", version=policy.current().version.number)


def _mailed(task: int | None, customer: CustomerId, asked: Bilingual) -> bool:
    if task is None:
        return False
    post.enlist(
        tasks=[Planned(task, customer)],
        ref=f"lift:{task}",
        kind="confirmation",
        purpose="confirmation",
        content=letters.content_of(letters.lift(asked)),
        reopens=True,
    )
    actions.wake_post()
    return True
