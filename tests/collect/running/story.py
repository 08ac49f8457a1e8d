"""What is made of and read from a deployment under test, in a process of its own.

`source ORIGIN…` makes a source and says its keys, `held` says how often each event is in the lake, by its own number.
"""

import json
import sys
from typing import Any

import django

django.setup()

from amana.cli import django as commands  # noqa: E402
from amana.collect import sources  # noqa: E402
from amana.collect.lake import connection  # noqa: E402

HELD = """SELECT properties ->> 'product_id', count(*)::INTEGER FROM lake.events
WHERE event = 'Product Viewed' GROUP BY 1"""


def source(*origins: str) -> dict[str, str]:
    """Make a source."""
    made = sources.make(name="Under test", origins=origins)
    return {"public": made.sender.write_key, "secret": made.server_key}


def held() -> dict[str, Any]:
    """Count each event by the number in its properties, and the keys that are remembered."""
    with connection.reading() as lake:
        events = dict(lake.execute(HELD).fetchall())
        [(keys, different)] = lake.execute("SELECT count(*), count(DISTINCT key) FROM lake.seen").fetchall()
    return {"events": events, "keys": keys, "different": different}


with commands.database():
    print(json.dumps({"source": source, "held": held}[sys.argv[1]](*sys.argv[2:])))  # noqa: T201
