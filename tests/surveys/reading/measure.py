"""Measure how well themes, sentiment and candidates are found on sentences that nothing was learnt from.

Run as a program it writes the figures that the console shows: `python -m tests.surveys.reading.measure`.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from amana.kernel.text import Language
from amana.surveys.reading import judging, sensitive, themes
from amana.surveys.reading import measured as kept

HELD_OUT = Path(__file__).parent / "held_out"
LANGUAGES: tuple[Language, Language] = ("ar", "en")


def held_out(language: Language) -> list[themes.Sentence]:
    """Return the sentences of one language that the model never saw."""
    return list(themes.sentences(_lines(f"themes_{language}.txt")))


def candidates(language: Language) -> Iterator[tuple[frozenset[str], str]]:
    """Give texts of one language with the kinds they should be candidates of."""
    for line in _lines("sensitive.txt").splitlines():
        kinds, _, text = (part.strip() for part in line.partition("|"))
        if any("\u0600" <= one <= "\u06ff" for one in text) == (language == "ar"):
            yield frozenset(kinds.split()) - {"none"}, text


def measure() -> dict[str, Any]:
    """Return all figures, rounded to two places."""
    return {
        "themes": {language: _themes(language) for language in LANGUAGES},
        "sentiment": {language: _sentiment(language) for language in LANGUAGES},
        "sensitive": {language: _sensitive(language) for language in LANGUAGES},
        "sentences": {language: len(held_out(language)) for language in LANGUAGES},
    }


def _lines(name: str) -> str:
    return "\n".join(
        line
        for line in (HELD_OUT / name).read_text("utf-8").splitlines()
        if line.strip() and (line == "# mixed" or not line.startswith("#"))
    )


def _themes(language: Language) -> dict[str, list[float]]:
    sentences = held_out(language)
    read = judging.read([one.text for one in sentences])
    pairs = [
        (one.themes, frozenset(found.themes) - {themes.OTHER})
        for one, found in zip(sentences, read, strict=True)
    ]
    return _figures(pairs, themes.LEARNT)


def _sentiment(language: Language) -> float:
    sentences = held_out(language)
    read = judging.read([one.text for one in sentences])
    right = sum(
        (sum(found.themes.values()) > 0) - (sum(found.themes.values()) < 0) == one.sentiment
        for one, found in zip(sentences, read, strict=True)
    )
    return round(right / len(sentences), 2)


def _sensitive(language: Language) -> dict[str, list[float]]:
    pairs = [(kinds, sensitive.found(text)) for kinds, text in candidates(language)]
    figures = _figures(pairs, sensitive.KINDS)
    whether = [(frozenset({"all"} if a else ()), frozenset({"all"} if b else ())) for a, b in pairs]
    return {**figures, "all": _figures(whether, ("all",))["all"]}


def _figures(
    pairs: Iterable[tuple[frozenset[str], frozenset[str]]], names: Iterable[str]
) -> dict[str, list[float]]:
    right, found, there = Counter[str](), Counter[str](), Counter[str]()
    for true, said in pairs:
        right.update(true & said)
        found.update(said)
        there.update(true)
    sums = [("all", sum(right.values()), sum(found.values()), sum(there.values()))]
    each = [(name, right[name], found[name], there[name]) for name in names if name != "all"]
    return {name: _quality(*counts) for name, *counts in [*sums, *each]}


def _quality(right: int, found: int, there: int) -> list[float]:
    precision, recall = right / found if found else 0.0, right / there if there else 0.0
    both = precision + recall
    f1 = 2 * precision * recall / both if both else 0.0
    return [round(precision, 2), round(recall, 2), round(f1, 2), there]


if __name__ == "__main__":
    kept.FILE.write_text(json.dumps(measure(), indent=1, ensure_ascii=False) + "\n", "utf-8")
