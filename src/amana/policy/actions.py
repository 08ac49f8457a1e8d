"""Put a policy in force."""

import hashlib
from typing import Any

import psycopg
from psycopg.types.json import Jsonb

from amana.kernel.refusal import refusing
from amana.policy import parsing, rules


def publish(
    *, text: str, connection: "psycopg.Connection[Any]", actor: str, against: int | None = None
) -> int:
    """Publish a policy through the publisher's own login and return its version.

    `text` is canonical (`parsing.canonical`). `against` is the version compared with, 0 for none: when
    another one runs by now, nothing is published. It is one transaction: a bad policy never replaces the
    running one.
    Raises PolicyInvalid, Refusal policy_unchanged, policy_moved_on.
    """
    policy = parsing.parse(text)
    digest = hashlib.sha256(text.encode()).digest()
    with refusing(), connection.transaction(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT policy.publish(%s::text, %s::bytea, %s::jsonb, %s::text, %s::integer)",
            (text, digest, Jsonb(rules.rules(policy)), actor, against),
        )
        row = cursor.fetchone()
    if row is None:
        raise RuntimeError("policy.publish returned nothing")
    return int(row[0])
