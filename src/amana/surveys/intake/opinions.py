"""The words of one answer as one sealed value: the policy has one category for them, and a survey may ask often."""

import json
from collections.abc import Mapping, Sequence
from typing import Final

# The policy's category.
OPINION: Final = "opinion"


def pack(texts: Mapping[str, str]) -> str:
    """Return the words by question as one text: a single one as it is, several as a JSON object."""
    if len(texts) == 1:
        return next(iter(texts.values()))
    return json.dumps(dict(texts), ensure_ascii=False, separators=(",", ":"))


def unpack(packed: str, names: Sequence[str]) -> Mapping[str, str]:
    """Return the words by question; `names` are the response's `texts`, in whatever order."""
    if len(names) == 1:
        return {names[0]: packed}
    found: dict[str, str] = json.loads(packed)
    return found
