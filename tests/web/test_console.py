"""Where each role begins: figures that are real, and none of somebody else's."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from amana.campaigns import actions
from amana.web import backups
from tests.campaigns.conftest import WRITTEN, SignedIn, agreeing, mailhost, signed_in, world
from tests.post.mailhost import Mailhost
from tests.world import World

__all__ = ["mailhost", "signed_in", "world"]


def figures(client: Client, language: str = "en") -> dict[str, str]:
    """Return the figures of a home page by their labels."""
    page = client.get(f"/{language}/console/").content.decode()
    found = re.findall(r'<span class="muted small">([^<]+)</span>\s*<b>(.*?)</b>', page)
    return {label: re.sub(r"<[^>]+>", "", count) for label, count in found}


def test_a_marketer_sees_reach_and_what_is_being_sent(
    world: World, signed_in: SignedIn, mailhost: Mailhost
) -> None:
    agreeing(world, 11)
    client = signed_in("marketing")
    assert figures(client) == {
        "May receive offers by e-mail today": "11", "Campaigns being sent or paused": "0",
    }  # fmt: skip
    campaign = actions.create(staff=1, written=WRITTEN)
    actions.send(session=world.session("marketing"), staff=1, campaign=campaign, confirmed=11)
    assert figures(client)["Campaigns being sent or paused"] == "1"
    page = client.get("/ar/console/").content.decode()
    assert (page.count(f'href="/ar/console/campaigns/{campaign}"'), page.count('max="11"')) == (1, 1)


@pytest.mark.parametrize(
    ("role", "labels"),
    [
        ("service", ["Mails that want an answer", "Past their time", "Taken over by me"]),
        (
            "data_protection_officer",
            [
                "Open requests", "Past their time", "Requests refused", "Uses of data refused by the gate",
                "Uses of data allowed",
            ],
        ),
        ("analyst", []),
        ("shop_manager", []),
        ("administrator", ["Backups"]),
        ("auditor", ["Entries in the public record"]),
    ],
)  # fmt: skip
@pytest.mark.parametrize("language", ["ar", "en"])
def test_each_role_has_its_own_figures(
    world: World, signed_in: SignedIn, role: str, labels: list[str], language: str
) -> None:
    found = figures(signed_in(role), language)
    assert (list(found) if language == "en" else len(found)) == (labels if language == "en" else len(labels))


def test_fewer_than_ten_people_are_not_counted_out(world: World, signed_in: SignedIn) -> None:
    agreeing(world, 2)
    assert figures(signed_in("marketing"))["May receive offers by e-mail today"] == "fewer than 10"


@pytest.mark.parametrize("language", ["ar", "en"])
def test_those_who_answer_for_backups_see_them(
    world: World, signed_in: SignedIn, settings: Any, tmp_path: Path, language: str
) -> None:
    settings.AMANA_HOME = tmp_path
    address = f"/{language}/console/backups"
    assert signed_in("marketing").get(address).status_code == 403
    client = signed_in("administrator")
    assert client.get(address).status_code == 200
    note = backups.failure(tmp_path)
    note.parent.mkdir(exist_ok=True)
    note.write_text("2026-11-22T12:00:00+00:00", "ascii")
    page = client.get(address).content.decode()
    assert (
        page.count('role="alert"'),
        client.get(f"/{language}/console/").content.decode().count("tag refused"),
    ) == (1, 1)


def test_n1_events_that_stand_still_are_told(world: World, signed_in: SignedIn) -> None:
    client = signed_in("administrator")
    assert list(figures(client)) == ["Backups"]
    world.owner.execute("INSERT INTO collect_inbox_0 (line) VALUES ('{}')")
    assert list(figures(client)) == ["Backups", "Website events standing still"]
