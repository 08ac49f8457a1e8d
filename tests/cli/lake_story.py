"""What happens to the lake of a deployment under test: `put`, `forget`, `count`, each in a process of its own."""

import json
import sys

import django

django.setup()

from amana.cli import django as commands  # noqa: E402
from amana.collect.lake import compaction, connection, forgetting  # noqa: E402
from amana.collect.lake.spans import Span  # noqa: E402
from tests.collect.lake.conftest import put_into, visit  # noqa: E402

HER = "aa" * 16


def put() -> int:
    """Commit forty events to the inbox, all of them hers."""
    with connection.catalogue() as app:
        put_into(app, (visit(number, trails={"content": HER}) for number in range(40)))
    return 40


def forget() -> int:
    """Delete her rows, and write them out of the files."""
    gone = forgetting.forget([Span("content", HER)])
    compaction.tidy(grace_minutes=0)
    return gone


def count() -> list[int]:
    """Return how many events and how many of her rows there are, read whole."""
    with connection.reading() as lake:
        [events] = lake.execute("SELECT count(path) FROM lake.events").fetchall()
        [hers] = lake.execute("SELECT count(path) FROM lake.trails").fetchall()
    return [*events, *hers]


with commands.database():
    print(json.dumps({"put": put, "forget": forget, "count": count}[sys.argv[1]]()))  # noqa: T201
