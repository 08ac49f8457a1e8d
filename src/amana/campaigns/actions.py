"""Write a campaign, send it, hold it, go on, stop it: each for a member of staff, each recorded."""

from functools import partial
from hashlib import sha256
from uuid import UUID

from django.db import transaction

from amana.campaigns import frequency, letter, tasks
from amana.campaigns.letter import Written
from amana.campaigns.models import Campaign
from amana.campaigns.queries import CHANNEL, PURPOSE, RUNNING, STOPPABLE
from amana.gate import actions as gate
from amana.gate.values import Planned
from amana.kernel import clock
from amana.kernel.refusal import Refusal, register
from amana.kernel.text import Bilingual
from amana.ledger import actions as ledger
from amana.policy import queries as policy
from amana.post import actions as post
from amana.post import carrier, chunk

State = Campaign.State

register(
    "campaign_not_draft",
    Bilingual(
        ar="أُرسلت هذه الحملة، فلم يعد بالإمكان تغييرها ولا حذفها. يمكن نسخها إلى مسودة جديدة.",
        en="This campaign has been sent: it can no longer be changed or deleted. You can copy it into a new draft.",
    ),
    409,
)
register(
    "campaign_incomplete",
    Bilingual(
        ar="النص غير مكتمل: لا بد من موضوع ومتن باللغتين، ونص للزر إن كان هناك رابط.",
        en="Not complete: both languages need a subject and a body, and a button's text where there is a link.",
    ),
    409,
)
register(
    "campaign_nobody",
    Bilingual(
        ar="لا يوجد الآن من يجوز إرسال هذه الحملة إليه.",
        en="There is nobody this campaign may be sent to now.",
    ),
    409,
)
register(
    "campaign_everybody_tired",
    Bilingual(
        ar="كل من يجوز مراسلتهم تلقّوا مؤخرًا أقصى ما تسمح به السياسة من العروض. لم يُرسل شيء.",
        en="Everybody who may be written to has lately had as many offers as the notice allows. Nothing was sent.",
    ),
    409,
)
register(
    "campaign_reach_grew",
    Bilingual(
        ar="زاد عدد من يجوز مراسلتهم منذ عُرض العدد للتأكيد. لم يُرسل شيء؛ يُرجى تأكيد العدد الجديد.",
        en="More people may be written to than you confirmed. Nothing was sent; please confirm the new number.",
    ),
    409,
)
register(
    "campaign_state_changed",
    Bilingual(
        ar="تغيّرت حالة الحملة منذ فتح هذه الصفحة. يُرجى تحديثها.",
        en="The campaign has moved on since this page was opened. Please load the page anew.",
    ),
    409,
)


def create(*, staff: int, written: Written) -> UUID:
    """Keep a new draft and return its number."""
    at = clock.now()
    made = Campaign.objects.create(
        name=written.name,
        link=written.link,
        channel=CHANNEL,
        created_by=staff,
        created_at=at,
        changed_at=at,
        **written.columns(),
    )
    return made.pk


def edit(*, campaign: UUID, written: Written) -> None:
    """Replace the words of a draft. Raises Refusal once it is sent."""
    changed = Campaign.objects.filter(pk=campaign, state=State.DRAFT).update(
        name=written.name, link=written.link, changed_at=clock.now(), **written.columns()
    )
    if not changed:
        _refuse_sent(campaign)


def duplicate(*, staff: int, campaign: UUID, name: str) -> UUID:
    """Copy the words of any campaign into a new draft. Raises Refusal (404)."""
    found = letter.of_columns(_get(campaign))
    return create(staff=staff, written=Written(name=name, ar=found.ar, en=found.en, link=found.link))


def delete(*, campaign: UUID) -> None:
    """Delete a draft. Raises Refusal once it is sent: what was sent stays on record."""
    deleted, _ = Campaign.objects.filter(pk=campaign, state=State.DRAFT).delete()
    if not deleted:
        _refuse_sent(campaign)


