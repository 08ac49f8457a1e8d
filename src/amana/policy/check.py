"""Whether a policy that could be read also holds together: known names, lawful grounds, no use too wide."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Protocol

from amana.policy import check_surveys, check_website
from amana.policy.document import CHANNEL_PLACE, Policy, Purpose
from amana.policy.durations import Duration
from amana.policy.limits import SHAPES
from amana.policy.problems import Blame, blame_unknown, blame_unmatched

_NAME = re.compile(r"[a-z][a-z0-9_]{0,62}")
_COUNTRY = re.compile(r"[A-Z]{2}")
_CLAUSE = re.compile(r"[A-Z][0-9]+")
_EMAIL = re.compile(r"[^@\s<>]+@[a-z0-9.-]+\.[a-z]{2,}")
_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}")
_URL = re.compile(r"https://[^\s<>\"]+")
CONTROLLER = "controller"


class Reporter(Protocol):
    """What has read the file and knows its lines."""

    @property
    def blame(self) -> Blame: ...


def check(policy: Policy, reporter: Reporter) -> None:
    """Note every contradiction of `policy` with the reporter."""
    for rule in (_names, _contacts, _jurisdictions, _categories, _purposes, _notice, _destinations):
        rule(policy, reporter.blame)
    check_website.check(policy, reporter.blame)
    check_surveys.check(policy, reporter.blame)


def _names(policy: Policy, blame: Blame) -> None:
    lower: Mapping[str, Iterable[str]] = {
        "channels": policy.channels,
        "roles": policy.roles,
        "tasks": policy.tasks,
        "recipients": policy.recipients,
        "sources": policy.sources,
        "categories": policy.categories,
        "purposes": policy.purposes,
        "automatic.items": policy.automatic.items,
        "safeguards": policy.safeguards,
        "rights": policy.rights,
        "destinations": policy.destinations,
        "evidence": policy.evidence,
    }
    blame_unmatched(
        _NAME,
        blame,
        ((f"{part}.{name}", name) for part, names in lower.items() for name in names),
        "الاسم من حروف لاتينية صغيرة وأرقام وشرطة سفلية.",
        "A name has small Latin letters, digits and underscores.",
    )
    for part, names in lower.items():
        if not names:
            blame(part, ar="القائمة فارغة.", en="Nothing is declared here.")
    countries = [("controller.country", policy.controller.country)]
    countries += [(f"recipients.{name}.country", found.country) for name, found in policy.recipients.items()]
    countries += [(f"jurisdictions.{name}", name) for name in policy.jurisdictions]
    blame_unmatched(
        _COUNTRY,
        blame,
        countries,
        "يلزم رمز من حرفين كبيرين مثل SA.",
        "A code of two capital letters is needed, such as SA.",
    )
    for required in (("recipients", policy.recipients, CONTROLLER), ("evidence", policy.evidence, "uses")):
        if required[2] not in required[1]:
            blame(f"{required[0]}.{required[2]}", ar="هذا القيد لازم.", en="This entry is required.")


def _contacts(policy: Policy, blame: Blame) -> None:
    blame_unmatched(
        _EMAIL,
        blame,
        [("contacts.service", policy.contacts.service)],
        "يلزم عنوان بريد إلكتروني.",
        "An e-mail address is needed.",
    )
    urls = [("contacts.website", policy.contacts.website)]
    urls += [
        (f"jurisdictions.{name}.authority.url", place.authority.url)
        for name, place in policy.jurisdictions.items()
    ]
    urls += [(f"destinations.{name}.policy", found.policy) for name, found in policy.destinations.items()]
    blame_unmatched(
        _URL, blame, urls, "يلزم عنوان يبدأ بـ https://", "An address that begins with https:// is needed."
    )
    if policy.contacts.review_every > Duration(12, 0):
        blame(
            "contacts.review_every",
            ar="لا تزيد المدة على سنة (RFC 9116).",
            en="At most one year (RFC 9116, 2.5.5).",
        )


def _jurisdictions(policy: Policy, blame: Blame) -> None:
    for name, place in policy.jurisdictions.items():
        at = f"jurisdictions.{name}.limits"
        for missing in sorted(
            key for key, shape in SHAPES.items() if shape.required and key not in place.limits
        ):
            blame(f"{at}.{missing}", ar="هذا الحد ناقص.", en="This limit is missing.")
        for key, limit in place.limits.items():
            shape = SHAPES.get(key)
            if shape is None:
                blame(f"{at}.{key}", ar="حدّ غير معروف.", en="This limit is unknown.")
            elif not shape.fits(limit.value):
                blame(f"{at}.{key}.value", ar=f"يلزم هنا: {shape.ar}", en=f"Needed here: {shape.en}")


def _categories(policy: Policy, blame: Blame) -> None:
    used = {field for purpose in policy.purposes.values() for field in purpose.categories}
    for name, category in policy.categories.items():
        blame_unknown(blame, f"categories.{name}.sources", category.sources, policy.sources)
        if not category.sources:
            blame(f"categories.{name}.sources", ar="لا مصدر لهذه المعلومة.", en="This comes from nowhere.")
        if name not in used:
            blame(
                f"categories.{name}",
                ar="معلومة لا يستخدمها أي غرض، فلا سبب لجمعها.",
                en="No purpose uses this, so there is no reason to collect it.",
            )


def _purposes(policy: Policy, blame: Blame) -> None:
    for name, purpose in policy.purposes.items():
        at = f"purposes.{name}"
        _purpose_names(policy, purpose, at, blame)
        _purpose_basis(policy, purpose, at, blame)
        _purpose_consent(purpose, at, blame)
        _purpose_width(policy, purpose, at, blame)
        if purpose.promotional:
            _promotion(policy, purpose, at, blame)


def _purpose_names(policy: Policy, purpose: Purpose, at: str, blame: Blame) -> None:
    blame_unknown(blame, f"{at}.categories", purpose.categories, policy.categories)
    blame_unknown(blame, f"{at}.channels", purpose.channels, policy.channels)
    blame_unknown(blame, f"{at}.roles", purpose.roles, policy.roles)
    blame_unknown(blame, f"{at}.tasks", purpose.tasks, policy.tasks)
    blame_unknown(blame, f"{at}.recipients", purpose.recipients, policy.recipients)
    for part in ("categories", "roles", "tasks"):
        if not getattr(purpose, part):
            blame(f"{at}.{part}", ar="القائمة فارغة.", en="Nothing is declared here.")
    if CONTROLLER not in purpose.recipients:
        blame(f"{at}.recipients", ar="المتحكم نفسه ناقص من القائمة.", en="The controller itself is missing.")


def _purpose_basis(policy: Policy, purpose: Purpose, at: str, blame: Blame) -> None:
    blame_unknown(blame, f"{at}.basis", purpose.basis, policy.jurisdictions)
    for code, place in policy.jurisdictions.items():
        basis = purpose.basis.get(code)
        if basis is None:
            blame(
                f"{at}.basis.{code}",
                ar="لا أساس قانونيًا لهذا البلد.",
                en="There is no lawful basis for this place.",
            )
        exists = place.limits.get("legitimate_interest_exists")
        if basis == "legitimate_interest" and not (exists and exists.value is True):
            blame(
                f"{at}.basis.{code}",
                ar="قانون هذا البلد لا يعرف المصلحة المشروعة أساسًا.",
                en="The law of this place has no legitimate interest.",
            )


def _purpose_consent(purpose: Purpose, at: str, blame: Blame) -> None:
    if not purpose.asks():
        if purpose.consent or purpose.consent_use or purpose.consent_detail:
            blame(
                f"{at}.consent",
                ar="نص موافقة لغرض لا يقوم على الموافقة.",
                en="Consent is not its basis anywhere.",
            )
        return
    if not purpose.default_off:
        blame(
            f"{at}.default_off",
            ar="الموافقة لا تُفترض: يلزم true.",
            en="Consent is never presumed: true is needed.",
        )
    if purpose.consent is None:
        blame(f"{at}.consent", ar="نص الموافقة ناقص.", en="The consent wording is missing.")
        return
    if purpose.consent_use and (purpose.promotional or not purpose.channels):
        blame(
            f"{at}.consent_use",
            ar="موافقة مستقلة على الاستخدام لا تكون إلا لغرض له وسائل وليس ترويجًا.",
            en="The use has a consent of its own only where there are channels and nothing is promoted.",
        )
    wanted = 1 if purpose.channels else 0
    for language in ("ar", "en"):
        text = purpose.consent.in_(language)
        if text.count(CHANNEL_PLACE) != wanted or (wanted and not text.endswith(f" {CHANNEL_PLACE}")):
            blame(
                f"{at}.consent.{language}",
                ar=f"ينتهي النص بـ {CHANNEL_PLACE} إذا كان للغرض وسائل، ويخلو منها إذا لم تكن.",
                en=f"The text ends with {CHANNEL_PLACE} when there are channels, and lacks it otherwise.",
            )


def _purpose_width(policy: Policy, purpose: Purpose, at: str, blame: Blame) -> None:
    kept = [policy.categories[field].retention for field in purpose.categories if field in policy.categories]
    if kept and purpose.retention > max(kept):
        blame(
            f"{at}.retention",
            ar="مدة الغرض أطول من مدة حفظ معلوماته كلها.",
            en="The purpose outlasts everything it uses.",
        )
    if not _CLAUSE.fullmatch(purpose.clause):
        blame(f"{at}.clause", ar="يلزم رقم بند مثل U2.", en="A clause id is needed, such as U2.")
    if purpose.revision < 1:
        blame(f"{at}.revision", ar="يبدأ العدّ من 1.", en="Revisions count from 1.")


def _promotion(policy: Policy, purpose: Purpose, at: str, blame: Blame) -> None:
    for code, basis in purpose.basis.items():
        if basis != "consent":
            blame(f"{at}.basis.{code}", ar="لا ترويج إلا بموافقة.", en="A promotion needs consent.")
    if not purpose.needs_confirmed_address:
        blame(
            f"{at}.needs_confirmed_address",
            ar="لا ترويج إلى عنوان لم يؤكَّد.",
            en="No promotion goes to an unconfirmed address.",
        )
    if purpose.survives_restriction:
        blame(
            f"{at}.survives_restriction",
            ar="التقييد يوقف الترويج.",
            en="A restriction stops every promotion.",
        )
    for field in purpose.categories:
        if field in policy.categories and policy.categories[field].sensitive:
            blame(
                f"{at}.categories.{field}",
                ar="معلومة حساسة لا تُستخدم في الترويج.",
                en="Sensitive data may not serve a promotion.",
            )
    ages = [
        place.limits["child_age"].value
        for place in policy.jurisdictions.values()
        if "child_age" in place.limits
    ]
    oldest = max((age for age in ages if isinstance(age, int)), default=0)
    if (purpose.min_age or 0) < oldest:
        blame(
            f"{at}.min_age",
            ar=f"لا ترويج لمن هم دون {oldest} عامًا.",
            en=f"No promotion goes to anyone under {oldest}.",
        )


def _notice(policy: Policy, blame: Blame) -> None:
    blame_unmatched(
        _CLAUSE,
        blame,
        ((f"clauses.{name}", name) for name in policy.clauses),
        "يلزم رقم بند مثل C1.",
        "A clause id is needed, such as C1.",
    )
    told = {*policy.clauses, *(purpose.clause for purpose in policy.purposes.values())}
    placed = Counter(clause for section in policy.sections for clause in section.clauses)
    for number, section in enumerate(policy.sections):
        for clause in section.clauses:
            if clause not in told:
                blame(f"sections.{number}.clauses.{clause}", ar="بند بلا نص.", en="This clause has no text.")
            elif placed[clause] > 1:
                blame(
                    f"sections.{number}.clauses.{clause}",
                    ar="بند في أكثر من موضع.",
                    en="This clause stands in two sections.",
                )
    for clause in sorted(told - placed.keys()):
        blame(
            f"clauses.{clause}",
            ar=f"البند {clause} لا يظهر في الإشعار.",
            en=f"Clause {clause} is not in the notice.",
        )


def _destinations(policy: Policy, blame: Blame) -> None:
    places = [(f"destinations.{name}.host", found.host) for name, found in policy.destinations.items()]
    blame_unmatched(
        _HOST, blame, places, "يلزم اسم نطاق مثل example.com.", "A host name is needed, such as example.com."
    )
    hosts = Counter(host for _, host in places)
    for field, host in places:
        if hosts[host] > 1:
            blame(field, ar="النطاق مذكور مرتين.", en="This host is declared twice.")
