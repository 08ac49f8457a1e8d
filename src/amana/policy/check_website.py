"""Whether what a policy lets the website collect holds together with everything else the policy says."""

import re
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from urllib.parse import urlsplit

from amana.policy.document import Call, Policy, Property, WebsiteEvent
from amana.policy.problems import Blame, blame_unknown, blame_unmatched

SOURCE = "website"
LONGEST = 1000
# The calls that carry no name of their own, and the names by which the policy knows them.
NAMED_CALLS: Mapping[Call, str] = MappingProxyType(
    {"page": "Page Viewed", "screen": "Screen Viewed", "group": "Group Joined"}
)
_EVENT = re.compile(r"(?=.{1,80}$)[A-Za-z][A-Za-z0-9_-]*(?: [A-Za-z0-9_-]+)*")
_PROPERTY = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,62}")
_CATEGORY = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,62}")
_ALSO_OF_THINGS = frozenset({"name"})  # products and pages have names too
_ORIGIN = re.compile(r"https://[a-z0-9.-]+(?::[1-9][0-9]{1,4})?")


def check(policy: Policy, blame: Blame) -> None:
    """Note every contradiction of the website's part."""
    site = policy.website
    _origins(policy, blame)
    _consent(policy, blame)
    _signal(policy, blame)
    _traits(policy, blame)
    _clashes(site.events, "website.events", blame)
    for name, event in site.events.items():
        _event(policy, name, event, blame)


def _origins(policy: Policy, blame: Blame) -> None:
    ours = [found.host for found in policy.destinations.values() if found.owner == "ours"]
    for origin in policy.website.origins:
        at = f"website.origins.{origin}"
        if not _ORIGIN.fullmatch(origin):
            blame(
                at,
                ar="يلزم موقع يبدأ بـ https:// بلا مسار، مثل https://example.com.",
                en="An origin that begins with https:// and has no path is needed, such as https://example.com.",
            )
            continue
        host = urlsplit(origin).hostname or ""
        if not any(host == known or host.endswith(f".{known}") for known in ours):
            blame(
                at,
                ar=f"«{host}» ليس من مواقعنا في destinations.",
                en=f"“{host}” is not a site of ours in destinations.",
            )
    if policy.website.events and not policy.website.origins:
        blame("website.origins", ar="القائمة فارغة.", en="Nothing is declared here.")


def _consent(policy: Policy, blame: Blame) -> None:
    categories = policy.website.consent_categories
    owners: dict[str, str] = {}
    for category, purposes in categories.items():
        at = f"website.consent_categories.{category}"
        _named(_CATEGORY, blame, {at: category})
        if not purposes:
            blame(at, ar="القائمة فارغة.", en="Nothing is declared here.")
        blame_unknown(blame, at, purposes, policy.purposes)
        for purpose in purposes:
            _ask(policy, at, category, purpose, owners, blame)
    _unasked(policy, owners, blame)


def _ask(policy: Policy, at: str, category: str, purpose: str, owners: dict[str, str], blame: Blame) -> None:
    if purpose in policy.purposes and not policy.purposes[purpose].asks():
        blame(
            f"{at}.{purpose}",
            ar="غرض لا يقوم على الموافقة في أي بلد.",
            en="Consent is not its basis anywhere.",
        )
    first = owners.setdefault(purpose, category)
    if first != category:
        blame(
            f"{at}.{purpose}",
            ar=f"الغرض مذكور في «{first}» أيضًا.",
            en=f"This purpose stands in “{first}” too.",
        )


def _unasked(policy: Policy, asked: Mapping[str, str], blame: Blame) -> None:
    for name, event in policy.website.events.items():
        for purpose in event.purposes:
            found = policy.purposes.get(purpose)
            if found and found.asks() and purpose not in asked:
                blame(
                    f"website.events.{name}.purposes.{purpose}",
                    ar="لا يُسأل الزائر عن هذا الغرض في consent_categories.",
                    en="No visitor is asked about this purpose in consent_categories.",
                )


def _signal(policy: Policy, blame: Blame) -> None:
    stops, honours = policy.website.gpc_stops, policy.automatic.honours_gpc
    blame_unknown(blame, "website.gpc_stops", stops, policy.purposes)
    served = {purpose for event in policy.website.events.values() for purpose in event.purposes}
    if stops and not honours:
        blame(
            "website.gpc_stops",
            ar="إشارة لا نحترمها (automatic.honours_gpc) لا توقف شيئًا.",
            en="A signal that is not honoured (automatic.honours_gpc) stops nothing.",
        )
    for purpose in sorted(served - set(stops)) if honours else ():
        found = policy.purposes.get(purpose)
        if found and found.asks():
            blame(
                f"website.gpc_stops.{purpose}",
                ar=f"«{purpose}» يقوم على الموافقة، وإشارة الخصوصية التي نحترمها لا توقفه.",
                en=f"“{purpose}” rests on consent, and the privacy signal we honour does not stop it.",
            )


