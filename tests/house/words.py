"""The words people read: those the sources ask for, and those the Arabic catalogues hold."""

import io
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Message
from babel.messages.extract import extract
from babel.messages.pofile import read_po
from django.utils.translation.template import templatize

from tests.house import rules

KEYWORDS = {
    "gettext": None, "gettext_lazy": None, "_": None, "say": None, "gettext_noop": None,
    "ngettext": (1, 2), "ngettext_lazy": (1, 2), "pgettext": ((1, "c"), 2), "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}  # fmt: skip


def asked(room: Path) -> set[str]:
    """Return every English text the room's Python and pages ask to have translated."""
    python = [path.read_bytes() for path in room.rglob("*.py")]
    pages = [
        templatize(path.read_text("utf-8"), origin=str(path)).encode()
        for kind in ("html", "txt")
        for path in room.glob(f"templates/**/*.{kind}")
    ]
    return {text for source in [*python, *pages] for text in _texts(source)}


def _texts(source: bytes) -> Iterator[str]:
    for _, message, _, _ in extract("python", io.BytesIO(source), keywords=KEYWORDS):
        yield message if isinstance(message, str) else message[0]


def known(po: Path) -> dict[str, Message]:
    """Return a catalogue's entries by their English text."""
    with po.open("rb") as source:
        return {_first(entry): entry for entry in read_po(source, locale="ar") if entry.id}


def _first(entry: Message) -> str:
    return entry.id if isinstance(entry.id, str) else str(entry.id[0])


def missing(room: Path) -> list[str]:
    """Name what the room shows without Arabic: texts not in its catalogue, empty ones, fuzzy ones."""
    po = room / "locale" / "ar" / "LC_MESSAGES" / "django.po"
    entries = known(po) if po.exists() else {}
    absent = [f"{room.name}: {text!r} is not in the catalogue" for text in sorted(asked(room) - set(entries))]
    empty = [
        f"{room.name}: {text!r} {'is fuzzy' if entry.fuzzy else 'has no Arabic'}"
        for text, entry in entries.items()
        if entry.fuzzy or not all(entry.string if isinstance(entry.string, list | tuple) else [entry.string])
    ]
    return absent + empty


def rooms() -> list[Path]:
    """Return the rooms there are."""
    return [path for floor in rules.floors() for name in floor if (path := rules.ROOMS / name).is_dir()]
