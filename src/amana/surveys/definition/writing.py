"""Write a definition as JSON: what is absent, null, false or empty is left out, so that one survey has one spelling."""

import json
from dataclasses import fields, is_dataclass
from hashlib import sha256
from typing import Any

from amana.surveys.definition.document import FORMAT, Definition, Text


def write(definition: Definition) -> dict[str, Any]:
    """Return a definition as `parsing.parse` reads it."""
    return {"format": FORMAT, **written(definition)}


def dumps(definition: Definition) -> str:
    """Return a definition as the text of a JSON file for people to read."""
    return json.dumps(write(definition), ensure_ascii=False, indent=2) + "\n"


def canonical(definition: Definition) -> bytes:
    """Return the one spelling that is hashed: sorted keys, no spaces, UTF-8 (after RFC 8785 for such values)."""
    text = json.dumps(write(definition), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode()


def fingerprint(definition: Definition) -> str:
    """Return the SHA-256 of the canonical spelling, in hexadecimal."""
    return sha256(canonical(definition)).hexdigest()


def written(value: Any) -> Any:
    """Return any part of a definition as JSON has it."""
    if isinstance(value, Text):
        return {"ar": value.ar, "en": value.en}
    if is_dataclass(value):
        found = ((one.name, getattr(value, one.name)) for one in fields(value))
        return {name: written(each) for name, each in found if not _empty(name, each)}
    if isinstance(value, tuple):
        return [written(each) for each in value]
    return value


def _empty(name: str, value: object) -> bool:
    # A number of nought says something: `least` may be 0.
    if value is None or value is False or value == ():
        return True
    return isinstance(value, Text) and not value and name not in ("label", "title")
