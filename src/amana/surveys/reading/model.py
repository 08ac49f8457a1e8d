"""A small model that tells what a text is about and how its writer felt: learnt here, from the sentences in `corpus/`.

Character and word n-grams, and which themes' names occur, weighed by logistic regression (scikit-learn). It is learnt
anew by each process that reads, in a few seconds and always alike, and is never written to disk.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Any, Final

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import FeatureUnion
from threadpoolctl import threadpool_limits

from amana.surveys.reading import keywords, themes, words
from amana.surveys.reading.themes import LEARNT, Sentiment

# Below this, nothing is said of a theme: what has no theme is "something else", never the nearest one.
CONFIDENT: Final = 0.35
_STRENGTH: Final = 5.0
_SENTIMENTS: Final[tuple[Sentiment, ...]] = (-1, 0, 1)


@dataclass(frozen=True, slots=True)
class Judged:
    """What one piece of text is about, and how its writer felt about it."""

    themes: tuple[str, ...]
    sentiment: Sentiment


def word_features(text: str) -> list[str]:
    """Return the stems of a text and each two that follow each other."""
    found = words.stems(text)
    return [*found, *(f"{one} {two}" for one, two in pairwise(found))]


def name_features(text: str) -> list[str]:
    """Return the themes whose names occur; names of several words weigh apart."""
    return [
        f"{theme}{'+' * (many > 1)}" for theme, many in keywords.named(words.stems(text), keywords.themes())
    ]


def praise_features(text: str) -> list[str]:
    """Return a mark for each word of praise and of blame."""
    return [meaning for meaning, _many in keywords.named(words.stems(text), keywords.polarity())]


class Model:
    """What was learnt: one regression for each theme, and one for sentiment."""

    def __init__(self, sentences: Sequence[themes.Sentence]) -> None:
        """Learn from sentences; the same ones give the same model."""
        self._features = FeatureUnion(
            [
                ("characters", TfidfVectorizer(
                    analyzer="char_wb", ngram_range=(2, 5), min_df=2, sublinear_tf=True, preprocessor=words.plain)),
                ("words", TfidfVectorizer(analyzer=word_features, sublinear_tf=True)),
                ("names", TfidfVectorizer(analyzer=name_features, use_idf=False, sublinear_tf=True)),
                ("praise", TfidfVectorizer(analyzer=praise_features, use_idf=False, sublinear_tf=True)),
            ]
        )  # fmt: skip
        matrix = self._features.fit_transform([one.text for one in sentences])
        # On few cores that others use, several threads wait for each other far longer than they work.
        with threadpool_limits(limits=1):
            self._learn(matrix, sentences)

    def _learn(self, matrix: Any, sentences: Sequence[themes.Sentence]) -> None:
        self._themes = [
            _learnt(matrix, np.array([theme in one.themes for one in sentences])) for theme in LEARNT
        ]
        self._sentiments = [
            _learnt(matrix, np.array([one.sentiment == sign for one in sentences]), "balanced")
            for sign in _SENTIMENTS
        ]

    def judge(self, texts: Sequence[str]) -> list[Judged]:
        """Judge pieces of text, each by itself."""
        if not texts:
            return []
        matrix = self._features.transform(texts)
        about = np.column_stack([one.predict_proba(matrix)[:, 1] for one in self._themes])
        felt = np.column_stack([one.predict_proba(matrix)[:, 1] for one in self._sentiments])
        return [
            Judged(
                tuple(theme for theme, sure in zip(LEARNT, row, strict=True) if sure >= CONFIDENT),
                _SENTIMENTS[int(np.argmax(signs))],
            )
            for row, signs in zip(about, felt, strict=True)
        ]


def _learnt(matrix: Any, true: Any, weight: str | None = None) -> LogisticRegression:
    return LogisticRegression(C=_STRENGTH, class_weight=weight, solver="liblinear", random_state=0).fit(
        matrix, true
    )


@lru_cache(maxsize=1)
def model() -> Model:
    """Return this process's model, learnt when it is first asked for."""
    return Model([*themes.corpus("ar"), *themes.corpus("en")])
