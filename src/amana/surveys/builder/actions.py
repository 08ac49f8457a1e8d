"""Create, change, publish, open and close surveys: each for a member of staff, what others will see recorded."""

import re
import secrets
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from django.db import IntegrityError, transaction

from amana.kernel import clock
from amana.kernel.refusal import Refusal
from amana.ledger import actions as ledger
from amana.policy import queries as policy
from amana.surveys.builder import queries, readiness, refusals
from amana.surveys.definition import parsing, writing
from amana.surveys.definition.document import Definition, Text
from amana.surveys.models import Placement, Revision, Survey, Version

SLUG: Final = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,58}[a-z0-9])?")
Change = Callable[[Definition], Definition]
# What is saved by itself within this time of the first is undone at once.
ONE_STEP: Final = timedelta(minutes=3)


@dataclass(frozen=True, slots=True)
class Saved:
    """What became of a change: the state it was saved on, the one that stands now, and whether a step leads back."""

    before: int
    number: int
    undo: bool


def create(*, staff: int, definition: Definition, slug: str = "") -> int:
    """Begin a survey and return its number. `slug` is its address. Raises Refusal survey_address_taken."""
    named = slug or _slug_of(definition.title.en)
    if not SLUG.fullmatch(named):
        raise Refusal.of(refusals.NAMED)
    at = clock.now()
    try:
        with transaction.atomic():
            made = Survey.objects.create(slug=named, revision=1, created_by=staff, created_at=at)
            _keep(made, definition, number=1, parent=0, staff=staff)
    except IntegrityError as error:
        raise Refusal.of(refusals.NAMED) from error
    return made.pk


def edit(
    *,
    staff: int,
    survey: int,
    change: Change,
    at: int | None,
    part: str | None = None,
    by_itself: bool = False,
) -> int:
    """Change a draft as `save` does and return the number of its state. Raises as `save` does."""
    made = save(staff=staff, survey=survey, change=change, at=at, part=part, by_itself=by_itself)
    return made.number


def save(
    *,
    staff: int,
    survey: int,
    change: Change,
    at: int | None,
    part: str | None = None,
    by_itself: bool = False,
) -> Saved:
    """Change a draft and return what became of it. `at` is the state that `change` was made on.

    Where a colleague changed another part meanwhile, both changes are kept; where they changed the same one, nothing
    is. Without `at` it is done on whatever stands. A change that changes nothing makes no state. What is saved
    `by_itself` of one part by one person makes one step for undo, which the next save of that `part` ends.
    Raises Changed, Refusal survey_part_gone, survey_unknown.
    """
    with transaction.atomic():
        row = _locked(survey)
        newest = _revision(row, row.revision)
        stands = parsing.parse(newest.definition)
        made = change(stands)
        if at is not None and at != row.revision:
            _refuse_overlap(row, at, stands, made, change)
        if made == stands:
            return Saved(row.revision, row.revision, undo=newest.parent > 0)
        number, open_step = _next(row), _open_step(newest, staff, part)
        parent = open_step.parent if open_step else row.revision
        # What is written is what can be read again.
        kept = _keep(row, parsing.parse(writing.write(made)), number=number, parent=parent, staff=staff)
        if open_step or by_itself:
            Revision.objects.filter(pk=kept.pk).update(
                part=part if by_itself else None,
                begun_at=open_step.begun_at if open_step else kept.made_at,
            )
        _stand(row, number)
    return Saved(row.revision, number, undo=parent > 0)


def undo(*, survey: int, at: int) -> int:
    """Go back to the state before. Raises Changed when `at` no longer stands, Refusal survey_no_step."""
    return _step(survey, at, lambda row: _revision(row, row.revision).parent)


def redo(*, survey: int, at: int) -> int:
    """Go to the state undone last. Raises Changed when `at` no longer stands, Refusal survey_no_step."""

    def after(row: Survey) -> int:
        found = Revision.objects.filter(survey=row, parent=row.revision).order_by("-number").first()
        return found.number if found else 0

    return _step(survey, at, after)


