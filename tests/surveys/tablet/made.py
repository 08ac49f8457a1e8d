"""Tablets in every state, as rows, for the console's pages."""

import datetime as dt
from typing import Any
from uuid import uuid4

from amana.kernel import clock
from amana.retailer import queries as retailer
from amana.surveys.models import Device, Refused
from amana.surveys.tablet import shell


def device(shop: int | None = None, **changed: Any) -> Device:
    """Return a tablet that works, in the first shop unless told otherwise."""
    now = clock.now()
    made: dict[str, Any] = {
        "shop": shop or retailer.shops()[0].id, "name": "الصندوق 1", "key": {},
        "enrolled_at": now - dt.timedelta(days=40), "enrolled_by": 1,
        "synced_at": now - dt.timedelta(minutes=1), "battery": 80, "software": shell.software(), "policy": 1,
        "skew_ms": 900,
    }  # fmt: skip
    return Device.objects.create(**{**made, **changed})


def refused(of: Device | None, reason: str, count: int) -> list[Refused]:
    """Return refused answers of a tablet, or of the web."""
    now = clock.now()
    return [
        Refused.objects.create(
            key=uuid4(),
            sealed=b"sealed",
            device=of.pk if of else None,
            reason=reason,
            received_at=now,
            refused_at=now,
        )
        for _ in range(count)
    ]


def fleet() -> dict[str, Device]:
    """Return a tablet in every state, by its state."""
    now, shop = clock.now(), retailer.shops()[1].id
    made = {
        "well": device(),
        "quiet": device(name="غرف القياس", synced_at=now - dt.timedelta(days=3), unsent=41, battery=4),
        "stale": device(
            shop, name="Way out", synced_at=now - dt.timedelta(days=20), software="old", policy=1
        ),
        "skewed": device(shop, name="Till 2", skew_ms=-7_200_000, battery=None),
        "revoked": device(name="Lost", revoked_at=now, revoked_by=1),
        "new": device(
            name="Just enrolled",
            synced_at=None,
            enrolled_at=now,
            software="",
            policy=None,
            skew_ms=None,
            battery=None,
        ),
    }
    refused(made["skewed"], "survey_version_unknown", 3)
    refused(made["revoked"], "device_revoked", 2)
    refused(None, "answer_missing", 1)
    return made
