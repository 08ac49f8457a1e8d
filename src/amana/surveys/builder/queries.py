"""Read drafts, published versions, and where they are open."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Final

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery

from amana.kernel.refusal import Refusal
from amana.kernel.text import Bilingual
from amana.policy import queries as policy
from amana.policy.document import Policy
from amana.surveys.builder import refusals
from amana.surveys.definition import compiling, parsing
from amana.surveys.definition.compiling import Form
from amana.surveys.definition.document import Definition
from amana.surveys.models import Placement, Revision, Version

SOURCE: Final = "survey"
WAYS: Final = ("tablet", "qr", "web", "link")


@dataclass(frozen=True, slots=True)
class PublishedVersion:
    """One published version. `form` is what runners walk, still without a country and the policy's words."""

    id: int
    survey: int
    slug: str
    number: int
    definition: Definition
    form: Form
    hash: str
    policy: int
    published_by: int
    published_at: datetime

    @property
    def title(self) -> Bilingual:
        """Return what the survey is called."""
        return Bilingual(self.definition.title.ar, self.definition.title.en)


@dataclass(frozen=True, slots=True)
class Draft:
    """What is being written. `revision` is the state that stands; `undo` and `redo` are where a step leads, if any."""

    id: int
    slug: str
    definition: Definition
    revision: int
    undo: int | None
    redo: int | None
    changed_by: int
    changed_at: datetime
    created_by: int
    created_at: datetime
    closed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Step:
    """One state of a draft in its history."""

    number: int
    parent: int
    definition: Definition
    made_by: int
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Place:
    """Where a survey is open now; without a shop, everywhere that has no line of its own."""

    shop: int | None
    ways: tuple[str, ...]
    opened_at: datetime


def get_draft(survey: int) -> Draft:
    """Return the draft of a survey. Raises Refusal survey_unknown."""
    row = _standing().filter(survey=survey).first()
    if row is None:
        raise Refusal.of(refusals.UNKNOWN)
    return _draft(row)


def drafts() -> tuple[Draft, ...]:
    """Return every survey's draft, the one changed last first, by one query."""
    return tuple(_draft(row) for row in _standing().order_by("-made_at", "survey"))


def history(survey: int, *, most: int = 200) -> tuple[Step, ...]:
    """Return the steps of a draft, the newest first, at most so many; of one saved by itself its last state."""
    later = Revision.objects.filter(
        survey=survey,
        begun_at=OuterRef("begun_at"),
        made_by=OuterRef("made_by"),
        parent=OuterRef("parent"),
        number__gt=OuterRef("number"),
    )
    rows = Revision.objects.filter(~Exists(later), survey=survey).order_by("-number")[:most]
    return tuple(
        Step(row.number, row.parent, parsing.parse(row.definition), row.made_by, row.made_at) for row in rows
    )


def get_step(survey: int, number: int) -> Step:
    """Return one state of a draft. Raises Refusal survey_version_missing."""
    row = Revision.objects.filter(survey=survey, number=number).first()
    if row is None:
        raise Refusal.of(refusals.VERSION)
    return Step(row.number, row.parent, parsing.parse(row.definition), row.made_by, row.made_at)


def get_version(number: int) -> PublishedVersion:
    """Return a published version by its row, read once in this process. Raises Refusal survey_version_missing."""
    return _only(Version.objects.filter(pk=number).values_list("pk", "hash"))


def find_published(slug: str, number: int) -> PublishedVersion | None:
    """Return a version by its survey's address and its number, or None."""
    found = Version.objects.filter(survey__slug=slug, number=number).values_list("pk", "hash").first()
    return _read(*found) if found else None


def published(keys: Collection[tuple[str, int]]) -> Mapping[tuple[str, int], PublishedVersion]:
    """Return many versions by their surveys' addresses and their numbers, by one query."""
    rows = Version.objects.filter(survey__slug__in={slug for slug, _ in keys}).values_list(
        "survey__slug", "number", "pk", "hash"
    )
    return {(slug, number): _read(pk, digest) for slug, number, pk, digest in rows if (slug, number) in keys}


def versions(survey: int) -> tuple[PublishedVersion, ...]:
    """Return every published version of a survey, the newest first."""
    rows = Version.objects.filter(survey=survey).order_by("-number").values_list("pk", "hash")
    return tuple(_read(*row) for row in rows)


def latest(survey: int) -> PublishedVersion | None:
    """Return the newest published version of a survey, or None."""
    row = Version.objects.filter(survey=survey).order_by("-number").values_list("pk", "hash").first()
    return _read(*row) if row else None


def find_latest(slug: str) -> PublishedVersion | None:
    """Return the newest published version of a survey by its address, or None."""
    rows = Version.objects.filter(survey__slug=slug).order_by("-number").values_list("pk", "hash")
    found = rows.first()
    return _read(*found) if found else None


def newest() -> Mapping[int, tuple[int, str]]:
    """Return number and hash of the newest published version of every survey that has one, by one query."""
    rows = Version.objects.order_by("survey", "-number").distinct("survey")
    return {
        survey: (number, digest) for survey, number, digest in rows.values_list("survey", "number", "hash")
    }


