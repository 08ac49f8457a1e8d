"""The receipt of what somebody agreed to: to read, and to take away signed."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from amana.consent import receipts, signing
from amana.consent.receipts import Decided, Holder
from amana.customers import shown
from amana.customers.links import look, private
from amana.customers.shown import Reader
from amana.gate import evidence
from amana.kernel import clock
from amana.kernel.text import reader_language
from amana.policy import queries as policy
from amana.policy.document import Policy
from amana.policy.notice import ground
from amana.policy.queries import Published


@dataclass(frozen=True, slots=True)
class Line:
    """One purpose and channel on the receipt."""

    purpose: str
    channel: str
    wording: str
    on: bool
    state: str
    since: str
    basis: str
    categories: str
    retention: str
    recipients: str


@dataclass(frozen=True, slots=True)
class Happened:
    """One event on the receipt."""

    what: str
    purpose: str
    channel: str
    date: str
    time: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """The whole receipt, to read."""

    number: str
    holder: str
    version: int
    controller: str
    address: str
    officer: str
    service: str
    law: str
    shown_until: str
    given: str
    lines: tuple[Line, ...]
    events: tuple[Happened, ...]
    entries: tuple[str, ...]
    waiting: int
    checkpoint: str


@require_safe
@private
def page(request: HttpRequest, token: str) -> HttpResponse:
    """Show the receipt."""
    look(token, "receipt", "preferences")
    return sheet_page(request, token, download=reverse("link-receipt-jws", args=[token]))


def sheet_page(request: HttpRequest, token: str, *, download: str) -> HttpResponse:
    """Return the page of a receipt; `download` is where its signed form is. Raises GateRefused."""
    holder, decisions, published = _record(token)
    made = _build(holder, decisions, published)
    policy_text = published.policy
    who = shown.reader(policy_text, jurisdiction=holder.jurisdiction, language=reader_language())
    return render(
        request,
        "customers/receipt.html",
        {
            "sheet": _sheet(made, holder, decisions, published, who),
            "download": download,
        },
    )


@require_safe
@private
def download(request: HttpRequest, token: str) -> HttpResponse:
    """Hand over the signed receipt (a compact JWS); its key is at /.well-known/jwks.json."""
    look(token, "receipt", "preferences")
    made = _build(*_record(token))
    signed = signing.sign(made, keys=signing.load_keys(signing.key_path()))
    return HttpResponse(
        signed,
        content_type="application/jose",
        headers={"Content-Disposition": f'attachment; filename="receipt-{made["record_id"]}.jws"'},
    )


def _record(token: str) -> tuple[Holder, tuple[Decided, ...], Published]:
    """Return what the link shows, and the policy its last decision was made under."""
    decisions = evidence.decisions(token)
    numbers = [decided.version for decided in decisions]
    published = policy.get_published(max(numbers)) if numbers else policy.current()
    return evidence.holder(token), decisions, published


def _build(holder: Holder, decisions: tuple[Decided, ...], published: Published) -> dict[str, Any]:
    return receipts.build(
        holder=holder,
        decisions=decisions,
        published=published,
        issued_at=clock.now(),
        address=settings.AMANA_PUBLIC_URL,
    )


def _sheet(
    made: dict[str, Any], holder: Holder, decisions: tuple[Decided, ...], published: Published, who: Reader
) -> Sheet:
    text, language = published.policy, who.language
    place = text.jurisdictions.get(holder.jurisdiction)
    entries = made["ledger"]["entries"]
    given = [text.categories[name].wording.in_(language) for name in holder.fields if name in text.categories]
    return Sheet(
        number=made["record_id"],
        holder=made["pii_principal_id"],
        version=published.version.number,
        controller=text.controller.name.in_(language),
        address=text.controller.address.in_(language),
        officer=text.contacts.officer.in_(language),
        service=text.contacts.service,
        law=place.law.in_(language) if place else holder.jurisdiction,
        shown_until=who.day(holder.shown_until),
        given=who.joined(given),
        lines=tuple(_lines(holder, decisions, text, who)),
        events=tuple(_happened(decided, text, who) for decided in decisions),
        entries=tuple(entry["entry"] for entry in entries),
        waiting=sum(entry["inclusion"] is None for entry in entries),
        checkpoint=made["ledger"]["checkpoint"] or "",
    )


def _lines(holder: Holder, decisions: tuple[Decided, ...], text: Policy, who: Reader) -> list[Line]:
    language = who.language
    return [
        Line(
            purpose=purpose.name.in_(language),
            channel=_channel(channel, text, who),
            wording=_words(decided.wording or ""),
            on=decided.kind == "given",
            state=_state(decided.kind),
            since=who.day(decided.at),
            basis=ground(purpose, language),
            categories=who.joined(text.categories[name].wording.in_(language) for name in purpose.categories),
            retention=purpose.retention.words().in_(language),
            recipients=who.joined(text.recipients[name].name.in_(language) for name in purpose.recipients),
        )
        for (name, channel), decided in receipts.latest(decisions).items()
        if (purpose := text.purposes.get(name))
    ]


def _happened(decided: Decided, text: Policy, who: Reader) -> Happened:
    purpose = text.purposes.get(decided.purpose or "")
    return Happened(
        what=_state(decided.kind),
        purpose=purpose.name.in_(who.language) if purpose else "",
        channel=_channel(decided.channel, text, who),
        date=who.day(decided.at),
        time=who.time(decided.at),
    )


def _words(kept: str) -> str:
    """Leave the policy's version out of the words that were shown: it stands elsewhere on the receipt."""
    shown, _, last = kept.rpartition("\n")
    return shown if last.startswith("[") else kept


def _channel(name: str | None, text: Policy, who: Reader) -> str:
    found = text.channels.get(name or "")
    return found.name.in_(who.language) if found else ""


def _state(kind: str) -> str:
    return {
        "given": gettext("Allowed"),
        "withdrawn": gettext("Withdrawn"),
        "objected": gettext("Objected"),
        "objection_lifted": gettext("Objection taken back"),
        "restricted": gettext("Restricted"),
        "restriction_lifted": gettext("Restriction lifted"),
        "address_confirmed": gettext("Address confirmed"),
        "address_superseded": gettext("Address handed over to a newer record"),
    }.get(kind, kind)
