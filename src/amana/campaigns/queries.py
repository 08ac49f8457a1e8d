"""What may be asked about campaigns: the words, how many may receive them, and what became of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from amana.campaigns import hours
from amana.campaigns.letter import Written, of_columns
from amana.campaigns.models import Campaign, ref_of
from amana.gate import queries as gate
from amana.kernel import clock
from amana.kernel.refusal import Refusal, register
from amana.kernel.text import Bilingual
from amana.policy import queries as policy
from amana.post import queries as post

PURPOSE = "marketing"
CHANNEL = "email"
State = Campaign.State
RUNNING = frozenset({State.PLANNED.value, State.SENDING.value})
STOPPABLE = RUNNING | {State.PAUSED.value}
# The gate shows no count below this to anybody but the data protection officer.
FEW = 10
# Whoever may no longer be written to when their turn comes, whatever the reason.
AT_THE_DOOR = frozenset({"not_allowed", "withdrawn", "erased", "person_unknown"})

register(
    "campaign_unknown",
    Bilingual(ar="لا توجد حملة بهذا الرقم.", en="There is no campaign with this number."),
    404,
)


@dataclass(frozen=True, slots=True)
class Details:
    """One campaign. `planned` counts the messages planned when it was sent, `spared` who had had enough of late."""

    id: UUID
    written: Written
    state: str
    created_by: int
    created_at: datetime
    changed_at: datetime
    sent_by: int | None
    sent_at: datetime | None
    policy: int | None
    planned: int | None
    resolved_at: datetime | None
    spared: int

    @property
    def ref(self) -> str:
        """Return the name under which the gate and the post room know this campaign."""
        return ref_of(self.id)

    @property
    def draft(self) -> bool:
        """Tell whether the words may still change."""
        return self.state == State.DRAFT

    @property
    def running(self) -> bool:
        """Tell whether messages are leaving."""
        return self.state in RUNNING


@dataclass(frozen=True, slots=True)
class Reach:
    """How many may be written to now, and how many not, by the gate's reason; None stands for fewer than ten."""

    reachable: int | None
    reasons: tuple[tuple[str, int | None], ...]

    @property
    def most(self) -> int:
        """Return the largest number of people this may stand for."""
        return FEW - 1 if self.reachable is None else self.reachable


@dataclass(frozen=True, slots=True)
class Report:
    """What became of a campaign's messages; together the parts are `planned`.

    `at_the_door` were refused by the gate when their turn came; `unserved` by a rule that holds for everybody.
    `unconfirmed` may have arrived or not, and are never sent again.
    """

    planned: int
    waiting: int
    handed_over: int
    at_the_door: int
    unserved: int
    stopped: int
    bounced_address: int
    bounced_mailbox: int
    bounced_sender: int
    failed: int
    unconfirmed: int

    @property
    def settled(self) -> int:
        """Return how many messages wait no more."""
        return self.planned - self.waiting


def quiet() -> hours.Quiet | None:
    """Return why promotions have to wait now and until when, or None where they may leave."""
    return hours.quiet(policy.current().policy, channel=CHANNEL, at=clock.now())


def campaigns(*, limit: int = 200) -> tuple[Details, ...]:
    """List the campaigns, the latest changed first."""
    return tuple(map(_details, Campaign.objects.order_by("-changed_at", "id")[:limit]))


def running(*, limit: int = 20) -> tuple[Details, ...]:
    """List what is being sent or paused, the latest first."""
    found = Campaign.objects.filter(state__in=STOPPABLE).order_by("-sent_at", "id")
    return tuple(map(_details, found[:limit]))


def unresolved() -> tuple[Details, ...]:
    """List the campaigns that were sent and have messages waiting, as far as is known; the oldest first."""
    found = Campaign.objects.filter(sent_at__isnull=False, resolved_at=None).order_by("sent_at", "id")
    return tuple(map(_details, found))


def get_campaign(number: UUID) -> Details:
    """Return one campaign. Raises Refusal (404)."""
    found = Campaign.objects.filter(pk=number).first()
    if found is None:
        raise Refusal.of("campaign_unknown")
    return _details(found)


def reach(*, session: str) -> Reach:
    """Count who may receive a promotion now, and who not and why. Raises GateRefused.

    A person has one place: the reachable, or the first reason that stands against them.
    """
    counts = gate.reach(session=session, purpose=PURPOSE, channel=CHANNEL)
    against = [(reason, count) for reason, count in counts.items() if reason not in ("reachable", "erased")]
    against.sort(key=lambda one: (-(one[1] or 0), one[0]))
    return Reach(reachable=counts.get("reachable", 0), reasons=tuple(against))


def opted_out(campaign: Details, *, session: str) -> int | None:
    """Count who withdrew or objected since this campaign was planned for them; None stands for fewer than ten."""
    return gate.opted_out(session=session, purpose=PURPOSE, ref=campaign.ref)


def report(campaign: Details) -> Report:
    """Count what became of a campaign's messages."""
    progress = post.progress(ref=campaign.ref)
    reasons = post.reasons(ref=campaign.ref)
    refused = {reason: count for (state, reason), count in reasons.items() if state == "refused"}
    door = sum(count for reason, count in refused.items() if reason in AT_THE_DOOR)
    stopped = refused.get("stopped", 0)
    return Report(
        planned=progress.total,
        waiting=progress.planned + progress.taken,
        handed_over=progress.handed_over,
        at_the_door=door,
        unserved=progress.refused - door - stopped,
        stopped=stopped,
        bounced_address=_bounced(reasons, "address"),
        bounced_mailbox=_bounced(reasons, "mailbox"),
        bounced_sender=_bounced(reasons, "sender"),
        failed=progress.failed,
        unconfirmed=progress.unconfirmed,
    )


def _bounced(reasons: Mapping[tuple[str, str], int], why: str) -> int:
    return reasons.get(("bounced", why), 0)


def _details(row: Campaign) -> Details:
    return Details(
        id=row.pk,
        written=of_columns(row),
        state=row.state,
        created_by=row.created_by,
        created_at=row.created_at,
        changed_at=row.changed_at,
        sent_by=row.sent_by,
        sent_at=row.sent_at,
        policy=row.policy,
        planned=row.planned,
        resolved_at=row.resolved_at,
        spared=row.spared,
    )
