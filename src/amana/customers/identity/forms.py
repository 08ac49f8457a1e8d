"""What staff write when they decide who is who."""

from django import forms
from django.utils.translation import gettext_lazy as _

from amana.kernel import ids
from amana.kernel.ids import CustomerId
from amana.kernel.refusal import Refusal
from amana.kernel.text import reader_language


class CustomerForm(forms.Form):
    """A customer's number, as a conversation or a conflict names them."""

    customer = forms.CharField(
        label=_("Customer's number"),
        max_length=64,
        error_messages={"required": _("Please write the customer's number.")},
        widget=forms.TextInput(attrs={"dir": "ltr", "autocomplete": "off", "spellcheck": "false"}),
    )

    def clean_customer(self) -> CustomerId:
        """Refuse what is no customer's number."""
        try:
            return ids.parse(self.cleaned_data["customer"])
        except Refusal as refusal:
            raise forms.ValidationError(refusal.message_in(reader_language())) from refusal


class ReasonForm(forms.Form):
    """Why; kept with the decision, and gone with the customer."""

    reason = forms.CharField(
        label=_("Reason"),
        help_text=_(
            "What proves it, without names or addresses: the same confirmed mobile, a call, a document."
        ),
        max_length=500,
        error_messages={"required": _("Please give the reason.")},
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )
