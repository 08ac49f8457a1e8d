"""Who may be answered by a machine, how often, and by what mark the same sender is known again."""

import re
from datetime import timedelta
from typing import Final

from django.conf import settings
from django.utils.crypto import salted_hmac

from amana.desk.models import Letter
from amana.kernel import clock, emails
from amana.post.parse import Parsed

ANSWERS: Final = 3
WITHIN: Final = timedelta(hours=24)
# Addresses behind which nobody reads; answering them starts loops (RFC 3834, section 2; RFC 5321, section 4.5.5).
_MACHINES: Final = re.compile(
    r"(?:mailer-daemon|postmaster|no-?reply|do-?not-?reply|bounces?|listserv|majordomo)(?:[+.=-].*)?",
    re.IGNORECASE,
)
_MESSAGE_ID: Final = re.compile(r"<[!-;=?-~]{1,250}>")


def mark(address: str) -> bytes | None:
    """Return the keyed mark of an address; None for one that cannot be written to. It cannot be turned back."""
    try:
        same = emails.matching(emails.parse(address))
    except emails.EmailRefused:
        return None
    return salted_hmac("amana.desk.sender", same, secret=settings.SECRET_KEY, algorithm="sha256").digest()


def may_be_answered(mail: Parsed, *, automatic: bool, sender: bytes | None, ours: str) -> bool:
    """Tell whether a machine may answer this mail: never another machine, never ourselves, and seldom."""
    local, _, domain = mail.sender.rpartition("@")
    if automatic or mail.automatic or sender is None or _MACHINES.fullmatch(local):
        return False
    if domain.lower() == ours.rpartition("@")[2].lower():
        return False
    lately = Letter.objects.filter(
        conversation__sender=sender,
        direction=Letter.Direction.OUT,
        automatic=True,
        at__gt=clock.now() - WITHIN,
    )
    return lately.count() < ANSWERS


def answered_id(mail: Parsed) -> str:
    """Return the Message-ID to answer to, empty where it is malformed."""
    return mail.message_id if _MESSAGE_ID.fullmatch(mail.message_id) else ""