def _traits(policy: Policy, blame: Blame) -> None:
    given: dict[str, str] = {}
    _named(_PROPERTY, blame, {f"website.traits.{trait}": trait for trait in policy.website.traits})
    for trait, category in policy.website.traits.items():
        at = f"website.traits.{trait}"
        found = policy.categories.get(category)
        if found is None:
            blame_unknown(blame, at, [category], policy.categories)
        elif SOURCE not in found.sources:
            blame(
                at,
                ar=f"«{category}» لا تأتي من الموقع: المصدر {SOURCE} ليس في مصادرها.",
                en=f"“{category}” may not come from the website: {SOURCE} is not among its sources.",
            )
        first = given.setdefault(category, trait)
        if first != trait:
            blame(at, ar=f"«{first}» تعطي المعلومة نفسها.", en=f"“{first}” gives the same category.")


def _event(policy: Policy, name: str, event: WebsiteEvent, blame: Blame) -> None:
    at = f"website.events.{name}"
    _named(_EVENT, blame, {at: name})
    blame_unknown(blame, f"{at}.purposes", event.purposes, policy.purposes)
    wanted = NAMED_CALLS.get(event.call)
    if wanted and name != wanted:
        blame(
            f"{at}.call",
            ar=f"نداء {event.call} اسمه هنا {wanted}.",
            en=f"The {event.call} call is named {wanted} here.",
        )
    elif not wanted and name in NAMED_CALLS.values():
        blame(f"{at}.call", ar="هذا الاسم لنداء آخر.", en="This name belongs to another call.")
    _sealed(policy, event.properties, f"{at}.properties", blame)
    _properties(event.properties, f"{at}.properties", blame, inside=False)


def _sealed(policy: Policy, found: Mapping[str, Property], at: str, blame: Blame) -> None:
    """Keep what is sealed elsewhere out of events, which are not."""
    sealed = {name for name, category in policy.categories.items() if category.kind == "identity"}
    sealed |= {trait for trait, category in policy.website.traits.items() if category in sealed}
    for name, one in found.items():
        if name in sealed - _ALSO_OF_THINGS:
            blame(
                f"{at}.{name}",
                ar="معلومة هوية لا تُحفظ مع ما يجري في الموقع، بل تأتي في traits.",
                en="This is identity: it is not kept with events and comes by traits alone.",
            )
        _sealed(policy, one.items, f"{at}.{name}.items", blame)


def _properties(found: Mapping[str, Property], at: str, blame: Blame, *, inside: bool) -> None:
    _clashes(found, at, blame)
    _named(_PROPERTY, blame, {f"{at}.{name}": name for name in found})
    for name, one in found.items():
        _property(one, f"{at}.{name}", blame, inside=inside)


def _property(one: Property, at: str, blame: Blame, *, inside: bool) -> None:
    if not 1 <= one.longest <= LONGEST:
        blame(f"{at}.longest", ar=f"من 1 إلى {LONGEST}.", en=f"From 1 to {LONGEST}.")
    for part, kind in (("choices", "choice"), ("items", "items")):
        stated = bool(getattr(one, part))
        if one.kind == kind and not stated:
            blame(f"{at}.{part}", ar=f"يلزم ذكرها مع {kind}.", en=f"A property of kind {kind} needs these.")
        elif one.kind != kind and stated:
            blame(
                f"{at}.{part}", ar=f"لا تُذكر إلا مع {kind}.", en=f"Only a property of kind {kind} has these."
            )
    if one.kind == "items" and inside:
        blame(f"{at}.kind", ar="قائمة داخل قائمة.", en="A list inside a list cannot be declared.")
    elif one.kind == "items":
        _properties(one.items, f"{at}.items", blame, inside=True)


def _named(pattern: re.Pattern[str], blame: Blame, names: Mapping[str, str]) -> None:
    blame_unmatched(
        pattern,
        blame,
        names.items(),
        "الاسم من حروف لاتينية وأرقام، ويبدأ بحرف.",
        "A name has Latin letters and digits and begins with a letter.",
    )


def _clashes(names: Iterable[str], at: str, blame: Blame) -> None:
    seen: dict[str, str] = {}
    for name in names:
        first = seen.setdefault(re.sub(r"[^a-z0-9]", "", name.lower()), name)
        if first != name:
            blame(
                f"{at}.{name}",
                ar=f"لا يتميّز عن «{first}» إلا بالكتابة.",
                en=f"Only its spelling differs from “{first}”.",
            )
