"""Make names comparable, in Arabic and Latin letters.

For comparing and searching only: what people wrote is kept and shown as they wrote it.
"""

import re
import unicodedata
from collections.abc import Iterator

from amana.kernel.digits import to_western

TATWEEL = "\u0640"

# Isolated vowel signs (U+FE70–U+FE7F) are dropped before NFKC, which would put a space in front of each.
_VOWEL_FORMS = re.compile("[\ufe70-\ufe7f]")
_LETTERS = str.maketrans(
    {
        "ٱ": "ا",
        "ى": "ي",
        "ی": "ي",
        "ې": "ي",
        "ے": "ي",
        "ک": "ك",
        "ڪ": "ك",
        "ة": "ه",
        "ہ": "ه",
        "ە": "ه",
        "ھ": "ه",
        "ء": None,
        TATWEEL: None,
        "ø": "o",
        "ł": "l",
        "đ": "d",
        "ð": "d",
        "þ": "th",
        "æ": "ae",
        "œ": "oe",
        "ı": "i",
        # Apostrophes inside a name, as in Sha'ban, and the signs transliterations use for ʿayn and hamza.
        **dict.fromkeys("'’‘`´ʼʻʾʿ", None),
    }
)
# Vowel signs and diacritics of Arabic and Latin. Those of Indian scripts spell words apart, and stay.
_MARKS = re.compile(
    "[\u0300-\u036f\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed\u08ca-\u08ff]"
)

# Names written both in one word and in two: عبد الله and عبدالله, أبو بكر and أبوبكر, Al Shamsi and Alshamsi.
_JOINING = frozenset(
    {"عبد", "ابو", "ابا", "ابي", "ام", "ال", "al", "el", "abd", "abdul", "abdel", "abu", "umm"}
)
_INVISIBLE = frozenset({"Cf", "Cc"})
_PARTICLES = frozenset({"بن", "ابن", "بنت", "bin", "ibn", "bint", "bnt"})
_ARTICLE = "ال"


def normalise(text: str) -> str:
    """Return the form under which two spellings of a name are equal.

    Unifies presentation forms (Unicode NFKC), vowel signs, tatweel, hamza and its carriers, alef maqsura and
    yaa, taa marbuta and haa, Persian and Urdu letter forms, digits; in Latin letters case and diacritics.
    Every run of spaces becomes one.
    """
    composed = unicodedata.normalize("NFKC", _VOWEL_FORMS.sub("", text))
    decomposed = unicodedata.normalize("NFD", composed.casefold())
    bare = _MARKS.sub("", decomposed).translate(_LETTERS)
    visible = "".join(c for c in bare if c.isspace() or unicodedata.category(c) not in _INVISIBLE)
    return " ".join(unicodedata.normalize("NFC", to_western(visible)).split())


def search_tokens(text: str) -> tuple[str, ...]:
    """Return the words of a name for a token index, normalised, each once, in order.

    Compound names become one token, the article and the words for "son of" go: whoever is stored as
    `محمد بن عبد الله الشامسي` is found by `محمد عبدالله شامسي`. What is stored and what is asked both pass
    through here, and every token asked must be among those stored.
    """
    words = "".join(c if unicodedata.category(c)[0] in "LMN" else " " for c in normalise(text)).split()
    tokens = [_without_article(word) for word in _joined(words)]
    kept = [token for token in tokens if token not in _PARTICLES] or tokens
    return tuple(dict.fromkeys(kept))


def _joined(words: list[str]) -> Iterator[str]:
    prefix = ""
    for word in words:
        prefix += word
        if word not in _JOINING:
            yield prefix
            prefix = ""
    if prefix:
        yield prefix


def _without_article(word: str) -> str:
    # Three letters must remain, or الله would lose its beginning.
    return word[2:] if word.startswith(_ARTICLE) and len(word) >= 5 else word
