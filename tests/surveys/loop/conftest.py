"""A deployment whose visitors are dissatisfied, its staff signed in, and a mail server that takes what leaves."""

import hashlib
import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

import pytest
from django.db import transaction
from django.test import Client

from amana.gate import actions as gate
from amana.gate.values import Admitted, Wish
from amana.kernel import clock
from amana.kernel.ids import CustomerId
from amana.kernel.text import Language
from amana.post import parse
from amana.post.carrier import Carrier
from amana.retailer import queries as retailer
from amana.retailer.guard import SESSION_COOKIE
from amana.retailer.queries import StaffSession
from amana.surveys.builder import seeding
from amana.surveys.intake import keys, opinions
from amana.surveys.loop import alerts, replies, telling
from amana.surveys.models import Case, Response, Version
from amana.surveys.taken import Answer, Taken
from amana.web import branding
from tests.customers.conftest import world
from tests.post.conftest import carrier, mailhost, signer
from tests.post.mailhost import Mailhost
from tests.world import World

__all__ = ["carrier", "mailhost", "signer", "world"]

EXAMPLES = Path(__file__).parents[3] / "examples" / "redtag"
USE = Wish("feedback", None, "Read my opinion and use it to improve your service")
WRITE = Wish("feedback", "email", "Contact me about what I told you by e-mail")
ANNOYED: Mapping[str, Answer] = {"overall": 1, "disliked": ["queue"], "recommend": 2, "found_it": "no"}
CROSS: Mapping[str, Answer] = {"overall": 2, "recommend": 6}
HAPPY: Mapping[str, Answer] = {"overall": 5, "recommend": 9}


@dataclass
class Loop:
    """What a test reaches: visitors, staff, mail."""

    world: World
    version: Version
    shops: list[int]
    mailhost: Mailhost
    carrier: Carrier
    numbers: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))
    admitted: dict[CustomerId, Admitted] = field(default_factory=dict)

    def answer(
        self,
        answers: Mapping[str, Answer] = ANNOYED,
        *wishes: Wish,
        text: str = "",
        photo: str = "",
        email: str = "",
        shop: int | None = 0,
        language: Language = "en",
    ) -> Taken:
        """Take one answer in, as the worker does."""
        values = {
            **({"opinion": opinions.pack({"why": text})} if text else {}),
            **({"receipt_photo": photo} if photo else {}),
            **({"email": email, "name": "Noor"} if email else {}),
        }
        place = None if shop is None else self.shops[shop]
        customer = None
        if values or wishes:
            made = gate.admit(
                source="survey",
                values=values,
                wishes=wishes,
                language=language,
                jurisdiction="AE",
                shop=place,
            )
            customer = made.customer
            self.admitted[customer] = made
        taken = Taken(
            id=uuid4(), survey=self.version.survey_id, version=self.version.pk, shop=place, way="qr",
            language=language, answered_at=clock.now(), answers=answers, texts=("why",) if text else (),
            customer=customer, consents=frozenset((one.purpose, one.channel) for one in wishes),
            mixing=next(self.numbers) * 7919,
        )  # fmt: skip
        with transaction.atomic():
            Response.objects.create(
                id=taken.id, key=uuid4(), version=taken.version, survey=taken.survey, shop=taken.shop, way=taken.way,
                language=taken.language, policy=1, judged_policy=1, answered_at=taken.answered_at,
                received_at=taken.answered_at, taken_at=taken.answered_at, answers=dict(taken.answers),
                texts=list(taken.texts), customer=taken.customer, mixing=taken.mixing, photo="receipt" if photo else "",
            )  # fmt: skip
            alerts.consider([taken])
        return taken

    def case(
        self,
        *wishes: Wish,
        answers: Mapping[str, Answer] = ANNOYED,
        text: str = "",
        photo: str = "",
        email: str = "",
        shop: int | None = 0,
        language: Language = "en",
    ) -> Case:
        """Open a case and return it."""
        taken = self.answer(
            answers, *wishes, text=text, photo=photo, email=email, shop=shop, language=language
        )
        return Case.objects.get(response=taken.id)

    def confirm(self, case: Case) -> None:
        """Confirm the address as its owner does."""
        assert case.customer is not None
        made = self.admitted[CustomerId(case.customer)]
        gate.confirm(self.world.link(made, "confirm"), language="en")

    def staff(self, role: str = "shop_manager", shops: Sequence[int] | None = (0,)) -> StaffSession:
        """Return somebody signed in; shops by their place, None for all."""
        numbers = None if shops is None else [self.shops[one] for one in shops]
        token = hashlib.sha256(f"{role}{numbers}".encode()).hexdigest()
        if token not in self.world.sessions:
            self.world.sessions[token] = self.world._open(role, numbers, token)
        found = retailer.find_session(token)
        assert found is not None
        return found

    def browser(self, role: str = "shop_manager", shops: Sequence[int] | None = (0,)) -> Client:
        """Return that person's browser."""
        client = Client()
        client.cookies[SESSION_COOKIE] = self.staff(role, shops).token
        return client

    def tell(self) -> int:
        """Tell who has to know."""
        return telling.tell(self.carrier)

    def send(self) -> int:
        """Send the replies whose time has come."""
        return replies.send_due(self.carrier)

    def texts_to(self, address: str) -> list[str]:
        """Return the plain texts of the mails to an address."""
        return [parse.parts(raw)[0] for to, _, raw in self.mailhost.taken if to == address]

    def entries(self, event: str) -> int:
        """Return how often the ledger tells of an event, sealed or still waiting."""
        row = self.world.owner.execute(
            "SELECT (SELECT count(*) FROM ledger.entry WHERE event = %s)"
            " + (SELECT count(*) FROM ledger.pending WHERE event = %s)", [event, event],
        ).fetchone()  # fmt: skip
        assert row is not None
        return int(row[0])


@pytest.fixture
def loop(world: World, mailhost: Mailhost, carrier: Carrier) -> Loop:
    """Return the example's deployment, its surveys published and open."""
    keys.make_key(keys.key_path())
    seeding.seed(staff=1, folder=EXAMPLES / seeding.FOLDER)
    branding.forget()
    version = Version.objects.get(survey__slug="visit", number=1)
    return Loop(world, version, [shop.id for shop in retailer.shops()], mailhost, carrier)
