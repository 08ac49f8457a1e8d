"""Tell whether a survey may be published: complete in both languages, and asking only what the policy lists."""

from dataclasses import dataclass

from amana.kernel.text import Bilingual, Language
from amana.policy import queries as policy
from amana.policy.document import Category, Policy
from amana.policy.queries import Wording
from amana.surveys.builder.queries import SOURCE
from amana.surveys.definition import checking
from amana.surveys.definition.document import Definition, Question
from amana.surveys.definition.problems import Problem

_UNLISTED = Bilingual(
    ar="لا تُدرج سياسة الخصوصية السارية «{}» ضمن ما يُطلب في الاستبيانات، فلا يمكن السؤال عنه.",
    en="The privacy policy in force does not list “{}” for surveys, so it cannot be asked for.",
)
_NO_CONSENT = Bilingual(
    ar="لا تطلب سياسة الخصوصية السارية موافقة لهذا الغرض بهذه الوسيلة.",
    en="The privacy policy in force asks for no consent to this purpose by this means.",
)


@dataclass(frozen=True, slots=True)
class Asked:
    """One category of the policy that a survey asks for: by which questions, and what the policy says of it."""

    name: str
    wording: Bilingual | None
    sensitive: bool
    sealed: bool
    listed: bool
    retention: str
    questions: tuple[str, ...]


def ready(definition: Definition) -> bool:
    """Tell whether nothing keeps a survey from being published. Raises policy_not_published."""
    return not checking.stops(problems(definition))


def problems(definition: Definition) -> tuple[Problem, ...]:
    """Return everything a survey lacks, by itself and under the running policy. Raises policy_not_published."""
    text = policy.current().policy
    return (*checking.check(definition), *unlisted(definition, text))


def unlisted(definition: Definition, text: Policy) -> tuple[Problem, ...]:
    """Return what a survey asks that a policy does not list for surveys."""
    consents = offered(text)
    found = []
    for n, section in enumerate(definition.sections):
        for m, question in enumerate(section.questions):
            at = f"sections.{n}.questions.{m}"
            found += [
                Problem(
                    at,
                    Bilingual(ar=_UNLISTED.ar.format(name), en=_UNLISTED.en.format(name)),
                    "wrong",
                    question.name,
                )
                for name in question.categories
                if not _listed(text.categories.get(name))
            ]
            if question.kind == "consent" and question.purpose and _consent(question) not in consents:
                found.append(Problem(f"{at}.purpose", _NO_CONSENT, "wrong", question.name))
    return tuple(found)


def offered(text: Policy, language: Language = "en") -> dict[tuple[str, str | None], Wording]:
    """Return every consent that the running policy asks for anywhere, with its wording."""
    return {
        (wording.purpose, wording.channel): wording
        for place in text.jurisdictions
        for wording in policy.consents(language, place)
    }


def asked(definition: Definition, text: Policy) -> tuple[Asked, ...]:
    """Return the categories a survey asks for, in its order."""
    return tuple(_asked(name, text.categories.get(name), definition) for name in definition.categories)


def _asked(name: str, category: Category | None, definition: Definition) -> Asked:
    return Asked(
        name=name,
        wording=category.wording if category else None,
        sensitive=category.sensitive if category else False,
        sealed=category is None or category.kind == "identity",
        listed=_listed(category),
        retention=str(category.retention) if category else "",
        questions=tuple(each.name for each in definition.questions() if name in each.categories),
    )


def _consent(question: Question) -> tuple[str, str | None]:
    return question.purpose or "", question.channel


def _listed(category: Category | None) -> bool:
    return category is not None and SOURCE in category.sources
