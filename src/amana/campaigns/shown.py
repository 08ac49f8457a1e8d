"""What the campaign pages show, in the reader's language."""

from dataclasses import dataclass
from typing import Literal
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from amana.campaigns import queries
from amana.campaigns.queries import FEW, Details, Reach, Report
from amana.kernel import sheets
from amana.kernel.text import reader_language

Mark = Literal["kept", "asks", "refused", ""]


@dataclass(frozen=True, slots=True)
class Bar:
    """One line of a chart: a share of 100 and where its bar begins, for both directions of reading.

    `count` is None for fewer than ten people.
    """

    label: str
    hint: str
    count: int | None
    share: float
    start: float


@dataclass(frozen=True, slots=True)
class State:
    """A campaign's state in words, and the mark it wears."""

    label: str
    mark: Mark


@dataclass(frozen=True, slots=True)
class Row:
    """One campaign of the list."""

    campaign: Details
    state: State


def state(campaign: Details) -> State:
    """Say where a campaign stands."""
    known: dict[str, State] = {
        "draft": State(_("Draft"), ""),
        "planned": State(_("About to leave"), "asks"),
        "sending": State(_("Being sent"), "asks"),
        "paused": State(_("Paused"), "asks"),
        "finished": State(_("Finished"), "kept"),
        "stopped": State(_("Stopped"), "refused"),
    }
    return known[campaign.state]


def waits(campaign: Details) -> str:
    """Say why a campaign that goes on has to wait now, or nothing."""
    found = queries.quiet() if campaign.running and campaign.resolved_at is None else None
    if found is None:
        return ""
    place = found.place.in_(reader_language())
    if found.until is None:
        return _(
            "It waits: the quiet hours of the notice leave no hour free. Whoever looks after the notice has to"
            " change them."
        )
    until = found.until.astimezone(ZoneInfo(found.zone))
    return _("It waits for %(time)s (%(zone)s): quiet hours in %(place)s.") % {
        "time": f"\u2068{until:%H:%M}\u2069", "zone": f"\u2068{found.zone}\u2069", "place": place,
    }  # fmt: skip


def why_not(reason: str) -> tuple[str, str]:
    """Say in plain words why somebody may not be written to, and what that means."""
    known = {
        "no_consent": (_("Have not agreed"), _("Never asked for offers by e-mail, or no longer want them.")),
        "objected": (_("Have objected"), _("Told us to send no promotions.")),
        "unconfirmed": (
            _("Address not confirmed yet"),
            _("Agreed, but have not opened the link that proves the address is theirs."),
        ),
        "suppressed": (_("Address no longer works"), _("Their mail server refuses the address for good.")),
        "restricted": (_("Asked us to leave their data alone"), _("Their data are kept, and not used.")),
        "merged_refused": (
            _("Refused in another record of theirs"),
            _("Two records are held to be one person, and the strictest counts."),
        ),
        "consent_outdated": (
            _("Agreed to an earlier notice"),
            _("What they agreed to has since been widened; they have to be asked again."),
        ),
        "age_unknown": (_("Age unknown"), _("The notice has a least age, and we do not know theirs.")),
        "under_age": (_("Too young"), _("Younger than the notice allows.")),
        "no_address": (_("No e-mail address"), _("Never gave one.")),
        "expired": (_("Kept for too long"), _("The address is older than the notice lets us use it.")),
        "no_basis": (_("The law where they live"), _("Gives no ground for promotions.")),
        "other_shop": (_("Customers of other shops"), _("Your role covers only some shops.")),
    }
    return known.get(reason, (_("Another rule of the notice"), reason))


def reach_bars(reach: Reach) -> tuple[Bar, ...]:
    """Return the reachable and then every reason, each with its bar; few people get the least bar there is."""
    lines = [(_("May receive it"), _("Agreed, and the address is confirmed."), reach.reachable)]
    lines += [(*why_not(reason), count) for reason, count in reach.reasons]
    most = max((FEW if count is None else count for _label, _hint, count in lines), default=0)
    return tuple(_bar(label, hint, count, most) for label, hint, count in lines)


def _bar(label: str, hint: str, count: int | None, most: int) -> Bar:
    share = round(100 * (1 if count is None else count) / most, 1) if most else 0.0
    return Bar(label, hint, count, share, 0.0 if reader_language() == "en" else round(100 - share, 1))


def report_bars(report: Report) -> tuple[Bar, ...]:
    """Return what became of the messages, most natural first; lines that came to nothing are left out."""
    lines = [
        (_("Handed over"), _("Their mail server took it."), report.handed_over),
        (_("Waiting"), _("Not sent yet."), report.waiting),
        (
            _("Refused at the door"),
            _("Could be written to when you sent it, and no longer when their turn came."),
            report.at_the_door,
        ),
        (_("Unconfirmed"), _("May have arrived or not. Never sent again."), report.unconfirmed),
        (
            _("No such address"),
            _("Their mail server refuses it for good; we do not write again."),
            report.bounced_address,
        ),
        (_("Mailbox full or closed"), _("Sent back by their mail server."), report.bounced_mailbox),
        (_("Sent back because of us"), _("Their mail server did not want our mail."), report.bounced_sender),
        (_("Could not be handed over"), _("Tried for days, or refused as unwanted."), report.failed),
        (_("Stopped by you"), _("Had not left when you stopped it."), report.stopped),
        (_("Another rule of the notice"), _("A rule that holds for everybody."), report.unserved),
    ]
    return tuple(
        _bar(label, hint, count, report.planned)
        for place, (label, hint, count) in enumerate(lines)
        if count or place == 0
    )


def missing_words(campaign: Details) -> tuple[str, ...]:
    """Name in plain words what a draft still lacks."""
    known = {
        "subject_ar": _("Subject in Arabic"),
        "body_ar": _("Body in Arabic"),
        "label_ar": _("Button in Arabic"),
        "subject_en": _("Subject in English"),
        "body_en": _("Body in English"),
        "label_en": _("Button in English"),
    }
    return tuple(known[name] for name in campaign.written.missing)


def as_csv(campaign: Details, report: Report) -> str:
    """Return the report as CSV: counts, nobody's identity."""
    return sheets.as_csv(
        [
            [_("Campaign"), campaign.written.name],
            [_("Sent"), campaign.sent_at.isoformat() if campaign.sent_at else ""],
            [_("Version of the notice"), campaign.policy or ""],
            [_("Planned"), report.planned],
            [_("Left out: enough offers lately"), campaign.spared],
            *([bar.label, bar.count] for bar in report_bars(report)),
        ]
    )
