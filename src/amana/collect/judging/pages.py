"""What is kept of a page's address: its host, its path, the words searched for, the campaign that led there."""

import re
from functools import lru_cache
from typing import Final
from urllib.parse import parse_qsl, urlsplit

# An address is looked at only so far; no declared property is as long.
LONGEST: Final = 2048
WORDS: Final = frozenset({"q", "query", "s", "search", "keyword", "keywords"})

# A name of letters, digits, dots and hyphens in any script, or an IPv6 address: nothing else has a host's place.
_HOST: Final = re.compile(r"[\w.-]{1,253}|[0-9a-f:.]{2,45}")


# Whoever writes addresses of a megabyte gets no place for them in the memory of what was read.
def host_of(text: str) -> str:
    """Return the host of an address, or of a host alone, in small letters and without a port; empty where none is."""
    return _host_of(text[:LONGEST])


def path_of(text: str) -> str:
    """Return the path of an address, without what follows a question mark or a number sign."""
    return _path_of(text) if len(text) <= LONGEST else _path_of.__wrapped__(text)


def campaign_of(text: str) -> tuple[str, str, str]:
    """Return source, medium and campaign as the query of an address names them (`utm_…`)."""
    return _campaign_of(text[:LONGEST])


@lru_cache(maxsize=8192)
def _host_of(text: str) -> str:
    text = text.strip()
    try:
        host = (urlsplit(text if "//" in text else f"//{text}").hostname or "").lower()
    except ValueError:
        return ""
    return host if _HOST.fullmatch(host) else ""


@lru_cache(maxsize=8192)
def _path_of(text: str) -> str:
    if "://" in text[:12]:
        try:
            text = urlsplit(text).path
        except ValueError:
            return ""
    return text.partition("?")[0].partition("#")[0] or "/"


@lru_cache(maxsize=8192)
def words_of(text: str) -> str:
    """Return the words searched for: the text, or, where it is an address's query as libraries send it, its words."""
    if not text.startswith("?"):
        return text
    return next((value for name, value in _pairs(text) if name in WORDS), "")


@lru_cache(maxsize=8192)
def _campaign_of(text: str) -> tuple[str, str, str]:
    named = dict(_pairs(text)) if "utm_" in text else {}
    source, medium, name = (named.get(f"utm_{part}", "") for part in ("source", "medium", "campaign"))
    return source, medium, name


def _pairs(text: str) -> list[tuple[str, str]]:
    query = text[:LONGEST].partition("?")[2].partition("#")[0]
    try:
        return parse_qsl(query, max_num_fields=64)
    except ValueError:
        return []
