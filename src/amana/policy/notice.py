"""The privacy notice of a version in one language: questions, answers and what stands behind them."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import TypeAlias

from amana.kernel import clock, dates
from amana.kernel.text import Bilingual, Language
from amana.policy import website, words
from amana.policy.document import Basis, Policy, Property, Purpose
from amana.policy.queries import Published, Version


@dataclass(frozen=True, slots=True)
class Proof:
    """One real figure beside a section of the notice, what it counts, and how anybody can know.

    All three are written in the reader's language.
    """

    section: str
    figure: str
    label: str
    how: str


Proofs: TypeAlias = Callable[[Language], Sequence[Proof]]


@dataclass(frozen=True, slots=True)
class Item:
    """One line of a list below an answer; `tag` is a short mark, `url` where to read on."""

    label: str
    detail: str = ""
    tag: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Recorded:
    """One thing that visitors do: what the site records with it, and for what."""

    label: str
    particulars: str
    uses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """One question with its answer. `items` and the table `recorded` stand behind it, named by `items_title`."""

    clause: str
    question: str
    answer: str
    items: tuple[Item, ...] = ()
    items_title: str = ""
    recorded: tuple[Recorded, ...] = ()
    headings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Use:
    """One use of people's data: on what ground, and its particulars. `asks`: it waits for a consent."""

    clause: str
    question: str
    answer: str
    ground: str
    asks: bool
    particulars: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """A section of the notice with its questions, its uses, and its proof where there is one."""

    id: str
    title: str
    short: str
    answers: tuple[Answer, ...]
    uses: tuple[Use, ...]
    proofs: tuple[Proof, ...] = ()


@dataclass(frozen=True, slots=True)
class Notice:
    """The whole notice."""

    version: int
    hash: str
    published_at: datetime
    since: str
    language: Language
    title: str
    lead: str
    controller: str
    address: str
    officer: str
    service: str
    parts: tuple[Part, ...]


def notice(published: Published, language: Language, proofs: Sequence[Proof] = ()) -> Notice:
    """Say what a published version promises. Figures are shown only where `proofs` brings them."""
    policy, version = published.policy, published.version
    country = policy.controller.country
    return Notice(
        version=version.number,
        hash=version.hash.hex(),
        published_at=version.published_at,
        since=since(version, country=country, language=language),
        language=language,
        title=policy.title.in_(language),
        lead=policy.lead.in_(language),
        controller=policy.controller.name.in_(language),
        address=policy.controller.address.in_(language),
        officer=policy.contacts.officer.in_(language),
        service=policy.contacts.service,
        parts=tuple(_parts(policy, language, proofs)),
    )


def since(version: Version, *, country: str, language: Language) -> str:
    """Write the day a version was published, as it was in `country`."""
    day = version.published_at.astimezone(clock.zone(country)).date()
    return dates.long_date(day, country=country, language=language)


def _parts(policy: Policy, language: Language, proofs: Sequence[Proof]) -> Iterator[Part]:
    by_clause = {purpose.clause: purpose for purpose in policy.purposes.values()}
    for section in policy.sections:
        told = [clause for clause in section.clauses if clause in policy.clauses]
        uses = [by_clause[clause] for clause in section.clauses if clause not in policy.clauses]
        yield Part(
            id=section.id,
            title=section.title.in_(language),
            short=section.short.in_(language),
            answers=tuple(_answer(policy, clause, language) for clause in told),
            uses=tuple(_use(policy, purpose, language) for purpose in uses),
            proofs=tuple(proof for proof in proofs if proof.section == section.id),
        )


def _answer(policy: Policy, clause: str, language: Language) -> Answer:
    text = policy.clauses[clause]
    title, items = _LISTS.get(clause, (None, _none))
    recorded = tuple(_recorded(policy, language)) if clause == "C2" else ()
    return Answer(
        clause=clause,
        question=text.question.in_(language),
        answer=text.answer.in_(language),
        items=tuple(items(policy, language)),
        items_title=title.in_(language) if title else "",
        recorded=recorded,
        headings=tuple(heading.in_(language) for heading in words.RECORDED) if recorded else (),
    )


