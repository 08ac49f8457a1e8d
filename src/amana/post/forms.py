"""What a shopper of the demo may write."""

from django import forms
from django.utils.translation import gettext_lazy as _


class LetterForm(forms.Form):
    """A mail to the service address."""

    subject = forms.CharField(label=_("Subject"), max_length=200)
    text = forms.CharField(label=_("Message"), max_length=20_000, widget=forms.Textarea(attrs={"rows": 8}))
