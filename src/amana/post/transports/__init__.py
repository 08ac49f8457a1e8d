"""What every carrier of messages has in common; e-mail over SMTP is one of them."""

from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol
from uuid import UUID


class Outcome(StrEnum):
    """What a carrier said about one message; `no_carrier` when nothing could be said to it at all."""

    HANDED_OVER = "handed_over"
    RETRY = "retry"
    NO_CARRIER = "no_carrier"
    ADDRESS_FAULT = "address_fault"
    MAILBOX_FAULT = "mailbox_fault"
    SENDER_FAULT = "sender_fault"
    UNCONFIRMED = "unconfirmed"


@dataclass(frozen=True, slots=True)
class Envelope:
    """One finished message on its way. Its address lives only here and is never printed."""

    message: UUID
    return_path: str = field(repr=False)
    to: str = field(repr=False)
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Verdict:
    """An outcome, with the carrier's status code alone: the text beside it may repeat the address."""

    outcome: Outcome
    status: str = ""


class Carriage(Protocol):
    """An open way to the carrier, for many messages."""

    def hand(self, envelope: Envelope) -> Verdict:
        """Hand one message over and return what became of it; never raise for what the carrier says."""


class Transport(Protocol):
    """A carrier of one channel, declared in the policy as a recipient of personal data."""

    @property
    def channel(self) -> str:
        """Return the channel's name in the policy, such as `email` or `sms`."""

    @property
    def recipient(self) -> str:
        """Return the name under which the policy declares who receives the data."""

    def open(self) -> AbstractContextManager[Carriage]:
        """Open one way for many messages."""
