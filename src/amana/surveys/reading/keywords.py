"""Words by which themes are named: features for the model, and enough by themselves for the labels of choices."""

from collections.abc import Collection, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Final, TypeAlias

from amana.surveys.reading import words
from amana.surveys.reading.themes import LEARNT

Names: TypeAlias = Mapping[tuple[str, ...], frozenset[str]]

HERE: Final = Path(__file__).parent
MOST_WORDS: Final = 3


@lru_cache(maxsize=1)
def themes() -> Names:
    """Return the themes that each name speaks of, by the stems of its words. Raises ValueError for an unknown theme."""
    return _read(HERE / "keywords.txt", LEARNT)


@lru_cache(maxsize=1)
def polarity() -> Names:
    """Return whether each word praises (`good`) or blames (`bad`), by its stems."""
    return _read(HERE / "polarity.txt", ("good", "bad"))


def named(stems: list[str], names: Names) -> Iterator[tuple[str, int]]:
    """Give what each name that occurs speaks of, and of how many words the name is; the same may come often."""
    for many in range(1, MOST_WORDS + 1):
        for place in range(len(stems) - many + 1):
            for meaning in sorted(names.get(tuple(stems[place : place + many]), ())):
                yield meaning, many


def _read(file: Path, known: Collection[str]) -> Names:
    found: dict[tuple[str, ...], frozenset[str]] = {}
    for line in file.read_text("utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        meaning, _, names = line.partition(":")
        if meaning not in known:
            raise ValueError(f"a heading that means nothing: {meaning!r}")
        for name in names.split(","):
            key = tuple(words.stems(name))
            found[key] = found.get(key, frozenset()) | {meaning}
    return MappingProxyType(found)


def theme_of(label: str) -> str:
    """Return the theme a short label names most often, longer names first; empty where it names none."""
    counts: dict[str, int] = {}
    for theme, many in named(words.stems(label), themes()):
        counts[theme] = counts.get(theme, 0) + many * many
    return max(counts, key=lambda theme: (counts[theme], -LEARNT.index(theme)), default="")
