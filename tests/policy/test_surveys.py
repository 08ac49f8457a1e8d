"""What a policy says of surveys: read, checked, compared and shown."""

import re
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest

from amana.policy import diff, parsing
from amana.policy.document import Policy
from amana.policy.durations import Duration
from amana.policy.notice import notice
from amana.policy.problems import PolicyInvalid
from amana.policy.queries import Published, Version

EXAMPLE = (Path(__file__).parents[2] / "examples" / "redtag" / "policy.yaml").read_text("utf-8")

AT = datetime(2026, 11, 22, 16, tzinfo=UTC)


def changed(before: str, after: str) -> str:
    """Return the example with one of its lines changed."""
    assert EXAMPLE.count(before) == 1
    return EXAMPLE.replace(before, after)


def policy(text: str = EXAMPLE) -> Policy:
    """Return a policy that holds together."""
    return parsing.parse(text)


def test_c1_the_example_says_what_holds_for_surveys() -> None:
    surveys = policy().surveys
    assert (surveys.retention, surveys.stale_after, surveys.small_groups) == (
        Duration(24, 0), Duration(0, 14), 10,
    )  # fmt: skip
    assert {name: kind.purged_after for name, kind in surveys.sensitive.items()} == dict.fromkeys(
        ["health", "religion", "child", "third_person", "picture"], Duration(0, 7)
    )


def test_c1_a_policy_that_is_silent_on_surveys_allows_the_least() -> None:
    silent = re.sub(r"\nsurveys:\n.*?(?=\nsafeguards:)", "\n", EXAMPLE, flags=re.DOTALL)
    surveys = policy(silent).surveys
    assert (surveys.retention, surveys.invites, surveys.small_groups) == (Duration(0, 1), {}, 10)


@pytest.mark.parametrize(
    ("before", "after", "field"),
    [
        ("small_groups: 10", "small_groups: 9", "surveys.small_groups"),
        ("stale_after: P14D", "stale_after: P2M", "surveys.stale_after"),
        ("{after_purchase: P2D,", "{after_birth: P2D,", "surveys.invites.after_birth"),
        ("    third_person:\n", "    Third:\n", "surveys.sensitive.Third"),
        ("  product_fit:\n    clause: U4\n", "  product_fit:\n    clause: U4\n    consent_use: {ar: أ, en: A}\n",
         "purposes.product_fit.consent_use"),
    ],
)  # fmt: skip
def test_what_cannot_be_promised_is_refused_by_its_field(before: str, after: str, field: str) -> None:
    with pytest.raises(PolicyInvalid) as refused:
        policy(changed(before, after))
    assert [problem.field for problem in refused.value.problems] == [field]


@pytest.mark.parametrize(
    ("before", "after", "direction"),
    [
        ("small_groups: 10", "small_groups: 20", "narrower"),
        ("unfinished: P7D", "unfinished: P30D", "wider"),
        ("between: P30D", "between: P10D", "wider"),
        ("after_conversation: P1D}", "after_conversation: P2D}", "changed"),
        ("answer_within: P2D", "answer_within: P3D", "changed"),
    ],
)
def test_a_change_is_wider_or_narrower_for_people(before: str, after: str, direction: str) -> None:
    found = diff.compare(policy(), policy(changed(before, after)))
    assert [change.direction for change in found.changes] == [direction]


def test_y1_the_notice_says_what_becomes_of_answers() -> None:
    published = Published(Version(4, bytes(32), AT, UUID(int=1)), EXAMPLE, policy())
    [told] = [told for told in notice(published, "en").parts[0].answers if told.clause == "C1"]
    assert [(item.label, item.detail) for item in told.items][:5] == [
        ("What you choose or rate", "2 years"),
        ("A survey you did not finish", "kept only if you agree, for 7 days"),
        ("Results", "rounded figures; nothing is shown of fewer than 10 answers"),
        ("The shop's tablet without a connection",
         "seals your answers so that only our systems read them, and stops asking when its policy is 14 days old"),
        ("Invitations to a survey", "only if you agreed, and at most once in 30 days"),
    ]  # fmt: skip
    assert [item.tag for item in told.items[5:]] == ["Told by accident"] * 5


def test_u3_reading_an_opinion_and_writing_about_it_are_two_consents() -> None:
    assert policy().purposes["feedback"].asked() == (None, "email", "sms", "whatsapp")
    assert policy().purposes["marketing"].asked() == ("email", "sms", "whatsapp", "push")
