"""What an agent writes or chooses on a conversation's page."""

from django import forms
from django.utils.translation import gettext_lazy as _

from amana.rights.shown import EXTENSIONS, REASONS


class AnswerForm(forms.Form):
    """An answer to the customer. Its direction follows what is written."""

    text = forms.CharField(
        label=_("Your answer"),
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 8, "dir": "auto"}),
        error_messages={"required": _("Please write the answer before sending it.")},
    )


class RefusalForm(forms.Form):
    """Why a request is closed without being carried out."""

    reason = forms.ChoiceField(
        label=_("Why is it closed?"),
        choices=[("", ""), *REASONS.items()],
        error_messages={
            "required": _("Please choose a reason from the list."),
            "invalid_choice": _("Please choose a reason from the list."),
        },
    )


class ExtensionForm(forms.Form):
    """Why a request takes longer; the customer reads it."""

    reason = forms.ChoiceField(label=_("Why does it take longer?"), choices=[*EXTENSIONS.items()])