def placed() -> frozenset[int]:
    """Return which surveys have a place where they are open by some way, by one query."""
    rows = Placement.objects.filter(closed_at=None).exclude(ways=[])
    return frozenset(rows.values_list("survey", flat=True))


def places(survey: int) -> tuple[Place, ...]:
    """Return where a survey is open now, everywhere first."""
    rows = Placement.objects.filter(survey=survey, closed_at=None).order_by("shop")
    found = [Place(row.shop, tuple(row.ways), row.opened_at) for row in rows]
    return tuple(sorted(found, key=lambda place: place.shop or 0))


def open_for(shop: int | None, way: str) -> tuple[PublishedVersion, ...]:
    """Return the newest versions of the surveys open in a shop by one way, the oldest survey first.

    A shop's own line counts before the one for everywhere. Without a shop, only the line for everywhere counts.
    """
    rows = Placement.objects.filter(
        Q(shop=None) | Q(shop=shop), closed_at=None, survey__closed_at=None
    ).values_list("survey", "shop", "ways")
    ways: dict[int, tuple[bool, list[str]]] = {}
    for survey, place, allowed in rows:
        own = place is not None
        if survey not in ways or own:
            ways[survey] = (own, allowed)
    opened = [survey for survey, (_, allowed) in ways.items() if way in allowed]
    newest = Version.objects.filter(survey=OuterRef("survey")).order_by("-number").values("pk")[:1]
    found = Version.objects.filter(survey__in=opened, pk=Subquery(newest)).order_by("survey")
    return tuple(_read(*row) for row in found.values_list("pk", "hash"))


def find_open(slug: str, shop: int | None, way: str) -> PublishedVersion | None:
    """Return the newest version of one survey if it is open in a shop by one way."""
    return next((each for each in open_for(shop, way) if each.slug == slug), None)


def form_for(version: PublishedVersion, *, country: str, jurisdiction: str) -> Form:
    """Return a version's form with the words of the running policy for one place. Raises policy_not_published.

    Treat it as read only: it is shared by whoever asks.
    """
    running = policy.current().version
    return _placed(version.id, version.hash, running.number, running.hash, country, jurisdiction)


def trial_form(draft: Draft, *, country: str, jurisdiction: str) -> Form:
    """Return a draft's form as it would be asked now, for trying it. Raises LogicProblem, policy_not_published."""
    form = compiling.compile(draft.definition, survey=draft.slug, version=0)
    return _with_policy(form, country, jurisdiction)


def fields_of(text: Policy) -> dict[str, dict[str, str]]:
    """Return what a policy lists for surveys, with its wording."""
    return {
        name: {"ar": category.wording.ar, "en": category.wording.en}
        for name, category in text.categories.items()
        if SOURCE in category.sources
    }


def _standing() -> QuerySet[Revision]:
    """Return the states that stand, each with its survey and with the one undone last that was made from it."""
    undone = Revision.objects.filter(survey=OuterRef("survey"), parent=OuterRef("number")).order_by("-number")
    rows = Revision.objects.filter(number=F("survey__revision")).select_related("survey")
    return rows.annotate(redo=Subquery(undone.values("number")[:1]))


def _draft(row: Revision) -> Draft:
    return Draft(
        id=row.survey.pk,
        slug=row.survey.slug,
        definition=parsing.parse(row.definition),
        revision=row.number,
        undo=row.parent or None,
        redo=row.redo,  # type: ignore[attr-defined]
        changed_by=row.made_by,
        changed_at=row.made_at,
        created_by=row.survey.created_by,
        created_at=row.survey.created_at,
        closed_at=row.survey.closed_at,
    )


def _only(rows: object) -> PublishedVersion:
    for number, digest in rows:  # type: ignore[attr-defined]
        return _read(number, digest)
    raise Refusal.of(refusals.VERSION)


# A version's row and hash stand for one text for ever, so what was read once needs no second look.
@lru_cache(maxsize=256)
def _read(number: int, digest: str) -> PublishedVersion:
    row = Version.objects.select_related("survey").get(pk=number, hash=digest)
    definition = parsing.parse(row.definition)
    return PublishedVersion(
        id=row.pk,
        survey=row.survey_id,
        slug=row.survey.slug,
        number=row.number,
        definition=definition,
        form=compiling.compile(definition, survey=row.survey.slug, version=row.number),
        hash=row.hash,
        policy=row.policy,
        published_by=row.published_by,
        published_at=row.published_at,
    )


@lru_cache(maxsize=256)
def _placed(
    version: int, digest: str, _policy: int, _policy_hash: bytes, country: str, jurisdiction: str
) -> Form:
    return _with_policy(_read(version, digest).form, country, jurisdiction)


def _with_policy(form: Form, country: str, jurisdiction: str) -> Form:
    consents = [
        {
            "purpose": arabic.purpose,
            "channel": arabic.channel,
            "text": {"ar": arabic.text, "en": english.text},
            "detail": {"ar": arabic.detail, "en": english.detail},
        }
        for arabic, english in zip(
            policy.consents("ar", jurisdiction), policy.consents("en", jurisdiction), strict=True
        )
    ]
    return compiling.placed(
        form,
        policy=policy.current().version.number,
        country=country,
        consents=consents,
        fields=fields_of(policy.current().policy),
    )
