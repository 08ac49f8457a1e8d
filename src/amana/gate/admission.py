"""Prepare what comes in: seal identity, keep facts plain, index what is to be found again."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from amana.gate.door import Door
from amana.gate.refusals import GateRefused
from amana.kernel import emails
from amana.kernel.ids import CustomerId
from amana.policy import queries as policy
from amana.vault import indexes, keys, sealing

# Found again by the whole value; a name by its words.
WHOLE: Final = frozenset({"email", "mobile", "phone"})
BY_WORD: Final = frozenset({"name"})


@dataclass
class Prepared:
    """The arrays the gate's function takes, field by field."""

    sealed: list[tuple[str, int, int, bytes]] = field(default_factory=list)
    plain: list[tuple[str, str]] = field(default_factory=list)
    blind: list[tuple[str, bytes, int, bytes]] = field(default_factory=list)
    tokens: list[tuple[str, bytes, int]] = field(default_factory=list)


def kinds() -> Mapping[str, str]:
    """Return the declared fields of the running policy, each `identity` or `fact`.

    Raises Refusal when no policy was ever published.
    """
    return {name: category.kind for name, category in policy.current().policy.categories.items()}


def matching(name: str, value: str) -> str:
    """Return the form of a value by which it is found again."""
    return emails.matching(value) if name == "email" else value


def with_derived(values: Mapping[str, str], declared: Mapping[str, str]) -> dict[str, str]:
    """Add the birth year to a birth date where the policy lists it, and leave out what was left empty."""
    given = {n: v if n == "message" else v.strip() for n, v in values.items() if v.strip() or n == "message"}
    born = given.get("birth_date")
    if born and "birth_year" in declared and "birth_year" not in given:
        given["birth_year"] = str(date.fromisoformat(born).year)
    return given


def prepare(
    *,
    door: Door,
    customer: CustomerId,
    person_key: bytes,
    values: Mapping[str, str],
    declared: Mapping[str, str],
) -> Prepared:
    """Seal and index `values` for a new person. Raises GateRefused for a field the policy does not list."""
    door.indexes.refresh()  # another process may have rotated: nobody new is indexed under the old key
    made = Prepared()
    for name, value in values.items():
        kind = declared.get(name)
        if kind is None:
            raise GateRefused.of("field_undeclared")
        if kind == "fact":
            made.plain.append((name, value))
        else:
            made.sealed.append(_seal(door, customer, person_key, name, value))
            _index(made, door, name, value)
    return made


def _seal(
    door: Door, customer: CustomerId, person_key: bytes, name: str, value: str
) -> tuple[str, int, int, bytes]:
    number = int.from_bytes(os.urandom(8), "big") >> 1
    sealed = sealing.seal(
        person_key=person_key, deployment=door.deployment, customer=customer, field=name, value_id=number,
        version=1, plaintext=value,
    )  # fmt: skip
    return name, number, 1, sealed


def _index(made: Prepared, door: Door, name: str, value: str) -> None:
    if name in WHOLE:
        normalised = matching(name, value)
        found = indexes.blind(ring=door.indexes, field=name, normalised=normalised)
        made.blind.append((name, found.digest, found.key_id, door.journal.tag_address(name, normalised)))
    elif name in BY_WORD:
        words = indexes.tokens(ring=door.indexes, field=name, text=value)
        made.tokens.extend((name, word.digest, word.key_id) for word in words)


def tags(here: Door, values: Mapping[str, str]) -> list[bytes]:
    """Return the erase journal's tags of the e-mail address, if there is one. A phone alone never matches."""
    email = values.get("email", "").strip()
    return [here.journal.tag_address("email", matching("email", email))] if email else []


def sought(here: Door, name: str, values: Sequence[str]) -> tuple[list[tuple[int, bytes]], int]:
    """Return by what to look up exact values, each with its place, and the newest index key among them."""
    here.indexes.refresh()  # another process may have rotated: who was indexed anew is found by the new key alone
    keyed = [
        (place, candidate.digest)
        for place, value in enumerate(values)
        for candidate in indexes.blind_candidates(
            ring=here.indexes, field=name, normalised=matching(name, value)
        )
    ]
    return keyed, here.indexes.current


def new_key(*, door: Door, customer: CustomerId) -> tuple[int, bytes, bytes]:
    """Make a person's key: the epoch, the key itself, and the key wrapped for the database."""
    door.keys.refresh()  # another process may have rotated: nobody new comes under the old key
    person_key = keys.new_person_key()
    epoch = door.keys.current
    wrapped = keys.wrap(
        ring=door.keys, epoch=epoch, deployment=door.deployment, customer=customer, person_key=person_key
    )
    return epoch, person_key, wrapped


def known_key(*, door: Door, customer: CustomerId, epoch: int, wrapped: bytes) -> bytes:
    """Return the key of a person who was admitted before. Raises KeyMissing, SealBroken."""
    door.keys.refresh()
    return keys.unwrap(
        ring=door.keys, epoch=epoch, deployment=door.deployment, customer=customer, wrapped=wrapped
    )
