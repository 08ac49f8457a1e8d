"""Check what people type on their own pages."""

from django import forms
from django.utils.translation import gettext_lazy as _

from amana.kernel import emails
from amana.kernel.refusal import Refusal
from amana.kernel.text import reader_language


class AddressForm(forms.Form):
    """The address a preference link goes to."""

    email = forms.CharField(
        label=_("E-mail address"),
        max_length=320,
        error_messages={"required": _("Please write your e-mail address.")},
        widget=forms.EmailInput(attrs={"autocomplete": "email", "dir": "ltr"}),
    )

    def clean_email(self) -> str:
        """Refuse what is no e-mail address."""
        try:
            return emails.parse(self.cleaned_data["email"])
        except Refusal as refusal:
            raise forms.ValidationError(refusal.message_in(reader_language())) from refusal