def restore(*, staff: int, survey: int, number: int) -> int:
    """Make an earlier state the newest one. Raises Refusal survey_version_missing."""
    found = queries.get_step(survey, number).definition
    return edit(staff=staff, survey=survey, change=lambda _: found, at=None)


def copy(*, staff: int, survey: int, suffix: Text) -> int:
    """Begin a new survey with the draft of another; `suffix` is added to its title. Raises Refusal."""
    found = queries.get_draft(survey)
    title = Text(
        ar=f"{found.definition.title.ar} {suffix.ar}".strip(),
        en=f"{found.definition.title.en} {suffix.en}".strip(),
    )
    return create(
        staff=staff,
        definition=_with_title(found.definition, title),
        slug=f"{found.slug[:50].rstrip('-')}-{secrets.token_hex(2)}",
    )


def publish(*, staff: int, survey: int, at: int) -> int:
    """Publish the draft as the next version and return the version's row. What others answer from now on.

    Raises Changed when `at` no longer stands, Refusal survey_incomplete, survey_unchanged, policy_not_published.
    """
    with transaction.atomic():
        row = _locked(survey)
        _refuse_moved(row, at)
        definition = _state(row, row.revision)
        before = queries.latest(survey)
        digest = writing.fingerprint(definition)
        if before is not None and before.hash == digest:
            raise Refusal.of(refusals.SAME)
        if not readiness.ready(definition):
            raise Refusal.of(refusals.INCOMPLETE)
        made = Version.objects.create(
            survey=row,
            number=before.number + 1 if before else 1,
            definition=writing.write(definition),
            hash=digest,
            policy=policy.current().version.number,
            published_by=staff,
            published_at=clock.now(),
        )
        _note("surveys.published", row, staff, version=made.number, hash=digest, policy=made.policy)
    return made.pk


def place(*, staff: int, survey: int, shop: int | None, ways: Collection[str]) -> None:
    """Open a survey in a shop, or everywhere without one, by these ways and no others; none shuts it there.

    Raises Refusal survey_not_published, survey_closed, survey_way_unknown.
    """
    wanted = [way for way in queries.WAYS if way in ways]
    if len(wanted) != len(set(ways)):
        raise Refusal.of(refusals.WAYS)
    with transaction.atomic():
        row = _locked(survey)
        _refuse_unopenable(row)
        standing = Placement.objects.filter(survey=row, shop=shop, closed_at=None).first()
        if standing is not None and standing.ways == wanted:
            return
        if standing is not None:
            Placement.objects.filter(pk=standing.pk).update(closed_at=clock.now())
        Placement.objects.create(survey=row, shop=shop, ways=wanted, opened_at=clock.now())
        _note("surveys.placed", row, staff, shop=shop, ways=wanted)


def unplace(*, staff: int, survey: int, shop: int) -> None:
    """Take a shop's own line away, so that what holds everywhere holds there too."""
    with transaction.atomic():
        row = _locked(survey)
        ended = Placement.objects.filter(survey=row, shop=shop, closed_at=None).update(closed_at=clock.now())
        if ended:
            _note("surveys.placed", row, staff, shop=shop, ways=None)


def close(*, staff: int, survey: int) -> None:
    """Close a survey everywhere; its answers and versions stay. Raises Refusal survey_closed."""
    with transaction.atomic():
        row = _locked(survey)
        if row.closed_at is not None:
            raise Refusal.of(refusals.CLOSED)
        Survey.objects.filter(pk=row.pk).update(closed_at=clock.now())
        _note("surveys.closed", row, staff)


def reopen(*, staff: int, survey: int) -> None:
    """Open a closed survey again where it was open."""
    with transaction.atomic():
        row = _locked(survey)
        if Survey.objects.filter(pk=row.pk, closed_at__isnull=False).update(closed_at=None):
            _note("surveys.reopened", row, staff)


def delete(*, survey: int) -> None:
    """Delete a survey that was never published. Raises Refusal survey_version_kept."""
    with transaction.atomic():
        row = _locked(survey)
        if Version.objects.filter(survey=row).exists():
            raise Refusal.of(refusals.KEPT)
        row.delete()


