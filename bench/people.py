"""Fill a database with people who agreed, confirmed and were used before: as the owner, in bulk."""

import os
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from amana.gate.door import Door, door
from amana.kernel.ids import CustomerId
from amana.policy import actions, parsing
from amana.vault import keys, sealing
from bench.deployment import Connection, connect

POLICY = Path(__file__).parent.parent / "examples" / "redtag" / "policy.yaml"
BATCH = 20_000
MONTHS = """
SELECT format('CREATE TABLE uses.use_past_%s PARTITION OF uses.use FOR VALUES FROM (%s) TO (%s)', m,
    gate.first_call_of(date_trunc('month', ledger.now()) - make_interval(months => m)),
    gate.first_call_of(date_trunc('month', ledger.now()) - make_interval(months => m - 1)))
FROM generate_series(1, 12) m
"""
DECISIONS = """
WITH decided AS (
    INSERT INTO consent.decision
        (entry, person, purpose, channel, kind, at, xid, policy, language, source, actor, subject)
    SELECT gen_random_uuid(), p.id, policy.term_id('purpose', %(purpose)s), policy.term_id('channel', 'email'),
        %(kind)s, p.admitted_at, pg_current_xact_id(), policy.current_version(), 'ar',
        policy.term_id('source', 'survey'), 'customer:form', v.id
    FROM vault.person p JOIN vault.value v ON v.person = p.id WHERE p.id > %(after)s ORDER BY p.id RETURNING *
)
"""
STANDING = """INSERT INTO consent.standing (person, purpose, channel, given, objected, policy, decision)
SELECT person, purpose, channel, true, false, policy, id FROM decided"""
ADDRESS = """INSERT INTO consent.address (person, field, value, confirmed_at, decision)
SELECT person, policy.term_id('field', 'email'), subject, at, id FROM decided"""
USES = """
INSERT INTO uses.use (call, person, decision)
SELECT gate.first_call_of(ledger.now() - make_interval(days => (c * 7 / 2)::int)) | (1000000 + c), p.id, p.id
FROM generate_series(1, %(calls)s::bigint) c,
    LATERAL (SELECT id FROM vault.person ORDER BY id LIMIT %(each)s) p
"""


def open_for_business(owner: Connection) -> str:
    """Put the example policy in force and return a session of the machine."""
    text = parsing.canonical(POLICY.read_bytes(), file=POLICY.name)
    with connect("publisher") as publisher:
        actions.publish(text=text, connection=publisher, actor="bench")
    for (statement,) in owner.execute(MONTHS).fetchall():
        owner.execute(statement)
    row = owner.execute("SELECT retailer.open_system_session()").fetchone()
    assert row is not None
    return str(row[0])


def use_before(owner: Connection, uses: int) -> None:
    """Put `uses` earlier uses in place: two campaigns a week to everybody, back from today."""
    row = owner.execute("SELECT count(*) FROM vault.person").fetchone()
    assert row is not None
    owner.execute(USES, {"calls": max(1, uses // row[0]), "each": min(uses, row[0])})
    owner.execute("VACUUM ANALYZE")


def load(owner: Connection, count: int) -> None:
    """Admit `count` people with a sealed and confirmed address and a consent to offers by e-mail."""
    after = owner.execute("SELECT coalesce(max(id), 0) FROM vault.person").fetchone()
    assert after is not None
    last = after[0]
    here = door()
    for start in range(0, count, BATCH):
        _load_batch(owner, here, start, min(BATCH, count - start), last)
    with owner.transaction():
        given = {"purpose": "marketing", "kind": "given", "after": last}
        owner.execute(DECISIONS + STANDING, given)
        owner.execute(
            DECISIONS + ADDRESS, {"purpose": "confirmation", "kind": "address_confirmed", "after": last}
        )
        owner.execute(
            "SELECT ledger.new_people(ARRAY(SELECT id FROM vault.person WHERE id > %s ORDER BY id))", [last]
        )
    owner.execute("ANALYZE")


def _load_batch(owner: Connection, here: Door, start: int, count: int, offset: int) -> None:
    terms = owner.execute(
        "SELECT policy.term_id('jurisdiction', 'AE'), policy.term_id('source', 'survey'),"
        " policy.term_id('field', 'email'), policy.term_id('field', 'birth_year'),"
        " policy.current_version(), ledger.now()"
    ).fetchone()
    assert terms is not None
    place, source, email, birth_year, version, now = terms
    people = [(offset + start + n + 1, *made) for n, made in enumerate(_people(here, start, count))]
    rows: dict[str, list[tuple[Any, ...]]] = {
        "vault.person (id, customer, jurisdiction, entry, admitted_at)": [
            (person, customer, place, uuid.uuid4(), now) for person, customer, *_ in people
        ],
        "vault.key (person, epoch, wrapped)": [
            (person, here.keys.current, wrapped) for person, _, wrapped, *_ in people
        ],
        "vault.value (person, field, id, version, ciphertext, entry, source, policy, at)": [
            (person, email, value, 1, sealed, uuid.uuid4(), source, version, now)
            for person, _, _, value, sealed in people
        ],
        "vault.fact (person, field, value, source, policy, at)": [
            (person, birth_year, "1990", source, version, now) for person, *_ in people
        ],
    }
    with owner.transaction(), owner.cursor() as cursor:
        for table, values in rows.items():
            with cursor.copy(f"COPY {table} FROM STDIN") as copy:  # type: ignore[arg-type]
                for row in values:
                    copy.write_row(row)


def _people(here: Door, start: int, count: int) -> Iterator[tuple[CustomerId, bytes, int, bytes]]:
    for number in range(start, start + count):
        customer = CustomerId(uuid.UUID(bytes=os.urandom(16), version=4))
        person_key = keys.new_person_key()
        value_id = int.from_bytes(os.urandom(8), "big") >> 1
        yield (
            customer,
            keys.wrap(
                ring=here.keys, epoch=here.keys.current, deployment=here.deployment, customer=customer,
                person_key=person_key,
            ),
            value_id,
            sealing.seal(
                person_key=person_key, deployment=here.deployment, customer=customer, field="email",
                value_id=value_id, version=1, plaintext=f"shopper-{number}@mail.example",
            ),
        )  # fmt: skip
