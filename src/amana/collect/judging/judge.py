"""Judge one call: what is kept of it becomes a line of the inbox, what is not is counted."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import blake2b
from typing import Any, Final

from amana.collect import bots, event
from amana.collect.calendar import DAY_MS
from amana.collect.devices import Machines
from amana.collect.judging import checks, consent, pages, shapes, tally, times
from amana.collect.judging.places import NOWHERE, Place, place_of
from amana.collect.judging.rules import EventRule, Rules
from amana.collect.judging.tally import Tally
from amana.collect.visitors import Visitors, country_of, network_of
from amana.collect.wire import Context, Message, Page

# Calls whose event the policy declares under a name of its own.
NAMED: Final[Mapping[str, str]] = {"page": "Page Viewed", "screen": "Screen Viewed", "group": "Group Joined"}
KEY_BYTES: Final = 16
LONGEST_UTM: Final = 100
LONGEST_LANGUAGES: Final = 64
LONGEST_ADDRESS: Final = 64
MOST_KEPT: Final = 50_000
EMPTY: Final = Context()
NO_PAGE: Final = Page()
NO_PROPERTIES: Final[dict[str, Any]] = {}


@dataclass(slots=True)
class Visit:
    """What all calls of one request share. `trusted`: it came with the server key; `handed`: a word was read in it.

    `line`: by which it came, see `visitors.line_of`.
    `plain`: nothing in its body could spell an e-mail address or a zero character (see `is_plain`).
    """

    source: int
    trusted: bool
    received: int
    rules: Rules
    network: str = ""
    line: int = 0
    user_agent: str = ""
    language: str = ""
    gpc: bool = False
    sent: int | None = None
    context: Context | None = None
    handed: bool = False
    plain: bool = False
    accepted: dict[str, int] = field(default_factory=dict)
    tally: Tally = field(default_factory=dict)

    def counts(self) -> Tally:
        """Return what became of everything, what was accepted included."""
        return {
            **self.tally,
            **{(self.source, name, "", tally.ACCEPTED): n for name, n in self.accepted.items()},
        }

    def count(self, name: str, reason: str, *, of: str = "", by: int = 1) -> None:
        """Count what became of an event called `name`, or of its property `of`."""
        tally.count(self.tally, self.source, name, reason, name=of, by=by)


@dataclass(slots=True)
class Browser:
    """A browser as calls speak of it, looked at once: its network, its name, and what each line says of it.

    `visitor` is its number on the website it was on last, `host`, from `since` until before `until`, in ms.
    """

    network: str
    user_agent: str
    is_bot: bool
    part: bytes
    host: str = ""
    visitor: int = 0
    since: int = 0
    until: int = 0


class Judge:
    """Judges with what one process remembers: visitors, their browsers, haste."""

    def __init__(self) -> None:
        self.visitors = Visitors()
        self.haste = bots.Haste()
        self._machines = Machines()
        self._browsers: dict[tuple[str, str, str, bool], Browser] = {}
        self._version = 0

    def line(self, message: Message, visit: Visit) -> bytes | None:
        """Return the line to keep, or None where nothing is kept; the visit's tally says what became of it."""
        rule = _rule(message, visit)
        if rule is None:
            return None
        context = message.context or visit.context or EMPTY
        place = NOWHERE if context.page is None else place_of(context.page)
        browser = self._browser(visit, context)
        visitor = 0
        if browser.user_agent or browser.network:
            visitor = self._visitor(browser, place.host, visit.received)
            if browser.is_bot or (
                not visit.trusted and self.haste.hasty((visit.line, browser.user_agent), visit.received)
            ):
                visit.count(rule.name, "bot")
                return None
        made = _made(message, visit, rule, visitor)
        _add_properties(made, message, visit, rule, context.page or NO_PAGE)
        _add_place(made, visit, place)
        if place.led or context.campaign is not None:
            _add_campaign(made, visit, context, context.page or NO_PAGE)
        if message.anonymousId or message.userId:
            self._add_person(made, message, visit, rule, context)
        return _counted(event.line(made, browser.part), visit, rule)

    def _visitor(self, browser: Browser, host: str, received: int) -> int:
        if browser.since <= received < browser.until and browser.host == host:
            return browser.visitor
        visitor = self.visitors.of(browser.network, browser.user_agent, host, received)
        browser.host, browser.visitor = host, visitor
        browser.since, browser.until = self.visitors.steady(visitor, received)
        return visitor

    def _browser(self, visit: Visit, context: Context) -> Browser:
        """Return the browser a call speaks of. A machine that relays speaks for the one it names."""
        library = context.library
        relayed = visit.trusted or (
            library is not None and bool(library.name) and not visit.user_agent.startswith("Mozilla/")
        )
        # Cut before they are remembered: a body may hold a megabyte of either.
        language = (context.locale or visit.language)[:LONGEST_LANGUAGES]
        if relayed:
            # A stranger's word for an address is worth nothing.
            address = (context.ip or "")[:LONGEST_ADDRESS] if visit.trusted else ""
            asked = (address, (context.userAgent or "")[: bots.LONGEST], language, True)
        else:
            asked = (visit.network, visit.user_agent, language, False)
        found = self._browsers.get(asked)
        if found is None or self._version != visit.rules.version:
            found = self._meet(asked, visit.rules)
        return found

    def _meet(self, asked: tuple[str, str, str, bool], rules: Rules) -> Browser:
        """Look at a browser that was not met before under this version of the policy."""
        network, user_agent, language, relayed = asked
        if relayed:
            network = network_of(network, "") if user_agent and network else ""
        machine = self._machines.of(user_agent if "device" in rules.kept else "")
        part = event.Circumstances(
            country=country_of(network) if "country" in rules.kept else "",
            device=machine.device,
            browser=machine.browser,
            system=machine.system,
            language=language_of(language) if "browser_language" in rules.kept else "",
        ).part()
        found = Browser(network, user_agent, bots.named(user_agent), part)
        if len(self._browsers) >= MOST_KEPT or self._version != rules.version:
            self._browsers.clear()
            self._version = rules.version
        # A name that was not read because too many were new may be read the next time.
        if self._machines.knows(user_agent) or "device" not in rules.kept:
            self._browsers[asked] = found
        return found

    def _add_person(
        self, made: event.Event, message: Message, visit: Visit, rule: EventRule, context: Context
    ) -> None:
        allowed, stopped = consent.allowed(visit.rules, context, gpc=visit.gpc)
        if not allowed:
            visit.count(rule.name, "gpc" if stopped else "id_without_consent")
            return
        made.trails = consent.trails(rule.purposes & allowed, message.anonymousId, message.userId)
        if message.userId and "user_name" in visit.rules.kept:
            made.user = self.visitors.of_user(str(message.userId), visit.received)


