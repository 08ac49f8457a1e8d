"""The demo's mailboxes: they do not exist outside the demo, and a mail in them can do nothing but be read."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from amana.kernel.text import Language
from amana.post import demo, letters, mailbox, mime, receiver
from amana.post.intake import Rooms
from amana.post.models import Incoming
from amana.post.queries import waiting
from tests.post.conftest import SENDER
from tests.post.test_mime import AT, LINKS, NUMBER, WORDS
from tests.world import World, make_home

# Every page asks first how the erase journal stands.
pytestmark = pytest.mark.django_db(transaction=True)

ADDRESS = "noor@mail.example"
KEY = mailbox.box_key(ADDRESS)


@pytest.fixture
def folder(settings: Any, tmp_path: Path) -> Path:
    """Return where the demo's mailboxes lie."""
    settings.AMANA_DEMO = True
    settings.AMANA_HOME = tmp_path
    return mailbox.root()


def letter(language: Language = "ar") -> bytes:
    """Return a promotional mail."""
    draft = letters.draft(
        message=NUMBER, kind="campaign", words=WORDS, language=language, to=ADDRESS, name="نور", links=LINKS,
        sender=SENDER, at=AT,
    )  # fmt: skip
    return mime.build(draft, signer=None)


def test_outside_the_demo_there_is_no_mailbox(client: Client, folder: Path, settings: Any) -> None:
    key = mailbox.deliver(folder, address=ADDRESS, raw=letter())
    settings.AMANA_DEMO = False
    paths = ["", f"{KEY}/", f"{KEY}/write/", f"{KEY}/{key}/", f"{KEY}/{key}/html"]
    assert [client.get(f"/ar/mailbox/{path}").status_code for path in paths] == [404] * 5


@pytest.mark.parametrize("path", ["xx/", "Li4/", f"{KEY}/", f"{KEY}/nothing/", f"{KEY}/nothing/html", f"{KEY}/..%2f..%2fetc/html"])  # fmt: skip  # noqa: E501
def test_what_is_not_there_is_404(client: Client, folder: Path, path: str) -> None:
    assert client.get(f"/ar/mailbox/{path}").status_code == 404


def test_a_mails_page_can_do_nothing_but_be_read(client: Client, folder: Path) -> None:
    key = mailbox.deliver(folder, address=ADDRESS, raw=letter())
    answer = client.get(f"/ar/mailbox/{KEY}/{key}/html")
    rules = dict(rule.strip().partition(" ")[::2] for rule in answer["Content-Security-Policy"].split(";"))
    assert {
        name: rules.get(name) for name in ("default-src", "script-src", "frame-ancestors", "sandbox")
    } == {
        "default-src": "'none'",
        "script-src": None,
        "frame-ancestors": "'self'",
        "sandbox": "allow-popups allow-popups-to-escape-sandbox",
    }
    assert answer["X-Frame-Options"] == "SAMEORIGIN"
    page = answer.content.decode()
    assert (page.count('dir="rtl"'), page.count('<base target="_blank">')) == (2, 1)


@pytest.mark.parametrize("language", ["ar", "en"])
def test_the_mailbox_lists_and_shows_mail(client: Client, folder: Path, language: Language) -> None:
    key = mailbox.deliver(folder, address=ADDRESS, raw=letter(language))
    boxes = client.get(f"/{language}/mailbox/?q=NOOR")
    assert boxes.content.decode().count(f"/{language}/mailbox/{KEY}/") == 1
    box = client.get(f"/{language}/mailbox/{KEY}/")
    assert box.content.decode().count(WORDS.subject) == 1
    mail = client.get(f"/{language}/mailbox/{KEY}/{key}/")
    assert mail.content.decode().count(f'src="/{language}/mailbox/{KEY}/{key}/html"') == 1
    assert mail.content.decode().count("List-Unsubscribe-Post") == 1


def test_the_latest_mailbox_comes_first(folder: Path) -> None:
    for address in ("a@mail.example", "b@mail.example", "a@mail.example"):
        mailbox.deliver(folder, address=address, raw=letter())
    assert [(box.address, box.count) for box in mailbox.boxes(folder)] == [
        ("a@mail.example", 2),
        ("b@mail.example", 1),
    ]


@pytest.fixture
def serving(world: World, folder: Path, settings: Any) -> Iterator[None]:
    """Run the demo's mail server, and a brand."""
    world.owner.execute(
        "INSERT INTO retailer.brand (slug, name_ar, name_en, accent, service_address)"
        " VALUES ('redtag', 'ردتاغ', 'RedTag', '#c8102e', 'service@redtag.example')"
    )
    make_home()
    demo.make_shopper_key()
    rooms = Rooms("service@redtag.example", "AE", demo.lookup(demo.shopper_key()), folder)
    with receiver.serving(rooms) as where:
        settings.AMANA_SMTP_URL = f"smtp://{where.host}:{where.port}"
        yield


@pytest.mark.parametrize("language", ["ar", "en"])
def test_r3_a_shopper_writes_to_the_service_address(
    client: Client, serving: None, folder: Path, language: Language
) -> None:
    mailbox.deliver(folder, address=ADDRESS, raw=letter())
    given = {"subject": "حذف الحساب", "text": "أرجو حذف حسابي"}
    answer = client.post(f"/{language}/mailbox/{KEY}/write/", given)
    assert (answer.status_code, answer["Location"]) == (302, f"/{language}/mailbox/{KEY}/")
    assert [(arrived.readable, arrived.authenticated) for arrived in waiting()] == [(True, True)]


def test_what_was_typed_stays_when_the_server_is_away(
    client: Client, serving: None, folder: Path, settings: Any
) -> None:
    settings.AMANA_SMTP_URL = "smtp://127.0.0.1:1"
    answer = client.post(f"/ar/mailbox/{KEY}/write/", {"subject": "حذف", "text": "أرجو حذف حسابي"})
    assert (answer.status_code, answer.content.decode().count("أرجو حذف حسابي")) == (503, 1)
    assert Incoming.objects.count() == 0


def test_an_empty_mail_is_not_sent(client: Client, serving: None) -> None:
    assert client.post(f"/ar/mailbox/{KEY}/write/", {"subject": "", "text": ""}).status_code == 400
    assert Incoming.objects.count() == 0
