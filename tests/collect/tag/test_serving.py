"""The tag's address: one answer for everybody, which every cache may keep."""

import gzip

from django.test import Client

from amana.collect.tag.script import minified, script, stopped
from amana.policy import queries
from tests.collect.tag.website import STOPPED
from tests.gate.conftest import world as world
from tests.world import World


def test_it_is_the_same_for_everybody_and_sets_nothing(world: World) -> None:
    arabic = Client().get("/amana.js", headers={"Accept-Language": "ar", "Cookie": "django_language=ar"})
    english = Client().get("/amana.js", headers={"Accept-Language": "en"})
    assert (arabic.status_code, arabic.content) == (200, english.content)
    assert arabic.content.decode() == minified(STOPPED)
    told = {
        name: arabic.headers.get(name) for name in ("Content-Type", "Cache-Control", "Vary", "Set-Cookie")
    }
    assert told == {
        "Content-Type": "text/javascript; charset=utf-8",
        "Cache-Control": "public, max-age=86400, stale-while-revalidate=604800",
        "Vary": "Accept-Encoding",
        "Set-Cookie": None,
    }
    assert "Content-Language" not in arabic.headers
    # Shops are other origins: without these their browsers would refuse it.
    assert arabic.headers["Access-Control-Allow-Origin"] == "*"
    assert arabic.headers["Cross-Origin-Resource-Policy"] == "cross-origin"


def test_it_travels_compressed(world: World) -> None:
    plain, zipped = (
        Client().get("/amana.js", headers={"Accept-Encoding": how}) for how in ("br", "gzip, br")
    )
    assert zipped.headers["Content-Encoding"] == "gzip"
    assert (gzip.decompress(zipped.content), len(zipped.content) <= 2000) == (plain.content, True)
    assert plain.headers["ETag"] != zipped.headers["ETag"]


def test_who_has_it_gets_no_second_copy(world: World) -> None:
    tag = Client().get("/amana.js").headers["ETag"]
    again = [
        Client().get("/amana.js", headers={"If-None-Match": one}) for one in (tag, f"W/{tag}", '"other"')
    ]
    assert [(one.status_code, bool(one.content)) for one in again] == [
        (304, False),
        (304, False),
        (200, True),
    ]
    assert again[0].headers["ETag"] == tag
    assert "Vary" in again[0].headers


def test_what_the_privacy_signal_stops_is_what_the_policy_says(world: World) -> None:
    website = queries.current().policy.website
    assert stopped(website) == STOPPED
    assert b'["personalisation","analytics"]' in script(website).plain.replace(b", ", b",")