def is_plain(body: bytes) -> bool:
    """Tell whether a body spells neither an @ nor anything by an escape, of JSON or of addresses."""
    return not (b"@" in body or b"%" in body or b"\\" in body)


def key_of(source: int, message_id: str | None) -> str:
    """Return the key of a message, equal for repeats; one without a number of its own is like no other."""
    if not message_id:
        return os.urandom(KEY_BYTES).hex()
    hashing = _begun(source).copy()
    hashing.update(message_id.encode())
    return hashing.hexdigest()


@lru_cache(maxsize=1024)
def _begun(source: int) -> blake2b:
    return blake2b(f"{source}\0".encode(), digest_size=KEY_BYTES)


@lru_cache(maxsize=4096)
def language_of(text: str) -> str:
    """Return the first language of a browser's list, as `ar` or `en-GB`; empty for what is none."""
    first = text[:64].partition(",")[0].partition(";")[0].strip()
    return first if len(first) <= 16 and first.replace("-", "").isalnum() and first.isascii() else ""


def _rule(message: Message, visit: Visit) -> EventRule | None:
    call = message.type
    name = message.event if call == "track" else NAMED.get(call)
    rule = visit.rules.events.get(name) if name else None
    if rule is None or rule.call != call:
        visit.count(tally.shown(name or call), "undeclared_event")
        return None
    return rule


