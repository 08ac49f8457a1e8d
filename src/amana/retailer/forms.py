"""Check what staff type before the database does."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from amana.kernel import emails
from amana.kernel.refusal import Refusal
from amana.kernel.text import Bilingual, Language, reader_language
from amana.retailer.queries import StaffMember

Choices = Sequence[tuple[str, str]]

_LEFT_TO_RIGHT = {"dir": "ltr"}
_MAX_PASSWORD = 200  # scrypt hashes any length; nobody types more, and a megabyte would cost the server


class SignInForm(forms.Form):
    """Who wants to come in."""

    email = forms.CharField(
        label=_("E-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "username", **_LEFT_TO_RIGHT}),
    )
    password = forms.CharField(
        label=_("Password"),
        max_length=_MAX_PASSWORD,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password", **_LEFT_TO_RIGHT}),
    )


class PasswordForm(forms.Form):
    """One's own new password."""

    old = forms.CharField(
        label=_("Present password"),
        max_length=_MAX_PASSWORD,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password", **_LEFT_TO_RIGHT}),
    )
    new = forms.CharField(
        label=_("New password"),
        help_text=_("At least 15 characters. A few unrelated words are easy to remember and hard to guess."),
        max_length=_MAX_PASSWORD,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password", **_LEFT_TO_RIGHT}),
    )
    again = forms.CharField(
        label=_("New password, once more"),
        max_length=_MAX_PASSWORD,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password", **_LEFT_TO_RIGHT}),
    )

    def clean(self) -> dict[str, Any]:
        """Refuse two different new passwords."""
        cleaned = super().clean() or {}
        if "new" in cleaned and "again" in cleaned and cleaned["new"] != cleaned["again"]:
            self.add_error("again", _("The two new passwords differ."))
        return cleaned


class CodeForm(forms.Form):
    """A code of one's authenticator, or one of those written down."""

    code = forms.CharField(
        label=_("Code"),
        help_text=_("Six digits from your app, or one of your recovery codes."),
        max_length=40,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "one-time-code",
                "autocapitalize": "none",
                "spellcheck": "false",
                **_LEFT_TO_RIGHT,
            }
        ),
    )


class DetailsForm(forms.Form):
    """What somebody is called, and in which language they work."""

    name_ar = forms.CharField(
        label=_("Name in Arabic"),
        max_length=120,
        widget=forms.TextInput(attrs={"dir": "rtl", "lang": "ar", "autocomplete": "off"}),
    )
    name_en = forms.CharField(
        label=_("Name in English"),
        max_length=120,
        widget=forms.TextInput(attrs={"dir": "ltr", "lang": "en", "autocomplete": "off"}),
    )
    language = forms.ChoiceField(
        label=_("Language of the console"),
        choices=[("ar", "العربية"), ("en", "English")],
        widget=forms.RadioSelect,
    )

    @property
    def name(self) -> Bilingual:
        """Return the name, once the form is valid."""
        return Bilingual(self.cleaned_data["name_ar"], self.cleaned_data["name_en"])

    @property
    def chosen_language(self) -> Language:
        """Return the language, once the form is valid."""
        return "ar" if self.cleaned_data["language"] == "ar" else "en"


class RolesForm(forms.Form):
    """What somebody may do, and in which shops. Nothing is chosen beforehand."""

    roles = forms.MultipleChoiceField(
        label=_("Roles"),
        help_text=_("What each role may see is decided by the published policy."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    scope = forms.ChoiceField(
        label=_("Shops"),
        choices=[("all", _("All shops")), ("some", _("Only the shops chosen below"))],
        widget=forms.RadioSelect,
    )
    shops = forms.MultipleChoiceField(
        label=_("Chosen shops"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, role_choices: Choices, shop_choices: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, choices in (("roles", role_choices), ("shops", shop_choices)):
            field = self.fields[name]
            assert isinstance(field, forms.MultipleChoiceField)
            field.choices = choices

    def clean(self) -> dict[str, Any]:
        """Refuse a limit to no shop at all."""
        cleaned = super().clean() or {}
        if cleaned.get("scope") == "some" and not cleaned.get("shops"):
            self.add_error("shops", _("Please choose at least one shop."))
        return cleaned

    @property
    def chosen_roles(self) -> frozenset[str]:
        """Return the roles, once the form is valid."""
        return frozenset(self.cleaned_data["roles"])

    @property
    def chosen_shops(self) -> frozenset[int] | None:
        """Return the shops, or None for all, once the form is valid."""
        if self.cleaned_data["scope"] == "all":
            return None
        return frozenset(int(number) for number in self.cleaned_data["shops"])


class AddStaffForm(RolesForm, DetailsForm):
    """Everything about somebody new."""

    email = forms.CharField(
        label=_("E-mail address"),
        help_text=_("They sign in with it; nothing is sent to it."),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off", **_LEFT_TO_RIGHT}),
    )
    field_order = ("email", "name_ar", "name_en", "language", "roles", "scope", "shops")

    def clean_email(self) -> str:
        """Refuse what is no e-mail address."""
        try:
            return emails.parse(self.cleaned_data["email"])
        except Refusal as refusal:
            raise forms.ValidationError(refusal.message_in(reader_language())) from refusal


def details_of(member: StaffMember) -> dict[str, str]:
    """Return what DetailsForm starts with for somebody who is here already."""
    return {"name_ar": member.name.ar, "name_en": member.name.en, "language": member.language}


def roles_of(member: StaffMember) -> dict[str, Any]:
    """Return what RolesForm starts with for somebody who is here already."""
    return {
        "roles": sorted(member.roles),
        "scope": "all" if member.shops is None else "some",
        "shops": [str(number) for number in sorted(member.shops or ())],
    }
