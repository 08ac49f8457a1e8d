"""A bad policy file is refused with every fault, its line and its field, in both languages."""

from collections.abc import Callable

import pytest

from amana.policy import parsing
from amana.policy.problems import PolicyInvalid, Problem

Change = Callable[..., str]


def faults(text: str) -> tuple[Problem, ...]:
    with pytest.raises(PolicyInvalid) as caught:
        parsing.parse(text, file="p.yaml")
    return caught.value.problems


def fields(text: str) -> list[str]:
    return [problem.field for problem in faults(text)]


def test_problem_names_file_line_and_field(change: Change) -> None:
    text = change(
        ("basis: {AE: consent, SA: consent, EU: consent}", "basis: {AE: consent, EU: consent}"),
        within="  marketing:\n    clause",
    )
    [problem] = faults(text)
    line = text[: text.index("  marketing:\n    clause")].count("\n") + 1
    line += (
        text[text.index("  marketing:\n    clause") :]
        .split("\n")
        .index("    basis: {AE: consent, EU: consent}")
    )
    assert problem == Problem(
        "p.yaml",
        line,
        "purposes.marketing.basis.SA",
        "لا أساس قانونيًا لهذا البلد.",
        "There is no lawful basis for this place.",
    )
    assert str(problem).split("\n")[0] == f"p.yaml:{line}: purposes.marketing.basis.SA"


def test_all_faults_at_once_in_the_files_order(change: Change) -> None:
    text = change(
        ("country: AE\n", "country: Emirates\n"),
        ("retention: P5Y", "retention: five years"),
        ("roles: [system]", "roles: [robots]"),
        ("clauses: [Y1]", "clauses: []"),
    )
    assert fields(text) == [
        "categories.name.retention"
    ]  # what cannot be read is told before what contradicts
    text = change(
        ("country: AE\n", "country: Emirates\n"),
        ("roles: [system]", "roles: [robots]"),
        ("clauses: [Y1]", "clauses: []"),
    )
    assert fields(text) == ["controller.country", "purposes.content.roles.robots", "clauses.Y1"]


@pytest.mark.parametrize(
    ("within", "old", "new", "field"),
    [
        (
            "\npurposes:",
            "categories: [gender,",
            "categories: [shoe_size, gender,",
            "purposes.content.categories.shoe_size",
        ),
        (
            "\npurposes:",
            "recipients: [controller, hosting]",
            "recipients: [controller, broker]",
            "purposes.content.recipients.broker",
        ),
        (
            "\npurposes:",
            "recipients: [controller, hosting]",
            "recipients: [hosting]",
            "purposes.content.recipients",
        ),
        ("\npurposes:", "roles: [system]", "roles: []", "purposes.content.roles"),
        ("\npurposes:", "tasks: [session]", "tasks: []", "purposes.content.tasks"),
        ("\npurposes:", "retention: P1Y", "retention: P9Y", "purposes.content.retention"),
        ("\npurposes:", "default_off: true", "default_off: false", "purposes.content.default_off"),
        ("\n  marketing:\n    clause", "min_age: 18", "min_age: 17", "purposes.marketing.min_age"),
        (
            "\n  marketing:\n    clause",
            "needs_confirmed_address: true",
            "needs_confirmed_address: false",
            "purposes.marketing.needs_confirmed_address",
        ),
        ("\n  marketing:\n    clause", "EU: consent}", "EU: contract}", "purposes.marketing.basis.EU"),
        (
            "\n  marketing:\n    clause",
            "categories: [name,",
            "categories: [nationality, name,",
            "purposes.marketing.categories.nationality",
        ),
        ("\n  marketing:\n    clause", ' {channel}", en', '", en', "purposes.marketing.consent.ar"),
        ("\n  fraud:\n", "AE: contract", "AE: legitimate_interest", "purposes.fraud.basis.AE"),
        ("\njurisdictions:", "      child_age:", "      childs_age:", "jurisdictions.AE.limits.childs_age"),
        ("\njurisdictions:", 'from: "18:00"', 'from: "6pm"', "jurisdictions.AE.limits.quiet_hours.value"),
        ("\ndestinations:", "host: tiktok.com", "host: instagram.com", "destinations.instagram.host"),
        (
            "\ndestinations:",
            "policy: https://www.tiktok",
            "policy: http://www.tiktok",
            "destinations.tiktok.policy",
        ),
        ("\ncontacts:", "review_every: P11M", "review_every: P2Y", "contacts.review_every"),
        ("\nsections:", "[R1, R2,", "[R1, R2, Z9,", "sections.5.clauses.Z9"),
    ],
)
def test_contradictions(change: Change, within: str, old: str, new: str, field: str) -> None:
    assert field in fields(change((old, new), within=within))


