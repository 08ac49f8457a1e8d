"""Check what people answer, in any digits, and say in their language what to mend."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from amana.kernel import births, clock, emails, phones
from amana.kernel.refusal import Refusal
from amana.surveys import places
from amana.surveys.queries import Permission, Survey

MOST_LETTERS = 2000
RATINGS = [
    ("1", _("Very bad")), ("2", _("Bad")), ("3", _("All right")), ("4", _("Good")), ("5", _("Wonderful")),
]  # fmt: skip
# Channels that need an address, and the field that holds it.
NEEDS = {"email": "email", "sms": "mobile", "whatsapp": "mobile"}
UNSAID = [("", _("Prefer not to say"))]


class SurveyForm(forms.Form):
    """One visit, what may be known of the visitor, and what they allow. Nothing is chosen beforehand."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    policy = forms.IntegerField(widget=forms.HiddenInput)
    rating = forms.ChoiceField(
        label=_("How was your visit today?"),
        choices=RATINGS,
        widget=forms.RadioSelect,
        error_messages={"required": _("Please choose one of the five faces.")},
    )

    def __init__(self, *args: Any, survey: Survey, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.survey = survey
        made = _questions(survey)
        self.fields.update({name: made[name] for name in survey.fields})
        for permission in survey.permissions:
            self.fields[permission.field] = forms.BooleanField(
                label=permission.wording.text, help_text=permission.wording.detail, required=False
            )

    def clean_email(self) -> str:
        """Write an e-mail address in one form."""
        return self._read("email", emails.parse)

    def clean_mobile(self) -> str:
        """Write a mobile number in E.164, read as in the shop's country."""
        country = self.survey.shop.country
        return self._read("mobile", lambda text: phones.parse_mobile(text, country=country).e164)

    def clean_birth_date(self) -> str:
        """Write a date of birth as ISO 8601 does."""
        today = clock.today(self.survey.shop.country)
        return self._read("birth_date", lambda text: births.parse(text, today=today).isoformat())

    def _read(self, name: str, reading: Callable[[str], str]) -> str:
        text = str(self.cleaned_data[name])
        try:
            return reading(text) if text else ""
        except Refusal as refusal:
            raise forms.ValidationError(refusal.message_in(self.survey.language)) from refusal

    def clean(self) -> dict[str, Any]:
        """Ask for the address that a permission needs."""
        cleaned = super().clean() or {}
        for channel, field in NEEDS.items():
            ticked = [p.wording.channel for p in self.survey.permissions if cleaned.get(p.field)]
            missing = field in self.fields and not cleaned.get(field) and field not in self.errors
            if channel in ticked and missing:
                self.add_error(field, _missing(field))
        return cleaned

    @property
    def values(self) -> dict[str, str]:
        """Return what was told of the visitor, by field name, once the form is valid."""
        return {name: str(self.cleaned_data[name]) for name in self.survey.fields if self.cleaned_data[name]}

    @property
    def allowed(self) -> list[Permission]:
        """Return what was ticked, once the form is valid."""
        return [one for one in self.survey.permissions if self.cleaned_data[one.field]]


def _missing(field: str) -> str:
    """Return what is said when a permission needs an address that was not written."""
    if field == "email":
        return gettext("You allowed something by e-mail: please write your address, or take the tick away.")
    return gettext(
        "You allowed something by text message or WhatsApp: please write your number, or take the tick away."
    )


def _questions(survey: Survey) -> dict[str, forms.Field]:
    country, language = survey.shop.country, survey.language
    left = {"dir": "ltr"}
    return {
        "opinion": forms.CharField(
            label=gettext("Would you like to tell us more?"),
            help_text=gettext("We read it only if you allow it below."),
            max_length=MOST_LETTERS,
            required=False,
            widget=forms.Textarea(attrs={"rows": 4}),
        ),
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
        "gender": _choice(gettext("Gender"), [("female", gettext("Female")), ("male", gettext("Male"))]),
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
