"""A stored response as the room's parts hand it to each other."""

from collections.abc import Collection

from amana.kernel.ids import CustomerId
from amana.kernel.text import find_language
from amana.surveys.models import Response
from amana.surveys.taken import Taken


def taken(
    response: Response,
    *,
    customer: CustomerId | None = None,
    consents: Collection[tuple[str, str | None]] = (),
) -> Taken:
    """Return a response as it was taken in; `customer` and `consents` are what its person says only now."""
    known = None if response.customer is None else CustomerId(response.customer)
    return Taken(
        id=response.pk,
        survey=response.survey,
        version=response.version,
        shop=response.shop,
        way=response.way,
        language=find_language(response.language) or "ar",
        answered_at=response.answered_at,
        answers=response.answers,
        texts=tuple(response.texts),
        customer=customer or known,
        consents=frozenset(consents),
        mixing=response.mixing,
    )
