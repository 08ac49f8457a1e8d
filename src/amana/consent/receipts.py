"""Consent receipts: what somebody agreed to, when and on which words, signed, with its place in the ledger.

The fields follow ISO/IEC TS 27560:2023 (record metadata, PII processing, party identification, events); the
ledger's part is our own. A receipt names nobody: its holder is a pseudonym.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID, uuid5

from amana.kernel.ids import CustomerId
from amana.kernel.text import LANGUAGES, Bilingual
from amana.ledger import queries as ledger
from amana.policy.document import Policy, Purpose
from amana.policy.queries import Published

SCHEMA: Final = "ISO/IEC TS 27560:2023"
# What a decision leaves standing for its purpose and channel.
STATES: Final = {
    "given": "consent given",
    "withdrawn": "consent withdrawn",
    "objected": "objected",
    "objection_lifted": "objection lifted",
    "restricted": "restricted",
    "restriction_lifted": "restriction lifted",
}


@dataclass(frozen=True, slots=True)
class Holder:
    """Whom a receipt is for: a pseudonym, and the admission that the ledger commits to."""

    customer: CustomerId
    jurisdiction: str
    entry: UUID
    admitted_at: datetime
    shown_until: datetime
    fields: tuple[str, ...]
    source: str
    payload: str
    blinding: bytes


@dataclass(frozen=True, slots=True)
class Decided:
    """One decision as it was recorded; `payload` and `blinding` open the commitment in the ledger."""

    entry: UUID
    purpose: str | None
    channel: str | None
    kind: str
    at: datetime
    version: int
    wording: str | None
    language: str
    source: str | None
    actor: str
    payload: str
    blinding: bytes


def build(
    *, holder: Holder, decisions: Sequence[Decided], published: Published, issued_at: datetime, address: str
) -> dict[str, Any]:
    """Return the receipt for JSON; `address` is where this deployment answers, as in https://amana.example."""
    policy = published.policy
    number = published.version.number
    return {
        "schema_version": SCHEMA,
        "record_id": str(uuid5(holder.customer, f"{holder.shown_until.isoformat()}|{len(decisions)}")),
        "pii_principal_id": str(holder.customer),
        "issued_at": moment(issued_at),
        "shows_until": moment(holder.shown_until),
        "pii_processing": {
            "privacy_notice": {
                "version": number,
                "sha256": published.version.hash.hex(),
                "url": {code: f"{address}/{code}/privacy/{published.version.number}" for code in LANGUAGES},
            },
            "jurisdiction": _jurisdiction(policy, holder.jurisdiction),
            "collection": {
                "method": holder.source,
                "at": moment(holder.admitted_at),
                "pii_given": [_category(policy, name) for name in holder.fields],
            },
            "purposes": list(_purposes(holder, decisions, policy, address)),
            "pii_controllers": ["controller"],
        },
        "party_identification": list(_parties(policy)),
        "events": [event(decided) for decided in decisions],
        "ledger": _evidence(holder, decisions, address),
    }


