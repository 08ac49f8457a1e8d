"""The tag as it is served: without comments, and with what the running policy says of Global Privacy Control."""

import gzip
import hashlib
import json
from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import rjsmin

from amana.policy.document import Website

SOURCE = Path(__file__).with_name("amana.js")
PLACE = "STOPPED_BY_GPC"


@dataclass(frozen=True, slots=True)
class Script:
    """What is sent: plain, and compressed for who takes gzip; the tags name their content."""

    plain: bytes
    gzipped: bytes
    etag: str


def stopped(website: Website) -> tuple[str, ...]:
    """Return the categories of consent of which Global Privacy Control leaves no purpose."""
    return tuple(
        category
        for category, purposes in website.consent_categories.items()
        if set(purposes) <= set(website.gpc_stops)
    )


def script(website: Website) -> Script:
    """Return the tag for a policy."""
    return _made(stopped(website))


@lru_cache(maxsize=8)
def _made(categories: tuple[str, ...]) -> Script:
    plain = minified(categories).encode()
    return Script(plain, gzip.compress(plain, 9, mtime=0), hashlib.sha256(plain).hexdigest()[:20])


def minified(categories: Collection[str]) -> str:
    """Return the source with the categories in their place, and without comments and spaces."""
    source = SOURCE.read_text("utf-8").replace(PLACE, json.dumps(list(categories)))
    return str(rjsmin.jsmin(source)) + "\n"
