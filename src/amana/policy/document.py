"""What a policy file says, as frozen records. The reader follows these fields and refuses other keys."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Any, Literal, TypeAlias

from amana.kernel.text import Bilingual
from amana.policy.durations import Duration

Basis: TypeAlias = Literal["consent", "contract", "legal_obligation", "legitimate_interest", "request"]
Kind: TypeAlias = Literal["identity", "fact"]
Demand: TypeAlias = Literal["optional", "mandatory"]
Treatment: TypeAlias = Literal["host_only", "pseudonym", "truncated", "counted", "coarse"]
Owner: TypeAlias = Literal["ours", "other"]
Call: TypeAlias = Literal["track", "page", "screen", "group"]
ValueKind: TypeAlias = Literal["text", "number", "integer", "boolean", "choice", "path", "host", "items"]
Plain: TypeAlias = (
    Any  # a truth, a number, a text, or a list or mapping of these: each limit knows its own shape
)

CHANNEL_PLACE = "{channel}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Controller:
    """Who answers for the data."""

    name: Bilingual
    country: str
    address: Bilingual


@dataclass(frozen=True, slots=True, kw_only=True)
class Contacts:
    """How people reach the controller; `review_every` is how long the published contacts may be relied on."""

    service: str
    officer: Bilingual
    website: str
    review_every: Duration


@dataclass(frozen=True, slots=True, kw_only=True)
class Authority:
    """Whom people may complain to."""

    name: Bilingual
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """One limit of the law, with where it was read and when."""

    value: Plain
    source: str
    dated: date
    counsel_must_confirm: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Jurisdiction:
    """A place with a law of its own."""

    name: Bilingual
    law: Bilingual
    authority: Authority
    limits: Mapping[str, Limit]


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """A means of reaching people; `by` completes a sentence, as in "by e-mail"."""

    name: Bilingual
    by: Bilingual


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """What a member of staff, or the system, may be."""

    name: Bilingual
    does: Bilingual
    may_limit_to_shops: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """Who may be handed data, where, and what protects it there."""

    name: Bilingual
    does: Bilingual
    country: str
    safeguard: Bilingual


@dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    """One kind of personal data: sealed as identity, or kept as a coarse fact."""

    wording: Bilingual
    kind: Kind
    sensitive: bool
    retention: Duration
    sources: Mapping[str, Demand]
    promotional_needs_confirmation: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Purpose:
    """One use: why, on what ground, of which categories, by whom, through which channels.

    `consent` is the sentence people tick, once for each channel where there are any; `consent_use` is ticked for the
    use itself, where that is one thing and being written to another. Raising `revision` asks again everyone who
    ticked an earlier one.
    """

    clause: str
    name: Bilingual
    question: Bilingual
    answer: Bilingual
    basis: Mapping[str, Basis]
    categories: tuple[str, ...]
    channels: tuple[str, ...]
    roles: tuple[str, ...]
    tasks: tuple[str, ...]
    recipients: tuple[str, ...]
    promotional: bool
    needs_confirmed_address: bool
    default_off: bool
    survives_restriction: bool
    retention: Duration
    consent: Bilingual | None = None
    consent_use: Bilingual | None = None
    consent_detail: Bilingual | None = None
    min_age: int | None = None
    delayed_disclosure: Duration | None = None
    revision: int = 1

    def asks(self) -> bool:
        """Tell whether consent is its ground anywhere."""
        return "consent" in self.basis.values()

    def asked(self) -> tuple[str | None, ...]:
        """Return what a consent is asked for: the use without a channel (None), each channel, or both."""
        if not self.channels:
            return (None,)
        return (None, *self.channels) if self.consent_use else self.channels


@dataclass(frozen=True, slots=True, kw_only=True)
class AutomaticItem:
    """Something the browser sends by itself, and what is left of it when it is stored."""

    wording: Bilingual
    treatment: Treatment
    kept_as: Bilingual
    retention: Duration


@dataclass(frozen=True, slots=True, kw_only=True)
class Automatic:
    """What is collected without being typed."""

    honours_gpc: bool
    cookies_without_consent: bool
    items: Mapping[str, AutomaticItem]


def _no_properties() -> Mapping[str, "Property"]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Property:
    """One particular of an event. Of a `path` or `host`, no more of an address than that is kept.

    `longest` counts characters, or entries where the kind is `items`.
    """

    wording: Bilingual
    kind: ValueKind
    longest: int = 200
    choices: tuple[str, ...] = ()
    items: Mapping[str, "Property"] = field(default_factory=_no_properties)


@dataclass(frozen=True, slots=True, kw_only=True)
class WebsiteEvent:
    """Something visitors do that the website tells of; without purposes it is only counted, for figures."""

    wording: Bilingual
    call: Call
    purposes: tuple[str, ...]
    properties: Mapping[str, Property]


@dataclass(frozen=True, slots=True, kw_only=True)
class Website:
    """What the website may tell of its visitors: an event or a property that is not here is dropped.

    `consent_categories` are the banner's, with the purposes each stands for; `gpc_stops` are the purposes that
    the browser's privacy signal stops; `traits` say which category a trait of Segment's gives.
    """

    origins: tuple[str, ...]
    retention: Duration
    consent_categories: Mapping[str, tuple[str, ...]]
    gpc_stops: tuple[str, ...]
    traits: Mapping[str, str]
    events: Mapping[str, WebsiteEvent]


# A policy that does not speak of the website collects nothing there.
NO_WEBSITE = Website(
    origins=(),
    retention=Duration(0, 1),
    consent_categories=MappingProxyType({}),
    gpc_stops=(),
    traits=MappingProxyType({}),
    events=MappingProxyType({}),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sensitive:
    """A kind of thing people tell by accident. What may be one is kept back at once, and deleted after a time."""

    wording: Bilingual
    purged_after: Duration


@dataclass(frozen=True, slots=True, kw_only=True)
class Surveys:
    """What holds for surveys. `retention` is of what was chosen or counted, `unfinished` of what was left half-way.

    A tablet that could not ask for the running policy for `stale_after` collects no more; nothing is shown of fewer
    than `small_groups` answers; nobody is invited again within `between`. `invites` are delays after an occasion.
    Whoever was dissatisfied is answered within `answer_within`, or head office is told after `escalate_after` more.
    """

    retention: Duration
    unfinished: Duration
    stale_after: Duration
    small_groups: int
    between: Duration
    invites: Mapping[str, Duration]
    answer_within: Duration
    escalate_after: Duration
    sensitive: Mapping[str, Sensitive]


def _never() -> Surveys:
    """Return what holds where a policy does not speak of surveys: the strictest."""
    day = Duration(0, 1)
    return Surveys(
        retention=day,
        unfinished=day,
        stale_after=day,
        small_groups=10,
        between=Duration(12, 0),
        invites=MappingProxyType({}),
        answer_within=day,
        escalate_after=day,
        sensitive=MappingProxyType({}),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Destination:
    """A site that pages may link to, with that site's own policy."""

    host: str
    name: Bilingual
    owner: Owner
    policy: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A record kept to show that the promise was kept."""

    wording: Bilingual
    retention: Duration


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """One question of the notice and its answer."""

    question: Bilingual
    answer: Bilingual


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A part of the notice; its clauses are shown in this order."""

    id: str
    title: Bilingual
    short: Bilingual
    clauses: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """The whole file."""

    format: Literal["1"]
    title: Bilingual
    lead: Bilingual
    controller: Controller
    contacts: Contacts
    jurisdictions: Mapping[str, Jurisdiction]
    channels: Mapping[str, Channel]
    roles: Mapping[str, Role]
    tasks: Mapping[str, Bilingual]
    recipients: Mapping[str, Recipient]
    sources: Mapping[str, Bilingual]
    categories: Mapping[str, Category]
    purposes: Mapping[str, Purpose]
    automatic: Automatic
    website: Website = field(default_factory=lambda: NO_WEBSITE)
    surveys: Surveys = field(default_factory=_never)
    safeguards: Mapping[str, Bilingual]
    destinations: Mapping[str, Destination]
    rights: Mapping[str, Bilingual]
    evidence: Mapping[str, Evidence]
    clauses: Mapping[str, Clause]
    sections: tuple[Section, ...]
