"""An operator's year on a real deployment: backups, restores, erasures, keys, proofs and explanations."""

import http.client
import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from amana.cli import postgres
from tests.cli.deployment import Deployment, deployment, until

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("operations")]


@pytest.fixture(scope="module")
def place() -> Iterator[Deployment]:
    """Return a home with a published policy."""
    with deployment() as made:
        made.prepare()
        yield made


@pytest.fixture(scope="module")
def people(place: Deployment) -> dict[str, str]:
    """Return two shoppers and a message to the first, with a backup taken after them."""
    made: dict[str, str] = story(place, "shoppers")
    assert said(place, "backup", "--name", "old").startswith("Backup old: ")
    return made


def story(place: Deployment, *words: str) -> Any:
    """Let something happen on the deployment."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.cli.story", *words],
        env=place.environment(),
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def said(place: Deployment, *words: str, code: int = 0) -> str:
    """Run a command and return what it said."""
    done = place.command(*words)
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout + done.stderr


def status(place: Deployment, path: str) -> tuple[int, str]:
    """Return how the running deployment answers."""
    connection = http.client.HTTPConnection("127.0.0.1", place.port, timeout=10)
    try:
        connection.request("GET", path, headers={"Accept": "application/json"})
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    except OSError:
        return 0, ""
    finally:
        connection.close()


def restore_by_hand(place: Deployment) -> None:
    """Do what an engineer would: pg_restore over the running database, as its superuser."""
    where = postgres.place_for(place.home)
    password = (place.home / "secrets" / "pg-superuser").read_text("utf-8")
    subprocess.run(
        [
            postgres.program("pg_restore"), "--clean", "--if-exists", "--exit-on-error", "--no-password",
            f"--dbname=host={where.socket} user=postgres dbname=amana",
            str(place.home / "backups" / "dumps" / "old.dump"),
        ],
        env={**postgres.environment(), "PGPASSWORD": password}, check=True, capture_output=True,
    )  # fmt: skip


def test_a_message_is_explained(place: Deployment, people: dict[str, str]) -> None:
    for name in (people["message"], f"<{people['message']}@redtag.example>"):
        lines = said(place, "why", name).splitlines()
        assert lines[0] == f"Message {people['message']}: promotion, campaign:1, planned"
        assert lines[1].endswith("by the role marketing")
        assert lines[2] == "Purpose marketing, clause U2 of policy version 1, on the basis consent:"
        assert [line for line in lines if "On these words" in line] == [
            "  On these words: Send me offers by e-mail"
        ]
        assert "  use 1 of 1 in this release; the root holds" in lines
        proofs = [line for line in lines if "ledger entry" in line]
        assert [line.rpartition(", ")[2] for line in proofs] == ["proven"] * 3


def test_a_message_nobody_knows_is_refused(place: Deployment) -> None:
    assert said(place, "why", "nothing", code=1) == "Error: There is no message with this number.\n"


def test_everything_holds_and_an_altered_row_does_not(place: Deployment, people: dict[str, str]) -> None:
    copy = str(place.home / "copy")
    assert said(place, "verify").endswith("Everything holds.\n")
    assert said(place, "verify", "--keep", copy).startswith("Kept: ")
    assert said(place, "verify", "--kept", copy).endswith("Everything holds.\n")
    assert said(place, "verify", "--checkpoint", f"{copy}/checkpoint").endswith("Everything holds.\n")
    alter = "UPDATE consent.decision SET actor = '{}' WHERE kind = 'given'"
    owner(place, alter.format("staff:1"))
    first = said(place, "verify", code=1).split("First: ")[1].splitlines()[0]
    assert first.endswith("a decision was altered after it was recorded")
    owner(place, alter.format("customer:form"))
    assert said(place, "verify").endswith("Everything holds.\n")


def owner(place: Deployment, statement: str) -> None:
    """Alter something behind everybody's back."""
    change = f"__import__('psycopg').connect(**home.address('owner'), autocommit=True).execute({statement!r})"
    assert place.run_database(change).wait() == 0


