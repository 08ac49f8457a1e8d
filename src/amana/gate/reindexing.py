"""Rotating index keys: make the next one, index every address and name by it, destroy those that nothing needs.

An index is a keyed hash: making it anew takes the plaintext. Each value is opened here, hashed and let go; nothing is
written but the new indexes, nobody is shown anything. The journal's tags of addresses do not change.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, NamedTuple

from amana.gate import admission, calls
from amana.gate.door import Door, door
from amana.gate.rotation import alone, catalogue
from amana.kernel import clock
from amana.vault import backups, indexes, sealing
from amana.vault.keys import SealBroken

PEOPLE_AT_A_TIME: Final = 1000
FIELDS: Final = tuple(sorted(admission.WHOLE | admission.BY_WORD))


@dataclass(frozen=True)
class Reindexed:
    """What a rotation did: `people` are found by the new key, `left` only by an older one, as a value does not open.

    `kept` are old keys that somebody or a backup still needs, until `kept_until` where it is a backup.
    """

    key: int
    people: int
    left: int
    destroyed: tuple[int, ...]
    kept: tuple[int, ...]
    kept_until: datetime | None


class _Value(NamedTuple):
    """One sealed value, as the database gives it; somebody who has none to index comes with nothing but the person."""

    person: int
    customer: bytes
    epoch: int
    wrapped: bytes
    field: str
    id: int
    version: int
    ciphertext: bytes


def reindex(progress: Callable[[int, int], object] = lambda done, of: None) -> Reindexed:
    """Rotate the index key; the alias `default` is signed in as the owner. `progress` is told people done, of all.

    Safe to repeat after a crash: an old key stays until nobody is found by it. Raises KeyMissing.
    """
    with alone():
        here = door()
        new = here.indexes.make_next()
        calls.plain("SELECT gate.begin_index(%s)", new)
        of = _older(new)
        while _round(here, new, of, progress):
            pass
        left = _older(new)
        destroyed = destroy_unneeded()
        kept = tuple(number for number in here.indexes.numbers if number != new)
        until = catalogue().last_expiry(index_keys=kept, now=clock.now())
        return Reindexed(new, of - left, left, destroyed, kept, until)


def in_use() -> list[int]:
    """Return the numbers of the index keys that anybody is found by."""
    return list(calls.plain("SELECT gate.index_keys_in_use()")[0][0])


def destroy_unneeded() -> tuple[int, ...]:
    """Destroy the old index keys that neither people nor backups need; return their numbers."""
    ring = door().indexes
    ring.refresh()
    if len(ring.numbers) == 1:
        return ()  # without reading every index for nothing
    needed = catalogue().keys_still_needed(clock.now()).index_keys
    return backups.destroy_unneeded(ring=ring, needed=needed, in_use=in_use())


def _older(new: int) -> int:
    return int(calls.plain("SELECT gate.count_indexed(%s)", new)[0][0])


def _round(here: Door, new: int, of: int, progress: Callable[[int, int], object]) -> bool:
    """Index everybody once who is left; tell whether another round can still find somebody."""
    before = _older(new)
    done = of - before
    for people in _batches(new):
        opened, texts = _opened(here, people)
        done += _write(here, new, opened, texts)
        progress(min(done, of), of)
    return 0 < _older(new) < before


def _batches(new: int) -> Iterator[list[_Value]]:
    after = 0
    while rows := calls.plain(
        "SELECT * FROM gate.values_to_index(%s::text[], %s, %s, %s)",
        list(FIELDS), new, after, PEOPLE_AT_A_TIME,
    ):  # fmt: skip
        after = rows[-1][0]
        yield [_Value(*row) for row in rows if row[1] is not None]


def _opened(here: Door, values: list[_Value]) -> tuple[list[_Value], list[str]]:
    """Open what opens; one broken value keeps nobody else from being found."""
    while True:
        try:
            texts = sealing.open_batch(
                (value[1:] for value in values), ring=here.keys, deployment=here.deployment, fields=FIELDS
            )
            return values, texts
        except SealBroken as broken:
            if broken.position is None:
                raise
            values = [*values[: broken.position], *values[broken.position + 1 :]]


def _write(here: Door, new: int, values: list[_Value], texts: list[str]) -> int:
    return int(calls.plain(_REINDEX, *_anew(here, new, values, texts))[0][0])


_ROWS: Final = (
    "ARRAY(SELECT (a, b, c, d, e)::gate.reindexed FROM "
    "unnest(%s::bigint[], %s::text[], %s::bigint[], %s::integer[], %s::bytea[]) AS x (a, b, c, d, e))"
)
_REINDEX: Final = f"SELECT gate.reindex(%s, {_ROWS}, {_ROWS})"


def _anew(here: Door, new: int, values: list[_Value], texts: list[str]) -> list[Any]:
    """Return what the statement takes: the new key's number, the addresses' indexes, and those of the words."""
    key = here.indexes.get(new)
    blind: list[tuple[int, str, int, int, bytes]] = []
    words: list[tuple[int, str, int, int, bytes]] = []
    for value, text in zip(values, texts, strict=True):
        place = value.person, value.field, value.id, value.version
        if value.field in admission.WHOLE:
            digest = indexes.blind_index(key, value.field, admission.matching(value.field, text))
            blind.append((*place, digest))
        else:
            words += [(*place, digest) for digest in indexes.token_index(key, value.field, text)]
    return [new, *_columns(blind), *_columns(words)]


def _columns(rows: list[tuple[int, str, int, int, bytes]]) -> list[list[Any]]:
    return [list(column) for column in zip(*rows, strict=True)] or [[], [], [], [], []]
