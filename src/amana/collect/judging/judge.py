"""Judge one call: what is kept of it becomes a line of the inbox, what is not is counted."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any, Final

from amana.collect import bots, event
from amana.collect.devices import Machines
from amana.collect.judging import checks, consent, pages, tally, times
from amana.collect.judging.rules import EventRule, Rules
from amana.collect.judging.tally import Tally
from amana.collect.visitors import DAY_MS, Visitors, country_of, network_of
from amana.collect.wire import Context, Message, Page

# Calls whose event the policy declares under a name of its own.
NAMED: Final[Mapping[str, str]] = {"page": "Page Viewed", "screen": "Screen Viewed", "group": "Group Joined"}
PAGES: Final = frozenset({"page", "screen"})
KEY_BYTES: Final = 16
LONGEST_UTM: Final = 100
EMPTY: Final = Context()
NO_PAGE: Final = Page()


@dataclass(slots=True)
class Visit:
    """What all calls of one request share. `trusted`: it came with the server key."""

    source: int
    trusted: bool
    received: int
    rules: Rules
    network: str = ""
    user_agent: str = ""
    language: str = ""
    gpc: bool = False
    sent: int | None = None
    context: Context | None = None
    tally: Tally = field(default_factory=dict)

    def count(self, name: str, reason: str, *, of: str = "", by: int = 1) -> None:
        """Count what became of an event called `name`, or of its property `of`."""
        tally.count(self.tally, self.source, name, reason, name=of, by=by)


@dataclass(slots=True)
class Sender:
    """Whose browser a call speaks of."""

    network: str
    user_agent: str
    visitor: int


class Judge:
    """Judges with what one process remembers: visitors, kinds of devices, haste."""

    def __init__(self) -> None:
        self.visitors = Visitors()
        self.machines = Machines()
        self.haste = bots.Haste()

    def line(self, message: Message, visit: Visit) -> bytes | None:
        """Return the line to keep, or None where nothing is kept; the visit's tally says what became of it."""
        rule = _rule(message, visit)
        if rule is None:
            return None
        context = message.context or visit.context or EMPTY
        page = context.page or NO_PAGE
        host = pages.host_of(page.url) if page.url else ""
        sender = self._sender(visit, context, host)
        if sender is None:
            visit.count(rule.name, "bot")
            return None
        fields = _declared(message, visit, rule, page)
        self._add_circumstances(fields, visit, context, sender)
        _add_place(fields, visit.rules, page, host)
        self._add_person(fields, message, visit, rule, context)
        return _written(fields, message, visit, rule)

    def _sender(self, visit: Visit, context: Context, host: str) -> Sender | None:
        """Return whose browser it was, None for a bot's. A machine that relays speaks for the browser it names."""
        network, user_agent = visit.network, visit.user_agent
        if visit.trusted or (
            context.library and context.library.name and not user_agent.startswith("Mozilla/")
        ):
            user_agent = (context.userAgent or "")[: bots.LONGEST]
            network = network_of(context.ip, "") if visit.trusted and context.ip else ""
            if not user_agent:
                return Sender(network, "", 0)
        if bots.named(user_agent):
            return None
        visitor = self.visitors.of(network, user_agent, host, visit.received)
        if not visit.trusted and self.haste.hasty(visitor, visit.received):
            return None
        return Sender(network, user_agent, visitor)

    def _add_circumstances(
        self, fields: dict[str, Any], visit: Visit, context: Context, sender: Sender
    ) -> None:
        """Add what the browser sends by itself, as far as the policy says that it is kept."""
        kept = visit.rules.kept
        if "visitor" in kept:
            fields["visitor"] = sender.visitor
        if "country" in kept:
            fields["country"] = country_of(sender.network)
        if "browser_language" in kept:
            fields["language"] = language_of(context.locale) if context.locale else visit.language
        if "device" in kept and sender.user_agent:
            machine = self.machines.of(sender.user_agent)
            fields["device"], fields["browser"] = machine.device, machine.browser
            fields["system"] = machine.system
        if "campaign" in kept:
            _add_campaign(fields, context)

    def _add_person(
        self, fields: dict[str, Any], message: Message, visit: Visit, rule: EventRule, context: Context
    ) -> None:
        anonymous_id, user_id = message.anonymousId, message.userId
        if (anonymous_id is None or anonymous_id == "") and (user_id is None or user_id == ""):
            return
        allowed, stopped = consent.allowed(visit.rules, context, gpc=visit.gpc)
        if not allowed:
            visit.count(rule.name, "gpc" if stopped else "id_without_consent")
            return
        fields["trails"] = consent.trails(rule.purposes & allowed, anonymous_id, user_id)
        if user_id and "user_name" in visit.rules.kept:
            fields["user"] = self.visitors.of_user(str(user_id), visit.received // DAY_MS)


def key_of(source: int, message_id: str | None) -> str:
    """Return the key of a message, equal for repeats; one without a number of its own is like no other."""
    if not message_id:
        return os.urandom(KEY_BYTES).hex()
    return blake2b(b"%d\0%s" % (source, message_id.encode()), digest_size=KEY_BYTES).hexdigest()


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


def _declared(message: Message, visit: Visit, rule: EventRule, page: Page) -> dict[str, Any]:
    """Return the declared properties, those with a place of their own under its name, the rest together."""
    given = (message.traits if rule.call == "group" else message.properties) or {}
    if rule.call in PAGES:
        given = {**_page_properties(message, rule, page), **given}
    name = rule.name

    def note(of: str, reason: str) -> None:
        visit.count(name, reason, of=of if of in rule.checks else tally.shown(of))

    found = checks.kept(given, rule.checks, note)
    fields: dict[str, Any] = {}
    for declared, place in rule.places.items():
        if declared in found:
            fields[place] = found.pop(declared)
    if found:
        fields["properties"] = found
    if rule.call in PAGES and "search" in fields:
        fields["search"] = pages.words_of(fields["search"])
    return fields


def _page_properties(message: Message, rule: EventRule, page: Page) -> dict[str, Any]:
    """Return what libraries put beside the properties of a page and the policy lists among them."""
    beside = {
        "path": page.path, "url": page.url, "title": page.title, "referrer": page.referrer,
        "search": page.search, "name": message.name, "category": message.category,
    }  # fmt: skip
    return {name: value for name, value in beside.items() if value and name in rule.checks}


def _add_place(fields: dict[str, Any], rules: Rules, page: Page, host: str) -> None:
    """Say where on the website it happened, where the policy says so of pages."""
    if host and "url" in rules.page and "host" not in fields:
        fields["host"] = host
    if page.path and "path" in rules.page and "path" not in fields:
        fields["path"] = pages.path_of(page.path)[: rules.longest_path]


def _add_campaign(fields: dict[str, Any], context: Context) -> None:
    campaign, page = context.campaign, context.page
    if campaign is not None:
        named = (campaign.source or "", campaign.medium or "", campaign.name or "")
    elif page is not None and (page.search or page.url):
        named = pages.campaign_of(page.search or page.url or "")
    else:
        return
    fields["utm_source"], fields["utm_medium"], fields["utm_campaign"] = (
        part[:LONGEST_UTM] for part in named
    )


def _written(fields: dict[str, Any], message: Message, visit: Visit, rule: EventRule) -> bytes | None:
    original = times.read(message.originalTimestamp or message.timestamp)
    sent = times.read(message.sentAt) if message.sentAt else visit.sent
    line = event.line(
        event.Event(
            source=visit.source,
            key=key_of(visit.source, message.messageId),
            call=rule.call,
            event=rule.name,
            at=times.happened(original=original, sent=sent, received=visit.received),
            received=visit.received,
            policy=visit.rules.version,
            original=original,
            sent=sent,
            **fields,
        )
    )
    # A zero character has no place in a database's text, nor in any honest one.
    if b"\\u0000" in line:
        visit.count(rule.name, "malformed")
        return None
    visit.count(rule.name, tally.ACCEPTED)
    return line