def send(*, session: str, staff: int, campaign: UUID, confirmed: int) -> int:
    """Plan the campaign to everybody who may be written to now, and return how many; the job does the rest.

    Never to more people than `confirmed`, the number a person has read and confirmed. Everybody is planned or
    nobody. Raises Refusal, GateRefused; and MailUnset while no mail server is set up.
    """
    carrier.carrier()
    with transaction.atomic():
        found = _locked(campaign)
        written = letter.of_columns(found)
        if found.state != State.DRAFT:
            raise Refusal.of("campaign_not_draft")
        if written.missing:
            raise Refusal.of("campaign_incomplete")
        reachable = _reachable(session, found.ref, confirmed)
        people = frequency.without_tired(reachable, session=session, ref=found.ref)
        if not people:
            raise Refusal.of("campaign_everybody_tired")
        found.spared = len(reachable) - len(people)
        content = _keep_words(written)
        planned = post.enlist(
            tasks=people, ref=found.ref, kind=letter.KIND, purpose=PURPOSE, content=content, channel=CHANNEL,
            held=True,
        )  # fmt: skip
        _mark_sent(found, staff=staff, content=content, planned=planned)
        transaction.on_commit(partial(tasks.wake, campaign))
    return planned


def pause(*, staff: int, campaign: UUID) -> None:
    """Let nothing more leave, beside the batch that is leaving now. Raises Refusal."""
    _move(campaign, frm=RUNNING, to=State.PAUSED, event="campaigns.paused", staff=staff)


def resume(*, staff: int, campaign: UUID) -> None:
    """Go on where it was paused. Raises Refusal."""
    _move(campaign, frm=frozenset({State.PAUSED}), to=State.SENDING, event="campaigns.resumed", staff=staff)
    tasks.wake(campaign)


def stop(*, staff: int, campaign: UUID) -> int:
    """Refuse for good whatever has not left; return how many. The batch leaving now still goes. Raises Refusal."""
    found = _move(campaign, frm=STOPPABLE, to=State.STOPPED, event="campaigns.stopped", staff=staff)
    return post.stop(ref=found.ref)


def _reachable(session: str, ref: str, confirmed: int) -> list[Planned]:
    people = gate.plan_reachable(session=session, purpose=PURPOSE, channel=CHANNEL, ref=ref, chunk=chunk.SIZE)
    if not people:
        raise Refusal.of("campaign_nobody")
    if len(people) > confirmed:
        raise Refusal.of("campaign_reach_grew")
    return people


def _keep_words(written: Written) -> UUID:
    said = letter.said(written)
    return post.write(
        subject=Bilingual(ar=said["subject_ar"], en=said["subject_en"]),
        body=Bilingual(ar=said["body_ar"], en=said["body_en"]),
        reason=letter.REASON,
        link=said["link"],
        label=Bilingual(ar=said["label_ar"], en=said["label_en"]) if written.link else None,
        address=said["address"],
    )


def _mark_sent(found: Campaign, *, staff: int, content: UUID, planned: int) -> None:
    found.state, found.sent_by, found.sent_at = State.PLANNED, staff, clock.now()
    found.changed_at = found.sent_at
    found.policy, found.content, found.planned = policy.current().version.number, content, planned
    found.save()
    words = repr(sorted(letter.said(letter.of_columns(found)).items()))
    ledger.note(
        event="campaigns.sent",
        payload={
            "campaign": str(found.pk),
            "staff": staff,
            "planned": planned,
            "spared": found.spared,
            "policy": found.policy,
            "words": sha256(words.encode()).hexdigest(),
        },
    )


@transaction.atomic
def _move(campaign: UUID, *, frm: frozenset[str], to: Campaign.State, event: str, staff: int) -> Campaign:
    found = _locked(campaign)
    if found.state not in frm or found.resolved_at is not None:
        raise Refusal.of("campaign_state_changed")
    found.state, found.changed_at = to, clock.now()
    found.save(update_fields=["state", "changed_at"])
    ledger.note(event=event, payload={"campaign": str(campaign), "staff": staff})
    return found


def _locked(campaign: UUID) -> Campaign:
    found = Campaign.objects.select_for_update().filter(pk=campaign).first()
    if found is None:
        raise Refusal.of("campaign_unknown")
    return found


def _get(campaign: UUID) -> Campaign:
    found = Campaign.objects.filter(pk=campaign).first()
    if found is None:
        raise Refusal.of("campaign_unknown")
    return found


def _refuse_sent(campaign: UUID) -> None:
    _get(campaign)
    raise Refusal.of("campaign_not_draft")
