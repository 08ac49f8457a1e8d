"""What the runner says, read from the very table the browser reads."""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

from amana.kernel.text import Language

TABLE: Final = Path(__file__).parents[1] / "static" / "surveys" / "words.js"


@cache
def table() -> Mapping[Language, Mapping[str, str]]:
    """Return every text by language and key."""
    text = TABLE.read_text("utf-8")
    found: Mapping[Language, Mapping[str, str]] = json.loads(text[text.index("= {") + 2 : text.rindex(";")])
    return found


def told(key: str, language: Language, **parts: object) -> str:
    """Return one text with its parts put in."""
    text = table()[language][key]
    for name, part in parts.items():
        text = text.replace(f"{{{name}}}", str(part))
    return text
