"""Judge a submission by the survey's own rules and by both policies: the one that was shown and the one that runs."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from amana.retailer.queries import Shop
from amana.surveys.builder.queries import SOURCE, PublishedVersion
from amana.surveys.definition.compiling import Form
from amana.surveys.intake import kinds
from amana.surveys.intake.bearings import Bearings, Pair, Tablet
from amana.surveys.intake.opinions import OPINION
from amana.surveys.intake.refusals import AnswerRefused, DeviceRefused
from amana.surveys.intake.submission import Submission
from amana.surveys.intake.telling import Teller, Told
from amana.surveys.logic import flow
from amana.surveys.photo import PHOTO
from amana.surveys.taken import Answer
from amana.surveys.taking import codes

# A clock is not corrected for less than it takes to send an answer.
LEAST_SKEW_MS: Final = 60_000


class Moment(NamedTuple):
    """When something was answered. `sure` tells whether a clock said so, or it is only the nearest that can be."""

    at: dt.datetime
    sure: bool


@dataclass(frozen=True, slots=True)
class Judged:
    """A submission that may be taken in. `left_out` names what the running policy no longer lists or cannot be read.

    `photo` names the question its photo answers; `doubted` says that this does not look like a receipt.
    """

    submission: Submission
    version: PublishedVersion
    shop: Shop | None
    place: Shop
    device: UUID | None
    answered_at: dt.datetime
    received_at: dt.datetime
    answers: Mapping[str, Answer]
    words: tuple[str, ...]
    values: Mapping[str, str]
    wishes: tuple[Pair, ...]
    code: bytes | None
    left_out: tuple[str, ...]
    photo: str
    doubted: bool


def judge(
    submission: Submission,
    by: Bearings,
    *,
    device: UUID | None,
    received_at: dt.datetime,
    strictly: bool = False,
) -> Judged:
    """Judge one submission. `strictly` refuses what cannot be read of a person instead of leaving it out.

    Raises AnswerRefused, DeviceRefused, and the kernel's refusals of addresses and dates where `strictly`.
    """
    version = by.versions.get((submission.survey, submission.version))
    if version is None:
        raise AnswerRefused.of("survey_version_unknown")
    shop = _shop(submission, by)
    place = shop or by.home
    moment = _moment(submission, version, by, device, received_at)
    answered_at = moment.at
    _check_sender(submission, version, shop, by, device, moment)
    form = by.form(version, submission.policy, place)
    asked = {each["name"]: each for section in form["sections"] for each in section["questions"]}
    today = answered_at.astimezone(ZoneInfo(place.timezone)).date()
    kept = _kept(submission, version, form, asked, today)
    told = Teller(place.country, today).tell(asked, kept)
    if strictly:
        for refusal in told.unread.values():
            raise refusal
    values, wishes, left_out = _listed(
        told, _wished(submission, kept, asked, by.pairs(submission.policy, place)), by, place
    )
    return Judged(
        submission=submission, version=version, shop=shop, place=place, device=device,
        answered_at=answered_at, received_at=received_at,
        answers=told.open, words=tuple(told.words) if OPINION in values else (), values=values, wishes=wishes,
        code=_code(submission), left_out=left_out, photo=told.photo if PHOTO in values else "", doubted=told.doubted,
    )  # fmt: skip


def _shop(submission: Submission, by: Bearings) -> Shop | None:
    if submission.shop is None:
        return None
    found = by.shops.get(submission.shop)
    if found is None:
        raise AnswerRefused.of("survey_shop_unknown")
    return found


def _check_sender(
    submission: Submission, version: PublishedVersion, shop: Shop | None, by: Bearings, device: UUID | None,
    moment: Moment,
) -> None:  # fmt: skip
    """Refuse what a tablet may not send, or nobody may send from here. Raises AnswerRefused, DeviceRefused."""
    if device is None:
        _check_open(submission, version, shop, by)
        return
    tablet = by.tablets.get(device)
    if tablet is None:
        raise DeviceRefused.of("device_unknown")
    if tablet.revoked:
        raise DeviceRefused.of("device_revoked")
    if submission.way != "tablet" or shop is None or not _was_in(tablet, shop, moment, by):
        raise DeviceRefused.of("device_elsewhere")
    ended = by.ended(submission.policy)
    if ended is not None and moment.at > by.running.policy.surveys.stale_after.after(ended):
        raise AnswerRefused.of("answer_policy_stale")


def _was_in(tablet: Tablet, shop: Shop, moment: Moment, by: Bearings) -> bool:
    """Tell whether a tablet may have been answered in a shop, as it says: it knows of none but from us.

    A tablet that was moved asks for the shop before until it connects, so long at most as it may without hearing of
    the policy. Where no clock tells when it was answered, time rules nothing out.
    """
    if shop.id == tablet.shop:
        return True
    left = tablet.left.get(shop.id)
    if left is None:
        return False
    return not moment.sure or moment.at <= by.running.policy.surveys.stale_after.after(left)


def _check_open(submission: Submission, version: PublishedVersion, shop: Shop | None, by: Bearings) -> None:
    if submission.way == "tablet":
        raise DeviceRefused.of("device_unsigned")
    everywhere = (version.survey, None, submission.way)
    if everywhere not in by.open and (
        shop is None or (version.survey, shop.id, submission.way) not in by.open
    ):
        raise AnswerRefused.of("survey_not_open")


def _moment(
    submission: Submission, version: PublishedVersion, by: Bearings, device: UUID | None, received_at: dt.datetime
) -> Moment:  # fmt: skip
    """Return when it was answered: by the corrected clock if that is believable, and within what can be."""
    said = dt.datetime(1970, 1, 1, tzinfo=dt.UTC) + dt.timedelta(milliseconds=submission.answered)
    tablet = by.tablets.get(device) if device else None
    tried = [said]
    if tablet is not None and tablet.skew_ms is not None and abs(tablet.skew_ms) > LEAST_SKEW_MS:
        tried.insert(0, said - dt.timedelta(milliseconds=tablet.skew_ms))
    first = version.published_at
    believable = [moment for moment in tried if first <= moment <= received_at]
    if believable:
        return Moment(believable[0], sure=True)
    return Moment(min(max(tried[0], first), received_at), sure=False)


def _kept(
    submission: Submission, version: PublishedVersion, form: Form, asked: Mapping[str, Any], today: dt.date
) -> Mapping[str, Answer]:
    """Return the answers to what was asked, each of its kind. Raises AnswerRefused."""
    unknown = submission.answers.keys() - asked.keys()
    if unknown:
        raise AnswerRefused.of("answer_not_asked")
    given = {
        name: kinds.check(asked[name], answer, form["options"])
        for name, answer in submission.answers.items()
        if flow.answered(answer)
    }
    walked = flow.flow(form, given, today=today, seed=str(submission.id))
    if walked.broken:
        raise AnswerRefused.of("answer_broken")
    if submission.unfinished:
        if not (submission.unfinished_agreed and version.definition.keeps_unfinished):
            raise AnswerRefused.of("unfinished_not_agreed")
    elif walked.missing:
        raise AnswerRefused.of("answer_missing")
    return walked.kept


def _wished(
    submission: Submission, kept: Mapping[str, Answer], asked: Mapping[str, Any], known: frozenset[Pair]
) -> Sequence[Pair]:
    """Return what was allowed, each once; nothing that the version shown never asked. Raises AnswerRefused."""
    ticked = [
        (asked[name]["purpose"], asked[name].get("channel"))
        for name in kept
        if asked[name]["kind"] == "consent"
    ]
    listed = [_pair(permission) for permission in submission.permissions]
    wished = list(dict.fromkeys([*ticked, *listed]))
    if not set(wished) <= known:
        raise AnswerRefused.of("answer_not_asked")
    return [] if submission.unfinished else wished


def _pair(permission: str) -> Pair:
    purpose, _, channel = permission.partition(":")
    return purpose, channel or None


def _listed(
    told: Told, wished: Sequence[Pair], by: Bearings, place: Shop
) -> tuple[Mapping[str, str], tuple[Pair, ...], tuple[str, ...]]:
    """Return the values and wishes that the running policy still lists, and the names of what it does not."""
    categories = by.running.policy.categories
    values = {
        name: text
        for name, text in told.values.items()
        if name in categories and SOURCE in categories[name].sources
    }
    stand = by.pairs(by.running.version.number, place)
    out = [
        *(f"unread:{name}" for name in told.unread),
        *(f"category:{name}" for name in told.values if name not in values),
        *(
            f"consent:{purpose}:{channel or ''}"
            for purpose, channel in wished
            if (purpose, channel) not in stand
        ),
    ]
    return values, tuple(pair for pair in wished if pair in stand), tuple(sorted(out))


def _code(submission: Submission) -> bytes | None:
    if submission.code is None:
        return None
    read = codes.read(submission.code)
    if read is None:
        raise AnswerRefused.of("answer_malformed")
    return codes.digest(read)
