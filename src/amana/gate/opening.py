"""The second step of a release: take the ciphertext by its ticket and open it."""

from collections.abc import Sequence
from operator import itemgetter
from typing import Any, Final

from amana.gate import calls
from amana.gate.door import door
from amana.gate.values import Column, Opened
from amana.vault.sealing import open_batch

_TAKE: Final = "SELECT * FROM gate.take(%s, %s, %s)"
_LINK: Final = "link:"


def release(*, ticket: str, fields: Sequence[str]) -> Sequence[Opened]:
    """Take what a committed call may have, and open it. Raises GateRefused, SealBroken, KeyMissing."""
    taken = calls.rows(_TAKE, ticket, binary=True)
    sealed = [row for row in taken if row[1] is not None]
    if len(fields) > 1:
        sealed.sort(key=itemgetter(0))  # a person's rows together: their key is unwrapped once
    here = door()
    texts = open_batch(sealed, ring=here.keys, deployment=here.deployment, fields=fields)
    if len(sealed) == len(taken) and len(fields) == 1:
        return Column([row[0] for row in sealed], fields[0], texts)
    return _gathered(taken, sealed, texts)


def _gathered(taken: list[Any], sealed: list[Any], texts: list[str]) -> tuple[Opened, ...]:
    values: dict[bytes, dict[str, str]] = {}
    links: dict[bytes, dict[str, str]] = {}
    for row, text in zip(sealed, texts, strict=True):
        values.setdefault(row[0], {})[row[3]] = text
    for customer, epoch, _, field, _, _, content in taken:
        if epoch is None and field.startswith(_LINK):
            links.setdefault(customer, {})[field.removeprefix(_LINK)] = content.decode()
        elif epoch is None:
            values.setdefault(customer, {})[field] = content.decode()
    return tuple(
        Opened(customer, values.get(customer, {}), links.get(customer, {}))
        for customer in dict.fromkeys((*values, *links))
    )
