"""Let the demo's made-up shoppers answer a survey and confirm their addresses, through the gate like anybody.

What is written is what the survey's page writes: sealed values, consents in the words shown, ledger entries,
and for each confirmation the release that made its link. Only the mails between are left out.
"""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

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
from amana.surveys import queries as surveys
from amana.surveys.queries import Survey
from amana.web import home

CHUNK = 50
THREADS = 3

Surveys = Mapping[Language, tuple[Survey, ...]]


def seed(amana_home: Path, *, count: int) -> None:
    """Bring the demo's shoppers up to `count`, with a progress bar; an earlier start's stay and are not repeated.

    Call it with the application signed in. How many there are is noted in the home after each fifty.
    """
    note = amana_home / "demo-shoppers"
    done = int(note.read_text("ascii")) if note.exists() else 0
    if done >= count:
        return
    open_surveys = {language: _surveys(language) for language in LANGUAGES}
    starts = range(done, count, CHUNK)
    with serve.system_session() as session, ThreadPoolExecutor(THREADS) as threads:
        answer = partial(_answer_all, open_surveys=open_surveys, session=session, end=count)
        with click.progressbar(length=count - done, label=say("Made-up shoppers answer surveys")) as bar:
            # In order, so that the note never counts somebody who is still to come.
            for start, added in zip(starts, threads.map(answer, starts), strict=True):
                note.write_text(str(start + added), "ascii")
                bar.update(added)
    _sequence()


def _surveys(language: Language) -> tuple[Survey, ...]:
    return tuple(surveys.get_survey(each.slug, language) for each in surveys.open_surveys())


def _answer_all(start: int, *, open_surveys: Surveys, session: str, end: int) -> int:
    numbers = range(start, min(start + CHUNK, end))
    with connection.cursor() as cursor:
        # Nobody real waits for these: the last of them may be lost with the machine.
        cursor.execute("SET synchronous_commit = off")
    try:
        for number in numbers:
            _answer(number, open_surveys, session)
    finally:
        connection.close()
    return len(numbers)


def _answer(number: int, open_surveys: Surveys, session: str) -> None:
    place = number % len(open_surveys["ar"])
    made = shopper(number, country=open_surveys["ar"][place].shop.country)
    found = open_surveys[made.language][place]
    admitted = gate.admit(
        source=surveys.SOURCE,
        values=made.values,
        wishes=_wishes(made, found),
        language=made.language,
        jurisdiction=found.shop.jurisdiction,
        shop=found.shop.id,
    )
    if made.confirms and admitted.confirmation is not None:
        opening = gate.open(
            session=session, purpose="confirmation", channel="email", fields=["email"],
            task=admitted.confirmation, links=["confirm"],
        )  # fmt: skip
        for person in opening.people:
            gate.confirm(person.links["confirm"], language=made.language)


def _wishes(made: Shopper, found: Survey) -> list[Wish]:
    shown = [each.wording for each in found.permissions]
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