def _use(policy: Policy, purpose: Purpose, language: Language) -> Use:
    return Use(
        clause=purpose.clause,
        question=purpose.question.in_(language),
        answer=purpose.answer.in_(language),
        ground=ground(purpose, language),
        asks=purpose.asks(),
        particulars=tuple(particulars(policy, purpose, language)),
    )


def ground(purpose: Purpose, language: Language) -> str:
    """Name the grounds a purpose rests on, each once."""
    grounds: dict[Basis, None] = dict.fromkeys(purpose.basis.values())
    return words.OR.in_(language).join(words.BASES[basis].in_(language) for basis in grounds)


def particulars(policy: Policy, purpose: Purpose, language: Language) -> Iterator[Item]:
    """Say what a purpose uses, by which channels, by whom, for whom and how long."""
    lists: tuple[tuple[Bilingual, Sequence[Bilingual]], ...] = (
        (words.USES, [policy.categories[name].wording for name in purpose.categories]),
        (words.CHANNELS, [policy.channels[name].name for name in purpose.channels]),
        (words.ROLES, [policy.roles[name].name for name in purpose.roles]),
        (words.RECIPIENTS, [policy.recipients[name].name for name in purpose.recipients]),
    )
    for label, names in lists:
        if names:
            yield Item(label.in_(language), _joined(names, language))
    if len(set(purpose.basis.values())) > 1:
        grounds = [
            f"{policy.jurisdictions[code].name.in_(language)}: {words.BASES[basis].in_(language)}"
            for code, basis in purpose.basis.items()
        ]
        yield Item(words.GROUND.in_(language), words.SEMICOLON.in_(language).join(grounds))
    yield Item(words.HOW_LONG.in_(language), purpose.retention.words().in_(language))
    if purpose.min_age:
        yield Item(words.AGE.in_(language), str(purpose.min_age))


def _joined(names: Sequence[Bilingual], language: Language) -> str:
    return words.COMMA.in_(language).join(name.in_(language) for name in names)


def _none(policy: Policy, language: Language) -> Iterator[Item]:
    return iter(())


def _categories(policy: Policy, language: Language) -> Iterator[Item]:
    for category in policy.categories.values():
        sources = _joined([policy.sources[source] for source in category.sources], language)
        kept = category.retention.words().in_(language)
        tag = words.SENSITIVE.in_(language) if category.sensitive else ""
        yield Item(category.wording.in_(language), f"{sources}{words.DOT.in_(language)}{kept}", tag)


def _safeguards(policy: Policy, language: Language) -> Iterator[Item]:
    return (Item(text.in_(language)) for text in policy.safeguards.values())


def _recipients(policy: Policy, language: Language) -> Iterator[Item]:
    for found in policy.recipients.values():
        detail = f"{found.does.in_(language)}{words.DOT.in_(language)}{found.safeguard.in_(language)}"
        yield Item(found.name.in_(language), detail, words.country(found.country, language))


def _destinations(policy: Policy, language: Language) -> Iterator[Item]:
    for found in policy.destinations.values():
        tag = words.OTHERS_SITE if found.owner == "other" else words.OUR_SITE
        yield Item(found.name.in_(language), found.host, tag.in_(language), found.policy)


def _automatic(policy: Policy, language: Language) -> Iterator[Item]:
    for found in policy.automatic.items.values():
        kept = found.retention.words().in_(language)
        yield Item(
            found.wording.in_(language), f"{found.kept_as.in_(language)}{words.DOT.in_(language)}{kept}"
        )

    stopped = [policy.purposes[name].name for name in policy.website.gpc_stops]
    if stopped:
        told = f"{words.SIGNAL_STOPS.in_(language)}{_joined(stopped, language)}"
        yield Item(words.SIGNAL.in_(language), told)


