"""Where on a website it happened, looked at once for all events of one page."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from amana.collect.judging import checks, pages
from amana.collect.wire import Page


@dataclass(frozen=True, slots=True)
class Place:
    """What a page's address says: `named`, an e-mail address stands in its path; `led`, a campaign may be told."""

    host: str = ""
    path: str = ""
    named: bool = False
    led: bool = False


NOWHERE: Final = Place()


def place_of(page: Page) -> Place:
    """Return where a page is."""
    url, path, search = page.url or "", page.path or "", page.search or ""
    # Whoever writes addresses of a megabyte gets no place for them in the memory of what was read.
    if len(url) + len(path) + len(search) > pages.LONGEST:
        return _place_of.__wrapped__(url, path, search)
    return _place_of(url, path, search)


@lru_cache(maxsize=16_384)
def _place_of(url: str, path: str, search: str) -> Place:
    kept = pages.path_of(path) if path else ""
    return Place(
        host=pages.host_of(url) if url else "",
        path=kept,
        named=checks.names_somebody(kept),
        led="utm_" in (search or url),
    )
