"""The record of processing (GDPR, art. 30): every purpose, what it uses, on which ground, for how long."""

import csv
import io
from dataclasses import dataclass

from amana.kernel.text import Bilingual, Language
from amana.policy import words
from amana.policy.document import Policy, Purpose
from amana.policy.queries import Published


@dataclass(frozen=True, slots=True)
class Row:
    """One purpose of the record, in one language."""

    clause: str
    purpose: str
    grounds: tuple[str, ...]
    categories: tuple[str, ...]
    sensitive: tuple[str, ...]
    roles: tuple[str, ...]
    recipients: tuple[str, ...]
    retention: str


HEADINGS: tuple[Bilingual, ...] = (
    Bilingual(ar="البند", en="Clause"),
    Bilingual(ar="الغرض", en="Purpose"),
    Bilingual(ar="الأساس القانوني", en="Lawful basis"),
    Bilingual(ar="فئات المعلومات", en="Categories of data"),
    Bilingual(ar="الحساسة منها", en="Of these, sensitive"),
    Bilingual(ar="من يطّلع عليها", en="Who sees it"),
    Bilingual(ar="الجهات والبلدان والضمانات", en="Recipients, countries and safeguards"),
    Bilingual(ar="مدة الاستخدام", en="Used for at most"),
)


def headings(language: Language) -> tuple[str, ...]:
    """Return the headings of the record's columns."""
    return tuple(heading.in_(language) for heading in HEADINGS)


def record(published: Published, language: Language) -> tuple[Row, ...]:
    """Return the record of processing of a published version, in the policy's order."""
    return tuple(_row(published.policy, purpose, language) for purpose in published.policy.purposes.values())


def as_csv(published: Published, language: Language) -> str:
    """Write the record as CSV (RFC 4180) with headings."""
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow(headings(language))
    writer.writerows(table(published, language))
    return file.getvalue()


def table(published: Published, language: Language) -> tuple[tuple[str, ...], ...]:
    """Return the record's cells as text, row by row."""
    rows = record(published, language)
    return tuple(tuple(_cell(cell, language) for cell in _cells(row)) for row in rows)


def _row(policy: Policy, purpose: Purpose, language: Language) -> Row:
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
        roles=tuple(policy.roles[name].name.in_(language) for name in purpose.roles),
        recipients=tuple(_recipient(policy, name, language) for name in purpose.recipients),
        retention=purpose.retention.words().in_(language),
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
        row.roles,
        row.recipients,
        row.retention,
    )


def _cell(value: str | tuple[str, ...], language: Language) -> str:
    return value if isinstance(value, str) else words.SEMICOLON.in_(language).join(value)
