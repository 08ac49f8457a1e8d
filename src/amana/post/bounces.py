"""Read delivery reports (DSN, RFC 3464) and tell whose fault they report."""

import re
from dataclasses import dataclass
from email.message import Message as Mail
from uuid import UUID

from amana.post.transports import Outcome
from amana.post.transports.replies import Reply, judge

_RETURN_PATH = re.compile(r"bounce\+([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})", re.IGNORECASE)
_STATUS = re.compile(r"([245])\.(\d{1,3})\.(\d{1,3})")
_CODE = re.compile(r"(?<!\d)([245]\d\d)(?!\d)")


@dataclass(frozen=True, slots=True)
class Bounce:
    """What a report says: whose fault it is, and the status codes alone."""

    outcome: Outcome
    status: str


def find_message(recipient: str) -> UUID | None:
    """Return the message a return path names, or None."""
    found = _RETURN_PATH.fullmatch(recipient.rpartition("@")[0])
    return UUID(found[1]) if found else None


def find_bounce(mail: Mail) -> Bounce | None:
    """Return what a delivery report says, or None for another mail, and for a delay, which decides nothing.

    One message goes to one address, so the first recipient that failed is the one.
    """
    for fields in _recipients(mail):
        if str(fields.get("Action", "")).strip().lower() == "failed":
            return _judged(str(fields.get("Status", "")), str(fields.get("Diagnostic-Code", "")))
    return None


def _recipients(mail: Mail) -> list[Mail]:
    for part in mail.walk():
        if part.get_content_type() == "message/delivery-status":
            groups = part.get_payload()
            return [group for group in groups if isinstance(group, Mail)] if isinstance(groups, list) else []
    return []


def _judged(status: str, diagnostic: str) -> Bounce:
    enhanced = _STATUS.search(status)
    words = diagnostic.partition(";")[2] or diagnostic
    code = _CODE.search(words)
    number = int(code[1]) if code and code[1][0] != "2" else 450 if enhanced and enhanced[1] == "4" else 550
    said = Reply(number, f"{enhanced[0] if enhanced else ''} {words}")
    # A report is final: "4.x" in it means that the server gave up trying, not that it will try again.
    verdict = judge(said, stage="recipient")
    outcome = Outcome.MAILBOX_FAULT if verdict.outcome is Outcome.RETRY else verdict.outcome
    return Bounce(outcome, verdict.status)
