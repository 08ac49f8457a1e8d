"""What an author wrote where all texts stand side by side, and what of them is still to be translated."""

from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext as _

from amana.kernel.digits import format_number
from amana.kernel.text import reader_language
from amana.policy import queries as policy
from amana.surveys.definition import texts
from amana.surveys.definition.document import Definition, Text
from amana.surveys.definition.parsing import MOST_LETTERS

# What is saved by itself there is one step of its own; no part of a survey can be called so.
PART: Final = "/texts"
Texts = Mapping[str, Text]


def posted(given: Mapping[str, str], written: Texts) -> dict[str, Text]:
    """Return every text with what was sent of it; what was not sent is as it stands."""

    def one(name: str, before: str) -> str:
        return given[name].replace("\r\n", "\n").strip()[:MOST_LETTERS] if name in given else before

    return {
        key: Text(ar=one(f"{key}.ar", text.ar), en=one(f"{key}.en", text.en)) for key, text in written.items()
    }


def with_posted(given: Mapping[str, str], definition: Definition) -> Definition:
    """Return a survey with the texts that were sent, and no other, in it."""
    return texts.replaced(definition, posted(given, texts.texts(definition)))


def missing(text: Text) -> str:
    """Say in which language a text is not written yet, if any."""
    if text.whole:
        return ""
    if text.ar:
        return _("no English yet")
    return _("no Arabic yet") if text.en else _("not written yet")


def left(written: Texts) -> str:
    """Return how many texts are still to be translated, as the reader writes it; nothing where none is."""
    count = sum(not text.whole for text in written.values())
    country = policy.current().policy.controller.country
    return format_number(count, country=country, language=reader_language()) if count else ""


def moved(before: Texts, now: Texts, given: Mapping[str, str]) -> dict[str, str]:
    """Return what others wrote meanwhile, by the field it stands in: nothing that the author sent."""
    found = {}
    for key, text in now.items():
        old = before.get(key)
        for name, said, stood in (
            (f"{key}.ar", text.ar, old and old.ar),
            (f"{key}.en", text.en, old and old.en),
        ):
            if said != stood and name not in given:
                found[name] = said
    return found
