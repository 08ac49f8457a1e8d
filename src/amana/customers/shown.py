"""What people's own pages show, in the reader's language and the policy's words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from django.utils.translation import gettext

from amana.gate.queries import Standing, Use
from amana.kernel import clock, dates
from amana.kernel.text import Bilingual, Language
from amana.policy.document import Policy
from amana.policy.queries import Wording


@dataclass(frozen=True, slots=True)
class Choice:
    """One purpose and channel a person may allow or not."""

    id: str
    purpose: str
    channel: str
    text: str
    detail: str
    on: bool
    state: str
    since: str


@dataclass(frozen=True, slots=True)
class Group:
    """One purpose with its choices."""

    id: str
    name: str
    answer: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class UseRow:
    """One use of somebody's data, or one look-up that found them, said to them; a look-up has no task."""

    purpose: str
    what: str
    who: str
    task: str
    recipient: str
    date: str
    time: str


@dataclass(frozen=True, slots=True)
class Reader:
    """Whom a page is made for: a language, and the country whose calendar and digits they read."""

    language: Language
    country: str

    def day(self, at: datetime) -> str:
        """Write a day in both calendars."""
        local = at.astimezone(clock.zone(self.country)).date()
        return dates.both_dates(local, country=self.country, language=self.language)

    def time(self, at: datetime) -> str:
        """Write a time of day."""
        return dates.time_of_day(at, country=self.country, language=self.language)

    def joined(self, names: Iterable[str]) -> str:
        """Write a list."""
        return ("، " if self.language == "ar" else ", ").join(names)


def reader(policy: Policy, *, jurisdiction: str, language: Language) -> Reader:
    """Return the reader of a place; where a place has many countries, the retailer's own stands for it."""
    try:
        clock.zone(jurisdiction)
    except LookupError:
        return Reader(language, policy.controller.country)
    return Reader(language, jurisdiction)


def groups(
    asked: Sequence[Wording], standing: Sequence[Standing], policy: Policy, who: Reader
) -> tuple[Group, ...]:
    """Put what may be allowed beside what was decided."""
    decided = {(stands.purpose, stands.channel): stands for stands in standing}
    return tuple(
        Group(
            id=name,
            name=policy.purposes[name].name.in_(who.language),
            answer=policy.purposes[name].answer.in_(who.language),
            choices=tuple(_choice(one, decided.get((name, one.channel)), who) for one in wordings),
        )
        for name, wordings in groupby(asked, key=lambda wording: wording.purpose)
    )


def _choice(asked: Wording, stands: Standing | None, who: Reader) -> Choice:
    return Choice(
        id=f"{asked.purpose}-{asked.channel or 'all'}",
        purpose=asked.purpose,
        channel=asked.channel or "",
        text=asked.text,
        detail=asked.detail,
        on=stands is not None and stands.given,
        state=_state(stands),
        since=who.day(stands.decided_at) if stands else "",
    )


def _state(stands: Standing | None) -> str:
    if stands is None:
        return gettext("Off; you never switched it on")
    if stands.objected:
        return gettext("Off; you objected")
    return gettext("On") if stands.given else gettext("Off")


def use_rows(uses: Iterable[Use], policy: Policy, who: Reader) -> tuple[UseRow, ...]:
    """Say each use in the notice's own words."""
    return tuple(_use(use, policy, who) for use in uses)


def _use(use: Use, policy: Policy, who: Reader) -> UseRow:
    language = who.language
    purpose, role = policy.purposes.get(use.purpose), policy.roles.get(use.role)
    recipient = policy.recipients.get(use.recipient)
    return UseRow(
        purpose=_named(purpose.name if purpose else None, use.purpose, language),
        what=_what(use, policy, who),
        who=_named(role.name if role else None, use.role, language),
        task=_named(policy.tasks.get(use.task), use.task, language) if use.task else "",
        recipient=_named(recipient.name if recipient else None, use.recipient, language),
        date=who.day(use.at),
        time=who.time(use.at),
    )


def _what(use: Use, policy: Policy, who: Reader) -> str:
    categories = policy.categories
    fields = who.joined(
        _named(categories[name].wording if name in categories else None, name, who.language)
        for name in use.fields
    )
    if use.task is not None:
        return fields
    if use.fields == ("email",):
        return gettext("Looked you up by your e-mail address")
    return gettext("Looked you up by this: %(field)s") % {"field": fields}


def _named(words: Bilingual | None, otherwise: str, language: Language) -> str:
    """Return the notice's words; a name that a later policy dropped stands for itself."""
    return words.in_(language) if words else otherwise
