"""What happens on a deployment under test between an operator's commands; run as a process of its own.

`python -m tests.cli.story shoppers` makes two and a message to the first; `erase NUMBER` erases one; `withdraw NUMBER`
stops offers to one; `suppress NUMBER` marks one's address as refused; `written NUMBER` counts whom an offer reaches,
`reached NUMBER` whom an answer to their request does; `readable` counts.
"""

import json
import sys
from uuid import UUID

import psycopg

from amana.cli import django

django.set_up()

from amana.cli import home_files  # noqa: E402
from amana.gate import actions, folding, narrowing  # noqa: E402  (Django has to be ready first)
from amana.gate.door import door  # noqa: E402
from amana.kernel.ids import CustomerId  # noqa: E402
from amana.kernel.text import Bilingual  # noqa: E402
from amana.ledger import sequencer  # noqa: E402
from amana.post import actions as post  # noqa: E402
from amana.post.models import Message  # noqa: E402
from amana.web import home  # noqa: E402
from tests.gate.operations import erase, readable  # noqa: E402
from tests.world import EMAILS, World  # noqa: E402

TEXT = Bilingual(ar="عرض", en="Offer")
# Another process of this story signed its staff in before.
CLEAN = (
    "DELETE FROM retailer.session WHERE staff IS NOT NULL OR token_hash = sha256('systemNone')",
    "DELETE FROM retailer.staff_role",
    "DELETE FROM retailer.staff",
)


def shoppers(world: World) -> object:
    """Admit two, and open the first one's address for a planned message."""
    noor, salma = (world.shopper(f"{name}@mail.example", EMAILS) for name in ("noor", "salma"))
    content = post.write(subject=TEXT, body=TEXT)
    post.plan(
        session=world.session("marketing"), ref="campaign:1", kind="promotion", purpose="marketing",
        content=content, customers=[noor],
    )  # fmt: skip
    message = Message.objects.select_related("batch").get()
    assert message.batch is not None
    actions.open(
        session=world.session("system"), purpose="marketing", channel="email", fields=["email"],
        task=message.batch.task,
    )  # fmt: skip
    with psycopg.connect(**home.address("sequencer"), autocommit=True) as connection:
        folding.fold(connection)
        sequencer.step(connection, home_files.ledger_signer(home.home()), door().head)
    return {"noor": str(noor), "salma": str(salma), "message": str(message.pk)}


def withdraw(world: World, customer: CustomerId) -> object:
    """Stop offers as a member of the service does, and let the sequencer keep that."""
    service = world.session("service")
    task = actions.plan(
        session=service, kind="conversation", purpose="service", people=[customer], ref="conversation:1"
    )
    actions.decide_for(
        session=service, task=task, purpose="marketing", channel="email", kind="withdrawn", language="ar"
    )
    with psycopg.connect(**home.address("sequencer"), autocommit=True) as connection:
        return narrowing.keep(connection).decisions


def suppress(world: World, customer: CustomerId) -> object:
    """Mark an address as the server's refusal does, and let the sequencer keep that."""
    actions.suppress(session=world.session("system"), customer=customer, channel="email", reason="address")
    with psycopg.connect(**home.address("sequencer"), autocommit=True) as connection:
        return narrowing.keep(connection).decisions


def written(world: World, customer: CustomerId) -> object:
    """Count whom an offer reaches now."""
    task = actions.plan(
        session=world.session("marketing"), kind="message", purpose="marketing", people=[customer], ref="campaign:2"
    )  # fmt: skip
    opening = actions.open(
        session=world.session("system"), purpose="marketing", channel="email", fields=["email"], task=task
    )
    return len(opening.people)


def reached(world: World, customer: CustomerId) -> object:
    """Count whom an answer to a request of theirs reaches now, which needs no consent."""
    service = world.session("service")
    task = actions.plan(session=service, kind="request", purpose="rights", people=[customer], ref="request:2")
    opening = actions.open(
        session=world.session("system"), purpose="rights", channel="email", fields=["email"], task=task
    )
    return len(opening.people)


def main(word: str, *more: str) -> object:
    """Do what the word says."""
    with (
        django.database(),
        psycopg.connect(**home.address("owner"), autocommit=True) as owner,
        psycopg.connect(**home.address("publisher"), autocommit=True) as publisher,
    ):
        for statement in CLEAN:
            owner.execute(statement)
        world = World(owner, publisher)
        if word == "shoppers":
            return shoppers(world)
        if word == "erase":
            return erase(world, CustomerId(UUID(more[0]))).journal
        of_one = {"withdraw": withdraw, "suppress": suppress, "written": written, "reached": reached}
        if word in of_one:
            return of_one[word](world, CustomerId(UUID(more[0])))
        return readable(world)


if __name__ == "__main__":
    print(json.dumps(main(*sys.argv[1:])))  # noqa: T201
