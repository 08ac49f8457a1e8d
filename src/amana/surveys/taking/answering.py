"""Judge what a page without scripts sent, and hand it to the same taking-in that sealed answers go through."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from amana.kernel import clock
from amana.kernel.refusal import register
from amana.kernel.text import Bilingual, Language
from amana.policy import queries as policy
from amana.surveys.intake import devices, submission, taking
from amana.surveys.intake.refusals import AnswerRefused
from amana.surveys.logic import evaluation, flow
from amana.surveys.taking.asked import Asked
from amana.surveys.taking.reading import NEEDS, Posted
from amana.surveys.taking.words import told

ELSEWHERE: Final = register(
    "survey_sent_elsewhere",
    Bilingual(
        ar="أُرسل هذا النموذج من موقع آخر، فلم نحفظ شيئًا. يُرجى فتح صفحة الاستبيان والإرسال منها.",
        en="This form was sent from another site, so nothing was kept. Please send it from the survey's own page.",
    ),
    403,
)


def changed(posted: Mapping[str, str], found: Asked) -> bool:
    """Tell whether another version, or another policy, was shown than the ones in force."""
    shown = posted.get("version", ""), posted.get("policy", "")
    return shown != (str(found.version.number), str(policy.current().version.number))


def untick(found: Asked, posted: Posted) -> None:
    """Take away what was allowed in words that changed meanwhile."""
    for question in _questions(found, "consent"):
        posted.answers.pop(question["name"], None)
        posted.typed.pop(f"q.{question['name']}", None)


def judge(found: Asked, posted: Posted, *, seed: str, language: Language) -> None:
    """Say of each question what is missing or wrong."""
    walked = flow.flow(found.form, posted.answers, today=clock.today(found.country), seed=seed)
    asked = {question["name"] for section in walked.sections for question in section["questions"]}
    # What is not asked of this person needs no mending.
    posted.wrong = {name: text for name, text in posted.wrong.items() if name.split(".")[1] in asked}
    for name in walked.missing:
        posted.wrong.setdefault(f"q.{name}", told("required", language))
    for name, message in walked.broken.items():
        own = flow.text(found.form, message, posted.answers, language=language) if message else ""
        posted.wrong.setdefault(f"q.{name}", own or told("broken", language))
    _ask_for_addresses(found, posted, language)


def _ask_for_addresses(found: Asked, posted: Posted, language: Language) -> None:
    allowed = [one for one in _questions(found, "consent") if posted.answers.get(one["name"]) is True]
    needed = {NEEDS[one["channel"]] for one in allowed if one.get("channel") in NEEDS}
    for question in _questions(found, "contact"):
        given = posted.answers.get(question["name"])
        for field in needed & set(question["fields"]):
            if not isinstance(given, dict) or field not in given:
                posted.wrong.setdefault(f"q.{question['name']}.{field}", told(f"needs_{field}", language))


def turned_away(found: Asked, posted: Posted) -> Mapping[str, Any] | None:
    """Return the quota that is reached and that these answers fall into, if there is one."""
    today = clock.today(found.country)
    kept = flow.kept(found.form, posted.answers, today=today)
    for quota in found.form.get("quotas", []):
        if (
            quota["name"] in found.full
            and quota["when"]
            and evaluation.holds(quota["when"], kept, today=today)
        ):
            said: Mapping[str, Any] = quota
            return said
    return None


def take(found: Asked, posted: Posted, *, key: UUID, code: str, language: Language, started: int) -> None:
    """Take the answers in, at once and once. Raises AnswerRefused, GateRefused."""
    kept = flow.kept(found.form, posted.answers, today=clock.today(found.country))
    consents = {one["name"]: one for one in _questions(found, "consent")}
    ticked = [consents[name] for name in kept if name in consents]
    taking.take_one(
        submission.Submission(
            id=key,
            survey=found.version.slug,
            version=found.version.number,
            policy=policy.current().version.number,
            language=language,
            shop=found.shop.slug if found.shop else None,
            way=found.way,
            started=started,
            answered=int(clock.now().timestamp() * 1000),
            answers={name: answer for name, answer in kept.items() if name not in consents},
            permissions=tuple(_permission(one) for one in ticked),
            code=code,
        )
    )


def _permission(question: Mapping[str, Any]) -> str:
    channel = question.get("channel")
    return f"{question['purpose']}:{channel}" if channel else str(question["purpose"])


def receipt_of(key: UUID) -> str | None:
    """Return the link to the receipt of what was just taken in; None where nobody told anything of themselves."""
    try:
        found = devices.state_of(key)
    except AnswerRefused:
        return None
    receipt: str | None = found["receipt"]
    return receipt


def names_somebody(found: Asked, posted: Posted) -> bool:
    """Tell whether an address stands among the answers, so that no code is needed to be found again."""
    addresses = {"email", "mobile", "phone"}
    contacts = [posted.answers.get(one["name"]) for one in _questions(found, "contact")]
    reached = any(isinstance(one, dict) and addresses & one.keys() for one in contacts)
    kinds = ("email", "phone")
    return reached or any(one["name"] in posted.answers for kind in kinds for one in _questions(found, kind))


def _questions(found: Asked, kind: str) -> list[Mapping[str, Any]]:
    return [
        question
        for section in found.form["sections"]
        for question in section["questions"]
        if question["kind"] == kind
    ]