def test_a_dump_is_private_and_holds_no_session(place: Deployment, people: dict[str, str]) -> None:
    dump = place.home / "backups" / "dumps" / "old.dump"
    assert dump.stat().st_mode & 0o777 == 0o600
    listed = subprocess.run(
        [postgres.program("pg_restore"), "--list", str(dump)], capture_output=True, text=True, check=True
    ).stdout
    assert [line for line in listed.splitlines() if "TABLE DATA retailer session " in line] == []
    assert said(place, "backups").startswith("old  ")


@pytest.mark.attack
def test_r3_a_restore_by_hand_under_a_served_deployment(place: Deployment, people: dict[str, str]) -> None:
    story(place, "erase", people["salma"])
    assert story(place, "readable") == 3
    server = place.serve()
    assert status(place, "/healthz")[0] < 500
    assert said(place, "restore", "old", code=1) == "Error: Amana runs on this home: end it first.\n"
    restore_by_hand(place)
    assert until(lambda: status(place, "/ar/")[0] == 503, 10)
    assert json.loads(status(place, "/en/privacy")[1])["code"] == "journal_mismatch"
    assert story(place, "readable") == 6
    assert said(place, "replay") == "Erase journal replayed: 1 records, 1 people erased again.\n"
    assert story(place, "readable") == 3
    assert until(lambda: status(place, "/ar/")[0] < 500, 10)
    server.send_signal(signal.SIGINT)
    server.wait(30)
    assert said(place, "verify").endswith("Everything holds.\n")


@pytest.mark.attack
def test_r3_a_restore_by_command_erases_again(place: Deployment, people: dict[str, str]) -> None:
    assert story(place, "written", people["noor"]) == 1
    assert story(place, "withdraw", people["noor"]) == 1
    assert story(place, "reached", people["noor"]) == 1
    assert story(place, "suppress", people["noor"]) == 1
    lines = said(place, "restore", "old").splitlines()
    assert lines[0].startswith("Erase journal replayed: ")
    assert "1 people erased again." in lines[0]
    assert lines[1] == "Restored: old"
    assert lines[2] == "Withdrawals, objections and restrictions applied again: 1"
    assert lines[3] == "Addresses suppressed again, as their servers refuse them: 1"
    assert story(place, "readable") == 3
    assert story(place, "written", people["noor"]) == 0
    assert story(place, "reached", people["noor"]) == 0
    assert said(place, "replay") == "The database and the erase journal agree.\n"


@pytest.mark.attack
def test_r3_serving_replays_by_itself_and_says_so(place: Deployment, people: dict[str, str]) -> None:
    database = place.run_database("__import__('signal').pause()")
    assert database.stdout is not None
    assert database.stdout.readline() == "up\n"
    restore_by_hand(place)
    assert story(place, "readable") == 6
    database.send_signal(signal.SIGINT)
    database.wait(30)
    server = place.serve()
    assert status(place, "/ar/")[0] < 500
    assert story(place, "readable") == 3
    assert story(place, "written", people["noor"]) == 0
    assert story(place, "reached", people["noor"]) == 0
    server.send_signal(signal.SIGINT)
    server.wait(30)


def test_keys_rotate_and_the_old_one_stays_for_the_backup(place: Deployment, people: dict[str, str]) -> None:
    lines = said(place, "rotate-keys").splitlines()
    assert lines[-2] == "Key 2 is in use; people: 1"
    assert lines[-1].startswith("Kept for backups until ")
    assert lines[-1].endswith(": key 1")
    assert said(place, "restore", "old").splitlines()[1] == "Restored: old"
    assert story(place, "readable") == 3


def test_index_keys_rotate_and_the_old_one_stays_for_the_backup(
    place: Deployment, people: dict[str, str]
) -> None:
    lines = said(place, "rotate-keys", "--indexes").splitlines()
    assert lines[-2] == "Key 2 is in use; people: 1"
    assert lines[-1].startswith("Kept for backups until ")
    assert lines[-1].endswith(": key 1")
    assert said(place, "verify").endswith("Everything holds.\n")
