"""Two spellings of one name meet; what people wrote is never changed."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amana.kernel import arabic
from tests.kernel.properties import steady

# Letters of names, with what comes with them: marks, joiners, presentation forms, spaces, digits.
NAMES = st.text(
    alphabet=st.one_of(
        st.characters(min_codepoint=0x0600, max_codepoint=0x06FF),
        st.characters(min_codepoint=0xFB50, max_codepoint=0xFEFC),
        st.characters(max_codepoint=0x024F),
        st.sampled_from(" \u200c\u200f'-"),
    ),
    max_size=30,
)


@pytest.mark.parametrize(
    ("written", "normalised"),
    [
        ("مُحَمَّدٌ", "محمد"),
        ("محـــمد", "محمد"),
        ("ﻣﺤﻤﺪ", "محمد"),
        ("ﷲ", "الله"),
        ("الرحمٰن", "الرحمن"),
        ("أحمد", "احمد"),
        ("إبراهيم", "ابراهيم"),
        ("آمنة", "امنه"),
        ("ٱلله", "الله"),
        ("هدى", "هدي"),
        ("مؤمن", "مومن"),
        ("فائزة", "فايزه"),
        ("علاء", "علا"),
        ("علی", "علي"),
        ("کریم", "كريم"),
        ("محمد\u200f ", "محمد"),
        ("شقة ١٢", "شقه 12"),
        ("شقة ۱۲", "شقه 12"),
        ("José GARCÍA", "jose garcia"),
        ("Łukasz Ångström", "lukasz angstrom"),
        ("STRAẞE", "strasse"),
        ("İpek IŞIK ışık", "ipek isik isik"),
        ("Sha'ban Sha’ban Shaʿban", "shaban shaban shaban"),
        ("  Fatima \t\n Ali ", "fatima ali"),
        ("ＡＬＩ", "ali"),
        ("नमस्ते", "नमस्ते"),
        ("", ""),
    ],
)
def test_normalise(written: str, normalised: str) -> None:
    assert arabic.normalise(written) == normalised


@steady
@given(NAMES)
def test_normalising_twice_changes_nothing(text: str) -> None:
    assert arabic.normalise(arabic.normalise(text)) == arabic.normalise(text)


@steady
@given(NAMES)
def test_the_encoding_form_does_not_matter(text: str) -> None:
    forms = [unicodedata.normalize(form, text) for form in ("NFC", "NFD")]
    assert {arabic.normalise(form) for form in forms} == {arabic.normalise(text)}


@steady
@given(st.lists(st.sampled_from("ابتثجحخدذرزسشصضطظعغفقكلمنهوي"), min_size=1, max_size=12), st.data())
def test_vowel_signs_and_tatweel_never_matter(letters: list[str], data: st.DataObject) -> None:
    signs = st.text(alphabet="\u0640\u064b\u064c\u064d\u064e\u064f\u0650\u0651\u0652\u0670", max_size=3)
    written = "".join(letter + data.draw(signs) for letter in letters)
    assert arabic.normalise(written) == "".join(letters)


@pytest.mark.parametrize(
    ("written", "tokens"),
    [
        ("محمد بن عبد الله الشامسي", ("محمد", "عبدالله", "شامسي")),
        ("محمّد عبدالله شامسى", ("محمد", "عبدالله", "شامسي")),
        ("أبو بكر", ("ابوبكر",)),
        ("أم كلثوم", ("امكلثوم",)),
        ("فاطمة الزهراء", ("فاطمه", "زهرا")),
        ("الله", ("الله",)),
        ("عبد", ("عبد",)),
        ("ابن", ("ابن",)),
        ("Fatima bint Mohammed Al-Shamsi", ("fatima", "mohammed", "alshamsi")),
        ("AlShamsi", ("alshamsi",)),
        ("Abdul Rahman", ("abdulrahman",)),
        ("O'Brien", ("obrien",)),
        ("ali ALI Ali", ("ali",)),
        ("شارع ١٢، شقة ٣", ("شارع", "12", "شقه", "3")),
        ("नमस्ते दुनिया", ("नमस्ते", "दुनिया")),
        ("", ()),
        (" - ، . ", ()),
    ],
)
def test_search_tokens(written: str, tokens: tuple[str, ...]) -> None:
    assert arabic.search_tokens(written) == tokens


@steady
@given(NAMES)
def test_two_spellings_that_are_equal_have_equal_tokens(text: str) -> None:
    assert arabic.search_tokens(arabic.normalise(text)) == arabic.search_tokens(text)


@steady
@given(NAMES)
def test_tokens_are_single_words_without_repeats(text: str) -> None:
    tokens = arabic.search_tokens(text)
    assert [token for token in tokens if len(token.split()) != 1] == []
    assert len(tokens) == len(set(tokens))
