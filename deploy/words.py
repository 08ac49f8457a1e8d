"""Compile the words of every room: `django.po` to `django.mo`, where the source is newer."""

import sys
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

SOURCE = Path(__file__).resolve().parent.parent / "src" / "amana"


def main() -> int:
    """Compile what changed; a catalogue that is not well formed fails the set-up."""
    for po in sorted(SOURCE.glob("*/locale/*/LC_MESSAGES/django.po")):
        mo = po.with_suffix(".mo")
        if mo.exists() and mo.stat().st_mtime >= po.stat().st_mtime:
            continue
        with po.open("rb") as source:
            catalogue = read_po(source, locale=po.parent.parent.name, abort_invalid=True)
        with mo.open("wb") as target:
            write_mo(target, catalogue)
    return 0


if __name__ == "__main__":
    sys.exit(main())
