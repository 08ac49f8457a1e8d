"""Where each member of staff begins: the figures their work is measured by, and the way to it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from amana.campaigns import queries as campaigns
from amana.campaigns import shown
from amana.campaigns.queries import Details
from amana.collect.lake import health as lake
from amana.desk import queries as desk
from amana.gate.figures import figures
from amana.kernel import clock
from amana.kernel.text import reader_language
from amana.retailer.guard import StaffRequest, roles
from amana.retailer.queries import StaffSession
from amana.rights import queries as rights
from amana.web import backups, record

EVERYBODY = (
    "marketing", "service", "analyst", "shop_manager", "data_protection_officer", "administrator", "auditor",
)  # fmt: skip
PERIOD = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of a home page and the page it comes from; None stands for fewer than ten people."""

    label: str
    count: int | None
    note: str
    address: str
    mark: Literal["", "asks", "refused"] = ""


@dataclass(frozen=True, slots=True)
class Running:
    """A campaign that is being sent or paused, and how far it is."""

    campaign: Details
    state: shown.State
    settled: int
    planned: int


@never_cache
@require_safe
@roles(*EVERYBODY)
def home(request: StaffRequest) -> HttpResponse:
    """Show what waits for this person's roles, in figures, and the way there."""
    mine = request.staff.roles
    found = [make(request.staff) for role, make in FIGURES.items() if role in mine]
    page: dict[str, Any] = {
        "name": request.staff.name.in_(reader_language()),
        "figures": [figure for some in found for figure in some],
        "running": _running() if "marketing" in mine else (),
        "writes": "marketing" in mine,
    }
    return render(request, "web/home.html", page)


def _marketing(staff: StaffSession) -> tuple[Figure, ...]:
    reach = campaigns.reach(session=staff.token)
    listed, waiting = reverse("campaign-list"), len(campaigns.running())
    return (
        Figure(
            _("May receive offers by e-mail today"), reach.reachable, _("agreed, address confirmed"), listed
        ),
        Figure(_("Campaigns being sent or paused"), waiting, "", listed),
    )


def _service(staff: StaffSession) -> tuple[Figure, ...]:
    waiting, at = desk.queue(limit=10_000), clock.now()
    late = sum(talk.due_at < at for talk in waiting)
    mine = sum(talk.staff == staff.staff for talk in waiting)
    queue = reverse("desk")
    return (
        Figure(_("Mails that want an answer"), len(waiting), "", queue, "asks" if waiting else ""),
        Figure(_("Past their time"), late, "", queue, "refused" if late else ""),
        Figure(_("Taken over by me"), mine, "", queue),
    )


def _officer(staff: StaffSession) -> tuple[Figure, ...]:
    waiting, at, gate = rights.open_requests(limit=10_000), clock.now(), figures(PERIOD)
    late = sum(asked.due_at < at for asked in waiting)
    requests, month = reverse("request-list"), _("in the last 30 days")
    return (
        Figure(_("Open requests"), len(waiting), "", requests, "asks" if waiting else ""),
        Figure(_("Past their time"), late, "", requests, "refused" if late else ""),
        Figure(_("Requests refused"), sum(rights.refusals().values()), "", requests),
        Figure(_("Uses of data refused by the gate"), gate.refused, month, reverse("processing-record")),
        Figure(_("Uses of data allowed"), gate.released, month, reverse("processing-record")),
        *_website(),
    )


def _website() -> tuple[Figure, ...]:
    """Tell only what went wrong: that nothing is late needs no figure."""
    found = lake.standing()
    intake = reverse("intake")
    late = Figure(
        _("Website records kept too long"), len(found.overdue), _("days past their end"), intake, "refused"
    )
    still = Figure(
        _("Website events standing still"), found.waiting_bytes // 1024, _("KiB wait"), intake, "refused"
    )
    return (*([late] if found.overdue else []), *([still] if found.drain_late else []))


def _keeper(staff: StaffSession) -> tuple[Figure, ...]:
    found = backups.standing()
    last = found.last
    hours = round((clock.now() - last.taken_at).total_seconds() / 3600) if last else None
    note = _("hours since the last one") if last else _("none yet")
    mark: Literal["", "asks", "refused"] = (
        "refused" if found.late else "asks" if found.every and not last else ""
    )
    label = _("Last backup") if last else _("Backups")
    return (Figure(label, hours or 0, note, reverse("backup-list"), mark), *_website())


def _auditor(staff: StaffSession) -> tuple[Figure, ...]:
    found = record.standing()
    behind = [one for one in found.witnesses if one.late]
    note = (
        _("a witness is behind") if behind else _("cosigned") if found.witnesses else _("without witnesses")
    )
    page = reverse("public-record")
    return (
        Figure(
            _("Entries in the public record"), found.counts.signed, note, page, "refused" if behind else ""
        ),
    )


FIGURES: Mapping[str, Any] = {
    "marketing": _marketing,
    "service": _service,
    "data_protection_officer": _officer,
    "administrator": _keeper,
    "auditor": _auditor,
}


def _running() -> tuple[Running, ...]:
    found = []
    for campaign in campaigns.running(limit=5):
        report = campaigns.report(campaign)
        found.append(Running(campaign, shown.state(campaign), report.settled, report.planned))
    return tuple(found)
