"""What this room has sent to people, and what they decide by their links."""

from datetime import timedelta
from functools import partial
from uuid import uuid4

from django.conf import settings
from django.db import transaction
from procrastinate.exceptions import AlreadyEnqueued

from amana.customers import letters
from amana.gate import actions as gate
from amana.gate import evidence
from amana.gate import queries as gate_queries
from amana.gate.values import Admitted, Planned
from amana.kernel import clock
from amana.kernel.ids import CustomerId
from amana.kernel.text import Bilingual, Language
from amana.policy import queries as policy
from amana.post import actions as post
from amana.post import queries as post_queries
from amana.post import tasks as post_tasks

A_DAY = timedelta(hours=24)
MOST_LINKS_A_DAY = 3


def ask_to_confirm(*admitted: Admitted, words: letters.Words = letters.CONFIRMATION) -> None:
    """Plan the mails that ask addresses' owners to confirm them; call it in the transaction that admitted.

    None is planned for an address that was asked three times within a day already. `words` say where it was given.
    """
    asked = [(one, one.confirmation) for one in admitted if one.confirmation is not None]
    if not asked:
        return
    content = letters.content_of(words)
    for one, task in asked:
        post.enlist(
            tasks=[Planned(task, one.customer)],
            ref=f"confirm:{one.entry}",
            kind="confirmation",
            purpose="confirmation",
            content=content,
            reopens=True,
        )
    wake_post()


def send_preferences_link(*, address: str) -> None:
    """Plan a mail with a preference link to the confirmed owner of an address; for any other do nothing.

    The caller answers the same either way. One person gets at most three of them a day.
    """
    found = gate_queries.find(
        session=settings.AMANA_SYSTEM_TOKEN, purpose="rights", field="email", value=address
    )
    due = [customer for customer in found if _links_today(customer) < MOST_LINKS_A_DAY]
    if due:
        post.plan(
            session=settings.AMANA_SYSTEM_TOKEN,
            ref=f"preferences:{uuid4()}",
            kind="preferences",
            purpose="rights",
            content=letters.content_of(letters.PREFERENCES),
            customers=due,
        )
        wake_post()


def send_sign_in_link(*, address: str) -> None:
    """Plan a mail with a sign-in link to the confirmed owner of an address; for any other do nothing.

    The caller answers the same either way. The gate plans three within an hour at most, and ten within a day.
    """
    planned = gate.ask_to_sign_in(session=settings.AMANA_SYSTEM_TOKEN, address=address)
    with transaction.atomic():
        for one in planned:
            post.enlist(
                tasks=[one],
                ref=f"sign_in:{one.task}",
                kind="sign_in",
                purpose="rights",
                content=letters.content_of(letters.SIGN_IN),
                reopens=True,
            )
        if planned:
            wake_post()


def _links_today(customer: CustomerId) -> int:
    since = clock.now() - A_DAY
    recent = post_queries.messages_to(customer=customer, limit=200)
    return sum(message.kind == "preferences" and message.planned_at > since for message in recent)


def switch_off(token: str, *, purpose: str, channel: str | None, language: Language) -> None:
    """Withdraw one purpose and channel at once. Raises GateRefused."""
    gate.prefer(token, purpose=purpose, channel=channel, wanted=False, wording="", language=language)


def switch_on(token: str, *, purpose: str, channel: str | None, language: Language) -> bool:
    """Ask the address's owner by mail to confirm a wish; tell whether a mail was planned.

    None is planned after three wishes within a day. Raises GateRefused, Refusal (policy_wording_unknown, …).
    """
    asked = {code: policy.wording(purpose, code, channel) for code in ("ar", "en")}
    shown = asked[language]
    with transaction.atomic():
        task = gate.prefer(
            token,
            purpose=purpose,
            channel=channel,
            wanted=True,
            wording=evidence_of(text=shown.text, detail=shown.detail, version=shown.version),
            language=language,
        )
        if task is None:
            return False
        words = letters.opt_in(Bilingual(ar=asked["ar"].text, en=asked["en"].text))
        post.enlist(
            tasks=[Planned(task, evidence.holder(token).customer)],
            ref=f"wish:{task}",
            kind="confirmation",
            purpose="confirmation",
            content=letters.content_of(words),
            reopens=True,
        )
        wake_post()
    return True


def evidence_of(*, text: str, detail: str, version: int) -> str:
    """Return what is kept as the words somebody agreed to: all that was shown, and the policy's version."""
    return "\n".join(part for part in (text, detail, f"[{version}]") if part)


def receipt_link(*, customer: CustomerId) -> str | None:
    """Return a link to the receipt of what somebody has just told us, or None when they are gone.

    It shows the record as it stands now, and never what comes later.
    """
    session = settings.AMANA_SYSTEM_TOKEN
    task = gate.plan(
        session=session, kind="session", purpose="rights", people=[customer], ref=f"receipt:{uuid4()}"
    )
    opening = gate.open(session=session, purpose="rights", fields=["language"], task=task, links=["receipt"])
    return next((person.links["receipt"] for person in opening.people), None)


def wake_post() -> None:
    """Have planned mails handed over once the transaction has ended."""
    transaction.on_commit(partial(_defer))


def _defer() -> None:
    try:
        post_tasks.hand_over_due.defer()
    except AlreadyEnqueued:
        return  # it will run anyway
