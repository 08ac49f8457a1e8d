"""The demo on a real deployment: shoppers once, mail that stays here, words in the terminal's language."""

import http.client
import signal
import smtplib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.cli.deployment import Deployment, deployment, until

END_SECONDS = 15
SHOPPERS = 30
ANSWERS = 400
# Whoever writes something in an answer is kept as a person without a name: one answer in fourteen, from the first on.
WRITERS = 29
# Of the furnished shop: whoever was not pleased and allowed something to be done about it.
DISSATISFIED = 3
# One answer too many of the newest day of all shops in both languages.
PLANT = """UPDATE surveys_count AS c SET answers = c.answers + 1 FROM surveys_survey s, surveys_version v
WHERE s.slug = 'visit' AND c.survey = s.id AND v.id = c.version AND c.question = '' AND c.shop = -1 AND c.language = ''
    AND c.day = (SELECT max(d.day) FROM surveys_count d WHERE d.survey = s.id AND d.shop = -1 AND d.language = '')
RETURNING s.id, v.number, c.day"""


@pytest.fixture(scope="module")
def demo() -> Iterator[Deployment]:
    """Return a demo that runs, with few shoppers."""
    with deployment() as made:
        server = made.serve(
            "--shoppers", str(SHOPPERS), "--visits", "2", "--answers", str(ANSWERS), command="demo"
        )
        yield made
        server.send_signal(signal.SIGINT)
        assert server.wait(END_SECONDS) == 0


@contextmanager
def _superuser(demo: Deployment) -> Iterator["psycopg.Connection[tuple[Any, ...]]"]:
    """Sign in to the database as its superuser."""
    password = (demo.home / "secrets" / "pg-superuser").read_text("utf-8").strip()
    socket_folder = next(
        line.split('"')[3]
        for line in (demo.home / "postgres.location").read_text("utf-8").splitlines()
        if '"socket"' in line
    )
    with psycopg.connect(
        host=socket_folder, port=5432, dbname="amana", user="postgres", password=password
    ) as connection:
        yield connection


def _people(demo: Deployment) -> tuple[int, int]:
    """Count the people in the vault and those with a confirmed address."""
    with _superuser(demo) as connection:
        row = connection.execute(
            "SELECT (SELECT count(*) FROM vault.person), (SELECT count(*) FROM consent.address)"
        ).fetchone()
    assert row is not None
    return row[0], row[1]


def _get(demo: Deployment, path: str) -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", demo.port, timeout=10)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read().decode("utf-8")
    finally:
        connection.close()


def test_its_shoppers_are_there_and_most_have_confirmed(demo: Deployment) -> None:
    people, confirmed = _people(demo)
    assert people == SHOPPERS + WRITERS + DISSATISFIED
    assert SHOPPERS // 2 < confirmed < SHOPPERS


def test_every_address_it_prints_answers(demo: Deployment) -> None:
    printed = [line.split(": ", 1)[1] for line in demo.said.splitlines() if ": http" in line]
    paths = [address.removeprefix(f"http://127.0.0.1:{demo.port}") for address in printed]
    assert [_get(demo, path)[0] for path in paths] == [200, 200, 200, 200, 200, 302, 200]


def test_its_mail_server_takes_mail_for_its_mailboxes_and_listens_on_this_machine_only(
    demo: Deployment,
) -> None:
    port = demo.mail_port

    def delivered() -> bool:
        try:
            with smtplib.SMTP("127.0.0.1", port, timeout=10) as server:
                server.sendmail("a@mail.example", ["b@mail.example"], b"Subject: hello\r\n\r\nhello\r\n")
        except OSError:
            return False
        return True

    assert until(delivered, 30)
    assert "b@mail.example" in _get(demo, "/en/mailbox/")[1]
    listening = Path("/proc/net/tcp").read_text("utf-8").split()
    assert f"0100007F:{port:04X}" in listening
    assert f"00000000:{port:04X}" not in listening


def test_a_wrong_count_is_mended_while_it_serves_and_said_by_its_block(demo: Deployment) -> None:
    with _superuser(demo) as connection:
        row = connection.execute(PLANT).fetchone()
    assert row is not None
    number, version, day = row
    _bar, mended, block = _said(demo, "recount", str(number))
    assert mended == f"{number} “Your visit to the shop”: mended; blocks that were wrong: 1"
    assert block == f"  version {version} · the sum of all shops · both languages · {day}"
    _bar, right = _said(demo, "recount", str(number))
    assert right.startswith(f"{number} “Your visit to the shop”: right (")
    assert all(": right (" in line for line in _said(demo, "recount")[1:])
    assert demo.command("surveys", "recount", "999").stderr.startswith("Error: ")


def _said(demo: Deployment, *words: str) -> list[str]:
    done = demo.command("surveys", *words)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_it_greets_in_the_terminals_language_and_a_second_start_admits_nobody_again() -> None:
    with deployment() as made:
        counts = []
        for language, shoppers, end in (("ar", 12, "Ctrl-C"), ("en", 15, "is open at")):
            made.settings = {"LANGUAGE": language}
            server = made.serve(
                "--shoppers", str(shoppers), "--visits", "0", "--answers", "0", command="demo", until=end
            )
            counts.append(_people(made)[0])
            server.send_signal(signal.SIGINT)
            assert server.wait(END_SECONDS) == 0
            assert made.said.count("@staff.redtag.example") == 7
            assert f"/{language}/survey/deira" in made.said
        assert counts == [12, 15]
        assert made.alive() == {}
