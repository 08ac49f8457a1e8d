"""What is made of and read from a deployment under test, in a process of its own.

`prepare KEY…` loads the example's shops and surveys and enrols a tablet for each public key, `held` says how often each
answer was taken in, by its own number, which were refused and why, and how many wait.
"""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import django

django.setup()

from amana.cli import django as commands  # noqa: E402
from amana.kernel import clock  # noqa: E402
from amana.retailer import actions as retailer_actions  # noqa: E402
from amana.retailer import queries as retailer  # noqa: E402
from amana.surveys.builder import seeding  # noqa: E402
from amana.surveys.intake import keys  # noqa: E402
from amana.surveys.models import Device, Envelope, Refused, Response  # noqa: E402

EXAMPLE = Path(__file__).parents[4] / "examples" / "redtag"


def prepare(*devices: str) -> dict[str, Any]:
    """Load shops and surveys, and enrol tablets."""
    with commands.signed_in("owner"):
        retailer_actions.load_brand(EXAMPLE / "brand.yaml")
    seeding.seed(staff=1, folder=EXAMPLE / seeding.FOLDER)
    shop = retailer.shops()[0]
    made = [
        Device.objects.create(
            shop=shop.id, name="Till", key=json.loads(key), enrolled_at=clock.now(), enrolled_by=1
        )
        for key in devices
    ]
    return {"shop": shop.slug, "key": keys.public_jwk(), "devices": [str(device.pk) for device in made]}


def held() -> dict[str, Any]:
    """Count what became of each answer."""
    numbers = [str(key) for key in Response.objects.values_list("key", flat=True)]
    return {
        "taken": {number: numbers.count(number) for number in set(numbers)}
        if len(numbers) < 2000
        else dict.fromkeys(numbers, 1),
        "responses": len(numbers),
        "people": Response.objects.filter(customer__isnull=False).count(),
        "refused": {str(key): reason for key, reason in Refused.objects.values_list("key", "reason")},
        "waiting": Envelope.objects.count(),
    }


SAID: dict[str, Callable[..., object]] = {"prepare": prepare, "held": held}
with commands.database():
    print(json.dumps(SAID[sys.argv[1]](*sys.argv[2:])))  # noqa: T201
