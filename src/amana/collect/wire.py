"""Segment's wire, as far as anything of it may be kept; what is not named here is never even looked at."""

from typing import Any, Final

import msgspec

MOST_IN_A_BATCH: Final = 2000


class Consent(msgspec.Struct, gc=False):
    """Which categories of the banner were allowed (Segment's Consent in the context object)."""

    categoryPreferences: dict[str, Any] | None = None


class Page(msgspec.Struct, gc=False):
    """Where in the website it happened."""

    path: str | None = None
    url: str | None = None
    title: str | None = None
    referrer: str | None = None
    search: str | None = None


class Campaign(msgspec.Struct, gc=False):
    """Which campaign led there."""

    name: str | None = None
    source: str | None = None
    medium: str | None = None


class Library(msgspec.Struct, gc=False):
    """What sent it."""

    name: str | None = None


class Context(msgspec.Struct, gc=False):
    """The circumstances of a call. `handover` is the word of a browser whose visitor has just signed in with us."""

    consent: Consent | None = None
    page: Page | None = None
    campaign: Campaign | None = None
    library: Library | None = None
    userAgent: str | None = None
    locale: str | None = None
    ip: str | None = None
    traits: dict[str, Any] | None = None
    handover: str | None = None


Time = str | int | float | None


class Message(msgspec.Struct, gc=False):
    """One call."""

    type: str = ""
    messageId: str | None = None
    event: str | None = None
    name: str | None = None
    category: str | None = None
    userId: str | int | None = None
    anonymousId: str | int | None = None
    properties: dict[str, Any] | None = None
    traits: dict[str, Any] | None = None
    context: Context | None = None
    timestamp: Time = None
    originalTimestamp: Time = None
    sentAt: Time = None
    writeKey: str | None = None


class Batch(msgspec.Struct, gc=False):
    """Several calls."""

    batch: list[Message]
    sentAt: Time = None
    writeKey: str | None = None
    context: Context | None = None


class LooseBatch(msgspec.Struct, gc=False):
    """Several calls of which some cannot be read."""

    batch: list[msgspec.Raw]
    sentAt: Time = None
    writeKey: str | None = None
    context: Context | None = None


_message: Final = msgspec.json.Decoder(Message)
_batch: Final = msgspec.json.Decoder(Batch)
_loose: Final = msgspec.json.Decoder(LooseBatch)


def read_message(body: bytes) -> Message:
    """Read one call. Raises msgspec.DecodeError, also for wrong types, and RecursionError."""
    return _message.decode(body)


def read_batch(body: bytes) -> tuple[Batch, int]:
    """Read several calls, and how many of them cannot be read. Raises msgspec.DecodeError, RecursionError."""
    try:
        return _batch.decode(body), 0
    except msgspec.ValidationError:
        loose = _loose.decode(body)
    found, lost = [], 0
    for raw in loose.batch:
        try:
            found.append(_message.decode(raw))
        except msgspec.ValidationError:
            lost += 1
    return Batch(found, loose.sentAt, loose.writeKey, loose.context), lost
