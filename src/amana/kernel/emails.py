"""Read e-mail addresses strictly, and write them in one form. Nothing is asked of the DNS."""

import re
import unicodedata

from amana.kernel.digits import to_western
from amana.kernel.refusal import Refusal, register
from amana.kernel.text import Bilingual

# RFC 5321, sections 4.5.3.1.1 to 4.5.3.1.3: a path of 256 octets less its angle brackets.
MAX_ADDRESS = 254
MAX_LOCAL = 64
MAX_DOMAIN = 253

# RFC 5322, section 3.2.3, dot-atom. Quoted local parts and address literals are legal and never a customer's.
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LOCAL = re.compile(rf"{_ATOM}(?:\.{_ATOM})*", re.ASCII)
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?", re.ASCII)
_LOOKALIKE_SCRIPTS = frozenset({"CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE", "COPTIC", "LISU", "LOOKALIKE"})
_EAST_ASIAN = frozenset({"CJK", "HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA", "HANGUL", "BOPOMOFO"})
_IGNORED_SCRIPTS = frozenset({"DIGIT", "HYPHEN-MINUS", "ARABIC-INDIC", "COMBINING"})
_LAST_PLAIN_LATIN = "\u017f"
_LATIN_LOOKALIKES = frozenset("ıĸſŀŉ")

register(
    "email_invalid",
    Bilingual(
        ar="عنوان البريد الإلكتروني غير صحيح. يُرجى كتابته كاملًا، مثل name@example.com.",
        en="This e-mail address is not valid. Please write it in full, such as name@example.com.",
    ),
)
register(
    "email_too_long",
    Bilingual(
        ar="عنوان البريد الإلكتروني أطول من المسموح به. يُرجى التأكد منه.",
        en="This e-mail address is longer than addresses can be. Please check it.",
    ),
)
register(
    "email_letters",
    Bilingual(
        ar="يجب أن يكون ما قبل علامة @ بحروف لاتينية وأرقام. يُرجى تغيير لغة لوحة المفاتيح وإعادة الكتابة.",
        en="The part before @ must be in Latin letters and digits. Please switch the keyboard and type it"
        " again.",
    ),
)
register(
    "email_lookalike",
    Bilingual(
        ar="في عنوان البريد الإلكتروني حروف تشبه غيرها أو لا تظهر. يُرجى إعادة كتابته باليد بدل لصقه.",
        en="This e-mail address contains letters that look like others, or cannot be seen. Please type it by"
        " hand instead of pasting it.",
    ),
)


class EmailRefused(Refusal):
    """Say what is wrong with an e-mail address."""


def parse(text: str) -> str:
    """Return the address as it is kept.

    The local part stays as typed, the domain becomes lower case, in A-labels (RFC 5890, section 2.3.2.1).
    Spaces and direction marks around it are trimmed, digits of any script become Western. Raises EmailRefused
    (`email_invalid`, `email_too_long`, `email_letters`, `email_lookalike`).
    """
    trimmed = to_western(_trimmed(text))
    if any(unicodedata.category(c) in ("Cc", "Cf") for c in trimmed):
        raise EmailRefused.of("email_lookalike")
    local, at, domain = trimmed.rpartition("@")
    if not at or not local or not domain:
        raise EmailRefused.of("email_invalid")
    address = f"{_local(local)}@{_domain(domain)}"
    if len(address) > MAX_ADDRESS:
        raise EmailRefused.of("email_too_long")
    return address


def matching(address: str) -> str:
    """Return the form under which two parsed addresses are the same mailbox: lower case throughout.

    RFC 5321 lets hosts tell cases apart; no mailbox provider does, and people do not.
    """
    return address.lower()


def display(address: str) -> str:
    """Write a parsed address for people, its domain in its own letters."""
    local, _, domain = address.rpartition("@")
    try:
        return f"{local}@{domain.encode('ascii').decode('idna')}"
    except UnicodeError:
        return address


def _trimmed(text: str) -> str:
    start, end = 0, len(text)
    while start < end and _around(text[start]):
        start += 1
    while end > start and _around(text[end - 1]):
        end -= 1
    return text[start:end]


def _around(character: str) -> bool:
    return character.isspace() or unicodedata.category(character) == "Cf"


def _local(local: str) -> str:
    if not local.isascii():
        raise EmailRefused.of("email_letters")
    if len(local) > MAX_LOCAL:
        raise EmailRefused.of("email_too_long")
    if not _LOCAL.fullmatch(local):
        raise EmailRefused.of("email_invalid")
    return local


def _domain(domain: str) -> str:
    # Refused before the mapping, whose cost grows with the square of the length.
    if len(domain) > MAX_DOMAIN:
        raise EmailRefused.of("email_too_long")
    if not domain.isascii() or "xn--" in domain.lower():
        domain = _ascii_domain(domain)
    lowered = domain.lower()
    if len(lowered) > MAX_DOMAIN:
        raise EmailRefused.of("email_too_long")
    labels = lowered.split(".")
    if len(labels) < 2 or labels[-1].isdigit() or not all(_LABEL.fullmatch(label) for label in labels):
        raise EmailRefused.of("email_invalid")
    return lowered


def _ascii_domain(domain: str) -> str:
    try:
        ascii_form = domain.encode("idna").decode("ascii").lower()
        letters = ascii_form.encode("ascii").decode("idna")
        again = letters.encode("idna").decode("ascii")
    except UnicodeError:
        raise EmailRefused.of("email_invalid") from None
    # What the mapping of IDNA 2003 would silently turn into another name (ß into ss) is refused.
    typed = unicodedata.normalize("NFKC", domain).lower()
    if again.lower() != ascii_form or typed not in (letters, ascii_form) or _is_lookalike(letters):
        raise EmailRefused.of("email_lookalike")
    return ascii_form


def _is_lookalike(domain: str) -> bool:
    labels = domain.split(".")
    scripts = [_scripts(label) for label in labels]
    if any(len(found) > 1 for found in scripts):
        return True
    used = frozenset[str]().union(*scripts[:-1])
    # A whole label of Cyrillic can spell a Latin name; under a domain of its own script it deceives nobody.
    return bool(used & _LOOKALIKE_SCRIPTS) and not scripts[-1] & _LOOKALIKE_SCRIPTS


def _scripts(label: str) -> frozenset[str]:
    return frozenset(_script(character) for character in label) - _IGNORED_SCRIPTS


def _script(character: str) -> str:
    script = unicodedata.name(character, "UNNAMED").partition(" ")[0]
    if script == "LATIN" and (character > _LAST_PLAIN_LATIN or character in _LATIN_LOOKALIKES):
        return "LOOKALIKE"
    return "EAST ASIAN" if script in _EAST_ASIAN else script