def _step(survey: int, at: int, target: Callable[[Survey], int]) -> int:
    with transaction.atomic():
        row = _locked(survey)
        _refuse_moved(row, at)
        number = target(row)
        if not number:
            raise Refusal.of(refusals.NO_STEP)
        _stand(row, number)
    return number


def _refuse_overlap(row: Survey, at: int, stands: Definition, made: Definition, change: Change) -> None:
    """Refuse a change whose part a colleague changed too: done on either state, it must do the same and no more."""
    base = _state(row, at)
    if base == stands:
        return
    overlaps = _parts(base, change(base)) & _parts(base, stands)
    if overlaps and made != stands:
        raise refusals.Changed(_revision(row, row.revision).made_by)


def _parts(before: Definition, after: Definition) -> set[str]:
    """Return the names of what differs: each question by its name, a section and the rest apart from its questions."""
    old, new = _split(before), _split(after)
    return {name for name in old.keys() | new.keys() if old.get(name) != new.get(name)}


def _split(definition: Definition) -> dict[str, object]:
    found: dict[str, object] = {
        name: getattr(definition, name)
        for name in ("title", "intro", "thanks", "keeps_unfinished", "alert", "quotas")
    }
    found["order"] = [section.name for section in definition.sections]
    for section in definition.sections:
        found[f"section {section.name}"] = (section.title, section.relevant, section.shuffled)
        found |= {f"question {question.name}": question for question in section.questions}
    return found


def _refuse_moved(row: Survey, at: int) -> None:
    if at != row.revision:
        raise refusals.Changed(_revision(row, row.revision).made_by)


def _refuse_unopenable(row: Survey) -> None:
    if row.closed_at is not None:
        raise Refusal.of(refusals.CLOSED)
    if not Version.objects.filter(survey=row).exists():
        raise Refusal.of(refusals.UNPUBLISHED)


def _locked(survey: int) -> Survey:
    row = Survey.objects.select_for_update().filter(pk=survey).first()
    if row is None:
        raise Refusal.of(refusals.UNKNOWN)
    return row


def _revision(row: Survey, number: int) -> Revision:
    found = Revision.objects.filter(survey=row, number=number).first()
    if found is None:
        raise Refusal.of(refusals.VERSION)
    return found


def _open_step(stands: Revision, staff: int, part: str | None) -> Revision | None:
    """Return the state that stands if it was saved by itself, of the same part by the same person, not long ago."""
    if part is None or stands.begun_at is None or (stands.part, stands.made_by) != (part, staff):
        return None
    # What was undone leads here again, so that it stays a state of its own.
    led_on = Revision.objects.filter(survey=stands.survey_id, parent=stands.number).exists()
    return None if led_on or clock.now() - stands.begun_at > ONE_STEP else stands


def _state(row: Survey, number: int) -> Definition:
    return parsing.parse(_revision(row, number).definition)


def _next(row: Survey) -> int:
    newest = Revision.objects.filter(survey=row).order_by("-number").values_list("number", flat=True).first()
    return (newest or 0) + 1


def _keep(row: Survey, definition: Definition, *, number: int, parent: int, staff: int) -> Revision:
    return Revision.objects.create(
        survey=row,
        number=number,
        parent=parent,
        definition=writing.write(definition),
        made_by=staff,
        made_at=clock.now(),
    )


def _stand(row: Survey, number: int) -> None:
    Survey.objects.filter(pk=row.pk).update(revision=number)


def _note(event: str, row: Survey, staff: int, **more: object) -> None:
    ledger.note(event=event, payload={"survey": row.pk, "slug": row.slug, "staff": staff, **more})


def _with_title(definition: Definition, title: Text) -> Definition:
    return parsing.parse(writing.write(definition) | {"title": writing.written(title)})


def _slug_of(title: str) -> str:
    """Return an address made of a title's Latin letters, never one that is taken by chance."""
    words = re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")[:40].rstrip("-") or "survey"
    return f"{words}-{secrets.token_hex(2)}" if Survey.objects.filter(slug=words).exists() else words