def _made(message: Message, visit: Visit, rule: EventRule, visitor: int) -> event.Event:
    original = times.read(message.originalTimestamp or message.timestamp)
    sent = visit.sent if message.sentAt is None else times.read(message.sentAt)
    received = visit.received
    return event.Event(
        source=visit.source,
        key=key_of(visit.source, message.messageId),
        call=rule.call,
        event=rule.name,
        at=times.happened(original=original, sent=sent, received=received),
        received=received,
        policy=visit.rules.version,
        original=original,
        sent=sent,
        visitor=visitor if "visitor" in visit.rules.kept else 0,
    )


def _add_properties(made: event.Event, message: Message, visit: Visit, rule: EventRule, page: Page) -> None:
    """Add the declared properties: those with a place of their own under its name, the rest together."""
    given = (message.traits if rule.call == "group" else message.properties) or NO_PROPERTIES
    if rule.beside:
        given = {**_beside(message, rule, page), **given}
    found = _found(given, visit, rule)
    for declared, place in rule.places:
        if declared in found:
            setattr(made, place, found.pop(declared))
    # Nobody reads one page for longer than a day, whatever a stranger's script says.
    if not 0 <= made.engaged <= DAY_MS:
        visit.count(rule.name, "wrong_type", of="engaged_ms")
        made.engaged = 0
    if rule.beside and made.search:
        made.search = pages.words_of(made.search)
    if found:
        made.properties = found


def _found(given: dict[str, Any], visit: Visit, rule: EventRule) -> dict[str, Any]:
    """Return what is kept of properties, which belong to this call alone; what is not is counted."""
    losses: checks.Losses = []
    if shapes.fits(given, rule.shape) and (visit.plain or not shapes.names_somebody(given, rule.turned)):
        found = given
        if rule.turned:
            checks.turn(found, rule.turned, losses)
    else:
        found = checks.kept(given, rule.checks, losses)
    for of, reason in losses:
        visit.count(rule.name, reason, of=of if of in rule.checks else tally.shown(of))
    return found


def _beside(message: Message, rule: EventRule, page: Page) -> dict[str, Any]:
    """Return what libraries put beside the properties of a page and the policy lists among them."""
    beside = {
        "path": page.path, "url": page.url, "title": page.title, "referrer": page.referrer,
        "search": page.search, "name": message.name, "category": message.category,
    }  # fmt: skip
    return {name: value for name, value in beside.items() if value and name in rule.beside}


def _add_place(made: event.Event, visit: Visit, place: Place) -> None:
    """Say where on the website it happened, where the policy says so of pages."""
    rules = visit.rules
    if place.host and not made.host and "url" in rules.page:
        made.host = place.host
    if place.path and not made.path and len(place.path) <= rules.longest_path:
        if place.named:
            visit.count(made.event, checks.ADDRESS.reason, of="path")
        else:
            made.path = place.path


def _free(text: str, visit: Visit, name: str, of: str) -> str:
    """Return a text, or nothing where an e-mail address stands in it, which is counted."""
    if not checks.names_somebody(text):
        return text
    visit.count(name, checks.ADDRESS.reason, of=of)
    return ""


def _add_campaign(made: event.Event, visit: Visit, context: Context, page: Page) -> None:
    if "campaign" not in visit.rules.kept:
        return
    campaign = context.campaign
    if campaign is not None:
        named = (campaign.source or "", campaign.medium or "", campaign.name or "")
    else:
        named = pages.campaign_of(page.search or page.url or "")
    if any(named):
        made.utm_source, made.utm_medium, made.utm_campaign = (
            _free(part[:LONGEST_UTM], visit, made.event, "utm") for part in named
        )


def _counted(line: bytes, visit: Visit, rule: EventRule) -> bytes | None:
    # A zero character has no place in a database's text, nor in any honest one.
    if not visit.plain and b"\\u0000" in line:
        visit.count(rule.name, "malformed")
        return None
    visit.accepted[rule.name] = visit.accepted.get(rule.name, 0) + 1
    return line