def _surveys(policy: Policy, language: Language) -> Iterator[Item]:
    """Say what becomes of answers: what was chosen, what was left half-way, what was told by accident."""
    rules = policy.surveys
    told = (
        (words.CHOSEN_ANSWERS, rules.retention.words()),
        (words.UNFINISHED_ANSWERS, words.with_consent(rules.unfinished)),
        (words.SMALL_GROUPS, words.fewer_than(rules.small_groups)),
        (words.TABLETS, words.stale(rules.stale_after)),
        (words.INVITATIONS, words.at_most_each(rules.between)),
    )
    yield from (Item(name.in_(language), said.in_(language)) for name, said in told)
    for found in rules.sensitive.values():
        yield Item(
            found.wording.in_(language),
            words.purged(found.purged_after).in_(language),
            words.TOLD_BY_ACCIDENT.in_(language),
        )


def _website(policy: Policy, language: Language) -> Iterator[Item]:
    """Say what the records of the site are for: figures, each purpose, and what comes from an account."""
    site, dot = policy.website, words.DOT.in_(language)
    if not site.events:
        return
    kept = site.retention.words().in_(language)
    yield Item(words.FIGURES.in_(language), f"{words.EVERYTHING_LISTED.in_(language)}{dot}{kept}")
    for name, purpose in policy.purposes.items():
        if website.events_for(site, name):
            followed = any(name in asked for asked in site.consent_categories.values())
            told = [words.OWN_PSEUDONYM if followed else words.ONE_DAY_ONLY]
            told += [min(site.retention, purpose.retention).words()]
            told += [words.STOPPED_BY_SIGNAL] * (name in site.gpc_stops)
            detail = dot.join(text.in_(language) for text in told)
            yield Item(purpose.name.in_(language), detail, ground(purpose, language), f"#{purpose.clause}")
    if site.traits:
        given = _joined([policy.categories[name].wording for name in site.traits.values()], language)
        yield Item(words.FROM_ACCOUNT.in_(language), f"{given}{dot}{words.SEALED.in_(language)}")


def _recorded(policy: Policy, language: Language) -> Iterator[Recorded]:
    for event in policy.website.events.values():
        uses = [policy.purposes[name].name for name in event.purposes] or [words.FIGURES_ONLY]
        told = _told(event.properties, language)
        served = tuple(use.in_(language) for use in uses)
        yield Recorded(event.wording.in_(language), told[:1].upper() + told[1:], served)


def _told(properties: Mapping[str, Property], language: Language) -> str:
    told = [
        found.wording.in_(language) + (f" ({_told(found.items, language)})" if found.items else "")
        for found in properties.values()
    ]
    return words.COMMA.in_(language).join(told)


def _rights(policy: Policy, language: Language) -> Iterator[Item]:
    yield from (Item(text.in_(language)) for text in policy.rights.values())
    for place in policy.jurisdictions.values():
        days = place.limits["request_days"].value
        asked = words.days_to_answer(days).in_(language)
        detail = f"{asked}{words.DOT.in_(language)}{place.authority.name.in_(language)}"
        yield Item(place.name.in_(language), detail, url=place.authority.url)


def _evidence(policy: Policy, language: Language) -> Iterator[Item]:
    for found in policy.evidence.values():
        yield Item(found.wording.in_(language), found.retention.words().in_(language))


_LISTS: Mapping[str, tuple[Bilingual, Callable[[Policy, Language], Iterator[Item]]]] = MappingProxyType(
    {
        "C1": (words.LIST_SURVEYS, _surveys),
        "C2": (words.LIST_WEBSITE, _website),
        "C3": (words.LIST_CATEGORIES, _categories),
        "P2": (words.LIST_SAFEGUARDS, _safeguards),
        "P3": (words.LIST_RECIPIENTS, _recipients),
        "T1": (words.LIST_DESTINATIONS, _destinations),
        "N1": (words.LIST_AUTOMATIC, _automatic),
        "R5": (words.LIST_RIGHTS, _rights),
        "Y1": (words.LIST_EVIDENCE, _evidence),
    }
)
