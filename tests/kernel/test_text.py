"""Texts come in both languages, or not at all."""

from dataclasses import FrozenInstanceError
from typing import Any, cast

import pytest

from amana.kernel import text
from amana.kernel.text import Bilingual

GREETING = Bilingual(ar="مرحبًا", en="Welcome")


def test_a_text_is_read_in_either_language() -> None:
    assert [GREETING.in_(language) for language in text.LANGUAGES] == ["مرحبًا", "Welcome"]


def test_an_unknown_language_is_a_bug() -> None:
    with pytest.raises(ValueError, match="fr"):
        GREETING.in_(cast(Any, "fr"))


@pytest.mark.parametrize(("ar", "en"), [("", "Welcome"), ("مرحبًا", " ")])
def test_a_text_missing_in_one_language_is_a_bug(ar: str, en: str) -> None:
    with pytest.raises(ValueError, match="both"):
        Bilingual(ar=ar, en=en)


def test_a_text_does_not_change() -> None:
    with pytest.raises(FrozenInstanceError):
        cast(Any, GREETING).ar = "أهلًا"


def test_arabic_comes_first_and_runs_right_to_left() -> None:
    assert text.DEFAULT_LANGUAGE == "ar"
    assert [text.direction(language) for language in text.LANGUAGES] == ["rtl", "ltr"]


@pytest.mark.parametrize(
    ("tag", "language"),
    [("ar", "ar"), ("ar-SA", "ar"), ("EN_gb", "en"), (" en ", "en"), ("arc", None), ("fr", None), ("", None)],
)
def test_a_language_tag_finds_its_language(tag: str, language: str | None) -> None:
    assert text.find_language(tag) == language


def test_a_foreign_run_is_isolated_in_plain_text() -> None:
    assert text.isolated("+971 50") == "\u2068+971 50\u2069"
