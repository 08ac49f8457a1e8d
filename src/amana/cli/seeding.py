"""Let the demo's made-up shoppers answer a survey and confirm their addresses, through the gate like anybody.

What is written is what the survey's page writes: sealed values, consents in the words shown, ledger entries,
and for each confirmation the release that made its link. Only the mails between are left out.
"""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Final

import click
import psycopg
from django.db import connection

from amana.cli import home_files, serve
from amana.cli.synthetic import Shopper, shopper
from amana.cli.words import say
from amana.customers import actions as customers
from amana.gate import actions as gate
from amana.gate import folding
from amana.gate.door import door
from amana.gate.values import Wish
from amana.kernel.text import LANGUAGES, Language
from amana.ledger import sequencer
from amana.retailer.queries import Shop
from amana.surveys.builder import queries as designs
from amana.surveys.builder import seeding as surveys
from amana.surveys.taking import asked, invitations, person
from amana.surveys.taking.invitations import Occasion
from amana.surveys.taking.person import Permission
from amana.web import home

CHUNK = 50
THREADS = 3
# Which survey of the example is asked after which occasion.
FOLLOWING: Final[Mapping[Occasion, str]] = {"purchase": "product", "conversation": "visit"}

# Each language's shops with the permissions that are asked for there.
Shops = Mapping[Language, tuple[tuple[Shop, tuple[Permission, ...]], ...]]


# The first account of the demo's staff, who designs its surveys.
DESIGNER = 1


def seed_surveys(folder: Path) -> None:
    """Create, publish and open the example's surveys, and let those follow an occasion that are meant for one."""
    surveys.seed(staff=DESIGNER, folder=folder)
    numbers = {draft.slug: draft.id for draft in designs.drafts()}
    known = invitations.rules()
    for occasion, slug in FOLLOWING.items():
        if slug in numbers and occasion not in known:
            invitations.set_rule(staff=DESIGNER, occasion=occasion, survey=numbers[slug])


def seed(amana_home: Path, *, count: int) -> None:
    """Bring the demo's shoppers up to `count`, with a progress bar; an earlier start's stay and are not repeated.

    Call it with the application signed in. How many there are is noted in the home after each fifty.
    """
    note = amana_home / "demo-shoppers"
    done = int(note.read_text("ascii")) if note.exists() else 0
    if done >= count:
        return
    shops = {language: _shops(language) for language in LANGUAGES}
    starts = range(done, count, CHUNK)
    with serve.system_session() as session, ThreadPoolExecutor(THREADS) as threads:
        answer = partial(_answer_all, shops=shops, session=session, end=count)
        with click.progressbar(length=count - done, label=say("Made-up shoppers answer surveys")) as bar:
            # In order, so that the note never counts somebody who is still to come.
            for start, added in zip(starts, threads.map(answer, starts), strict=True):
                note.write_text(str(start + added), "ascii")
                bar.update(added)
    _sequence()


def _shops(language: Language) -> tuple[tuple[Shop, tuple[Permission, ...]], ...]:
    return tuple(
        (shop, person.asking(language, country=shop.country, jurisdiction=shop.jurisdiction).permissions)
        for shop in asked.open_shops()
    )


def _answer_all(start: int, *, shops: Shops, session: str, end: int) -> int:
    numbers = range(start, min(start + CHUNK, end))
    with connection.cursor() as cursor:
        # Nobody real waits for these: the last of them may be lost with the machine.
        cursor.execute("SET synchronous_commit = off")
    try:
        for number in numbers:
            _answer(number, shops, session)
    finally:
        connection.close()
    return len(numbers)


def _answer(number: int, shops: Shops, session: str) -> None:
    place = number % len(shops["ar"])
    made = shopper(number, country=shops["ar"][place][0].country)
    shop, permissions = shops[made.language][place]
    admitted = gate.admit(
        source=person.SOURCE,
        values=made.values,
        wishes=_wishes(made, permissions),
        language=made.language,
        jurisdiction=shop.jurisdiction,
        shop=shop.id,
    )
    if made.confirms and admitted.confirmation is not None:
        opening = gate.open(
            session=session, purpose="confirmation", channel="email", fields=["email"],
            task=admitted.confirmation, links=["confirm"],
        )  # fmt: skip
        for reached in opening.people:
            gate.confirm(reached.links["confirm"], language=made.language)


def _wishes(made: Shopper, permissions: Sequence[Permission]) -> list[Wish]:
    shown = [each.wording for each in permissions]
    return [
        Wish(
            each.purpose,
            each.channel,
            customers.evidence_of(text=each.text, detail=each.detail, version=each.version),
        )
        for each in shown
        if made.ticks(each.purpose, each.channel)
    ]


def _sequence() -> None:
    """Number and sign what was recorded, as the part that does it from now on."""
    signer = home_files.ledger_signer(home.home())
    with psycopg.connect(**home.address("sequencer"), autocommit=True) as sequencing:
        sequencing.execute("SELECT ledger.announce_key(%s)", [str(signer.key)])
        folding.fold(sequencing)
        while sequencer.step(sequencing, signer, door().journal.head).added:
            pass
