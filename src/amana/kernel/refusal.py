"""Say no to people in their own language; everything that is not a Refusal is a bug.

The database says no with SQLSTATE AM001 and a code as its whole message. Both sides share one registry of
codes, which `registered()` lists for the documentation.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Self, TypeAlias

import psycopg
from django.db import Error as DjangoDatabaseError
from django.utils import translation
from django.utils.functional import Promise

from amana.kernel.text import Bilingual, Language

SQLSTATE = "AM001"

Message: TypeAlias = Bilingual | Promise

_CODE = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class Registered:
    """A refusal code with what people are told and the HTTP status that goes with it."""

    code: str
    message: Bilingual
    status: int


class UnregisteredCodeError(LookupError):
    """A refusal code nobody registered: a bug, not an answer for people."""


class Refusal(Exception):
    """Refuse what a person asked, for a reason they can read.

    `code` is snake_case and stable, `message` is for people, `status` is the HTTP status (4xx or 503). As a
    string it is the code alone, so that a log line never carries what somebody typed.
    """

    def __init__(self, code: str, message: Message, status: int = 400) -> None:
        _check(code, status)
        super().__init__(code)
        self.code = code
        self.message = message
        self.status = status

    def __reduce__(self) -> tuple[type[Self], tuple[str, Message, int]]:
        return type(self), (self.code, self.message, self.status)

    @classmethod
    def of(cls, code: str) -> Self:
        """Make the refusal registered under `code`. Raises UnregisteredCodeError."""
        entry = get_registered(code)
        return cls(entry.code, entry.message, entry.status)

    def message_in(self, language: Language) -> str:
        """Return the message in `language`."""
        if isinstance(self.message, Bilingual):
            return self.message.in_(language)
        with translation.override(language):
            return str(self.message)


_registry: dict[str, Registered] = {}


def register(code: str, message: Bilingual, status: int = 400) -> str:
    """Register what people are told when `code` is raised, by Python or by the database; return the code.

    Raises ValueError when the code is malformed or already stands for something else.
    """
    _check(code, status)
    entry = Registered(code, message, status)
    if _registry.setdefault(code, entry) != entry:
        raise ValueError(f"refusal code {code!r} is already registered with another meaning")
    return code


def registered() -> tuple[Registered, ...]:
    """List every registered refusal, by code."""
    return tuple(_registry[code] for code in sorted(_registry))


def get_registered(code: str) -> Registered:
    """Return the entry of one code. Raises UnregisteredCodeError."""
    try:
        return _registry[code]
    except KeyError:
        raise UnregisteredCodeError(f"no room registered the refusal code {code!r}") from None


def from_sqlstate(error: BaseException) -> Refusal | None:
    """Return the refusal a database error stands for, or None when it is any other error.

    Understands psycopg's errors and those `django.db` wraps around them. Raises UnregisteredCodeError.
    """
    cause = error.__cause__ if isinstance(error, DjangoDatabaseError) else error
    if not isinstance(cause, psycopg.Error) or cause.sqlstate != SQLSTATE:
        return None
    return Refusal.of(cause.diag.message_primary or "")


@contextmanager
def refusing() -> Iterator[None]:
    """Turn the database's refusals raised inside into `Refusal`; let every other error pass.

    Inside `atomic()` the transaction is lost either way; the refusal leaves the block and rolls it back.
    """
    try:
        yield
    except (psycopg.Error, DjangoDatabaseError) as error:
        refusal = from_sqlstate(error)
        if refusal is None:
            raise
        raise refusal from error


def _check(code: str, status: int) -> None:
    if not _CODE.fullmatch(code):
        raise ValueError(f"a refusal code is snake_case: {code!r}")
    if not 400 <= status < 600:
        raise ValueError(f"a refusal has an HTTP error status: {status}")
