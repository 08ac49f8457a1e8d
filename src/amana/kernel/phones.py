"""Read telephone numbers as people in the Gulf write them, into E.164."""

import re
from dataclasses import dataclass
from typing import Literal, TypeAlias

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberFormat, PhoneNumberType

from amana.kernel.digits import to_western
from amana.kernel.refusal import Refusal, register
from amana.kernel.text import Bilingual

Kind: TypeAlias = Literal["mobile", "fixed", "either"]

GULF: tuple[str, ...] = ("AE", "SA", "KW", "BH", "OM", "QA")

# Other kinds (toll-free, premium rate, shared cost, company numbers) belong to no one person, and some of
# them cost whoever calls.
_KINDS: dict[int, Kind] = {
    PhoneNumberType.MOBILE: "mobile",
    PhoneNumberType.FIXED_LINE: "fixed",
    PhoneNumberType.FIXED_LINE_OR_MOBILE: "either",
}
_NO_COUNTRY = "001"
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\u061c\ufeff]")
_WRITTEN = re.compile(r"(?:\+|00)?[0-9 .()/\-]{5,30}", re.ASCII)
_SPACES = re.compile(r"\s")
_SIGNS = str.maketrans(
    {
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212\ufe63\uff0d\u0640", "-"),
        "\uff0b": "+",
        "\uff08": "(",
        "\uff09": ")",
    }
)

register(
    "phone_invalid",
    Bilingual(
        ar="رقم الهاتف غير صحيح. يُرجى التأكد منه، مع إضافة رمز الدولة إن كان من بلد آخر، مثل ‎+966.",
        en="This phone number is not valid. Please check it, and add the country code if it is from another"
        " country, such as +966.",
    ),
)
register(
    "phone_not_personal",
    Bilingual(
        ar="هذا رقم خدمة أو شركة. يُرجى كتابة رقم هاتف شخصي، محمولًا كان أو أرضيًا.",
        en="This is a service or company number. Please give a personal mobile or landline number.",
    ),
)
register(
    "phone_not_mobile",
    Bilingual(
        ar="هذا رقم هاتف أرضي. يُرجى كتابة رقم هاتف محمول.",
        en="This is a landline number. Please give a mobile number.",
    ),
)


class PhoneRefused(Refusal):
    """Say what is wrong with a telephone number."""


@dataclass(frozen=True, slots=True)
class Phone:
    """A telephone number: its E.164 form, its country (ISO 3166-1; None for satellites), its kind."""

    e164: str
    country: str | None
    kind: Kind

    @property
    def mobile(self) -> bool:
        """Whether text messages may reach it; in some countries (US, CA) numbers do not tell."""
        return self.kind != "fixed"


def parse(text: str, *, country: str) -> Phone:
    """Read a number typed in a shop of `country` (ISO 3166-1 alpha-2), in any digits.

    Without `+` or `00` it is read as a number of that country, else as one that begins with the code of a
    Gulf country. Raises PhoneRefused (`phone_invalid`, `phone_not_personal`).
    """
    written = _written(text)
    number = _find_valid(written, country)
    if number is None:
        raise PhoneRefused.of("phone_invalid")
    kind = _KINDS.get(phonenumbers.number_type(number))
    if kind is None:
        raise PhoneRefused.of("phone_not_personal")
    e164 = phonenumbers.format_number(number, PhoneNumberFormat.E164)
    region = phonenumbers.region_code_for_number(number)
    return Phone(e164, None if region == _NO_COUNTRY else region, kind)


def parse_mobile(text: str, *, country: str) -> Phone:
    """Read a number that text messages can reach; otherwise as `parse`, and `phone_not_mobile`."""
    phone = parse(text, country=country)
    if not phone.mobile:
        raise PhoneRefused.of("phone_not_mobile")
    return phone


def display(e164: str, *, country: str) -> str:
    """Write an E.164 number for a reader in `country`: nationally at home, internationally abroad.

    Always in Western digits and left to right; isolate it in running text. Numbering plans change, so a
    number taken long ago is written even when it would be refused today. Raises ValueError when it is not
    E.164.
    """
    number = _parsed(e164)
    home = phonenumbers.region_code_for_number(number) == country.upper()
    form = PhoneNumberFormat.NATIONAL if home else PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(number, form)


def calling_code(country: str) -> str:
    """Return a country's calling code with its plus, such as `+971`. Raises LookupError."""
    code = phonenumbers.country_code_for_region(country.upper())
    if not code:
        raise LookupError(f"no calling code for country {country!r}")
    return f"+{code}"


def _parsed(e164: str) -> PhoneNumber:
    try:
        return phonenumbers.parse(e164)
    except NumberParseException:
        raise ValueError("not an E.164 number") from None


def _written(text: str) -> str:
    plain = _SPACES.sub(" ", _INVISIBLE.sub("", to_western(text))).translate(_SIGNS).strip()
    # A plus at the end is a plus at the front, copied out of a right-to-left line.
    if plain.endswith("+"):
        plain = "+" + plain[:-1].rstrip()
    return plain if _WRITTEN.fullmatch(plain) else ""


def _find_valid(written: str, country: str) -> PhoneNumber | None:
    bare = re.sub(r"[^0-9+]", "", written, flags=re.ASCII)
    readings = [written]
    if not bare.startswith(("+", "0")) and bare.startswith(_gulf_codes()):
        readings.append(f"+{bare}")
    for reading in readings:
        try:
            number = phonenumbers.parse(reading, country.upper())
        except NumberParseException:
            continue
        if phonenumbers.is_valid_number(number):
            return number
    return None


def _gulf_codes() -> tuple[str, ...]:
    return tuple(str(phonenumbers.country_code_for_region(country)) for country in GULF)
