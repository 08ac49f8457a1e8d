"""The notice is made once for everybody, and anew as soon as it says something else."""

import pytest
from django.conf import settings
from django.test import Client

from amana.policy import actions, parsing
from amana.web import proofs
from tests.database import Connection
from tests.world import POLICY

pytestmark = pytest.mark.django_db(transaction=True)
TITLE = "What we promise you, and the proof that we keep it"


@pytest.fixture(autouse=True)
def same_figures(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the figures beside the promises stay as they are, however long a test takes."""
    monkeypatch.setattr(proofs, "SECONDS", float("inf"))


def test_y1_the_notice_kept_is_the_one_in_force(publisher_connection: Connection) -> None:
    text = parsing.canonical(POLICY.read_bytes(), file="policy.yaml")
    assert text.count(TITLE) == 1
    client, seen = Client(), []
    for title in (TITLE, "What we promise from today on"):
        actions.publish(text=text.replace(TITLE, title), connection=publisher_connection, actor="tests")
        pages = [client.get(f"/{language}/privacy").content.decode() for language in ("en", "ar", "en")]
        assert (title in pages[0], pages[2]) == (True, pages[0])
        assert 'dir="rtl"' in pages[1]
        seen += pages[:2]
    assert len(set(seen)) == 4


def test_y1_a_message_to_one_reader_is_not_kept_for_the_next(publisher_connection: Connection) -> None:
    text = parsing.canonical(POLICY.read_bytes(), file="policy.yaml")
    actions.publish(text=text, connection=publisher_connection, actor="tests")
    plain = Client().get("/en/privacy").content
    told = Client().get("/en/privacy?next=1").content
    assert told != plain
    assert Client().get("/en/privacy").content == plain


def test_y1_what_is_kept_is_answered_with_the_same_headers(publisher_connection: Connection) -> None:
    text = parsing.canonical(POLICY.read_bytes(), file="policy.yaml")
    actions.publish(text=text, connection=publisher_connection, actor="tests")
    first, kept = (Client().get("/ar/privacy") for _ in range(2))
    assert (dict(first.items()), first.content) == (dict(kept.items()), kept.content)
    assert "default-src 'none'" in kept.headers["Content-Security-Policy"].split("; ")
    assert (kept.headers["Content-Language"], kept.headers["X-Frame-Options"]) == ("ar", "DENY")


def test_y1_a_host_that_is_not_ours_is_not_answered_from_what_is_kept(
    publisher_connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "ALLOWED_HOSTS", ["testserver"])
    text = parsing.canonical(POLICY.read_bytes(), file="policy.yaml")
    actions.publish(text=text, connection=publisher_connection, actor="tests")
    hosts = ("testserver", "elsewhere.example")
    assert [Client().get("/ar/privacy", HTTP_HOST=host).status_code for host in hosts] == [200, 400]
