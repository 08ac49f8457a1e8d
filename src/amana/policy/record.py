"""The record of processing (GDPR, art. 30): every purpose, what it uses, on which ground, for how long."""

from dataclasses import dataclass

from amana.kernel import sheets
from amana.kernel.text import Bilingual, Language
from amana.policy import website, words
from amana.policy.document import Policy
from amana.policy.queries import Published


@dataclass(frozen=True, slots=True)
class Row:
    """One purpose of the record, in one language."""

    clause: str
    purpose: str
    grounds: tuple[str, ...]
    categories: tuple[str, ...]
    sensitive: tuple[str, ...]
    website: tuple[str, ...]
    roles: tuple[str, ...]
    recipients: tuple[str, ...]
    retention: str


HEADINGS: tuple[Bilingual, ...] = (
    Bilingual(ar="البند", en="Clause"),
    Bilingual(ar="الغرض", en="Purpose"),
    Bilingual(ar="الأساس القانوني", en="Lawful basis"),
    Bilingual(ar="فئات المعلومات", en="Categories of data"),
    Bilingual(ar="الحساسة منها", en="Of these, sensitive"),
    Bilingual(ar="ما يسجّله الموقع", en="Recorded on the website"),
    Bilingual(ar="من يطّلع عليها", en="Who sees it"),
    Bilingual(ar="الجهات والبلدان والضمانات", en="Recipients, countries and safeguards"),
    Bilingual(ar="مدة الاستخدام", en="Used for at most"),
)


def headings(language: Language) -> tuple[str, ...]:
    """Return the headings of the record's columns."""
    return tuple(heading.in_(language) for heading in HEADINGS)


def record(published: Published, language: Language) -> tuple[Row, ...]:
    """Return the record of a published version: each purpose in the policy's order, then the site's figures."""
    policy = published.policy
    rows = tuple(_row(policy, name, language) for name in policy.purposes)
    return (*rows, _figures(policy, language)) if policy.website.events else rows


def as_csv(published: Published, language: Language) -> str:
    """Write the record as CSV (RFC 4180) with headings."""
    return sheets.as_csv([headings(language), *table(published, language)])


def table(published: Published, language: Language) -> tuple[tuple[str, ...], ...]:
    """Return the record's cells as text, row by row."""
    rows = record(published, language)
    return tuple(tuple(_cell(cell, language) for cell in _cells(row)) for row in rows)


def _row(policy: Policy, name: str, language: Language) -> Row:
    purpose = policy.purposes[name]

    def place(code: str) -> str:
        return policy.jurisdictions[code].name.in_(language)

    used = [policy.categories[name] for name in purpose.categories]
    return Row(
        clause=purpose.clause,
        purpose=purpose.name.in_(language),
        grounds=tuple(
            f"{place(code)}: {words.BASES[basis].in_(language)}" for code, basis in purpose.basis.items()
        ),
        categories=tuple(category.wording.in_(language) for category in used),
        sensitive=tuple(category.wording.in_(language) for category in used if category.sensitive),
        website=tuple(event.wording.in_(language) for event in website.events_for(policy.website, name)),
        roles=tuple(policy.roles[role].name.in_(language) for role in purpose.roles),
        recipients=tuple(_recipient(policy, recipient, language) for recipient in purpose.recipients),
        retention=purpose.retention.words().in_(language),
    )


def _figures(policy: Policy, language: Language) -> Row:
    served = [policy.purposes[name] for name in policy.purposes if website.events_for(policy.website, name)]
    recipients = dict.fromkeys(name for purpose in served for name in purpose.recipients if purpose.asks())
    return Row(
        clause="N1",
        purpose=words.WEBSITE_FIGURES.in_(language),
        grounds=(words.NO_IDENTITY.in_(language),),
        categories=tuple(item.wording.in_(language) for item in policy.automatic.items.values()),
        sensitive=(),
        website=tuple(event.wording.in_(language) for event in policy.website.events.values()),
        roles=(),
        recipients=tuple(_recipient(policy, name, language) for name in recipients),
        retention=policy.website.retention.words().in_(language),
    )


def _recipient(policy: Policy, name: str, language: Language) -> str:
    found = policy.recipients[name]
    where = words.country(found.country, language)
    return f"{found.name.in_(language)} ({where}{words.COMMA.in_(language)}{found.safeguard.in_(language)})"


def _cells(row: Row) -> tuple[str | tuple[str, ...], ...]:
    return (
        row.clause,
        row.purpose,
        row.grounds,
        row.categories,
        row.sensitive,
        row.website,
        row.roles,
        row.recipients,
        row.retention,
    )


def _cell(value: str | tuple[str, ...], language: Language) -> str:
    return value if isinstance(value, str) else words.SEMICOLON.in_(language).join(value)
