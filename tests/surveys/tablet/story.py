"""What is done with a deployment under test, in a process of its own.

`prepare` loads the shops and opens the example's surveys, `invite SHOP` says a code for a new tablet, `answers` and
`count` what was taken in, `tablets` how the tablets are, `close SURVEY` and `revoke DEVICE` do so.
"""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import django
from django.db import connection

django.setup()

from amana.cli import django as commands  # noqa: E402
from amana.cli import server  # noqa: E402
from amana.retailer import actions as retailer  # noqa: E402
from amana.retailer import queries as shops  # noqa: E402
from amana.surveys.builder import actions as builder  # noqa: E402
from amana.surveys.builder import seeding  # noqa: E402
from amana.surveys.models import Device, Envelope, Refused, Response, Survey  # noqa: E402
from amana.surveys.tablet import actions  # noqa: E402
from amana.web import home  # noqa: E402

EXAMPLE = Path(__file__).resolve().parents[3] / "examples" / "redtag"
STAFF = 1


def prepare() -> None:
    """Load the shops, and open the example's surveys in them."""
    with commands.signed_in("owner"):
        retailer.load_brand(EXAMPLE / "brand.yaml")
    with commands.signed_in("app"):
        seeding.seed(staff=STAFF, folder=EXAMPLE / seeding.FOLDER)


def invite(shop: str) -> str:
    """Make a code for a tablet."""
    return actions.invite(shop=shops.get_shop(shop).id, name="Till 1", staff=STAFF).spelt


def answers() -> dict[str, Any]:
    """Return what was taken in, what waits and what was refused."""
    rows = Response.objects.order_by("answered_at", "key")
    return {
        "taken": [
            {"key": str(row.key), "language": row.language, "way": row.way, "answers": row.answers,
             "texts": row.texts, "device": str(row.device), "unfinished": row.unfinished}
            for row in rows
        ],
        "waiting": Envelope.objects.count(),
        "refused": [{"key": str(row.key), "reason": row.reason} for row in Refused.objects.all()],
    }  # fmt: skip


def count() -> list[int]:
    """Count what was taken in, what waits and what was refused, at one moment: answers go from one to the other."""
    counts = [f"(SELECT count(*) FROM {model._meta.db_table})" for model in (Response, Envelope, Refused)]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(counts)}")
        return list(cursor.fetchall()[0])


def tablets() -> list[dict[str, Any]]:
    """Return how the tablets are."""
    return [
        {"id": str(row.pk), "name": row.name, "unsent": row.unsent, "policy": row.policy, "software": row.software,
         "battery": row.battery, "skew": row.skew_ms, "synced": row.synced_at is not None}
        for row in Device.objects.order_by("enrolled_at")
    ]  # fmt: skip


def close(slug: str) -> None:
    """Close a survey everywhere."""
    builder.close(staff=STAFF, survey=Survey.objects.get(slug=slug).pk)


def revoke(device: str) -> None:
    """Revoke a tablet."""
    actions.revoke(device=UUID(device), staff=STAFF)


SAID: dict[str, Callable[..., object]] = {
    "invite": invite, "answers": answers, "count": count, "tablets": tablets, "close": close, "revoke": revoke,
}  # fmt: skip
with server.running(home.home()):
    if sys.argv[1] == "prepare":
        prepare()
    else:
        with commands.signed_in("app"):
            print(json.dumps(SAID[sys.argv[1]](*sys.argv[2:])))  # noqa: T201
