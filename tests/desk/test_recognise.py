"""Every sentence of the table is taken for exactly what it asks."""

import pytest

from amana.desk.recognise import REASONS, recognise
from tests.desk.sentences import SENTENCES


@pytest.mark.parametrize(("sentence", "intent"), SENTENCES, ids=[sentence[:40] for sentence, _ in SENTENCES])
def test_r2_a_sentence_is_understood(sentence: str, intent: str) -> None:
    assert recognise(subject="", text=sentence).intent == intent


def test_r2_the_table_is_large_and_says_why() -> None:
    found = [recognise(subject="", text=sentence) for sentence, _ in SENTENCES]
    assert len(SENTENCES) >= 80
    assert [one for one in found if not one.why or set(one.why) - set(REASONS)] == []


@pytest.mark.parametrize(
    ("sentence", "wishes", "why"),
    [
        ("لا تحذفون حسابي بس وقفوا الرسايل", {"unsubscribe"}, ("says_not_to_erase", "asks_to_leave")),
        ("احذفوا حسابي ووقفوا الرسايل", {"erase", "unsubscribe"}, ("asks_to_erase", "asks_to_leave")),
        ("What happens if I delete my account?", set(), ("only_supposes", "asks_something")),
        ("لا تحذفون حسابي", set(), ("says_not_to_erase", "nothing_recognised")),
    ],
)
def test_r2_it_says_why(sentence: str, wishes: set[str], why: tuple[str, ...]) -> None:
    found = recognise(subject="", text=sentence)
    assert (set(found.wishes), found.why) == (wishes, why)


def test_r2_a_subject_alone_is_enough() -> None:
    assert recognise(subject="إلغاء الاشتراك", text="").intent == "unsubscribe"


@pytest.mark.parametrize("prefix", ["Re:", "RE :", "رد:", "Fwd:"])
def test_r2_the_subject_of_a_reply_is_not_its_writers(prefix: str) -> None:
    assert recognise(subject=f"{prefix} Unsubscribe", text="شكرًا لكم").intent == "unknown"