@pytest.mark.parametrize(
    ("within", "old", "new", "field", "said"),
    [
        (
            "\ntitle:",
            "  en: What we promise you, and the proof that we keep it\n",
            "",
            "title.en",
            "The English text is missing.",
        ),
        (
            "\nchannels:",
            'ar: "واتساب"',
            'ar: "WhatsApp"',
            "channels.whatsapp.name.ar",
            "This text is not in Arabic.",
        ),
        (
            "\nchannels:",
            'en: "WhatsApp"',
            'en: "واتساب"',
            "channels.whatsapp.name.en",
            "The English text has Arabic letters.",
        ),
        (
            "\ncategories:",
            "kind: identity",
            "kind: secret",
            "categories.name.kind",
            "One of these is needed: identity, fact",
        ),
        (
            "\ncategories:",
            "sensitive: false",
            "sensitive: no",
            "categories.name.sensitive",
            "true or false is needed here.",
        ),
        (
            "\ncategories:",
            "sensitive: false",
            "sensitiv: false",
            "categories.name.sensitive",
            "This field is missing.",
        ),
        (
            "\npurposes:",
            "min_age: 18",
            "min_age: 018",
            "purposes.content.min_age",
            "A whole number is needed here.",
        ),
        (
            "\npurposes:",
            "roles: [system]",
            "roles: system",
            "purposes.content.roles",
            "A list is needed here.",
        ),
        (
            "\npurposes:",
            "roles: [system]",
            "roles: [system, system]",
            "purposes.content.roles.system",
            "This stands in the list twice.",
        ),
        (
            "\npurposes:",
            "    min_age: 18\n",
            "    min_age: 18\n    min_age: 3\n",
            "purposes.content.min_age",
            "This key is written twice.",
        ),
        (
            "\ncontroller:",
            'en: "RedTag"',
            'en: "Red\u202eTag"',
            "controller.name.en",
            "The text has hidden characters.",
        ),
    ],
)
def test_unreadable_values(change: Change, within: str, old: str, new: str, field: str, said: str) -> None:
    assert (field, said) in [
        (problem.field, problem.en) for problem in faults(change((old, new), within=within))
    ]


def test_broken_yaml_names_its_line() -> None:
    [problem] = faults("format: 1\ntitle: {ar: [\n")
    assert (problem.line, problem.field) == (3, "—")


@pytest.mark.parametrize("text", ["a: &x 1\nb: *x\n", "", "- 1\n", "just words\n"])
def test_other_files_are_refused(text: str) -> None:
    assert faults(text)


def test_canonical_spelling_is_one() -> None:
    spelled = [b"\xef\xbb\xbfa: 1\r\n\r\n", b"a: 1", b"a: 1\n"]
    assert {parsing.canonical(raw, file="p.yaml") for raw in spelled} == {"a: 1\n"}


def test_other_encodings_are_refused() -> None:
    with pytest.raises(PolicyInvalid) as caught:
        parsing.canonical("a: 1\nb: سياسة".encode("cp1256"), file="p.yaml")
    assert caught.value.problems[0].line == 2
