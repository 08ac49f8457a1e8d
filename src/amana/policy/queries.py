"""Read the running policy and every earlier version."""

import hashlib
import importlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import connection

from amana.kernel.refusal import Refusal
from amana.kernel.text import Language
from amana.policy import parsing, refusals, registry, rules, words
from amana.policy.document import CHANNEL_PLACE, Policy, Purpose


@dataclass(frozen=True, slots=True)
class Version:
    """A published version: its number, the SHA-256 of its text, when it was published, its ledger entry."""

    number: int
    hash: bytes
    published_at: datetime
    entry: UUID


@dataclass(frozen=True, slots=True)
class Published:
    """A version with what it says."""

    version: Version
    text: str
    policy: Policy


@dataclass(frozen=True, slots=True)
class Wording:
    """What people are asked to consent to, as shown. `sha256` (hex) stays the same while the words do."""

    purpose: str
    channel: str | None
    language: Language
    version: int
    text: str
    detail: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Choice:
    """One category of the website's banner: its key on the wire, its name, and the sentences it stands for."""

    category: str
    title: str
    sentences: tuple[Wording, ...]


def _rows(query: str, values: Sequence[int] = ()) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return list(cursor.fetchall())


def find_version() -> Version | None:
    """Return the running version, or None before the first publication. One small query."""
    rows = _rows("SELECT version, hash, published_at, entry FROM policy.head()")
    return next((_version(*row) for row in rows), None)


def current() -> Published:
    """Return the running policy by one small query; its text is read once.

    Raises Refusal policy_not_published.
    """
    version = find_version()
    if version is None:
        raise Refusal.of(refusals.NOT_PUBLISHED)
    return read(version)


def get_published(number: int) -> Published:
    """Return any published version. Raises Refusal policy_version_unknown."""
    version = next((found for found in versions() if found.number == number), None)
    if version is None:
        raise Refusal.of(refusals.VERSION_UNKNOWN)
    return read(version)


def versions() -> tuple[Version, ...]:
    """Return every published version, oldest first."""
    return tuple(
        _version(*row) for row in _rows("SELECT version, hash, published_at, entry FROM policy.versions()")
    )


def asked_again(number: int) -> tuple[str, ...]:
    """Return the purposes whose earlier consent ended with this version, because they had grown wider."""
    return tuple(row[0] for row in _rows("SELECT purpose FROM policy.asked_again(%s)", [number]))


def wording(purpose: str, language: Language, channel: str | None = None) -> Wording:
    """Return the consent wording of a purpose, for one of its channels or for the purpose alone.

    Raises Refusal policy_purpose_unknown, policy_wording_unknown, policy_not_published.
    """
    return wording_of(current(), purpose, language, channel)


def wording_of(published: Published, purpose: str, language: Language, channel: str | None = None) -> Wording:
    """Return the consent wording of any published version. Raises as `wording` does."""
    found = published.policy.purposes.get(purpose)
    if found is None:
        raise Refusal.of(refusals.PURPOSE_UNKNOWN)
    return _wording(published, purpose, found, language, channel)


def consents(language: Language, jurisdiction: str) -> tuple[Wording, ...]:
    """Return what a consent screen asks: each purpose that rests on consent there, once for each channel.

    Raises Refusal policy_not_published.
    """
    return consents_of(current(), language, jurisdiction)


def consents_of(published: Published, language: Language, jurisdiction: str) -> tuple[Wording, ...]:
    """Return what any published version asks on a consent screen: the use itself first, then each channel."""
    return tuple(
        _wording(published, name, purpose, language, channel)
        for name, purpose in published.policy.purposes.items()
        if purpose.basis.get(jurisdiction) == "consent"
        for channel in purpose.asked()
    )


def banner(language: Language, jurisdiction: str) -> tuple[Choice, ...]:
    """Return what the website's banner asks, by its categories, in the file's order.

    A category none of whose purposes rests on consent in that place is left out: nothing is asked there.
    Raises Refusal policy_not_published.
    """
    published = current()
    policy = published.policy
    asked = {
        category: tuple(
            name for name in purposes if policy.purposes[name].basis.get(jurisdiction) == "consent"
        )
        for category, purposes in policy.website.consent_categories.items()
    }
    return tuple(
        Choice(
            category,
            words.COMMA.in_(language).join(policy.purposes[name].name.in_(language) for name in purposes),
            tuple(_wording(published, name, policy.purposes[name], language, None) for name in purposes),
        )
        for category, purposes in asked.items()
        if purposes
    )


def refuse_undeclared(
    *,
    fields: Iterable[str] = (),
    purposes: Iterable[str] = (),
    roles: Iterable[str] = (),
    recipients: Iterable[str] = (),
    channels: Iterable[str] = (),
    tasks: Iterable[str] = (),
    sources: Iterable[str] = (),
) -> None:
    """Refuse names that the running policy lacks. Raises UndeclaredNames, Refusal policy_not_published."""
    policy = current().policy
    asked: dict[str, tuple[Iterable[str], Iterable[str]]] = {
        "fields": (fields, policy.categories),
        "purposes": (purposes, policy.purposes),
        "roles": (roles, policy.roles),
        "recipients": (recipients, policy.recipients),
        "channels": (channels, policy.channels),
        "tasks": (tasks, policy.tasks),
        "sources": (sources, policy.sources),
    }
    missing = {kind: set(used) - set(known) for kind, (used, known) in asked.items()}
    if any(missing.values()):
        raise refusals.UndeclaredNames({kind: names for kind, names in missing.items() if names})


def refuse_start() -> None:
    """Refuse to start when a room uses what the policy lacks, or when the rules are not those of the text.

    Raises UndeclaredNames, Refusal policy_rules_altered, policy_not_published.
    """
    rooms = [
        importlib.import_module(room.name)
        for room in apps.get_app_configs()
        if room.name.startswith("amana.")
    ]
    refuse_undeclared(**registry.declared(rooms))
    refuse_altered()


def refuse_altered() -> None:
    """Compare the rules in force with the published text.

    Raises Refusal policy_rules_altered, policy_not_published.
    """
    published = current()
    [(stored,)] = _rows("SELECT policy.rules_of(%s)::text", [published.version.number])
    honest = hashlib.sha256(published.text.encode()).digest() == published.version.hash
    if not honest or json.loads(stored) != rules.enforced(published.policy):
        raise Refusal.of(refusals.ALTERED)


def _version(number: int, digest: bytes, published_at: datetime, entry: UUID) -> Version:
    return Version(number, bytes(digest), published_at, entry)


# A version's number and hash stand for one text for ever, so what was read once needs no second look.
@lru_cache(maxsize=16)
def read(version: Version) -> Published:
    """Return what a published version says."""
    [(text,)] = _rows("SELECT yaml FROM policy.text_of(%s)", [version.number])
    return Published(version, text, parsing.parse_published(text))


def _wording(
    published: Published, name: str, purpose: Purpose, language: Language, channel: str | None
) -> Wording:
    if purpose.consent is None or not (channel is None or channel in purpose.channels):
        raise Refusal.of(refusals.WORDING_UNKNOWN)
    by = published.policy.channels[channel].by.in_(language) if channel else ""
    said = purpose.consent_use if channel is None and purpose.consent_use else purpose.consent
    text = said.in_(language).replace(CHANNEL_PLACE, by).strip()
    detail = purpose.consent_detail.in_(language) if purpose.consent_detail else ""
    shown = "\n".join((name, channel or "", language, text, detail))
    digest = hashlib.sha256(shown.encode()).hexdigest()
    return Wording(name, channel, language, published.version.number, text, detail, digest)
