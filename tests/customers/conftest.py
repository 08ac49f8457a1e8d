"""A shop with its policy, the machine signed in, a key for receipts; and how a test reads a shopper's mail."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as configured

from amana.consent import signing
from amana.gate import actions as gate
from amana.kernel.ids import CustomerId
from amana.post.models import Message
from amana.retailer import actions as retailer
from tests import database
from tests.world import Connection, World, make_home

BRAND = Path(__file__).parents[2] / "examples" / "redtag" / "brand.yaml"


@pytest.fixture
def world(
    owner_connection: Connection, publisher_connection: Connection, settings: Any, database_name: str
) -> World:
    """Return a small deployment with the example policy and the example's shops."""
    make_home()
    signing.make_receipt_key(signing.key_path())
    made = World(owner_connection, publisher_connection)
    made.publish()
    database.sign_in("amana_owner", database_name)
    try:
        retailer.load_brand(BRAND)
    finally:
        database.sign_in("amana_app", database_name)
    settings.AMANA_SYSTEM_TOKEN = made.session("system")
    return made


@pytest.fixture
def mailed(world: World) -> Callable[..., str]:
    """Return a function that opens a planned letter as the post room would, and gives its link."""

    def link(kind: str, scope: str, *, customer: CustomerId | None = None) -> str:
        letters = Message.objects.filter(kind=kind).select_related("batch").order_by("-planned_at")
        if customer is not None:
            letters = letters.filter(customer=customer)
        batch = letters[0].batch
        assert batch is not None
        opening = gate.open(
            session=configured.AMANA_SYSTEM_TOKEN,
            purpose=batch.purpose,
            channel=batch.channel,
            fields=["email", "language"],
            task=batch.task,
            links=[scope],
        )
        return opening.people[0].links[scope]

    return link
