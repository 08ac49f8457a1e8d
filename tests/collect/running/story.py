"""What is made of and read from a deployment under test, in a process of its own.

`source ORIGIN…` makes a source and says its number and keys, `held` says how often each event is in the lake, by its
own number, `rows SOURCE` what the lake holds of one source, `trails` how many people's trails serve each purpose,
`check MINUTES` how `amana lake check` ends in so many minutes if nothing changes until then.
"""

import json
import sys
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import django
from click.testing import CliRunner

django.setup()

from amana.cli import django as commands  # noqa: E402
from amana.cli import lake as lake_commands  # noqa: E402
from amana.collect import sources  # noqa: E402
from amana.collect.lake import connection  # noqa: E402
from amana.kernel import clock  # noqa: E402

HELD = """SELECT properties ->> 'product_id', count(*)::INTEGER FROM lake.events
WHERE event = 'Product Viewed' GROUP BY 1"""


def source(*origins: str) -> dict[str, str]:
    """Make a source."""
    made = sources.make(name="Under test", origins=origins)
    return {"number": str(made.sender.id), "public": made.sender.write_key, "secret": made.server_key}


def held() -> dict[str, Any]:
    """Count each event by the number in its properties, and the keys that are remembered."""
    with connection.reading() as lake:
        events = dict(lake.execute(HELD).fetchall())
        [(keys, different)] = lake.execute("SELECT count(*), count(DISTINCT key) FROM lake.seen").fetchall()
    return {"events": events, "keys": keys, "different": different}


def rows(number: str) -> list[dict[str, Any]]:
    """Return what the lake holds of one source, as it holds it."""
    with connection.reading() as lake:
        found = lake.execute(
            "SELECT call, event, host, path, title, country, device, language, visitor <> 0 AS visited,"
            " properties::VARCHAR AS properties FROM lake.events WHERE source = ?",
            [int(number)],
        )
        names = [column[0] for column in found.description or ()]
        return [
            {**row, "properties": json.loads(row["properties"] or "{}")}
            for row in (dict(zip(names, values, strict=True)) for values in found.fetchall())
        ]


def trails() -> list[list[Any]]:
    """Return each trail: its purpose, how many persons it has and how many events."""
    with connection.reading() as lake:
        return [
            list(row)
            for row in lake.execute(
                "SELECT purpose, count(DISTINCT person), count(*) FROM lake.trails GROUP BY 1 ORDER BY 1"
            ).fetchall()
        ]


def check(minutes: str) -> list[object]:
    """Return the exit code of `amana lake check` and what it complains of."""
    with clock.fixed(clock.now() + timedelta(minutes=int(minutes))):
        done = CliRunner().invoke(lake_commands.check)
    return [done.exit_code, done.stderr]


SAID: dict[str, Callable[..., object]] = {
    "source": source, "held": held, "rows": rows, "trails": trails, "check": check,
}  # fmt: skip
with commands.database():
    print(json.dumps(SAID[sys.argv[1]](*sys.argv[2:])))  # noqa: T201
