"""How many complete survey answers a second are kept durably, and how many are taken in to the end.

Load comes from wrk on this machine, one sealed answer in a request, as from browsers of many networks: 70 % chose only,
20 % wrote words that may be used, 10 % said who they are and allowed three things. An answer counts once it was
committed with fsync and answered 200. Then a tablet sends 10,000 signed answers, and one worker opens, judges, admits
and keeps what waits. The reference is a bare COPY of the same envelopes, in groups as large as the load allows the
server.
"""

import http.client
import random
import resource
import shutil
import subprocess
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID, uuid4

from django.conf import settings
from joserfc.jwk import ECKey

from amana.cli import django
from amana.kernel import clock
from amana.retailer import actions as retailer_actions
from amana.retailer import queries as retailer
from bench import people
from bench.deployment import Connection, connect
from bench.page import BRAND, served
from bench.result import Result

SECONDS = 5
CLIENTS = 64
WORKERS = 2
# Each answer is sent once, whatever the door's speed: what comes again is cheaper.
MOST_A_SECOND = 6_000
ON_A_TABLET = 10_000
AT_ONCE = 1_000
# What one worker takes in is measured over so many.
BATCHES = 15
SCRIPT = Path(__file__).with_name("surveys.lua")
SETTINGS = {"AMANA_TRUSTED_PROXIES": "127.0.0.1"}
COPY = "COPY surveys_envelope (id, sealed, received_at) FROM STDIN (FORMAT binary)"
CHOSEN = {"disliked": ["queue"], "found_it": "no", "department": "women", "size": "m", "age": "u35"}
WORDS = {
    "why": "القماش جميل والموظفون لطفاء لكن الانتظار عند الصندوق طال كثيرًا",
    "wanted": "عباية كتان",
    "use_words": True,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered(Result):
    """`value` is what is answered 200 a second, `taken_per_s` what one worker takes in, `tablet_s` a tablet's sync."""

    taken_per_s: float
    worker_ms_of_cpu: float
    tablet_s: float


@dataclass(frozen=True, slots=True)
class Shop:
    """Where visitors answer: a shop, and a tablet with its key."""

    slug: str
    device: UUID
    key: ECKey


def run(full: bool) -> Result:
    """Measure the door, a tablet's sync, the worker, and the bare COPY."""
    wrk = shutil.which("wrk")
    if wrk is None:
        raise SystemExit("this benchmark needs wrk (apt-get install wrk)")
    with connect("owner") as owner:
        settings.AMANA_SYSTEM_TOKEN = people.open_for_business(owner)
    with django.signed_in("owner"):
        retailer_actions.load_brand(BRAND)
    seconds = SECONDS * (3 if full else 1)
    chance = random.Random(4)
    with django.signed_in("app"), connect("app") as app:
        shop = _open()
        web = [_sealed(shop, "qr", chance) for _ in range(seconds * MOST_A_SECOND)]
        own = [_signed(_sealed(shop, "tablet", chance), shop, at) for at in range(ON_A_TABLET)]
        with served("amana.web.asgi:application", SETTINGS, workers=WORKERS) as address:
            kept, late = _load(wrk, address, web, seconds, app)
            tablet = _sync(address, own)
        rate, cpu = _taken_in(BATCHES * (3 if full else 1))
        app.execute("DELETE FROM surveys_envelope")
        bare = _copied(app, web[:10_000])
    return Answered(
        name="surveys", value=kept, unit="answers/s", reference=bare, ratio=bare / kept,
        target="≥ 1,000 kept and answered; a tablet's 10,000 in < 60 s",
        remark=f"99 % within {late}; a tablet's {ON_A_TABLET:,} in {tablet:.1f} s; one worker takes in {rate:,.0f}/s"
        f" ({cpu:.2f} ms of its own CPU for each)",
        taken_per_s=rate, worker_ms_of_cpu=cpu, tablet_s=tablet,
    )  # fmt: skip


def _intake(name: str) -> ModuleType:
    """Return a module of what takes answers in: its models exist only once Django is set up."""
    return import_module(f"amana.surveys.{name}")


def _open() -> Shop:
    _intake("builder.seeding").seed(staff=1, folder=BRAND.parent / "surveys")
    shop = retailer.shops()[0]
    key = ECKey.generate_key("P-256", auto_kid=False)
    made = _intake("models").Device.objects.create(
        shop=shop.id, name="Till", key=key.as_dict(private=False), enrolled_at=clock.now(), enrolled_by=1
    )
    return Shop(shop.slug, made.pk, key)


def _sealed(shop: Shop, way: str, chance: random.Random) -> bytes:
    """Return one answer as a browser seals it."""
    now, number, draw = int(time.time() * 1000), uuid4(), chance.random()
    answers: dict[str, Any] = {"overall": chance.randint(1, 5), "recommend": chance.randint(0, 10), **CHOSEN}
    if draw < 0.3:
        answers |= WORDS
    if draw < 0.1:
        contact = {"name": "نور العتيبي", "email": f"{number.hex}@mail.example", "mobile": "0501234567"}
        answers |= {"contact": contact, "answer_me": True, "offers": True}
    given = _intake("intake.submission").Submission(
        id=number, survey="visit", version=1, policy=1, language="ar", shop=shop.slug, way=way,
        started=now - 60_000, answered=now, answers=answers,
    )  # fmt: skip
    made: bytes = _intake("intake.envelope").seal(given, _intake("intake.keys").public_jwk())
    return made


def _signed(sealed: bytes, shop: Shop, sequence: int) -> bytes:
    made: bytes = _intake("intake.envelope").sign(sealed, shop.key, device=shop.device, sequence=sequence)
    return made


def _load(wrk: str, address: str, lines: Sequence[bytes], seconds: int, app: Connection) -> tuple[float, str]:
    """Return how many envelopes a second were kept, and within what time 99 % were answered."""
    with tempfile.NamedTemporaryFile() as file:
        file.write(b"\n".join(lines))
        file.flush()
        words = [
            wrk, "-t1", f"-c{CLIENTS}", f"-d{seconds}s", "--latency", "-s", str(SCRIPT),
            f"{address}/v1/surveys/answers", "--", file.name,
        ]  # fmt: skip
        said = subprocess.run(words, capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in said or "Socket errors" in said:
        raise AssertionError(said)
    late = next(line.split()[1] for line in said.splitlines() if "99%" in line)
    row = app.execute("SELECT count(*) FROM surveys_envelope").fetchone()
    assert row is not None
    return row[0] / seconds, late


def _sync(address: str, lines: Sequence[bytes]) -> float:
    """Return how many seconds a tablet needs to send all it has."""
    began = time.monotonic()
    connection = http.client.HTTPConnection(urlsplit(address).netloc)
    for start in range(0, len(lines), AT_ONCE):
        body = b"\n".join(lines[start : start + AT_ONCE])
        connection.request("POST", "/v1/surveys/answers", body, {"content-type": "application/jose"})
        reply = connection.getresponse()
        said = reply.read()
        if reply.status != 200 or b'"refused":{}' not in said:
            raise AssertionError(said)
    return time.monotonic() - began


def _taken_in(batches: int) -> tuple[float, float]:
    """Return how many answers a second one worker takes in, and its own CPU for each in ms."""
    taking = _intake("intake.taking")
    taking.take_some()  # what is read once
    began, before = time.monotonic(), resource.getrusage(resource.RUSAGE_SELF).ru_utime
    taken = sum(taking.take_some().taken for _ in range(batches))
    seconds = time.monotonic() - began
    cpu = resource.getrusage(resource.RUSAGE_SELF).ru_utime - before
    return taken / seconds, cpu * 1000 / taken


def _copied(app: Connection, lines: Sequence[bytes]) -> float:
    """Return how many envelopes a second a bare COPY commits, so many at a time."""
    began = time.monotonic()
    for start in range(0, len(lines), CLIENTS):
        with app.transaction(), app.cursor() as cursor, cursor.copy(COPY) as copying:
            copying.set_types(["uuid", "bytea", "timestamptz"])
            for line in lines[start : start + CLIENTS]:
                copying.write_row((uuid4(), line, clock.now()))
    return len(lines) / (time.monotonic() - began)
