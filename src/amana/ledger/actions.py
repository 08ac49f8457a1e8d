"""What the rooms above the lock may add to the record."""

import json
from collections.abc import Mapping
from uuid import UUID

from django.db import connection

from amana.kernel.refusal import refusing


def note(*, event: str, payload: Mapping[str, object]) -> UUID:
    """Record that something happened to the deployment, never to a person; return the entry's id.

    `event` is dotted and past tense, e.g. `campaigns.sent`. Raises Refusal `event_reserved` for the events of
    a room that records its own.
    """
    with refusing(), connection.cursor() as cursor:
        cursor.execute("SELECT ledger.note(%s, %s::jsonb)", [event, json.dumps(payload)])
        (entry,) = cursor.fetchone()
    return UUID(str(entry))
