"""The figures shown beside the notice's promises: real ones, at most a minute old, and none before there are any."""

import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import lru_cache

from django.utils.translation import gettext as _
from django.utils.translation import override

from amana.gate.figures import Figures, figures
from amana.kernel.digits import format_number
from amana.kernel.text import Language
from amana.policy import queries
from amana.policy.notice import Proof

SECONDS = 60.0
PERIOD = timedelta(days=30)
Number = Callable[[float], str]
_kept: dict[str, tuple[float, str, Figures]] = {}


def proofs(language: Language) -> Sequence[Proof]:
    """Return one figure for each section that has one, in the reader's language."""
    return _said(language, *_recent())


# Made anew once a minute, read with every notice.
@lru_cache(maxsize=8)
def _said(language: Language, country: str, found: Figures) -> tuple[Proof, ...]:
    def number(value: float) -> str:
        return format_number(round(value), country=country, language=language)

    with override(language):
        return (*_uses(found, number), *_erasures(found, number), *_record(found, number))


def _recent() -> tuple[str, Figures]:
    kept = _kept.get("figures")
    if kept is None or time.monotonic() - kept[0] > SECONDS:
        kept = (time.monotonic(), queries.current().policy.controller.country, figures(PERIOD))
        _kept["figures"] = kept
    return kept[1:]


def _uses(found: Figures, number: Number) -> list[Proof]:
    if not found.released + found.refused:
        return []
    label = _("uses refused out of %(all)s asked for in the last 30 days") % {
        "all": number(found.released + found.refused)
    }
    how = _("Every use is asked for first and written down, whether it is allowed or refused.")
    return [Proof("u", number(found.refused), label, how)]


def _erasures(found: Figures, number: Number) -> list[Proof]:
    if not found.erasures or found.erasure_hours is None:
        return []
    label = _("hours, the usual time from a request to the erasure")
    how = _("Erasure certificates issued: %(count)s") % {"count": number(found.erasures)}
    return [Proof("r", number(max(1.0, found.erasure_hours)), label, how)]


def _record(found: Figures, number: Number) -> list[Proof]:
    if not found.entries:
        return []
    label = _("entries in a record that nobody can change unnoticed")
    how = _("The record is public and holds no names. Anyone can check it at any time.")
    return [Proof("y", number(found.entries), label, how)]
