"""The shapes that cross the gate."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple, overload
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

    number: bytes
    values: Mapping[str, str]
    links: Mapping[str, str]

    @property
    def customer(self) -> CustomerId:
        """The person's id, made when it is asked for: a large release rarely needs all of them."""
        return CustomerId(UUID(bytes=self.number))


class Column(Sequence[Opened]):
    """One field of many people, kept as two columns: a person is put together when looked at."""

    def __init__(self, numbers: Sequence[bytes], field: str, texts: Sequence[str]) -> None:
        self._numbers = numbers
        self._field = field
        self._texts = texts

    def __len__(self) -> int:
        return len(self._texts)

    @overload
    def __getitem__(self, index: int) -> Opened: ...
    @overload
    def __getitem__(self, index: slice) -> "Column": ...
    def __getitem__(self, index: int | slice) -> "Opened | Column":
        if isinstance(index, slice):
            return Column(self._numbers[index], self._field, self._texts[index])
        return Opened(self._numbers[index], {self._field: self._texts[index]}, {})


@dataclass(frozen=True)
class Opening:
    """What a release gave. `refused` counts people by reason; None stands for fewer than ten."""

    call: int
    people: Sequence[Opened]
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


@dataclass(frozen=True)
class SignedIn:
    """Who spent a sign-in link, and a preference link that ends twelve hours later."""

    customer: CustomerId
    own: str
