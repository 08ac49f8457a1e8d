"""A visitor without a cookie: one number for a day, made of what every browser sends, that means nothing the next day.

The address is cut to its network before that, the salt is random, is kept in a table that no backup holds, and
goes after 48 hours: nobody, and we neither, can then tell whose number it was, or that two days had the same visitor.
A day is the retailer's own.
"""

import datetime as dt
import os
from functools import lru_cache
from hashlib import blake2b
from typing import Final

import iptocc
from django.conf import settings
from django.db import connection, transaction

from amana.collect import calendar
from amana.kernel import addresses

SALT_BYTES: Final = 32
# A session ends when its visitor is silent for so long; until then it keeps its number past midnight.
SESSION_MS: Final = 30 * 60 * 1000
MOST_KEPT: Final = 100_000
_POSITIVE: Final = 2**63 - 1
_LINES: Final = os.urandom(SALT_BYTES)

Salts = dict[int, bytes]


def salts(today: dt.date) -> Salts:
    """Return the salts of today and yesterday by day number (days since 1970), today's made at the first call."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO public.collect_salt (day, salt) VALUES (%s, %s) ON CONFLICT (day) DO NOTHING",
            [today, os.urandom(SALT_BYTES)],
        )
        cursor.execute(
            "SELECT day, salt FROM public.collect_salt WHERE day BETWEEN %s AND %s",
            [today - dt.timedelta(days=1), today],
        )
        return {number(day): bytes(salt) for day, salt in cursor.fetchall()}


def forget_salts(today: dt.date) -> int:
    """Delete the salts of days that ended 24 hours ago or more: none is older than 48 hours. Return how many went."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("LOCK TABLE public.collect_salt IN ACCESS EXCLUSIVE MODE")
        cursor.execute("SELECT day, salt FROM public.collect_salt")
        found = cursor.fetchall()
        kept = [(day, salt) for day, salt in found if day >= today - dt.timedelta(days=1)]
        if len(kept) < len(found):
            # A row that is deleted stays in its file until something is written over it; the file goes with all in it.
            cursor.execute("TRUNCATE public.collect_salt")
            cursor.executemany("INSERT INTO public.collect_salt (day, salt) VALUES (%s, %s)", kept)
        return len(found) - len(kept)


def number(day: dt.date) -> int:
    """Return a day as days since 1970."""
    return (day - dt.date(1970, 1, 1)).days


@lru_cache(maxsize=32_768)
def network_of(peer: str, forwarded_for: str) -> str:
    """Return the network a request came from, /24 or /48, seen through trusted proxies; empty where none is known."""
    return addresses.truncated(addresses.client_address(peer, forwarded_for, settings.AMANA_TRUSTED_PROXIES))


@lru_cache(maxsize=32_768)
def line_of(peer: str, forwarded_for: str) -> int:
    """Return a number for the line a request came by: one address, or the /64 that one connection has of IPv6.

    It differs in each process and is written nowhere: haste is told by it for a minute. 0 where no address is known.
    """
    address = addresses.parse(addresses.client_address(peer, forwarded_for, settings.AMANA_TRUSTED_PROXIES))
    if address is None:
        return 0
    line = address.packed[:8]
    return int.from_bytes(blake2b(line, key=_LINES, digest_size=8).digest(), "big") or 1


@lru_cache(maxsize=32_768)
def country_of(network: str) -> str:
    """Return the country of a network (ISO 3166-1 alpha-2), by a table inside a package; empty where unknown."""
    found = iptocc.country_code(network.partition("/")[0]) if network else None
    return str(found or "")


class Visitors:
    """The numbers of visitors, remembered for the running day."""

    __slots__ = ("_before", "_begin", "_day", "_end", "_known", "_salts", "_seen", "_today", "_zone")

    def __init__(self) -> None:
        self._salts: Salts = {}
        self._zone: dt.tzinfo = dt.UTC
        self._day = self._begin = self._end = 0
        self._today = -1
        self._known: dict[tuple[str, str, str], int] = {}
        self._seen: dict[int, int] = {}
        self._before: dict[int, int] = {}

    def use(self, salts: Salts, zone: dt.tzinfo = dt.UTC) -> None:
        """Go on with these salts of the days of a zone."""
        self._salts = salts
        if zone is not self._zone:
            self._zone, self._begin, self._end = zone, 0, 0

    def day_of(self, received: int) -> int:
        """Return the day (since 1970, in the zone) in which a moment lies, in ms."""
        if not self._begin <= received < self._end:
            day = dt.datetime.fromtimestamp(received // 1000, self._zone).date()
            self._day = number(day)
            self._begin = calendar.midnight_ms(day, self._zone)
            self._end = calendar.midnight_ms(day + dt.timedelta(days=1), self._zone)
        return self._day

    def of(self, network: str, user_agent: str, host: str, received: int) -> int:
        """Return the visitor's number on the day of `received` (ms); 0 while the day has no salt."""
        day = self.day_of(received)
        if day != self._today:
            self._turn(day)
        place = (network, user_agent, host)
        visitor = self._known.get(place)
        if visitor is None:
            visitor = self._meet(place, day, received)
        elif visitor in self._before:
            visitor = self._stay(place, visitor, day, received)
        self._seen[visitor] = received
        return visitor

    def steady(self, visitor: int, received: int) -> tuple[int, int]:
        """Return from when and until when (ms) a number of `received` holds, whoever is seen or not meanwhile.

        When a visitor was seen matters around midnight alone: in the half hour before it, and after it for those who
        stayed.
        """
        if not visitor or visitor in self._before:
            return 0, 0
        self.day_of(received)
        return self._begin, self._end - SESSION_MS

    def of_user(self, user_id: str, received: int) -> str:
        """Return a user's pseudonym on the day of `received` (ms), 16 hex digits; empty while the day has no salt."""
        salt = self._salts.get(self.day_of(received))
        if salt is None:
            return ""
        return blake2b(
            user_id.encode("utf-8", "surrogatepass"), key=salt, digest_size=8, person=b"amana.user"
        ).hexdigest()

    def _turn(self, day: int) -> None:
        # Only who was here a moment ago may still be in the same session.
        follows = day == self._today + 1
        self._before = self._seen if follows else {}
        self._today, self._seen, self._known = day, {}, {}

    def _meet(self, place: tuple[str, str, str], day: int, received: int) -> int:
        visitor = 0
        yesterday = self._salts.get(day - 1)
        if self._before and yesterday is not None:
            visitor = _hashed(yesterday, place)
            last = self._before.get(visitor)
            visitor = visitor if last is not None and received - last < SESSION_MS else 0
        if not visitor:
            salt = self._salts.get(day)
            if salt is None:
                return 0
            visitor = _hashed(salt, place)
        if len(self._known) >= MOST_KEPT:
            self._known.clear()
            self._seen.clear()
        self._known[place] = visitor
        return visitor

    def _stay(self, place: tuple[str, str, str], visitor: int, day: int, received: int) -> int:
        """Keep yesterday's number while the session lasts, else take today's."""
        last = self._seen.get(visitor, self._before[visitor])
        if received - last < SESSION_MS or day not in self._salts:
            return visitor
        visitor = self._known[place] = _hashed(self._salts[day], place)
        return visitor


def _hashed(salt: bytes, place: tuple[str, str, str]) -> int:
    text = "\0".join(place).encode("utf-8", "surrogatepass")
    return int.from_bytes(blake2b(text, key=salt, digest_size=8).digest(), "big") & _POSITIVE or 1
