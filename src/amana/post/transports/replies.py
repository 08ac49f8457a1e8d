"""Tell whose fault a refusal is: the address, the mailbox for now, or the sender.

Only a fault of the address may ever keep a customer from being written to again.
"""

import re
from dataclasses import dataclass
from typing import Literal

from amana.post.transports import Outcome, Verdict

Stage = Literal["sender", "recipient", "content"]

_ENHANCED = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.])")
# Many servers answer 550 both for "no such mailbox" and for "we do not like you": the words tell them apart.
_POLICY = re.compile(
    r"spam|black ?list|block|banned|denied|policy|reputation|\brbl\b|dnsbl|barracuda|\bspf\b|\bdkim\b|dmarc"
    r"|authenticat|not authori[sz]ed|relay|gr[ae]ylist|rate limit|too many|content|virus|malware|phish"
    r"|\bptr\b|reverse dns|suspicious|abuse|complaint",
    re.IGNORECASE,
)
_ADDRESS = re.compile(
    r"no such|unknown|does ?n.t exist|does not exist|not found|invalid (?:recipient|mailbox|address)"
    r"|no mailbox|(?:mailbox|user) unavailable|disabled|inactive|not a valid|no longer",
    re.IGNORECASE,
)
# RFC 3463, section 3.2 and 3.3, with RFC 5248 and the IANA registry of enhanced status codes.
_ADDRESS_CODES = frozenset({(1, 1), (1, 2), (1, 3), (1, 6), (1, 10), (2, 1)})
_MAILBOX_CODES = frozenset({(2, 0), (2, 2), (2, 3), (2, 4), (1, 5), (1, 4)})


@dataclass(frozen=True, slots=True)
class Reply:
    """A reply of SMTP: the three digits and the words (RFC 5321, section 4.2)."""

    code: int
    text: str

    @property
    def enhanced(self) -> tuple[int, int, int] | None:
        """Return the enhanced status code (RFC 3463), or None where the server gives none."""
        found = _ENHANCED.search(self.text)
        return (int(found[1]), int(found[2]), int(found[3])) if found else None

    @property
    def status(self) -> str:
        """Return the codes alone, such as `550 5.1.1`; never the words, which may repeat an address."""
        enhanced = self.enhanced
        return f"{self.code} {'.'.join(map(str, enhanced))}" if enhanced else str(self.code)


def judge(reply: Reply, *, stage: Stage) -> Verdict:
    """Return what a reply means for the message it was given to."""
    if 200 <= reply.code < 300:
        return Verdict(Outcome.HANDED_OVER, reply.status)
    if not 500 <= reply.code < 600:
        return Verdict(Outcome.RETRY, reply.status)
    return Verdict(_fault(reply, stage), reply.status)


def _fault(reply: Reply, stage: Stage) -> Outcome:
    if stage == "sender":
        return Outcome.SENDER_FAULT
    enhanced = reply.enhanced
    if enhanced is not None and enhanced[0] != 2:
        return _fault_by_code(enhanced[1:], reply)
    return _fault_by_words(reply, stage)


def _fault_by_code(code: tuple[int, int], reply: Reply) -> Outcome:
    if code in _MAILBOX_CODES:
        return Outcome.MAILBOX_FAULT
    if code in _ADDRESS_CODES and not _only_policy(reply.text):
        return Outcome.ADDRESS_FAULT
    if code == (0, 0) or code == (5, 0):
        return _fault_by_words(reply, "recipient")
    return Outcome.SENDER_FAULT


def _fault_by_words(reply: Reply, stage: Stage) -> Outcome:
    if re.search(r"quota|full|over.?limit|exceeded storage", reply.text, re.IGNORECASE) or reply.code == 552:
        return Outcome.MAILBOX_FAULT
    if _POLICY.search(reply.text):
        return Outcome.SENDER_FAULT
    if _ADDRESS.search(reply.text):
        return Outcome.ADDRESS_FAULT
    return (
        Outcome.ADDRESS_FAULT
        if stage == "recipient" and reply.code in (550, 551, 553)
        else Outcome.SENDER_FAULT
    )


def _only_policy(text: str) -> bool:
    return bool(_POLICY.search(text)) and not _ADDRESS.search(text)
