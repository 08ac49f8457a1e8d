"""Remember what is to be read, in the transaction that takes it in."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Final

from amana.kernel import clock
from amana.kernel.ids import CustomerId
from amana.policy import queries as policy
from amana.surveys.models import Signal, Theme, Waiting
from amana.surveys.reading import chosen
from amana.surveys.taken import Taken

READ: Final = ("feedback", None)
FITS: Final = ("product_fit", None)


def wait(taken: Sequence[Taken]) -> None:
    """Remember the responses whose words may be read, and count at once what was chosen of what is wanted or disliked.

    Words may be read of who allowed `feedback` without a channel. A response that waits already is left as it is.
    """
    country = policy.current().policy.controller.country
    Waiting.objects.bulk_create(_waiting(taken, country), ignore_conflicts=True)
    chosen.count(taken, country)


def allowed_later(one: Taken, customer: CustomerId) -> None:
    """Let the words of a response be read that somebody allows only now; what was chosen was counted when it came.

    Who lets words count for what shops should have (`product_fit`), after these were read, has them read once more.
    """
    fits = FITS in one.consents
    found = Waiting.objects.select_for_update().filter(response=one.id).first()
    if found is not None:
        found.fits = found.fits or fits
        found.save(update_fields=["fits"])
        return
    # What was read was allowed to be read: only what it may count for can have grown.
    if not Theme.objects.filter(response=one.id, customer=customer).exists():
        again = one
    elif fits and not Signal.objects.filter(response=one.id, customer__isnull=False).exists():
        again = replace(one, consents=one.consents | {READ})
    else:
        return
    country = policy.current().policy.controller.country
    Waiting.objects.bulk_create(_waiting([again], country), ignore_conflicts=True)


def day_of(at: datetime, country: str) -> date:
    """Return the day of a moment where the retailer is."""
    return at.astimezone(clock.zone(country)).date()


def _waiting(taken: Iterable[Taken], country: str) -> list[Waiting]:
    return [
        Waiting(
            response=one.id,
            customer=one.customer,
            survey=one.survey,
            version=one.version,
            shop=one.shop,
            language=one.language,
            day=day_of(one.answered_at, country),
            texts=list(one.texts),
            fits=FITS in one.consents,
            mixing=one.mixing,
            since=clock.now(),
        )
        for one in taken
        if one.customer is not None and one.texts and READ in one.consents
    ]
