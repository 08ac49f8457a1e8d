"""Ask who somebody is, after the fact: what the policy lists and no more, and nothing chosen beforehand."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from amana.kernel import births, clock, emails, phones
from amana.kernel.refusal import Refusal
from amana.kernel.text import Language
from amana.policy import queries as policy
from amana.policy.queries import Wording
from amana.surveys import places
from amana.surveys.taking.reading import NEEDS

SOURCE: Final = "survey"
# In the order they are asked; of these, what the policy does not list for surveys is not asked.
ASKED: Final = ("name", "email", "mobile", "birth_date", "gender", "nationality", "city")
UNSAID = [("", _("Prefer not to say"))]


@dataclass(frozen=True, slots=True)
class Permission:
    """One consent on the form: its field's name and the words that are shown."""

    field: str
    wording: Wording


@dataclass(frozen=True, slots=True)
class Served:
    """One purpose, in the notice's words, with what may be allowed for it."""

    purpose: str
    name: str
    answer: str
    permissions: tuple[Permission, ...]


@dataclass(frozen=True, slots=True)
class Asking:
    """What somebody may tell of themselves, and allow, in one place and language under the running policy."""

    language: Language
    country: str
    policy: int
    fields: tuple[str, ...]
    served: tuple[Served, ...]

    @property
    def permissions(self) -> tuple[Permission, ...]:
        """Return every consent on the form."""
        return tuple(permission for served in self.served for permission in served.permissions)


def asking(language: Language, *, country: str, jurisdiction: str) -> Asking:
    """Return what may be told and allowed. Raises Refusal policy_not_published."""
    published = policy.current()
    text = published.policy
    return Asking(
        language=language,
        country=country,
        policy=published.version.number,
        fields=tuple(n for n in ASKED if n in text.categories and SOURCE in text.categories[n].sources),
        served=tuple(
            Served(
                purpose=name,
                name=text.purposes[name].name.in_(language),
                answer=text.purposes[name].answer.in_(language),
                permissions=tuple(Permission(_field(wording), wording) for wording in wordings),
            )
            for name, wordings in groupby(
                policy.consents(language, jurisdiction), key=lambda wording: wording.purpose
            )
        ),
    )


def _field(wording: Wording) -> str:
    return f"allow-{wording.purpose}-{wording.channel}" if wording.channel else f"allow-{wording.purpose}"


class PersonForm(forms.Form):
    """Who somebody is, and what they allow."""

    code = forms.CharField(widget=forms.HiddenInput, max_length=40)
    policy = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, asking: Asking, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asking = asking
        made = _questions(asking)
        self.fields.update({name: made[name] for name in asking.fields})
        for permission in asking.permissions:
            self.fields[permission.field] = forms.BooleanField(
                label=permission.wording.text, help_text=permission.wording.detail, required=False
            )

    def clean_email(self) -> str:
        """Write an e-mail address in one form."""
        return self._read("email", emails.parse)

    def clean_mobile(self) -> str:
        """Write a mobile number in E.164, read as in the shop's country."""
        country = self.asking.country
        return self._read("mobile", lambda text: phones.parse_mobile(text, country=country).e164)

    def clean_birth_date(self) -> str:
        """Write a date of birth as ISO 8601 does."""
        today = clock.today(self.asking.country)
        return self._read("birth_date", lambda text: births.parse(text, today=today).isoformat())

    def _read(self, name: str, reading: Callable[[str], str]) -> str:
        text = str(self.cleaned_data[name])
        try:
            return reading(text) if text else ""
        except Refusal as refusal:
            raise forms.ValidationError(refusal.message_in(self.asking.language)) from refusal

    def clean(self) -> dict[str, Any]:
        """Ask for the address that a permission needs."""
        cleaned = super().clean() or {}
        for channel, field in NEEDS.items():
            ticked = [p.wording.channel for p in self.asking.permissions if cleaned.get(p.field)]
            missing = field in self.fields and not cleaned.get(field) and field not in self.errors
            if channel in ticked and missing:
                self.add_error(field, _missing(field))
        return cleaned

    @property
    def values(self) -> dict[str, str]:
        """Return what was told of the visitor, by field name, once the form is valid."""
        return {name: str(self.cleaned_data[name]) for name in self.asking.fields if self.cleaned_data[name]}

    @property
    def allowed(self) -> list[Permission]:
        """Return what was ticked, once the form is valid."""
        return [one for one in self.asking.permissions if self.cleaned_data[one.field]]


def _missing(field: str) -> str:
    """Return what is said when a permission needs an address that was not written."""
    if field == "email":
        return gettext("You allowed something by e-mail: please write your address, or take the tick away.")
    return gettext(
        "You allowed something by text message or WhatsApp: please write your number, or take the tick away."
    )


def _questions(asking: Asking) -> dict[str, forms.Field]:
    country, language = asking.country, asking.language
    left = {"dir": "ltr"}
    return {
        "name": _text(gettext("Name"), 120, autocomplete="name"),
        "email": _text(gettext("E-mail address"), 320, inputmode="email", autocomplete="email", **left),
        "mobile": _text(
            places.mobile_label(country, language),
            40,
            inputmode="tel",
            autocomplete="tel",
            placeholder=f"{phones.calling_code(country)} …",
            **left,
        ),
        "birth_date": _text(
            gettext("Date of birth"),
            40,
            hint=gettext("Day, month, year: 25/12/1990"),
            autocomplete="bday",
            **left,
        ),
        "gender": _choice(gettext("Gender"), places.genders(language)),
        "nationality": _choice(
            gettext("Nationality"), places.nationalities(language, first=country), autocomplete="country"
        ),
        "city": _choice(gettext("City"), places.cities(country, language)),
    }


def _text(label: str, most: int, *, hint: str = "", **attributes: str) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=hint,
        max_length=most,
        required=False,
        widget=forms.TextInput(attrs=attributes),
    )


def _choice(label: str, choices: list[Any], **attributes: str) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label, choices=[*UNSAID, *choices], required=False, widget=forms.Select(attrs=attributes)
    )