def moment(at: datetime) -> str:
    """Write a moment in UTC with its microseconds, as the ledger does (RFC 3339)."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def both(text: Bilingual) -> dict[str, str]:
    """Write a text in both languages for JSON."""
    return {"ar": text.ar, "en": text.en}


def event(decided: Decided) -> dict[str, Any]:
    """Write one decision as an event; `entity_id` says who acted."""
    return {
        "event_time": moment(decided.at),
        "event_type": decided.kind,
        "event_state": STATES.get(decided.kind, decided.kind.replace("_", " ")),
        "purpose": decided.purpose,
        "channel": decided.channel,
        "notice_version": decided.version,
        "consent_text": decided.wording,
        "language": decided.language,
        "source": decided.source,
        "entity_id": decided.actor,
        "ledger_entry": str(decided.entry),
    }


def latest(decisions: Sequence[Decided]) -> Mapping[tuple[str, str | None], Decided]:
    """Return the last decision of each purpose and channel, in the order they were first decided."""
    found: dict[tuple[str, str | None], Decided] = {}
    for decided in decisions:
        if decided.purpose and decided.kind in STATES:
            found[decided.purpose, decided.channel] = decided
    return found


def _purposes(
    holder: Holder, decisions: Sequence[Decided], policy: Policy, address: str
) -> Iterator[dict[str, Any]]:
    for (name, channel), decided in latest(decisions).items():
        purpose = policy.purposes.get(name)
        if purpose is None:
            continue
        yield {
            "purpose": name,
            "clause": purpose.clause,
            "description": both(purpose.name),
            "channel": channel,
            "lawful_basis": purpose.basis.get(holder.jurisdiction),
            "state": STATES[decided.kind],
            "since": moment(decided.at),
            "consent_text": decided.wording,
            "pii_categories": [_category(policy, field) for field in purpose.categories],
            "retention_period": str(purpose.retention),
            "recipients": list(purpose.recipients),
            "storage_locations": _countries(policy, purpose),
            "processing_locations": _countries(policy, purpose),
            "withdrawal_method": _withdrawal(policy, address),
        }


def _countries(policy: Policy, purpose: Purpose) -> list[str]:
    return sorted({policy.recipients[name].country for name in purpose.recipients})


def _withdrawal(policy: Policy, address: str) -> dict[str, Any]:
    return {
        "url": {code: f"{address}/{code}/preferences" for code in LANGUAGES},
        "email": policy.contacts.service,
        "link_in_every_message": True,
    }


def _category(policy: Policy, name: str) -> dict[str, Any]:
    category = policy.categories.get(name)
    if category is None:
        return {"pii_type": name}
    return {
        "pii_type": name,
        "description": both(category.wording),
        "sensitive": category.sensitive,
        "retention_period": str(category.retention),
    }


def _jurisdiction(policy: Policy, code: str) -> dict[str, Any]:
    place = policy.jurisdictions.get(code)
    if place is None:
        return {"code": code}
    return {
        "code": code,
        "law": both(place.law),
        "authority": {**both(place.authority.name), "url": place.authority.url},
    }


def _parties(policy: Policy) -> Iterator[dict[str, Any]]:
    """Name the controller with its contacts, and every recipient the policy declares."""
    for name, recipient in policy.recipients.items():
        party: dict[str, Any] = {
            "party_id": name,
            "party_role": "PII controller" if name == "controller" else "PII processor",
            "party_name": both(recipient.name),
            "country": recipient.country,
            "safeguard": both(recipient.safeguard),
        }
        if name == "controller":
            party |= {
                "party_name": both(policy.controller.name),
                "party_address": both(policy.controller.address),
                "party_email": policy.contacts.service,
                "party_url": policy.contacts.website,
                "party_contact": both(policy.contacts.officer),
            }
        yield party


def _evidence(holder: Holder, decisions: Sequence[Decided], address: str) -> dict[str, Any]:
    """Say where each entry stands, and what opens its commitment: SHA-256(blinding ‖ payload)."""
    checkpoint = ledger.find_checkpoint()
    return {
        "url": f"{address}/ledger/",
        "key": ledger.find_key(),
        "checkpoint": checkpoint.note if checkpoint else None,
        "entries": [
            _opening("vault.admitted", holder.entry, holder.payload, holder.blinding),
            *(_opening(f"consent.{d.kind}", d.entry, d.payload, d.blinding) for d in decisions),
        ],
    }


def _opening(kind: str, entry: UUID, payload: str, blinding: bytes) -> dict[str, Any]:
    """Write one entry; without a proof it still waits for its checkpoint, a matter of seconds."""
    proof = ledger.find_inclusion(entry)
    return {
        "entry": str(entry),
        "event": kind,
        "payload": payload,
        "blinding": blinding.hex(),
        "inclusion": proof.as_dict() if proof else None,
    }
