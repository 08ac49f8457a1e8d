"""Choose the language of a message, and put its words into it."""

from amana.gate.values import Opened
from amana.kernel.text import Language, find_language
from amana.post.letters import Words, named
from amana.post.models import Content, Message


def language_of(message: Message, person: Opened) -> Language:
    """Return the language a message is written in: as planned, or the person's own, or Arabic."""
    return find_language(message.language) or find_language(person.values.get("language", "")) or "ar"


def words_of(content: Content, language: Language, name: str) -> Words:
    """Return a content's words in one language, with the reader's name."""
    arabic = language == "ar"
    body = named(content.body_ar if arabic else content.body_en, name, language)
    return Words(
        subject=named(content.subject_ar if arabic else content.subject_en, name, language),
        paragraphs=tuple(part.strip() for part in body.replace("\r\n", "\n").split("\n\n") if part.strip()),
        reason=content.reason_ar if arabic else content.reason_en,
        label=content.label_ar if arabic else content.label_en,
        link=content.link,
        address=content.address,
    )
