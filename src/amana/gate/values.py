"""The shapes that cross the gate."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple
from uuid import UUID

from amana.kernel.ids import CustomerId
from amana.kernel.text import Language

Decision = Literal["withdrawn", "objected", "restricted"]


@dataclass(frozen=True)
class Wish:
    """A consent ticked on a form: the purpose, the channel where it has one, and the wording that was shown."""

    purpose: str
    channel: str | None
    wording: str


@dataclass(frozen=True)
class Admitted:
    """A new person as a claim. `confirmation` is the task to ask the address's owner by, where one was made."""

    customer: CustomerId
    entry: UUID
    confirmation: int | None


class Opened(NamedTuple):
    """One person as released: values by field name, link tokens by scope."""

    customer: CustomerId
    values: Mapping[str, str]
    links: Mapping[str, str]


@dataclass(frozen=True)
class Opening:
    """What a release gave. `refused` counts people by reason; None stands for fewer than ten."""

    call: int
    people: tuple[Opened, ...]
    refused: Mapping[str, int | None]


@dataclass(frozen=True)
class Link:
    """What a link is for, before anybody acts on it."""

    scope: str
    expired: bool
    purpose: str
    channel: str | None
    language: Language


@dataclass(frozen=True)
class Planned:
    """One person within a planned task."""

    task: int
    customer: CustomerId
