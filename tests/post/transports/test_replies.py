"""Whose fault a refusal is. Only a dead address may ever cost a customer their messages."""

import pytest

from amana.post.transports import Outcome, Verdict
from amana.post.transports.replies import Reply, Stage, judge

A, M, S = Outcome.ADDRESS_FAULT, Outcome.MAILBOX_FAULT, Outcome.SENDER_FAULT


@pytest.mark.parametrize(
    ("code", "text", "stage", "outcome"),
    [
        (250, "2.0.0 OK queued", "content", Outcome.HANDED_OVER),
        (421, "4.7.0 Try again later, closing connection", "recipient", Outcome.RETRY),
        (450, "4.2.0 Greylisted", "recipient", Outcome.RETRY),
        (452, "4.2.2 Mailbox full", "recipient", Outcome.RETRY),
        (354, "Go ahead", "content", Outcome.RETRY),
        (550, "5.1.1 The email account that you tried to reach does not exist", "recipient", A),
        (550, "No such user here", "recipient", A),
        (550, "Requested action not taken: mailbox unavailable", "recipient", A),
        (550, "nobody", "recipient", A),
        (553, "sorry", "recipient", A),
        (
            550,
            "5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found",
            "recipient",
            A,
        ),
        (550, "5.2.1 The email account that you tried to reach is disabled", "recipient", A),
        (550, "5.5.0 Requested action not taken: mailbox unavailable", "recipient", A),
        (552, "5.2.2 The recipient's inbox is out of storage space", "recipient", M),
        (552, "too large", "content", M),
        (550, "Mailbox quota exceeded", "recipient", M),
        (550, "5.7.1 Service unavailable; client host blocked using Spamhaus", "recipient", S),
        (550, "5.7.26 This mail is unauthenticated, SPF and DKIM did not pass", "content", S),
        (550, "5.1.1 Recipient rejected by policy: your IP is on our blocklist", "recipient", S),
        (550, "Your message was detected as spam", "content", S),
        (550, "relay access denied", "recipient", S),
        (554, "Transaction failed", "recipient", S),
        (554, "5.7.0 Message content rejected", "content", S),
        (550, "rejected", "content", S),
        (501, "5.1.7 Bad sender address syntax", "sender", S),
        (550, "5.1.1 unknown user", "sender", S),
        (550, "5.1.8 Sender address rejected: Domain not found", "recipient", S),
        (503, "5.5.1 Bad sequence of commands", "content", S),
        (530, "5.7.0 Must issue a STARTTLS command first", "recipient", S),
    ],
)
def test_a_reply_is_judged_by_whose_fault_it_is(code: int, text: str, stage: Stage, outcome: Outcome) -> None:
    assert judge(Reply(code, text), stage=stage).outcome == outcome


def test_the_verdict_keeps_the_codes_and_not_the_words() -> None:
    said = Reply(550, "5.1.1 <noor@mail.example>: no such user")
    assert judge(said, stage="recipient") == Verdict(Outcome.ADDRESS_FAULT, "550 5.1.1")


def test_a_version_number_is_not_a_status() -> None:
    assert Reply(550, "Postfix 3.5.12.1 says no").enhanced is None
