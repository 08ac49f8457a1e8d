"""`amana demo`: the first retailer on this machine, with people to sign in as."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import psycopg

from amana.cli import answering, django, furnishing, home_files, postgres, seeding, serve, visiting
from amana.cli.running import serving_options
from amana.cli.words import language, say
from amana.collect import sources
from amana.kernel.refusal import Refusal
from amana.kernel.text import Bilingual
from amana.policy import commands
from amana.retailer import actions, factors, queries
from amana.web import home

EXAMPLE = Path(__file__).resolve().parents[3] / "examples" / "redtag"
FOLDER = click.Path(path_type=Path, exists=True, file_okay=False)
SHOPPERS = 2000
KEPT = frozenset({"policy_unchanged", "staff_exists"})


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of the demo's staff. `shops` is how many of the shops the role covers, the first ones; 0 means all."""

    email: str
    name: Bilingual
    role: str
    shops: int = 0


MANAGER = "manager@staff.redtag.example"
STAFF = (
    Person("marketing@staff.redtag.example", Bilingual(ar="منى التسويق", en="Mona, marketing"), "marketing"),
    Person("service@staff.redtag.example", Bilingual(ar="سالم خدمة العملاء", en="Salem, service"), "service"),
    Person(MANAGER, Bilingual(ar="هند مديرة المتجر", en="Hind, shop manager"), "shop_manager", 2),
    Person("analyst@staff.redtag.example", Bilingual(ar="ريم التحليل", en="Reem, analysis"), "analyst"),
    Person("privacy@staff.redtag.example", Bilingual(ar="نورة حماية البيانات", en="Noura, data protection"),
           "data_protection_officer"),
    Person("admin@staff.redtag.example", Bilingual(ar="خالد الإدارة", en="Khalid, office"), "administrator"),
    Person("audit@staff.redtag.example", Bilingual(ar="هدى التدقيق", en="Huda, audit"), "auditor"),
)  # fmt: skip


@click.command("demo", help=say("Run the example retailer on this machine, with sign-ins to try it."))
@click.option("--example", type=FOLDER, default=EXAMPLE, help=say("Folder of another retailer's files."))
@click.option(
    "--shoppers", default=SHOPPERS, show_default=True, help=say("How many made-up shoppers there are.")
)
@click.option(
    "--visits",
    default=visiting.DAYS,
    show_default=True,
    help=say("How many days of made-up visits to the website."),
)
@click.option(
    "--answers",
    default=answering.ANSWERS,
    show_default=True,
    help=say("How many made-up answers to the survey there are."),
)
@serving_options
@click.pass_context
def demo(
    ctx: click.Context, /, example: Path, shoppers: int, visits: int, answers: int, **words: Any
) -> None:
    """Serve the example in the foreground; its mail goes to mailboxes of its own and never leaves the machine."""
    wanted = serve.options(**words, demo=True)
    ctx.exit(
        serve.run(
            wanted, prepare=lambda: prepare(example, wanted.home, shoppers, visits, answers), greet=greet
        )
    )


def prepare(example: Path, amana_home: Path, shoppers: int, visits: int, answers: int) -> None:
    """Publish the example's policy, load its brand and shops, add its staff and shoppers; what is there stays."""
    home_files.make(amana_home)
    with psycopg.connect(**home.address("publisher"), autocommit=True) as publisher, unless_done():
        report = commands.publish(example / "policy.yaml", connection=publisher, actor="demo")
        if not report.ok:
            raise click.ClickException(report.text)
    password = postgres.ensure_secret(amana_home, "demo-password")
    with django.signed_in("owner"):
        actions.load_brand(example / "brand.yaml")
        # Offered, not demanded: the demo's sign-ins stay as simple as they are printed.
        factors.demand(roles=())
        shops = [shop.id for shop in queries.shops()]
        for person in STAFF:
            with unless_done():
                actions.add_staff_as_owner(
                    email=person.email,
                    name=person.name,
                    language="ar",
                    password=password,
                    roles=[person.role],
                    shops=shops[: person.shops] or None,
                )
    with django.signed_in("app"):
        # Before anything is served: the event API reads its sources anew only every moment.
        sources.demo_key()
        if (example / "surveys").is_dir():
            seeding.seed_surveys(example / "surveys")
        seeding.seed(amana_home, count=shoppers)
        visiting.seed(amana_home, days=visits)
        answering.seed(amana_home, answers=answers)
        if answers:
            furnishing.furnish(amana_home, manager=MANAGER, password=password)


@contextmanager
def unless_done() -> Iterator[None]:
    """Let pass the refusal of what an earlier start of the demo has done already."""
    try:
        yield
    except Refusal as refusal:
        if refusal.code not in KEPT:
            raise


def greet(url: str) -> None:
    """Print what to open and whom to sign in as."""
    reader = language()
    place = f"{url}/{reader}"
    password = home.secret("demo-password")
    lines = (
        (say("Front page"), f"{place}/"),
        (say("A survey"), f"{place}/survey/{_a_shop()}"),
        (say("The shop"), f"{url}/shop/{reader}/"),
        (say("The notice"), f"{place}/privacy"),
        (say("Mailboxes"), f"{place}/mailbox/"),
        (say("Console"), f"{place}/console/"),
        (say("Ledger"), f"{url}/ledger/checkpoint"),
    )
    for name, address in lines:
        click.echo(f"  {name}: {address}")
    click.echo(say("Sign-ins (password of all: {password})").format(password=password))
    for person in STAFF:
        click.echo(f"  {person.email} · {person.name.in_(reader)}")
    click.echo(say("Amana is open at {url} — Ctrl-C ends it.").format(url=url))


def _a_shop() -> str:
    with django.signed_in("app"):
        return queries.shops()[0].slug
