"""Fill the demo's traffic pages: made-up visits go the way of all events, through the inbox and the drain."""

import datetime as dt
import random
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from urllib.parse import urlsplit

import click
from django.conf import settings
from django.db import connection, transaction

from amana.cli import visits
from amana.cli.visits import Site
from amana.cli.words import say
from amana.collect import sources
from amana.collect.event import Event, line
from amana.collect.lake import drain, retention
from amana.collect.traffic import counting
from amana.kernel import clock
from amana.policy import queries as policy

DAYS = 60
# Beside a hundred events that are accepted, what else comes in; event, property, reason.
REFUSED = {
    ("Page Viewed", "", "bot"): 9.0,
    ("Time Engaged", "", "repeat"): 0.4,
    ("Page Viewed", "anonymousId", "id_without_consent"): 1.1,
    ("Product Added", "coupon", "undeclared_property"): 0.7,
    ("Newsletter Opened", "", "undeclared_event"): 0.5,
    ("Products Searched", "results", "wrong_type"): 0.12,
    ("", "", "malformed"): 0.05,
}
# The rows of made-up counts are apart from those of writers (0 and up) and of the drain (-1).
COUNTER = -2
_COUNT = """INSERT INTO public.collect_dropped AS d (day, hour, source, event, property, reason, writer, count)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT (day, hour, source, event, property, reason, writer)
DO UPDATE SET count = d.count + excluded.count"""
_COPIES = (
    "COPY public.collect_inbox_0 (line) FROM STDIN (FORMAT csv, DELIMITER E'\\x01', QUOTE E'\\x02')",
    "COPY public.collect_inbox_1 (line) FROM STDIN (FORMAT csv, DELIMITER E'\\x01', QUOTE E'\\x02')",
)

Counts = Counter[tuple[dt.date, int, str, str, str]]


def seed(amana_home: Path, *, days: int = DAYS) -> None:
    """Make up visits of so many days until now, with a progress bar; an earlier start's stay and are not repeated.

    Call it with the application signed in. That it was done is noted in the home once all is in the lake.
    """
    note = amana_home / "demo-visits"
    if note.exists() or days < 1:
        return
    site, now = _site(), clock.now()
    with click.progressbar(length=days + 1, label=say("Made-up visitors look around the website")) as bar:
        for age in range(days, -1, -1):
            on = now.date() - dt.timedelta(days=age)
            _take_in(list(visits.day(on, site=site, until=now, age=age)), site)
            bar.update(1)
    drain.drain()
    counting.count(seconds=120)
    # Keys of days long past would be kept too long until the next round of tidying.
    retention.end()
    note.write_text(now.isoformat(), "ascii")


def _site() -> Site:
    key = sources.demo_key()
    source = next(one.id for one in sources.listed() if one.write_key == key)
    return Site(source, urlsplit(settings.AMANA_PUBLIC_URL).hostname or "", policy.current().version.number)


def _take_in(events: Sequence[Event], site: Site) -> None:
    """Write a day's events and their counts to the inbox, as a server that accepted them does."""
    counts = [
        (*kind[:2], site.source, *kind[2:], COUNTER, number)
        for kind, number in sorted(_counts(events).items())
    ]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT public.collect_write_slot()")
        slot = cursor.fetchall()[0][0]
        with cursor.copy(_COPIES[slot]) as copying:
            copying.write(b"".join(line(one) + b"\n" for one in events))
        cursor.executemany(_COUNT, counts)


def _counts(events: Iterable[Event]) -> Counts:
    """Count what was accepted, hour by hour, and what such a website would have dropped beside it."""
    found: Counts = Counter()
    for one in events:
        at = dt.datetime.fromtimestamp(one.received / 1000, dt.UTC)
        found[at.date(), at.hour, one.event, "", ""] += 1
    hours = Counter({(on, hour): 0 for on, hour, *_ in found})
    for (on, hour, *_), number in found.items():
        hours[on, hour] += number
    for (on, hour), number in hours.items():
        for (event, name, reason), share in REFUSED.items():
            # A share of an hour is rarely whole: what is over comes in some hours and not in others.
            chance = random.Random(f"{on} {hour} {event} {reason}").random()
            if dropped := int(number * share / 100 + chance):
                found[on, hour, event, name, reason] = dropped
    return found
