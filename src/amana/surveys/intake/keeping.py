"""Keep what was judged: admit who told something, write the responses, and let the room's parts know of them."""

import hashlib
import json
import secrets
import uuid
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final

from django.db import connection

from amana.customers import actions as customers
from amana.gate import actions as gate
from amana.gate.values import Admitted, Wish
from amana.kernel.ids import CustomerId
from amana.kernel.text import Language
from amana.ledger import actions as ledger
from amana.policy import queries as policy
from amana.surveys.builder.queries import SOURCE
from amana.surveys.intake.bearings import Bearings, Pair
from amana.surveys.intake.judging import Judged
from amana.surveys.loop import alerts
from amana.surveys.photo import PHOTO
from amana.surveys.reading import keeping_back, pictures, queueing
from amana.surveys.results import counting
from amana.surveys.taken import Taken
from amana.surveys.taking import quotas

_KEEP: Final = """INSERT INTO public.surveys_response
(id, key, version, survey, shop, device, way, language, policy, judged_policy, answered_at, received_at, taken_at,
    answers, texts, photo, unfinished, customer, code, mixing)
SELECT id, key, version, survey, shop, device, way, language, policy, judged_policy, answered_at, received_at, taken_at,
    answers::jsonb, texts::jsonb, photo, unfinished, customer, code, mixing
FROM unnest(%s::uuid[], %s::uuid[], %s::int8[], %s::int8[], %s::int8[], %s::uuid[], %s::text[], %s::text[], %s::int4[],
    %s::int4[], %s::timestamptz[], %s::timestamptz[], %s::timestamptz[], %s::text[], %s::text[], %s::text[], %s::bool[],
    %s::uuid[], %s::bytea[], %s::int8[])
AS x (id, key, version, survey, shop, device, way, language, policy, judged_policy, answered_at, received_at, taken_at,
    answers, texts, photo, unfinished, customer, code, mixing)"""


def keep(judged: Sequence[Judged], by: Bearings) -> tuple[Taken, ...]:
    """Keep these answers, within the caller's transaction: all of them, or none. Raises GateRefused."""
    if not judged:
        return ()
    admitted = [_admitted(one, by) for one in judged]
    customers.ask_to_confirm(*(one for one in admitted if one is not None))
    taken = tuple(
        _taken(one, made.customer if made else None) for one, made in zip(judged, admitted, strict=True)
    )
    _write(judged, taken, by)
    ledger.note(event="surveys.answered", payload=_noted(judged, taken))
    finished = [made for one, made in zip(judged, taken, strict=True) if not one.submission.unfinished]
    counting.count(finished)
    quotas.count(finished)
    queueing.wait(taken)
    doubted = [made for one, made in zip(judged, taken, strict=True) if one.photo and one.doubted]
    keeping_back.hold_at_once(doubted, field=PHOTO, kind=pictures.KIND)
    alerts.consider(taken)
    return taken


def _admitted(one: Judged, by: Bearings) -> Admitted | None:
    """Admit whoever told something of themselves as somebody new; None where nothing was told."""
    if not one.values and not one.wishes:
        return None
    submission = one.submission
    return gate.admit(
        source=SOURCE,
        values=one.values,
        wishes=[_wish(pair, submission.policy, submission.language, by) for pair in one.wishes],
        language=submission.language,
        jurisdiction=one.place.jurisdiction,
        shop=one.shop.id if one.shop else None,
        shown=submission.policy,
        offline=one.device is not None,
    )


def _wish(pair: Pair, number: int, language: Language, by: Bearings) -> Wish:
    purpose, channel = pair
    shown = policy.wording_of(policy.read(by.shown(number)), purpose, language, channel)
    words = customers.evidence_of(text=shown.text, detail=shown.detail, version=shown.version)
    return Wish(purpose, channel, words)


def _taken(one: Judged, customer: CustomerId | None) -> Taken:
    return Taken(
        id=uuid.uuid4(),
        survey=one.version.survey,
        version=one.version.id,
        shop=one.shop.id if one.shop else None,
        way=one.submission.way,
        language=one.submission.language,
        answered_at=one.answered_at,
        answers=one.answers,
        texts=one.words,
        customer=customer,
        consents=frozenset(one.wishes),
        mixing=secrets.randbits(63),
    )


def _write(judged: Sequence[Judged], taken: Sequence[Taken], by: Bearings) -> None:
    rows = [_row(one, made, by) for one, made in zip(judged, taken, strict=True)]
    columns = [list(column) for column in zip(*rows, strict=True)]
    with connection.cursor() as cursor:
        cursor.execute(_KEEP, columns)


def _row(one: Judged, made: Taken, by: Bearings) -> tuple[object, ...]:
    submission = one.submission
    return (
        made.id, submission.id, made.version, made.survey, made.shop, one.device, made.way, made.language,
        submission.policy, by.running.version.number, made.answered_at, one.received_at, by.now,
        json.dumps(made.answers, ensure_ascii=False), json.dumps(made.texts), one.photo, submission.unfinished,
        made.customer, one.code, made.mixing,
    )  # fmt: skip


def _noted(judged: Iterable[Judged], taken: Sequence[Taken]) -> dict[str, object]:
    """Return what the ledger says of a batch: how many, which (as one hash), and what was left out by which reason."""
    pairs = sorted(f"{made.id}|{one.submission.id}" for one, made in zip(judged, taken, strict=True))
    out = Counter(name for one in judged for name in one.left_out)
    root = hashlib.sha256("\n".join(pairs).encode()).hexdigest()
    return {"count": len(taken), "root": root, **({"left_out": dict(sorted(out.items()))} if out else {})}
