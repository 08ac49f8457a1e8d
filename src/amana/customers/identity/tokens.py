"""A short-lived signed word that a browser carries from a page of ours to the retailer's website.

It says: whoever holds this browser has just opened a link from this customer's own mailbox. The tag hands it over
once, with its anonymous id; the server that takes events in reads it and attaches. It names nobody, and is
worth nothing after ten minutes or a second time.
"""

from datetime import timedelta
from typing import Final

from django.core import signing

from amana.customers import limits
from amana.kernel import ids
from amana.kernel.ids import CustomerId
from amana.kernel.refusal import Refusal, register
from amana.kernel.text import Bilingual

SALT: Final = "amana.customers.identity.tokens"
LASTS: Final = timedelta(minutes=10)

register(
    "handover_ended",
    Bilingual(
        ar="انتهت صلاحية الربط أو استُخدم من قبل. يُرجى فتح الرابط من الرسالة مرة أخرى.",
        en="This has ended or was used before. Please open the link in the mail again.",
    ),
    410,
)


def make(*, customer: CustomerId) -> str:
    """Return a token for a customer whose link was just acted on; never for one who only typed an address."""
    return signing.TimestampSigner(salt=SALT).sign_object(str(customer))


def take(token: str) -> CustomerId:
    """Return whom a token stands for, once, within ten minutes. Raises Refusal (handover_ended)."""
    try:
        text = signing.TimestampSigner(salt=SALT).unsign_object(token, max_age=LASTS)
    except signing.BadSignature as error:
        raise Refusal.of("handover_ended") from error
    if not limits.is_first(f"handover|{token}"):
        raise Refusal.of("handover_ended")
    return ids.parse(str(text))
