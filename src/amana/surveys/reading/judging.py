"""From a text to what is counted of it: its themes, each with how its writer felt, and what it asks for."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from amana.surveys.reading import lexicon, model, words
from amana.surveys.reading.lexicon import Named
from amana.surveys.reading.model import Judged
from amana.surveys.reading.themes import OTHER, Sentiment

# Where a thought ends and another one begins.
_ENDS: Final = re.compile(
    r"[.!?؟؛;\n]+|[,،]\s*(?=\S+\s+\S+)|\s+(?:but|however|although|yet|بس|لكن|ولكن|غير ان|مع ان|الا ان)\s+",
    re.IGNORECASE,
)
_MOST_PIECES: Final = 40
# How people say in a survey that they looked for something, or would have it.
_WANTING: Final = re.compile(
    r"\b(?:want(?:ed)?|need(?:ed|s)?|look(?:ing|ed) for|bring back|bring (?:more|us)|stock more|more|wish|find|found|"
    r"no|none|out of stock|sold out|not available|unavailable|missing|finished|get more|carry|would like)\b"
    r"|(?<!\w)(?:نبي|نبغي|ابي|ابغي|ابا|نبا|ودي|ياليت|ياريت|نحتاج|احتاج|اريد|نريد|وفروا|توفرون|توفير|رجعوا|نزلوا|"
    r"زيدوا|ادور|ندور|دورت|لقيت|لقينا|حصلت|ما في|مافي|مافيه|ما فيه|خلصان|خلصانه|خلص|خالص|نفذت|نفدت|مب موجود|مو موجود|"
    r"غير متوفر|مب متوفر|ناقص|ناقصه|بغيت|اتمني|جيت ل)(?!\w)"
)


@dataclass(frozen=True, slots=True)
class Read:
    """What one answer in words came to: how its writer felt about each theme, what it asked for, and all it named."""

    themes: dict[str, Sentiment]
    wanted: Named
    named: Named


def read(texts: Sequence[str]) -> list[Read]:
    """Judge answers in words, each by its pieces; what no theme was found in counts as `other`."""
    pieces = [list(_pieces(text)) for text in texts]
    judged = iter(model.model().judge([piece for of_one in pieces for piece in of_one]))
    return [
        Read(_together([next(judged) for _ in of_one]), _wanted(of_one), lexicon.named(text))
        for text, of_one in zip(texts, pieces, strict=True)
    ]


def _pieces(text: str) -> Iterator[str]:
    found = [piece.strip() for piece in _ENDS.split(text) if piece and piece.strip()]
    yield from found[:_MOST_PIECES] or [text]


def _together(judged: Sequence[Judged]) -> dict[str, Sentiment]:
    """Add up what pieces say: a theme that is praised and blamed stands at nought."""
    sums: dict[str, int] = {}
    for one in judged:
        for theme in one.themes:
            sums[theme] = sums.get(theme, 0) + one.sentiment
    if not sums:
        sums = {OTHER: sum(one.sentiment for one in judged)}
    return {theme: _sign(total) for theme, total in sums.items()}


def _sign(total: int) -> Sentiment:
    return 1 if total > 0 else -1 if total < 0 else 0


def _wanted(pieces: Sequence[str]) -> Named:
    """Return what is named where somebody says that they looked for something, or would have it."""
    found = [lexicon.named(piece) for piece in pieces if _WANTING.search(words.plain(piece))]
    return Named(
        tuple(dict.fromkeys(code for one in found for code in one.products)),
        tuple(dict.fromkeys(code for one in found for code in one.sizes)),
    )
